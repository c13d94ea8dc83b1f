//! When orders begin and end: times in force, auctions, delays, words about combinations that
//! cannot be.

use gatehouse_tws::order::Order;

use super::drawn::{Point, drawn_at, fills_of, hear, live, px, shaped, told};
use super::*;

const CALM: [Point; 2] = [(999, 1001, 1000), (999, 1001, 1000)];
const FALL: [Point; 4] = [(999, 1001, 1000), (989, 991, 990), (979, 981, 980), (979, 981, 980)];

/// A calm SPY, some minutes after the open.
fn calm(from_minute: i64) -> World {
    drawn_at(from_minute, &CALM, Fills::default())
}

fn limit(price: &'static str) -> impl Fn(&mut Order) {
    move |order| order.lmt_price = px(price)
}

fn tif(name: &'static str, set: impl Fn(&mut Order)) -> impl Fn(&mut Order) {
    move |order| {
        name.clone_into(&mut order.tif);
        set(order);
    }
}

fn code_of(world: &mut World, kind: &str, set: impl Fn(&mut Order)) -> String {
    told(&world.place(CLIENT, shaped(1, "BUY", kind, set)))
}

#[test]
fn a_time_in_force_that_does_not_go_with_its_kind_is_refused() {
    for (kind, name, code) in [
        ("LMT", "NEVER", "10052"),
        ("LMT", "GTD", "334"),
        ("MOC", "GTC", "113"),
        ("LOC", "IOC", "113"),
        ("STP", "OPG", "111"),
        ("TRAIL", "IOC", "111"),
        ("MIT", "FOK", "111"),
        ("PEG MID", "IOC", "111"),
    ] {
        let set = tif(name, |order| {
            order.lmt_price = px("10");
            order.aux_price = px("1");
        });
        assert_eq!(code_of(&mut calm(60), kind, set), code, "{kind} {name}");
    }
}

#[test]
fn a_field_that_is_missing_or_wrong_is_refused_with_its_code() {
    type Set = fn(&mut Order);
    let cases: [(&str, Set, &str); 22] = [
        ("TRAIL", |_| {}, "158"),
        ("TRAIL", |order| order.trailing_percent = px("101"), "159"),
        ("TRAIL LIMIT", |order| order.aux_price = px("1"), "321"),
        ("PEG BENCH", |order| order.lmt_price = px("10"), "321"),
        ("STP PRT", |order| order.aux_price = px("10"), "387"),
        ("MKT PRT", |_| {}, "387"),
        ("VOL", |order| order.volatility = px("0.2"), "369"),
        ("MKT", |order| order.trigger_method = Some(5), "146"),
        ("MKT", |order| order.display_size = Some(200), "10020"),
        ("MKT", |order| order.discretionary_amt = px("0.05"), "325"),
        (
            "LMT",
            |order| (order.lmt_price, order.discretionary_amt) = (px("10"), px("0.001")),
            "168",
        ),
        ("MKT", |order| order.good_after_time = "20260105 nine".to_owned(), "337"),
        ("MKT", |order| order.algo_strategy = "Magic".to_owned(), "439"),
        ("MKT", |order| order.algo_strategy = "Adaptive".to_owned(), "441"),
        ("MKT", |order| with_algo(order, "Twap", "strategyType", "Marketable"), "443"),
        ("MKT", |order| with_algo(order, "Vwap", "maxPctVol", "0.9"), "441"),
        ("STP", |order| stop_with_algo(order), "442"),
        ("STP", |order| adjusted(order, "STP", None), "362"),
        ("STP", |order| adjusted(order, "TRAIL", px("9")), "364"),
        ("STP", |order| adjusted(order, "STP LMT", px("9")), "363"),
        ("LMT", |order| adjusted(order, "STP", px("9")), "361"),
        ("MKT", |order| (order.block_order, order.min_qty) = (true, Some(101)), "321"),
    ];
    for (index, (kind, set, code)) in cases.into_iter().enumerate() {
        assert_eq!(code_of(&mut calm(60), kind, set), code, "{kind} {index}");
    }
}

fn with_algo(order: &mut Order, name: &str, tag: &str, value: &str) {
    name.clone_into(&mut order.algo_strategy);
    let (tag, value) = (tag.to_owned(), value.to_owned());
    order.algo_params.push(gatehouse_tws::layout::TagValue { tag, value });
}

