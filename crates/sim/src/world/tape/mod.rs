//! Minute tapes in LEAN's format: rows to bars, and the path of a quote inside a minute.
//!
//! Rows are trades `ms,open,high,low,close,volume` and quotes
//! `ms,bid o,h,l,c,size,ask o,h,l,c,size`, prices × 10,000, milliseconds since midnight in New
//! York. It must never know files: text comes from a [`TapeSource`]. Called by the market.
//!
//! Other formats have modules of their own: the history database, and tables with a description.
//!
//! Real tapes have traps, all kept visible: minutes without a quote (the last one still stands),
//! minutes without a trade, a side that is zero (nobody there), quotes that touch or cross, and
//! rows outside 04:00 to 20:00 (dropped).

mod folder;
mod minutes;
mod opening;
mod shelf;
mod stored;
mod table;
mod tick_rows;

use std::collections::BTreeSet;

use gatehouse_types::Decimal;
use jiff::civil::Date;

use super::calendar::{MINUTE, Session, new_york_secs};
use super::market::{Bar, Day, Level, Moment, Ohlc, PX_SCALE, TICK_PX};
use minutes::{Minutes, Side, guessed_trades};

pub use folder::{TapeFolder, TapeFolderError};
pub use opening::{OpenTapeError, open};
pub use shelf::Shelf;
pub use stored::{StoredTape, StoredTapeError};
pub use table::{TableError, TableTape};
pub use tick_rows::parse_ticks;

/// Where a day of rows comes from.
///
/// The market asks for a day when somebody looks at it and keeps a bounded number of days, so a
/// source need not keep any. Symbols are in capitals. A day is the minutes from 04:00 in New York;
/// minutes in which nothing traded have no trade, and a quote stands until the next.
pub trait TapeSource: Send {
    /// Returns every symbol of which there is a tape.
    fn symbols(&self) -> Vec<String>;
    /// Returns the dates of a symbol that have minutes; empty when there are none.
    fn dates(&self, symbol: &str) -> BTreeSet<Date>;
    /// Returns whether any tape of a symbol exists.
    fn holds(&self, symbol: &str) -> bool;
    /// Returns a day, or `None` when there is no tape of it.
    fn day(&self, symbol: &str, session: &Session) -> Option<Day>;
    /// Returns the daily bars, oldest first; empty when there are none.
    fn daily(&self, symbol: &str) -> Vec<(Date, Bar)>;

    /// Returns the first date that has an earlier one behind it, or the only date: a replay that
    /// starts there has history and a previous close.
    fn first_date(&self) -> Option<Date> {
        let mut dates = all_dates(self).into_iter();
        let first = dates.next();
        dates.next().or(first)
    }

    /// Returns the last date of any symbol.
    fn last_date(&self) -> Option<Date> {
        all_dates(self).last().copied()
    }
}

fn all_dates(tape: &(impl TapeSource + ?Sized)) -> BTreeSet<Date> {
    tape.symbols().iter().flat_map(|symbol| tape.dates(symbol)).collect()
}

/// Returns a price in ten-thousandths, rounded to the nearest; `None` for one without bounds.
fn px(value: Decimal) -> Option<i64> {
    let scaled = value.checked_mul(Decimal::from(10_i64.pow(PX_SCALE)))?;
    i64::try_from(scaled.round()).ok()
}

/// Why a tape cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("row {row} of the tape is not {expected}: {text:?}")]
pub struct TapeError {
    /// Counted from 1.
    pub row: usize,
    pub expected: &'static str,
    pub text: String,
}

/// Reads the two files of a day in rows of a minute or a second. Either may be empty; `None` when
/// nothing happened between 04:00 and 20:00.
///
/// # Errors
/// The first row that is not numbers of the right count.
pub fn parse_day(session: &Session, trades: &str, quotes: &str) -> Result<Option<Day>, TapeError> {
    let midnight = new_york_secs(session.date, 0, 0);
    let mut minutes = Minutes::of(session);
    for (row, fields) in rows(trades, 6) {
        if let [ms, open, high, low, close, volume] = fields.map_err(|text| at(row, text, 6))?[..] {
            let trade = Ohlc { open, high, low, close };
            minutes.trade(midnight + ms.div_euclid(1000), trade, volume, 0);
        }
    }
    for (row, fields) in rows(quotes, 11) {
        if let [ms, bo, bh, bl, bc, bs, ao, ah, al, ac, asz] =
            fields.map_err(|text| at(row, text, 11))?[..]
        {
            let sides = [Side::of([bo, bh, bl, bc], bs), Side::of([ao, ah, al, ac], asz)];
            minutes.quote(midnight + ms.div_euclid(1000), sides);
        }
    }
    Ok(minutes.into_day())
}

