//! orderStatus (3): where an order is, and how much of it is filled.

use std::fmt;

use gatehouse_types::{ClientId, OrderId, OrderStatus, PermId, Price, Qty};

use super::{answer_codec, parts};
use crate::layout::{Layout, Pass, Passed};
use crate::order::out_of_range;

/// The broker's word on where an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BrokerStatus {
    ApiPending,
    PendingSubmit,
    PendingCancel,
    PreSubmitted,
    Submitted,
    ApiCancelled,
    Cancelled,
    Filled,
    Inactive,
}

impl BrokerStatus {
    /// Reads the TWS word; `None` for one that is not known.
    #[must_use]
    pub fn from_wire(text: &str) -> Option<Self> {
        Some(match text {
            "ApiPending" => Self::ApiPending,
            "PendingSubmit" => Self::PendingSubmit,
            "PendingCancel" => Self::PendingCancel,
            "PreSubmitted" => Self::PreSubmitted,
            "Submitted" => Self::Submitted,
            "ApiCancelled" => Self::ApiCancelled,
            "Cancelled" => Self::Cancelled,
            "Filled" => Self::Filled,
            "Inactive" => Self::Inactive,
            _ => return None,
        })
    }

    /// Returns the TWS word.
    #[must_use]
    pub const fn as_wire(self) -> &'static str {
        match self {
            Self::ApiPending => "ApiPending",
            Self::PendingSubmit => "PendingSubmit",
            Self::PendingCancel => "PendingCancel",
            Self::PreSubmitted => "PreSubmitted",
            Self::Submitted => "Submitted",
            Self::ApiCancelled => "ApiCancelled",
            Self::Cancelled => "Cancelled",
            Self::Filled => "Filled",
            Self::Inactive => "Inactive",
        }
    }
}

impl fmt::Display for BrokerStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_wire())
    }
}

impl From<BrokerStatus> for OrderStatus {
    fn from(status: BrokerStatus) -> Self {
        match status {
            BrokerStatus::ApiPending | BrokerStatus::PendingSubmit => Self::PendingSubmit,
            BrokerStatus::PendingCancel => Self::PendingCancel,
            BrokerStatus::PreSubmitted => Self::PreSubmitted,
            BrokerStatus::Submitted => Self::Submitted,
            BrokerStatus::ApiCancelled | BrokerStatus::Cancelled => Self::Cancelled,
            BrokerStatus::Filled => Self::Filled,
            BrokerStatus::Inactive => Self::Inactive,
        }
    }
}

/// orderStatus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderStatusReport {
    pub order_id: OrderId,
    pub status: BrokerStatus,
    pub filled: Qty,
    pub remaining: Qty,
    /// Zero while nothing is filled.
    pub average_price: Option<Price>,
    /// Zero until the broker gave one.
    pub perm_id: PermId,
    /// Zero without a parent.
    pub parent_id: OrderId,
    pub last_fill_price: Option<Price>,
    pub client_id: ClientId,
    /// `locate` while short shares are looked for; usually empty.
    pub why_held: String,
    pub market_cap_price: Option<Price>,
}

answer_codec!(OrderStatusReport = OrderStatus);

impl Default for OrderStatusReport {
    fn default() -> Self {
        Self {
            order_id: OrderId::new(0),
            status: BrokerStatus::PendingSubmit,
            filled: Qty::ZERO,
            remaining: Qty::ZERO,
            average_price: None,
            perm_id: PermId::new(0),
            parent_id: OrderId::new(0),
            last_fill_price: None,
            client_id: ClientId::new(0),
            why_held: String::new(),
            market_cap_price: None,
        }
    }
}

impl Layout for OrderStatusReport {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        parts::order_id(pass, 1, &mut self.order_id)?;
        let mut status = self.status.as_wire().to_owned();
        if !pass.is_writing() {
            status.clear();
        }
        pass.text(2, "status", &mut status)?;
        self.status = BrokerStatus::from_wire(&status).ok_or_else(|| out_of_range("status"))?;
        parts::qty(pass, 3, "filled", &mut self.filled)?;
        parts::qty(pass, 4, "remaining", &mut self.remaining)?;
        parts::price_or_unset(pass, 5, "avgFillPrice", &mut self.average_price)?;
        parts::perm_id(pass, 6, &mut self.perm_id)?;
        parts::order_id(pass, 7, &mut self.parent_id)?;
        parts::price_or_unset(pass, 8, "lastFillPrice", &mut self.last_fill_price)?;
        parts::client_id(pass, 9, &mut self.client_id)?;
        pass.text(10, "whyHeld", &mut self.why_held)?;
        parts::price_or_unset(pass, 11, "mktCapPrice", &mut self.market_cap_price)
    }
}
