//! GH-04, value per order: the stricter of an amount and a share of net liquidation.
//!
//! The whole order counts, at the price of the table in `value`. A modify is judged by the order
//! it would become.

use gatehouse_types::{ControlId, LimitId, Money, Refusal, Scope};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::value::{Missing, order_value, share_of_net_liquidation, shown_limit};

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(4),
    reach: Reach::Entries,
    limits: &[LimitId::OrderValue, LimitId::OrderValueShare],
    check,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    let amount = case.limit(LimitId::OrderValue);
    let share = case.limit(LimitId::OrderValueShare);
    let Some(any) = amount.as_ref().or(share.as_ref()) else { return };
    let any_scope = any.scope.clone();
    let value = match order_value(case) {
        Ok(value) => value,
        Err(missing) => return findings.refuse_in(any_scope, unknown(missing)),
    };
    let amount =
        amount.map(|limit| (Money::new(limit.value, value.currency()), limit.scope.clone()));
    let share = match share {
        None => None,
        Some(limit) => match share_of_net_liquidation(case, &limit) {
            Ok(money) => Some((money, limit.scope)),
            Err(missing) => {
                findings.refuse_in(limit.scope, unknown(missing));
                None
            }
        },
    };
    let Some((limit, scope)) = stricter(amount, share) else { return };
    if value.amount() > limit.amount() {
        findings.refuse_in(scope, Refusal::ValueAbove { value, limit: shown_limit(limit) });
    }
}

fn stricter(left: Option<(Money, Scope)>, right: Option<(Money, Scope)>) -> Option<(Money, Scope)> {
    match (left, right) {
        (Some(left), Some(right)) if right.0.amount() < left.0.amount() => Some(right),
        (Some(left), _) => Some(left),
        (None, right) => right,
    }
}

fn unknown(missing: Missing) -> Refusal {
    Refusal::ValueUnknown { missing }
}
