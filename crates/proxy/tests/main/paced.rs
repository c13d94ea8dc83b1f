//! The message budget on real sockets: what passes at once, what waits, and what never does.

use std::time::Instant;

use gatehouse_proxy::MESSAGES_MAX;
use gatehouse_tws::Head;
use gatehouse_tws::request::RequestId;

use crate::support::{Client, Session, StubGateway, World, buy};

const REQUEST: &[u8] = b"49\x001\0";

/// Frames that are more than the budget of two seconds.
const N_FLOOD: usize = 2 * MESSAGES_MAX;

fn id(session: &Session, body: &[u8]) -> i32 {
    Head::split(session.version, body).unwrap().id
}

/// Reads until a message with one of these ids arrives; returns how many others came before it.
fn n_before(session: &Session, wanted: RequestId) -> usize {
    let bodies = std::iter::repeat_with(|| session.next());
    bodies.take_while(|body| id(session, body) != wanted.wire()).count()
}

#[test]
fn no_more_than_the_budget_arrives_in_a_second_and_nothing_is_lost() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let mut client = Client::connect(world.port(1), 178, 1);
    let session = gateway.session();
    for _ in 0..N_FLOOD {
        client.send(REQUEST);
    }
    let arrived: Vec<Instant> = (0..N_FLOOD)
        .map(|_| {
            assert_eq!(session.next(), REQUEST);
            Instant::now()
        })
        .collect();
    for pair in arrived.windows(MESSAGES_MAX + 1) {
        let [first, .., last] = pair else { continue };
        assert!(last.duration_since(*first).as_millis() >= 1000, "51 within a second");
    }
}

#[test]
fn a_cancel_waits_for_no_turn_and_an_order_goes_before_data() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let mut client = Client::connect(world.port(1), 178, 1);
    let session = gateway.session();
    client.place(&buy(1, 1, 99_50));
    assert_eq!(n_before(&session, RequestId::PlaceOrder), 0);
    for _ in 0..N_FLOOD {
        client.send(REQUEST);
    }
    client.place(&buy(2, 1, 99_60));
    client.cancel(1);
    let n_requests = n_before(&session, RequestId::CancelOrder);
    assert!(n_requests < MESSAGES_MAX, "the cancel came behind {n_requests} requests");
    let n_more = n_before(&session, RequestId::PlaceOrder);
    assert!(n_requests + n_more < MESSAGES_MAX + 5, "the order came behind {n_more} more");
}

#[test]
fn a_bot_that_floods_delays_another_by_its_share_only() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let mut flooding = Client::connect(world.port(1), 178, 1);
    let flooded = gateway.session();
    let mut modest = Client::connect(world.port(2), 178, 2);
    let quiet = gateway.session();
    for _ in 0..20 * MESSAGES_MAX {
        flooding.send(REQUEST);
    }
    assert_eq!(flooded.next(), REQUEST);
    for _ in 0..10 {
        modest.send(REQUEST);
    }
    let begin = Instant::now();
    for _ in 0..10 {
        assert_eq!(quiet.next(), REQUEST);
    }
    let took = begin.elapsed();
    assert!(took.as_secs() < 4, "ten requests took {took:?} beside a flood");
}
