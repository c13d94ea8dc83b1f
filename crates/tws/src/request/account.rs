//! Requests for account values, positions and profit and loss.

use super::{RequestId, by_id, request_codec};
use crate::layout::{Layout, Pass, Passed, ReqId};

/// reqAccountUpdates: the values and the portfolio of one account, until unsubscribed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountDataRequest {
    /// False ends the subscription.
    pub subscribe: bool,
    /// Empty for the only account.
    pub account: String,
}

request_codec!(AccountDataRequest = AccountData);

impl Layout for AccountDataRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(2)?;
        pass.flag(1, "subscribe", &mut self.subscribe)?;
        pass.text(2, "acctCode", &mut self.account)
    }
}

/// reqAccountSummary: chosen values of a group of accounts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountSummaryRequest {
    pub req_id: ReqId,
    /// `All`, or the name of a group.
    pub group: String,
    /// Names of values, comma-separated; may hold `$LEDGER:ALL`.
    pub tags: String,
}

request_codec!(AccountSummaryRequest = AccountSummary);

impl Layout for AccountSummaryRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "group", &mut self.group)?;
        pass.text(3, "tags", &mut self.tags)
    }
}

by_id!(
    /// cancelAccountSummary: no more values for this request.
    CancelAccountSummary = CancelAccountSummary, version 1
);

/// reqAccountUpdatesMulti: the values of an account or a model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountUpdatesMultiRequest {
    pub req_id: ReqId,
    pub account: String,
    pub model_code: String,
    /// Only the ledger and the net liquidation value.
    pub ledger_and_nlv: bool,
}

request_codec!(AccountUpdatesMultiRequest = AccountUpdatesMulti);

impl Layout for AccountUpdatesMultiRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "account", &mut self.account)?;
        pass.text(3, "modelCode", &mut self.model_code)?;
        pass.flag(4, "ledgerAndNLV", &mut self.ledger_and_nlv)
    }
}

by_id!(
    /// cancelAccountUpdatesMulti: no more values for this request.
    CancelAccountUpdatesMulti = CancelAccountUpdatesMulti, version 1
);

/// reqPositions: the positions of every account, and every later change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PositionsRequest;

request_codec!(PositionsRequest = Positions);

impl Layout for PositionsRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)
    }
}

/// cancelPositions: no more changes of positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CancelPositions;

request_codec!(CancelPositions = CancelPositions);

impl Layout for CancelPositions {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)
    }
}

/// reqPositionsMulti: the positions of an account or a model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PositionsMultiRequest {
    pub req_id: ReqId,
    pub account: String,
    pub model_code: String,
}

request_codec!(PositionsMultiRequest = PositionsMulti);

impl Layout for PositionsMultiRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "account", &mut self.account)?;
        pass.text(3, "modelCode", &mut self.model_code)
    }
}

by_id!(
    /// cancelPositionsMulti: no more changes for this request.
    CancelPositionsMulti = CancelPositionsMulti, version 1
);

/// reqPnL: profit and loss of an account or a model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PnLRequest {
    pub req_id: ReqId,
    pub account: String,
    pub model_code: String,
}

request_codec!(PnLRequest = PnL);

impl Layout for PnLRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "account", &mut self.account)?;
        pass.text(3, "modelCode", &mut self.model_code)
    }
}

by_id!(
    /// cancelPnL: no more figures for this request.
    CancelPnL = CancelPnL
);

/// reqPnLSingle: profit and loss of one position.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PnLSingleRequest {
    pub req_id: ReqId,
    pub account: String,
    pub model_code: String,
    pub con_id: i32,
}

request_codec!(PnLSingleRequest = PnLSingle);

impl Layout for PnLSingleRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "account", &mut self.account)?;
        pass.text(3, "modelCode", &mut self.model_code)?;
        pass.int(4, "conId", &mut self.con_id)
    }
}

by_id!(
    /// cancelPnLSingle: no more figures for this request.
    CancelPnLSingle = CancelPnLSingle
);
