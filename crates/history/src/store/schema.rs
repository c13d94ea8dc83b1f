//! The tables of the file, as SQLite keeps them: text that may be damaged like any row.
//!
//! sqlx takes the names and types of columns for text and ends its thread where one is none, and who
//! asks it then may wait for ever. So they are looked at as bytes before anything else is asked.

use std::collections::BTreeSet;

use sqlx::Row as _;
use sqlx::sqlite::SqliteConnection;

use super::{MIGRATIONS, StoreError};
use crate::connection::Database;

/// Tables with their columns.
pub(super) type Columns = BTreeSet<(Vec<u8>, Vec<u8>)>;

/// Returns whether everything that the file says of its tables is text.
pub(super) async fn is_text(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    let all = sqlx::query(
        "SELECT CAST(name || tbl_name || coalesce(sql, '') AS BLOB) AS words FROM sqlite_schema",
    );
    let is_text = |row: &sqlx::sqlite::SqliteRow| {
        let words: Option<&[u8]> = row.try_get(0)?;
        Ok(words.is_none_or(|words| std::str::from_utf8(words).is_ok()))
    };
    let rows = all.fetch_all(connection).await?;
    Ok(rows
        .iter()
        .map(is_text)
        .collect::<Result<Vec<bool>, sqlx::Error>>()?
        .into_iter()
        .all(|it| it))
}

/// Returns the columns of every table.
pub(super) async fn columns(connection: &mut SqliteConnection) -> Result<Columns, sqlx::Error> {
    let all = sqlx::query(
        "SELECT CAST(tables.name AS BLOB) AS of_table, CAST(columns.name AS BLOB) AS of_column
         FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
         WHERE tables.type = 'table'",
    );
    let rows = all.fetch_all(connection).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Returns whether these are all columns of a file that was just made, or more.
pub(super) fn is_whole(found: &Columns) -> Result<bool, StoreError> {
    let mut fresh = Database::in_memory()?;
    fresh.run(|connection| MIGRATIONS.run(connection)).map_err(StoreError::Migrate)?;
    Ok(fresh.run(columns)?.is_subset(found))
}
