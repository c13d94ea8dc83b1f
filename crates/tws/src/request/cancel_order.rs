//! cancelOrder (4) and globalCancel (58).

use gatehouse_types::OrderId;

use super::{RequestId, request_codec};
use crate::layout::{Layout, Pass, Passed};
use crate::order::{self, Gate};

/// cancelOrder: take one order of this client back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelOrder {
    pub order_id: OrderId,
    pub terms: CancelTerms,
}

request_codec!(CancelOrder = CancelOrder);

impl CancelOrder {
    /// Makes a plain cancel.
    #[must_use]
    pub fn new(order_id: OrderId) -> Self {
        Self { order_id, terms: CancelTerms::default() }
    }
}

/// globalCancel: take back every order at the broker, manual ones and other clients' included.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GlobalCancel {
    pub terms: CancelTerms,
}

request_codec!(GlobalCancel = GlobalCancel);

/// What regulated clients add to a cancel.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CancelTerms {
    pub manual_time: String,
    pub ext_operator: String,
    pub manual_order_indicator: Option<i32>,
}

impl Default for CancelOrder {
    fn default() -> Self {
        Self::new(OrderId::new(0))
    }
}

/// Server version from which a text cancel says when a person pressed it.
const MANUAL_TIME: i32 = 169;
/// Server versions whose text cancels hold three fields that nobody uses.
const DUMMIES: std::ops::Range<i32> = 187..190;
/// Server version from which cancels name an operator, and their text has no version of its own.
const TAGGED: i32 = 192;

impl Layout for CancelOrder {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        if !pass.version().has(TAGGED) {
            pass.layout_version(1)?;
        }
        order::order_id(pass, 1, &mut self.order_id)?;
        if !pass.is_text() {
            return self.terms.lay_message(pass, 2);
        }
        if pass.version().has(MANUAL_TIME) {
            pass.text(0, "manualOrderCancelTime", &mut self.terms.manual_time)?;
        }
        if DUMMIES.contains(&pass.version().get()) {
            pass.text_empty("rfq", 2)?;
            order::int(pass, Gate::tag(0), "rfq", &mut None)?;
        }
        self.terms.lay_text_tags(pass)
    }
}

impl Layout for GlobalCancel {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        if !pass.is_text() {
            return self.terms.lay_message(pass, 1);
        }
        if !pass.version().has(TAGGED) {
            return pass.layout_version(1);
        }
        self.terms.lay_text_tags(pass)
    }
}

impl CancelTerms {
    fn lay_message<P: Pass>(&mut self, pass: &mut P, tag: u32) -> Passed {
        let mut terms = Some(std::mem::take(self)).filter(|terms| *terms != Self::default());
        order::maybe(pass, tag, "orderCancel", &mut terms)?;
        *self = terms.unwrap_or_default();
        Ok(())
    }

    fn lay_text_tags<P: Pass>(&mut self, pass: &mut P) -> Passed {
        if !pass.version().has(TAGGED) {
            return Ok(());
        }
        pass.text(0, "extOperator", &mut self.ext_operator)?;
        let indicator = &mut self.manual_order_indicator;
        order::int(pass, Gate::tag(0), "manualOrderIndicator", indicator)
    }
}

/// The protobuf message.
impl Layout for CancelTerms {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.text(1, "manualOrderCancelTime", &mut self.manual_time)?;
        pass.text(2, "extOperator", &mut self.ext_operator)?;
        order::int(pass, Gate::tag(3), "manualOrderIndicator", &mut self.manual_order_indicator)
    }
}
