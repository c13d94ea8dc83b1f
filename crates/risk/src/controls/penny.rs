//! GH-10, penny stocks: below a price, an order has a smaller limit on its value.
//!
//! The price is the lowest at which the order may trade: of the quote, its limit and its trigger.

use gatehouse_types::{ControlId, LimitId, Money, Refusal};

use super::{Control, Reach};
use crate::case::{Case, Findings, is_positive};
use crate::value::order_value;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(10),
    reach: Reach::Entries,
    limits: &[LimitId::MinPrice, LimitId::PennyValue],
    check,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    let (Some(floor), Some(limit)) =
        (case.limit(LimitId::MinPrice), case.limit(LimitId::PennyValue))
    else {
        return;
    };
    let kind = &case.intent.kind;
    let Some(touch) = case.touch() else {
        let side = case.touch_name();
        return findings.refuse_in(limit.scope, Refusal::QuoteMissing { side });
    };
    let price = [kind.limit(), kind.trigger()]
        .into_iter()
        .flatten()
        .filter(|price| is_positive(*price))
        .fold(touch, |lowest, price| lowest.min(price));
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
