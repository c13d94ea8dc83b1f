//! GH-07, price collar of options: how far a limit price is from the market against the order's
//! own interest, in percent or in money, whichever allows more.
//!
//! Like GH-06 in everything else: the limit of a STP LMT is held against the trigger or the quote,
//! whichever the market reaches later. An amount that is off allows nothing of its own.

use gatehouse_types::{ControlId, Decimal, LimitId, Price, Refusal, Side, exact};

use super::{Control, Reach};
use crate::case::{Case, Findings, is_positive};
use crate::gauge::Gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(7),
    reach: Reach::Entries,
    limits: &[LimitId::OptionCollar, LimitId::OptionCollarLeast],
    check,
    gauge,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    let Some(limit) = case.limit(LimitId::OptionCollar) else { return };
    let Some(price) = limit_price(case) else { return };
    let Some(reference) = reference(case) else {
        let side = case.touch_name();
        return findings.refuse_in(limit.scope, Refusal::QuoteMissing { side });
    };
    let distance = distance(case.intent.side, price, reference);
    let allowed = allowed(case, reference, limit.value);
    let (distance, allowed) = (distance.unwrap_or(Decimal::MAX), allowed.unwrap_or(Decimal::ZERO));
    if distance > allowed {
        let (distance, limit_shown) = (Price::new(distance), Price::new(allowed));
        findings.refuse_in(
            limit.scope,
            Refusal::OptionCollarAbove { price, reference, distance, limit: limit_shown },
        );
    }
}

fn gauge(case: &Case<'_>, _: LimitId) -> Gauge {
    let (Some(limit), Some(price), Some(reference)) =
        (case.limit(LimitId::OptionCollar), limit_price(case), reference(case))
    else {
        return Gauge::default();
    };
    let harmful = distance(case.intent.side, price, reference);
    let measure = |value: Decimal| gatehouse_types::Measure::Price(Price::new(value));
    match allowed(case, reference, limit.value) {
        Some(allowed) => {
            Gauge::of_order(harmful.map(|it| measure(it.max(Decimal::ZERO))), measure(allowed))
        }
        None => Gauge::default(),
    }
}

/// Returns the limit price of an order in an option.
fn limit_price(case: &Case<'_>) -> Option<Price> {
    let is_option = case.instrument.is_some_and(|it| it.sec_type.is_option());
    case.intent.kind.limit().filter(|price| is_option && is_positive(*price))
}

fn reference(case: &Case<'_>) -> Option<Price> {
    let touch = case.touch()?;
    let trigger = case.intent.kind.trigger().filter(|it| is_positive(*it));
    Some(match (trigger, case.intent.side) {
        (None, _) => touch,
        (Some(trigger), Side::Buy) => touch.max(trigger),
        (Some(trigger), Side::Sell) => touch.min(trigger),
    })
}

/// Returns how far the price is on the harmful side, zero or less when it is not.
fn distance(side: Side, price: Price, reference: Price) -> Option<Decimal> {
    match side {
        Side::Buy => price.value().checked_sub(reference.value()),
        Side::Sell => reference.value().checked_sub(price.value()),
    }
}

fn allowed(case: &Case<'_>, reference: Price, percent: Decimal) -> Option<Decimal> {
    let share = exact::hundredth(reference.value().checked_mul(percent)?)?;
    let least = case.limit(LimitId::OptionCollarLeast).map_or(Decimal::ZERO, |it| it.value);
    Some(share.max(least))
}
