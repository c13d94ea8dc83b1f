//! Rows of LEAN's files of minutes, seconds, hours and days.
//!
//! Trades are `time,open,high,low,close,volume` and quotes `time,bid o,h,l,c,size,ask o,h,l,c,size`.
//! Times are milliseconds since midnight, or `yyyymmdd hh:mm` in files of hours and days. It must
//! never know files. Source: the readmes of LEAN's data folders.

use jiff::civil::DateTime;

use super::form::Form;
use super::minutes::{Minutes, Side};
use crate::world::calendar::Session;
use crate::world::market::{Bar, Day, Ohlc};

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
/// nothing happened within the day.
///
/// # Errors
/// The first row that is not numbers of the right count.
pub fn parse_day(
    session: &Session,
    form: &Form,
    trades: &str,
    quotes: &str,
) -> Result<Option<Day>, TapeError> {
    let mut minutes = Minutes::of(session, form);
    let midnight = form.midnight(session.date);
    read_day(&mut minutes, form, midnight, [trades, quotes])?;
    Ok(minutes.into_day())
}

/// Adds the rows of the two files of a day that begins at `midnight`.
pub(super) fn read_day(
    minutes: &mut Minutes,
    form: &Form,
    midnight: i64,
    [trades, quotes]: [&str; 2],
) -> Result<(), TapeError> {
    for (row, line) in lines(trades) {
        let (at, bar) = trade(form, line).ok_or_else(|| wrong(row, "6 numbers", line))?;
        let at: i64 = at.parse().map_err(|_| wrong(row, "6 numbers", line))?;
        minutes.trade(midnight + at.div_euclid(1000), bar.0, bar.1, 0);
    }
    for (row, line) in lines(quotes) {
        let (at, sides) = quote(form, line).ok_or_else(|| wrong(row, "11 numbers", line))?;
        let at: i64 = at.parse().map_err(|_| wrong(row, "11 numbers", line))?;
        minutes.quote(midnight + at.div_euclid(1000), sides);
    }
    Ok(())
}

/// Reads a file of hours or days, of trades or of quotes.
///
/// # Errors
/// The first row that is neither.
pub fn parse_long(form: &Form, text: &str) -> Result<Vec<(DateTime, Bar)>, TapeError> {
    let mut bars = Vec::new();
    for (row, line) in lines(text) {
        let wrong = || wrong(row, "a time and 5 or 10 numbers", line);
        let (at, bar) = if let Some((at, (trade, volume))) = trade(form, line) {
            let n_trades = form.guessed_trades(volume);
            (at, Bar { trade: Some(trade), volume, n_trades, ..Bar::default() })
        } else {
            let (at, [bid, ask]) = quote(form, line).ok_or_else(wrong)?;
            let size = |side: Option<Side>| side.map_or(0, |side| side.size);
            let px = |side: Option<Side>| side.map(|side| side.px);
            let sides = Bar { bid: px(bid), ask: px(ask), ..Bar::default() };
            (at, Bar { bid_size: size(bid), ask_size: size(ask), ..sides })
        };
        let at = DateTime::strptime("%Y%m%d %H:%M", at).map_err(|_| wrong())?;
        bars.push((at, bar));
    }
    Ok(bars)
}

/// Returns time, prices and volume of a row of trades.
fn trade<'a>(form: &Form, line: &'a str) -> Option<(&'a str, (Ohlc, i64))> {
    let [at, o, h, l, c, volume] = fields(line)?;
    Some((at, (form.ohlc([o, h, l, c])?, form.size(volume)?)))
}

/// Returns time and sides of a row of quotes.
fn quote<'a>(form: &Form, line: &'a str) -> Option<(&'a str, [Option<Side>; 2])> {
    let [at, bo, bh, bl, bc, bid_size, ao, ah, al, ac, ask_size] = fields(line)?;
    let bid = form.side(form.ohlc([bo, bh, bl, bc])?, form.size(bid_size)?);
    let ask = form.side(form.ohlc([ao, ah, al, ac])?, form.size(ask_size)?);
    Some((at, [bid, ask]))
}

fn fields<const N: usize>(line: &str) -> Option<[&str; N]> {
    let mut found = [""; N];
    let mut rest = line.trim().split(',');
    for slot in &mut found {
        *slot = rest.next()?.trim();
    }
    rest.next().is_none().then_some(found)
}

pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty())
}

pub(super) fn wrong(row: usize, expected: &'static str, line: &str) -> TapeError {
    TapeError { row, expected, text: line.to_owned() }
}
