//! completedOrder (101) and its end (102): an order of today that is over.

use super::{OrderState, answer_codec};
use crate::layout::{Layout, Pass, Passed, WireContract};
use crate::order::{self, Order};

/// completedOrder: the order as it ended. It has no order id, only the broker's own id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompletedOrder {
    pub contract: WireContract,
    /// `filled_quantity` says how much of it was done.
    pub order: Order,
    /// `status`, `completed_time` and `completed_status` say how and when it ended.
    pub state: OrderState,
}

answer_codec!(CompletedOrder = CompletedOrder);

impl Layout for CompletedOrder {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        order::lay_completed(&mut self.contract, &mut self.order, &mut self.state, pass)
    }
}

/// completedOrdersEnd: every completed order was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CompletedOrdersEnd;

answer_codec!(CompletedOrdersEnd = CompletedOrdersEnd);

impl Layout for CompletedOrdersEnd {
    fn lay<P: Pass>(&mut self, _pass: &mut P) -> Passed {
        Ok(())
    }
}
