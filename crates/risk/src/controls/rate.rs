//! GH-28, order rate: new orders and modifies in any second and in any minute, this one included.
//!
//! Exits count and are held to it, too: it is a ceiling for a bot that has lost its way.

use std::time::Duration;

use gatehouse_types::{ControlId, Decimal, LimitId, Refusal};

use super::{Control, Reach};
use crate::case::{Case, Findings};

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(28),
    reach: Reach::Orders,
    limits: &[LimitId::OrdersPerSecond, LimitId::OrdersPerMinute],
    check,
};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

fn check(case: &Case<'_>, findings: &mut Findings) {
    for (id, per) in [(LimitId::OrdersPerSecond, SECOND), (LimitId::OrdersPerMinute, MINUTE)] {
        let Some(limit) = case.limit(id) else { continue };
        let earlier =
            case.view.recent.iter().filter(|recent| case.now.mono.since(recent.at) < per).count();
        let orders = u32::try_from(earlier).unwrap_or(u32::MAX).saturating_add(1);
        if Decimal::from(orders) > limit.value {
            findings.refuse_in(limit.scope, Refusal::RateAbove { orders, limit: limit.value, per });
        }
    }
}
