//! What the engine feeds the rules on data, hours, lists and counts.

use std::time::Duration;

use gatehouse_tws::answer::BrokerStatus;
use gatehouse_types::{
    DataType, EntryKind, Finding, Hours, LimitId, Profile, Quote, Refusal, Scope, Side,
};

use super::driver::{A, SPY, World, bot, instrument, limit, order, placed};
use crate::{Command, CommandError, DeskNews, Done, Effect};

fn set(world: &mut World, scope: Scope, limit: LimitId, text: &str) -> Result<Done, CommandError> {
    let value = Some(limit.parse(text).ok());
    world.does(Command::SetLimit { scope, limit, value, is_confirmed: true })
}

/// The control of the first reason that refused the last order.
fn refused_by(world: &World) -> Option<u8> {
    world.entries.iter().rev().find_map(|entry| {
        let EntryKind::Judged { verdict, .. } = &entry.kind else { return None };
        Some(verdict.leading().map_or(0, |it| it.refusal.control().number()))
    })
}

fn quote(world: &mut World, price: &str, data: DataType) {
    let (price, at) = (Some(price.parse().unwrap()), world.now().mono);
    let quote = Quote { bid: price, ask: price, last: price, at, data };
    world.desk(DeskNews::Quote { con_id: SPY, quote });
}

/// Buys with the quote that there is.
fn asks(world: &mut World, id: i32) -> bool {
    world.frame(A, placed(id, Side::Buy, 1, &limit("100")));
    world.effects.iter().any(|effect| matches!(effect, Effect::RecordApproved { .. }))
}

#[test]
fn a_list_holds_for_the_next_order_and_is_loosened_by_taking_it_away() {
    let mut world = World::ready();
    assert_eq!(set(&mut world, Scope::Bot(bot(A)), LimitId::Symbols, "AAPL"), Ok(Done::Now));
    assert!(world.buy(A, 1, 10).is_none());
    assert_eq!(refused_by(&world), Some(18));
    let longer = set(&mut world, Scope::Bot(bot(A)), LimitId::Symbols, "AAPL,SPY");
    assert_eq!(longer, Ok(Done::After(Duration::from_secs(60))));
    let restricted = set(&mut world, Scope::Account, LimitId::RestrictedSymbols, "TSLA");
    assert_eq!(restricted, Ok(Done::Now));
    let command = Command::SetLimit {
        scope: Scope::Account,
        limit: LimitId::RestrictedSymbols,
        value: Some(None),
        is_confirmed: false,
    };
    assert_eq!(world.does(command), Err(CommandError::NeedsConfirmation));
}

#[test]
fn a_profile_sets_every_limit_of_a_bot_and_loosens_with_confirmation_only() {
    let mut world = World::ready();
    let scope = Scope::Bot(bot(A));
    let choose = |world: &mut World, profile, is_confirmed| {
        let scope = Scope::Bot(bot(A));
        world.does(Command::SetProfile { scope, profile, is_confirmed })
    };
    // The account is stricter, so that a fresh bot may have any profile at once.
    assert_eq!(choose(&mut world, Profile::Careful, false), Ok(Done::Now));
    assert_eq!(world.engine.policy.profile(&scope), Profile::Careful);
    let before = world.entries.len();
    assert_eq!(choose(&mut world, Profile::Standard, false), Err(CommandError::NeedsConfirmation));
    assert_eq!(world.entries.len(), before, "nothing was recorded");
    let later = Ok(Done::After(Duration::from_secs(60)));
    assert_eq!(choose(&mut world, Profile::Standard, true), later);
    assert_eq!(world.engine.policy.profile(&scope), Profile::Careful);
    world.wait(60_000);
    assert_eq!(world.engine.policy.profile(&scope), Profile::Standard);
    assert_eq!(world.engine.policy.profile(&Scope::Account), Profile::Careful);
    let custom = choose(&mut world, Profile::Custom, true);
    assert!(matches!(custom, Err(CommandError::NoProfile { .. })));
    assert_eq!(choose(&mut world, Profile::Careful, false), Ok(Done::Now));
    assert_eq!(world.engine.policy.profile(&scope), Profile::Careful);
}

