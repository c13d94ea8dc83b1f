//! `gatehouse doctor` as a stranger runs it: what it prints, and how it ends.

use std::net::TcpListener;
use std::path::Path;
use std::process::Output;

use anyhow::{Context as _, ensure};
use gatehouse_tests::{Gatehouse, Simulator, cli};
use serde_json::Value;

/// Reads what was found, one object per line.
fn findings(output: &Output) -> anyhow::Result<Vec<Value>> {
    let said = std::str::from_utf8(&output.stdout).context("reading what it printed")?;
    said.lines().map(|line| serde_json::from_str(line).context("reading a finding")).collect()
}

fn finding<'a>(findings: &'a [Value], id: &str) -> anyhow::Result<&'a Value> {
    findings.iter().find(|it| it["id"] == id).with_context(|| format!("{id} is missing"))
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

#[test]
fn the_doctor_passes_a_simulator_and_fails_a_closed_port() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let simulator = Simulator::start(dir.path(), &[])?;
    let data_dir = dir.path().join("data");
    let doctor = |args: &[&str]| cli(&data_dir, &[&["doctor"], args].concat());

    let output = doctor(&["--gateway", simulator.address(), "--json"])?;
    let found = findings(&output)?;
    ensure!(code(&output) == Some(0), "{found:#?}");
    ensure!(found.len() == 21, "{found:#?}");
    ensure!(finding(&found, "mode")?["outcome"] == "pass", "{found:#?}");
    ensure!(finding(&found, "clock")?["outcome"] == "pass", "{found:#?}");

    let free = TcpListener::bind("127.0.0.1:0")?;
    let closed = free.local_addr()?.to_string();
    drop(free);
    let output = doctor(&["--gateway", &closed, "--json"])?;
    let found = findings(&output)?;
    ensure!(code(&output) == Some(1), "{found:#?}");
    ensure!(found[0]["outcome"] == "fail", "what failed comes first: {found:#?}");
    let port = finding(&found, "port")?;
    ensure!(port["remedy"]["do"] == "use-address", "{port}");

    let output = doctor(&["--gateway", &closed])?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(code(&output) == Some(1), "{said}");
    ensure!(said.lines().nth(1).is_some_and(|line| line.starts_with("FAIL ")), "{said}");
    ensure!(said.contains(&format!("Nothing listens on {closed}")), "{said}");

    for wrong in ["nonsense", "127.0.0.1", "127.0.0.1:0"] {
        let output = doctor(&["--gateway", wrong])?;
        ensure!(code(&output) == Some(2), "{wrong}: {output:?}");
    }
    Ok(())
}

#[test]
fn the_doctor_starts_the_built_in_simulator_where_none_runs() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let output = cli(dir.path(), &["doctor", "--gateway", "sim", "--json"])?;
    let found = findings(&output)?;
    ensure!(code(&output) == Some(0), "{found:#?}");
    let port = finding(&found, "port")?["sentence"].as_str().unwrap_or_default().to_owned();
    ensure!(port.contains("The simulator (gatehouse-sim, process "), "{port}");
    Ok(())
}

#[test]
fn a_running_instance_is_asked_about_what_only_it_knows() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let gatehouse = Gatehouse::start("sim", dir.path(), &[])?;
    let output = gatehouse.cli(&["doctor", "--json"])?;
    let found = findings(&output)?;
    ensure!(code(&output) == Some(0), "{found:#?}");
    let ids = finding(&found, "client-id")?["sentence"].as_str().unwrap_or_default().to_owned();
    ensure!(ids == "The Gateway holds the client id 7001 of Gatehouse.", "{ids}");
    // Its own address is not needed to find it, and the word for it means it.
    let output = gatehouse.cli(&["doctor", "--gateway", "sim", "--json"])?;
    let again = findings(&output)?;
    ensure!(finding(&again, "client-id")?["sentence"] == ids, "{again:#?}");
    // The id of its own client is in use there.
    let output = gatehouse.cli(&["doctor", "--client-id", "7001", "--json"])?;
    let found = findings(&output)?;
    ensure!(code(&output) == Some(1), "{found:#?}");
    let ids = finding(&found, "client-id")?["sentence"].as_str().unwrap_or_default().to_owned();
    ensure!(ids.contains("7001 is in use at the Gateway (326)"), "{ids}");
    accepts_changed_settings(&gatehouse, dir.path())
}

/// What was noted is not what the Gateway has any more: it is named, until it is accepted.
fn accepts_changed_settings(gatehouse: &Gatehouse, data_dir: &Path) -> anyhow::Result<()> {
    let path = data_dir.join("gateway-settings.json");
    let noted = std::fs::read_to_string(&path).context("reading what was noted")?;
    ensure!(noted.contains("\"readOnlyApi\": \"false\""), "{noted}");
    std::fs::write(
        &path,
        noted.replace("\"readOnlyApi\": \"false\"", "\"readOnlyApi\": \"true\""),
    )?;
    let changed = findings(&gatehouse.cli(&["doctor", "--json"])?)?;
    let settings = finding(&changed, "settings")?;
    ensure!(settings["outcome"] == "warn", "{settings}");
    ensure!(settings["remedy"]["do"] == "accept-settings", "{settings}");
    for args in [["doctor", "--accept-settings", "--json"].as_slice(), &["doctor", "--json"]] {
        let output = gatehouse.cli(args)?;
        let found = findings(&output)?;
        ensure!(finding(&found, "settings")?["outcome"] == "pass", "{args:?}: {found:#?}");
        ensure!(code(&output) == Some(0), "{args:?}: {found:#?}");
    }
    Ok(())
}
