//! A real bus of its own, with a small notification service at the other end.
//!
//! Each test starts this program again inside its world; the tests named `inside` run only there.

use std::collections::HashMap;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use gatehouse_alerts::desktop::{Desktop, DesktopError, Note};
use gatehouse_types::Severity;
use zbus::blocking::connection::Builder;
use zbus::zvariant::OwnedValue;

/// Says that a test runs inside its world.
const INSIDE: &str = "GATEHOUSE_TEST_DESKTOP";

const PATIENT: Duration = Duration::from_secs(20);
const HASTY: Duration = Duration::from_millis(300);

/// Runs one test of this program on a private bus, after `prepare`.
fn run_inside(test: &str, prepare: &str) {
    let has = Command::new("sh").args(["-c", "command -v dbus-run-session"]).output();
    if !has.is_ok_and(|output| output.status.success()) {
        assert!(std::env::var_os("CI").is_none(), "dbus-run-session is missing");
        println!("skipped: dbus-run-session is missing");
        return;
    }
    let home = tempfile::tempdir().expect("a folder");
    let program = std::env::current_exe().expect("this program");
    let script = format!("{prepare}\nexec \"$0\" --exact {test} --nocapture");
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", &script])
        .arg(program)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        // No other service of this machine may be started by the bus.
        .env("XDG_DATA_DIRS", home.path())
        .env(INSIDE, "1")
        .stdin(Stdio::null())
        .output()
        .expect("dbus-run-session runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let erred = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}\n{erred}");
}

/// What the service was asked to show: the note it replaces, title, text, urgency, milliseconds.
type Shown = (u32, String, String, u8, i32);

struct Service {
    shown: Sender<Shown>,
    has_markup: bool,
    /// Never answers.
    is_stuck: bool,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Service {
    fn get_capabilities(&self) -> Vec<String> {
        if self.has_markup { vec!["body".to_owned(), "body-markup".to_owned()] } else { Vec::new() }
    }

    #[expect(clippy::too_many_arguments, reason = "the protocol has them")]
    async fn notify(
        &self,
        app: String,
        replaces: u32,
        _icon: String,
        title: String,
        text: String,
        _actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        timeout: i32,
    ) -> u32 {
        assert_eq!(app, "Gatehouse");
        if self.is_stuck {
            std::future::pending::<()>().await;
        }
        let urgency = hints.get("urgency").and_then(|it| u8::try_from(it).ok()).unwrap_or(99);
        self.shown.send((replaces, title, text, urgency, timeout)).expect("the test listens");
        if replaces == 0 { 7 } else { replaces }
    }
}

fn note(severity: Severity, text: &str) -> Note {
    let (title, text) = ("Gatehouse: act now".to_owned(), text.to_owned());
    Note { alarm: "disconnected".to_owned(), severity, title, text }
}

/// Elsewhere it would show notes to whoever runs the tests.
fn is_inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

/// Serves the bus of this world until it is dropped.
fn serve(service: Service) -> zbus::blocking::Connection {
    let builder = Builder::session().expect("the bus of this world");
    let builder = builder.name("org.freedesktop.Notifications").expect("a name");
    builder
        .serve_at("/org/freedesktop/Notifications", service)
        .expect("a path")
        .build()
        .expect("bus")
}

/// Shows two notes of one alarm, of which the first reads as `text` at the other end.
fn shows(has_markup: bool, text: &str) {
    if !is_inside() {
        return;
    }
    let (shown, heard) = channel();
    let _bus = serve(Service { shown, has_markup, is_stuck: false });
    let mut desktop = Desktop::new(PATIENT);
    assert_eq!(desktop.show(&note(Severity::Critical, "P&L <0")), Ok(()));
    assert_eq!(desktop.show(&note(Severity::Warning, "better")), Ok(()));
    let title = || "Gatehouse: act now".to_owned();
    assert_eq!(heard.recv(), Ok((0, title(), text.to_owned(), 2, 0)));
    // The second takes the place of the first.
    assert_eq!(heard.recv(), Ok((7, title(), "better".to_owned(), 1, -1)));
}

#[test]
fn the_desktop_shows_what_it_is_told() {
    run_inside("desktop::inside_a_desktop_of_markup", "");
    run_inside("desktop::inside_a_desktop_of_plain_text", "");
}

#[test]
fn inside_a_desktop_of_markup() {
    shows(true, "P&amp;L &lt;0");
}

#[test]
fn inside_a_desktop_of_plain_text() {
    shows(false, "P&L <0");
}

#[test]
fn a_desktop_without_a_notification_service_is_said() {
    run_inside("desktop::inside_nothing", "");
    run_inside("desktop::inside_nothing", "export DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere");
}

#[test]
fn inside_nothing() {
    if !is_inside() {
        return;
    }
    let error = Desktop::new(PATIENT).show(&note(Severity::Info, "x")).expect_err("is absent");
    assert!(matches!(error, DesktopError::NotShown { .. }), "{error}");
    let text = error.to_string();
    assert!(text.starts_with("no notification service of this desktop took it: "), "{text}");
}

#[test]
fn a_desktop_that_does_not_answer_holds_nobody_up() {
    run_inside("desktop::inside_a_stuck_desktop", "");
}

#[test]
fn inside_a_stuck_desktop() {
    if !is_inside() {
        return;
    }
    let (shown, _heard) = channel();
    let _bus = serve(Service { shown, has_markup: false, is_stuck: true });
    let mut desktop = Desktop::new(HASTY);
    let stuck = Err(DesktopError::NoAnswer { within: HASTY });
    assert_eq!(desktop.show(&note(Severity::Info, "x")), stuck);
    // The second is not even begun.
    assert_eq!(desktop.show(&note(Severity::Info, "x")), stuck);
}