#[test]
fn a_jump_of_the_price_stops_entries_for_a_second() {
    let mut world = World::ready();
    quote(&mut world, "80", DataType::Live);
    world.wait(2_000);
    quote(&mut world, "100", DataType::Live);
    assert!(!asks(&mut world, 1));
    assert_eq!(refused_by(&world), Some(14));
    world.wait(1_000);
    quote(&mut world, "100", DataType::Live);
    assert!(asks(&mut world, 2));
}

#[test]
fn delayed_prices_are_waited_out_and_refused() {
    let mut world = World::ready();
    quote(&mut world, "100", DataType::Delayed);
    assert!(!asks(&mut world, 1));
    assert_eq!(refused_by(&world), None, "the order waits");
    world.wait(3_000);
    let told = world.entries.iter().rev().find_map(|entry| {
        let EntryKind::Judged { verdict, .. } = &entry.kind else { return None };
        let is_told = |it: &Finding| matches!(it.refusal, Refusal::DataNotLive { .. });
        Some(verdict.findings.iter().any(is_told))
    });
    assert_eq!(told, Some(true));
}

#[test]
fn hours_that_end_before_this_day_are_asked_for_again() {
    let mut world = World::ready();
    let mut old = instrument();
    old.hours = Hours::default();
    let asked = super::driver::spy().to_contract();
    world.desk(DeskNews::Instrument { asked: asked.clone(), found: Ok(old) });
    assert!(world.buy(A, 1, 1).is_none());
    let wants = |world: &World| {
        let wanted = world.effects.iter().filter(|it| matches!(it, Effect::WantInstrument(_)));
        wanted.count()
    };
    assert_eq!(wants(&world), 1);
    world.desk(DeskNews::Instrument { asked, found: Ok(instrument()) });
    assert_eq!(refused_by(&world), Some(0), "the order that waited was allowed");
}

#[test]
fn changes_and_cancels_are_counted_and_cancels_pass() {
    let mut world = World::ready();
    set(&mut world, Scope::Account, LimitId::ChangesPerOrder, "2").unwrap();
    world.buy(A, 1, 1).unwrap();
    let mut change = |quantity: i64| {
        world.wait(2_000);
        world.buy(A, 1, quantity).is_some()
    };
    assert!(change(2));
    assert!(change(3));
    assert!(!change(4), "the third change of one order");
    let world = world.crash();
    let order = world.engine.book.find(&order(A, 1)).unwrap();
    assert_eq!(order.n_changes, 2, "a restart forgets none");
}

#[test]
fn new_orders_of_a_day_are_counted_over_a_restart() {
    let mut world = World::ready();
    set(&mut world, Scope::Bot(bot(A)), LimitId::OrdersPerDay, "2").unwrap();
    let mut ordered = |id: i32| {
        world.wait(2_000);
        world.place(A, id, Side::Buy, 1, &limit(&format!("99.0{id}"))).is_some()
    };
    assert!(ordered(1));
    assert!(ordered(2));
    assert!(!ordered(3));
    assert_eq!(refused_by(&world), Some(32));
    let world = world.crash();
    let today =
        world.engine.bots.get(&bot(A)).unwrap().counters(gatehouse_types::Stamp::from(world.now()));
    assert_eq!((today.new_orders, today.refused), (2, 1));
}

#[test]
fn a_sale_of_what_just_filled_waits_for_its_execution() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    world.status(A, 1, BrokerStatus::Filled, (10, 0));
    assert!(world.place(A, 2, Side::Sell, 10, &limit("100")).is_none());
    assert!(world.answers().is_empty(), "it waits");
    world.fill(A, 1, "a.b.01.01", Side::Buy, 10);
    assert_eq!(refused_by(&world), Some(0), "it was allowed");
    assert!(world.place(A, 3, Side::Sell, 10, &limit("100.5")).is_none());
    assert_eq!(refused_by(&world), Some(23), "nothing is on its way");
}
