//! What orders can do together, and the controls that add up over instruments.

use gatehouse_risk::Holding;
use gatehouse_testkit::{bot, dec, intent, px};
use gatehouse_types::{BotName, ConId, Currency, Family, LimitId, OrderId, Scope, Side, SignedQty};

use crate::bench::{Bench, bench};

fn child(of: i32) -> Family {
    Family { parent_id: Some(OrderId::new(of)), ..Family::alone() }
}

fn group(name: &str, oca_type: i32) -> Family {
    Family { oca_group: name.to_owned(), oca_type: Some(oca_type), ..Family::alone() }
}

/// Adds a working order of the bot with its ties; its id is its place among them.
fn with(bench: Bench, side: Side, quantity: u32, family: Family) -> Bench {
    let owner = bot();
    bench.facts(|facts| facts.working(Some(&owner), side, quantity)).with(|facts| {
        let id = i32::try_from(facts.working.len()).expect("a few");
        let last = facts.working.last_mut().expect("was added");
        last.order.as_mut().expect("has an owner").order_id = OrderId::new(id);
        last.family = family;
    })
}

#[test]
fn children_are_exits_up_to_their_parent_with_their_siblings() {
    let check = |parent: u32, sibling: Option<(u32, Family)>, quantity: u32, expected: bool| {
        let mut bench = with(bench(), Side::Buy, parent, Family::alone());
        if let Some((quantity, family)) = sibling.clone() {
            bench = with(bench, Side::Sell, quantity, family);
        }
        let order = intent().sell(quantity).family(child(1));
        let verdict = bench.intent(order).verdict();
        assert_eq!(verdict.is_exit, expected, "{parent} {sibling:?} {quantity}");
    };
    check(10, None, 10, true);
    check(10, None, 11, false);
    check(10, Some((10, child(1))), 10, true);
    check(10, Some((10, Family { oca_group: "x".to_owned(), ..child(1) })), 1, false);
    check(10, Some((4, Family { oca_group: "x".to_owned(), ..child(1) })), 6, true);
    // The child of nothing that works.
    check(10, Some((10, child(7))), 1, false);
}

#[test]
fn a_parent_covers_with_the_least_that_it_may_fill() {
    let check = |least: u32, expected: bool| {
        let bench = with(bench(), Side::Buy, 10, Family::alone()).with(|facts| {
            facts.working[0].remaining_least = gatehouse_testkit::qty(&least.to_string());
        });
        let verdict = bench.intent(intent().sell(10).family(child(1))).verdict();
        assert_eq!(verdict.is_exit, expected, "{least}");
    };
    check(10, true);
    check(9, false);
}

#[test]
fn a_parent_of_another_bot_covers_nothing() {
    let other: BotName = "other".parse().expect("is a name");
    let bench = bench().facts(|facts| facts.working(Some(&other), Side::Buy, 10)).with(|facts| {
        facts.working[0].order.as_mut().expect("has an owner").order_id = OrderId::new(1);
    });
    assert!(!bench.intent(intent().sell(10).family(child(1))).verdict().is_exit);
}

#[test]
fn a_group_counts_once_when_it_is_protected_and_the_same() {
    let check = |first: Family, second: Family, expected: bool| {
        let bench = with(bench().facts(|facts| facts.holding(10)), Side::Sell, 10, first.clone());
        let verdict = bench.intent(intent().sell(10).family(second.clone())).verdict();
        assert_eq!(verdict.is_exit, expected, "{first:?} {second:?}");
    };
    check(group("g", 1), group("g", 1), true);
    check(group("g", 2), group("g", 2), true);
    check(group("g", 3), group("g", 3), false);
    check(group("g", 1), group("g", 2), false);
    check(group("g", 1), group("h", 1), false);
    check(Family::alone(), Family::alone(), false);
    check(group("g", 1), Family { parent_id: Some(OrderId::new(9)), ..group("g", 1) }, false);
}

