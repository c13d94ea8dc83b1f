//! An error as a person reads it: what, why, next.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    Refused,
    Waiting,
    Broken,
    YoursToFix,
}

/// A failure that reaches a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Failure {
    /// Stable; something branches on it.
    pub code: String,
    pub kind: FailureKind,
    /// One sentence, past tense.
    pub what: String,
    /// One sentence, with the numbers.
    pub why: String,
    /// One act that the person can do now.
    pub next: String,
}
