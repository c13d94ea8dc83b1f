//! The threads of this crate, by name, so that none outlives a stop.

use std::io;
use std::sync::Mutex;
use std::thread::{self, JoinHandle};

use crate::locked::locked;

/// Spawns and joins.
#[derive(Debug, Default)]
pub(crate) struct Crew {
    handles: Mutex<Vec<JoinHandle<()>>>,
}

impl Crew {
    /// Starts a thread in the caller's tracing span.
    ///
    /// # Errors
    /// The machine gives no more threads.
    pub(crate) fn spawn(
        &self,
        name: impl Into<String>,
        work: impl FnOnce() + Send + 'static,
    ) -> io::Result<()> {
        let span = tracing::Span::current();
        let handle = thread::Builder::new().name(name.into()).spawn(move || span.in_scope(work))?;
        let mut handles = locked(&self.handles);
        handles.retain(|handle| !handle.is_finished());
        handles.push(handle);
        Ok(())
    }

    /// Waits for every thread but the caller's own.
    pub(crate) fn join(&self) {
        loop {
            let Some(handle) = locked(&self.handles).pop() else {
                return;
            };
            if handle.thread().id() != thread::current().id() && handle.join().is_err() {
                tracing::error!("A thread of the proxy panicked");
            }
        }
    }
}
