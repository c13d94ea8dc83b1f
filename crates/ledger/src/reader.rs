//! Reading the ledger: pages for the window, the whole of it for a restart, and its verification.
//!
//! A reader has its own read-only connection, blocks its thread and never delays the writer. It
//! must never be on the order path.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use gatehouse_types::{AccountId, Entry, EntrySeq, Outcome, Utc};
use sqlx::{QueryBuilder, Row, Sqlite};

use crate::body::{self, DecodeError};
use crate::chain::{Broken, COLUMNS, Head, RawRow, Walk, chunk_after, raw_row};
use crate::connection::Database;
use crate::filter::{Calendar, Filter, Page};
use crate::hash::EntryHash;

/// Why the ledger could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("the ledger {} cannot be opened", path.display())]
    Open {
        path: PathBuf,
        #[source]
        source: sqlx::Error,
    },
    #[error("the ledger cannot be read")]
    Query(#[source] sqlx::Error),
    #[error("entry {seq} cannot be read")]
    Decode {
        seq: EntrySeq,
        #[source]
        source: DecodeError,
    },
    #[error("the chain of the ledger is broken")]
    Broken(#[from] Broken),
    #[error("the export cannot be written")]
    Write(#[source] io::Error),
}

/// An entry with its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    pub entry: Entry,
    pub hash: EntryHash,
}

/// What walking the whole chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Entries that hold, counted from the first.
    pub n_entries: u64,
    /// Hash of the last entry that holds.
    pub head: EntryHash,
    /// The first entry that does not hold.
    pub broken_at: Option<Broken>,
}

/// A read-only view of a ledger, on a connection of its own.
#[derive(Debug)]
pub struct Reader {
    database: Database,
}

