//! What a person may ask, in the window and on the command line.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::{Bars, EntryDetail, EntryPage, LimitRow, Quote, Snapshot, Status};

/// Value given for a limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case", tag = "to", content = "value")]
pub enum LimitInput {
    /// A decimal number in the limit's unit.
    Set(String),
    Off,
    /// Back to what the wider scope says.
    Inherit,
}

/// States a person may set; killed has its own requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Active,
    Paused,
    ReduceOnly,
    Halted,
    Killed,
}

/// Which entries of the ledger; absent means any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
pub struct AuditFilter {
    pub bot: Option<String>,
    pub symbol: Option<String>,
    pub kind: Option<String>,
    pub outcome: Option<String>,
    /// Free text searched for in summaries.
    pub text: Option<String>,
}

/// One request. Scopes are `account`, `bot:NAME` or `symbol:SYM`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case", tag = "do")]
pub enum Request {
    Snapshot,
    Status,
    /// `confirm` repeats the value; the window never sends it, its shell asks the person itself.
    SetLimit {
        scope: String,
        limit: String,
        value: LimitInput,
        confirm: Option<String>,
    },
    DiscardLimit {
        scope: String,
        limit: String,
    },
    Limits {
        scope: String,
    },
    SetState {
        scope: String,
        state: State,
        why: String,
    },
    Kill {
        reason: String,
    },
    /// `word` is what the person typed.
    Release {
        word: String,
    },
    CancelKept,
    CancelOrder {
        bot: String,
        order_id: i32,
    },
    /// Every bot when `bot` is absent.
    CancelAll {
        bot: Option<String>,
    },
    /// A free port and client id are chosen where absent.
    AddBot {
        name: String,
        port: Option<u16>,
        client_id: Option<i32>,
    },
    RemoveBot {
        name: String,
    },
    /// Newest first, older than `before`.
    Audit {
        filter: AuditFilter,
        #[specta(type = Option<specta_typescript::Number>)]
        before: Option<u64>,
        limit: u32,
    },
    Entry {
        #[specta(type = specta_typescript::Number)]
        seq: u64,
    },
    Verify,
    /// `bar` is `1m`, `5m`, `15m`, `1h` or `1d`.
    Bars {
        symbol: String,
        bar: String,
    },
    Quotes {
        symbols: Vec<String>,
    },
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case", tag = "reply")]
pub enum Reply {
    Snapshot(Box<Snapshot>),
    Status(Box<Status>),
    Limits {
        rows: Vec<LimitRow>,
    },
    /// Done. `after_s` when it takes effect later.
    Done {
        after_s: Option<u32>,
        note: Option<String>,
    },
    /// How many cancels were sent.
    Cancelling {
        orders: u32,
    },
    BotAdded {
        name: String,
        port: u16,
        client_id: i32,
    },
    Audit(EntryPage),
    Entry(Box<EntryDetail>),
    Verified {
        #[specta(type = specta_typescript::Number)]
        n_entries: u64,
        head: String,
        #[specta(type = Option<specta_typescript::Number>)]
        broken_at: Option<u64>,
        took_ms: u32,
    },
    Bars(Bars),
    Quotes {
        quotes: Vec<Quote>,
    },
}
