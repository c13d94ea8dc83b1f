//! What a trader's week brings, each with the real helper in Java.

use std::process::Command;
use std::time::Duration;

use gatehouse_gateway::launch::{
    ClockTime, EndedBy, Ending, LeftOver, Means, Patience, ProcessIdentity,
};
use gatehouse_gateway::probe::Finding;
use gatehouse_gateway::session::{ExistingSession, HelperEvent, Login};

use crate::canary;
use crate::stage::{PATIENCE, Stage};

const RESTART: HelperEvent = HelperEvent::Restarting { needs_login: false };
const COLD_RESTART: HelperEvent = HelperEvent::Restarting { needs_login: true };

/// What every login begins with.
fn login_and(more: &[HelperEvent]) -> Vec<HelperEvent> {
    let mut events = vec![HelperEvent::Started, HelperEvent::LoginShown, HelperEvent::LoginStarted];
    events.extend_from_slice(more);
    events
}

#[test]
fn a_login_succeeds_and_its_password_is_found_nowhere() {
    let Some(mut stage) = Stage::set() else { return };
    stage.ibc().restart_at = ClockTime::try_new(1, 30);
    let mut run = stage.start("trader");
    run.until(&HelperEvent::Configured);
    stage.expect_api();
    assert_eq!(run.events, login_and(&[HelperEvent::LoggedIn, HelperEvent::Configured]));
    canary::expect_entered(&stage, "trader");
    assert_eq!(run.gateway.identity().pid(), stage_pid(&stage));
    let usage = run.gateway.usage().expect("it runs");
    assert!(usage.memory > 20_000_000 && usage.cpu > Duration::from_millis(100), "{usage:?}");
    let starter = stage.settings.installation.folder.join("ibgateway");
    assert!(!starter.exists(), "a restart would go around the helper");
    canary::expect_hidden(&stage, &run, "trader");
    run.stop();
    assert_eq!(stage.noted("restart-time"), "01:30 AM restart");
    assert!(starter.exists() && !stage.record().exists());
    assert_eq!(stage.api(), Finding::Refused);
    canary::expect_in_no_file(&stage, "trader");
}

fn stage_pid(stage: &Stage) -> u32 {
    ProcessIdentity::stored(&stage.record()).expect("it is noted").pid()
}

#[test]
fn a_password_in_a_file_of_the_owners_is_gone_once_it_was_read() {
    let Some(stage) = Stage::set() else { return };
    let mut run = stage.start_by("keeper", Means::File);
    run.until(&HelperEvent::LoggedIn);
    canary::expect_entered(&stage, "keeper");
    canary::expect_hidden(&stage, &run, "keeper");
    run.stop();
}

#[test]
fn a_wrong_password_is_told_and_not_tried_again() {
    let Some(stage) = Stage::set() else { return };
    let mut run = stage.start("wrong");
    assert_eq!(run.ending(), Ending::Closed);
    let why = "Unrecognized username or password".to_owned();
    assert_eq!(run.events, login_and(&[HelperEvent::LoginRefused { why }, HelperEvent::Stopping]));
    assert_eq!(stage.api(), Finding::Refused);
}

#[test]
fn too_many_attempts_are_no_wrong_password() {
    let Some(stage) = Stage::set() else { return };
    let mut run = stage.start("hasty");
    let why = "Too many failed login attempts. Please wait 53 seconds before attempting to \
               re-login again"
        .to_owned();
    let event = HelperEvent::TooManyAttempts { why };
    run.until(&event);
    assert_eq!(run.events, login_and(&[event]));
    run.stop();
}

#[test]
fn a_second_factor_is_awaited() {
    let Some(stage) = Stage::set() else { return };
    let mut run = stage.start("phone");
    run.until(&HelperEvent::SecondFactorAsked);
    assert_eq!(stage.api(), Finding::Refused);
    run.until(&HelperEvent::LoggedIn);
    stage.expect_api();
    assert_eq!(run.events, login_and(&[HelperEvent::SecondFactorAsked, HelperEvent::LoggedIn]));
    run.stop();
}

#[test]
fn a_second_factor_that_nobody_gives_times_out() {
    let Some(mut stage) = Stage::set() else { return };
    stage.ibc().second_factor_within = Duration::from_secs(2);
    let mut run = stage.start("nobody");
    run.until(&HelperEvent::SecondFactorTimedOut);
    assert_eq!(
        run.events,
        login_and(&[HelperEvent::SecondFactorAsked, HelperEvent::SecondFactorTimedOut])
    );
    run.stop();
}

#[test]
fn another_session_is_taken_over_or_yielded_to() {
    let Some(mut stage) = Stage::set() else { return };
    let mut run = stage.start("twice");
    run.until(&HelperEvent::LoggedIn);
    stage.expect_api();
    let why = "Don't know the type of the other session, so continue this one".to_owned();
    assert_eq!(
        run.events,
        login_and(&[HelperEvent::ExistingSession { why }, HelperEvent::LoggedIn])
    );
    run.stop();

    stage.ibc().existing_session = ExistingSession::Yield;
    let mut run = stage.start("twice");
    assert_eq!(run.ending(), Ending::Closed);
    let why = "End this session and let the other session proceed".to_owned();
    assert_eq!(run.events, login_and(&[HelperEvent::ExistingSession { why }]));
}

