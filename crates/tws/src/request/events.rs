//! Requests for corporate events (Wall Street Horizon) and for the fundamental data that 10.47
//! dropped.

use super::{RequestId, by_id, request_codec};
use crate::ServerVersion;
use crate::layout::{FieldError, Layout, Pass, Passed, ReqId, TagValue, WireContract};
use crate::text::TextError;

/// Server version from which events may be asked for.
const EVENTS: i32 = 161;
/// Server version from which events are filtered.
const FILTERS: i32 = 171;
/// Server version from which events are filtered by date.
const DATES: i32 = 173;

fn known_since(version: ServerVersion) -> Passed {
    if version.has(EVENTS) {
        return Ok(());
    }
    Err(FieldError::Text(TextError::Missing { name: "server version 161" }))
}

/// A message of one id that is newer than 157.
macro_rules! by_id_since_161 {
    ($(#[$doc:meta])* $type:ident = $id:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct $type {
            pub req_id: ReqId,
        }

        request_codec!($type = $id);

        impl Layout for $type {
            fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
                known_since(pass.version())?;
                pass.req_id(1, &mut self.req_id)
            }
        }
    };
}

by_id_since_161!(
    /// reqWshMetaData: which kinds of events there are.
    WshMetaDataRequest = WshMetaData
);
by_id_since_161!(
    /// cancelWshMetaData: the kinds are not wanted any more.
    CancelWshMetaData = CancelWshMetaData
);
by_id_since_161!(
    /// cancelWshEventData: the events are not wanted any more.
    CancelWshEventData = CancelWshEventData
);

/// reqWshEventData: the events of a contract, or of what a filter describes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WshEventDataRequest {
    pub req_id: ReqId,
    /// `None` when a filter says what is meant.
    pub con_id: Option<i32>,
    /// JSON.
    pub filter: String,
    pub fill_watchlist: bool,
    pub fill_portfolio: bool,
    pub fill_competitors: bool,
    /// `yyyymmdd`; may be empty.
    pub start_date: String,
    /// `yyyymmdd`; may be empty.
    pub end_date: String,
    /// At most 100.
    pub n_results: Option<i32>,
}

request_codec!(WshEventDataRequest = WshEventData);

impl Layout for WshEventDataRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        known_since(pass.version())?;
        pass.req_id(1, &mut self.req_id)?;
        pass.int_or_unset(2, "conId", &mut self.con_id)?;
        if pass.version().has(FILTERS) {
            pass.text(3, "filter", &mut self.filter)?;
            pass.flag(4, "fillWatchlist", &mut self.fill_watchlist)?;
            pass.flag(5, "fillPortfolio", &mut self.fill_portfolio)?;
            pass.flag(6, "fillCompetitors", &mut self.fill_competitors)?;
        }
        if pass.version().has(DATES) {
            pass.text(7, "startDate", &mut self.start_date)?;
            pass.text(8, "endDate", &mut self.end_date)?;
            pass.int_or_unset(9, "totalLimit", &mut self.n_results)?;
        }
        Ok(())
    }
}

/// reqFundamentalData: a report about a company; text at every version, because the API dropped it
/// before it got a protobuf form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FundamentalDataRequest {
    pub req_id: ReqId,
    /// Seven fields of it: neither expiry, strike, right, multiplier nor trading class.
    pub contract: WireContract,
    /// `ReportSnapshot`, `ReportsFinSummary`, ….
    pub report_type: String,
    pub options: Vec<TagValue>,
}

request_codec!(FundamentalDataRequest = FundamentalData);

impl Layout for FundamentalDataRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(2)?;
        pass.req_id(1, &mut self.req_id)?;
        self.contract.lay_company(pass)?;
        pass.text(3, "reportType", &mut self.report_type)?;
        let n_options = i32::try_from(self.options.len()).unwrap_or(i32::MAX);
        pass.text_int("optionsCount", n_options, &mut 0)?;
        pass.options(4, "fundamentalDataOptions", &mut self.options)
    }
}

by_id!(
    /// cancelFundamentalData: the report is not wanted any more.
    CancelFundamentalData = CancelFundamentalData, version 1
);
