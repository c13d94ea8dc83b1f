//! GH-36, position per symbol: the account's position, every working order on this side and this
//! order, at the careful price, against a share of net liquidation.
//!
//! Orders of the other side are not netted: they may never fill. An order that leaves the position
//! on the side where it was, and smaller, is not above anything; one that turns it is judged by
//! what it turns into. A modify counts with the larger of old and new.

use gatehouse_types::{ControlId, Decimal, LimitId, Measure, Money, Price, Refusal, Side};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::family::{part, side_quantity};
use crate::gauge::Gauge;
use crate::value::{
    Missing, TOO_LARGE, position_price, share_of_net_liquidation, shown_limit, unit_value, value_of,
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
        Some(Measure::Money(value))
    };
    Gauge {
        now: money(before),
        after: money(before.and_then(|before| before.checked_add(projection.order))),
        allowed: share_of_net_liquidation(case, &limit)
            .ok()
            .map(|allowed| Measure::Money(shown_limit(allowed))),
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
        let instrument = case.instrument.ok_or("contract details")?;
        let position = case.view.account_position.ok_or("account position")?.value();
        let side = case.intent.side;
        let held = match side {
            Side::Buy => position,
            Side::Sell => -position,
        };
        let sum = |added| side_quantity(case.view, instrument.con_id, side, None, added);
        let working = sum(None).ok_or(TOO_LARGE)?;
        let with_order = sum(Some(part(case.view, case.intent))).ok_or(TOO_LARGE)?;
        // A child counts with what goes beyond its parent.
        let order = with_order.checked_sub(working).ok_or(TOO_LARGE)?;
        Ok(Self { held, working, order, price: position_price(case)? })
    }

    fn held_against(&self, case: &Case<'_>, allowed: Money) -> Result<Option<Refusal>, Missing> {
        let unit = unit_value(case, self.price)?;
        let before = self.held.checked_add(self.working).ok_or(TOO_LARGE)?;
        let after = before.checked_add(self.order).ok_or(TOO_LARGE)?;
        let fits = |quantity: Decimal| Some(quantity.checked_mul(unit)? <= allowed.amount());
        // The currencies are compared in here, even for an order that fits.
        let [held, working, order] = [self.held, self.working, self.order]
            .map(|quantity| value_of(case, self.price, quantity));
        let (held, working, order) = (held?, working?, order?);
        if fits(after).ok_or(TOO_LARGE)? {
            return Ok(None);
        }
        let would_pass = largest_fitting(before, unit, allowed.amount(), fits);
        let limit = shown_limit(allowed);
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
