//! What rests costs nothing, and what is over leaves at midnight.

use super::*;
use crate::world::calendar::new_york;

const DAY_STEPS: i64 = 4 * 86_400;

fn is_anyone_looked_at(world: &World) -> bool {
    world.book.resting.next_awake(0, usize::MAX).is_some()
}

#[test]
fn a_step_looks_at_no_order_that_the_market_does_not_reach() {
    let mut world = world();
    for id in 1..=500 {
        let far = [("BUY", "LMT", "100"), ("SELL", "LMT", "5000"), ("SELL", "STP", "90")];
        let (side, kind, at) = far[usize::try_from(id).expect("is small") % 3];
        world.place(CLIENT, asked(id, side, 1, kind, Some(at)));
    }
    world.advance(world.now().plus(4));
    assert!(!is_anyone_looked_at(&world));
    assert_eq!(world.open_orders().count(), 500);
    world.place(CLIENT, asked(501, "BUY", 1, "LMT", Some("100")));
    let orders = world.open_orders().count();
    let last = world.book.find(CLIENT, OrderId::new(501)).expect("is booked");
    assert_eq!(world.book.resting.next_awake(0, usize::MAX), Some(last), "of {orders}");
    // They are still there: each can be changed and fills at once.
    let events = world.place(CLIENT, asked(3, "BUY", 1, "LMT", Some("5000")));
    check(&events, "open Submitted exec open Filled fee");
}

#[test]
fn orders_that_wait_for_their_market_are_looked_at_once_a_minute_and_begin_with_it() {
    let mut world = world();
    let closed = Session::on(date(2026, 1, 5)).expect("is a session").post_close;
    world.advance(Step::of_secs(closed + 30));
    let mut gtc = asked(1, "BUY", 1, "LMT", Some("100"));
    gtc.order.tif = "GTC".to_owned();
    check(&world.place(CLIENT, gtc), "open PreSubmitted 399");
    world.advance(world.now().plus(1));
    assert!(!is_anyone_looked_at(&world));
    let opens = Session::on(date(2026, 1, 6)).expect("is a session").open;
    assert_eq!(world.advance(Step::of_secs(opens - 1)), []);
    check(&world.advance(Step::of_secs(opens)), "open Submitted");
}

#[test]
fn sums_of_what_rests_are_those_that_a_count_of_all_gives() {
    let mut world = world();
    let mut n_refused = 0;
    for id in 1..=200 {
        let (side, at) = if id % 3 == 0 { ("SELL", "5000") } else { ("BUY", "400") };
        let events = world.place(CLIENT, asked(id, side, i64::from(id), "LMT", Some(at)));
        n_refused += usize::from(words(&events).contains(&"201".to_owned()));
        if id % 5 == 0 {
            world.cancel(CLIENT, OrderId::new(id - 2));
        }
        if id % 7 == 0 {
            world.place(CLIENT, asked(id - 1, "BUY", 3, "LMT", Some("300")));
        }
        let wishes = world.book.wishes();
        let mut counted = (Decimal::ZERO, Decimal::ZERO);
        for order in world.open_orders() {
            match order.side {
                gatehouse_types::Side::Buy => counted.0 += order.remaining(),
                gatehouse_types::Side::Sell => counted.1 += order.remaining(),
            }
        }
        let kept = wishes.values().next().map(|one| (one.buys.quantity, one.sells.quantity));
        assert_eq!(kept.unwrap_or_default(), counted, "{id}");
    }
    assert!(n_refused > 10, "the account cannot carry all: {n_refused}");
    world.cancel_all();
    assert!(world.book.wishes().is_empty());
}

/// Lives through a day in which a client fills ten orders and cancels ten, and returns how many
/// orders, executions and bytes of state there were at its end, and the last execution's id.
fn live_a_day(world: &mut World) -> (usize, usize, usize, String) {
    let evening = world.now().plus(DAY_STEPS);
    for _ in 0..10 {
        let id = world.next_order_id(CLIENT).get();
        world.place(CLIENT, asked(id, "BUY", 1, "MKT", None));
        world.place(CLIENT, asked(id + 1, "SELL", 1, "LMT", Some("5000")));
        world.cancel(CLIENT, OrderId::new(id + 1));
        world.advance(world.now().plus(40));
    }
    let text = serde_json::to_string(&world.state()).expect("is written");
    let last = world.executions().last().expect("was filled").report.execution.exec_id.to_string();
    let found = (world.book.orders().count(), world.executions().len(), text.len(), last);
    world.advance(evening);
    found
}

#[test]
fn a_world_keeps_what_a_day_brings_and_gives_no_id_twice() {
    let mut world = world();
    let mut kept = world.changes();
    let mut ids = Vec::new();
    for day in [5, 6, 7, 8] {
        assert_eq!(new_york(world.now().secs()).date(), date(2026, 1, day));
        let (n_orders, n_executions, n_bytes, last) = live_a_day(&mut world);
        assert_eq!((n_orders, n_executions), (20, 10), "on {day} January");
        assert!(n_bytes < 60_000, "{n_bytes} bytes on {day} January");
        ids.push(last);
        kept.lay(world.changes());
        assert_eq!(kept, world.state(), "on {day} January");
    }
    let expected = ["0a", "14", "1e", "28"].map(|n| format!("00000005.000000{n}.01.01"));
    assert_eq!(ids, expected);
    let perm_id = world.book.next_perm_id();
    assert_eq!(perm_id.get(), 50_081);
    check(&world.cancel(CLIENT, OrderId::new(2)), "10147");
    check(&world.place(CLIENT, asked(1, "BUY", 1, "MKT", None)), "103");
    let mut again = super::world();
    again.restore(world.state()).expect("is taken up");
    assert_eq!(again.book.next_perm_id(), perm_id);
    assert_eq!(again.book.next_exec_id(), world.book.next_exec_id());
}

#[test]
fn what_was_over_before_midnight_leaves_and_what_rests_stays() {
    let mut world = world();
    let evening = Session::on(date(2026, 1, 5)).expect("is a session").post_close;
    world.place(CLIENT, asked(1, "BUY", 1, "MKT", None));
    let mut gtc = asked(2, "BUY", 1, "LMT", Some("100"));
    gtc.order.tif = "GTC".to_owned();
    world.place(CLIENT, gtc);
    let midnight = Step::of_secs(evening + 4 * 3600);
    world.advance(midnight.plus(-1));
    assert_eq!((world.executions().len(), world.completed_orders().count()), (1, 1));
    let mut kept = world.changes();
    assert_eq!((kept.executions.len(), kept.orders.len()), (1, 2));
    world.advance(midnight);
    assert_eq!((world.executions().len(), world.completed_orders().count()), (0, 0));
    assert_eq!(world.open_orders().count(), 1);
    assert_eq!(shares(&world), Decimal::ONE);
    kept.lay(world.changes());
    assert_eq!((kept.executions.len(), kept.orders.len()), (0, 1));
    assert_eq!(kept, world.state());
}
