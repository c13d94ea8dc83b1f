//! GH-36, position per symbol: the account's position, every working order on this side and this
//! order, at the careful price, against a share of net liquidation.
//!
//! Orders of the other side are not netted: they may never fill. An order that leaves the position
//! on the side where it was, and smaller, is not above anything; one that turns it is judged by
//! what it turns into. A modify counts with the larger of old and new.

use gatehouse_types::{ControlId, Decimal, LimitId, Measure, Money, Price, Refusal, Side, exact};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;
use crate::value::{
    Missing, TOO_LARGE, base_of, check_currency, position_price, share_of_net_liquidation,
    shown_limit, to_cent, unit_value, value_of,
};

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(36),
    reach: Reach::Entries,
    limits: &[LimitId::PositionShare],
    check,
    gauge,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    let Some(limit) = case.limit(LimitId::PositionShare) else { return };
    let above = Projection::of(case)
        .and_then(|it| Ok((it, share_of_net_liquidation(case, &limit)?)))
        .and_then(|(it, allowed)| it.held_against(case, allowed));
    match above {
        Ok(None) => {}
        Ok(Some(refusal)) => findings.refuse_in(limit.scope, refusal),
        Err(missing) => findings.refuse_in(limit.scope, Refusal::PositionUnknown { missing }),
    }
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    let Some(limit) = case.limit(id) else { return Gauge::default() };
    let Ok(projection) = Projection::of(case) else { return Gauge::default() };
    let before = projection.held.checked_add(projection.working);
    let money = |quantity: Option<Decimal>| {
        let value = value_of(case, projection.price, quantity?).ok()?;
        Some(Measure::Money(Money::new(value, base_of(case).ok()?)))
    };
    Gauge {
        now: money(before),
        after: money(before.and_then(|before| before.checked_add(projection.order))),
        allowed: share_of_net_liquidation(case, &limit)
            .and_then(|allowed| Ok(Measure::Money(shown_limit(allowed, base_of(case)?))))
            .ok(),
    }
}

/// Quantities counted in the direction of the order: a position that the order shrinks is negative.
struct Projection {
    held: Decimal,
    working: Decimal,
    order: Decimal,
    price: Price,
}

impl Projection {
    fn of(case: &Case<'_>) -> Result<Self, Missing> {
        case.instrument.ok_or("contract details")?;
        let position = case.view.account_position.ok_or("account position")?.value();
        let side = case.intent.side;
        let held = match side {
            Side::Buy => position,
            Side::Sell => -position,
        };
        let working = case.tally.account.same.ok_or(TOO_LARGE)?;
        let with_order = case.tally.account.with_order.ok_or(TOO_LARGE)?;
        // A child counts with what goes beyond its parent.
        let order = with_order.checked_sub(working).ok_or(TOO_LARGE)?;
        Ok(Self { held, working, order, price: position_price(case)? })
    }

    fn held_against(&self, case: &Case<'_>, allowed: Decimal) -> Result<Option<Refusal>, Missing> {
        let unit = unit_value(case, self.price)?;
        let before = self.held.checked_add(self.working).ok_or(TOO_LARGE)?;
        let after = before.checked_add(self.order).ok_or(TOO_LARGE)?;
        let fits = |quantity: Decimal| Some(!exact::is_above(quantity.checked_mul(unit)?, allowed));
        check_currency(case)?;
        let [held, working, order] = [self.held, self.working, self.order]
            .map(|quantity| unit.checked_mul(quantity).ok_or(TOO_LARGE));
        let (held, working, order) = (held?, working?, order?);
        if fits(after).ok_or(TOO_LARGE)? {
            return Ok(None);
        }
        let would_pass = largest_fitting(before, unit, allowed, fits);
        let base = base_of(case)?;
        let [held, working, order] = [held, working, order].map(|value| to_cent(value, base));
        let limit = shown_limit(allowed, base);
        Ok(Some(Refusal::PositionAbove { held, working, order, limit, would_pass }))
    }
}

/// Returns the largest whole quantity that still fits; zero when none does or it cannot be told.
fn largest_fitting(
    before: Decimal,
    unit: Decimal,
    allowed: Decimal,
    fits: impl Fn(Decimal) -> Option<bool>,
) -> Decimal {
    let is_passing =
        |quantity: &Decimal| before.checked_add(*quantity).and_then(&fits).unwrap_or(false);
    let room = allowed
        .checked_div(unit)
        .and_then(|total| total.checked_sub(before))
        .map_or(Decimal::ZERO, |room| room.floor().max(Decimal::ZERO));
    // The quotient is rounded at its last digit, which may be one unit too many.
    [room, (room - Decimal::ONE).max(Decimal::ZERO)]
        .into_iter()
        .find(is_passing)
        .unwrap_or(Decimal::ZERO)
}
