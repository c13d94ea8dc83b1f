//! Live quotes: ticks (1, 2, 45, 46), what goes before and after them (57, 58, 81), and
//! tick-by-tick data (99).

use gatehouse_types::Decimal;

use super::{answer_codec, ending};
use crate::layout::{FieldError, Layout, Pass, Passed, ReqId, WireError};

/// Text layouts of ticks carry this version; no client looks at it.
const TICK_LAYOUT: i32 = 6;

/// Which figure of a contract a tick is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TickType(i32);

impl TickType {
    pub const BID_SIZE: Self = Self(0);
    pub const BID: Self = Self(1);
    pub const ASK: Self = Self(2);
    pub const ASK_SIZE: Self = Self(3);
    pub const LAST: Self = Self(4);
    pub const LAST_SIZE: Self = Self(5);
    pub const HIGH: Self = Self(6);
    pub const LOW: Self = Self(7);
    /// Shares of the day.
    pub const VOLUME: Self = Self(8);
    /// Close of the session before.
    pub const CLOSE: Self = Self(9);
    pub const OPEN: Self = Self(14);
    /// A text: letters of the exchanges that bid.
    pub const BID_EXCHANGE: Self = Self(32);
    /// A text: letters of the exchanges that ask.
    pub const ASK_EXCHANGE: Self = Self(33);
    /// A text: seconds since 1970 of the last trade.
    pub const LAST_TIMESTAMP: Self = Self(45);
    /// A number: 0 trading, 1 and 2 halted.
    pub const HALTED: Self = Self(49);
    /// A text: letter of the exchange of the last trade.
    pub const LAST_EXCHANGE: Self = Self(84);
    pub const DELAYED_BID: Self = Self(66);
    pub const DELAYED_ASK: Self = Self(67);
    pub const DELAYED_LAST: Self = Self(68);
    pub const DELAYED_BID_SIZE: Self = Self(69);
    pub const DELAYED_ASK_SIZE: Self = Self(70);
    pub const DELAYED_LAST_SIZE: Self = Self(71);
    pub const DELAYED_HIGH: Self = Self(72);
    pub const DELAYED_LOW: Self = Self(73);
    pub const DELAYED_VOLUME: Self = Self(74);
    pub const DELAYED_CLOSE: Self = Self(75);
    pub const DELAYED_OPEN: Self = Self(76);

    /// Makes a type from its number.
    #[must_use]
    pub const fn new(number: i32) -> Self {
        Self(number)
    }

    /// Returns the number.
    #[must_use]
    pub const fn get(self) -> i32 {
        self.0
    }

    pub(super) fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.int(2, "tickType", &mut self.0)
    }
}

/// tickPrice: a price and the size that stands behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TickPrice {
    pub req_id: ReqId,
    pub tick_type: TickType,
    /// −1 is the wire's word for "no data", so a contract that trades below zero is ambiguous.
    pub price: Decimal,
    pub size: Decimal,
    /// Bit 0 can be executed automatically, bit 1 past the limit, bit 2 before the open.
    pub attributes: i32,
}

answer_codec!(TickPrice = TickPrice);

impl Layout for TickPrice {
    const IN_TAG_ORDER: bool = true;

    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(TICK_LAYOUT)?;
        pass.req_id(1, &mut self.req_id)?;
        self.tick_type.lay(pass)?;
        pass.double(3, "price", &mut self.price)?;
        pass.amount(4, "size", &mut self.size)?;
        pass.int(5, "attrMask", &mut self.attributes)
    }
}

/// tickSize: a size without a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TickSize {
    pub req_id: ReqId,
    pub tick_type: TickType,
    pub size: Decimal,
}

answer_codec!(TickSize = TickSize);

impl Layout for TickSize {
    const IN_TAG_ORDER: bool = true;

    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(TICK_LAYOUT)?;
        pass.req_id(1, &mut self.req_id)?;
        self.tick_type.lay(pass)?;
        pass.amount(3, "size", &mut self.size)
    }
}

/// tickGeneric: a number that is neither price nor size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TickGeneric {
    pub req_id: ReqId,
    pub tick_type: TickType,
    pub value: Decimal,
}

answer_codec!(TickGeneric = TickGeneric);

