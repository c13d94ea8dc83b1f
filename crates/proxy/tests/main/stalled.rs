//! The Gateway does not read: orders were released and wait in their lane.

use gatehouse_engine::Command;
use gatehouse_tws::Head;
use gatehouse_tws::request::RequestId;
use gatehouse_types::{BotName, EntryKind, OrderId, OrderRef};

use crate::support::{Client, StubGateway, World, buy};

/// Releases an order to a link that cannot write, has the person act, lets the Gateway read again,
/// and returns the ids of the messages that arrive besides reqCurrentTime.
fn play(act: impl FnOnce(&World)) -> Vec<i32> {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let mut client = Client::connect(world.port(1), 178, 1);
    let session = gateway.session();
    let held = world.hold_commits();
    client.place(&buy(1, 10, 99_50));
    world.entry(|kind| matches!(kind, EntryKind::Judged { .. }).then_some(()));
    let stalled = session.stop_reading();
    // Few and long: the budget lets them through, and the socket does not.
    client.flood(&[b"49\0".as_slice(), &[b'x'; 1_000_000]].concat());
    drop(held);
    world.all_committed();
    act(&world);
    drop(stalled);
    drop(client);
    world.disconnected(1);
    // What was queued behind the flood is written by now or never: the next session ends this one.
    let _next = Client::connect(world.port(1), 178, 1);
    let ids =
        session.rest().into_iter().map(|body| Head::split(session.version, &body).unwrap().id);
    ids.filter(|id| *id != RequestId::CurrentTime.wire()).collect()
}

fn withdrawn(world: &World) {
    world.entry(|kind| matches!(kind, EntryKind::Withdrawn { .. }).then_some(()));
}

#[test]
fn a_released_order_is_sent_when_the_gateway_reads_again() {
    assert_eq!(play(|_| {}), [3]);
}

#[test]
fn a_cancel_drops_an_order_that_was_released_and_not_written() {
    let bot: BotName = "bot-1".parse().unwrap();
    let order = OrderRef { bot, order_id: OrderId::new(1) };
    let ids = play(|world| {
        world.proxy.command(Command::CancelOrder { order }).unwrap();
        withdrawn(world);
    });
    assert!(ids.is_empty(), "neither the order nor its cancel: {ids:?}");
}

#[test]
fn a_kill_drops_an_order_that_was_released_and_not_written() {
    let ids = play(|world| {
        world.proxy.command(Command::Kill { reason: "test".to_owned() }).unwrap();
        withdrawn(world);
    });
    assert!(!ids.contains(&3), "an order was sent after the kill: {ids:?}");
}
