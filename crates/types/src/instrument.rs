//! What is traded.

use rust_decimal::Decimal;

use crate::{ConId, Currency, Hours, Mono, Price};

/// Kind of security, by the TWS abbreviation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecType {
    Stock,
    /// The broker has many and adds more; only stocks are understood.
    Other(String),
}

impl SecType {
    /// Reads the TWS abbreviation (`STK`, `OPT`, …).
    #[must_use]
    pub fn from_wire(text: &str) -> Self {
        match text {
            "STK" => Self::Stock,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Returns the TWS abbreviation.
    #[must_use]
    pub fn as_wire(&self) -> &str {
        match self {
            Self::Stock => "STK",
            Self::Other(text) => text,
        }
    }

    /// Returns whether it is an option, on a future too.
    #[must_use]
    pub fn is_option(&self) -> bool {
        matches!(self.as_wire(), "OPT" | "FOP")
    }
}

/// A contract as a client spelled it: a question, not yet an instrument.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Contract {
    /// `None` when the client left it out or sent 0.
    pub con_id: Option<ConId>,
    pub symbol: String,
    pub sec_type: SecType,
    pub exchange: String,
    pub primary_exchange: String,
    pub currency: String,
    pub local_symbol: String,
    pub trading_class: String,
}

/// An instrument as the broker's contract details define it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instrument {
    pub con_id: ConId,
    pub symbol: String,
    pub sec_type: SecType,
    pub primary_exchange: String,
    pub currency: Currency,
    /// Smallest step of a price.
    pub min_tick: Decimal,
    /// Value of one unit per 1.00 of price; 1 for a stock.
    pub multiplier: Decimal,
    pub hours: Hours,
}

/// What kind of prices the broker sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DataType {
    Live,
    /// 15 to 20 minutes old.
    Delayed,
    /// The last ones before the close.
    Frozen,
    /// A kind that is not known; never taken for live.
    Other,
}

impl DataType {
    /// Returns the word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Delayed => "delayed",
            Self::Frozen => "frozen",
            Self::Other => "of an unknown kind",
        }
    }
}

/// The latest quote of an instrument. A side that the broker has not given, or gave as −1, is
/// `None`: "no data" is never a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    pub bid: Option<Price>,
    pub ask: Option<Price>,
    pub last: Option<Price>,
    /// When bid or ask last arrived.
    pub at: Mono,
    pub data: DataType,
}