impl Layout for TickGeneric {
    const IN_TAG_ORDER: bool = true;

    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(TICK_LAYOUT)?;
        pass.req_id(1, &mut self.req_id)?;
        self.tick_type.lay(pass)?;
        pass.double(3, "value", &mut self.value)
    }
}

/// tickString: a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TickString {
    pub req_id: ReqId,
    pub tick_type: TickType,
    pub value: String,
}

answer_codec!(TickString = TickString);

impl Layout for TickString {
    const IN_TAG_ORDER: bool = true;

    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(TICK_LAYOUT)?;
        pass.req_id(1, &mut self.req_id)?;
        self.tick_type.lay(pass)?;
        pass.text(3, "value", &mut self.value)
    }
}

ending!(
    /// tickSnapshotEnd: the one picture is complete.
    TickSnapshotEnd = TickSnapshotEnd, version 1
);

/// marketDataType: which kind of quotes follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MarketDataType {
    pub req_id: ReqId,
    /// 1 live, 2 frozen, 3 delayed, 4 delayed and frozen.
    pub market_data_type: i32,
}

answer_codec!(MarketDataType = MarketDataType);

impl Layout for MarketDataType {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(1)?;
        pass.req_id(1, &mut self.req_id)?;
        pass.int(2, "marketDataType", &mut self.market_data_type)
    }
}

/// tickReqParams: what a subscription is about; comes before its first tick.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TickReqParams {
    pub req_id: ReqId,
    pub min_tick: Decimal,
    /// Key of the exchanges' letters.
    pub bbo_exchange: String,
    pub snapshot_permissions: i32,
    /// Step of last prices; only protobuf has it. Source: a Gateway at 206 and at 225.
    pub price_precision: String,
    /// Step of last sizes; only protobuf has it.
    pub size_precision: String,
}

answer_codec!(TickReqParams = TickReqParams);

impl Layout for TickReqParams {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.amount(2, "minTick", &mut self.min_tick)?;
        pass.text(3, "bboExchange", &mut self.bbo_exchange)?;
        pass.int(4, "snapshotPermissions", &mut self.snapshot_permissions)?;
        if pass.is_text() {
            return Ok(());
        }
        pass.text(5, "lastPricePrecision", &mut self.price_precision)?;
        pass.text(6, "lastSizePrecision", &mut self.size_precision)
    }
}

/// tickByTick: one tick of a stream that leaves none out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TickByTick {
    pub req_id: ReqId,
    /// Seconds since 1970.
    pub time: i64,
    pub tick: Tick,
}

answer_codec!(TickByTick = TickByTick);

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tick {
    /// A trade that counts for the last price.
    Last(Trade),
    /// Any trade.
    AllLast(Trade),
    BidAsk(BidAsk),
    MidPoint(Decimal),
}

impl Default for Tick {
    fn default() -> Self {
        Self::MidPoint(Decimal::ZERO)
    }
}

/// A trade.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trade {
    pub price: Decimal,
    pub size: Decimal,
    pub past_limit: bool,
    pub unreported: bool,
    pub exchange: String,
    pub conditions: String,
}

/// A quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BidAsk {
    pub bid: Decimal,
    pub ask: Decimal,
    pub bid_size: Decimal,
    pub ask_size: Decimal,
    pub bid_past_low: bool,
    pub ask_past_high: bool,
}

impl Layout for TickByTick {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        let mut kind = match self.tick {
            Tick::Last(_) => 1,
            Tick::AllLast(_) => 2,
            Tick::BidAsk(_) => 3,
            Tick::MidPoint(_) => 4,
        };
        pass.int(2, "tickType", &mut kind)?;
        if !pass.is_writing() {
            self.tick = match kind {
                1 => Tick::Last(Trade::default()),
                2 => Tick::AllLast(Trade::default()),
                3 => Tick::BidAsk(BidAsk::default()),
                4 => Tick::MidPoint(Decimal::ZERO),
                _ => return Err(FieldError::Wire(WireError::OutOfRange { name: "tickType" })),
            };
        }
        let tag = match self.tick {
            Tick::Last(_) | Tick::AllLast(_) => 3,
            Tick::BidAsk(_) => 4,
            Tick::MidPoint(_) => 5,
        };
        let mut timed = Timed { time: self.time, tick: self.tick.clone() };
        pass.nested(tag, "tick", &mut timed)?;
        self.time = timed.time;
        self.tick = timed.tick;
        Ok(())
    }
}

