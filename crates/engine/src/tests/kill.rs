//! States, halts and the kill.

use gatehouse_tws::answer::BrokerStatus;
use gatehouse_types::{EntryKind, KillOrder, OrderStatus, Scope, Side, TradingState};

use super::driver::{A, B, SPY, World, bot, limit, order, stop};
use crate::{Command, CommandError, DeskNews, Done, Effect, Input};

fn kill(world: &mut World) {
    world.does(Command::Kill { reason: "test".to_owned() }).unwrap();
}

fn set(world: &mut World, scope: Scope, state: TradingState) -> Result<Done, CommandError> {
    world.does(Command::SetState { scope, state, why: "test".to_owned() })
}

fn release(world: &mut World) -> Result<Done, CommandError> {
    world.does(Command::Release { word: "RELEASE".to_owned() })
}

/// Long 30 with a working stop of the quantity, which the broker holds.
fn with_stop(quantity: i64) -> World {
    let mut world = World::ready();
    world.hold(A, 1, 30);
    world.reconcile();
    world.place(A, 2, Side::Sell, quantity, &stop("95")).unwrap();
    world.status(A, 2, BrokerStatus::PreSubmitted, (0, quantity));
    world
}

fn did(world: &World, id: i32) -> Option<KillOrder> {
    let done = world.entries.iter().rev().filter_map(|entry| {
        if let EntryKind::KillOrder { order, did } = &entry.kind {
            Some((order, did))
        } else {
            None
        }
    });
    done.into_iter().find(|(of, _)| **of == order(A, id)).map(|(_, did)| did.clone())
}

#[test]
fn a_kill_raises_the_epoch_first_voids_what_is_unsent_and_cancels_what_works() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    world.commits = false;
    let unsent = world.buy(A, 2, 11).unwrap();
    kill(&mut world);
    assert!(matches!(world.effects[0], Effect::RaiseEpoch { scope: Scope::Account, epoch: 1 }));
    assert!(world.voided.contains(&unsent));
    assert_eq!(world.cancels(), [1]);
    assert_eq!(did(&world, 1), Some(KillOrder::CancelSent));
    assert_eq!(did(&world, 2), Some(KillOrder::Dropped));
    world.commit();
    assert!(!world.released.contains(&unsent));
    assert!(world.buy(A, 3, 12).is_none());
    assert!(world.answers()[0].2.contains("GH-55: the kill switch is on"));
}

#[test]
fn a_kill_reaches_an_order_that_was_released_and_not_written() {
    let mut world = World::ready();
    world.writes = false;
    let entry = world.buy(A, 1, 10).unwrap();
    kill(&mut world);
    assert_eq!(world.cancels(), [1]);
    world.input(Input::NotSent { entry });
    assert!(world.has(|kind| matches!(kind, EntryKind::Withdrawn { .. })));
    assert!(world.engine.status(world.now()).kill.unwrap().orders[0].is_gone);
}

#[test]
fn a_kill_keeps_a_stop_that_only_shrinks_the_position() {
    let mut world = with_stop(30);
    kill(&mut world);
    assert!(world.cancels().is_empty());
    assert_eq!(did(&world, 2), Some(KillOrder::Kept { protects: "30 SPY".to_owned() }));
    assert!(world.engine.status(world.now()).kill.unwrap().unprotected.is_empty());
    world.wait(2000);
    assert!(world.cancels().is_empty());
    assert_eq!(world.does(Command::CancelKept), Ok(Done::Cancelling(1)));
    assert_eq!(world.cancels(), [2]);
}

#[test]
fn a_kill_keeps_stops_only_as_far_as_all_kept_ones_together_shrink() {
    let mut world = with_stop(20);
    world.place(A, 3, Side::Sell, 10, &stop("94")).unwrap();
    world.status(A, 3, BrokerStatus::PreSubmitted, (0, 10));
    // The account loses ten by hand: only one of the two stops is still proven.
    let mut snapshot = crate::BrokerSnapshot::default();
    let less = gatehouse_types::SignedQty::new(20.into());
    snapshot.positions = vec![(SPY, less)];
    world.desk(DeskNews::Snapshot(snapshot));
    kill(&mut world);
    assert_eq!(world.cancels(), [3]);
    assert!(matches!(did(&world, 2), Some(KillOrder::Kept { .. })));
}

