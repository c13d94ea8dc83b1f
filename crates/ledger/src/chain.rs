//! Walking the chain from entry 1: every row's hash is computed again and compared.
//!
//! The reader and the opening of a ledger call it; it must never trust a stored hash that it has
//! not recomputed.

use gatehouse_types::EntrySeq;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use crate::hash::EntryHash;

/// One row as it is stored.
#[derive(Debug)]
pub(crate) struct RawRow {
    pub(crate) seq: EntrySeq,
    pub(crate) body: Vec<u8>,
    pub(crate) hash: EntryHash,
}

/// Where a chain ends: what the next entry is chained to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The last entry; `None` in an empty ledger.
    pub seq: Option<EntrySeq>,
    pub hash: EntryHash,
}

impl Head {
    /// The head of an empty ledger.
    pub const EMPTY: Self = Self { seq: None, hash: EntryHash::GENESIS };

    /// Returns the place of the next entry.
    #[must_use]
    pub fn next(self) -> EntrySeq {
        self.seq.map_or(EntrySeq::new(1), EntrySeq::next)
    }
}

/// The first place at which the chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {seq} is not what was written: {why}")]
pub struct Broken {
    pub seq: EntrySeq,
    pub why: String,
}

/// Follows a chain row by row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Walk {
    head: Head,
}

impl Walk {
    pub(crate) fn new(head: Head) -> Self {
        Self { head }
    }

    pub(crate) fn head(&self) -> Head {
        self.head
    }

    pub(crate) fn broken(&self, why: impl ToString) -> Broken {
        Broken { seq: self.head.next(), why: why.to_string() }
    }

    /// Takes the next row.
    pub(crate) fn step(&mut self, row: &RawRow) -> Result<(), Broken> {
        let expected = self.head.next();
        if row.seq != expected {
            return Err(self.broken(format!("the next entry in the file is {}", row.seq)));
        }
        let hash = self.head.hash.chain(row.seq, &row.body);
        if hash != row.hash {
            return Err(self.broken("its hash does not match its content and the entry before"));
        }
        self.head = Head { seq: Some(row.seq), hash };
        Ok(())
    }
}

/// Columns of a row, for every query that reads rows.
pub(crate) const COLUMNS: &str = "seq, CAST(body AS BLOB) AS body, hash";

/// Rows read at once.
const CHUNK: i64 = 512;

/// Returns the rows after `after`, oldest first; empty at the end.
pub(crate) async fn chunk_after(
    connection: &mut SqliteConnection,
    after: Option<EntrySeq>,
) -> Result<Vec<RawRow>, sqlx::Error> {
    sqlx::query(
        "SELECT seq, CAST(body AS BLOB) AS body, hash FROM entry WHERE seq > ? ORDER BY seq LIMIT ?",
    )
    // Without a lower bound at the start, a row at or below 0 is found, too.
    .bind(after.map_or(i64::MIN, |seq| i64::try_from(seq.get()).unwrap_or(i64::MAX)))
    .bind(CHUNK)
    .fetch_all(connection)
    .await?
    .iter()
    .map(raw_row)
    .collect()
}

/// Reads the columns of [`COLUMNS`]. A hash of another length or a negative place becomes one that
/// cannot match.
pub(crate) fn raw_row(row: &SqliteRow) -> Result<RawRow, sqlx::Error> {
    let seq: i64 = row.try_get(0)?;
    let body: Vec<u8> = row.try_get(1)?;
    let hash: &[u8] = row.try_get(2)?;
    Ok(RawRow {
        seq: EntrySeq::new(u64::try_from(seq).unwrap_or(0)),
        body,
        hash: EntryHash::from_stored(hash).unwrap_or(EntryHash::GENESIS),
    })
}
