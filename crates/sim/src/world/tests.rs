//! Orders against the built-in market, as the messages that a client would see.

use gatehouse_tws::order::Order;
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{ClientId, OrderId};
use jiff::civil::date;

use super::*;

mod account_side;
mod combos;
mod conditional;
mod drawn;
mod families;
mod groups;
mod kinds;
mod lifetimes;
mod paths;
mod random;
mod resting;

pub(crate) const CLIENT: ClientId = ClientId::new(7);

pub(crate) fn world() -> World {
    let session = Session::on(date(2026, 1, 5)).expect("is a session");
    World::new(WorldConfig {
        seed: 1,
        account: "DU1234567".to_owned(),
        cash: Decimal::from(1_000_000),
        tape: None,
        start: Step::of_secs(session.open + 3600),
        run: 5,
        fills: Fills::default(),
        allowance: Allowance::default(),
    })
}

pub(crate) fn asked(
    id: i32,
    action: &str,
    quantity: i64,
    kind: &str,
    price: Option<&str>,
) -> PlaceOrder {
    let spy = catalog::by_symbol("SPY").expect("is listed");
    let price = price.map(|text| text.parse().expect("is a price"));
    let is_stop = kind == "STP";
    PlaceOrder {
        order_id: OrderId::new(id),
        contract: orders::order::wire_contract(spy, "SMART"),
        order: Order {
            action: action.to_owned(),
            total_quantity: Decimal::from(quantity),
            order_type: kind.to_owned(),
            transmit: true,
            lmt_price: if is_stop { None } else { price },
            aux_price: if is_stop { price } else { None },
            ..Order::default()
        },
        attached: None,
    }
}

/// One word per event: a status, `open`, `exec`, `fee` or the code of a message.
pub(crate) fn words(events: &[Event]) -> Vec<String> {
    events
        .iter()
        .map(|event| match &event.said {
            Said::Open(_) => "open".to_owned(),
            Said::Status(report) => report.status.to_string(),
            Said::Execution(_) => "exec".to_owned(),
            Said::Commission(_) => "fee".to_owned(),
            Said::Message(report) => report.code.to_string(),
            Said::Bound(_) => "bound".to_owned(),
        })
        .collect()
}

fn check(events: &[Event], expected: &str) {
    assert_eq!(words(events).join(" "), expected);
}

fn shares(world: &World) -> Decimal {
    world.account.shares(catalog::by_symbol("SPY").expect("is listed").con_id())
}

#[test]
fn a_market_order_fills_at_once_in_the_order_of_the_real_messages() {
    let mut world = world();
    let events = world.place(CLIENT, asked(1, "BUY", 100, "MKT", None));
    check(&events, "open PreSubmitted open Submitted exec open Filled fee");
    assert_eq!(shares(&world), Decimal::from(100));
    assert_eq!(world.book.next_id(CLIENT), OrderId::new(2));
}

#[test]
fn a_large_order_fills_in_parts_as_the_display_refreshes() {
    let mut world = world();
    let first = world.place(CLIENT, asked(1, "BUY", 4_500, "MKT", None));
    assert!(words(&first).ends_with(&["Submitted".into(), "fee".into()]), "{:?}", words(&first));
    let later = world.advance(world.now().plus(100));
    assert!(words(&later).ends_with(&["Filled".into(), "fee".into()]));
    assert_eq!(shares(&world), Decimal::from(4_500));
    let charged: Decimal = world
        .book
        .executions()
        .iter()
        .map(|one| one.commission.as_ref().expect("is charged").commission.amount())
        .sum();
    assert_eq!(charged, Decimal::new(225_135, 4));
}

