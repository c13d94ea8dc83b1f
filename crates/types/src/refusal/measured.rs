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
            Self::ValueAbove { value, limit } | Self::PennyValueAbove { value, limit, .. } => {
                (Measure::Money(*value), Measure::Money(*limit))
            }
            Self::CollarAbove { percent, limit, .. } => {
                (Measure::Percent(*percent), Measure::Percent(*limit))
            }
            Self::QuoteStale { age, limit } => {
                (Measure::Seconds(seconds(*age)), Measure::Seconds(seconds(*limit)))
            }
            Self::SameOrderAgain { ago, limit } => {
                (Measure::Seconds(seconds(*ago)), Measure::Seconds(seconds(*limit)))
            }
            Self::RateAbove { orders, limit, .. } => {
                (Measure::Orders(Decimal::from(*orders)), Measure::Orders(*limit))
            }
            Self::PositionAbove { held, working, order, limit, .. } => {
                let total = held.checked_add(*working).and_then(|sum| sum.checked_add(*order));
                (Measure::Money(total.ok()?), Measure::Money(*limit))
            }
            Self::Senseless { .. }
            | Self::ContractUnknown { .. }
            | Self::ContractAmbiguous { .. }
            | Self::AccountForeign
            | Self::ValueUnknown { .. }
            | Self::PositionUnknown { .. }
            | Self::QuoteMissing { .. }
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
            | Self::MessageNotAllowed { .. } => return None,
        })
    }
}
