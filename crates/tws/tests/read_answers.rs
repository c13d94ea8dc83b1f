//! Answers that carry no order: what was accepted by three real clients is still written byte for
//! byte, and reads back as it was written.

use gatehouse_tws::answer::{
    AccountDataEnd, AccountSummary, AccountSummaryEnd, AccountUpdateMulti, AccountUpdateMultiEnd,
    AccountUpdateTime, AccountValue, Bar, BidAsk, BrokerStatus, CompletedOrder, CompletedOrdersEnd,
    ContractData, ContractDataEnd, ContractDetails, CurrentTime, CurrentTimeInMillis,
    HeadTimestamp, HistoricalData, HistoricalDataEnd, HistoricalDataUpdate, MarketDataType,
    MarketRule, NewsProvider, NewsProviders, OrderState, PnL, PnLSingle, PortfolioValue, Position,
    PositionEnd, PositionMulti, PositionMultiEnd, PriceStep, RealTimeBar, SymbolSample,
    SymbolSamples, Tick, TickByTick, TickGeneric, TickPrice, TickReqParams, TickSize,
    TickSnapshotEnd, TickString, TickType, Trade, UserInfo,
};
use gatehouse_tws::layout::{LayoutError, ReqId, TagValue, WireContract};
use gatehouse_tws::order::Order;
use gatehouse_tws::{Form, ServerVersion};
use gatehouse_types::{ConId, Decimal};
use proptest::prelude::*;

use crate::fixtures::{self, hex};

/// The versions of `answers.hex`.
const RECORDED: [i32; 19] =
    [157, 163, 164, 170, 176, 178, 182, 186, 196, 200, 201, 204, 205, 206, 207, 208, 212, 213, 226];
const ALL: std::ops::RangeInclusive<i32> = 157..=226;
const REQ: ReqId = ReqId::new(9);

/// One answer: how it is written, and whether bytes read as this kind read back the same.
struct Sample {
    name: &'static str,
    /// The first version that has the message.
    since: i32,
    write: Box<dyn Fn(ServerVersion) -> Result<Vec<u8>, LayoutError>>,
    /// Reads bytes; what can be read must be read again from what is written.
    read: fn(ServerVersion, &[u8]) -> Result<(), LayoutError>,
}

macro_rules! sample {
    ($type:ident, $value:expr) => {
        sample!($type, $value, 0)
    };
    ($type:ident, $value:expr, $since:literal) => {{
        let value: $type = $value;
        Sample {
            name: stringify!($type),
            since: $since,
            write: Box::new(move |version| value.encode(version)),
            read: |version, body| {
                let read = $type::decode(version, body)?;
                let again = read.encode(version).expect("the version is known");
                assert_eq!($type::decode(version, &again), Ok(read), "{}", stringify!($type));
                Ok(())
            },
        }
    }};
}

fn d(text: &str) -> Decimal {
    text.parse().expect("is a decimal")
}

fn spy() -> WireContract {
    WireContract {
        con_id: Some(ConId::new(756_733)),
        symbol: "SPY".to_owned(),
        sec_type: "STK".to_owned(),
        exchange: "SMART".to_owned(),
        primary_exchange: "ARCA".to_owned(),
        currency: "USD".to_owned(),
        local_symbol: "SPY".to_owned(),
        trading_class: "SPY".to_owned(),
        ..WireContract::default()
    }
}

fn account() -> String {
    "DU1234567".to_owned()
}

fn details() -> ContractDetails {
    ContractDetails {
        market_name: "SPY".to_owned(),
        min_tick: d("0.01"),
        order_types: "LMT,MKT".to_owned(),
        valid_exchanges: "SMART,ARCA".to_owned(),
        price_magnifier: 1,
        long_name: "SPDR S&P 500 ETF TRUST".to_owned(),
        time_zone_id: "US/Eastern".to_owned(),
        trading_hours: "20260105:0400-20260105:2000;20260106:CLOSED".to_owned(),
        liquid_hours: "20260105:0930-20260105:1600".to_owned(),
        sec_ids: vec![TagValue { tag: "ISIN".to_owned(), value: "US78462F1030".to_owned() }],
        agg_group: 1,
        market_rule_ids: "26,26".to_owned(),
        stock_type: "ETF".to_owned(),
        min_size: d("0.0001"),
        size_increment: d("0.0001"),
        suggested_size_increment: d("100"),
        industry: "Funds".to_owned(),
        ..ContractDetails::default()
    }
}

