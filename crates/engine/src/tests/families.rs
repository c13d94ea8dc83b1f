//! Families: a parent, its children, and what becomes of them when one is missing, refused,
//! cancelled or lost.

use gatehouse_tws::answer::BrokerStatus;
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{
    Actor, Decimal, EntryKind, EntrySeq, Family, LimitId, OrderId, OrderKind, OrderStatus, Scope,
    Side, TradingState,
};

use super::driver::{A, B, World, bot, limit, placed, stop};
use crate::{BrokerSnapshot, Command, DeskNews, Effect, Input};

/// A member of a family: what it hangs on, and whether it transmits.
pub(crate) fn member(
    id: i32,
    (side, quantity): (Side, i64),
    kind: &OrderKind,
    parent: Option<i32>,
    transmit: bool,
) -> PlaceOrder {
    let mut placed = placed(id, side, quantity, kind);
    placed.order.parent_id = parent;
    placed.order.transmit = transmit;
    placed
}

fn grouped(mut placed: PlaceOrder, group: &str, oca_type: i32) -> PlaceOrder {
    placed.order.oca_group = group.to_owned();
    placed.order.oca_type = Some(oca_type);
    placed
}

fn parent(id: i32, quantity: i64) -> PlaceOrder {
    member(id, (Side::Buy, quantity), &limit("100"), None, false)
}

fn target(id: i32, of: i32, quantity: i64, transmit: bool) -> PlaceOrder {
    member(id, (Side::Sell, quantity), &limit("110"), Some(of), transmit)
}

fn stop_loss(id: i32, of: i32, quantity: i64, transmit: bool) -> PlaceOrder {
    member(id, (Side::Sell, quantity), &stop("95"), Some(of), transmit)
}

impl World {
    /// Sends a frame with a fresh quote; returns its entry when it was allowed.
    pub(crate) fn send(&mut self, name: &str, placed: PlaceOrder) -> Option<EntrySeq> {
        self.quote();
        self.frame(name, placed);
        self.effects.iter().find_map(|effect| {
            if let Effect::RecordApproved { entry, .. } = effect { Some(entry.seq) } else { None }
        })
    }

    /// Switches limits off and lets the delay pass.
    pub(crate) fn switch_off(&mut self, limits: &[LimitId]) {
        for limit in limits {
            let (scope, limit, value) = (Scope::Account, *limit, Some(None));
            self.does(Command::SetLimit { scope, limit, value, is_confirmed: true })
                .expect("applies after its delay");
        }
        self.wait(61_000);
    }

    fn is_held(&self, name: &str, id: i32) -> bool {
        let order = self.engine.book.find(&super::driver::order(name, id)).expect("is known");
        self.engine.is_held(order)
    }

    fn empty_snapshot(&mut self) {
        let snapshot = BrokerSnapshot { positions: self.held(), ..BrokerSnapshot::default() };
        self.desk(DeskNews::Snapshot(snapshot));
    }

    fn told(&self) -> String {
        self.answers().iter().map(|(id, code, text)| format!("{id} {code} {text}\n")).collect()
    }
}

/// A world in which short sales are allowed.
fn shorts() -> World {
    let mut world = World::ready();
    world.switch_off(&[LimitId::NoShortSale]);
    world
}

/// A bracket of which parent and target wait at the Gateway.
fn half_sent() -> World {
    let mut world = World::ready();
    world.send(A, parent(1, 50)).expect("a parent is allowed");
    world.send(A, target(2, 1, 50, false)).expect("a target is allowed");
    world
}

fn bracket() -> World {
    let mut world = half_sent();
    world.send(A, stop_loss(3, 1, 50, true)).expect("a stop is allowed");
    world
}

fn is_exit(world: &World, seq: EntrySeq) -> bool {
    world.entries.iter().any(|entry| {
        entry.seq == seq
            && matches!(&entry.kind, EntryKind::Judged { verdict, .. } if verdict.is_exit)
    })
}

