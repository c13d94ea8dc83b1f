//! Conditions, algorithms and orders that bring their exits with them.

use gatehouse_tws::layout::TagValue;
use gatehouse_tws::order::{Condition, Order};
use gatehouse_tws::request::AttachedOrders;

use super::drawn::{MINUTE_VOLUME, Point, drawn_at, fills_of, hear, live, px, shaped, told};
use super::*;

type Set<T> = fn(&mut T);

const SPY: i32 = 756_733;

/// A market that rises by a dime a minute.
const RISE: [Point; 4] =
    [(999, 1001, 1000), (1009, 1011, 1010), (1019, 1021, 1020), (1029, 1031, 1030)];

fn condition(kind: i32, is_more: bool, set: impl Fn(&mut Condition)) -> Condition {
    let mut one = Condition {
        kind,
        is_conjunction: true,
        is_more,
        con_id: Some(SPY),
        exchange: "SMART".to_owned(),
        ..Condition::default()
    };
    set(&mut one);
    one
}

/// A little more than trades in some minutes.
fn volume(minutes: i64) -> Option<i32> {
    i32::try_from(minutes * MINUTE_VOLUME + 1).ok()
}

fn at_least(price: &'static str) -> Condition {
    condition(1, true, |one| one.price = px(price))
}

fn check_conditions(conditions: &[Condition], expected: &str) {
    let mut world = drawn_at(60, &RISE, Fills::default());
    let set = |order: &mut Order| order.conditions = conditions.to_vec();
    world.place(CLIENT, shaped(1, "BUY", "MKT", set));
    live(&mut world, 5);
    assert_eq!(fills_of(&world), expected, "{conditions:?}");
}

#[test]
fn an_order_rests_until_its_conditions_hold() {
    let mut world = drawn_at(60, &RISE, Fills::default());
    let set = |order: &mut Order| order.conditions = vec![at_least("10.15")];
    hear(&world.place(CLIENT, shaped(1, "BUY", "MKT", set)), "PreSubmitted");
    let events = live(&mut world, 4);
    let [(2, events)] = &events[..] else { panic!("{events:?}") };
    hear(events, "Submitted exec Filled");
    check_conditions(&[at_least("10.15")], "62:100@10.21");
    check_conditions(&[at_least("10.40")], "");
    check_conditions(&[condition(1, false, |one| one.price = px("10"))], "60:100@10.01");
}

#[test]
fn each_kind_of_condition_looks_at_its_own_thing() {
    let rows: [(i32, Set<Condition>, &str); 8] = [
        (3, |one| one.time = "20260105 10:31:30 US/Eastern".to_owned(), "61:100@10.11"),
        (3, |one| one.time = "20260105-15:32:00".to_owned(), "62:100@10.21"),
        (4, |one| one.percent = Some(50), "60:100@10.01"),
        (4, |one| one.percent = Some(101), ""),
        // 330 minutes before the open and 60 after it, and the one in which the order comes.
        (6, |one| one.volume = volume(391), "61:100@10.11"),
        (6, |one| one.volume = volume(400), ""),
        (7, |one| one.change_percent = px("-2"), "60:100@10.01"),
        (7, |one| one.change_percent = px("5"), ""),
    ];
    for (kind, set, expected) in rows {
        check_conditions(&[condition(kind, true, set)], expected);
    }
}

#[test]
fn conditions_are_joined_and_the_and_binds_closer() {
    let or = |one: Condition| Condition { is_conjunction: false, ..one };
    let (now, soon, late) = (at_least("9"), at_least("10.10"), at_least("10.20"));
    check_conditions(&[soon.clone(), late.clone()], "62:100@10.21");
    check_conditions(&[or(soon.clone()), late.clone()], "61:100@10.11");
    check_conditions(&[now.clone(), or(late.clone()), soon.clone()], "61:100@10.11");
    check_conditions(&[or(late.clone()), now, or(soon)], "61:100@10.11");
}

#[test]
fn an_execution_elsewhere_releases_an_order() {
    let mut world = drawn_at(60, &RISE, Fills::default());
    let execution = condition(5, true, |one| {
        one.symbol = "SPY".to_owned();
        one.sec_type = "STK".to_owned();
    });
    let set = |order: &mut Order| order.conditions = vec![execution.clone()];
    hear(&world.place(CLIENT, shaped(1, "BUY", "MKT", set)), "PreSubmitted");
    let echoed = world.book.get(0).expect("is booked").open_order().order;
    assert_eq!(echoed.conditions[0].exchange, "ANY");
    live(&mut world, 1);
    world.place(CLIENT, shaped(2, "SELL", "MKT", |_| {}));
    live(&mut world, 1);
    assert_eq!(fills_of(&world), "61:100@10.09 61:100@10.11");
}

