//! Books, and what Gatehouse does by itself when a loss or a row of refusals reaches its limit.

use gatehouse_tws::answer::{BrokerStatus, CommissionReport, Observation};
use gatehouse_types::{
    Actor, Currency, DataType, Decimal, EntryKind, ExecId, LimitId, Money, Price, Quote, Scope,
    Side, TradingState, Utc,
};

use super::driver::{A, B, SPY, World, bot, limit, placed};
use crate::{Command, CommandError, DayResult, DeskNews};

fn usd(amount: &str) -> Money {
    Money::new(Decimal::from_str_exact(amount).unwrap(), Currency::USD)
}

/// A quote whose bid and ask are a cent apart from this price.
fn quote_at(world: &mut World, middle: &str) {
    let middle = Decimal::from_str_exact(middle).unwrap();
    let price = |cents: i64| Some(Price::new(middle + Decimal::new(cents, 2)));
    let quote = Quote {
        bid: price(-1),
        ask: price(1),
        last: price(0),
        at: world.now().mono,
        data: DataType::Live,
    };
    world.desk(DeskNews::Quote { con_id: SPY, quote });
}

fn result(world: &World, name: &str) -> DayResult {
    let status = world.engine.status(world.now());
    let bot = status.bots.iter().find(|it| it.config.name == bot(name)).expect("is registered");
    bot.result
}

fn sell(world: &mut World, id: i32, quantity: i64) {
    world.place(A, id, Side::Sell, quantity, &limit("99.99")).expect("is an exit");
    world.status(A, id, BrokerStatus::Submitted, (0, quantity));
    world.fill(A, id, &format!("s{id}.0.01.01"), Side::Sell, quantity);
    world.status(A, id, BrokerStatus::Filled, (quantity, 0));
}

#[test]
fn a_book_knows_realised_and_open_results_less_commissions() {
    let mut world = World::ready();
    assert_eq!(result(&world, A).total, Ok(usd("0")));
    world.hold(A, 1, 50);
    quote_at(&mut world, "101.01");
    assert_eq!(result(&world, A).open, Ok(usd("50")));
    let commission = CommissionReport {
        exec_id: ExecId::new(format!("{A}1.0.01.01")),
        commission: usd("1.25"),
        realised: None,
        ..CommissionReport::default()
    };
    world.observe(A, Observation::Commission(commission));
    assert_eq!(result(&world, A).realised, Ok(usd("-1.25")));
    assert_eq!(result(&world, A).total, Ok(usd("48.75")));
    assert_eq!(result(&world, B).total, Ok(usd("0")), "each bot has its own book");
    let status = world.engine.status(world.now());
    let line = &status.bots.iter().find(|it| it.config.name == bot(A)).unwrap().book[0];
    assert_eq!(
        (line.held.to_string(), line.average.unwrap().to_string()),
        ("50".into(), "100".into())
    );
    assert_eq!((line.open, line.price_age), (Ok(usd("50")), Some(std::time::Duration::ZERO)));
    let before = result(&world, A);
    let mut world = world.crash();
    world.connect();
    world.reconcile();
    assert!(result(&world, A).open.is_err(), "no quote after the restart");
    quote_at(&mut world, "101.01");
    assert_eq!(result(&world, A), before);
}

#[test]
fn a_result_without_a_price_is_unknown_and_refuses_entries() {
    let mut world = World::ready();
    world.hold(A, 1, 50);
    world.wait(61_000);
    world.desk(DeskNews::NetLiquidation { value: usd("1000000") });
    world.frame(A, placed(2, Side::Buy, 1, &limit("100")));
    world.wait(3000);
    assert!(world.has(|kind| matches!(kind, EntryKind::Judged { verdict, .. }
        if verdict.findings.iter().any(|it| it.refusal.control().number() == 42))));
    assert_eq!(world.state(A), TradingState::Active, "what is unknown locks nothing");
}

