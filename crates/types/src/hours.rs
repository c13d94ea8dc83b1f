//! When an instrument trades, as instants: time zones are left behind where details are read.

use crate::Utc;

/// A stretch of time; its end does not belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: Utc,
    pub to: Utc,
}

impl Span {
    /// Returns whether an instant is in it.
    #[must_use]
    pub fn holds(self, at: Utc) -> bool {
        self.from <= at && at < self.to
    }
}

/// Part of a trading day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TradingHours {
    Regular,
    /// Before the open or after the close.
    Extended,
    Closed,
}

impl TradingHours {
    /// Returns the words that follow "the market is".
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Regular => "in regular hours",
            Self::Extended => "in extended hours",
            Self::Closed => "closed",
        }
    }
}

/// The trading hours of an instrument for the days that the broker named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hours {
    /// The days that are known, in order; a day outside is not known, not closed.
    pub days: Vec<Span>,
    pub regular: Vec<Span>,
    /// Regular hours and those around them.
    pub all: Vec<Span>,
}

impl Hours {
    /// Returns the part of the day at an instant; `None` on a day that is not known.
    #[must_use]
    pub fn at(&self, at: Utc) -> Option<TradingHours> {
        let holds = |spans: &[Span]| spans.iter().any(|span| span.holds(at));
        if holds(&self.regular) {
            Some(TradingHours::Regular)
        } else if holds(&self.all) {
            Some(TradingHours::Extended)
        } else if holds(&self.days) {
            Some(TradingHours::Closed)
        } else {
            None
        }
    }

    /// Returns when regular hours begin next after an instant.
    #[must_use]
    pub fn next_open(&self, after: Utc) -> Option<Utc> {
        self.regular.iter().map(|span| span.from).filter(|from| *from > after).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: i64, to: i64) -> Span {
        Span { from: Utc::from_nanos(from), to: Utc::from_nanos(to) }
    }

    #[test]
    fn a_day_that_was_not_named_is_not_closed_but_unknown() {
        let hours = Hours {
            days: vec![span(0, 24), span(24, 48)],
            regular: vec![span(9, 16)],
            all: vec![span(4, 20)],
        };
        let check = |at, expected| assert_eq!(hours.at(Utc::from_nanos(at)), expected, "{at}");
        check(-1, None);
        check(3, Some(TradingHours::Closed));
        check(4, Some(TradingHours::Extended));
        check(9, Some(TradingHours::Regular));
        check(15, Some(TradingHours::Regular));
        check(16, Some(TradingHours::Extended));
        check(20, Some(TradingHours::Closed));
        check(47, Some(TradingHours::Closed));
        check(48, None);
        assert_eq!(hours.next_open(Utc::from_nanos(3)), Some(Utc::from_nanos(9)));
        assert_eq!(hours.next_open(Utc::from_nanos(9)), None);
    }
}