/// Reads a daily file `yyyymmdd hh:mm,open,high,low,close,volume`.
///
/// # Errors
/// The first row that is not a date and five numbers.
pub fn parse_daily(text: &str) -> Result<Vec<(Date, Bar)>, TapeError> {
    let mut bars = Vec::new();
    for (row, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = || TapeError { row, expected: "a date and 5 numbers", text: line.to_owned() };
        let (day, rest) = line.split_once(',').ok_or_else(wrong)?;
        let day = day.split(' ').next().unwrap_or(day);
        let date = Date::strptime("%Y%m%d", day).map_err(|_| wrong())?;
        let numbers: Result<Vec<i64>, _> = rest.split(',').map(number).collect();
        let [open, high, low, close, volume] = numbers.map_err(|()| wrong())?[..] else {
            return Err(wrong());
        };
        let trade = Some(Ohlc { open, high, low, close });
        bars.push((
            date,
            Bar { trade, volume, n_trades: guessed_trades(volume), ..Bar::default() },
        ));
    }
    Ok(bars)
}

/// Returns what the minute's bar shows a number of seconds after it began.
///
/// The path runs from open over the two extremes to close, low first when the minute rose, so that
/// every price of the bar is seen and no other.
#[must_use]
pub fn moment_within(bar: &Bar, second: i64) -> Moment {
    let rose = bar.trade.or(bar.bid).is_none_or(|bar| bar.close >= bar.open);
    let bid_px = bar.bid.map(|side| cent(path(side, second, rose), 0));
    let ask_px = bar.ask.map(|side| cent(path(side, second, rose), TICK_PX - 1));
    let ask_px = match (bid_px, ask_px) {
        (Some(bid), Some(ask)) => Some(ask.max(bid + TICK_PX)),
        (_, ask) => ask,
    };
    let level = |px: Option<i64>, size: i64| {
        px.map(|px| Level { px, size: size.max(1) }).filter(|_| size > 0)
    };
    Moment {
        bid: level(bid_px, bar.bid_size),
        ask: level(ask_px, bar.ask_size),
        last: bar.trade.map(|trade| Level {
            px: path(trade, second, rose),
            size: (bar.volume / bar.n_trades.max(1)).max(1),
        }),
    }
}

fn path(bar: Ohlc, second: i64, rose: bool) -> i64 {
    let (first, second_extreme) = if rose { (bar.low, bar.high) } else { (bar.high, bar.low) };
    let leg = (MINUTE - 1) / 3;
    // Prices in between are whole cents, as those of trades are; the bar's own stay as they are.
    let blend = |from: i64, to: i64, done: i64| match done {
        0 => from,
        done => cent(from + (to - from) * done / leg, TICK_PX / 2).clamp(bar.low, bar.high),
    };
    match second {
        s if s <= 0 => bar.open,
        s if s < leg => blend(bar.open, first, s),
        s if s < 2 * leg => blend(first, second_extreme, s - leg),
        s if s < 3 * leg => blend(second_extreme, bar.close, s - 2 * leg),
        _ => bar.close,
    }
}

/// Rounds to a cent, down after adding `up`.
fn cent(px: i64, up: i64) -> i64 {
    (px + up).div_euclid(TICK_PX) * TICK_PX
}

type Row = Result<Vec<i64>, String>;

fn rows(text: &str, n_fields: usize) -> impl Iterator<Item = (usize, Row)> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).map(move |(row, line)| {
        let fields: Result<Vec<i64>, ()> = line.trim().split(',').map(number).collect();
        match fields {
            Ok(fields) if fields.len() == n_fields => (row, Ok(fields)),
            Ok(_) | Err(()) => (row, Err(line.to_owned())),
        }
    })
}

fn at(row: usize, text: String, n_fields: usize) -> TapeError {
    let expected = if n_fields == 6 { "6 numbers" } else { "11 numbers" };
    TapeError { row, expected, text }
}

/// Some files carry prices such as `1672727.5`; the fraction is below the scale and is dropped.
fn number(text: &str) -> Result<i64, ()> {
    let whole = text.trim().split('.').next().unwrap_or("");
    if whole.is_empty() {
        return if text.trim().is_empty() { Ok(0) } else { Err(()) };
    }
    whole.parse().map_err(|_| ())
}

#[cfg(test)]
mod tests;
