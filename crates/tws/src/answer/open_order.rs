//! openOrder (5) and its end (53): an order as the broker holds it.

use gatehouse_types::{Decimal, OrderId};

use super::{BrokerStatus, answer_codec, parts};
use crate::layout::{Layout, Pass, Passed, WireContract};
use crate::order::{self, Gate, Order, out_of_range};

/// openOrder: the order with what the broker says about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOrder {
    pub order_id: OrderId,
    pub contract: WireContract,
    pub order: Order,
    pub state: OrderState,
}

answer_codec!(OpenOrder = OpenOrder);

impl Default for OpenOrder {
    fn default() -> Self {
        Self {
            order_id: OrderId::new(0),
            contract: WireContract::default(),
            order: Order::default(),
            state: OrderState::default(),
        }
    }
}

impl Layout for OpenOrder {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        parts::order_id(pass, 1, &mut self.order_id)?;
        if pass.is_writing() {
            self.order.order_id.get_or_insert(self.order_id.get());
        }
        order::lay_open(&mut self.contract, &mut self.order, &mut self.state, pass)?;
        self.order.order_id.get_or_insert(self.order_id.get());
        // Protobuf may leave out whole messages; an order of which nothing is said is none.
        if self.order.side().is_none() {
            return Err(out_of_range("action"));
        }
        parts::named(&self.contract)
    }
}

/// Margin and commission of an order, all of them estimates of the broker.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderState {
    /// `None` when the broker gives none, as for a what-if.
    pub status: Option<BrokerStatus>,
    pub init_margin_before: Option<Decimal>,
    pub maint_margin_before: Option<Decimal>,
    pub equity_with_loan_before: Option<Decimal>,
    pub init_margin_change: Option<Decimal>,
    pub maint_margin_change: Option<Decimal>,
    pub equity_with_loan_change: Option<Decimal>,
    pub init_margin_after: Option<Decimal>,
    pub maint_margin_after: Option<Decimal>,
    pub equity_with_loan_after: Option<Decimal>,
    pub commission: Option<Decimal>,
    pub min_commission: Option<Decimal>,
    pub max_commission: Option<Decimal>,
    pub commission_currency: String,
    pub margin_currency: String,
    pub outside_rth: OutsideRth,
    pub suggested_size: String,
    pub reject_reason: String,
    pub allocations: Vec<Allocation>,
    pub warning_text: String,
    pub completed_time: String,
    pub completed_status: String,
}

/// The same margins outside regular trading hours; protobuf only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutsideRth {
    pub margins: [Option<Decimal>; 9],
}

/// What an adviser's account gets of an order; protobuf only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Allocation {
    pub account: String,
    pub position: String,
    pub position_desired: String,
    pub position_after: String,
    pub desired_quantity: String,
    pub allowed_quantity: String,
    pub is_monetary: bool,
}

impl OrderState {
    fn margins(&mut self) -> [(&'static str, &mut Option<Decimal>); 9] {
        [
            ("initMarginBefore", &mut self.init_margin_before),
            ("maintMarginBefore", &mut self.maint_margin_before),
            ("equityWithLoanBefore", &mut self.equity_with_loan_before),
            ("initMarginChange", &mut self.init_margin_change),
            ("maintMarginChange", &mut self.maint_margin_change),
            ("equityWithLoanChange", &mut self.equity_with_loan_change),
            ("initMarginAfter", &mut self.init_margin_after),
            ("maintMarginAfter", &mut self.maint_margin_after),
            ("equityWithLoanAfter", &mut self.equity_with_loan_after),
        ]
    }

    pub(crate) fn lay_status<P: Pass>(&mut self, pass: &mut P) -> Passed {
        let mut status = self.status.map(|status| status.as_wire().to_owned()).unwrap_or_default();
        pass.text(1, "status", &mut status)?;
        self.status = match status.as_str() {
            "" => None,
            word => Some(BrokerStatus::from_wire(word).ok_or_else(|| out_of_range("status"))?),
        };
        Ok(())
    }

    fn lay_amounts<P: Pass>(&mut self, pass: &mut P) -> Passed {
        for (tag, (name, margin)) in (2..).zip(self.margins()) {
            pass.double_or_unset(tag, name, margin)?;
        }
        pass.double_or_unset(11, "commissionAndFees", &mut self.commission)?;
        pass.double_or_unset(12, "minCommissionAndFees", &mut self.min_commission)?;
        pass.double_or_unset(13, "maxCommissionAndFees", &mut self.max_commission)?;
        pass.text(14, "commissionAndFeesCurrency", &mut self.commission_currency)
    }

    fn lay_preview<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.text(15, "marginCurrency", &mut self.margin_currency)?;
        for (tag, margin) in (16..).zip(&mut self.outside_rth.margins) {
            pass.double_or_unset(tag, "margin outside RTH", margin)?;
        }
        pass.text(25, "suggestedSize", &mut self.suggested_size)?;
        pass.text(26, "rejectReason", &mut self.reject_reason)?;
        pass.list(27, "orderAllocations", &mut self.allocations)
    }

    /// The fields between `whatIf` and `randomizeSize` of the text form.
    pub(crate) fn lay_text<P: Pass>(&mut self, pass: &mut P) -> Passed {
        self.lay_status(pass)?;
        self.lay_amounts(pass)?;
        if pass.version().has(195) {
            self.lay_preview(pass)?;
        }
        pass.text(28, "warningText", &mut self.warning_text)
    }
}

/// The protobuf message.
impl Layout for OrderState {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        self.lay_status(pass)?;
        self.lay_amounts(pass)?;
        self.lay_preview(pass)?;
        pass.text(28, "warningText", &mut self.warning_text)?;
        pass.text(29, "completedTime", &mut self.completed_time)?;
        pass.text(30, "completedStatus", &mut self.completed_status)
    }
}

impl Layout for Allocation {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.text(1, "account", &mut self.account)?;
        pass.text(2, "position", &mut self.position)?;
        pass.text(3, "positionDesired", &mut self.position_desired)?;
        pass.text(4, "positionAfter", &mut self.position_after)?;
        pass.text(5, "desiredAllocQty", &mut self.desired_quantity)?;
        pass.text(6, "allowedAllocQty", &mut self.allowed_quantity)?;
        order::flag(pass, Gate::tag(7), "isMonetary", &mut self.is_monetary)
    }
}

/// openOrderEnd: every open order was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OpenOrderEnd;

answer_codec!(OpenOrderEnd = OpenOrderEnd);

impl Layout for OpenOrderEnd {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)
    }
}
