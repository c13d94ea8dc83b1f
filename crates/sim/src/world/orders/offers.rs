//! When an order fills against what is displayed, and at what price. Pure arithmetic.
//!
//! It must never know accounts or clients. Called by the working of orders, once per live order and
//! step.

use gatehouse_types::{Decimal, Price, Side};

use super::kind::{Peg, PegTo};
use super::triggers::middle;
use crate::world::market::{Level, Moment, price};

/// How an order stands against the market.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::world) struct Offer {
    pub(in crate::world) price: Price,
    /// Shares displayed at that price.
    pub(in crate::world) size: i64,
    /// The market came to the order instead of the order to the market.
    pub(in crate::world) adds_liquidity: bool,
}

/// As what an order stands in the market at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::world) enum Working {
    Market,
    /// Displayed, or as good as that, at a price.
    Limit(Price),
    /// At a price that moves with the quote. The quote never crosses what follows it, so that a
    /// trade at its price fills it too.
    Floating(Price),
}

/// Where an order rests, and how it reaches further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::world) struct Standing {
    pub(in crate::world) side: Side,
    pub(in crate::world) working: Working,
    /// It stood there for a step.
    pub(in crate::world) rested: bool,
    /// How far beyond its limit it would still trade.
    pub(in crate::world) discretion: Decimal,
}

/// Returns the side of the display that an order of `side` takes.
#[must_use]
pub(in crate::world) fn opposite(side: Side, moment: &Moment) -> Option<Level> {
    match side {
        Side::Buy => moment.ask,
        Side::Sell => moment.bid,
    }
}

/// Returns the side of the display that an order of `side` joins.
#[must_use]
pub(in crate::world) fn own(side: Side, moment: &Moment) -> Option<Level> {
    opposite(side.opposite(), moment)
}

/// Returns a price made worse for an order: higher for a buy, lower for a sell.
#[must_use]
pub(in crate::world) fn worse(side: Side, from: Decimal, by: Decimal) -> Decimal {
    match side {
        Side::Buy => from + by,
        Side::Sell => from - by,
    }
}

/// Returns whether a price is as good for an order as another, or better.
#[must_use]
pub(in crate::world) fn is_within(side: Side, price: Decimal, limit: Decimal) -> bool {
    match side {
        Side::Buy => price <= limit,
        Side::Sell => price >= limit,
    }
}

/// Returns what an order can take. A limit order that rested before gets its own price, one that
/// arrives gets the displayed price, which may be better.
#[must_use]
pub(in crate::world) fn offer(standing: &Standing, moment: &Moment) -> Option<Offer> {
    let Standing { side, working, rested, discretion } = *standing;
    let takes =
        |level: Level| Offer { price: price(level.px), size: level.size, adds_liquidity: false };
    // A price that moves comes to the display itself, and takes what it finds there.
    let rested = rested && !matches!(working, Working::Floating(_));
    let reached = |limit: Price| {
        let level = opposite(side, moment)?;
        let shown = price(level.px).value();
        if is_within(side, shown, limit.value()) {
            let price = if rested { limit } else { price(level.px) };
            return Some(Offer { price, size: level.size, adds_liquidity: rested });
        }
        is_within(side, shown, worse(side, limit.value(), discretion)).then(|| takes(level))
    };
    match working {
        Working::Market => opposite(side, moment).map(takes),
        Working::Limit(limit) => reached(limit),
        Working::Floating(limit) => reached(limit).or_else(|| {
            let last = moment.last?;
            let traded = is_within(side, price(last.px).value(), limit.value());
            traded.then_some(Offer { price: limit, size: last.size, adds_liquidity: true })
        }),
    }
}

