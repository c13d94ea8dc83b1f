//! Who is let in, who is not, and that nobody else notices.

use std::io::{Read, Write};
use std::net::TcpStream;

use gatehouse_proxy::Listening;
use gatehouse_types::BotName;

use crate::support::{Client, Refused, SOON, StubGateway, World, WorldConfig};

/// Sends `bytes` and waits for the end of the connection; nothing is ever answered.
fn check_stranger(bytes: &[u8], reason: &str) {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let mut other = Client::connect(world.port(2), 178, 2);
    let others = gateway.session();
    let mut stranger = Client::dial(world.port(1));
    stranger.write_all(bytes).unwrap();
    assert_closed(&mut stranger);
    let why = world.turned_away(1);
    assert!(why.contains(reason), "{why}");
    assert_eq!(gateway.n_accepted(), 1, "the Gateway was dialled for a stranger");
    other.send(b"49\x001\0");
    assert_eq!(others.next(), b"49\x001\0", "another bot was disturbed");
}

fn assert_closed(socket: &mut TcpStream) {
    let mut buffer = [0; 64];
    match socket.read(&mut buffer) {
        Ok(n_read) => assert_eq!(n_read, 0, "the stranger was answered"),
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
    }
}

#[test]
fn strangers_are_closed_with_a_reason_and_without_an_answer() {
    check_stranger(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP");
    check_stranger(b"62\0", "too old");
    check_stranger(b"\x16\x03\x01\x02\x00", "TLS");
    check_stranger(b"\xff\xff\xff\xff", "not those of the TWS API");
    check_stranger(b"API\0\xff\xff\xff\xff", "version offer");
}

#[test]
fn a_silent_client_and_half_a_hello_are_closed_after_their_time() {
    check_stranger(b"", "said nothing");
    check_stranger(b"API\0\0\0\0\x09v100", "said nothing");
}

#[test]
fn a_client_that_is_too_old_or_too_new_is_closed_with_a_reason() {
    check_stranger(b"API\0\0\0\0\x08v66..156", "versions up to 156");
    check_stranger(b"API\0\0\0\0\x09v227..300", "version 227 or newer");
}

#[test]
fn a_first_message_other_than_start_api_is_closed() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let mut socket = Client::dial(world.port(1));
    socket.write_all(b"API\0\0\0\0\x04v178\0\0\0\x051\x001\x00\x00").unwrap();
    let mut all = Vec::new();
    socket.read_to_end(&mut all).ok();
    world.turned_away(1);
    assert!(gateway.is_quiet());
}

/// Connects with `client_id` to the port of client id 1.
fn check_client_id(version: i32, client_id: i32, texts: &[&str]) {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let mut client = Client::try_connect(world.port(1), (100, version), client_id).unwrap();
    let Err(Refused::InUse(text)) = client.first_id() else {
        panic!("client id {client_id} was let in");
    };
    for expected in texts {
        assert!(text.contains(expected), "{text}");
    }
    drop(client);
    assert!(gateway.is_quiet(), "a session was started for a wrong client id");
    world.turned_away(1);
}

#[test]
fn a_wrong_client_id_gets_error_326_that_names_the_right_one() {
    for version in [178, 226] {
        check_client_id(version, 5, &["5 cannot be used", "use client id 1", "bot-1"]);
        check_client_id(version, 0, &["Client id 0", "manual orders", "use client id 1"]);
    }
}

#[test]
fn a_second_client_gets_error_326_and_the_first_stays() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    for version in [178, 226] {
        let mut first = Client::connect(world.port(1), version, 1);
        let session = gateway.session();
        let mut second = Client::try_connect(world.port(1), (100, version), 1).unwrap();
        let Err(Refused::InUse(text)) = second.first_id() else {
            panic!("a second client was let in");
        };
        assert!(text.contains("bot-1") && text.contains("client id 1"), "{text}");
        first.send(&session.current_time_request());
        assert_eq!(session.next(), session.current_time_request());
        assert!(gateway.is_quiet());
        drop(first);
        world.disconnected(1);
    }
}

#[test]
fn without_a_gateway_a_bot_waits_and_is_then_closed_with_a_reason() {
    let world = World::start("127.0.0.1:1");
    let refused = Client::try_connect(world.port(1), (100, 178), 1);
    assert_eq!(refused.err(), Some(Refused::Closed));
    assert!(world.turned_away(1).contains("no Gateway answered"));
}

