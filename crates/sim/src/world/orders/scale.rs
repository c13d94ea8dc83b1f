//! Scale orders: one order that works in components, each a step of price away from the one before.
//!
//! Source: the broker's page on scale orders. The first component has the initial size at the
//! order's limit, each further one the subsequent size at a limit that is the increment worse for
//! the market. Taken and without effect are the profit offset, the automatic reset, the adjustments
//! of the price by time, and the table. It must never know the market. Called by the working of
//! orders.

use gatehouse_types::{Decimal, Price, Side};

use super::order::BookedOrder;

/// The component that an order works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Component {
    /// By how much its limit is away from the order's, toward the better price for the order.
    off: Decimal,
    /// Shares that are left of it.
    pub(super) left: Decimal,
}

impl Component {
    /// Returns the limit of the component of an order with a limit.
    pub(super) fn limit(&self, side: Side, limit: Price) -> Price {
        Price::new(match side {
            Side::Buy => limit.value() - self.off,
            Side::Sell => limit.value() + self.off,
        })
    }
}

impl BookedOrder {
    /// Returns the component that it works, or `None` when it is no scale order.
    pub(super) fn component(&self) -> Option<Component> {
        let step = self.order.scale_price_increment.filter(|step| *step > Decimal::ZERO)?;
        let size = |size: Option<i32>| size.filter(|size| *size > 0).map(Decimal::from);
        let first = size(self.order.scale_init_level_size)?;
        let next = size(self.order.scale_subs_level_size).unwrap_or(first);
        if self.filled < first {
            return Some(Component { off: Decimal::ZERO, left: first - self.filled });
        }
        let beyond = self.filled - first;
        let level = (beyond / next).floor();
        let off = (level + Decimal::ONE) * step;
        Some(Component { off, left: next - (beyond - level * next) })
    }
}
