//! How long the Gateway takes to answer.

use std::collections::VecDeque;
use std::time::Duration;

/// Answers that are remembered; at one every five seconds, an hour.
const SAMPLES_MAX: usize = 720;

/// How long answers took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    pub last: Duration,
    /// 50, 99 of 100 took at most this long.
    pub p50: Duration,
    pub p99: Duration,
    pub longest: Duration,
    pub n: usize,
}

/// The round trips of the last hour.
#[derive(Debug, Clone, Default)]
pub struct RoundTrips {
    samples: VecDeque<Duration>,
}

impl RoundTrips {
    /// Adds one; the oldest leaves when there are 720.
    pub fn add(&mut self, took: Duration) {
        if self.samples.len() == SAMPLES_MAX {
            self.samples.pop_front();
        }
        self.samples.push_back(took);
    }

    /// Forgets all: another Gateway answers from here on.
    pub fn clear(&mut self) {
        self.samples.clear();
    }

    /// Returns how long they took; `None` when none was measured.
    #[must_use]
    pub fn spread(&self) -> Option<Spread> {
        let last = *self.samples.back()?;
        let mut sorted: Vec<Duration> = self.samples.iter().copied().collect();
        sorted.sort_unstable();
        let longest = *sorted.last()?;
        // The smallest value that at least this share of all is not above.
        let at = |percent: usize| {
            let rank = (sorted.len() * percent).div_ceil(100).max(1);
            sorted.get(rank - 1).copied().unwrap_or(longest)
        };
        Some(Spread { last, p50: at(50), p99: at(99), longest, n: sorted.len() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    #[test]
    fn nothing_measured_has_no_spread() {
        assert_eq!(RoundTrips::default().spread(), None);
    }

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let mut trips = RoundTrips::default();
        for n in (1..=100).rev() {
            trips.add(ms(n));
        }
        let expected = Spread { last: ms(1), p50: ms(50), p99: ms(99), longest: ms(100), n: 100 };
        assert_eq!(trips.spread(), Some(expected));
        let mut one = RoundTrips::default();
        one.add(ms(7));
        let expected = Spread { last: ms(7), p50: ms(7), p99: ms(7), longest: ms(7), n: 1 };
        assert_eq!(one.spread(), Some(expected));
    }

    #[test]
    fn what_is_an_hour_old_is_forgotten() {
        let mut trips = RoundTrips::default();
        trips.add(ms(9_000));
        for _ in 0..SAMPLES_MAX {
            trips.add(ms(1));
        }
        assert_eq!(trips.spread().map(|spread| (spread.longest, spread.n)), Some((ms(1), 720)));
    }
}
