//! The Gateway that is looked after: where it comes from, where its session is, and its schedule.

use std::fmt;

use serde::{Deserialize, Serialize};
use specta::Type;

/// Where the Gateway comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum GatewaySource {
    /// The built-in one.
    Simulator,
    /// One that somebody else starts.
    Running,
    /// One that Gatehouse starts.
    Launched,
}

/// Which accounts are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum TradingMode {
    Paper,
    Live,
}

/// Who logs a launched Gateway in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum LoginBy {
    /// A helper, with what the keychain holds.
    Keychain,
    /// The person, in the Gateway's own window.
    Person,
}

/// What happens when the same user is logged in elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum OtherSession {
    Ask,
    TakeOver,
    Yield,
}

/// The settings of the Gateway, all that a person may change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct GatewaySettings {
    pub source: GatewaySource,
    pub mode: TradingMode,
    /// `HOST:PORT` of a running Gateway; of a launched one, where its API listens.
    pub address: Option<String>,
    /// Folder of the installation that is launched; the newest one without it.
    pub installation: Option<String>,
    pub login: LoginBy,
    /// The helper's jar; the first one found without it.
    pub helper: Option<String>,
    /// Words of another helper's command, between blanks; `{version}`, `{mode}`, `{folder}`,
    /// `{settings}`, `{config}`, `{user_file}` and `{password_file}` are filled in.
    pub command: Option<String>,
    pub other_session: OtherSession,
    /// How long the Gateway waits for the phone.
    pub second_factor_s: u32,
    /// `HH:MM` of this machine's clock; no daily restart without it.
    pub restart_at: Option<String>,
    /// No new entries this long before a restart.
    pub quiet_min: u32,
    /// Hours before the weekly login at which somebody is reminded, such as 12 and 1.
    pub remind_h: Vec<u32>,
    /// This computer does not go to sleep while a bot is connected.
    pub keep_awake: bool,
}

/// How far a step of the session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum StepState {
    Done,
    Now,
    /// Left out this time.
    Skipped,
    Ahead,
    Failed,
}

/// One of the seven steps from stopped to ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SessionStep {
    /// `stopped`, `starting`, `login`, `second-factor`, `api`, `reconciling` or `ready`.
    pub name: String,
    pub title: String,
    pub state: StepState,
    /// `4.1 s`, `not needed`, `since 10:31:00`, `waiting for your phone, 2:41 left`.
    pub text: String,
}

/// The process of a Gateway that Gatehouse started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct GatewayProcess {
    pub pid: u32,
    pub memory_mb: u32,
    /// The most that its heap may take; absent when its options do not say.
    pub heap_max_mb: Option<u32>,
    /// Of the last hour, signed.
    pub mb_per_hour: Option<i32>,
    /// Seconds since 1970 and megabytes, oldest first, one a minute at most.
    #[specta(type = Vec<(specta_typescript::Number, u32)>)]
    pub memory: Vec<(i64, u32)>,
    /// `At this pace it reaches 80 % in 12 h. Today's restart comes first.`
    pub forecast: Option<String>,
    pub cpu_percent: Option<u32>,
    pub uptime_s: u32,
    /// Version of the installation, as its folder is named.
    pub version: Option<String>,
    pub java: Option<String>,
}

/// One day of the week strip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct WeekDay {
    /// `Wed 18`.
    pub day: String,
    /// `23:45`, in the time of this machine; empty when nothing happens.
    pub time: String,
    /// A weekly login, with password and phone; otherwise a restart without.
    pub is_login: bool,
    pub is_today: bool,
}

/// When the Gateway restarts and needs a login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct GatewaySchedule {
    pub login_in_s: u32,
    /// `Sunday 22 November, 01:00 New York, 07:00 your time. Have your phone ready.`
    pub login_sentence: String,
    /// `Next today 23:45, in 9 h 19 min.`; absent without a daily restart.
    pub restart_sentence: Option<String>,
    pub week: Vec<WeekDay>,
    /// No new entries pass because a restart comes.
    pub is_quiet: bool,
}

/// What the keychain holds for one login; values are never shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct KeptLogin {
    pub mode: TradingMode,
    /// The last two characters of the user name; absent when nothing is kept.
    pub ends_in: Option<String>,
}

/// Credentials, as far as they may be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct CredentialsView {
    pub logins: Vec<KeptLogin>,
    /// Why the keychain cannot be used, and what to do; absent when it can, or was not asked yet.
    pub trouble: Option<(String, String)>,
}

