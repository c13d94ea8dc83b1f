//! The six fuzz targets, as plain functions: the runner of this test binary calls them on the
//! stable toolchain, and `fuzz/` calls them under cargo-fuzz.
//!
//! A target never fails on bytes that are refused; it fails on a panic, on memory that grows beyond
//! its input, and on a message that reads back as another one.

use gatehouse_tws::answer::{Observation, observe};
use gatehouse_tws::handshake::{HelloReader, ServerHello, StartApi};
use gatehouse_tws::request::{Action, Forbidden, PlaceOrder, Request, RequestId, action};
use gatehouse_tws::{FrameReader, Head, ServerVersion, encode_frame};

/// A target: its name, and what it does with bytes of which the first picks a version or a cut.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// Every target.
pub(crate) const TARGETS: [Target; 6] = [
    ("framing", framing),
    ("handshake", handshake),
    ("text-request", text_request),
    ("text-answer", text_answer),
    ("protobuf-request", protobuf_request),
    ("protobuf-answer", protobuf_answer),
];

/// Cuts the stream into pieces and checks that the bodies, framed again, are its beginning.
pub(crate) fn framing(bytes: &[u8]) {
    let Some((cut, stream)) = bytes.split_first() else { return };
    let mut reader = FrameReader::new();
    let mut framed = Vec::new();
    'pieces: for piece in stream.chunks(usize::from(*cut) + 1) {
        reader.push(piece);
        loop {
            match reader.next_frame() {
                Ok(Some(body)) => framed.extend(encode_frame(body)),
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(reader.next_frame(), Err(error), "an error does not pass");
                    break 'pieces;
                }
            }
        }
        assert!(reader.waiting() <= stream.len(), "more is kept than came");
    }
    assert!(stream.starts_with(&framed), "the bodies are not the stream");
}

/// Reads the openings of both sides.
pub(crate) fn handshake(bytes: &[u8]) {
    let Some((cut, stream)) = bytes.split_first() else { return };
    let mut reader = HelloReader::new();
    for piece in stream.chunks(usize::from(*cut) + 1) {
        match reader.push(piece) {
            Ok(None) => {}
            Ok(Some(hello)) => {
                let again = HelloReader::new().push(&hello.encode());
                assert_eq!(again, Ok(Some(hello)), "an offer reads back as another");
                break;
            }
            Err(_) => break,
        }
    }
    if let Ok(hello) = ServerHello::decode(stream) {
        assert_eq!(ServerHello::decode(&hello.encode()), Ok(hello));
    }
    for version in [157, 178, 213, 226].map(ServerVersion::new) {
        if let Ok(start) = StartApi::decode(version, stream) {
            assert_eq!(StartApi::decode(version, &start.encode(version)), Ok(start));
        }
    }
}

/// Versions 157 to 178.
pub(crate) fn text_request(bytes: &[u8]) {
    let Some((pick, body)) = bytes.split_first() else { return };
    request(ServerVersion::new(157 + i32::from(*pick) % 22), body);
}

/// Versions 213 to 226.
pub(crate) fn protobuf_request(bytes: &[u8]) {
    let Some((pick, body)) = bytes.split_first() else { return };
    request(ServerVersion::new(213 + i32::from(*pick) % 14), body);
}

/// Versions 157 to 178.
pub(crate) fn text_answer(bytes: &[u8]) {
    let Some((pick, body)) = bytes.split_first() else { return };
    answer(ServerVersion::new(157 + i32::from(*pick) % 22), body);
}

/// Versions 213 to 226.
pub(crate) fn protobuf_answer(bytes: &[u8]) {
    let Some((pick, body)) = bytes.split_first() else { return };
    answer(ServerVersion::new(213 + i32::from(*pick) % 14), body);
}

fn request(version: ServerVersion, body: &[u8]) {
    if let Ok(head) = Head::split(version, body) {
        let is_known = RequestId::from_wire(head.id).is_some();
        let is_unknown = action(head.id) == Action::Refuse(Forbidden::UnknownMessage);
        assert_ne!(is_known, is_unknown, "message {} has the wrong action", head.id);
        assert_eq!(head.join(version).as_deref(), Ok(body), "a head joins to another body");
    }
    let peeked = PlaceOrder::peek_order_id(version, body);
    if let Ok(placed) = PlaceOrder::decode(version, body) {
        assert_eq!(peeked, Some(placed.order_id), "another order id was peeked");
        placed.intent().expect("a decoded order has an intent");
        let again = placed.encode(version).expect("the version is known");
        assert_eq!(PlaceOrder::decode(version, &again), Ok(placed));
    }
    if let Ok(asked) = Request::decode(version, body)
        && let Some(again) = asked.encode(version)
    {
        assert_eq!(Request::decode(version, &again), Ok(asked));
    }
}

fn answer(version: ServerVersion, body: &[u8]) {
    other_answer(version, body);
    if let Ok(Some(seen)) = observe(version, body) {
        let again: Vec<u8> = Observation::encode(&seen, version).expect("the version is known");
        assert_eq!(observe(version, &again), Ok(Some(seen)));
    }
}

/// Reads bytes as each of the named answers; what can be read is read again from what is written.
macro_rules! read_back {
    ($version:ident, $body:ident: $($type:ident),+ $(,)?) => {
        $(if let Ok(read) = gatehouse_tws::answer::$type::decode($version, $body) {
            let again = read.encode($version).expect("the version is known");
            assert_eq!(gatehouse_tws::answer::$type::decode($version, &again), Ok(read));
        })+
    };
}

fn other_answer(version: ServerVersion, body: &[u8]) {
    read_back!(version, body:
        AccountDataEnd, AccountSummary, AccountSummaryEnd, AccountUpdateMulti,
        AccountUpdateMultiEnd, AccountUpdateTime, AccountValue, CompletedOrder, CompletedOrdersEnd,
        ContractData, ContractDataEnd, CurrentTime, CurrentTimeInMillis, HeadTimestamp,
        HistoricalData, HistoricalDataEnd, HistoricalDataUpdate, MarketDataType, MarketRule,
        NewsProviders, PnL, PnLSingle, PortfolioValue, Position, PositionEnd, PositionMulti,
        PositionMultiEnd, RealTimeBar, SymbolSamples, TickByTick, TickGeneric, TickPrice,
        TickReqParams, TickSize, TickSnapshotEnd, TickString, UserInfo,
    );
}
