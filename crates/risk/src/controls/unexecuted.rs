//! GH-35, unexecuted orders: the value of everything that has not filled and would open, this order
//! included, against a share of net liquidation.
//!
//! What closes a position, and a child within its parent, opens nothing. A value set for a bot is
//! held against the bot's own orders, any other against the whole account's.

use gatehouse_types::{ControlId, LimitId, Measure, Money, Refusal};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;
use crate::standing::Whose;
use crate::sums::{Worsts, base_of, whose};
use crate::value::{Missing, TOO_LARGE, share_of_net_liquidation, shown_limit, to_cent};

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
                if after.amount() <= allowed.amount() {
                    return Ok(None);
                }
                let order = after.amount().checked_sub(before.amount()).ok_or(TOO_LARGE)?;
                Ok(Some(Refusal::UnexecutedAbove {
                    working: to_cent(before),
                    order: to_cent(Money::new(order, after.currency())),
                    limit: shown_limit(allowed),
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
fn measured(case: &Case<'_>, whose: Whose<'_>) -> Result<(Money, Money), Missing> {
    let base = base_of(case)?;
    let sum = |with_order: bool| {
        let worsts = Worsts::of(case, whose, with_order)?;
        let sum = worsts.0.iter().try_fold(gatehouse_types::Decimal::ZERO, |sum, worst| {
            sum.checked_add(worst.opening).ok_or(TOO_LARGE)
        })?;
        Ok(Money::new(sum, base))
    };
    Ok((sum(false)?, sum(true)?))
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    let Some(limit) = case.limit(id) else { return Gauge::default() };
    let (now, after) = match measured(case, whose(case, &limit)) {
        Ok((before, after)) => {
            (Some(Measure::Money(to_cent(before))), Some(Measure::Money(to_cent(after))))
        }
        Err(_) => (None, None),
    };
    let allowed = share_of_net_liquidation(case, &limit).ok();
    Gauge { now, after, allowed: allowed.map(|it| Measure::Money(shown_limit(it))) }
}
