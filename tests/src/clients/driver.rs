//! A client's driver as a process: what it is asked to do, and what it prints.

use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

use super::client::Client;
use crate::Lines;

const SYMBOL: &str = "SPY";

/// Longest time for a day in which every action runs into its own deadline.
const DAY_WITHIN: Duration = Duration::from_secs(240);

/// What a driver is asked to do.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    pub port: u16,
    pub client_id: i64,
    /// The newest server version that the client may offer; `None` for its own.
    pub held_to: Option<i64>,
    pub actions: &'a [&'static str],
}

/// One action and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub action: &'static str,
    /// What the client saw, or why it did not see what it should.
    pub outcome: Result<String, String>,
}

/// Ends with this value.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.kill().and_then(|()| self.0.wait()).ok();
    }
}

/// Runs a client's driver to its end, and adds a cell for each action that it reported.
///
/// # Errors
/// When the client is not installed, or the driver does not report every action.
pub fn drive(client: &Client, task: Task<'_>, cells: &mut Vec<Cell>) -> anyhow::Result<()> {
    let mut driver = client
        .command()?
        .args(["127.0.0.1", &task.port.to_string(), &task.client_id.to_string()])
        .args([&task.held_to.unwrap_or(0).to_string(), SYMBOL])
        .args(task.actions)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map(Driver)
        .context("starting the client")?;
    let stderr = Lines::read(driver.0.stderr.take().context("reading the client's errors")?);
    let stdout = Lines::read(driver.0.stdout.take().context("reading what the client prints")?);
    let lines = stdout.rest(DAY_WITHIN);
    for (line, action) in lines.iter().zip(task.actions) {
        cells.push(cell(line, action)?);
    }
    let complaints = stderr.rest(Duration::from_secs(5)).join(" | ");
    ensure!(lines.len() == task.actions.len(), "the driver ended early: {complaints}");
    Ok(())
}

fn cell(line: &str, action: &'static str) -> anyhow::Result<Cell> {
    let said: Value = serde_json::from_str(line).with_context(|| format!("reading {line:?}"))?;
    if said["action"] != *action {
        bail!("{} instead of {action}", said["action"]);
    }
    let saw = said["saw"].as_str().unwrap_or_default().to_owned();
    Ok(Cell { action, outcome: if said["ok"] == true { Ok(saw) } else { Err(saw) } })
}
