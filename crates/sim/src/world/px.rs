//! How prices and sizes are counted: whole numbers of a small part, so that nothing is lost.
//!
//! A `px` is a price in hundred-thousandths, which holds half a pip of a currency pair. A `size` is
//! in units of its instrument: shares, contracts or the bought currency, and of coins
//! hundred-millionths. It must never know instruments. Called wherever either is made or told.

use gatehouse_types::{Decimal, Price};

/// Digits behind the point of every `px`.
pub const PX_SCALE: u32 = 5;
/// A price of 1.00.
pub const PX_ONE: i64 = 100_000;
/// One cent, the step of US stocks.
pub const CENT: i64 = PX_ONE / 100;
/// One ten-thousandth: a pip of most pairs.
pub const PIP: i64 = PX_ONE / 10_000;
/// Digits behind the point of a size in coins.
pub const COIN_SCALE: u32 = 8;
/// Size of one whole coin.
pub const COIN: i64 = 100_000_000;

/// Returns a price as an exact decimal.
#[must_use]
pub fn price(px: i64) -> Price {
    Price::new(Decimal::new(px, PX_SCALE))
}

/// Returns a price as a whole number, rounded to the nearest; `None` for one without bounds.
#[must_use]
pub fn px_of(value: Decimal) -> Option<i64> {
    let scaled = value.checked_mul(Decimal::from(PX_ONE))?;
    i64::try_from(scaled.round()).ok()
}
