//! How far imports of files are.

use sqlx::Row as _;

use super::{GATEWAY, Store, StoreError};
use crate::script::Script;
use crate::series::SeriesId;

/// A file as it was when its import began: another size, time or reading is another import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportKey {
    pub path: String,
    /// Bytes.
    pub size: i64,
    /// Seconds since 1970.
    pub modified_at: i64,
    /// What else decides what its rows mean, such as format and mapping.
    pub reading: String,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows of the file that are in the store.
    pub n_rows: i64,
    /// These are all.
    pub is_done: bool,
}

impl Store {
    /// Returns how far the import of a file is; nothing of it when the file has changed.
    ///
    /// # Errors
    /// `Query`.
    pub fn imported(&mut self, key: &ImportKey) -> Result<Imported, StoreError> {
        let found = sqlx::query(
            "SELECT n_rows, is_done FROM import
             WHERE path = ? AND size = ? AND modified_at = ? AND reading = ?",
        )
        .bind(&key.path)
        .bind(key.size)
        .bind(key.modified_at)
        .bind(&key.reading);
        let row = self.database.run(|connection| found.fetch_optional(connection))?;
        let Some(row) = row else { return Ok(Imported::default()) };
        Ok(Imported { n_rows: row.try_get(0)?, is_done: row.try_get(1)? })
    }
}

/// Forgets the imports of files that have bars of a series, when its chunk is not the Gateway's alone:
/// who imports them again gets what is taken away.
pub(super) fn forget(script: &mut Script<'_>, series: SeriesId, chunk_id: i64) {
    script
        .add(
            "DELETE FROM import WHERE path IN (SELECT path FROM import_series WHERE series_id = ?)
             AND EXISTS (SELECT 1 FROM chunk WHERE chunk_id = ? AND source <> ?)",
        )
        .bind(series.0)
        .bind(chunk_id)
        .bind(GATEWAY);
}

/// Notes that a file has bars of a series.
pub(super) fn note_series(script: &mut Script<'_>, key: &ImportKey, series: SeriesId) {
    script
        .add("INSERT OR IGNORE INTO import_series (path, series_id) VALUES (?, ?)")
        .bind(&key.path)
        .bind(series.0);
}

/// Notes how far the import of a file is, together with its bars.
pub(super) fn note(script: &mut Script<'_>, key: &ImportKey, imported: Imported) {
    script
        .add(
            "INSERT OR REPLACE INTO import (path, size, modified_at, reading, n_rows, is_done)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(&key.path)
        .bind(key.size)
        .bind(key.modified_at)
        .bind(&key.reading)
        .bind(imported.n_rows)
        .bind(imported.is_done);
}
