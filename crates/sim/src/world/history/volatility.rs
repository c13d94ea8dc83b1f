//! Figures of history that are no prices: volatilities, the fee for borrowing, and yields.
//!
//! All are in hundred-thousandths, as prices are: a volatility of 0.25 is 25,000, a yield of 4.5
//! percent 450,000. It must never know frames. Called by the bars.

use crate::world::calendar::Session;
use crate::world::catalog::{BondTerms, Listing};
use crate::world::market::{Market, Ohlc};
use crate::world::px::PX_ONE;

/// Millionths in a hundred-thousandth.
const PPM_PER_PX: i64 = 1_000_000 / PX_ONE;
/// Daily changes behind a historical volatility.
const N_CHANGES: usize = 30;
/// Trading days of a year.
const YEAR_DAYS: i64 = 252;
/// Fee for borrowing a stock that is easy to borrow, a quarter of a percent; an assumption.
const EASY_FEE: i64 = PX_ONE / 4;

/// Returns the volatility of the last thirty sessions' closes before an instant, of a year.
pub(super) fn historical(
    market: &mut Market,
    listing: &'static Listing,
    secs: i64,
) -> Option<Ohlc> {
    let mut session = Session::at_or_before(secs).previous();
    let mut closes = Vec::new();
    while closes.len() <= N_CHANGES {
        let bar = market.regular(listing, &session)?;
        closes.push(bar.trade.or(bar.midpoint())?.close);
        session = session.previous();
    }
    // Newest first: each close over the one before it, in millionths.
    let changes: Vec<i64> = closes
        .windows(2)
        .filter_map(|two| (two[0] - two[1]).checked_mul(1_000_000)?.checked_div(two[1]))
        .collect();
    let n_changes = i64::try_from(changes.len()).ok().filter(|n| *n > 1)?;
    let mean = changes.iter().sum::<i64>() / n_changes;
    let squares: i64 = changes.iter().map(|change| (change - mean) * (change - mean)).sum();
    let variance = squares / (n_changes - 1) * YEAR_DAYS;
    Some(Ohlc::flat(variance.isqrt() / PPM_PER_PX))
}

/// Returns the volatility that options on the instrument are priced with.
pub(super) fn implied(market: &mut Market, listing: &'static Listing, secs: i64) -> Ohlc {
    Ohlc::flat(market.volatility_ppm(listing, secs) / PPM_PER_PX)
}

/// Returns what it costs to borrow, in percent of a year.
pub(super) fn fee_rate(listing: &Listing) -> Ohlc {
    let hard = if listing.symbol == "TSLA" { 2 } else { 1 };
    Ohlc::flat(EASY_FEE * hard)
}

/// Returns the yearly interest over the price, in percent: what a bond yields as long as its price
/// stays. A high price is a low yield.
pub(super) fn yields(terms: &BondTerms, prices: Ohlc) -> Ohlc {
    let of = |px: i64| terms.coupon_ppm * (PX_ONE * PX_ONE / 100) / px.max(1);
    Ohlc {
        open: of(prices.open),
        high: of(prices.low),
        low: of(prices.high),
        close: of(prices.close),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bond_yields_its_coupon_over_its_price() {
        let terms = BondTerms {
            cusip: "037833DP2",
            coupon_ppm: 45_000,
            matures: jiff::civil::date(2029, 9, 11),
            issued: jiff::civil::date(2019, 9, 11),
            ratings: "",
            bond_type: "CORP",
        };
        let prices = Ohlc { open: 10_000_000, high: 10_000_000, low: 9_000_000, close: 9_000_000 };
        let expected = Ohlc { open: 450_000, high: 500_000, low: 450_000, close: 500_000 };
        assert_eq!(yields(&terms, prices), expected);
    }
}
