//! What a parent covers of its children, when it becomes smaller.

use gatehouse_tws::answer::BrokerStatus;
use gatehouse_types::{Decimal, LimitId, Side};

use super::driver::{A, World, limit, stop};
use super::families::member;

/// A bracket at work: a parent of 50, a stop of 50 below it.
fn bracket(mut world: World) -> World {
    world.send(A, member(1, (Side::Buy, 50), &limit("100"), None, false)).expect("is allowed");
    let stop = member(3, (Side::Sell, 50), &stop("95"), Some(1), true);
    world.send(A, stop).expect("is allowed");
    for id in [1, 3] {
        world.status(A, id, BrokerStatus::PreSubmitted, (0, 50));
    }
    world
}

fn shrink_parent(world: &mut World, quantity: i64) -> bool {
    world.send(A, member(1, (Side::Buy, quantity), &limit("100"), None, true)).is_some()
}

fn told(world: &World) -> String {
    world.answers().iter().map(|(id, code, text)| format!("{id} {code} {text}\n")).collect()
}

#[test]
fn a_parent_cannot_become_smaller_than_a_child_that_may_not_open() {
    let mut world = bracket(World::ready());
    assert!(!shrink_parent(&mut world, 10), "the stop would sell 40 short");
    assert!(told(&world).starts_with("1 399 Warning:"), "{}", told(&world));
    assert!(told(&world).contains("GH-23"), "{}", told(&world));
    assert_eq!(world.exposure(A, 1), Decimal::from(50));
}

#[test]
fn a_parent_becomes_smaller_where_its_children_may_open_or_close_something_else() {
    let mut world = World::ready();
    world.switch_off(&[LimitId::NoShortSale]);
    let mut world = bracket(world);
    assert!(shrink_parent(&mut world, 10), "{}", told(&world));

    let mut world = World::ready();
    world.hold(A, 9, 60);
    let mut world = bracket(world);
    assert!(shrink_parent(&mut world, 10), "{}", told(&world));
}

#[test]
fn a_parent_becomes_smaller_behind_its_children() {
    let mut world = bracket(World::ready());
    world.send(A, member(3, (Side::Sell, 10), &stop("95"), Some(1), true)).expect("is smaller");
    world.status(A, 3, BrokerStatus::PreSubmitted, (0, 10));
    assert!(shrink_parent(&mut world, 10), "{}", told(&world));
}

#[test]
fn a_parent_that_a_person_made_smaller_covers_no_more_than_that() {
    let mut world = bracket(World::ready());
    world.shown(A, 1, 10, &limit("100"));
    let nearer = member(3, (Side::Sell, 50), &stop("96"), Some(1), true);
    assert_eq!(world.send(A, nearer), None, "it would sell 40 short");
    assert!(told(&world).contains("GH-23"), "{}", told(&world));
}

#[test]
fn a_family_has_an_end() {
    let mut world = World::ready();
    world.send(A, member(1, (Side::Buy, 50), &limit("100"), None, false)).expect("is allowed");
    for id in 2..=33 {
        world.wait(5000);
        let target = limit(&format!("{}", 110 + id));
        let child = member(id, (Side::Sell, 50), &target, Some(1), false);
        assert_eq!(world.send(A, child).is_some(), id <= 32, "{id}: {}", told(&world));
    }
    assert!(told(&world).contains("GH-95"), "{}", told(&world));
    assert_eq!(world.cancels().len(), 32, "it cannot be completed");
}
