//! `gatehouse-sim` as a process of its own, outside Gatehouse.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;

use crate::{Lines, bin};

/// A running simulator; ends with this value.
pub struct Simulator {
    child: Child,
    address: String,
    record: PathBuf,
}

impl Simulator {
    /// Starts it on a free port, recording below `dir`, with further arguments.
    ///
    /// # Errors
    /// When it does not listen within 10 s.
    pub fn start(dir: &Path, args: &[&str]) -> anyhow::Result<Self> {
        let record = dir.join("simulator-record.jsonl");
        let mut child = Command::new(bin("gatehouse-sim")?)
            .args(["--listen", "127.0.0.1:0", "--record"])
            .arg(&record)
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting gatehouse-sim")?;
        let stdout = child.stdout.take().context("reading what gatehouse-sim prints")?;
        let line = Lines::read(stdout)
            .wait(Duration::from_secs(10), |line| line.starts_with("listening "))
            .context("waiting for gatehouse-sim")?;
        let address = line.trim_start_matches("listening ").to_owned();
        Ok(Self { child, address, record })
    }

    /// Returns `HOST:PORT`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Returns the file in which it writes every order-bearing frame that it receives.
    #[must_use]
    pub fn record(&self) -> &Path {
        &self.record
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).ok();
    }
}
