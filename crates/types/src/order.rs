//! An order that was sent, as the broker reports it.

use std::fmt;

use crate::{
    ConId, Currency, EntrySeq, ExecId, Family, OrderKind, OrderRef, PermId, Price, Qty, Side, Utc,
};

/// Where an order is in its life.
///
/// The broker's words keep their TWS meaning; `Recording` and `Unknown` are Gatehouse's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderStatus {
    /// Approved, its record not yet committed; counts towards exposure.
    Recording,
    /// Written to the Gateway, nothing heard.
    Sent,
    PendingSubmit,
    PreSubmitted,
    Submitted,
    PendingCancel,
    /// The broker holds it without working it.
    Inactive,
    Filled,
    Cancelled,
    /// Refused by the broker.
    Rejected,
    /// Committed, then taken back before it was written; never sent.
    Withdrawn,
    /// It may or may not have reached the broker; reconciliation decides, nothing resends it.
    Unknown,
}

impl OrderStatus {
    /// Returns whether nothing more can fill.
    #[must_use]
    pub const fn is_finished(self) -> bool {
        matches!(self, Self::Filled | Self::Cancelled | Self::Rejected | Self::Withdrawn)
    }
}

impl fmt::Display for OrderStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// An order that may still fill, as the judgement counts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingOrder {
    /// `None` for an order of the account that no bot of ours sent.
    pub order: Option<OrderRef>,
    /// The entry that allowed it; `None` for a foreign one.
    pub entry: Option<EntrySeq>,
    pub perm_id: Option<PermId>,
    pub con_id: ConId,
    pub side: Side,
    /// What may still fill. While a modify is unacknowledged: the larger of old and new.
    pub remaining: Qty,
    /// What may still fill at least: the smaller of old and new. Children rely on no more.
    pub remaining_least: Qty,
    /// How it hangs together with other orders of its bot.
    pub family: Family,
    pub kind: OrderKind,
    pub status: OrderStatus,
}

/// One execution at the broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    pub exec_id: ExecId,
    /// `None` for an order of the account that no bot of ours sent.
    pub order: Option<OrderRef>,
    pub perm_id: PermId,
    pub con_id: ConId,
    pub symbol: String,
    pub currency: Currency,
    pub side: Side,
    pub quantity: Qty,
    pub price: Price,
    /// The broker's time of the execution; `None` when it could not be read.
    pub at: Option<Utc>,
}
