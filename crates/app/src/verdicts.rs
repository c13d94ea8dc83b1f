//! What the record says of the person's own orders, for whoever waits for it.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use gatehouse_ipc::EntryRow;
use gatehouse_ledger::StoredEntry;
use gatehouse_types::{BotName, EntryKind, OrderId};

use crate::view::row;

/// Orders of the person that are remembered; it waits for the newest only.
const KEPT: usize = 64;

#[derive(Default)]
struct Known {
    /// By order id: the newest verdict.
    rows: BTreeMap<OrderId, EntryRow>,
    last: u64,
}

/// Verdicts on the desk's orders, in this life.
#[derive(Default)]
pub(crate) struct Verdicts {
    known: Mutex<Known>,
    changed: Condvar,
}

impl Verdicts {
    /// Takes what became durable.
    pub(crate) fn learn(&self, entries: &[StoredEntry]) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        for stored in entries {
            known.last = stored.entry.seq.get();
            if let Some(order_id) = of_desk(&stored.entry.kind) {
                let row = row::row(&stored.entry, stored.hash.as_bytes());
                known.rows.insert(order_id, row);
            }
            while known.rows.len() > KEPT {
                known.rows.pop_first();
            }
        }
        self.changed.notify_all();
    }

    /// Returns the last entry that is durable.
    pub(crate) fn last(&self) -> u64 {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).last
    }

    /// Waits for the verdict on an order that is recorded behind `after`.
    pub(crate) fn wait(&self, order_id: OrderId, after: u64, within: Duration) -> Option<EntryRow> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let find = |known: &Known| known.rows.get(&order_id).filter(|row| row.seq > after).cloned();
        let waited = self.changed.wait_timeout_while(known, within, |known| find(known).is_none());
        find(&waited.unwrap_or_else(PoisonError::into_inner).0)
    }

    /// Looks with `is_so` whenever something became durable, until it is so or the time is over.
    /// Returns whether it is so.
    pub(crate) fn wait_until(&self, within: Duration, is_so: impl Fn() -> bool) -> bool {
        let end = Instant::now() + within;
        loop {
            let last = self.last();
            if is_so() {
                return true;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let is_same = |known: &mut Known| known.last == last;
            // Positions come without an entry: look twice a second, too.
            let wait = left.min(Duration::from_millis(500));
            drop(self.changed.wait_timeout_while(known, wait, is_same));
        }
    }
}

/// Returns the order of the desk that an entry is a verdict on.
fn of_desk(kind: &EntryKind) -> Option<OrderId> {
    let (bot, order_id) = if let EntryKind::Judged { bot, intent, .. } = kind {
        (bot, Some(intent.order_id))
    } else if let EntryKind::NotJudged { bot, order_id, .. } = kind {
        (bot, *order_id)
    } else {
        return None;
    };
    order_id.filter(|_| *bot == BotName::desk())
}
