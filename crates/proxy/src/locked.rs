//! The one way in which this crate takes a mutex.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Takes the mutex, also after a thread died holding it: every critical section of this crate
/// leaves its data whole at each step, and a link must go on carrying cancels.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
