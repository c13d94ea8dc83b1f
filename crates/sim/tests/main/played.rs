//! What clients see of a tape: a pair and a coin that trade, and what is left when it is over.

use std::path::{Path, PathBuf};

use gatehouse_sim::server::Script;
use gatehouse_sim::world::{WorldConfig, tape};
use gatehouse_tws::answer::{
    ErrorReport, ExecutionReport, HistoricalData, OrderStatusReport, TickPrice, TickType,
};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::order::Order;
use gatehouse_tws::request::{
    CancelOrder, HistoricalDataRequest, MarketDataRequest, PlaceOrder, Request,
};
use gatehouse_types::{Decimal, OrderId};

use crate::determinism::stock;
use crate::market::{Scene, VERSIONS, contract};
use crate::stage::{stage_at, world};

fn line(id: i32, contract: &WireContract) -> Request {
    Request::MarketData(MarketDataRequest {
        req_id: ReqId::new(id),
        contract: contract.clone(),
        ..MarketDataRequest::default()
    })
}

fn order(id: i32, contract: &WireContract, quantity: &str, limit: Option<&str>) -> Request {
    let number = |text: &str| text.parse::<Decimal>().expect("is a number");
    Request::PlaceOrder(Box::new(PlaceOrder {
        order_id: OrderId::new(id),
        contract: contract.clone(),
        order: Order {
            action: "BUY".to_owned(),
            total_quantity: number(quantity),
            order_type: if limit.is_some() { "LMT" } else { "MKT" }.to_owned(),
            lmt_price: limit.map(number),
            tif: "GTC".to_owned(),
            transmit: true,
            ..Order::default()
        },
        attached: None,
    }))
}

/// Writes a table and its description; times are UTC.
fn table(dir: &Path, rows: &str) -> PathBuf {
    let description = r#"{"files":[{"path":"all.csv"}],"bar_secs":60,
        "time":{"format":"%Y-%m-%d %H:%M","zone":"UTC"},
        "columns":{"time":"at","symbol":"of","bid":"b","ask":"a","trade":"t","volume":"v"}}"#;
    std::fs::write(dir.join("all.csv"), format!("at,of,b,a,t,v\n{rows}")).expect("writes");
    let path = dir.join("tape.json");
    std::fs::write(&path, description).expect("writes");
    path
}

/// The stage stands at 15:30 in London.
#[test]
fn a_taped_pair_and_a_taped_coin_are_quoted_and_filled_at_the_tapes_prices() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let path = table(
        dir.path(),
        "2026-01-05 15:29,EURUSD,1.17005,1.1701,,\n2026-01-05 15:29,BTC.USD,93000.5,93001.25,,\n\
         2026-01-05 15:31,EURUSD,1.171,1.17115,,\n2026-01-05 15:31,BTC.USD,93100,93102,,\n",
    );
    for version in VERSIONS {
        for (contract, quantity, limit, quotes) in [
            (
                contract("EUR", "CASH", "IDEALPRO"),
                "25000",
                None,
                [["1.17005", "1.1701"], ["1.171", "1.17115"]],
            ),
            (
                contract("BTC", "CRYPTO", "PAXOS"),
                "0.0005",
                Some("94000"),
                [["93000.5", "93001.25"], ["93100", "93102"]],
            ),
        ] {
            let case = format!("{} at {version}", contract.symbol);
            let mut scene = playing(version, &path, 1_000);
            scene.ask(line(1, &contract));
            scene.pass(2_000);
            let bodies = scene.heard();
            let number = |text: &str| Some(text.parse::<Decimal>().expect("is a number"));
            assert_eq!(quote(&scene, &bodies), quotes[0].map(number), "{case}");
            scene.ask(order(1, &contract, quantity, limit));
            scene.pass(5_000);
            let bodies = scene.heard();
            let filled = scene.of_kind(&bodies, ExecutionReport::ID, ExecutionReport::decode);
            let sum: Decimal = filled.iter().map(|one| one.execution.shares.value()).sum();
            assert_eq!(Some(sum), number(quantity), "{case}: {:?}", codes(&scene, &bodies));
            let at: Vec<_> =
                filled.iter().map(|one| Some(one.execution.price.value().normalize())).collect();
            assert_eq!(at, [number(quotes[0][1])], "{case}");
            let last = statuses(&scene, &bodies).pop().expect("has a status");
            assert_eq!((last.1.as_str(), Some(last.2)), ("Filled", number(quantity)), "{case}");
            scene.pass(120_000);
            let bodies = scene.heard();
            assert_eq!(quote(&scene, &bodies), quotes[1].map(number), "{case}");
        }
    }
}

/// Enters a market that plays a tape, at a speed in thousandths.
fn playing(version: i32, path: &Path, speed: u32) -> Scene {
    let tape = Some(tape::open(path).expect("is a tape"));
    let stage = stage_at(speed, WorldConfig { tape, ..world(1) }, Script::default());
    Scene::on(stage, version)
}

