//! Requests for the book of an instrument (10, 11) and for the exchanges that have one (82).

use super::{RequestId, request_codec};
use crate::layout::{Layout, Pass, Passed, ReqId, TagValue, WireContract};

/// reqMktDepth: the rows of a book, as they change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MarketDepthRequest {
    pub req_id: ReqId,
    pub contract: WireContract,
    /// Rows of each side.
    pub n_rows: i32,
    /// The books of every exchange in one.
    pub is_smart: bool,
    pub options: Vec<TagValue>,
}

request_codec!(MarketDepthRequest = MarketDepth);

impl Layout for MarketDepthRequest {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(5)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.nested(2, "contract", &mut self.contract)?;
        pass.int(3, "numRows", &mut self.n_rows)?;
        pass.flag(4, "isSmartDepth", &mut self.is_smart)?;
        pass.options(5, "marketDepthOptions", &mut self.options)
    }
}

/// cancelMktDepth: no more rows for this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CancelMarketDepth {
    pub req_id: ReqId,
    /// As the request said.
    pub is_smart: bool,
}

request_codec!(CancelMarketDepth = CancelMarketDepth);

impl Layout for CancelMarketDepth {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.flag(2, "isSmartDepth", &mut self.is_smart)
    }
}

/// reqMktDepthExchanges: where books can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MarketDepthExchangesRequest;

request_codec!(MarketDepthExchangesRequest = MarketDepthExchanges);

impl Layout for MarketDepthExchangesRequest {
    fn lay<P: Pass>(&mut self, _pass: &mut P) -> Passed {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ServerVersion;
    use crate::request::Request;
    use gatehouse_types::ConId;

    /// What clients send, without the id in front: text at 178 and 200, protobuf at 206 and 226.
    fn check(request: &Request, text: &str, protobuf: &[u8]) {
        let id = request.id();
        for number in [157, 178, 200] {
            let version = ServerVersion::new(number);
            let body = [format!("{id}\0").as_bytes(), text.as_bytes()].concat();
            assert_eq!(Request::decode(version, &body).as_ref(), Ok(request), "{number}");
            assert_eq!(request.encode(version).as_ref(), Some(&body), "{number}");
        }
        let since = if id == 82 { 213 } else { 206 };
        for number in [since, 226] {
            let version = ServerVersion::new(number);
            let body = [(200 + id).to_be_bytes().as_slice(), protobuf].concat();
            assert_eq!(Request::decode(version, &body).as_ref(), Ok(request), "{number}");
        }
        let version = ServerVersion::new(since - 1);
        let body = [id.to_be_bytes().as_slice(), text.as_bytes()].concat();
        assert_eq!(Request::decode(version, &body).as_ref(), Ok(request), "before {since}");
        for version in (157..=226).map(ServerVersion::new) {
            let body = request.encode(version).expect("has a codec");
            assert_eq!(Request::decode(version, &body).as_ref(), Ok(request), "{version}");
        }
    }

    #[test]
    fn a_book_is_asked_for_as_clients_do() {
        let asked = MarketDepthRequest {
            req_id: ReqId::new(5),
            contract: WireContract {
                con_id: Some(ConId::new(756_733)),
                symbol: "SPY".to_owned(),
                sec_type: "STK".to_owned(),
                exchange: "SMART".to_owned(),
                primary_exchange: "ARCA".to_owned(),
                currency: "USD".to_owned(),
                ..WireContract::default()
            },
            n_rows: 20,
            is_smart: true,
            options: Vec::new(),
        };
        let text = "5\x005\x00756733\0SPY\0STK\0\x000\0\0\0SMART\0ARCA\0USD\0\0\x0020\x001\0\0";
        let contract =
            b"\x08\xfd\x97\x2e\x12\x03SPY\x1a\x03STK\x42\x05SMART\x4a\x04ARCA\x52\x03USD";
        let length = u8::try_from(contract.len()).expect("is short");
        let protobuf =
            [b"\x08\x05\x12".as_slice(), &[length], contract, b"\x18\x14\x20\x01"].concat();
        check(&Request::MarketDepth(asked), text, &protobuf);
    }

    #[test]
    fn a_book_is_cancelled_and_exchanges_are_asked_for_as_clients_do() {
        let cancel = CancelMarketDepth { req_id: ReqId::new(5), is_smart: true };
        check(&Request::CancelMarketDepth(cancel), "1\x005\x001\0", b"\x08\x05\x10\x01");
        check(&Request::MarketDepthExchanges(MarketDepthExchangesRequest), "", b"");
    }
}