fn stop_with_algo(order: &mut Order) {
    order.aux_price = px("11");
    with_algo(order, "Twap", "allowPastEndTime", "1");
}

fn adjusted(order: &mut Order, into: &str, stop: Option<Decimal>) {
    (order.aux_price, order.lmt_price) = (px("11"), px("9"));
    order.trigger_price = px("9.5");
    into.clone_into(&mut order.adjusted_order_type);
    order.adjusted_stop_price = stop;
}

#[test]
fn a_deadline_ends_an_order_at_its_second_in_every_spelling() {
    for text in ["20260105 10:45:00 US/Eastern", "20260105-15:45:00", "20260105 15:45:00 UTC"] {
        let mut world = calm(60);
        let set = tif("GTD", move |order| {
            order.lmt_price = px("9");
            text.clone_into(&mut order.good_till_date);
        });
        world.place(CLIENT, shaped(1, "BUY", "LMT", set));
        let echoed = world.book.get(0).expect("is booked").open_order().order.good_till_date;
        assert_eq!(echoed, "20260105 10:45:00 US/Eastern", "{text}");
        let events = live(&mut world, 20);
        let [(15, events)] = &events[..] else { panic!("{events:?}") };
        hear(events, "PendingCancel Cancelled 202");
    }
    let past = tif("GTD", |order| {
        order.lmt_price = px("9");
        "20260105 10:00:00 US/Eastern".clone_into(&mut order.good_till_date);
    });
    assert_eq!(code_of(&mut calm(60), "LMT", past), "Inactive 201 Inactive");
}

#[test]
fn an_order_waits_for_the_time_that_it_names() {
    let mut world = calm(60);
    let set =
        |order: &mut Order| "20260105 10:40:00 US/Eastern".clone_into(&mut order.good_after_time);
    hear(&world.place(CLIENT, shaped(1, "BUY", "MKT", set)), "PreSubmitted");
    live(&mut world, 15);
    assert_eq!(fills_of(&world), "70:100@10.01");
}

#[test]
fn opening_and_closing_auctions_fill_at_their_print() {
    let path = [(999, 1001, 1000); 3];
    for (from, kind, name, price, expected) in [
        (-30, "MKT", "OPG", None, "0:100@10"),
        (-30, "LMT", "OPG", Some("10"), "0:100@10"),
        (-30, "LMT", "OPG", Some("9.99"), ""),
        (60, "MOC", "DAY", None, "390:100@10"),
        (60, "LOC", "DAY", Some("10"), "390:100@10"),
        (60, "LOC", "DAY", Some("9.99"), ""),
    ] {
        let mut world = drawn_at(from, &path, Fills::default());
        let set = tif(name, move |order| order.lmt_price = price.and_then(px));
        world.place(CLIENT, shaped(1, "BUY", kind, set));
        live(&mut world, 420);
        assert_eq!(fills_of(&world), expected, "{kind} {name} {price:?}");
        assert!(!world.book.has_live(), "{kind} {name} is over");
    }
}

#[test]
fn an_order_for_the_open_that_comes_later_takes_the_next_one() {
    let mut world = calm(60);
    let events = world.place(CLIENT, shaped(1, "BUY", "MKT", tif("OPG", |_| {})));
    hear(&events, "PreSubmitted");
    live(&mut world, 24 * 60);
    assert_eq!(fills_of(&world), format!("{}:100@10", 24 * 60));
}

#[test]
fn nothing_enters_or_leaves_an_auction_after_its_cut_off() {
    for (from, kind, name, expected) in [
        (379, "MOC", "DAY", "PreSubmitted Submitted"),
        (380, "MOC", "DAY", "Inactive 201 Inactive"),
        (-3, "MKT", "OPG", "PreSubmitted 399"),
        (-2, "MKT", "OPG", "Inactive 201 Inactive"),
    ] {
        assert_eq!(code_of(&mut calm(from), kind, tif(name, |_| {})), expected, "{kind} {from}");
    }
    let mut world = calm(370);
    world.place(CLIENT, shaped(1, "BUY", "MOC", |_| {}));
    live(&mut world, 15);
    hear(&world.cancel(CLIENT, OrderId::new(1)), "161");
    hear(&world.place(CLIENT, shaped(1, "BUY", "MOC", |_| {})), "329");
}

