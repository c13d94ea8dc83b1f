//! What bot and account hold, have at work, traded and made: the input of the controls on sums.
//!
//! Gathered by the engine at one instant. A figure that is not known says what is missing; it is
//! never a number.

use gatehouse_types::{BotName, ConId, Currency, Decimal, Money, Price, Side, SignedQty, exact};

use crate::View;
use crate::family::side_quantity;
use crate::tally::Sides;
use crate::value::{Missing, TOO_LARGE};

/// An amount, or what is missing for it, in words that follow "no".
pub type Figure = Result<Money, &'static str>;

/// Why nothing is known: of a view that nobody filled in.
const NOT_LOOKED_UP: Missing = "books";

/// One instrument that is held, or that an order works in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    pub con_id: ConId,
    /// `None` until the broker said it.
    pub account: Option<SignedQty>,
    pub bot: SignedQty,
    /// The highest recent price, or what is missing for one.
    pub price: Result<Price, &'static str>,
    /// `None` until contract details are known.
    pub unit: Option<(Decimal, Currency)>,
}

/// Orders of a bot that were refused or rejected, of its own doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Refused {
    /// Since one was last accepted by the broker.
    pub in_a_row: u32,
    pub in_five_minutes: u32,
}

/// Sums of a bot and of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Every instrument that is not flat or that an order works in, once.
    pub holdings: Vec<Holding>,
    /// Result of the trading day, realised and open, of the bot and of the account.
    pub bot_day: Figure,
    pub account_day: Figure,
    /// Value of everything that filled on this trading day.
    pub bot_traded: Figure,
    pub account_traded: Figure,
    /// Value of the bot's orders that were allowed in the minute before now.
    pub minute: Figure,
    pub refused: Refused,
}

impl Default for Standing {
    fn default() -> Self {
        let unknown = Err(NOT_LOOKED_UP);
        Self {
            holdings: Vec::new(),
            bot_day: unknown,
            account_day: unknown,
            bot_traded: unknown,
            account_traded: unknown,
            minute: unknown,
            refused: Refused::default(),
        }
    }
}

/// Whose positions and orders are summed up.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whose<'a> {
    Account,
    Bot(&'a BotName),
}

impl<'a> Whose<'a> {
    fn owner(self) -> Option<&'a BotName> {
        match self {
            Self::Account => None,
            Self::Bot(bot) => Some(bot),
        }
    }
}

/// The ordered instrument, and what works in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beside {
    pub(crate) con_id: ConId,
    /// Of the order.
    pub(crate) side: Side,
    pub(crate) sides: Sides,
    /// The price that the order is valued at; `None` while it is left out.
    pub(crate) price: Option<Price>,
}

/// What one instrument could become, in the base currency, with sign.
pub(crate) struct Worst {
    /// With every buy filled.
    pub(crate) long: Decimal,
    /// With every sell filled.
    pub(crate) short: Decimal,
    /// Value of orders beyond what closes.
    pub(crate) opening: Decimal,
}

impl Holding {
    fn held(&self, whose: Whose<'_>) -> Result<Decimal, Missing> {
        match whose {
            Whose::Account => Ok(self.account.ok_or("account position")?.value()),
            Whose::Bot(_) => Ok(self.bot.value()),
        }
    }

    /// Returns the worst that all orders can make of it, the one that is judged among them.
    pub(crate) fn worst(
        &self,
        view: &View<'_>,
        whose: Whose<'_>,
        base: Currency,
        beside: &Beside,
    ) -> Result<Worst, Missing> {
        let is_ordered = beside.con_id == self.con_id;
        let working = |side: Side| {
            let sum = if is_ordered {
                beside.working(side)
            } else {
                side_quantity(view, self.con_id, side, whose.owner(), None)
            };
            sum.ok_or(TOO_LARGE)
        };
        let (buys, sells) = (working(Side::Buy)?, working(Side::Sell)?);
        let held = self.held(whose)?;
        if held.is_zero() && buys.is_zero() && sells.is_zero() {
            let zero = Decimal::ZERO;
            return Ok(Worst { long: zero, short: zero, opening: zero });
        }
        let unit = self.unit_value(base, beside.price.filter(|_| is_ordered))?;
        let sum = |a: Decimal, b: Decimal| a.checked_add(b).ok_or(TOO_LARGE);
        let worth = |quantity: Decimal| quantity.checked_mul(unit).ok_or(TOO_LARGE);
        // Buys close what is short, sells what is long.
        let opening = |orders: Decimal, closable: Decimal| {
            orders.checked_sub(exact::not_below_zero(closable)).map(exact::not_below_zero)
        };
        let opened = opening(buys, -held)
            .zip(opening(sells, held))
            .and_then(|(buys, sells)| buys.checked_add(sells))
            .ok_or(TOO_LARGE)?;
        Ok(Worst {
            long: worth(sum(held, buys)?)?,
            short: worth(sum(held, -sells)?)?,
            opening: worth(opened)?,
        })
    }

    fn unit_value(&self, base: Currency, at_least: Option<Price>) -> Result<Decimal, Missing> {
        let (multiplier, currency) = self.unit.ok_or("contract details of every position")?;
        if currency != base {
            return Err("exchange rate");
        }
        // The order that is judged has a price of its own, held against a quote of its own.
        let price = match (self.price, at_least) {
            (Ok(price), Some(own)) => price.max(own),
            (Ok(price), None) => price,
            (Err(_), Some(own)) => own,
            (Err(missing), None) => return Err(missing),
        };
        price.value().abs().checked_mul(multiplier.abs()).ok_or(TOO_LARGE)
    }
}

impl Beside {
    fn working(&self, side: Side) -> Option<Decimal> {
        if side != self.side {
            self.sides.opposite
        } else if self.price.is_some() {
            self.sides.with_order
        } else {
            self.sides.same
        }
    }
}
