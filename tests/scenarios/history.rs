//! Past bars through the whole program: fetched from the simulator, with answers that are bent and
//! the program killed, the same bars come as without.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use gatehouse_history::{Bar, FILE_NAME, Store};
use gatehouse_tests::{Gatehouse, Lines, Simulator, bin, cli};
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

/// Three stocks over a quarter with a change of clocks, two holidays and two half days.
const SHORT: Span = Span { symbols: &["AAPL", "SPY", "IBM"], from: "2025-10-20" };

/// Ten over two years: `GATEHOUSE_DOWNLOAD=long`.
const LONG: Span = Span {
    symbols: &["AAPL", "MSFT", "TSLA", "IBM", "SPY", "QQQ", "IWM", "DIA", "VOO", "GLD"],
    from: "2024-01-02",
};
const TO: &str = "2026-01-02";

/// Sessions of the exchange from the beginning of each span to its end.
const N_SHORT_DAYS: usize = 52;
const N_LONG_DAYS: usize = 504;

struct Span {
    symbols: &'static [&'static str],
    from: &'static str,
}

type Series = BTreeMap<i64, Bar>;

fn is_long() -> bool {
    std::env::var("GATEHOUSE_DOWNLOAD").is_ok_and(|it| it == "long")
}

fn view(gatehouse: &Gatehouse) -> anyhow::Result<Value> {
    let output = gatehouse.cli(&["history", "--json"])?;
    ensure!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).context("reading what history says")
}

fn fill(gatehouse: &Gatehouse, span: &Span) -> anyhow::Result<()> {
    for symbol in span.symbols {
        let asked = ["history", "fill", "--background", "--regular", "--bar", "1m", "--symbol"];
        let output =
            gatehouse.cli(&[&asked[..], &[symbol, "--from", span.from, "--to", TO]].concat())?;
        ensure!(output.status.success(), "{output:?}");
    }
    Ok(())
}

/// Waits until no job is left, or so many requests went out since the start.
fn work(gatehouse: &Gatehouse, n_requests: Option<u64>) -> anyhow::Result<Value> {
    let within = Duration::from_secs(if is_long() { 3_000 } else { 240 });
    let until = Instant::now() + within;
    loop {
        let view = view(gatehouse)?;
        let jobs = view["jobs"].as_array().context("there are jobs")?;
        if let Some(why) = jobs.iter().find_map(|job| job["why_blocked"].as_str()) {
            bail!("a job does not go on: {why}");
        }
        let sum: u64 = jobs.iter().filter_map(|job| job["n_questions"].as_u64()).sum();
        if jobs.is_empty() || n_requests.is_some_and(|enough| sum >= enough) {
            return Ok(view);
        }
        ensure!(Instant::now() < until, "not done within {within:?}: {view:#}");
        std::thread::park_timeout(Duration::from_millis(200));
    }
}

/// Returns every bar of each symbol that is kept.
fn kept(data_dir: &Path) -> anyhow::Result<BTreeMap<String, Series>> {
    let mut store = Store::open_to_read(&data_dir.join(FILE_NAME))?;
    let mut all = BTreeMap::new();
    for series in store.all_series()? {
        let read = store.read(series.id, i64::MIN, i64::MAX)?;
        ensure!(read.damaged.is_empty(), "{:?}", read.damaged);
        let bars = read.bars.rows().map(|bar| (bar.at, bar)).collect();
        all.insert(series.instrument.symbol, bars);
    }
    Ok(all)
}

/// Returns how often the broker said that it was asked too often.
fn n_paced(gatehouse: &Gatehouse) -> anyhow::Result<usize> {
    let output = gatehouse.cli(&["codes", "--json"])?;
    let said = String::from_utf8_lossy(&output.stdout);
    let rows: Vec<Value> = said.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let rows = rows.iter().filter(|row| row["meaning"]["category"] == "pacing");
    Ok(rows.count())
}

