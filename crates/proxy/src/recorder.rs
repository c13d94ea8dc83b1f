//! Both directions between the driver and the ledger's thread.

use std::sync::Arc;

use gatehouse_engine::{Approved, Input, OrderFrame};
use gatehouse_ledger::Recorded;
use gatehouse_types::{Entry, EntrySeq};

use crate::inbox::Inbox;
use crate::shelf::Shelf;

/// Where the driver hands entries to, in their order. Must not wait for the disk.
///
/// An order leaves only with a `Recorded` that the ledger's writer made, so an implementation that
/// keeps nothing sends nothing.
pub trait Recorder: Send + 'static {
    /// Records an entry for which nothing waits.
    fn append(&self, entry: Entry);
    /// Records an approval; its `Recorded` comes back through [`LedgerEar::recorded`].
    fn record(&self, entry: Entry, approved: Approved<OrderFrame>);
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

    /// Takes an order whose entry is durable. Called before [`LedgerEar::committed`] of its group.
    pub fn recorded(&self, recorded: Recorded<Approved<OrderFrame>>) {
        self.shelf.put(recorded);
    }

    /// Says that every entry up to this one is durable.
    pub fn committed(&self, up_to: EntrySeq) {
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
