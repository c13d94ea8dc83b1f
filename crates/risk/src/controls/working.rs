//! GH-34, working orders: of the bot in all contracts, and of the account on one side of the
//! contract, this one included.
//!
//! A change adds no order and passes. The broker itself refuses the 21st order on one side.

use gatehouse_types::{ControlId, LimitId, Measure, Refusal, exact};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(34),
    reach: Reach::Entries,
    limits: &[LimitId::WorkingOrders, LimitId::WorkingPerSide],
    check,
    gauge,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    if case.view.replaces.is_some() {
        return;
    }
    if let Some(limit) = case.limit(LimitId::WorkingOrders) {
        let orders = of_bot(case).saturating_add(1);
        if exact::is_above(orders.into(), limit.value) {
            findings.refuse_in(limit.scope, Refusal::WorkingAbove { orders, limit: limit.value });
        }
    }
    let Some(limit) = case.limit(LimitId::WorkingPerSide) else { return };
    let Some(earlier) = on_side(case) else {
        return findings.refuse_in(limit.scope, case.contract_unknown());
    };
    let (orders, side) = (earlier.saturating_add(1), case.intent.side);
    if exact::is_above(orders.into(), limit.value) {
        let refusal = Refusal::WorkingSideAbove { orders, side, limit: limit.value };
        findings.refuse_in(limit.scope, refusal);
    }
}

fn of_bot(case: &Case<'_>) -> u32 {
    u32::try_from(case.tally.n_of_bot).unwrap_or(u32::MAX)
}

fn on_side(case: &Case<'_>) -> Option<u32> {
    case.instrument?;
    Some(u32::try_from(case.tally.n_on_side).unwrap_or(u32::MAX))
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    let Some(limit) = case.limit(id) else { return Gauge::default() };
    let count = if id == LimitId::WorkingOrders { Some(of_bot(case)) } else { on_side(case) };
    let added = u32::from(case.view.replaces.is_none());
    Gauge::of_count(Measure::Orders, count, added, &limit)
}
