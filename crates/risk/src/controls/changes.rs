//! GH-29, changes and cancels: how many in any second, and how many changes of one order in its
//! life, this one included.
//!
//! Only a change is ever refused; a cancel counts and passes. Changes that soften an order, and
//! changes of exits, count and are held to it, too: it is a ceiling for a bot that has lost its
//! way.

use gatehouse_types::{ControlId, LimitId, Measure, Refusal, exact};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(29),
    reach: Reach::Orders,
    limits: &[LimitId::ChangesPerSecond, LimitId::ChangesPerOrder],
    check,
    gauge,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    if case.view.replaces.is_none() {
        return;
    }
    if let Some(limit) = case.limit(LimitId::ChangesPerSecond) {
        let changes = case.view.churn.last_second.saturating_add(1);
        if exact::is_above(changes.into(), limit.value) {
            let refusal = Refusal::ChangeRateAbove { changes, limit: limit.value };
            findings.refuse_in(limit.scope, refusal);
        }
    }
    if let Some(limit) = case.limit(LimitId::ChangesPerOrder) {
        let changes = case.view.churn.of_order.saturating_add(1);
        if exact::is_above(changes.into(), limit.value) {
            let refusal = Refusal::ChangesAbove { changes, limit: limit.value };
            findings.refuse_in(limit.scope, refusal);
        }
    }
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    let Some(limit) = case.limit(id) else { return Gauge::default() };
    let churn = case.view.churn;
    let count = if id == LimitId::ChangesPerSecond { churn.last_second } else { churn.of_order };
    let added = u32::from(case.view.replaces.is_some());
    Gauge::of_count(Measure::Changes, Some(count), added, &limit)
}