/// A tick with its time, which protobuf puts inside and text in front.
#[derive(Debug, Clone)]
struct Timed {
    time: i64,
    tick: Tick,
}

impl Layout for Timed {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.long(1, "time", &mut self.time)?;
        match &mut self.tick {
            Tick::Last(trade) | Tick::AllLast(trade) => lay_trade(trade, pass),
            Tick::BidAsk(quote) => lay_quote(quote, pass),
            Tick::MidPoint(price) => lay_mid(price, pass),
        }
    }
}

fn lay_trade<P: Pass>(trade: &mut Trade, pass: &mut P) -> Passed {
    pass.double(3, "price", &mut trade.price)?;
    pass.amount(4, "size", &mut trade.size)?;
    let mut flags = TwoFlags(trade.past_limit, trade.unreported);
    pass.nested(2, "tickAttribLast", &mut flags)?;
    TwoFlags(trade.past_limit, trade.unreported) = flags;
    pass.text(5, "exchange", &mut trade.exchange)?;
    pass.text(6, "specialConditions", &mut trade.conditions)
}

fn lay_quote<P: Pass>(quote: &mut BidAsk, pass: &mut P) -> Passed {
    pass.double(3, "priceBid", &mut quote.bid)?;
    pass.double(4, "priceAsk", &mut quote.ask)?;
    pass.amount(5, "sizeBid", &mut quote.bid_size)?;
    pass.amount(6, "sizeAsk", &mut quote.ask_size)?;
    let mut flags = TwoFlags(quote.bid_past_low, quote.ask_past_high);
    pass.nested(2, "tickAttribBidAsk", &mut flags)?;
    TwoFlags(quote.bid_past_low, quote.ask_past_high) = flags;
    Ok(())
}

fn lay_mid<P: Pass>(price: &mut Decimal, pass: &mut P) -> Passed {
    pass.double(2, "price", price)?;
    if pass.is_text() {
        return Ok(());
    }
    // A mid-point is a historical tick in protobuf, which has a size.
    let mut size = Decimal::ZERO;
    pass.amount(3, "size", &mut size)
}

/// Two attributes: bits of a number in text, a message in protobuf.
#[derive(Debug, Clone, Copy)]
struct TwoFlags(bool, bool);

impl Layout for TwoFlags {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        if !pass.is_text() {
            pass.flag(1, "first", &mut self.0)?;
            return pass.flag(2, "second", &mut self.1);
        }
        let mut mask = i32::from(self.0) | (i32::from(self.1) << 1);
        pass.int(0, "mask", &mut mask)?;
        *self = Self(mask & 1 != 0, mask & 2 != 0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ServerVersion;
    use crate::layout::LayoutError;

    fn read(payload: &[u8]) -> Result<TickSize, LayoutError> {
        TickSize::decode(ServerVersion::new(226), &[&202_i32.to_be_bytes(), payload].concat())
    }

    #[test]
    fn a_tick_is_read_in_any_order_of_its_fields_and_to_its_last() {
        let tick = TickSize {
            req_id: ReqId::new(7),
            tick_type: TickType::ASK_SIZE,
            size: Decimal::from(300),
        };
        for payload in [
            b"\x08\x07\x10\x03\x1a\x03300",
            b"\x1a\x03300\x10\x03\x08\x07",
            b"\x08\x07\x1a\x03300\x10\x03",
        ] {
            assert_eq!(read(payload), Ok(tick), "{payload:?}");
        }
        let absent = TickSize { tick_type: TickType::BID_SIZE, ..tick };
        assert_eq!(read(b"\x08\x07\x1a\x03300"), Ok(absent));
        for (payload, source) in [
            (&b"\x08\x07\x08\x07\x10\x03"[..], WireError::Repeated { name: "reqId" }),
            (b"\x08\x07\x10\x03\x20\x01", WireError::UnknownTag { tag: 4 }),
            (b"\x08\x07\x10", WireError::Truncated),
            (b"\x0a\x01\x07", WireError::WrongType { name: "reqId" }),
        ] {
            assert_eq!(read(payload), Err(LayoutError::Wire { id: 2, source }), "{payload:?}");
        }
    }
}
