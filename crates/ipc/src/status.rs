//! The state of everything at one instant, and how it changes.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::{Alert, DayFigures, EntryRow, GatewayView, HistoryView, Quote, State};

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
    /// The instant of the last verification in this life.
    pub verified_at: Option<String>,
    pub ledger_writable: bool,
    /// Why the ledger is read-only, when it is.
    pub ledger_trouble: Option<String>,
    /// Judgements of this life: how many, and how long 50 and 99 of 100 took at most.
    pub n_checks: u32,
    pub check_p50_us: Option<u32>,
    pub check_p99_us: Option<u32>,
    /// Messages to the Gateway in the last second, and the most that are sent; absent when nobody
    /// counts them.
    pub messages_per_s: Option<u32>,
    pub messages_limit: Option<u32>,
    /// The Gateway's clock minus this machine's; absent for a Gateway that is not in the present.
    pub clock_offset_ms: Option<i32>,
    pub market_phase: Option<MarketPhase>,
}

/// Where the trading day is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct MarketPhase {
    /// `pre-market`, `open`, `after-hours` or `closed`.
    pub name: String,
    /// `NYSE open, closes in 1 h 33 min`.
    pub sentence: String,
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
    pub today: DayFigures,
    /// Address of the connected program, and its process where it can be told.
    pub peer: Option<String>,
    pub peer_process: Option<String>,
    /// Gatehouse's own share, 50 and 99 of 100 judgements of this life.
    pub check_p50_us: Option<u32>,
    pub check_p99_us: Option<u32>,
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
    pub trigger: Option<String>,
    pub limit: Option<String>,
    pub age_s: Option<u32>,
    pub check_us: Option<u32>,
    /// What the verdict said beyond allowed, such as `Exit`.
    pub reason: Option<String>,
    /// `10 SPY` for a stop that only shrinks a position.
    pub protects: Option<String>,
    /// An order of the person at the window, which it may change.
    pub is_own: bool,
}

/// One position of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PositionRow {
    pub symbol: String,
    /// Signed.
    pub held: String,
    /// By the broker; absent when it did not say.
    pub average_price: Option<String>,
    pub last: Option<String>,
    pub value: Option<String>,
    pub open_pnl: Option<String>,
    /// Each bot's signed share; the desk is a bot here.
    pub bots: Vec<(String, String)>,
    /// What no bot's fills explain, signed; absent when everything is explained.
    pub unassigned: Option<String>,
    /// Working stops that only shrink it.
    pub stops: Vec<PositionStop>,
    /// Whether stops cover all of it.
    pub is_protected: bool,
}

/// A stop that protects a position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PositionStop {
    pub bot: Option<String>,
    pub order_id: i32,
    pub quantity: String,
    pub price: Option<String>,
}

/// How the value of a limit is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum LimitForm {
    /// A decimal number in the limit's unit.
    Number,
    /// `on`, or off.
    Switch,
    /// Names between commas, and nothing else is allowed; off allows all.
    AllowList,
    /// Names between commas, and these are refused; off refuses none.
    RefuseList,
}

/// One limit in one scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct LimitRow {
    pub id: String,
    pub rule: String,
    /// `Size and value`, `Price and market data`, `What and when`, `Pace`, `Loss`.
    pub group: String,
    pub title: String,
    pub sentence: String,
    pub unit: String,
    /// How the value is written.
    pub form: LimitForm,
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
    /// What happens when it is reached, such as `Refuse`.
    pub when_reached: String,
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
    /// Their value together, absent when a price is missing.
    pub unprotected_value: Option<String>,
    /// What happened since, oldest first.
    pub steps: Vec<KillStep>,
    /// Order requests refused since.
    pub n_refused: u32,
}

/// A step of a kill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct KillStep {
    /// `set`, `saved`, `cancels-sent`, `read-again`, `confirmed`, `kept` or `working`.
    pub name: String,
    pub title: String,
    /// Since the kill; absent while it has not happened.
    pub at_ms: Option<u32>,
    pub is_done: bool,
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
    pub day_pnl_percent: Option<String>,
    pub gross_exposure_percent: Option<String>,
    /// Percent of net liquidation; absent when no such limit is on.
    pub gross_exposure_limit_percent: Option<String>,
    pub today: DayFigures,
    pub bots: Vec<BotView>,
    pub working: Vec<WorkingRow>,
    /// Account wide.
    pub positions: Vec<PositionRow>,
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
    /// At most once a second, when something of it changed.
    Gateway(Box<GatewayView>),
    Alert(Alert),
    /// At most twice a second, when something of it changed.
    History(Box<HistoryView>),
    /// Bars of a symbol were kept that were not there before.
    HistoryChanged {
        symbol: String,
        bar: String,
    },
}
