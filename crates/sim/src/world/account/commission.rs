//! What the broker charges for a trade, by its published schedules.
//!
//! Sources: the broker's pages on commissions for stocks, options, futures and spot currencies
//! (North America and Western Europe, fixed and tiered, the lowest volume of each); what regulators
//! take stands in [`regulators`]. Left out: what exchanges charge and pay back under the tiered
//! plan, for everything here trades on one venue; taxes. Charges are those of the whole order so far, because minimum and maximum
//! belong to the order. It must never know accounts or clients.
//!
//! | class | fixed | tiered |
//! |---|---|---|
//! | US stocks | 0.005 a share, 1.00 to 1 % of the value | 0.0035 a share, 0.35 to 1 %, and 0.0002 for clearing |
//! | stocks in EUR, GBP, CHF | 0.05 %, at least 3.00 | 0.05 %, 1.25 to 29.00 |
//! | options | 0.65 a contract, 0.50 below a premium of 0.10, 0.25 below 0.05, at least 1.00 | the same |
//! | futures | by product, exchange and regulator included | the same |
//! | crypto | 0.18 % of the value, at least 1.75, at most 1 % | the same |
//! | bonds | 0.1 % of the first 10,000 of face value, 0.025 % above, at least 1.00 | the same |
//! | pairs | 0.2 basis points, at least 2.00, in US dollars | the same |

use gatehouse_types::{Decimal, Side};

use super::class::Class;
use super::regulators;
use crate::world::catalog::Listing;

/// The broker's two price lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Plan {
    #[default]
    Fixed,
    Tiered,
}

/// What an order has traded so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traded {
    pub side: Side,
    /// Shares or contracts.
    pub quantity: Decimal,
    /// Sum of price × quantity, in the instrument's currency and without its multiplier.
    pub value: Decimal,
    /// Dollars for one unit of the instrument's currency.
    pub rate: Decimal,
    /// When, in seconds.
    pub at: i64,
}

/// What is charged a contract of a future: the broker's 0.85 (0.25 for micros), the exchange's
/// fee and 0.02 for the regulator; of MES what a paper Gateway charged in August 2026.
const FUTURES: &[(&str, Decimal)] = &[
    ("ES", Decimal::from_parts(225, 0, 0, false, 2)),
    ("NQ", Decimal::from_parts(225, 0, 0, false, 2)),
    ("RTY", Decimal::from_parts(225, 0, 0, false, 2)),
    ("YM", Decimal::from_parts(225, 0, 0, false, 2)),
    ("MES", Decimal::from_parts(61, 0, 0, false, 2)),
    ("MNQ", Decimal::from_parts(62, 0, 0, false, 2)),
    ("M2K", Decimal::from_parts(62, 0, 0, false, 2)),
    ("MYM", Decimal::from_parts(62, 0, 0, false, 2)),
    ("CL", Decimal::from_parts(247, 0, 0, false, 2)),
    ("MCL", Decimal::from_parts(77, 0, 0, false, 2)),
    ("GC", Decimal::from_parts(247, 0, 0, false, 2)),
    ("MGC", Decimal::from_parts(77, 0, 0, false, 2)),
];
/// A future that the table does not name.
const FUTURE: Decimal = Decimal::from_parts(225, 0, 0, false, 2);

/// Returns the currency in which the broker charges: the instrument's, but for a pair the
/// account's own.
#[must_use]
pub fn currency(listing: &Listing) -> &'static str {
    match Class::of(listing) {
        Class::Pair => "USD",
        Class::UsStock
        | Class::ForeignStock
        | Class::Option
        | Class::Future
        | Class::Crypto
        | Class::Bond => listing.currency,
    }
}

/// Returns the commission and fees on everything that an order has traded, in [`currency`], to the
/// millionth of it, as a paper Gateway at server version 225 reported them.
#[must_use]
pub fn charged(plan: Plan, listing: &Listing, traded: &Traded) -> Decimal {
    if traded.quantity.is_zero() {
        return Decimal::ZERO;
    }
    let charge = match Class::of(listing) {
        Class::UsStock => {
            us_stock(plan, traded)
                + regulators::on_stock(traded.side, traded.quantity, traded.value, traded.at)
        }
        Class::ForeignStock => foreign_stock(plan, traded.value),
        Class::Option => {
            let value = traded.value * listing.multiplier();
            option(traded)
                + regulators::on_option(traded.side, traded.quantity, value.abs(), traded.at)
        }
        Class::Future => traded.quantity * future(listing.symbol),
        Class::Crypto => crypto(traded.value),
        // The price is in percent of the face value.
        Class::Bond => bond(traded.quantity * listing.multiplier() * Decimal::ONE_HUNDRED),
        Class::Pair => (traded.value * traded.rate * Decimal::new(2, 5)).max(Decimal::TWO),
    };
    charge.round_dp(6).normalize()
}

fn us_stock(plan: Plan, traded: &Traded) -> Decimal {
    let most = traded.value / Decimal::ONE_HUNDRED;
    let between = |per_share: Decimal, least| (traded.quantity * per_share).max(least).min(most);
    match plan {
        Plan::Fixed => between(Decimal::new(5, 3), Decimal::ONE),
        Plan::Tiered => {
            let clearing = (traded.quantity * Decimal::new(2, 4)).min(most / Decimal::TWO);
            between(Decimal::new(35, 4), Decimal::new(35, 2)) + clearing
        }
    }
}

