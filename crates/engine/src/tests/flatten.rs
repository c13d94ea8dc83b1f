//! Closing by hand: what a person's flatten lets through, and nothing else; and the question that
//! sends nothing.

use gatehouse_tws::answer::BrokerStatus;
use gatehouse_types::{
    BotConfig, BotName, ClientId, EntryKind, EntrySeq, OrderId, OrderKind, Scope, Side,
    TradingState,
};

use super::driver::{A, B, World, bot, limit, order, placed, stop};
use crate::{Command, CommandError, Done, FlattenPlan, Input};

const DESK: &str = "desk";

fn with_desk() -> World {
    let mut world = World::ready();
    let config = BotConfig { name: BotName::desk(), port: 0, client_id: ClientId::new(1000) };
    world.engine.bots.register(config);
    world.input(Input::LinkUp { bot: BotName::desk() });
    world
}

/// The bot holds 30, with a stop of 20 below it.
fn holding() -> World {
    let mut world = with_desk();
    world.hold(A, 1, 30);
    world.reconcile();
    world.place(A, 2, Side::Sell, 20, &stop("95")).expect("is an exit");
    world.status(A, 2, BrokerStatus::PreSubmitted, (0, 20));
    world
}

fn plan(world: &World) -> FlattenPlan {
    world.engine.flatten_plan(&Scope::Account)
}

fn flatten(world: &mut World) -> Result<Done, CommandError> {
    let reviewed = plan(world);
    world.does(Command::Flatten { reviewed })
}

fn kill(world: &mut World) {
    world.does(Command::Kill { reason: "test".to_owned() }).expect("is carried out");
}

fn sell(world: &mut World, id: i32, quantity: i64) -> Option<EntrySeq> {
    world.place(DESK, id, Side::Sell, quantity, &limit("99"))
}

/// The stop is gone, so nothing else can close the position.
fn stop_cancelled(world: &mut World) {
    world.status(A, 2, BrokerStatus::Cancelled, (0, 20));
}

#[test]
fn a_person_closes_what_a_bot_holds_while_killed() {
    let mut world = holding();
    kill(&mut world);
    assert_eq!(flatten(&mut world), Ok(Done::Cancelling(1)));
    assert_eq!(world.cancels(), [2]);
    assert!(world.has(|kind| matches!(kind, EntryKind::FlattenAsked { .. })));
    stop_cancelled(&mut world);
    assert!(world.engine.may_close(super::driver::SPY));
    assert!(sell(&mut world, 1, 30).is_some());
    assert_eq!(world.state(A), TradingState::Killed);
}

#[test]
fn nothing_is_closed_twice_while_the_stop_still_works() {
    let mut world = holding();
    kill(&mut world);
    flatten(&mut world).expect("is carried out");
    assert!(!world.engine.may_close(super::driver::SPY));
    assert!(sell(&mut world, 1, 30).is_none());
    assert!(world.answers()[0].2.contains("GH-55"), "{:?}", world.answers());
}

#[test]
fn without_the_act_the_desk_is_killed_like_any_bot() {
    let mut world = holding();
    kill(&mut world);
    stop_cancelled(&mut world);
    assert!(sell(&mut world, 1, 30).is_none());
    assert!(world.answers()[0].2.contains("GH-55"));
}

#[test]
fn the_act_covers_exactly_what_was_reviewed() {
    let check = |name: &str, side: Side, quantity: i64, passes: bool| {
        let mut world = holding();
        kill(&mut world);
        flatten(&mut world).expect("is carried out");
        stop_cancelled(&mut world);
        let placed = world.place(name, 7, side, quantity, &limit("99")).is_some();
        assert_eq!(placed, passes, "{name} {side} {quantity}");
    };
    check(DESK, Side::Sell, 30, true);
    check(DESK, Side::Sell, 10, true);
    check(DESK, Side::Sell, 31, false);
    check(DESK, Side::Buy, 10, false);
    check(A, Side::Sell, 30, false);
    check(B, Side::Sell, 30, false);
}

#[test]
fn the_act_is_used_up_and_ends_by_itself() {
    let mut world = holding();
    kill(&mut world);
    flatten(&mut world).expect("is carried out");
    stop_cancelled(&mut world);
    sell(&mut world, 1, 30).expect("is granted");
    assert!(sell(&mut world, 2, 30).is_none(), "granted twice");

    let mut world = holding();
    kill(&mut world);
    flatten(&mut world).expect("is carried out");
    stop_cancelled(&mut world);
    world.wait(30_000);
    assert!(sell(&mut world, 1, 30).is_none(), "granted for ever");
}

#[test]
fn a_restart_forgets_the_act_and_keeps_the_kill() {
    let mut world = holding();
    kill(&mut world);
    flatten(&mut world).expect("is carried out");
    stop_cancelled(&mut world);
    let mut world = world.crash();
    let config = BotConfig { name: BotName::desk(), port: 0, client_id: ClientId::new(1000) };
    world.engine.bots.register(config);
    world.connect();
    world.input(Input::LinkUp { bot: BotName::desk() });
    world.reconcile();
    assert!(sell(&mut world, 1, 30).is_none());
}