/// Returns the present price of a peg; `None` where the quote it needs is missing. `moved` is by
/// how much its benchmark moved, if it has one.
#[must_use]
pub(in crate::world) fn pegged(
    peg: &Peg,
    side: Side,
    moment: &Moment,
    moved: Option<Decimal>,
) -> Option<Price> {
    let base = match &peg.to {
        PegTo::Primary => price(own(side, moment)?.px).value(),
        PegTo::Market => price(opposite(side, moment)?.px).value(),
        PegTo::Middle => middle(moment)?.value(),
        PegTo::Benchmark(benchmark) => {
            let n_moves = moved?.checked_div(benchmark.per)?.trunc();
            benchmark.start.value() + n_moves * benchmark.change
        }
    };
    let share = base * peg.percent / Decimal::ONE_HUNDRED;
    let at = worse(side, base, peg.offset + share.round_dp(2));
    let capped = match peg.cap {
        Some(cap) if !is_within(side, at, cap.value()) => cap.value(),
        Some(_) | None => at,
    };
    Some(Price::new(capped.normalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(bid: i64, ask: i64, last: i64) -> Moment {
        let level = |px: i64| Some(Level { px, size: 300 });
        Moment { bid: level(bid), ask: level(ask), last: level(last) }
    }

    fn px(text: &str) -> Price {
        text.parse().expect("is a price")
    }

    #[test]
    fn takes_the_far_side_and_never_beyond_the_limit() {
        let shown = moment(999_000, 1_000_000, 999_000);
        let limit = |text| Working::Limit(px(text));
        for (working, side, rested, expected) in [
            (Working::Market, Side::Buy, false, Some("10")),
            (Working::Market, Side::Sell, false, Some("9.99")),
            (limit("9.99"), Side::Buy, false, None),
            (limit("10.05"), Side::Buy, false, Some("10")),
            (limit("10.05"), Side::Buy, true, Some("10.05")),
            (limit("10"), Side::Sell, false, None),
            (limit("9.99"), Side::Sell, true, Some("9.99")),
        ] {
            let standing = Standing { side, working, rested, discretion: Decimal::ZERO };
            let taken = offer(&standing, &shown).map(|offer| offer.price);
            assert_eq!(taken, expected.map(px), "{working:?} {side}");
            assert_eq!(offer(&standing, &Moment::default()), None);
        }
    }

    #[test]
    fn discretion_reaches_the_display_and_a_floating_price_the_trades() {
        let shown = moment(999_000, 1_000_000, 999_000);
        let standing = |working, discretion: &str| Standing {
            side: Side::Buy,
            working,
            rested: true,
            discretion: discretion.parse().expect("is a number"),
        };
        for (working, discretion, expected) in [
            (Working::Limit(px("9.98")), "0.01", None),
            (Working::Limit(px("9.98")), "0.02", Some("10")),
            (Working::Limit(px("9.98")), "0.05", Some("10")),
            (Working::Floating(px("9.99")), "0", Some("9.99")),
            (Working::Floating(px("9.995")), "0", Some("9.995")),
            (Working::Floating(px("9.98")), "0", None),
        ] {
            let taken = offer(&standing(working, discretion), &shown).map(|offer| offer.price);
            assert_eq!(taken, expected.map(px), "{working:?} {discretion}");
        }
    }

    #[test]
    fn a_peg_follows_its_side_of_the_quote_up_to_its_cap() {
        let shown = moment(999_000, 1_001_000, 999_000);
        for (to, side, offset, cap, expected) in [
            (PegTo::Primary, Side::Buy, "0.01", None, "10"),
            (PegTo::Primary, Side::Sell, "0.01", None, "10"),
            (PegTo::Primary, Side::Buy, "-0.02", None, "9.97"),
            (PegTo::Market, Side::Buy, "-0.01", None, "10"),
            (PegTo::Market, Side::Sell, "0", None, "9.99"),
            (PegTo::Middle, Side::Buy, "0", None, "10"),
            (PegTo::Middle, Side::Buy, "0", Some("9.95"), "9.95"),
            (PegTo::Middle, Side::Sell, "0", Some("9.95"), "10"),
            (PegTo::Middle, Side::Sell, "0", Some("10.05"), "10.05"),
        ] {
            let peg = Peg {
                to,
                offset: offset.parse().expect("is a number"),
                percent: Decimal::ZERO,
                cap: cap.map(px),
            };
            assert_eq!(pegged(&peg, side, &shown, None), Some(px(expected)), "{peg:?} {side}");
            assert_eq!(pegged(&peg, side, &Moment::default(), None), None);
        }
    }
}
