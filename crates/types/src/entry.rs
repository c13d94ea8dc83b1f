//! What the ledger records. Every entry is made by the engine, in order, and never changed.

use std::time::Duration;

use crate::{
    BotConfig, BotName, EntrySeq, ExecId, Execution, Inputs, Intent, LimitId, LimitValue, Mode,
    Money, Now, OrderId, OrderKind, OrderRef, OrderStatus, PermId, Price, Qty, Refusal, Scope,
    SessionPhase, Severity, TradingState, Utc, Verdict,
};

/// When an entry was made, on both calendars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub utc: Utc,
    /// The Gateway's calendar; `None` until it said its time.
    pub market: Option<Utc>,
}

impl From<Now> for Stamp {
    fn from(now: Now) -> Self {
        Self { utc: now.utc, market: now.market }
    }
}

/// Who caused an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    Bot(BotName),
    /// The person, at the window or on the command line.
    Person,
    Gatehouse,
    Broker,
}

/// One row of the ledger, before it has a place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub seq: EntrySeq,
    pub stamp: Stamp,
    pub actor: Actor,
    pub kind: EntryKind,
}

/// A change of one limit. `None` as a value means off; the outer `None` means inherited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitChange {
    pub scope: Scope,
    pub limit: LimitId,
    pub old: Option<Option<LimitValue>>,
    pub new: Option<Option<LimitValue>>,
}

/// What the kill did about one working order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KillOrder {
    /// A cancel was sent.
    CancelSent,
    /// Taken back before it was sent.
    Dropped,
    /// Provably protective: it only shrinks a position.
    Kept { protects: String },
    /// No link to cancel it on; it is still working.
    NoLink,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryKind {
    /// The program began; `version` is its own.
    Started {
        version: String,
    },
    Stopped,
    BotRegistered {
        bot: BotConfig,
    },
    BotRemoved {
        bot: BotName,
    },
    BotConnected {
        bot: BotName,
        server_version: i32,
        peer: String,
    },
    BotDisconnected {
        bot: BotName,
        why: String,
    },
    /// A connection or a message was turned away at a bot's port.
    DoorRefused {
        bot: BotName,
        why: String,
    },
    GatewayConnected {
        address: String,
        mode: Mode,
        account: String,
    },
    GatewayLost {
        why: String,
    },
    /// The session with the Gateway went on, or back.
    SessionMoved {
        from: SessionPhase,
        to: SessionPhase,
        why: String,
        /// Somebody asked for it, or the schedule did: no surprise.
        is_planned: bool,
    },
    /// Somebody is to be told. One alarm of a name is open at most.
    AlarmRaised {
        alarm: String,
        severity: Severity,
        sentence: String,
    },
    /// What it was about is over.
    AlarmEnded {
        alarm: String,
    },
    /// The person has seen it.
    AlarmAcknowledged {
        alarm: String,
    },
    /// Open orders, executions and positions were matched; each difference is a sentence.
    Reconciled {
        differences: Vec<String>,
    },

    /// An intent and its verdict. For one that may be sent, `frame` is exactly what is sent.
    Judged {
        bot: BotName,
        intent: Box<Intent>,
        /// The order that this changes.
        replaces: Option<EntrySeq>,
        verdict: Verdict,
        policy_version: u64,
        /// Bytes of the frame after its length, as received.
        frame: Vec<u8>,
        /// What it was judged by; `None` in entries of a format that did not hold it.
        inputs: Option<Box<Inputs>>,
    },
    /// An order-bearing frame that was refused before it could be judged.
    NotJudged {
        bot: BotName,
        order_id: Option<OrderId>,
        refusal: Refusal,
        frame: Vec<u8>,
    },
    /// Refusals beyond 20 in a second, counted instead of written one by one.
    RefusalsCounted {
        bot: BotName,
        count: u32,
        last: Refusal,
    },
    /// An approved intent that was taken back before it was written to the Gateway.
    Withdrawn {
        order: OrderRef,
        intent: EntrySeq,
        why: Refusal,
    },
    /// It may or may not have reached the broker.
    FateUnknown {
        order: OrderRef,
        intent: EntrySeq,
    },
    /// A cancel was written to the Gateway, by the bot or on behalf of `actor`.
    CancelSent {
        order: OrderRef,
        frame: Vec<u8>,
    },
    /// The broker's word on an order, written when it differs from the last.
    OrderUpdate {
        order: OrderRef,
        perm_id: Option<PermId>,
        status: OrderStatus,
        filled: Qty,
        remaining: Qty,
        average_price: Option<Price>,
    },
    /// A cancel that `actor` wants waits for a link of the bot.
    CancelAsked {
        order: OrderRef,
    },
    /// The broker holds an order on other terms than were asked for, or again on those: a person
    /// changed it there.
    TermsSeen {
        order: OrderRef,
        quantity: Qty,
        kind: OrderKind,
    },
    /// The broker's message about an order or the session.
    BrokerMessage {
        order: Option<OrderRef>,
        code: i32,
        text: String,
    },
    /// An order of this account that no bot of ours sent, or under a bot's client id unknown here.
    ForeignOrder {
        description: String,
        perm_id: PermId,
    },
    Filled {
        execution: Execution,
    },
    Commission {
        exec_id: ExecId,
        commission: Money,
        realised: Option<Money>,
    },
    /// Order ids below `next` are spent.
    OrderIdMark {
        bot: BotName,
        next: OrderId,
    },

    StateChanged {
        scope: Scope,
        from: TradingState,
        to: TradingState,
        why: String,
        until: Option<Utc>,
    },
    /// Applied now.
    LimitChanged {
        change: LimitChange,
    },
    /// Looser: applies after the delay unless it is withdrawn.
    LimitScheduled {
        change: LimitChange,
        delay: Duration,
    },
    LimitDiscarded {
        change: LimitChange,
    },
    /// A setting that is no limit; `None` is its own default.
    SettingChanged {
        setting: String,
        old: Option<String>,
        new: Option<String>,
    },
    KillEngaged {
        reason: String,
    },
    KillOrder {
        order: OrderRef,
        did: KillOrder,
    },
    KillReleased,
    /// The person asked to close positions; each closing order is a sentence, and follows as an
    /// order of the desk.
    FlattenAsked {
        scope: Scope,
        closes: Vec<String>,
    },
    /// The person looked: `broken_at` names the first bad entry.
    Verified {
        n_entries: u64,
        broken_at: Option<EntrySeq>,
    },
}
