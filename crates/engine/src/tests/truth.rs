//! What the broker says, and how it is matched with the book.

use gatehouse_tws::answer::BrokerStatus;
use gatehouse_types::{
    ClientId, Decimal, EntryKind, OrderId, OrderStatus, PermId, Side, SignedQty,
};

use super::driver::{A, B, SPY, World, bot, limit, qty};
use crate::{BrokerOrder, BrokerSnapshot, DeskNews, Effect, Input};

fn held(n: i64) -> SignedQty {
    SignedQty::new(Decimal::from(n))
}

fn snapshot(world: &mut World, orders: Vec<BrokerOrder>, completed: Vec<BrokerOrder>) {
    let positions = world.held();
    let snapshot = BrokerSnapshot { orders, completed, positions, ..BrokerSnapshot::default() };
    world.desk(DeskNews::Snapshot(snapshot));
}

fn position(world: &World, name: &str) -> SignedQty {
    world.engine.positions.of_bot(&bot(name), SPY)
}

fn n_updates(world: &World) -> usize {
    world.entries.iter().filter(|it| matches!(it.kind, EntryKind::OrderUpdate { .. })).count()
}

#[test]
fn nothing_is_judged_fit_before_the_first_snapshot_was_matched() {
    let mut world = World::ready();
    world.desk(DeskNews::Lost { why: "closed".to_owned() });
    assert!(world.buy(A, 1, 10).is_none());
    assert!(world.answers()[0].2.contains("GH-46: the Gateway is not connected"));
    world.connect();
    assert!(!world.is_ready());
    assert!(world.buy(A, 1, 10).is_none());
    assert!(world.answers()[0].2.contains("being reconciled"));
    world.reconcile();
    assert!(world.is_ready());
    assert!(world.buy(A, 1, 10).is_some());
}

#[test]
fn a_lost_broker_stops_new_risk_until_a_new_snapshot() {
    let mut world = World::ready();
    world.desk(DeskNews::BrokerLost);
    world.reconcile();
    assert!(world.buy(A, 1, 10).is_none());
    assert!(world.answers()[0].2.contains("disconnected from the broker"));
    world.desk(DeskNews::BrokerBack);
    assert!(world.effects.iter().any(|it| matches!(it, Effect::WantSnapshot)));
    assert!(world.buy(A, 1, 10).is_none());
    world.reconcile();
    assert!(world.buy(A, 1, 10).is_some());
}

#[test]
fn before_a_restart_entries_are_refused_and_exits_pass() {
    let mut world = World::ready();
    world.hold(A, 1, 20);
    world.input(Input::RestartNear { is_near: true });
    assert!(world.buy(A, 3, 10).is_none());
    assert!(world.answers().last().expect("is answered").2.contains("is about to restart"));
    assert!(world.place(A, 4, Side::Sell, 5, &limit("100")).is_some(), "an exit passes");
    world.input(Input::RestartNear { is_near: false });
    assert!(world.buy(A, 5, 10).is_some());
}

#[test]
fn another_account_is_not_traded() {
    let mut world = World::ready();
    world.desk(DeskNews::Connected {
        address: "127.0.0.1:4002".to_owned(),
        kind: gatehouse_types::GatewayKind::OwnSimulator,
        account: gatehouse_types::AccountId::new("DU7654321"),
    });
    world.reconcile();
    assert!(world.buy(A, 1, 10).is_none());
    assert!(world.answers()[0].2.contains("logged in to another account"));
}

#[test]
fn a_word_that_says_nothing_new_is_not_written() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    world.status(A, 1, BrokerStatus::Submitted, (0, 10));
    world.status(A, 1, BrokerStatus::Submitted, (0, 10));
    world.status(A, 1, BrokerStatus::PendingSubmit, (0, 10));
    world.shown(A, 1, 10, &limit("100"));
    assert_eq!(n_updates(&world), 1);
    world.status(A, 1, BrokerStatus::Submitted, (4, 6));
    world.status(A, 1, BrokerStatus::Submitted, (2, 8));
    assert_eq!(n_updates(&world), 2);
}