#[test]
fn a_bracket_passes_and_its_children_are_exits() {
    let mut world = half_sent();
    assert!(world.is_held(A, 1) && world.is_held(A, 2));
    let stop = world.send(A, stop_loss(3, 1, 50, true)).expect("a stop is allowed");
    assert!(is_exit(&world, stop));
    assert!(!world.is_held(A, 1) && !world.is_held(A, 2), "the stop transmits them all");
    assert_eq!(world.status_of(A, 3), Some(OrderStatus::Sent));
}

#[test]
fn a_child_beyond_its_parent_opens_and_is_judged_as_an_entry() {
    let check = |quantity: i64, exits: bool| {
        let mut world = shorts();
        world.send(A, parent(1, 50)).expect("a parent is allowed");
        let child = world.send(A, stop_loss(2, 1, quantity, true)).expect("is allowed");
        assert_eq!(is_exit(&world, child), exits, "{quantity}");
    };
    check(49, true);
    check(50, true);
    check(51, false);
}

#[test]
fn two_children_in_different_groups_count_together() {
    let mut world = shorts();
    world.send(A, parent(1, 50)).expect("a parent is allowed");
    world.send(A, grouped(target(2, 1, 50, false), "a", 1)).expect("is allowed");
    let second = world.send(A, grouped(stop_loss(3, 1, 50, true), "b", 1)).expect("is allowed");
    assert!(!is_exit(&world, second), "they may both fill");
}

#[test]
fn an_exit_pair_counts_once_only_when_the_group_is_protected() {
    let check = |first: (&str, i32), second: (&str, i32), exits: bool| {
        let mut world = shorts();
        world.hold(A, 1, 50);
        world.send(A, grouped(placed(2, Side::Sell, 50, &limit("110")), first.0, first.1));
        let sell = placed(3, Side::Sell, 50, &stop("95"));
        let entry = world.send(A, grouped(sell, second.0, second.1)).expect("is allowed");
        assert_eq!(is_exit(&world, entry), exits, "{first:?} {second:?}");
    };
    check(("g", 1), ("g", 1), true);
    check(("g", 2), ("g", 2), true);
    check(("g", 3), ("g", 3), false);
    check(("g", 1), ("g", 2), false);
    check(("g", 1), ("h", 1), false);
    check(("", 1), ("", 1), false);
}

#[test]
fn a_group_name_of_another_bot_ties_nothing() {
    let mut world = shorts();
    world.hold(A, 1, 50);
    world.hold(B, 1, 50);
    world.send(A, grouped(placed(2, Side::Sell, 50, &limit("110")), "g", 1)).expect("is an exit");
    let other = grouped(placed(2, Side::Sell, 60, &stop("95")), "g", 1);
    let entry = world.send(B, other).expect("is allowed");
    assert!(!is_exit(&world, entry), "it counts beside the exit of the first bot");
}

#[test]
fn a_child_is_refused_without_a_parent_that_works() {
    let check = |prepare: fn(&mut World), says: &str| {
        let mut world = shorts();
        prepare(&mut world);
        world.quote();
        world.frame(A, stop_loss(9, 1, 50, true));
        assert!(world.told().starts_with("9 201 "), "{}", world.told());
        assert!(world.told().contains(says), "{}", world.told());
        assert_eq!(world.status_of(A, 9), None);
    };
    check(|_| {}, "GH-95: its parent, order 1, is not known");
    check(|world| assert!(world.send(B, parent(1, 50)).is_some()), "is not known");
    check(
        |world| {
            assert_eq!(world.send(A, parent(1, 501)), None, "it is above 500");
        },
        "is not known",
    );
    check(
        |world| {
            world.send(A, parent(1, 50));
            world.cancel(A, 1);
        },
        "is being cancelled",
    );
    check(
        |world| {
            world.send(A, parent(1, 50));
            world.status(A, 1, BrokerStatus::Cancelled, (0, 50));
        },
        "is finished",
    );
    check(
        |world| {
            world.send(A, parent(1, 50));
            world.input(Input::LinkDown { bot: bot(A), why: "cut".to_owned() });
            world.input(Input::LinkUp { bot: bot(A) });
        },
        "is of unknown fate",
    );
    check(
        |world| {
            let same_side = member(1, (Side::Sell, 50), &limit("110"), None, false);
            assert!(world.send(A, same_side).is_some());
        },
        "on the side of its parent",
    );
    check(
        |world| {
            world.hold(A, 1, 50);
        },
        "is finished",
    );
}

