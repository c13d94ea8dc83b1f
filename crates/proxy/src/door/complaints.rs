//! Keeps a scan or a looping client from filling the log and the ledger with the same sentence.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::locked::locked;

/// Sentences per window that are said in full.
const PER_WINDOW: u32 = 5;

/// Length of a window.
const WINDOW: Duration = Duration::from_secs(10);

/// Counts what was turned away at one door.
#[derive(Debug, Default)]
pub(super) struct Complaints(Mutex<Option<Window>>);

#[derive(Debug)]
struct Window {
    since: Instant,
    n_said: u32,
    n_unsaid: u32,
}

impl Complaints {
    /// Returns the sentence to say, with the number of those left out before it; or `None` when
    /// enough was said.
    pub(super) fn say(&self, now: Instant, why: &str) -> Option<String> {
        let mut window = locked(&self.0);
        let present = window.get_or_insert(Window { since: now, n_said: 0, n_unsaid: 0 });
        if now.saturating_duration_since(present.since) >= WINDOW {
            present.since = now;
            present.n_said = 0;
        }
        if present.n_said >= PER_WINDOW {
            present.n_unsaid = present.n_unsaid.saturating_add(1);
            return None;
        }
        present.n_said += 1;
        match std::mem::take(&mut present.n_unsaid) {
            0 => Some(why.to_owned()),
            n_unsaid => Some(format!("{why} ({n_unsaid} more before it)")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_five_then_counts_until_the_next_window() {
        let complaints = Complaints::default();
        let start = Instant::now();
        let said = (0..20).filter(|_| complaints.say(start, "no").is_some()).count();
        assert_eq!(said, 5);
        assert_eq!(complaints.say(start + WINDOW, "no"), Some("no (15 more before it)".to_owned()));
    }
}
