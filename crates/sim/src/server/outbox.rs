//! What a client is to be sent and has not been handed to the driver yet.
//!
//! It must never know a socket: the hub empties it after each step.

use std::cell::{Cell, RefCell};

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// What was sent before still arrives.
    AfterBytes,
    /// At once, as when the process dies.
    Now,
    /// With a reset, after what was sent before.
    Reset,
}

/// Frames for one client since the last step, in order.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    bytes: RefCell<Vec<u8>>,
    ending: Cell<Option<Ending>>,
}

impl Outbox {
    /// Queues a whole frame.
    pub(super) fn send(&self, frame: &[u8]) {
        self.bytes.borrow_mut().extend_from_slice(frame);
    }

    /// Ends the connection with this step.
    pub(super) fn end(&self, how: Ending) {
        self.ending.set(Some(how));
    }

    /// Takes what was queued.
    pub(super) fn take(&self) -> (Vec<u8>, Option<Ending>) {
        (self.bytes.take(), self.ending.get())
    }
}
