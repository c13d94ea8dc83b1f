//! LEAN folders into the store.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use super::layout::{Kind, Layout};
use super::rows::{self, Rows};
use crate::bars::{Bar, Bars};
use crate::files::report::{FileReport, Outcome, Step};
use crate::files::table::con_id_of;
use crate::files::{FileError, key_of};
use crate::series::{SeriesId, SeriesKey};
use crate::store::{Fetched, Imported, Put, Store, StoreError};

/// How a folder is read.
#[derive(Debug, Clone, Default)]
pub struct LeanReading {
    /// The zone of times, where it is not New York for stocks and UTC for all else.
    pub zone: Option<String>,
    /// When the bars count as fetched, seconds since 1970.
    pub fetched_at: i64,
}

/// Imports a file or every file below a folder.
///
/// Bars of hours and days count as those of regular hours, minutes and seconds as those of the whole
/// day, as LEAN has them. What a file lacks is not known to be empty.
///
/// # Errors
/// The folder cannot be listed, or the store not written. Files that cannot be read are in the
/// report.
pub fn import_lean(
    store: &mut Store,
    path: &Path,
    reading: &LeanReading,
    told: &mut dyn FnMut(Step<'_>),
) -> Result<Vec<FileReport>, FileError> {
    let mut files = Vec::new();
    list(path, &mut files)?;
    files.sort();
    told(Step::Found { n_files: files.len() });
    let mut reports = Vec::with_capacity(files.len());
    for path in files {
        told(Step::File { path: &path });
        let outcome = import_file(store, &path, reading)?;
        let report = FileReport { path, outcome };
        told(Step::Done(&report));
        reports.push(report);
    }
    Ok(reports)
}

fn list(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), FileError> {
    let failed = FileError::read(path);
    if path.metadata().map_err(&failed)?.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in std::fs::read_dir(path).map_err(&failed)? {
        let path = entry.map_err(&failed)?.path();
        let is_zip = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("zip"));
        if path.is_dir() || is_zip {
            list(&path, files)?;
        }
    }
    Ok(())
}

fn import_file(
    store: &mut Store,
    path: &Path,
    reading: &LeanReading,
) -> Result<Outcome, FileError> {
    // Folders above the one that was named count too.
    let whole = path.canonicalize().map_err(FileError::read(path))?;
    let layout = match Layout::of(&whole) {
        Ok(layout) => layout,
        Err(why) => return Ok(Outcome::Skipped { why }),
    };
    let mut instrument = layout.instrument();
    instrument.zone = reading.zone.clone().unwrap_or(instrument.zone);
    let key = key_of(path, format!("lean {}", instrument.zone))?;
    let before = store.imported(&key)?;
    if before.is_done {
        return Ok(Outcome::AlreadyThere { n_rows: before.n_rows });
    }
    let text = match unzipped(path) {
        Ok(text) => text,
        Err(why) => return Ok(Outcome::Unread { why }),
    };
    let zone = TimeZone::get(&instrument.zone)
        .map_err(|_| StoreError::Zone { zone: instrument.zone.clone() })?;
    let rows = rows::read(&text, &layout, &zone);
    let con_id = con_id_of(store, None, &instrument)?;
    let mut held: Vec<(SeriesId, Bars)> = Vec::new();
    for (what, bars) in series_of(&layout, &rows) {
        let is_regular = layout.bar_secs >= 3_600;
        let key =
            SeriesKey { con_id, what: what.to_owned(), bar_secs: layout.bar_secs, is_regular };
        match Bars::from_rows(bars) {
            Ok(bars) => held.push((store.series(&key, &instrument)?, bars)),
            Err(why) => return Ok(Outcome::Unread { why: why.to_string() }),
        }
    }
    let fetched: Vec<Fetched<'_>> = held
        .iter()
        .map(|(series, bars)| {
            let (series, fetched_at) = (*series, reading.fetched_at);
            // A file says nothing about what the broker has.
            Fetched { series, bars, source: "lean", fetched_at, covers: &[] }
        })
        .collect();
    let imported = Imported { n_rows: rows.n_rows, is_done: true };
    let Put { n_new, n_left_out, .. } = match store.put_import(&fetched, &key, imported) {
        // With what is kept of the same time.
        Err(StoreError::NotHeld(why)) => return Ok(Outcome::Unread { why: why.to_string() }),
        put => put?,
    };
    let (n_rows, n_rounded, troubles) = (rows.n_rows, 0, rows.troubles);
    Ok(Outcome::Taken { n_rows, n_new, n_left_out, n_rounded, troubles })
}

fn series_of<'a>(layout: &Layout, rows: &'a Rows) -> Vec<(&'static str, &'a [Bar])> {
    match layout.kind {
        Kind::Trade => vec![("TRADES", &rows.trades)],
        Kind::Quote => vec![("BID", &rows.bid), ("ASK", &rows.ask)],
    }
}

/// Returns the table of a file.
fn unzipped(path: &Path) -> Result<String, String> {
    let cause = |error: &dyn std::error::Error| format!("it is no zip file of a table: {error}");
    let file = File::open(path).map_err(|error| cause(&error))?;
    let mut archive = zip::ZipArchive::new(file).map_err(|error| cause(&error))?;
    let mut bytes = Vec::new();
    let mut table = archive.by_index(0).map_err(|error| cause(&error))?;
    table.read_to_end(&mut bytes).map_err(|error| cause(&error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
