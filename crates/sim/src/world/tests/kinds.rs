//! Options, futures, pairs and stocks abroad: prices, hours, money.

use super::*;
use crate::world::drill::{Line, Turn};

const OPTION: &str = "AAPL  260116C00270000";

/// A world at some hours and minutes after 09:30 on Monday 5 January 2026.
fn world_at(minutes_later: i64) -> World {
    let session = Session::on(date(2026, 1, 5)).expect("is a session");
    World::new(WorldConfig {
        seed: 1,
        account: "DU1234567".to_owned(),
        cash: Decimal::from(1_000_000),
        tape: None,
        start: Step::of_secs(session.open + minutes_later * 60),
        run: 5,
        fills: Fills::default(),
        allowance: Allowance::default(),
    })
}

fn order_for(symbol: &str, id: i32, kind: &str, price: Option<&str>) -> PlaceOrder {
    let listing = catalog::by_symbol(symbol).expect("is listed");
    let mut order = asked(id, "BUY", 1, kind, price);
    order.contract = orders::order::wire_contract(listing, listing.usual_venue());
    order
}

#[test]
fn every_kind_is_bought_with_its_own_multiplier_tick_and_commission() {
    for (symbol, cost_at_least, fee) in
        [(OPTION, 100, "1"), ("ES", 300_000, "2.25"), ("EUR.USD", 1, "0"), ("SAP", 100, "1")]
    {
        let mut world = world_at(60);
        let events = world.place(CLIENT, order_for(symbol, 1, "MKT", None));
        check(&events, "open PreSubmitted open Submitted exec open Filled fee");
        let value = world.valuation();
        let [held] = &value.positions[..] else { panic!("{symbol} is held") };
        assert!(held.value >= Decimal::from(cost_at_least), "{symbol} {held:?}");
        let paid = world.book.executions()[0].commission.clone().expect("is charged");
        let paid = paid.commission.amount();
        let expected: Decimal = fee.parse().expect("is a number");
        assert!(paid >= expected, "{symbol} paid {paid}");
        let lost = Decimal::from(1_000_000) - value.net_liquidation;
        assert!(lost.abs() < Decimal::from(40), "{symbol} lost {lost}");
    }
}

#[test]
fn a_price_must_fit_the_tick_of_its_instrument() {
    for (symbol, good, bad) in [
        (OPTION, "1.01", "1.005"),
        ("ES", "6000.25", "6000.10"),
        ("EUR.USD", "1.00005", "1.00001"),
        ("SAP", "150.02", "150.01"),
    ] {
        let mut world = world_at(60);
        check(&world.place(CLIENT, order_for(symbol, 1, "LMT", Some(bad))), "110");
        let events = world.place(CLIENT, order_for(symbol, 1, "LMT", Some(good)));
        check(&events, "open PreSubmitted open Submitted");
    }
}

#[test]
fn an_option_follows_its_underlying_and_parity_holds() {
    let mut world = world_at(60);
    let mut middle = |symbol: &str| {
        let listing = catalog::by_symbol(symbol).expect("is listed");
        let moment = world.snapshot(listing).moment;
        (moment.bid.expect("bid").px + moment.ask.expect("ask").px) / 2
    };
    let (under, call, put) = (middle("AAPL"), middle(OPTION), middle("AAPL  260116P00270000"));
    // A strike that is paid in eleven days is worth less today, by the interest.
    let interest = 27_000_000 * 4 * 11 / 100 / 365;
    let parity = (call - put) - (under - 27_000_000 + interest);
    assert!(parity.abs() < 10_000, "{under} {call} {put}");
    assert!(middle("AAPL  260220C00270000") > call, "more time is worth more");
    assert!(middle("AAPL  260116C00280000") < call, "a higher strike is worth less");
}