impl Reader {
    /// Opens a ledger file, also a copy of one that no program has open.
    ///
    /// # Errors
    /// `Open` when there is no file or it is not a database.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        match Database::open_to_read(path) {
            Ok(database) => Ok(Self { database }),
            Err(source) => Err(ReadError::Open { path: path.to_owned(), source }),
        }
    }

    /// Returns one entry.
    ///
    /// # Errors
    /// `Query` or `Decode`.
    pub fn entry(&mut self, seq: EntrySeq) -> Result<Option<StoredEntry>, ReadError> {
        let Ok(wanted) = i64::try_from(seq.get()) else { return Ok(None) };
        let row = self
            .database
            .run(|connection| {
                sqlx::query("SELECT seq, CAST(body AS BLOB) AS body, hash FROM entry WHERE seq = ?")
                    .bind(wanted)
                    .fetch_optional(connection)
            })
            .and_then(|row| row.as_ref().map(raw_row).transpose())
            .map_err(ReadError::Query)?;
        row.map(stored).transpose()
    }

    /// Returns at most `page.limit` entries that pass the filter.
    ///
    /// # Errors
    /// `Query` or `Decode`.
    pub fn entries(&mut self, filter: &Filter, page: Page) -> Result<Vec<StoredEntry>, ReadError> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT ");
        query.push(COLUMNS).push(" FROM entry");
        filter.push_to(&mut query);
        query.push(page.order.sql());
        query.push(" LIMIT ").push_bind(i64::from(page.limit));
        let rows = self
            .database
            .run(|connection| async move { query.build().fetch_all(connection).await })
            .map_err(ReadError::Query)?;
        rows.iter().map(|row| raw_row(row).map_err(ReadError::Query).and_then(stored)).collect()
    }

    /// Returns how many entries pass the filter.
    ///
    /// # Errors
    /// `Query`.
    pub fn count(&mut self, filter: &Filter) -> Result<u64, ReadError> {
        if *filter == Filter::default() {
            // The chain is dense from entry 1, so its head is its length.
            return Ok(self.head()?.seq.map_or(0, EntrySeq::get));
        }
        let mut query = QueryBuilder::<Sqlite>::new("SELECT count(*) FROM entry");
        filter.push_to(&mut query);
        let count: i64 = self
            .database
            .run(|connection| async move {
                query.build().fetch_one(connection).await.and_then(|row| row.try_get(0))
            })
            .map_err(ReadError::Query)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Returns how many entries that pass the filter, and how many refused ones, begin in each
    /// stretch of `width_ns` of a calendar: oldest first, empty ones left out.
    ///
    /// # Errors
    /// `Query`.
    pub fn density(
        &mut self,
        filter: &Filter,
        calendar: Calendar,
        width_ns: i64,
    ) -> Result<Vec<(Utc, u32, u32)>, ReadError> {
        let width_ns = width_ns.max(1);
        let all = self.counts(filter, calendar, width_ns)?;
        let refused = Filter { outcome: Some(Outcome::Refuse), ..filter.clone() };
        let is_possible = filter.outcome.is_none_or(|outcome| outcome == Outcome::Refuse);
        let refused =
            if is_possible { self.counts(&refused, calendar, width_ns)? } else { BTreeMap::new() };
        let bucket = |(place, n): (i64, u32)| {
            let at = Utc::from_nanos(place.saturating_mul(width_ns));
            (at, n, refused.get(&place).copied().unwrap_or(0))
        };
        Ok(all.into_iter().map(bucket).collect())
    }

    fn counts(
        &mut self,
        filter: &Filter,
        calendar: Calendar,
        width_ns: i64,
    ) -> Result<BTreeMap<i64, u32>, ReadError> {
        let column = calendar.column();
        let mut query = QueryBuilder::<Sqlite>::new("SELECT ");
        query.push(format_args!("{column} / ")).push_bind(width_ns);
        query.push(" AS place, count(*) FROM entry");
        filter.push_to(&mut query);
        query.push(format_args!(" AND {column} IS NOT NULL GROUP BY place"));
        let rows = self
            .database
            .run(|connection| async move { query.build().fetch_all(connection).await })
            .map_err(ReadError::Query)?;
        rows.iter()
            .map(|row| {
                let n: i64 = row.try_get(1)?;
                Ok((row.try_get(0)?, u32::try_from(n).unwrap_or(u32::MAX)))
            })
            .collect::<Result<_, sqlx::Error>>()
            .map_err(ReadError::Query)
    }

    /// Returns the account of this data directory, once a Gateway named it.
    ///
    /// # Errors
    /// `Query`.
    pub fn account(&mut self) -> Result<Option<AccountId>, ReadError> {
        let row = self
            .database
            .run(|connection| {
                sqlx::query("SELECT value FROM meta WHERE name = 'account'")
                    .fetch_optional(connection)
            })
            .map_err(ReadError::Query)?;
        row.map(|row| row.try_get::<String, _>(0).map(AccountId::new))
            .transpose()
            .map_err(ReadError::Query)
    }

    /// Returns the last entry's place and hash, as they are stored.
    ///
    /// # Errors
    /// `Query`.
    pub fn head(&mut self) -> Result<Head, ReadError> {
        self.database.run(stored_head).map_err(ReadError::Query)
    }

    /// Reads every entry in order, each checked against the chain before it is handed out. The
    /// first that does not hold ends the iteration with an error.
    pub fn replay(&mut self) -> Replay<'_> {
        Replay {
            reader: self,
            walk: Walk::new(Head::EMPTY),
            rows: Vec::new().into_iter(),
            is_over: false,
        }
    }

    /// Walks the whole chain and names the first entry that does not hold.
    ///
    /// Entries that are appended meanwhile are walked, too. What nobody can see from the file alone
    /// is a tail that was cut off: compare `n_entries` and `head` with ones noted elsewhere.
    ///
    /// # Errors
    /// `Query` when the file cannot be read at all; a page of it that is damaged is reported as
    /// broken.
    pub fn verify(&mut self) -> Result<Verification, ReadError> {
        let mut walk = Walk::new(Head::EMPTY);
        let broken_at = loop {
            let rows = match self.database.run(|c| chunk_after(c, walk.head().seq)) {
                Ok(rows) => rows,
                Err(error) if is_damage(&error) => break Some(walk.broken(error)),
                Err(error) => return Err(ReadError::Query(error)),
            };
            if rows.is_empty() {
                break None;
            }
            if let Err(broken) = rows.iter().try_for_each(|row| walk.step(row)) {
                break Some(broken);
            }
        };
        let head = walk.head();
        let n_entries = head.seq.map_or(0, EntrySeq::get);
        Ok(Verification { n_entries, head: head.hash, broken_at })
    }

    /// Writes the entries that pass the filter, oldest first, one line each:
    /// `{"hash":"<64 digits>","entry":<the stored body, byte for byte>}`. Returns their number.
    ///
    /// # Errors
    /// `Query`, or `Write` from the writer.
    pub fn export_jsonl(
        &mut self,
        filter: &Filter,
        to: &mut dyn io::Write,
    ) -> Result<u64, ReadError> {
        let mut n_lines = 0;
        let mut after = None;
        loop {
            let rows = self.export_chunk(filter, after)?;
            let Some(last) = rows.last() else { break };
            after = Some(last.seq);
            for row in &rows {
                write!(to, "{{\"hash\":\"{}\",\"entry\":", row.hash)
                    .and_then(|()| to.write_all(&row.body))
                    .and_then(|()| to.write_all(b"}\n"))
                    .map_err(ReadError::Write)?;
                n_lines += 1;
            }
        }
        to.flush().map_err(ReadError::Write)?;
        Ok(n_lines)
    }

    fn export_chunk(
        &mut self,
        filter: &Filter,
        after: Option<EntrySeq>,
    ) -> Result<Vec<RawRow>, ReadError> {
        let filter = Filter { after: after.max(filter.after), ..filter.clone() };
        let mut query = QueryBuilder::<Sqlite>::new("SELECT ");
        query.push(COLUMNS).push(" FROM entry");
        filter.push_to(&mut query);
        query.push(" ORDER BY seq LIMIT 512");
        self.database
            .run(|connection| async move { query.build().fetch_all(connection).await })
            .and_then(|rows| rows.iter().map(raw_row).collect())
            .map_err(ReadError::Query)
    }
}

