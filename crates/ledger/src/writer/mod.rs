//! The only writer: entries in, durable entries and recorded approvals out.
//!
//! One thread with one connection. Everything that was queued while a commit ran goes into the
//! next one. The engine's driver calls `append` and `record`, which never wait; the callbacks run
//! on the writer's thread and must not wait either.

mod group;
mod thread;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use gatehouse_engine::{Approved, OrderFrame};
use gatehouse_types::{Entry, EntrySeq};

use crate::opened::Ledger;
use crate::reader::StoredEntry;
use crate::recorded::{Approval, Recorded};

/// Entries that may wait while the disk does not answer. At a busy 100 entries a second this is
/// eleven minutes; beyond it `append` gives entries back.
const QUEUE_CAPACITY: usize = 65_536;

/// What one commit made durable.
#[derive(Debug)]
pub struct Committed<A = Approved<OrderFrame>> {
    /// Every entry up to this one is durable.
    pub up_to: EntrySeq,
    /// The approvals among them, in the order of their entries.
    pub recorded: Vec<Recorded<A>>,
    /// The entries of this commit, in order.
    pub entries: Arc<[StoredEntry]>,
}

/// Why nothing becomes durable at present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// A sentence without full stop.
    pub why: String,
    /// The writer ended: entries and approval contradicted each other, or someone else wrote.
    /// Otherwise it keeps trying, with everything kept in order.
    pub is_final: bool,
}

/// What the writer calls, on its own thread.
pub struct Callbacks<A = Approved<OrderFrame>> {
    pub on_commit: Box<dyn FnMut(Committed<A>) + Send>,
    /// Once per outage, at its first failed commit.
    pub on_failure: Box<dyn FnMut(Failure) + Send>,
    /// Before the first commit after an outage is reported.
    pub on_recovery: Box<dyn FnMut() + Send>,
}

/// Why an entry was not queued; it is given back.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    #[error("{QUEUE_CAPACITY} entries wait for the disk already")]
    Full(Box<Entry>),
    #[error("the ledger's writer has ended")]
    Ended(Box<Entry>),
}

/// Why a clean end was not possible.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CloseError {
    #[error("{n_entries} entries could not be written: {why}")]
    Unwritten { n_entries: usize, why: String },
    #[error("the ledger's writer panicked")]
    Panicked,
}

/// Handle to the writing thread.
pub struct Writer {
    core: Core<Approved<OrderFrame>>,
}

impl Writer {
    /// Starts the writing thread.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(ledger: Ledger, callbacks: Callbacks) -> std::io::Result<Self> {
        Core::start(ledger, callbacks).map(|core| Self { core })
    }

    /// Queues an entry. Entries must come in the order of their places, without gaps.
    ///
    /// # Errors
    /// `Full` or `Ended`.
    pub fn append(&self, entry: Entry) -> Result<(), AppendError> {
        self.core.append(entry)
    }

    /// Queues the entry of an approved order with its approval, which `on_commit` hands back as
    /// recorded. If the entry is not exactly what was approved, the writer ends with a final
    /// failure and nothing of it is committed.
    ///
    /// # Errors
    /// `Full` or `Ended`; the approval is then gone, so it cannot be sent.
    pub fn record(&self, entry: Entry, approved: Approved<OrderFrame>) -> Result<(), AppendError> {
        self.core.record(entry, approved)
    }

    /// Writes what is queued and ends. In an outage it tries once more, then gives up.
    ///
    /// # Errors
    /// `Unwritten` when entries were left.
    pub fn close(self) -> Result<(), CloseError> {
        self.core.close()
    }
}

/// One thing to make durable.
struct Job<A> {
    entry: Box<Entry>,
    approval: Option<A>,
}

/// The writer for any kind of approval, so that its tests need no engine.
pub(crate) struct Core<A> {
    jobs: Sender<Job<A>>,
    /// Dropped to say: give up waiting.
    stop: Sender<()>,
    thread: JoinHandle<Result<(), CloseError>>,
}

impl<A: Approval> Core<A> {
    pub(crate) fn start(ledger: Ledger, callbacks: Callbacks<A>) -> std::io::Result<Self> {
        let (jobs, queue): (Sender<Job<A>>, Receiver<Job<A>>) = bounded(QUEUE_CAPACITY);
        let (stop, stopped) = bounded(0);
        let writing = thread::Writing::new(ledger, callbacks, queue, stopped);
        let thread = std::thread::Builder::new()
            .name("ledger-writer".to_owned())
            .spawn(move || writing.run())?;
        Ok(Self { jobs, stop, thread })
    }

    pub(crate) fn append(&self, entry: Entry) -> Result<(), AppendError> {
        self.queue(Job { entry: Box::new(entry), approval: None })
    }

    pub(crate) fn record(&self, entry: Entry, approval: A) -> Result<(), AppendError> {
        self.queue(Job { entry: Box::new(entry), approval: Some(approval) })
    }

    fn queue(&self, job: Job<A>) -> Result<(), AppendError> {
        self.jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(job) => AppendError::Full(job.entry),
            TrySendError::Disconnected(job) => AppendError::Ended(job.entry),
        })
    }

    pub(crate) fn close(self) -> Result<(), CloseError> {
        drop((self.jobs, self.stop));
        self.thread.join().unwrap_or(Err(CloseError::Panicked))
    }
}
