//! The main job: bots that know nothing of Gatehouse trade through it; what is within the limits
//! fills, what is not is refused in the library's own idiom, and the two records agree.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use gatehouse_tests::{Evidence, Gatehouse, Simulator, bin, free_port, python};
use serde_json::Value;

/// SPY of 7 October 2013 in LEAN's format, where the developer has it.
const TAPE: &str = "../../shared/data/lean";

/// Returns the simulator's arguments for the tape, or says that it is absent.
fn tape() -> Vec<String> {
    let tape = Path::new(env!("CARGO_MANIFEST_DIR")).join(TAPE);
    if tape.join("equity/usa/minute/spy/20131007_trade.zip").is_file() {
        let tape = tape.to_string_lossy().into_owned();
        return vec!["--tape".into(), tape, "--start".into(), "2013-10-07T09:45:00".into()];
    }
    println!("The tape of 2013 is absent: the built-in market is traded instead.");
    Vec::new()
}

#[test]
fn a_python_bot_and_two_rust_bots_trade_within_their_limits() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let tape = tape();
    let tape: Vec<&str> = tape.iter().map(String::as_str).collect();
    let simulator = Simulator::start(dir.path(), &tape)?;
    let ports = [free_port()?, free_port()?, free_port()?];
    let bots = [
        format!("python:{}:21", ports[0]),
        format!("steady:{}:11", ports[1]),
        format!("runaway:{}:12", ports[2]),
    ];
    let data_dir = dir.path().join("data");
    let gatehouse = Gatehouse::start(simulator.address(), &data_dir, &bots)?;

    python_bot(ports[0])?;
    let steady = sample_bot("gatehouse-bot-steady", ports[1], 11, 2)?;
    ensure!(steady.iter().filter(|line| line.contains(": filled")).count() == 2, "{steady:?}");
    let runaway = sample_bot("gatehouse-bot-runaway", ports[2], 12, 3)?;
    let large =
        runaway.iter().find(|line| line.starts_with("too large")).context("no large order")?;
    ensure!(large.contains("rejected") && large.contains("GH-03"), "{large}");
    let again =
        runaway.iter().find(|line| line.starts_with("the same again")).context("no repeat")?;
    ensure!(again.contains("rejected") && again.contains("GH-26"), "{again}");

    let evidence = Evidence::read(simulator.record(), &data_dir)?;
    let n_placed = evidence.check()?;
    ensure!(n_placed >= 8, "only {n_placed} orders reached the simulator");
    let refused = evidence
        .of_kind("judged")
        .filter(|entry| entry["data"]["verdict"]["outcome"] == "refuse")
        .count();
    ensure!(refused >= 4, "only {refused} refusals in the ledger");
    let verified = gatehouse.cli(&["audit", "verify"])?;
    ensure!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    println!(
        "{n_placed} orders at the simulator, each allowed once; {refused} refused and not sent"
    );
    Ok(())
}

/// Runs the unchanged Python bot and checks each of its steps.
fn python_bot(port: u16) -> anyhow::Result<()> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/bot_ib_async.py");
    let output = Command::new(python()?)
        .arg(script)
        .args(["--port", &port.to_string(), "--client-id", "21"])
        .output()
        .context("starting the Python bot")?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    let steps: Vec<Value> = said
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()
        .context("reading a step")?;
    ensure!(steps.len() == 12, "{} of 12 steps: {said}", steps.len());
    ensure!(steps[0]["server_version"] == 178, "{}", steps[0]);
    Ok(())
}

/// Runs a sample bot for some rounds and returns what it printed.
fn sample_bot(name: &str, port: u16, client_id: u16, rounds: u16) -> anyhow::Result<Vec<String>> {
    let output = Command::new(bin(name)?)
        .args(["--port", &port.to_string(), "--client-id", &client_id.to_string()])
        .args(["--rounds", &rounds.to_string(), "--every", "1"])
        .output()
        .with_context(|| format!("starting {name}"))?;
    ensure!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
}
