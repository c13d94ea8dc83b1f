//! GH-05, value of an order that an algo of the broker works: the stricter of an amount and a
//! share of net liquidation, in the place of GH-04's.
//!
//! An algo sends the order in slices, so the whole may be larger than an order that trades at
//! once. Whether algos may be used at all is for GH-22.

use gatehouse_types::{ControlId, Feature, LimitId, Refusal};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;
use crate::value::{Ceiling, check_ceiling};

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(5),
    reach: Reach::Entries,
    limits: &[LimitId::AlgoValue, LimitId::AlgoValueShare],
    check,
    gauge,
};

const CEILING: Ceiling = Ceiling { amount: LimitId::AlgoValue, share: LimitId::AlgoValueShare };

fn check(case: &Case<'_>, findings: &mut Findings) {
    if case.intent.features.contains(&Feature::Algo) {
        let above = |value, limit| Refusal::AlgoValueAbove { value, limit };
        check_ceiling(case, &CEILING, above, findings);
    }
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    if case.intent.features.contains(&Feature::Algo) {
        CEILING.gauge(case, id)
    } else {
        Gauge::default()
    }
}
