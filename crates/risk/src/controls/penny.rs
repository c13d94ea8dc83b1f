//! GH-10, penny stocks: below a price, an order has a smaller limit on its value.
//!
//! The price is the lowest at which the order may trade: of the quote, its limit and its trigger.

use gatehouse_types::{ControlId, LimitId, Measure, Money, Price, Refusal};

use super::{Control, Reach};
use crate::case::{Case, Findings, is_positive};
use crate::gauge::Gauge;
use crate::value::order_value;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(10),
    reach: Reach::Entries,
    limits: &[LimitId::MinPrice, LimitId::PennyValue],
    check,
    gauge,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    let (Some(floor), Some(limit)) =
        (case.limit(LimitId::MinPrice), case.limit(LimitId::PennyValue))
    else {
        return;
    };
    let Some(price) = lowest_price(case) else {
        let side = case.touch_name();
        return findings.refuse_in(limit.scope, Refusal::QuoteMissing { side });
    };
    if price.value() >= floor.value {
        return;
    }
    match order_value(case) {
        Err(missing) => findings.refuse_in(limit.scope, Refusal::ValueUnknown { missing }),
        Ok(value) if value.amount() > limit.value => {
            let limit_money = Money::new(limit.value, value.currency());
            findings.refuse_in(
                limit.scope,
                Refusal::PennyValueAbove { price, value, limit: limit_money },
            );
        }
        Ok(_) => {}
    }
}

/// Returns the lowest price at which the order may trade.
fn lowest_price(case: &Case<'_>) -> Option<Price> {
    let (touch, kind) = (case.touch()?, &case.intent.kind);
    let prices = [kind.limit(), kind.trigger()].into_iter().flatten();
    Some(prices.filter(|price| is_positive(*price)).fold(touch, Price::min))
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    let (Some(limit), Some(floor), Some(price)) =
        (case.limit(id), case.limit(LimitId::MinPrice), lowest_price(case))
    else {
        return Gauge::default();
    };
    if id == LimitId::MinPrice {
        let floor = Measure::Price(Price::new(limit.value));
        return Gauge::of_order(Some(Measure::Price(price)), floor);
    }
    match order_value(case) {
        Ok(value) if price.value() < floor.value => {
            let allowed = Money::new(limit.value, value.currency());
            Gauge::of_order(Some(Measure::Money(value)), Measure::Money(allowed))
        }
        Ok(_) | Err(_) => Gauge::default(),
    }
}