fn foreign_stock(plan: Plan, value: Decimal) -> Decimal {
    let share = value * Decimal::new(5, 4);
    match plan {
        Plan::Fixed => share.max(Decimal::from(3)),
        Plan::Tiered => share.max(Decimal::new(125, 2)).min(Decimal::from(29)),
    }
}

fn option(traded: &Traded) -> Decimal {
    let premium = (traded.value / traded.quantity).abs();
    let contract = if premium < Decimal::new(5, 2) {
        Decimal::new(25, 2)
    } else if premium < Decimal::new(10, 2) {
        Decimal::new(50, 2)
    } else {
        Decimal::new(65, 2)
    };
    (traded.quantity * contract).max(Decimal::ONE)
}

fn crypto(value: Decimal) -> Decimal {
    (value * Decimal::new(18, 4)).max(Decimal::new(175, 2)).min(value / Decimal::ONE_HUNDRED)
}

fn bond(face: Decimal) -> Decimal {
    let first = face.min(Decimal::from(10_000));
    let beyond = face - first;
    (first * Decimal::new(1, 3) + beyond * Decimal::new(25, 5)).max(Decimal::ONE)
}

fn future(symbol: &str) -> Decimal {
    FUTURES.iter().find(|(name, _)| *name == symbol).map_or(FUTURE, |(_, charge)| *charge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::catalog::by_symbol;

    fn check(plan: Plan, symbol: &str, side: Side, (quantity, value): (i64, &str), expected: &str) {
        let listing = by_symbol(symbol).expect("is listed");
        let traded = Traded {
            side,
            quantity: Decimal::from(quantity),
            value: value.parse().expect("is a value"),
            rate: Decimal::ONE,
            at: crate::world::calendar::new_york_secs(jiff::civil::date(2026, 8, 25), 14, 11),
        };
        let charge = charged(plan, listing, &traded).to_string();
        assert_eq!(charge, expected, "{plan:?} {symbol} {side} {quantity} {value}");
    }

    #[test]
    fn every_class_is_charged_by_its_schedule() {
        use Plan::{Fixed, Tiered};
        use Side::{Buy, Sell};
        let option = "AAPL  260116C00270000";
        for (plan, symbol, side, traded, expected) in [
            (Fixed, "SPY", Buy, (1, "309.16"), "1.000003"),
            (Fixed, "SPY", Sell, (1, "309.15"), "1.006566"),
            (Fixed, "SPY", Buy, (100, "10000"), "1.0003"),
            (Fixed, "SPY", Buy, (200, "20000"), "1.0006"),
            (Fixed, "SPY", Buy, (201, "20100"), "1.005603"),
            (Fixed, "SPY", Buy, (1_000, "100000"), "5.003"),
            (Fixed, "SPY", Buy, (10, "50"), "0.50003"),
            (Fixed, "SPY", Sell, (100, "10000"), "1.2258"),
            (Fixed, "SPY", Sell, (100_000, "68000000"), "1910.89"),
            (Tiered, "SPY", Buy, (50, "5000"), "0.36015"),
            (Tiered, "SPY", Buy, (1_000, "100000"), "3.703"),
            (Tiered, "SPY", Buy, (10, "5"), "0.05203"),
            (Fixed, "SAP", Buy, (10, "2080"), "3"),
            (Fixed, "SAP", Sell, (100, "20800"), "10.4"),
            (Tiered, "SAP", Buy, (10, "2080"), "1.25"),
            (Tiered, "SAP", Buy, (1_000, "208000"), "29"),
            (Fixed, option, Buy, (1, "5"), "1"),
            (Fixed, option, Buy, (10, "50"), "6.5"),
            (Fixed, option, Buy, (10, "1"), "6.5"),
            (Fixed, option, Buy, (10, "0.99"), "5"),
            (Fixed, option, Buy, (10, "0.5"), "5"),
            (Fixed, option, Buy, (10, "0.49"), "2.5"),
            (Fixed, option, Sell, (10, "50"), "6.6359"),
            (Fixed, "ES", Buy, (2, "13800"), "4.5"),
            (Fixed, "EUR.USD", Buy, (20_000, "23400"), "2"),
            (Fixed, "EUR.USD", Sell, (1_000_000, "1170000"), "23.4"),
            (Fixed, "SPY", Buy, (0, "0"), "0"),
        ] {
            check(plan, symbol, side, traded, expected);
        }
        assert_eq!(future("MES"), Decimal::new(61, 2));
        for (value, expected) in [(100, "1"), (500, "1.75"), (90_000, "162")] {
            assert_eq!(crypto(Decimal::from(value)).normalize().to_string(), expected, "{value}");
        }
        for (face, expected) in [(500, "1"), (10_000, "10"), (50_000, "20")] {
            assert_eq!(bond(Decimal::from(face)).normalize().to_string(), expected, "{face}");
        }
    }

    #[test]
    fn a_pair_is_charged_in_dollars_and_a_stock_in_its_own_currency() {
        for (symbol, expected) in [("EUR.USD", "USD"), ("SAP", "EUR"), ("SPY", "USD")] {
            assert_eq!(currency(by_symbol(symbol).expect("is listed")), expected, "{symbol}");
        }
    }
}