fn bar(date: &str) -> Bar {
    Bar {
        date: date.to_owned(),
        open: d("480.01"),
        high: d("480.5"),
        low: d("479.75"),
        close: d("480.25"),
        volume: d("12345"),
        wap: d("480.123456"),
        count: 42,
    }
}

fn contracts_and_lists() -> Vec<Sample> {
    let sample = SymbolSample {
        contract: spy(),
        derivative_sec_types: vec!["OPT".to_owned(), "CFD".to_owned()],
    };
    let steps = vec![
        PriceStep { low_edge: d("0"), increment: d("0.0001") },
        PriceStep { low_edge: d("1"), increment: d("0.01") },
    ];
    let provider = NewsProvider { code: "BRFG".to_owned(), name: "Briefing.com".to_owned() };
    vec![
        sample!(ContractData, ContractData { req_id: REQ, contract: spy(), details: details() }),
        sample!(ContractDataEnd, ContractDataEnd { req_id: REQ }),
        sample!(SymbolSamples, SymbolSamples { req_id: REQ, samples: vec![sample.clone()] }),
        sample!(MarketRule, MarketRule { rule_id: 26, steps: steps.clone() }),
        sample!(NewsProviders, NewsProviders { providers: vec![provider.clone()] }),
        sample!(UserInfo, UserInfo { req_id: REQ, white_branding_id: "wb".to_owned() }),
        sample!(CurrentTime, CurrentTime { time: 1_767_623_400 }),
        sample!(CurrentTimeInMillis, CurrentTimeInMillis { time: 1_767_623_400_123 }, 197),
        sample!(CompletedOrder, completed()),
        sample!(CompletedOrdersEnd, CompletedOrdersEnd),
    ]
}

fn completed() -> CompletedOrder {
    let order = Order {
        action: "BUY".to_owned(),
        total_quantity: d("100"),
        order_type: "LMT".to_owned(),
        lmt_price: Some(d("480.01")),
        tif: "DAY".to_owned(),
        account: account(),
        perm_id: Some(123_456_789),
        filled_quantity: "100".to_owned(),
        order_ref: "ref".to_owned(),
        parent_perm_id: Some(0),
        ..Order::default()
    };
    let state = OrderState {
        status: Some(BrokerStatus::Filled),
        completed_time: "20260105 09:31:00 US/Eastern".to_owned(),
        completed_status: "Filled Size: 100".to_owned(),
        ..OrderState::default()
    };
    CompletedOrder { contract: spy(), order, state }
}

fn tick_by_tick(tick: Tick) -> Sample {
    sample!(TickByTick, TickByTick { req_id: REQ, time: 1_767_623_400, tick: tick.clone() })
}

fn ticks() -> Vec<Sample> {
    let trade = Trade {
        price: d("480.01"),
        size: d("100"),
        unreported: true,
        exchange: "ARCA".to_owned(),
        conditions: "T".to_owned(),
        ..Trade::default()
    };
    let quote = BidAsk {
        bid: d("480.01"),
        ask: d("480.02"),
        bid_size: d("300"),
        ask_size: d("200"),
        bid_past_low: true,
        ask_past_high: false,
    };
    let bid = TickPrice {
        req_id: REQ,
        tick_type: TickType::BID,
        price: d("480.01"),
        size: d("300"),
        attributes: 1,
    };
    let params = TickReqParams {
        req_id: REQ,
        min_tick: d("0.01"),
        bbo_exchange: "9c0001".to_owned(),
        snapshot_permissions: 3,
        price_precision: "0.000001".to_owned(),
        size_precision: "0.01".to_owned(),
    };
    let (volume, halted, stamp) = (TickType::VOLUME, TickType::HALTED, TickType::LAST_TIMESTAMP);
    vec![
        sample!(TickPrice, bid),
        sample!(TickSize, TickSize { req_id: REQ, tick_type: volume, size: d("1000000") }),
        sample!(TickGeneric, TickGeneric { req_id: REQ, tick_type: halted, value: d("0") }),
        sample!(
            TickString,
            TickString { req_id: REQ, tick_type: stamp, value: "1767623400".to_owned() }
        ),
        sample!(TickSnapshotEnd, TickSnapshotEnd { req_id: REQ }),
        sample!(MarketDataType, MarketDataType { req_id: REQ, market_data_type: 1 }),
        sample!(TickReqParams, params.clone()),
        tick_by_tick(Tick::Last(trade.clone())),
        tick_by_tick(Tick::AllLast(trade)),
        tick_by_tick(Tick::BidAsk(quote)),
        tick_by_tick(Tick::MidPoint(d("480.015"))),
    ]
}

