//! Both directions between the driver and the ledger's thread.

use std::sync::Arc;

use gatehouse_engine::{Approved, Input, OrderFrame};
use gatehouse_ledger::{AppendError, CloseError, Committed, Writer};
use gatehouse_types::Entry;

use crate::inbox::Inbox;
use crate::shelf::Shelf;

/// Where the driver hands entries to, in their order. Must not wait for the disk.
///
/// An order leaves only with a `Recorded` that the ledger's writer made, so an implementation that
/// keeps nothing sends nothing.
pub trait Recorder: Send + 'static {
    /// Records an entry for which nothing waits.
    ///
    /// # Errors
    /// The entry is not kept; from here on no order may be sent.
    fn append(&self, entry: Entry) -> Result<(), AppendError>;

    /// Records an approval; its `Recorded` comes back through [`LedgerEar::committed`].
    ///
    /// # Errors
    /// The entry is not kept, and the approval is gone.
    fn record(&self, entry: Entry, approved: Approved<OrderFrame>) -> Result<(), AppendError>;

    /// Writes what is queued and ends.
    ///
    /// # Errors
    /// Entries were left unwritten.
    fn close(self: Box<Self>) -> Result<(), CloseError>;
}

impl Recorder for Writer {
    fn append(&self, entry: Entry) -> Result<(), AppendError> {
        Self::append(self, entry)
    }

    fn record(&self, entry: Entry, approved: Approved<OrderFrame>) -> Result<(), AppendError> {
        Self::record(self, entry, approved)
    }

    fn close(self: Box<Self>) -> Result<(), CloseError> {
        Self::close(*self)
    }
}

/// What the ledger's thread calls. Never waits.
#[derive(Clone)]
pub struct LedgerEar {
    inbox: Inbox,
    shelf: Arc<Shelf>,
}

impl LedgerEar {
    pub(crate) fn new(inbox: Inbox, shelf: Arc<Shelf>) -> Self {
        Self { inbox, shelf }
    }

    /// Takes what one commit made durable.
    pub fn committed(&self, committed: Committed) {
        let Committed { up_to, recorded, entries: _ } = committed;
        for approval in recorded {
            self.shelf.put(approval);
        }
        self.inbox.fact(Input::Committed { up_to });
    }

    /// Says that entries cannot be written.
    pub fn failed(&self, why: impl Into<String>) {
        self.inbox.fact(Input::LedgerFailed { why: why.into() });
    }

    /// Says that entries can be written again.
    pub fn recovered(&self) {
        self.inbox.fact(Input::LedgerRecovered);
    }
}
