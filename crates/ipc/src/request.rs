//! What a person may ask, in the window and on the command line.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::{
    AlarmRow, AlertChannel, AlertOverview, AlertSettings, ChartMark, Checkpoint, CodeMeaning,
    CodesView, ConnectionTimeline, DataLine, Day, Density, DoctorReport, EditEffect, EntryDetail,
    EntryPage, FlattenDone, FlattenReview, FoundGateways, GatewaySettings, GatewayView, Hidden,
    HistoryCost, HistoryFollowed, HistoryGaps, HistoryView, KeptSeries, LimitEdit, LimitRow,
    OnboardingProgress, OnboardingView, OrderPreview, OrderSpan, OrderTicket, Placed, ProfileRow,
    Quote, Replay, ScopeNode, Snapshot, Status, TradingMode, WebhookEdit,
};

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
    /// Words such as `bot:momentum-spy rule:GH-04 verdict:refused code:201 "any text"`, on top of
    /// the fields above.
    pub query: Option<String>,
    /// Seconds since 1970, on the Gateway's calendar; the end is excluded.
    #[specta(type = Option<specta_typescript::Number>)]
    pub from: Option<i64>,
    #[specta(type = Option<specta_typescript::Number>)]
    pub to: Option<i64>,
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
    /// Gives the account or a bot the values of `careful` or `standard`, limit by limit. `confirm`
    /// repeats the name.
    SetProfile {
        scope: String,
        profile: String,
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
    /// Pauses or sets to reduce-only until the next session begins, by the Gateway's calendar.
    SetStateUntilNextSession {
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
    /// How the matching entries lie in time, in at most this many buckets.
    Density {
        filter: AuditFilter,
        buckets: u32,
    },
    Checkpoints,
    /// The edit that sets what an entry changed back; nothing is applied.
    ProposeOld {
        #[specta(type = specta_typescript::Number)]
        seq: u64,
    },
    /// Writes the matching entries to a new file in the data directory; `format` is `jsonl` or
    /// `csv`.
    Export {
        filter: AuditFilter,
        format: String,
    },
    /// Writes the report of trading days, such as `2026-01-05`, to a new file in the data
    /// directory; without them of the last day.
    Report {
        from: Option<String>,
        to: Option<String>,
    },
    /// What would become of an order; nothing is sent or recorded.
    PreviewOrder {
        ticket: OrderTicket,
    },
    /// Sends exactly the order that was previewed under this token, once.
    PlaceOrder {
        ticket: OrderTicket,
        token: String,
    },
    /// `scope` is `account`, `bot:NAME` or `symbol:SYM`.
    FlattenReview {
        scope: String,
    },
    /// Does what was reviewed under this token, after a confirmation outside the web view. Works
    /// also while halted or killed.
    Flatten {
        scope: String,
        token: String,
    },
    /// The trading day as Home draws it.
    Day,
    Scopes,
    /// What edits would mean; nothing is applied.
    CheckLimits {
        edits: Vec<LimitEdit>,
    },
    /// Applies edits: tighter ones now, looser ones after a confirmation and their delay.
    ApplyLimits {
        edits: Vec<LimitEdit>,
    },
    Profiles,
    /// What edits would have done to the requests of the last days.
    ReplayLimits {
        edits: Vec<LimitEdit>,
        days: u32,
    },
    /// What the window shows prices of from here on, the most important first. Lines are kept on
    /// these beside what is held or worked, as far as they fit; prices come as updates. The reply
    /// is what is known of them.
    Watch {
        symbols: Vec<String>,
    },
    /// Fills and refused orders of a symbol that happened in a span, in seconds since 1970; the end
    /// is excluded.
    Marks {
        symbol: String,
        #[specta(type = Option<specta_typescript::Number>)]
        from: Option<i64>,
        #[specta(type = Option<specta_typescript::Number>)]
        to: Option<i64>,
        /// What the ledger recorded at this instant or later is left out.
        #[specta(type = Option<specta_typescript::Number>)]
        recorded_by: Option<i64>,
    },
    /// What is kept of history, and what is being fetched.
    History,
    /// Fetches bars that are not there yet, one year when no span is given; dates are ISO 8601 and
    /// included.
    FillHistory {
        symbol: String,
        /// `1m`, `5m`, `1h`, `1d` and so on.
        bar: String,
        /// `TRADES`, `BID` and so on.
        what: String,
        is_regular: bool,
        from: Option<String>,
        to: Option<String>,
    },
    /// What that would cost; nothing is fetched.
    HistoryCost {
        symbol: String,
        bar: String,
        what: String,
        is_regular: bool,
        from: Option<String>,
        to: Option<String>,
    },
    /// How far a job is; answered when there may be something new, within a second.
    FollowHistory {
        #[specta(type = specta_typescript::Number)]
        job: i64,
    },
    /// Tries a job again that does not go on.
    RetryHistory {
        #[specta(type = specta_typescript::Number)]
        job: i64,
    },
    /// The series of which bars are kept.
    KeptHistory,
    /// What is missing of one of them by the exchange's trading days. Its bars are looked at, which
    /// may take a moment.
    HistoryGaps {
        con_id: i32,
        bar: String,
        what: String,
        is_regular: bool,
    },
    /// Sets how big the file may become, in bytes, or takes the limit away. What is above goes at
    /// once, that of the series first that nobody used for the longest.
    SetHistoryQuota {
        #[specta(type = Option<specta_typescript::Number>)]
        bytes: Option<u64>,
    },
    /// Answers a bot's requests for bars out of what is kept where that holds exactly what is asked
    /// for, or leaves them all to the Gateway.
    ServeHistory {
        bot: String,
        is_on: bool,
    },
    /// Stops fetching; what came so far stays.
    StopHistory {
        #[specta(type = specta_typescript::Number)]
        job: i64,
    },
    /// Orders of a symbol that worked at some time of a span, in seconds since 1970; the end is
    /// excluded.
    OrderSpans {
        symbol: String,
        #[specta(type = specta_typescript::Number)]
        from: i64,
        #[specta(type = specta_typescript::Number)]
        to: i64,
    },
    /// Writes a picture of a chart into the data directory. `format` is `svg`, and `data` its
    /// text, or `png`, and `data` its bytes in base 64.
    SavePicture {
        name: String,
        format: String,
        data: String,
    },
    /// The drawings and layouts of the charts.
    ChartBook,
    /// Keeps them in place of the ones that were there.
    SaveChartBook {
        document: String,
    },
    Gateway,
    /// The connection over the last hours.
    Connection {
        hours: u32,
    },
    /// How fresh the prices of every line are.
    Lines,
    /// Looks for Gateways on this machine; takes seconds.
    FindGateways,
    /// Changes the settings; what runs is ended when it is another one from then on.
    SetGateway {
        settings: GatewaySettings,
    },
    StartGateway,
    /// Links are held and the process is restarted with its kept token, where it has one.
    RestartGateway,
    StopGateway,
    /// Keeps a login in the system's keychain, in place of the one that was there.
    StoreLogin {
        mode: TradingMode,
        user: Hidden,
        password: Hidden,
    },
    RemoveLogin {
        mode: TradingMode,
    },
    /// Looks for what is wrong between here and the Gateway; takes up to ten seconds. `address` is
    /// `HOST:PORT`, that of the running program without it; `client_id` is tried in a short visit.
    /// `accept_settings` takes the settings that the Gateway has for the right ones.
    Doctor {
        address: Option<String>,
        client_id: Option<i32>,
        accept_settings: bool,
    },
    /// The alarms that are not over.
    Alarms,
    AcknowledgeAlarm {
        alarm: String,
    },
    AlertSettings,
    SetAlertSettings {
        settings: AlertSettings,
        webhook: WebhookEdit,
    },
    /// Tells something of no worth on one channel, and answers whether it went out.
    TestAlert {
        channel: AlertChannel,
    },
    /// The broker's codes that came since the start, and what keeps coming back.
    Codes,
    /// What a code means; its text decides where the code says little.
    Meaning {
        code: i32,
        text: String,
    },
    /// The first run, and what is stored where.
    Onboarding,
    SetOnboarding {
        progress: OnboardingProgress,
    },
    /// Sends one order of the person that the limits refuse, through the same gate as every order;
    /// nothing is sent when a preview says that it would pass.
    TryRefusal,
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
    Density(Density),
    Checkpoints {
        rows: Vec<Checkpoint>,
    },
    /// Absent when the old value is in force already.
    Proposal {
        edit: Option<EditEffect>,
        value: Option<LimitInput>,
    },
    Exported {
        path: String,
        #[specta(type = specta_typescript::Number)]
        n_entries: u64,
    },
    /// `days` is how many had entries.
    Reported {
        path: String,
        days: u32,
    },
    Preview(Box<OrderPreview>),
    Placed(Box<Placed>),
    FlattenReview(Box<FlattenReview>),
    Flattened {
        /// Cancels that were sent first.
        cancels: u32,
        orders: Vec<FlattenDone>,
    },
    Day(Box<Day>),
    Scopes {
        nodes: Vec<ScopeNode>,
    },
    Edits {
        effects: Vec<EditEffect>,
    },
    Profiles {
        profiles: Vec<ProfileRow>,
    },
    Replay(Box<Replay>),
    Quotes {
        quotes: Vec<Quote>,
    },
    Marks {
        marks: Vec<ChartMark>,
        /// Before this instant some are left out, as there are too many.
        #[specta(type = Option<specta_typescript::Number>)]
        cut: Option<i64>,
    },
    History(Box<HistoryView>),
    /// The job that fetches them.
    HistoryJob {
        #[specta(type = specta_typescript::Number)]
        job: i64,
    },
    HistoryCost(HistoryCost),
    HistoryFollowed(Box<HistoryFollowed>),
    KeptHistory {
        series: Vec<KeptSeries>,
    },
    HistoryGaps(HistoryGaps),
    OrderSpans {
        orders: Vec<OrderSpan>,
    },
    PictureSaved {
        path: String,
    },
    /// `None` before the first was kept.
    ChartBook {
        document: Option<String>,
    },
    Gateway(Box<GatewayView>),
    Connection(Box<ConnectionTimeline>),
    FoundGateways(Box<FoundGateways>),
    Lines {
        lines: Vec<DataLine>,
        /// Lines of Gatehouse that stand; bots and TWS have theirs beside them.
        n_open: u32,
        n_open_max: u32,
    },
    Doctor(Box<DoctorReport>),
    Alarms {
        rows: Vec<AlarmRow>,
    },
    AlertSettings(Box<AlertOverview>),
    AlertTested {
        channel: AlertChannel,
        went_out: bool,
        sentence: String,
    },
    Codes(Box<CodesView>),
    Meaning(Box<CodeMeaning>),
    Onboarding(Box<OnboardingView>),
}
