//! A world that is made again from its state goes on as the one that wrote it.

use gatehouse_tws::request::{ExerciseAct, ExerciseOptions, PlaceOrder};
use gatehouse_types::{ClientId, OrderId};

use super::*;
use crate::world::tests::{CLIENT, asked, words, world};

/// A day with a fill, resting orders of several kinds, a family, a person's order and an end.
fn busy() -> World {
    let mut world = world();
    world.place(CLIENT, asked(1, "BUY", 100, "MKT", None));
    world.place(CLIENT, asked(2, "BUY", 10, "LMT", Some("100")));
    let mut gtc = asked(3, "SELL", 50, "STP", Some("500"));
    gtc.order.tif = "GTC".to_owned();
    world.place(ClientId::new(8), asked(1, "BUY", 5, "LMT", Some("90.5")));
    world.place(CLIENT, gtc);
    let mut parent = asked(4, "BUY", 10, "LMT", Some("101"));
    parent.order.transmit = false;
    world.place(CLIENT, parent);
    let mut child = asked(5, "SELL", 10, "STP", Some("95"));
    child.order.parent_id = Some(4);
    world.place(CLIENT, child);
    world.manual_order(asked(9, "BUY", 7, "LMT", Some("99"))).expect("is taken");
    world.cancel(CLIENT, OrderId::new(2));
    let call = catalog::by_symbol("SPY   260116C00660000").expect("is listed");
    let contract = crate::world::orders::order::wire_contract(call, "SMART");
    world.place(CLIENT, PlaceOrder { contract, ..asked(7, "BUY", 2, "MKT", None) });
    let contract = crate::world::orders::order::wire_contract(call, "SMART");
    let (order_id, quantity) = (OrderId::new(90), 1);
    let act = ExerciseAct::Exercise;
    let asked_for =
        ExerciseOptions { order_id, contract, act, quantity, ..ExerciseOptions::default() };
    world.exercise(CLIENT, asked_for);
    world.place(CLIENT, asked(8, "BUY", 10, "LMT", Some("102")));
    world
}

fn again(state: State) -> World {
    let mut world = world();
    world.restore(state).expect("is taken up");
    world
}

#[test]
fn a_world_that_was_made_again_has_the_same_state_and_goes_on_alike() {
    let mut before = busy();
    let mut after = again(before.state());
    assert_eq!(after.state(), before.state());
    let open = |world: &World| -> Vec<_> {
        world.open_orders().map(|order| (order.open_order(), order.report())).collect()
    };
    assert_eq!(open(&after), open(&before));
    assert_eq!(open(&after).len(), 7);
    assert_eq!(after.executions(), before.executions());
    let completed = |world: &World| world.completed_orders().collect::<Vec<_>>();
    assert_eq!(completed(&after), completed(&before));
    assert_eq!(after.valuation(), before.valuation());
    for (id, said) in [(3, "10148"), (9, "Filled")] {
        if id == 3 {
            before.cancel(CLIENT, OrderId::new(3));
            after.cancel(CLIENT, OrderId::new(3));
            assert_eq!(words(&after.cancel(CLIENT, OrderId::new(3))).join(" "), said);
            continue;
        }
        let order = asked(id, "BUY", 10, "MKT", None);
        let said_after = after.place(CLIENT, order.clone());
        assert!(words(&said_after).contains(&said.to_owned()));
        assert_eq!(said_after, before.place(CLIENT, order));
    }
    let later = before.now().plus(4 * 3_600 * 9);
    assert_eq!(after.advance(later), before.advance(later));
    assert_eq!(after.state(), before.state());
}

#[test]
fn ids_do_not_go_back() {
    let before = busy();
    let after = again(before.state());
    assert_eq!(after.next_order_id(CLIENT), OrderId::new(9));
    assert_eq!(after.next_order_id(ClientId::new(8)), OrderId::new(2));
    let known: Vec<i64> = before.state().orders.values().map(|order| order.perm_id).collect();
    assert!(!known.contains(&after.book.next_perm_id().get()));
    assert_eq!(after.book.next_exec_id(), before.book.next_exec_id());
}

#[test]
fn changes_laid_over_each_other_make_everything() {
    let mut world = world();
    let mut kept = world.changes();
    for step in 0..3 {
        world.place(CLIENT, asked(2 * step + 1, "BUY", 900, "MKT", None));
        world.place(CLIENT, asked(2 * step + 2, "BUY", 10, "LMT", Some("100")));
        kept.lay(world.changes());
        world.advance(world.now().plus(5));
        kept.lay(world.changes());
        let order = world.changes();
        assert_eq!((order.orders.len(), order.executions.len()), (0, 0));
    }
    assert_eq!(kept, world.state());
}

#[test]
fn what_cannot_be_taken_up_is_named() {
    let state = busy().state();
    let check = |change: fn(&mut State), said: &str| {
        let mut wrong = state.clone();
        change(&mut wrong);
        let error = world().restore(wrong).expect_err("is wrong").to_string();
        assert!(error.starts_with(said), "{error}");
    };
    check(|state| state.account.id = "DU9".to_owned(), "it is of account DU9, this one is");
    check(|state| state.n_orders = 2, "place 2 of the book was never given");
    check(|state| state.n_executions += 1, "execution 1 is missing");
    check(
        |state| state.orders.values_mut().for_each(|order| order.con_id = 7),
        "instrument 7 is not listed",
    );
    check(
        |state| state.orders.values_mut().for_each(|order| order.asked = Hex(vec![1, 2])),
        "order 0 cannot be read",
    );
    let text = serde_json::to_string(&state).expect("is written");
    assert_eq!(serde_json::from_str::<State>(&text).expect("is read"), state);
}
