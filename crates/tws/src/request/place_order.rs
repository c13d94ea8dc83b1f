//! placeOrder (3): a new order, a change of one, or a question about margin.
//!
//! Decoded to its last field, or not at all. The proxy hands the intent to the judgement and, if
//! it may, sends the original bytes, never an encoding of this struct.

use gatehouse_types::{AccountId, AmountError, Feature, Intent, OrderId, Qty, Side, Tif};

use super::RequestId;
use crate::ServerVersion;
use crate::layout::{self, Layout, LayoutError, Pass, Passed, WireContract};
use crate::order::{self, Gate, Order, features::features};

/// Largest body of an order, in bytes; real ones are below 2,000.
pub const ORDER_BODY_MAX: usize = 64 * 1024;

/// Server version from which an order may bring two others.
const ATTACHED_ORDERS: i32 = 218;

/// Why a placeOrder is not understood, and therefore refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlaceOrderError {
    /// Longer than any true order.
    #[error("an order of {length} bytes")]
    TooLong { length: usize },
    /// Not exactly one placeOrder in the layout of its version.
    #[error("the order cannot be read to its last field")]
    Layout(#[source] LayoutError),
    /// Neither BUY nor SELL.
    #[error("the action {action:?} is neither BUY nor SELL")]
    Action { action: String },
    /// A word that begins with no letter: a sign of fields that slipped.
    #[error("{field} is {value:?}, which is not a word")]
    Word { field: &'static str, value: String },
    /// A time that begins with no digit: another sign of that.
    #[error("{field} is {value:?}, which is not a time")]
    Time { field: &'static str, value: String },
    /// A quantity below zero.
    #[error("the quantity is below zero")]
    Quantity(#[source] AmountError),
    /// A leg that does not say of what, or how much.
    #[error("leg {number} of the combination names no contract or no ratio")]
    Leg { number: usize },
    /// The order carries another id than the message.
    #[error("the message is about order {outer}, the order in it says {inner}")]
    OrderId { outer: i32, inner: i32 },
}

/// placeOrder, with every field that either form can carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceOrder {
    pub order_id: OrderId,
    pub contract: WireContract,
    pub order: Order,
    pub attached: Option<AttachedOrders>,
}

/// A stop-loss and a profit-taker that one message creates beside the order; from 218 on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttachedOrders {
    pub stop_loss_id: Option<i32>,
    pub stop_loss_type: String,
    pub profit_taker_id: Option<i32>,
    pub profit_taker_type: String,
}

impl PlaceOrder {
    /// Reads a body to its last field.
    ///
    /// # Errors
    /// Anything that is not understood; the order must then be refused.
    pub fn decode(version: ServerVersion, body: &[u8]) -> Result<Self, PlaceOrderError> {
        if body.len() > ORDER_BODY_MAX {
            return Err(PlaceOrderError::TooLong { length: body.len() });
        }
        let mut placed = Self::default();
        layout::read_body_into(RequestId::PlaceOrder.kind(), version, body, &mut placed)
            .map_err(PlaceOrderError::Layout)?;
        placed.check_words()?;
        placed.check_legs()?;
        placed.side()?;
        placed.quantity()?;
        let outer = placed.order_id.get();
        match placed.order.order_id {
            Some(inner) if inner != 0 && inner != outer => {
                Err(PlaceOrderError::OrderId { outer, inner })
            }
            Some(_) | None => Ok(placed),
        }
    }

    /// Returns the body in the form of `version`. Gatehouse sends no order of its own; this is for
    /// tests and drills.
    ///
    /// # Errors
    /// The layouts of the version are not known.
    pub fn encode(&self, version: ServerVersion) -> Result<Vec<u8>, LayoutError> {
        layout::write_body(RequestId::PlaceOrder.kind(), version, self)
    }

    /// Returns the id of the order in a body that may not be understood, so that its refusal can
    /// name it. `None` when not even that can be read.
    #[must_use]
    pub fn peek_order_id(version: ServerVersion, body: &[u8]) -> Option<OrderId> {
        layout::peek_int(version, body, 1).map(OrderId::new)
    }

    /// Text has no tags, so a field more and a field less elsewhere can shift what lies between
    /// onto places that take any text. Words there betray it.
    fn check_words(&self) -> Result<(), PlaceOrderError> {
        let order = &self.order;
        let words = [
            ("secType", &self.contract.sec_type),
            ("currency", &self.contract.currency),
            ("orderType", &order.order_type),
            ("tif", &order.tif),
            ("openClose", &order.open_close),
            ("deltaNeutralOrderType", &order.delta_neutral_order_type),
            ("hedgeType", &order.hedge_type),
            ("algoStrategy", &order.algo_strategy),
            ("adjustedOrderType", &order.adjusted_order_type),
        ];
        for (field, value) in words {
            if !value.is_empty() && !value.starts_with(|first: char| first.is_ascii_alphabetic()) {
                let value = value.chars().take(40).collect();
                return Err(PlaceOrderError::Word { field, value });
            }
        }
        self.check_times()
    }

    /// Every client writes a time with its year or hour in front.
    fn check_times(&self) -> Result<(), PlaceOrderError> {
        let order = &self.order;
        let times = [
            ("goodAfterTime", &order.good_after_time),
            ("goodTillDate", &order.good_till_date),
            ("activeStartTime", &order.active_start_time),
            ("activeStopTime", &order.active_stop_time),
            ("manualOrderTime", &order.manual_order_time),
        ];
        for (field, value) in times {
            if !value.is_empty() && !value.starts_with(|first: char| first.is_ascii_digit()) {
                let value = value.chars().take(40).collect();
                return Err(PlaceOrderError::Time { field, value });
            }
        }
        Ok(())
    }

    fn check_legs(&self) -> Result<(), PlaceOrderError> {
        match self.contract.legs.iter().position(|leg| leg.con_id == 0 || leg.ratio < 1) {
            Some(index) => Err(PlaceOrderError::Leg { number: index + 1 }),
            None => Ok(()),
        }
    }

    fn side(&self) -> Result<Side, PlaceOrderError> {
        self.order
            .side()
            .ok_or_else(|| PlaceOrderError::Action { action: self.order.action.clone() })
    }

    fn quantity(&self) -> Result<Qty, PlaceOrderError> {
        Qty::try_new(self.order.total_quantity).map_err(PlaceOrderError::Quantity)
    }

    /// Returns the order in the words of the judgement.
    ///
    /// # Errors
    /// The action or the quantity is impossible; never for what [`PlaceOrder::decode`] returned.
    pub fn intent(&self) -> Result<Intent, PlaceOrderError> {
        let order = &self.order;
        let mut features = features(&self.contract, order);
        if self.attached.as_ref().is_some_and(|attached| *attached != AttachedOrders::default()) {
            features.push(Feature::AttachedOrders);
        }
        Ok(Intent {
            order_id: self.order_id,
            contract: self.contract.to_contract(),
            account: Some(order.account.clone())
                .filter(|account| !account.is_empty())
                .map(AccountId::new),
            side: self.side()?,
            quantity: self.quantity()?,
            kind: order.kind(),
            tif: Tif::from_wire(&order.tif),
            outside_rth: order.outside_rth,
            what_if: order.what_if,
            order_ref: order.order_ref.clone(),
            family: order.family(),
            features,
        })
    }
}

impl Default for PlaceOrder {
    fn default() -> Self {
        Self {
            order_id: OrderId::new(0),
            contract: WireContract::default(),
            order: Order::default(),
            attached: None,
        }
    }
}

impl Layout for PlaceOrder {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        order::order_id(pass, 1, &mut self.order_id)?;
        order::lay_placed(&mut self.contract, &mut self.order, pass)?;
        // The official client sends an empty one at versions that do not have it.
        if pass.is_text() {
            return Ok(());
        }
        order::maybe(pass, 4, "attachedOrders", &mut self.attached)?;
        let is_too_early = !pass.version().has(ATTACHED_ORDERS);
        match &self.attached {
            Some(attached) if is_too_early && *attached != AttachedOrders::default() => {
                Err(order::out_of_range("attachedOrders"))
            }
            Some(_) | None => Ok(()),
        }
    }
}

impl Layout for AttachedOrders {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        order::int(pass, Gate::tag(1), "slOrderId", &mut self.stop_loss_id)?;
        pass.text(2, "slOrderType", &mut self.stop_loss_type)?;
        order::int(pass, Gate::tag(3), "ptOrderId", &mut self.profit_taker_id)?;
        pass.text(4, "ptOrderType", &mut self.profit_taker_type)
    }
}