#[test]
fn the_kill_leaves_a_closing_order_at_work() {
    let mut world = holding();
    kill(&mut world);
    flatten(&mut world).expect("is carried out");
    stop_cancelled(&mut world);
    sell(&mut world, 1, 30).expect("is granted");
    world.status(DESK, 1, BrokerStatus::Submitted, (0, 30));
    world.wait(2_000);
    assert!(world.cancels().is_empty(), "{:?}", world.cancels());
}

#[test]
fn a_plan_that_is_not_the_present_one_is_not_carried_out() {
    let mut world = holding();
    let reviewed = plan(&world);
    world.hold(B, 1, 5);
    assert_eq!(world.does(Command::Flatten { reviewed }), Err(CommandError::PlanChanged));
    assert!(!world.has(|kind| matches!(kind, EntryKind::FlattenAsked { .. })));
    assert!(world.cancels().is_empty());

    let mut flat = with_desk();
    assert_eq!(flatten(&mut flat), Err(CommandError::NothingToClose));
}

#[test]
fn a_bot_is_closed_for_what_it_holds_and_no_more() {
    let mut world = holding();
    world.hold(B, 1, 5);
    world.reconcile();
    let plan = world.engine.flatten_plan(&Scope::Bot(bot(A)));
    assert_eq!(plan.closes.len(), 1);
    assert_eq!(plan.closes[0].quantity.to_string(), "30");
    assert_eq!(plan.closes[0].held_by_account.to_string(), "35");
    assert_eq!(plan.closes[0].obstacle, None);
    assert_eq!(plan.cancels, [order(A, 2)]);
}

#[test]
fn an_order_of_another_bot_that_could_close_it_too_stands_in_the_way() {
    let mut world = holding();
    world.switch_off(&[gatehouse_types::LimitId::NoShortSale]);
    let plan = world.engine.flatten_plan(&Scope::Bot(bot(A)));
    assert_eq!(plan.closes[0].obstacle, None);
    world.place(B, 1, Side::Sell, 5, &limit("101")).expect("is an entry");
    let plan = world.engine.flatten_plan(&Scope::Bot(bot(A)));
    assert!(plan.closes[0].obstacle.is_some_and(|why| why.contains("twice")));
    assert!(world.engine.flatten_plan(&Scope::Account).closes[0].obstacle.is_none());
}

#[test]
fn a_preview_says_what_would_happen_and_does_nothing() {
    let mut world = with_desk();
    world.quote();
    let (n_entries, ask) = (world.entries.len(), |id, quantity| {
        let placed = placed(id, Side::Buy, quantity, &limit("100"));
        placed.intent().expect("is understood")
    });
    let fine = world.engine.preview(&BotName::desk(), &ask(1, 10));
    assert!(fine.verdict.may_send());
    assert_eq!(fine.instrument.map(|found| found.symbol), Some("SPY".to_owned()));
    let large = world.engine.preview(&BotName::desk(), &ask(1, 50_000));
    assert!(!large.verdict.may_send());
    world.wait(100);
    assert_eq!(world.entries.len(), n_entries);
    assert_eq!(world.engine.book.open().count(), 0);
    assert_eq!(world.engine.identify(&BotName::desk(), OrderId::new(1)), crate::ids::Identity::New);
}

#[test]
fn a_preview_of_a_working_order_is_judged_as_its_change() {
    let mut world = with_desk();
    world.place(DESK, 1, Side::Buy, 10, &limit("100")).expect("is allowed");
    world.status(DESK, 1, BrokerStatus::Submitted, (0, 10));
    let change = placed(1, Side::Sell, 10, &OrderKind::Market);
    let preview = world.engine.preview(&BotName::desk(), &change.intent().expect("is understood"));
    let refused = preview.verdict.findings.iter().any(|it| it.refusal.to_string().contains("side"));
    assert!(refused, "{:?}", preview.verdict.findings);
}

#[test]
fn a_kill_cancels_a_closing_order_that_would_turn_the_position() {
    let check = |sold: i64, cancels: &[i32]| {
        let mut world = holding();
        flatten(&mut world).expect("is what was reviewed");
        stop_cancelled(&mut world);
        world.reconcile();
        sell(&mut world, 1, 30).expect("is granted");
        world.status(DESK, 1, BrokerStatus::Submitted, (0, 30));
        if sold > 0 {
            // Elsewhere, by hand.
            world.fill(B, 77, "late.0.01.01", Side::Sell, sold);
        }
        kill(&mut world);
        assert_eq!(world.cancels(), cancels, "{sold}");
    };
    check(0, &[]);
    check(20, &[1]);
}
