//! The broker's codes through the whole program: counted, explained, and a pattern with what would
//! end it.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use gatehouse_tests::{Gatehouse, Simulator, cli, free_port, python};
use serde_json::Value;

/// Alarms of patterns are looked at a few times a minute.
const TOLD_WITHIN: Duration = Duration::from_secs(45);

/// Three subscriptions are missing, past data is asked for too fast, and with the first question
/// for it another session takes the lines.
const SCRIPT: &str = r#"
{"do":"permissions","symbol":"QQQ","as":"everything"}
{"do":"permissions","symbol":"AAPL","as":"everything"}
{"do":"permissions","symbol":"MSFT","as":"everything"}
{"do":"history","symbol":"*","as":"pacing"}
{"do":"competing","when":{"message":{"name":"reqHistoricalData","n":1}},"for":5}
"#;

fn lines(gatehouse: &Gatehouse, args: &[&str]) -> anyhow::Result<Vec<Value>> {
    let output = gatehouse.cli(args)?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    said.lines().map(|line| serde_json::from_str(line).context("reading a line")).collect()
}

fn row(codes: &[Value], code: i64) -> anyhow::Result<&Value> {
    let row = codes.iter().find(|it| it["meaning"]["code"] == code);
    row.with_context(|| format!("{code} is missing: {codes:#?}"))
}

fn pattern<'a>(codes: &'a [Value], name: &str, bot: &Value) -> anyhow::Result<&'a Value> {
    let found = codes.iter().find(|it| it["pattern"] == name && it["bot"] == *bot);
    found.with_context(|| format!("{name} is missing: {codes:#?}"))
}

/// Runs the bot and returns the codes that it heard.
fn bad_day(port: u16) -> anyhow::Result<Vec<i64>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/codes.py");
    let output = Command::new(python()?)
        .arg(script)
        .args(["--port", &port.to_string(), "--client-id", "21"])
        .output()
        .context("starting the Python bot")?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let heard = said.lines().map(serde_json::from_str::<Value>);
    let heard: Vec<Value> = heard.collect::<Result<_, _>>().context("reading what it heard")?;
    Ok(heard.iter().filter_map(|it| it["code"].as_i64()).collect())
}

#[test]
fn what_keeps_coming_back_is_counted_explained_and_told_with_a_proposal() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let script = dir.path().join("drills.jsonl");
    std::fs::write(&script, SCRIPT)?;
    let script = script.to_string_lossy();
    let simulator = Simulator::start(dir.path(), &["--script", &script])?;
    let port = free_port()?;
    let data_dir = dir.path().join("data");
    let bots = [format!("python:{port}:21")];
    let gatehouse = Gatehouse::start(simulator.address(), &data_dir, &bots)?;

    let heard = bad_day(port)?;
    let n_heard = |code: i64| heard.iter().filter(|it| **it == code).count();
    ensure!(n_heard(354) == 3 && n_heard(162) == 3 && n_heard(201) == 3, "{heard:?}");
    ensure!(n_heard(10197) == 2, "{heard:?}");

    let codes = lines(&gatehouse, &["codes", "--json"])?;
    for (code, title) in [
        (10197, "Data goes to a competing session"),
        (354, "Market data not subscribed"),
        (162, "Past data asked for too often"),
        (201, "Refused by Gatehouse"),
    ] {
        let row = row(&codes, code)?;
        ensure!(row["meaning"]["title"] == title, "{row}");
        let n_seen = row["n_seen"].as_u64().unwrap_or_default();
        ensure!(n_seen >= u64::try_from(n_heard(code))?, "{row}");
        ensure!(row["per_hour"] == row["n_seen"], "{row}");
    }
    // No order reached the broker, so each refusal is counted by what Gatehouse recorded, once.
    ensure!(row(&codes, 201)?["n_seen"] == 3, "{codes:#?}");
    for (name, bot, words) in [
        ("competing-session", Value::Null, "Market data went to another session"),
        (
            "no-data",
            "python".into(),
            "Bot python heard \"Market data not subscribed\" (354) 3 times",
        ),
        ("history-pacing", "python".into(), "Bot python asked for past data too often 3 times"),
        ("refusals", "python".into(), "refused orders of bot python 3 times"),
    ] {
        let found = pattern(&codes, name, &bot)?;
        let said = found["sentence"].as_str().unwrap_or_default();
        ensure!(said.contains(words), "{found}");
        ensure!(found["proposal"].as_str().is_some_and(|it| it.ends_with('.')), "{found}");
    }
    told(&gatehouse, "codes.competing-session", "Log the other session out")?;
    told(&gatehouse, "codes.history-pacing.python", "Space its requests")?;
    told(&gatehouse, "codes.refusals.python", "under GH-03")?;

    let said = gatehouse.cli(&["codes"])?;
    let said = String::from_utf8_lossy(&said.stdout);
    ensure!(said.contains("   162 Past data asked for too often"), "{said}");
    ensure!(said.contains("  next    Space its requests"), "{said}");
    Ok(())
}

/// Waits until an alarm is open that says this.
fn told(gatehouse: &Gatehouse, name: &str, words: &str) -> anyhow::Result<()> {
    let until = Instant::now() + TOLD_WITHIN;
    loop {
        let alarms = lines(gatehouse, &["alarms", "--json"])?;
        let alarm = alarms.iter().find(|alarm| alarm["alarm"] == name);
        if let Some(alarm) = alarm {
            ensure!(alarm["sentence"].as_str().is_some_and(|it| it.contains(words)), "{alarm}");
            return Ok(());
        }
        if Instant::now() > until {
            bail!("{name} is not told: {alarms:#?}");
        }
        std::thread::park_timeout(Duration::from_millis(500));
    }
}

#[test]
fn a_code_is_explained_without_a_running_instance() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let explain = |args: &[&str]| -> anyhow::Result<String> {
        let output = cli(dir.path(), &[&["codes"], args].concat())?;
        ensure!(output.status.success(), "{args:?}: {output:?}");
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let said = explain(&["162"])?;
    ensure!(said.starts_with("162  Past data not delivered (request-error, medium)"), "{said}");
    let said = explain(&["162", "pacing", "violation"])?;
    ensure!(said.contains("Past data asked for too often") && said.contains("next  "), "{said}");
    let said = explain(&["77777"])?;
    ensure!(said.contains("Not in the error book") && said.contains("note  "), "{said}");
    let said: Value = serde_json::from_str(&explain(&["326", "--json"])?)?;
    ensure!(said["code"] == 326 && said["is_known"] == true, "{said}");

    let output = cli(dir.path(), &["codes"])?;
    ensure!(output.status.code() == Some(1), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(said.contains("codes are counted from the start"), "{said}");
    Ok(())
}
