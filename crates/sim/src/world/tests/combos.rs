//! Orders for combinations: prices of the whole and of its legs, money, and a restart.

use std::collections::BTreeSet;

use gatehouse_tws::layout::Leg;
use gatehouse_tws::layout::WireContract;
use jiff::civil::Date;

use super::*;
use crate::world::market::{Bar, Day, Ohlc};
use crate::world::px::CENT;

const SPY: i32 = 756_733;
const QQQ: i32 = 320_227_571;

/// Bid and ask of SPY and of QQQ in a minute, in cents.
type Point = [(i64, i64); 2];

/// Action, type and price of an order.
type Asked<'a> = (&'a str, &'a str, Option<&'a str>);

/// Two stocks as they were drawn; the last point stands for the rest of the day.
struct Drawn(Vec<Point>);

impl TapeSource for Drawn {
    fn symbols(&self) -> Vec<String> {
        vec!["QQQ".to_owned(), "SPY".to_owned()]
    }

    fn dates(&self, _symbol: &str) -> BTreeSet<Date> {
        BTreeSet::from([date(2026, 1, 5)])
    }

    fn holds(&self, symbol: &str) -> bool {
        matches!(symbol, "SPY" | "QQQ")
    }

    fn day(&self, symbol: &str, session: &Session) -> Option<Day> {
        let minutes = (0..960).map(|index| {
            let minute = (session.minute_start(index) - session.open).div_euclid(60).max(0);
            let at = usize::try_from(minute).expect("is not negative").min(self.0.len() - 1);
            let [spy, qqq] = self.0[at];
            let (bid, ask) = if symbol == "SPY" { spy } else { qqq };
            let flat = |cents: i64| Some(Ohlc::flat(cents * CENT));
            Bar {
                bid: flat(bid),
                ask: flat(ask),
                trade: flat(bid),
                volume: 60_000,
                n_trades: 1,
                bid_size: 1_000,
                ask_size: 1_000,
            }
        });
        Some(Day { session: *session, minutes: minutes.collect() })
    }

    fn daily(&self, _symbol: &str) -> Vec<(Date, Bar)> {
        Vec::new()
    }
}

fn drawn(path: &[Point]) -> World {
    let session = Session::on(date(2026, 1, 5)).expect("is a session");
    World::new(WorldConfig {
        seed: 1,
        account: "DU1234567".to_owned(),
        cash: Decimal::from(1_000_000),
        tape: Some(Box::new(Drawn(path.to_vec()))),
        start: Step::of_secs(session.open),
        run: 5,
        fills: Fills::default(),
        allowance: Allowance::default(),
    })
}

/// An order for a combination of SPY and QQQ by signed ratios.
fn bag(
    id: i32,
    action: &str,
    quantity: i64,
    kind: &str,
    price: Option<&str>,
    ratios: [i32; 2],
) -> PlaceOrder {
    let legs = [SPY, QQQ].into_iter().zip(ratios).map(|(con_id, ratio)| Leg {
        con_id,
        ratio: ratio.abs(),
        action: if ratio > 0 { "BUY" } else { "SELL" }.to_owned(),
        exchange: "SMART".to_owned(),
        ..Leg::default()
    });
    PlaceOrder {
        contract: WireContract {
            symbol: "SPY,QQQ".to_owned(),
            sec_type: "BAG".to_owned(),
            exchange: "SMART".to_owned(),
            currency: "USD".to_owned(),
            legs: legs.collect(),
            ..WireContract::default()
        },
        ..asked(id, action, quantity, kind, price)
    }
}

/// The fills as `SYMBOL:SIDE:SHARES@PRICE`.
fn fills(world: &World) -> String {
    let fill = |one: &Executed| {
        let (contract, execution) = (&one.report.contract, &one.report.execution);
        let name = if contract.sec_type == "BAG" { "BAG" } else { &contract.symbol };
        let shares = execution.shares.value().normalize();
        format!("{name}:{}:{shares}@{}", execution.side, execution.price.value().normalize())
    };
    world.executions().iter().map(fill).collect::<Vec<_>>().join(" ")
}

/// Places an order at the first minute of a path, lives it, and compares every fill.
fn check_path((action, kind, price): Asked, ratios: [i32; 2], path: &[Point], expected: &str) {
    let mut world = drawn(path);
    let said = world.place(CLIENT, bag(1, action, 2, kind, price, ratios));
    for _ in 1..path.len() {
        world.advance(world.now().plus(240));
    }
    assert_eq!(
        fills(&world),
        expected,
        "{action} {kind} {price:?} {ratios:?}: {}",
        words(&said).join(" ")
    );
}

