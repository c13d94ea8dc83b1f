//! Rows of any length up to a day, gathered into the minutes of a day.
//!
//! It must never know formats. Called by every tape. What no row says does not happen: a minute
//! without a trade stays without one, and a quote stands until the next row of quotes.

use super::form::Form;
use super::stretch::minutes_of;
use crate::world::calendar::{MINUTE, Session};
use crate::world::catalog::Listing;
use crate::world::market::{Bar, Day, Ohlc};

/// A day that is being read.
pub(super) struct Minutes {
    session: Session,
    form: Form,
    bars: Vec<Bar>,
    quoted: Vec<bool>,
}

impl Minutes {
    /// Begins a day in which nothing happens.
    pub(super) fn of(session: &Session, form: &Form) -> Self {
        Self {
            session: *session,
            form: *form,
            bars: vec![Bar::default(); session.n_minutes()],
            quoted: vec![false; session.n_minutes()],
        }
    }

    /// Adds trades from an instant on, in the order of time; those outside of the day are left out.
    /// A number of trades of 0 stands for one that nobody counted.
    pub(super) fn trade(&mut self, at_secs: i64, trade: Ohlc, volume: i64, n_trades: i64) {
        let Some(bar) = self.session.minute_index(at_secs).and_then(|at| self.bars.get_mut(at))
        else {
            return;
        };
        let n_trades = if n_trades > 0 { n_trades } else { self.form.guessed_trades(volume) };
        *bar = bar.then(Bar {
            trade: Some(trade),
            volume,
            n_trades,
            bid_size: bar.bid_size,
            ask_size: bar.ask_size,
            ..Bar::default()
        });
    }

    /// Adds a quote from an instant on, in the order of time. A side that is `None` has nobody in
    /// it.
    pub(super) fn quote(&mut self, at_secs: i64, [bid, ask]: [Option<Side>; 2]) {
        let Some(index) = self.session.minute_index(at_secs) else { return };
        let (Some(bar), Some(quoted)) = (self.bars.get_mut(index), self.quoted.get_mut(index))
        else {
            return;
        };
        *quoted = true;
        *bar = bar.then(Bar {
            bid: bid.map(|side| side.px),
            ask: ask.map(|side| side.px),
            bid_size: bid.map_or(0, |side| side.size),
            ask_size: ask.map_or(0, |side| side.size),
            ..Bar::default()
        });
    }

    /// Adds a bar of many minutes, cut into them; what it has no figures of stays as it is.
    pub(super) fn long(&mut self, (from, to): (i64, i64), bar: &Bar, step: i64) {
        let n_minutes = (to - from) / MINUTE;
        for (part, n) in minutes_of(bar, n_minutes, step).iter().zip(0..) {
            let at = from + n * MINUTE;
            if let Some(trade) = part.trade {
                self.trade(at, trade, part.volume, part.n_trades);
            }
            if part.bid.is_some() || part.ask.is_some() {
                let side = |px: Option<Ohlc>, size| px.map(|px| Side { px, size });
                self.quote(at, [side(part.bid, bar.bid_size), side(part.ask, bar.ask_size)]);
            }
        }
    }

    /// Ends the day. `None` when nothing happened in it.
    pub(super) fn into_day(mut self) -> Option<Day> {
        let has_rows = self.bars.iter().any(|bar| bar.trade.is_some());
        if !has_rows && !self.quoted.contains(&true) {
            return None;
        }
        self.carry_quotes();
        Some(Day { session: self.session, minutes: self.bars })
    }

    /// Most formats have no row for a minute in which the quote did not change.
    fn carry_quotes(&mut self) {
        let mut standing = Bar::default();
        for (bar, quoted) in self.bars.iter_mut().zip(&self.quoted) {
            if *quoted {
                standing = *bar;
                continue;
            }
            stand(bar, &standing);
        }
    }
}

/// Lets the last quote of one bar stand in another.
pub(in crate::world) fn stand(bar: &mut Bar, before: &Bar) {
    bar.bid = before.bid.map(|side| Ohlc::flat(side.close));
    bar.ask = before.ask.map(|side| Ohlc::flat(side.close));
    (bar.bid_size, bar.ask_size) = (before.bid_size, before.ask_size);
}

/// One side of a quote over the time of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) px: Ohlc,
    /// At the end.
    pub(super) size: i64,
}

impl Side {
    /// Returns a side, or `None` when any price is zero: nobody was there for some of the time, and
    /// what is left is not a quote.
    pub(super) fn of([open, high, low, close]: [i64; 4], size: i64) -> Option<Self> {
        let px = Ohlc { open, high, low, close };
        [open, high, low, close].iter().all(|px| *px > 0).then_some(Self { px, size })
    }
}

/// Returns the minutes that a long bar covers: a stock's day is its regular session, and so is what
/// of an hour lies in it.
pub(super) fn span_of(listing: &Listing, session: &Session, at: i64, secs: i64) -> (i64, i64) {
    let (from, to) = (at.max(session.pre_open), (at + secs).min(session.post_close));
    if !listing.is_us_stock() {
        return (from, to);
    }
    let (opens, closes) = (from.max(session.open), to.min(session.close));
    if opens < closes { (opens, closes) } else { (from, to) }
}
