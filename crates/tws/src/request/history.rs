//! Requests for bars.

use super::{RequestId, by_id, request_codec};
use crate::layout::{Layout, Pass, Passed, ReqId, TagValue, WireContract};

/// reqHistoricalData: bars that end at an instant, and the growing one if asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoricalDataRequest {
    pub req_id: ReqId,
    pub contract: WireContract,
    /// `yyyymmdd hh:mm:ss zone` or `yyyymmdd-hh:mm:ss` in UTC; empty for the present.
    pub end: String,
    /// `1 D`, `2 W`, `3600 S`, ….
    pub duration: String,
    /// `1 min`, `5 mins`, `1 day`, ….
    pub bar_size: String,
    /// `TRADES`, `MIDPOINT`, `BID`, `ASK`, ….
    pub what_to_show: String,
    /// Regular trading hours only.
    pub use_rth: bool,
    /// 1 for text in the exchange's zone, 2 for seconds since 1970.
    pub format_date: i32,
    pub keep_up_to_date: bool,
    pub options: Vec<TagValue>,
}

request_codec!(HistoricalDataRequest = HistoricalData);

impl Layout for HistoricalDataRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.nested(2, "contract", &mut self.contract)?;
        if pass.is_text() {
            pass.flag(0, "includeExpired", &mut self.contract.include_expired)?;
        }
        pass.text(3, "endDateTime", &mut self.end)?;
        pass.text(4, "barSizeSetting", &mut self.bar_size)?;
        pass.text(5, "duration", &mut self.duration)?;
        pass.flag(6, "useRTH", &mut self.use_rth)?;
        pass.text(7, "whatToShow", &mut self.what_to_show)?;
        pass.int(8, "formatDate", &mut self.format_date)?;
        self.contract.lay_text_legs(pass)?;
        pass.flag(9, "keepUpToDate", &mut self.keep_up_to_date)?;
        pass.options(10, "chartOptions", &mut self.options)
    }
}

by_id!(
    /// cancelHistoricalData: no more bars for this request.
    CancelHistoricalData = CancelHistoricalData, version 1
);

/// reqHeadTimestamp: when the history of a contract begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeadTimestampRequest {
    pub req_id: ReqId,
    pub contract: WireContract,
    pub what_to_show: String,
    pub use_rth: bool,
    /// 1 for `yyyymmdd-hh:mm:ss` in UTC, 2 for seconds since 1970.
    pub format_date: i32,
}

request_codec!(HeadTimestampRequest = HeadTimestamp);

impl Layout for HeadTimestampRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.nested(2, "contract", &mut self.contract)?;
        if pass.is_text() {
            pass.flag(0, "includeExpired", &mut self.contract.include_expired)?;
        }
        pass.flag(3, "useRTH", &mut self.use_rth)?;
        pass.text(4, "whatToShow", &mut self.what_to_show)?;
        pass.int(5, "formatDate", &mut self.format_date)
    }
}

by_id!(
    /// cancelHeadTimestamp: the answer is not wanted any more.
    CancelHeadTimestamp = CancelHeadTimestamp
);

/// reqRealTimeBars: a bar every five seconds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RealTimeBarsRequest {
    pub req_id: ReqId,
    pub contract: WireContract,
    /// In seconds; the broker gives five whatever is asked, and Rust `ibapi` sends 0.
    pub bar_size: i32,
    pub what_to_show: String,
    pub use_rth: bool,
    pub options: Vec<TagValue>,
}

request_codec!(RealTimeBarsRequest = RealTimeBars);

impl Layout for RealTimeBarsRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(3)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.nested(2, "contract", &mut self.contract)?;
        pass.int(3, "barSize", &mut self.bar_size)?;
        pass.text(4, "whatToShow", &mut self.what_to_show)?;
        pass.flag(5, "useRTH", &mut self.use_rth)?;
        pass.options(6, "realTimeBarsOptions", &mut self.options)
    }
}

by_id!(
    /// cancelRealTimeBars: no more bars for this request.
    CancelRealTimeBars = CancelRealTimeBars, version 1
);
