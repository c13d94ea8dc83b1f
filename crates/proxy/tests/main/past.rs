//! Requests for the past that wait to be looked at: they are of their session.

use std::collections::BTreeSet;

use gatehouse_proxy::PastRequest;
use gatehouse_tws::request::RequestId;
use gatehouse_tws::{Form, Head, ServerVersion};

use crate::support::{Client, StubGateway, World, bot};

const OLD: i32 = 178;

fn body(id: RequestId, payload: &[u8]) -> Vec<u8> {
    Head { id: id.wire(), form: Form::Text, payload }.join(ServerVersion::new(OLD)).unwrap()
}

fn served(gateway: &StubGateway) -> World {
    let world = World::start(&gateway.address);
    world.past.serve(BTreeSet::from([bot(1)]));
    world
}

/// Asks for bars, and returns the request as whoever keeps history sees it.
fn ask(world: &World, client: &mut Client) -> PastRequest {
    client.send(&body(RequestId::HistoricalData, b"7\0"));
    let request = world.past.next().unwrap();
    assert!(request.waits());
    request
}

#[test]
fn a_request_that_nobody_answers_goes_to_the_gateway() {
    let gateway = StubGateway::start();
    let world = served(&gateway);
    let mut client = Client::connect(world.port(1), OLD, 1);
    let session = gateway.session();
    drop(ask(&world, &mut client));
    assert_eq!(session.next(), body(RequestId::HistoricalData, b"7\0"));
}

#[test]
fn a_request_of_a_session_that_is_over_is_not_asked_on_the_next_one() {
    let gateway = StubGateway::start();
    let world = served(&gateway);
    let mut client = Client::connect(world.port(1), OLD, 1);
    let _first = gateway.session();
    let late = ask(&world, &mut client);
    drop(client);
    world.disconnected(1);
    let mut client = Client::connect(world.port(1), OLD, 1);
    let second = gateway.session();
    drop(late);
    client.send(&body(RequestId::CurrentTime, b"1\0"));
    assert_eq!(second.next(), body(RequestId::CurrentTime, b"1\0"));
}

#[test]
fn a_request_that_is_too_long_to_wait_goes_straight_on() {
    let gateway = StubGateway::start();
    let world = served(&gateway);
    let mut client = Client::connect(world.port(1), OLD, 1);
    let session = gateway.session();
    let long = body(RequestId::HistoricalData, &[b'x'; 5_000]);
    client.send(&long);
    assert!(!world.past.next().unwrap().waits());
    assert_eq!(session.next(), long);
}
