//! A download under the broker's pacing rules: with answers that are bent and the program killed, the
//! same bars come as without, and nothing is asked too often.
//!
//! The simulator paces bars of half a minute and less by the rules of the broker, on the clock of the
//! wall, and counts who breaks them: over all lives of the program, as a broker would. Each of the two
//! downloads has a simulator of its own, as two programs share the budget of one login.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use gatehouse_tests::{Gatehouse, Simulator};
use serde_json::Value;

use super::{Name, Series, kept, view};

/// Series of one size and kind, over regular hours up to [`TO`].
struct Set {
    symbols: &'static [&'static str],
    bar: &'static str,
    bar_secs: u32,
    what: &'static str,
    from: &'static str,
    /// Sessions, how many of them are half days, and changes of clocks between them.
    n_days: usize,
    n_halves: usize,
    n_changes: usize,
}

impl Set {
    /// A session has six and a half hours, half a day three and a half.
    fn n_bars(&self) -> usize {
        (self.n_days * 23_400 - self.n_halves * 10_800)
            / usize::try_from(self.bar_secs).unwrap_or(1)
    }
}

struct Plan {
    sets: [Set; 3],
    /// How many requests for bars the broker has seen when the program is killed.
    kills: [u64; 3],
    within: Duration,
}

const TO: &str = "2026-01-02";

/// A quarter with a change of clocks, two holidays and two half days, within the budget of ten
/// minutes.
const SHORT: Plan = Plan {
    sets: [
        Set {
            symbols: &["AAPL", "SPY", "IBM"],
            bar: "1m",
            bar_secs: 60,
            what: "TRADES",
            from: "2025-10-20",
            n_days: 52,
            n_halves: 2,
            n_changes: 1,
        },
        Set {
            symbols: &["QQQ"],
            bar: "30s",
            bar_secs: 30,
            what: "TRADES",
            from: "2025-12-23",
            n_days: 7,
            n_halves: 1,
            n_changes: 0,
        },
        Set {
            symbols: &["AAPL"],
            bar: "30s",
            bar_secs: 30,
            what: "BID_ASK",
            from: "2025-12-29",
            n_days: 4,
            n_halves: 0,
            n_changes: 0,
        },
    ],
    kills: [6, 9, 11],
    within: Duration::from_secs(240),
};

/// Ten series over two years, and more small bars than ten minutes allow: `GATEHOUSE_DOWNLOAD=long`.
const LONG: Plan = Plan {
    sets: [
        Set {
            symbols: &["AAPL", "MSFT", "TSLA", "IBM", "SPY", "NVDA", "IWM", "DIA", "VOO", "GLD"],
            bar: "1m",
            bar_secs: 60,
            what: "TRADES",
            from: "2024-01-02",
            n_days: 504,
            n_halves: 6,
            n_changes: 4,
        },
        Set {
            symbols: &["QQQ"],
            bar: "30s",
            bar_secs: 30,
            what: "TRADES",
            from: "2025-11-17",
            n_days: 32,
            n_halves: 2,
            n_changes: 0,
        },
        Set {
            symbols: &["AAPL"],
            bar: "30s",
            bar_secs: 30,
            what: "BID_ASK",
            from: "2025-12-15",
            n_days: 13,
            n_halves: 1,
            n_changes: 0,
        },
    ],
    kills: [30, 150, 290],
    within: Duration::from_secs(3_000),
};

/// What is wrong with answers: of two symbols always, of two others until bars of them came. Whoever
/// asks them again has to wait for fifteen seconds.
const FAULTS: [(&str, &str); 4] =
    [("AAPL", "doubled"), ("SPY", "shuffled"), ("IBM", "partial"), ("QQQ", "holes")];

/// Whose answers are whole when they are asked for again.
const AT_FIRST: [&str; 2] = ["IBM", "QQQ"];

/// What came of a download.
struct Done {
    bars: BTreeMap<Name, Series>,
    /// The simulator's counters.
    counters: Value,
    /// How often the program was told at its end that it asks too often.
    n_told: usize,
    /// When each set was there.
    took: [Option<Duration>; 3],
    /// How often the budget of ten minutes was waited for.
    n_waits: usize,
}

impl Done {
    fn n_requests(&self, set: &Set) -> u64 {
        let size = if set.bar_secs == 60 { "1 min" } else { "30 secs" };
        self.counters["bars"][format!("{size} {}", set.what)].as_u64().unwrap_or_default()
    }