/// 50 shares of 100 that lost 200 each: 10,000 of 1,000,000.
fn lost() -> World {
    let mut world = World::ready();
    world.switch_off(&[LimitId::OrderValue, LimitId::OrderValueShare, LimitId::BatchValue]);
    world.quote();
    world.hold(A, 1, 400);
    quote_at(&mut world, "75.01");
    world.wait(100);
    world
}

#[test]
fn a_bot_that_lost_its_limit_is_locked_to_exits_until_the_next_session() {
    let mut world = World::ready();
    world.switch_off(&[LimitId::OrderValue, LimitId::OrderValueShare, LimitId::BatchValue]);
    world.hold(A, 1, 400);
    world.buy(A, 2, 10).expect("is allowed");
    world.status(A, 2, BrokerStatus::Submitted, (0, 10));
    quote_at(&mut world, "75.02");
    world.wait(100);
    assert_eq!(world.state(A), TradingState::Active, "9,996 of 10,000");
    quote_at(&mut world, "75.01");
    world.wait(100);
    assert_eq!(world.state(A), TradingState::ReduceOnly);
    assert_eq!(world.state(B), TradingState::Active);
    assert_eq!(world.cancels(), [2], "its entry is cancelled");
    let lock = world.entries.iter().find_map(|entry| {
        if let EntryKind::StateChanged { why, until, .. } = &entry.kind {
            Some((entry.actor.clone(), why.clone(), *until))
        } else {
            None
        }
    });
    let (actor, why, until) = lock.expect("is recorded");
    assert_eq!(actor, Actor::Gatehouse);
    assert!(why.contains("10000 USD") && why.contains("GH-42"), "{why}");
    assert!(until.is_some());
    world.place(A, 3, Side::Sell, 400, &limit("75")).expect("an exit passes");
}

#[test]
fn a_lock_ends_with_the_session_and_survives_a_restart() {
    let mut world = lost();
    assert_eq!(world.state(A), TradingState::ReduceOnly);
    let mut world = {
        world.commit();
        world.crash()
    };
    assert_eq!(world.state(A), TradingState::ReduceOnly);
    // 1,770,000,000 s is Monday 2 February 2026, 02:40 UTC; the day ends at 05:00 UTC.
    let to_midnight = 1_770_008_400_000 - 1_770_000_000_000;
    world.ms = to_midnight - 1;
    world.wait(0);
    assert_eq!(world.state(A), TradingState::ReduceOnly);
    world.wait(86_400_000);
    assert_eq!(world.state(A), TradingState::Active);
}

#[test]
fn a_person_may_end_a_lock_and_it_is_not_set_again_on_that_day() {
    let mut world = lost();
    let active = Command::SetState {
        scope: Scope::Bot(bot(A)),
        state: TradingState::Active,
        why: String::new(),
    };
    world.does(active).expect("a person frees it");
    quote_at(&mut world, "75.01");
    world.wait(200);
    assert_eq!(world.state(A), TradingState::Active);
    quote_at(&mut world, "75.01");
    world.frame(A, placed(5, Side::Buy, 1, &limit("75")));
    let still_refuses = |kind: &EntryKind| {
        matches!(kind, EntryKind::Judged { verdict, .. }
            if verdict.findings.iter().any(|it| it.refusal.control().number() == 42))
    };
    assert!(world.has(still_refuses), "the control still refuses entries");
}

#[test]
fn the_account_is_locked_by_the_word_of_the_broker() {
    let mut world = World::ready();
    world.desk(DeskNews::DayResult { value: usd("-19999.99") });
    world.wait(100);
    assert_eq!(world.state(A), TradingState::Active);
    world.desk(DeskNews::DayResult { value: usd("-20000") });
    world.wait(100);
    assert_eq!(world.state(A), TradingState::ReduceOnly);
    assert_eq!(world.state(B), TradingState::ReduceOnly);
    assert!(world.buy(B, 1, 1).is_none());
}

