//! The state of everything at one instant, and how it changes.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::{EntryRow, Quote, State};

/// What is at stake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    Sim,
    Paper,
    Live,
}

/// Health of one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum LightState {
    Good,
    Degraded,
    Down,
    Off,
}

/// One light of the top bar: shape, word and one value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Light {
    pub name: String,
    pub state: LightState,
    pub value: String,
}

/// Connection to the Gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Connection {
    pub is_ready: bool,
    /// Words that follow "the Gateway is".
    pub state: String,
    pub address: Option<String>,
}

/// What the status bar says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Session {
    pub version: String,
    /// ISO, the Gateway's calendar; absent until it said its time.
    pub market_time: Option<String>,
    #[specta(type = specta_typescript::Number)]
    pub verified_to: u64,
    pub ledger_writable: bool,
    /// Why the ledger is read-only, when it is.
    pub ledger_trouble: Option<String>,
}

/// How near a limit is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Headroom {
    pub title: String,
    pub rule: String,
    pub measured: String,
    pub limit: String,
    pub unit: String,
    /// 0 to 100 and beyond; whole percent.
    pub percent: u32,
}

/// One bot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct BotView {
    pub name: String,
    pub port: u16,
    pub client_id: i32,
    pub state: State,
    /// Why the bot is in this state, and what it means for orders.
    pub state_sentence: String,
    pub is_connected: bool,
    pub server_version: Option<i32>,
    /// Milliseconds since anything came from it; absent when never.
    #[specta(type = Option<specta_typescript::Number>)]
    pub seen_ms_ago: Option<u64>,
    pub orders_today: u32,
    pub refused_today: u32,
    pub fills_today: u32,
    /// Symbol and signed quantity.
    pub positions: Vec<(String, String)>,
    /// Nearest limit first.
    pub headroom: Vec<Headroom>,
    /// Copy-paste lines by client family: title and line.
    pub connect_lines: Vec<(String, String)>,
}

/// One working order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct WorkingRow {
    /// Absent for an order that no bot of ours sent.
    pub bot: Option<String>,
    pub order_id: i32,
    #[specta(type = Option<specta_typescript::Number>)]
    pub entry: Option<u64>,
    pub time: String,
    pub side: String,
    pub quantity: String,
    pub filled: String,
    pub symbol: String,
    pub kind: String,
    pub price: Option<String>,
    pub tif: String,
    /// Stable status, such as `submitted`; `status_title` is its words.
    pub status: String,
    pub status_title: String,
    pub outcome: crate::Outcome,
}

/// One limit in one scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct LimitRow {
    pub id: String,
    pub rule: String,
    /// `Size and value`, `Price and market data`, `Pace`.
    pub group: String,
    pub title: String,
    pub sentence: String,
    pub unit: String,
    /// The value in force; absent when off.
    pub value: Option<String>,
    /// What is set in this scope itself.
    pub own: Option<String>,
    pub is_off_here: bool,
    /// Where the value in force comes from: `Account`, `Set here`, `Default`, a symbol.
    pub from: String,
    pub measured: Option<String>,
    pub percent: Option<u32>,
    /// A looser value waiting for its delay: the value and the seconds left.
    pub scheduled: Option<(String, u32)>,
    /// Whether a higher number is stricter.
    pub higher_is_stricter: bool,
}

/// What the kill did about one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct KillOrderView {
    pub bot: String,
    pub order_id: i32,
    pub side: String,
    pub what: String,
    /// `cancelled`, `cancel-sent`, `dropped`, `kept` or `no-link`.
    pub progress: String,
    pub sentence: String,
    pub took_ms: Option<u32>,
}

/// The kill switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct KillView {
    pub since: String,
    pub reason: String,
    pub seconds_ago: u32,
    /// Seconds until it may be released.
    pub release_in_s: u32,
    pub orders: Vec<KillOrderView>,
    pub n_gone: u32,
    pub n_working: u32,
    pub n_kept: u32,
    /// Sentences on positions that have no stop order now.
    pub unprotected: Vec<String>,
}

/// Everything that changes without being an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Status {
    /// Absent until the Gateway named an account.
    pub mode: Option<Mode>,
    pub account: Option<String>,
    pub account_state: State,
    pub connection: Connection,
    pub lights: Vec<Light>,
    pub net_liquidation: Option<String>,
    pub base_currency: Option<String>,
    /// Signed; absent when not known.
    pub day_pnl: Option<String>,
    pub gross_exposure_percent: Option<String>,
    pub bots: Vec<BotView>,
    pub working: Vec<WorkingRow>,
    /// Symbol, signed quantity, average price, market value; account wide.
    pub positions: Vec<(String, String, Option<String>, Option<String>)>,
    pub kill: Option<KillView>,
    pub session: Session,
    /// Orders whose fate is not known.
    pub n_unknown: u32,
}

/// The start of a replica: the state, and today's newest entries up to `seq`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Snapshot {
    #[specta(type = specta_typescript::Number)]
    pub seq: u64,
    pub status: Status,
    /// Newest first, bounded.
    pub entries: Vec<EntryRow>,
}

/// What follows a snapshot. An `Entries` that does not begin at `seq + 1` means that something
/// was missed: ask for a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case", tag = "update", content = "value")]
pub enum Update {
    /// Oldest first.
    Entries(Vec<EntryRow>),
    Status(Box<Status>),
    Quotes(Vec<Quote>),
}
