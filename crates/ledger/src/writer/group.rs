//! A group of entries that is committed together: checked, encoded and chained.
//!
//! Pure. The checks are the last wall before an approval can become `Recorded`.

use std::sync::Arc;

use gatehouse_types::{Entry, EntryKind, EntrySeq};

use super::Job;
use crate::body;
use crate::chain::Head;
use crate::reader::StoredEntry;
use crate::recorded::{Approval, Recorded};

/// Why an entry and what the writer knows contradict each other. Each is a fault of the program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Contradiction {
    #[error("entry {seq} came where entry {expected} belongs")]
    NotNext { seq: EntrySeq, expected: EntrySeq },
    #[error("entry {seq} is not the record of the order that was approved: {what}")]
    NotApproved { seq: EntrySeq, what: &'static str },
}

/// Rows ready to be inserted, and what to hand back once they are durable.
pub(super) struct Group<A> {
    pub(super) bodies: Vec<Vec<u8>>,
    pub(super) entries: Vec<StoredEntry>,
    pub(super) approvals: Vec<A>,
    /// The chain's end once the group is committed.
    pub(super) head: Head,
}

impl<A: Approval> Group<A> {
    pub(super) fn new(head: Head) -> Self {
        Self { bodies: Vec::new(), entries: Vec::new(), approvals: Vec::new(), head }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Adds an entry. One that contradicts is not added.
    pub(super) fn push(&mut self, job: Job<A>) -> Result<(), Contradiction> {
        let entry = *job.entry;
        let expected = self.head.next();
        if entry.seq != expected {
            return Err(Contradiction::NotNext { seq: entry.seq, expected });
        }
        if let Some(approval) = &job.approval {
            check_approval(&entry, approval)
                .map_err(|what| Contradiction::NotApproved { seq: entry.seq, what })?;
        }
        let body = body::encode(&entry);
        let hash = self.head.hash.chain(entry.seq, &body);
        self.head = Head { seq: Some(entry.seq), hash };
        self.bodies.push(body);
        self.entries.push(StoredEntry { entry, hash });
        self.approvals.extend(job.approval);
        Ok(())
    }

    /// Turns the group into what is handed back. Call it only once the rows are durable.
    pub(super) fn into_durable(self) -> (Vec<Recorded<A>>, Arc<[StoredEntry]>) {
        (self.approvals.into_iter().map(Recorded::new).collect(), self.entries.into())
    }
}

fn check_approval<A: Approval>(entry: &Entry, approval: &A) -> Result<(), &'static str> {
    let EntryKind::Judged { bot, intent, verdict, frame, .. } = &entry.kind else {
        return Err("it is not a judgement");
    };
    let checks = [
        (approval.entry() == entry.seq, "the approval names another entry"),
        (verdict.may_send(), "its verdict does not allow the order"),
        (approval.body() == frame, "its frame is not what would be sent"),
        (approval.bot() == bot, "the approval is of another bot"),
        (approval.order_id() == intent.order_id, "the approval has another order id"),
    ];
    match checks.into_iter().find(|(holds, _)| !holds) {
        None => Ok(()),
        Some((_, what)) => Err(what),
    }
}