    fn n_violations(&self) -> Option<u64> {
        self.counters["pacing_violations"].as_u64()
    }

    fn print(&self, name: &str, plan: &Plan) {
        for (set, took) in plan.sets.iter().zip(self.took) {
            println!(
                "{name}: {} series of {} {} since {} ({} days, {} half, {} changes of clocks): {} \
                 bars, {} requests, {:.1} s",
                set.symbols.len(),
                set.bar,
                set.what,
                set.from,
                set.n_days,
                set.n_halves,
                set.n_changes,
                set.n_bars() * set.symbols.len(),
                self.n_requests(set),
                took.unwrap_or_default().as_secs_f64()
            );
        }
        println!(
            "{name}: {} waits for the budget of ten minutes, {} violations of pacing",
            self.n_waits,
            self.n_violations().unwrap_or(u64::MAX)
        );
    }
}

/// Looks how far a download is.
struct Watch<'a> {
    plan: &'a Plan,
    begun: Instant,
    took: [Option<Duration>; 3],
    n_waits: usize,
    is_waiting: bool,
}

impl<'a> Watch<'a> {
    fn begin(plan: &'a Plan) -> Self {
        Self { plan, begun: Instant::now(), took: [None; 3], n_waits: 0, is_waiting: false }
    }

    /// Returns whether all is there.
    fn look(&mut self, gatehouse: &Gatehouse) -> anyhow::Result<bool> {
        let view = view(gatehouse)?;
        let jobs = view["jobs"].as_array().context("there are jobs")?;
        if let Some(why) = jobs.iter().find_map(|job| job["why_blocked"].as_str()) {
            bail!("a job does not go on: {why}");
        }
        for (set, took) in self.plan.sets.iter().zip(&mut self.took) {
            let is_of_it = |job: &Value| job["bar"] == set.bar && job["what"] == set.what;
            if took.is_none() && !jobs.iter().any(is_of_it) {
                *took = Some(self.begun.elapsed());
            }
        }
        let was_waiting = self.is_waiting;
        self.is_waiting = view["wait"]["reason"] == "budget";
        self.n_waits += usize::from(self.is_waiting && !was_waiting);
        let within = self.plan.within;
        ensure!(self.begun.elapsed() < within, "not done within {within:?}: {view:#}");
        Ok(jobs.is_empty())
    }
}

fn fill(gatehouse: &Gatehouse, set: &Set) -> anyhow::Result<()> {
    for symbol in set.symbols {
        let asked = ["history", "fill", "--background", "--regular", "--symbol", symbol];
        let bars = ["--bar", set.bar, "--what", set.what, "--from", set.from, "--to", TO];
        let output = gatehouse.cli(&[&asked[..], &bars].concat())?;
        ensure!(output.status.success(), "{output:?}");
    }
    Ok(())
}

