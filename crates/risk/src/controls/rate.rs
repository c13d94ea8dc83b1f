//! GH-28, order rate: new orders and modifies in any second and in any minute, this one included.
//!
//! Exits count and are held to it, too: it is a ceiling for a bot that has lost its way.

use std::time::Duration;

use gatehouse_types::{ControlId, LimitId, Measure, Refusal, exact};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(28),
    reach: Reach::Orders,
    limits: &[LimitId::OrdersPerSecond, LimitId::OrdersPerMinute],
    check,
    gauge,
};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

fn check(case: &Case<'_>, findings: &mut Findings) {
    for (id, per) in [(LimitId::OrdersPerSecond, SECOND), (LimitId::OrdersPerMinute, MINUTE)] {
        let Some(limit) = case.limit(id) else { continue };
        let orders = earlier(case, per).saturating_add(1);
        if exact::is_above(orders.into(), limit.value) {
            findings.refuse_in(limit.scope, Refusal::RateAbove { orders, limit: limit.value, per });
        }
    }
}

fn earlier(case: &Case<'_>, per: Duration) -> u32 {
    let recent = case.view.recent.iter();
    let within = recent.filter(|recent| case.now.mono.since(recent.at) < per).count();
    u32::try_from(within).unwrap_or(u32::MAX)
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    case.limit(id).map_or_else(Gauge::default, |limit| {
        let per = if id == LimitId::OrdersPerSecond { SECOND } else { MINUTE };
        Gauge::of_count(Measure::Orders, Some(earlier(case, per)), 1, &limit)
    })
}
