//! Brackets and OCA groups, as the messages that a client would see.

use super::*;

/// An order of a bracket: a child of order 1 unless it is order 1 itself.
fn member(id: i32, action: &str, kind: &str, price: Option<&str>, transmit: bool) -> PlaceOrder {
    let mut order = asked(id, action, 100, kind, price);
    order.order.transmit = transmit;
    order.order.parent_id = (id != 1).then_some(1);
    order
}

/// Places a bracket around a buy; the last member transmits.
fn bracket(world: &mut World, entry: (&str, Option<&str>), target: &str, stop: &str) -> Vec<Event> {
    check(&world.place(CLIENT, member(1, "BUY", entry.0, entry.1, false)), "");
    check(&world.place(CLIENT, member(2, "SELL", "LMT", Some(target), false)), "");
    assert_eq!(world.book.open().count(), 0);
    world.place(CLIENT, member(3, "SELL", "STP", Some(stop), true))
}

fn grouped(id: i32, group: &str, oca_type: i32, quantity: i64, price: &str) -> PlaceOrder {
    let mut order = asked(id, "BUY", quantity, "LMT", Some(price));
    order.order.oca_group = group.to_owned();
    order.order.oca_type = Some(oca_type);
    order
}

fn statuses(world: &World) -> Vec<String> {
    (1..=4)
        .filter_map(|id| world.book.get(world.book.find(CLIENT, OrderId::new(id))?))
        .map(|order| format!("{} {}", order.status, order.remaining().normalize()))
        .collect()
}

fn why_held(world: &World, id: i32) -> String {
    let place = world.book.find(CLIENT, OrderId::new(id)).expect("is booked");
    world.book.get(place).expect("is booked").report().why_held
}

#[test]
fn a_bracket_is_silent_until_its_last_member_and_children_wait_for_the_parent() {
    let mut world = world();
    let events = bracket(&mut world, ("LMT", Some("600")), "900", "500");
    check(&events, "open PreSubmitted open Submitted open PreSubmitted open PreSubmitted");
    assert_eq!(statuses(&world), ["Submitted 100", "PreSubmitted 100", "PreSubmitted 100"]);
    assert_eq!([why_held(&world, 2), why_held(&world, 3)], ["child", "child,trigger"]);
    let open: Vec<_> = world.book.open().map(BookedOrder::open_order).collect();
    let group = open[0].order.perm_id.expect("has one").to_string();
    assert!(open[0].order.oca_group.is_empty());
    for child in &open[1..] {
        assert_eq!((&child.order.oca_group, child.order.oca_type), (&group, Some(3)));
    }
}

#[test]
fn children_work_once_the_parent_filled_and_one_ends_the_other() {
    let mut world = world();
    let events = bracket(&mut world, ("MKT", None), "900", "500");
    assert_eq!(words(&events).iter().filter(|word| *word == "exec").count(), 1);
    assert_eq!(statuses(&world), ["Filled 0", "Submitted 100", "PreSubmitted 100"]);
    assert_eq!([why_held(&world, 2), why_held(&world, 3)], ["", "trigger"]);
    let mut target = member(2, "SELL", "LMT", Some("100"), true);
    target.order.oca_group.clear();
    let events = world.place(CLIENT, target);
    check(&events, "open Submitted exec open Filled fee open PendingCancel Cancelled 202");
    assert_eq!(shares(&world), Decimal::ZERO);
}

#[test]
fn a_part_of_the_parent_activates_nothing() {
    let mut world = world();
    let mut parent = member(1, "BUY", "MKT", None, false);
    parent.order.total_quantity = Decimal::from(4_500);
    world.place(CLIENT, parent);
    world.place(CLIENT, member(2, "SELL", "LMT", Some("900"), true));
    assert!(shares(&world) > Decimal::ZERO);
    assert!(statuses(&world)[1].starts_with("PreSubmitted"), "{:?}", statuses(&world));
    let held = shares(&world);
    let events = world.cancel(CLIENT, OrderId::new(1));
    check(&events, "open PendingCancel Cancelled 202 open Submitted");
    assert_eq!(statuses(&world)[1], format!("Submitted {}", held.min(Decimal::from(100))));
}

#[test]
fn children_end_with_a_parent_that_is_cancelled() {
    let mut world = world();
    bracket(&mut world, ("LMT", Some("600")), "900", "500");
    let events = world.cancel(CLIENT, OrderId::new(1));
    let one = "open PendingCancel Cancelled 202";
    check(&events, &format!("{one} {one} {one}"));
    assert!(!world.book.has_live());
    let late = member(4, "SELL", "LMT", Some("900"), true);
    check(&world.place(CLIENT, late), "10006");
}

