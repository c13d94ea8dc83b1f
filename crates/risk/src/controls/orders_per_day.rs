//! GH-32, orders per day: new orders of the bot that were allowed on this trading day of the
//! Gateway, this one included.
//!
//! Changes are for GH-29; exits pass. A day that is not known refuses.

use gatehouse_types::{ControlId, LimitId, Measure, Refusal, exact};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(32),
    reach: Reach::Entries,
    limits: &[LimitId::OrdersPerDay],
    check,
    gauge,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    if case.view.replaces.is_some() {
        return;
    }
    let Some(limit) = case.limit(LimitId::OrdersPerDay) else { return };
    let Some(earlier) = case.view.orders_today else {
        return findings.refuse_in(limit.scope, Refusal::DayUnknown);
    };
    let orders = earlier.saturating_add(1);
    if exact::is_above(orders.into(), limit.value) {
        findings.refuse_in(limit.scope, Refusal::OrdersTodayAbove { orders, limit: limit.value });
    }
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    case.limit(id).map_or_else(Gauge::default, |limit| {
        let added = u32::from(case.view.replaces.is_none());
        Gauge::of_count(Measure::Orders, case.view.orders_today, added, &limit)
    })
}
