//! Requests for past ticks (96).

use super::{RequestId, request_codec};
use crate::layout::{Layout, Pass, Passed, ReqId, TagValue, WireContract};

/// reqHistoricalTicks: ticks from an instant on, or up to one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoricalTicksRequest {
    pub req_id: ReqId,
    pub contract: WireContract,
    /// Empty when the end is given, in any form that bars take.
    pub start: String,
    /// Empty when the start is given.
    pub end: String,
    /// At most 1,000.
    pub n_ticks: i32,
    /// `TRADES`, `BID_ASK` or `MIDPOINT`.
    pub what_to_show: String,
    /// Regular trading hours only.
    pub use_rth: bool,
    /// Of quotes, those that change a price only.
    pub ignore_size: bool,
    pub options: Vec<TagValue>,
}

request_codec!(HistoricalTicksRequest = HistoricalTicks);

impl Layout for HistoricalTicksRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.nested(2, "contract", &mut self.contract)?;
        if pass.is_text() {
            pass.flag(0, "includeExpired", &mut self.contract.include_expired)?;
        }
        pass.text(3, "startDateTime", &mut self.start)?;
        pass.text(4, "endDateTime", &mut self.end)?;
        pass.int(5, "numberOfTicks", &mut self.n_ticks)?;
        pass.text(6, "whatToShow", &mut self.what_to_show)?;
        pass.flag(7, "useRTH", &mut self.use_rth)?;
        pass.flag(8, "ignoreSize", &mut self.ignore_size)?;
        pass.options(9, "miscOptions", &mut self.options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ServerVersion;
    use gatehouse_types::ConId;

    fn asked() -> HistoricalTicksRequest {
        HistoricalTicksRequest {
            req_id: ReqId::new(5),
            contract: WireContract { con_id: Some(ConId::new(7)), ..WireContract::default() },
            end: "20260105-15:00:00".to_owned(),
            n_ticks: 10,
            what_to_show: "TRADES".to_owned(),
            use_rth: true,
            ..HistoricalTicksRequest::default()
        }
    }

    #[test]
    fn it_is_written_as_the_official_client_writes_it() {
        let text = asked().encode(ServerVersion::new(178)).expect("encodes");
        let text = String::from_utf8_lossy(&text).replace('\0', "|");
        assert_eq!(text, "96|5|7||||0||||||||0||20260105-15:00:00|10|TRADES|1|0||");
        let body = asked().encode(ServerVersion::new(226)).expect("encodes");
        let mut expected = 296_i32.to_be_bytes().to_vec();
        expected.extend([0x08, 5, 0x12, 2, 0x08, 7, 0x22, 17]);
        expected.extend(b"20260105-15:00:00");
        expected.extend([0x28, 10, 0x32, 6]);
        expected.extend(b"TRADES");
        expected.extend([0x38, 1]);
        assert_eq!(HistoricalTicksRequest::decode(ServerVersion::new(226), &expected), Ok(asked()));
        assert_eq!(HistoricalTicksRequest::decode(ServerVersion::new(226), &body), Ok(asked()));
    }

    #[test]
    fn it_reads_back_at_every_version() {
        for version in (157..=226).map(ServerVersion::new) {
            let body = asked().encode(version).expect("encodes");
            assert_eq!(HistoricalTicksRequest::decode(version, &body), Ok(asked()), "{version}");
        }
    }
}
