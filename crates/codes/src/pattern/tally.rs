//! How often a code came.

use std::collections::VecDeque;

use gatehouse_types::Utc;

use crate::Meaning;

/// Length of a slot, and with it the precision of the rates.
const SLOT_SECS: i64 = 10;
const MINUTE_SLOTS: i64 = 6;
const HOUR_SLOTS: i64 = 360;

/// How often a code came, over all connections. A notice about the session counts once for each
/// connection that hears it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeCount {
    pub code: i32,
    /// What the latest of them meant.
    pub meaning: Meaning,
    /// Since it was first seen.
    pub n_seen: u64,
    pub first: Utc,
    pub last: Utc,
    /// In the last minute, to 10 s.
    pub per_minute: u32,
    /// In the last hour, to 10 s.
    pub per_hour: u32,
}

#[derive(Debug)]
pub(super) struct Tally {
    n_seen: u64,
    first: Utc,
    pub(super) last: Utc,
    meaning: Meaning,
    /// Slot and messages in it; at most an hour of slots.
    slots: VecDeque<(i64, u32)>,
}

const fn slot(at: Utc) -> i64 {
    at.secs().div_euclid(SLOT_SECS)
}

impl Tally {
    pub(super) const fn new(at: Utc, meaning: Meaning) -> Self {
        Self { n_seen: 0, first: at, last: at, meaning, slots: VecDeque::new() }
    }

    pub(super) fn add(&mut self, at: Utc, meaning: Meaning) {
        self.n_seen += 1;
        (self.last, self.meaning) = (at, meaning);
        let now = slot(at);
        // Also slots of a clock that was ahead and has been set back.
        self.slots.retain(|(slot, _)| (0..HOUR_SLOTS).contains(&(now - slot)));
        match self.slots.back_mut() {
            Some((last, n_seen)) if *last == now => *n_seen += 1,
            Some(_) | None => self.slots.push_back((now, 1)),
        }
    }

    #[cfg(test)]
    pub(super) fn n_slots(&self) -> usize {
        self.slots.len()
    }

    fn within(&self, now: Utc, n_slots: i64) -> u32 {
        let now = slot(now);
        let recent = self.slots.iter().filter(|(slot, _)| (0..n_slots).contains(&(now - slot)));
        recent.map(|(_, n_seen)| n_seen).sum()
    }

    pub(super) fn count(&self, code: i32, now: Utc) -> CodeCount {
        CodeCount {
            code,
            meaning: self.meaning,
            n_seen: self.n_seen,
            first: self.first,
            last: self.last,
            per_minute: self.within(now, MINUTE_SLOTS),
            per_hour: self.within(now, HOUR_SLOTS),
        }
    }
}
