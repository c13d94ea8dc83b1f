//! The rows of a book (12, 13) and the exchanges that have one (80).

use gatehouse_types::Decimal;

use super::answer_codec;
use crate::layout::{Layout, Pass, Passed, ReqId};

/// What happens to the row at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RowChange {
    /// It is new; the rows from its position on move down.
    #[default]
    Insert,
    Update,
    /// It is gone; price and size are 0.
    Delete,
}

impl RowChange {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        let mut number = match self {
            Self::Insert => 0,
            Self::Update => 1,
            Self::Delete => 2,
        };
        pass.int(2, "operation", &mut number)?;
        *self = match number {
            0 => Self::Insert,
            1 => Self::Update,
            2 => Self::Delete,
            _ => return Err(crate::order::out_of_range("operation")),
        };
        Ok(())
    }
}

/// One change of a book.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DepthRow {
    /// From the best price, 0, on.
    pub position: i32,
    pub change: RowChange,
    pub is_bid: bool,
    pub price: Decimal,
    pub size: Decimal,
}

impl DepthRow {
    fn lay_side<P: Pass>(&mut self, pass: &mut P) -> Passed {
        self.change.lay(pass)?;
        let mut side = i32::from(self.is_bid);
        pass.int(3, "side", &mut side)?;
        self.is_bid = side == 1;
        pass.double(4, "price", &mut self.price)?;
        pass.amount(5, "size", &mut self.size)
    }
}

impl Layout for DepthRow {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.int(1, "position", &mut self.position)?;
        self.lay_side(pass)
    }
}

/// updateMktDepth: a change of a book whose rows name nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MarketDepth {
    pub req_id: ReqId,
    pub row: DepthRow,
}

answer_codec!(MarketDepth = MarketDepth);

impl Layout for MarketDepth {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.nested(2, "marketDepthData", &mut self.row)
    }
}

/// updateMktDepthL2: a change of a book whose rows name a market maker, or the exchange in a book
/// of every exchange.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MarketDepthL2 {
    pub req_id: ReqId,
    pub row: NamedRow,
}

answer_codec!(MarketDepthL2 = MarketDepthL2);

impl Layout for MarketDepthL2 {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.nested(2, "marketDepthData", &mut self.row)
    }
}

/// One change of a book with names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NamedRow {
    pub row: DepthRow,
    pub maker: String,
    /// The name is that of an exchange.
    pub is_smart: bool,
}

impl Layout for NamedRow {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.int(1, "position", &mut self.row.position)?;
        pass.text(6, "marketMaker", &mut self.maker)?;
        self.row.lay_side(pass)?;
        pass.flag(7, "isSmartDepth", &mut self.is_smart)
    }
}

/// mktDepthExchanges: where books can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MarketDepthExchanges {
    pub exchanges: Vec<DepthExchange>,
}

answer_codec!(MarketDepthExchanges = MarketDepthExchanges);

impl Layout for MarketDepthExchanges {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.list(1, "depthMarketDataDescriptions", &mut self.exchanges)
    }
}

/// One exchange with a book for one kind of instrument.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DepthExchange {
    pub exchange: String,
    pub sec_type: String,
    pub listing_exchange: String,
    /// `Deep`, or `Deep2` where rows name market makers.
    pub service_data_type: String,
    pub aggregate_group: Option<i32>,
}

impl Layout for DepthExchange {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.text(1, "exchange", &mut self.exchange)?;
        pass.text(2, "secType", &mut self.sec_type)?;
        pass.text(3, "listingExch", &mut self.listing_exchange)?;
        pass.text(4, "serviceDataType", &mut self.service_data_type)?;
        pass.int_or_unset(5, "aggGroup", &mut self.aggregate_group)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ServerVersion;

    fn row() -> DepthRow {
        DepthRow {
            position: 3,
            change: RowChange::Update,
            is_bid: true,
            price: Decimal::new(68_425, 2),
            size: Decimal::from(300),
        }
    }

    /// 684.25 as a double, behind its key.
    const PRICE: &[u8] = b"\x21\x00\x00\x00\x00\x00\x62\x85\x40";

