//! LEAN's rows of single trades and quotes, gathered into minutes.
//!
//! Of stocks trades are `ms,price,size,exchange,condition,suspicious`, quotes
//! `ms,bid,bid size,ask,ask size,exchange,condition,suspicious`; a side of 0 is one that the row does
//! not change. Rows that are marked as suspicious are left out. Quotes are those of single
//! exchanges, so the last of each side stands: they may touch or cross for a moment. Of coins there
//! is nothing behind the sizes, and of pairs quotes are `ms,bid,ask`.

use super::form::Form;
use super::minutes::{Minutes, Side};
use super::rows::{TapeError, lines, wrong};
use crate::world::calendar::Session;
use crate::world::market::{Day, Ohlc};

/// Reads the two files of a day of ticks. Either may be empty; `None` when nothing happened within
/// the day.
///
/// # Errors
/// The first row whose figures are not numbers.
pub fn parse_ticks(
    session: &Session,
    form: &Form,
    trades: &str,
    quotes: &str,
) -> Result<Option<Day>, TapeError> {
    let mut minutes = Minutes::of(session, form);
    read_ticks(&mut minutes, form, form.midnight(session.date), [trades, quotes])?;
    Ok(minutes.into_day())
}

/// Adds the rows of the two files of a day that begins at `midnight`.
pub(super) fn read_ticks(
    minutes: &mut Minutes,
    form: &Form,
    midnight: i64,
    [trades, quotes]: [&str; 2],
) -> Result<(), TapeError> {
    for (row, line) in lines(trades) {
        let wrong = || wrong(row, "a time, a price and a size", line);
        let fields: Vec<&str> = line.trim().split(',').collect();
        let [ms, px, size, ref rest @ ..] = fields[..] else { return Err(wrong()) };
        if is_suspicious(rest) {
            continue;
        }
        let at = instant(midnight, ms).ok_or_else(wrong)?;
        let px = form.px(px).ok_or_else(wrong)?;
        let size = form.size(size).ok_or_else(wrong)?;
        if px > 0 {
            minutes.trade(at, Ohlc::flat(px), size, 1);
        }
    }
    let mut standing: [Option<Side>; 2] = [None, None];
    for (row, line) in lines(quotes) {
        let wrong = || wrong(row, "a time, two prices and their sizes", line);
        let fields: Vec<&str> = line.trim().split(',').collect();
        let (ms, sides, rest) = match fields[..] {
            [ms, bid, ask] => (ms, [(bid, "0"), (ask, "0")], &[][..]),
            [ms, bid, bid_size, ask, ask_size, ref rest @ ..] => {
                (ms, [(bid, bid_size), (ask, ask_size)], rest)
            }
            _ => return Err(wrong()),
        };
        if is_suspicious(rest) {
            continue;
        }
        let at = instant(midnight, ms).ok_or_else(wrong)?;
        for ((px, size), side) in sides.into_iter().zip(&mut standing) {
            let px = form.px(px).ok_or_else(wrong)?;
            let size = form.size(size).ok_or_else(wrong)?;
            if let Some(changed) = form.side(Ohlc::flat(px), size) {
                *side = Some(changed);
            }
        }
        minutes.quote(at, standing);
    }
    Ok(())
}

fn is_suspicious(rest: &[&str]) -> bool {
    rest.last().is_some_and(|mark| mark.trim() == "1")
}

/// Some files have fractions of milliseconds.
fn instant(midnight: i64, ms: &str) -> Option<i64> {
    let whole = ms.trim().split('.').next()?;
    Some(midnight + whole.parse::<i64>().ok()?.div_euclid(1000))
}
