//! A modify is judged as the order it would become, with the larger of old and new where orders
//! add up.

use gatehouse_testkit::{Facts, IntentBuilder, facts, intent, qty};
use gatehouse_types::{LimitId, TradingState};

use crate::bench::bench;

fn replacing(old: IntentBuilder) -> Facts {
    facts().replacing(old.build())
}

#[test]
fn the_position_counts_the_larger_of_old_and_new_once() {
    let check = |old: u32, new: IntentBuilder, expected: &[&str]| {
        let old = intent().buy(old).limit("659.00");
        bench()
            .set(LimitId::PositionShare, "0.66")
            .facts(|_| replacing(old))
            .intent(new)
            .check(expected);
    };
    let above = "refuse GH-36 account: the position would become 7260 USD, above 6600 USD";
    check(5, intent().buy(10), &[]);
    check(5, intent().buy(11), &[above]);
    // A keener price for fewer shares: the broker may still fill the old quantity.
    check(11, intent().buy(1), &[above]);
}

#[test]
fn what_has_filled_is_taken_off_the_total_that_a_modify_names() {
    let mut facts = replacing(intent().buy(8).limit("659.00")).holding(6);
    if let Some((working, _)) = &mut facts.replaces {
        working.remaining = qty("2");
    }
    let bench = bench().set(LimitId::PositionShare, "0.66").facts(|_| facts);
    bench.clone().intent(intent().buy(10)).check(&[]);
    bench
        .intent(intent().buy(11))
        .check(&["refuse GH-36 account: the position would become 7260 USD, above 6600 USD"]);
}

#[test]
fn a_change_that_only_softens_passes_the_limits_of_entries() {
    let passes = |old: IntentBuilder, new: IntentBuilder| {
        bench()
            .set(LimitId::OrderQty, "1")
            .facts(|_| replacing(old))
            .with(|facts| (facts.state.0, facts.quote) = (TradingState::Paused, None))
            .intent(new)
            .verdict()
            .may_send()
    };
    let buy = || intent().buy(600).limit("660.00");
    assert!(passes(buy(), intent().buy(500).limit("660.00")));
    assert!(passes(buy(), intent().buy(600).limit("659.99")));
    assert!(passes(intent().sell(9).limit("660.00"), intent().sell(9).limit("660.01")));
    let stop = || intent().buy(600).stop("660.00");
    assert!(passes(stop(), intent().buy(500).stop("660.00")));

    assert!(!passes(buy(), intent().buy(601).limit("660.00")));
    assert!(!passes(buy(), intent().buy(500).limit("660.01")));
    assert!(!passes(buy(), intent().buy(500).market()));
    assert!(!passes(buy(), intent().sell(500).limit("660.00")));
    assert!(!passes(intent().sell(9).limit("660.00"), intent().sell(9).limit("659.99")));
    assert!(!passes(stop(), intent().buy(500).stop("661.00")));
    let stop_limit = |trigger: &str| intent().buy(600).stop_limit(trigger, "661.00");
    assert!(passes(stop_limit("660.00"), stop_limit("660.00")));
    assert!(!passes(stop_limit("660.00"), stop_limit("659.00")));
    let mut at_night = buy().build();
    at_night.outside_rth = true;
    let mut bench = bench().set(LimitId::OrderQty, "1").facts(|_| replacing(buy()));
    bench.intent = at_night;
    assert!(!bench.verdict().may_send());
    assert!(!passes(buy(), buy().tif(gatehouse_types::Tif::GoodTillCancelled)));
}

#[test]
fn a_stop_that_follows_the_market_stays_an_exit() {
    let check = |new: IntentBuilder, is_exit: bool| {
        let verdict = bench()
            .facts(|_| replacing(intent().sell(10).stop("640.00")).holding(10))
            .intent(new)
            .verdict();
        assert_eq!(verdict.is_exit, is_exit);
    };
    check(intent().sell(10).stop("650.00"), true);
    check(intent().sell(5).stop("650.00"), true);
    check(intent().sell(11).stop("650.00"), false);
    // The larger of old and new counts, and a turned order is none.
    check(intent().buy(10).stop("650.00"), false);
}

#[test]
fn a_change_of_side_or_contract_neither_softens_nor_exits() {
    let turned = bench()
        .facts(|_| replacing(intent().sell(5)).holding(-10))
        .intent(intent().buy(10))
        .verdict();
    assert!(!turned.is_exit);
    let mut moved = replacing(intent().sell(10)).holding(10);
    moved.replaces.as_mut().unwrap().0.con_id = gatehouse_types::ConId::new(265_598);
    let moved = bench().set(LimitId::OrderQty, "1").facts(|_| moved).intent(intent().sell(10));
    moved.check(&["refuse GH-03 account: quantity 10 is above 1"]);
}

#[test]
fn an_order_that_became_too_large_for_an_exit_stays_none_until_acknowledged() {
    let verdict = bench()
        .facts(|_| replacing(intent().sell(11).stop("640.00")).holding(10))
        .intent(intent().sell(10).stop("650.00"))
        .verdict();
    assert!(!verdict.is_exit);
}
