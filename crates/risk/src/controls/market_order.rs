//! GH-09, orders that trade at any price: in regular hours only, and at a small spread.
//!
//! | order | hours | spread |
//! |---|---|---|
//! | MKT | must be regular now, and the order must not ask for others | held against the limit |
//! | STP | must not ask for other hours: it would trade at any price when it triggers there | – |
//! | LMT, STP LMT | – | – |
//!
//! Hours that are not known are not regular.

use gatehouse_types::{ControlId, LimitId, Measure, OrderKind, Refusal, TradingHours};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;
use crate::spread::Spread;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(9),
    reach: Reach::Entries,
    limits: &[LimitId::MarketRthOnly, LimitId::MarketSpread],
    check,
    gauge,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    let is_market = match case.intent.kind {
        OrderKind::Market => true,
        OrderKind::Stop { .. } => false,
        OrderKind::Limit { .. } | OrderKind::StopLimit { .. } | OrderKind::Other { .. } => return,
    };
    if let Some(scope) = case.switched_on(LimitId::MarketRthOnly) {
        if case.intent.outside_rth {
            findings.refuse_in(scope, Refusal::MarketOrderMayTradeOutside);
        }
        if is_market {
            match case.trading_hours() {
                Ok(TradingHours::Regular) => {}
                Ok(hours @ (TradingHours::Extended | TradingHours::Closed)) => {
                    let hours = hours.name();
                    findings.refuse_in(scope, Refusal::MarketOrderOutsideHours { hours });
                }
                Err(missing) => findings.refuse_in(scope, Refusal::HoursUnknown { missing }),
            }
        }
    }
    let Some(limit) = case.limit(LimitId::MarketSpread).filter(|_| is_market) else { return };
    match Spread::of(case) {
        Ok(spread) if spread.is_above(limit.value) => {
            let percent = spread.percent();
            let refusal = Refusal::MarketSpreadAbove { percent, limit: limit.value };
            findings.refuse_in(limit.scope, refusal);
        }
        Ok(_) => {}
        Err(missing) => findings.refuse_in(limit.scope, Refusal::SpreadUnknown { missing }),
    }
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    match case.limit(LimitId::MarketSpread).filter(|_| id == LimitId::MarketSpread) {
        Some(limit) if case.intent.kind == OrderKind::Market => {
            let now = Spread::of(case).ok().map(|spread| Measure::Percent(spread.percent()));
            Gauge::of_market(now, Measure::Percent(limit.value))
        }
        Some(_) | None => Gauge::default(),
    }
}
