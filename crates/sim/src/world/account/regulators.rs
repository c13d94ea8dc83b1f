//! What regulators take of a trade in US stocks and options, which the broker passes on.
//!
//! Sources: the SEC's fee rate advisories for the fiscal years 2025 and 2026 (section 31), FINRA's
//! schedule of its Trading Activity Fee (SR-FINRA-2024-019). The share of the Consolidated Audit
//! Trail is what a paper Gateway at server version 225 charged in August 2026: with it and the
//! other two, one share of AAPL bought cost 1.000003 and one sold at 309.15 cost 1.006566. An
//! assumption: that share was the same before and after. Left out: the trail's and the exchanges'
//! fees on options, and the months in which FINRA does not ask for its own, for which no bill of
//! the broker was seen. It must never know the broker's own prices. Called by the commissions.
//!
//! | from | SEC, a million dollars sold | FINRA, a share sold | at most | an option sold |
//! |---|---|---|---|---|
//! | | 27.80 | 0.000166 | 8.30 | 0.00279 |
//! | 14 May 2025 | 0 | 0.000166 | 8.30 | 0.00279 |
//! | 1 January 2026 | 0 | 0.000195 | 9.79 | 0.00329 |
//! | 4 April 2026 | 20.60 | 0.000195 | 9.79 | 0.00329 |

use gatehouse_types::{Decimal, Side};
use jiff::civil::{Date, date};

use crate::world::calendar::new_york;

/// The rates of one time.
struct Rates {
    from: Date,
    /// Of a dollar that is sold.
    sales: Decimal,
    share: Decimal,
    share_max: Decimal,
    option: Decimal,
}

const fn rate(mantissa: u32, scale: u32) -> Decimal {
    Decimal::from_parts(mantissa, 0, 0, false, scale)
}

const fn rates(from: Date, sales: u32, (share, share_max, option): (u32, u32, u32)) -> Rates {
    Rates {
        from,
        sales: rate(sales, 7),
        share: rate(share, 6),
        share_max: rate(share_max, 2),
        option: rate(option, 5),
    }
}

/// Since when which rates hold, the latest last.
const SCHEDULE: [Rates; 4] = [
    rates(Date::MIN, 278, (166, 830, 279)),
    rates(date(2025, 5, 14), 0, (166, 830, 279)),
    rates(date(2026, 1, 1), 0, (195, 979, 329)),
    rates(date(2026, 4, 4), 206, (195, 979, 329)),
];
/// The Consolidated Audit Trail's part of a share that is bought or sold.
const TRAIL_SHARE: Decimal = rate(3, 6);

/// Returns the fees on shares of a US stock; the value is in dollars, the instant in seconds.
pub(super) fn on_stock(side: Side, shares: Decimal, value: Decimal, at: i64) -> Decimal {
    let trail = shares * TRAIL_SHARE;
    match side {
        Side::Buy => trail,
        Side::Sell => {
            let rates = rates_at(at);
            trail + value * rates.sales + (shares * rates.share).min(rates.share_max)
        }
    }
}

/// Returns the fees on options that are sold; the value is what was paid for them, in dollars.
pub(super) fn on_option(side: Side, contracts: Decimal, value: Decimal, at: i64) -> Decimal {
    match side {
        Side::Buy => Decimal::ZERO,
        Side::Sell => {
            let rates = rates_at(at);
            value * rates.sales + contracts * rates.option
        }
    }
}

fn rates_at(secs: i64) -> &'static Rates {
    let day = new_york(secs).date();
    SCHEDULE.iter().rev().find(|one| one.from <= day).unwrap_or(&SCHEDULE[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::calendar::new_york_secs;

    #[test]
    fn a_sale_is_charged_by_the_rates_of_its_day() {
        for (day, side, shares, value, expected) in [
            (date(2026, 8, 25), Side::Buy, 1, "309.16", "0.000003"),
            (date(2026, 8, 25), Side::Sell, 1, "309.15", "0.00656649"),
            (date(2026, 4, 4), Side::Sell, 100, "10000", "0.2258"),
            (date(2026, 4, 3), Side::Sell, 100, "10000", "0.0198"),
            (date(2025, 12, 31), Side::Sell, 100, "10000", "0.0169"),
            (date(2025, 5, 13), Side::Sell, 100, "10000", "0.2949"),
            (date(2026, 1, 5), Side::Sell, 100_000, "10000", "10.09"),
            (date(2025, 12, 31), Side::Sell, 100_000, "10000", "8.6"),
        ] {
            let value = value.parse().expect("is a value");
            let at = new_york_secs(day, 10, 0);
            let charged = on_stock(side, Decimal::from(shares), value, at).normalize();
            assert_eq!(charged.to_string(), expected, "{day} {side} {shares}");
        }
        for (day, side, expected) in [
            (date(2026, 8, 25), Side::Buy, "0"),
            (date(2026, 8, 25), Side::Sell, "0.0432"),
            (date(2025, 12, 31), Side::Sell, "0.0279"),
        ] {
            let at = new_york_secs(day, 10, 0);
            let charged = on_option(side, Decimal::TEN, Decimal::from(500), at).normalize();
            assert_eq!(charged.to_string(), expected, "{day} {side}");
        }
    }
}
