//! Who takes requests for history.

use gatehouse_tws::request::{
    CancelHeadTimestamp, CancelHistogramData, CancelHistoricalData, HeadTimestampRequest,
    HistogramDataRequest, HistoricalDataRequest, HistoricalTicksRequest,
};

use super::answers;

answers! {
    HistoricalDataRequest => |hub, call, asked| hub.historical_data(call.session, &asked);
    CancelHistoricalData => |hub, call, asked| hub.cancel_historical_data(call.session, &asked);
    HistoricalTicksRequest => |hub, call, asked| hub.historical_ticks(call.session, &asked);
    HeadTimestampRequest => |hub, call, asked| hub.head_timestamp(call.session, &asked);
    CancelHeadTimestamp => |hub, call, asked| hub.cancel_head_timestamp(call.session, &asked);
    HistogramDataRequest => |hub, call, asked| hub.histogram(call.session, &asked);
    CancelHistogramData => |_, _, _| {};
}
