//! `kill -9` in the middle of trading: the chain verifies, nothing is sent twice, nothing at the
//! simulator is missing from the ledger, and every fate is known or shown as unknown.

use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use gatehouse_tests::{Evidence, Gatehouse, Simulator, bin, free_port};
use serde_json::Value;

/// How often it is killed in one run of the tests; `GATEHOUSE_KILLS` asks for more.
const KILLS: u32 = 10;

/// The client ids of the two bots that trade.
const CLIENTS: [&str; 2] = ["12", "13"];

#[test]
fn kills_in_the_middle_of_trading_lose_and_double_nothing() -> anyhow::Result<()> {
    let n_kills = match std::env::var("GATEHOUSE_KILLS") {
        Ok(asked) => asked.parse().context("GATEHOUSE_KILLS is a number")?,
        Err(_) => KILLS,
    };
    let dir = tempfile::tempdir()?;
    let simulator = Simulator::start(dir.path(), &[])?;
    let ports = [free_port()?, free_port()?];
    let bots =
        [format!("one:{}:{}", ports[0], CLIENTS[0]), format!("two:{}:{}", ports[1], CLIENTS[1])];
    let data_dir = dir.path().join("data");
    let mut n_before = 0;
    for nth in 1..=n_kills {
        let gatehouse = Gatehouse::start(simulator.address(), &data_dir, &bots)
            .with_context(|| format!("starting, life {nth}"))?;
        let _bots = [bot(ports[0], CLIENTS[0])?, bot(ports[1], CLIENTS[1])?];
        // Another moment of the bots' rounds in each life.
        wait_for_orders(&simulator, n_before, 1 + nth % 3)?;
        gatehouse.kill_9()?;
        n_before = n_received(&simulator)?;
    }
    let gatehouse = Gatehouse::start(simulator.address(), &data_dir, &[])?;
    let verified = gatehouse.cli(&["audit", "verify"])?;
    ensure!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    let evidence = Evidence::read(simulator.record(), &data_dir)?;
    let n_placed = evidence.check()?;
    ensure!(
        n_placed >= usize::try_from(n_kills)?,
        "only {n_placed} orders were sent in {n_kills} lives"
    );
    let n_unknown = fates(&evidence, &gatehouse.status()?)?;
    println!(
        "{n_kills} kills, {n_placed} orders sent, each once and recorded; {n_unknown} shown as unknown"
    );
    Ok(())
}

/// Ends the bot with the life it trades in.
struct Bot(Child);

impl Drop for Bot {
    fn drop(&mut self) {
        self.0.kill().and_then(|()| self.0.wait()).ok();
    }
}

/// Starts a bot whose orders are small enough that no limit stops them over all lives.
fn bot(port: u16, client_id: &str) -> anyhow::Result<Bot> {
    Command::new(bin("gatehouse-bot-steady")?)
        .args(["--port", &port.to_string(), "--client-id", client_id, "--every", "1"])
        .args(["--symbol", "F"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(Bot)
        .context("starting the steady bot")
}

fn n_received(simulator: &Simulator) -> anyhow::Result<usize> {
    Ok(std::fs::read_to_string(simulator.record())?.lines().count())
}

/// Waits until the simulator has so many more order-bearing frames.
fn wait_for_orders(simulator: &Simulator, before: usize, more: u32) -> anyhow::Result<()> {
    let until = Instant::now() + Duration::from_secs(40);
    while n_received(simulator)? < before + usize::try_from(more)? {
        ensure!(Instant::now() < until, "no further order reached the simulator");
        std::thread::yield_now();
    }
    Ok(())
}

/// Checks that every allowed order has a fate, and returns how many are shown as unknown.
fn fates(evidence: &Evidence, status: &Value) -> anyhow::Result<usize> {
    let mut fates: BTreeMap<String, String> = BTreeMap::new();
    for entry in &evidence.entries {
        let body = &entry["data"];
        let order = |value: &Value| format!("{}:{}", value["bot"], value["order_id"]);
        match entry["kind"].as_str().unwrap_or_default() {
            "judged"
                if matches!(
                    entry["data"]["verdict"]["outcome"].as_str(),
                    Some("allow" | "warn")
                ) =>
            {
                let name = format!("{}:{}", body["bot"], body["intent"]["order_id"]);
                fates.insert(name, "allowed".to_owned());
            }
            "withdrawn" | "fate-unknown" => {
                fates.insert(order(&body["order"]), entry["kind"].to_string());
            }
            "order-update" => {
                fates.insert(order(&body["order"]), body["status"].to_string());
            }
            _ => {}
        }
    }
    let open: Vec<&str> = status["working"]
        .as_array()
        .context("the status lists no working orders")?
        .iter()
        .filter_map(|order| order["status"].as_str())
        .collect();
    let n_silent = fates.values().filter(|fate| *fate == "allowed").count();
    ensure!(n_silent <= open.len(), "{n_silent} allowed orders have no fate: {fates:?}");
    Ok(open.iter().filter(|status| **status == "unknown").count())
}
