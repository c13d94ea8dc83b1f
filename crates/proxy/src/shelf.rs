//! Recorded orders between the ledger's commit and the engine's release.
//!
//! The ledger's thread puts them here, the driver takes them out. Nobody else sees them.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use gatehouse_engine::{Approved, OrderFrame};
use gatehouse_ledger::Recorded;
use gatehouse_types::{EntrySeq, OrderId};

use crate::lanes::Waiting;
use crate::locked::locked;

/// A recorded order on its way to the Gateway.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) recorded: Recorded<Approved<OrderFrame>>,
    is_change: bool,
}

impl Held {
    pub(crate) fn entry(&self) -> EntrySeq {
        self.recorded.get().entry()
    }
}

impl Waiting for Held {
    fn order_id(&self) -> OrderId {
        self.recorded.get().get().order_id()
    }

    fn is_change(&self) -> bool {
        self.is_change
    }
}

/// Holds recorded orders by their entry.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// Entries on their way to the disk, and whether each changes an order.
    expected: HashMap<EntrySeq, bool>,
    held: HashMap<EntrySeq, Held>,
    /// Taken back before the commit came.
    voided: HashSet<EntrySeq>,
}

impl Shelf {
    /// Notes that an approval goes to the ledger.
    pub(crate) fn expect(&self, entry: EntrySeq, is_change: bool) {
        locked(&self.inner).expected.insert(entry, is_change);
    }

    /// Takes what the ledger committed; one that was voided meanwhile is dropped here.
    pub(crate) fn put(&self, recorded: Recorded<Approved<OrderFrame>>) {
        let entry = recorded.get().entry();
        let mut inner = locked(&self.inner);
        let is_change = inner.expected.remove(&entry);
        if inner.voided.remove(&entry) {
            return;
        }
        // One that nobody expected counts as a change, so that a cancel of it is still written.
        let held = Held { recorded, is_change: is_change.unwrap_or(true) };
        inner.held.insert(entry, held);
    }

    /// Hands an order over, once.
    pub(crate) fn take(&self, entry: EntrySeq) -> Option<Held> {
        locked(&self.inner).held.remove(&entry)
    }

    /// Drops an order, also one whose commit is still to come. Returns false when it was neither.
    pub(crate) fn void(&self, entry: EntrySeq) -> bool {
        let mut inner = locked(&self.inner);
        if inner.held.remove(&entry).is_some() {
            return true;
        }
        let is_expected = inner.expected.contains_key(&entry);
        if is_expected {
            inner.voided.insert(entry);
        }
        is_expected
    }
}
