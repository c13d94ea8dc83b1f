//! historicalSchedule (106): when an instrument traded.

use super::answer_codec;
use crate::layout::{Layout, Pass, Passed, ReqId};

/// historicalSchedule: the answer to a request for bars of `SCHEDULE`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoricalSchedule {
    pub req_id: ReqId,
    /// `yyyymmdd-hh:mm:ss` in the zone below, as all its times.
    pub start: String,
    pub end: String,
    /// `US/Eastern`, ….
    pub time_zone: String,
    pub sessions: Vec<PastSession>,
}

answer_codec!(HistoricalSchedule = HistoricalSchedule);

impl Layout for HistoricalSchedule {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.text(2, "startDateTime", &mut self.start)?;
        pass.text(3, "endDateTime", &mut self.end)?;
        pass.text(4, "timeZone", &mut self.time_zone)?;
        pass.list(5, "historicalSessions", &mut self.sessions)
    }
}

/// One session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PastSession {
    pub start: String,
    pub end: String,
    /// `yyyymmdd`, the trade date.
    pub reference_date: String,
}

impl Layout for PastSession {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.text(1, "startDateTime", &mut self.start)?;
        pass.text(2, "endDateTime", &mut self.end)?;
        pass.text(3, "refDate", &mut self.reference_date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ServerVersion;

    #[test]
    fn it_is_written_as_the_official_client_reads_it() {
        let schedule = HistoricalSchedule {
            req_id: ReqId::new(5),
            start: "a".to_owned(),
            end: "b".to_owned(),
            time_zone: "US/Eastern".to_owned(),
            sessions: vec![PastSession {
                start: "c".to_owned(),
                end: "d".to_owned(),
                reference_date: "20260105".to_owned(),
            }],
        };
        let text = schedule.encode(ServerVersion::new(178)).expect("encodes");
        let text = String::from_utf8_lossy(&text).replace('\0', "|");
        assert_eq!(text, "106|5|a|b|US/Eastern|1|c|d|20260105|");
        let mut body = 306_i32.to_be_bytes().to_vec();
        body.extend(b"\x08\x05\x12\x01a\x1a\x01b\x22\x0aUS/Eastern");
        body.extend(b"\x2a\x10\x0a\x01c\x12\x01d\x1a\x0820260105");
        assert_eq!(schedule.encode(ServerVersion::new(226)), Ok(body));
        for version in (157..=226).map(ServerVersion::new) {
            let body = schedule.encode(version).expect("encodes");
            assert_eq!(HistoricalSchedule::decode(version, &body).as_ref(), Ok(&schedule));
        }
    }
}
