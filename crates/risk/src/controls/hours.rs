//! GH-16, trading hours: entries in regular hours only, by the broker's own hours of the
//! instrument and the Gateway's time.
//!
//! An order that asks to trade outside regular hours is refused although it comes within them.
//! Hours that are not known are not regular.

use gatehouse_types::{ControlId, LimitId, Refusal, TradingHours};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(16),
    reach: Reach::Entries,
    limits: &[LimitId::RthOnly],
    check,
    gauge: gauge::nothing,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    let Some(scope) = case.switched_on(LimitId::RthOnly) else { return };
    if case.intent.outside_rth {
        findings.refuse_in(scope, Refusal::AsksOutsideHours);
    }
    match case.trading_hours() {
        Ok(TradingHours::Regular) => {}
        Ok(hours @ (TradingHours::Extended | TradingHours::Closed)) => {
            findings.refuse_in(scope, Refusal::OutsideHours { hours: hours.name() });
        }
        Err(missing) => findings.refuse_in(scope, Refusal::HoursUnknown { missing }),
    }
}