#[test]
fn conditions_may_cancel_instead_and_are_not_for_every_order() {
    let mut world = drawn_at(60, &RISE, Fills::default());
    let cancels = |order: &mut Order| {
        order.lmt_price = px("9");
        order.conditions = vec![at_least("10.15")];
        order.conditions_cancel_order = true;
    };
    hear(&world.place(CLIENT, shaped(1, "BUY", "LMT", cancels)), "PreSubmitted Submitted");
    let events = live(&mut world, 4);
    let [(2, events)] = &events[..] else { panic!("{events:?}") };
    hear(events, "PendingCancel Cancelled 202");
    let stop = |order: &mut Order| {
        order.aux_price = px("11");
        order.conditions = vec![at_least("10.15")];
    };
    hear(&world.place(CLIENT, shaped(2, "BUY", "STP", stop)), "148");
    let unknown = |order: &mut Order| {
        order.conditions = vec![condition(1, true, |one| one.con_id = Some(1))];
    };
    hear(&world.place(CLIENT, shaped(2, "BUY", "MKT", unknown)), "147");
}

#[test]
fn conditions_hold_outside_regular_hours_only_where_the_order_says_so() {
    for (ignores, expected) in [(false, "0:100@10.01"), (true, "-29:100@10.01")] {
        let mut world = drawn_at(-30, &[(999, 1001, 1000)], Fills::default());
        let set = |order: &mut Order| {
            order.lmt_price = px("10.05");
            order.outside_rth = true;
            order.conditions = vec![condition(3, true, |one| {
                one.time = "20260105 09:01:00 US/Eastern".to_owned();
            })];
            order.conditions_ignore_rth = ignores;
        };
        world.place(CLIENT, shaped(1, "BUY", "LMT", set));
        live(&mut world, 40);
        assert_eq!(fills_of(&world), expected, "{ignores}");
    }
}

fn algo(
    name: &'static str,
    params: &'static [(&'static str, &'static str)],
) -> impl Fn(&mut Order) {
    move |order| {
        name.clone_into(&mut order.algo_strategy);
        let pairs = params
            .iter()
            .map(|(tag, value)| TagValue { tag: (*tag).to_owned(), value: (*value).to_owned() });
        order.algo_params = pairs.collect();
    }
}

#[test]
fn algorithms_slice_an_order_over_time() {
    let calm = [(998, 1002, 1002), (998, 1002, 1002), (998, 1002, 1002)];
    let bought_after = |set: &dyn Fn(&mut Order), minutes: i64| {
        let mut world = drawn_at(60, &calm, Fills::default());
        world.place(CLIENT, shaped(1, "BUY", "MKT", set));
        live(&mut world, minutes);
        shares(&world)
    };
    let hour: &[(&str, &str)] = &[
        ("startTime", "20260105 10:30:00 US/Eastern"),
        ("endTime", "20260105 11:30:00 US/Eastern"),
    ];
    let twap = algo("Twap", hour);
    for (minutes, bought) in [(0, 1), (15, 26), (30, 51), (59, 99), (60, 100)] {
        assert_eq!(bought_after(&twap, minutes), Decimal::from(bought), "{minutes}");
    }
    let ice = algo("DarkIce", &[("displaySize", "10")]);
    assert_eq!(bought_after(&ice, 0), Decimal::from(10));
    assert_eq!(bought_after(&ice, 1), Decimal::from(100));
    let share = algo("PctVol", &[("pctVol", "0.001")]);
    assert_eq!(bought_after(&share, 1), Decimal::from(61));
    let clips = algo("AD", &[("componentSize", "20"), ("timeBetweenOrders", "60")]);
    assert_eq!(bought_after(&clips, 2), Decimal::from(60));
}

#[test]
fn an_adaptive_order_waits_at_the_middle_before_it_takes() {
    for (priority, expected) in [("Urgent", "60:100@10.02"), ("Patient", "60:100@10.02")] {
        let mut world = drawn_at(60, &[(998, 1002, 1002)], Fills::default());
        let set = move |order: &mut Order| {
            algo("Adaptive", &[])(order);
            let (tag, value) = ("adaptivePriority".to_owned(), priority.to_owned());
            order.algo_params = vec![TagValue { tag, value }];
        };
        hear(&world.place(CLIENT, shaped(1, "BUY", "MKT", set)), "PreSubmitted Submitted");
        let wait = if priority == "Urgent" { 8 } else { 120 };
        hear(&world.advance(world.now().plus(wait - 4)), "");
        world.advance(world.now().plus(4));
        assert_eq!(fills_of(&world), expected, "{priority}");
    }
}

