//! Recorded requests, judged again.

use gatehouse_types::{
    ControlId, EntryKind, LimitId, LimitValue, Outcome, Refusal, Scope, Side, Verdict,
};

use super::driver::{A, B, World, bot, limit, placed, stop};
use crate::Replayer;

fn edited(world: &World, edits: &[(LimitId, &str)]) -> Replayer {
    let edits = edits
        .iter()
        .map(|(id, value)| (Scope::Bot(bot(A)), *id, Some(Some(id.parse(value).unwrap()))));
    world.engine.replayer(edits.collect()).unwrap()
}

/// Returns every verdict of the life, each with what a replay makes of it.
fn replayed(world: &World, by: &Replayer) -> Vec<(Verdict, Option<Verdict>)> {
    let judged = world.entries.iter().filter_map(|entry| {
        let EntryKind::Judged { verdict, .. } = &entry.kind else { return None };
        Some((verdict.clone(), by.judge(&entry.kind, entry.stamp)))
    });
    judged.collect()
}

fn numbers(verdict: &Verdict) -> Vec<ControlId> {
    let mut numbers: Vec<ControlId> =
        verdict.findings.iter().map(|it| it.refusal.control()).collect();
    numbers.sort();
    numbers
}

/// A life with orders that pass and orders that do not, for several reasons.
fn life() -> World {
    let mut world = World::ready();
    world.hold(A, 1, 10);
    world.hold(B, 1, 5);
    world.buy(A, 2, 7).expect("is allowed");
    assert_eq!(world.buy(A, 3, 50_000), None, "too many");
    assert_eq!(world.buy(A, 4, 7), None, "the same again");
    assert_eq!(world.place(A, 5, Side::Buy, 1, &limit("150")), None, "too far away");
    assert_eq!(world.place(A, 6, Side::Sell, 11, &limit("100")), None, "more than it holds");
    world.place(A, 7, Side::Sell, 10, &stop("90")).expect("is an exit");
    world.place(A, 7, Side::Sell, 9, &stop("90")).expect("is a change");
    world.ms += 60_000;
    world.frame(A, placed(8, Side::Buy, 1, &limit("100")));
    world.wait(3_000);
    world
}

#[test]
fn the_limits_in_force_give_every_recorded_verdict_again() {
    let world = life();
    let same = edited(&world, &[]);
    let replayed = replayed(&world, &same);
    let again = replayed.iter().filter(|(_, again)| again.is_some()).count();
    assert_eq!((replayed.len(), again), (10, 9), "a change is not judged again");
    for (was, again) in replayed {
        let Some(again) = again else { continue };
        assert_eq!(numbers(&again), numbers(&was));
        for finding in &was.findings {
            assert!(again.findings.contains(finding), "{finding:?} is not in {again:?}");
        }
    }
}

#[test]
fn another_limit_makes_another_verdict_of_the_same_inputs() {
    let check = |id: LimitId, value: &str, n_refused: usize| {
        let world = life();
        let by = edited(&world, &[(id, value)]);
        let newly = replayed(&world, &by)
            .into_iter()
            .filter(|(was, again)| {
                was.may_send() && again.as_ref().is_some_and(|again| !again.may_send())
            })
            .count();
        assert_eq!(newly, n_refused, "{id:?} {value}");
    };
    // Three entries were sent: 10, 7 and an exit, which no limit on size reaches.
    check(LimitId::OrderQty, "9", 1);
    check(LimitId::OrderQty, "6", 2);
    check(LimitId::OrderValue, "500", 2);
    check(LimitId::OrdersPerDay, "1", 1);
    check(LimitId::Symbols, "AAPL", 2);
}

#[test]
fn a_looser_limit_allows_what_only_it_refused() {
    let mut world = World::ready();
    assert_eq!(world.buy(A, 1, 600), None);
    let value = Some(Some(LimitId::OrderQty.parse("1000").unwrap()));
    let by = world.engine.replayer(vec![(Scope::Account, LimitId::OrderQty, value)]).unwrap();
    let (was, again) = replayed(&world, &by).remove(0);
    let is_too_many =
        |verdict: &Verdict| verdict.findings.iter().any(|it| it.refusal.control().number() == 3);
    assert_eq!((was.outcome(), is_too_many(&was)), (Outcome::Refuse, true));
    assert!(!is_too_many(&again.expect("has its inputs")));
}

#[test]
fn what_is_not_in_the_record_stays_as_it_was_found() {
    let world = life();
    let off = world.engine.replayer(vec![(Scope::Account, LimitId::DuplicateWindow, Some(None))]);
    let by = off.unwrap();
    let twice = replayed(&world, &by).into_iter().find(|(was, _)| {
        was.findings.iter().any(|it| matches!(it.refusal, Refusal::SameOrderAgain { .. }))
    });
    let (was, again) = twice.expect("one was the same again");
    assert_eq!(numbers(&again.expect("has its inputs")), numbers(&was));
    assert!(!Replayer::covers(LimitId::DuplicateWindow));
    assert!(Replayer::covers(LimitId::OrderQty));
}

#[test]
fn a_verdict_without_inputs_is_not_judged_again() {
    let world = life();
    let by = edited(&world, &[(LimitId::OrderQty, "1")]);
    for mut entry in world.entries.clone() {
        let EntryKind::Judged { inputs, .. } = &mut entry.kind else { continue };
        *inputs = None;
        assert_eq!(by.judge(&entry.kind, entry.stamp), None);
    }
}

#[test]
fn a_replay_refuses_values_that_make_no_sense_and_changes_no_limit() {
    let world = World::ready();
    let no_number = Some(Some(LimitValue::On));
    let edit = (Scope::Bot(bot(A)), LimitId::OrderQty, no_number);
    assert!(world.engine.replayer(vec![edit]).is_err());
    let before = format!("{:?}", world.engine.policy);
    drop(edited(&world, &[(LimitId::OrderQty, "1")]));
    assert_eq!(format!("{:?}", world.engine.policy), before);
}