#[test]
fn a_crash_is_no_restart_and_takes_everything_down() {
    let Some(stage) = Stage::set() else { return };
    let mut run = stage.start("crash");
    run.until(&HelperEvent::LoggedIn);
    stage.expect_api();
    assert_eq!(run.ending(), Ending::Code(134));
    assert_eq!(run.events, login_and(&[HelperEvent::LoggedIn]));
    assert_eq!(stage.api(), Finding::Refused);
}

#[test]
fn the_daily_restart_needs_no_login() {
    let Some(stage) = Stage::set() else { return };
    let mut run = stage.start("daily");
    assert_eq!(run.ending(), Ending::Closed);
    assert_eq!(run.events, login_and(&[HelperEvent::LoggedIn, RESTART]));

    let mut run = stage.start("daily");
    assert!(run.resumes);
    run.until(&HelperEvent::LoggedIn);
    stage.expect_api();
    assert_eq!(run.events, [HelperEvent::Started, HelperEvent::LoggedIn]);
    run.stop();
}

#[test]
fn a_restart_that_is_asked_for_needs_no_login() {
    let Some(stage) = Stage::set() else { return };
    let mut run = stage.start("trader");
    run.until(&HelperEvent::LoggedIn);
    run.gateway.ask_restart(PATIENCE.command).expect("the helper agrees");
    assert_eq!(run.ending(), Ending::Closed);
    assert_eq!(run.events, login_and(&[HelperEvent::LoggedIn, RESTART]));
    assert!(stage.start("trader").resumes);
}

#[test]
fn the_weekly_login_is_whole() {
    let Some(stage) = Stage::set() else { return };
    let mut run = stage.start("weekly");
    assert_eq!(run.ending(), Ending::Closed);
    let login = [HelperEvent::SecondFactorAsked, HelperEvent::LoggedIn];
    let mut week = login_and(&login);
    week.extend([COLD_RESTART, HelperEvent::Stopping]);
    assert_eq!(run.events, week);

    let mut run = stage.start("phone");
    assert!(!run.resumes);
    run.until(&HelperEvent::LoggedIn);
    stage.expect_api();
    assert_eq!(run.events, login_and(&login));
    run.stop();
}

#[test]
fn without_a_command_it_is_terminated_and_one_that_hangs_is_killed() {
    let Some(mut stage) = Stage::set() else { return };
    stage.ibc().takes_commands = false;
    let mut run = stage.start("trader");
    run.until(&HelperEvent::LoggedIn);
    let unsupported = run.gateway.ask_restart(PATIENCE.command).map_err(|error| error.kind());
    assert_eq!(unsupported, Err(std::io::ErrorKind::Unsupported));
    assert_eq!(run.gateway.end(PATIENCE), EndedBy::Terminated);
    assert_eq!(run.ending().to_string(), "it was terminated");
    assert_eq!(run.gateway.end(PATIENCE), EndedBy::Itself);

    let mut run = stage.start("trader");
    run.until(&HelperEvent::LoggedIn);
    freeze(run.gateway.identity().pid());
    let short = Patience { terminate: Duration::from_millis(100), ..PATIENCE };
    assert_eq!(run.gateway.end(short), EndedBy::Killed);
    assert_eq!(run.ending(), Ending::Signal(9));
}

fn freeze(pid: u32) {
    let status = Command::new("kill").args(["-STOP", &pid.to_string()]).status();
    assert!(status.is_ok_and(|status| status.success()));
}

#[test]
fn a_gateway_that_an_earlier_run_left_is_ended_by_its_number() {
    let Some(stage) = Stage::set() else { return };
    let mut run = stage.start("trader");
    run.until(&HelperEvent::LoggedIn);
    let ended = ProcessIdentity::end_left_over(&stage.record(), PATIENCE.terminate);
    assert_eq!(ended.expect("the file goes"), LeftOver::Ended);
    assert_eq!(run.ending().to_string(), "it was terminated");
}

#[test]
fn a_person_logs_in_and_the_helper_types_nothing() {
    let Some(mut stage) = Stage::set() else { return };
    stage.ibc().login = Login::Person;
    let mut run = stage.start("trader");
    run.until(&HelperEvent::LoginShown);
    assert_eq!(run.events, [HelperEvent::Started, HelperEvent::LoginShown]);
    run.stop();
    assert_eq!(stage.noted("entered"), "");
}

#[test]
fn an_update_that_is_demanded_is_told_and_clicked_by_nobody() {
    let Some(stage) = Stage::set() else { return };
    let mut run = stage.start("outdated");
    let title =
        "Update required: This version is no longer supported and must be updated.".to_owned();
    let event = HelperEvent::UpdateDemanded { title };
    run.until(&event);
    assert_eq!(run.events, login_and(&[event]));
    assert_eq!(stage.api(), Finding::Refused);
    run.stop();
}

#[test]
fn a_window_that_nobody_knows_is_told() {
    let Some(stage) = Stage::set() else { return };
    let mut run = stage.start("puzzled");
    run.until(&HelperEvent::LoggedIn);
    let title = "A notice of the year 2026: Nobody has ever seen this window.".to_owned();
    assert_eq!(
        run.events,
        login_and(&[HelperEvent::UnknownWindow { title }, HelperEvent::LoggedIn])
    );
    run.stop();
}
