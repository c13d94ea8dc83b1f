//! The writing thread: groups, commits, outages.
//!
//! After any failed commit the connection is thrown away and the file is read again before the
//! next try: a failed fsync must not be repeated on the same file handle and believed.

use std::path::PathBuf;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Row};

use super::group::{Contradiction, Group};
use super::{Callbacks, CloseError, Committed, Failure, Job};
use crate::chain::Head;
use crate::connection::Database;
use crate::lock::Lock;
use crate::opened::Ledger;
use crate::reader::stored_head;
use crate::recorded::Approval;

/// Most entries in one commit; beyond a few hundred the cost per entry no longer falls.
const GROUP_MAX: usize = 256;
/// First and longest wait between two tries of a commit.
const RETRY_FIRST: Duration = Duration::from_millis(20);
const RETRY_LONGEST: Duration = Duration::from_secs(1);

/// Why a try did not make the group durable.
#[derive(Debug, thiserror::Error)]
enum CommitError {
    #[error("the ledger cannot be opened")]
    Open(#[source] sqlx::Error),
    #[error("the ledger cannot be written")]
    Insert(#[source] sqlx::Error),
    #[error("the ledger cannot be made durable")]
    Checkpoint(#[source] sqlx::Error),
    /// Never retried.
    #[error("the ledger ends at an entry that this program did not write")]
    Foreign,
}

impl CommitError {
    /// The whole chain of causes as one clause.
    fn sentence(&self) -> String {
        match self {
            Self::Open(source) | Self::Insert(source) | Self::Checkpoint(source) => {
                format!("{self}: {source}")
            }
            Self::Foreign => self.to_string(),
        }
    }
}

pub(super) struct Writing<A> {
    path: PathBuf,
    _lock: Lock,
    /// Last durable entry.
    head: Head,
    database: Option<Database>,
    callbacks: Callbacks<A>,
    queue: Receiver<Job<A>>,
    stopped: Receiver<()>,
    is_failing: bool,
    /// Largest number of pages of the file, so that a test can fill the disk.
    #[cfg(test)]
    pub(super) page_limit: Option<std::sync::Arc<std::sync::atomic::AtomicU32>>,
}

impl<A: Approval> Writing<A> {
    pub(super) fn new(
        ledger: Ledger,
        callbacks: Callbacks<A>,
        queue: Receiver<Job<A>>,
        stopped: Receiver<()>,
    ) -> Self {
        Self {
            path: ledger.path,
            _lock: ledger.lock,
            head: ledger.head,
            database: None,
            callbacks,
            queue,
            stopped,
            is_failing: false,
            #[cfg(test)]
            page_limit: None,
        }
    }

    /// Runs until the handle is closed and the queue is empty, or until a final failure.
    pub(super) fn run(mut self) -> Result<(), CloseError> {
        while let Ok(first) = self.queue.recv() {
            let (group, contradiction) = self.gather(first);
            if group.len() > 0 {
                self.commit(group)?;
            }
            if let Some(contradiction) = contradiction {
                return Err(self.end(contradiction.to_string(), 1));
            }
        }
        match self.database.take().map_or(Ok(()), Database::close) {
            Ok(()) => Ok(()),
            // Every entry is durable already; only the tidying of the write-ahead log failed.
            Err(error) => {
                tracing::warn!(%error, "Ledger was not closed tidily");
                Ok(())
            }
        }
    }

    /// Takes everything that is queued, up to the size of a group or a contradiction.
    fn gather(&self, first: Job<A>) -> (Group<A>, Option<Contradiction>) {
        let mut group = Group::new(self.head);
        let mut next = Some(first);
        while let Some(job) = next {
            if let Err(contradiction) = group.push(job) {
                return (group, Some(contradiction));
            }
            next = if group.len() < GROUP_MAX { self.queue.try_recv().ok() } else { None };
        }
        (group, None)
    }

    /// Commits the group, however long it takes, unless the handle is closed meanwhile.
    fn commit(&mut self, group: Group<A>) -> Result<(), CloseError> {
        let mut wait = RETRY_FIRST;
        let mut is_last_try = false;
        while let Err(error) = self.try_commit(&group) {
            self.database = None;
            let why = error.sentence();
            if matches!(error, CommitError::Foreign) || is_last_try {
                return Err(self.end(why, group.len()));
            }
            if !self.is_failing {
                self.is_failing = true;
                tracing::error!(why, "Ledger cannot be written");
                (self.callbacks.on_failure)(Failure { why, is_final: false });
            }
            is_last_try = match self.stopped.recv_timeout(wait) {
                Err(RecvTimeoutError::Timeout) => false,
                Ok(()) | Err(RecvTimeoutError::Disconnected) => true,
            };
            wait = (wait * 2).min(RETRY_LONGEST);
        }
        if self.is_failing {
            self.is_failing = false;
            tracing::info!("Ledger can be written again");
            (self.callbacks.on_recovery)();
        }
        self.head = group.head;
        let (recorded, entries) = group.into_durable();
        if let Some(up_to) = self.head.seq {
            (self.callbacks.on_commit)(Committed { up_to, recorded, entries });
        }
        Ok(())
    }

    fn try_commit(&mut self, group: &Group<A>) -> Result<(), CommitError> {
        let mut database = match self.database.take() {
            Some(database) => database,
            None => {
                let mut database =
                    Database::open_to_write(&self.path).map_err(CommitError::Open)?;
                let found = database.run(stored_head).map_err(CommitError::Open)?;
                if found == group.head {
                    // The failed try reached the log after all: make it durable, do not repeat it.
                    database.run(checkpoint).map_err(CommitError::Checkpoint)?;
                    self.database = Some(database);
                    return Ok(());
                }
                if found != self.head {
                    return Err(CommitError::Foreign);
                }
                database
            }
        };
        #[cfg(test)]
        self.limit_pages(&mut database).map_err(CommitError::Insert)?;
        database.run(|connection| insert(connection, group)).map_err(CommitError::Insert)?;
        self.database = Some(database);
        Ok(())
    }

    /// Says that nothing will be written any more.
    fn end(&mut self, why: String, n_in_hand: usize) -> CloseError {
        tracing::error!(why, "Ledger's writer ends");
        let n_entries = n_in_hand + self.queue.len();
        (self.callbacks.on_failure)(Failure { why: why.clone(), is_final: true });
        CloseError::Unwritten { n_entries, why }
    }

    #[cfg(test)]
    fn limit_pages(&self, database: &mut Database) -> Result<(), sqlx::Error> {
        let Some(limit) = &self.page_limit else { return Ok(()) };
        let pages = limit.load(std::sync::atomic::Ordering::SeqCst);
        let sql = AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
        database.run(|connection| sqlx::query(sql).execute(connection)).map(|_| ())
    }
}

/// Inserts the group as one statement, which is one transaction: all of it is durable, or nothing.
async fn insert<A>(connection: &mut SqliteConnection, group: &Group<A>) -> Result<(), sqlx::Error> {
    let mut sql = "INSERT INTO entry (seq, body, hash) VALUES (?, CAST(? AS TEXT), ?)".to_owned();
    sql.push_str(&", (?, CAST(? AS TEXT), ?)".repeat(group.entries.len() - 1));
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for (body, stored) in group.bodies.iter().zip(&group.entries) {
        let seq = i64::try_from(stored.entry.seq.get())
            .map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
        query = query.bind(seq).bind(body.as_slice()).bind(stored.hash.as_bytes());
    }
    query.execute(connection).await.map(|_| ())
}

/// Moves the write-ahead log into the database, synchronising both.
async fn checkpoint(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(connection).await?;
    let is_busy: i64 = row.try_get(0)?;
    if is_busy == 0 {
        Ok(())
    } else {
        Err(sqlx::Error::Io(std::io::ErrorKind::ResourceBusy.into()))
    }
}
