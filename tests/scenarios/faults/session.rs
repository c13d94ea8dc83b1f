//! Who is logged in: another mode after a reconnect.

use anyhow::ensure;

use super::World;

/// 17: after a reconnect the account is one with real money.
#[test]
fn an_account_of_the_other_mode_is_shut_out_until_a_person_acts() -> anyhow::Result<()> {
    let mut world = World::start_as_set()?;
    world.passes()?;
    world.drill(r#"{"do":"account","id":"U7654321"}"#)?;
    world.drill(r#"{"do":"drop","as":"closed"}"#)?;
    world.until_phase("needs-user")?;
    let why = world.gateway()?["sentence"].to_string();
    ensure!(why.contains("serves the LIVE account U7654321"), "{why}");
    world.until("an alarm", |world| world.has_alarm("gateway.needs-you"))?;
    // The person says that it is meant: it is watched, and its orders are refused.
    world.set("mode", "live")?;
    world.until_phase("ready")?;
    world.until("over", |world| Ok(!world.has_alarm("gateway.needs-you")?))?;
    world.connect()?;
    let refusal = world.refused()?;
    ensure!(refusal.contains("GH-48"), "{refusal}");
    println!("17: {why} As a live one: {refusal}");
    Ok(())
}