fn bars() -> Vec<Sample> {
    let (start, end) = ("20260105 09:30:00 US/Eastern", "20260105 16:00:00 US/Eastern");
    let history = HistoricalData {
        req_id: REQ,
        start: start.to_owned(),
        end: end.to_owned(),
        bars: vec![bar("1767623400"), bar("1767623460")],
    };
    let history_end =
        HistoricalDataEnd { req_id: REQ, start: start.to_owned(), end: end.to_owned() };
    let five_seconds = RealTimeBar {
        req_id: REQ,
        time: 1_767_623_400,
        open: d("480.01"),
        high: d("480.5"),
        low: d("479.75"),
        close: d("480.25"),
        volume: d("123"),
        wap: d("480.1"),
        count: 7,
    };
    vec![
        sample!(HistoricalData, history.clone()),
        sample!(HistoricalDataEnd, history_end.clone(), 196),
        sample!(HistoricalDataUpdate, HistoricalDataUpdate { req_id: REQ, bar: bar("1767623520") }),
        sample!(RealTimeBar, five_seconds),
        sample!(HeadTimestamp, HeadTimestamp { req_id: REQ, timestamp: "728317800".to_owned() }),
    ]
}

fn values() -> Vec<Sample> {
    let (key, value, usd) = ("NetLiquidation", "1000000.00", "USD");
    let own = AccountValue {
        key: key.to_owned(),
        value: value.to_owned(),
        currency: usd.to_owned(),
        account: account(),
    };
    let summary = AccountSummary {
        req_id: REQ,
        account: account(),
        tag: key.to_owned(),
        value: value.to_owned(),
        currency: usd.to_owned(),
    };
    let multi = AccountUpdateMulti {
        req_id: REQ,
        account: account(),
        model_code: String::new(),
        key: key.to_owned(),
        value: value.to_owned(),
        currency: usd.to_owned(),
    };
    vec![
        sample!(AccountValue, own.clone()),
        sample!(AccountUpdateTime, AccountUpdateTime { time: "09:30".to_owned() }),
        sample!(AccountDataEnd, AccountDataEnd { account: account() }),
        sample!(AccountSummary, summary.clone()),
        sample!(AccountSummaryEnd, AccountSummaryEnd { req_id: REQ }),
        sample!(AccountUpdateMulti, multi.clone()),
        sample!(AccountUpdateMultiEnd, AccountUpdateMultiEnd { req_id: REQ }),
    ]
}

fn positions() -> Vec<Sample> {
    let position = Position {
        account: account(),
        contract: spy(),
        position: d("-100.5"),
        average_cost: d("479.5"),
    };
    let multi = PositionMulti {
        req_id: REQ,
        account: account(),
        contract: spy(),
        position: d("-100.5"),
        average_cost: d("479.5"),
        model_code: String::new(),
    };
    let held = PortfolioValue {
        contract: spy(),
        position: d("100"),
        market_price: d("480.015"),
        market_value: d("48001.5"),
        average_cost: d("479.5"),
        unrealized_pnl: d("51.5"),
        realized_pnl: d("0"),
        account: account(),
    };
    let (daily, unrealized) = (Some(d("12.5")), Some(d("51.5")));
    let single = PnLSingle {
        req_id: REQ,
        position: d("100"),
        daily,
        unrealized,
        realized: Some(d("0")),
        value: Some(d("48001.5")),
    };
    vec![
        sample!(Position, position.clone()),
        sample!(PositionEnd, PositionEnd),
        sample!(PositionMulti, multi.clone()),
        sample!(PositionMultiEnd, PositionMultiEnd { req_id: REQ }),
        sample!(PortfolioValue, held.clone()),
        sample!(PnL, PnL { req_id: REQ, daily, unrealized, realized: None }),
        sample!(PnLSingle, single),
    ]
}