#[test]
fn a_bot_that_waits_is_served_when_the_gateway_comes() {
    let world = World::start("127.0.0.1:1");
    let gateway = StubGateway::start();
    let port = world.port(1);
    let waiting = std::thread::spawn(move || Client::try_connect(port, (100, 178), 1).is_ok());
    world.proxy.set_gateway(Some(gateway.address.clone()));
    assert!(waiting.join().unwrap());
    gateway.session();
}

/// A bot that is connected sends `bytes`.
fn check_malformed(bytes: &[u8], reason: &str) {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let mut other = Client::connect(world.port(2), 178, 2);
    let others = gateway.session();
    let mut client = Client::connect(world.port(1), 178, 1);
    let session = gateway.session();
    client.send_raw(bytes);
    assert_eq!(client.next(), None);
    let why = world.disconnected(1);
    assert!(why.contains(reason), "{why}");
    session.close();
    assert!(session.rest().is_empty());
    other.send(b"49\x001\0");
    assert_eq!(others.next(), b"49\x001\0");
}

#[test]
fn a_malformed_frame_ends_that_connection_only() {
    check_malformed(b"\x7f\xff\xff\xff", "out of step");
    check_malformed(b"\0\0\0\0", "out of step");
    check_malformed(b"\0\0\0\x04abc\0", "message id");
    check_malformed(b"\0\0\0\x0871\x002\x001\0\0", "second START_API");
}

#[test]
fn a_scan_is_counted_and_not_written_down_one_by_one() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    for _ in 0..50 {
        let mut stranger = Client::dial(world.port(1));
        // The door may have closed before this: then the reset is the answer.
        stranger.write_all(b"GET / HTTP/1.1\r\n\r\n").ok();
        assert_closed(&mut stranger);
    }
    let mut client = Client::connect(world.port(1), 178, 1);
    client.send(b"49\x001\0");
    assert_eq!(gateway.session().next(), b"49\x001\0");
    world.turned_away(1);
    assert!(world.n_turned_away(1) < 5);
}

#[test]
fn the_desk_has_a_door_like_any_bot() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let port = world.proxy.desk_port().expect("the desk's door is open");
    assert_eq!(world.proxy.ports().get(&BotName::desk()), Some(&Listening::On(port)));
    let _desk = Client::connect(port, 226, 7001);
    assert_eq!(gateway.session().client_id, 7001);
    let mut wrong = Client::try_connect(port, (213, 226), 1).unwrap();
    assert!(matches!(wrong.first_id(), Err(Refused::InUse(text)) if text.contains("7001")));
}

#[test]
fn stopping_closes_every_connection() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let mut client = Client::connect(world.port(1), 178, 1);
    let session = gateway.session();
    let ended = world.proxy.ended();
    world.proxy.stop().expect("the ledger is closed cleanly");
    assert!(ended.recv_timeout(SOON).is_err_and(|error| error.is_disconnected()));
    assert_eq!(client.next(), None);
    assert!(session.rest().is_empty());
    assert!(world.proxy.ports().is_empty());
}

#[test]
fn a_half_open_client_does_not_hold_up_a_stop() {
    let gateway = StubGateway::start();
    let mut config = WorldConfig::default();
    config.timing.patience = SOON * 10;
    let world = World::with(&gateway.address, config);
    let mut silent = Client::dial(world.port(1));
    // The door has taken it in when a later client of the same door was served.
    let _served = Client::connect(world.port(1), 178, 1);
    world.proxy.stop().expect("the ledger is closed cleanly");
    assert_closed(&mut silent);
}

#[test]
fn silent_clients_are_bounded_in_number() {
    let gateway = StubGateway::start();
    let mut config = WorldConfig::default();
    config.timing.patience = SOON * 10;
    let world = World::with(&gateway.address, config);
    let silent: Vec<TcpStream> = (0..40).map(|_| Client::dial(world.port(1))).collect();
    assert!(world.turned_away(1).contains("too many connections"));
    let mut other = Client::connect(world.port(2), 178, 2);
    other.send(b"49\x001\0");
    assert_eq!(gateway.session().next(), b"49\x001\0");
    drop(silent);
}
