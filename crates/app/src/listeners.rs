//! Who is told of updates: the windows.

use std::sync::Mutex;

use gatehouse_ipc::Update;

/// Takes an update; returns false when it is gone and shall be told nothing more.
pub(crate) type Listener = Box<dyn Fn(Update) -> bool + Send>;

/// Everyone who listens.
#[derive(Default)]
pub(crate) struct Listeners(Mutex<Vec<Listener>>);

impl Listeners {
    /// Tells `listener` everything from here on.
    pub(crate) fn add(&self, listener: Listener) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(listener);
    }

    /// Tells everyone; those who are gone are forgotten.
    pub(crate) fn tell(&self, update: &Update) {
        let mut listeners = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        listeners.retain(|listener| listener(update.clone()));
    }

    /// Returns whether nobody listens.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).is_empty()
    }
}
