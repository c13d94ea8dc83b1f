//! The order itself, as it travels in both directions: in placeOrder from a client, in openOrder
//! from the Gateway.
//!
//! It knows layouts, not what an order may do; [`features`] names what goes beyond a plain order
//! and leaves the judgement to others. Called by `request::PlaceOrder` and `answer::OpenOrder`.

mod completed;
mod condition;
mod contract;
pub mod features;
mod fields;
mod lay;
mod open;
mod place;

use gatehouse_types::{Family, OrderId, OrderKind, Price, Side};

pub use condition::Condition;
pub use fields::{BestOffset, Order, SoftDollarTier};

use crate::layout::{Layout, Pass, Passed, WireContract};

pub(crate) use lay::{Gate, flag, int, long, maybe, order_id, out_of_range};

impl Order {
    /// Returns the direction, or `None` when the action is neither `BUY` nor `SELL`.
    #[must_use]
    pub fn side(&self) -> Option<Side> {
        match self.action.as_str() {
            "BUY" => Some(Side::Buy),
            "SELL" => Some(Side::Sell),
            _ => None,
        }
    }

    /// Returns the type with the prices that it uses.
    #[must_use]
    pub fn kind(&self) -> OrderKind {
        let limit = self.lmt_price.map(Price::new);
        let trigger = self.aux_price.map(Price::new);
        match self.order_type.as_str() {
            "MKT" => OrderKind::Market,
            "LMT" => OrderKind::Limit { limit },
            "STP" => OrderKind::Stop { trigger },
            "STP LMT" => OrderKind::StopLimit { trigger, limit },
            other => OrderKind::Other { name: other.to_owned() },
        }
    }

    /// Returns how the order hangs together with others.
    #[must_use]
    pub fn family(&self) -> Family {
        Family {
            parent_id: self.parent_id.filter(|id| *id != 0).map(OrderId::new),
            oca_group: self.oca_group.clone(),
            oca_type: self.oca_type.filter(|number| *number != 0 && !self.oca_group.is_empty()),
            transmit: self.transmit,
        }
    }

    /// Sets type and prices.
    pub fn set_kind(&mut self, kind: &OrderKind) {
        kind.name().clone_into(&mut self.order_type);
        self.lmt_price = kind.limit().map(Price::value);
        self.aux_price = kind.trigger().map(Price::value);
    }
}

/// The protobuf message; text has two layouts of its own.
impl Layout for Order {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        self.lay_scalars(pass)?;
        lay::pairs(pass, 62, "algoParams", &mut self.algo_params)?;
        lay::pairs(pass, 64, "smartComboRoutingParams", &mut self.combo_routing_params)?;
        lay::pairs(pass, 84, "orderMiscOptions", &mut self.misc_options)?;
        pass.list(100, "conditions", &mut self.conditions)?;
        let mut tier =
            Some(self.soft_dollar_tier.clone()).filter(|tier| *tier != SoftDollarTier::default());
        maybe(pass, 105, "softDollarTier", &mut tier)?;
        self.soft_dollar_tier = tier.unwrap_or_default();
        Ok(())
    }
}

impl Layout for SoftDollarTier {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.text(1, "name", &mut self.name)?;
        pass.text(2, "value", &mut self.value)?;
        pass.text(3, "displayName", &mut self.display_name)
    }
}

/// Lays the contract and the order of placeOrder: in line in text, as two messages in protobuf.
pub(crate) fn lay_placed<P: Pass>(
    contract: &mut WireContract,
    order: &mut Order,
    pass: &mut P,
) -> Passed {
    if pass.is_text() {
        return place::lay_text(contract, order, pass);
    }
    lay_messages(2, contract, order, pass)
}

/// Lays the contract of an exercise: eleven fields in text, without its primary exchange.
pub(crate) fn lay_exercised<P: Pass>(contract: &mut WireContract, pass: &mut P) -> Passed {
    if pass.is_text() {
        return contract::lay_exercised_text(contract, pass);
    }
    let mut wrapped = contract::OrderContract(std::mem::take(contract));
    pass.nested(2, "contract", &mut wrapped)?;
    *contract = wrapped.0;
    Ok(())
}

/// Lays the contract, the order and, in text, what stands between their fields in openOrder.
pub(crate) fn lay_open<P: Pass>(
    contract: &mut WireContract,
    order: &mut Order,
    state: &mut crate::answer::OrderState,
    pass: &mut P,
) -> Passed {
    if pass.is_text() {
        return open::lay_text(contract, order, state, pass);
    }
    lay_messages(2, contract, order, pass)?;
    pass.nested(4, "orderState", state)
}

/// Lays the contract, the order and how it ended.
pub(crate) fn lay_completed<P: Pass>(
    contract: &mut WireContract,
    order: &mut Order,
    state: &mut crate::answer::OrderState,
    pass: &mut P,
) -> Passed {
    if pass.is_text() {
        return completed::lay_text(contract, order, state, pass);
    }
    lay_messages(1, contract, order, pass)?;
    pass.nested(3, "orderState", state)
}

/// Lays the contract under `tag` and the order under the tag after it.
fn lay_messages<P: Pass>(
    tag: u32,
    contract: &mut WireContract,
    order: &mut Order,
    pass: &mut P,
) -> Passed {
    let mut wrapped = contract::OrderContract(std::mem::take(contract));
    pass.nested(tag, "contract", &mut wrapped)?;
    *contract = wrapped.0;
    pass.nested(tag + 1, "order", order)
}
