//! Questions about option chains (78), about what the letters of exchanges mean (83), and about
//! how much traded at which price (88, 89).

use super::{RequestId, by_id, request_codec};
use crate::layout::{Layout, Pass, Passed, ReqId, WireContract};

/// reqSecDefOptParams: expiries and strikes of the options on an underlying.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SecDefOptParamsRequest {
    pub req_id: ReqId,
    pub underlying_symbol: String,
    /// Empty but for options on futures.
    pub fut_fop_exchange: String,
    pub underlying_sec_type: String,
    pub underlying_con_id: i32,
}

request_codec!(SecDefOptParamsRequest = SecDefOptParams);

impl Layout for SecDefOptParamsRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "underlyingSymbol", &mut self.underlying_symbol)?;
        pass.text(3, "futFopExchange", &mut self.fut_fop_exchange)?;
        pass.text(4, "underlyingSecType", &mut self.underlying_sec_type)?;
        pass.int(5, "underlyingConId", &mut self.underlying_con_id)
    }
}

/// reqSmartComponents: the exchanges behind the letters of a consolidated quote.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SmartComponentsRequest {
    pub req_id: ReqId,
    /// The key that tickReqParams named.
    pub bbo_exchange: String,
}

request_codec!(SmartComponentsRequest = SmartComponents);

impl Layout for SmartComponentsRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "bboExchange", &mut self.bbo_exchange)
    }
}

/// reqHistogramData: how much traded at each price.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistogramDataRequest {
    pub req_id: ReqId,
    pub contract: WireContract,
    pub use_rth: bool,
    /// `3 days`, `1 week`, ….
    pub time_period: String,
}

request_codec!(HistogramDataRequest = HistogramData);

impl Layout for HistogramDataRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.nested(2, "contract", &mut self.contract)?;
        if pass.is_text() {
            pass.flag(0, "includeExpired", &mut self.contract.include_expired)?;
        }
        pass.flag(3, "useRTH", &mut self.use_rth)?;
        pass.text(4, "timePeriod", &mut self.time_period)
    }
}

by_id!(
    /// cancelHistogramData: the answer is not wanted any more.
    CancelHistogramData = CancelHistogramData
);
