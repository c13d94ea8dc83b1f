//! Processes that were left, and strangers.

use std::process::{Child, Command};
use std::time::Instant;

use super::*;

const PATIENCE: Duration = Duration::from_secs(10);

fn child(script: &str) -> Child {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    group::set_apart(&mut command);
    command.spawn().expect("a shell runs")
}

#[test]
fn a_left_over_is_recognised_and_ended() {
    let dir = tempfile::tempdir().expect("a folder");
    let record = dir.path().join("gateway.pid");
    let mut left = child("sleep 600 & sleep 600");
    let identity = ProcessIdentity::of(left.id()).expect("it runs");
    identity.store(&record).expect("is written");
    assert_eq!(ProcessIdentity::stored(&record), Some(identity.clone()));
    let outcome = ProcessIdentity::end_left_over(&record, PATIENCE).expect("the file goes");
    assert_eq!(outcome, LeftOver::Ended);
    assert!(!identity.is_alive() && !record.exists());
    left.wait().expect("is ours");
    let outcome = ProcessIdentity::end_left_over(&record, PATIENCE).expect("there is no file");
    assert_eq!(outcome, LeftOver::None);
}

#[test]
fn one_that_does_not_listen_is_killed() {
    let dir = tempfile::tempdir().expect("a folder");
    let record = dir.path().join("gateway.pid");
    let ready = dir.path().join("ready");
    let mut deaf =
        child(&format!("trap '' TERM; : > {}; while :; do sleep 1; done", ready.display()));
    let until = Instant::now() + PATIENCE;
    while !ready.exists() && Instant::now() < until {
        std::thread::yield_now();
    }
    ProcessIdentity::of(deaf.id()).expect("it runs").store(&record).expect("is written");
    let outcome = ProcessIdentity::end_left_over(&record, Duration::from_millis(200));
    assert_eq!(outcome.expect("the file goes"), LeftOver::Ended);
    deaf.wait().expect("is ours");
}

#[test]
fn a_stranger_with_the_same_number_is_left_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    let record = dir.path().join("gateway.pid");
    let mut stranger = child("sleep 600");
    let mut noted = ProcessIdentity::of(stranger.id()).expect("it runs");
    noted.started.push('1');
    noted.store(&record).expect("is written");
    let outcome = ProcessIdentity::end_left_over(&record, PATIENCE).expect("the file goes");
    assert_eq!(outcome, LeftOver::None);
    assert!(stranger.try_wait().expect("is ours").is_none(), "the stranger was hit");
    stranger.kill().and_then(|()| stranger.wait()).expect("is ours");
}

#[test]
fn a_file_that_names_nobody_is_no_left_over() {
    let dir = tempfile::tempdir().expect("a folder");
    let record = dir.path().join("gateway.pid");
    for text in ["", "x y", "1", "0 x", "4294967295 x"] {
        fs::write(&record, text).expect("is written");
        assert_eq!(ProcessIdentity::stored(&record), None, "{text}");
    }
}

#[test]
fn a_child_that_ended_at_once_has_an_identity_and_is_not_alive() {
    let mut brief = child("exit 0");
    group::await_end(brief.id());
    let identity = ProcessIdentity::of_child(brief.id());
    assert!(!identity.started.is_empty() && !identity.is_alive());
    brief.wait().expect("is ours");
}

#[test]
fn memory_and_time_of_a_process_are_read() {
    let own = ProcessIdentity::of(std::process::id()).expect("it runs");
    let usage = own.usage().expect("it runs");
    assert!(usage.memory > 1_000_000, "{usage:?}");
    assert!(ProcessIdentity::of(u32::MAX).is_none());
}
