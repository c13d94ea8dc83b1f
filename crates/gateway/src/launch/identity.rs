//! Which process is meant: a number alone is given to strangers later.

use std::path::Path;
use std::time::Duration;
use std::{fs, io};

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

use super::group;

/// A process: its number, and when it started. No two of a machine have both in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessIdentity {
    pid: u32,
    started: String,
}

/// How much of the machine a process takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Memory that is really in use, in bytes.
    pub memory: u64,
    /// Time of processors since its start.
    pub cpu: Duration,
}

/// What became of a process that an earlier run left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOver {
    /// There is none.
    None,
    /// It was terminated, or killed.
    Ended,
    /// It does not end.
    Remains,
}

impl ProcessIdentity {
    /// Returns a process that runs, or `None`.
    #[must_use]
    pub fn of(pid: u32) -> Option<Self> {
        started(pid).map(|started| Self { pid, started })
    }

    /// Returns a child that nobody has waited for. It may have ended: its number is still its own.
    pub(super) fn of_child(pid: u32) -> Self {
        // A system that has forgotten when it started will not take it for alive either.
        Self { pid, started: noted_start(pid).map(|(_, started)| started).unwrap_or_default() }
    }

    /// Returns its number.
    #[must_use]
    pub const fn pid(&self) -> u32 {
        self.pid
    }

    /// Returns whether it, and no other one of its number, still runs.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        started(self.pid).as_deref() == Some(&self.started)
    }

    /// Returns what it takes, or `None` when it has ended.
    #[must_use]
    pub fn usage(&self) -> Option<Usage> {
        let system = looked_at(self.pid)?;
        let process = system.process(Pid::from_u32(self.pid))?;
        let usage = Usage {
            memory: process.memory(),
            cpu: Duration::from_millis(process.accumulated_cpu_time()),
        };
        self.is_alive().then_some(usage)
    }

    /// Keeps it in a file, so that a later run can recognise it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn store(&self, path: &Path) -> io::Result<()> {
        fs::write(path, format!("{} {}\n", self.pid, self.started))
    }

    /// Returns the process that a file names, if it still runs.
    #[must_use]
    pub fn stored(path: &Path) -> Option<Self> {
        let text = fs::read_to_string(path).ok()?;
        let (pid, started) = text.trim_end().split_once(' ')?;
        let identity = Self { pid: pid.parse().ok()?, started: started.to_owned() };
        identity.is_alive().then_some(identity)
    }

    /// Ends a process that an earlier run left, and its group: asked first, then killed. Waits
    /// `patience` after each.
    ///
    /// A stranger is never hit: the start must be the one that was noted, and once the process has
    /// ended nothing is signalled any more, since its number may be given away.
    ///
    /// # Errors
    /// When the file of its number cannot be removed.
    pub fn end_left_over(path: &Path, patience: Duration) -> io::Result<LeftOver> {
        let Some(identity) = Self::stored(path) else {
            return removed(path).map(|()| LeftOver::None);
        };
        for signal in [group::terminate, group::kill] {
            if identity.is_alive() {
                signal(identity.pid);
            }
            if group::comes_true(patience, || !identity.is_alive()) {
                return removed(path).map(|()| LeftOver::Ended);
            }
        }
        Ok(LeftOver::Remains)
    }
}

/// Removes a file, if it is there.
pub(super) fn removed(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn looked_at(pid: u32) -> Option<System> {
    let mut system = System::new().ok()?;
    let kind = ProcessRefreshKind::nothing().with_memory().with_cpu();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[Pid::from_u32(pid)]), true, kind);
    Some(system)
}

/// Returns when a process started that has not ended.
fn started(pid: u32) -> Option<String> {
    noted_start(pid).and_then(|(has_ended, started)| (!has_ended).then_some(started))
}

/// Returns whether a process has ended, and when it started: in ticks since a start of the machine,
/// since the clock may be set.
#[cfg(target_os = "linux")]
fn noted_start(pid: u32) -> Option<(bool, String)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before the last parenthesis may hold anything; then come the state, 18 fields that
    // do not matter here, and the start.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ');
    let has_ended = matches!(fields.next()?, "Z" | "X");
    let ticks = fields.nth(18)?;
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some((has_ended, format!("{}:{ticks}", boot.trim_end())))
}

/// Returns whether a process has ended, and when it started, as the system notes it.
#[cfg(not(target_os = "linux"))]
fn noted_start(pid: u32) -> Option<(bool, String)> {
    use sysinfo::ProcessStatus;

    let system = looked_at(pid)?;
    let process = system.process(Pid::from_u32(pid))?;
    let has_ended = matches!(process.status(), ProcessStatus::Zombie | ProcessStatus::Dead);
    Some((has_ended, process.start_time().to_string()))
}

#[cfg(all(test, unix))]
mod tests;
