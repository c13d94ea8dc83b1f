//! GH-13, kind of prices: live ones only, unless the rule is off.
//!
//! Prices of a kind that is not known are never believed.

use gatehouse_types::{ControlId, DataType, LimitId, Refusal, ScopeRef};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(13),
    reach: Reach::Entries,
    limits: &[LimitId::LiveDataOnly],
    check,
    gauge: gauge::nothing,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    let Some(quote) = case.view.quote else { return };
    let rule = case.switched_on(LimitId::LiveDataOnly);
    let refusing = match quote.data {
        DataType::Live => None,
        DataType::Delayed | DataType::Frozen => rule,
        DataType::Other => Some(rule.unwrap_or(ScopeRef::Account)),
    };
    if let Some(scope) = refusing {
        findings.refuse_in(scope, Refusal::DataNotLive { data: quote.data.name() });
    }
}
