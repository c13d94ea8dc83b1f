//! Which instruments symbols name, by the Gateway's word, and when it may be asked again: each
//! question is a message of the budget that orders have, too.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use gatehouse_types::ConId;

/// Within this an answer comes, or none does.
pub(crate) const ANSWERED_WITHIN: Duration = Duration::from_secs(5);
/// A name that was not known is asked for again after this, when nobody did anything for it.
pub(crate) const AGAIN_AFTER: Duration = Duration::from_secs(60);

/// What is known of a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    Yes(ConId),
    /// The Gateway knows none, or did not answer.
    No,
    /// It was asked, and may still answer.
    Awaited,
    /// Nobody asked lately: the caller asks.
    Ask,
}

/// Symbols and their instruments.
#[derive(Debug, Default)]
pub(crate) struct Names {
    con_ids: BTreeMap<String, ConId>,
    /// Those without an instrument, each with the instant of the last question, and whether the
    /// Gateway said that there is none.
    asked: BTreeMap<String, (Instant, bool)>,
}

impl Names {
    pub(crate) fn name(&mut self, symbol: String, con_id: ConId) {
        self.asked.remove(&symbol);
        self.con_ids.insert(symbol, con_id);
    }

    /// Takes that the Gateway knows no such instrument.
    pub(crate) fn not_named(&mut self, symbol: &str, now: Instant) {
        let (_, is_answered) = self.asked.entry(symbol.to_owned()).or_insert((now, true));
        *is_answered = true;
    }

    /// Forgets what was asked: another connection may know more.
    pub(crate) fn forget_asked(&mut self) {
        self.asked.clear();
    }

    /// Returns what is known of a symbol; `pause` is how long an earlier question counts. After
    /// [`Named::Ask`] it counts as asked.
    pub(crate) fn look(&mut self, symbol: &str, now: Instant, pause: Duration) -> Named {
        if let Some(con_id) = self.con_ids.get(symbol) {
            return Named::Yes(*con_id);
        }
        let before =
            self.asked.get(symbol).map(|(at, no)| (now.saturating_duration_since(*at), *no));
        match before {
            Some((since, false)) if since < ANSWERED_WITHIN => Named::Awaited,
            Some((since, _)) if since < pause => Named::No,
            _ => {
                self.asked.insert(symbol.to_owned(), (now, false));
                Named::Ask
            }
        }
    }

    /// Returns the instrument of a symbol.
    pub(crate) fn get(&self, symbol: &str) -> Option<ConId> {
        self.con_ids.get(symbol).copied()
    }

    /// Returns whether the Gateway said that there is no such instrument.
    pub(crate) fn is_unknown(&self, symbol: &str) -> bool {
        self.asked.get(symbol).is_some_and(|(_, is_answered)| *is_answered)
    }

    /// Returns every symbol with its instrument, in alphabetical order.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&String, &ConId)> {
        self.con_ids.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_not_known_is_asked_for_once_a_minute() {
        let start = Instant::now();
        for is_answered in [true, false] {
            let mut names = Names::default();
            let mut n_asked = 0;
            for tenth in 0..1_800 {
                let now = start + Duration::from_millis(tenth * 100);
                if names.look("FOOO", now, AGAIN_AFTER) == Named::Ask {
                    n_asked += 1;
                    if is_answered {
                        names.not_named("FOOO", now);
                    }
                }
                assert_eq!(names.is_unknown("FOOO"), is_answered);
            }
            assert_eq!(n_asked, 3, "answered: {is_answered}");
        }
    }

    #[test]
    fn a_person_asks_again_sooner_and_a_new_connection_at_once() {
        let (start, mut names) = (Instant::now(), Names::default());
        let after = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(names.look("FOOO", start, AGAIN_AFTER), Named::Ask);
        assert_eq!(names.look("FOOO", after(4), ANSWERED_WITHIN), Named::Awaited);
        names.not_named("FOOO", after(4));
        assert_eq!(names.look("FOOO", after(4), ANSWERED_WITHIN), Named::No);
        assert_eq!(names.look("FOOO", after(5), ANSWERED_WITHIN), Named::Ask);
        names.not_named("FOOO", after(5));
        assert_eq!(names.look("FOOO", after(6), AGAIN_AFTER), Named::No);
        names.forget_asked();
        assert_eq!(names.look("FOOO", after(6), AGAIN_AFTER), Named::Ask);
        names.name("FOOO".to_owned(), ConId::new(7));
        assert_eq!(names.look("FOOO", after(7), AGAIN_AFTER), Named::Yes(ConId::new(7)));
    }
}
