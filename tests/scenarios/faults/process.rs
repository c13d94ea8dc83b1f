//! The Gateway's process: killed, moved, restarted, of another version or account.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use gatehouse_tests::{Evidence, Simulator, free_port};

use super::World;

fn port_of(address: &str) -> anyhow::Result<u16> {
    let (_, port) = address.rsplit_once(':').context("an address has a port")?;
    Ok(port.parse()?)
}

/// 1: the built-in simulator is killed while nothing happens.
#[test]
fn a_killed_gateway_is_seen_refuses_alarms_and_comes_back() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let mut world = World::before(dir, None)?;
    world.enter()?;
    world.passes()?;
    let pid = world.gateway()?["process"]["pid"].as_u64().context("it has a process")?;
    kill_9(pid)?;
    let seen = world.until_not_ready()?;
    world.bot.tells(|it| it["event"] == "disconnected")?;
    let alarmed = world.until("an alarm", |world| world.has_alarm("gateway.disconnected"))?;
    let back = world.until_phase("ready")?;
    world.until("over", |world| Ok(!world.has_alarm("gateway.disconnected")?))?;
    world.connect()?;
    world.passes()?;
    println!("1: seen within {seen:?}, alarm after {alarmed:?}, ready {back:?} later");
    ensure!(seen < Duration::from_secs(1), "seen after {seen:?}");
    Ok(())
}

fn kill_9(pid: u64) -> anyhow::Result<()> {
    let status = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status()?;
    ensure!(status.success(), "{pid} was not killed");
    Ok(())
}

/// 2: killed between our write of an order and any answer to it.
#[test]
fn an_order_that_a_dead_gateway_took_is_unknown_and_never_sent_again() -> anyhow::Result<()> {
    let mut world = World::start(&[])?;
    let port = port_of(world.simulator()?.address())?;
    world.drill(r#"{"do":"kill","when":{"order":{"client":21}}}"#)?;
    world.place(1.5)?;
    world.until_not_ready()?;
    world.until("unknown", |world| {
        let status = world.gatehouse()?.status()?;
        Ok(status["working"]
            .as_array()
            .is_some_and(|it| it.iter().any(|it| it["status"] == "unknown")))
    })?;
    ensure!(world.n_received()? == 1, "it reached the Gateway once");
    world.simulator = Some(Simulator::rehearse(world.dir.path(), port, &[])?);
    let back = world.until_phase("ready")?;
    let n_lost = world.entries("fate-unknown")?.len();
    ensure!(n_lost == 1, "{n_lost} orders are of unknown fate");
    world.connect()?;
    world.passes()?;
    let record = world.dir.path().join("simulator-record.jsonl");
    let n_sent = Evidence::read(&record, &world.dir.path().join("data"))?.check()?;
    ensure!(n_sent == 2, "the lost order once, and the new one: {n_sent}");
    let verified = world.gatehouse()?.cli(&["audit", "verify"])?;
    ensure!(verified.status.success(), "the chain is broken");
    println!("2: of unknown fate, and not sent again when the Gateway was back after {back:?}");
    Ok(())
}

/// 3: a restart that the settings name is near.
#[test]
fn new_risk_waits_for_a_restart_and_exits_do_not() -> anyhow::Result<()> {
    let mut world = World::start(&[])?;
    let order = world.passes()?;
    let soon = std::process::Command::new("date").args(["-d", "+20 min", "+%H:%M"]).output()?;
    let soon = String::from_utf8(soon.stdout)?;
    world.set("quiet-min", "30")?;
    world.set("restart-at", soon.trim())?;
    world.until("quiet", |world| Ok(world.gateway()?["schedule"]["is_quiet"] == true))?;
    let why = world.refused()?;
    ensure!(why.contains("about to restart"), "{why}");
    world.cancels(&order)?;
    world.set("restart-at", "default")?;
    world.until("over", |world| Ok(world.gateway()?["schedule"]["is_quiet"] == false))?;
    world.passes()?;
    println!("3: {why}");
    Ok(())
}

/// 8: the Gateway breaks off in the middle of a frame, and later moves to another port.
#[test]
fn half_a_frame_and_another_port_leave_nothing_out_of_step() -> anyhow::Result<()> {
    let mut world = World::start_as_set()?;
    let order = world.passes()?;
    world.drill(r#"{"do":"drop","as":"mid_frame"}"#)?;
    world.bot.tells(|it| it["event"] == "disconnected")?;
    let back = world.until_phase("ready")?;
    world.connect()?;
    world.passes()?;
    world.cancels(&order)?;
    let port = free_port()?;
    world.drill(&format!(r#"{{"do":"port","port":{port}}}"#))?;
    world.until("an alarm", |world| world.has_alarm("gateway.disconnected"))?;
    world.set("address", &format!("127.0.0.1:{port}"))?;
    let moved = world.until_phase("ready")?;
    world.connect()?;
    world.passes()?;
    println!("8: ready {back:?} after half a frame, and {moved:?} after its new port was set");
    Ok(())
}

/// 16: another server version after a reconnect, older and newer.
#[test]
fn another_server_version_is_agreed_on_again() -> anyhow::Result<()> {
    let mut world = World::start(&[])?;
    for (version, drill) in
        [(213, r#"{"do":"version","max":213}"#), (226, r#"{"do":"version","max":213,"end":true}"#)]
    {
        world.drill(drill)?;
        world.drill(r#"{"do":"drop","as":"closed"}"#)?;
        world.bot.tells(|it| it["event"] == "disconnected")?;
        world.until_phase("ready")?;
        let connected = world.connect()?;
        // ib_async speaks 178 at most.
        ensure!(connected["server_version"] == 178, "{connected}");
        ensure!(world.gateway()?["server_version"] == version, "{}", world.gateway()?);
        world.passes()?;
    }
    world.drill(r#"{"do":"version","max":178}"#)?;
    world.drill(r#"{"do":"drop","as":"closed"}"#)?;
    world.until("said", |world| {
        let why = world.gateway()?["sentence"].to_string();
        Ok(why.contains("speaks server version 178, and Gatehouse needs 213"))
    })?;
    println!("16: 213 and 226 were agreed on again, and 178 is refused with what is needed");
    Ok(())
}
