//! An order of the person: asked about first, sent only after that.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::{Decision, Outcome};

/// Direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum TicketSide {
    Buy,
    Sell,
}

/// Type of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum TicketKind {
    Market,
    Limit,
    Stop,
    StopLimit,
    Trail,
}

/// What a person fills in. Decimals as strings; absent where the type has no such price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct OrderTicket {
    pub symbol: String,
    pub side: TicketSide,
    pub quantity: String,
    pub kind: TicketKind,
    pub limit: Option<String>,
    /// The trigger of a stop; of a trail, the distance in the instrument's currency.
    pub stop: Option<String>,
    /// `DAY`, `GTC`, `IOC` or `FOK`.
    pub tif: String,
    pub outside_rth: bool,
    /// Bracket: a limit order that takes the profit.
    pub target: Option<String>,
    /// Bracket: a stop order that protects.
    pub protective_stop: Option<String>,
    /// The person's own working order that this changes; a new order when absent.
    pub changes: Option<i32>,
}

/// One limit, before and after the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PreviewRow {
    /// `GH-36`.
    pub rule: String,
    /// Name of the limit, such as `position-share`; absent for a rule without a number.
    pub limit_id: Option<String>,
    /// Such as `SPY position`.
    pub title: String,
    pub scope: String,
    pub now: Option<String>,
    pub after: Option<String>,
    pub limit: Option<String>,
    pub unit: String,
    /// Whole percent of the limit; absent when it cannot be told.
    pub now_percent: Option<u32>,
    pub after_percent: Option<u32>,
    pub outcome: Outcome,
    /// One sentence with number and limit.
    pub sentence: String,
}

/// What would become of an order. Nothing was sent and nothing was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct OrderPreview {
    /// Names exactly this ticket, once, for a minute; sending repeats it.
    pub token: String,
    pub ticket: OrderTicket,
    /// Words of the whole order, such as `BUY 8 SPY LMT 662.10, DAY`.
    pub what: String,
    pub would_pass: bool,
    pub outcome: Outcome,
    /// `All 24 rules pass` or `Would be refused: …`.
    pub sentence: String,
    /// Fullest after the order first; what refuses comes before everything else.
    pub rows: Vec<PreviewRow>,
    /// Every reason, as the decision card shows it.
    pub decision: Decision,
    pub n_rules: u32,
    pub order_value: Option<String>,
    pub currency: Option<String>,
    pub percent_of_account: Option<String>,
    /// An estimate by the broker's public fixed prices; absent when the value is not known.
    pub commission: Option<String>,
    /// Absent: the broker is not asked before an order.
    pub margin_change: Option<String>,
    /// The price that the value is reckoned at, such as `662.12 ask`, and its age.
    pub price_used: Option<String>,
    pub price_age_ms: Option<u32>,
    /// Warnings of the ticket itself, such as a missing exchange rate.
    pub notes: Vec<String>,
}

/// What the gate said to an order that a person sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Placed {
    pub order_id: i32,
    /// Entry of the verdict; absent when none was recorded in time.
    #[specta(type = Option<specta_typescript::Number>)]
    pub entry: Option<u64>,
    pub outcome: Option<Outcome>,
    /// `Sent: BUY 8 SPY LMT 662.10, DAY` or `Not sent: …`.
    pub sentence: String,
    pub decision: Option<Decision>,
}
