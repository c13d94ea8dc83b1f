//! Why an order is not sent: a stable code, the numbers compared, and one sentence.

mod measured;
mod remedy;
mod sentence;

use std::fmt;
use std::time::Duration;

use rust_decimal::Decimal;

use crate::{Feature, Mode, Money, Price, Side, TradingState};

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
            5 => "Value per algo order",
            6 => "Price collar, stocks",
            7 => "Price collar, options",
            9 => "Market orders",
            10 => "Penny stocks",
            12 => "Age of the quote",
            13 => "Kind of prices",
            14 => "Prices that make sense",
            15 => "Spread",
            16 => "Trading hours",
            18 => "Allowed symbols",
            19 => "Restricted symbols",
            20 => "Kinds of security",
            21 => "Currency and exchange",
            22 => "Order types",
            23 => "Short sales",
            26 => "Same order again",
            28 => "Order rate",
            35 => "Unexecuted orders",
            29 => "Changes and cancels",
            32 => "Orders per day",
            34 => "Working orders",
            36 => "Position per symbol",
            37 => "Exposure",
            41 => "Traded value",
            42 => "Day's loss",
            45 => "Refused too often",
            46 => "Connection",
            48 => "Identity and mode",
            55 => "Trading state",
            56 => "Ledger",
            90 => "Not understood",
            91 => "Order id",
            92 => "Order change",
            93 => "Not recorded",
            94 => "Message",
            95 => "Order family",
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
    Changes(Decimal),
    Price(Price),
}

