//! The connection and the runtime that drives it.

use std::future::Future;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

/// Another program that writes holds the file for a day's transaction only.
const BUSY_MAX: Duration = Duration::from_secs(5);

/// Rows that SQLite's thread may be ahead of us when it streams.
const ROWS_AHEAD: usize = 1024;

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
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Normal)
                .foreign_keys(true),
        )
    }

    /// Opens for reading.
    pub(crate) fn open_to_read(path: &Path) -> Result<Self, sqlx::Error> {
        Self::open(options(path).create_if_missing(false).read_only(true))
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
        self.runtime.block_on(work(&mut self.connection))
    }

    /// Closes the file, so that what is in its log is in it.
    pub(crate) fn close(self) -> Result<(), sqlx::Error> {
        self.runtime.block_on(self.connection.close())
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(BUSY_MAX)
        .row_buffer_size(ROWS_AHEAD)
        .thread_name(|_| "history-sqlite".to_owned())
}
