//! The numbers of a refusal, for bars and columns.

use rust_decimal::Decimal;

use super::{Measure, Refusal, seconds};

impl Refusal {
    /// Returns what was measured and the limit it was held against, when both are numbers.
    #[must_use]
    pub fn measured(&self) -> Option<(Measure, Measure)> {
        Some(match self {
            Self::QuantityAbove { quantity, limit } | Self::QuantityNear { quantity, limit } => {
                (Measure::Units(*quantity), Measure::Units(*limit))
            }
            Self::ValueAbove { value, limit }
            | Self::AlgoValueAbove { value, limit }
            | Self::PennyValueAbove { value, limit, .. } => {
                (Measure::Money(*value), Measure::Money(*limit))
            }
            Self::OptionCollarAbove { distance, limit, .. } => {
                (Measure::Price(*distance), Measure::Price(*limit))
            }
            Self::CollarAbove { percent, limit, .. }
            | Self::MarketSpreadAbove { percent, limit }
            | Self::PriceJumped { percent, limit }
            | Self::SpreadAbove { percent, limit } => {
                (Measure::Percent(*percent), Measure::Percent(*limit))
            }
            Self::QuoteStale { age, limit } => {
                (Measure::Seconds(seconds(*age)), Measure::Seconds(seconds(*limit)))
            }
            Self::SameOrderAgain { ago, limit } => {
                (Measure::Seconds(seconds(*ago)), Measure::Seconds(seconds(*limit)))
            }
            Self::ShortSale { selling, held } => (Measure::Units(*selling), Measure::Units(*held)),
            Self::ChangeRateAbove { changes, limit } | Self::ChangesAbove { changes, limit } => {
                (Measure::Changes(Decimal::from(*changes)), Measure::Changes(*limit))
            }
            Self::RateAbove { orders, limit, .. }
            | Self::OrdersTodayAbove { orders, limit }
            | Self::WorkingAbove { orders, limit }
            | Self::WorkingSideAbove { orders, limit, .. } => {
                (Measure::Orders(Decimal::from(*orders)), Measure::Orders(*limit))
            }
            Self::PositionAbove { held, working, order, limit, .. } => {
                let total = held.checked_add(*working).and_then(|sum| sum.checked_add(*order));
                (Measure::Money(total.ok()?), Measure::Money(*limit))
            }
            Self::UnexecutedAbove { working, order, limit } => {
                (Measure::Money(working.checked_add(*order).ok()?), Measure::Money(*limit))
            }
            Self::GrossExposureAbove { exposure: value, limit }
            | Self::NetExposureAbove { exposure: value, limit }
            | Self::BatchValueAbove { value, limit }
            | Self::DayValueAbove { value, limit }
            | Self::DayLossAbove { loss: value, limit }
            | Self::DayLossNear { loss: value, limit } => {
                (Measure::Money(*value), Measure::Money(*limit))
            }
            Self::RefusedInARow { refused, limit } | Self::RefusedWithin { refused, limit, .. } => {
                (Measure::Orders(Decimal::from(*refused)), Measure::Orders(*limit))
            }
            Self::Senseless { .. }
            | Self::ContractUnknown { .. }
            | Self::ContractAmbiguous { .. }
            | Self::AccountForeign
            | Self::ValueUnknown { .. }
            | Self::PositionUnknown { .. }
            | Self::QuoteMissing { .. }
            | Self::MarketOrderOutsideHours { .. }
            | Self::MarketOrderMayTradeOutside
            | Self::DataNotLive { .. }
            | Self::QuoteCrossed { .. }
            | Self::QuoteNotPositive { .. }
            | Self::MoveUnknown
            | Self::SpreadUnknown { .. }
            | Self::OutsideHours { .. }
            | Self::AsksOutsideHours
            | Self::HoursUnknown { .. }
            | Self::SymbolNotAllowed { .. }
            | Self::SymbolsNotNamed
            | Self::SymbolRestricted { .. }
            | Self::CurrencyNotAllowed { .. }
            | Self::BaseCurrencyUnknown
            | Self::ExchangeNotAllowed { .. }
            | Self::HoldingUnknown { .. }
            | Self::DayUnknown
            | Self::SecurityTypeNotAllowed { .. }
            | Self::OrderTypeNotAllowed { .. }
            | Self::FeatureNotAllowed { .. }
            | Self::NotConnected { .. }
            | Self::ModeNotTraded { .. }
            | Self::BotUnknown
            | Self::AccountUnknown
            | Self::StateForbids { .. }
            | Self::LedgerNotWritable
            | Self::NotUnderstood { .. }
            | Self::OrderIdUsed { .. }
            | Self::ChangeForbidden { .. }
            | Self::FateUnknown
            | Self::NotRecordedInTime
            | Self::TakenBack
            | Self::MessageNotAllowed { .. }
            | Self::UnexecutedUnknown { .. }
            | Self::ExposureUnknown { .. }
            | Self::TradedUnknown { .. }
            | Self::DayLossUnknown { .. }
            | Self::ParentNotWorking { .. }
            | Self::FamilyRefused { .. }
            | Self::TieNotAllowed { .. } => return None,
        })
    }
}
