//! GH-42, day's loss: what a bot and the account lost on this trading day, realised and open,
//! against a share of net liquidation.
//!
//! Warns from half and from four fifths of the limit on; at the limit entries are refused. That
//! the scope is set to reduce-only until the next session is the engine's act.

use gatehouse_types::{ControlId, Currency, Decimal, Limit, LimitId, Measure, Refusal, exact};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;
use crate::standing::Figure;
use crate::value::{Missing, base_of, share_of_net_liquidation, shown_limit, to_cent};

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
            Ok((loss, allowed, base)) if !exact::is_above(allowed, loss) => {
                let (loss, allowed) = (to_cent(loss, base), shown_limit(allowed, base));
                let refusal = Refusal::DayLossAbove { loss, limit: allowed };
                findings.refuse_in(limit.scope, refusal);
            }
            Ok((loss, allowed, base)) if is_near(loss, allowed) => {
                let (loss, allowed) = (to_cent(loss, base), shown_limit(allowed, base));
                let warning = Refusal::DayLossNear { loss, limit: allowed };
                findings.warn_in(limit.scope, warning);
            }
            Ok(_) => {}
            Err(missing) => findings.refuse_in(limit.scope, Refusal::DayLossUnknown { missing }),
        }
    }
}

fn is_near(loss: Decimal, allowed: Decimal) -> bool {
    allowed.checked_mul(NEAR).is_none_or(|near| !exact::is_above(near, loss))
}

fn figure(case: &Case<'_>, id: LimitId) -> Figure {
    if id == LimitId::BotDayLoss {
        case.view.standing.bot_day
    } else {
        case.view.standing.account_day
    }
}

/// Returns the loss, a gain below zero, what is allowed, and the currency of both.
fn measured(
    case: &Case<'_>,
    id: LimitId,
    limit: &Limit<'_>,
) -> Result<(Decimal, Decimal, Currency), Missing> {
    let day = figure(case, id)?;
    let allowed = share_of_net_liquidation(case, limit)?;
    let base = base_of(case)?;
    if base == day.currency() { Ok((-day.amount(), allowed, base)) } else { Err("exchange rate") }
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    let Some(limit) = case.limit(id) else { return Gauge::default() };
    let allowed = share_of_net_liquidation(case, &limit).ok();
    let loss = measured(case, id, &limit)
        .ok()
        .map(|(loss, _, base)| Measure::Money(to_cent(loss.max(Decimal::ZERO), base)));
    let shown = |it| Some(Measure::Money(shown_limit(it, base_of(case).ok()?)));
    Gauge { now: loss.clone(), after: loss, allowed: allowed.and_then(shown) }
}
