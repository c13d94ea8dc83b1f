//! Who takes requests about instruments.

use gatehouse_tws::request::{
    CalculateImpliedVolatility, CalculateOptionPrice, CancelCalculateImpliedVolatility,
    CancelCalculateOptionPrice, ContractDataRequest, MarketRuleRequest, MatchingSymbolsRequest,
    SecDefOptParamsRequest, SmartComponentsRequest,
};

use super::answers;

answers! {
    ContractDataRequest => |hub, call, asked| hub.contract_data(call.session, &asked);
    MatchingSymbolsRequest => |hub, call, asked| hub.matching_symbols(call.session, &asked);
    SecDefOptParamsRequest => |hub, call, asked| hub.option_chains(call.session, &asked);
    SmartComponentsRequest => |hub, call, asked| hub.smart_components(call.session, &asked);
    CalculateImpliedVolatility => |hub, call, asked| hub.implied_volatility(call.session, &asked);
    CalculateOptionPrice => |hub, call, asked| hub.option_price(call.session, &asked);
    CancelCalculateImpliedVolatility => |_, _, _| {};
    CancelCalculateOptionPrice => |_, _, _| {};
    MarketRuleRequest => |hub, call, asked| hub.market_rule(call.session, &asked);
}
