//! Files in and out: LEAN folders, tables of comma-separated values, Parquet.
//!
//! An import goes on where it stopped: what of a file is in the store is noted in the same
//! transaction as its bars, so that a cut at any point loses nothing and doubles nothing. A row that
//! cannot be read is named and the others are taken. Called by the command line.

mod csv;
mod lean;
mod parquet;
mod piece;
mod report;
mod rows;
mod table;
mod zoned;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

pub use csv::{export_csv, import_csv};
pub use lean::{LeanReading, export_lean, import_lean};
pub use parquet::{export_parquet, import_parquet};
pub use piece::Selection;
pub use report::{FileReport, Outcome, RowTrouble, Step, Troubles};
pub use table::{Origin, TableReading, TimeForm};

use jiff::civil::Date;

use crate::bars::NotHeld;
use crate::store::{Damaged, ImportKey, StoreError};

/// Rows that are taken in one transaction.
const ROWS_AT_ONCE: usize = if cfg!(test) { 4 } else { 50_000 };

/// Why an import or an export did not come to its end. What was done until then stays.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("{} cannot be read", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{} cannot be written", path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{} is no table of bars: {why}", path.display())]
    Table { path: PathBuf, why: String },
    #[error("{} cannot be written as a table: {why}", path.display())]
    Unwritable { path: PathBuf, why: String },
    /// First days of what the chunks may hold.
    #[error("bars of {} do not hold", named(days))]
    Damaged { days: Vec<Date> },
    #[error("the bars changed while they were read")]
    Changed,
    #[error("the bars cannot be kept or read")]
    Store(#[from] StoreError),
    #[error("the bars cannot be held together")]
    NotHeld(#[from] NotHeld),
}

/// Days that an error names; more would not be read.
const DAYS_MAX: usize = 20;

fn named(days: &[Date]) -> String {
    let named: Vec<String> = days.iter().take(DAYS_MAX).map(ToString::to_string).collect();
    let n_more = days.len() - named.len();
    let more = if n_more > 0 { format!(" and {n_more} more days") } else { String::new() };
    named.join(", ") + &more
}

impl FileError {
    /// Refuses to leave out what does not hold.
    fn of_damaged(damaged: &[Damaged]) -> Result<(), Self> {
        let days: BTreeSet<Date> = damaged.iter().map(|one| one.day).collect();
        let days: Vec<Date> = days.into_iter().collect();
        if days.is_empty() { Ok(()) } else { Err(Self::Damaged { days }) }
    }

    fn read(path: &Path) -> impl Fn(std::io::Error) -> Self {
        move |source| Self::Read { path: path.to_owned(), source }
    }

    fn write(path: &Path) -> impl Fn(std::io::Error) -> Self {
        move |source| Self::Write { path: path.to_owned(), source }
    }
}

/// Returns what a file is known by: where it is, how long, and since when.
fn key_of(path: &Path, reading: String) -> Result<ImportKey, FileError> {
    let path = path.canonicalize().map_err(FileError::read(path))?;
    let about = path.metadata().map_err(FileError::read(&path))?;
    let modified = about.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    Ok(ImportKey {
        path: path.display().to_string(),
        size: i64::try_from(about.len()).unwrap_or(i64::MAX),
        modified_at: modified.map_or(0, |at| i64::try_from(at.as_secs()).unwrap_or(0)),
        reading,
    })
}

/// Writes a file under another name first, so that a cut leaves no half of it.
fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut std::io::BufWriter<std::fs::File>) -> Result<(), FileError>,
) -> Result<(), FileError> {
    use std::io::Write as _;
    let failed = FileError::write(path);
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir).map_err(&failed)?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let mut file = std::io::BufWriter::new(std::fs::File::create(&part).map_err(&failed)?);
    write(&mut file)?;
    file.flush().map_err(&failed)?;
    std::fs::rename(&part, path).map_err(&failed)
}

#[cfg(test)]
mod tests;
