//! Lines, books, ticks one by one and bars of seconds, at each form of the wire, on virtual time.

use std::time::Duration;

use gatehouse_sim::server::{Answer, Rehearsal, Script};
use gatehouse_sim::world::WorldConfig;
use gatehouse_sim::world::market::allowance::Allowance;
use gatehouse_tws::answer::{
    AnswerId, ErrorReport, HistoricalTicksLast, MarketDataType, MarketDepth, MarketDepthExchanges,
    MarketDepthL2, OptionComputation, RealTimeBar, RerouteMarketData, RowChange, Tick, TickByTick,
    TickGeneric, TickPrice, TickReqParams, TickSize, TickSnapshotEnd, TickString, TickType,
};
use gatehouse_tws::layout::{LayoutError, ReqId, WireContract};
use gatehouse_tws::request::{
    CancelMarketData, CancelMarketDepth, CancelRealTimeBars, CancelTickByTick, MarketDataRequest,
    MarketDataTypeRequest, MarketDepthExchangesRequest, MarketDepthRequest, RealTimeBarsRequest,
    Request, TickByTickRequest,
};
use gatehouse_tws::{FrameReader, Head, ServerVersion};
use gatehouse_types::Decimal;

use crate::stage::{Actor, stage, world};

/// Text, the versions that mix both forms, protobuf.
pub(crate) const VERSIONS: [i32; 3] = [178, 205, 226];

/// One client on virtual time.
pub(crate) struct Scene {
    stage: Rehearsal,
    actor: Actor,
    version: ServerVersion,
    frames: FrameReader,
}

impl Scene {
    pub(crate) fn at(version: i32) -> Self {
        Self::of(version, world(1))
    }

    pub(crate) fn of(version: i32, world: WorldConfig) -> Self {
        Self::on(stage(world, Script::default()), version)
    }

    /// Enters a stage that was made otherwise.
    pub(crate) fn on(mut stage: Rehearsal, version: i32) -> Self {
        let actor = Actor::enter(&mut stage, version, 1);
        let frames = FrameReader::new();
        let mut scene = Self { stage, actor, version: ServerVersion::new(version), frames };
        scene.heard();
        scene
    }

    pub(crate) fn ask(&mut self, request: Request) {
        self.actor.ask(&mut self.stage, &request);
    }

    pub(crate) fn pass(&mut self, millis: u64) {
        self.stage.pass(Duration::from_millis(millis));
    }

    pub(crate) fn drill(&mut self, line: &str) {
        let line = line.parse().expect("is a line");
        self.stage.line(line).expect("is taken");
    }

    /// Returns what the control port says of how things are.
    pub(crate) fn state(&mut self) -> serde_json::Value {
        let line = r#"{"do":"state"}"#.parse().expect("is a line");
        match self.stage.line(line).expect("is taken") {
            Answer::State(state) => state,
            Answer::Done => panic!("says nothing"),
        }
    }

    /// Takes every body since the last time.
    pub(crate) fn heard(&mut self) -> Vec<Vec<u8>> {
        self.actor.listen(&mut self.stage);
        self.frames.push(&std::mem::take(&mut self.actor.heard));
        let mut found = Vec::new();
        while let Some(body) = self.frames.next_frame().expect("are frames") {
            found.push(body.to_vec());
        }
        found
    }

    fn id(&self, body: &[u8]) -> i32 {
        Head::split(self.version, body).map_or(-1, |head| head.id)
    }

    /// Returns the answers of one kind among bodies, each read to its last field.
    pub(crate) fn of_kind<T>(
        &self,
        bodies: &[Vec<u8>],
        id: AnswerId,
        decode: fn(ServerVersion, &[u8]) -> Result<T, LayoutError>,
    ) -> Vec<T> {
        let these = bodies.iter().filter(|body| self.id(body) == id.wire());
        these.map(|body| decode(self.version, body).expect("is understood")).collect()
    }

    /// Takes what was said, and returns the codes of its errors.
    pub(crate) fn codes(&mut self) -> Vec<i32> {
        let heard = self.heard();
        let errors = self.of_kind(&heard, ErrorReport::ID, ErrorReport::decode);
        errors.into_iter().map(|error| error.code).collect()
    }

