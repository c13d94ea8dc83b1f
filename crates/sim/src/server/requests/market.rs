//! Who takes requests for market data.

use gatehouse_tws::request::{
    CancelMarketData, CancelMarketDepth, CancelRealTimeBars, CancelTickByTick, MarketDataRequest,
    MarketDataTypeRequest, MarketDepthExchangesRequest, MarketDepthRequest, RealTimeBarsRequest,
    TickByTickRequest,
};

use super::answers;

answers! {
    MarketDataRequest => |hub, call, asked| {
        if asked.contract.sec_type == "NEWS" {
            hub.broad_tape(call.session, &asked);
        } else {
            hub.market_data(call.session, &asked);
            hub.news_line(call.session, &asked);
        }
    };
    CancelMarketData => |hub, call, asked| {
        if !hub.end_news(call.session, asked.req_id) {
            hub.cancel_market_data(call.session, asked.req_id);
        }
    };
    MarketDataTypeRequest => |hub, call, asked| {
        hub.market_data_type(call.session, asked.market_data_type);
    };
    RealTimeBarsRequest => |hub, call, asked| hub.real_time_bars(call.session, &asked);
    CancelRealTimeBars => |hub, call, asked| {
        hub.cancel_real_time_bars(call.session, asked.req_id);
    };
    MarketDepthRequest => |hub, call, asked| hub.market_depth(call.session, &asked);
    CancelMarketDepth => |hub, call, asked| hub.cancel_market_depth(call.session, &asked);
    MarketDepthExchangesRequest => |hub, call, _| hub.depth_exchanges(call.session);
    TickByTickRequest => |hub, call, asked| hub.tick_by_tick(call.session, &asked);
    CancelTickByTick => |hub, call, asked| hub.cancel_tick_by_tick(call.session, asked.req_id);
}
