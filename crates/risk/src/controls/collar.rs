//! GH-06, price collar: how far a limit price is from the market against the order's own interest.
//!
//! A buy above the ask and a sell below the bid are harmful; the other direction only waits. A
//! market order has no price to judge, and a stop's trigger is not judged: it says when, not at
//! what price. The limit of a STP LMT works when the market has reached its trigger, so it is held
//! against the trigger or the quote, whichever the market reaches later (a buy: the higher, a
//! sell: the lower). Exits pass: a market order would close at any price, too. Options are for
//! GH-07.

use gatehouse_types::{ControlId, Decimal, Limit, LimitId, Measure, Price, Refusal, Side, exact};
use rust_decimal::RoundingStrategy;

use super::{Control, Reach};
use crate::case::{Case, Findings, is_positive};
use crate::gauge::Gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(6),
    reach: Reach::Entries,
    limits: &[LimitId::PriceCollar, LimitId::PriceCollarWarn],
    check,
    gauge,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    let (refuse, warn) = (case.limit(LimitId::PriceCollar), case.limit(LimitId::PriceCollarWarn));
    let Some(price) = limit_price(case) else { return };
    let Some(collar) = Collar::of(case, price) else {
        if let Some(limit) = refuse {
            let side = case.touch_name();
            findings.refuse_in(limit.scope, Refusal::QuoteMissing { side });
        }
        return;
    };
    if let Some(limit) = refuse.filter(|limit| collar.is_beyond(limit)) {
        findings.refuse_in(limit.scope, collar.refusal(&limit));
    } else if let Some(limit) = warn.filter(|limit| collar.is_beyond(limit)) {
        findings.warn_in(limit.scope, collar.refusal(&limit));
    }
}

/// Returns the limit price of an order in anything but an option.
fn limit_price(case: &Case<'_>) -> Option<Price> {
    let is_option = case.instrument.is_some_and(|it| it.sec_type.is_option());
    case.intent.kind.limit().filter(|price| !is_option && is_positive(*price))
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    let collar = limit_price(case).and_then(|price| Collar::of(case, price));
    let (Some(limit), Some(collar)) = (case.limit(id), collar) else { return Gauge::default() };
    let percent = Measure::Percent(collar.percent().max(Decimal::ZERO));
    Gauge::of_order(Some(percent), Measure::Percent(limit.value))
}

struct Collar {
    price: Price,
    /// Above zero.
    reference: Price,
    /// How far the price is on the harmful side, zero or less when it is not.
    distance: Option<Decimal>,
}

impl Collar {
    /// Returns `None` without a price of the market to compare with.
    fn of(case: &Case<'_>, price: Price) -> Option<Self> {
        let (side, touch) = (case.intent.side, case.touch()?);
        let trigger = case.intent.kind.trigger().filter(|it| is_positive(*it));
        let reference = match (trigger, side) {
            (None, _) => touch,
            (Some(trigger), Side::Buy) => touch.max(trigger),
            (Some(trigger), Side::Sell) => touch.min(trigger),
        };
        let distance = match side {
            Side::Buy => price.value().checked_sub(reference.value()),
            Side::Sell => reference.value().checked_sub(price.value()),
        };
        Some(Self { price, reference, distance })
    }

    /// Compares without dividing; a number that does not fit is beyond.
    fn is_beyond(&self, limit: &Limit<'_>) -> bool {
        let distance = self.distance.and_then(|it| it.checked_mul(Decimal::ONE_HUNDRED));
        let allowed = self.reference.value().checked_mul(limit.value);
        match (distance, allowed) {
            (Some(distance), Some(allowed)) => exact::is_above(distance, allowed),
            (None, _) | (_, None) => true,
        }
    }

    /// Returns the distance in percent, rounded up to what is shown.
    fn percent(&self) -> Decimal {
        self.distance
            .and_then(|it| it.checked_mul(Decimal::ONE_HUNDRED))
            .and_then(|it| it.checked_div(self.reference.value()))
            .map_or(Decimal::MAX, |it| {
                it.round_dp_with_strategy(2, RoundingStrategy::ToPositiveInfinity).normalize()
            })
    }

    fn refusal(&self, limit: &Limit<'_>) -> Refusal {
        Refusal::CollarAbove {
            price: self.price,
            reference: self.reference,
            percent: self.percent(),
            limit: limit.value,
        }
    }
}
