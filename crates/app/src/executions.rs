//! Fills and their commissions, which come as entries of their own: joined for tables.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use gatehouse_ipc::EntryRow;
use gatehouse_ledger::{Filter, Order, Page, Reader, StoredEntry};
use gatehouse_types::{EntryKind, EntrySeq, ExecId, Execution, Money};

/// Fills that are remembered for commissions which come later.
const KEPT: usize = 512;

/// A commission is recorded soon after its fill.
const WITHIN_ENTRIES: u64 = 500;

/// The last fills, in this life.
#[derive(Default)]
pub(crate) struct Executions(Mutex<VecDeque<Execution>>);

impl Executions {
    /// Takes what became durable.
    pub(crate) fn learn(&self, entries: &[StoredEntry]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for stored in entries {
            if let EntryKind::Filled { execution } = &stored.entry.kind {
                kept.push_back(execution.clone());
            }
        }
        while kept.len() > KEPT {
            kept.pop_front();
        }
    }

    /// Names what a commission was paid for.
    pub(crate) fn name(&self, stored: &StoredEntry, row: &mut EntryRow) {
        let EntryKind::Commission { exec_id, .. } = &stored.entry.kind else { return };
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(execution) = kept.iter().find(|it| it.exec_id == *exec_id) {
            name(row, execution);
        }
    }
}

fn name(row: &mut EntryRow, execution: &Execution) {
    row.subject.clone_from(&execution.symbol);
    if let Some(order) = &execution.order {
        row.summary = format!("{}, order {}", row.summary, order.order_id);
    }
}

/// Joins fills and commissions of one page.
pub(crate) fn join(reader: &mut Reader, stored: &[StoredEntry], rows: &mut [EntryRow]) {
    let mut paid: BTreeMap<&ExecId, (Money, Option<Money>)> = BTreeMap::new();
    let mut filled: BTreeMap<ExecId, Execution> = BTreeMap::new();
    for entry in stored {
        if let EntryKind::Commission { exec_id, commission, realised } = &entry.entry.kind {
            paid.insert(exec_id, (*commission, *realised));
        } else if let EntryKind::Filled { execution } = &entry.entry.kind {
            filled.insert(execution.exec_id.clone(), execution.clone());
        }
    }
    for (entry, row) in stored.iter().zip(rows) {
        if let EntryKind::Commission { exec_id, .. } = &entry.entry.kind {
            if !filled.contains_key(exec_id) {
                filled.extend(before(reader, entry.entry.seq));
            }
            if let Some(execution) = filled.get(exec_id) {
                name(row, execution);
            }
        } else if let (EntryKind::Filled { execution }, Some(fill)) =
            (&entry.entry.kind, &mut row.fill)
            && let Some((commission, realised)) = paid.get(&execution.exec_id)
        {
            fill.commission = Some(commission.amount().to_string());
            fill.realised = realised.map(|realised| realised.amount().to_string());
        }
    }
}

/// Returns the fills shortly before an entry. Without them a commission keeps the broker's id.
fn before(reader: &mut Reader, seq: EntrySeq) -> BTreeMap<ExecId, Execution> {
    let filter = Filter {
        kinds: vec!["filled".to_owned()],
        before: Some(seq),
        after: Some(EntrySeq::new(seq.get().saturating_sub(WITHIN_ENTRIES))),
        ..Filter::default()
    };
    let limit = u32::try_from(WITHIN_ENTRIES).unwrap_or(u32::MAX);
    let page = Page { order: Order::NewestFirst, limit };
    let stored = reader.entries(&filter, page).unwrap_or_default();
    let execution = |stored: StoredEntry| {
        let EntryKind::Filled { execution } = stored.entry.kind else { return None };
        Some((execution.exec_id.clone(), execution))
    };
    stored.into_iter().filter_map(execution).collect()
}