#[test]
fn the_word_of_the_broker_grows_old_while_something_is_held() {
    let check = |held: bool, silence_ms: u64, passes: bool| {
        let mut world = World::ready();
        if held {
            world.hold(A, 1, 50);
            world.reconcile();
        }
        world.desk(DeskNews::DayResult { value: usd("-100") });
        world.wait(silence_ms);
        let is_sent = world.buy(B, 1, 1).is_some();
        assert_eq!(is_sent, passes, "{held} {silence_ms}");
    };
    check(true, 60_000, true);
    check(true, 60_001, false);
    // Without a position it cannot change.
    check(false, 500_000, true);
}

#[test]
fn five_refusals_in_a_row_pause_a_bot_until_a_person_resumes_it() {
    let mut world = World::ready();
    for id in 1..=4 {
        assert!(world.buy(A, id, 9999).is_none());
    }
    assert_eq!(world.state(A), TradingState::Active);
    world.buy(A, 5, 1).expect("is allowed");
    world.status(A, 5, BrokerStatus::Submitted, (0, 1));
    for id in 6..=9 {
        assert!(world.buy(A, id, 9999).is_none());
    }
    assert_eq!(world.state(A), TradingState::Active, "an accepted order ends the row");
    // A rejection of the broker counts like a refusal.
    world.wait(5000);
    world.buy(A, 10, 2).expect("is allowed");
    world.error(A, 10, 201);
    assert_eq!(world.state(A), TradingState::Paused);
    let mut world = world.crash();
    assert_eq!(world.state(A), TradingState::Paused);
    world.connect();
    world.reconcile();
    let scope = Scope::Bot(bot(A));
    let state = TradingState::Active;
    world.does(Command::SetState { scope, state, why: String::new() }).expect("a person resumes");
    assert!(world.buy(A, 20, 3).is_some(), "{:?}", world.answers());
}

#[test]
fn refusals_that_a_bot_did_not_earn_are_not_counted() {
    let mut world = World::ready();
    world.desk(DeskNews::BrokerLost);
    for id in 1..=9 {
        assert!(world.buy(A, id, 1).is_none());
    }
    assert_eq!(world.state(A), TradingState::Active);
}

#[test]
fn a_pause_until_the_next_session_ends_by_itself_and_a_halt_never() {
    let mut world = World::ready();
    let timed = |state| Command::SetStateUntilNextSession {
        scope: Scope::Bot(bot(A)),
        state,
        why: "for today".to_owned(),
    };
    assert_eq!(
        world.does(timed(TradingState::Halted)),
        Err(CommandError::NotTimed { state: TradingState::Halted })
    );
    world.does(timed(TradingState::Paused)).expect("is stricter");
    let until = world.entries.iter().find_map(|entry| {
        if let EntryKind::StateChanged { until, .. } = entry.kind { until } else { None }
    });
    assert_eq!(until.map(Utc::secs), Some(1_770_008_400));
    world.wait(1_000_000);
    assert_eq!(world.state(A), TradingState::Paused);
    world.wait(8_000_000);
    assert_eq!(world.state(A), TradingState::Active);
}

#[test]
fn what_was_traded_today_counts_on_after_a_restart() {
    let mut world = World::ready();
    world.hold(A, 1, 90);
    sell(&mut world, 2, 90);
    let mut world = world.crash();
    world.connect();
    world.reconcile();
    world.wait(61_000);
    world.desk(DeskNews::NetLiquidation { value: usd("1000000") });
    for id in 10..13 {
        world.wait(61_000);
        assert!(world.buy(A, id, 95).is_some(), "{id}: {:?}", world.answers());
    }
    world.wait(61_000);
    assert!(world.buy(A, 20, 95).is_none(), "18,000 and 28,500 and 9,500 are above 50,000");
    assert!(world.answers()[0].2.contains("GH-41"), "{:?}", world.answers());
}
