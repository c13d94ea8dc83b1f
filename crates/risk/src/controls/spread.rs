//! GH-15, spread: the distance of bid and ask as a share of their middle, with one limit for
//! regular hours and one for all others.
//!
//! While the hours are not known, the stricter of the two holds.

use gatehouse_types::{ControlId, Limit, LimitId, Measure, Refusal, TradingHours};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;
use crate::spread::Spread;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(15),
    reach: Reach::Entries,
    limits: &[LimitId::Spread, LimitId::SpreadExtended],
    check,
    gauge,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    let Some((_, limit)) = in_force(case) else { return };
    match Spread::of(case) {
        Ok(spread) if spread.is_above(limit.value) => {
            let percent = spread.percent();
            findings.refuse_in(limit.scope, Refusal::SpreadAbove { percent, limit: limit.value });
        }
        Ok(_) => {}
        Err(missing) => findings.refuse_in(limit.scope, Refusal::SpreadUnknown { missing }),
    }
}

/// Returns the limit that holds at this hour.
fn in_force<'a>(case: &Case<'a>) -> Option<(LimitId, Limit<'a>)> {
    let held = |id| case.limit(id).map(|limit| (id, limit));
    let (regular, extended) = (held(LimitId::Spread), held(LimitId::SpreadExtended));
    match case.trading_hours() {
        Ok(TradingHours::Regular) => regular,
        Ok(TradingHours::Extended | TradingHours::Closed) => extended,
        Err(_) => match (regular, extended) {
            (Some(regular), Some(extended)) if extended.1.value < regular.1.value => Some(extended),
            (Some(regular), _) => Some(regular),
            (None, extended) => extended,
        },
    }
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    match in_force(case) {
        Some((held, limit)) if held == id => {
            let now = Spread::of(case).ok().map(|spread| Measure::Percent(spread.percent()));
            Gauge::of_market(now, Measure::Percent(limit.value))
        }
        Some(_) | None => Gauge::default(),
    }
}