#[test]
fn a_combination_fills_at_prices_of_its_legs_that_add_up() {
    let still: Point = [(1_000, 1_001), (700, 702)];
    let dear: Point = [(1_010, 1_011), (700, 702)];
    let cheap: Point = [(990, 991), (700, 702)];
    let rows: [(Asked, [i32; 2], &[Point], &str); 9] = [
        (("BUY", "MKT", None), [1, -1], &[still], "BAG:BUY:2@3.01 SPY:BUY:2@10.01 QQQ:SELL:2@7"),
        (("SELL", "MKT", None), [1, -1], &[still], "BAG:SELL:2@2.98 SPY:SELL:2@10 QQQ:BUY:2@7.02"),
        (
            ("BUY", "LMT", Some("3.05")),
            [1, -1],
            &[still],
            "BAG:BUY:2@3.01 SPY:BUY:2@10.01 QQQ:SELL:2@7",
        ),
        (("BUY", "LMT", Some("3")), [1, -1], &[still, dear], ""),
        // It rested, so that it gets its own price: SPY bears the nine cents between.
        (
            ("BUY", "LMT", Some("3")),
            [1, -1],
            &[still, cheap],
            "BAG:BUY:2@3 SPY:BUY:2@10 QQQ:SELL:2@7",
        ),
        (
            ("BUY", "LMT", Some("-2.98")),
            [-1, 1],
            &[still],
            "BAG:BUY:2@-2.98 SPY:SELL:2@10 QQQ:BUY:2@7.02",
        ),
        (
            ("BUY", "LMT", Some("-3")),
            [-1, 1],
            &[still, dear],
            "BAG:BUY:2@-3 SPY:SELL:2@10.02 QQQ:BUY:2@7.02",
        ),
        (("SELL", "LMT", Some("0")), [-1, 1], &[still], ""),
        (("SELL", "MKT", None), [2, 3], &[still], "BAG:SELL:2@41 SPY:SELL:4@10 QQQ:SELL:6@7"),
    ];
    for (order, ratios, path, expected) in rows {
        check_path(order, ratios, path, expected);
    }
}

#[test]
fn each_leg_is_booked_and_charged_and_the_whole_is_not() {
    let mut world = drawn(&[[(1_000, 1_001), (700, 702)]]);
    let events = world.place(CLIENT, bag(1, "BUY", 2, "MKT", None, [1, -1]));
    check(&events, "open PreSubmitted open Submitted exec exec exec open Filled fee fee");
    let held: Vec<(i32, Decimal)> =
        world.holdings().map(|holding| (holding.listing.con_id().get(), holding.shares)).collect();
    assert_eq!(held, [(SPY, Decimal::TWO), (QQQ, -Decimal::TWO)]);
    let fees: Vec<Option<String>> = world
        .executions()
        .iter()
        .map(|one| one.commission.as_ref().map(|paid| paid.commission.amount().to_string()))
        .collect();
    assert_eq!(fees[0], None);
    assert_eq!(fees[1].as_deref(), Some("0.200206"));
    let ids: Vec<&str> =
        world.executions().iter().map(|one| one.report.execution.exec_id.as_str()).collect();
    assert_eq!(
        ids,
        ["00000005.00000001.01.01", "00000005.00000001.02.01", "00000005.00000001.03.01"]
    );
    let open = world.book.get(0).expect("is booked").open_order();
    assert_eq!(open.contract.combo_legs_description, format!("{SPY}|1,{QQQ}|-1"));
    assert_eq!(open.contract.legs.len(), 2);
}

#[test]
fn only_market_and_limit_orders_are_worked_and_steps_are_kept() {
    let mut world = drawn(&[[(1_000, 1_001), (700, 702)]]);
    for (kind, price, code) in [
        ("STP", Some("4"), "387"),
        ("MTL", None, "387"),
        ("LMT", None, "321"),
        ("LMT", Some("3.005"), "110"),
    ] {
        check(&world.place(CLIENT, bag(1, "BUY", 2, kind, price, [1, -1])), code);
    }
}

#[test]
fn a_question_about_a_combination_adds_up_its_legs() {
    let mut world = drawn(&[[(1_000, 1_001), (700, 702)]]);
    let mut asked = bag(1, "BUY", 100, "MKT", None, [1, -1]);
    asked.order.what_if = true;
    let events = world.place(CLIENT, asked);
    let [Event { said: Said::Open(open), .. }] = &events[..] else { panic!("{events:?}") };
    let change = open.state.init_margin_change.expect("is known");
    // A quarter of about 1,000 and 30 % of about 700.
    assert!((change - Decimal::from(460)).abs() < Decimal::TWO, "{change}");
    assert!(open.state.commission.is_some_and(|fee| fee >= Decimal::TWO), "{:?}", open.state);
    let rejected = world.place(CLIENT, bag(1, "BUY", 10_000_000, "MKT", None, [1, -1]));
    check(&rejected, "open Inactive 201 open Inactive");
}

#[test]
fn a_combination_rests_over_a_restart() {
    let path = [[(1_000, 1_001), (700, 702)], [(990, 991), (700, 702)]];
    let mut world = drawn(&path);
    world.place(CLIENT, bag(1, "BUY", 2, "LMT", Some("3"), [1, -1]));
    world.place(CLIENT, bag(2, "SELL", 1, "MKT", None, [1, -1]));
    let mut again = drawn(&path);
    again.restore(world.state()).expect("is whole");
    assert_eq!(again.executions(), world.executions());
    again.advance(again.now().plus(240));
    assert!(fills(&again).ends_with("BAG:BUY:2@3 SPY:BUY:2@10 QQQ:SELL:2@7"), "{}", fills(&again));
}

#[test]
fn a_combination_keeps_over_a_restart_the_id_that_it_got_because_another_was_named_first() {
    let mut world = drawn(&[[(1_000, 1_001), (700, 702)]]);
    let id = |world: &World, ratios| {
        let contract = bag(1, "BUY", 1, "MKT", None, ratios).contract;
        world.listing(1, &contract).expect("is one").con_id().get()
    };
    let (first, late) = ([-1, -76], [-26, -1]);
    let [first_id, late_id] = [first, late].map(|ratios| id(&world, ratios));
    assert_eq!(late_id, first_id + 1, "ids follow from legs, and those of these are alike");
    world.place(CLIENT, bag(1, "BUY", 2, "LMT", Some("-5000"), late));
    let mut again = drawn(&[[(1_000, 1_001), (700, 702)]]);
    again.restore(world.state()).expect("is whole");
    assert_eq!([first, late].map(|ratios| id(&again, ratios)), [first_id, late_id]);
    assert_eq!(again.state(), world.state());
}
