//! `gatehouse run` as a process, and the command line beside it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::{Lines, bin};

/// A running headless instance; killed with this value.
pub struct Gatehouse {
    child: Child,
    data_dir: PathBuf,
}

impl Gatehouse {
    /// Starts it and waits until it is ready.
    ///
    /// # Errors
    /// When it is not ready within 30 s.
    pub fn start(gateway: &str, data_dir: &Path, bots: &[String]) -> anyhow::Result<Self> {
        Self::run(&["--gateway", gateway], &[], data_dir, bots)
    }

    /// Starts it with the Gateway that its settings name, and waits until it is ready.
    ///
    /// # Errors
    /// When it is not ready within 30 s.
    pub fn start_as_set(data_dir: &Path, bots: &[String]) -> anyhow::Result<Self> {
        Self::run(&[], &[], data_dir, bots)
    }

    /// Starts it as somebody else would, with an environment of their own.
    ///
    /// # Errors
    /// When it is not ready within 30 s.
    pub fn start_within(
        environment: &[(&str, String)],
        data_dir: &Path,
        bots: &[String],
    ) -> anyhow::Result<Self> {
        Self::run(&[], environment, data_dir, bots)
    }

    fn run(
        args: &[&str],
        environment: &[(&str, String)],
        data_dir: &Path,
        bots: &[String],
    ) -> anyhow::Result<Self> {
        let mut command = Command::new(bin("gatehouse")?);
        command.arg("run").args(args).arg("--data-dir").arg(data_dir);
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        for bot in bots {
            command.args(["--bot", bot]);
        }
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting gatehouse")?;
        let stdout = child.stdout.take().context("reading what gatehouse prints")?;
        let running = Self { child, data_dir: data_dir.to_owned() };
        Lines::read(stdout)
            .wait(Duration::from_secs(30), |line| line == "ready")
            .context("waiting for gatehouse to be ready")?;
        Ok(running)
    }

    /// Kills it as a power cut would, and waits until it is gone.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub fn kill_9(mut self) -> anyhow::Result<()> {
        self.child.kill().context("killing gatehouse")?;
        self.child.wait().context("waiting for the end of gatehouse").map(drop)
    }

    /// Returns how much time of the processor it has used, to 10 ms.
    ///
    /// # Errors
    /// When the system does not say it.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let (_, fields) = stat.rsplit_once(')').context("reading the process's figures")?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        // Of user and system, in hundredths of a second; proc(5).
        let ticks = fields.get(11..13).context("reading the process's times")?;
        let sum: u64 = ticks.iter().filter_map(|it| it.parse::<u64>().ok()).sum();
        Ok(Duration::from_millis(sum * 10))
    }

    /// Runs a command of the command line on the same data directory.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn cli(&self, args: &[&str]) -> anyhow::Result<Output> {
        cli(&self.data_dir, args)
    }

    /// Runs a command of the command line with a line of standard input.
    ///
    /// # Errors
    /// When it cannot be started, or does not read.
    pub fn cli_told(&self, args: &[&str], line: &str) -> anyhow::Result<Output> {
        let mut child = Command::new(bin("gatehouse")?)
            .args(args)
            .arg("--data-dir")
            .arg(&self.data_dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting gatehouse {args:?}"))?;
        let mut stdin = child.stdin.take().context("telling it a line")?;
        writeln!(stdin, "{line}").context("telling it a line")?;
        drop(stdin);
        child.wait_with_output().context("waiting for its end")
    }

    /// Returns the state of everything.
    ///
    /// # Errors
    /// When the running instance does not say it.
    pub fn status(&self) -> anyhow::Result<Value> {
        let output = self.cli(&["status", "--json"])?;
        if !output.status.success() {
            bail!("gatehouse status: {}", String::from_utf8_lossy(&output.stderr));
        }
        serde_json::from_slice(&output.stdout).context("reading the status")
    }
}

/// Runs a command of the command line on a data directory.
///
/// # Errors
/// When it cannot be started.
pub fn cli(data_dir: &Path, args: &[&str]) -> anyhow::Result<Output> {
    Command::new(bin("gatehouse")?)
        .args(args)
        .arg("--data-dir")
        .arg(data_dir)
        .output()
        .with_context(|| format!("starting gatehouse {args:?}"))
}

impl Drop for Gatehouse {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).ok();
    }
}