impl Measure {
    /// Returns the number without its unit.
    #[must_use]
    pub fn value(&self) -> Decimal {
        match self {
            Self::Units(value)
            | Self::Percent(value)
            | Self::Seconds(value)
            | Self::Orders(value)
            | Self::Changes(value) => *value,
            Self::Money(money) => money.amount(),
            Self::Price(price) => price.value(),
        }
    }
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
    /// GH-05
    AlgoValueAbove { value: Money, limit: Money },
    /// GH-06
    CollarAbove { price: Price, reference: Price, percent: Decimal, limit: Decimal },
    /// GH-07
    OptionCollarAbove { price: Price, reference: Price, distance: Price, limit: Price },
    /// GH-09: `hours` follows "the market is".
    MarketOrderOutsideHours { hours: &'static str },
    /// GH-09: a stop that may trigger outside regular hours trades at any price there.
    MarketOrderMayTradeOutside,
    /// GH-09
    MarketSpreadAbove { percent: Decimal, limit: Decimal },
    /// GH-10
    PennyValueAbove { price: Price, value: Money, limit: Money },
    /// GH-12
    QuoteStale { age: Duration, limit: Duration },
    /// GH-12, GH-06: no quote, or the side needed is absent or not live.
    QuoteMissing { side: &'static str },
    /// GH-13
    DataNotLive { data: &'static str },
    /// GH-14: the bid is above the ask.
    QuoteCrossed { bid: Price, ask: Price },
    /// GH-14: a price of zero or less.
    QuoteNotPositive { side: &'static str, price: Price },
    /// GH-14: within one second.
    PriceJumped { percent: Decimal, limit: Decimal },
    /// GH-14: how far the price moved cannot be told.
    MoveUnknown,
    /// GH-15
    SpreadAbove { percent: Decimal, limit: Decimal },
    /// GH-15, GH-09: the spread cannot be told.
    SpreadUnknown { missing: &'static str },
    /// GH-16: `hours` follows "the market is".
    OutsideHours { hours: &'static str },
    /// GH-16: the order asks to trade outside regular hours.
    AsksOutsideHours,
    /// GH-16, GH-09: the hours of this day, or the Gateway's time, are not known.
    HoursUnknown { missing: &'static str },
    /// GH-18
    SymbolNotAllowed { symbol: String },
    /// GH-18: a live account needs a list of allowed symbols.
    SymbolsNotNamed,
    /// GH-19
    SymbolRestricted { symbol: String },
    /// GH-20
    SecurityTypeNotAllowed { sec_type: String },
    /// GH-21
    CurrencyNotAllowed { currency: String },
    /// GH-21: the account's own currency is not known yet.
    BaseCurrencyUnknown,
    /// GH-21: empty when the order names none.
    ExchangeNotAllowed { exchange: String },
    /// GH-22
    OrderTypeNotAllowed { name: String },
    /// GH-22
    FeatureNotAllowed { feature: Feature },
    /// GH-23: this order and the working sells against what is held.
    ShortSale { selling: Decimal, held: Decimal },
    /// GH-23: what is held, or what works, cannot be told.
    HoldingUnknown { missing: &'static str },
    /// GH-26
    SameOrderAgain { ago: Duration, limit: Duration },
    /// GH-28
    RateAbove { orders: u32, limit: Decimal, per: Duration },
    /// GH-29: changes and cancels in a second, this one included.
    ChangeRateAbove { changes: u32, limit: Decimal },
    /// GH-29: changes of this order, this one included.
    ChangesAbove { changes: u32, limit: Decimal },
    /// GH-32: new orders of this day, this one included.
    OrdersTodayAbove { orders: u32, limit: Decimal },
    /// GH-32: the Gateway has not said its time.
    DayUnknown,
    /// GH-34: working orders of the bot, this one included.
    WorkingAbove { orders: u32, limit: Decimal },
    /// GH-34: working orders of the account on one side of the contract, this one included.
    WorkingSideAbove { orders: u32, side: Side, limit: Decimal },
    /// GH-36
    PositionAbove { held: Money, working: Money, order: Money, limit: Money, would_pass: Decimal },
    /// GH-36: the value of the position cannot be told.
    PositionUnknown { missing: &'static str },
    /// GH-35: what has not filled and would open, with this order.
    UnexecutedAbove { working: Money, order: Money, limit: Money },
    /// GH-35: the value of what has not filled cannot be told.
    UnexecutedUnknown { missing: &'static str },
    /// GH-37: long and short together, with every working order and this one filled.
    GrossExposureAbove { exposure: Money, limit: Money },
    /// GH-37: long less short, with every working order of this side and this one filled.
    NetExposureAbove { exposure: Money, limit: Money },
    /// GH-37: the value of a position cannot be told.
    ExposureUnknown { missing: &'static str },
    /// GH-41: orders of the last minute, with this one.
    BatchValueAbove { value: Money, limit: Money },
    /// GH-41: filled today, at work, and this order.
    DayValueAbove { value: Money, limit: Money },
    /// GH-41: the value traded today cannot be told.
    TradedUnknown { missing: &'static str },
    /// GH-42: realised and open.
    DayLossAbove { loss: Money, limit: Money },
    /// GH-42, as a warning.
    DayLossNear { loss: Money, limit: Money },
    /// GH-42: the day's result cannot be told.
    DayLossUnknown { missing: &'static str },
    /// GH-45: nothing was accepted in between.
    RefusedInARow { refused: u32, limit: Decimal },
    /// GH-45
    RefusedWithin { refused: u32, limit: Decimal, per: Duration },
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
    /// GH-95: the order names a parent that it cannot hang on; `state` follows "its parent is".
    ParentNotWorking { parent_id: i32, state: &'static str },
    /// GH-95: another order that would be transmitted with it is refused today.
    FamilyRefused { order_id: i32 },
    /// GH-95: a tie that is not judged; `what` follows "an order".
    TieNotAllowed { what: &'static str },
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
            Self::AlgoValueAbove { .. } => 5,
            Self::CollarAbove { .. } => 6,
            Self::OptionCollarAbove { .. } => 7,
            Self::MarketOrderOutsideHours { .. }
            | Self::MarketOrderMayTradeOutside
            | Self::MarketSpreadAbove { .. } => 9,
            Self::PennyValueAbove { .. } => 10,
            Self::QuoteStale { .. } | Self::QuoteMissing { .. } => 12,
            Self::DataNotLive { .. } => 13,
            Self::QuoteCrossed { .. }
            | Self::QuoteNotPositive { .. }
            | Self::PriceJumped { .. }
            | Self::MoveUnknown => 14,
            Self::SpreadAbove { .. } | Self::SpreadUnknown { .. } => 15,
            Self::OutsideHours { .. } | Self::AsksOutsideHours | Self::HoursUnknown { .. } => 16,
            Self::SymbolNotAllowed { .. } | Self::SymbolsNotNamed => 18,
            Self::SymbolRestricted { .. } => 19,
            Self::SecurityTypeNotAllowed { .. } => 20,
            Self::CurrencyNotAllowed { .. }
            | Self::BaseCurrencyUnknown
            | Self::ExchangeNotAllowed { .. } => 21,
            Self::OrderTypeNotAllowed { .. } | Self::FeatureNotAllowed { .. } => 22,
            Self::ShortSale { .. } | Self::HoldingUnknown { .. } => 23,
            Self::SameOrderAgain { .. } => 26,
            Self::RateAbove { .. } => 28,
            Self::ChangeRateAbove { .. } | Self::ChangesAbove { .. } => 29,
            Self::OrdersTodayAbove { .. } | Self::DayUnknown => 32,
            Self::WorkingAbove { .. } | Self::WorkingSideAbove { .. } => 34,
            Self::PositionAbove { .. } | Self::PositionUnknown { .. } => 36,
            Self::UnexecutedAbove { .. } | Self::UnexecutedUnknown { .. } => 35,
            Self::GrossExposureAbove { .. }
            | Self::NetExposureAbove { .. }
            | Self::ExposureUnknown { .. } => 37,
            Self::BatchValueAbove { .. }
            | Self::DayValueAbove { .. }
            | Self::TradedUnknown { .. } => 41,
            Self::DayLossAbove { .. } | Self::DayLossNear { .. } | Self::DayLossUnknown { .. } => {
                42
            }
            Self::RefusedInARow { .. } | Self::RefusedWithin { .. } => 45,
            Self::NotConnected { .. } => 46,
            Self::ModeNotTraded { .. } | Self::BotUnknown | Self::AccountUnknown => 48,
            Self::StateForbids { .. } => 55,
            Self::LedgerNotWritable => 56,
            Self::NotUnderstood { .. } => 90,
            Self::OrderIdUsed { .. } => 91,
            Self::ChangeForbidden { .. } | Self::FateUnknown => 92,
            Self::NotRecordedInTime | Self::TakenBack => 93,
            Self::MessageNotAllowed { .. } => 94,
            Self::ParentNotWorking { .. }
            | Self::FamilyRefused { .. }
            | Self::TieNotAllowed { .. } => 95,
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
