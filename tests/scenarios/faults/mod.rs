//! What goes wrong between Gatehouse and its Gateway, each with the whole program, the simulator
//! and a real client: when it is seen, what the bot hears, whom it alarms, and how it ends.

mod link;
mod process;
mod session;
mod wire;

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use gatehouse_tests::{Gatehouse, Puppet, Simulator, free_port};
use serde_json::{Value, json};

/// Far beyond every bound that a fault names, also on a busy machine.
const LONG: Duration = Duration::from_secs(60);

/// The client id of the bot.
const BOT: u16 = 21;

/// A simulator, Gatehouse before it, and a bot.
struct World {
    simulator: Option<Simulator>,
    gatehouse: Option<Gatehouse>,
    bot: Puppet,
    dir: tempfile::TempDir,
    n_orders: u32,
    ask: f64,
}

impl World {
    /// Starts everything, and lets the bot in.
    fn start(args: &[&str]) -> anyhow::Result<Self> {
        let dir = tempfile::tempdir()?;
        let simulator = Simulator::rehearse(dir.path(), 0, args)?;
        let address = simulator.address().to_owned();
        let mut world = Self::before(dir, Some(&address))?;
        world.simulator = Some(simulator);
        world.enter()?;
        Ok(world)
    }

    /// Lets the bot in, and has it look at the price.
    fn enter(&mut self) -> anyhow::Result<()> {
        self.connect()?;
        let ask = self.asked(&json!({"do": "price", "symbol": "SPY"}), "price")?;
        self.ask = ask["ask"].as_f64().context("an ask is a number")?;
        Ok(())
    }

    /// Changes a setting of the Gateway.
    fn set(&self, name: &str, value: &str) -> anyhow::Result<()> {
        let said = self.gatehouse()?.cli(&["gateway", "set", name, value])?;
        ensure!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        Ok(())
    }

    /// Starts everything with the Gateway that the settings name, and lets the bot in.
    fn start_as_set() -> anyhow::Result<Self> {
        let dir = tempfile::tempdir()?;
        let simulator = Simulator::rehearse(dir.path(), 0, &[])?;
        let mut world = Self::before(dir, None)?;
        world.set("address", simulator.address())?;
        world.set("source", "running")?;
        world.simulator = Some(simulator);
        world.until("another Gateway", |world| Ok(world.gateway()?["process"].is_null()))?;
        world.until_phase("ready")?;
        world.enter()?;
        Ok(world)
    }

    /// Starts Gatehouse and a bot that is not let in yet; without an address, Gatehouse does as its
    /// settings say.
    fn before(dir: tempfile::TempDir, address: Option<&str>) -> anyhow::Result<Self> {
        let bot_port = free_port()?;
        let bots = [format!("rover:{bot_port}:{BOT}")];
        let data_dir = dir.path().join("data");
        let gatehouse = match address {
            Some(address) => Gatehouse::start(address, &data_dir, &bots)?,
            None => Gatehouse::start_as_set(&data_dir, &bots)?,
        };
        let bot = Puppet::start(bot_port, BOT)?;
        let (simulator, gatehouse) = (None, Some(gatehouse));
        Ok(Self { simulator, gatehouse, bot, dir, n_orders: 0, ask: 0.0 })
    }

    fn simulator(&self) -> anyhow::Result<&Simulator> {
        self.simulator.as_ref().context("the simulator runs")
    }

    fn gatehouse(&self) -> anyhow::Result<&Gatehouse> {
        self.gatehouse.as_ref().context("Gatehouse runs")
    }

    fn drill(&self, line: &str) -> anyhow::Result<()> {
        self.simulator()?.drill(line)
    }

    /// Tells the bot what to do, and waits for what it says to it.
    fn asked(&mut self, string: &Value, event: &str) -> anyhow::Result<Value> {
        self.bot.pull(string)?;
        let told = self.bot.tells(|it| it["event"] == event || it["event"] == "failed")?;
        ensure!(told["event"] == event, "{string}: {told}");
        Ok(told)
    }

    fn connect(&mut self) -> anyhow::Result<Value> {
        self.asked(&json!({"do": "connect"}), "connected")
    }