/// Downloads all of a plan in `dir`, as it is, or bent and killed each time that the broker has seen
/// so many requests for bars.
fn download(dir: &Path, plan: &Plan, is_bent: bool) -> anyhow::Result<Done> {
    std::fs::create_dir(dir)?;
    let simulator = Simulator::rehearse(dir, 0, &["--seed", "7"])?;
    let data_dir = dir.join("data");
    for (symbol, fault) in FAULTS.iter().filter(|_| is_bent) {
        let line = format!(r#"{{"do":"history","symbol":"{symbol}","as":"{fault}"}}"#);
        simulator.drill(&line)?;
    }
    let mut gatehouse = Gatehouse::start(simulator.address(), &data_dir, &[])?;
    let mut watch = Watch::begin(plan);
    for set in &plan.sets {
        fill(&gatehouse, set)?;
    }
    if is_bent {
        // Each at once: what is bent again when it is asked for again is believed.
        let mut bent = AT_FIRST.to_vec();
        while !bent.is_empty() {
            ensure!(!watch.look(&gatehouse)?, "it is done without bars");
            let view = view(&gatehouse)?;
            let (came, left): (Vec<&str>, Vec<&str>) =
                bent.into_iter().partition(|symbol| has_bars(&view, symbol));
            bent = left;
            for symbol in came {
                simulator.drill(&format!(r#"{{"do":"usual","symbol":"{symbol}"}}"#))?;
            }
        }
    }
    for n_requests in plan.kills.iter().filter(|_| is_bent) {
        while n_asked(&simulator.state()?) < *n_requests {
            ensure!(!watch.look(&gatehouse)?, "it is done with less than {n_requests} requests");
            std::thread::park_timeout(Duration::from_millis(50));
        }
        gatehouse.kill_9()?;
        gatehouse = Gatehouse::start(simulator.address(), &data_dir, &[])?;
    }
    while !watch.look(&gatehouse)? {
        std::thread::park_timeout(Duration::from_millis(500));
    }
    let n_told = n_told(&gatehouse)?;
    gatehouse.kill_9()?;
    let Watch { took, n_waits, .. } = watch;
    Ok(Done {
        bars: kept(&data_dir)?,
        counters: simulator.state()?["counters"].take(),
        n_told,
        took,
        n_waits,
    })
}

/// Returns whether bars of a symbol came.
fn has_bars(view: &Value, symbol: &str) -> bool {
    let jobs = view["jobs"].as_array().map(Vec::as_slice).unwrap_or_default();
    jobs.iter().any(|job| job["symbol"] == symbol && job["n_bars"].as_u64() > Some(0))
}

/// Returns how many requests for bars the simulator has seen.
fn n_asked(state: &Value) -> u64 {
    let bars = state["counters"]["bars"].as_object();
    bars.into_iter().flat_map(|bars| bars.values()).filter_map(Value::as_u64).sum()
}

/// Returns how often the program was told that it asked too often.
fn n_told(gatehouse: &Gatehouse) -> anyhow::Result<usize> {
    let output = gatehouse.cli(&["codes", "--json"])?;
    let said = String::from_utf8_lossy(&output.stdout);
    let rows: Vec<Value> = said.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let rows = rows.iter().filter(|row| row["meaning"]["category"] == "pacing");
    Ok(rows.count())
}

/// Checks that the first bars are those of the plan, and the others the same.
fn compare(plan: &Plan, whole: &Done, bent: &Done) -> anyhow::Result<()> {
    for set in &plan.sets {
        for symbol in set.symbols {
            let name = ((*symbol).to_owned(), set.bar_secs, set.what.to_owned());
            let bars = whole.bars.get(&name).with_context(|| format!("{name:?} is missing"))?;
            ensure!(bars.len() == set.n_bars(), "{name:?}: {} bars", bars.len());
            let others = bent.bars.get(&name).with_context(|| format!("no bent {name:?}"))?;
            let differs = bars.iter().find(|(at, bar)| others.get(at) != Some(bar));
            ensure!(
                differs.is_none() && others.len() == bars.len(),
                "{name:?}: {} bars, not {}; {differs:?} is {:?}",
                others.len(),
                bars.len(),
                differs.map(|(at, _)| others.get(at))
            );
        }
    }
    Ok(())
}

#[test]
fn a_download_that_is_bent_and_killed_brings_what_the_whole_one_brings() -> anyhow::Result<()> {
    let is_long = std::env::var("GATEHOUSE_DOWNLOAD").is_ok_and(|it| it == "long");
    let plan = if is_long { LONG } else { SHORT };
    let dir = tempfile::tempdir()?;
    let (whole, bent) = std::thread::scope(|scope| {
        let whole = scope.spawn(|| download(&dir.path().join("whole"), &plan, false));
        let bent = download(&dir.path().join("bent"), &plan, true);
        (whole.join(), bent)
    });
    let whole = whole.map_err(|_| anyhow::anyhow!("the whole download panicked"))??;
    let bent = bent?;
    whole.print("whole", &plan);
    bent.print("bent and killed three times", &plan);
    compare(&plan, &whole, &bent)?;
    for done in [&whole, &bent] {
        let n_violations = done.n_violations();
        ensure!(n_violations == Some(0) && done.n_told == 0, "{:#}", done.counters);
        ensure!(done.n_waits > 0 || !is_long, "it never waited for the budget");
    }
    // What was bent at first was asked for again.
    for set in &plan.sets[..2] {
        let (n_whole, n_bent) = (whole.n_requests(set), bent.n_requests(set));
        ensure!(n_whole > 0 && n_bent > n_whole, "{} {}: {n_whole} {n_bent}", set.bar, set.what);
    }
    Ok(())
}