#[test]
fn a_kept_stop_is_cancelled_when_it_no_longer_protects() {
    let mut world = with_stop(30);
    kill(&mut world);
    let flat = crate::BrokerSnapshot {
        orders: vec![crate::BrokerOrder {
            side: Side::Sell,
            kind: stop("95"),
            ..World::line(A, 2, 30, OrderStatus::PreSubmitted)
        }],
        ..crate::BrokerSnapshot::default()
    };
    world.desk(DeskNews::Snapshot(flat));
    world.wait(2000);
    assert_eq!(world.cancels(), [2]);
    assert_eq!(did(&world, 2), Some(KillOrder::CancelSent));
}

#[test]
fn a_kill_asks_again_every_two_seconds_until_nothing_is_left() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    kill(&mut world);
    world.wait(1999);
    assert!(world.cancels().is_empty());
    world.wait(1);
    assert_eq!(world.cancels(), [1]);
    assert!(world.effects.iter().any(|it| matches!(it, Effect::WantSnapshot)));
    world.status(A, 1, BrokerStatus::Cancelled, (0, 10));
    world.wait(2000);
    assert!(world.cancels().is_empty());
    let orders = world.engine.status(world.now()).kill.unwrap().orders;
    assert!(orders[0].is_gone && orders[0].gone_after.is_some());
}

#[test]
fn a_kill_without_a_link_says_so_and_dials() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    world.input(Input::LinkDown { bot: bot(A), why: "gone".to_owned() });
    kill(&mut world);
    assert_eq!(did(&world, 1), Some(KillOrder::NoLink));
    assert!(world.effects.iter().any(|it| matches!(it, Effect::Dial(_))));
    world.input(Input::LinkUp { bot: bot(A) });
    world.wait(2000);
    assert_eq!(world.cancels(), [1]);
    assert_eq!(did(&world, 1), Some(KillOrder::CancelSent));
}

#[test]
fn a_kill_survives_a_crash_and_reaches_orders_of_unknown_fate() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    kill(&mut world);
    let mut world = world.crash();
    assert_eq!(world.state(A), TradingState::Killed);
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Unknown));
    world.connect();
    world.wait(2000);
    assert_eq!(world.cancels(), [1]);
    assert!(world.buy(A, 2, 10).is_none());
    assert_eq!(release(&mut world), Err(CommandError::TooEarly { seconds_left: 58 }));
}

#[test]
fn a_release_needs_a_minute_and_the_word_and_leaves_every_bot_halted() {
    let mut world = World::ready();
    kill(&mut world);
    world.ms += 59_000;
    assert_eq!(release(&mut world), Err(CommandError::TooEarly { seconds_left: 1 }));
    world.ms += 1_000;
    let word = "release".to_owned();
    assert_eq!(world.does(Command::Release { word }), Err(CommandError::WrongWord));
    assert_eq!(set(&mut world, Scope::Bot(bot(A)), TradingState::Active), Ok(Done::Now));
    assert_eq!(world.state(A), TradingState::Killed);
    assert_eq!(release(&mut world), Ok(Done::Now));
    assert_eq!((world.state(A), world.state(B)), (TradingState::Halted, TradingState::Halted));
    assert!(world.buy(A, 1, 10).is_none());
    set(&mut world, Scope::Bot(bot(A)), TradingState::Active).unwrap();
    assert!(world.buy(A, 1, 10).is_some());
    assert!(world.buy(B, 1, 10).is_none());
}

#[test]
fn nobody_is_freed_while_the_kill_is_on() {
    let mut world = World::ready();
    set(&mut world, Scope::Bot(bot(A)), TradingState::Halted).unwrap();
    kill(&mut world);
    let freed = set(&mut world, Scope::Bot(bot(A)), TradingState::Active);
    assert_eq!(freed, Err(CommandError::Killed));
    assert_eq!(world.does(Command::Kill { reason: String::new() }), Err(CommandError::Killed));
}