/// How long the Gateway takes to answer, in milliseconds, over the last hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct RoundTripView {
    pub last_ms: u32,
    pub p50_ms: u32,
    pub p99_ms: u32,
    pub n: u32,
}

/// Everything that the Gateway screen says, but for the timeline and the doctor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct GatewayView {
    pub settings: GatewaySettings,
    /// Whether the command line chose the source, so that the settings do not count in this run.
    pub is_by_command_line: bool,
    /// A phase's stable name: `stopped`, `starting`, `login-needed`, `logging-in`,
    /// `second-factor`, `api-starting`, `connecting`, `reconciling`, `ready`, `restarting`,
    /// `degraded`, `needs-user` or `failed`.
    pub phase: String,
    /// The phase in words, such as `Waiting for your phone`.
    pub title: String,
    /// Why, as a whole sentence.
    pub sentence: String,
    /// What the person does next; absent when there is nothing to do.
    pub next: Option<String>,
    pub steps: Vec<SessionStep>,
    pub may_start: bool,
    pub may_restart: bool,
    pub may_stop: bool,
    pub address: Option<String>,
    pub server_version: Option<i32>,
    pub process: Option<GatewayProcess>,
    /// Absent for the built-in simulator.
    pub schedule: Option<GatewaySchedule>,
    pub credentials: CredentialsView,
    pub round_trip: Option<RoundTripView>,
    pub clock_offset_ms: Option<i32>,
    /// Live market data lines of Gatehouse and all bots, where it can be told.
    pub n_lines: Option<u32>,
}

/// A span of a lane in which it was not simply up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ConnectionSpan {
    /// Seconds since 1970.
    #[specta(type = specta_typescript::Number)]
    pub from: i64,
    #[specta(type = specta_typescript::Number)]
    pub to: i64,
    /// `up`, `planned`, `lost`, `partial` or `unknown`: before the first record, or while Gatehouse
    /// was not running.
    pub state: String,
    /// `daily restart`, `1100 to 1102, 1 min 52 s`.
    pub note: Option<String>,
}

/// One lane of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ConnectionLane {
    /// `process`, `broker`, `data` or `bots`.
    pub name: String,
    pub title: String,
    pub spans: Vec<ConnectionSpan>,
}

/// The connection of the last hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ConnectionTimeline {
    #[specta(type = specta_typescript::Number)]
    pub from: i64,
    #[specta(type = specta_typescript::Number)]
    pub to: i64,
    /// `99.7`; absent before anything is known.
    pub up_percent: Option<String>,
    /// Losses that nobody planned.
    pub n_drops: u32,
    pub lanes: Vec<ConnectionLane>,
}

/// How fresh the prices of a line are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum LineState {
    Live,
    /// Live, and older than the strictest limit allows.
    Stale,
    /// 15 to 20 minutes old.
    Delayed,
    /// The last ones before the close.
    Frozen,
    /// The broker has no price at the moment.
    Empty,
    /// The broker gives none, or not any more.
    Refused,
    /// Asked for, and nothing has come yet.
    Awaited,
    /// The Gateway knows no instrument of this name.
    Unnamed,
    /// There is none: more are wanted than are kept.
    LeftOut,
}

/// A line of prices that is wanted, or kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct DataLine {
    pub symbol: String,
    pub state: LineState,
    /// Since the last bid or ask.
    pub age_ms: Option<u32>,
    pub code: Option<i32>,
    /// What is the matter; absent when prices are live and fresh.
    pub sentence: Option<String>,
    pub next: Option<String>,
}

/// A Gateway or TWS that answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FoundRunning {
    pub address: String,
    /// `Gateway, paper`, by its port.
    pub name: String,
    pub mode: Option<TradingMode>,
    pub server_version: Option<i32>,
    /// Why it cannot be used; absent when it can.
    pub trouble: Option<String>,
}

/// A Gateway on the disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FoundInstalled {
    pub version: String,
    pub folder: String,
}

/// What is on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FoundGateways {
    pub running: Vec<FoundRunning>,
    pub installed: Vec<FoundInstalled>,
    /// Jars of login helpers.
    pub helpers: Vec<String>,
    /// Why nothing can be launched, and what to do; absent when something can.
    pub trouble: Option<(String, String)>,
}

/// Text that is never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct Hidden(pub String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}
