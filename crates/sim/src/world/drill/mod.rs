//! Drills: what a person does to the simulated broker to see whether a bot and its limits notice.
//!
//! One language for the control port and for scripts: a line of JSON names an act with `do` and
//! its parameters; [`Line`] adds when it happens and for how long. It must never know sockets.
//! The server reads the lines; the world, the faults and the server's doors carry them out.

mod by_hand;
mod cue;
mod line;
mod market;
mod plan;
mod values;

use serde::Deserialize;

pub use by_hand::{ManualCancel, ManualOrder};
pub use cue::{Cue, Trigger};
pub use line::{Line, LineError};
pub(crate) use market::Drills;
pub(crate) use market::Farm;
pub use market::{BentContract, Missing, RefusedOrder, Served, Shown};
pub use plan::{Act, Occurrence, Plan, PlanFull, Turn};
pub use values::{Amount, Span, Target};

/// An act on the market, on the broker's words, or on the connections.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Drill {
    /// Everything about an instrument is usual again.
    Usual { symbol: Target },
    /// Which data clients may see of an instrument.
    Data {
        symbol: Target,
        #[serde(rename = "as")]
        served: Served,
    },
    /// Which subscription the account does not have.
    Permissions {
        symbol: Target,
        #[serde(rename = "as")]
        missing: Missing,
    },
    /// What stands in the place of bid and ask.
    Quote {
        symbol: Target,
        #[serde(rename = "as")]
        shown: Shown,
    },
    /// A spread in currency units.
    Spread { symbol: Target, by: Amount },
    /// The bid stands this much above the ask.
    Cross { symbol: Target, by: Amount },
    /// Every price moves by this many percent.
    Jump { symbol: Target, percent: Amount },
    /// The last price of the session before is shown as if it had just traded.
    StaleLast { symbol: Target },
    /// Contract details with another multiplier or price step than before.
    Contract {
        symbol: Target,
        #[serde(default)]
        multiplier: Option<Amount>,
        #[serde(default)]
        min_tick: Option<Amount>,
    },
    /// New orders that fit are refused.
    Reject(RejectRule),
    /// What the broker says about orders comes late, early, twice, or not at all.
    Orders(OrderFault),
    /// A person places an order in the Gateway's own window.
    ManualOrder(ManualOrder),
    /// A person cancels an order of a bot there.
    ManualCancel(ManualCancel),
    /// The report of an execution once more, as it was.
    Repeat {
        #[serde(default)]
        exec_id: Option<String>,
    },
    /// An execution is corrected: the same id with its last number one higher.
    Correct(Correction),
    /// An execution never happened.
    Bust {
        #[serde(default)]
        exec_id: Option<String>,
    },
    /// Answers to requests for past bars.
    History {
        symbol: Target,
        #[serde(rename = "as")]
        fault: HistoryFault,
    },
    /// The next order id that clients are told.
    NextId {
        #[serde(default)]
        client: Option<i32>,
        to: i32,
    },
    /// A message to clients: about nothing, a request, or the order that was placed last.
    Notice(Notice),
    /// Connections end.
    Drop {
        #[serde(default)]
        client: Option<i32>,
        #[serde(default, rename = "as")]
        ending: Cut,
    },
    /// Nothing is read from clients and nothing sent.
    Freeze {
        #[serde(default)]
        client: Option<i32>,
    },
    /// One byte in a tenth of a second of the market's time.
    Drip {
        #[serde(default)]
        client: Option<i32>,
    },
    /// The session is over for the Gateway, which says nothing and leaves the socket open.
    HalfOpen {
        #[serde(default)]
        client: Option<i32>,
    },
    /// What meets new connections.
    Door {
        #[serde(rename = "as")]
        door: DoorFault,
    },
    /// Every connection is dropped with 1100 and 1300, and the Gateway listens elsewhere.
    Port {
        /// 0 picks a free one.
        port: u16,
    },
    /// A farm breaks (2103, 2105, 2157) until the drill ends (2104, 2106, 2158).
    Farm { name: String },
    /// The Gateway loses the broker (1100, 2110) until the drill ends (1101, 1102).
    Link {
        #[serde(default)]
        data: AfterLink,
        #[serde(default)]
        lost: LinkLost,
    },
    /// Somebody else is logged in: lines stop with 10197.
    Competing {},
    /// A client id is in use (326).
    BusyId { client: i32 },
    /// The newest version that is offered to those who connect.
    Version { max: i32 },
    /// The account that those who connect are told.
    Account { id: String },
    /// The process ends without a word.
    Kill {},
    /// Says how things are; changes nothing.
    State {},
}

/// Which orders a broker refuses, and how.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RejectRule {
    pub code: i32,
    pub text: String,
    /// Only so many; without it every one until the drill ends.
    #[serde(default)]
    pub n: Option<u32>,
    /// Only every so-manieth of those that fit.
    #[serde(default)]
    pub every: Option<u32>,
    #[serde(default)]
    pub client: Option<i32>,
    #[serde(default)]
    pub symbol: Target,
    #[serde(default)]
    pub side: Option<SideWord>,
    /// `MKT`, `LMT`, …
    #[serde(default, rename = "type")]
    pub order_type: Option<String>,
}

