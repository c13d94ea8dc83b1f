//! Rows of the ledger as they are shown.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Outcome of a judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Allowed,
    Warned,
    Waiting,
    Refused,
}

/// One reason of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FindingRow {
    /// `GH-03`.
    pub rule: String,
    pub title: String,
    pub outcome: Outcome,
    pub scope: String,
    /// One sentence with number and limit.
    pub sentence: String,
    pub measured: Option<String>,
    pub limit: Option<String>,
    pub unit: Option<String>,
    /// What would pass, such as `10 shares or fewer`.
    pub would_pass: Option<String>,
}

/// The decision card: the same content in chart, table and audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Decision {
    pub outcome: Outcome,
    pub bot: String,
    pub order_id: i32,
    pub side: String,
    pub quantity: String,
    pub symbol: String,
    /// Such as `LMT 663.84, DAY`.
    pub terms: String,
    pub is_change: bool,
    pub is_exit: bool,
    /// Heaviest first.
    pub findings: Vec<FindingRow>,
    pub n_controls: u32,
    #[specta(type = specta_typescript::Number)]
    pub policy_version: u64,
}

/// One fill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FillRow {
    pub bot: Option<String>,
    pub order_id: Option<i32>,
    pub exec_id: String,
    pub side: String,
    pub quantity: String,
    pub symbol: String,
    pub price: String,
}

/// One entry in a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct EntryRow {
    #[specta(type = specta_typescript::Number)]
    pub seq: u64,
    /// The machine's calendar.
    pub time: String,
    /// The Gateway's calendar, when it was known.
    pub market_time: Option<String>,
    /// `you`, `gatehouse`, `broker` or the bot's name.
    pub actor: String,
    /// Stable kind, such as `judged`; `kind_title` is its words.
    pub kind: String,
    pub kind_title: String,
    pub subject: String,
    pub outcome: Option<Outcome>,
    pub summary: String,
    pub hash: String,
    pub decision: Option<Decision>,
    pub fill: Option<FillRow>,
}

/// A name and a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Field {
    pub name: String,
    pub value: String,
}

/// One entry in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct EntryDetail {
    pub row: EntryRow,
    pub fields: Vec<Field>,
    /// Old and new value of a setting.
    pub before_after: Option<(Field, Field)>,
    /// The raw frame in hex, when the entry holds one.
    pub frame_hex: Option<String>,
    pub previous_hash: String,
    pub hash: String,
    pub next_hash: Option<String>,
    /// Whether the hash matches what is stored.
    pub hash_matches: bool,
}

/// A page of entries, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct EntryPage {
    pub rows: Vec<EntryRow>,
    #[specta(type = specta_typescript::Number)]
    pub n_matching: u64,
    #[specta(type = specta_typescript::Number)]
    pub n_all: u64,
}