#[test]
fn an_order_counts_until_its_executions_arrived() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    world.status(A, 1, BrokerStatus::Filled, (10, 0));
    assert_eq!(world.exposure(A, 1), 10.into());
    let working = world.engine.working_without(None);
    assert!(!working[0].status.is_finished(), "the judgement must count it");
    world.fill(A, 1, "x.y.01.01", Side::Buy, 10);
    assert_eq!((world.exposure(A, 1), position(&world, A)), (0.into(), held(10)));
}

#[test]
fn a_fill_after_the_cancellation_counts() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    world.status(A, 1, BrokerStatus::Submitted, (0, 10));
    world.status(A, 1, BrokerStatus::Cancelled, (0, 10));
    world.fill(A, 1, "x.y.01.01", Side::Buy, 4);
    world.status(A, 1, BrokerStatus::Filled, (10, 0));
    assert_eq!(position(&world, A), held(4));
    assert_eq!(world.exposure(A, 1), 6.into());
}

#[test]
fn executions_count_once_and_corrections_replace() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    for exec_id in ["x.y.01.01", "x.y.01.01"] {
        world.fill(A, 1, exec_id, Side::Buy, 10);
    }
    assert_eq!(position(&world, A), held(10));
    world.fill(A, 1, "x.y.01.02", Side::Buy, 6);
    assert_eq!(position(&world, A), held(6));
    assert_eq!(world.exposure(A, 1), 4.into());
    let status = world.engine.status(world.now());
    assert_eq!((status.n_fills, status.bots[0].today.fills), (1, 1));
}

#[test]
fn message_codes_end_only_orders_that_they_can_end() {
    use OrderStatus::{Cancelled, Rejected, Sent, Submitted};
    for (is_acknowledged, code, after) in [
        (false, 201, Rejected),
        (true, 201, Rejected),
        (false, 110, Rejected),
        (true, 110, Submitted),
        (true, 202, Cancelled),
        (false, 399, Sent),
        (false, 77_777, Sent),
        (true, 10147, Submitted),
    ] {
        let mut world = World::ready();
        world.buy(A, 1, 10).unwrap();
        if is_acknowledged {
            world.status(A, 1, BrokerStatus::Submitted, (0, 10));
        }
        world.error(A, 1, code);
        assert_eq!(world.status_of(A, 1), Some(after), "{code}, {is_acknowledged}");
        assert!(world.has(|kind| matches!(kind, EntryKind::BrokerMessage { .. })));
    }
}

#[test]
fn a_code_that_nobody_knows_ends_neither_a_new_nor_a_working_order() {
    use OrderStatus::{Sent, Submitted};
    // In every range, also in those of refused orders, and beyond what the broker uses.
    for code in [-2, 99, 108, 149, 299, 450, 777, 1999, 2999, 10_398, 10_399, 19_999, i32::MAX] {
        assert!(!gatehouse_codes::meaning(code, "").is_known(), "{code} is in the book");
        for (is_working, status) in [(false, Sent), (true, Submitted)] {
            let mut world = World::ready();
            world.buy(A, 1, 10).unwrap();
            if is_working {
                world.status(A, 1, BrokerStatus::Submitted, (0, 10));
            }
            world.error(A, 1, code);
            assert_eq!(world.status_of(A, 1), Some(status), "{code}");
            assert_eq!(world.exposure(A, 1), 10.into(), "{code}: it still counts");
            assert!(world.has(|kind| matches!(kind, EntryKind::BrokerMessage { .. })), "{code}");
        }
    }
}

#[test]
fn a_rejected_order_that_the_broker_works_counts_again() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    world.error(A, 1, 110);
    assert_eq!(world.exposure(A, 1), 0.into());
    world.status(A, 1, BrokerStatus::Submitted, (0, 10));
    assert_eq!(world.exposure(A, 1), 10.into());
}

#[test]
fn the_orders_of_other_clients_on_a_bots_link_are_not_its_own() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    world.buy(B, 1, 11).unwrap();
    world.status(B, 1, BrokerStatus::Submitted, (0, 11));
    let mut listed = super::driver::placed(1, Side::Buy, 11, &limit("100")).order;
    listed.client_id = Some(super::driver::client(B));
    let mut open = gatehouse_tws::answer::OpenOrder {
        order_id: OrderId::new(1),
        contract: super::driver::spy(),
        order: listed,
        ..Default::default()
    };
    open.state.status = Some(BrokerStatus::Cancelled);
    world.observe(A, gatehouse_tws::answer::Observation::OpenOrder(Box::new(open)));
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Sent));
    let report = gatehouse_tws::answer::OrderStatusReport {
        order_id: OrderId::new(1),
        status: BrokerStatus::Cancelled,
        client_id: ClientId::new(super::driver::client(B)),
        ..Default::default()
    };
    world.observe(A, gatehouse_tws::answer::Observation::OrderStatus(report));
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Sent));
}