#[test]
fn a_download_that_is_bent_and_killed_brings_what_the_whole_one_brings() -> anyhow::Result<()> {
    let (span, n_days) = if is_long() { (LONG, N_LONG_DAYS) } else { (SHORT, N_SHORT_DAYS) };
    let dir = tempfile::tempdir()?;
    let simulator = Simulator::rehearse(dir.path(), 0, &["--seed", "7"])?;

    let whole_dir = dir.path().join("whole");
    let begun = Instant::now();
    let whole = Gatehouse::start(simulator.address(), &whole_dir, &[])?;
    fill(&whole, &span)?;
    work(&whole, None)?;
    ensure!(n_paced(&whole)? == 0, "it asked too often");
    let took = begun.elapsed();
    whole.kill_9()?;
    let expected = kept(&whole_dir)?;
    ensure!(expected.len() == span.symbols.len(), "{:?}", expected.keys());
    for (symbol, bars) in &expected {
        // Half days have 210 minutes: three in each year.
        let n_halves = if is_long() { 6 } else { 2 };
        let n_bars = n_days * 390 - n_halves * 180;
        ensure!(bars.len() == n_bars, "{symbol}: {} bars, not {n_bars}", bars.len());
    }

    for (symbol, fault) in [("AAPL", "doubled"), ("SPY", "shuffled")] {
        simulator.drill(&format!(r#"{{"do":"history","symbol":"{symbol}","as":"{fault}"}}"#))?;
    }
    simulator.drill(r#"{"do":"history","symbol":"IBM","as":"partial","for":5}"#)?;
    let bent_dir = dir.path().join("bent");
    let mut gatehouse = Gatehouse::start(simulator.address(), &bent_dir, &[])?;
    fill(&gatehouse, &span)?;
    for n_requests in [4, 3, 3] {
        work(&gatehouse, Some(n_requests))?;
        gatehouse.kill_9()?;
        gatehouse = Gatehouse::start(simulator.address(), &bent_dir, &[])?;
    }
    work(&gatehouse, None)?;
    ensure!(n_paced(&gatehouse)? == 0, "it asked too often");
    drop(gatehouse);
    let found = kept(&bent_dir)?;
    for (symbol, bars) in &expected {
        let others = found.get(symbol).with_context(|| format!("{symbol} is missing"))?;
        let differs = bars.iter().find(|(at, bar)| others.get(at) != Some(bar));
        ensure!(
            differs.is_none() && others.len() == bars.len(),
            "{symbol}: {} bars, not {}; {differs:?} is {:?}",
            others.len(),
            bars.len(),
            differs.map(|(at, _)| others.get(at))
        );
    }
    let n_bars: usize = expected.values().map(BTreeMap::len).sum();
    println!(
        "{} series from {} to {TO}: {n_bars} bars in {:.1} s, and the same killed three times",
        span.symbols.len(),
        span.from,
        took.as_secs_f64()
    );
    Ok(())
}

#[test]
fn a_day_that_does_not_hold_is_found_and_fetched_again() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let simulator = Simulator::start(dir.path(), &["--seed", "7"])?;
    let data_dir = dir.path().join("data");
    let gatehouse = Gatehouse::start(simulator.address(), &data_dir, &[])?;
    let span = Span { symbols: &["SPY"], from: "2025-12-01" };
    fill(&gatehouse, &span)?;
    work(&gatehouse, None)?;
    gatehouse.kill_9()?;
    let whole = kept(&data_dir)?;

    spoil(&data_dir.join(FILE_NAME))?;
    ensure!(kept(&data_dir).is_err(), "the spoilt day holds");
    let gatehouse = Gatehouse::start(simulator.address(), &data_dir, &[])?;
    let until = Instant::now() + Duration::from_secs(60);
    while kept(&data_dir).ok().as_ref() != Some(&whole) {
        ensure!(Instant::now() < until, "it was not fetched again: {:#}", view(&gatehouse)?);
        std::thread::park_timeout(Duration::from_millis(200));
    }
    Ok(())
}

/// Makes the bars of one day nothing, behind the program's back.
fn spoil(path: &Path) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let options = SqliteConnectOptions::new().filename(path);
    runtime.block_on(async {
        let mut file = options.connect().await?;
        let spoilt = sqlx::query(
            "UPDATE body SET body = zeroblob(length(body))
             WHERE chunk_id = (SELECT max(chunk_id) - 3 FROM body)",
        );
        ensure!(spoilt.execute(&mut file).await?.rows_affected() == 1, "no day was spoilt");
        file.close().await.context("closing the file")
    })
}

/// Fills, waits for the end, and returns the exit code with what was printed and complained of.
fn filled(gatehouse: &Gatehouse, args: &[&str]) -> anyhow::Result<(Option<i32>, String, String)> {
    let fill = ["history", "fill", "--regular", "--bar", "1m", "--from", "2025-12-22"];
    let Output { status, stdout, stderr } = gatehouse.cli(&[&fill, args].concat())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((status.code(), text(&stdout), text(&stderr)))
}

#[test]
fn filling_waits_until_the_bars_are_there_or_needs_a_person() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let simulator = Simulator::rehearse(dir.path(), 0, &["--seed", "7"])?;
    let gatehouse = Gatehouse::start(simulator.address(), &dir.path().join("data"), &[])?;

    let (code, said, lines) = filled(&gatehouse, &["--symbol", "SPY", "--to", "2025-12-31"])?;
    ensure!(code == Some(0) && said.contains("SPY 1m TRADES regular hours is there"), "{said}");
    // Seven sessions, of which one is of 210 minutes.
    ensure!(said.contains("is there, 2550 bars, "), "{said} {lines}");

    simulator.drill(r#"{"do":"history","symbol":"IBM","as":"not_subscribed"}"#)?;
    let (code, said, failure) = filled(&gatehouse, &["--symbol", "IBM", "--to", "2025-12-31"])?;
    ensure!(code == Some(1) && said.is_empty(), "{code:?} {said}");
    for words in [
        "what  IBM 1m TRADES",
        "not there as a whole",
        "(162)",
        "No market data permissions",
        "gatehouse history stop",
    ] {
        ensure!(failure.contains(words), "{words:?} is not in {failure}");
    }
    let view = view(&gatehouse)?;
    ensure!(view["jobs"][0]["why_blocked"].is_string(), "{view:#}");
    Ok(())
}

#[test]
fn a_fill_that_nobody_waits_for_any_more_goes_on() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let simulator = Simulator::rehearse(dir.path(), 0, &["--seed", "7"])?;
    simulator.drill(r#"{"do":"history","symbol":"SPY","as":"silent"}"#)?;
    let data_dir = dir.path().join("data");
    let gatehouse = Gatehouse::start(simulator.address(), &data_dir, &[])?;
    let asked = ["history", "fill", "--symbol", "SPY", "--bar", "1m", "--from", "2025-12-22"];
    let mut child = Command::new(bin("gatehouse")?)
        .args(asked)
        .arg("--data-dir")
        .arg(&data_dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let stderr = child.stderr.take().context("reading what it says meanwhile")?;
    Lines::read(stderr).wait(Duration::from_secs(30), |line| line.contains("SPY 1m"))?;
    Command::new("kill").args(["-INT", &child.id().to_string()]).status()?;
    let ended = child.wait_with_output()?;
    let said = String::from_utf8_lossy(&ended.stdout);
    ensure!(ended.status.code() == Some(130), "{:?} {said}", ended.status);
    ensure!(said.contains("Job 1 goes on by itself"), "{said}");
    let n_jobs = view(&gatehouse)?["jobs"].as_array().map(Vec::len);
    ensure!(n_jobs == Some(1), "{n_jobs:?}");
    Ok(())
}

#[test]
fn filling_needs_a_running_instance_and_words_that_make_sense() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let asked = ["history", "fill", "--symbol", "SPY", "--bar", "1m"];
    let output = cli(dir.path(), &asked)?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(!output.status.success() && said.contains("running instance"), "{said}");

    let gatehouse = Gatehouse::start("sim", &dir.path().join("data"), &[])?;
    for (args, words) in [
        (&["--symbol", "SPY", "--bar", "7m"][..], "\"7m\" is not a bar size"),
        (&["--symbol", "NOPE", "--bar", "1m"], "did not name an instrument NOPE"),
        (&["--symbol", "SPY", "--bar", "1m", "--what", "GUESSES"], "is not a kind of prices"),
        (&["--symbol", "SPY", "--bar", "1m", "--from", "yesterday"], "is not a date"),
        (
            &["--symbol", "SPY", "--bar", "1m", "--from", "2026-02-01", "--to", "2026-01-01"],
            "ends before it begins",
        ),
    ] {
        let output = gatehouse.cli(&[&["history", "fill"], args].concat())?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(!output.status.success() && said.contains(words), "{args:?}: {said}");
    }
    Ok(())
}
