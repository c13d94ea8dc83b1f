//! What a verdict is recorded with.

use std::time::Duration;

use gatehouse_types::{
    Currency, DataType, Decimal, EntryKind, Inputs, Money, Qty, Seen, SeenMoney, Side, SignedQty,
    TradingHours,
};

use super::driver::{A, B, SPY, World, limit, placed, qty};

/// Returns what the last verdict was judged by.
fn last(world: &World) -> Inputs {
    let newest = world.entries.iter().rev().find_map(|entry| {
        let EntryKind::Judged { inputs, .. } = &entry.kind else { return None };
        Some(inputs.as_deref().expect("every verdict holds it").clone())
    });
    newest.expect("a verdict was made")
}

fn held(n: i64) -> Option<SignedQty> {
    Some(SignedQty::new(Decimal::from(n)))
}

fn working(bot: i64, account: i64) -> Seen<Qty> {
    Seen { bot: Some(qty(bot)), account: Some(qty(account)) }
}

#[test]
fn a_verdict_holds_the_quote_and_the_account_value_with_their_ages() {
    let mut world = World::ready();
    world.quote();
    world.ms += 200;
    world.frame(A, placed(1, Side::Buy, 10, &limit("100")));
    let inputs = last(&world);
    let quote = inputs.quote.expect("was quoted");
    let price = |text: &str| Some(text.parse().unwrap());
    assert_eq!((quote.bid, quote.ask, quote.last), (price("99.99"), price("100.01"), price("100")));
    assert_eq!(quote.age, Duration::from_millis(200));
    assert_eq!((quote.data, inputs.hours), (DataType::Live, Some(TradingHours::Regular)));
    let value = Money::new(Decimal::from(1_000_000), Currency::USD);
    let known = SeenMoney { value, age: Duration::from_millis(200) };
    assert_eq!(inputs.net_liquidation, Some(known));
    let instrument = inputs.instrument.expect("its details are known");
    assert_eq!((instrument.con_id, instrument.multiplier), (SPY, Decimal::ONE));
}

#[test]
fn a_verdict_holds_positions_and_orders_of_bot_and_account_without_its_own() {
    let mut world = World::ready();
    world.hold(A, 1, 10);
    world.hold(B, 1, 5);
    let found = |world: &World| (last(world).position, last(world).working);
    let position = Seen { bot: held(10), account: held(15) };
    world.buy(A, 2, 7).expect("is allowed");
    assert_eq!(found(&world), (position, working(0, 0)));
    world.buy(B, 2, 4).expect("is allowed");
    world.buy(A, 3, 1).expect("is allowed");
    assert_eq!(found(&world), (position, working(7, 11)));
    assert_eq!(last(&world).orders_today, Some(2));
    world.place(A, 4, Side::Sell, 3, &limit("100")).expect("is allowed");
    assert_eq!(found(&world), (position, working(0, 0)), "the other side does not count");
}

#[test]
fn a_refused_order_holds_them_too_and_what_is_not_known_is_none() {
    let mut world = World::ready();
    world.quote();
    world.frame(A, placed(1, Side::Buy, 50_000, &limit("100")));
    assert!(last(&world).quote.is_some());

    let mut world = World::ready();
    world.frame(A, placed(1, Side::Buy, 50_000, &limit("100")));
    world.wait(3_000);
    assert_eq!(last(&world).quote, None);
    assert_eq!(last(&world).price_move, None);
}

#[test]
fn a_restored_engine_does_not_care_whether_verdicts_hold_their_inputs() {
    let mut world = World::ready();
    world.hold(A, 1, 10);
    world.buy(A, 2, 7).expect("is allowed");
    let mut bare = world.entries.clone();
    for entry in &mut bare {
        if let EntryKind::Judged { inputs, .. } = &mut entry.kind {
            *inputs = None;
        }
    }
    let now = world.now();
    let told = |entries| format!("{:?}", World::from(entries).engine.status(now));
    assert_eq!(told(bare), told(world.entries));
}
