//! What clients are shown of the market now: the quotes as the drills leave them, and what stands
//! behind them.
//!
//! It must never know orders or clients. Called by the server for lines, books and ticks.

use super::catalog::{Listing, hours};
use super::market::book::{self, Book, BookOf};
use super::market::ticks::{Tick, TickKind, quote_tick};
use super::market::{Moment, OptionPicture, Snapshot};
use super::time::{STEPS_PER_SECOND, Step};
use super::{DELAY_SECS, World};

/// Markets close on a quarter of an hour.
const QUARTER_HOUR: i64 = 900;
/// Quarters of an hour in which a market that closed for a long weekend opened once.
const CLOSED_MAX: i64 = 5 * 96;

/// Letters of the exchanges at the best prices and of the last trade.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Letters {
    pub bid: String,
    pub ask: String,
    pub last: String,
}

impl World {
    /// Returns what a line of frozen data shows: the picture of the last second in which the
    /// instrument traded.
    pub fn frozen_snapshot(&mut self, listing: &'static Listing) -> Snapshot {
        let shown = self.market.snapshot(listing, self.last_open(listing), STEPS_PER_SECOND - 1);
        self.drills.bend_picture(listing, shown)
    }

    /// Returns the last second up to now in which an instrument trades.
    fn last_open(&self, listing: &Listing) -> i64 {
        let now = self.now.secs();
        if hours::is_open(listing, now) {
            return now;
        }
        let ends = (0..CLOSED_MAX).map(|n| (now.div_euclid(QUARTER_HOUR) - n) * QUARTER_HOUR);
        ends.map(|end| end - 1).find(|secs| hours::is_open(listing, *secs)).unwrap_or(now)
    }

    /// Returns the book that stands behind the quote of now.
    pub fn book(&mut self, listing: &'static Listing, of: BookOf) -> Book {
        let quote = self.moment(listing);
        self.market.book(listing, &quote, of, self.now.secs())
    }

    /// Returns who stands at the best prices, and where the last trade happened. Only US stocks and
    /// funds have a consolidated quote.
    pub fn letters(&mut self, listing: &'static Listing, shown: &Snapshot) -> Letters {
        if !listing.is_us_stock() {
            return Letters::default();
        }
        let secs = shown.last_secs.max(0);
        let trades = self.market.trades(listing, secs);
        let last = trades.iter().rfind(|trade| trade.at <= self.now && !trade.is_unreported);
        let letter = |name: &str| {
            let found = book::LETTERS.iter().find(|(exchange, _)| *exchange == name);
            found.map(|(_, letter)| (*letter).to_owned()).unwrap_or_default()
        };
        let last = last.map(|trade| letter(trade.exchange)).unwrap_or_default();
        let book = self.market.book(listing, &shown.moment, BookOf::Smart, self.now.secs());
        Letters { bid: book::letters(&book.bids), ask: book::letters(&book.asks), last }
    }

    /// Returns the ticks after one step up to and with another, as the drills leave them. `said` is
    /// the quote that was told last, and becomes the latest one.
    pub fn ticks(
        &mut self,
        listing: &'static Listing,
        (kind, ignores_size): (TickKind, bool),
        (after, to): (Step, Step),
        said: &mut Moment,
    ) -> Vec<Tick> {
        let mut found = Vec::new();
        let mut at = after.plus(1);
        while at <= to {
            let shown = self.market.moment(listing, at.secs(), at.quarter());
            let shown = self.drills.bend(listing, shown);
            if let Some(tick) = quote_tick(kind, ignores_size, said, &shown, at) {
                found.push(tick);
                *said = shown;
            }
            if matches!(kind, TickKind::Last | TickKind::AllLast) {
                let trades = self.market.trades(listing, at.secs());
                let px = shown.last.map(|last| last.px);
                let now = trades.into_iter().filter(|trade| trade.at == at);
                let wanted = now.filter(|one| kind == TickKind::AllLast || !one.is_unreported);
                found.extend(wanted.map(|mut trade| {
                    trade.px = px.unwrap_or(trade.px);
                    Tick::Trade(trade)
                }));
            }
            at = at.plus(1);
        }
        found
    }

    /// Returns the second that a line shows now: this one, or that of a quarter of an hour ago.
    #[must_use]
    pub fn seen_secs(&self, is_delayed: bool) -> i64 {
        self.now.secs() - if is_delayed { DELAY_SECS } else { 0 }
    }

    /// Returns what the option model makes of an option's prices now, or a quarter of an hour ago.
    pub fn option_picture(
        &mut self,
        listing: &'static Listing,
        is_delayed: bool,
    ) -> Option<OptionPicture> {
        self.market.option_picture(listing, self.seen_secs(is_delayed))
    }
}

#[cfg(test)]
mod tests;
