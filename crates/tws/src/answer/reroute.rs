//! The advice to ask for another contract: the quotes (91) and the book (92) of a CFD are those of
//! its underlying.

use super::answer_codec;
use crate::layout::{Layout, Pass, Passed, ReqId};

/// The two messages differ by their id only.
macro_rules! reroute {
    ($(#[$doc:meta])* $type:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct $type {
            pub req_id: ReqId,
            /// Id of the contract to ask for instead.
            pub con_id: i32,
            pub exchange: String,
        }

        answer_codec!($type = $type);

        impl Layout for $type {
            fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
                pass.req_id(1, &mut self.req_id)?;
                pass.int(2, "conId", &mut self.con_id)?;
                pass.text(3, "exchange", &mut self.exchange)
            }
        }
    };
}

reroute!(
    /// rerouteMktDataReq: ask for the quotes of this contract instead.
    RerouteMarketData
);
reroute!(
    /// rerouteMktDepthReq: ask for the book of this contract instead.
    RerouteMarketDepth
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ServerVersion;

    #[test]
    fn both_are_written_as_the_official_client_reads_them() {
        let (req_id, con_id, exchange) = (ReqId::new(9), 8314, "SMART".to_owned());
        let data = RerouteMarketData { req_id, con_id, exchange: exchange.clone() };
        let depth = RerouteMarketDepth { req_id, con_id, exchange };
        let version = ServerVersion::new(178);
        let text = |id: &str| [id, "9", "8314", "SMART", ""].join("\0").into_bytes();
        assert_eq!(data.encode(version), Ok(text("91")));
        assert_eq!(depth.encode(version), Ok(text("92")));
        let bytes =
            |id: u8| [&[0, 0, 1, id], b"\x08\x09\x10\xfa\x40\x1a\x05SMART".as_slice()].concat();
        let version = ServerVersion::new(226);
        assert_eq!(data.encode(version), Ok(bytes(0x23)));
        assert_eq!(depth.encode(version), Ok(bytes(0x24)));
        for version in (157..=226).map(ServerVersion::new) {
            let body = data.encode(version).expect("encodes");
            assert_eq!(RerouteMarketData::decode(version, &body).as_ref(), Ok(&data));
            let body = depth.encode(version).expect("encodes");
            assert_eq!(RerouteMarketDepth::decode(version, &body).as_ref(), Ok(&depth));
        }
    }
}
