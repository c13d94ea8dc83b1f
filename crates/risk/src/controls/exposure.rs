//! GH-37, exposure: what all positions could become with every working order and this one filled,
//! against a share of net liquidation. Gross: long and short added up. Net: their difference.
//!
//! Each instrument counts with the worse of all its buys and all its sells filled; orders of the
//! other side are not netted, for they may never fill. A value set for a bot is held against the
//! bot's own positions and orders, any other against the whole account's.

use gatehouse_types::{ControlId, Currency, Decimal, LimitId, Measure, Refusal, Side, exact};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;
use crate::standing::Whose;
use crate::sums::{Sums, whose};
use crate::value::{Missing, TOO_LARGE, base_of, share_of_net_liquidation, shown_limit, to_cent};

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
                .and_then(|it| Ok((it, share_of_net_liquidation(case, &limit)?, base_of(case)?)))
                .map(|(exposure, allowed, base)| {
                    exact::is_above(exposure, allowed)
                        .then(|| refusal(*id, exposure, allowed, base))
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

fn refusal(id: LimitId, exposure: Decimal, allowed: Decimal, base: Currency) -> Refusal {
    let (exposure, limit) = (to_cent(exposure, base), shown_limit(allowed, base));
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
) -> Result<Decimal, Missing> {
    let sums = Sums::of(case, whose, with_order)?;
    if id == LimitId::GrossExposure {
        return sums.gross.ok_or(TOO_LARGE);
    }
    // In the direction of the order: the other direction it can only make smaller.
    let net = match case.intent.side {
        Side::Buy => sums.long,
        Side::Sell => sums.short,
    };
    net.map(exact::not_below_zero).ok_or(TOO_LARGE)
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    let Some(limit) = case.limit(id) else { return Gauge::default() };
    let Ok(base) = base_of(case) else { return Gauge::default() };
    let shown = |with_order| {
        let exposure = measured(case, id, whose(case, &limit), with_order).ok()?;
        Some(Measure::Money(to_cent(exposure, base)))
    };
    let allowed = share_of_net_liquidation(case, &limit).ok();
    Gauge {
        now: shown(false),
        after: shown(true),
        allowed: allowed.map(|it| Measure::Money(shown_limit(it, base))),
    }
}