    pub(crate) fn prices(&self, bodies: &[Vec<u8>]) -> Vec<TickPrice> {
        self.of_kind(bodies, TickPrice::ID, TickPrice::decode)
    }
}

pub(crate) fn contract(symbol: &str, sec_type: &str, exchange: &str) -> WireContract {
    WireContract {
        symbol: symbol.to_owned(),
        sec_type: sec_type.to_owned(),
        exchange: exchange.to_owned(),
        currency: "USD".to_owned(),
        ..WireContract::default()
    }
}

pub(crate) fn spy() -> WireContract {
    contract("SPY", "STK", "SMART")
}

pub(crate) fn line(id: i32, contract: WireContract, ticks: &str) -> MarketDataRequest {
    let generic_ticks = ticks.to_owned();
    MarketDataRequest { req_id: ReqId::new(id), contract, generic_ticks, ..Default::default() }
}

pub(crate) fn stream(id: i32, contract: WireContract, kind: &str, n_ticks: i32) -> Request {
    let tick_type = kind.to_owned();
    let req_id = ReqId::new(id);
    Request::TickByTick(TickByTickRequest {
        req_id,
        contract,
        tick_type,
        n_ticks,
        ignore_size: false,
    })
}

pub(crate) fn depth(id: i32, contract: WireContract, n_rows: i32, is_smart: bool) -> Request {
    let req_id = ReqId::new(id);
    let options = Vec::new();
    Request::MarketDepth(MarketDepthRequest { req_id, contract, n_rows, is_smart, options })
}

#[test]
fn a_snapshot_says_its_kind_its_parameters_and_each_figure_once_then_ends() {
    for version in VERSIONS {
        for (kind, types) in
            [(1, [4, 45, 6, 7, 8, 9, 14, 1, 2]), (3, [68, 88, 72, 73, 74, 75, 76, 66, 67])]
        {
            let mut scene = Scene::at(version);
            scene.ask(Request::MarketDataType(MarketDataTypeRequest { market_data_type: kind }));
            let asked = MarketDataRequest { snapshot: true, ..line(5, spy(), "") };
            scene.ask(Request::MarketData(asked));
            let heard = scene.heard();
            let ids: Vec<i32> = heard.iter().map(|body| scene.id(body)).collect();
            assert_eq!(ids[..2], [MarketDataType::ID.wire(), TickReqParams::ID.wire()]);
            assert_eq!(ids.last(), Some(&TickSnapshotEnd::ID.wire()), "{ids:?}");
            let told = scene.of_kind(&heard, MarketDataType::ID, MarketDataType::decode);
            assert_eq!(told[0].market_data_type, kind);
            let ticks: Vec<i32> = heard
                .iter()
                .filter_map(|body| {
                    let price = TickPrice::decode(scene.version, body).map(|tick| tick.tick_type);
                    let size = TickSize::decode(scene.version, body).map(|tick| tick.tick_type);
                    let text = TickString::decode(scene.version, body).map(|tick| tick.tick_type);
                    price.or(size).or(text).ok().map(TickType::get)
                })
                .collect();
            assert_eq!(ticks[..9], types, "{version}");
            scene.ask(Request::CancelMarketData(CancelMarketData { req_id: ReqId::new(5) }));
            assert_eq!(scene.codes(), [300], "it had ended by itself");
            scene.pass(2_000);
            assert!(scene.heard().is_empty());
        }
    }
}

