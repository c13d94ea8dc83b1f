//! Which kind of tape a path is.

use std::path::Path;

use super::{StoredTape, StoredTapeError, TapeFolder, TapeFolderError, TapeSource};

/// Why a tape cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenTapeError {
    #[error(transparent)]
    Folder(#[from] TapeFolderError),
    #[error(transparent)]
    Stored(#[from] StoredTapeError),
}

impl OpenTapeError {
    /// Returns what a person can do about it.
    #[must_use]
    pub fn next(&self) -> &'static str {
        match self {
            Self::Folder(_) => "Give --tape a folder in LEAN's layout, or leave it out.",
            Self::Stored(StoredTapeError::Open { .. }) => {
                "Give --tape a history database, or a folder in LEAN's layout."
            }
            Self::Stored(StoredTapeError::Empty { .. }) => {
                "Fetch minutes of TRADES, BID and ASK of a US stock into it first."
            }
        }
    }
}

/// Opens a tape: a file is a history database, everything else a folder in LEAN's layout.
///
/// # Errors
/// It cannot be read, or holds nothing that can be replayed.
pub fn open(path: &Path) -> Result<Box<dyn TapeSource>, OpenTapeError> {
    if path.is_file() {
        return Ok(Box::new(StoredTape::open(path)?));
    }
    Ok(Box::new(TapeFolder::open(path)?))
}
