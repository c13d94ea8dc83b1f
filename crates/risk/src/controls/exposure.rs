//! GH-37, exposure: what all positions could become with every working order and this one filled,
//! against a share of net liquidation. Gross: long and short added up. Net: their difference.
//!
//! Each instrument counts with the worse of all its buys and all its sells filled; orders of the
//! other side are not netted, for they may never fill. A value set for a bot is held against the
//! bot's own positions and orders, any other against the whole account's.

use gatehouse_types::{ControlId, Decimal, LimitId, Measure, Money, Refusal, Side};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;
use crate::standing::Whose;
use crate::sums::{Worsts, base_of, whose};
use crate::value::{Missing, TOO_LARGE, share_of_net_liquidation, shown_limit, to_cent};

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(37),
    reach: Reach::Entries,
    limits: &[LimitId::GrossExposure, LimitId::NetExposure],
    check,
    gauge,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    for id in CONTROL.limits {
        for limit in case.each_limit(*id) {
            let above = measured(case, *id, whose(case, &limit), true)
                .and_then(|it| Ok((it, share_of_net_liquidation(case, &limit)?)))
                .map(|(exposure, allowed)| {
                    (exposure.amount() > allowed.amount())
                        .then(|| refusal(*id, to_cent(exposure), shown_limit(allowed)))
                });
            match above {
                Ok(None) => {}
                Ok(Some(refusal)) => findings.refuse_in(limit.scope, refusal),
                Err(missing) => {
                    findings.refuse_in(limit.scope, Refusal::ExposureUnknown { missing });
                }
            }
        }
    }
}

fn refusal(id: LimitId, exposure: Money, limit: Money) -> Refusal {
    if id == LimitId::GrossExposure {
        Refusal::GrossExposureAbove { exposure, limit }
    } else {
        Refusal::NetExposureAbove { exposure, limit }
    }
}

fn measured(
    case: &Case<'_>,
    id: LimitId,
    whose: Whose<'_>,
    with_order: bool,
) -> Result<Money, Missing> {
    let worsts = Worsts::of(case, whose, with_order)?;
    let exposure = if id == LimitId::GrossExposure { gross(&worsts) } else { net(case, &worsts) };
    Ok(Money::new(exposure.ok_or(TOO_LARGE)?, base_of(case)?))
}

fn gross(worsts: &Worsts) -> Option<Decimal> {
    worsts
        .0
        .iter()
        .try_fold(Decimal::ZERO, |sum, it| sum.checked_add(it.long.abs().max(it.short.abs())))
}

/// In the direction of the order: the other direction it can only make smaller.
fn net(case: &Case<'_>, worsts: &Worsts) -> Option<Decimal> {
    let sum = worsts.0.iter().try_fold(Decimal::ZERO, |sum, it| match case.intent.side {
        Side::Buy => sum.checked_add(it.long),
        Side::Sell => sum.checked_sub(it.short),
    })?;
    Some(sum.max(Decimal::ZERO))
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    let Some(limit) = case.limit(id) else { return Gauge::default() };
    let shown = |with_order| {
        measured(case, id, whose(case, &limit), with_order).ok().map(to_cent).map(Measure::Money)
    };
    let allowed = share_of_net_liquidation(case, &limit).ok();
    Gauge {
        now: shown(false),
        after: shown(true),
        allowed: allowed.map(|it| Measure::Money(shown_limit(it))),
    }
}