#[test]
fn a_held_family_that_the_account_cannot_carry_ends_when_it_is_transmitted() {
    let mut world = world();
    let mut parent = member(1, "BUY", "LMT", Some("600"), false);
    parent.order.total_quantity = Decimal::from(900_000);
    check(&world.place(CLIENT, parent), "");
    check(&world.place(CLIENT, member(2, "SELL", "LMT", Some("900"), false)), "");
    let events = world.place(CLIENT, member(3, "SELL", "STP", Some("500"), true));
    check(&events, "open Inactive 201 open Inactive Cancelled 202 Cancelled 202");
    assert!(!world.book.has_live());
}

#[test]
fn a_member_is_changed_and_cancelled_alone_but_never_moved_to_another_parent() {
    let mut world = world();
    bracket(&mut world, ("LMT", Some("600")), "900", "500");
    check(&world.place(CLIENT, member(3, "SELL", "STP", Some("510"), true)), "open PreSubmitted");
    check(&world.place(CLIENT, member(1, "BUY", "LMT", Some("601"), true)), "open Submitted");
    let mut moved = member(3, "SELL", "STP", Some("510"), true);
    moved.order.parent_id = Some(2);
    check(&world.place(CLIENT, moved), "10341");
    check(&world.cancel(CLIENT, OrderId::new(2)), "open PendingCancel Cancelled 202");
    assert_eq!(statuses(&world), ["Submitted 100", "Cancelled 100", "PreSubmitted 100"]);
}

#[test]
fn transmitting_a_grandchild_releases_the_whole_line() {
    let mut world = world();
    check(&world.place(CLIENT, member(1, "BUY", "LMT", Some("600"), false)), "");
    check(&world.place(CLIENT, member(2, "SELL", "LMT", Some("900"), false)), "");
    let mut last = member(3, "BUY", "LMT", Some("500"), true);
    last.order.parent_id = Some(2);
    world.place(CLIENT, last);
    assert_eq!(statuses(&world), ["Submitted 100", "PreSubmitted 100", "PreSubmitted 100"]);
}

#[test]
fn a_fill_ends_or_shrinks_the_others_of_its_group_by_its_type() {
    for (oca_type, quantity, expected) in [
        (0, 100, ["Filled 0", "Cancelled 100"]),
        (1, 100, ["Filled 0", "Cancelled 100"]),
        (2, 100, ["Filled 0", "Cancelled 100"]),
        (3, 100, ["Filled 0", "Cancelled 100"]),
    ] {
        let mut world = world();
        world.place(CLIENT, grouped(2, "g", oca_type, 100, "600"));
        world.place(CLIENT, grouped(3, "other", oca_type, 100, "600"));
        let mut filling = grouped(4, "g", oca_type, quantity, "900");
        filling.order.total_quantity = Decimal::from(quantity);
        world.place(CLIENT, filling);
        let found = statuses(&world);
        assert_eq!([&found[2], &found[0]], expected.each_ref(), "{oca_type}");
        assert_eq!(found[1], "Submitted 100", "another group");
    }
}

#[test]
fn a_part_cancels_the_others_by_type_one_and_shrinks_them_by_two_and_three() {
    for (oca_type, is_cancelled) in [(1, true), (2, false), (3, false)] {
        let mut world = world();
        world.place(CLIENT, grouped(1, "g", oca_type, 20_000, "10"));
        world.place(CLIENT, grouped(2, "g", oca_type, 4_500, "700"));
        let held = shares(&world);
        assert!(held > Decimal::ZERO && held < Decimal::from(4_500), "{held}");
        let left = Decimal::from(20_000) - held;
        let expected = match is_cancelled {
            true => "Cancelled 20000".to_owned(),
            false => format!("Submitted {left}"),
        };
        assert_eq!(statuses(&world)[0], expected, "{oca_type}");
    }
}

#[test]
fn a_global_cancel_reaches_every_client_and_what_is_held() {
    let mut world = world();
    bracket(&mut world, ("LMT", Some("600")), "900", "500");
    world.place(ClientId::new(8), asked(1, "BUY", 10, "LMT", Some("100")));
    world.place(CLIENT, member(4, "SELL", "LMT", Some("900"), false));
    world.cancel_all();
    assert!(!world.book.has_live());
}
