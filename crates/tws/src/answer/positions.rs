//! Positions (61, 62, 71, 72), the portfolio (7) and profit and loss (94, 95).

use gatehouse_types::Decimal;

use super::{answer_codec, ending};
use crate::layout::{Layout, Pass, Passed, ReqId, WireContract};

/// position: what an account holds of one contract.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Position {
    pub account: String,
    pub contract: WireContract,
    /// Below zero for short, zero when just closed.
    pub position: Decimal,
    /// Per share, commissions included.
    pub average_cost: Decimal,
}

answer_codec!(Position = Position);

impl Layout for Position {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(3)?;
        pass.text(1, "account", &mut self.account)?;
        self.contract.lay_held(2, pass)?;
        pass.amount(3, "position", &mut self.position)?;
        pass.double(4, "avgCost", &mut self.average_cost)
    }
}

/// positionEnd: every position was said once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PositionEnd;

answer_codec!(PositionEnd = PositionEnd);

impl Layout for PositionEnd {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)
    }
}

/// positionMulti: what an account or a model holds of one contract.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PositionMulti {
    pub req_id: ReqId,
    pub account: String,
    pub contract: WireContract,
    pub position: Decimal,
    pub average_cost: Decimal,
    pub model_code: String,
}

answer_codec!(PositionMulti = PositionMulti);

impl Layout for PositionMulti {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "account", &mut self.account)?;
        self.contract.lay_held(3, pass)?;
        pass.amount(4, "position", &mut self.position)?;
        pass.double(5, "avgCost", &mut self.average_cost)?;
        pass.text(6, "modelCode", &mut self.model_code)
    }
}

ending!(
    /// positionMultiEnd: every position was said once.
    PositionMultiEnd = PositionMultiEnd, version 1
);

/// updatePortfolio: a position with what it is worth.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PortfolioValue {
    /// Text carries the primary exchange only.
    pub contract: WireContract,
    pub position: Decimal,
    pub market_price: Decimal,
    pub market_value: Decimal,
    pub average_cost: Decimal,
    pub unrealized_pnl: Decimal,
    pub realized_pnl: Decimal,
    pub account: String,
}

answer_codec!(PortfolioValue = PortfolioValue);

impl Layout for PortfolioValue {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(8)?;
        self.contract.lay_portfolio(1, pass)?;
        pass.amount(2, "position", &mut self.position)?;
        pass.double(3, "marketPrice", &mut self.market_price)?;
        pass.double(4, "marketValue", &mut self.market_value)?;
        pass.double(5, "averageCost", &mut self.average_cost)?;
        pass.double(6, "unrealizedPNL", &mut self.unrealized_pnl)?;
        pass.double(7, "realizedPNL", &mut self.realized_pnl)?;
        pass.text(8, "accountName", &mut self.account)
    }
}

/// pnl: profit and loss of an account, in its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PnL {
    pub req_id: ReqId,
    /// `None` while the broker does not know.
    pub daily: Option<Decimal>,
    pub unrealized: Option<Decimal>,
    pub realized: Option<Decimal>,
}

answer_codec!(PnL = PnL);

impl Layout for PnL {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.double_or_unset(2, "dailyPnL", &mut self.daily)?;
        pass.double_or_unset(3, "unrealizedPnL", &mut self.unrealized)?;
        pass.double_or_unset(4, "realizedPnL", &mut self.realized)
    }
}

/// pnlSingle: profit and loss of one position, in its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PnLSingle {
    pub req_id: ReqId,
    pub position: Decimal,
    /// `None` while the broker does not know.
    pub daily: Option<Decimal>,
    pub unrealized: Option<Decimal>,
    pub realized: Option<Decimal>,
    pub value: Option<Decimal>,
}

answer_codec!(PnLSingle = PnLSingle);

impl Layout for PnLSingle {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.amount(2, "position", &mut self.position)?;
        pass.double_or_unset(3, "dailyPnL", &mut self.daily)?;
        pass.double_or_unset(4, "unrealizedPnL", &mut self.unrealized)?;
        pass.double_or_unset(5, "realizedPnL", &mut self.realized)?;
        pass.double_or_unset(6, "value", &mut self.value)
    }
}
