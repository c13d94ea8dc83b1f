//! The file: series, chunks of bars, and spans that are known.

mod asked;
mod cover;
mod imports;
mod jobs;
mod keep;
mod lacks;
mod put;
mod read;
mod restated;
mod rows;
mod schema;
mod show;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use gatehouse_types::ConId;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Row as _};

use crate::bars::NotHeld;
use crate::body::{Damage, Head};
use crate::connection::Database;
use crate::script::Script;
use crate::series::{Described, Instrument, SeriesId, SeriesKey};
use crate::shelf::{self, NoTime, Shelf};
use crate::window::Heads;

pub use imports::{ImportKey, Imported};
pub use jobs::{KnownSessions, StoredJob};
pub use keep::{Checked, Kept, NotedDamage, Pruned};
pub use put::{Fetched, GATEWAY, Put};
pub use read::{ChunkSummary, Read};

/// Name of the file in the data directory.
pub const FILE_NAME: &str = "history.sqlite";

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/history");

/// Why the store did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the history {} cannot be opened", path.display())]
    Open {
        path: PathBuf,
        #[source]
        source: sqlx::Error,
    },
    #[error("{} is no history, and cannot be put aside", path.display())]
    PutAside {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the tables of the history cannot be made")]
    Migrate(#[source] MigrateError),
    #[error("the tables of the history {} are damaged", path.display())]
    Tables { path: PathBuf },
    #[error("the history cannot be read or written")]
    Query(#[from] sqlx::Error),
    #[error("bars cannot be held together")]
    NotHeld(#[from] NotHeld),
    #[error("a bar has no time")]
    Time(#[from] NoTime),
    #[error("{zone} is no time zone")]
    Zone { zone: String },
    #[error("there is no series {id}")]
    NoSeries { id: i64 },
}

/// Bars that do not hold: they count as missing and want to be fetched again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged {
    pub series: SeriesId,
    /// First day of the chunk.
    pub day: Date,
    /// What the chunk may hold: from inclusive to exclusive, in seconds since 1970.
    pub span: (i64, i64),
    pub why: Damage,
}

/// An open file.
#[derive(Debug)]
pub struct Store {
    database: Database,
    is_writable: bool,
    put_aside: Option<PathBuf>,
    shelves: HashMap<SeriesId, Shelf>,
    heads: HashMap<SeriesId, Heads>,
    /// Why chunks do not hold, in a file that may not be written, by their checksums, too: one that is
    /// written again is another.
    skipped: BTreeMap<(i64, u32), Damage>,
    /// What did not hold, until somebody asks for it.
    found: Vec<Damaged>,
}

impl Store {
    /// Opens the file at `path` for writing, and makes it where there is none. A file that is no
    /// database, or whose tables are damaged, is put aside under another name first.
    ///
    /// # Errors
    /// It cannot be opened or put aside, or its tables cannot be made: an older program made them
    /// differently, or a newer one.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let opened = Self::open_once(path);
        let Err(error) = &opened else { return opened };
        if !is_damaged(error) {
            return opened;
        }
        let aside = put_aside(path)
            .map_err(|source| StoreError::PutAside { path: path.to_owned(), source })?;
        tracing::warn!(
            file = %path.display(), aside = %aside.display(),
            error = %error, "The history was damaged and is put aside, a new one is begun"
        );
        let store = Self::open_once(path)?;
        Ok(Self { put_aside: Some(aside), ..store })
    }

    fn open_once(path: &Path) -> Result<Self, StoreError> {
        let open = |source| StoreError::Open { path: path.to_owned(), source };
        let mut database = Database::open_to_write(path).map_err(open)?;
        let prepared = prepare(&mut database, path);
        if let Err(error) = prepared {
            // At once: what is open still when the file is put aside ends the log of the next one.
            database.close().ok();
            return Err(error);
        }
        Ok(Self::of(database, true))
    }

    /// Opens the file at `path` for reading.
    ///
    /// # Errors
    /// It is not there, is not a database, or its tables are damaged.
    pub fn open_to_read(path: &Path) -> Result<Self, StoreError> {
        let open = |source| StoreError::Open { path: path.to_owned(), source };
        let mut store = Self::of(Database::open_to_read(path).map_err(open)?, false);
        if !store.database.run(schema::is_text).map_err(open)? {
            return Err(StoreError::Tables { path: path.to_owned() });
        }
        // A file that is no history is found here and not at the first question.
        let probe = sqlx::query("SELECT series_id FROM series LIMIT 1");
        store.database.run(|connection| probe.fetch_optional(connection)).map_err(open)?;
        Ok(store)
    }

    fn of(database: Database, is_writable: bool) -> Self {
        Self {
            database,
            is_writable,
            put_aside: None,
            shelves: HashMap::new(),
            heads: HashMap::new(),
            skipped: BTreeMap::new(),
            found: Vec::new(),
        }
    }

    /// Returns where the file that was damaged is, when opening found one.
    #[must_use]
    pub fn put_aside(&self) -> Option<&Path> {
        self.put_aside.as_deref()
    }

    /// Returns what was found not to hold since the last time that this was asked, by whatever read
    /// it: it is to be fetched again. Of a file that may not be written, whoever writes must be told.
    pub fn take_found(&mut self) -> Vec<Damaged> {
        std::mem::take(&mut self.found)
    }

    /// Closes the file.
    ///
    /// # Errors
    /// The log could not be written back; nothing is lost by it.
    pub fn close(self) -> Result<(), StoreError> {
        Ok(self.database.close()?)
    }

    /// Returns the id of a series, which is made where there is none. Series of the same instrument
    /// that were imported before the broker's id was known get it.
    ///
    /// # Errors
    /// `Zone`: the instrument's zone is unknown; or `Query`.
    pub fn series(
        &mut self,
        key: &SeriesKey,
        instrument: &Instrument,
    ) -> Result<SeriesId, StoreError> {
        zone(&instrument.zone)?;
        // Looked up first: most are there, and a look needs no lock.
        let found = sqlx::query(
            "SELECT series_id FROM series WHERE con_id = ? AND what = ? AND bar_secs = ? AND regular = ?",
        )
        .bind(key.con_id.get())
        .bind(&key.what)
        .bind(key.bar_secs)
        .bind(key.is_regular);
        let found = self.database.run(|connection| found.fetch_optional(connection))?;
        if let Some(row) = found {
            return Ok(SeriesId(row.try_get(0)?));
        }
        let (key, instrument) = (key.clone(), instrument.clone());
        self.database.write(async move |script| {
            if key.con_id.get() > 0 && instrument.is_told_by_symbol() {
                adopt(script, key.con_id, &instrument);
            }
            make(script, &key, &instrument).await
        })
    }

    /// Returns every series, by symbol.
    ///
    /// # Errors
    /// `Query`.
    pub fn all_series(&mut self) -> Result<Vec<Described>, StoreError> {
        let all = sqlx::query(AssertSqlSafe(format!(
            "SELECT {} FROM series ORDER BY symbol, what, bar_secs, regular, series_id",
            rows::SERIES
        )));
        let rows = self.database.run(|connection| all.fetch_all(connection))?;
        rows.iter().map(|row| Ok(rows::described(row)?)).collect()
    }

    /// Returns how the bars of a series are put into chunks.
    fn shelf(&mut self, series: SeriesId) -> Result<Shelf, StoreError> {
        if let Some(shelf) = self.shelves.get(&series) {
            return Ok(shelf.clone());
        }
        let wanted =
            sqlx::query("SELECT bar_secs, zone FROM series WHERE series_id = ?").bind(series.0);
        let row = self.database.run(|connection| wanted.fetch_optional(connection))?;
        let row = row.ok_or(StoreError::NoSeries { id: series.0 })?;
        let shelf = Shelf::new(row.try_get(0)?, zone(row.try_get(1)?)?);
        self.shelves.insert(series, shelf.clone());
        Ok(shelf)
    }

    /// Returns the first day of the chunk that a bar of a series lies in.
    ///
    /// # Errors
    /// `Time`: it is no time of a bar; or `Query`.
    pub(crate) fn chunk_of(&mut self, series: SeriesId, at: i64) -> Result<Date, StoreError> {
        Ok(self.shelf(series)?.day_of(at)?)
    }

    /// Runs questions that belong together: all of them see the file as it was at the first one,
    /// whatever is written meanwhile.
    ///
    /// # Errors
    /// Those of `ask`, or `Query`.
    pub fn at_one_time<T, E: From<StoreError>>(
        &mut self,
        ask: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        // Who writes takes away what does not hold, in a transaction of its own.
        if self.is_writable {
            return ask(self);
        }
        let say = |text| {
            async move |connection: &mut SqliteConnection| {
                sqlx::query(text).execute(connection).await.map(drop)
            }
        };
        self.database.run(say("BEGIN DEFERRED")).map_err(StoreError::Query)?;
        let answer = ask(self);
        self.database.run(say("ROLLBACK")).map_err(StoreError::Query)?;
        answer
    }

    /// Takes chunks that do not hold away, so that they are fetched again; in a file that may not be
    /// written they are left out from here on. Returns them with what they may hold.
    fn give_back(&mut self, lost: Vec<(Head, Damage)>) -> Result<Vec<Damaged>, StoreError> {
        let mut damaged = Vec::with_capacity(lost.len());
        for (head, why) in lost {
            let one = self.damaged(&head, why)?;
            let Damaged { series, day, why, .. } = &one;
            tracing::warn!(series = series.0, %day, %why, "Bars of the history do not hold");
            self.heads.remove(series);
            if self.is_writable {
                self.database.write(async |script| keep::give_back(script, &one).await)?;
            } else {
                self.skipped.insert((head.chunk_id, head.crc32), one.why.clone());
            }
            damaged.push(one);
        }
        self.found.extend_from_slice(&damaged);
        Ok(damaged)
    }

    /// Names what a chunk that does not hold may hold.
    fn damaged(&mut self, head: &Head, why: Damage) -> Result<Damaged, StoreError> {
        let (series, day) = shelf::parts_of(head.chunk_id);
        let series = SeriesId(series);
        let span = self.shelf(series)?.span_of(day);
        Ok(Damaged { series, day, span, why })
    }
}

/// Makes the tables that are not there, and looks whether they are what they should be.
fn prepare(database: &mut Database, path: &Path) -> Result<(), StoreError> {
    let open = |source| StoreError::Open { path: path.to_owned(), source };
    let damaged = || StoreError::Tables { path: path.to_owned() };
    database.run(schema::is_text).map_err(open)?.then_some(()).ok_or_else(damaged)?;
    database.run(|connection| MIGRATIONS.run(connection)).map_err(StoreError::Migrate)?;
    let found = database.run(schema::columns).map_err(open)?;
    schema::is_whole(&found)?.then_some(()).ok_or_else(damaged)
}

/// Gives series that were imported, under a number of Gatehouse's own, the broker's id.
fn adopt(script: &mut Script<'_>, con_id: ConId, instrument: &Instrument) {
    script
        .add(
            "UPDATE series SET con_id = ? WHERE con_id < 0 AND symbol = ? AND sec_type = ?
             AND currency = ? AND NOT EXISTS (SELECT 1 FROM series AS own WHERE own.con_id = ?
                 AND own.what = series.what AND own.bar_secs = series.bar_secs
                 AND own.regular = series.regular)",
        )
        .bind(con_id.get())
        .bind(&instrument.symbol)
        .bind(&instrument.sec_type)
        .bind(&instrument.currency)
        .bind(con_id.get());
}

/// Returns the id of a series, which is made where there is none.
async fn make(
    script: &mut Script<'_>,
    key: &SeriesKey,
    instrument: &Instrument,
) -> Result<SeriesId, StoreError> {
    let make = script.add(
        "INSERT INTO series (con_id, what, bar_secs, regular, symbol, sec_type, currency, exchange, zone)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (con_id, what, bar_secs, regular) DO UPDATE SET con_id = con_id
         RETURNING series_id",
    );
    make.bind(key.con_id.get())
        .bind(&key.what)
        .bind(key.bar_secs)
        .bind(key.is_regular)
        .bind(&instrument.symbol)
        .bind(&instrument.sec_type)
        .bind(&instrument.currency)
        .bind(&instrument.exchange)
        .bind(&instrument.zone);
    let made = make.rows().await?;
    let row = made.first().ok_or(sqlx::Error::RowNotFound)?;
    Ok(SeriesId(row.try_get(0)?))
}

fn zone(name: &str) -> Result<TimeZone, StoreError> {
    TimeZone::get(name).map_err(|_| StoreError::Zone { zone: name.to_owned() })
}

/// SQLite's codes for a file that is damaged, and for one that is no database, without what they say
/// beyond that.
const CORRUPT: [i32; 2] = [11, 26];

fn is_damaged(error: &StoreError) -> bool {
    let of = |error: &sqlx::Error| {
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        code.and_then(|code| code.parse::<i32>().ok())
            .is_some_and(|code| CORRUPT.contains(&(code & 0xff)))
    };
    match error {
        StoreError::Tables { .. } => true,
        StoreError::Open { source, .. } | StoreError::Query(source) => of(source),
        StoreError::Migrate(MigrateError::Execute(source)) => of(source),
        StoreError::Migrate(_)
        | StoreError::PutAside { .. }
        | StoreError::NotHeld(_)
        | StoreError::Time(_)
        | StoreError::Zone { .. }
        | StoreError::NoSeries { .. } => false,
    }
}

/// Moves a file and its log away, and returns its new name.
fn put_aside(path: &Path) -> std::io::Result<PathBuf> {
    let with = |path: &Path, end: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    };
    let names = (1..).map(|n: u32| with(path, &format!(".damaged-{n}")));
    let aside = names.into_iter().find(|name| !name.exists()).unwrap_or_else(|| path.to_owned());
    std::fs::rename(path, &aside)?;
    for end in ["-wal", "-shm"] {
        let log = with(path, end);
        if log.exists() {
            std::fs::rename(log, with(&aside, end))?;
        }
    }
    Ok(aside)
}

#[cfg(test)]
mod tests;
