//! What bad luck, a careless bot or a confused Gateway would try.

use gatehouse_tws::answer::{BrokerStatus, ManagedAccounts, Observation, OpenOrder};
use gatehouse_types::{
    AccountId, ClientId, EntryKind, GatewayKind, OrderId, OrderStatus, Scope, Side, TradingState,
};

use super::driver::{A, B, SPY, World, bot, client, limit, placed, qty, spy, stop};
use crate::{BrokerOrder, BrokerSnapshot, Command, DeskNews, Input};

fn snapshot(world: &mut World, orders: Vec<BrokerOrder>, completed: Vec<BrokerOrder>) {
    let positions = world.held();
    let snapshot = BrokerSnapshot { orders, completed, positions, ..BrokerSnapshot::default() };
    world.desk(DeskNews::Snapshot(snapshot));
}

fn connected(world: &mut World, account: &str) {
    world.desk(DeskNews::Connected {
        address: "127.0.0.1:4002".to_owned(),
        kind: GatewayKind::OwnSimulator,
        account: AccountId::new(account),
    });
}

fn open_order(world: &mut World, id: i32, quantity: i64, status: BrokerStatus) {
    let mut wire = placed(id, Side::Buy, quantity, &limit("100")).order;
    wire.client_id = Some(client(A));
    let order_id = OrderId::new(id);
    let mut open = OpenOrder { order_id, contract: spy(), order: wire, ..OpenOrder::default() };
    open.state.status = Some(status);
    world.observe(A, Observation::OpenOrder(Box::new(open)));
}

fn updates(world: &World) -> Vec<(OrderStatus, i64, i64)> {
    let whole = |quantity: &gatehouse_types::Qty| i64::try_from(quantity.value()).unwrap();
    let updates = world.entries.iter().filter_map(|entry| {
        if let EntryKind::OrderUpdate { status, filled, remaining, .. } = &entry.kind {
            Some((*status, whole(filled), whole(remaining)))
        } else {
            None
        }
    });
    updates.collect()
}

#[test]
fn the_head_of_an_open_order_never_ends_an_order_for_it_knows_no_quantities() {
    let mut world = World::ready();
    world.buy(A, 1, 9).unwrap();
    open_order(&mut world, 1, 9, BrokerStatus::Filled);
    assert_eq!(updates(&world), []);
    world.status(A, 1, BrokerStatus::Filled, (9, 0));
    assert_eq!(updates(&world), [(OrderStatus::Filled, 9, 0)]);
    world.buy(A, 2, 8).unwrap();
    open_order(&mut world, 2, 8, BrokerStatus::Cancelled);
    assert_eq!(world.exposure(A, 2), qty(8).value());
    world.status(A, 2, BrokerStatus::Cancelled, (3, 5));
    assert_eq!(world.exposure(A, 2), qty(3).value());
}

#[test]
fn a_list_of_ended_orders_names_a_filled_one_as_filled_in_full() {
    let mut world = World::ready();
    world.buy(A, 1, 9).unwrap();
    world.status(A, 1, BrokerStatus::Submitted, (0, 9));
    let line = World::line(A, 1, 9, OrderStatus::Filled);
    snapshot(&mut world, Vec::new(), vec![line]);
    assert_eq!(updates(&world).last(), Some(&(OrderStatus::Filled, 9, 0)));
}

#[test]
fn an_order_that_was_missing_from_the_lists_and_is_listed_again_counts_and_can_be_killed() {
    let mut world = World::ready();
    world.buy(A, 1, 9).unwrap();
    world.status(A, 1, BrokerStatus::Submitted, (0, 9));
    for _ in 0..3 {
        world.wait(1000);
        world.reconcile();
    }
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Cancelled));
    for _ in 0..2 {
        world.wait(1000);
        let line = World::line(A, 1, 9, OrderStatus::Submitted);
        snapshot(&mut world, vec![line], Vec::new());
    }
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Submitted));
    assert_eq!(world.exposure(A, 1), qty(9).value());
    world = world.crash();
    assert_eq!(world.exposure(A, 1), qty(9).value());
    world.connect();
    world.does(Command::Kill { reason: "test".to_owned() }).unwrap();
    assert_eq!(world.cancels(), [1]);
}

