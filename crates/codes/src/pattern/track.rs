//! When the messages of one pattern came.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use gatehouse_types::Utc;

use crate::Meaning;

use super::finding::{Numbers, gap};
use super::{RequestKind, Seen};

/// Enough for every threshold and for a figure that impresses.
const TIMES_MAX: usize = 128;
const SUBJECTS_MAX: usize = 64;
/// Symbols of options are long; nothing longer is one.
const SUBJECT_LENGTH_MAX: usize = 48;

#[derive(Debug)]
pub(super) struct Track {
    times: VecDeque<Utc>,
    /// Each symbol, and when it was named last.
    subjects: BTreeMap<String, Utc>,
    pub(super) last: Utc,
    pub(super) code: i32,
    pub(super) title: &'static str,
    pub(super) action: &'static str,
    pub(super) request: Option<RequestKind>,
}

impl Track {
    pub(super) const fn new(seen: &Seen<'_>, meaning: &Meaning) -> Self {
        Self {
            times: VecDeque::new(),
            subjects: BTreeMap::new(),
            last: seen.at,
            code: seen.code,
            title: meaning.title,
            action: meaning.action,
            request: seen.request,
        }
    }

    /// Adds an event, unless it is within `echo` of the one before.
    pub(super) fn add(&mut self, seen: &Seen<'_>, meaning: &Meaning, echo: Duration) {
        let is_echo = self.times.back().is_some_and(|last| gap(*last, seen.at) < echo);
        if is_echo {
            return;
        }
        if self.times.len() == TIMES_MAX {
            self.times.pop_front();
        }
        self.times.push_back(seen.at);
        (self.last, self.code, self.request) = (seen.at, seen.code, seen.request);
        (self.title, self.action) = (meaning.title, meaning.action);
        if let Some(symbol) = seen.symbol {
            self.name(symbol.chars().take(SUBJECT_LENGTH_MAX).collect(), seen.at);
        }
    }

    fn name(&mut self, subject: String, at: Utc) {
        if self.subjects.len() == SUBJECTS_MAX && !self.subjects.contains_key(&subject) {
            let oldest = self.subjects.iter().min_by_key(|(_, at)| **at);
            if let Some(oldest) = oldest.map(|(subject, _)| subject.clone()) {
                self.subjects.remove(&oldest);
            }
        }
        self.subjects.insert(subject, at);
    }

    /// Returns what lies within a window before `now`; `None` when nothing does. Instants after
    /// `now`, of a clock that was set back, count like those before it.
    pub(super) fn numbers(&self, now: Utc, window: Duration) -> Option<Numbers> {
        let is_near = |at: &Utc| gap(*at, now) <= window;
        let recent = || self.times.iter().copied().filter(is_near);
        let n_seen = recent().count();
        let subjects = self.subjects.iter().filter(|(_, at)| is_near(at));
        Some(Numbers {
            n_seen,
            is_full: n_seen == TIMES_MAX,
            first: recent().min()?,
            last: recent().max()?,
            subjects: subjects.map(|(subject, _)| subject.clone()).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meaning;

    #[test]
    fn the_newest_symbols_are_kept() {
        let (text, bot, request) = ("", None, None);
        let mut track: Option<Track> = None;
        for index in 0..1_000_i64 {
            let symbol = format!("S{index}");
            let at = Utc::from_nanos(index);
            let seen = Seen { at, code: 354, text, bot, request, symbol: Some(&symbol) };
            let meaning = meaning(354, text);
            let track = track.get_or_insert_with(|| Track::new(&seen, &meaning));
            track.add(&seen, &meaning, Duration::ZERO);
        }
        let track = track.expect("was fed");
        assert_eq!((track.subjects.len(), track.times.len()), (SUBJECTS_MAX, TIMES_MAX));
        assert!(track.subjects.contains_key("S999") && !track.subjects.contains_key("S935"));
    }
}
