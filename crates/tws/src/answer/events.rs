//! Corporate events of Wall Street Horizon (104, 105), and reports about companies (51), which the
//! API dropped before they got a protobuf form.

use super::answer_codec;
use crate::layout::{Layout, Pass, Passed, ReqId};

/// wshMetaData: the kinds of events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WshMetaData {
    pub req_id: ReqId,
    pub json: String,
}

answer_codec!(WshMetaData = WshMetaData);

impl Layout for WshMetaData {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "dataJson", &mut self.json)
    }
}

/// wshEventData: events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WshEventData {
    pub req_id: ReqId,
    pub json: String,
}

answer_codec!(WshEventData = WshEventData);

impl Layout for WshEventData {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "dataJson", &mut self.json)
    }
}

/// fundamentalData: a report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FundamentalData {
    pub req_id: ReqId,
    pub xml: String,
}

answer_codec!(FundamentalData = FundamentalData);

impl Layout for FundamentalData {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "data", &mut self.xml)
    }
}
