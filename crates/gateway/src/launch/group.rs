//! A process and what it starts, as one thing to end.

use std::process::Command;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How often something is looked at that nobody tells of.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Puts the process that `command` starts into a group of its own.
pub(super) fn set_apart(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(windows)]
    {
        /// `CREATE_NEW_PROCESS_GROUP`: keys pressed for Gatehouse are not for the Gateway.
        const NEW_GROUP: u32 = 0x200;
        std::os::windows::process::CommandExt::creation_flags(command, NEW_GROUP);
    }
}

/// Asks a group to end. One that has ended is no failure.
#[cfg(unix)]
pub(super) fn terminate(pid: u32) {
    signal(pid, rustix::process::Signal::TERM);
}

/// Ends a group. One that has ended is no failure.
#[cfg(unix)]
pub(super) fn kill(pid: u32) {
    signal(pid, rustix::process::Signal::KILL);
}

#[cfg(unix)]
fn signal(pid: u32, signal: rustix::process::Signal) {
    let Some(group) = pid_of(pid) else { return };
    match rustix::process::kill_process_group(group, signal) {
        Ok(()) | Err(rustix::io::Errno::SRCH) => {}
        Err(error) => tracing::warn!(?error, pid, "A process could not be signalled"),
    }
}

/// Returns the number in the library's form. 0 and 1 are no process of ours: signals to them would
/// hit ourselves, or everybody.
#[cfg(unix)]
fn pid_of(pid: u32) -> Option<rustix::process::Pid> {
    let pid = i32::try_from(pid).ok().filter(|pid| *pid > 1)?;
    rustix::process::Pid::from_raw(pid)
}

/// Waits until a child has ended, and leaves its number taken, so that no stranger gets it.
#[cfg(unix)]
pub(super) fn await_end(pid: u32) {
    use rustix::process::{WaitId, WaitIdOptions, waitid};

    let Some(child) = pid_of(pid) else { return };
    while let Err(rustix::io::Errno::INTR) =
        waitid(WaitId::Pid(child), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)
    {}
}

/// Waits until nothing of a group is left: who was killed still holds its ports for a moment. On a
/// system whose first process does not take the status of orphans, this takes all of `within`.
#[cfg(unix)]
pub(super) fn await_gone(pid: u32, within: Duration) {
    let Some(group) = pid_of(pid) else { return };
    if !comes_true(within, || rustix::process::test_kill_process_group(group).is_err()) {
        tracing::warn!(pid, "Something that the Gateway started still runs");
    }
}

/// Looks again and again until something is so, and returns whether it became so in time. For what
/// no system tells of, such as the end of a process that is not our child.
pub(super) fn comes_true(within: Duration, is_so: impl Fn() -> bool) -> bool {
    let until = Instant::now() + within;
    let (_never, wait) = channel::<()>();
    while !is_so() {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        let told = wait.recv_timeout(left.min(LOOK_EVERY));
        debug_assert_eq!(told, Err(RecvTimeoutError::Timeout));
    }
    true
}

/// Asks a process and what it started to end.
#[cfg(not(unix))]
pub(super) fn terminate(pid: u32) {
    taskkill(pid, &[]);
}

/// Ends a process and what it started.
#[cfg(not(unix))]
pub(super) fn kill(pid: u32) {
    taskkill(pid, &["/F"]);
}

#[cfg(not(unix))]
fn taskkill(pid: u32, more: &[&str]) {
    let outcome =
        Command::new("taskkill").args(["/T", "/PID", &pid.to_string()]).args(more).output();
    if let Err(error) = outcome {
        tracing::warn!(?error, pid, "A process could not be ended");
    }
}
