//! GH-10, penny stocks: below a price, an order has a smaller limit on its value.
//!
//! The price is the lowest at which the order may trade: of the quote, its limit and its trigger.

use gatehouse_types::{ControlId, LimitId, Measure, Money, Price, Refusal, exact};

use super::{Control, Reach};
use crate::case::{Case, Findings, is_positive};
use crate::gauge::Gauge;
use crate::value::{base_of, order_value};

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
    if !exact::is_above(floor.value, price.value()) {
        return;
    }
    match order_value(case).and_then(|value| Ok((value, base_of(case)?))) {
        Err(missing) => findings.refuse_in(limit.scope, Refusal::ValueUnknown { missing }),
        Ok((value, base)) if exact::is_above(value, limit.value) => {
            let [value, limit_money] = [value, limit.value].map(|it| Money::new(it, base));
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
    match order_value(case).and_then(|value| Ok((value, base_of(case)?))) {
        Ok((value, base)) if price.value() < floor.value => {
            let [value, allowed] = [value, limit.value].map(|it| Money::new(it, base));
            Gauge::of_order(Some(Measure::Money(value)), Measure::Money(allowed))
        }
        Ok(_) | Err(_) => Gauge::default(),
    }
}
