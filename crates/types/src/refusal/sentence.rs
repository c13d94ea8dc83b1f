//! The sentence of a refusal.

use std::fmt;

use super::{Refusal, seconds};
use crate::TradingState;

/// One clause without capital or full stop, such as `quantity 50000 is above 500`.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Senseless { field, value } if value.is_empty() => write!(f, "{field} is missing"),
            Self::Senseless { field, value } => write!(f, "{field} {value} makes no sense"),
            Self::ContractUnknown { symbol } => write!(f, "contract {symbol} is not known"),
            Self::ContractAmbiguous { symbol } => write!(f, "contract {symbol} is ambiguous"),
            Self::AccountForeign => f.write_str("the order names another account"),
            Self::QuantityAbove { quantity, limit } => {
                write!(f, "quantity {quantity} is above {limit}")
            }
            Self::QuantityNear { quantity, limit } => {
                write!(f, "quantity {quantity} is near the limit of {limit}")
            }
            Self::ValueAbove { value, limit } => write!(f, "value {value} is above {limit}"),
            Self::ValueUnknown { missing } => {
                write!(f, "the order's value is not known: no {missing}")
            }
            Self::CollarAbove { price, reference, percent, limit } => {
                write!(f, "price {price} is {percent} % from {reference}, above {limit} %")
            }
            Self::PennyValueAbove { price, value, limit } => {
                write!(f, "value {value} at a price of {price} is above {limit}")
            }
            Self::QuoteStale { age, limit } => {
                write!(f, "the quote is {} s old, above {} s", seconds(*age), seconds(*limit))
            }
            Self::QuoteMissing { side } => write!(f, "there is no live {side} price"),
            Self::SecurityTypeNotAllowed { sec_type } => {
                write!(f, "security type {sec_type} is not allowed")
            }
            Self::OrderTypeNotAllowed { name } => write!(f, "order type {name} is not allowed"),
            Self::FeatureNotAllowed { feature } => write!(f, "{feature} is not allowed yet"),
            Self::SameOrderAgain { ago, limit } => {
                write!(
                    f,
                    "the same order was sent {} s ago, within {} s",
                    seconds(*ago),
                    seconds(*limit)
                )
            }
            Self::RateAbove { orders, limit, per } => {
                write!(f, "{orders} orders in {} s is above {limit}", seconds(*per))
            }
            Self::PositionAbove { held, working, order, limit, .. } => {
                match held.checked_add(*working).and_then(|sum| sum.checked_add(*order)) {
                    Ok(total) => write!(f, "the position would become {total}, above {limit}"),
                    Err(_) => write!(f, "the position would become above {limit}"),
                }
            }
            Self::PositionUnknown { missing } => {
                write!(f, "the position's value is not known: no {missing}")
            }
            Self::NotConnected { state } => write!(f, "the Gateway is {state}"),
            Self::ModeNotTraded { mode } => {
                write!(f, "{mode} accounts are watched, not traded yet")
            }
            Self::BotUnknown => f.write_str("the bot is not registered"),
            Self::AccountUnknown => f.write_str("the account is not known yet"),
            Self::StateForbids { state } => f.write_str(forbidding(*state)),
            Self::LedgerNotWritable => f.write_str("the ledger cannot be written"),
            Self::NotUnderstood { detail } => write!(f, "the order was not understood: {detail}"),
            Self::OrderIdUsed { order_id } => write!(f, "order id {order_id} was used before"),
            Self::ChangeForbidden { field } => write!(f, "the {field} of an order cannot change"),
            Self::FateUnknown => f.write_str("the fate of the order is not known"),
            Self::NotRecordedInTime => f.write_str("the order was not recorded within 1 s"),
            Self::TakenBack => f.write_str("the order was taken back before it was sent"),
            Self::MessageNotAllowed { message } => write!(f, "{message} is not allowed"),
        }
    }
}

fn forbidding(state: TradingState) -> &'static str {
    match state {
        TradingState::Killed => "the kill switch is on",
        TradingState::Halted => "trading is halted",
        TradingState::ReduceOnly => "only exits are allowed",
        TradingState::Paused => "the bot is paused, only exits are allowed",
        TradingState::Active => "trading is active",
    }
}
