//! What a person may ask of a running engine, at the window or on the command line.

use gatehouse_types::{
    BotConfig, BotName, EntrySeq, LimitId, LimitValue, OrderRef, ParseLimitError, Profile, Scope,
    TradingState,
};

/// Names one command, so that its answer finds its asker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// A person's act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Sets (`Some(Some)`), switches off (`Some(None)`) or un-sets (`None`) a limit. Tighter
    /// applies at once; looser needs `is_confirmed` and applies after the delay.
    SetLimit {
        scope: Scope,
        limit: LimitId,
        value: Option<Option<LimitValue>>,
        is_confirmed: bool,
    },
    /// Gives every limit of the account or of a bot the profile's value, each as `SetLimit` would;
    /// nothing changes when any of them is looser and `is_confirmed` is not said.
    SetProfile {
        scope: Scope,
        profile: Profile,
        is_confirmed: bool,
    },
    /// Takes a scheduled loosening back.
    DiscardLimit {
        scope: Scope,
        limit: LimitId,
    },
    /// Sets the state of a bot or of the account. Never to or from `Killed`.
    SetState {
        scope: Scope,
        state: TradingState,
        why: String,
    },
    /// Sets a pause or reduce-only that ends by itself when the next session begins.
    SetStateUntilNextSession {
        scope: Scope,
        state: TradingState,
        why: String,
    },
    Kill {
        reason: String,
    },
    /// Ends a kill that is at least a minute old. Every bot is left halted.
    Release {
        word: String,
    },
    /// Cancels orders that the kill kept, too.
    CancelKept,
    CancelOrder {
        order: OrderRef,
    },
    /// Cancels the working orders of one bot, or of all.
    CancelAll {
        bot: Option<BotName>,
    },
    /// Closes what was reviewed, also while halted or killed: the desk's orders follow.
    Flatten {
        reviewed: crate::FlattenPlan,
    },
    /// Adds a bot, or changes its port and client id.
    RegisterBot {
        bot: BotConfig,
    },
    RemoveBot {
        bot: BotName,
    },
    /// Says that an open alarm was seen.
    AcknowledgeAlarm {
        alarm: String,
    },
    /// Changes a setting that is no limit; `None` is its own default.
    ChangeSetting {
        setting: String,
        value: Option<String>,
    },
    /// Records that the chain was verified, and how that ended.
    RecordVerified {
        n_entries: u64,
        broken_at: Option<EntrySeq>,
    },
}

/// What a command did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// In force.
    Now,
    /// Looser: in force after this delay unless it is discarded.
    After(std::time::Duration),
    /// How many cancels were sent.
    Cancelling(usize),
}

/// Why a command did nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    #[error("the value cannot be used")]
    Limit(#[source] ParseLimitError),
    #[error("this is looser than before and needs confirmation")]
    NeedsConfirmation,
    #[error("no alarm {alarm} is open")]
    NoAlarm { alarm: String },
    #[error("no bot is named {bot}")]
    NoBot { bot: BotName },
    #[error("no working order is {order}")]
    NoOrder { order: OrderRef },
    #[error("nothing is scheduled for {limit} of {scope}")]
    NothingScheduled { scope: Scope, limit: LimitId },
    #[error("the kill switch is on")]
    Killed,
    #[error("the kill switch is not on")]
    NotKilled,
    #[error("{seconds_left} s are left of the minute after a kill")]
    TooEarly { seconds_left: u64 },
    #[error("the word is not RELEASE")]
    WrongWord,
    #[error("{what} is used by {bot}")]
    Taken { what: &'static str, bot: BotName },
    #[error("client id {client_id} cannot be used: {why}")]
    ClientId { client_id: i32, why: &'static str },
    #[error("positions or working orders are not what was reviewed")]
    PlanChanged,
    #[error("there is nothing that can be closed")]
    NothingToClose,
    #[error("the ledger cannot be written")]
    LedgerNotWritable,
    /// Profiles are chosen for bots and for the account.
    #[error("{scope} has no profile")]
    NoProfile { scope: Scope },
    #[error("{state} does not end by itself")]
    NotTimed { state: TradingState },
    #[error("the Gateway has not said its time")]
    TimeUnknown,
    /// States belong to bots and to the account.
    #[error("{scope} has no state")]
    NoState { scope: Scope },
}