#[test]
fn a_halt_voids_what_awaits_its_record_and_refuses_exits_too() {
    let mut world = World::ready();
    world.hold(A, 1, 30);
    world.reconcile();
    world.commits = false;
    let unsent = world.place(A, 2, Side::Sell, 10, &limit("100")).unwrap();
    set(&mut world, Scope::Bot(bot(A)), TradingState::Halted).unwrap();
    assert!(matches!(world.effects[0], Effect::RaiseEpoch { scope: Scope::Bot(_), epoch: 1 }));
    assert!(world.voided.contains(&unsent));
    world.commit();
    world.commits = true;
    assert!(world.place(A, 3, Side::Sell, 10, &limit("100")).is_none());
    assert!(world.buy(B, 1, 10).is_some(), "the other bot trades on");
    let mut world = world.crash();
    world.connect();
    world.reconcile();
    assert_eq!(world.state(A), TradingState::Halted);
}

#[test]
fn a_pause_keeps_working_entries_and_lets_exits_through() {
    let mut world = World::ready();
    world.hold(A, 1, 30);
    world.reconcile();
    world.buy(A, 2, 11).unwrap();
    world.status(A, 2, BrokerStatus::Submitted, (0, 11));
    world.commits = false;
    let entry = world.buy(A, 3, 12).unwrap();
    let exit = world.place(A, 4, Side::Sell, 5, &limit("100")).unwrap();
    set(&mut world, Scope::Bot(bot(A)), TradingState::Paused).unwrap();
    assert!(world.cancels().is_empty());
    assert!(world.voided.contains(&entry) && !world.voided.contains(&exit));
    world.commit();
    assert!(world.released.contains(&exit));
    world.commits = true;
    assert!(world.buy(A, 5, 13).is_none());
    assert!(world.place(A, 6, Side::Sell, 6, &limit("100")).is_some());
}

#[test]
fn reduce_only_cancels_working_entries_and_keeps_exits() {
    let mut world = with_stop(20);
    world.buy(A, 3, 11).unwrap();
    world.status(A, 3, BrokerStatus::Submitted, (0, 11));
    set(&mut world, Scope::Account, TradingState::ReduceOnly).unwrap();
    assert_eq!(world.cancels(), [3]);
}

#[test]
fn an_order_under_a_bots_client_id_that_gatehouse_did_not_send_pauses_the_bot() {
    let mut world = World::ready();
    world.status(A, 70, BrokerStatus::Submitted, (0, 10));
    assert!(world.has(|kind| matches!(kind, EntryKind::ForeignOrder { .. })));
    assert_eq!((world.state(A), world.state(B)), (TradingState::Paused, TradingState::Active));
    assert!(world.buy(A, 70, 10).is_none());
    assert!(world.answers()[0].2.contains("GH-91"));
}

#[test]
fn a_stop_that_shrinks_only_what_another_bot_holds_is_not_kept() {
    let mut world = World::ready();
    world.switch_off(&[gatehouse_types::LimitId::NoShortSale]);
    world.hold(A, 1, 30);
    world.reconcile();
    world.place(B, 1, Side::Sell, 10, &stop("95")).unwrap();
    world.status(B, 1, BrokerStatus::PreSubmitted, (0, 10));
    kill(&mut world);
    assert_eq!(world.cancels(), [1]);
}

#[test]
fn a_stop_that_the_broker_does_not_hold_as_it_is_meant_is_not_kept() {
    let mut world = with_stop(20);
    world.place(A, 2, Side::Sell, 20, &stop("96")).unwrap();
    kill(&mut world);
    assert_eq!(world.cancels(), [2], "its change is not acknowledged");

    let mut world = World::ready();
    world.hold(A, 1, 30);
    world.reconcile();
    world.place(A, 2, Side::Sell, 20, &stop("95")).unwrap();
    kill(&mut world);
    assert_eq!(world.cancels(), [2], "nothing was heard of it");
}
