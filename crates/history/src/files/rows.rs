//! The rows of a table into the store, batch by batch, from where an earlier run stopped.

use std::path::Path;

use super::report::{FileReport, Outcome, RowTrouble, Step, Troubles};
use super::table::{Row, Table, TableReading};
use super::{FileError, ROWS_AT_ONCE, key_of};
use crate::store::{ImportKey, Imported, Store};

/// Takes the next row of a table, or why it is none.
type Take<'t> =
    dyn FnMut(&mut Store, &Table<'_>, Result<Row, RowTrouble>) -> Result<(), FileError> + 't;

/// The rows of one file.
struct Rows {
    key: ImportKey,
    /// Rows that an earlier run took.
    n_before: i64,
    n_rows: i64,
    n_new: usize,
    n_left_out: usize,
    n_rounded: usize,
    troubles: Troubles,
    held: Vec<Row>,
}

impl Rows {
    fn put(
        &mut self,
        store: &mut Store,
        table: &Table<'_>,
        is_done: bool,
    ) -> Result<(), FileError> {
        let imported = Imported { n_rows: self.n_rows, is_done };
        let (put, troubles) = table.put(store, &self.held, (&self.key, imported))?;
        troubles.into_iter().for_each(|trouble| self.troubles.add(trouble));
        self.n_new += put.n_new;
        self.n_left_out += put.n_left_out;
        Ok(())
    }
}

/// Imports a table of a format: `each` opens it, hands every row on, and returns it.
///
/// # Errors
/// Those of `each`, or the store cannot be written.
pub(super) fn import_table<'r>(
    store: &mut Store,
    path: &Path,
    (reading, format): (&'r TableReading, &str),
    told: &mut dyn FnMut(Step<'_>),
    each: impl FnOnce(&mut Store, &mut Take<'_>) -> Result<Table<'r>, FileError>,
) -> Result<FileReport, FileError> {
    told(Step::Found { n_files: 1 });
    told(Step::File { path });
    let key = key_of(path, reading.id(format))?;
    let before = store.imported(&key)?;
    let report = |outcome| FileReport { path: path.to_owned(), outcome };
    if before.is_done {
        return Ok(report(Outcome::AlreadyThere { n_rows: before.n_rows }));
    }
    let mut rows = Rows {
        key,
        n_before: before.n_rows,
        n_rows: 0,
        n_new: 0,
        n_left_out: 0,
        n_rounded: 0,
        troubles: Troubles::default(),
        held: Vec::with_capacity(ROWS_AT_ONCE),
    };
    let table = each(store, &mut |store, table, row| {
        match row {
            Ok(row) => {
                rows.n_rounded += usize::from(row.is_rounded);
                rows.held.push(row);
            }
            Err(trouble) => rows.troubles.add(trouble),
        }
        rows.n_rows += 1;
        if rows.held.len() >= ROWS_AT_ONCE {
            // What an earlier run put is put again, which changes nothing, if it stopped within.
            if rows.n_rows > rows.n_before {
                rows.put(store, table, false)?;
            }
            rows.held.clear();
            told(Step::Rows { n_rows: rows.n_rows });
        }
        Ok(())
    })?;
    rows.put(store, &table, true)?;
    let n_unread = i64::try_from(rows.troubles.n).unwrap_or(0);
    Ok(report(Outcome::Taken {
        n_rows: rows.n_rows - n_unread,
        n_new: rows.n_new,
        n_left_out: rows.n_left_out,
        n_rounded: rows.n_rounded,
        troubles: rows.troubles,
    }))
}
