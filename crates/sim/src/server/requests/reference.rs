//! Who takes requests about instruments.

use gatehouse_tws::request::{
    ContractDataRequest, MarketRuleRequest, MatchingSymbolsRequest, SecDefOptParamsRequest,
    SmartComponentsRequest,
};

use super::answers;

answers! {
    ContractDataRequest => |hub, call, asked| hub.contract_data(call.session, &asked);
    MatchingSymbolsRequest => |hub, call, asked| hub.matching_symbols(call.session, &asked);
    SecDefOptParamsRequest => |hub, call, asked| hub.option_chains(call.session, &asked);
    SmartComponentsRequest => |hub, call, asked| hub.smart_components(call.session, &asked);
    MarketRuleRequest => |hub, call, asked| hub.market_rule(call.session, &asked);
}
