//! What a person does at the broker's own program, and acts that wait for a connection.

use gatehouse_tws::answer::{BrokerStatus, Observation, OrderStatusReport};
use gatehouse_types::{
    ClientId, EntryKind, OrderId, OrderKind, OrderStatus, PermId, Price, TradingState,
};

use super::driver::{A, World, bot, client, limit, order, qty};
use crate::{BrokerSnapshot, Command, DeskNews, Effect, Input};

fn limit_of(world: &World, id: i32) -> Option<Price> {
    world.engine.book.find(&order(A, id)).and_then(|order| order.working().kind.limit())
}

#[test]
fn a_price_that_a_person_raised_at_the_broker_counts_and_survives_a_restart() {
    let mut world = World::ready();
    world.buy(A, 1, 50).expect("is allowed");
    world.status(A, 1, BrokerStatus::Submitted, (0, 50));
    world.shown(A, 1, 50, &limit("150"));
    let price = |text: &str| Some(text.parse::<Price>().unwrap());
    assert_eq!(limit_of(&world, 1), price("150"));
    let n_entries = world.entries.len();
    world.shown(A, 1, 50, &limit("150"));
    assert_eq!(world.entries.len(), n_entries, "the same again is no news");
    let mut world = world.crash();
    assert_eq!(limit_of(&world, 1), price("150"));
    world.connect();
    world.shown(A, 1, 50, &limit("100"));
    assert_eq!(limit_of(&world, 1), price("100"), "the person took it back");
}

#[test]
fn a_market_order_that_a_person_made_of_it_counts_as_one() {
    let mut world = World::ready();
    world.buy(A, 1, 50).expect("is allowed");
    world.status(A, 1, BrokerStatus::Submitted, (0, 50));
    world.shown(A, 1, 50, &OrderKind::Market);
    assert_eq!(limit_of(&world, 1), None);
}

#[test]
fn the_cancel_of_a_person_waits_for_a_link_through_a_restart() {
    let mut world = World::ready();
    world.buy(A, 1, 50).expect("is allowed");
    world.status(A, 1, BrokerStatus::Submitted, (0, 50));
    world.input(Input::LinkDown { bot: bot(A), why: "cut".to_owned() });
    world.does(Command::CancelOrder { order: order(A, 1) }).expect("is taken");
    assert_eq!(world.cancels(), []);
    world.does(Command::CancelOrder { order: order(A, 1) }).expect("is taken");
    let asked = |kind: &&gatehouse_types::Entry| matches!(kind.kind, EntryKind::CancelAsked { .. });
    assert_eq!(world.entries.iter().filter(asked).count(), 1);
    let mut world = world.crash();
    assert!(world.effects.iter().any(|effect| matches!(effect, Effect::Dial(_))));
    world.input(Input::LinkUp { bot: bot(A) });
    assert_eq!(world.cancels(), [1]);
    let mut world = world.crash();
    world.input(Input::LinkUp { bot: bot(A) });
    assert_eq!(world.cancels(), [], "it was sent");
}

#[test]
fn an_id_under_which_the_broker_knows_another_order_is_not_believed() {
    let mut world = World::ready();
    world.buy(A, 1, 50).expect("is allowed");
    world.status(A, 1, BrokerStatus::Submitted, (0, 50));
    let other = OrderStatusReport {
        order_id: OrderId::new(1),
        status: BrokerStatus::Cancelled,
        filled: qty(0),
        remaining: qty(50),
        perm_id: PermId::new(77),
        client_id: ClientId::new(client(A)),
        ..OrderStatusReport::default()
    };
    world.observe(A, Observation::OrderStatus(other));
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Submitted));
    assert!(world.buy(A, 2, 1).is_none(), "nothing new before the next list");
    let line = crate::BrokerOrder {
        perm_id: PermId::new(77),
        ..World::line(A, 1, 50, OrderStatus::Submitted)
    };
    let orders = vec![line, World::line(A, 1, 50, OrderStatus::Submitted)];
    world.desk(DeskNews::Snapshot(BrokerSnapshot {
        orders,
        positions: world.held(),
        ..BrokerSnapshot::default()
    }));
    assert_eq!(world.state(A), TradingState::Paused, "two programs trade as one");
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Submitted));
}
