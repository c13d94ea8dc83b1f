//! Bars: past ones (17, 108), the growing one (90), five-second ones (50), and where a history
//! begins (88).

use gatehouse_types::Decimal;

use super::answer_codec;
use crate::ServerVersion;
use crate::layout::{FieldError, Layout, LayoutError, Pass, Passed, ReqId};
use crate::text::TextError;

/// Server version from which the end of the bars is a message of its own.
const OWN_END: i32 = 196;

/// historicalData: the bars of a request, all of them.
///
/// Below 196 it also says between which instants they lie, and ends the request; from 196 on a
/// [`HistoricalDataEnd`] must follow. [`HistoricalData::bodies`] does what the version asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoricalData {
    pub req_id: ReqId,
    /// `yyyymmdd hh:mm:ss zone`, with a zone of the IANA list; clients refuse others.
    pub start: String,
    /// In the same form.
    pub end: String,
    pub bars: Vec<Bar>,
}

answer_codec!(HistoricalData = HistoricalData);

impl HistoricalData {
    /// Returns every body that answers the request at `version`, in order.
    ///
    /// # Errors
    /// The layouts of the version are not known.
    pub fn bodies(&self, version: ServerVersion) -> Result<Vec<Vec<u8>>, LayoutError> {
        let mut bodies = vec![self.encode(version)?];
        if version.has(OWN_END) {
            let end = HistoricalDataEnd {
                req_id: self.req_id,
                start: self.start.clone(),
                end: self.end.clone(),
            };
            bodies.push(end.encode(version)?);
        }
        Ok(bodies)
    }
}

impl Layout for HistoricalData {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        if !pass.version().has(OWN_END) {
            pass.text(0, "startDate", &mut self.start)?;
            pass.text(0, "endDate", &mut self.end)?;
        }
        pass.list(2, "historicalDataBars", &mut self.bars)
    }
}

/// historicalDataEnd: no more past bars; from 196 on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoricalDataEnd {
    pub req_id: ReqId,
    pub start: String,
    pub end: String,
}

answer_codec!(HistoricalDataEnd = HistoricalDataEnd);

impl Layout for HistoricalDataEnd {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        if !pass.version().has(OWN_END) {
            return Err(FieldError::Text(TextError::Missing { name: "server version 196" }));
        }
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "startDateStr", &mut self.start)?;
        pass.text(3, "endDateStr", &mut self.end)
    }
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bar {
    /// As the request asked: seconds since 1970, `yyyymmdd`, or `yyyymmdd hh:mm:ss zone`.
    pub date: String,
    pub open: Decimal,
    pub high: Decimal,
    pub low: Decimal,
    pub close: Decimal,
    /// −1 where bars have no volume, as for `MIDPOINT`.
    pub volume: Decimal,
    /// Volume-weighted average price.
    pub wap: Decimal,
    /// Number of trades.
    pub count: i32,
}

impl Layout for Bar {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.text(1, "date", &mut self.date)?;
        pass.double(2, "open", &mut self.open)?;
        pass.double(3, "high", &mut self.high)?;
        pass.double(4, "low", &mut self.low)?;
        pass.double(5, "close", &mut self.close)?;
        pass.amount(6, "volume", &mut self.volume)?;
        pass.amount(7, "WAP", &mut self.wap)?;
        pass.int(8, "barCount", &mut self.count)
    }
}

/// historicalDataUpdate: the bar that is still growing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoricalDataUpdate {
    pub req_id: ReqId,
    pub bar: Bar,
}

answer_codec!(HistoricalDataUpdate = HistoricalDataUpdate);

impl Layout for HistoricalDataUpdate {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        if !pass.is_text() {
            return pass.nested(2, "historicalDataBar", &mut self.bar);
        }
        let bar = &mut self.bar;
        pass.int(0, "barCount", &mut bar.count)?;
        pass.text(0, "date", &mut bar.date)?;
        pass.double(0, "open", &mut bar.open)?;
        pass.double(0, "close", &mut bar.close)?;
        pass.double(0, "high", &mut bar.high)?;
        pass.double(0, "low", &mut bar.low)?;
        pass.amount(0, "WAP", &mut bar.wap)?;
        pass.amount(0, "volume", &mut bar.volume)
    }
}

/// realtimeBar: the bar of five seconds that just ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RealTimeBar {
    pub req_id: ReqId,
    /// Start of the bar, in seconds since 1970.
    pub time: i64,
    pub open: Decimal,
    pub high: Decimal,
    pub low: Decimal,
    pub close: Decimal,
    pub volume: Decimal,
    pub wap: Decimal,
    pub count: i32,
}

answer_codec!(RealTimeBar = RealTimeBars);

impl Layout for RealTimeBar {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(3)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.long(2, "time", &mut self.time)?;
        pass.double(3, "open", &mut self.open)?;
        pass.double(4, "high", &mut self.high)?;
        pass.double(5, "low", &mut self.low)?;
        pass.double(6, "close", &mut self.close)?;
        pass.amount(7, "volume", &mut self.volume)?;
        pass.amount(8, "WAP", &mut self.wap)?;
        pass.int(9, "count", &mut self.count)
    }
}

/// headTimestamp: when the history of a contract begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeadTimestamp {
    pub req_id: ReqId,
    /// As the request asked: `yyyymmdd-hh:mm:ss` in UTC or seconds since 1970.
    pub timestamp: String,
}

answer_codec!(HeadTimestamp = HeadTimestamp);

impl Layout for HeadTimestamp {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "headTimestamp", &mut self.timestamp)
    }
}
