//! A real Secret Service, gnome-keyring on a bus of its own, holds the credentials.
//!
//! Each test starts this program again, with itself alone, inside its world.

use std::process::{Command, Stdio};
use std::time::Duration;

use gatehouse_gateway::keychain::{Holder, Keychain, KeychainError};
use gatehouse_gateway::launch::{Credentials, Secret};

/// Says that a test runs inside its world.
const INSIDE: &str = "GATEHOUSE_TEST_KEYCHAIN";

/// Longer than a keychain of this machine takes, shorter than a person waits.
const PATIENT: Duration = Duration::from_secs(20);
const HASTY: Duration = Duration::from_millis(300);

const USER: &str = "edgar-canary";
const PASSWORD: &str = "correct horse \"\\ ä 電 canary";

fn has(program: &str) -> bool {
    let asked = Command::new("sh").args(["-c", &format!("command -v {program}")]).output();
    asked.is_ok_and(|output| output.status.success())
}

/// Runs `inside` in its world: here when this is the program inside, else in a program of its own.
/// Nothing else of this file touches the keychain of whoever runs the tests.
fn within(prepare: &str, inside: fn(), test: &str) {
    if std::env::var_os(INSIDE).is_some() {
        inside();
    } else {
        run_inside(test, prepare);
    }
}

/// Runs one test of this program on a private bus, after `prepare`, with a fresh home.
fn run_inside(test: &str, prepare: &str) {
    for program in ["dbus-run-session", "gnome-keyring-daemon"] {
        if !has(program) {
            assert!(std::env::var_os("CI").is_none(), "{program} is missing");
            println!("skipped: {program} is missing");
            return;
        }
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
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env(INSIDE, "1")
        .stdin(Stdio::null())
        .output()
        .expect("dbus-run-session runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let erred = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}\n{erred}");
    for secret in [USER, PASSWORD] {
        assert!(!said.contains(secret) && !erred.contains(secret), "a secret was printed");
        let found = Command::new("grep").args(["-rlF", secret]).arg(home.path()).output();
        let found = String::from_utf8_lossy(&found.expect("grep runs").stdout).into_owned();
        assert_eq!(found, "", "a secret lies in the open");
    }
}

const UNLOCKED: &str =
    "printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null";

fn credentials(password: &str) -> Credentials {
    Credentials { user: Secret::new(USER.to_owned()), password: Secret::new(password.to_owned()) }
}

fn password(keychain: Keychain, holder: Holder) -> Option<String> {
    let held = keychain.load(holder).expect("can be asked");
    held.map(|held| {
        assert_eq!(held.user.reveal(), USER);
        held.password.reveal().to_owned()
    })
}

#[test]
fn a_real_keychain_holds_credentials_and_nothing_else_does() {
    within(
        UNLOCKED,
        inside_an_unlocked_keychain,
        "keychain::a_real_keychain_holds_credentials_and_nothing_else_does",
    );
}

fn inside_an_unlocked_keychain() {
    let keychain = Keychain::new(PATIENT);
    assert_eq!(keychain.check(), Ok(()));
    assert_eq!(password(keychain, Holder::PaperLogin), None);
    keychain.store(Holder::PaperLogin, &credentials("first")).expect("is kept");
    keychain.store(Holder::PaperLogin, &credentials(PASSWORD)).expect("is replaced");
    assert_eq!(password(keychain, Holder::PaperLogin).as_deref(), Some(PASSWORD));
    assert_eq!(password(keychain, Holder::LiveLogin), None, "paper and live are kept apart");
    keychain.remove(Holder::PaperLogin).expect("is removed");
    keychain.remove(Holder::PaperLogin).expect("is removed already");
    assert_eq!(password(keychain, Holder::PaperLogin), None);
    keychain.store(Holder::LiveLogin, &credentials(PASSWORD)).expect("is kept");
}

#[test]
fn without_a_keychain_nothing_is_kept_and_the_reason_is_said() {
    let no_bus = "export DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere";
    within(
        no_bus,
        inside_no_keychain,
        "keychain::without_a_keychain_nothing_is_kept_and_the_reason_is_said",
    );
}

fn inside_no_keychain() {
    let keychain = Keychain::new(PATIENT);
    let error = keychain.store(Holder::PaperLogin, &credentials(PASSWORD)).expect_err("is absent");
    assert!(matches!(error, KeychainError::Absent { .. }), "{error}");
    assert_eq!(keychain.check(), Err(error.clone()));
    assert!(error.next().contains("log in to the Gateway yourself"), "{}", error.next());
}

#[test]
fn a_locked_keychain_keeps_nothing_and_does_not_hold_anybody_up() {
    let locked = "gnome-keyring-daemon --start --components=secrets >/dev/null";
    within(
        locked,
        inside_a_locked_keychain,
        "keychain::a_locked_keychain_keeps_nothing_and_does_not_hold_anybody_up",
    );
}

fn inside_a_locked_keychain() {
    let error = Keychain::new(HASTY)
        .store(Holder::PaperLogin, &credentials(PASSWORD))
        .expect_err("is locked");
    let is_told = matches!(
        error,
        KeychainError::Locked { .. }
            | KeychainError::NoAnswer { .. }
            | KeychainError::Failed { .. }
    );
    assert!(is_told, "{error}");
}