#[test]
fn one_late_list_does_not_revive_a_cancelled_order() {
    let mut world = World::ready();
    world.buy(A, 1, 9).unwrap();
    world.status(A, 1, BrokerStatus::Submitted, (0, 9));
    world.status(A, 1, BrokerStatus::Cancelled, (0, 9));
    snapshot(&mut world, vec![World::line(A, 1, 9, OrderStatus::Submitted)], Vec::new());
    world.reconcile();
    snapshot(&mut world, vec![World::line(A, 1, 9, OrderStatus::Submitted)], Vec::new());
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Cancelled));
}

#[test]
fn what_another_account_holds_says_nothing_of_our_orders() {
    let mut world = World::ready();
    world.buy(A, 1, 9).unwrap();
    world.status(A, 1, BrokerStatus::Submitted, (0, 9));
    connected(&mut world, "DU7654321");
    for _ in 0..3 {
        world.wait(1000);
        let foreign = BrokerSnapshot {
            positions: vec![(SPY, gatehouse_types::SignedQty::new(500.into()))],
            ..BrokerSnapshot::default()
        };
        world.desk(DeskNews::Snapshot(foreign));
    }
    assert!(!world.is_ready());
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Submitted));
    assert_eq!(world.exposure(A, 1), qty(9).value());
}

#[test]
fn a_link_to_another_account_says_nothing_of_our_orders() {
    let accounts = |name: &str| {
        Observation::ManagedAccounts(ManagedAccounts { accounts: vec![AccountId::new(name)] })
    };
    let mut world = World::ready();
    world.buy(A, 1, 9).unwrap();
    world.status(A, 1, BrokerStatus::Submitted, (0, 9));
    world.observe(A, accounts("DU7654321"));
    world.status(A, 1, BrokerStatus::Cancelled, (0, 9));
    world.fill(A, 1, "a.b.01.01", Side::Buy, 9);
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Submitted));
    assert!(world.buy(A, 2, 8).is_none());
    world.observe(A, accounts("DU1234567"));
    world.status(A, 1, BrokerStatus::Cancelled, (0, 9));
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Cancelled));
}

#[test]
fn a_change_is_refused_until_its_order_was_matched() {
    let mut world = World::ready();
    world.buy(A, 1, 9).unwrap();
    world.status(A, 1, BrokerStatus::Submitted, (0, 9));
    connected(&mut world, "DU1234567");
    assert!(world.buy(A, 1, 8).is_none(), "smaller, but the order may be gone");
    assert_eq!(world.answers().first().map(|it| (it.0, it.1)), Some((1, 399)));
    snapshot(&mut world, vec![World::line(A, 1, 9, OrderStatus::Submitted)], Vec::new());
    assert!(world.buy(A, 1, 8).is_some());
}

#[test]
fn a_kill_cancels_the_moment_that_a_link_is_back() {
    let mut world = World::ready();
    world.buy(A, 1, 9).unwrap();
    world.status(A, 1, BrokerStatus::Submitted, (0, 9));
    world.input(Input::LinkDown { bot: bot(A), why: "test".to_owned() });
    world.does(Command::Kill { reason: "test".to_owned() }).unwrap();
    assert!(world.cancels().is_empty());
    world.ms += 1;
    world.input(Input::LinkUp { bot: bot(A) });
    assert_eq!(world.cancels(), [1]);
}

#[test]
fn a_restart_while_killed_cancels_the_moment_that_a_link_is_up() {
    let mut world = World::ready();
    world.buy(A, 1, 9).unwrap();
    world.status(A, 1, BrokerStatus::Submitted, (0, 9));
    world.input(Input::LinkDown { bot: bot(A), why: "test".to_owned() });
    world.does(Command::Kill { reason: "test".to_owned() }).unwrap();
    let mut world = world.crash();
    assert_eq!(world.state(A), TradingState::Killed);
    world.input(Input::LinkUp { bot: bot(A) });
    assert_eq!(world.cancels(), [1]);
}

