//! Accounts that take turns: what belongs to one is not seen in another.

use gatehouse_tws::answer::{BrokerStatus, Observation};
use gatehouse_types::{AccountId, Decimal, EntryKind, GatewayKind, SignedQty};

use super::driver::{A, SPY, World, bot};
use crate::{BrokerSnapshot, DeskNews, Effect, Input};

const PAPER: &str = "DU7654321";

fn position(world: &World) -> SignedQty {
    world.engine.positions.of_bot(&bot(A), SPY)
}

/// The Gateway is lost, and another one is logged in to an account.
fn moves(world: &mut World, kind: GatewayKind, account: &str) {
    world.desk(DeskNews::Lost { why: "another one is wanted".to_owned() });
    world.input(Input::LinkDown { bot: bot(A), why: "hung up".to_owned() });
    comes(world, kind, account);
}

fn comes(world: &mut World, kind: GatewayKind, account: &str) {
    world.desk(DeskNews::Connected {
        address: "127.0.0.1:4002".to_owned(),
        kind,
        account: AccountId::new(account),
    });
    world.input(Input::LinkUp { bot: bot(A) });
    world.desk(DeskNews::Snapshot(BrokerSnapshot {
        positions: world.held(),
        ..BrokerSnapshot::default()
    }));
}

#[test]
fn the_simulators_orders_and_positions_are_not_those_of_the_paper_account() {
    let mut world = World::ready();
    world.hold(A, 1, 20);
    world.buy(A, 2, 10).expect("is allowed");
    world.status(A, 2, BrokerStatus::Submitted, (0, 10));

    moves(&mut world, GatewayKind::Running, PAPER);
    assert!(world.is_ready());
    assert_eq!(position(&world), SignedQty::FLAT);
    assert_eq!(world.status_of(A, 2), None);
    assert!(world.engine.status(world.now()).working.is_empty());

    // As after a restart of the program in between.
    let mut world = world.crash();
    assert_eq!(position(&world), SignedQty::FLAT);
    comes(&mut world, GatewayKind::OwnSimulator, "DU1234567");
    assert_eq!(position(&world), SignedQty::new(Decimal::from(20)));
    assert_ne!(world.status_of(A, 2), None, "its order is known again");
}

#[test]
fn the_simulators_account_may_be_named_as_a_real_one() {
    let mut world = World::ready();
    world.hold(A, 1, 20);
    moves(&mut world, GatewayKind::Running, "DU1234567");
    assert_eq!(position(&world), SignedQty::FLAT);
}

#[test]
fn what_was_approved_for_one_account_is_taken_back_before_another_is_met() {
    let mut world = World::ready();
    world.commits = false;
    world.buy(A, 1, 10);
    comes(&mut world, GatewayKind::Running, PAPER);
    let withdrawn = |it: &&gatehouse_types::Entry| matches!(it.kind, EntryKind::Withdrawn { .. });
    assert_eq!(world.entries.iter().filter(withdrawn).count(), 1);
    assert!(world.engine.outgoing.is_empty());
    assert!(!world.effects.iter().any(|it| matches!(it, Effect::Release(_))));
}

#[test]
fn a_link_that_was_told_of_its_account_first_is_ours_when_gatehouse_is() {
    let mut world = World::ready();
    let told = |account: &str| {
        Observation::ManagedAccounts(gatehouse_tws::answer::ManagedAccounts {
            accounts: vec![AccountId::new(account)],
        })
    };
    world.desk(DeskNews::Lost { why: "another one is wanted".to_owned() });
    world.input(Input::LinkUp { bot: bot(A) });
    world.input(Input::Observed { bot: bot(A), observation: told(PAPER) });
    comes(&mut world, GatewayKind::Running, PAPER);
    world.connect_rest();
    assert!(world.buy(A, 1, 10).is_some());
}
