//! What the program says to whoever started it: 1 a replay differs, 2 what was given cannot be used,
//! 3 it could not start.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs the program to its end and returns its code and what it said about a failure.
fn ended(args: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatehouse-sim"));
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null());
    let output = command.output().expect("runs to its end");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn check(args: &[&str], code: i32, says: &str) {
    let (found, said) = ended(args);
    assert_eq!(found, Some(code), "{args:?}: {said}");
    assert!(said.contains(says), "{args:?}: {said}");
}

fn text(path: &Path) -> &str {
    path.to_str().expect("is text")
}

#[test]
fn what_was_given_and_cannot_be_used_ends_with_2_and_what_the_system_refuses_with_3() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let at = |name: &str| dir.path().join(name);
    let taken = TcpListener::bind("127.0.0.1:0").expect("listens");
    let address = taken.local_addr().expect("has an address");
    let port = address.port().to_string();
    std::fs::write(at("words.txt"), "these are no lines\n").expect("writes");
    let (words, nothing) = (at("words.txt"), at("nothing"));
    let below_a_file = words.join("below");
    check(&["--listen", "0.0.0.0:0"], 2, "loopback");
    check(&["--listen", &address.to_string()], 3, "Choose another port");
    check(&["replay", text(&nothing)], 2, text(&nothing));
    check(&["replay", text(&words)], 2, text(&words));
    let free = ["--listen", "127.0.0.1:0"];
    let check = |more: &[&str], code, says| check(&[&free, more].concat(), code, says);
    check(&["--speed", "fast"], 2, "--speed");
    check(&["--script", text(&words)], 2, "The script was not taken.");
    check(&["--script", text(&nothing)], 2, "The script was not taken.");
    check(&["--tape", text(&nothing)], 2, "The tape was not opened.");
    check(&["--control", &port], 3, "Choose another port");
    check(&["--record", text(&below_a_file)], 3, "can be written");
    check(&["--record-session", text(&below_a_file)], 3, "can be written");
    check(&["--state", text(&below_a_file)], 3, "did not start");
}

#[test]
fn a_replay_ends_with_0_where_it_is_the_same_and_with_1_where_it_is_not() {
    let dir = tempfile::tempdir().expect("makes a folder");
    for (name, args, code, says) in [
        ("same.jsonl", &["--speed", "20"][..], 0, ""),
        ("other.jsonl", &["--speed", "20", "--seed", "2"], 1, "connection "),
    ] {
        let path = dir.path().join(name);
        crate::replays::record(&path, args);
        check(&["replay", text(&path), "--check"], code, says);
    }
}
