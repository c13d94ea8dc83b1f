//! What Gatehouse itself asks of the Gateway on a bot's link: order ids, open orders, executions.

use super::{RequestId, request_codec};
use crate::layout::{Layout, Pass, Passed, ReqId};

/// Server version from which executions of other days can be asked for.
const CHOSEN_DAYS: i32 = 200;

/// reqIds: say nextValidId again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IdsRequest;

request_codec!(IdsRequest = Ids);

impl Layout for IdsRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.int(1, "numIds", &mut 1)
    }
}

/// reqOpenOrders: the open orders of this client id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OpenOrdersRequest;

request_codec!(OpenOrdersRequest = OpenOrders);

impl Layout for OpenOrdersRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)
    }
}

/// reqAllOpenOrders: the open orders of every client id and of the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AllOpenOrdersRequest;

request_codec!(AllOpenOrdersRequest = AllOpenOrders);

impl Layout for AllOpenOrdersRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)
    }
}

/// reqExecutions: the executions since midnight that fit the filter; an empty one fits all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExecutionsRequest {
    pub req_id: ReqId,
    pub filter: ExecutionFilter,
}

request_codec!(ExecutionsRequest = Executions);

impl Layout for ExecutionsRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(3)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.nested(2, "executionFilter", &mut self.filter)
    }
}

/// Which executions are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExecutionFilter {
    /// Zero for those of any client.
    pub client_id: i32,
    pub account: String,
    /// `yyyymmdd-hh:mm:ss`, the earliest wanted.
    pub time: String,
    pub symbol: String,
    pub sec_type: String,
    pub exchange: String,
    /// `BUY`, `SELL` or empty.
    pub side: String,
    pub last_n_days: Option<i32>,
    pub specific_dates: Vec<i32>,
}

impl Layout for ExecutionFilter {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.int(1, "clientId", &mut self.client_id)?;
        pass.text(2, "acctCode", &mut self.account)?;
        pass.text(3, "time", &mut self.time)?;
        pass.text(4, "symbol", &mut self.symbol)?;
        pass.text(5, "secType", &mut self.sec_type)?;
        pass.text(6, "exchange", &mut self.exchange)?;
        pass.text(7, "side", &mut self.side)?;
        if pass.is_text() && !pass.version().has(CHOSEN_DAYS) {
            return Ok(());
        }
        let gate = crate::order::Gate::tag(8);
        crate::order::int(pass, gate, "lastNDays", &mut self.last_n_days)?;
        pass.ints(9, "specificDates", &mut self.specific_dates)
    }
}
