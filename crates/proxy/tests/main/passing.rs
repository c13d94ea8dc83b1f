//! What passes, passes byte for byte; what is refused never reaches the Gateway.

use gatehouse_tws::answer::{NextValidId, OrderStatusReport};
use gatehouse_tws::request::{Action, RequestId, action};
use gatehouse_tws::{Form, Head, ServerVersion, encode_frame};
use gatehouse_types::OrderId;

use crate::support::{Client, Dice, Session, StubGateway, TIME, World};

fn connected(gateway: &StubGateway, world: &World, version: i32) -> (Client, Session) {
    let client = Client::connect(world.port(1), version, 1);
    (client, gateway.session())
}

fn body(version: ServerVersion, id: i32, payload: &[u8]) -> Vec<u8> {
    let form = if version.get() < 201 { Form::Text } else { Form::Protobuf };
    Head { id, form, payload }.join(version).unwrap()
}

/// Bodies that pass, of many lengths, cut anywhere.
fn check_upwards(version: i32) {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let (mut client, session) = connected(&gateway, &world, version);
    let mut dice = Dice::new(0x9E37_79B9_7F4A_7C15);
    let passing: Vec<i32> = RequestId::ALL
        .iter()
        .map(|id| id.wire())
        .filter(|id| action(*id) == Action::Pass)
        .collect();
    let bodies: Vec<Vec<u8>> = (0..100)
        .map(|n| {
            let length = if n % 25 == 0 { 100_000 } else { dice.below(200) };
            let payload = dice.bytes(length);
            body(client.version, passing[n % passing.len()], &payload)
        })
        .collect();
    let stream: Vec<u8> = bodies.iter().flat_map(|body| encode_frame(body)).collect();
    let mut rest = stream.as_slice();
    while !rest.is_empty() {
        let (piece, after) = rest.split_at((1 + dice.below(5000)).min(rest.len()));
        client.send_raw(piece);
        rest = after;
    }
    for sent in &bodies {
        assert!(session.next() == *sent, "a body of {} bytes was changed", sent.len());
    }
}

#[test]
fn requests_that_pass_arrive_byte_for_byte_however_they_are_cut() {
    check_upwards(178);
    check_upwards(208);
    check_upwards(226);
}

/// Bodies of messages that are not observed, of many lengths, cut anywhere.
fn check_downwards(version: i32) {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let (mut client, session) = connected(&gateway, &world, version);
    let mut dice = Dice::new(0x2545_F491_4F6C_DD1D);
    let bodies: Vec<Vec<u8>> = (0..300)
        .map(|n| {
            let length = if n % 50 == 0 { 100_000 } else { dice.below(200) };
            let id = [1, 2, 17, 46, 10, 19, 61, 99, 108][n % 9];
            body(client.version, id, &dice.bytes(length))
        })
        .collect();
    let stream: Vec<u8> = bodies.iter().flat_map(|body| encode_frame(body)).collect();
    let mut rest = stream.as_slice();
    while !rest.is_empty() {
        let (piece, after) = rest.split_at((1 + dice.below(5000)).min(rest.len()));
        session.send_raw(piece);
        rest = after;
    }
    for sent in &bodies {
        let got = client.next().expect("is still connected");
        assert!(got == *sent, "a body of {} bytes was changed", sent.len());
    }
}

#[test]
fn answers_arrive_byte_for_byte_however_they_are_cut() {
    check_downwards(178);
    check_downwards(208);
    check_downwards(226);
}

#[test]
fn an_answer_about_orders_is_forwarded_untouched_even_when_it_cannot_be_read() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let (mut client, session) = connected(&gateway, &world, 178);
    let whole = OrderStatusReport { order_id: OrderId::new(4), ..OrderStatusReport::default() };
    for body in [whole.encode(client.version).unwrap(), b"3\0nonsense\0".to_vec()] {
        session.send(&body);
        assert_eq!(client.next(), Some(body));
    }
}

#[test]
fn refused_messages_never_reach_the_gateway() {
    for version in [178, 200, 202, 208, 226] {
        let gateway = StubGateway::start();
        let world = World::start(&gateway.address);
        let (mut client, session) = connected(&gateway, &world, version);
        for id in (1..200).filter(|id| {
            !matches!(action(*id), Action::Pass | Action::Session | Action::PassCancel)
        }) {
            client.send(&body(client.version, id, b"1\x001\0"));
        }
        let last = body(client.version, RequestId::CurrentTime.wire(), b"");
        client.send(&last);
        assert_eq!(session.next(), last, "something else went through first");
        drop(client);
        world.disconnected(1);
        session.close();
        assert_eq!(session.rest(), Vec::<Vec<u8>>::new());
    }
}

#[test]
fn the_gateways_hello_is_passed_through_and_the_offer_is_clamped() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let client = Client::try_connect(world.port(1), (213, 300), 1).unwrap();
    assert_eq!(client.version.get(), 226);
    assert_eq!(client.reply, format!("226\0{TIME}\0").into_bytes());
}

/// The Gateway offers `offered`, the durable mark is `mark`.
fn check_first_id(version: i32, offered: i32, mark: Option<i32>, expected: i32) {
    let gateway = StubGateway::start();
    gateway.next_id(offered);
    let world = World::start(&gateway.address);
    if let Some(mark) = mark {
        world.spend_ids(1, mark);
        assert_eq!(gateway.session().next().first(), Some(&b'3'), "the order was sent");
    }
    let mut client = Client::try_connect(world.port(1), (100, version), 1).unwrap();
    assert_eq!(client.first_id(), Ok(expected));
    let session = gateway.session();
    let version = client.version;
    session.send(&NextValidId { order_id: OrderId::new(offered) }.encode(version).unwrap());
    assert_eq!(client.first_id(), Ok(expected), "on request, too");
}

#[test]
fn the_next_order_id_is_raised_to_the_high_water_mark_and_never_lowered() {
    for version in [178, 200, 202, 208, 226] {
        check_first_id(version, 7, None, 7);
        check_first_id(version, 7, Some(40), 41);
        check_first_id(version, 90, Some(40), 90);
    }
}
