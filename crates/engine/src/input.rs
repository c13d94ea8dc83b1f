//! Everything that can happen to the engine.

use gatehouse_tws::answer::Observation;
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{
    AccountId, BotName, ClientId, ConId, Contract, EntrySeq, Execution, GatewayKind, Instrument,
    Money, OrderId, OrderKind, OrderStatus, PermId, Qty, Quote, SessionPhase, Severity, Side,
    SignedQty, Utc,
};

use crate::{Command, Ticket};

/// One thing that happened.
#[derive(Debug)]
pub enum Input {
    /// A bot finished its handshake and START_API with the right client id.
    BotAttached {
        bot: BotName,
        server_version: i32,
        peer: String,
    },
    BotDetached {
        bot: BotName,
        why: String,
    },
    /// A connection or frame was turned away at a bot's port.
    DoorRefused {
        bot: BotName,
        why: String,
    },
    /// The upstream link of a bot is open under its client id (with or without the bot).
    LinkUp {
        bot: BotName,
    },
    LinkDown {
        bot: BotName,
        why: String,
    },

    /// A placeOrder: decoded in full, or why not with the order id where that could be read.
    Place {
        bot: BotName,
        body: Vec<u8>,
        decoded: Result<Box<PlaceOrder>, (Option<OrderId>, String)>,
    },
    /// A cancelOrder of the bot.
    Cancel {
        bot: BotName,
        order_id: OrderId,
        body: Vec<u8>,
    },
    /// A globalCancel of the bot: becomes cancels of its own orders.
    GlobalCancel {
        bot: BotName,
    },
    /// A message that is refused whatever it says.
    Forbidden {
        bot: BotName,
        message: String,
        order_id: Option<OrderId>,
        body: Vec<u8>,
    },

    /// The Gateway said something about orders on this bot's link.
    Observed {
        bot: BotName,
        observation: Observation,
    },
    /// It said something about orders that could not be decoded.
    Contradiction {
        bot: BotName,
        detail: String,
    },

    /// Every entry up to this one is durable.
    Committed {
        up_to: EntrySeq,
    },
    LedgerFailed {
        why: String,
    },
    LedgerRecovered,
    /// A released order was written to the socket.
    Sent {
        entry: EntrySeq,
    },
    /// A released order was not written: its epochs were old, its link was gone, or a cancel of
    /// it came first.
    NotSent {
        entry: EntrySeq,
    },

    Desk(DeskNews),
    /// The session with the Gateway went on, or back.
    SessionMoved {
        from: SessionPhase,
        to: SessionPhase,
        why: String,
        is_planned: bool,
    },
    /// The Gateway restarts within minutes, or does not: entries are refused meanwhile, exits pass.
    RestartNear {
        is_near: bool,
    },
    /// Somebody is to be told; `alarm` is its name.
    AlarmRaised {
        alarm: String,
        severity: Severity,
        sentence: String,
    },
    AlarmEnded {
        alarm: String,
    },
    Person {
        ticket: Ticket,
        command: Command,
    },
    /// Time passed: at least ten times a second.
    Tick,
}

/// What Gatehouse's own client learnt.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "details come once for each instrument")]
pub enum DeskNews {
    Connected {
        address: String,
        kind: GatewayKind,
        account: AccountId,
    },
    Lost {
        why: String,
    },
    /// 1100 came; 1101 or 1102 ends it.
    BrokerLost,
    BrokerBack,
    /// All of the broker's truth, asked for after a connect and every 5 s.
    Snapshot(BrokerSnapshot),
    Instrument {
        asked: Contract,
        found: Result<Instrument, LookupFailure>,
    },
    Quote {
        con_id: ConId,
        quote: Quote,
    },
    NetLiquidation {
        value: Money,
    },
    /// The account's result of the day, realised and open, as the broker counts it.
    DayResult {
        value: Money,
    },
    /// The Gateway's clock.
    MarketTime {
        at: Utc,
    },
}

/// Why contract details did not give one instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookupFailure {
    Unknown,
    Ambiguous,
}

/// Open orders, executions and positions, as one answer.
#[derive(Debug, Clone, Default)]
pub struct BrokerSnapshot {
    pub orders: Vec<BrokerOrder>,
    /// Orders that ended today.
    pub completed: Vec<BrokerOrder>,
    pub executions: Vec<(ClientId, OrderId, Execution)>,
    pub positions: Vec<(ConId, SignedQty)>,
}

/// One order as the broker lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokerOrder {
    pub client_id: ClientId,
    /// 0 or negative for a manual order.
    pub order_id: OrderId,
    pub perm_id: PermId,
    pub con_id: ConId,
    pub symbol: String,
    pub side: Side,
    pub total: Qty,
    pub filled: Qty,
    pub kind: OrderKind,
    pub status: OrderStatus,
}
