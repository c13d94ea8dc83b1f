//! The simulator as a process: ticks that reach its clients, time from placeOrder to its
//! acknowledgement, and what it takes of memory while it serves.

mod crowd;
mod day;
mod guest;
mod orders;
mod soak;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::Context as _;

use crate::figures::publish;

pub(crate) use day::days;
pub(crate) use soak::soak;

/// Measures and publishes.
pub(crate) fn measure(dir: &Path, program: &Path) -> anyhow::Result<()> {
    publish(dir, "sim", &[orders::acknowledged(program)?, crowd::sustained(program)?])
}

/// A running simulator.
pub(crate) struct Sim {
    child: Child,
    pub(crate) port: u16,
}

impl Sim {
    pub(crate) fn start(program: &Path, flags: &[&str]) -> anyhow::Result<Self> {
        let mut command = Command::new(program);
        command.args(["--listen", "127.0.0.1:0", "--start", "2026-01-05T10:00"]);
        command.args(["--lines", "2000", "--pacing", "off"]).args(flags);
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let mut line = String::new();
        let stdout = child.stdout.take().context("its output")?;
        BufReader::new(stdout).read_line(&mut line).context("waiting for its port")?;
        let port = line.trim().rsplit(':').next().and_then(|port| port.parse().ok());
        let port = port.with_context(|| format!("it said {line:?}"))?;
        Ok(Self { child, port })
    }

    /// Returns what it holds of memory.
    fn memory_kib(&self) -> anyhow::Result<u64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
        kib.context("a process without memory")
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).ok();
    }
}
