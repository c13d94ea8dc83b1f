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
            Self::AlgoValueAbove { value, limit } => {
                write!(f, "value {value} of an algo order is above {limit}")
            }
            Self::OptionCollarAbove { price, reference, distance, limit } => {
                write!(f, "price {price} is {distance} from {reference}, above {limit}")
            }
            Self::MarketOrderOutsideHours { hours } => {
                write!(f, "the market is {hours}, and the order trades at any price")
            }
            Self::MarketOrderMayTradeOutside => {
                f.write_str("the order may trade at any price outside regular hours")
            }
            Self::MarketSpreadAbove { percent, limit } => {
                write!(f, "a market order at a spread of {percent} %, above {limit} %")
            }
            Self::DataNotLive { data } => write!(f, "the prices are {data}, not live"),
            Self::QuoteCrossed { bid, ask } => write!(f, "the bid {bid} is above the ask {ask}"),
            Self::QuoteNotPositive { side, price } => {
                write!(f, "the {side} price {price} makes no sense")
            }
            Self::PriceJumped { percent, limit } => {
                write!(f, "the price moved {percent} % in 1 s, above {limit} %")
            }
            Self::MoveUnknown => f.write_str("how far the price moved is not known"),
            Self::SpreadAbove { percent, limit } => {
                write!(f, "the spread is {percent} %, above {limit} %")
            }
            Self::SpreadUnknown { missing } => {
                write!(f, "the spread is not known: no {missing}")
            }
            Self::OutsideHours { hours } => write!(f, "the market is {hours}"),
            Self::AsksOutsideHours => f.write_str("the order may trade outside regular hours"),
            Self::HoursUnknown { missing } => {
                write!(f, "the trading hours are not known: no {missing}")
            }
            Self::SymbolNotAllowed { symbol } => {
                write!(f, "{symbol} is not among the allowed symbols")
            }
            Self::SymbolsNotNamed => f.write_str("a live account needs a list of allowed symbols"),
            Self::SymbolRestricted { symbol } => write!(f, "{symbol} is restricted"),
            Self::CurrencyNotAllowed { currency } => {
                write!(f, "currency {currency} is not allowed")
            }
            Self::BaseCurrencyUnknown => f.write_str("the account's currency is not known"),
            Self::ExchangeNotAllowed { exchange } if exchange.is_empty() => {
                f.write_str("the order names no exchange")
            }
            Self::ExchangeNotAllowed { exchange } => {
                write!(f, "exchange {exchange} is not allowed")
            }
            Self::ShortSale { selling, held } => {
                write!(f, "selling {selling} in all, {held} held: short sales are not allowed")
            }
            Self::HoldingUnknown { missing } => {
                write!(f, "what is held is not known: no {missing}")
            }
            Self::ChangeRateAbove { changes, limit } => {
                write!(f, "{changes} changes and cancels in 1 s is above {limit}")
            }
            Self::ChangesAbove { changes, limit } => {
                write!(f, "{changes} changes of one order is above {limit}")
            }
            Self::OrdersTodayAbove { orders, limit } => {
                write!(f, "{orders} orders today is above {limit}")
            }
            Self::DayUnknown => f.write_str("the trading day is not known yet"),
            Self::WorkingAbove { orders, limit } => {
                write!(f, "{orders} working orders is above {limit}")
            }
            Self::WorkingSideAbove { orders, side, limit } => {
                write!(f, "{orders} working {side} orders in the contract is above {limit}")
            }
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
            Self::UnexecutedAbove { working, order, limit } => match working.checked_add(*order) {
                Ok(total) => write!(f, "unexecuted orders would be {total}, above {limit}"),
                Err(_) => write!(f, "unexecuted orders would be above {limit}"),
            },
            Self::UnexecutedUnknown { missing } => {
                write!(f, "the value of unexecuted orders is not known: no {missing}")
            }
            Self::GrossExposureAbove { exposure, limit } => {
                write!(f, "gross exposure could become {exposure}, above {limit}")
            }
            Self::NetExposureAbove { exposure, limit } => {
                write!(f, "net exposure could become {exposure}, above {limit}")
            }
            Self::ExposureUnknown { missing } => {
                write!(f, "the exposure is not known: no {missing}")
            }
            Self::BatchValueAbove { value, limit } => {
                write!(f, "orders of {value} within a minute are above {limit}")
            }
            Self::DayValueAbove { value, limit } => {
                write!(f, "the value traded today could become {value}, above {limit}")
            }
            Self::TradedUnknown { missing } => {
                write!(f, "the value traded today is not known: no {missing}")
            }
            Self::DayLossAbove { loss, limit } => {
                write!(f, "the day's loss of {loss} has reached {limit}")
            }
            Self::DayLossNear { loss, limit } => {
                write!(f, "the day's loss of {loss} is near the limit of {limit}")
            }
            Self::DayLossUnknown { missing } => {
                write!(f, "the day's result is not known: no {missing}")
            }
            Self::RefusedInARow { refused, limit } => {
                write!(f, "{refused} orders in a row were refused, the limit is {limit}")
            }
            Self::RefusedWithin { refused, limit, per } => {
                let per = seconds(*per);
                write!(f, "{refused} orders were refused in {per} s, the limit is {limit}")
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
            Self::ParentNotWorking { parent_id, state } => {
                write!(f, "its parent, order {parent_id}, is {state}")
            }
            Self::FamilyRefused { order_id } => {
                write!(f, "order {order_id}, which would be sent with it, is refused")
            }
            Self::TieNotAllowed { what } => write!(f, "an order {what} is not allowed yet"),
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
