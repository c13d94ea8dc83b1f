//! GH-45, refused too often: orders of a bot that Gatehouse refused or the broker rejected, in a
//! row and in five minutes.
//!
//! At the limit entries are refused until a person resumes the bot. That the bot is paused is the
//! engine's act.

use std::time::Duration;

use gatehouse_types::{ControlId, LimitId, Measure, Refusal, exact};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(45),
    reach: Reach::Entries,
    limits: &[LimitId::RefusalsInARow, LimitId::RefusalsPerFiveMinutes],
    check,
    gauge,
};

/// Time in which refusals are counted.
pub const REFUSALS_WITHIN: Duration = Duration::from_secs(300);

fn count(case: &Case<'_>, id: LimitId) -> u32 {
    let refused = case.view.standing.refused;
    if id == LimitId::RefusalsInARow { refused.in_a_row } else { refused.in_five_minutes }
}

fn check(case: &Case<'_>, findings: &mut Findings) {
    for id in CONTROL.limits {
        let Some(limit) = case.limit(*id) else { continue };
        let refused = count(case, *id);
        if refused == 0 || exact::is_above(limit.value, refused.into()) {
            continue;
        }
        let (value, per) = (limit.value, REFUSALS_WITHIN);
        let refusal = if *id == LimitId::RefusalsInARow {
            Refusal::RefusedInARow { refused, limit: value }
        } else {
            Refusal::RefusedWithin { refused, limit: value, per }
        };
        findings.refuse_in(limit.scope, refusal);
    }
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    let Some(limit) = case.limit(id) else { return Gauge::default() };
    Gauge::of_count(Measure::Orders, Some(count(case, id)), 0, &limit)
}
