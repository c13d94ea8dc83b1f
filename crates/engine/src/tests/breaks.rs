//! Families that lose a member on the way: what is left of them is never transmitted.

use gatehouse_types::{EntryKind, OrderId, OrderStatus, Scope, Side, TradingState};

use super::driver::{A, World, bot, limit, stop};
use super::families::member;
use crate::{Command, Input};

fn parent(world: &mut World) {
    world.frame(A, member(1, (Side::Buy, 50), &limit("100"), None, false));
}

fn target(world: &mut World, transmit: bool) {
    world.frame(A, member(2, (Side::Sell, 50), &limit("110"), Some(1), transmit));
}

fn stop_loss(world: &mut World, transmit: bool) {
    world.frame(A, member(3, (Side::Sell, 50), &stop("95"), Some(1), transmit));
}

/// A world in which what is placed waits for a quote.
fn blind() -> World {
    let mut world = World::ready();
    world.quote();
    world.wait(6000);
    world
}

/// Parent and target wait at the Gateway.
fn half_sent() -> World {
    let mut world = World::ready();
    world.quote();
    parent(&mut world);
    target(&mut world, false);
    world
}

fn refused(world: &World, id: i32) -> bool {
    world.has(|kind| {
        matches!(kind, EntryKind::NotJudged { order_id, .. } if *order_id == Some(OrderId::new(id)))
    })
}

#[test]
fn a_frame_that_is_not_understood_takes_back_what_waits_for_data() {
    let mut world = blind();
    parent(&mut world);
    world.input(Input::Place {
        bot: bot(A),
        body: b"?".to_vec(),
        decoded: Err((Some(OrderId::new(3)), "field 90 is left over".to_owned())),
    });
    assert!(refused(&world, 1), "it would be held, and its stop is lost");
    world.quote();
    target(&mut world, true);
    assert_eq!((world.status_of(A, 1), world.status_of(A, 2)), (None, None));
}

#[test]
fn a_member_for_which_there_is_no_room_takes_its_family_back() {
    let check = |is_parent_sent: bool| {
        let mut world = blind();
        if is_parent_sent {
            world.quote();
        }
        parent(&mut world);
        world.wait(6000 * u64::from(is_parent_sent));
        for id in 101..=164 + i32::from(is_parent_sent) {
            world.frame(A, super::driver::placed(id, Side::Buy, 1, &limit("100")));
        }
        stop_loss(&mut world, false);
        assert!(refused(&world, 3));
        assert_eq!(refused(&world, 1), !is_parent_sent);
        assert_eq!(world.cancels(), if is_parent_sent { vec![1] } else { vec![] });
    };
    check(true);
    check(false);
}

#[test]
fn a_member_that_is_not_recorded_in_time_takes_its_family_back() {
    let mut world = half_sent();
    world.commits = false;
    stop_loss(&mut world, false);
    world.wait(1000);
    assert_eq!(world.status_of(A, 3), None);
    assert_eq!(world.cancels(), [1, 2]);
}

#[test]
fn a_pause_that_takes_the_transmitting_member_back_takes_its_family_back() {
    let mut world = half_sent();
    world.commits = false;
    stop_loss(&mut world, true);
    let (scope, state) = (Scope::Bot(bot(A)), TradingState::Paused);
    world.does(Command::SetState { scope, state, why: String::new() }).expect("is stricter");
    assert_eq!(world.status_of(A, 3), None);
    assert_eq!(world.cancels(), [1, 2]);
}

#[test]
fn a_parent_that_is_taken_back_unsent_is_not_cancelled_at_the_gateway() {
    let mut world = World::ready();
    world.quote();
    world.commits = false;
    parent(&mut world);
    target(&mut world, false);
    world.wait(1000);
    assert_eq!((world.status_of(A, 1), world.status_of(A, 2)), (None, None));
    assert_eq!(world.cancels(), []);
}

#[test]
fn a_member_that_its_bot_cancels_leaves_the_rest() {
    let mut world = half_sent();
    world.commits = false;
    stop_loss(&mut world, false);
    world.cancel(A, 3);
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Sent));
    assert_eq!(world.cancels(), []);
}

/// Released, and still in its link's lane.
fn in_the_lane(world: &mut World) -> gatehouse_types::EntrySeq {
    world.writes = false;
    let entry = world.buy(A, 7, 50).expect("is allowed");
    assert_eq!(world.n_released(), 1);
    entry
}

fn voids(world: &World) -> Vec<gatehouse_types::EntrySeq> {
    let voids = world.effects.iter().filter_map(|effect| {
        if let crate::Effect::Void(entry) = effect { Some(*entry) } else { None }
    });
    voids.collect()
}

#[test]
fn an_order_that_waits_too_long_for_its_turn_is_not_sent_by_an_old_view() {
    let mut world = World::ready();
    let entry = in_the_lane(&mut world);
    world.wait(2900);
    assert_eq!(voids(&world), []);
    world.wait(100);
    assert_eq!(voids(&world), [entry]);
    world.input(Input::NotSent { entry });
    assert_eq!(world.status_of(A, 7), None);
    assert_eq!(world.answers().first().map(|(id, code, _)| (*id, *code)), Some((7, 201)));
}

#[test]
fn a_pause_reaches_an_entry_that_waits_for_its_turn() {
    let mut world = World::ready();
    let entry = in_the_lane(&mut world);
    let (scope, state) = (Scope::Bot(bot(A)), TradingState::Paused);
    world.does(Command::SetState { scope, state, why: String::new() }).expect("is stricter");
    assert_eq!(voids(&world), [entry]);
}

#[test]
fn a_pause_leaves_an_exit_that_waits_for_its_turn() {
    let mut world = World::ready();
    world.hold(A, 1, 50);
    world.writes = false;
    world.place(A, 7, Side::Sell, 50, &limit("100")).expect("is an exit");
    let (scope, state) = (Scope::Bot(bot(A)), TradingState::Paused);
    world.does(Command::SetState { scope, state, why: String::new() }).expect("is stricter");
    assert_eq!(voids(&world), []);
}

#[test]
fn a_message_that_comes_before_an_order_was_sent_does_not_end_it() {
    for code in [201, 202, 103] {
        let mut world = World::ready();
        let entry = in_the_lane(&mut world);
        world.error(A, 7, code);
        world.input(Input::Sent { entry });
        assert_eq!(world.exposure(A, 7), gatehouse_types::Decimal::from(50), "{code}");
        // It was about this order after all: two lists lack it.
        for _ in 0..3 {
            world.wait(5000);
            world.reconcile();
        }
        assert_eq!(world.exposure(A, 7), gatehouse_types::Decimal::ZERO, "{code}");
        assert_eq!(world.status_of(A, 7), Some(OrderStatus::Rejected), "{code}");
    }
}

#[test]
fn an_order_whose_write_broke_off_with_its_link_is_of_unknown_fate() {
    let mut world = World::ready();
    let entry = in_the_lane(&mut world);
    // The reader may see the end before the writer says what it wrote.
    world.input(Input::LinkDown { bot: bot(A), why: "cut".to_owned() });
    world.input(Input::Sent { entry });
    assert_eq!(world.status_of(A, 7), Some(OrderStatus::Unknown));
    world.input(Input::LinkUp { bot: bot(A) });
    assert_eq!(world.buy(A, 7, 60), None, "it might be another order there");
}
