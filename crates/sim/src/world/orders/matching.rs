//! When an order fills against what is displayed, and at what price. Pure arithmetic.
//!
//! It must never know accounts or clients. Called by the book, once per live order and step.

use gatehouse_types::{Decimal, OrderKind, Price, Side};

use crate::world::catalog::{Kind, Listing};
use crate::world::market::{Level, Moment, price};

/// How an order stands against the market.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::world) struct Offer {
    pub(in crate::world) price: Price,
    /// Shares displayed at that price.
    pub(in crate::world) size: i64,
}

/// Returns the side of the display that an order of `side` takes.
#[must_use]
pub(in crate::world) fn opposite(side: Side, moment: &Moment) -> Option<Level> {
    match side {
        Side::Buy => moment.ask,
        Side::Sell => moment.bid,
    }
}

/// Returns whether a stop is reached by the last trade, the broker's default for stocks.
#[must_use]
pub(in crate::world) fn is_triggered(kind: &OrderKind, side: Side, last: Option<Level>) -> bool {
    let (Some(trigger), Some(last)) = (kind.trigger(), last) else {
        return false;
    };
    let last = price(last.px);
    match side {
        Side::Buy => last >= trigger,
        Side::Sell => last <= trigger,
    }
}

/// Returns what an order can take. A limit order that rested before gets its own price, one that
/// arrives gets the displayed price, which may be better.
#[must_use]
pub(in crate::world) fn offer(
    kind: &OrderKind,
    side: Side,
    rested: bool,
    moment: &Moment,
) -> Option<Offer> {
    let level = opposite(side, moment)?;
    let shown = price(level.px);
    let at = match kind.limit() {
        None => shown,
        Some(limit) => {
            let reaches = match side {
                Side::Buy => shown <= limit,
                Side::Sell => shown >= limit,
            };
            if !reaches {
                return None;
            }
            if rested { limit } else { shown }
        }
    };
    Some(Offer { price: at, size: level.size })
}

/// Returns the broker's fixed commission on what an order has filled in total, of which `value` is
/// price × quantity. Stocks: 0.005 a share, at least 1.00, at most 1 % of the value. Options: 0.65 a
/// contract, at least 1.00. Futures: 2.25 a contract. Pairs: 0.2 basis points, at least 2.00.
#[must_use]
pub(in crate::world) fn commission(
    listing: &Listing,
    quantity: Decimal,
    value: Decimal,
) -> Decimal {
    let fee = match listing.kind {
        Kind::Stock => {
            (quantity * Decimal::new(5, 3)).max(Decimal::ONE).min(value / Decimal::ONE_HUNDRED)
        }
        Kind::Option(_) => (quantity * Decimal::new(65, 2)).max(Decimal::ONE),
        Kind::Future { .. } => quantity * Decimal::new(225, 2),
        Kind::Cash => (value * Decimal::new(2, 5)).max(Decimal::TWO),
    };
    fee.round_dp(4).normalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::catalog::by_symbol;

    fn moment(bid: i64, ask: i64, last: i64) -> Moment {
        let level = |px| Some(Level { px, size: 300 });
        Moment { bid: level(bid), ask: level(ask), last: level(last) }
    }

    fn px(text: &str) -> Price {
        text.parse().expect("is a price")
    }

    #[test]
    fn takes_the_far_side_and_never_beyond_the_limit() {
        let shown = moment(99_900, 100_000, 99_900);
        let limit = |text| OrderKind::Limit { limit: Some(px(text)) };
        for (kind, side, rested, expected) in [
            (OrderKind::Market, Side::Buy, false, Some("10")),
            (OrderKind::Market, Side::Sell, false, Some("9.99")),
            (limit("9.99"), Side::Buy, false, None),
            (limit("10.05"), Side::Buy, false, Some("10")),
            (limit("10.05"), Side::Buy, true, Some("10.05")),
            (limit("10"), Side::Sell, false, None),
            (limit("9.99"), Side::Sell, true, Some("9.99")),
        ] {
            let taken = offer(&kind, side, rested, &shown).map(|offer| offer.price);
            assert_eq!(taken, expected.map(px), "{kind:?} {side}");
        }
        assert_eq!(offer(&OrderKind::Market, Side::Buy, false, &Moment::default()), None);
    }

    #[test]
    fn a_stop_is_reached_from_its_own_side() {
        let stop = OrderKind::Stop { trigger: Some(px("10")) };
        let last = |px| Some(Level { px, size: 1 });
        for (side, shown, reached) in [
            (Side::Buy, last(99_999), false),
            (Side::Buy, last(100_000), true),
            (Side::Sell, last(100_001), false),
            (Side::Sell, last(100_000), true),
            (Side::Sell, None, false),
        ] {
            assert_eq!(is_triggered(&stop, side, shown), reached, "{side} {shown:?}");
        }
    }

    #[test]
    fn commission_has_a_floor_and_a_ceiling() {
        for (symbol, quantity, value, expected) in [
            ("SPY", 100, 10_000, "1"),
            ("SPY", 1_000, 100_000, "5"),
            ("SPY", 10, 50, "0.5"),
            ("AAPL  260116C00270000", 1, 5, "1"),
            ("AAPL  260116C00270000", 10, 50, "6.5"),
            ("ES", 2, 13_800, "4.5"),
            ("EUR.USD", 20_000, 23_400, "2"),
            ("EUR.USD", 1_000_000, 1_170_000, "23.4"),
        ] {
            let listing = by_symbol(symbol).expect("is listed");
            let charged = commission(listing, Decimal::from(quantity), Decimal::from(value));
            assert_eq!(charged.to_string(), expected, "{symbol} {quantity}");
        }
    }
}
