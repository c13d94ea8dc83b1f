//! The book behind a quote: deeper prices, who stands there, and what changes from one picture to
//! the next.
//!
//! Its best prices and sizes are those of the quote it is made for. It must never know orders: those
//! of clients are not in it. Called by the world; the server turns changes into messages.

use super::bar::{Level, Moment};
use super::noise::{hash, pick};
use crate::world::catalog::Listing;

/// Most rows of a side, before they are split by exchange.
const LEVELS_MAX: i64 = 20;
/// Prices looked at for them: three of four have somebody.
const STEPS_MAX: i64 = 40;
/// Seconds for which a deeper size stands.
const STANDS_SECS: i64 = 8;
/// Seconds after which another number of rows is shown.
const ROWS_SECS: i64 = 16;

/// Exchanges behind a consolidated quote of US stocks, with the letters of the tape.
pub const LETTERS: &[(&str, &str)] =
    &[("NASDAQ", "Q"), ("ARCA", "P"), ("NYSE", "N"), ("BATS", "Z"), ("EDGX", "K"), ("IEX", "V")];

/// One row of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    pub px: i64,
    pub size: i64,
    /// The exchange, or the market maker, that stands there.
    pub maker: &'static str,
}

/// Both sides, best price first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Book {
    pub bids: Vec<Row>,
    pub asks: Vec<Row>,
}

/// Whose rows a book has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookOf {
    /// Those of every exchange, each with its name.
    Smart,
    /// Those of one exchange, under one name.
    One(&'static str),
}

/// What happens to one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Insert(usize, Row),
    Update(usize, Row),
    Delete(usize),
}

/// Makes the book around a quote. `key` is the instrument's, `secs` the instant.
#[must_use]
pub(super) fn around(key: u64, listing: &Listing, quote: &Moment, of: BookOf, secs: i64) -> Book {
    let side = |best: Option<Level>, is_bid: bool| {
        let real = best.filter(|best| best.size > 0 && best.px > 0);
        let levels = real.map_or_else(Vec::new, |best| levels(key, listing, best, is_bid, secs));
        levels.into_iter().flat_map(|level| split(key, listing, level, of)).collect()
    };
    Book { bids: side(quote.bid, true), asks: side(quote.ask, false) }
}

/// Returns the letters of the exchanges that stand at the best price of a side, as ticks name them.
#[must_use]
pub fn letters(rows: &[Row]) -> String {
    let best = rows.first().map(|row| row.px);
    let is_there = |name: &str| rows.iter().any(|row| Some(row.px) == best && row.maker == name);
    LETTERS.iter().filter(|(name, _)| is_there(name)).map(|(_, letter)| *letter).collect()
}

/// The levels of a side. A price has somebody, or nobody, whatever the best price is, so a book
/// moves as a whole when the quote does.
fn levels(key: u64, listing: &Listing, best: Level, is_bid: bool, secs: i64) -> Vec<Level> {
    let away = if is_bid { -listing.tick_px } else { listing.tick_px };
    let key = hash(key ^ 41, i64::from(is_bid));
    let is_deep = listing.daily_volume >= 100_000;
    let usual = if is_deep { LEVELS_MAX } else { LEVELS_MAX / 4 };
    let n_levels = usual - pick(key, secs.div_euclid(ROWS_SECS), 3);
    let unit = (best.size / listing.lot.max(1)).clamp(1, 8) * listing.lot.max(1);
    let deeper = (1..=STEPS_MAX)
        .map(|step| best.px + step * away)
        .filter(|px| *px > 0)
        .filter(|px| pick(key ^ 1, *px, 4) > 0);
    let sized = deeper.map(|px| {
        // Sizes change one after the other, not all at once.
        let since = secs + pick(key ^ 2, px, 64) % STANDS_SECS;
        let draw = hash(key ^ 3, px) ^ hash(key ^ 4, since.div_euclid(STANDS_SECS));
        Level { px, size: unit * (1 + pick(draw, 0, 9)) }
    });
    let count = usize::try_from(n_levels).unwrap_or(0);
    std::iter::once(best).chain(sized).take(count).collect()
}

/// Splits a level among exchanges; what they show adds up to the level.
fn split(key: u64, listing: &Listing, level: Level, of: BookOf) -> Vec<Row> {
    let Level { px, size } = level;
    let maker = match of {
        BookOf::One(maker) => return vec![Row { px, size, maker }],
        BookOf::Smart => LETTERS,
    };
    let lot = listing.lot.max(1);
    let n_makers = (1 + pick(key ^ 43, px, 3)).min((size / lot).max(1));
    let first = pick(key ^ 44, px, u32::try_from(maker.len()).unwrap_or(1));
    let mut rest = size;
    let mut rows: Vec<Row> = (0..n_makers)
        .filter_map(|n| {
            let is_last = n + 1 == n_makers;
            let part = if is_last { rest } else { (size / n_makers / lot).max(1) * lot };
            rest -= part;
            let at = usize::try_from(first + n).unwrap_or(0) % maker.len();
            maker.get(at).map(|(name, _)| Row { px, size: part, maker: name })
        })
        .collect();
    rows.sort_by_key(|row| (std::cmp::Reverse(row.size), row.maker));
    rows
}

/// Returns what leads from one side to another, row by row: what differs is updated in place, and
/// rows come and go at the end. Only the first `n_rows` of a side are shown.
///
/// Source: the books of paper accounts, which are compared row by row.
#[must_use]
pub fn changes(before: &[Row], after: &[Row], n_rows: usize) -> Vec<Change> {
    let before = before.get(..n_rows).unwrap_or(before);
    let after = after.get(..n_rows).unwrap_or(after);
    let gone = (after.len()..before.len()).rev().map(Change::Delete);
    let changed = after.iter().enumerate().filter_map(|(at, row)| match before.get(at) {
        Some(shown) if shown == row => None,
        Some(_) => Some(Change::Update(at, *row)),
        None => Some(Change::Insert(at, *row)),
    });
    gone.chain(changed).collect()
}

#[cfg(test)]
mod tests;