#[test]
fn a_member_that_is_refused_takes_the_held_ones_back() {
    let mut world = half_sent();
    let tighter = Command::SetLimit {
        scope: Scope::Account,
        limit: LimitId::OrdersPerSecond,
        value: Some(Some(Decimal::ZERO.into())),
        is_confirmed: false,
    };
    world.does(tighter).expect("tighter applies at once");
    assert_eq!(world.send(A, stop_loss(3, 1, 50, true)), None);
    assert!(world.told().contains("GH-28"), "{}", world.told());
    assert_eq!(world.cancels(), [1, 2]);
    assert!(world.entries.iter().any(|entry| entry.actor == Actor::Gatehouse
        && matches!(&entry.kind, EntryKind::CancelSent { order, .. } if order.order_id.get() == 1)));
    world.wait(2000);
    assert_eq!(world.send(A, stop_loss(4, 1, 50, true)), None, "later ones are refused");
}

#[test]
fn a_frame_that_is_not_understood_takes_what_is_held_back() {
    let mut world = half_sent();
    world.input(Input::Place {
        bot: bot(A),
        body: b"?".to_vec(),
        decoded: Err((Some(OrderId::new(3)), "field 90 is left over".to_owned())),
    });
    assert_eq!(world.cancels(), [1, 2]);
}

#[test]
fn transmitting_judges_the_parent_by_the_view_of_today() {
    let mut world = half_sent();
    world
        .does(Command::SetLimit {
            scope: Scope::Account,
            limit: LimitId::OrderQty,
            value: Some(Some(Decimal::from(49).into())),
            is_confirmed: false,
        })
        .expect("tighter applies at once");
    assert_eq!(world.send(A, stop_loss(3, 1, 50, true)), None);
    assert!(world.told().contains("GH-03: quantity 50 is above 49"), "{}", world.told());
    assert_eq!(world.cancels(), [1, 2]);
}

#[test]
fn a_transmitting_member_waits_for_a_quote_of_its_parent() {
    let mut world = half_sent();
    world.wait(6000);
    world.frame(A, stop_loss(3, 1, 50, true));
    assert_eq!((world.answers().len(), world.n_released()), (0, 0), "the quote is old");
    world.quote();
    assert_eq!(world.status_of(A, 3), Some(OrderStatus::Sent));
}

#[test]
fn a_family_that_is_split_by_a_halt_is_taken_back() {
    for state in [TradingState::Halted, TradingState::Paused, TradingState::ReduceOnly] {
        let mut world = half_sent();
        let scope = Scope::Bot(bot(A));
        world.does(Command::SetState { scope, state, why: String::new() }).expect("is stricter");
        let early = world.cancels();
        assert_eq!(world.send(A, stop_loss(3, 1, 50, true)), None, "{state}");
        let cancels: Vec<i32> = early.into_iter().chain(world.cancels()).collect();
        assert_eq!(cancels, [1, 2], "{state}");
    }
}

#[test]
fn a_pause_takes_back_an_unsent_exit_that_would_transmit_an_entry() {
    let mut world = half_sent();
    world.commits = false;
    world.send(A, stop_loss(3, 1, 50, true)).expect("is allowed");
    let scope = Scope::Bot(bot(A));
    let state = TradingState::Paused;
    world.does(Command::SetState { scope, state, why: String::new() }).expect("is stricter");
    assert_eq!(world.status_of(A, 3), None, "it was taken back");
}

