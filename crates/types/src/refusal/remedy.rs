//! What a person or a bot can do about a refusal.

use super::{Refusal, seconds};
use rust_decimal::Decimal;

impl Refusal {
    /// Returns what would pass, such as `500 shares or fewer`, where it can be named.
    #[must_use]
    pub fn would_pass(&self) -> Option<String> {
        if let Self::PositionAbove { would_pass, .. } = self {
            return Some(if would_pass.is_zero() {
                "nothing on this side until the position is smaller".to_owned()
            } else {
                format!("{would_pass} shares or fewer")
            });
        }
        self.smaller().or_else(|| self.other_price()).or_else(|| self.later())
    }

    /// Less of it.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are of price, time or kind")]
    fn smaller(&self) -> Option<String> {
        Some(match self {
            Self::QuantityAbove { limit, .. } => format!("{limit} shares or fewer"),
            Self::ValueAbove { limit, .. }
            | Self::AlgoValueAbove { limit, .. }
            | Self::PennyValueAbove { limit, .. } => format!("a value of {limit} or less"),
            Self::ShortSale { selling, held } => match held.checked_sub(*selling) {
                Some(_) if *held <= Decimal::ZERO => "a buy; nothing is held".to_owned(),
                Some(over) => format!("{} shares fewer", -over),
                None => return None,
            },
            _ => return None,
        })
    }

    /// Another price or another kind of order.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are of size or time")]
    fn other_price(&self) -> Option<String> {
        Some(match self {
            Self::CollarAbove { reference, limit, .. } => {
                format!("a price within {limit} % of {reference}")
            }
            Self::OptionCollarAbove { reference, limit, .. } => {
                format!("a price within {limit} of {reference}")
            }
            Self::MarketOrderOutsideHours { .. } | Self::MarketSpreadAbove { .. } => {
                "a limit order".to_owned()
            }
            Self::MarketOrderMayTradeOutside | Self::AsksOutsideHours => {
                "the same order for regular hours only".to_owned()
            }
            Self::SpreadAbove { limit, .. } => {
                format!("the order at a spread of {limit} % or less")
            }
            Self::SymbolNotAllowed { .. } => "a symbol of the list, or a longer list".to_owned(),
            Self::SymbolRestricted { .. } => "an order that only closes a position".to_owned(),
            Self::OrderTypeNotAllowed { .. } => "LMT, MKT, STP or STP LMT, if allowed".to_owned(),
            _ => return None,
        })
    }

    /// The same at another time.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are of size, price or kind")]
    fn later(&self) -> Option<String> {
        Some(match self {
            Self::SameOrderAgain { ago, limit } => {
                format!("the same order in {} s", limit.saturating_sub(*ago).as_secs() + 1)
            }
            Self::QuoteStale { limit, .. } => {
                format!("the order once a quote is {} s old or younger", seconds(*limit))
            }
            Self::PriceJumped { .. } => "the order a second after the last jump".to_owned(),
            Self::OutsideHours { .. } => "the order in regular hours, or an exit".to_owned(),
            Self::RateAbove { .. } | Self::ChangeRateAbove { .. } => {
                "the same a little later".to_owned()
            }
            Self::ChangesAbove { .. } => "a cancel, and a new order".to_owned(),
            Self::OrdersTodayAbove { .. } => "an exit, or the order tomorrow".to_owned(),
            Self::WorkingAbove { .. } | Self::WorkingSideAbove { .. } => {
                "the order once another has filled or is cancelled".to_owned()
            }
            _ => return None,
        })
    }
}