#[test]
fn reduce_only_cancels_entries_again_after_a_restart() {
    let mut world = World::ready();
    world.buy(A, 1, 9).unwrap();
    world.status(A, 1, BrokerStatus::Submitted, (0, 9));
    world.input(Input::LinkDown { bot: bot(A), why: "test".to_owned() });
    let scope = Scope::Bot(bot(A));
    let state = TradingState::ReduceOnly;
    world.does(Command::SetState { scope, state, why: "test".to_owned() }).unwrap();
    let mut world = world.crash();
    world.connect();
    snapshot(&mut world, vec![World::line(A, 1, 9, OrderStatus::Submitted)], Vec::new());
    assert_eq!(world.cancels(), [1]);
}

#[test]
fn an_order_id_below_one_is_refused() {
    for id in [0, -1, i32::MIN] {
        let mut world = World::ready();
        assert!(world.buy(A, id, 9).is_none(), "{id}");
        assert_eq!(world.answers().first().map(|it| (it.0, it.1)), Some((id, 201)), "{id}");
    }
}

#[test]
fn an_error_on_a_request_of_the_same_number_does_not_end_an_order() {
    let mut world = World::ready();
    world.buy(A, 5, 9).unwrap();
    world.error(A, 5, 200);
    assert_eq!(world.exposure(A, 5), qty(9).value());
    world.status(A, 5, BrokerStatus::Submitted, (0, 9));
    assert_eq!(world.exposure(A, 5), qty(9).value());
}

#[test]
fn an_order_that_was_refused_with_a_doubtful_code_ends_when_no_list_has_it() {
    let mut world = World::ready();
    world.buy(A, 5, 9).unwrap();
    world.error(A, 5, 200);
    for _ in 0..3 {
        world.wait(1000);
        world.reconcile();
    }
    assert_eq!(world.status_of(A, 5), Some(OrderStatus::Rejected));
}

#[test]
fn an_order_of_another_client_under_the_same_id_changes_nothing_here() {
    let mut world = World::ready();
    world.buy(A, 1, 9).unwrap();
    world.status(A, 1, BrokerStatus::Submitted, (0, 9));
    let mut line = World::line(B, 1, 400, OrderStatus::Submitted);
    line.client_id = ClientId::new(99);
    let own = World::line(A, 1, 9, OrderStatus::Submitted);
    snapshot(&mut world, vec![line, own], Vec::new());
    assert_eq!(world.exposure(A, 1), qty(9).value());
    assert_eq!(world.state(A), TradingState::Active);
}

#[test]
fn an_order_that_a_person_enlarged_at_the_broker_counts_as_large_as_it_is() {
    let mut world = World::ready();
    world.buy(A, 1, 9).unwrap();
    world.status(A, 1, BrokerStatus::Submitted, (0, 9));
    open_order(&mut world, 1, 500, BrokerStatus::Submitted);
    assert_eq!(world.exposure(A, 1), qty(500).value());
    world = world.crash();
    assert_eq!(world.exposure(A, 1), qty(500).value());
}

#[test]
fn a_change_is_no_softer_than_a_change_that_may_fail() {
    let mut world = World::ready();
    world.buy(A, 1, 9).unwrap();
    world.status(A, 1, BrokerStatus::Submitted, (0, 9));
    world.buy(A, 1, 40).unwrap();
    let (scope, state) = (Scope::Bot(bot(A)), TradingState::Paused);
    world.does(Command::SetState { scope, state, why: "test".to_owned() }).unwrap();
    assert!(world.buy(A, 1, 35).is_none(), "it is an entry if the broker refuses the 40");
    assert!(world.buy(A, 1, 8).is_some(), "it is softer than either");
}

