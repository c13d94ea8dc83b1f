//! Cancels and their races.

use gatehouse_tws::answer::BrokerStatus;
use gatehouse_types::{Actor, EntryKind, OrderStatus, Scope, Side, TradingState};

use super::driver::{A, B, World, bot, limit, order, placed};
use crate::{Command, CommandError, Done, Effect, Input};

#[test]
fn a_cancel_of_an_order_that_awaits_its_commit_voids_it() {
    let mut world = World::ready();
    world.commits = false;
    let entry = world.buy(A, 1, 10).unwrap();
    world.cancel(A, 1);
    assert!(world.voided.contains(&entry));
    assert_eq!(world.answers()[0].1, 202);
    assert!(world.cancels().is_empty());
    world.commit();
    assert!(world.released.is_empty());
    assert!(world.has(|kind| matches!(kind, EntryKind::Withdrawn { .. })));
}

#[test]
fn a_cancel_of_a_written_order_follows_at_once() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    world.commits = false;
    world.cancel(A, 1);
    assert!(
        matches!(world.effects[0], Effect::ForwardCancel { ref body, .. } if body == b"cancel")
    );
    assert!(world.has(|kind| matches!(kind, EntryKind::CancelSent { frame, .. }
        if frame == b"cancel")));
    assert_eq!(world.exposure(A, 1), 10.into(), "it may still fill");
}

#[test]
fn a_cancel_of_an_unknown_id_passes_in_every_state() {
    let mut world = World::ready();
    for state in [TradingState::Paused, TradingState::ReduceOnly, TradingState::Halted] {
        let why = String::new();
        world.does(Command::SetState { scope: Scope::Account, state, why }).unwrap();
        world.cancel(A, 77);
        assert_eq!(world.cancels(), [77], "{state}");
    }
    world.does(Command::Kill { reason: "test".to_owned() }).unwrap();
    world.cancel(A, 78);
    assert_eq!(world.cancels(), [78]);
}

#[test]
fn a_cancelled_order_that_the_writer_dropped_is_answered_with_202() {
    let mut world = World::ready();
    world.writes = false;
    let entry = world.buy(A, 1, 10).unwrap();
    world.cancel(A, 1);
    assert_eq!(world.cancels(), [1]);
    world.input(Input::NotSent { entry });
    assert_eq!(world.answers()[0].1, 202);
    assert_eq!(world.status_of(A, 1), None);
}

#[test]
fn a_cancel_takes_back_an_order_that_waits_for_data() {
    let mut world = World::ready();
    let mut question = placed(1, Side::Buy, 10, &limit("100"));
    question.contract = World::unknown_contract("QQQ").0;
    world.frame(A, question);
    world.cancel(A, 1);
    assert_eq!(world.answers()[0].1, 202);
    assert!(world.cancels().is_empty());
    world.wait(3000);
    assert!(world.answers().is_empty() && world.released.is_empty());
}

#[test]
fn a_global_cancel_becomes_cancels_of_the_bots_own_orders() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    world.buy(A, 2, 11).unwrap();
    world.buy(B, 3, 12).unwrap();
    world.input(Input::GlobalCancel { bot: bot(A) });
    assert_eq!(world.cancels(), [1, 2]);
    assert!(world.entries.iter().any(|entry| entry.actor == Actor::Bot(bot(A))
        && matches!(&entry.kind, EntryKind::CancelSent { order: of, .. } if *of == order(A, 2))));
}

#[test]
fn a_cancel_without_a_link_is_sent_when_the_link_is_there() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    world.input(Input::LinkDown { bot: bot(A), why: "gone".to_owned() });
    let done = world.does(Command::CancelAll { bot: None });
    assert_eq!(done, Ok(Done::Cancelling(1)));
    assert!(world.effects.iter().any(|it| matches!(it, Effect::Dial(name) if *name == bot(A))));
    assert!(world.cancels().is_empty());
    world.input(Input::LinkUp { bot: bot(A) });
    assert_eq!(world.cancels(), [1]);
}

#[test]
fn a_person_cancels_one_working_order() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    world.does(Command::CancelOrder { order: order(A, 1) }).unwrap();
    assert_eq!(world.cancels(), [1]);
    world.status(A, 1, BrokerStatus::Cancelled, (0, 10));
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Cancelled));
    assert_eq!(
        world.does(Command::CancelOrder { order: order(A, 1) }),
        Err(CommandError::NoOrder { order: order(A, 1) })
    );
}

#[test]
fn a_cancel_of_a_changing_order_drops_the_unsent_change() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    world.commits = false;
    let change = world.buy(A, 1, 20).unwrap();
    world.cancel(A, 1);
    assert!(world.voided.contains(&change));
    assert_eq!(world.cancels(), [1]);
    world.commit();
    assert!(!world.released.contains(&change));
}
