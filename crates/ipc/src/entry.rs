//! Rows of the ledger as they are shown.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::{CodeMeaning, LinkedEntry, QueryToken};

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
    /// What adds up to the measured number, where it does.
    pub stack: Option<Stack>,
}

/// Held, working and this order, against the limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Stack {
    pub held: String,
    pub working: String,
    pub order: String,
    pub limit: String,
    pub unit: String,
}

/// Something the judgement looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct InputRow {
    /// `Held`, `Working buys`, `Price used`.
    pub name: String,
    /// `14 shares`, `663.84 ask`.
    pub value: String,
    pub age_ms: Option<u32>,
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
    /// What was recorded of what the judgement looked at; empty when nothing was.
    pub inputs: Vec<InputRow>,
    /// How long the judgement took; absent for entries of an earlier life.
    pub check_us: Option<u32>,
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
    /// Fee and realised result, once the broker said them.
    pub commission: Option<String>,
    pub realised: Option<String>,
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
    /// The broker's code that the entry is about, and what it means in a few words.
    pub code: Option<i32>,
    pub code_title: Option<String>,
    pub hash: String,
    pub decision: Option<Decision>,
    pub fill: Option<FillRow>,
    /// How long the judgement took; absent for entries of an earlier life.
    pub check_us: Option<u32>,
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
    /// The life of the order that the entry is about, oldest first.
    pub linked: Vec<LinkedEntry>,
    /// Whether its old value can be proposed again.
    pub can_propose: bool,
    /// What the broker's code means that the entry is about.
    pub meaning: Option<CodeMeaning>,
}

/// A page of entries, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct EntryPage {
    pub rows: Vec<EntryRow>,
    #[specta(type = specta_typescript::Number)]
    pub n_matching: u64,
    #[specta(type = specta_typescript::Number)]
    pub n_all: u64,
    /// The words of the query as they were understood.
    pub tokens: Vec<QueryToken>,
}
