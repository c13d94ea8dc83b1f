//! GH-14, prices that make sense: both sides above zero, the bid not above the ask, and no jump
//! within a second.
//!
//! A quote whose sides are equal is locked, not crossed, and passes. Only the jump has a limit.

use gatehouse_types::{ControlId, Decimal, LimitId, Measure, Refusal, exact};
use rust_decimal::RoundingStrategy;

use super::{Control, Reach};
use crate::case::{Case, Findings, is_positive};
use crate::gauge::Gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(14),
    reach: Reach::Entries,
    limits: &[LimitId::PriceJump],
    check,
    gauge,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    if let Some(quote) = case.view.quote {
        for (side, price) in [("bid", quote.bid), ("ask", quote.ask)] {
            if let Some(price) = price.filter(|price| !is_positive(*price)) {
                findings.refuse(Refusal::QuoteNotPositive { side, price });
            }
        }
        if let (Some(bid), Some(ask)) = (quote.bid, quote.ask)
            && bid > ask
        {
            findings.refuse(Refusal::QuoteCrossed { bid, ask });
        }
    }
    let Some(limit) = case.limit(LimitId::PriceJump) else { return };
    match case.view.price_move {
        None => findings.refuse_in(limit.scope, Refusal::MoveUnknown),
        Some(moved) if exact::is_above(moved, limit.value) => {
            let percent = shown(moved);
            findings.refuse_in(limit.scope, Refusal::PriceJumped { percent, limit: limit.value });
        }
        Some(_) => {}
    }
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    case.limit(id).map_or_else(Gauge::default, |limit| {
        let now = case.view.price_move.map(|moved| Measure::Percent(shown(moved)));
        Gauge::of_market(now, Measure::Percent(limit.value))
    })
}

/// Returns a move rounded up, so that it is never shown as the limit itself.
fn shown(moved: Decimal) -> Decimal {
    moved.round_dp_with_strategy(2, RoundingStrategy::ToPositiveInfinity).normalize()
}