/// Every entry in order; see [`Reader::replay`].
#[derive(Debug)]
pub struct Replay<'a> {
    reader: &'a mut Reader,
    walk: Walk,
    rows: std::vec::IntoIter<RawRow>,
    is_over: bool,
}

impl Replay<'_> {
    fn step(&mut self) -> Result<Option<StoredEntry>, ReadError> {
        if self.rows.len() == 0 {
            let after = self.walk.head().seq;
            self.rows = match self.reader.database.run(|c| chunk_after(c, after)) {
                Ok(rows) => rows.into_iter(),
                Err(error) if is_damage(&error) => {
                    return Err(ReadError::Broken(self.walk.broken(error)));
                }
                Err(error) => return Err(ReadError::Query(error)),
            };
        }
        let Some(row) = self.rows.next() else { return Ok(None) };
        self.walk.step(&row)?;
        stored(row).map(Some)
    }
}

impl Iterator for Replay<'_> {
    type Item = Result<StoredEntry, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let next = self.step().transpose();
        self.is_over = !matches!(next, Some(Ok(_)));
        next
    }
}

fn stored(row: RawRow) -> Result<StoredEntry, ReadError> {
    match body::decode(&row.body) {
        Ok(entry) if entry.seq == row.seq => Ok(StoredEntry { entry, hash: row.hash }),
        Ok(entry) => Err(ReadError::Broken(Broken {
            seq: row.seq,
            why: format!("its body says that it is entry {}", entry.seq),
        })),
        Err(source) => Err(ReadError::Decode { seq: row.seq, source }),
    }
}

/// Returns the last row's place and hash, without checking them.
pub(crate) async fn stored_head(
    connection: &mut sqlx::SqliteConnection,
) -> Result<Head, sqlx::Error> {
    let row = sqlx::query("SELECT seq, x'' AS body, hash FROM entry ORDER BY seq DESC LIMIT 1")
        .fetch_optional(connection)
        .await?;
    Ok(match row.as_ref().map(raw_row).transpose()? {
        Some(row) => Head { seq: Some(row.seq), hash: row.hash },
        None => Head::EMPTY,
    })
}

/// Whether SQLite says that the file itself is damaged, rather than out of reach.
pub(crate) fn is_damage(error: &sqlx::Error) -> bool {
    /// Primary result codes. Source: sqlite.org/rescode.html
    const SQLITE_ERROR: u32 = 1;
    const SQLITE_CORRUPT: u32 = 11;
    const SQLITE_NOTADB: u32 = 26;
    match error.as_database_error().and_then(|error| error.code()) {
        Some(code) => code.parse::<u32>().is_ok_and(|code| {
            // A plain error while reading a fixed query means that the schema is not ours.
            matches!(code & 0xff, SQLITE_ERROR | SQLITE_CORRUPT | SQLITE_NOTADB)
        }),
        None => matches!(error, sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_)),
    }
}

#[cfg(test)]
mod tests;
