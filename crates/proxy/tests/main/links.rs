//! The link outlives the bot, comes back after the Gateway, and no bot slows another.

use std::io::Read;
use std::time::{Duration, Instant};

use gatehouse_engine::Command;
use gatehouse_proxy::OutboxBounds;
use gatehouse_tws::request::CancelOrder;
use gatehouse_types::{EntryKind, OrderId};

use crate::support::{Client, StubGateway, World, WorldConfig, buy};

#[test]
fn the_link_survives_its_bot_and_still_carries_cancels() {
    for version in [178, 202, 208, 226] {
        let gateway = StubGateway::start();
        let world = World::start(&gateway.address);
        let mut client = Client::connect(world.port(1), version, 1);
        let session = gateway.session();
        let sent = client.place(&buy(1, 10, 99_50));
        assert_eq!(session.next(), sent);
        drop(client);
        world.disconnected(1);
        world.proxy.command(Command::CancelAll { bot: None }).unwrap();
        let cancel = CancelOrder::decode(session.version, &session.next()).unwrap();
        assert_eq!(cancel.order_id, OrderId::new(1));
        assert!(gateway.is_quiet(), "the link was redialled without need");
    }
}

#[test]
fn an_order_approved_before_its_bot_left_is_still_sent() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let mut client = Client::connect(world.port(1), 178, 1);
    let session = gateway.session();
    let held = world.hold_commits();
    let sent = client.place(&buy(1, 10, 99_50));
    world.entry(|kind| matches!(kind, EntryKind::Judged { .. }).then_some(()));
    drop(client);
    world.disconnected(1);
    drop(held);
    assert_eq!(session.next(), sent);
}

#[test]
fn a_bot_that_comes_back_gets_a_new_session_after_the_old_one_ended() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    // Text first, then protobuf, then text: each session speaks its own form.
    let mut before = None;
    for version in [178, 226, 178] {
        let mut client = Client::connect(world.port(1), version, 1);
        let session = gateway.session();
        if let Some(before) = before.replace(session) {
            let before: crate::support::Session = before;
            assert!(before.rest().is_empty());
        }
        let session = before.as_ref().unwrap();
        let order_id = version + i32::try_from(gateway.n_accepted()).unwrap();
        let sent = client.place(&buy(order_id, 10, 99_00 + i64::from(order_id % 50)));
        assert_eq!(session.next(), sent);
        drop(client);
        world.disconnected(1);
    }
}

#[test]
fn a_client_id_in_use_is_asked_for_again_and_the_bot_never_notices() {
    let gateway = StubGateway::start();
    gateway.in_use(2);
    let world = World::start(&gateway.address);
    let mut client = Client::connect(world.port(1), 178, 1);
    assert_eq!(gateway.n_accepted(), 3);
    client.send(b"49\x001\0");
    assert_eq!(gateway.session().next(), b"49\x001\0");
}

#[test]
fn a_client_id_that_stays_in_use_ends_the_bot_with_a_reason() {
    let gateway = StubGateway::start();
    gateway.in_use(4);
    let world = World::start(&gateway.address);
    let mut client = Client::try_connect(world.port(1), (100, 178), 1).unwrap();
    assert!(client.first_id().is_err());
    let why = world.disconnected(1);
    assert!(why.contains("client id 1 is in use"), "{why}");
}

#[test]
fn when_the_gateway_is_lost_its_bots_are_closed_and_can_come_back() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    for _ in 0..3 {
        let mut client = Client::connect(world.port(1), 178, 1);
        let session = gateway.session();
        session.close();
        assert_eq!(client.next(), None);
        let why = world.disconnected(1);
        assert!(why.contains("the Gateway is gone"), "{why}");
        // The link comes back without the bot, in the newest form, so that orders can be cancelled.
        let own = gateway.session();
        assert_eq!((own.client_id, own.version.get()), (1, 226));
    }
}

#[test]
fn a_link_without_a_bot_falls_back_to_text_at_an_old_gateway() {
    let gateway = StubGateway::start();
    gateway.max_version(176);
    let world = World::start(&gateway.address);
    let _client = Client::connect(world.port(1), 176, 1);
    gateway.session().close();
    assert_eq!(gateway.session().version.get(), 176);
}

#[test]
fn a_cancel_asked_for_while_the_link_is_down_is_sent_when_it_is_back() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let mut client = Client::connect(world.port(1), 178, 1);
    let session = gateway.session();
    let sent = client.place(&buy(1, 10, 99_50));
    assert_eq!(session.next(), sent);
    world.proxy.set_gateway(None);
    session.close();
    world.disconnected(1);
    world.proxy.command(Command::CancelAll { bot: None }).unwrap();
    world.proxy.set_gateway(Some(gateway.address.clone()));
    let own = gateway.session();
    let cancel = CancelOrder::decode(own.version, &own.next()).unwrap();
    assert_eq!(cancel.order_id, OrderId::new(1));
}