    macro_rules! check {
        ($value:expr, $type:ty, $since:literal, $text:literal, $protobuf:expr) => {{
            let value = $value;
            let text = [concat!($text).as_bytes()].concat();
            for number in [157, 178, 200] {
                let version = ServerVersion::new(number);
                assert_eq!(value.encode(version).as_ref(), Ok(&text), "{number}");
                assert_eq!(<$type>::decode(version, &text).as_ref(), Ok(&value), "{number}");
            }
            let id = 200 + <$type>::ID.wire();
            let body = [id.to_be_bytes().as_slice(), $protobuf].concat();
            for number in [$since, 226] {
                let version = ServerVersion::new(number);
                assert_eq!(value.encode(version).as_ref(), Ok(&body), "{number}");
                assert_eq!(<$type>::decode(version, &body).as_ref(), Ok(&value), "{number}");
            }
            for version in (157..=226).map(ServerVersion::new) {
                let body = value.encode(version).expect("encodes");
                assert_eq!(<$type>::decode(version, &body).as_ref(), Ok(&value), "{version}");
            }
        }};
    }

    #[test]
    fn a_row_without_a_name_is_written_as_the_official_client_reads_it() {
        let inner = [b"\x08\x03\x10\x01\x18\x01", PRICE, b"\x2a\x03300"].concat();
        let length = u8::try_from(inner.len()).expect("is short");
        let protobuf = [b"\x08\x09\x12".as_slice(), &[length], &inner].concat();
        check!(
            MarketDepth { req_id: ReqId::new(9), row: row() },
            MarketDepth,
            206,
            "12\x001\x009\x003\x001\x001\x00684.25\x00300\0",
            &protobuf
        );
    }

    #[test]
    fn a_row_with_a_name_is_written_as_the_official_client_reads_it() {
        let named = NamedRow { row: row(), maker: "ARCA".to_owned(), is_smart: true };
        let text = "13\x001\x009\x003\0ARCA\x001\x001\x00684.25\x00300\x001\0";
        let value = MarketDepthL2 { req_id: ReqId::new(9), row: named };
        for number in [157, 178, 200] {
            let written = value.encode(ServerVersion::new(number)).expect("encodes");
            assert_eq!(String::from_utf8_lossy(&written), text, "{number}");
        }
        // Protobuf may stand in any order; this is the order of the tags.
        let inner =
            [b"\x08\x03\x10\x01\x18\x01", PRICE, b"\x2a\x03300\x32\x04ARCA\x38\x01"].concat();
        let length = u8::try_from(inner.len()).expect("is short");
        let id = 213_i32.to_be_bytes();
        let body = [id.as_slice(), b"\x08\x09\x12", &[length], &inner].concat();
        for number in [206, 226] {
            let read = MarketDepthL2::decode(ServerVersion::new(number), &body);
            assert_eq!(read.as_ref(), Ok(&value), "{number}");
        }
        for version in (157..=226).map(ServerVersion::new) {
            let body = value.encode(version).expect("encodes");
            assert_eq!(MarketDepthL2::decode(version, &body).as_ref(), Ok(&value), "{version}");
        }
    }

    #[test]
    fn a_change_that_is_none_is_refused() {
        let version = ServerVersion::new(178);
        let body = b"12\x001\x009\x003\x003\x001\x00684.25\x00300\0";
        assert!(MarketDepth::decode(version, body).is_err());
    }

    #[test]
    fn exchanges_are_written_as_the_official_client_reads_them() {
        let exchange = DepthExchange {
            exchange: "ARCA".to_owned(),
            sec_type: "STK".to_owned(),
            listing_exchange: String::new(),
            service_data_type: "Deep".to_owned(),
            aggregate_group: None,
        };
        let smart = DepthExchange { aggregate_group: Some(1), ..exchange.clone() };
        let value = MarketDepthExchanges { exchanges: vec![exchange, smart] };
        let text = "80\x002\0ARCA\0STK\0\0Deep\x002147483647\0ARCA\0STK\0\0Deep\x001\0";
        for number in [157, 178, 200] {
            let written = value.encode(ServerVersion::new(number)).expect("encodes");
            assert_eq!(String::from_utf8_lossy(&written), text, "{number}");
        }
        for version in (157..=226).map(ServerVersion::new) {
            let body = value.encode(version).expect("encodes");
            let read = MarketDepthExchanges::decode(version, &body);
            assert_eq!(read.as_ref(), Ok(&value), "{version}");
        }
    }
}
