//! A process and what it starts, as one thing to end.

use std::process::Command;

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
