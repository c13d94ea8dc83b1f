//! One client's day through Gatehouse: a simulator, Gatehouse and the client for itself, a tap on
//! both sides, and the judgement from outside the client.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;
use tempfile::TempDir;

use super::client::{ACTIONS, Client};
use super::equality::{Compared, compare};
use super::tap::Tap;
use crate::{Evidence, Gatehouse, Lines, Simulator, free_port};

const CLIENT_ID: i64 = 21;
const BOT: &str = "bot";
const SYMBOL: &str = "SPY";

/// The market has been open for a while, so that there are bars.
const START: &str = "2026-01-05T11:00";

/// Longest time for a day in which every action runs into its own deadline.
const DAY_WITHIN: Duration = Duration::from_secs(240);

/// A client, the simulator's newest version, and the version that the client is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    pub client: Client,
    pub simulator: i64,
    /// `None` for the newest that the client offers by itself.
    pub held_to: Option<i64>,
}

impl Setting {
    /// Returns the server version that client and simulator agree on.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.held_to.unwrap_or(self.client.newest).min(self.simulator)
    }
}

/// What came of a day.
#[derive(Debug)]
pub struct Day {
    pub setting: Setting,
    pub cells: Vec<Cell>,
    /// What the judges outside the client found; the reason when they disagree.
    pub proof: Result<Proof, String>,
    pub took: Duration,
    /// Where ledger and records are, when something went wrong.
    pub folder: Option<PathBuf>,
}

/// One action of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub action: &'static str,
    /// What the client saw, or why it did not see what it should.
    pub outcome: Result<String, String>,
}

/// What the records and the taps say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// Orders at the simulator, each allowed once.
    pub n_placed: usize,
    pub compared: Compared,
}

impl Day {
    /// Returns whether every action and every judge is content.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.proof.is_ok() && self.cells.iter().all(|cell| cell.outcome.is_ok())
    }
}

/// Lives through a day. What goes wrong is part of the outcome.
#[must_use]
pub fn live(setting: Setting) -> Day {
    let begin = Instant::now();
    let mut cells = Vec::new();
    let dir = tempfile::tempdir().context("making a folder");
    let proof = dir
        .as_ref()
        .map_err(|error| format!("{error:#}"))
        .and_then(|dir| act(setting, dir.path(), &mut cells).map_err(|error| format!("{error:#}")));
    let why = proof.as_ref().err().cloned().unwrap_or_else(|| "the driver ended early".to_owned());
    for action in ACTIONS.iter().skip(cells.len()) {
        cells.push(Cell { action, outcome: Err(why.clone()) });
    }
    let mut day = Day { setting, cells, proof, took: begin.elapsed(), folder: None };
    if !day.is_whole() {
        day.folder = dir.ok().map(TempDir::keep);
    }
    day
}

fn act(setting: Setting, dir: &Path, cells: &mut Vec<Cell>) -> anyhow::Result<Proof> {
    let mut command = setting.client.command()?;
    let data_dir = dir.join("data");
    let simulator = Simulator::start(
        dir,
        &["--max-version", &setting.simulator.to_string(), "--start", START],
    )?;
    let far = Tap::start(simulator.address())?;
    let port = free_port()?;
    let bots = [format!("{BOT}:{port}:{CLIENT_ID}")];
    let gatehouse = Gatehouse::start(&format!("127.0.0.1:{}", far.port()), &data_dir, &bots)?;
    let near = Tap::start(&format!("127.0.0.1:{port}"))?;
    let mut driver = command
        .args(["127.0.0.1", &near.port().to_string(), &CLIENT_ID.to_string()])
        .args([&setting.held_to.unwrap_or(0).to_string(), SYMBOL])
        .args(ACTIONS)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map(Driver)
        .context("starting the client")?;
    let stderr = Lines::read(driver.0.stderr.take().context("reading the client's errors")?);
    let stdout = Lines::read(driver.0.stdout.take().context("reading what the client prints")?);
    for line in stdout.rest(DAY_WITHIN) {
        cells.push(cell(&line, cells.len())?);
    }
    let complaints = stderr.rest(Duration::from_secs(5)).join(" | ");
    ensure!(cells.len() == ACTIONS.len(), "the driver ended early: {complaints}");
    let is_version_right = cells.first().is_some_and(|cell| match &cell.outcome {
        Ok(saw) => saw.ends_with(&format!(" {}", setting.version())),
        Err(_) => true,
    });
    ensure!(is_version_right, "agreed on another version: {:?}", cells.first());
    let proof = judge(&simulator, &data_dir, &near, &far)?;
    let verified = gatehouse.cli(&["audit", "verify"])?;
    ensure!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    Ok(proof)
}

/// Ends with this value.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.kill().and_then(|()| self.0.wait()).ok();
    }
}

fn cell(line: &str, index: usize) -> anyhow::Result<Cell> {
    let said: Value = serde_json::from_str(line).with_context(|| format!("reading {line:?}"))?;
    let action = ACTIONS.get(index).context("more lines than actions")?;
    if said["action"] != **action {
        bail!("{} instead of {action}", said["action"]);
    }
    let saw = said["saw"].as_str().unwrap_or_default().to_owned();
    Ok(Cell { action, outcome: if said["ok"] == true { Ok(saw) } else { Err(saw) } })
}

/// Holds the simulator's record against the ledger, and the bytes of one side against the other.
fn judge(simulator: &Simulator, data_dir: &Path, near: &Tap, far: &Tap) -> anyhow::Result<Proof> {
    let evidence = Evidence::read(simulator.record(), data_dir)?;
    let n_placed = evidence.check()?;
    let refused = evidence.refused()?;
    if let Some(sent) = evidence.received.iter().find(|frame| refused.contains(&frame.sha256)) {
        bail!("a refused order reached the simulator: {sent:?}");
    }
    let compared = compare(&near.streams(), &far.streams(), CLIENT_ID, &refused)?;
    Ok(Proof { n_placed, compared })
}
