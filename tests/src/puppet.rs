//! A bot on ib_async that does what a test tells it.

use std::io::Write as _;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use serde_json::Value;

use crate::{Lines, python};

/// Far longer than any answer takes.
const LONG: Duration = Duration::from_secs(40);

/// The running bot; ends with this value.
pub struct Puppet {
    child: Child,
    stdin: ChildStdin,
    lines: Lines,
}

impl Puppet {
    /// Starts it; it connects when it is told to.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(port: u16, client_id: u16) -> anyhow::Result<Self> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/python/puppet.py");
        let mut child = Command::new(python()?)
            .args([script, "--port", &port.to_string(), "--client-id", &client_id.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("starting the bot")?;
        let stdin = child.stdin.take().context("telling the bot what to do")?;
        let stdout = child.stdout.take().context("reading what the bot says")?;
        Ok(Self { child, stdin, lines: Lines::read(stdout) })
    }

    /// Tells it what to do.
    ///
    /// # Errors
    /// When it has ended.
    pub fn pull(&mut self, string: &Value) -> anyhow::Result<()> {
        writeln!(self.stdin, "{string}").context("telling the bot what to do")
    }

    /// Waits until it tells something.
    ///
    /// # Errors
    /// When it ended, or nothing of the kind came.
    pub fn tells(&self, wanted: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
        let event = |line: &str| serde_json::from_str::<Value>(line).unwrap_or_default();
        let line = self.lines.wait(LONG, |line| wanted(&event(line)))?;
        Ok(event(&line))
    }
}

impl Drop for Puppet {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).ok();
    }
}
