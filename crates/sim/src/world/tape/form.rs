//! What a tape is called, and how its rows count time, prices and sizes.
//!
//! It must never know files. Called by every kind of tape.

use std::str::FromStr;

use gatehouse_types::Decimal;
use jiff::civil::Date;

use super::minutes::Side;
use crate::world::calendar::{Session, new_york_secs};
use crate::world::catalog::{Kind, Listing, standing};
use crate::world::market::Ohlc;
use crate::world::px::px_of;

/// What a side of a pair shows where no column has sizes: a million of the bought currency, as
/// IDEALPRO quotes (an assumption of the tape).
const PAIR_SIZE: i64 = 1_000_000;
/// Stocks of a side whose size nobody kept (an assumption of the tape).
const STOCK_SIZE: i64 = 100;
/// Seconds by which the day of a record that is kept in Eastern Standard Time begins later.
pub(super) const EASTERN_SECS: i64 = 5 * 3_600;

/// Returns the name of an instrument's tape: `SPY`, `EUR.USD`, `BTC.USD`; `None` for what no tape
/// can play.
#[must_use]
pub fn name_of(listing: &Listing) -> Option<String> {
    match listing.kind {
        Kind::Stock if listing.is_us_stock() => Some(listing.symbol.to_owned()),
        Kind::Cash | Kind::Crypto => Some(listing.local_symbol()),
        Kind::Stock
        | Kind::Option(_)
        | Kind::Future { .. }
        | Kind::Continuous { .. }
        | Kind::Index
        | Kind::Bond(_)
        | Kind::Cfd
        | Kind::MutualFund
        | Kind::Combo(_) => None,
    }
}

/// Returns the instrument of a tape's name.
#[must_use]
pub fn listing_of(name: &str) -> Option<&'static Listing> {
    standing().iter().find(|listing| name_of(listing).is_some_and(|own| own == name))
}

/// Returns the name of the tape that a word means: pairs may be written `EURUSD`, `eur/usd` or
/// `EUR.USD`. A word that is no instrument stays as it is, in capitals.
pub(super) fn canonical(word: &str) -> String {
    let bare = |word: &str| -> String {
        word.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
    };
    let upper = word.to_ascii_uppercase();
    if listing_of(&upper).is_some() {
        return upper;
    }
    let names = standing().iter().filter(|one| !one.is_us_stock()).filter_map(name_of);
    names.into_iter().find(|name| bare(name) == bare(word)).unwrap_or(upper)
}

/// Returns the tape's day that holds an instant: 04:00 to 20:00 in New York for stocks, around the
/// clock for all else.
pub(in crate::world) fn day_at(listing: &Listing, secs: i64) -> Session {
    if listing.is_us_stock() {
        Session::at_or_before(secs)
    } else {
        Session::around_the_clock_at(secs)
    }
}

/// Returns the tape's day of a date; `None` where stocks do not trade.
pub(in crate::world) fn day_on(listing: &Listing, date: Date) -> Option<Session> {
    if listing.is_us_stock() { Session::on(date) } else { Some(Session::around_the_clock(date)) }
}

/// How the rows of a tape count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    is_stock: bool,
    /// Digits of a price that is written as a whole number: four of stocks, none of all else.
    whole_digits: u32,
    /// Size of one share or coin.
    unit: i64,
    /// Of a side without a size.
    pub(super) shown: i64,
    /// Size of a usual trade.
    usual: i64,
}

impl Form {
    /// Returns the form of rows in LEAN's folders.
    #[must_use]
    pub fn of(listing: &Listing) -> Self {
        let is_stock = listing.is_us_stock();
        let shown = match listing.kind {
            Kind::Cash => PAIR_SIZE,
            Kind::Crypto => listing.unit(),
            Kind::Stock
            | Kind::Option(_)
            | Kind::Future { .. }
            | Kind::Continuous { .. }
            | Kind::Index
            | Kind::Bond(_)
            | Kind::Cfd
            | Kind::MutualFund
            | Kind::Combo(_) => STOCK_SIZE,
        };
        let whole_digits = if is_stock { 4 } else { 0 };
        let (unit, usual) = (listing.unit(), listing.usual_trade());
        Self { is_stock, whole_digits, unit, shown, usual }
    }

    /// Returns when the day of a file begins.
    pub(super) fn midnight(&self, date: Date) -> i64 {
        if self.is_stock {
            new_york_secs(date, 0, 0)
        } else {
            Session::around_the_clock(date).pre_open
        }
    }

    /// Returns a price as the rows write it; an empty field is zero.
    pub(super) fn px(&self, text: &str) -> Option<i64> {
        let text = text.trim();
        if text.is_empty() {
            return Some(0);
        }
        let value = Decimal::from_str(text).ok()?;
        px_of(value.checked_div(Decimal::from(10_i64.pow(self.whole_digits)))?)
    }

    /// Returns four prices.
    pub(super) fn ohlc(&self, [open, high, low, close]: [&str; 4]) -> Option<Ohlc> {
        Some(Ohlc {
            open: self.px(open)?,
            high: self.px(high)?,
            low: self.px(low)?,
            close: self.px(close)?,
        })
    }

    /// Returns a size; an empty field is none.
    pub(super) fn size(&self, text: &str) -> Option<i64> {
        let text = text.trim();
        if text.is_empty() {
            return Some(0);
        }
        self.sized(Decimal::from_str(text).ok()?)
    }

    /// Returns an amount of shares or coins as a size, cut at its last digit.
    pub(super) fn sized(&self, amount: Decimal) -> Option<i64> {
        i64::try_from(amount.checked_mul(Decimal::from(self.unit))?.trunc()).ok()
    }

    /// Returns one side of a quote. In records of pairs no side has a size, so none is nobody's.
    pub(super) fn side(&self, ohlc: Ohlc, size: i64) -> Option<Side> {
        let size = if size == 0 && !self.is_stock { self.shown } else { size };
        Side::of([ohlc.open, ohlc.high, ohlc.low, ohlc.close], size)
    }

    /// Returns how many trades a volume may have had where nobody counted them.
    pub(super) fn guessed_trades(&self, volume: i64) -> i64 {
        (volume / self.usual.max(1)).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::catalog::by_symbol;

    #[test]
    fn a_word_names_the_tape_of_a_stock_a_pair_or_a_coin() {
        for (word, name) in [
            ("spy", "SPY"),
            ("eurusd", "EUR.USD"),
            ("EUR/USD", "EUR.USD"),
            ("usd.jpy", "USD.JPY"),
            ("BTCUSD", "BTC.USD"),
            ("nobody", "NOBODY"),
        ] {
            assert_eq!(canonical(word), name);
        }
        assert!(listing_of("ES").is_none() && listing_of("SPX").is_none());
    }

    #[test]
    fn prices_of_stocks_are_ten_thousandths_and_all_others_are_plain() {
        let form = |symbol| Form::of(by_symbol(symbol).expect("is listed"));
        assert_eq!(form("SPY").px("1672727.5"), Some(16_727_275));
        assert_eq!(form("EUR.USD").px("1.38715"), Some(138_715));
        assert_eq!(form("BTC").size("0.5"), Some(50_000_000));
        assert_eq!(form("SPY").px("x"), None);
    }
}
