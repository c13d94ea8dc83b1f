//! What kind of thing an instrument is to the cashier: which schedule of commissions and which
//! margin rule it falls under.
//!
//! It must never know prices. Called by the commissions and the margin rules.

use crate::world::catalog::{Kind, Listing};

/// A class of instruments that the broker charges and margins alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Stocks and funds of the United States.
    UsStock,
    /// Stocks and funds of other countries, charged by value.
    ForeignStock,
    Option,
    Future,
    /// A currency pair: a trade moves two balances.
    Pair,
    Crypto,
    Bond,
}

impl Class {
    /// Returns the class of an instrument.
    #[must_use]
    pub fn of(listing: &Listing) -> Self {
        match listing.kind {
            Kind::Stock if listing.is_us_stock() => Self::UsStock,
            // Indices are not traded; the others are charged by their value, as an assumption.
            Kind::Stock | Kind::Cfd | Kind::Index | Kind::MutualFund => Self::ForeignStock,
            Kind::Crypto => Self::Crypto,
            Kind::Bond(_) => Self::Bond,
            Kind::Option(_) | Kind::Combo(_) => Self::Option,
            Kind::Future { .. } | Kind::Continuous { .. } => Self::Future,
            Kind::Cash => Self::Pair,
        }
    }

    /// Returns whether an order may name an amount of cash in place of a size.
    #[must_use]
    pub fn takes_cash(self) -> bool {
        match self {
            Self::UsStock | Self::Pair | Self::Crypto => true,
            Self::ForeignStock | Self::Option | Self::Future | Self::Bond => false,
        }
    }

    /// Returns whether buying it costs its value; a future costs its margin, a pair another
    /// currency.
    #[must_use]
    pub fn is_paid_for(self) -> bool {
        match self {
            Self::UsStock | Self::ForeignStock | Self::Option | Self::Crypto | Self::Bond => true,
            Self::Future | Self::Pair => false,
        }
    }
}
