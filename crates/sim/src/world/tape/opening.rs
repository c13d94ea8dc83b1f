//! Which kind of tape a path is.

use std::path::Path;

use super::{
    StoredTape, StoredTapeError, TableError, TableTape, TapeFolder, TapeFolderError, TapeSource,
};

/// Why a tape cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenTapeError {
    #[error(transparent)]
    Folder(#[from] TapeFolderError),
    #[error(transparent)]
    Stored(#[from] StoredTapeError),
    #[error(transparent)]
    Table(#[from] TableError),
}

impl OpenTapeError {
    /// Returns what a person can do about it.
    #[must_use]
    pub fn next(&self) -> &'static str {
        match self {
            Self::Folder(TapeFolderError::List { .. } | TapeFolderError::Empty { .. }) => {
                "Give --tape a folder in LEAN's layout with US stocks, currency pairs or coins, or leave it out."
            }
            Self::Folder(TapeFolderError::Unlisted { .. }) => {
                "Ask a client's contract search for the symbols that are listed, or leave --tape out."
            }
            Self::Folder(TapeFolderError::Read { .. } | TapeFolderError::Rows { .. }) => {
                "Correct or remove the file, or give --tape another resolution of the folder."
            }
            Self::Stored(StoredTapeError::Open { .. }) => {
                "Give --tape a history database, a description of tables (.json), or a folder in LEAN's layout."
            }
            Self::Stored(StoredTapeError::Empty { .. }) => {
                "Fetch minutes of TRADES, BID and ASK of a US stock, a pair or a coin into it first."
            }
            Self::Table(
                TableError::Describe { .. }
                | TableError::Unfit { .. }
                | TableError::NoColumn { .. },
            ) => "Correct the description; the README of the simulator shows one.",
            Self::Table(TableError::Read { .. } | TableError::Table { .. }) => {
                "Give --tape a description whose files can be read; their paths are relative to it."
            }
            Self::Table(TableError::Cell { .. }) => {
                "Correct the cell, or what describes its column."
            }
            Self::Table(TableError::Unlisted { .. }) => {
                "Give a listed symbol: a US stock, a pair such as EUR.USD, or a coin such as BTC.USD."
            }
            Self::Table(TableError::Empty { .. }) => "Put rows below the first line of a table.",
        }
    }
}

/// Opens a tape: a file that ends in `.json` describes tables, any other is a history database,
/// and everything else a folder in LEAN's layout.
///
/// # Errors
/// It cannot be read, or holds nothing that can be replayed.
pub fn open(path: &Path) -> Result<Box<dyn TapeSource>, OpenTapeError> {
    if path.extension().is_some_and(|end| end == "json") {
        return Ok(Box::new(TableTape::open(path)?));
    }
    if path.is_file() {
        return Ok(Box::new(StoredTape::open(path)?));
    }
    Ok(Box::new(TapeFolder::open(path)?))
}