#[test]
fn a_door_that_stays_shut_fills_no_ledger() {
    let mut world = World::ready();
    let refused = |why: &str| Input::DoorRefused { bot: bot(A), why: why.to_owned() };
    let before = world.entries.len();
    for _ in 0..5 {
        world.wait(5000);
        world.input(refused("no Gateway answered"));
    }
    assert_eq!(world.entries.len(), before + 1);
    world.input(refused("client id 12"));
    world.input(refused("no Gateway answered"));
    assert_eq!(world.entries.len(), before + 3);
}

/// Long 30 with a working stop of all of it; the Gateway went away, the kill came, and a restart.
fn killed_without_a_gateway() -> World {
    let mut world = World::ready();
    world.hold(A, 1, 30);
    world.reconcile();
    world.place(A, 2, Side::Sell, 30, &stop("95")).unwrap();
    world.status(A, 2, BrokerStatus::PreSubmitted, (0, 30));
    world.input(Input::LinkDown { bot: bot(A), why: "test".to_owned() });
    world.desk(DeskNews::Lost { why: "test".to_owned() });
    world.does(Command::Kill { reason: "test".to_owned() }).unwrap();
    world = world.crash();
    world.connect();
    assert_eq!(world.cancels(), [0; 0], "what is held is not known yet");
    world
}

#[test]
fn a_kill_without_a_gateway_keeps_the_stop_that_protects_when_the_gateway_is_back() {
    let mut world = killed_without_a_gateway();
    let mut line = World::line(A, 2, 30, OrderStatus::PreSubmitted);
    (line.side, line.kind) = (Side::Sell, stop("95"));
    snapshot(&mut world, vec![line], Vec::new());
    assert_eq!(world.cancels(), [0; 0]);
    let kill = world.engine.status(world.now()).kill.unwrap();
    assert!(kill.unprotected.is_empty(), "{kill:?}");
    world.wait(20_000);
    assert_eq!(world.cancels(), [0; 0]);
}

#[test]
fn a_kill_does_not_wait_for_a_broker_that_does_not_say_what_is_held() {
    let mut world = killed_without_a_gateway();
    world.wait(9_000);
    assert_eq!(world.cancels(), [0; 0]);
    world.wait(2_000);
    assert_eq!(world.cancels(), [2]);
}

#[test]
fn reduce_only_without_a_gateway_leaves_exits_for_the_first_snapshot_to_decide() {
    let mut world = World::ready();
    world.hold(A, 1, 30);
    world.reconcile();
    world.place(A, 2, Side::Sell, 30, &stop("95")).unwrap();
    world.status(A, 2, BrokerStatus::PreSubmitted, (0, 30));
    world.desk(DeskNews::Lost { why: "test".to_owned() });
    let (scope, state) = (Scope::Bot(bot(A)), TradingState::ReduceOnly);
    world.does(Command::SetState { scope, state, why: "test".to_owned() }).unwrap();
    assert_eq!(world.cancels(), [0; 0]);
    connected(&mut world, "DU1234567");
    let mut line = World::line(A, 2, 30, OrderStatus::PreSubmitted);
    (line.side, line.kind) = (Side::Sell, stop("95"));
    world.desk(DeskNews::Snapshot(BrokerSnapshot { orders: vec![line], ..Default::default() }));
    assert_eq!(world.cancels(), [2], "the account holds nothing that it could close");
}

#[test]
fn an_orderly_end_leaves_no_order_of_unknown_fate() {
    let mut world = World::ready();
    world.commits = false;
    let unsent = world.buy(A, 1, 9).unwrap();
    let now = world.now();
    let effects = world.engine.stop(now);
    world.carry_out(effects);
    assert!(world.voided.contains(&unsent));
    assert_eq!(world.entries.last().map(|entry| &entry.kind), Some(&EntryKind::Stopped));
    world.commit();
    let world = world.crash();
    assert_eq!(world.engine.status(world.now()).n_unknown, 0);
    assert!(!world.released.contains(&unsent));
}
