//! An order that someone asks for.

use std::fmt;

use crate::{AccountId, Contract, OrderId, Price, Qty};

/// Direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    Buy,
    Sell,
}

impl Side {
    /// Returns the other side.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Buy => "BUY",
            Self::Sell => "SELL",
        })
    }
}

/// Order type with the prices it needs. A price that the client left out is `None`; control 1
/// refuses it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum OrderKind {
    Market,
    Limit {
        limit: Option<Price>,
    },
    Stop {
        trigger: Option<Price>,
    },
    StopLimit {
        trigger: Option<Price>,
        limit: Option<Price>,
    },
    /// Any other type, by its TWS name; control 22 refuses it.
    Other {
        name: String,
    },
}

impl OrderKind {
    /// Returns the TWS name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Market => "MKT",
            Self::Limit { .. } => "LMT",
            Self::Stop { .. } => "STP",
            Self::StopLimit { .. } => "STP LMT",
            Self::Other { name } => name,
        }
    }

    /// Returns the price beyond which the order cannot fill, when its type has one.
    #[must_use]
    pub fn limit(&self) -> Option<Price> {
        match self {
            Self::Limit { limit } | Self::StopLimit { limit, .. } => *limit,
            Self::Market | Self::Stop { .. } | Self::Other { .. } => None,
        }
    }

    /// Returns the trigger price, when its type has one.
    #[must_use]
    pub fn trigger(&self) -> Option<Price> {
        match self {
            Self::Stop { trigger } | Self::StopLimit { trigger, .. } => *trigger,
            Self::Market | Self::Limit { .. } | Self::Other { .. } => None,
        }
    }
}

/// How long an order works.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Tif {
    Day,
    GoodTillCancelled,
    ImmediateOrCancel,
    FillOrKill,
    /// Any other, by its TWS name; control 1 refuses those that do not exist.
    Other(String),
}

impl Tif {
    /// Reads the TWS name; an empty one means DAY.
    #[must_use]
    pub fn from_wire(text: &str) -> Self {
        match text {
            "" | "DAY" => Self::Day,
            "GTC" => Self::GoodTillCancelled,
            "IOC" => Self::ImmediateOrCancel,
            "FOK" => Self::FillOrKill,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Returns the TWS name.
    #[must_use]
    pub fn as_wire(&self) -> &str {
        match self {
            Self::Day => "DAY",
            Self::GoodTillCancelled => "GTC",
            Self::ImmediateOrCancel => "IOC",
            Self::FillOrKill => "FOK",
            Self::Other(text) => text,
        }
    }
}

/// Something an order asks for beyond side, quantity, type and price. Control 22 decides which
/// are allowed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    Algo,
    Hedge,
    Scale,
    Conditions,
    ComboLegs,
    CashQuantity,
    Parent,
    OcaGroup,
    NotTransmitted,
    AttachedOrders,
    Adjusted,
    Trailing,
    DeltaNeutral,
    FinancialAdvisor,
    /// A field that weakens a protection or changes exposure, by its TWS name.
    Field(&'static str),
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Algo => "an algo strategy",
            Self::Hedge => "a hedge order",
            Self::Scale => "a scale order",
            Self::Conditions => "conditions",
            Self::ComboLegs => "combo legs",
            Self::CashQuantity => "a cash quantity",
            Self::Parent => "a parent order",
            Self::OcaGroup => "an OCA group",
            Self::NotTransmitted => "transmit = false",
            Self::AttachedOrders => "attached orders",
            Self::Adjusted => "an adjusted stop",
            Self::Trailing => "a trailing price",
            Self::DeltaNeutral => "a delta-neutral leg",
            Self::FinancialAdvisor => "an FA allocation",
            Self::Field(name) => name,
        })
    }
}

/// How an order hangs together with other orders of its client.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Family {
    /// The order that has to fill before this one works; `None` when the client left it out or
    /// sent 0.
    pub parent_id: Option<OrderId>,
    /// Name of the one-cancels-all group; empty for none.
    pub oca_group: String,
    /// 1 cancels the rest of the group, 2 and 3 reduce it, 2 with overfill protection. `None`
    /// without a group, and when the client leaves it to the Gateway.
    pub oca_type: Option<i32>,
    /// False for an order that the Gateway holds until a later one, or a person, transmits it.
    pub transmit: bool,
}

impl Family {
    /// Returns the family of an order that stands alone and is worked at once.
    #[must_use]
    pub const fn alone() -> Self {
        Self { parent_id: None, oca_group: String::new(), oca_type: None, transmit: true }
    }

    /// Returns whether the order stands alone and is worked at once.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        *self == Self::alone()
    }
}

/// An order someone asks for, decoded to its last field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    pub order_id: OrderId,
    pub contract: Contract,
    /// `None` when the client left the account to the Gateway.
    pub account: Option<AccountId>,
    pub side: Side,
    /// As asked; may be zero, which control 1 refuses.
    pub quantity: Qty,
    pub kind: OrderKind,
    pub tif: Tif,
    pub outside_rth: bool,
    /// A question about margin and commission; nothing rests at the broker.
    pub what_if: bool,
    /// Free text of the client, kept for the person's eyes.
    pub order_ref: String,
    /// Its parent, its group, and whether it is worked at once.
    pub family: Family,
    pub features: Vec<Feature>,
}