#[test]
fn bytes_out_of_step_from_the_gateway_end_that_link_only() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let mut other = Client::connect(world.port(2), 178, 2);
    let others = gateway.session();
    let mut client = Client::connect(world.port(1), 178, 1);
    gateway.session().send_raw(b"\xff\xff\xff\xff");
    assert_eq!(client.next(), None);
    assert!(world.disconnected(1).contains("out of step"));
    other.send(b"49\x001\0");
    assert_eq!(others.next(), b"49\x001\0");
}

#[test]
fn a_bot_that_does_not_read_is_disconnected_and_delays_nobody() {
    let gateway = StubGateway::start();
    let bounds = OutboxBounds { soft: 64 * 1024, hard: 512 * 1024 };
    let world = World::with(&gateway.address, WorldConfig { outbox: bounds, ..Default::default() });
    let mut deaf = Client::try_connect(world.port(1), (100, 178), 1).unwrap();
    let to_deaf = gateway.session();
    let mut other = Client::connect(world.port(2), 178, 2);
    let others = gateway.session();
    // Far more than the sockets' own buffers hold, and nothing that may be dropped.
    let news = [b"17\0".as_slice(), &vec![b'x'; 60_000]].concat();
    for _ in 0..1000 {
        to_deaf.send(&news);
    }
    let why = world.disconnected(1);
    assert!(why.contains("did not read"), "{why}");
    others.send(b"49\x001\x0017\0");
    assert_eq!(other.next(), Some(b"49\x001\x0017\0".to_vec()));
    // The link itself is still read: its Gateway was never held up.
    to_deaf.send(&news);
    deaf.send_raw(b"");
}

#[test]
fn a_slow_bot_gets_the_latest_ticks_and_every_order_event() {
    let gateway = StubGateway::start();
    let bounds = OutboxBounds { soft: 64 * 1024, hard: 8 * 1024 * 1024 };
    let world = World::with(&gateway.address, WorldConfig { outbox: bounds, ..Default::default() });
    let mut slow = Client::connect(world.port(1), 178, 1);
    let session = gateway.session();
    // Enough ticks to fill the sockets' own buffers many times over.
    const N_TICKS: usize = 400_000;
    let padding = "0".repeat(40);
    let mut stream = Vec::new();
    let mut n_events = 0;
    for n in 0..N_TICKS {
        let tick = format!("1\x006\x00{}\x004\x00{n}.{padding}\x003\x000\0", n % 5);
        stream.extend(gatehouse_tws::encode_frame(tick.as_bytes()));
        if n % 1000 == 0 {
            n_events += 1;
            let event = format!("17\x00{n}\0");
            stream.extend(gatehouse_tws::encode_frame(event.as_bytes()));
        }
    }
    session.send_raw(&stream);
    session.send(b"108\0end\0");
    world.proxy.inspect(|_, _| ()).unwrap();
    let (mut n_ticks, mut n_seen, mut last) = (0, 0, vec![0; 5]);
    loop {
        let body = slow.next().expect("is still connected");
        let text = String::from_utf8(body).unwrap();
        let fields: Vec<&str> = text.split('\0').collect();
        match fields[0] {
            "1" => {
                n_ticks += 1;
                let req_id: usize = fields[2].parse().unwrap();
                last[req_id] = fields[4].split_once('.').unwrap().0.parse().unwrap();
            }
            "17" => n_seen += 1,
            "108" => break,
            other => panic!("unexpected message {other}"),
        }
    }
    assert_eq!(n_seen, n_events, "an event was dropped");
    assert!(n_ticks < N_TICKS, "nothing was reduced");
    let newest: Vec<usize> = (N_TICKS - 5..N_TICKS).collect();
    assert_eq!(last, newest, "the latest tick of each kind must arrive");
}

#[test]
fn a_removed_bot_loses_its_port_its_connection_and_its_link() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let port = world.port(1);
    let mut client = Client::connect(port, 178, 1);
    let session = gateway.session();
    let bot = "bot-1".parse().unwrap();
    world.proxy.command(Command::RemoveBot { bot }).unwrap();
    assert_eq!(client.next(), None);
    assert!(session.rest().is_empty());
    // The listener ends on a thread of its own, and what it had not taken in ends with it.
    let until = Instant::now() + Duration::from_secs(10);
    let is_refused = |it: std::io::Result<_>| {
        it.is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionRefused)
    };
    while !is_refused(std::net::TcpStream::connect(("127.0.0.1", port))) {
        assert!(Instant::now() < until, "the port is still listened on");
    }
}

#[test]
fn a_gateway_that_accepts_and_stays_silent_is_given_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut config = WorldConfig::default();
    config.timing.patience = Duration::from_millis(200);
    let world = World::with(&listener.local_addr().unwrap().to_string(), config);
    let mut socket = Client::dial(world.port(1));
    std::io::Write::write_all(&mut socket, b"API\0\0\0\0\x04v178").unwrap();
    assert_eq!(socket.read(&mut [0; 8]).unwrap(), 0);
    assert!(world.turned_away(1).contains("no Gateway answered"));
}
