//! What the Audit screen shows beside the entries themselves.

use serde::{Deserialize, Serialize};
use specta::Type;

/// One word of a query, as it was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct QueryToken {
    /// `bot`, `symbol`, `rule`, `verdict`, `kind`, `code`, `actor`, `order`, `seq`, `day` or
    /// `text`.
    pub name: String,
    pub value: String,
    /// Why the word finds nothing; absent when it was understood.
    pub trouble: Option<String>,
}

/// Entries of one stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct DensityBucket {
    /// Seconds since 1970, its beginning.
    #[specta(type = specta_typescript::Number)]
    pub time: i64,
    pub n_entries: u32,
    pub n_refused: u32,
}

/// How the matching entries lie in time, on the Gateway's calendar where it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Density {
    #[specta(type = specta_typescript::Number)]
    pub from: i64,
    #[specta(type = specta_typescript::Number)]
    pub to: i64,
    pub bucket_s: u32,
    /// Oldest first, empty ones left out.
    pub buckets: Vec<DensityBucket>,
}

/// A verification that was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Checkpoint {
    #[specta(type = specta_typescript::Number)]
    pub seq: u64,
    pub time: String,
    #[specta(type = specta_typescript::Number)]
    pub n_entries: u64,
    /// The hash of the entry that was the last one then.
    pub head: Option<String>,
    #[specta(type = Option<specta_typescript::Number>)]
    pub broken_at: Option<u64>,
}

/// An entry of the same order, in its life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct LinkedEntry {
    #[specta(type = specta_typescript::Number)]
    pub seq: u64,
    pub time: String,
    pub title: String,
    pub summary: String,
    /// The broker's code that it is about, and what that means in a few words.
    pub code: Option<i32>,
    pub code_title: Option<String>,
    /// Milliseconds of this machine since the entry before it; absent for the first.
    pub after_ms: Option<u32>,
    /// Whether it is the entry that was asked for.
    pub is_this: bool,
}
