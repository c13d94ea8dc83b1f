//! What comes over the wire: ids, doors that do not open, silence, bytes one by one.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use gatehouse_tests::Simulator;
use serde_json::json;

use super::World;

/// 4 and 5: nextValidId goes back, and leaps ahead.
#[test]
fn order_ids_only_go_up() -> anyhow::Result<()> {
    let mut world = World::start(&[])?;
    world.passes()?;
    let next = |world: &mut World| -> anyhow::Result<i64> {
        world.asked(&json!({"do": "ids"}), "ids")?["next"].as_i64().context("an id is a number")
    };
    let before = next(&mut world)?;
    world.drill(r#"{"do":"next_id","to":1}"#)?;
    world.drill(r#"{"do":"drop","as":"closed"}"#)?;
    world.bot.tells(|it| it["event"] == "disconnected")?;
    world.until_phase("ready")?;
    world.connect()?;
    let after = next(&mut world)?;
    ensure!(after >= before, "ids went back from {before} to {after}");
    world.drill(r#"{"do":"next_id","to":1000000}"#)?;
    world.drill(r#"{"do":"drop","as":"closed"}"#)?;
    world.bot.tells(|it| it["event"] == "disconnected")?;
    world.until_phase("ready")?;
    world.connect()?;
    let ahead = next(&mut world)?;
    ensure!(ahead >= 1_000_000, "the leap was not followed: {ahead}");
    world.passes()?;
    println!("4, 5: {before}, then {after} where the Gateway said 1, then {ahead}");
    Ok(())
}

/// 10: the client id is in use for a while after a reconnect.
#[test]
fn a_client_id_in_use_is_waited_for_and_no_other_is_taken() -> anyhow::Result<()> {
    let world = World::start(&[])?;
    world.drill(r#"{"do":"busy_id","client":7001}"#)?;
    world.drill(r#"{"do":"drop","as":"closed"}"#)?;
    world.until_not_ready()?;
    world.until("an alarm", |world| world.has_alarm("gateway.disconnected"))?;
    world.until("said", |world| {
        let why = world.gateway()?["sentence"].to_string();
        Ok(why.contains("7001 is in use at the Gateway (326)"))
    })?;
    let why = world.gateway()?["sentence"].to_string();
    world.drill(r#"{"do":"busy_id","client":7001,"end":true}"#)?;
    let back = world.until_phase("ready")?;
    println!("10: {why}; ready {back:?} after the id was free");
    Ok(())
}

/// 11: the Gateway forgets the session, and says nothing.
#[test]
fn a_half_open_connection_is_found_out() -> anyhow::Result<()> {
    let mut world = World::start(&[])?;
    world.drill(r#"{"do":"half_open","client":7001}"#)?;
    let seen = world.until_not_ready()?;
    let back = world.until_phase("ready")?;
    world.passes()?;
    println!("11: seen after {seen:?}, ready {back:?} later");
    ensure!(seen < Duration::from_secs(10), "seen after {seen:?}");
    Ok(())
}

/// 12: the port is open and nobody answers.
#[test]
fn a_gateway_that_never_answers_is_said_so_and_waited_for() -> anyhow::Result<()> {
    let world = World::start(&[])?;
    world.drill(r#"{"do":"door","as":"silent"}"#)?;
    world.drill(r#"{"do":"drop","as":"closed"}"#)?;
    world.until_not_ready()?;
    let told = world.until("said", |world| {
        let view = world.gateway()?;
        Ok(view["sentence"].as_str().is_some_and(|it| it.contains("says nothing")))
    })?;
    let why = world.gateway()?["sentence"].to_string();
    world.drill(r#"{"do":"door","as":"silent","end":true}"#)?;
    let back = world.until_phase("ready")?;
    println!("12: after {told:?}: {why}; ready {back:?} after it answered");
    Ok(())
}

/// 13: one byte in a tenth of a second.
#[test]
fn a_gateway_that_drips_is_understood() -> anyhow::Result<()> {
    let mut world = World::start(&[])?;
    let (cpu, begin) = (world.gatehouse()?.cpu()?, Instant::now());
    world.drill(r#"{"do":"drip","client":21,"for":8}"#)?;
    // Its answer is among what drips.
    let order = world.passes()?;
    let (spent, passed) = (world.gatehouse()?.cpu()?.saturating_sub(cpu), begin.elapsed());
    world.cancels(&order)?;
    world.passes()?;
    println!("13: an order was answered after {passed:?}; {spent:?} of the processor meanwhile");
    ensure!(passed > Duration::from_secs(2), "nothing dripped: {passed:?}");
    ensure!(spent * 3 < passed, "{spent:?} of the processor in {passed:?}");
    Ok(())
}

/// Not in the table: Gatehouse starts before its Gateway does.
#[test]
fn a_gateway_that_comes_later_is_found() -> anyhow::Result<()> {
    let mut world = World::start(&[])?;
    let address = world.simulator()?.address().to_owned();
    let port = address.rsplit_once(':').context("a port")?.1.parse()?;
    world.simulator = None;
    world.until("an alarm", |world| world.has_alarm("gateway.disconnected"))?;
    world.simulator = Some(Simulator::rehearse(world.dir.path(), port, &[])?);
    let back = world.until_phase("ready")?;
    world.connect()?;
    world.passes()?;
    println!("a Gateway that was gone is used {back:?} after it came back");
    Ok(())
}
