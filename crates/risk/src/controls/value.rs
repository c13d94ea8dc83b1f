//! GH-04, value per order: the stricter of an amount and a share of net liquidation.
//!
//! The whole order counts, at the price of the table in `value`. A modify is judged by the order
//! it would become. An order that an algo of the broker works is for GH-05.

use gatehouse_types::{ControlId, Feature, LimitId, Refusal};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;
use crate::value::{Ceiling, check_ceiling};

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(4),
    reach: Reach::Entries,
    limits: &[LimitId::OrderValue, LimitId::OrderValueShare],
    check,
    gauge,
};

const CEILING: Ceiling = Ceiling { amount: LimitId::OrderValue, share: LimitId::OrderValueShare };

fn check(case: &Case<'_>, findings: &mut Findings) {
    if !case.intent.features.contains(&Feature::Algo) {
        let above = |value, limit| Refusal::ValueAbove { value, limit };
        check_ceiling(case, &CEILING, above, findings);
    }
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    if case.intent.features.contains(&Feature::Algo) {
        Gauge::default()
    } else {
        CEILING.gauge(case, id)
    }
}
