//! Past ticks: middle prices (96), quotes (97) and trades (98).

use gatehouse_types::Decimal;

use super::answer_codec;
use crate::layout::{Layout, Pass, Passed, ReqId};

/// Gives the list of one kind of past ticks its name and its codecs.
macro_rules! past_ticks {
    ($(#[$doc:meta])* $type:ident of $tick:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct $type {
            pub req_id: ReqId,
            /// Oldest first.
            pub ticks: Vec<$tick>,
            /// No more of them follow.
            pub is_done: bool,
        }

        answer_codec!($type = $type);

        impl Layout for $type {
            fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
                pass.req_id(1, &mut self.req_id)?;
                pass.list(2, "historicalTicks", &mut self.ticks)?;
                pass.flag(3, "isDone", &mut self.is_done)
            }
        }
    };
}

past_ticks!(
    /// historicalTicks: past middle prices.
    HistoricalTicks of PastMid
);
past_ticks!(
    /// historicalTicksBidAsk: past quotes.
    HistoricalTicksBidAsk of PastQuote
);
past_ticks!(
    /// historicalTicksLast: past trades.
    HistoricalTicksLast of PastTrade
);

/// A middle price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PastMid {
    /// Seconds since 1970.
    pub time: i64,
    pub price: Decimal,
    pub size: Decimal,
}

impl Layout for PastMid {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.long(1, "time", &mut self.time)?;
        pass.text_int("mask", 0, &mut 0)?;
        pass.double(2, "price", &mut self.price)?;
        pass.amount(3, "size", &mut self.size)
    }
}

/// A quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PastQuote {
    /// Seconds since 1970.
    pub time: i64,
    pub bid: Decimal,
    pub ask: Decimal,
    pub bid_size: Decimal,
    pub ask_size: Decimal,
    pub attributes: QuoteAttributes,
}

impl Layout for PastQuote {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.long(1, "time", &mut self.time)?;
        pass.nested(2, "tickAttribBidAsk", &mut self.attributes)?;
        pass.double(3, "priceBid", &mut self.bid)?;
        pass.double(4, "priceAsk", &mut self.ask)?;
        pass.amount(5, "sizeBid", &mut self.bid_size)?;
        pass.amount(6, "sizeAsk", &mut self.ask_size)
    }
}

/// What is odd about a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QuoteAttributes {
    pub bid_past_low: bool,
    pub ask_past_high: bool,
}

impl Layout for QuoteAttributes {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        // Text: bit 0 is the ask's, bit 1 the bid's.
        two_flags(pass, &mut self.bid_past_low, &mut self.ask_past_high, true)
    }
}

/// A trade.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PastTrade {
    /// Seconds since 1970.
    pub time: i64,
    pub price: Decimal,
    pub size: Decimal,
    pub attributes: TradeAttributes,
    pub exchange: String,
    pub conditions: String,
}

impl Layout for PastTrade {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.long(1, "time", &mut self.time)?;
        pass.nested(2, "tickAttribLast", &mut self.attributes)?;
        pass.double(3, "price", &mut self.price)?;
        pass.amount(4, "size", &mut self.size)?;
        pass.text(5, "exchange", &mut self.exchange)?;
        pass.text(6, "specialConditions", &mut self.conditions)
    }
}

/// What is odd about a trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TradeAttributes {
    pub past_limit: bool,
    pub unreported: bool,
}

impl Layout for TradeAttributes {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        two_flags(pass, &mut self.past_limit, &mut self.unreported, false)
    }
}

