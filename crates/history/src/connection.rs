//! The connection and the runtime that drives it.

use std::future::{Future, poll_fn};
use std::path::Path;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection};

use crate::script::Script;

/// Another program that writes holds the file for one transaction only; an import's are the longest.
const BUSY_MAX: Duration = Duration::from_secs(10);

/// A day of minutes is 2 to 3 kB: of smaller pages half would stay empty, and larger ones are written
/// whole for each day.
const PAGE_BYTES: u32 = 8_192;

/// Pages of the log, 32 MB, from which on they are taken into the file. With SQLite's 1,000 one
/// commit of a day in 120 waits for the disk, with these one in 500, and pages that were written more
/// than once are taken only once. A program that is killed loses nothing of the log.
const LOG_PAGES: &str = "4096";

/// Rows that SQLite's thread may be ahead of us when it streams.
const ROWS_AHEAD: usize = 256;

/// How often we look for an answer before we sleep: about as long as a day takes to be read or written.
/// To be woken on another core takes longer than most answers; each look gives the core away to whoever
/// waits for it.
const LOOKS: usize = 100;

/// A connection that blocks the thread that calls it.
#[derive(Debug)]
pub(crate) struct Database {
    runtime: tokio::runtime::Runtime,
    connection: SqliteConnection,
}

impl Database {
    /// Opens for writing. What was committed last may be lost with the power: it is fetched again.
    pub(crate) fn open_to_write(path: &Path) -> Result<Self, sqlx::Error> {
        Self::open(
            options(path)
                .create_if_missing(true)
                .page_size(PAGE_BYTES)
                // So that pruning gives the space back.
                .auto_vacuum(SqliteAutoVacuum::Incremental)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Normal)
                .pragma("wal_autocheckpoint", LOG_PAGES)
                .foreign_keys(true),
        )
    }

    /// Opens for reading.
    pub(crate) fn open_to_read(path: &Path) -> Result<Self, sqlx::Error> {
        Self::open(options(path).create_if_missing(false).read_only(true))
    }

    /// Opens one that is in no file and ends with its connection.
    pub(crate) fn in_memory() -> Result<Self, sqlx::Error> {
        Self::open(SqliteConnectOptions::new().in_memory(true))
    }

    fn open(options: SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let runtime =
            tokio::runtime::Builder::new_current_thread().build().map_err(sqlx::Error::Io)?;
        let connection = runtime.block_on(options.disable_statement_logging().connect())?;
        Ok(Self { runtime, connection })
    }

    /// Runs one piece of work on the connection.
    pub(crate) fn run<'a, F, R>(&'a mut self, work: impl FnOnce(&'a mut SqliteConnection) -> F) -> R
    where
        F: Future<Output = R> + 'a,
    {
        self.runtime.block_on(awake(work(&mut self.connection)))
    }

    /// Runs work that is done as a whole or not at all, after a panic too. What it reads nobody changes
    /// meanwhile. What it adds last is sent with the end of the transaction.
    pub(crate) fn write<T, E: From<sqlx::Error>>(
        &mut self,
        work: impl AsyncFnOnce(&mut Script<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut undo = Undo { database: self, is_done: false };
        let done = undo.database.run(async move |connection| {
            let mut script = Script::begin(connection);
            let done = work(&mut script).await?;
            script.commit().await?;
            Ok::<T, E>(done)
        })?;
        undo.is_done = true;
        Ok(done)
    }

    /// Closes the file, so that what is in its log is in it.
    pub(crate) fn close(self) -> Result<(), sqlx::Error> {
        self.runtime.block_on(self.connection.close())
    }
}

/// Takes back what a transaction did, unless it came to its end.
struct Undo<'d> {
    database: &'d mut Database,
    is_done: bool,
}

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            // Refused where nothing was begun, or SQLite took it back itself: both are what is wanted.
            let undo = sqlx::query("ROLLBACK");
            self.database.run(|connection| undo.execute(connection)).ok();
        }
    }
}

/// Does work that waits for SQLite's thread, without going to sleep at once.
async fn awake<R>(work: impl Future<Output = R>) -> R {
    let mut work = pin!(work);
    poll_fn(|context| {
        for _ in 0..LOOKS {
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(done);
            }
            std::thread::yield_now();
        }
        work.as_mut().poll(context)
    })
    .await
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(BUSY_MAX)
        .row_buffer_size(ROWS_AHEAD)
        .thread_name(|_| "history-sqlite".to_owned())
}
