//! GH-03, quantity per order: the whole quantity of one order, however much of it has filled.
//!
//! Warns above 80 % of the limit. A modify is judged by the quantity it asks for: that of the
//! order it replaces was judged when it came.

use gatehouse_types::{ControlId, Decimal, LimitId, Measure, Refusal, exact};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(3),
    reach: Reach::Entries,
    limits: &[LimitId::OrderQty],
    check,
    gauge,
};

/// Share of the limit from which it warns. Source: reference list of controls.
const WARN_SHARE: Decimal = Decimal::from_parts(8, 0, 0, false, 1);

fn check(case: &Case<'_>, findings: &mut Findings) {
    let Some(limit) = case.limit(LimitId::OrderQty) else { return };
    let quantity = case.intent.quantity.value();
    if exact::is_above(quantity, limit.value) {
        let refusal = Refusal::QuantityAbove { quantity, limit: limit.value };
        findings.refuse_in(limit.scope, refusal);
    } else if is_near(quantity, limit.value) {
        findings.warn_in(limit.scope, Refusal::QuantityNear { quantity, limit: limit.value });
    }
}

fn is_near(quantity: Decimal, limit: Decimal) -> bool {
    limit.checked_mul(WARN_SHARE).is_none_or(|warn| exact::is_above(quantity, warn))
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    case.limit(id).map_or_else(Gauge::default, |limit| {
        let quantity = Measure::Units(case.intent.quantity.value());
        Gauge::of_order(Some(quantity), Measure::Units(limit.value))
    })
}