/// Two attributes: bits of a number in text, a message in protobuf.
fn two_flags<P: Pass>(
    pass: &mut P,
    first: &mut bool,
    second: &mut bool,
    is_turned: bool,
) -> Passed {
    if !pass.is_text() {
        pass.flag(1, "first", first)?;
        return pass.flag(2, "second", second);
    }
    let (low, high) = if is_turned { (1, 0) } else { (0, 1) };
    let mut mask = (i32::from(*first) << low) | (i32::from(*second) << high);
    pass.int(0, "mask", &mut mask)?;
    (*first, *second) = (mask & (1 << low) != 0, mask & (1 << high) != 0);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ServerVersion;

    fn d(text: &str) -> Decimal {
        text.parse().expect("is a decimal")
    }

    macro_rules! check {
        ($type:ty, $value:expr, $text:literal, $tick:expr) => {{
            let value: $type = $value;
            let id = <$type>::ID.wire();
            for number in [157, 178, 200] {
                let version = ServerVersion::new(number);
                let written = value.encode(version).expect("encodes");
                assert_eq!(String::from_utf8_lossy(&written), $text, "{number}");
            }
            let tick: Vec<u8> = $tick;
            let length = u8::try_from(tick.len()).expect("is short");
            let head = (200 + id).to_be_bytes();
            let body = [head.as_slice(), b"\x08\x09\x12", &[length], &tick, b"\x18\x01"].concat();
            for number in [208, 226] {
                let version = ServerVersion::new(number);
                assert_eq!(<$type>::decode(version, &body).as_ref(), Ok(&value), "{number}");
            }
            for version in (157..=226).map(ServerVersion::new) {
                let body = value.encode(version).expect("encodes");
                assert_eq!(<$type>::decode(version, &body).as_ref(), Ok(&value), "{version}");
            }
        }};
    }

    /// A double behind its key.
    fn double(key: u8, value: f64) -> Vec<u8> {
        [&[key], value.to_le_bytes().as_slice()].concat()
    }

    #[test]
    fn middle_prices_are_written_as_the_official_client_reads_them() {
        let ticks = vec![PastMid { time: 300, price: d("684.25"), size: d("0") }];
        check!(
            HistoricalTicks,
            HistoricalTicks { req_id: ReqId::new(9), ticks, is_done: true },
            "96\x009\x001\x00300\x000\x00684.25\x000\x001\0",
            [b"\x08\xac\x02".to_vec(), double(0x11, 684.25), b"\x1a\x010".to_vec()].concat()
        );
    }

    #[test]
    fn quotes_are_written_as_the_official_client_reads_them() {
        let quote = PastQuote {
            time: 300,
            bid: d("684.25"),
            ask: d("684.5"),
            bid_size: d("300"),
            ask_size: d("200"),
            attributes: QuoteAttributes { bid_past_low: true, ask_past_high: false },
        };
        check!(
            HistoricalTicksBidAsk,
            HistoricalTicksBidAsk { req_id: ReqId::new(9), ticks: vec![quote], is_done: true },
            "97\x009\x001\x00300\x002\x00684.25\x00684.5\x00300\x00200\x001\0",
            [
                b"\x08\xac\x02\x12\x02\x08\x01".to_vec(),
                double(0x19, 684.25),
                double(0x21, 684.5),
                b"\x2a\x03300\x32\x03200".to_vec()
            ]
            .concat()
        );
    }

    #[test]
    fn trades_are_written_as_the_official_client_reads_them() {
        let trade = PastTrade {
            time: 300,
            price: d("684.25"),
            size: d("100"),
            attributes: TradeAttributes { past_limit: false, unreported: true },
            exchange: "ARCA".to_owned(),
            conditions: "T".to_owned(),
        };
        check!(
            HistoricalTicksLast,
            HistoricalTicksLast { req_id: ReqId::new(9), ticks: vec![trade], is_done: true },
            "98\x009\x001\x00300\x002\x00684.25\x00100\0ARCA\0T\x001\0",
            [
                b"\x08\xac\x02\x12\x02\x10\x01".to_vec(),
                double(0x19, 684.25),
                b"\x22\x03100\x2a\x04ARCA\x32\x01T".to_vec()
            ]
            .concat()
        );
    }
}
