//! `gatehouse-sim` as a process of its own, outside Gatehouse.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::{Lines, bin};

/// Far longer than it takes to listen.
const LISTENS_WITHIN: Duration = Duration::from_secs(10);

/// A running simulator; ends with this value.
pub struct Simulator {
    child: Child,
    address: String,
    control: Option<String>,
    record: PathBuf,
}

impl Simulator {
    /// Starts it on a free port, recording below `dir`, with further arguments.
    ///
    /// # Errors
    /// When it does not listen within 10 s.
    pub fn start(dir: &Path, args: &[&str]) -> anyhow::Result<Self> {
        Self::listen(dir, 0, args)
    }

    /// Starts it on a port, 0 for any, so that drills can be given to it.
    ///
    /// # Errors
    /// When it does not listen within 10 s.
    pub fn rehearse(dir: &Path, port: u16, args: &[&str]) -> anyhow::Result<Self> {
        Self::listen(dir, port, &[args, &["--control", "0"]].concat())
    }

    fn listen(dir: &Path, port: u16, args: &[&str]) -> anyhow::Result<Self> {
        let record = dir.join("simulator-record.jsonl");
        let mut child = Command::new(bin("gatehouse-sim")?)
            .args(["--listen", &format!("127.0.0.1:{port}"), "--record"])
            .arg(&record)
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting gatehouse-sim")?;
        let stdout = child.stdout.take().context("reading what gatehouse-sim prints")?;
        let lines = Lines::read(stdout);
        let said = |word: &'static str| -> anyhow::Result<String> {
            let line = lines
                .wait(LISTENS_WITHIN, |line| line.starts_with(word))
                .context("waiting for gatehouse-sim")?;
            Ok(line.trim_start_matches(word).trim().to_owned())
        };
        let address = said("listening ")?;
        let control = args.contains(&"--control").then(|| said("control ")).transpose()?;
        Ok(Self { child, address, control, record })
    }

    /// Has it take a drill.
    ///
    /// # Errors
    /// When it takes none, or not this one.
    pub fn drill(&self, line: &str) -> anyhow::Result<()> {
        self.say(line).map(drop)
    }

    /// Returns how things are there: sessions, orders, counters.
    ///
    /// # Errors
    /// When it takes no drills.
    pub fn state(&self) -> anyhow::Result<Value> {
        Ok(self.say(r#"{"do":"state"}"#)?["state"].take())
    }

    fn say(&self, line: &str) -> anyhow::Result<Value> {
        let control = self.control.as_ref().context("it was started to take drills")?;
        let mut socket = TcpStream::connect(control).context("reaching its control port")?;
        writeln!(socket, "{line}").context("giving it a drill")?;
        let mut answer = String::new();
        BufReader::new(socket).read_line(&mut answer).context("reading its answer")?;
        let answer: Value = serde_json::from_str(&answer).context("reading its answer")?;
        ensure!(answer["ok"] == true, "{line}: {answer}");
        Ok(answer)
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
