//! GH-42, day's loss: what a bot and the account lost on this trading day, realised and open,
//! against a share of net liquidation.
//!
//! Warns from half and from four fifths of the limit on; at the limit entries are refused. That
//! the scope is set to reduce-only until the next session is the engine's act.

use gatehouse_types::{ControlId, Decimal, Limit, LimitId, Measure, Money, Refusal};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;
use crate::standing::Figure;
use crate::value::{Missing, TOO_LARGE, share_of_net_liquidation, shown_limit, to_cent};

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(42),
    reach: Reach::Entries,
    limits: &[LimitId::BotDayLoss, LimitId::AccountDayLoss],
    check,
    gauge,
};

/// Share of the limit from which on a loss is near: a half.
const NEAR: Decimal = Decimal::from_parts(5, 0, 0, false, 1);

fn check(case: &Case<'_>, findings: &mut Findings) {
    for id in CONTROL.limits {
        let Some(limit) = case.limit(*id) else { continue };
        match measured(case, *id, &limit) {
            Ok((loss, allowed)) if loss.amount() >= allowed.amount() => {
                let refusal =
                    Refusal::DayLossAbove { loss: to_cent(loss), limit: shown_limit(allowed) };
                findings.refuse_in(limit.scope, refusal);
            }
            Ok((loss, allowed)) if is_near(loss, allowed) => {
                let warning =
                    Refusal::DayLossNear { loss: to_cent(loss), limit: shown_limit(allowed) };
                findings.warn_in(limit.scope, warning);
            }
            Ok(_) => {}
            Err(missing) => findings.refuse_in(limit.scope, Refusal::DayLossUnknown { missing }),
        }
    }
}

fn is_near(loss: Money, allowed: Money) -> bool {
    allowed.amount().checked_mul(NEAR).is_none_or(|near| loss.amount() >= near)
}

fn figure(case: &Case<'_>, id: LimitId) -> Figure {
    if id == LimitId::BotDayLoss {
        case.view.standing.bot_day
    } else {
        case.view.standing.account_day
    }
}

/// Returns the loss, a gain below zero, and what is allowed.
fn measured(case: &Case<'_>, id: LimitId, limit: &Limit<'_>) -> Result<(Money, Money), Missing> {
    let day = figure(case, id)?;
    let allowed = share_of_net_liquidation(case, limit)?;
    if allowed.currency() != day.currency() {
        return Err("exchange rate");
    }
    let loss = Decimal::ZERO.checked_sub(day.amount()).ok_or(TOO_LARGE)?;
    Ok((Money::new(loss, day.currency()), allowed))
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    let Some(limit) = case.limit(id) else { return Gauge::default() };
    let allowed = share_of_net_liquidation(case, &limit).ok();
    let loss = measured(case, id, &limit).ok().map(|(loss, _)| {
        Measure::Money(to_cent(Money::new(loss.amount().max(Decimal::ZERO), loss.currency())))
    });
    Gauge {
        now: loss.clone(),
        after: loss,
        allowed: allowed.map(|it| Measure::Money(shown_limit(it))),
    }
}
