//! Rows of any length up to a minute, gathered into the minutes of a day.
//!
//! It must never know formats. Called by every tape. What no row says does not happen: a minute
//! without a trade stays without one, and a quote stands until the next row of quotes.

use crate::world::calendar::{DAY_MINUTES, Session};
use crate::world::market::{Bar, Day, Ohlc};

/// A day that is being read.
pub(super) struct Minutes {
    session: Session,
    bars: Vec<Bar>,
    quoted: Vec<bool>,
}

impl Minutes {
    /// Begins a day in which nothing happens.
    pub(super) fn of(session: &Session) -> Self {
        Self {
            session: *session,
            bars: vec![Bar::default(); DAY_MINUTES],
            quoted: vec![false; DAY_MINUTES],
        }
    }

    /// Adds trades from an instant on, in the order of time; those outside of the day are left out.
    /// A number of trades of 0 stands for one that nobody counted.
    pub(super) fn trade(&mut self, at_secs: i64, trade: Ohlc, volume: i64, n_trades: i64) {
        let Some(bar) = self.session.minute_index(at_secs).and_then(|at| self.bars.get_mut(at))
        else {
            return;
        };
        let n_trades = if n_trades > 0 { n_trades } else { guessed_trades(volume) };
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
            bar.bid = standing.bid.map(|side| Ohlc::flat(side.close));
            bar.ask = standing.ask.map(|side| Ohlc::flat(side.close));
            (bar.bid_size, bar.ask_size) = (standing.bid_size, standing.ask_size);
        }
    }
}

/// One side of a quote over the time of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) px: Ohlc,
    /// Shares at the end.
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

/// Returns how many trades a volume may have had where nobody counted them.
pub(super) fn guessed_trades(volume: i64) -> i64 {
    (volume / 120).max(1)
}
