//! Alarms that are open until they are over, and settings that are no limits.

use gatehouse_types::{EntryKind, SessionPhase, Severity};

use super::driver::World;
use crate::{Command, CommandError, Done, Input};

fn raise(world: &mut World, severity: Severity, sentence: &str) {
    let alarm = "disconnected".to_owned();
    world.input(Input::AlarmRaised { alarm, severity, sentence: sentence.to_owned() });
}

fn n_raised(world: &World) -> usize {
    let is_raised = |kind: &EntryKind| matches!(kind, EntryKind::AlarmRaised { .. });
    world.entries.iter().filter(|entry| is_raised(&entry.kind)).count()
}

#[test]
fn the_same_alarm_is_told_once_and_again_when_it_grows() {
    let mut world = World::ready();
    raise(&mut world, Severity::Warning, "No connection.");
    raise(&mut world, Severity::Warning, "No connection.");
    assert_eq!(n_raised(&world), 1);
    raise(&mut world, Severity::Critical, "No connection for a minute.");
    assert_eq!(n_raised(&world), 2);
    let open = &world.engine.alarms()["disconnected"];
    assert_eq!((open.severity, open.is_acknowledged), (Severity::Critical, false));
}

#[test]
fn an_alarm_that_was_seen_stays_open_until_it_is_over() {
    let mut world = World::ready();
    let seen = || Command::AcknowledgeAlarm { alarm: "disconnected".to_owned() };
    let none = Err(CommandError::NoAlarm { alarm: "disconnected".to_owned() });
    assert_eq!(world.does(seen()), none);
    raise(&mut world, Severity::Critical, "No connection.");
    assert_eq!(world.does(seen()), Ok(Done::Now));
    assert!(world.engine.alarms()["disconnected"].is_acknowledged);
    world.input(Input::AlarmEnded { alarm: "disconnected".to_owned() });
    assert!(world.engine.alarms().is_empty());
    assert_eq!(world.does(seen()), none);
    let n_entries = world.entries.len();
    world.input(Input::AlarmEnded { alarm: "disconnected".to_owned() });
    assert_eq!(world.entries.len(), n_entries, "what is over does not end twice");
}

#[test]
fn a_setting_is_recorded_with_its_old_value_and_survives_a_crash() {
    let mut world = World::ready();
    let set = |value: Option<&str>| Command::ChangeSetting {
        setting: "gateway.restart-at".to_owned(),
        value: value.map(str::to_owned),
    };
    assert_eq!(world.does(set(Some("23:45"))), Ok(Done::Now));
    assert_eq!(world.does(set(Some("01:30"))), Ok(Done::Now));
    let n_entries = world.entries.len();
    assert_eq!(world.does(set(Some("01:30"))), Ok(Done::Now));
    assert_eq!(world.entries.len(), n_entries, "what is so already is no change");
    assert!(world.has(|kind| *kind
        == EntryKind::SettingChanged {
            setting: "gateway.restart-at".to_owned(),
            old: Some("23:45".to_owned()),
            new: Some("01:30".to_owned()),
        }));
    let mut world = world.crash();
    assert_eq!(world.engine.settings()["gateway.restart-at"], "01:30");
    assert_eq!(world.does(set(None)), Ok(Done::Now));
    assert!(world.engine.settings().is_empty());
}

#[test]
fn every_step_of_the_session_is_recorded() {
    let mut world = World::ready();
    let (from, to) = (SessionPhase::Ready, SessionPhase::Degraded);
    let why = "the Gateway lost the broker".to_owned();
    let is_planned = false;
    world.input(Input::SessionMoved { from, to, why: why.clone(), is_planned });
    let moved = EntryKind::SessionMoved { from, to, why, is_planned };
    assert!(world.has(|kind| *kind == moved));
}
