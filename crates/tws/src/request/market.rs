//! Requests for contracts and live market data.

use super::{RequestId, by_id, request_codec};
use crate::layout::{Layout, Pass, Passed, ReqId, TagValue, WireContract};

/// Server version from which a text contract request ends with the issuer's id.
const ISSUER_ID: i32 = 176;

/// reqContractDetails: everything about the contracts that fit the description.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContractDataRequest {
    pub req_id: ReqId,
    pub contract: WireContract,
}

request_codec!(ContractDataRequest = ContractData);

impl Layout for ContractDataRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(8)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.nested(2, "contract", &mut self.contract)?;
        if pass.is_text() {
            let contract = &mut self.contract;
            pass.flag(0, "includeExpired", &mut contract.include_expired)?;
            pass.text(0, "secIdType", &mut contract.sec_id_type)?;
            pass.text(0, "secId", &mut contract.sec_id)?;
            if pass.version().has(ISSUER_ID) {
                pass.text(0, "issuerId", &mut contract.issuer_id)?;
            }
        }
        Ok(())
    }
}

/// reqMktData: the quotes of a contract, streamed or once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MarketDataRequest {
    pub req_id: ReqId,
    pub contract: WireContract,
    /// Numbers of extra ticks, comma-separated.
    pub generic_ticks: String,
    /// One picture, then tickSnapshotEnd, then nothing.
    pub snapshot: bool,
    /// A snapshot that the exchange charges for.
    pub regulatory_snapshot: bool,
    pub options: Vec<TagValue>,
}

request_codec!(MarketDataRequest = MarketData);

impl Layout for MarketDataRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(11)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.nested(2, "contract", &mut self.contract)?;
        self.contract.lay_text_legs(pass)?;
        self.contract.lay_text_delta_neutral(pass)?;
        pass.text(3, "genericTickList", &mut self.generic_ticks)?;
        pass.flag(4, "snapshot", &mut self.snapshot)?;
        pass.flag(5, "regulatorySnapshot", &mut self.regulatory_snapshot)?;
        pass.options(6, "marketDataOptions", &mut self.options)
    }
}

by_id!(
    /// cancelMktData: no more quotes for this request.
    CancelMarketData = CancelMarketData, version 2
);

/// reqMarketDataType: which kind of quotes later requests shall get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MarketDataTypeRequest {
    /// 1 live, 2 frozen, 3 delayed, 4 delayed and frozen.
    pub market_data_type: i32,
}

request_codec!(MarketDataTypeRequest = MarketDataType);

impl Layout for MarketDataTypeRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.int(1, "marketDataType", &mut self.market_data_type)
    }
}

/// reqTickByTickData: every tick of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TickByTickRequest {
    pub req_id: ReqId,
    pub contract: WireContract,
    /// `Last`, `AllLast`, `BidAsk` or `MidPoint`.
    pub tick_type: String,
    /// Past ticks wanted first; zero for none.
    pub n_ticks: i32,
    /// Leave out ticks that only change a size.
    pub ignore_size: bool,
}

request_codec!(TickByTickRequest = TickByTickData);

impl Layout for TickByTickRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.nested(2, "contract", &mut self.contract)?;
        pass.text(3, "tickType", &mut self.tick_type)?;
        pass.int(4, "numberOfTicks", &mut self.n_ticks)?;
        pass.flag(5, "ignoreSize", &mut self.ignore_size)
    }
}

by_id!(
    /// cancelTickByTickData: no more ticks for this request.
    CancelTickByTick = CancelTickByTickData
);

/// reqMatchingSymbols: contracts whose symbol or name begins like this.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MatchingSymbolsRequest {
    pub req_id: ReqId,
    pub pattern: String,
}

request_codec!(MatchingSymbolsRequest = MatchingSymbols);

impl Layout for MatchingSymbolsRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "pattern", &mut self.pattern)
    }
}

/// reqMarketRule: the price steps of a rule that contract details name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MarketRuleRequest {
    pub rule_id: i32,
}

request_codec!(MarketRuleRequest = MarketRule);

impl Layout for MarketRuleRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.int(1, "marketRuleId", &mut self.rule_id)
    }
}
