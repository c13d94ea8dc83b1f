//! How long the judgement of an order took: of each of the last ones, and 50 and 99 of 100.
//!
//! Measured by the driver around the engine's step, on the monotonic clock, from the frame that was
//! taken to the effects that it caused; not in the ledger. It decides nothing.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;
use std::time::Duration;

use gatehouse_engine::{Effect, Input};
use gatehouse_types::{BotName, EntryKind, EntrySeq};

use crate::locked::locked;

/// Single judgements that are remembered; the window shows fewer.
const KEPT: usize = 4096;

/// Buckets of 5 µs: up to 10 ms, and everything slower in the last one.
const BUCKETS: usize = 2000;
const BUCKET_US: u32 = 5;

/// Durations of many judgements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Durations {
    counts: Vec<u32>,
    n: u32,
}

impl Default for Durations {
    fn default() -> Self {
        Self { counts: vec![0; BUCKETS], n: 0 }
    }
}

impl Durations {
    fn add(&mut self, took: Duration) {
        let bucket = micros(took) / BUCKET_US;
        let bucket = usize::try_from(bucket).unwrap_or(BUCKETS).min(BUCKETS - 1);
        if let Some(count) = self.counts.get_mut(bucket) {
            *count = count.saturating_add(1);
        }
        self.n = self.n.saturating_add(1);
    }

    /// Returns how many there were.
    #[must_use]
    pub fn n(&self) -> u32 {
        self.n
    }

    /// Returns the time within which this many of 100 ended, in microseconds, to 5 µs and rounded
    /// up; `None` when there were none.
    #[must_use]
    pub fn within_us(&self, of_100: u32) -> Option<u32> {
        let wanted = u64::from(self.n) * u64::from(of_100);
        let mut seen = 0_u64;
        let end = self.counts.iter().zip(1_u32..).find(|(count, _)| {
            seen += u64::from(**count) * 100;
            seen >= wanted && seen > 0
        });
        end.map(|(_, place)| place * BUCKET_US)
    }
}

#[derive(Debug, Default)]
struct Kept {
    of_all: Durations,
    of_bots: BTreeMap<BotName, Durations>,
    last: VecDeque<(EntrySeq, u32)>,
}

/// What the driver measured in this life.
#[derive(Debug, Default)]
pub struct Checks(Mutex<Kept>);

impl Checks {
    /// Returns the durations of all judgements, and of each bot's.
    #[must_use]
    pub fn durations(&self) -> (Durations, BTreeMap<BotName, Durations>) {
        let kept = locked(&self.0);
        (kept.of_all.clone(), kept.of_bots.clone())
    }

    /// Returns the duration of one judgement in microseconds, when it is among the last ones.
    #[must_use]
    pub fn of(&self, entry: EntrySeq) -> Option<u32> {
        let kept = locked(&self.0);
        let at = kept.last.binary_search_by_key(&entry, |(seq, _)| *seq).ok()?;
        kept.last.get(at).map(|(_, took)| *took)
    }

    /// Notes what one step took, for every judgement among its effects.
    pub(crate) fn note(&self, effects: &[Effect], took: Duration) {
        let judged: Vec<(&BotName, EntrySeq)> = effects.iter().filter_map(judged).collect();
        if judged.is_empty() {
            return;
        }
        let mut kept = locked(&self.0);
        for (bot, seq) in judged {
            kept.of_all.add(took);
            kept.of_bots.entry(bot.clone()).or_default().add(took);
            if kept.last.len() >= KEPT {
                kept.last.pop_front();
            }
            kept.last.push_back((seq, micros(took)));
        }
    }
}

/// Returns whether a step may judge an order.
pub(crate) fn may_judge(input: &Input) -> bool {
    matches!(input, Input::Place { .. })
}

fn judged(effect: &Effect) -> Option<(&BotName, EntrySeq)> {
    let (Effect::RecordApproved { entry, .. } | Effect::Append(entry)) = effect else {
        return None;
    };
    let EntryKind::Judged { bot, .. } = &entry.kind else { return None };
    Some((bot, entry.seq))
}

fn micros(took: Duration) -> u32 {
    u32::try_from(took.as_micros()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninety_nine_of_a_hundred_leave_the_slowest_out() {
        let mut durations = Durations::default();
        assert_eq!(durations.within_us(99), None);
        for _ in 0..99 {
            durations.add(Duration::from_micros(12));
        }
        durations.add(Duration::from_millis(50));
        assert_eq!(durations.within_us(50), Some(15));
        assert_eq!(durations.within_us(99), Some(15));
        assert_eq!(durations.within_us(100), Some(10_000));
    }
}
