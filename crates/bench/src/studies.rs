//! Time of each chart study over a million bars, beside TA-Lib from its wheel where it has the
//! study, in the same run and on the same bars.

use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use gatehouse_studies::{Input, Kind, compute};
use serde_json::Value;

use crate::figures::{Samples, Table, micros, publish, ratio};

const N_BARS: u32 = 1_000_000;
const N_ROUNDS: usize = 7;

/// The peer's script, which reads the bars of a file and prints one object.
const PEER: &str = include_str!("talib_studies.py");

/// Columns of a walk in cents, in sessions of 390 bars.
#[derive(Default)]
struct Bars {
    prices: [Vec<f64>; 4],
    volume: Vec<f64>,
    session_start: Vec<bool>,
}

impl Bars {
    fn walk() -> Self {
        let mut bars = Self::default();
        let mut state = 20_240_607_u64;
        let mut close = 1_000_000.0;
        for index in 0..N_BARS {
            // Park and Miller's generator.
            state = state * 48_271 % 2_147_483_647;
            let die = |from: u64, below: u32| {
                f64::from(u32::try_from(state / from % u64::from(below)).unwrap_or_default())
            };
            let open = close + die(1, 7) - 3.0;
            close = open + die(7, 81) - 40.0;
            let (high, low) = (open.max(close) + die(567, 25), open.min(close) - die(14_175, 25));
            for (column, price) in bars.prices.iter_mut().zip([open, high, low, close]) {
                column.push(price / 100.0);
            }
            bars.volume.push(die(354_375, 1_000));
            bars.session_start.push(index % 390 == 0);
        }
        bars
    }

    fn input(&self) -> Input<'_> {
        let [open, high, low, close] = &self.prices;
        let (volume, session_start) = (&self.volume, &self.session_start);
        Input { open, high, low, close, volume, session_start }
    }

    /// Writes opens, highs, lows, closes and volumes behind each other, little-endian.
    fn write(&self, to: &Path) -> anyhow::Result<()> {
        let columns = self.prices.iter().chain([&self.volume]).flatten();
        let bytes: Vec<u8> = columns.flat_map(|value| value.to_le_bytes()).collect();
        std::fs::write(to, bytes).with_context(|| format!("writing {}", to.display()))
    }
}

/// Measures and publishes.
pub(crate) fn measure(dir: &Path, peer: Option<&str>) -> anyhow::Result<()> {
    let bars = Bars::walk();
    let theirs = match peer {
        Some(python) => Some(of_peer(python, &bars)?),
        None => {
            println!("The peer was not measured: no Python with TA-Lib was named.");
            None
        }
    };
    let heads = ["study", "lines", "p50 µs", "ns a bar", "TA-Lib p50 µs", "÷ Gatehouse"];
    let title = "Studies over 1,000,000 bars, with their usual params";
    let mut table = Table::new(title, &heads);
    for kind in Kind::ALL {
        let p50 = time(*kind, &bars)?;
        let nanos = (p50 * 10 / N_BARS).as_nanos();
        let their = theirs.as_ref().and_then(|told| told[kind.name()].as_u64());
        let their = their.map(Duration::from_nanos);
        table.row(&[
            kind.title(),
            &kind.lines().len().to_string(),
            &micros(p50),
            &format!("{}.{}", nanos / 10, nanos % 10),
            &their.map_or_else(|| "–".to_owned(), micros),
            &their.map_or_else(|| "–".to_owned(), |their| ratio(their, p50)),
        ]);
    }
    publish(dir, "studies", &[table])
}

fn time(kind: Kind, bars: &Bars) -> anyhow::Result<Duration> {
    let mut samples = Samples::default();
    for _ in 0..N_ROUNDS {
        let begin = Instant::now();
        black_box(compute(kind, &[], black_box(&bars.input()))?);
        samples.add(begin.elapsed());
    }
    Ok(samples.p50())
}

/// Returns the peer's p50 in ns by the name of the study.
fn of_peer(python: &str, bars: &Bars) -> anyhow::Result<Value> {
    let home = tempfile::tempdir().context("making a folder for the bars")?;
    let file = home.path().join("bars");
    bars.write(&file)?;
    let rounds = N_ROUNDS.to_string();
    let mut command = Command::new(python);
    command.args(["-c", PEER]).arg(&file).arg(&rounds);
    let output = command.output().context("starting the peer")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the peer failed: {said}");
    serde_json::from_slice(&output.stdout).context("reading the peer")
}
