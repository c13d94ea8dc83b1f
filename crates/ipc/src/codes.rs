//! What the broker's codes mean, which of them came, and what keeps coming back.

use serde::{Deserialize, Serialize};
use specta::Type;

/// How bad a message is, from nothing to do up to trading is impaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum CodeSeverity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

/// What a code means, by itself or with its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct CodeMeaning {
    pub code: i32,
    /// A few words.
    pub title: String,
    /// What happened and what usually brings it about.
    pub cause: String,
    /// What to do, in one sentence.
    pub action: String,
    /// Such as `order-reject` or `pacing`.
    pub category: String,
    pub severity: CodeSeverity,
    /// Whether the error book has it.
    pub is_known: bool,
    /// How far this may be trusted, where that is not wholly.
    pub caution: Option<String>,
}

/// How often a code came since Gatehouse started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct CodeRow {
    /// Of the latest message.
    pub meaning: CodeMeaning,
    /// On all connections: a notice about the session counts once for each.
    pub n_seen: u32,
    pub first: String,
    pub last: String,
    /// In the last minute and hour.
    pub per_minute: u32,
    pub per_hour: u32,
}

/// Something that keeps coming back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PatternRow {
    /// Stable, such as `history-pacing`.
    pub pattern: String,
    pub severity: CodeSeverity,
    /// Absent when it is about the Gateway, or Gatehouse's own client.
    pub bot: Option<String>,
    /// The latest code of it.
    pub code: i32,
    pub n_seen: u32,
    pub first: String,
    pub last: String,
    /// One sentence with the numbers.
    pub sentence: String,
    /// One sentence: what would end it.
    pub proposal: String,
}

/// The codes of this run of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct CodesView {
    /// In the order of codes.
    pub rows: Vec<CodeRow>,
    /// The worst first, then the most frequent.
    pub patterns: Vec<PatternRow>,
    /// Since when messages are counted; a restart begins anew.
    pub since: String,
    /// Messages that came too fast to be counted.
    pub n_missed: u32,
}
