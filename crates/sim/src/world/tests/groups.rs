//! One-cancels-all groups of each type on a drawn market, and what may not be changed.

use gatehouse_tws::order::Order;

use super::drawn::{Point, drawn_at, hear, live, px, shaped};
use super::*;

/// The ask falls through two limits at once, with a thousand shares a step.
const FALL: [Point; 3] = [(999, 1001, 1000), (979, 981, 980), (979, 981, 980)];

fn grouped(oca_type: i32, quantity: i64, limit: &'static str) -> impl Fn(&mut Order) {
    move |order| {
        order.oca_group = "either".to_owned();
        order.oca_type = Some(oca_type);
        order.total_quantity = Decimal::from(quantity);
        order.lmt_price = px(limit);
    }
}

/// Two buys of a group, both reached in the same step of the market.
fn fall(oca_type: i32, first: i64, second: i64) -> (World, Vec<Event>) {
    let mut world = drawn_at(60, &FALL, Fills::default());
    world.place(CLIENT, shaped(1, "BUY", "LMT", grouped(oca_type, first, "9.90")));
    world.place(CLIENT, shaped(2, "BUY", "LMT", grouped(oca_type, second, "9.85")));
    let events = world.advance(world.now().plus(240));
    (world, events)
}

#[test]
fn a_group_with_block_fills_once_and_one_without_may_overlap_in_a_step() {
    for (oca_type, expected) in [
        (1, "exec Filled PendingCancel Cancelled 202"),
        (2, "exec Filled PendingCancel Cancelled 202"),
        (3, "exec Filled exec Filled"),
    ] {
        let (world, events) = fall(oca_type, 100, 100);
        hear(&events, expected);
        let bought = if oca_type == 3 { 200 } else { 100 };
        assert_eq!(shares(&world), Decimal::from(bought), "{oca_type}");
    }
}

#[test]
fn a_part_ends_or_shrinks_the_others_by_type() {
    for (oca_type, expected) in [
        (1, "exec Submitted PendingCancel Cancelled 202"),
        (2, "exec Submitted Submitted"),
        (3, "exec Submitted Submitted"),
    ] {
        let (world, events) = fall(oca_type, 1_500, 1_800);
        hear(&events, expected);
        let left = world.book.get(1).expect("is booked").remaining();
        let remains = if oca_type == 1 { 1_800 } else { 800 };
        assert_eq!(left, Decimal::from(remains), "{oca_type}");
    }
}

#[test]
fn a_group_and_an_algorithm_cannot_be_changed_and_a_kind_only_to_its_like() {
    let mut world = drawn_at(60, &FALL, Fills::default());
    world.place(CLIENT, shaped(1, "BUY", "LMT", grouped(1, 100, "9")));
    let other = |order: &mut Order| {
        grouped(1, 100, "9")(order);
        order.oca_group = "other".to_owned();
    };
    hear(&world.place(CLIENT, shaped(1, "BUY", "LMT", other)), "10326");
    let algo = |order: &mut Order| {
        grouped(1, 100, "9")(order);
        order.algo_strategy = "Twap".to_owned();
    };
    hear(&world.place(CLIENT, shaped(1, "BUY", "LMT", algo)), "440");
    hear(&world.place(CLIENT, shaped(1, "BUY", "MTL", grouped(1, 100, "9"))), "329");
    let stop = |order: &mut Order| order.aux_price = px("10.50");
    hear(&world.place(CLIENT, shaped(1, "BUY", "STP", stop)), "PreSubmitted");
    let trail = |order: &mut Order| order.aux_price = px("0.50");
    hear(&world.place(CLIENT, shaped(1, "BUY", "TRAIL", trail)), "PreSubmitted");
    let events = world.place(CLIENT, shaped(1, "BUY", "MKT", |_| {}));
    hear(&events, "PreSubmitted Submitted exec Filled");
    hear(&world.place(CLIENT, shaped(1, "BUY", "MKT", |_| {})), "104");
    assert!(live(&mut world, 1).is_empty());
}
