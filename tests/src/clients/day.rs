//! One client's day, straight at a simulator of its own or through a Gatehouse of its own, with
//! taps on every connection and the judgement from outside the client.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use tempfile::TempDir;

use super::client::{ACTIONS, Client, OF_GATEHOUSE};
use super::driver::{Cell, Task, drive};
use super::equality::{Compared, compare};
use super::frames::{ERROR, Session};
use super::tap::Tap;
use crate::{Evidence, Gatehouse, Simulator, free_port};

const CLIENT_ID: i64 = 21;
const BOT: &str = "bot";

/// The market has been open for a while, so that there are bars.
const START: &str = "2026-01-05T11:00";

/// What lies between a client and the simulator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    Straight,
    Gatehouse,
}

/// A client, its way, the simulator's newest version, and the version that the client is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    pub client: Client,
    pub route: Route,
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

    /// Returns the actions of the day.
    #[must_use]
    pub fn actions(&self) -> Vec<&'static str> {
        let is_done = |action: &&str| self.route == Route::Gatehouse || *action != OF_GATEHOUSE;
        ACTIONS.into_iter().filter(is_done).collect()
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

/// What the records and the taps say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The simulator understood everything: how many frames went by.
    Straight { n_frames: usize },
    /// Orders at the simulator, each allowed once, and every frame as it was sent.
    Gatehouse { n_placed: usize, compared: Compared },
}

impl Proof {
    /// Returns how many frames were looked at.
    #[must_use]
    pub fn n_frames(&self) -> usize {
        match self {
            Self::Straight { n_frames } => *n_frames,
            Self::Gatehouse { compared, .. } => compared.n_equal,
        }
    }
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
    for action in setting.actions().into_iter().skip(cells.len()) {
        cells.push(Cell { action, outcome: Err(why.clone()) });
    }
    let mut day = Day { setting, cells, proof, took: begin.elapsed(), folder: None };
    if !day.is_whole() {
        day.folder = dir.ok().map(TempDir::keep);
    }
    day
}

fn act(setting: Setting, dir: &Path, cells: &mut Vec<Cell>) -> anyhow::Result<Proof> {
    if let Some(why) = setting.client.missing() {
        bail!(why);
    }
    let simulator = Simulator::start(
        dir,
        &["--max-version", &setting.simulator.to_string(), "--start", START],
    )?;
    let far = Tap::start(simulator.address())?;
    let proof = match setting.route {
        Route::Straight => {
            act_on(setting, &far, cells)?;
            understood(&far)?
        }
        Route::Gatehouse => through_gatehouse(setting, dir, &simulator, &far, cells)?,
    };
    let is_version_right = cells.first().is_some_and(|cell| match &cell.outcome {
        Ok(saw) => saw.ends_with(&format!(" {}", setting.version())),
        Err(_) => true,
    });
    ensure!(is_version_right, "agreed on another version: {:?}", cells.first());
    Ok(proof)
}

fn act_on(setting: Setting, tap: &Tap, cells: &mut Vec<Cell>) -> anyhow::Result<()> {
    let task = Task {
        port: tap.port(),
        client_id: CLIENT_ID,
        held_to: setting.held_to,
        actions: &setting.actions(),
    };
    drive(&setting.client, task, cells)
}

fn through_gatehouse(
    setting: Setting,
    dir: &Path,
    simulator: &Simulator,
    far: &Tap,
    cells: &mut Vec<Cell>,
) -> anyhow::Result<Proof> {
    let data_dir = dir.join("data");
    let port = free_port()?;
    let bots = [format!("{BOT}:{port}:{CLIENT_ID}")];
    let gatehouse = Gatehouse::start(&format!("127.0.0.1:{}", far.port()), &data_dir, &bots)?;
    let near = Tap::start(&format!("127.0.0.1:{port}"))?;
    act_on(setting, &near, cells)?;
    let proof = judge(simulator, &data_dir, &near, far)?;
    let verified = gatehouse.cli(&["audit", "verify"])?;
    ensure!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    Ok(proof)
}

/// What the simulator says of a frame that it did not understand, or does not answer.
const NOT_UNDERSTOOD: [&str; 2] = ["Error reading request", "The simulated Gateway"];

/// Looks through what the simulator answered: a library sent nothing that it did not understand.
fn understood(tap: &Tap) -> anyhow::Result<Proof> {
    let mut n_frames = 0;
    for streams in tap.streams() {
        let Some(session) = Session::cut(&streams)? else { continue };
        n_frames += session.to_server.len() + session.to_client.len();
        let complaint = session
            .to_client
            .iter()
            .find(|frame| frame.id == ERROR && NOT_UNDERSTOOD.iter().any(|text| frame.says(text)));
        if let Some(frame) = complaint {
            bail!("{}", frame.shown());
        }
    }
    ensure!(n_frames > 0, "the client had no session");
    Ok(Proof::Straight { n_frames })
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
    Ok(Proof::Gatehouse { n_placed, compared })
}
