//! The store of bars beside rows of SQLite, DuckDB, Parquet and Feather: the same data, one run,
//! every round with each of them in turn, and the store once more with its threads on one core, where
//! no wake-up crosses to another. Started by `cargo xtask bench history`.

mod data;
mod figures;
mod rows;
mod store;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use data::Day;
use figures::{Goal, Rounds};
use serde_json::{Value, json};

const N_ROUNDS: usize = 3;
const STORE: &str = "Gatehouse";
const ON_ONE_CORE: &str = "Gatehouse, one core";
const PEERS: [(&str, &str); 3] =
    [("DuckDB, at once", "duckdb"), ("Parquet, polars", "parquet"), ("Feather", "feather")];

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["--dir", dir] => measure(Path::new(dir), None),
        ["--dir", dir, "--scripts", scripts, "--python", python] => {
            measure(Path::new(dir), Some((Path::new(scripts), Path::new(python))))
        }
        // What `on_one_core` starts.
        ["--store", work] => {
            let mut rounds = Rounds::default();
            of_store(Path::new(work), &data::spike(), &mut rounds)?;
            println!("{}", rounds.json()["median"]);
            Ok(())
        }
        _ => bail!("history-bench --dir DIR [--scripts DIR --python PYTHON]"),
    }
}

fn of_store(work: &Path, days: &[Day], rounds: &mut Rounds) -> Result<()> {
    store::measure(&work.join("store.sqlite"), days, rounds)?;
    store::windows(&work.join("windows.sqlite"), days, rounds)
}

/// Measures the store with its threads on one core; nothing where there is no taskset.
fn on_one_core(work: &Path, rounds: &mut Rounds) -> Result<()> {
    if !has_taskset() {
        return Ok(());
    }
    let bench = std::env::current_exe().context("finding this program")?;
    let mut pinned = Command::new("taskset");
    let printed = output(pinned.args(["-c", "0"]).arg(bench).arg("--store").arg(work))?;
    rounds.add_all(&serde_json::from_str::<Value>(&printed)?);
    Ok(())
}

fn has_taskset() -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join("taskset").is_file()))
}

fn measure(dir: &Path, python: Option<(&Path, &Path)>) -> Result<()> {
    let work = dir.join("history");
    std::fs::create_dir_all(&work).with_context(|| format!("making {}", work.display()))?;
    let days = data::spike();
    std::fs::write(work.join("spike.bin"), data::raw(&days)).context("writing the data")?;
    let names = [STORE, "rows, rusqlite", "rows, sqlx"];
    let mut all: Vec<(&str, Rounds)> = names.map(|name| (name, Rounds::default())).into();
    all.extend(PEERS.map(|(name, _)| (name, Rounds::default())));
    let mut one_core = Rounds::default();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for round in 1..=N_ROUNDS {
        eprintln!("round {round} of {N_ROUNDS}");
        on_one_core(&work, &mut one_core)?;
        of_store(&work, &days, &mut all[0].1)?;
        rows::rusqlite(&work.join("rusqlite.sqlite"), &days, &mut all[1].1)?;
        runtime.block_on(rows::sqlx(&work.join("sqlx.sqlite"), &days, &mut all[2].1))?;
        if let Some((scripts, python)) = python {
            for (idx, (_, peer)) in PEERS.iter().enumerate() {
                let script = scripts.join("peers.py");
                let words = [script.as_os_str(), peer.as_ref(), work.as_os_str()];
                let printed = output(Command::new(python).args(words))?;
                all[3 + idx].1.add_all(&serde_json::from_str::<Value>(&printed)?);
            }
        }
    }
    let mut goals = goals_of_store("any", &all[0].1);
    goals.extend(goals_of_store("one", &one_core));
    goals.extend(goals_of_peers(&all));
    all.insert(1, (ON_ONE_CORE, one_core));
    table(&all);
    goals.iter().for_each(Goal::say);
    let mut notes = vec![];
    if !has_taskset() {
        notes.push("the store on one core: skipped, taskset is not installed".to_owned());
    }
    match std::env::var_os("GATEHOUSE_LEAN").map(PathBuf::from) {
        Some(lean) => notes.push(store::of_lean(&work.join("lean.sqlite"), &lean)?.0),
        None => notes.push("real tapes: skipped, GATEHOUSE_LEAN names no folder".to_owned()),
    }
    if let Some((scripts, python)) = python {
        let (parquet, csv) = (work.join("out.parquet"), work.join("out.csv"));
        store::exported(&work.join("store.sqlite"), &parquet, &csv)?;
        let script = scripts.join("read_parquet.py");
        notes.push(output(Command::new(python).arg(script).arg(parquet).arg(csv))?);
    } else {
        notes.push("DuckDB, Parquet and Feather: skipped, no Python has them".to_owned());
    }
    notes.iter().for_each(|note| println!("{}", note.trim()));
    let rounds: serde_json::Map<String, Value> =
        all.iter().map(|(name, rounds)| ((*name).to_owned(), rounds.json())).collect();
    let goals: Vec<Value> = goals.iter().map(Goal::json).collect();
    let kept = json!({ "stores": rounds, "goals": goals, "notes": notes });
    let path = dir.join("history.json");
    std::fs::write(&path, format!("{kept:#}\n"))
        .with_context(|| format!("writing {}", path.display()))?;
    std::fs::remove_dir_all(&work).with_context(|| format!("clearing {}", work.display()))
}

fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("starting {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn table(all: &[(&str, Rounds)]) {
    println!(
        "{:<20} {:>12} {:>8} {:>12} {:>10} {:>10}",
        "", "M bars/s in", "B/bar", "1 M out, ms", "day p50 µs", "p99 µs"
    );
    for (name, rounds) in all.iter().filter(|(_, rounds)| rounds.has_any()) {
        let of = |figure: &str| rounds.median(figure);
        println!(
            "{name:<20} {:>12.2} {:>8.2} {:>12.1} {:>10.0} {:>10.0}",
            of("bars_per_second") / 1e6,
            of("bytes_per_bar"),
            of("read_ms"),
            of("day_p50_us"),
            of("day_p99_us"),
        );
    }
}

/// Returns the goals P4 of the store alone, with its threads on these cores; those that have no figure
/// are left out.
fn goals_of_store(cores: &'static str, own: &Rounds) -> Vec<Goal> {
    let most = |words: &str, figure: f64, limit: f64| Goal::most(cores, words, figure, limit);
    let least = |words: &str, figure: f64, limit: f64| Goal::least(cores, words, figure, limit);
    let goals = [
        most("1 M bars cold to columns, ms", own.median("read_ms"), 60.0),
        most("random day p99, µs", own.median("day_p99_us"), 100.0),
        most("bytes per bar", own.median("bytes_per_bar"), 13.0),
        most("390 bars committed p99, ms", own.median("put_p99_us") / 1e3, 1.0),
        most("1 M bars to 2,000 columns cold, ms", own.median("window_cold_ms"), 75.0),
        most("2,000 days from figures alone, ms", own.median("day_figures_ms"), 2.0),
        most("2,001 columns of a day each, ms", own.median("window_days_ms"), 2.0),
        least("M bars a second in, a transaction a day", own.median("bars_per_second") / 1e6, 2.0),
        least(
            "M bars a second in, 64 days a transaction",
            own.median("batched_bars_per_second") / 1e6,
            2.0,
        ),
    ];
    goals.into_iter().flatten().collect()
}

/// Returns the goals P4 beside others, everything on any core; one without a peer to compare with is
/// left out.
fn goals_of_peers(all: &[(&str, Rounds)]) -> Vec<Goal> {
    let own = &all[0].1;
    let times = |idx: usize, figure: &str| all[idx].1.median(figure) / own.median(figure);
    let least = |words: &str, figure: f64, limit: f64| Goal::least("any", words, figure, limit);
    let goals = [
        least("times faster out than rows through sqlx", times(2, "read_ms"), 30.0),
        least("times faster out than DuckDB", times(3, "read_ms"), 2.0),
        least("times faster out than Parquet", times(4, "read_ms"), 1.3),
        least("times faster for a day than DuckDB, p99", times(3, "day_p99_us"), 20.0),
        least("times faster for a day than Parquet, p99", times(4, "day_p99_us"), 20.0),
        least("of Parquet's bytes, as 1.3 ÷ ours", 1.3 * times(4, "bytes_per_bar"), 1.0),
    ];
    goals.into_iter().flatten().collect()
}