#[test]
fn a_day_till_cancelled_order_is_put_aside_and_comes_back_by_a_change() {
    let mut world = calm(380);
    world.place(CLIENT, shaped(1, "BUY", "LMT", tif("DTC", limit("9"))));
    let events: Vec<_> = live(&mut world, 20).into_iter().flat_map(|(_, all)| all).collect();
    hear(&events, "Inactive");
    assert!(world.book.has_live());
    live(&mut world, 18 * 60);
    let events = world.place(CLIENT, shaped(1, "BUY", "LMT", tif("DTC", limit("10.05"))));
    hear(&events, "PreSubmitted Submitted exec Filled");
}

#[test]
fn an_order_is_put_aside_and_taken_up_again_by_its_client() {
    let mut world = drawn_at(60, &FALL, Fills::default());
    world.place(CLIENT, shaped(1, "BUY", "LMT", limit("9.95")));
    let idle = |order: &mut Order| (order.lmt_price, order.deactivate) = (px("9.95"), true);
    hear(&world.place(CLIENT, shaped(1, "BUY", "LMT", idle)), "Inactive");
    live(&mut world, 2);
    assert_eq!(fills_of(&world), "");
    world.place(CLIENT, shaped(1, "BUY", "LMT", limit("9.95")));
    assert_eq!(fills_of(&world), "62:100@9.81");
}

#[test]
fn a_post_only_order_never_takes() {
    let only = |price: &'static str| {
        move |order: &mut Order| (order.lmt_price, order.post_only) = (px(price), true)
    };
    let mut world = drawn_at(60, &FALL, Fills::default());
    let events = world.place(CLIENT, shaped(1, "BUY", "LMT", only("10.01")));
    hear(&events, "PreSubmitted Submitted PendingCancel Cancelled 202");
    world.place(CLIENT, shaped(2, "BUY", "LMT", only("9.95")));
    live(&mut world, 2);
    assert_eq!(fills_of(&world), "61:100@9.95");
}

#[test]
fn latency_queue_and_slippage_are_settings() {
    let slow = Fills { ack_steps: 8, fill_steps: 8, ..Fills::default() };
    let mut world = drawn_at(60, &CALM, slow);
    hear(&world.place(CLIENT, shaped(1, "BUY", "MKT", |_| {})), "");
    hear(&world.advance(world.now().plus(7)), "");
    hear(&world.advance(world.now().plus(1)), "PreSubmitted Submitted");
    hear(&world.advance(world.now().plus(7)), "");
    hear(&world.advance(world.now().plus(1)), "exec Filled");

    let slipping = Fills { slippage_ticks: 2, ..Fills::default() };
    for (kind, price, expected) in [
        ("MKT", None, "60:100@10.03"),
        ("LMT", Some("10.02"), "60:100@10.01"),
        ("LMT", Some("10.05"), "60:100@10.03"),
    ] {
        let mut world = drawn_at(60, &CALM, slipping);
        world.place(CLIENT, shaped(1, "BUY", kind, |order| order.lmt_price = price.and_then(px)));
        assert_eq!(fills_of(&world), expected, "{kind} {price:?}");
    }
}

#[test]
fn what_stands_in_front_of_a_resting_order_trades_first() {
    // The ask falls to the limit and stays there: 1,000 shares in each quarter of a second.
    let touch = [(995, 1001, 1000), (993, 995, 995), (993, 995, 995)];
    let queue = Fills { queue_percent: 250, ..Fills::default() };
    let mut world = drawn_at(60, &touch, queue);
    world.place(CLIENT, shaped(1, "BUY", "LMT", limit("9.95")));
    // Rests for the minute, and is passed in the third step at its price.
    for (steps, expected) in [(240, ""), (1, ""), (1, "61:100@9.95")] {
        world.advance(world.now().plus(steps - 1));
        world.advance(world.now().plus(1));
        assert_eq!(fills_of(&world), expected, "{steps}");
    }
    let through = [(995, 1001, 1000), (992, 994, 994), (992, 994, 994)];
    let mut world = drawn_at(60, &through, queue);
    world.place(CLIENT, shaped(1, "BUY", "LMT", limit("9.95")));
    live(&mut world, 1);
    assert_eq!(fills_of(&world), "61:100@9.95", "the market went through its price");
}