#[test]
fn a_crash_between_commit_and_send_leaves_the_order_unknown_and_never_resends() {
    let mut world = World::ready();
    world.writes = false;
    world.buy(A, 1, 10).unwrap();
    let mut world = world.crash();
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Unknown));
    assert_eq!(world.exposure(A, 1), 10.into());
    assert!(world.effects.iter().any(|it| matches!(it, Effect::Dial(name) if *name == bot(A))));
    assert_eq!(world.engine.status(world.now()).n_unknown, 1);
    world.connect();
    snapshot(&mut world, vec![World::line(A, 1, 10, OrderStatus::Submitted)], Vec::new());
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Submitted));
    assert!(world.released.is_empty());
    assert!(world.has(|kind| matches!(kind, EntryKind::Reconciled { differences }
        if differences.iter().any(|it| it.contains("it is Submitted")))));
}

#[test]
fn an_unknown_order_is_found_among_the_ended_ones_and_the_executions() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    let mut world = world.crash();
    world.connect();
    let execution = gatehouse_types::Execution {
        exec_id: gatehouse_types::ExecId::new("x.y.01.01"),
        order: None,
        perm_id: PermId::new(11_001),
        con_id: SPY,
        symbol: "SPY".to_owned(),
        currency: gatehouse_types::Currency::USD,
        side: Side::Buy,
        quantity: qty(10),
        price: "100".parse().unwrap(),
        at: None,
    };
    let ended = BrokerOrder { filled: qty(10), ..World::line(A, 1, 10, OrderStatus::Filled) };
    world.desk(DeskNews::Snapshot(BrokerSnapshot {
        completed: vec![ended],
        executions: vec![(ClientId::new(11), OrderId::new(1), execution)],
        positions: vec![(SPY, held(10))],
        ..BrokerSnapshot::default()
    }));
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Filled));
    assert_eq!((position(&world, A), world.exposure(A, 1)), (held(10), 0.into()));
}

#[test]
fn an_unknown_order_that_the_broker_does_not_list_twice_stays_unknown_and_counts_no_more() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    let mut world = world.crash();
    world.connect();
    world.reconcile();
    assert_eq!(world.exposure(A, 1), 10.into());
    world.reconcile();
    assert_eq!(world.exposure(A, 1), 0.into());
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Unknown));
    assert!(world.buy(A, 1, 10).is_none(), "its id stays spent");
}

#[test]
fn an_order_is_not_missing_from_a_snapshot_that_was_asked_for_before_it_was_sent() {
    let mut world = World::ready();
    world.wait(1000);
    world.buy(A, 1, 10).unwrap();
    world.status(A, 1, BrokerStatus::Submitted, (0, 10));
    for (at, status) in
        [(1, OrderStatus::Submitted), (2, OrderStatus::Submitted), (3, OrderStatus::Cancelled)]
    {
        world.wait(5000);
        world.reconcile();
        assert_eq!(world.status_of(A, 1), Some(status), "snapshot {at}");
    }
}

#[test]
fn manual_orders_count_as_working_of_the_account() {
    let mut world = World::ready();
    let manual = BrokerOrder {
        client_id: ClientId::new(0),
        order_id: OrderId::new(-3),
        perm_id: PermId::new(900),
        ..World::line(A, 0, 25, OrderStatus::Submitted)
    };
    snapshot(&mut world, vec![manual.clone()], Vec::new());
    snapshot(&mut world, vec![manual], Vec::new());
    let working = world.engine.working_without(None);
    assert_eq!((working.len(), working[0].remaining), (1, qty(25)));
    let n = world.entries.iter().filter(|it| matches!(it.kind, EntryKind::ForeignOrder { .. }));
    assert_eq!(n.count(), 1);
    snapshot(&mut world, Vec::new(), Vec::new());
    assert!(world.engine.working_without(None).is_empty());
}

