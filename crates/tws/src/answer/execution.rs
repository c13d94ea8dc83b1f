//! execDetails (11) and its end (55), commissionReport (59).

use gatehouse_types::{
    AccountId, ClientId, Currency, Decimal, ExecId, Money, OrderId, PermId, Price, Qty, Side,
};

use super::{answer_codec, parts};
use crate::layout::{Layout, Pass, Passed, ReqId, WireContract};
use crate::order::{self, Gate, out_of_range};

/// execDetails: one execution. Unasked ones carry request id −1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecutionReport {
    pub req_id: ReqId,
    pub contract: WireContract,
    pub execution: WireExecution,
}

answer_codec!(ExecutionReport = ExecutionData);

/// An execution as the broker reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireExecution {
    pub order_id: OrderId,
    pub exec_id: ExecId,
    /// The Gateway's time with its zone, as it spells it: `20260105 09:30:00 US/Eastern`.
    pub time: String,
    pub account: AccountId,
    pub exchange: String,
    pub side: Side,
    pub shares: Qty,
    pub price: Price,
    pub perm_id: PermId,
    pub client_id: ClientId,
    pub is_liquidation: bool,
    /// Filled so far by the order.
    pub cumulative: Qty,
    pub average_price: Option<Price>,
    pub order_ref: String,
    pub ev_rule: String,
    pub ev_multiplier: Option<Decimal>,
    pub model_code: String,
    /// 1 added, 2 removed, 3 routed out, 0 unknown.
    pub last_liquidity: i32,
    pub is_price_revision_pending: bool,
    pub submitter: String,
    pub option_exercise: Option<i32>,
}

impl Default for WireExecution {
    fn default() -> Self {
        Self {
            order_id: OrderId::new(0),
            exec_id: ExecId::new(""),
            time: String::new(),
            account: AccountId::new(""),
            exchange: String::new(),
            side: Side::Buy,
            shares: Qty::ZERO,
            price: Price::new(Decimal::ZERO),
            perm_id: PermId::new(0),
            client_id: ClientId::new(0),
            is_liquidation: false,
            cumulative: Qty::ZERO,
            average_price: None,
            order_ref: String::new(),
            ev_rule: String::new(),
            ev_multiplier: None,
            model_code: String::new(),
            last_liquidity: 0,
            is_price_revision_pending: false,
            submitter: String::new(),
            option_exercise: None,
        }
    }
}

impl Default for ExecutionReport {
    fn default() -> Self {
        Self {
            req_id: ReqId::new(-1),
            contract: WireContract::default(),
            execution: WireExecution::default(),
        }
    }
}

impl Layout for ExecutionReport {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        if !pass.is_text() {
            self.contract.lay_held(2, pass)?;
            pass.nested(3, "execution", &mut self.execution)?;
        } else {
            parts::order_id(pass, 1, &mut self.execution.order_id)?;
            self.contract.lay_held(2, pass)?;
            self.execution.lay_after_order_id(pass)?;
        }
        // Protobuf may leave out whole messages; an execution of which nothing is said is none.
        if self.execution.exec_id.as_str().is_empty() {
            return Err(out_of_range("execId"));
        }
        parts::named(&self.contract)
    }
}

impl WireExecution {
    fn lay_side<P: Pass>(&mut self, pass: &mut P) -> Passed {
        let mut word = match self.side {
            Side::Buy => "BOT",
            Side::Sell => "SLD",
        }
        .to_owned();
        if !pass.is_writing() {
            word.clear();
        }
        pass.text(6, "side", &mut word)?;
        self.side = match word.as_str() {
            "BOT" => Side::Buy,
            "SLD" => Side::Sell,
            _ => return Err(out_of_range("side")),
        };
        Ok(())
    }

    fn lay_after_order_id<P: Pass>(&mut self, pass: &mut P) -> Passed {
        parts::exec_id(pass, 2, &mut self.exec_id)?;
        pass.text(3, "time", &mut self.time)?;
        parts::account(pass, 4, &mut self.account)?;
        pass.text(5, "exchange", &mut self.exchange)?;
        self.lay_side(pass)?;
        parts::qty(pass, 7, "shares", &mut self.shares)?;
        parts::price(pass, 8, "price", &mut self.price)?;
        parts::perm_id(pass, 9, &mut self.perm_id)?;
        parts::client_id(pass, 10, &mut self.client_id)?;
        order::flag(pass, Gate::tag(11), "liquidation", &mut self.is_liquidation)?;
        parts::qty(pass, 12, "cumQty", &mut self.cumulative)?;
        parts::price_or_unset(pass, 13, "avgPrice", &mut self.average_price)?;
        pass.text(14, "orderRef", &mut self.order_ref)?;
        pass.text(15, "evRule", &mut self.ev_rule)?;
        pass.double_or_unset(16, "evMultiplier", &mut self.ev_multiplier)?;
        pass.text(17, "modelCode", &mut self.model_code)?;
        pass.int(18, "lastLiquidity", &mut self.last_liquidity)?;
        if !pass.is_text() || pass.version().has(178) {
            let pending = &mut self.is_price_revision_pending;
            order::flag(pass, Gate::tag(19), "isPriceRevisionPending", pending)?;
        }
        if !pass.is_text() || pass.version().has(198) {
            pass.text(20, "submitter", &mut self.submitter)?;
        }
        Ok(())
    }
}

/// The protobuf message.
impl Layout for WireExecution {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        parts::order_id(pass, 1, &mut self.order_id)?;
        self.lay_after_order_id(pass)?;
        order::int(pass, Gate::tag(21), "optExerciseOrLapseType", &mut self.option_exercise)
    }
}

/// execDetailsEnd: every execution that was asked for was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExecutionEnd {
    pub req_id: ReqId,
}

answer_codec!(ExecutionEnd = ExecutionDataEnd);

impl Layout for ExecutionEnd {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.req_id(1, &mut self.req_id)
    }
}

/// commissionReport: what one execution cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommissionReport {
    pub exec_id: ExecId,
    pub commission: Money,
    /// `None` for an execution that only opens.
    pub realised: Option<Money>,
    pub bond_yield: Option<Decimal>,
    /// As the broker writes it; empty or 0 for what is not a bond.
    pub yield_redemption_date: String,
}

answer_codec!(CommissionReport = CommissionReport);

impl Default for CommissionReport {
    fn default() -> Self {
        Self {
            exec_id: ExecId::new(""),
            commission: Money::new(Decimal::ZERO, Currency::USD),
            realised: None,
            bond_yield: None,
            yield_redemption_date: String::new(),
        }
    }
}

impl Layout for CommissionReport {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        parts::exec_id(pass, 1, &mut self.exec_id)?;
        let mut commission = if pass.is_writing() { Some(self.commission.amount()) } else { None };
        pass.double_or_unset(2, "commissionAndFees", &mut commission)?;
        let mut currency = self.commission.currency();
        parts::currency(pass, 3, &mut currency)?;
        self.commission =
            parts::money(commission, currency).ok_or_else(|| out_of_range("commissionAndFees"))?;
        let mut realised = self.realised.map(Money::amount);
        pass.double_or_unset(4, "realizedPNL", &mut realised)?;
        self.realised = parts::money(realised, currency);
        pass.double_or_unset(5, "bondYield", &mut self.bond_yield)?;
        pass.text(6, "yieldRedemptionDate", &mut self.yield_redemption_date)
    }
}
