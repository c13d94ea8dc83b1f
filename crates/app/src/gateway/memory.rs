//! How the memory of a Gateway's process grows, and when that becomes a problem. Pure.

use std::collections::VecDeque;
use std::time::Duration;

use gatehouse_types::Utc;

/// One sample a minute for a day.
const SAMPLES_MAX: usize = 1440;

/// The trend is that of the last hour.
const TREND_SECS: i64 = 3600;

/// A shorter stretch says nothing about an hour.
const TREND_LEAST_SECS: i64 = 600;

/// Share of the heap, in percent, from which Java collects garbage all the time.
const CROWDED_PERCENT: u64 = 80;

/// Memory over time: instants in seconds since 1970, and megabytes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Memory {
    samples: VecDeque<(i64, u32)>,
}

impl Memory {
    pub(crate) fn add(&mut self, at: Utc, bytes: u64) {
        if self.samples.len() == SAMPLES_MAX {
            self.samples.pop_front();
        }
        let megabytes = u32::try_from(bytes / 1_048_576).unwrap_or(u32::MAX);
        self.samples.push_back((at.secs(), megabytes));
    }

    pub(crate) fn samples(&self) -> Vec<(i64, u32)> {
        self.samples.iter().copied().collect()
    }

    pub(crate) fn last(&self) -> Option<u32> {
        self.samples.back().map(|(_, megabytes)| *megabytes)
    }

    /// Returns the slope of the line of least squares through the last hour, in megabytes per hour;
    /// `None` before there is enough to say.
    pub(crate) fn per_hour(&self) -> Option<i32> {
        let (end, _) = *self.samples.back()?;
        let recent: Vec<(i128, i128)> = self
            .samples
            .iter()
            .filter(|(at, _)| *at > end - TREND_SECS)
            .map(|(at, megabytes)| (i128::from(at - end), i128::from(*megabytes)))
            .collect();
        let first = recent.first()?.0;
        if -first < i128::from(TREND_LEAST_SECS) {
            return None;
        }
        let n = i128::try_from(recent.len()).ok()?;
        let sum = |of: fn(&(i128, i128)) -> i128| recent.iter().map(of).sum::<i128>();
        let (x, y) = (sum(|it| it.0), sum(|it| it.1));
        let (xy, xx) = (sum(|it| it.0 * it.1), sum(|it| it.0 * it.0));
        let spread = n * xx - x * x;
        let rise = (n * xy - x * y).checked_mul(3600)?;
        // Rounded to the nearest; the spread is positive.
        let slope = (2 * rise + spread).checked_div_euclid(2 * spread)?;
        i32::try_from(slope).ok()
    }

    /// Returns when the heap is crowded at this pace, from now; `None` when it does not grow, or
    /// its limit is not known.
    pub(crate) fn crowded_in(&self, heap_max_mb: Option<u32>) -> Option<Duration> {
        let limit = u64::from(heap_max_mb?) * CROWDED_PERCENT / 100;
        let now = u64::from(self.last()?);
        if now >= limit {
            return Some(Duration::ZERO);
        }
        let per_hour = u64::try_from(self.per_hour()?).ok().filter(|it| *it > 0)?;
        Some(Duration::from_secs((limit - now) * 3600 / per_hour))
    }
}

/// Reads `-Xmx` of Java's options, in megabytes.
pub(crate) fn heap_max_mb(options: &str) -> Option<u32> {
    let value = options.lines().rev().find_map(|line| line.trim().strip_prefix("-Xmx"))?;
    let unit = value.chars().last()?;
    let number = |per_mb: u64, times: u64| {
        let digits: u64 = value.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()?;
        u32::try_from(digits.checked_mul(times)? / per_mb).ok()
    };
    match unit.to_ascii_lowercase() {
        'g' => number(1, 1024),
        'm' => number(1, 1),
        'k' => number(1024, 1),
        _ => number(1_048_576, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sample a minute, so many megabytes each.
    fn memory(megabytes: impl IntoIterator<Item = u64>) -> Memory {
        let mut memory = Memory::default();
        for (minute, megabytes) in (0..).zip(megabytes) {
            memory.add(Utc::from_nanos(minute * 60_000_000_000), megabytes * 1_048_576);
        }
        memory
    }

    #[test]
    fn the_trend_is_that_of_the_last_hour() {
        assert_eq!(memory([]).per_hour(), None);
        assert_eq!(memory((0..10).map(|n| 500 + n)).per_hour(), None, "nine minutes say nothing");
        assert_eq!(memory((0..60).map(|n| 500 + n)).per_hour(), Some(60));
        let falls_then_grows = (0..100).map(|n| 2000 - n * 10).chain((0..60).map(|n| 500 + n / 2));
        assert_eq!(memory(falls_then_grows).per_hour(), Some(30));
        assert_eq!(memory((0..60).map(|n| 900 - n)).per_hour(), Some(-60));
        assert_eq!(memory([700; 60]).per_hour(), Some(0));
    }

    #[test]
    fn a_crowded_heap_is_seen_before_it_is_there() {
        let hours = |n: u64| Some(Duration::from_secs(n * 3600));
        let growing = memory((0..60).map(|n| 541 + n));
        assert_eq!(growing.last(), Some(600));
        assert_eq!(growing.crowded_in(Some(1500)), hours(10));
        assert_eq!(growing.crowded_in(Some(700)), Some(Duration::ZERO), "it is there");
        assert_eq!(growing.crowded_in(None), None);
        assert_eq!(memory([700; 60]).crowded_in(Some(1500)), None, "it does not grow");
    }

    #[test]
    fn the_limit_of_the_heap_is_read_as_java_reads_it() {
        for (options, megabytes) in [
            ("-Xmx768m\n-XX:+UseG1GC", Some(768)),
            ("-Xms256m\n -Xmx4G ", Some(4096)),
            ("-Xmx512m\n-Xmx1024m", Some(1024)),
            ("-Xmx1048576k", Some(1024)),
            ("-Xmx1073741824", Some(1024)),
            ("-Xms256m", None),
            ("-Xmxlots", None),
        ] {
            assert_eq!(heap_max_mb(options), megabytes, "{options:?}");
        }
    }
}
