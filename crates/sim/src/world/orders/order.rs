//! One order as the simulated broker holds it, and what the broker says about it.
//!
//! It must never know the market or the account. Called by the book.

use std::collections::BTreeMap;

use gatehouse_tws::answer::{BrokerStatus, OpenOrder, OrderState, OrderStatusReport};
use gatehouse_tws::layout::WireContract;
use gatehouse_tws::order::Order;
use gatehouse_types::{ClientId, ConId, Decimal, OrderId, OrderKind, PermId, Price, Qty, Side};

use super::algos::Pace;
use super::manner::Manner;
use super::progress::Progress;
use crate::world::catalog::{Kind, Listing};
use crate::world::time::Step;

/// Why an order is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub at: Step,
    /// `Filled Size: 100` or `Cancelled by Trader`, as a completed order says it.
    pub sentence: String,
}

/// An order that was accepted, live or over.
#[derive(Debug, Clone)]
pub struct BookedOrder {
    pub client_id: ClientId,
    pub order_id: OrderId,
    pub perm_id: PermId,
    pub listing: &'static Listing,
    pub contract: WireContract,
    /// As the client asked, with the broker's own fields filled in.
    pub order: Order,
    pub side: Side,
    /// As the judgement of Gatehouse names it, for its prices.
    pub kind: OrderKind,
    pub manner: Manner,
    pub progress: Progress,
    pub quantity: Decimal,
    pub filled: Decimal,
    /// Sum of price × shares of its fills.
    pub value: Decimal,
    /// Commission charged so far.
    pub commission: Decimal,
    pub last_fill: Option<Price>,
    /// Of a combination: what was traded of each leg, and its price × shares.
    pub legs: BTreeMap<ConId, (Decimal, Decimal)>,
    pub status: BrokerStatus,
    /// False until it, or a later member of its family, arrives with transmit; nothing is said
    /// about it before.
    pub transmitted: bool,
    /// A child whose parent is not filled; it is inactive.
    pub waits_for_parent: bool,
    /// A stop that was reached.
    pub triggered: bool,
    /// It stood unfilled for a step, so it makes its own price.
    pub rested: bool,
    /// When it ends by itself, in seconds; `None` for GTC.
    pub expires: Option<i64>,
    pub ended: Option<Ended>,
}

impl BookedOrder {
    /// Returns whether more can fill.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.ended.is_none()
    }

    /// Returns the shares still wanted.
    #[must_use]
    pub fn remaining(&self) -> Decimal {
        (self.quantity - self.filled).max(Decimal::ZERO)
    }

    /// Returns the average price of its fills.
    #[must_use]
    pub fn average_price(&self) -> Option<Price> {
        self.value.checked_div(self.filled).map(|average| Price::new(average.round_dp(8)))
    }

    /// Returns whether it waits for a price before it can trade at all.
    #[must_use]
    pub fn waits_for_trigger(&self) -> bool {
        self.manner.kind.waits_for_trigger() && !self.triggered
    }

    /// Returns whether it trades a share of what the market trades.
    #[must_use]
    pub fn follows_volume(&self) -> bool {
        self.manner.algo.as_ref().is_some_and(|algo| matches!(algo.pace, Pace::Share { .. }))
    }

    /// Returns the id of the parent, of which it is a child.
    #[must_use]
    pub fn parent(&self) -> Option<OrderId> {
        self.order.parent_id.filter(|parent| *parent != 0).map(OrderId::new)
    }

    /// Returns why it is held, in the broker's words.
    fn why_held(&self) -> &'static str {
        match (self.waits_for_parent, self.waits_for_trigger()) {
            (true, true) => "child,trigger",
            (true, false) => "child",
            (false, true) => "trigger",
            (false, false) if self.progress.is_locating => "locate",
            (false, false) => "",
        }
    }

    /// Returns the openOrder message of this moment.
    #[must_use]
    pub fn open_order(&self) -> OpenOrder {
        let mut order = self.order.clone();
        order.filled_quantity = self.filled.normalize().to_string();
        let state = OrderState { status: Some(self.status), ..OrderState::default() };
        OpenOrder { order_id: self.order_id, contract: self.contract.clone(), order, state }
    }

    /// Returns the orderStatus message of this moment.
    #[must_use]
    pub fn report(&self) -> OrderStatusReport {
        OrderStatusReport {
            order_id: self.order_id,
            status: self.status,
            filled: quantity(self.filled),
            remaining: quantity(self.remaining()),
            average_price: Some(self.average_price().unwrap_or(Price::new(Decimal::ZERO))),
            perm_id: self.perm_id,
            parent_id: OrderId::new(self.order.parent_id.unwrap_or(0)),
            last_fill_price: Some(self.last_fill.unwrap_or(Price::new(Decimal::ZERO))),
            client_id: self.client_id,
            why_held: if self.is_live() { self.why_held().to_owned() } else { String::new() },
            market_cap_price: Some(self.progress.cap.unwrap_or(Price::new(Decimal::ZERO))),
        }
    }

    /// Returns the message about an order that is over.
    #[must_use]
    pub fn completed(&self) -> Option<OpenOrder> {
        let ended = self.ended.as_ref()?;
        let mut open = self.open_order();
        open.state.completed_time = ended.at.wire_time();
        open.state.completed_status.clone_from(&ended.sentence);
        Some(open)
    }
}

/// Returns a quantity; the book never holds a negative one.
#[must_use]
pub fn quantity(value: Decimal) -> Qty {
    Qty::try_new(value).unwrap_or(Qty::ZERO)
}

/// Returns the contract of an instrument as the broker writes it in its messages.
#[must_use]
pub fn wire_contract(listing: &Listing, exchange: &str) -> WireContract {
    let (strike, right) = if let Kind::Option(terms) = listing.kind {
        (Some(terms.strike()), terms.right.letter())
    } else {
        (None, "")
    };
    let is_derivative =
        matches!(listing.kind, Kind::Option(_) | Kind::Future { .. } | Kind::Continuous { .. });
    WireContract {
        con_id: Some(listing.con_id()),
        symbol: listing.symbol.to_owned(),
        sec_type: listing.sec_type().to_owned(),
        expiry: listing
            .last_day()
            .filter(|_| is_derivative)
            .map(|day| day.strftime("%Y%m%d").to_string())
            .unwrap_or_default(),
        strike,
        right: right.to_owned(),
        multiplier: is_derivative.then(|| listing.multiplier()),
        exchange: exchange.to_owned(),
        currency: listing.currency.to_owned(),
        local_symbol: listing.local_symbol(),
        trading_class: listing.trading_class().to_owned(),
        ..WireContract::default()
    }
}