fn every_sample() -> Vec<Sample> {
    [contracts_and_lists(), ticks(), bars(), values(), positions()].into_iter().flatten().collect()
}

fn bodies(versions: impl IntoIterator<Item = i32>) -> Vec<(ServerVersion, Sample, Vec<u8>)> {
    versions
        .into_iter()
        .map(ServerVersion::new)
        .flat_map(|version| every_sample().into_iter().map(move |sample| (version, sample)))
        .filter(|(version, sample)| version.has(sample.since))
        .map(|(version, sample)| {
            let body = (sample.write)(version).expect("the version is known");
            (version, sample, body)
        })
        .collect()
}

/// Returns one of every answer at each version, for the fuzz corpus.
pub(crate) fn samples() -> Vec<(i32, Vec<u8>)> {
    bodies(ALL).into_iter().map(|(version, _, body)| (version.get(), body)).collect()
}

#[test]
fn every_answer_is_written_as_real_clients_accepted_it() {
    let written: Vec<String> = bodies(RECORDED)
        .iter()
        .map(|(version, sample, body)| format!("{version} {} {}", sample.name, hex(body)))
        .collect();
    fixtures::check_written("answers.hex", &written);
}

#[test]
fn every_answer_reads_back_as_it_was_written() {
    for (version, sample, body) in bodies(ALL) {
        (sample.read)(version, &body)
            .unwrap_or_else(|error| panic!("{} at {version}: {error:?}", sample.name));
    }
}

#[test]
fn an_answer_with_a_field_missing_or_left_over_is_refused() {
    for (version, sample, body) in bodies(ALL) {
        let longer = [body.as_slice(), b"1\0"].concat();
        assert!((sample.read)(version, &longer).is_err(), "{} at {version}, longer", sample.name);
        if gatehouse_tws::Head::split(version, &body).expect("has a head").form == Form::Text
            && body.len() > 4
        {
            let shorter = body.get(..body.len() - 1).expect("is not empty");
            let read = (sample.read)(version, shorter);
            assert!(read.is_err(), "{} at {version}, shorter", sample.name);
        }
    }
}

#[test]
fn the_end_of_past_bars_is_a_message_of_its_own_from_196_on() {
    let history = HistoricalData { req_id: REQ, bars: vec![bar("1")], ..HistoricalData::default() };
    for (number, n_bodies) in [(157, 1), (178, 1), (213, 2), (226, 2)] {
        let bodies = history.bodies(ServerVersion::new(number)).expect("the version is known");
        assert_eq!(bodies.len(), n_bodies, "at {number}");
    }
}

#[test]
fn no_answer_is_written_for_a_version_whose_layouts_are_not_known() {
    for number in [156, 227] {
        let version = ServerVersion::new(number);
        for sample in every_sample() {
            let written = (sample.write)(version);
            assert_eq!(written, Err(LayoutError::Version { version }), "{}", sample.name);
        }
    }
}

proptest! {
    #[test]
    fn prices_and_sizes_survive_both_forms(
        mantissa in -1_000_000_000_000_i64..1_000_000_000_000,
        scale in 0_u32..6,
        number in ALL,
    ) {
        let value = Decimal::new(mantissa, scale).normalize();
        let version = ServerVersion::new(number);
        let tick = TickPrice { price: value, size: value, ..TickPrice::default() };
        let body = tick.encode(version).expect("the version is known");
        prop_assert_eq!(TickPrice::decode(version, &body), Ok(tick));
        let held = Position { position: value, average_cost: value, ..Position::default() };
        let body = held.encode(version).expect("the version is known");
        prop_assert_eq!(Position::decode(version, &body), Ok(held));
    }

    #[test]
    fn no_bytes_make_an_answer_decoder_panic(
        pick in any::<prop::sample::Index>(),
        number in ALL,
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut samples = every_sample();
        let sample = samples.swap_remove(pick.index(samples.len()));
        let version = ServerVersion::new(number);
        prop_assume!(version.has(sample.since));
        let mut body = (sample.write)(version).expect("the version is known");
        let at = at.index(body.len());
        body[at] = byte;
        // What is refused is fine; what is read must be read back, which `read` asserts.
        drop((sample.read)(version, &body));
    }
}
