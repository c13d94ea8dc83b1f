//! The Gateway runs, and its way to the broker is lost, flaps, or goes to another session.

use std::time::{Duration, Instant};

use anyhow::ensure;

use serde_json::Value;

use super::World;

/// 6: 1100, then 1102: the data was kept.
#[test]
fn a_lost_broker_that_kept_the_data_is_matched_before_new_risk() -> anyhow::Result<()> {
    let mut world = World::start(&[])?;
    let order = world.passes()?;
    world.drill(r#"{"do":"link","data":"kept"}"#)?;
    let seen = world.until_not_ready()?;
    let why = world.refused()?;
    world.until("an alarm", |world| world.has_alarm("gateway.broker"))?;
    let n_before = world.entries("reconciled")?.len();
    world.drill(r#"{"do":"link","data":"kept","end":true}"#)?;
    let back = world.until_phase("ready")?;
    ensure!(world.entries("reconciled")?.len() > n_before, "it was ready without a match");
    world.until("over", |world| Ok(!world.has_alarm("gateway.broker")?))?;
    world.passes()?;
    world.cancels(&order)?;
    println!("6: seen within {seen:?}, ready {back:?} after 1102; meanwhile: {why}");
    ensure!(seen < Duration::from_secs(1), "seen after {seen:?}");
    Ok(())
}

/// 7: 1100, then 1101: the lines are gone and are asked for again.
#[test]
fn a_lost_broker_that_lost_the_data_is_asked_for_every_line_again() -> anyhow::Result<()> {
    let mut world = World::start(&[])?;
    world.passes()?;
    world.drill(r#"{"do":"link","data":"lost"}"#)?;
    world.until_not_ready()?;
    world.drill(r#"{"do":"link","data":"lost","end":true}"#)?;
    let back = world.until_phase("ready")?;
    // Judged by a fresh price, or it would be refused.
    world.passes()?;
    println!("7: ready {back:?} after 1101, and an order was judged by a fresh price");
    Ok(())
}

/// 9: a farm goes and comes fifty times.
#[test]
fn a_farm_that_flaps_touches_data_and_no_order() -> anyhow::Result<()> {
    let mut world = World::start(&[])?;
    let order = world.passes()?;
    world.drill(r#"{"do":"farm","name":"usfarm","for":"0.25","times":50,"every":"0.5"}"#)?;
    world.until("told", |world| {
        Ok(world.alarms()?.iter().any(|(name, _)| name.starts_with("data.")))
    })?;
    world.cancels(&order)?;
    world.until("over", |world| {
        Ok(!world.alarms()?.iter().any(|(name, _)| name.starts_with("data.")))
    })?;
    world.until_phase("ready")?;
    Ok(())
}

/// 15: another session takes the data.
#[test]
fn data_that_went_to_another_session_refuses_new_risk() -> anyhow::Result<()> {
    let mut world = World::start(&[])?;
    let order = world.passes()?;
    world.drill(r#"{"do":"competing"}"#)?;
    world.until("said", |world| {
        let lines = world.json(&["gateway", "lines"])?;
        let is_told = |line: &Value| line["symbol"] == "SPY" && line["code"] == 10_197;
        Ok(lines.iter().any(|line| is_told(line) && line["state"] == "refused"))
    })?;
    // Prices are believed for 5 s, and then nothing says that they are old but an order.
    let begin = Instant::now();
    world.until("old", |_| Ok(begin.elapsed() > Duration::from_secs(6)))?;
    let why = world.refused()?;
    world.cancels(&order)?;
    world.drill(r#"{"do":"competing","end":true}"#)?;
    // The next order has the line asked for anew.
    world.passes()?;
    world.until("live", |world| {
        let lines = world.json(&["gateway", "lines"])?;
        Ok(lines.iter().any(|line| line["symbol"] == "SPY" && line["state"] == "live"))
    })?;
    println!("15: {why}");
    Ok(())
}
