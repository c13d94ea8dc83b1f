//! What a verdict looked at, kept beside it so that it can be shown and judged again.

use std::time::Duration;

use rust_decimal::Decimal;

use crate::{ConId, Currency, DataType, Money, Price, Qty, SecType, SignedQty, TradingHours};

/// The inputs of one judgement, as they were at that instant. What was not known is `None`, never
/// a number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inputs {
    pub instrument: Option<SeenInstrument>,
    pub quote: Option<SeenQuote>,
    /// The part of the instrument's trading day.
    pub hours: Option<TradingHours>,
    /// Largest move of the price in the second before, in percent.
    pub price_move: Option<Decimal>,
    /// Of the bot and of the account, in the instrument.
    pub position: Seen<SignedQty>,
    /// What could still fill on the side of the order, in the instrument, without the order and
    /// without the one that it changes.
    pub working: Seen<Qty>,
    pub net_liquidation: Option<SeenMoney>,
    /// New orders of the bot that were allowed on this trading day before.
    pub orders_today: Option<u32>,
    /// Result of the trading day, realised and open.
    pub day_result: Seen<Money>,
}

/// The same figure of the bot and of the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen<T> {
    pub bot: Option<T>,
    pub account: Option<T>,
}

impl<T> Seen<T> {
    /// Applies a function to both figures, where they are known.
    pub fn map<U>(self, mut to: impl FnMut(T) -> U) -> Seen<U> {
        Seen { bot: self.bot.map(&mut to), account: self.account.map(to) }
    }
}

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self { bot: None, account: None }
    }
}

/// The instrument that was judged, without its hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenInstrument {
    pub con_id: ConId,
    pub symbol: String,
    pub sec_type: SecType,
    pub currency: Currency,
    pub min_tick: Decimal,
    pub multiplier: Decimal,
}

/// A quote and how old it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenQuote {
    pub bid: Option<Price>,
    pub ask: Option<Price>,
    pub last: Option<Price>,
    /// Since bid or ask last arrived.
    pub age: Duration,
    pub data: DataType,
}

/// An amount and how old it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenMoney {
    pub value: Money,
    pub age: Duration,
}
