//! Who may be behind a door: one bot at a time.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::locked::locked;

/// Taken or free.
#[derive(Debug, Default)]
pub(super) struct Slot {
    is_taken: Mutex<bool>,
    freed: Condvar,
}

/// The right to be the bot of a door; given back when dropped.
#[derive(Debug)]
pub(super) struct Claim(Arc<Slot>);

impl Slot {
    /// Waits for the slot to be free, at most `within`: a bot that restarts may knock before the
    /// end of its old connection was read. Returns whether it is.
    pub(super) fn is_free(&self, within: Duration) -> bool {
        let deadline = Instant::now() + within;
        let mut is_taken = locked(&self.is_taken);
        while *is_taken {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            is_taken =
                self.freed.wait_timeout(is_taken, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Takes the slot, or returns `None` when it is taken.
    pub(super) fn claim(self: &Arc<Self>) -> Option<Claim> {
        let mut is_taken = locked(&self.is_taken);
        (!std::mem::replace(&mut *is_taken, true)).then(|| Claim(Arc::clone(self)))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        *locked(&self.0.is_taken) = false;
        self.0.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_claim_at_a_time_until_it_is_dropped() {
        let slot = Arc::new(Slot::default());
        let claim = slot.claim();
        assert!(claim.is_some());
        assert!(slot.claim().is_none());
        assert!(!slot.is_free(Duration::ZERO));
        drop(claim);
        assert!(slot.is_free(Duration::ZERO));
        assert!(slot.claim().is_some());
    }
}
