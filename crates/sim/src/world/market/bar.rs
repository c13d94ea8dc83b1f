//! Bars and quotes; prices and sizes are whole numbers, as [`crate::world::px`] counts them.
//!
//! Shared by the model, the tape and the history; it must never know where prices come from.

use crate::world::calendar::Session;

/// Open, high, low and close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ohlc {
    pub open: i64,
    pub high: i64,
    pub low: i64,
    pub close: i64,
}

impl Ohlc {
    /// Returns a bar that saw one price.
    #[must_use]
    pub fn flat(px: i64) -> Self {
        Self { open: px, high: px, low: px, close: px }
    }

    /// Extends the bar by a later one.
    #[must_use]
    pub fn then(self, later: Self) -> Self {
        Self {
            open: self.open,
            high: self.high.max(later.high),
            low: self.low.min(later.low),
            close: later.close,
        }
    }
}

/// Extends what may be no bar yet.
#[must_use]
pub fn join(earlier: Option<Ohlc>, later: Option<Ohlc>) -> Option<Ohlc> {
    match (earlier, later) {
        (Some(earlier), Some(later)) => Some(earlier.then(later)),
        (one, None) | (None, one) => one,
    }
}

/// One minute, or any stretch of time. A side that had no quote is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bar {
    pub bid: Option<Ohlc>,
    pub ask: Option<Ohlc>,
    pub trade: Option<Ohlc>,
    /// Shares.
    pub volume: i64,
    pub n_trades: i64,
    /// Displayed shares at the end.
    pub bid_size: i64,
    pub ask_size: i64,
}

impl Bar {
    /// Extends the bar by a later one.
    #[must_use]
    pub fn then(self, later: Self) -> Self {
        Self {
            bid: join(self.bid, later.bid),
            ask: join(self.ask, later.ask),
            trade: join(self.trade, later.trade),
            volume: self.volume + later.volume,
            n_trades: self.n_trades + later.n_trades,
            bid_size: later.bid_size,
            ask_size: later.ask_size,
        }
    }

    /// Returns the bar of the middle between bid and ask, where both sides were quoted.
    #[must_use]
    pub fn midpoint(&self) -> Option<Ohlc> {
        let (bid, ask) = (self.bid?, self.ask?);
        let middle = |bid: i64, ask: i64| (bid + ask) / 2;
        Some(Ohlc {
            open: middle(bid.open, ask.open),
            high: middle(bid.high, ask.high),
            low: middle(bid.low, ask.low),
            close: middle(bid.close, ask.close),
        })
    }
}

/// One side of the displayed book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    pub px: i64,
    pub size: i64,
}

/// What one second shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    pub bid: Option<Level>,
    pub ask: Option<Level>,
    /// Price and size of the last trade of this second, if there was one.
    pub last: Option<Level>,
}

/// One trading day of one instrument, minute by minute from 04:00.
#[derive(Debug, Clone)]
pub struct Day {
    pub session: Session,
    pub minutes: Vec<Bar>,
}

impl Day {
    /// Returns the bar of the regular session, or `None` when nothing traded.
    #[must_use]
    pub fn regular(&self) -> Bar {
        self.between(self.session.open, self.session.close)
    }

    /// Returns the bar of the whole minutes from one instant to another.
    #[must_use]
    pub fn between(&self, from: i64, to: i64) -> Bar {
        let mut sum = Bar::default();
        for (index, bar) in self.minutes.iter().enumerate() {
            let at = self.session.minute_start(index);
            if at >= from && at < to {
                sum = sum.then(*bar);
            }
        }
        sum
    }
}