/// Bid and ask that a line showed last.
fn quote(scene: &Scene, bodies: &[Vec<u8>]) -> [Option<Decimal>; 2] {
    let ticks = scene.of_kind(bodies, TickPrice::ID, TickPrice::decode);
    [TickType::BID, TickType::ASK].map(|side| {
        let last = ticks.iter().rev().find(|tick| tick.tick_type == side);
        last.map(|tick| tick.price.normalize())
    })
}

/// Order, status and filled quantity of each report, without repetitions.
fn statuses(scene: &Scene, bodies: &[Vec<u8>]) -> Vec<(i32, String, Decimal)> {
    let reports = scene.of_kind(bodies, OrderStatusReport::ID, OrderStatusReport::decode);
    let read = |one: OrderStatusReport| {
        (one.order_id.get(), one.status.to_string(), one.filled.value().normalize())
    };
    let mut found: Vec<_> = reports.into_iter().map(read).collect();
    found.dedup();
    found
}

/// Codes of errors, not of notes.
fn codes(scene: &Scene, bodies: &[Vec<u8>]) -> Vec<i32> {
    let errors = scene.of_kind(bodies, ErrorReport::ID, ErrorReport::decode);
    errors.iter().map(|error| error.code).filter(|code| *code < 2_000).collect()
}

/// Bars of an hour up to an instant: when each begins, and its close.
fn hour_to(scene: &mut Scene, id: i32, end: &str) -> Vec<(String, Decimal)> {
    scene.ask(Request::HistoricalData(HistoricalDataRequest {
        req_id: ReqId::new(id),
        contract: stock("SPY"),
        end: end.to_owned(),
        duration: "3600 S".to_owned(),
        bar_size: "1 min".to_owned(),
        what_to_show: "TRADES".to_owned(),
        use_rth: true,
        format_date: 2,
        ..HistoricalDataRequest::default()
    }));
    scene.pass(60_000);
    let bodies = scene.heard();
    let [answer] = &scene.of_kind(&bodies, HistoricalData::ID, HistoricalData::decode)[..] else {
        panic!("{:?}", codes(scene, &bodies));
    };
    answer.bars.iter().map(|bar| (bar.date.clone(), bar.close.normalize())).collect()
}

/// `--tape-end quit` ends the process; what a client of `stop` lives through is this.
#[test]
fn after_the_end_of_a_tape_nothing_is_quoted_or_filled_and_the_past_stays() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let path = table(dir.path(), "2026-01-05 15:29,SPY,680,680.01,680.01,100\n");
    let spy = stock("SPY");
    let nothing = [Some(Decimal::NEGATIVE_ONE); 2];
    for version in VERSIONS {
        // A day passes in a few hundred beats.
        let mut scene = playing(version, &path, 1_000_000);
        scene.ask(line(1, &spy));
        scene.ask(order(1, &spy, "10", Some("679")));
        scene.pass(1_000);
        let bodies = scene.heard();
        let shown = [Some(Decimal::from(680)), Some(Decimal::new(68_001, 2))];
        assert_eq!(quote(&scene, &bodies), shown, "{version}");
        scene.pass(86_400_000);
        let bodies = scene.heard();
        assert_eq!(quote(&scene, &bodies), nothing, "{version}");
        assert_eq!(statuses(&scene, &bodies), [], "{version}: what rests goes on resting");
        scene.ask(line(2, &spy));
        scene.ask(order(2, &spy, "10", None));
        scene.ask(order(3, &spy, "10", Some("900")));
        scene.pass(1_800_000);
        let bodies = scene.heard();
        assert_eq!(quote(&scene, &bodies), nothing, "{version}");
        assert_eq!(codes(&scene, &bodies), [0_i32; 0], "{version}: what is new is taken");
        let taken = [2, 3].map(|id| [(id, "PreSubmitted"), (id, "Submitted")].map(unfilled));
        assert_eq!(statuses(&scene, &bodies), taken.concat(), "{version}");
        scene.pass(7_200_000);
        for id in 1..=3 {
            scene.ask(Request::CancelOrder(CancelOrder::new(OrderId::new(id))));
            scene.pass(60_000);
            let bodies = scene.heard();
            let over = [(id, "PendingCancel"), (id, "Cancelled")].map(unfilled);
            assert_eq!(statuses(&scene, &bodies), over, "{version}");
            assert_eq!(codes(&scene, &bodies), [202], "{version}");
        }
        let last = [("1767626940".to_owned(), Decimal::new(68_001, 2))];
        for (id, end) in [(3, "20260106-15:30:00"), (4, "20260105-16:00:00")] {
            assert_eq!(hour_to(&mut scene, id, end), last, "{version} up to {end}");
        }
    }
}

fn unfilled((id, status): (i32, &str)) -> (i32, String, Decimal) {
    (id, status.to_owned(), Decimal::ZERO)
}
