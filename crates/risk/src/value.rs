//! What an order may cost, in exact decimals and always to the careful side.
//!
//! | order | price it is valued at |
//! |---|---|
//! | buy LMT, STP LMT | its limit: it cannot cost more |
//! | buy MKT, STP | the larger of ask and trigger |
//! | sell, all types | the largest of bid, limit and trigger: a limit below the bid trades at the bid |
//!
//! What is missing is named, never assumed. It must never know limits. Called by the controls.

use std::time::Duration;

use gatehouse_types::{
    Currency, Decimal, Limit, LimitId, Measure, Money, OrderKind, Price, Refusal, ScopeRef, Side,
    exact,
};
use rust_decimal::RoundingStrategy;

use crate::case::{Case, Findings, is_positive};
use crate::gauge::Gauge;

/// Age from which net liquidation counts as unknown.
///
/// The broker sends account values every three minutes, or sooner when a position changes: after
/// ten minutes three were missed, with a minute for a slow one.
pub const NET_LIQUIDATION_AGE_MAX: Duration = Duration::from_secs(600);

/// Name of what is not known, in words that follow "no".
pub(crate) type Missing = &'static str;

/// What is missing when a result does not fit a decimal.
pub(crate) const TOO_LARGE: Missing = "exact number, it is too large";

const CENT_PLACES: u32 = 2;

/// Returns the price that the order is valued at, per the table above.
pub(crate) fn order_price(case: &Case<'_>) -> Result<Price, Missing> {
    *case.order_price.get_or_init(|| price_of_order(case))
}

fn price_of_order(case: &Case<'_>) -> Result<Price, Missing> {
    let kind = &case.intent.kind;
    let limit = || kind.limit().filter(|price| is_positive(*price)).ok_or("limit price");
    let trigger = || kind.trigger().filter(|price| is_positive(*price)).ok_or("trigger price");
    match (case.intent.side, kind) {
        (Side::Buy, OrderKind::Limit { .. } | OrderKind::StopLimit { .. }) => limit(),
        (Side::Buy | Side::Sell, OrderKind::Market) => touch(case),
        (Side::Buy | Side::Sell, OrderKind::Stop { .. }) => Ok(touch(case)?.max(trigger()?)),
        (Side::Sell, OrderKind::Limit { .. }) => Ok(touch(case)?.max(limit()?)),
        (Side::Sell, OrderKind::StopLimit { .. }) => Ok(touch(case)?.max(limit()?).max(trigger()?)),
        (Side::Buy | Side::Sell, OrderKind::Other { .. }) => Err("price for its type"),
    }
}

/// Returns the price that a position is valued at after the order: the largest of the order's own
/// and both sides of the quote, because a far limit must not make shares already held look cheap.
pub(crate) fn position_price(case: &Case<'_>) -> Result<Price, Missing> {
    *case.position_price.get_or_init(|| {
        let price = order_price(case)?.max(touch(case)?);
        let sides = case.live_quote().map(|quote| [quote.bid, quote.ask]).unwrap_or_default();
        Ok(sides.into_iter().flatten().fold(price, Price::max))
    })
}

/// Returns the value of the whole order in the base currency, rounded up to the cent.
pub(crate) fn order_value(case: &Case<'_>) -> Result<Decimal, Missing> {
    *case.order_value.get_or_init(|| {
        let price = order_price(case)?;
        value_of(case, price, case.intent.quantity.value())
    })
}

/// Returns the value of a signed quantity in the base currency, rounded away from zero to the cent.
pub(crate) fn value_of(
    case: &Case<'_>,
    price: Price,
    quantity: Decimal,
) -> Result<Decimal, Missing> {
    check_currency(case)?;
    let amount = unit_value(case, price)?.checked_mul(quantity).ok_or(TOO_LARGE)?;
    Ok(up_to_cent(amount))
}

/// Checks that the instrument is worth something in the base currency.
pub(crate) fn check_currency(case: &Case<'_>) -> Result<(), Missing> {
    let instrument = case.instrument.ok_or("contract details")?;
    if instrument.currency == base_of(case)? { Ok(()) } else { Err("exchange rate") }
}

/// Returns the currency that everything is held against.
pub(crate) fn base_of(case: &Case<'_>) -> Result<Currency, Missing> {
    Ok(case.view.net_liquidation.ok_or("net liquidation value")?.value.currency())
}

/// Returns the exact value of one unit.
pub(crate) fn unit_value(case: &Case<'_>, price: Price) -> Result<Decimal, Missing> {
    let multiplier = case.instrument.ok_or("contract details")?.multiplier.abs();
    price.value().abs().checked_mul(multiplier).ok_or(TOO_LARGE)
}

