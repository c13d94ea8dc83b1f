//! How long to wait before the next attempt, and when to stop trying.

use std::collections::VecDeque;
use std::time::Duration;

use gatehouse_types::Mono;

/// Failures within [`WINDOW`] that end trying.
const FAILURES_MAX: usize = 5;

/// How long a failure counts.
const WINDOW: Duration = Duration::from_secs(15 * 60);

/// Waits between attempts: doubled from the first to the cap, a fifth shorter or longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Backoff {
    first: Duration,
    cap: Duration,
}

impl Backoff {
    /// Tries of a port: on this machine it is cheap, and a Gateway is back in seconds.
    pub(super) const PORT: Self =
        Self { first: Duration::from_millis(250), cap: Duration::from_secs(5) };

    /// Starts of a process: each costs a login.
    pub(super) const START: Self =
        Self { first: Duration::from_secs(5), cap: Duration::from_secs(300) };

    /// Returns the wait after `n_failures` attempts in a row, at least one.
    pub(super) fn after(self, n_failures: u32, seed: u64) -> Duration {
        let doublings = n_failures.saturating_sub(1).min(16);
        let plain = self.first.saturating_mul(1 << doublings).min(self.cap);
        let spread = u32::try_from(mixed(seed, n_failures) % 401).unwrap_or(200);
        plain.saturating_mul(800 + spread) / 1000
    }
}

/// Returns a number that depends on both in no obvious way. Source: splitmix64 by Sebastiano Vigna,
/// prng.di.unimi.it/splitmix64.c (public domain).
fn mixed(seed: u64, n: u32) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(u64::from(n) + 1));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Opens after repeated failures, so that nothing is started for ever.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Breaker {
    failures: VecDeque<Mono>,
}

impl Breaker {
    /// Notes a failure. Returns how many there were lately, or `None` when it is enough.
    pub(super) fn failed(&mut self, now: Mono) -> Option<u32> {
        while self.failures.front().is_some_and(|&at| now.since(at) >= WINDOW) {
            self.failures.pop_front();
        }
        self.failures.push_back(now);
        if self.failures.len() >= FAILURES_MAX {
            return None;
        }
        u32::try_from(self.failures.len()).ok()
    }

    pub(super) fn reset(&mut self) {
        self.failures.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> Mono {
        Mono::new(Duration::from_secs(secs))
    }

    #[test]
    fn waits_double_to_the_cap_within_a_fifth() {
        for seed in 0..200 {
            for (n, plain) in [(1, 5.0), (2, 10.0), (3, 20.0), (7, 300.0), (40, 300.0)] {
                let wait = Backoff::START.after(n, seed).as_secs_f64();
                assert!((plain * 0.8..=plain * 1.2).contains(&wait), "{n}: {wait}");
            }
        }
    }

    #[test]
    fn two_sessions_do_not_wait_alike() {
        let waits: std::collections::BTreeSet<_> =
            (0..50).map(|seed| Backoff::PORT.after(5, seed)).collect();
        assert!(waits.len() > 40, "{}", waits.len());
    }

    #[test]
    fn the_fifth_failure_in_a_quarter_of_an_hour_opens_the_breaker() {
        let mut breaker = Breaker::default();
        let told: Vec<_> = (0..5).map(|n| breaker.failed(at(n * 200))).collect();
        assert_eq!(told, [Some(1), Some(2), Some(3), Some(4), None]);
    }

    #[test]
    fn failures_that_are_far_apart_never_open_it() {
        let mut breaker = Breaker::default();
        for n in 0..50 {
            assert!(breaker.failed(at(n * 300)).is_some(), "{n}");
        }
    }
}
