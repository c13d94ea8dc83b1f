//! Which instruments have a line of live prices: a choice by what is wanted, and since when. Knows
//! no connection.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use gatehouse_types::{ConId, Mono};

/// The broker grants 100 lines by default, shared with the bots and with TWS.
pub(crate) const LINES_MAX: usize = 40;
/// For so long an order, or a person's review of one, counts more than what is only watched.
const ASKED_FOR: Duration = Duration::from_secs(60);
/// Lines for what is watched that are opened in one go: twice a second, they take 10 of the 50
/// messages a second that orders need, too.
const OPENED_AT_ONCE: usize = 5;
/// A line that ended by an error is not opened before this, however often it is asked for.
const ASKED_AGAIN_AFTER: Duration = Duration::from_secs(5);
/// The same for what is only watched.
const WATCHED_AGAIN_AFTER: Duration = Duration::from_secs(30);

/// What is wanted, and what is open for it.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// Each with the instant at which it was last asked for; the newest is last.
    asked: VecDeque<(ConId, Mono)>,
    /// The most important first.
    watched: Vec<ConId>,
    open: BTreeSet<ConId>,
    ended: BTreeMap<ConId, Mono>,
    left_out: BTreeSet<ConId>,
}

/// What is to be done to the lines, closing first.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) close: Vec<ConId>,
    pub(crate) open: Vec<ConId>,
}

impl Wanted {
    /// Takes one that an order or a review needs. It stays among the last 40 of them.
    pub(crate) fn ask(&mut self, con_id: ConId, now: Mono) {
        self.asked.retain(|(asked, _)| *asked != con_id);
        self.asked.push_back((con_id, now));
        if self.asked.len() > LINES_MAX {
            self.asked.pop_front();
        }
    }

    /// Takes all that is watched, in place of what was.
    pub(crate) fn watch(&mut self, watched: Vec<ConId>) {
        self.watched = watched;
    }

    /// Takes that a line has ended by itself.
    pub(crate) fn end(&mut self, con_id: ConId, now: Mono) {
        if self.open.remove(&con_id) {
            self.ended.insert(con_id, now);
        }
    }

    /// Returns the lines that stand.
    pub(crate) const fn open(&self) -> &BTreeSet<ConId> {
        &self.open
    }

    /// Returns what is watched and has no line, as there are too many.
    pub(crate) const fn left_out(&self) -> &BTreeSet<ConId> {
        &self.left_out
    }

    /// Returns what is to be done, and takes it as done.
    pub(crate) fn change(&mut self, now: Mono) -> Change {
        let is_urgent = |(_, at): &&(ConId, Mono)| now.since(*at) < ASKED_FOR;
        let urgent: Vec<ConId> =
            self.asked.iter().rev().take_while(is_urgent).map(|(it, _)| *it).collect();
        let others = self.asked.iter().rev().skip(urgent.len()).map(|(it, _)| *it);
        let mut chosen = Vec::with_capacity(LINES_MAX);
        let mut left_out = BTreeSet::new();
        for con_id in urgent.iter().copied().chain(self.watched.iter().copied()).chain(others) {
            if chosen.contains(&con_id) {
                continue;
            }
            if chosen.len() < LINES_MAX {
                chosen.push(con_id);
            } else if self.watched.contains(&con_id) {
                left_out.insert(con_id);
            }
        }
        self.left_out = left_out;
        let close: Vec<ConId> =
            self.open.iter().filter(|it| !chosen.contains(it)).copied().collect();
        let mut n_opened = 0;
        let mut open = Vec::new();
        for con_id in chosen.into_iter().filter(|it| !self.open.contains(it)) {
            let is_urgent = urgent.contains(&con_id);
            let pause = if is_urgent { ASKED_AGAIN_AFTER } else { WATCHED_AGAIN_AFTER };
            let waits = self.ended.get(&con_id).is_some_and(|at| now.since(*at) < pause);
            if waits || !(is_urgent || n_opened < OPENED_AT_ONCE) {
                continue;
            }
            n_opened += usize::from(!is_urgent);
            open.push(con_id);
        }
        for con_id in &close {
            self.open.remove(con_id);
        }
        self.open.extend(&open);
        self.ended.retain(|_, at| now.since(*at) < WATCHED_AGAIN_AFTER);
        Change { close, open }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Mono {
        Mono::new(Duration::from_secs(seconds))
    }

    fn ids(of: std::ops::Range<i32>) -> Vec<ConId> {
        of.map(ConId::new).collect()
    }

    /// Lets half-seconds pass; returns how many lines were opened and closed.
    fn pass(wanted: &mut Wanted, halves: std::ops::Range<u64>) -> (usize, usize) {
        halves.fold((0, 0), |(opened, closed), half| {
            let change = wanted.change(Mono::new(Duration::from_millis(half * 500)));
            assert!(change.open.len() <= OPENED_AT_ONCE, "{change:?}");
            assert!(wanted.open().len() <= LINES_MAX, "{wanted:?}");
            (opened + change.open.len(), closed + change.close.len())
        })
    }

    #[test]
    fn more_than_fits_is_left_out_and_nothing_is_closed_and_opened_in_turn() {
        let mut wanted = Wanted::default();
        wanted.watch(ids(0..60));
        assert_eq!(pass(&mut wanted, 0..20), (LINES_MAX, 0));
        assert_eq!(wanted.open().iter().copied().collect::<Vec<_>>(), ids(0..40));
        assert_eq!(wanted.left_out().iter().copied().collect::<Vec<_>>(), ids(40..60));
        assert_eq!(pass(&mut wanted, 20..2_000), (0, 0));
    }

    #[test]
    fn what_is_not_watched_any_more_is_closed() {
        let mut wanted = Wanted::default();
        wanted.watch(ids(0..10));
        pass(&mut wanted, 0..5);
        wanted.watch(ids(8..10));
        assert_eq!(pass(&mut wanted, 5..9), (0, 8));
        wanted.watch(Vec::new());
        assert_eq!(pass(&mut wanted, 9..12), (0, 2));
    }

    #[test]
    fn an_order_has_its_line_at_once_and_the_least_important_watched_one_gives_way() {
        let mut wanted = Wanted::default();
        wanted.watch(ids(0..40));
        pass(&mut wanted, 0..20);
        wanted.ask(ConId::new(99), at(10));
        let change = wanted.change(at(10));
        assert_eq!((change.close, change.open), (ids(39..40), ids(99..100)));
        // A minute later what is watched counts more.
        let change = wanted.change(at(80));
        assert_eq!((change.close, change.open), (ids(99..100), ids(39..40)));
    }

    #[test]
    fn orders_keep_the_last_lines_that_they_asked_for() {
        let mut wanted = Wanted::default();
        for id in 0..50 {
            wanted.ask(ConId::new(id), at(0));
            wanted.change(at(0));
        }
        assert_eq!(wanted.change(at(9_000)), Change::default());
        assert_eq!(wanted.open().iter().copied().collect::<Vec<_>>(), ids(10..50));
    }

    #[test]
    fn a_line_that_ended_by_an_error_is_opened_after_a_pause() {
        let line = ConId::new(1);
        for (is_asked, after) in [(false, 30), (true, 5)] {
            let mut wanted = Wanted::default();
            if !is_asked {
                wanted.watch(vec![line]);
            }
            let mut opened = Vec::new();
            for second in 0..=after {
                if is_asked {
                    wanted.ask(line, at(second));
                }
                if !wanted.change(at(second)).open.is_empty() {
                    opened.push(second);
                    wanted.end(line, at(second));
                }
            }
            assert_eq!(opened, [0, after], "asked: {is_asked}");
        }
    }
}