#[test]
fn a_kill_cancels_what_the_gateway_holds_back() {
    let mut world = half_sent();
    world.does(Command::Kill { reason: "test".to_owned() }).expect("kills");
    assert_eq!(world.cancels(), [1, 2]);
}

#[test]
fn what_is_held_counts_though_no_list_shows_it() {
    let mut world = half_sent();
    for _ in 0..4 {
        world.wait(5000);
        world.empty_snapshot();
    }
    assert_eq!(world.exposure(A, 1), Decimal::from(50));
    assert_eq!(world.exposure(A, 2), Decimal::from(50));
    // After a cancel nothing keeps it.
    world.cancel(A, 1);
    assert_eq!(world.cancels(), [1, 2], "the child goes with its parent");
    for _ in 0..4 {
        world.wait(5000);
        world.empty_snapshot();
    }
    assert_eq!(world.exposure(A, 1), Decimal::ZERO);
    assert_eq!(world.exposure(A, 2), Decimal::ZERO);
}

#[test]
fn what_is_held_is_known_after_a_crash_and_a_kill_cancels_it() {
    let mut world = half_sent().crash();
    world.connect();
    for _ in 0..4 {
        world.wait(5000);
        world.empty_snapshot();
    }
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Unknown));
    assert_eq!(world.exposure(A, 1), Decimal::from(50));
    assert_eq!(world.send(A, stop_loss(3, 1, 50, true)), None, "it cannot be completed");
    world.does(Command::Kill { reason: "test".to_owned() }).expect("kills");
    world.wait(2000);
    assert_eq!(world.cancels(), [1, 2]);
}

#[test]
fn a_transmitted_family_is_gone_when_two_lists_lack_it() {
    let mut world = bracket();
    for _ in 0..4 {
        world.wait(5000);
        world.empty_snapshot();
    }
    assert_eq!(world.exposure(A, 1), Decimal::ZERO);
}

#[test]
fn a_child_waits_until_its_parent_was_written_and_goes_with_it() {
    let mut world = World::ready();
    world.writes = false;
    let first = world.send(A, parent(1, 50)).expect("is allowed");
    world.send(A, stop_loss(2, 1, 50, true)).expect("is allowed");
    assert_eq!(world.n_released(), 0);
    world.input(Input::NotSent { entry: first });
    assert_eq!(world.n_released(), 0);
    assert_eq!(world.status_of(A, 2), None);
    assert!(world.told().contains("2 201"), "{}", world.told());
}

#[test]
fn the_transmit_flag_turned_on_by_a_change_judges_the_family() {
    let check = |most: i64, passes: bool| {
        let mut world = half_sent();
        world
            .does(Command::SetLimit {
                scope: Scope::Account,
                limit: LimitId::OrderQty,
                value: Some(Some(Decimal::from(most).into())),
                is_confirmed: false,
            })
            .expect("tighter applies at once");
        let flip = member(1, (Side::Buy, 50), &limit("100"), None, true);
        assert_eq!(world.send(A, flip).is_some(), passes, "{most}");
        assert_eq!(world.is_held(A, 2), !passes);
    };
    check(50, true);
    check(49, false);
}

#[test]
fn ties_cannot_change() {
    let check = |change: fn(&mut PlaceOrder), says: Option<&str>| {
        let mut world = bracket();
        for id in [1, 2, 3] {
            world.status(A, id, BrokerStatus::Submitted, (0, 50));
        }
        world.shown_in_group(A, 2, "1000001", 3);
        let mut changed = target(2, 1, 50, true);
        changed.order.lmt_price = Some(Decimal::from(111));
        change(&mut changed);
        let is_sent = world.send(A, changed).is_some();
        assert_eq!(is_sent, says.is_none(), "{}", world.told());
        assert!(world.told().contains(says.unwrap_or("")), "{}", world.told());
    };
    check(|_| {}, None);
    // As the Gateway shows it.
    check(
        |it| {
            it.order.oca_group = "1000001".to_owned();
            it.order.oca_type = Some(3);
        },
        None,
    );
    check(
        |it| {
            it.order.oca_group = "mine".to_owned();
            it.order.oca_type = Some(3);
        },
        Some("the OCA group of an order cannot change"),
    );
    check(
        |it| {
            it.order.oca_group = "1000001".to_owned();
            it.order.oca_type = Some(1);
        },
        Some("the OCA type of an order cannot change"),
    );
    check(|it| it.order.parent_id = Some(3), Some("the parent of an order cannot change"));
    check(|it| it.order.parent_id = None, Some("the parent of an order cannot change"));
}

