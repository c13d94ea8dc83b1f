//! Tables of comma-separated values.
//!
//! Written, the header is `time,open,high,low,close,volume`; times are ISO 8601 in UTC, of bars of a
//! day and longer dates; prices are in units of the currency, and a volume that the broker does not
//! have is empty.

use std::io::Write as _;
use std::path::Path;

use jiff::Timestamp;

use super::piece::{Selection, each_piece};
use super::report::{FileReport, RowTrouble, Step};
use super::rows::import_table;
use super::table::{Table, TableReading};
use super::{FileError, write_whole};
use crate::bars::Bar;
use crate::store::Store;

/// Imports a table with a header.
///
/// # Errors
/// The file cannot be read, lacks a column, or the store cannot be written. Rows that cannot be read
/// are in the report.
pub fn import_csv(
    store: &mut Store,
    path: &Path,
    reading: &TableReading,
    told: &mut dyn FnMut(Step<'_>),
) -> Result<FileReport, FileError> {
    let failed =
        |error: csv::Error| FileError::Read { path: path.to_owned(), source: error.into() };
    import_table(store, path, (reading, "csv"), told, |store, take| {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(reading.delimiter)
            .flexible(true)
            .from_path(path)
            .map_err(failed)?;
        let names: Vec<String> = reader
            .headers()
            .map_err(failed)?
            .iter()
            .map(|name| name.trim_start_matches('\u{feff}').to_owned())
            .collect();
        let table = Table::begin(store, path, reading, &names)?;
        for record in reader.byte_records() {
            let record = record.map_err(failed)?;
            let line = record.position().map_or(0, csv::Position::line);
            let cell = |at: usize| record.get(at).and_then(|cell| std::str::from_utf8(cell).ok());
            let is_short = record.len() < names.len();
            let bar = if is_short {
                Err(short(line, names.len(), &record))
            } else {
                table.bar(line, cell)
            };
            take(store, &table, bar)?;
        }
        Ok(table)
    })
}

fn short(line: u64, n_columns: usize, record: &csv::ByteRecord) -> RowTrouble {
    let cells: Vec<String> =
        record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
    let column = format!("{} of {n_columns}", cells.len());
    RowTrouble { line, column, expected: "as many columns as the header", found: cells.join(",") }
}

/// Writes the bars of a selection as a table, and returns how many.
///
/// # Errors
/// The file cannot be written, the store not read, or some of its bars do not hold.
pub fn export_csv(
    store: &mut Store,
    selection: Selection,
    path: &Path,
    told: &mut dyn FnMut(Step<'_>),
) -> Result<i64, FileError> {
    let all = store.all_series()?;
    let one = all.iter().find(|one| one.id == selection.series);
    let is_dated = one.is_some_and(|one| one.key.bar_secs >= 86_400);
    let mut n_bars = 0;
    write_whole(path, |file| {
        let failed = FileError::write(path);
        writeln!(file, "time,open,high,low,close,volume").map_err(&failed)?;
        let mut n_rows = 0;
        n_bars = each_piece(store, selection, |bars| {
            for bar in bars.rows() {
                writeln!(file, "{}", line(&bar, is_dated)).map_err(&failed)?;
            }
            n_rows += i64::try_from(bars.len()).unwrap_or(0);
            told(Step::Rows { n_rows });
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(n_bars)
}

fn line(bar: &Bar, is_dated: bool) -> String {
    let mut at = Timestamp::from_second(bar.at).unwrap_or(Timestamp::MAX).to_string();
    if is_dated {
        at.truncate("2013-10-07".len());
    }
    let Bar { open, high, low, close, .. } = bar;
    let [open, high, low, close] = [open, high, low, close].map(|px| px.normalize());
    let volume = if bar.volume.is_sign_negative() {
        String::new()
    } else {
        bar.volume.normalize().to_string()
    };
    format!("{at},{open},{high},{low},{close},{volume}")
}
