//! The eight fuzz targets, as plain functions: the runner of this test binary calls them on the
//! stable toolchain, and `fuzz/` calls them under cargo-fuzz.
//!
//! A target never fails on bytes that are refused; it fails on a panic, on memory that grows beyond
//! its input, and on a message that reads back as another one.

use gatehouse_tws::answer::{AnswerId, Observation, observe};
use gatehouse_tws::handshake::{HelloReader, ServerHello, StartApi};
use gatehouse_tws::request::{Action, Forbidden, PlaceOrder, Request, RequestId, action};
use gatehouse_tws::{FrameReader, Head, ServerVersion, encode_frame};

/// A target: its name, and what it does with bytes of which the first picks a version or a cut.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// Every target.
pub(crate) const TARGETS: [Target; 8] = [
    ("framing", framing),
    ("handshake", handshake),
    ("text-request", text_request),
    ("text-answer", text_answer),
    ("mixed-request", mixed_request),
    ("mixed-answer", mixed_answer),
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
    for version in [157, 178, 200, 201, 212, 213, 226].map(ServerVersion::new) {
        if let Ok(start) = StartApi::decode(version, stream) {
            assert_eq!(StartApi::decode(version, &start.encode(version)), Ok(start));
        }
    }
}

/// The versions from which the first byte of an input picks one.
pub(crate) type Versions = std::ops::RangeInclusive<i32>;

/// Those whose ids are text.
pub(crate) const TEXT: Versions = 157..=200;
/// Those that mix both forms.
pub(crate) const MIXED: Versions = 201..=212;
/// Those that know protobuf only.
pub(crate) const PROTOBUF: Versions = 213..=226;

/// Splits an input into the version that its first byte picks and a body.
fn picked<'a>(versions: &Versions, bytes: &'a [u8]) -> Option<(ServerVersion, &'a [u8])> {
    let (pick, body) = bytes.split_first()?;
    let n_versions = versions.end() - versions.start() + 1;
    Some((ServerVersion::new(versions.start() + i32::from(*pick) % n_versions), body))
}

macro_rules! targets {
    ($($name:ident = $check:ident at $versions:ident),+ $(,)?) => {
        $(pub(crate) fn $name(bytes: &[u8]) {
            if let Some((version, body)) = picked(&$versions, bytes) {
                $check(version, body);
            }
        })+
    };
}

targets! {
    text_request = request at TEXT,
    text_answer = answer at TEXT,
    mixed_request = request at MIXED,
    mixed_answer = answer at MIXED,
    protobuf_request = request at PROTOBUF,
    protobuf_answer = answer at PROTOBUF,
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
    let Ok(head) = Head::split(version, body) else { return };
    let written = AnswerId::from_wire(head.id).map(|id| id.form(version));
    // What is read in the form that this version does not write loses what only that form holds.
    if written != Some(head.form) {
        drop(observe(version, body));
        return;
    }
    other_answer(version, body);
    if let Ok(Some(seen)) = observe(version, body) {
        let again: Vec<u8> = Observation::encode(&seen, version).expect("the version is known");
        assert_eq!(observe(version, &again), Ok(Some(seen)));
    }
}

/// Every answer but those that `observe` reads: read again from what is written, and written bare.
macro_rules! answers {
    ($($type:ident),+ $(,)?) => {
        fn other_answer(version: ServerVersion, body: &[u8]) {
            $(if let Ok(read) = gatehouse_tws::answer::$type::decode(version, body) {
                let again = read.encode(version).expect("the version is known");
                assert_eq!(gatehouse_tws::answer::$type::decode(version, &again), Ok(read));
            })+
        }

        /// Returns each of them with nothing in it, where the version has it.
        pub(crate) fn bare_answers(version: ServerVersion) -> Vec<Vec<u8>> {
            let all = [$(gatehouse_tws::answer::$type::default().encode(version)),+];
            all.into_iter().flatten().collect()
        }
    };
}

answers! {
    AccountDataEnd, AccountSummary, AccountSummaryEnd, AccountUpdateMulti,
    AccountUpdateMultiEnd, AccountUpdateTime, AccountValue, BondContractData, CompletedOrder,
    CompletedOrdersEnd, ConfigResponse, ContractData, ContractDataEnd, CurrentTime,
    CurrentTimeInMillis, DisplayGroupList, DisplayGroupUpdated, FaData, FaReplaced,
    FamilyCodes, FundamentalData, HeadTimestamp, HistogramData, HistoricalData,
    HistoricalDataEnd, HistoricalDataUpdate, HistoricalNews, HistoricalNewsEnd,
    HistoricalSchedule, HistoricalTicks, HistoricalTicksBidAsk, HistoricalTicksLast,
    MarketDataType, MarketDepth, MarketDepthExchanges, MarketDepthL2, MarketRule, NewsArticle,
    NewsBulletin, NewsProviders, OptionComputation, OrderBound, PnL, PnLSingle,
    PortfolioValue, Position, PositionEnd, PositionMulti, PositionMultiEnd, RealTimeBar,
    RerouteMarketData, RerouteMarketDepth, ScannerData, ScannerParameters, SecDefOptParameter,
    SecDefOptParameterEnd, SmartComponents, SoftDollarTiers, SymbolSamples, TickByTick,
    TickGeneric, TickNews, TickPrice, TickReqParams, TickSize, TickSnapshotEnd, TickString,
    UpdateConfigResponse, UserInfo, VerifyAndAuthCompleted, VerifyAndAuthMessageApi,
    VerifyCompleted, VerifyMessageApi, WshEventData, WshMetaData,
}
