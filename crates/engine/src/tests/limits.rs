//! Limits, bots and what a person may do.

use std::time::Duration;

use gatehouse_types::{BotConfig, ClientId, Decimal, EntryKind, LimitId, Scope};

use super::driver::{A, World, bot};
use crate::{Command, CommandError, Done};

fn set(world: &mut World, value: Option<i64>, is_confirmed: bool) -> Result<Done, CommandError> {
    let value = Some(value.map(Decimal::from));
    let (scope, limit) = (Scope::Account, LimitId::OrderQty);
    let value = value.map(|value| value.map(Into::into));
    world.does(Command::SetLimit { scope, limit, value, is_confirmed })
}

fn discard(world: &mut World) -> Result<Done, CommandError> {
    world.does(Command::DiscardLimit { scope: Scope::Account, limit: LimitId::OrderQty })
}

const LATER: Result<Done, CommandError> = Ok(Done::After(Duration::from_secs(60)));

#[test]
fn a_tighter_limit_holds_for_the_next_order() {
    let mut world = World::ready();
    assert_eq!(set(&mut world, Some(9), false), Ok(Done::Now));
    assert!(world.buy(A, 1, 10).is_none());
    assert!(world.buy(A, 1, 9).is_some());
}

#[test]
fn a_looser_limit_needs_confirmation_and_a_minute() {
    let mut world = World::ready();
    set(&mut world, Some(9), false).unwrap();
    assert_eq!(set(&mut world, Some(20), false), Err(CommandError::NeedsConfirmation));
    assert_eq!(set(&mut world, None, false), Err(CommandError::NeedsConfirmation));
    assert_eq!(set(&mut world, Some(20), true), LATER);
    let scheduled = world.engine.status(world.now()).scheduled;
    assert_eq!(scheduled[0].time_left, Duration::from_secs(60));
    world.wait(59_999);
    assert!(world.buy(A, 1, 10).is_none());
    world.wait(1);
    assert!(world.buy(A, 1, 10).is_some());
}

#[test]
fn a_scheduled_limit_is_discarded_by_a_person_by_a_tighter_one_and_by_a_restart() {
    let mut world = World::ready();
    set(&mut world, Some(9), false).unwrap();
    assert_eq!(set(&mut world, Some(20), true), LATER);
    assert_eq!(discard(&mut world), Ok(Done::Now));
    assert!(matches!(discard(&mut world), Err(CommandError::NothingScheduled { .. })));
    assert_eq!(set(&mut world, Some(20), true), LATER);
    set(&mut world, Some(8), false).unwrap();
    let is_discard =
        |entry: &&gatehouse_types::Entry| matches!(entry.kind, EntryKind::LimitDiscarded { .. });
    assert_eq!(world.entries.iter().filter(is_discard).count(), 2);
    world.wait(60_000);
    let held = world.engine.policy.own(&Scope::Account, LimitId::OrderQty);
    assert_eq!(held, Some(Some(&Decimal::from(8).into())));
    assert_eq!(set(&mut world, Some(20), true), LATER);
    let mut world = world.crash();
    world.wait(60_000);
    let held = world.engine.policy.own(&Scope::Account, LimitId::OrderQty);
    assert_eq!(held, Some(Some(&Decimal::from(8).into())));
    assert_eq!(world.entries.iter().filter(is_discard).count(), 3);
}

#[test]
fn a_limit_that_makes_no_sense_or_has_no_bot_is_not_set() {
    let mut world = World::ready();
    assert!(matches!(set(&mut world, Some(-1), true), Err(CommandError::Limit(_))));
    let scope = Scope::Bot(bot("nobody"));
    let command =
        Command::SetLimit { scope, limit: LimitId::OrderQty, value: None, is_confirmed: true };
    assert_eq!(world.does(command), Err(CommandError::NoBot { bot: bot("nobody") }));
}

#[test]
fn a_bot_needs_a_port_and_a_client_id_of_its_own() {
    let mut world = World::ready();
    let mut register = |name: &str, port, client_id| {
        let client_id = ClientId::new(client_id);
        world.does(Command::RegisterBot { bot: BotConfig { name: bot(name), port, client_id } })
    };
    let taken = |what| Err(CommandError::Taken { what, bot: bot(A) });
    assert_eq!(register("new", 7501, 20), taken("the port"));
    assert_eq!(register("new", 7503, 11), taken("the client id"));
    assert!(matches!(register("new", 7503, 0), Err(CommandError::ClientId { .. })));
    assert_eq!(register("new", 7503, 20), Ok(Done::Now));
    assert_eq!(register(A, 7504, 21), Ok(Done::Now));
}

#[test]
fn a_bot_with_working_orders_keeps_its_client_id() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    let moved = BotConfig { name: bot(A), port: 7501, client_id: ClientId::new(30) };
    let refused = world.does(Command::RegisterBot { bot: moved });
    assert!(matches!(refused, Err(CommandError::ClientId { client_id: 30, .. })));
    let refused = world.does(Command::RemoveBot { bot: bot(A) });
    assert!(matches!(refused, Err(CommandError::ClientId { .. })));
}
