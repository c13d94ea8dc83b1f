//! LEAN's rows of single trades and quotes, gathered into minutes.
//!
//! Trades are `ms,price,size,exchange,condition,suspicious`, quotes
//! `ms,bid,bid size,ask,ask size,exchange,condition,suspicious`; a side of 0 is one that the row does
//! not change. Rows that are marked as suspicious are left out. Quotes are those of single
//! exchanges, so the last of each side stands: they may touch or cross for a moment.

use super::minutes::{Minutes, Side};
use super::{TapeError, number};
use crate::world::calendar::{Session, new_york_secs};
use crate::world::market::{Day, Ohlc};

/// Reads the two files of a day of ticks. Either may be empty; `None` when nothing happened between
/// 04:00 and 20:00.
///
/// # Errors
/// The first row whose figures are not numbers.
pub fn parse_ticks(
    session: &Session,
    trades: &str,
    quotes: &str,
) -> Result<Option<Day>, TapeError> {
    let midnight = new_york_secs(session.date, 0, 0);
    let mut minutes = Minutes::of(session);
    for (row, line) in lines(trades) {
        let wrong = || wrong(row, "a time, a price and a size", line);
        let fields: Vec<&str> = line.split(',').collect();
        let [ms, px, size, .., suspicious] = fields[..] else { return Err(wrong()) };
        if suspicious.trim() == "1" {
            continue;
        }
        let [ms, px, size] = numbers([ms, px, size]).ok_or_else(wrong)?;
        if px > 0 {
            minutes.trade(midnight + ms.div_euclid(1000), Ohlc::flat(px), size, 1);
        }
    }
    let mut standing: [Option<Side>; 2] = [None, None];
    for (row, line) in lines(quotes) {
        let wrong = || wrong(row, "a time, two prices and two sizes", line);
        let fields: Vec<&str> = line.split(',').collect();
        let [ms, bid, bid_size, ask, ask_size, .., suspicious] = fields[..] else {
            return Err(wrong());
        };
        if suspicious.trim() == "1" {
            continue;
        }
        let [ms, bid, bid_size, ask, ask_size] =
            numbers([ms, bid, bid_size, ask, ask_size]).ok_or_else(wrong)?;
        for (side, px, size) in [(0, bid, bid_size), (1, ask, ask_size)] {
            if let Some(changed) = Side::of([px; 4], size)
                && let Some(side) = standing.get_mut(side)
            {
                *side = Some(changed);
            }
        }
        minutes.quote(midnight + ms.div_euclid(1000), standing);
    }
    Ok(minutes.into_day())
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty())
}

fn numbers<const N: usize>(texts: [&str; N]) -> Option<[i64; N]> {
    let mut found = [0; N];
    for (slot, text) in found.iter_mut().zip(texts) {
        *slot = number(text).ok()?;
    }
    Some(found)
}

fn wrong(row: usize, expected: &'static str, line: &str) -> TapeError {
    TapeError { row, expected, text: line.to_owned() }
}
