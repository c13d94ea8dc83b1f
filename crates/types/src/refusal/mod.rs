//! Why an order is not sent: a stable code, the numbers compared, and one sentence.

mod measured;
mod sentence;

use std::fmt;
use std::time::Duration;

use rust_decimal::Decimal;

use crate::{Feature, Mode, Money, Price, TradingState};

/// Number of a control, shown as `GH-03`. 1 to 56 are the controls of the reference list; from 90
/// on they are rules of the order path itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ControlId(u8);

impl ControlId {
    /// Makes the id.
    #[must_use]
    pub const fn new(number: u8) -> Self {
        Self(number)
    }

    /// Returns the number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Returns the short name of the control, in the words of the window.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self.0 {
            1 => "Order sanity",
            3 => "Quantity per order",
            4 => "Value per order",
            6 => "Price collar, stocks",
            10 => "Penny stocks",
            12 => "Age of the quote",
            20 => "Kinds of security",
            22 => "Order types",
            26 => "Same order again",
            28 => "Order rate",
            36 => "Position per symbol",
            46 => "Connection",
            48 => "Identity and mode",
            55 => "Trading state",
            56 => "Ledger",
            90 => "Not understood",
            91 => "Order id",
            92 => "Order change",
            93 => "Not recorded",
            94 => "Message",
            _ => "Rule",
        }
    }
}

impl fmt::Display for ControlId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GH-{:02}", self.0)
    }
}

/// A number with its unit, for a headroom bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Measure {
    Units(Decimal),
    Money(Money),
    Percent(Decimal),
    Seconds(Decimal),
    Orders(Decimal),
    Price(Price),
}

/// Why an order is refused, held or warned about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// GH-01: a field has no sensible value.
    Senseless { field: &'static str, value: String },
    /// GH-01: the broker does not know the contract, or it is not known yet.
    ContractUnknown { symbol: String },
    /// GH-01: the spelling fits several contracts, or contradicts the contract it names.
    ContractAmbiguous { symbol: String },
    /// GH-01: the order names another account.
    AccountForeign,
    /// GH-03
    QuantityAbove { quantity: Decimal, limit: Decimal },
    /// GH-03, as a warning: within the limit, above the share of it that warns.
    QuantityNear { quantity: Decimal, limit: Decimal },
    /// GH-04
    ValueAbove { value: Money, limit: Money },
    /// GH-04, GH-10: the value cannot be told.
    ValueUnknown { missing: &'static str },
    /// GH-06
    CollarAbove { price: Price, reference: Price, percent: Decimal, limit: Decimal },
    /// GH-10
    PennyValueAbove { price: Price, value: Money, limit: Money },
    /// GH-12
    QuoteStale { age: Duration, limit: Duration },
    /// GH-12, GH-06: no quote, or the side needed is absent or not live.
    QuoteMissing { side: &'static str },
    /// GH-20
    SecurityTypeNotAllowed { sec_type: String },
    /// GH-22
    OrderTypeNotAllowed { name: String },
    /// GH-22
    FeatureNotAllowed { feature: Feature },
    /// GH-26
    SameOrderAgain { ago: Duration, limit: Duration },
    /// GH-28
    RateAbove { orders: u32, limit: Decimal, per: Duration },
    /// GH-36
    PositionAbove { held: Money, working: Money, order: Money, limit: Money, would_pass: Decimal },
    /// GH-36: the value of the position cannot be told.
    PositionUnknown { missing: &'static str },
    /// GH-46
    NotConnected { state: &'static str },
    /// GH-48
    ModeNotTraded { mode: Mode },
    /// GH-48
    BotUnknown,
    /// GH-48: the Gateway has not named the account.
    AccountUnknown,
    /// GH-55
    StateForbids { state: TradingState },
    /// GH-56
    LedgerNotWritable,
    /// GH-90: the frame could not be decoded to its last field.
    NotUnderstood { detail: String },
    /// GH-91
    OrderIdUsed { order_id: i32 },
    /// GH-92
    ChangeForbidden { field: &'static str },
    /// GH-92: the order's fate is not known, so it cannot be changed.
    FateUnknown,
    /// GH-93
    NotRecordedInTime,
    /// GH-93: taken back between record and send by a halt or a cancel.
    TakenBack,
    /// GH-94
    MessageNotAllowed { message: String },
}

impl Refusal {
    /// Returns the control that refuses.
    #[must_use]
    pub const fn control(&self) -> ControlId {
        ControlId::new(match self {
            Self::Senseless { .. }
            | Self::ContractUnknown { .. }
            | Self::ContractAmbiguous { .. }
            | Self::AccountForeign => 1,
            Self::QuantityAbove { .. } | Self::QuantityNear { .. } => 3,
            Self::ValueAbove { .. } | Self::ValueUnknown { .. } => 4,
            Self::CollarAbove { .. } => 6,
            Self::PennyValueAbove { .. } => 10,
            Self::QuoteStale { .. } | Self::QuoteMissing { .. } => 12,
            Self::SecurityTypeNotAllowed { .. } => 20,
            Self::OrderTypeNotAllowed { .. } | Self::FeatureNotAllowed { .. } => 22,
            Self::SameOrderAgain { .. } => 26,
            Self::RateAbove { .. } => 28,
            Self::PositionAbove { .. } | Self::PositionUnknown { .. } => 36,
            Self::NotConnected { .. } => 46,
            Self::ModeNotTraded { .. } | Self::BotUnknown | Self::AccountUnknown => 48,
            Self::StateForbids { .. } => 55,
            Self::LedgerNotWritable => 56,
            Self::NotUnderstood { .. } => 90,
            Self::OrderIdUsed { .. } => 91,
            Self::ChangeForbidden { .. } | Self::FateUnknown => 92,
            Self::NotRecordedInTime | Self::TakenBack => 93,
            Self::MessageNotAllowed { .. } => 94,
        })
    }
}

fn seconds(duration: Duration) -> Decimal {
    Decimal::new(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX), 3).normalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_was_measured_and_the_limit() {
        let refusal =
            Refusal::QuantityAbove { quantity: Decimal::from(50_000), limit: Decimal::from(500) };
        assert_eq!(refusal.to_string(), "quantity 50000 is above 500");
        assert_eq!(refusal.control().to_string(), "GH-03");
    }
}
