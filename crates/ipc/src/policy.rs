//! What the Risk screen asks: the tree of scopes, edits that wait, what they would have done.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::{LimitInput, Outcome, State};

/// One place at which limits may be set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ScopeNode {
    /// `account`, `bot:NAME` or `symbol:SYM`.
    pub scope: String,
    pub title: String,
    /// Limits that are set here.
    pub n_own: u32,
    /// Of a bot.
    pub state: Option<State>,
    pub is_connected: Option<bool>,
    /// Symbols that the bot holds or trades today; limits on them hold for every bot.
    pub symbols: Vec<String>,
}

/// One edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct LimitEdit {
    pub scope: String,
    pub limit: String,
    pub value: LimitInput,
}

/// What applying an edit would mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct EditEffect {
    pub scope: String,
    pub limit: String,
    pub title: String,
    /// `Value per order  10000 to 8000 USD`.
    pub old: String,
    pub new: String,
    pub unit: String,
    /// Tighter applies now; looser needs a confirmation and waits.
    pub is_tighter: bool,
    pub after_s: u32,
    /// Why it cannot be applied.
    pub trouble: Option<String>,
}

/// A set of values that comes with Gatehouse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ProfileRow {
    /// `careful`, `standard` or `custom`.
    pub name: String,
    pub title: String,
    pub sentence: String,
    pub is_current: bool,
    /// What changes when it is applied to the account; empty for the current one.
    pub edits: Vec<EditEffect>,
}

/// A recorded request whose verdict would be another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ReplayRow {
    #[specta(type = specta_typescript::Number)]
    pub seq: u64,
    pub time: String,
    pub bot: String,
    /// `BUY 14 SPY`.
    pub what: String,
    pub was: Outcome,
    pub becomes: Outcome,
    pub sentence: String,
}

/// One day of a replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ReplayDay {
    pub date: String,
    pub n_requests: u32,
    pub n_changed: u32,
}

/// What pending limits would have done to recorded requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Replay {
    pub n_requests: u32,
    /// Requests whose record does not hold what the judgement needs; they are not counted.
    pub n_without_inputs: u32,
    pub n_changed: u32,
    pub n_newly_refused: u32,
    pub n_newly_allowed: u32,
    pub days: Vec<ReplayDay>,
    /// Newest first, bounded.
    pub rows: Vec<ReplayRow>,
    /// Why nothing, or only a part, could be replayed.
    pub missing: Option<String>,
}
