//! The trades of a second: how the volume of a minute is cut up, so that bars, lines and ticks tell
//! the same.
//!
//! It must never know prices; every trade of a second has the second's price. Called by the model,
//! the tape's quotes and the ticks.

use super::noise::{hash, pick};
use crate::world::calendar::MINUTE;

/// Quarters of a second.
const QUARTERS: i64 = 4;
/// Weights of trades: the largest is this many times the smallest.
const WEIGHTS: u32 = 8;

/// What trades within one minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flow {
    /// Makes the cuts of one instrument differ from those of another.
    pub(super) key: u64,
    /// When the minute begins.
    pub(super) start: i64,
    /// Shares of the whole minute.
    pub(super) volume: i64,
    pub(super) n_trades: i64,
}

/// One trade without its price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Print {
    /// Quarter of the second, 0 to 3.
    pub(super) quarter: i64,
    pub(super) size: i64,
}

/// Returns how much of a minute's total falls on one of its seconds, 0 to 59; the seconds add up to
/// the total.
#[must_use]
pub(super) fn share(total: i64, second: i64) -> i64 {
    total * (second + 1) / MINUTE - total * second / MINUTE
}

impl Flow {
    /// Returns the trades of a second, at least one when anything trades in it.
    pub(super) fn prints(&self, secs: i64) -> impl Iterator<Item = Print> + use<> {
        let second = (secs - self.start).clamp(0, MINUTE - 1);
        let volume = share(self.volume, second);
        let n_prints = share(self.n_trades, second).max(1).min(volume);
        let key = hash(self.key ^ 31, secs);
        let weight = move |n: i64| 1 + pick(key, n, WEIGHTS);
        let total: i64 = (0..n_prints).map(weight).sum();
        (0..n_prints)
            .scan(0, move |sum, n| {
                let before = *sum;
                *sum += weight(n);
                let cut = |sum: i64| volume * sum / total.max(1);
                Some(Print { quarter: n * QUARTERS / n_prints, size: cut(*sum) - cut(before) })
            })
            // A cut may be empty where many trades share little.
            .filter(|print| print.size > 0)
    }

    /// Returns the size of the last trade up to a quarter of a second; `None` when nothing trades in
    /// that second.
    pub(super) fn last_size(&self, secs: i64, quarter: i64) -> Option<i64> {
        let mut prints = self.prints(secs);
        let first = prints.next()?;
        let last = prints.take_while(|print| print.quarter <= quarter).last();
        Some(last.map_or(first.size, |print| print.size))
    }

    /// Returns whether anything trades in a second.
    pub(super) fn trades_at(&self, secs: i64) -> bool {
        share(self.volume, (secs - self.start).clamp(0, MINUTE - 1)) > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trades_of_a_minute_add_up_to_its_volume() {
        for (volume, n_trades) in [(180_000, 1_500), (6_100, 51), (10, 1), (60, 1), (7, 40), (0, 1)]
        {
            let flow = Flow { key: 5, start: 600, volume, n_trades };
            let prints: Vec<Print> =
                (600..660).flat_map(|secs| flow.prints(secs).collect::<Vec<_>>()).collect();
            let sum: i64 = prints.iter().map(|print| print.size).sum();
            assert_eq!(sum, volume, "{volume} in {n_trades}");
            assert!(prints.iter().all(|print| print.size > 0 && print.quarter < 4));
            if volume > 60 * n_trades {
                let n_prints = i64::try_from(prints.len()).expect("fits");
                assert!(n_prints >= n_trades * 9 / 10, "{n_prints} for {n_trades}");
            }
        }
    }

    #[test]
    fn a_second_shows_the_size_of_its_last_trade() {
        let flow = Flow { key: 9, start: 0, volume: 60_000, n_trades: 480 };
        let prints: Vec<Print> = flow.prints(7).collect();
        assert_eq!(prints.len(), 8);
        assert_eq!(flow.last_size(7, 3), prints.last().map(|print| print.size));
        let first: Vec<&Print> = prints.iter().filter(|print| print.quarter == 0).collect();
        assert_eq!(flow.last_size(7, 0), first.last().map(|print| print.size));
        assert!(prints.windows(2).all(|pair| pair[0].quarter <= pair[1].quarter));
    }

    #[test]
    fn a_second_in_which_nothing_trades_shows_nothing() {
        let flow = Flow { key: 9, start: 0, volume: 10, n_trades: 1 };
        let seconds: Vec<i64> = (0..60).filter(|secs| flow.trades_at(*secs)).collect();
        assert_eq!(seconds, [5, 11, 17, 23, 29, 35, 41, 47, 53, 59]);
        assert_eq!(flow.last_size(4, 3), None);
        assert_eq!(flow.last_size(5, 0), Some(1));
    }
}
