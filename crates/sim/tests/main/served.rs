//! Which data a line, a book or a stream is served, and what is said when that changes.

use gatehouse_sim::world::WorldConfig;
use gatehouse_sim::world::calendar::{new_york_secs, utc};
use gatehouse_sim::world::time::Step;
use gatehouse_tws::answer::{
    ErrorReport, MarketDataType, MarketDepthL2, RowChange, TickByTick, TickPrice, TickType,
};
use gatehouse_tws::request::{MarketDataRequest, MarketDataTypeRequest, Request};

use crate::market::{Scene, depth, line, spy, stream};
use crate::stage::world;

const LIVE: i32 = 1;
const FROZEN: i32 = 2;
const DELAYED: i32 = 3;
const DELAYED_FROZEN: i32 = 4;

fn wants(scene: &mut Scene, kind: i32) {
    scene.ask(Request::MarketDataType(MarketDataTypeRequest { market_data_type: kind }));
}

/// Returns the kinds of data that lines were said to get.
fn kinds(scene: &Scene, heard: &[Vec<u8>]) -> Vec<i32> {
    let told = scene.of_kind(heard, MarketDataType::ID, MarketDataType::decode);
    told.iter().map(|told| told.market_data_type).collect()
}

/// The usual world at an hour of its first day.
fn world_at_hour(hour: i8) -> WorldConfig {
    let secs = new_york_secs(jiff::civil::date(2026, 1, 5), hour, 30);
    WorldConfig { start: Step::of(utc(secs)), ..world(1) }
}

#[test]
fn a_line_stands_still_while_its_market_is_closed_for_who_wants_that() {
    for (hour, wanted, expected, moves) in [
        (10, LIVE, LIVE, true),
        (10, FROZEN, LIVE, true),
        (10, DELAYED, DELAYED, true),
        (10, DELAYED_FROZEN, DELAYED, true),
        (21, LIVE, LIVE, false),
        (21, FROZEN, FROZEN, false),
        (21, DELAYED, DELAYED, false),
        (21, DELAYED_FROZEN, DELAYED_FROZEN, false),
    ] {
        let mut scene = Scene::of(178, world_at_hour(hour));
        wants(&mut scene, wanted);
        scene.ask(Request::MarketData(line(5, spy(), "")));
        let heard = scene.heard();
        assert_eq!(kinds(&scene, &heard), [expected], "{wanted} at {hour}");
        let quoted = |tick: &TickPrice| {
            [TickType::BID, TickType::DELAYED_BID].contains(&tick.tick_type)
                && tick.price.is_sign_positive()
        };
        let shows_quote = moves || wanted == FROZEN || wanted == DELAYED_FROZEN;
        let prices = scene.prices(&heard);
        assert_eq!(prices.iter().any(quoted), shows_quote, "{wanted} at {hour}: {prices:?}");
        scene.pass(30_000);
        assert_eq!(!scene.heard().is_empty(), moves, "{wanted} at {hour}");
    }
}

#[test]
fn a_kind_of_data_that_does_not_exist_is_refused_and_changes_nothing() {
    for unknown in [-1, 0, 5] {
        let mut scene = Scene::at(178);
        wants(&mut scene, DELAYED);
        assert_eq!(scene.codes(), Vec::<i32>::new());
        wants(&mut scene, unknown);
        assert_eq!(scene.codes(), [321], "{unknown}");
        scene.ask(Request::MarketData(line(5, spy(), "")));
        let heard = scene.heard();
        assert_eq!(kinds(&scene, &heard), [DELAYED], "{unknown}");
    }
}

#[test]
fn only_prices_that_are_live_and_stream_can_be_traded_against() {
    for (wanted, snapshot, types, attributes) in [
        (LIVE, false, [TickType::BID, TickType::ASK], 1),
        (LIVE, true, [TickType::BID, TickType::ASK], 0),
        (DELAYED, false, [TickType::DELAYED_BID, TickType::DELAYED_ASK], 0),
        (DELAYED, true, [TickType::DELAYED_BID, TickType::DELAYED_ASK], 0),
    ] {
        let mut scene = Scene::at(178);
        wants(&mut scene, wanted);
        let asked = MarketDataRequest { snapshot, ..line(5, spy(), "") };
        scene.ask(Request::MarketData(asked));
        scene.pass(5_000);
        let heard = scene.heard();
        let mut prices = scene.prices(&heard);
        prices.retain(|tick| types.contains(&tick.tick_type));
        assert!(prices.len() >= 2, "{wanted} {snapshot}: {prices:?}");
        let fits = |tick: &TickPrice| tick.attributes == attributes;
        assert!(prices.iter().all(fits), "{wanted} {snapshot}: {prices:?}");
    }
}

#[test]
fn a_book_is_told_anew_after_a_pause_and_refused_without_a_subscription() {
    let mut scene = Scene::at(178);
    scene.ask(depth(2, spy(), 5, true));
    scene.heard();
    scene.drill(r#"{"do":"data","symbol":"SPY","as":"silent"}"#);
    scene.pass(2_000);
    assert!(scene.heard().is_empty());
    scene.drill(r#"{"do":"data","symbol":"SPY","as":"live"}"#);
    scene.pass(250);
    let heard = scene.heard();
    let told = scene.of_kind(&heard, ErrorReport::ID, ErrorReport::decode);
    assert_eq!(told.iter().map(|one| (one.id, one.code)).collect::<Vec<_>>(), [(2, 317)]);
    let rows = scene.of_kind(&heard, MarketDepthL2::ID, MarketDepthL2::decode);
    let rows: Vec<_> = rows.iter().map(|one| one.row.row.clone()).collect();
    let expected: Vec<(bool, i32)> =
        [true, false].into_iter().flat_map(|bid| (0..5).map(move |at| (bid, at))).collect();
    let found: Vec<(bool, i32)> = rows.iter().map(|row| (row.is_bid, row.position)).collect();
    assert_eq!(found, expected);
    assert!(rows.iter().all(|row| row.change == RowChange::Insert), "{rows:?}");

    scene.drill(r#"{"do":"data","symbol":"SPY","as":"unsubscribed"}"#);
    scene.ask(depth(3, spy(), 5, true));
    assert_eq!(scene.codes(), [354]);
}

#[test]
fn single_ticks_flow_only_while_data_is_live() {
    for (served, flows) in [
        ("silent", false),
        ("frozen", false),
        ("delayed", false),
        ("unsubscribed", false),
        ("live", true),
    ] {
        let mut scene = Scene::at(178);
        scene.ask(stream(9, spy(), "Last", 0));
        scene.pass(10_000);
        scene.heard();
        scene.drill(&format!(r#"{{"do":"data","symbol":"SPY","as":"{served}"}}"#));
        scene.pass(10_000);
        let heard = scene.heard();
        let ticks = scene.of_kind(&heard, TickByTick::ID, TickByTick::decode);
        assert_eq!(!ticks.is_empty(), flows, "{served}");
    }
}