#[test]
fn what_waits_what_trades_and_what_is_refused_by_the_hour() {
    let evening = 8 * 60;
    let night = 11 * 60;
    for (minutes_later, symbol, kind, outside, tif, expected) in [
        (evening, "SPY", "LMT", false, "DAY", "open PreSubmitted 399"),
        (evening, "SPY", "LMT", true, "DAY", "open PreSubmitted open Submitted"),
        (evening, "SPY", "MKT", false, "DAY", "open PreSubmitted 399"),
        (evening, "SPY", "MKT", true, "DAY", "open PreSubmitted 2109 399"),
        (evening, "SPY", "LMT", false, "IOC", "open Inactive 201 open Inactive"),
        (evening, OPTION, "LMT", true, "DAY", "open PreSubmitted 2109 399"),
        (night, "SPY", "LMT", true, "GTC", "open PreSubmitted 399"),
        (night, "ES", "LMT", false, "GTC", "open PreSubmitted 399"),
        (night, "ES", "LMT", true, "GTC", "open PreSubmitted open Submitted"),
        (night, "EUR.USD", "LMT", false, "DAY", "open PreSubmitted open Submitted"),
        (-60, "SPY", "LMT", true, "DAY", "open PreSubmitted open Submitted"),
        (-360, "SPY", "MKT", false, "FOK", "open Inactive 201 open Inactive"),
    ] {
        let mut world = world_at(minutes_later);
        let price = (kind == "LMT").then_some("0.25");
        let mut order = order_for(symbol, 1, kind, price);
        order.order.outside_rth = outside;
        order.order.tif = tif.to_owned();
        let events = world.place(CLIENT, order);
        assert_eq!(words(&events).join(" "), expected, "{symbol} {kind} {minutes_later} {outside}");
    }
}

#[test]
fn an_order_that_waited_for_the_open_trades_then() {
    let mut world = world_at(-10);
    check(&world.place(CLIENT, order_for("SPY", 1, "MKT", None)), "open PreSubmitted 399");
    check(&world.advance(world.now().plus(4 * 540)), "");
    let events = world.advance(world.now().plus(4 * 120));
    check(&events, "open Submitted exec open Filled fee");
}

#[test]
fn a_future_and_a_pair_are_quoted_at_night() {
    for (symbol, is_quoted) in [("ES", true), ("EUR.USD", true), ("SPY", false), (OPTION, false)] {
        let mut world = world_at(12 * 60);
        let listing = catalog::by_symbol(symbol).expect("is listed");
        let shown = world.snapshot(listing);
        assert_eq!((shown.is_open, shown.moment.bid.is_some()), (is_quoted, is_quoted), "{symbol}");
    }
    let mut world = world_at(60);
    let pair = catalog::by_symbol("EUR.USD").expect("is listed");
    assert_eq!(world.snapshot(pair).last, None, "nobody reports trades of a pair");
}

#[test]
fn old_attributes_are_refused_as_the_gateways_of_today_do() {
    let mut order = asked(1, "BUY", 1, "MKT", None);
    order.order.firm_quote_only = true;
    check(&world().place(CLIENT, order.clone()), "10269");
    order.order.e_trade_only = true;
    check(&world().place(CLIENT, order), "10268");
}

#[test]
fn a_drill_refuses_orders_and_moves_what_they_meet() {
    let mut world = world();
    for text in [
        r#"{"do":"reject","n":1,"code":201,"text":"Not today"}"#,
        r#"{"do":"spread","symbol":"SPY","by":10}"#,
    ] {
        world.drill(&text.parse::<Line>().expect("is a line").drill, Turn::Begin);
    }
    let order = asked(1, "BUY", 1, "MKT", None);
    assert_eq!(world.refuse(CLIENT, &order).map(|refused| refused.code), Some(201));
    assert_eq!(world.refuse(CLIENT, &order), None);
    let before = world.snapshot(catalog::by_symbol("SPY").expect("is listed")).moment;
    world.place(CLIENT, asked(1, "BUY", 1, "MKT", None));
    let paid = world.book.executions()[0].report.execution.price;
    assert_eq!(paid, price(before.ask.expect("ask").px));
    let wide = before.ask.expect("ask").px - before.bid.expect("bid").px;
    assert_eq!(wide, 1_000_000);
}
