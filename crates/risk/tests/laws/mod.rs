//! What holds for every input: no panic, no verdict that stricter settings would lift, no exit
//! that adds.

mod exact;
mod input;

use gatehouse_risk::evaluate;
use gatehouse_testkit::{Contracted, spy};
use gatehouse_types::{Decimal, LimitId, Qty, Refusal, Scope, Side, SignedQty, TradingState};
use proptest::prelude::*;

use crate::bench::{Bench, lines};
use input::{any_bench, any_limit, any_limit_value, any_scope};

const STATES: [TradingState; 5] = [
    TradingState::Active,
    TradingState::Paused,
    TradingState::ReduceOnly,
    TradingState::Halted,
    TradingState::Killed,
];

fn may_send(bench: &Bench) -> bool {
    bench.verdict().may_send()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_input_gets_a_verdict_that_can_be_shown(bench in any_bench()) {
        let verdict = bench.verdict();
        for (line, finding) in lines(&verdict).iter().zip(&verdict.findings) {
            prop_assert!(line.is_ascii() && !line.ends_with('.'), "{line}");
            drop(finding.refusal.measured());
        }
        prop_assert!(verdict.n_controls <= gatehouse_risk::controls::ALL.len());
        prop_assert_eq!(bench.verdict(), verdict);
    }

    #[test]
    fn a_stricter_limit_never_lifts_a_refusal(
        bench in any_bench(),
        scope in any_scope(),
        (id, value) in any_limit().prop_flat_map(|id| (Just(id), any_limit_value(id))),
    ) {
        let old = bench.policy.own(&scope, id).flatten();
        prop_assume!(id.is_tighter(old, Some(&value)));
        let mut stricter = bench.clone();
        stricter.policy.set(scope, id, Some(Some(value.clone())));
        prop_assert!(may_send(&bench) || !may_send(&stricter), "{id} {value}");
    }

    #[test]
    fn a_stricter_state_never_lifts_a_refusal(bench in any_bench()) {
        let verdicts = STATES.map(|state| may_send(&bench.clone().with(|facts| facts.state = (state, Scope::Account))));
        prop_assert!(verdicts.is_sorted_by(|before, after| before >= after), "{verdicts:?}");
    }

    #[test]
    fn an_exit_never_adds_to_a_position_even_if_every_order_fills(
        bench in any_bench(), account in 0_i64..200, own in 0_i64..200,
    ) {
        let sign = match bench.intent.side { Side::Buy => Decimal::ONE, Side::Sell => -Decimal::ONE };
        let account = -sign * Decimal::from(account);
        let own = -sign * Decimal::from(own);
        let bench = bench.with(|facts| {
            facts.instrument = Contracted::Found(spy());
            (facts.account_position, facts.bot_position) = (Some(SignedQty::new(account)), SignedQty::new(own));
        });
        if !bench.verdict().is_exit {
            return Ok(());
        }
        let facts = &bench.facts;
        let asked = bench.intent.quantity.value();
        let most = facts.replaces.as_ref().map_or(asked, |(working, old)| {
            let remaining = working.remaining.value();
            let filled = (old.quantity.value() - remaining).max(Decimal::ZERO);
            (asked - filled).max(remaining)
        });
        let fills = |own_only: bool| -> Decimal {
            facts.working.iter()
                .filter(|it| it.side == bench.intent.side && it.con_id == spy().con_id)
                .filter(|it| !own_only || it.order.as_ref().is_some_and(|order| order.bot == facts.bot))
                .map(|it| it.remaining.value())
                .sum()
        };
        prop_assert!(most > Decimal::ZERO);
        for (before, others) in [(account, fills(false)), (own, fills(true))] {
            let after = before + sign * (others + most);
            // A difference beyond the 28th digit is rounded away, hence not strictly less.
            prop_assert!(after.abs() <= before.abs(), "{before} becomes {after}");
            prop_assert!(after.is_zero() || after.is_sign_positive() == before.is_sign_positive());
        }
    }

    #[test]
    fn a_position_that_would_pass_does_pass(bench in any_bench()) {
        let only = Bench { policy: crate::bench::bench().policy, ..bench };
        let only = only.set(LimitId::PositionShare, "3").with(|facts| facts.replaces = None);
        let findings = only.verdict().findings;
        let found = findings.into_iter().find_map(|it| {
            let Refusal::PositionAbove { would_pass, .. } = it.refusal else { return None };
            Some(would_pass)
        });
        let Some(quantity) = found.filter(|quantity| !quantity.is_zero()) else { return Ok(()) };
        let mut again = only.clone();
        again.intent.quantity = Qty::try_new(quantity).expect("is not negative");
        let refused = evaluate(&again.policy, &again.facts.view(), &again.intent, again.now)
            .findings.iter().any(|it| it.refusal.control().number() == 36);
        prop_assert!(!refused, "{quantity}");
    }
}