/// The side of an order in a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SideWord {
    Buy,
    Sell,
}

/// What happens to the words about orders, and to whose.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderFault {
    #[serde(rename = "as")]
    pub way: OrderWay,
    /// How long words are held, of the market's time; each way has its usual length.
    #[serde(default)]
    pub hold: Option<Span>,
    /// Only the next so many orders; without it every one until the drill ends.
    #[serde(default)]
    pub n: Option<u32>,
    #[serde(default)]
    pub client: Option<i32>,
    /// Of `status_missing`: only this status is missing.
    #[serde(default)]
    pub status: Option<String>,
}

/// What happens to the words about an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderWay {
    /// Nothing is said about an order before `hold` has passed (2 s).
    SlowAck,
    /// A fill, and what follows it, is told `hold` later (5 s).
    SlowFill,
    /// openOrder and orderStatus come only after the first fill, or after `hold` (10 s).
    FillFirst,
    /// A fill is kept back until a cancel was confirmed. Who does not cancel within `hold` (5 s) is
    /// told that the broker cancelled.
    FillAfterCancel,
    /// The orderStatus of a working order, or of one that is being cancelled, comes after the next
    /// one, or after `hold` (2 s): Filled, and then Submitted.
    StatusSwapped,
    /// No orderStatus.
    StatusMissing,
    /// Every orderStatus twice.
    StatusDoubled,
    /// Every execDetails twice.
    ExecutionDoubled,
    /// A change of an order leaves two behind it: its words come with the old and with a new
    /// permId.
    SecondPermId,
}

/// What was wrong with an execution.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The one to correct; without it the latest.
    #[serde(default)]
    pub exec_id: Option<String>,
    #[serde(default)]
    pub price: Option<Amount>,
    #[serde(default)]
    pub shares: Option<Amount>,
}

/// What is wrong with the answer to a request for past bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryFault {
    /// 162 with the sentence about pacing.
    Pacing,
    /// 162 with the sentence that there is no data.
    NoData,
    /// The second half of every day is missing.
    Partial,
    /// The middle third of every day is missing.
    Holes,
    /// Every tenth bar comes twice.
    Doubled,
    /// The second half of the bars comes first.
    Shuffled,
    /// 366: no such query.
    Unknown,
    /// No answer at all.
    Silent,
    /// 162: the farm of past data cannot be reached.
    Unreachable,
    /// 162: the exchange's data is not subscribed to.
    NotSubscribed,
}

/// A message and whom it is for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    pub code: i32,
    pub text: String,
    /// The request or order it is about; −1 where it is left out.
    #[serde(default)]
    pub id: Option<i32>,
    /// It is about the order that was placed last, and for the client that placed it.
    #[serde(default)]
    pub last_order: bool,
    #[serde(default)]
    pub client: Option<i32>,
}

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// As a program that closes its socket.
    #[default]
    Closed,
    /// With a reset, as a process that was killed.
    Reset,
    /// With a reset after the first half of a frame.
    MidFrame,
}

/// What meets new connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoorFault {
    /// Nothing listens: connections are refused.
    Closed,
    /// They are taken and never answered.
    Silent,
    /// They are taken and closed at once, as for an address that is not trusted.
    Slammed,
}

/// Whether lines live on after the link came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AfterLink {
    /// 1102.
    #[default]
    Kept,
    /// 1101: every line has to be asked for again.
    Lost,
}

/// Which link is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkLost {
    /// 1100.
    #[default]
    Internet,
    /// 2110.
    Server,
}

impl Drill {
    /// Returns whether it lasts until it is ended; the rest is done as soon as it is said.
    #[must_use]
    pub fn lasts(&self) -> bool {
        match self {
            Self::Data { .. }
            | Self::Permissions { .. }
            | Self::Quote { .. }
            | Self::Spread { .. }
            | Self::Cross { .. }
            | Self::Jump { .. }
            | Self::StaleLast { .. }
            | Self::Contract { .. }
            | Self::Reject(_)
            | Self::Orders(_)
            | Self::History { .. }
            | Self::Freeze { .. }
            | Self::Drip { .. }
            | Self::Door { .. }
            | Self::Farm { .. }
            | Self::Link { .. }
            | Self::Competing {}
            | Self::BusyId { .. }
            | Self::Version { .. }
            | Self::Account { .. } => true,
            Self::Usual { .. }
            | Self::ManualOrder(_)
            | Self::ManualCancel(_)
            | Self::Repeat { .. }
            | Self::Correct(_)
            | Self::Bust { .. }
            | Self::NextId { .. }
            | Self::Notice(_)
            | Self::Drop { .. }
            | Self::HalfOpen { .. }
            | Self::Port { .. }
            | Self::Kill {}
            | Self::State {} => false,
        }
    }
}
