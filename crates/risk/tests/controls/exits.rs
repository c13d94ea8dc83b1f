//! Trading states and exits as the bot meets them.

use gatehouse_testkit::intent;
use gatehouse_types::{ConId, OrderStatus, Side, TradingState, WorkingOrder};

use crate::bench::careful;

#[test]
fn each_state_lets_through_what_its_row_says() {
    let check = |state, sentence: &str, entry: bool, exit: bool, question: bool| {
        let refusal = format!("refuse GH-55 account: {sentence}");
        let expected = |passes: bool| if passes { Vec::new() } else { vec![refusal.as_str()] };
        let base = careful().with(|facts| facts.state.0 = state);
        base.check(&expected(entry));
        base.clone().intent(intent().what_if()).check(&expected(question));
        base.facts(|facts| facts.holding(10)).intent(intent().sell(10)).check(&expected(exit));
    };
    check(TradingState::Active, "", true, true, true);
    check(TradingState::Paused, "the bot is paused, only exits are allowed", false, true, true);
    check(TradingState::ReduceOnly, "only exits are allowed", false, true, true);
    check(TradingState::Halted, "trading is halted", false, false, false);
    check(TradingState::Killed, "the kill switch is on", false, false, false);
}

#[test]
fn an_exit_larger_than_every_limit_passes_without_a_quote() {
    let bench = careful()
        .facts(|facts| facts.holding(5000))
        .with(|facts| (facts.quote, facts.net_liquidation) = (None, None))
        .intent(intent().sell(5000).limit("1.00"));
    bench.check(&[]);
    let verdict = bench.verdict();
    assert!(verdict.is_exit);
    assert!(verdict.n_controls < gatehouse_risk::controls::ALL.len());
}

#[test]
fn only_orders_in_the_same_contract_that_may_still_fill_count() {
    let is_exit = |change: fn(&mut WorkingOrder)| {
        let bench = careful()
            .facts(|facts| facts.holding(10).working(None, Side::Sell, 1))
            .with(|facts| facts.working.iter_mut().for_each(change))
            .intent(intent().sell(10));
        bench.verdict().is_exit
    };
    assert!(!is_exit(|_| {}));
    assert!(is_exit(|order| order.con_id = ConId::new(265_598)));
    assert!(is_exit(|order| order.side = Side::Buy));
    assert!(is_exit(|order| order.status = OrderStatus::Filled));
    assert!(!is_exit(|order| order.status = OrderStatus::Unknown));
}

#[test]
fn a_question_about_a_live_order_is_refused() {
    careful()
        .facts(|facts| facts.replacing(intent().build()))
        .intent(intent().what_if())
        .check(&["refuse GH-01 account: what-if under the id of a live order makes no sense"]);
}