#[test]
fn a_child_beyond_its_parent_counts_with_the_rest_of_it() {
    let above = |quantity: u32| {
        let bench =
            with(bench().set(LimitId::PositionShare, "0.066"), Side::Buy, 1, Family::alone());
        !bench.intent(intent().sell(quantity).limit("660.00").family(child(1))).verdict().may_send()
    };
    // 0.066 % of 1,000,000 is one share at 660.
    assert!(!above(2), "one beyond");
    assert!(above(3), "two beyond");
}

/// IBM, held by the account and the bot, at 100.
fn ibm(held: i64) -> Holding {
    let held = SignedQty::new(held.into());
    Holding {
        con_id: ConId::new(8314),
        account: Some(held),
        bot: held,
        price: Ok(px("100")),
        unit: Some((dec("1"), Currency::USD)),
    }
}

#[test]
fn exposure_adds_every_instrument_and_nets_only_long_against_short() {
    let check = |id: LimitId, held: i64, limit: &str, expected: &[&str]| {
        let bench = bench().set(id, limit).with(|facts| facts.standing.holdings = vec![ibm(held)]);
        bench.check(expected);
    };
    // The order is 6,600.
    check(LimitId::GrossExposure, 100, "1.66", &[]);
    let gross = "refuse GH-37 account: gross exposure could become 16600 USD, above 16500 USD";
    check(LimitId::GrossExposure, 100, "1.65", &[gross]);
    check(LimitId::GrossExposure, -100, "1.65", &[gross]);
    let net = "refuse GH-37 account: net exposure could become 16600 USD, above 16500 USD";
    check(LimitId::NetExposure, 100, "1.65", &[net]);
    check(LimitId::NetExposure, -100, "0", &[]);
}

#[test]
fn a_limit_of_a_bot_measures_the_bot_alone() {
    let holding = Holding { bot: SignedQty::FLAT, ..ibm(100) };
    let mut bench = bench().with(|facts| facts.standing.holdings = vec![holding]);
    let set = |bench: &mut Bench, value: &str| {
        bench.policy.set(Scope::Bot(bot()), LimitId::GrossExposure, Some(Some(dec(value).into())));
    };
    set(&mut bench, "0.66");
    bench.check(&[]);
    set(&mut bench, "0.65");
    bench.check(&[
        "refuse GH-37 bot:momentum-spy: gross exposure could become 6600 USD, above 6500 USD",
    ]);
}

#[test]
fn a_position_without_a_price_refuses_entries_and_a_flat_one_needs_none() {
    let check = |held: i64, expected: &[&str]| {
        let holding = Holding { price: Err("recent price of every position"), ..ibm(held) };
        bench()
            .set(LimitId::GrossExposure, "100")
            .with(|facts| facts.standing.holdings = vec![holding])
            .check(expected);
    };
    check(0, &[]);
    check(
        1,
        &["refuse GH-37 account: the exposure is not known: no recent price of every position"],
    );
}

#[test]
fn unexecuted_orders_count_only_beyond_what_they_close() {
    let check = |held: i64, working: u32, expected: &[&str]| {
        let bench = with(bench(), Side::Sell, working, Family::alone());
        bench
            .set(LimitId::UnexecutedShare, "1.32")
            .facts(|facts| facts.holding(held))
            .check(expected);
    };
    check(0, 10, &[]);
    let above = "refuse GH-35 account: unexecuted orders would be 13860 USD, above 13200 USD";
    check(0, 11, &[above]);
    check(1, 11, &[]);
    check(20, 30, &[]);
}

#[test]
fn the_warning_of_a_loss_begins_at_half_the_limit() {
    let check = |result: &str, expected: &[&str]| {
        let usd = gatehouse_types::Money::new(dec(result), Currency::USD);
        bench()
            .set(LimitId::BotDayLoss, "1")
            .with(|facts| facts.standing.bot_day = Ok(usd))
            .check(expected);
    };
    check("4999", &[]);
    check("-4999.99", &[]);
    check(
        "-5000",
        &["warn GH-42 account: the day's loss of 5000 USD is near the limit of 10000 USD"],
    );
    check("-10000", &["refuse GH-42 account: the day's loss of 10000 USD has reached 10000 USD"]);
}
