//! SQLite connections: how they are opened, and waiting for them.
//!
//! Everything here blocks the calling thread; the writer has its own, readers bring theirs.

use std::future::Future;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

/// A connection with the runtime that drives it.
#[derive(Debug)]
pub(crate) struct Database {
    runtime: tokio::runtime::Runtime,
    pub(crate) connection: SqliteConnection,
}

/// The lock file keeps other writers out, and a reader that comes or goes holds the database for
/// an instant only. Whoever holds it longer is a failure to report, well before an approval is void.
const BUSY_MAX: Duration = Duration::from_millis(200);

/// Rows that SQLite's thread may be ahead of us when it streams.
const ROWS_AHEAD: usize = 1024;

impl Database {
    /// Opens for writing: WAL, every commit synchronised to the disk before it is reported.
    pub(crate) fn open_to_write(path: &Path) -> Result<Self, sqlx::Error> {
        Self::open(
            SqliteConnectOptions::new()
                .filename(path)
                .create_if_missing(false)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(BUSY_MAX)
                .row_buffer_size(ROWS_AHEAD)
                .thread_name(|_| "ledger-sqlite".to_owned()),
        )
    }

    /// Opens for reading. A file in a folder that cannot be written is read as it stands.
    pub(crate) fn open_to_read(path: &Path) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .read_only(true)
            .row_buffer_size(ROWS_AHEAD)
            .thread_name(|_| "ledger-reader".to_owned());
        let first = Self::open(options.clone()).and_then(|mut database| {
            let probe = sqlx::query("SELECT 1 FROM sqlite_schema LIMIT 1");
            let Self { runtime, connection } = &mut database;
            runtime.block_on(probe.fetch_optional(connection))?;
            Ok(database)
        });
        let wal = path.with_file_name(wal_name(path));
        match first {
            Err(error) if is_folder_read_only(&error) && !wal.exists() => {
                Self::open(options.immutable(true))
            }
            result => result,
        }
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

    pub(crate) fn close(self) -> Result<(), sqlx::Error> {
        self.runtime.block_on(self.connection.close())
    }
}

/// Whether SQLite could not make the files that it keeps beside a database.
fn is_folder_read_only(error: &sqlx::Error) -> bool {
    /// Primary result codes. Source: sqlite.org/rescode.html
    const SQLITE_READONLY: u32 = 8;
    const SQLITE_CANTOPEN: u32 = 14;
    let code = error.as_database_error().and_then(|error| error.code());
    code.and_then(|code| code.parse::<u32>().ok())
        .is_some_and(|code| matches!(code & 0xff, SQLITE_READONLY | SQLITE_CANTOPEN))
}

fn wal_name(path: &Path) -> std::ffi::OsString {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push("-wal");
    name
}