#[test]
fn a_snapshot_without_data_ends_after_eleven_seconds() {
    let mut scene = Scene::at(178);
    scene.drill(r#"{"do":"data","symbol":"SPY","as":"silent"}"#);
    scene.ask(Request::MarketData(MarketDataRequest { snapshot: true, ..line(5, spy(), "") }));
    scene.pass(10_500);
    assert!(scene.heard().is_empty());
    scene.pass(1_000);
    let heard = scene.heard();
    assert_eq!(heard.iter().map(|body| scene.id(body)).collect::<Vec<_>>(), [57]);
    scene.pass(5_000);
    assert!(scene.heard().is_empty());
}

#[test]
fn a_line_is_refused_in_the_words_of_the_gateway() {
    for version in VERSIONS {
        let mut scene = Scene::at(version);
        let snapshot = MarketDataRequest { snapshot: true, ..line(1, spy(), "233") };
        for (asked, code) in [
            (line(2, contract("NOSUCH", "STK", "SMART"), ""), Some(200)),
            (line(3, spy(), "233,999"), Some(321)),
            (snapshot, Some(321)),
            (line(4, spy(), "233"), None),
            (line(4, spy(), ""), Some(322)),
        ] {
            scene.ask(Request::MarketData(asked.clone()));
            assert_eq!(scene.codes(), code.into_iter().collect::<Vec<_>>(), "{asked:?}");
        }
        scene.ask(Request::CancelMarketData(CancelMarketData { req_id: ReqId::new(4) }));
        scene.ask(Request::CancelMarketData(CancelMarketData { req_id: ReqId::new(4) }));
        assert_eq!(scene.codes(), [300]);
        scene.ask(Request::MarketData(line(6, contract("SPY", "CFD", "SMART"), "")));
        let heard = scene.heard();
        let told = scene.of_kind(&heard, RerouteMarketData::ID, RerouteMarketData::decode);
        assert_eq!((told[0].con_id, told[0].exchange.as_str()), (756_733, "SMART"));
    }
}

#[test]
fn lines_books_and_streams_of_all_clients_count_together() {
    let mut few = world(1);
    few.allowance = Allowance::of_lines(2);
    let mut scene = Scene::of(226, few);
    let other = Actor::enter(&mut scene.stage, 226, 2);
    other.ask(&mut scene.stage, &Request::MarketData(line(1, spy(), "")));
    scene.ask(Request::MarketData(line(1, spy(), "")));
    assert_eq!(scene.codes(), Vec::<i32>::new());
    scene.ask(Request::MarketData(line(2, spy(), "")));
    assert_eq!(scene.codes(), [101]);
    other.leave(&mut scene.stage);
    scene.ask(Request::MarketData(line(2, spy(), "")));
    assert_eq!(scene.codes(), Vec::<i32>::new());

    for (id, symbol) in (10..).zip(["AAPL", "MSFT", "SPY", "IBM"]) {
        scene.ask(depth(id, contract(symbol, "STK", "ARCA"), 5, false));
        let expected: &[i32] = if id == 13 { &[309] } else { &[] };
        assert_eq!(scene.codes(), expected, "{symbol}");
    }
    scene.ask(depth(14, contract("SPY", "STK", "NYSE"), 5, false));
    assert_eq!(scene.codes(), Vec::<i32>::new(), "a book of the same instrument is no other");

    for (id, symbol) in (20..).zip(["AAPL", "MSFT", "SPY", "IBM", "KO", "GS"]) {
        scene.ask(stream(id, contract(symbol, "STK", "SMART"), "Last", 0));
        let expected: &[i32] = if id == 25 { &[10190] } else { &[] };
        assert_eq!(scene.codes(), expected, "{symbol}");
    }
}

#[test]
fn generic_ticks_come_with_the_line() {
    for version in VERSIONS {
        let mut scene = Scene::at(version);
        let ticks = "100,101,104,105,106,165,221,233,236,293,318,375,411,456,588,595";
        scene.ask(Request::MarketData(line(5, contract("AAPL", "STK", "SMART"), ticks)));
        scene.pass(5_000);
        let heard = scene.heard();
        let prices = scene.prices(&heard).into_iter().map(|tick| tick.tick_type);
        let sizes = scene.of_kind(&heard, TickSize::ID, TickSize::decode);
        let numbers = scene.of_kind(&heard, TickGeneric::ID, TickGeneric::decode);
        let texts = scene.of_kind(&heard, TickString::ID, TickString::decode);
        let found: Vec<i32> = prices
            .chain(sizes.iter().map(|tick| tick.tick_type))
            .chain(numbers.iter().map(|tick| tick.tick_type))
            .chain(texts.iter().map(|tick| tick.tick_type))
            .map(TickType::get)
            .collect();
        for wanted in [
            15, 20, 21, 23, 24, 27, 28, 29, 30, 32, 33, 37, 46, 48, 49, 54, 57, 58, 59, 63, 64, 65,
            77, 84, 87, 89,
        ] {
            assert!(found.contains(&wanted), "tick {wanted} is missing at {version}: {found:?}");
        }
        let volumes = texts.iter().filter(|tick| tick.tick_type.get() == 48);
        let mut last_volume = 0;
        for text in volumes {
            let parts: Vec<&str> = text.value.split(';').collect();
            assert_eq!(parts.len(), 6, "{}", text.value);
            let volume: i64 = parts[3].parse().expect("is a number");
            assert!(volume >= last_volume && parts[4].starts_with("27"), "{}", text.value);
            last_volume = volume;
        }
        assert!(last_volume > 0);
    }
}

#[test]
fn an_option_line_says_what_its_prices_mean() {
    for version in VERSIONS {
        for (kind, types) in [(1, [10, 11, 12, 13]), (3, [80, 81, 82, 83])] {
            let mut scene = Scene::at(version);
            scene.ask(Request::MarketDataType(MarketDataTypeRequest { market_data_type: kind }));
            let option = WireContract {
                expiry: "20260220".to_owned(),
                strike: Some(Decimal::from(270)),
                right: "C".to_owned(),
                ..contract("AAPL", "OPT", "SMART")
            };
            scene.ask(Request::MarketData(line(5, option, "")));
            scene.pass(60_000);
            let heard = scene.heard();
            let told = scene.of_kind(&heard, OptionComputation::ID, OptionComputation::decode);
            let found: std::collections::BTreeSet<i32> =
                told.iter().map(|tick| tick.tick_type.get()).collect();
            assert_eq!(found.into_iter().collect::<Vec<_>>(), types, "{version}");
            let model = told.iter().rfind(|tick| tick.tick_type.get() == types[3]);
            let model = model.expect("is told");
            let delta = model.delta.expect("is computed");
            assert!(delta > Decimal::new(2, 1) && delta < Decimal::new(9, 1), "{model:?}");
            assert!(model.theta.is_some_and(|theta| theta < Decimal::ZERO), "{model:?}");
            assert!(model.under_price.is_some_and(|price| price > Decimal::from(250)));
        }
    }
}

#[test]
fn what_nobody_quotes_is_minus_one_and_a_pair_has_no_last_price() {
    let mut scene = Scene::at(178);
    scene.ask(Request::MarketData(line(5, contract("EUR", "CASH", "IDEALPRO"), "")));
    let heard = scene.heard();
    let prices = scene.prices(&heard);
    assert!(prices.iter().any(|tick| tick.tick_type == TickType::BID));
    assert!(prices.iter().all(|tick| tick.tick_type != TickType::LAST), "{prices:?}");
    scene.drill(r#"{"do":"quote","symbol":"SPY","as":"none"}"#);
    scene.ask(Request::MarketData(line(6, spy(), "")));
    let heard = scene.heard();
    for side in [TickType::BID, TickType::ASK] {
        let mine = |tick: &&TickPrice| tick.req_id.get() == 6 && tick.tick_type == side;
        let prices = scene.prices(&heard);
        let found = prices.iter().find(mine).expect("is told");
        assert_eq!((found.price, found.size), (Decimal::NEGATIVE_ONE, Decimal::ZERO));
    }
}

#[test]
fn a_book_begins_with_every_row_and_follows_the_line() {
    for version in VERSIONS {
        for (exchange, is_smart, is_named) in
            [("SMART", true, true), ("NASDAQ", false, true), ("ARCA", false, false)]
        {
            let mut scene = Scene::at(version);
            scene.ask(depth(7, contract("AAPL", "STK", exchange), 5, is_smart));
            let heard = scene.heard();
            let rows = rows(&scene, &heard, is_named, is_smart);
            let expected: Vec<(bool, i32)> =
                [true, false].into_iter().flat_map(|bid| (0..5).map(move |at| (bid, at))).collect();
            let found: Vec<(bool, i32)> =
                rows.iter().map(|row| (row.is_bid, row.position)).collect();
            assert_eq!(found, expected, "{version} {exchange}");
            assert!(rows.iter().all(|row| row.change == RowChange::Insert));

            scene.ask(Request::MarketData(line(8, contract("AAPL", "STK", "SMART"), "")));
            let heard = scene.heard();
            for (side, is_bid) in [(TickType::BID, true), (TickType::ASK, false)] {
                let prices = scene.prices(&heard);
                let quote = prices.iter().find(|tick| tick.tick_type == side).expect("is told");
                let best: Vec<_> = rows.iter().filter(|row| row.is_bid == is_bid).collect();
                assert_eq!(best[0].price, quote.price, "{version} {exchange}");
                let at_best = best.iter().filter(|row| row.price == quote.price);
                let size: Decimal = at_best.map(|row| row.size).sum();
                assert_eq!(size, quote.size, "{version} {exchange}");
            }
            scene.pass(5_000);
            let heard = scene.heard();
            assert!(!self::rows(&scene, &heard, is_named, is_smart).is_empty(), "{exchange}");
            let cancel = CancelMarketDepth { req_id: ReqId::new(7), is_smart };
            scene.ask(Request::CancelMarketDepth(cancel));
            scene.ask(Request::CancelMarketDepth(cancel));
            assert_eq!(scene.codes(), [310]);
        }
    }
}

fn rows(
    scene: &Scene,
    bodies: &[Vec<u8>],
    is_named: bool,
    is_smart: bool,
) -> Vec<gatehouse_tws::answer::DepthRow> {
    if !is_named {
        let told = scene.of_kind(bodies, MarketDepth::ID, MarketDepth::decode);
        return told.into_iter().map(|one| one.row).collect();
    }
    let told = scene.of_kind(bodies, MarketDepthL2::ID, MarketDepthL2::decode);
    let check = |one: MarketDepthL2| {
        assert_eq!(one.row.is_smart, is_smart);
        let is_gone = one.row.row.change == RowChange::Delete;
        assert!(is_gone || is_smart || one.row.maker == "NSDQ", "{one:?}");
        one.row.row
    };
    told.into_iter().map(check).collect()
}

#[test]
fn a_book_is_refused_or_reset_in_the_words_of_the_gateway() {
    let mut scene = Scene::at(178);
    for (asked, code) in [
        (depth(1, contract("SPY", "STK", ""), 5, false), 321),
        (depth(1, spy(), 0, true), 321),
        (depth(1, spy(), 5, false), 10092),
        (depth(1, contract("EUR", "CASH", "IDEALPRO"), 5, true), 0),
        (depth(2, spy(), 5, true), 2152),
    ] {
        scene.ask(asked);
        let codes = scene.codes();
        assert_eq!(codes.first().copied().unwrap_or(0), code);
    }
    scene.drill(r#"{"do":"data","symbol":"SPY","as":"silent"}"#);
    scene.pass(2_000);
    scene.heard();
    scene.drill(r#"{"do":"data","symbol":"SPY","as":"live"}"#);
    scene.pass(1_000);
    assert_eq!(scene.codes(), [317]);
    scene.ask(Request::MarketDepthExchanges(MarketDepthExchangesRequest));
    let heard = scene.heard();
    let told = scene.of_kind(&heard, MarketDepthExchanges::ID, MarketDepthExchanges::decode);
    assert!(told[0].exchanges.iter().any(|one| one.exchange == "ISLAND"), "{told:?}");
}

#[test]
fn every_kind_of_single_ticks_flows_and_can_begin_with_the_past() {
    for version in VERSIONS {
        for kind in ["Last", "AllLast", "BidAsk", "MidPoint"] {
            let mut scene = Scene::at(version);
            scene.ask(stream(9, spy(), kind, 0));
            scene.pass(10_000);
            let heard = scene.heard();
            let ticks = scene.of_kind(&heard, TickByTick::ID, TickByTick::decode);
            assert!(ticks.len() >= 5, "{kind} at {version}: {}", ticks.len());
            assert!(ticks.windows(2).all(|pair| pair[0].time <= pair[1].time));
            let fits = |tick: &TickByTick| match &tick.tick {
                Tick::Last(trade) => kind == "Last" && !trade.unreported,
                Tick::AllLast(_) => kind == "AllLast",
                Tick::BidAsk(quote) => kind == "BidAsk" && quote.bid < quote.ask,
                Tick::MidPoint(price) => kind == "MidPoint" && *price > Decimal::from(500),
            };
            assert!(ticks.iter().all(fits), "{kind} at {version}");
            let cancel = CancelTickByTick { req_id: ReqId::new(9) };
            scene.ask(Request::CancelTickByTick(cancel));
            scene.ask(Request::CancelTickByTick(cancel));
            scene.ask(stream(10, spy(), kind, 0));
            assert_eq!(scene.codes(), [300, 10189], "{kind}");
        }
        let mut scene = Scene::at(version);
        scene.ask(stream(9, spy(), "Last", 40));
        let heard = scene.heard();
        let past = scene.of_kind(&heard, HistoricalTicksLast::ID, HistoricalTicksLast::decode);
        assert_eq!((past[0].ticks.len(), past[0].is_done), (40, true));
        for (asked, code) in [
            (stream(11, contract("EUR", "CASH", "IDEALPRO"), "Last", 0), Some(10189)),
            (stream(12, contract("EUR", "CASH", "IDEALPRO"), "MidPoint", 0), None),
            (stream(13, spy(), "Trades", 0), Some(321)),
        ] {
            scene.ask(asked);
            assert_eq!(scene.codes(), code.into_iter().collect::<Vec<_>>());
        }
    }
}

#[test]
fn ticks_without_a_subscription_are_refused_once_by_the_servers_and_then_by_the_gateway() {
    let mut scene = Scene::at(207);
    scene.drill(r#"{"do":"permissions","symbol":"*","as":"api"}"#);
    let aapl = || contract("AAPL", "STK", "SMART");
    for (id, asked, code, text) in [
        (
            1,
            aapl(),
            10189,
            "Failed to request tick-by-tick data.No market data permissions for ISLAND STK. Requested market data requires additional subscription for API.",
        ),
        (2, aapl(), 10089, "Requested market data requires additional subscription for API."),
        (3, aapl(), 10089, "Requested market data requires additional subscription for API."),
        (
            4,
            spy(),
            10189,
            "Failed to request tick-by-tick data.No market data permissions for ARCA STK.",
        ),
    ] {
        scene.ask(stream(id, asked, if id == 1 { "Last" } else { "BidAsk" }, 0));
        let heard = scene.heard();
        let told = scene.of_kind(&heard, ErrorReport::ID, ErrorReport::decode);
        assert_eq!((told[0].id, told[0].code), (id, code), "{told:?}");
        assert!(told[0].text.starts_with(text), "{told:?}");
    }
    scene.drill(r#"{"do":"usual","symbol":"*"}"#);
    scene.ask(stream(5, aapl(), "Last", 0));
    assert_eq!(scene.codes(), Vec::<i32>::new());
    scene.drill(r#"{"do":"permissions","symbol":"*","as":"api"}"#);
    scene.ask(stream(6, aapl(), "AllLast", 0));
    assert_eq!(scene.codes(), [10189], "what was given is forgotten");
}

#[test]
fn the_trades_of_five_seconds_make_their_bar() {
    for version in VERSIONS {
        let mut scene = Scene::at(version);
        let bars = |what: &str, id: i32| RealTimeBarsRequest {
            req_id: ReqId::new(id),
            contract: spy(),
            bar_size: 5,
            what_to_show: what.to_owned(),
            use_rth: true,
            ..RealTimeBarsRequest::default()
        };
        scene.ask(Request::RealTimeBars(bars("TRADES", 3)));
        scene.ask(stream(4, spy(), "Last", 0));
        scene.pass(11_000);
        let heard = scene.heard();
        let told = scene.of_kind(&heard, RealTimeBar::ID, RealTimeBar::decode);
        assert_eq!(told.len(), 2, "{version}");
        let ticks = scene.of_kind(&heard, TickByTick::ID, TickByTick::decode);
        let bar = told[1];
        let prices: Vec<Decimal> = ticks
            .iter()
            .filter(|tick| (bar.time..bar.time + 5).contains(&tick.time))
            .filter_map(|tick| match &tick.tick {
                Tick::Last(trade) => Some(trade.price),
                Tick::AllLast(_) | Tick::BidAsk(_) | Tick::MidPoint(_) => None,
            })
            .collect();
        assert_eq!(prices.first(), Some(&bar.open), "{version}");
        assert_eq!(prices.last(), Some(&bar.close), "{version}");
        assert_eq!(prices.iter().max(), Some(&bar.high), "{version}");
        assert_eq!(prices.iter().min(), Some(&bar.low), "{version}");

        for (asked, code) in [
            (bars("BID_ASK", 5), 321),
            (RealTimeBarsRequest { bar_size: 10, ..bars("TRADES", 5) }, 321),
            (bars("TRADES", 3), 322),
        ] {
            scene.ask(Request::RealTimeBars(asked));
            assert_eq!(scene.codes(), [code]);
        }
        for id in 100..159 {
            scene.ask(Request::RealTimeBars(bars("BID", id)));
            scene.ask(Request::CancelRealTimeBars(CancelRealTimeBars { req_id: ReqId::new(id) }));
        }
        assert_eq!(scene.codes(), Vec::<i32>::new());
        scene.ask(Request::RealTimeBars(bars("BID", 160)));
        assert_eq!(scene.codes(), [420], "more than sixty in ten minutes");
        scene.ask(Request::CancelRealTimeBars(CancelRealTimeBars { req_id: ReqId::new(160) }));
        assert_eq!(scene.codes(), [300]);
        scene.pass(600_000);
        scene.ask(Request::RealTimeBars(bars("BID", 161)));
        assert_eq!(scene.codes(), Vec::<i32>::new(), "ten minutes later there is room");
    }
}

#[test]
fn clients_that_know_whole_sizes_only_get_no_parts_and_are_told_once() {
    let coin = || contract("BTC", "CRYPTO", "PAXOS");
    for (version, is_old) in [(157, true), (162, true), (163, false), (226, false)] {
        for (asked, kind) in [
            (Request::MarketData(line(7, coin(), "")), "line"),
            (depth(7, coin(), 5, false), "book"),
            (stream(7, coin(), "BidAsk", 10), "ticks"),
        ] {
            let mut scene = Scene::at(version);
            scene.ask(asked);
            scene.pass(5_000);
            let heard = scene.heard();
            let sizes = sizes(&scene, &heard);
            let is_whole = sizes.iter().all(Decimal::is_integer);
            assert_eq!((sizes.len() > 10, is_whole), (true, is_old), "{kind} at {version}");
            let told = scene.of_kind(&heard, ErrorReport::ID, ErrorReport::decode);
            let told: Vec<_> = told.iter().filter(|one| one.code == 2176).collect();
            assert_eq!(told.len(), usize::from(is_old), "{kind} at {version}");
            let Some(one) = told.first() else { continue };
            let words = one.text.split_once("minimum version 163. Trimmed value ");
            let (from, to) = words.and_then(|(_, rest)| rest.split_once(" to ")).expect("says it");
            assert_eq!((one.id, from.split('.').next()), (7, Some(to)), "{}", one.text);
        }
    }
}

/// Returns every size of a line, a book or ticks one by one.
fn sizes(scene: &Scene, heard: &[Vec<u8>]) -> Vec<Decimal> {
    let mut found: Vec<Decimal> = scene.prices(heard).iter().map(|one| one.size).collect();
    let alone = scene.of_kind(heard, TickSize::ID, TickSize::decode);
    found.extend(alone.iter().map(|one| one.size));
    let book = scene.of_kind(heard, MarketDepth::ID, MarketDepth::decode);
    found.extend(book.iter().map(|one| one.row.size));
    let ticks = scene.of_kind(heard, TickByTick::ID, TickByTick::decode);
    found.extend(ticks.iter().flat_map(|one| match &one.tick {
        Tick::BidAsk(quote) => vec![quote.bid_size, quote.ask_size],
        Tick::Last(_) | Tick::AllLast(_) | Tick::MidPoint(_) => Vec::new(),
    }));
    found
}
