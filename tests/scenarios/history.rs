//! Past bars through the whole program: fetched from the simulator, kept, and fetched again where
//! they do not hold.

mod download;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use gatehouse_history::{Bar, FILE_NAME, Store};
use gatehouse_tests::{Gatehouse, Lines, Simulator, bin, cli};
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

type Series = BTreeMap<i64, Bar>;

/// Symbol, seconds of a bar and kind of prices.
type Name = (String, u32, String);

fn view(gatehouse: &Gatehouse) -> anyhow::Result<Value> {
    let output = gatehouse.cli(&["history", "--json"])?;
    ensure!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).context("reading what history says")
}

/// Returns every bar of each series that is kept.
fn kept(data_dir: &Path) -> anyhow::Result<BTreeMap<Name, Series>> {
    let mut store = Store::open_to_read(&data_dir.join(FILE_NAME))?;
    let mut all = BTreeMap::new();
    for series in store.all_series()? {
        let read = store.read(series.id, i64::MIN, i64::MAX)?;
        ensure!(read.damaged.is_empty(), "{:?}", read.damaged);
        let bars = read.bars.rows().map(|bar| (bar.at, bar)).collect();
        all.insert((series.instrument.symbol, series.key.bar_secs, series.key.what), bars);
    }
    Ok(all)
}

#[test]
fn a_day_that_does_not_hold_is_found_and_fetched_again() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let simulator = Simulator::start(dir.path(), &["--seed", "7"])?;
    let data_dir = dir.path().join("data");
    let gatehouse = Gatehouse::start(simulator.address(), &data_dir, &[])?;
    let (code, said, lines) = filled(&gatehouse, ["SPY", "2025-12-01", "2026-01-02"])?;
    ensure!(code == Some(0), "{said} {lines}");
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
fn filled(
    gatehouse: &Gatehouse,
    [symbol, from, to]: [&str; 3],
) -> anyhow::Result<(Option<i32>, String, String)> {
    let fill = ["history", "fill", "--regular", "--bar", "1m"];
    let span = ["--symbol", symbol, "--from", from, "--to", to];
    let Output { status, stdout, stderr } = gatehouse.cli(&[&fill[..], &span].concat())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((status.code(), text(&stdout), text(&stderr)))
}

#[test]
fn filling_waits_until_the_bars_are_there_or_needs_a_person() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let simulator = Simulator::rehearse(dir.path(), 0, &["--seed", "7"])?;
    let gatehouse = Gatehouse::start(simulator.address(), &dir.path().join("data"), &[])?;

    let (code, said, lines) = filled(&gatehouse, ["SPY", "2025-12-22", "2025-12-31"])?;
    ensure!(code == Some(0) && said.contains("SPY 1m TRADES regular hours is there"), "{said}");
    // Seven sessions, of which one is of 210 minutes.
    ensure!(said.contains("is there, 2550 bars, "), "{said} {lines}");

    simulator.drill(r#"{"do":"history","symbol":"IBM","as":"not_subscribed"}"#)?;
    let (code, said, failure) = filled(&gatehouse, ["IBM", "2025-12-22", "2025-12-31"])?;
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
