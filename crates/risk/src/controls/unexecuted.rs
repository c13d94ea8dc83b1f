//! GH-35, unexecuted orders: the value of everything that has not filled and would open, this order
//! included, against a share of net liquidation.
//!
//! What closes a position, and a child within its parent, opens nothing. A value set for a bot is
//! held against the bot's own orders, any other against the whole account's.

use gatehouse_types::{ControlId, Decimal, LimitId, Measure, Refusal, exact};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;
use crate::standing::Whose;
use crate::sums::{Sums, whose};
use crate::value::{Missing, TOO_LARGE, base_of, share_of_net_liquidation, shown_limit, to_cent};

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(35),
    reach: Reach::Entries,
    limits: &[LimitId::UnexecutedShare],
    check,
    gauge,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    for limit in case.each_limit(LimitId::UnexecutedShare) {
        let above = measured(case, whose(case, &limit))
            .and_then(|it| Ok((it, share_of_net_liquidation(case, &limit)?)))
            .and_then(|((before, after), allowed)| {
                if !exact::is_above(after, allowed) {
                    return Ok(None);
                }
                let order = after.checked_sub(before).ok_or(TOO_LARGE)?;
                let base = base_of(case)?;
                Ok(Some(Refusal::UnexecutedAbove {
                    working: to_cent(before, base),
                    order: to_cent(order, base),
                    limit: shown_limit(allowed, base),
                }))
            });
        match above {
            Ok(None) => {}
            Ok(Some(refusal)) => findings.refuse_in(limit.scope, refusal),
            Err(missing) => findings.refuse_in(limit.scope, Refusal::UnexecutedUnknown { missing }),
        }
    }
}

/// Returns the value of opening orders without and with this one.
fn measured(case: &Case<'_>, whose: Whose<'_>) -> Result<(Decimal, Decimal), Missing> {
    let sum = |with_order| Sums::of(case, whose, with_order)?.opening.ok_or(TOO_LARGE);
    Ok((sum(false)?, sum(true)?))
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    let Some(limit) = case.limit(id) else { return Gauge::default() };
    let Ok(base) = base_of(case) else { return Gauge::default() };
    let (now, after) = match measured(case, whose(case, &limit)) {
        Ok((before, after)) => {
            let shown = |value| Some(Measure::Money(to_cent(value, base)));
            (shown(before), shown(after))
        }
        Err(_) => (None, None),
    };
    let allowed = share_of_net_liquidation(case, &limit).ok();
    Gauge { now, after, allowed: allowed.map(|it| Measure::Money(shown_limit(it, base))) }
}