/// Returns the exact share of net liquidation that a limit in percent allows; zero when the
/// account is worth nothing.
pub(crate) fn share_of_net_liquidation(
    case: &Case<'_>,
    limit: &Limit<'_>,
) -> Result<Decimal, Missing> {
    let worth = *case.worth.get_or_init(|| {
        let known = case.view.net_liquidation.ok_or("net liquidation value")?;
        if case.now.mono.since(known.at) > NET_LIQUIDATION_AGE_MAX {
            return Err("recent net liquidation value");
        }
        Ok(exact::not_below_zero(known.value.amount()))
    });
    let worth = worth?;
    exact::hundredth(limit.value).and_then(|share| worth.checked_mul(share)).ok_or(TOO_LARGE)
}

/// Returns an amount as it is shown: rounded away from zero to the cent, so that what is shown is
/// never less than what is compared.
pub(crate) fn to_cent(amount: Decimal, currency: Currency) -> Money {
    Money::new(up_to_cent(amount), currency)
}

fn up_to_cent(amount: Decimal) -> Decimal {
    if amount.scale() <= CENT_PLACES {
        return amount;
    }
    amount.round_dp_with_strategy(CENT_PLACES, RoundingStrategy::AwayFromZero)
}

/// Returns a limit as it is shown: rounded down to the cent, so that what is shown never passes
/// more than what is compared.
pub(crate) fn shown_limit(limit: Decimal, currency: Currency) -> Money {
    let cents = limit.round_dp_with_strategy(CENT_PLACES, RoundingStrategy::ToNegativeInfinity);
    Money::new(cents, currency)
}

fn touch(case: &Case<'_>) -> Result<Price, Missing> {
    case.touch().ok_or(match case.intent.side {
        Side::Buy => "live ask price",
        Side::Sell => "live bid price",
    })
}

/// Two limits on the value of one order, of which the stricter holds.
pub(crate) struct Ceiling {
    pub(crate) amount: LimitId,
    pub(crate) share: LimitId,
}

impl Ceiling {
    /// Returns what the order is worth against one of the two.
    pub(crate) fn gauge(&self, case: &Case<'_>, id: LimitId) -> Gauge {
        let Some(limit) = case.limit(id) else { return Gauge::default() };
        let Ok(base) = base_of(case) else { return Gauge::default() };
        let value = order_value(case).map(|value| Money::new(value, base));
        let allowed = if id == self.share {
            share_of_net_liquidation(case, &limit).map(|allowed| shown_limit(allowed, base))
        } else {
            Ok(Money::new(limit.value, base))
        };
        let shown = |money: Result<Money, Missing>| money.ok().map(Measure::Money);
        Gauge { now: None, after: shown(value), allowed: shown(allowed) }
    }
}

/// Refuses an order that is worth more than the stricter of the two, or of which that is unknown.
pub(crate) fn check_ceiling(
    case: &Case<'_>,
    ceiling: &Ceiling,
    above: fn(Money, Money) -> Refusal,
    findings: &mut Findings,
) {
    let (amount, share) = (case.limit(ceiling.amount), case.limit(ceiling.share));
    let Some(any) = amount.or(share) else { return };
    let unknown = |missing| Refusal::ValueUnknown { missing };
    let (value, base) = match order_value(case).and_then(|value| Ok((value, base_of(case)?))) {
        Ok(known) => known,
        Err(missing) => return findings.refuse_in(any.scope, unknown(missing)),
    };
    let amount = amount.map(|limit| (limit.value, limit.scope));
    let share = share.and_then(|limit| match share_of_net_liquidation(case, &limit) {
        Ok(allowed) => Some((allowed, limit.scope)),
        Err(missing) => {
            findings.refuse_in(limit.scope, unknown(missing));
            None
        }
    });
    let Some((limit, scope)) = stricter(amount, share) else { return };
    if exact::is_above(value, limit) {
        findings.refuse_in(scope, above(Money::new(value, base), shown_limit(limit, base)));
    }
}

type Allowed<'a> = Option<(Decimal, ScopeRef<'a>)>;

fn stricter<'a>(left: Allowed<'a>, right: Allowed<'a>) -> Allowed<'a> {
    match (left, right) {
        (Some(left), Some(right)) if exact::is_above(left.0, right.0) => Some(right),
        (Some(left), _) => Some(left),
        (None, right) => right,
    }
}