    /// Has the bot place an order for one SPY, below the market by so many percent.
    fn place(&mut self, percent: f64) -> anyhow::Result<String> {
        self.n_orders += 1;
        let name = format!("order {}", self.n_orders);
        let limit = (self.ask * (100.0 - percent)).round() / 100.0;
        self.bot.pull(&json!({
            "do": "place", "ref": name, "side": "BUY", "quantity": 1, "symbol": "SPY",
            "limit": limit,
        }))?;
        Ok(name)
    }

    /// Places an order that rests, and waits until the Gateway works it.
    fn passes(&mut self) -> anyhow::Result<String> {
        // Another price each time: the same order again is refused for some seconds.
        let name = self.place(1.5 + 0.01 * f64::from(self.n_orders))?;
        let is_of = |it: &Value| it["ref"] == name.as_str() && it["status"] != "PendingSubmit";
        let told =
            self.bot.tells(|it| is_of(it) && (it["event"] == "status" || it["code"] == 201))?;
        ensure!(
            ["Submitted", "PreSubmitted"].contains(&told["status"].as_str().unwrap_or_default()),
            "{name} does not work: {told}"
        );
        Ok(name)
    }

    /// Places an order that is refused, and returns the sentence that the bot reads.
    fn refused(&mut self) -> anyhow::Result<String> {
        let name = self.place(1.5 + 0.01 * f64::from(self.n_orders))?;
        let told = self.bot.tells(|it| {
            it["ref"] == name.as_str()
                && (it["code"] == 201 || it["status"] == "Submitted" || it["event"] == "failed")
        })?;
        ensure!(told["code"] == 201, "it was not refused: {told}");
        Ok(told["text"].as_str().unwrap_or_default().to_owned())
    }

    /// Has the bot cancel an order, and waits until it is gone.
    fn cancels(&mut self, name: &str) -> anyhow::Result<()> {
        self.bot.pull(&json!({"do": "cancel", "ref": name}))?;
        self.bot.tells(|it| it["ref"] == name && it["status"] == "Cancelled").map(drop)
    }

    fn json(&self, args: &[&str]) -> anyhow::Result<Vec<Value>> {
        let output = self.gatehouse()?.cli(&[args, &["--json"]].concat())?;
        ensure!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout)?;
        text.lines().map(|line| serde_json::from_str(line).context("reading its answer")).collect()
    }

    fn gateway(&self) -> anyhow::Result<Value> {
        self.json(&["gateway"])?.into_iter().next().context("it says how the Gateway is")
    }

    fn phase(&self) -> anyhow::Result<String> {
        Ok(self.gateway()?["phase"].as_str().unwrap_or_default().to_owned())
    }

    /// Returns the alarms that are open, by name with their sentences.
    fn alarms(&self) -> anyhow::Result<Vec<(String, String)>> {
        let text = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
        let rows = self.json(&["alarms"])?;
        Ok(rows.iter().map(|row| (text(row, "alarm"), text(row, "sentence"))).collect())
    }

    fn has_alarm(&self, name: &str) -> anyhow::Result<bool> {
        Ok(self.alarms()?.iter().any(|(alarm, _)| alarm == name))
    }

    /// Waits until it is so, and returns how long that took.
    fn until(
        &self,
        what: &str,
        is_so: impl Fn(&Self) -> anyhow::Result<bool>,
    ) -> anyhow::Result<Duration> {
        let begin = Instant::now();
        while !is_so(self)? {
            if begin.elapsed() > LONG {
                bail!("not {what}: {} {:?}", self.gateway()?, self.alarms()?);
            }
        }
        Ok(begin.elapsed())
    }

    fn until_phase(&self, phase: &str) -> anyhow::Result<Duration> {
        self.until(phase, |world| Ok(world.phase()? == phase))
    }

    fn until_not_ready(&self) -> anyhow::Result<Duration> {
        self.until("seen", |world| Ok(world.phase()? != "ready"))
    }

    /// Returns how often a placeOrder of the bot reached the simulator.
    fn n_received(&self) -> anyhow::Result<usize> {
        let text = std::fs::read_to_string(self.dir.path().join("simulator-record.jsonl"))?;
        let is_order = |line: &&str| line.contains("\"message_id\":3,");
        Ok(text.lines().filter(is_order).count())
    }

    /// Returns the entries of the ledger of a kind, newest last.
    fn entries(&self, kind: &str) -> anyhow::Result<Vec<Value>> {
        let rows = self.json(&["audit", "tail", "-n", "1000"])?;
        Ok(rows.into_iter().filter(|row| row["kind"] == kind).collect())
    }
}
