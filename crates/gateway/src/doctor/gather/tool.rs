//! What a small program of the system prints.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

/// None of them takes longer; one that hangs is ended.
const WITHIN: Duration = Duration::from_secs(1);

/// Returns what a program prints, or `None` when it is missing, fails or hangs.
pub(super) fn prints(program: &str, args: &[&str]) -> Option<String> {
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut stdout = child.stdout.take()?;
    let (sender, said) = channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        let read = stdout.read_to_string(&mut text);
        // Whoever asked may have given up.
        sender.send(read.ok().map(|_| text)).ok();
    });
    let text = said.recv_timeout(WITHIN).ok().flatten();
    if text.is_none() {
        // One that has ended already is as good.
        child.kill().ok();
    }
    let is_good = child.wait().is_ok_and(|status| status.success());
    text.filter(|_| is_good)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_heard_and_one_that_fails_or_is_missing_is_not() {
        assert_eq!(prints("echo", &["one", "two"]).as_deref(), Some("one two\n"));
        assert_eq!(prints("false", &[]), None);
        assert_eq!(prints("no-program-of-this-name", &[]), None);
    }
}
