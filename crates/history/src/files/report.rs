//! What became of each file.

use std::path::{Path, PathBuf};

/// Rows that are named; of more only the number is kept.
const NAMED_MAX: usize = 20;

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowTrouble {
    /// Counted from 1, as editors do; in Parquet the row.
    pub line: u64,
    /// Name or number of the column; empty when it is the row as a whole.
    pub column: String,
    /// Such as `a price`.
    pub expected: &'static str,
    pub found: String,
}

/// The rows of a file that cannot be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Troubles {
    pub n: u64,
    /// The first twenty.
    pub first: Vec<RowTrouble>,
}

impl Troubles {
    pub(super) fn add(&mut self, trouble: RowTrouble) {
        self.n += 1;
        if self.first.len() < NAMED_MAX {
            self.first.push(trouble);
        }
    }
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Its rows are in the store, but for those that cannot be read.
    Taken {
        /// Rows of bars, those of earlier runs too.
        n_rows: i64,
        /// Bars of instants that had none.
        n_new: usize,
        /// Bars left out in this run, as the broker's are there.
        n_left_out: usize,
        /// Rows of which a number had more digits behind the point than are kept.
        n_rounded: usize,
        troubles: Troubles,
    },
    /// It was imported before, and has not changed.
    AlreadyThere { n_rows: i64 },
    /// It is of a kind that the store does not hold.
    Skipped { why: String },
    /// It cannot be read at all.
    Unread { why: String },
}

/// A file and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileReport {
    pub path: PathBuf,
    pub outcome: Outcome,
}

/// How far an import or export is.
#[derive(Debug, Clone, Copy)]
pub enum Step<'a> {
    /// So many files are to be looked at.
    Found { n_files: usize },
    /// A file is begun.
    File { path: &'a Path },
    /// So many rows of it are done.
    Rows { n_rows: i64 },
    /// A file is done.
    Done(&'a FileReport),
}