#[test]
fn an_algorithm_that_starts_after_the_close_is_cancelled_with_its_reason() {
    let mut world = drawn_at(60, &RISE, Fills::default());
    let late = algo("Vwap", &[("startTime", "20260105 17:00:00 US/Eastern")]);
    let events = world.place(CLIENT, shaped(1, "BUY", "MKT", late));
    hear(&events, "PreSubmitted PendingCancel Cancelled 202");
    let Some(Event { said: Said::Message(report), .. }) = events.last() else { panic!("is told") };
    assert_eq!(report.text, "Order Canceled - reason:Vwap: start time is after close time");
}

#[test]
fn an_algorithm_whose_times_are_over_works_at_the_same_times_of_the_next_session() {
    // The order comes on Monday, an hour after the open.
    let (ten, over) = ("20260105 10:00:00 US/Eastern", "20260105 10:30:00 US/Eastern");
    for (params, moved) in [
        (vec![("startTime", ten), ("endTime", over)], Some(("10:00:00", "10:30:00"))),
        (vec![("endTime", "10:15:00")], Some(("", "10:15:00"))),
        (vec![("startTime", ten)], None),
        (vec![("startTime", ten), ("endTime", "20260105 10:31:00 US/Eastern")], None),
    ] {
        let mut world = drawn_at(60, &RISE, Fills::default());
        let set = |order: &mut Order| {
            "Twap".clone_into(&mut order.algo_strategy);
            let pairs = params.iter().map(|(tag, value)| TagValue {
                tag: (*tag).to_owned(),
                value: (*value).to_owned(),
            });
            order.algo_params = pairs.collect();
        };
        let events = world.place(CLIENT, shaped(1, "BUY", "MKT", set));
        let Some((starts, ends)) = moved else {
            assert!(!told(&events).contains("2111"), "{params:?}");
            continue;
        };
        hear(&events, "PreSubmitted 2111");
        let shown = world.open_orders().next().expect("is open").open_order().order;
        let times: Vec<_> = shown.algo_params.iter().map(|one| one.value.as_str()).collect();
        let tomorrow = |time: &str| format!("20260106 {time} US/Eastern");
        let expected: Vec<_> = [starts, ends]
            .iter()
            .filter(|time| !time.is_empty())
            .map(|time| tomorrow(time))
            .collect();
        assert_eq!(times, expected);
        live(&mut world, 60);
        assert_eq!(fills_of(&world), "", "not in the session in which it came");
        assert!(world.book.has_live(), "which does not end it");
        world.advance(world.now().plus(24 * 3600 * 4));
        assert_eq!(shares(&world), Decimal::from(100), "{params:?}");
    }
}

#[test]
fn one_message_brings_an_entry_and_its_exits() {
    let mut world = drawn_at(60, &RISE, Fills::default());
    let mut entry = shaped(1, "BUY", "LMT", |order| order.lmt_price = px("9.90"));
    entry.attached = Some(AttachedOrders {
        stop_loss_id: Some(2),
        stop_loss_type: "PRESET".to_owned(),
        profit_taker_id: Some(3),
        profit_taker_type: "PRESET".to_owned(),
    });
    let events = world.place(CLIENT, entry.clone());
    hear(&events, "PreSubmitted Submitted PreSubmitted PreSubmitted");
    let open: Vec<_> = world.open_orders().map(|one| one.open_order().order).collect();
    assert_eq!(open.len(), 3);
    assert_eq!((&*open[1].order_type, open[1].aux_price), ("STP", px("9.80")));
    assert_eq!((&*open[2].order_type, open[2].lmt_price), ("LMT", px("10.00")));
    assert_eq!(world.next_order_id(CLIENT), OrderId::new(4));
    hear(
        &world.place(CLIENT, shaped(1, "BUY", "LMT", |order| order.lmt_price = px("10.02"))),
        "Submitted exec Filled PreSubmitted Submitted",
    );
    live(&mut world, 1);
    assert_eq!(fills_of(&world), "60:100@10.01 61:100@10", "the profit-taker filled at its price");
    assert!(!world.book.has_live(), "and ended the stop");
    let rows: [(Set<AttachedOrders>, &str); 2] = [
        (|all| all.stop_loss_type = "OTHER".to_owned(), "321"),
        (|all| all.profit_taker_id = Some(2), "103"),
    ];
    for (set, code) in rows {
        let mut wrong = entry.clone();
        wrong.order_id = OrderId::new(10);
        if let Some(all) = wrong.attached.as_mut() {
            (all.stop_loss_id, all.profit_taker_id) = (Some(11), Some(12));
            set(all);
        }
        hear(&world.place(CLIENT, wrong), code);
    }
}
