//! How often a login may ask for history with bars of half a minute or less, or for ticks.
//!
//! Time is the world's. It must never know clients. Called by the server. Source: the broker's page
//! on limitations of historical data: nothing twice within 15 seconds, no six requests for the same
//! contract, exchange and kind within two seconds, no more than 60 in ten minutes, quotes of both
//! sides twice.

use std::collections::VecDeque;

/// A question is the same as one of this age.
const SAME_SECS: i64 = 15;
/// Requests of a kind within [`BURST_SECS`] that are too many.
const BURST_MAX: usize = 6;
const BURST_SECS: i64 = 2;
/// Weight within [`WINDOW_SECS`] that is allowed.
const WINDOW_MAX: i64 = 60;
const WINDOW_SECS: i64 = 600;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Everything that tells it from another one.
    pub whole: String,
    /// Contract, exchange and kind of data.
    pub kind: String,
    /// 2 for quotes of both sides, else 1.
    pub weight: i64,
}

/// What was asked in the last ten minutes.
#[derive(Debug, Clone, Default)]
pub struct Pacing {
    asked: VecDeque<(i64, Asked)>,
    n_violations: u64,
}

impl Pacing {
    /// Notes a request at a second of the world and returns whether it comes too soon. One that
    /// does counts neither against later ones nor as asked.
    ///
    /// What is kept is bounded by the 60 of ten minutes.
    pub fn violates(&mut self, now: i64, asked: Asked) -> bool {
        while self.asked.front().is_some_and(|(at, _)| now - at >= WINDOW_SECS) {
            self.asked.pop_front();
        }
        let within = |secs: i64| {
            self.asked.iter().filter(move |(at, _)| now - at < secs).map(|(_, asked)| asked)
        };
        let is_same = within(SAME_SECS).any(|one| one.whole == asked.whole);
        let n_burst = within(BURST_SECS).filter(|one| one.kind == asked.kind).count();
        let weight: i64 = within(WINDOW_SECS).map(|one| one.weight).sum();
        let violates = is_same || n_burst + 1 >= BURST_MAX || weight + asked.weight > WINDOW_MAX;
        if violates {
            self.n_violations += 1;
        } else {
            self.asked.push_back((now, asked));
        }
        violates
    }

    /// Returns how many requests came too soon since the start.
    #[must_use]
    pub fn n_violations(&self) -> u64 {
        self.n_violations
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(whole: &str, kind: &str, weight: i64) -> Asked {
        Asked { whole: whole.to_owned(), kind: kind.to_owned(), weight }
    }

    #[test]
    fn the_same_question_waits_fifteen_seconds() {
        let mut pacing = Pacing::default();
        for (now, violates) in [(0, false), (14, true), (15, false), (20, true), (30, false)] {
            assert_eq!(pacing.violates(now, asked("a", "k", 1)), violates, "{now}");
        }
        assert_eq!(pacing.n_violations(), 2);
    }

    #[test]
    fn the_sixth_of_a_kind_within_two_seconds_is_too_many() {
        let mut pacing = Pacing::default();
        for n in 0..5 {
            assert!(!pacing.violates(0, asked(&n.to_string(), "k", 1)), "{n}");
        }
        assert!(pacing.violates(1, asked("6", "k", 1)));
        assert!(!pacing.violates(1, asked("6", "other", 1)));
        assert!(!pacing.violates(2, asked("7", "k", 1)));
    }

    #[test]
    fn sixty_in_ten_minutes_and_both_sides_count_twice() {
        let mut pacing = Pacing::default();
        for n in 0..29 {
            assert!(!pacing.violates(n * 3, asked(&n.to_string(), "k", 2)), "{n}");
        }
        assert!(!pacing.violates(100, asked("a", "k", 1)));
        assert!(pacing.violates(110, asked("b", "k", 2)));
        assert!(!pacing.violates(110, asked("c", "k", 1)));
        assert!(pacing.violates(599, asked("d", "k", 1)));
        assert!(!pacing.violates(600, asked("d", "k", 1)));
    }
}