#[test]
fn a_transmitted_order_cannot_be_held_back_again() {
    let mut world = World::ready();
    world.buy(A, 1, 50).expect("is allowed");
    world.status(A, 1, BrokerStatus::Submitted, (0, 50));
    assert_eq!(world.send(A, member(1, (Side::Buy, 40), &limit("100"), None, false)), None);
    assert!(world.told().contains("the transmit flag of an order cannot change"));
}

#[test]
fn children_stay_exits_while_the_parent_fills() {
    let mut world = bracket();
    for id in [1, 2, 3] {
        world.status(A, id, BrokerStatus::PreSubmitted, (0, 50));
    }
    world.fill(A, 1, "f.0.01.01", Side::Buy, 20);
    world.status(A, 1, BrokerStatus::Submitted, (20, 30));
    let mut nearer = stop_loss(3, 1, 50, true);
    nearer.order.aux_price = Some(Decimal::from(97));
    let entry = world.send(A, nearer).expect("is an exit");
    assert!(is_exit(&world, entry));
    world.fill(A, 1, "f.0.02.01", Side::Buy, 30);
    world.status(A, 1, BrokerStatus::Filled, (50, 0));
    let mut nearer = stop_loss(3, 1, 50, true);
    nearer.order.aux_price = Some(Decimal::from(98));
    let entry = world.send(A, nearer).expect("is an exit");
    assert!(is_exit(&world, entry));
}

#[test]
fn reduce_only_keeps_both_exits_of_a_filled_bracket() {
    let mut world = bracket();
    world.fill(A, 1, "f.0.01.01", Side::Buy, 50);
    world.status(A, 1, BrokerStatus::Filled, (50, 0));
    for id in [2, 3] {
        world.status(A, id, BrokerStatus::Submitted, (0, 50));
    }
    let scope = Scope::Bot(bot(A));
    let state = TradingState::ReduceOnly;
    world.does(Command::SetState { scope, state, why: String::new() }).expect("is stricter");
    assert_eq!(world.cancels(), []);
    // The broker takes off what the other member filled.
    world.fill(A, 2, "f.0.02.01", Side::Sell, 20);
    world.status(A, 2, BrokerStatus::Submitted, (20, 30));
    world.status(A, 3, BrokerStatus::Submitted, (0, 30));
    assert_eq!(world.exposure(A, 3), Decimal::from(30));
}

#[test]
fn attached_orders_are_refused() {
    let mut world = World::ready();
    let mut order = placed(1, Side::Buy, 10, &limit("100"));
    order.attached = Some(gatehouse_tws::request::AttachedOrders {
        stop_loss_id: Some(2),
        ..gatehouse_tws::request::AttachedOrders::default()
    });
    assert_eq!(world.send(A, order), None);
    assert!(world.told().contains("attached orders is not allowed yet"), "{}", world.told());
}

#[test]
fn an_order_of_its_own_is_its_own_family() {
    let mut world = World::ready();
    world.send(A, parent(1, 50)).expect("is allowed");
    world.buy(A, 2, 40).expect("is allowed");
    assert!(world.is_held(A, 1), "another order transmits nothing of it");
    let ring = member(3, (Side::Sell, 50), &limit("110"), Some(3), true);
    assert_eq!(world.send(A, ring), None);
    assert_eq!(
        world.engine.book.find(&super::driver::order(A, 1)).map(|it| &it.intent.family),
        Some(&Family { transmit: false, ..Family::alone() })
    );
}
