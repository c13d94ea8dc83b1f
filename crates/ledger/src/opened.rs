//! Opening the ledger of a data directory: what may be written, what may only be read, and what is
//! left alone.
//!
//! The whole chain is walked before the right to write is given, so nothing is ever appended to a
//! damaged chain. Called once by the composition root and by commands that write themselves.

use std::io;
use std::path::{Path, PathBuf};

use sqlx::Row;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::SqliteConnection;

use crate::chain::{Head, Walk, chunk_after};
use crate::connection::Database;
use crate::lock::{Lock, LockError, private_file};
use crate::reader::{ReadError, Reader, is_damage};

/// Name of the ledger in the data directory.
pub const FILE_NAME: &str = "ledger.sqlite";

/// Format that this program writes. It goes up when a kind is added; entries that are stored are
/// never rewritten.
pub const FORMAT: u32 = 4;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/ledger");

/// What the migrations made that keeps entries as they are.
const TRIGGERS: [&str; 4] =
    ["entry_comes_next", "entry_is_not_changed", "entry_is_not_removed", "entry_names_the_account"];

/// Why a ledger was not opened at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the data directory cannot be locked")]
    Lock(#[from] LockError),
    #[error("the ledger {} cannot be made", path.display())]
    Create {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// Written by a later version of Gatehouse; it is left untouched.
    #[error("the ledger has format {found}, this program knows up to {FORMAT}")]
    NewerFormat { found: String },
    #[error("the ledger cannot be opened")]
    Query(#[source] sqlx::Error),
    #[error("the ledger's tables cannot be made")]
    Migrate(#[source] MigrateError),
}

/// A ledger that was opened.
#[derive(Debug)]
pub enum Opened {
    /// Every entry holds.
    ReadWrite(Ledger),
    /// It is damaged: it can be looked at, nothing is appended, so nothing is traded.
    ReadOnly(Damaged),
}

/// The right to append to one ledger.
#[derive(Debug)]
pub struct Ledger {
    pub(crate) lock: Lock,
    pub(crate) path: PathBuf,
    pub(crate) head: Head,
}

impl Ledger {
    /// Returns the last entry's place and hash.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }

    /// Returns the path of the file, for readers.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns a new reader.
    ///
    /// # Errors
    /// `Open`.
    pub fn reader(&self) -> Result<Reader, ReadError> {
        Reader::open(&self.path)
    }
}

/// A damaged ledger. It keeps the lock, so that no other program appends to it either.
#[derive(Debug)]
pub struct Damaged {
    /// What is wrong with it, as a sentence without full stop.
    pub why: String,
    path: PathBuf,
    _lock: Lock,
}

impl Damaged {
    /// Returns the path of the file, for readers.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns a new reader.
    ///
    /// # Errors
    /// `Open` when the file is not even a database.
    pub fn reader(&self) -> Result<Reader, ReadError> {
        Reader::open(&self.path)
    }
}

/// Opens the ledger of a data directory, and makes it where there is none.
///
/// Takes about 2 µs per entry in an optimised build, because the chain is walked from its beginning.
///
/// # Errors
/// `Lock` when another program has it, `NewerFormat`, and what keeps the file from being read.
pub fn open(dir: &Path) -> Result<Opened, OpenError> {
    let lock = Lock::take(dir)?;
    let path = dir.join(FILE_NAME);
    private_file(&path).map_err(|source| OpenError::Create { path: path.clone(), source })?;
    match prepare(&path) {
        Ok(head) => Ok(Opened::ReadWrite(Ledger { lock, path, head })),
        Err(Unfit::Damaged(why)) => {
            tracing::error!(why, "Ledger is damaged, opened read-only");
            Ok(Opened::ReadOnly(Damaged { why, path, _lock: lock }))
        }
        Err(Unfit::Refused(error)) => Err(error),
    }
}

/// Why nothing may be appended.
enum Unfit {
    Damaged(String),
    Refused(OpenError),
}

impl From<sqlx::Error> for Unfit {
    fn from(error: sqlx::Error) -> Self {
        if is_damage(&error) {
            Self::Damaged(error.to_string())
        } else {
            Self::Refused(OpenError::Query(error))
        }
    }
}

fn prepare(path: &Path) -> Result<Head, Unfit> {
    let mut database = Database::open_to_write(path)?;
    let head = database.run(check)?;
    database.close()?;
    Ok(head)
}

async fn check(connection: &mut SqliteConnection) -> Result<Head, Unfit> {
    check_format(connection).await?;
    MIGRATIONS.run_direct(None, connection, false).await.map_err(unfit_to_migrate)?;
    let triggers = names(connection, "trigger").await?;
    if let Some(missing) = TRIGGERS.iter().find(|name| !triggers.iter().any(|found| found == *name))
    {
        return Err(Unfit::Damaged(format!("the guard {missing} was taken out of the file")));
    }
    let mut walk = Walk::new(Head::EMPTY);
    loop {
        let rows = chunk_after(connection, walk.head().seq).await?;
        if rows.is_empty() {
            return Ok(walk.head());
        }
        for row in &rows {
            walk.step(row).map_err(|broken| Unfit::Damaged(broken.to_string()))?;
        }
    }
}

fn unfit_to_migrate(error: MigrateError) -> Unfit {
    if let MigrateError::VersionMissing(found) = error {
        return Unfit::Refused(OpenError::NewerFormat { found: found.to_string() });
    }
    if let MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) = error {
        return error.into();
    }
    Unfit::Refused(OpenError::Migrate(error))
}

/// Looks at the format before anything is changed.
async fn check_format(connection: &mut SqliteConnection) -> Result<(), Unfit> {
    let tables = names(connection, "table").await?;
    if !tables.iter().any(|name| name == "meta") {
        return if tables.iter().any(|name| name == "entry") {
            Err(Unfit::Damaged("the table meta is missing".to_owned()))
        } else {
            Ok(())
        };
    }
    let row = sqlx::query("SELECT value FROM meta WHERE name = 'format'")
        .fetch_optional(connection)
        .await?;
    let found: Option<String> = row.map(|row| row.try_get(0)).transpose()?;
    match found.as_deref().map(|text| text.parse::<u32>()) {
        Some(Ok(format)) if format <= FORMAT => Ok(()),
        Some(Ok(_)) => {
            Err(Unfit::Refused(OpenError::NewerFormat { found: found.unwrap_or_default() }))
        }
        Some(Err(_)) | None => Err(Unfit::Damaged("its format is not stated".to_owned())),
    }
}

async fn names(connection: &mut SqliteConnection, of: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query("SELECT name FROM sqlite_schema WHERE type = ?")
        .bind(of.to_owned())
        .fetch_all(connection)
        .await?
        .iter()
        .map(|row| row.try_get(0))
        .collect()
}

#[cfg(test)]
mod tests;