#[test]
fn what_no_bot_filled_is_unassigned_and_written() {
    let mut world = World::ready();
    world.hold(A, 1, 10);
    let told = BrokerSnapshot { positions: vec![(SPY, held(12))], ..BrokerSnapshot::default() };
    for _ in 0..3 {
        world.wait(5000);
        world.desk(DeskNews::Snapshot(told.clone()));
    }
    let text = "SPY: the account holds 12, the bots hold 10, 2 unassigned";
    let n = world.entries.iter().filter(
        |it| matches!(&it.kind, EntryKind::Reconciled { differences } if differences == &[text]),
    );
    assert_eq!(n.count(), 1);
    assert_eq!(world.engine.positions.of_account(SPY), Some(held(12)));
}

#[test]
fn a_message_that_cannot_be_read_stops_that_bot_until_the_next_snapshot() {
    let mut world = World::ready();
    world.hold(A, 5, 30);
    world.reconcile();
    world.input(Input::Contradiction { bot: bot(A), detail: "cut short".to_owned() });
    assert!(world.place(A, 6, Side::Sell, 10, &limit("100")).is_none(), "no proven exit");
    assert!(world.buy(A, 1, 11).is_none());
    assert!(world.answers()[0].2.contains("GH-46"));
    assert!(world.buy(B, 1, 10).is_some());
    world.reconcile();
    assert!(world.buy(A, 1, 11).is_some());
}

#[test]
fn a_change_that_two_snapshots_do_not_show_has_failed() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    world.status(A, 1, BrokerStatus::Submitted, (0, 10));
    world.buy(A, 1, 40).unwrap();
    for expected in [40, 10] {
        world.wait(5000);
        snapshot(&mut world, vec![World::line(A, 1, 10, OrderStatus::Submitted)], Vec::new());
        assert_eq!(world.exposure(A, 1), expected.into());
    }
}

#[test]
fn an_order_that_was_sent_and_not_answered_is_unknown_when_its_link_is_lost() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    world.buy(A, 2, 11).unwrap();
    world.status(A, 2, BrokerStatus::Submitted, (0, 11));
    world.input(Input::LinkDown { bot: bot(A), why: "torn".to_owned() });
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Unknown));
    assert_eq!(world.status_of(A, 2), Some(OrderStatus::Submitted));
    assert_eq!(world.exposure(A, 1), 10.into());
}

#[test]
fn an_unknown_order_whose_executions_make_it_whole_is_filled() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    let mut world = world.crash();
    world.connect();
    world.fill(A, 1, "x.y.01.01", Side::Buy, 10);
    world.reconcile();
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Filled));
}

#[test]
fn a_list_that_repeats_an_ended_order_writes_nothing() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    world.status(A, 1, BrokerStatus::Submitted, (0, 10));
    world.status(A, 1, BrokerStatus::Cancelled, (0, 0));
    let before = world.entries.len();
    for _ in 0..3 {
        let ended = World::line(A, 1, 10, OrderStatus::Cancelled);
        let late = World::line(A, 1, 10, OrderStatus::Submitted);
        snapshot(&mut world, vec![late], vec![ended]);
    }
    assert_eq!(world.entries.len(), before);
}

#[test]
fn an_ended_order_counts_for_the_fills_whose_executions_are_missing() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    world.status(A, 1, BrokerStatus::Cancelled, (4, 6));
    assert_eq!(world.exposure(A, 1), 4.into());
    world.fill(A, 1, "x.y.01.01", Side::Buy, 4);
    assert_eq!(world.exposure(A, 1), 0.into());
}

#[test]
fn no_order_is_proven_an_exit_while_positions_are_not_matched() {
    let mut world = World::ready();
    world.hold(A, 1, 30);
    world.reconcile();
    world.desk(DeskNews::BrokerLost);
    assert!(world.place(A, 2, Side::Sell, 10, &limit("100")).is_none());
    world.desk(DeskNews::BrokerBack);
    world.reconcile();
    assert!(world.place(A, 2, Side::Sell, 10, &limit("100")).is_some());
}

#[test]
fn a_message_on_an_unheard_order_with_a_change_ends_neither() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    world.buy(A, 1, 40).unwrap();
    world.error(A, 1, 110);
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Sent));
    assert_eq!(world.exposure(A, 1), 40.into());
}