#[test]
fn a_resting_limit_order_is_modified_and_cancelled() {
    let mut world = world();
    let resting = world.place(CLIENT, asked(1, "BUY", 10, "LMT", Some("100")));
    check(&resting, "open PreSubmitted open Submitted");
    check(&world.place(CLIENT, asked(1, "BUY", 20, "LMT", Some("101"))), "open Submitted");
    check(&world.place(CLIENT, asked(1, "SELL", 20, "LMT", Some("101"))), "105");
    check(&world.cancel(CLIENT, OrderId::new(1)), "open PendingCancel Cancelled 202");
    check(&world.cancel(CLIENT, OrderId::new(1)), "10148");
    check(&world.cancel(CLIENT, OrderId::new(9)), "10147");
    check(&world.place(CLIENT, asked(1, "BUY", 20, "LMT", Some("101"))), "103");
    check(&world.cancel(ClientId::new(8), OrderId::new(1)), "10147");
}

#[test]
fn what_the_broker_does_not_take_is_refused_with_its_code() {
    for (order, code) in [
        (asked(1, "BUY", 0, "MKT", None), "434"),
        (asked(1, "BUY", 10, "PEG STK", None), "387"),
        (asked(1, "BUY", 10, "FEELINGS", None), "321"),
        (asked(1, "BUY", 10, "LMT", Some("100.001")), "110"),
        (asked(1, "BUY", 10, "LMT", None), "321"),
        (asked(1, "BUY", 900_000, "MKT", None), "open Inactive 201 open Inactive"),
    ] {
        check(&world().place(CLIENT, order), code);
    }
}

#[test]
fn a_stop_waits_for_its_trigger_and_then_fills() {
    let mut world = world();
    world.place(CLIENT, asked(1, "BUY", 100, "MKT", None));
    let last = world.snapshot(catalog::by_symbol("SPY").expect("is listed")).last.expect("traded");
    let below = price(last.px - 50_000).to_string();
    let waiting = world.place(CLIENT, asked(2, "SELL", 100, "STP", Some(&below)));
    check(&waiting, "open PreSubmitted");
    let above = price(last.px + 50_000).to_string();
    let filled = world.place(CLIENT, asked(3, "SELL", 100, "STP", Some(&above)));
    check(&filled, "open PreSubmitted open Submitted exec open Filled fee");
}

#[test]
fn immediate_orders_never_rest() {
    let mut world = world();
    for (id, tif) in [(1, "IOC"), (2, "FOK")] {
        let mut order = asked(id, "BUY", 10, "LMT", Some("100"));
        order.order.tif = tif.to_owned();
        let events = world.place(CLIENT, order);
        check(&events, "open PreSubmitted open Submitted open PendingCancel Cancelled 202");
    }
}

#[test]
fn a_day_order_ends_with_its_session_and_gtc_does_not() {
    let mut world = world();
    world.place(CLIENT, asked(1, "BUY", 10, "LMT", Some("100")));
    let mut gtc = asked(2, "BUY", 10, "LMT", Some("100"));
    gtc.order.tif = "GTC".to_owned();
    world.place(CLIENT, gtc);
    let close = Session::at_or_before(world.now().secs()).close;
    let events = world.advance(Step::of_secs(close));
    check(&events, "open PendingCancel Cancelled 202");
    assert_eq!(world.book.open().count(), 1);
    let after = world.place(CLIENT, asked(3, "BUY", 10, "MKT", None));
    check(&after, "open PreSubmitted 399");
}

#[test]
fn a_what_if_question_shows_margin_and_leaves_nothing() {
    let mut world = world();
    let mut question = asked(1, "BUY", 100, "LMT", Some("600"));
    question.order.what_if = true;
    let events = world.place(CLIENT, question);
    check(&events, "open");
    let Some(Event { said: Said::Open(open), .. }) = events.first() else { panic!("is open") };
    assert_eq!(open.state.init_margin_change, Some(Decimal::from(15_000)));
    assert!(!world.book.has_live());
    assert_eq!(world.book.next_id(CLIENT), OrderId::new(1));
}

#[test]
fn the_same_requests_give_the_same_events() {
    let run = || {
        let mut world = world();
        let mut events = world.place(CLIENT, asked(1, "BUY", 9_000, "MKT", None));
        events.extend(world.advance(world.now().plus(200)));
        events
    };
    assert_eq!(run(), run());
}
