//! Decode and encode rates: ours beside those of the client libraries, over the same socket from
//! the same feeder, in turns; and what the codec does with nothing but memory around it.

mod feeder;
mod memory;
mod peer;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::figures::{Table, publish};
use feeder::Feeder;
pub(crate) use peer::{place, run};

const N_ROUNDS: usize = 5;

/// The scripts of the peers that are no Rust.
const IB_ASYNC: &str = include_str!("peer_ib_async.py");
const OFFICIAL: &str = include_str!("peer_ibapi.py");
const STOQEY: &str = include_str!("peer_stoqey.mjs");

/// How a peer is started.
#[derive(Debug, Clone, Copy)]
enum Program {
    /// This one, with the name of a client.
    Own(&'static str),
    Python {
        environment: &'static str,
        script: &'static str,
    },
    Node,
}

/// A client, the form that it reads, and how much it gets in one round: enough for a second of
/// work, so that what it does once, such as compiling itself, weighs little.
struct Peer {
    name: &'static str,
    program: Program,
    /// The newest version that the feeder offers it.
    version: i32,
    n_ticks: u32,
    n_orders: u32,
    ticks: Vec<u64>,
    orders: Vec<u64>,
    why_missing: Option<String>,
}

fn peer(name: &'static str, program: Program, version: i32, n: (u32, u32)) -> Peer {
    Peer {
        name,
        program,
        version,
        n_ticks: n.0,
        n_orders: n.1,
        ticks: Vec::new(),
        orders: Vec::new(),
        why_missing: None,
    }
}

fn peers() -> Vec<Peer> {
    let python = |environment, script| Program::Python { environment, script };
    vec![
        peer("Gatehouse, protobuf", Program::Own("gatehouse"), 226, (10_000_000, 100_000)),
        peer("Gatehouse, text", Program::Own("gatehouse"), 178, (10_000_000, 100_000)),
        peer("prost with the same table, protobuf", Program::Own("prost"), 226, (10_000_000, 0)),
        peer("Rust ibapi 5.5.0, protobuf", Program::Own("ibapi"), 226, (1_000_000, 20_000)),
        peer("@stoqey/ib 1.6.10, text", Program::Node, 193, (1_000_000, 20_000)),
        peer("ib_async 2.1.0, text", python("ib_async", IB_ASYNC), 178, (200_000, 10_000)),
        peer("ibapi 10.51.1, protobuf", python("ibapi-latest", OFFICIAL), 226, (20_000, 5_000)),
        peer("ibapi 10.51.1, text", python("ibapi-latest", OFFICIAL), 200, (20_000, 5_000)),
    ]
}

/// Where the client libraries are installed.
#[derive(Debug)]
pub(crate) struct Libraries {
    /// The folder of the Python environments.
    pub(crate) environments: PathBuf,
    /// The folder whose `node_modules` has @stoqey/ib.
    pub(crate) node: PathBuf,
}

/// Measures and publishes.
pub(crate) fn measure(dir: &Path, libraries: Option<&Libraries>) -> anyhow::Result<()> {
    let home = tempfile::tempdir_in(dir).context("making a folder for the scripts")?;
    let mut peers = peers();
    for _ in 0..N_ROUNDS {
        for peer in peers.iter_mut().filter(|peer| peer.why_missing.is_none()) {
            if let Err(error) = round(peer, home.path(), libraries) {
                peer.why_missing = Some(format!("{error:#}"));
            }
        }
    }
    let mut tables = memory::tables()?;
    tables.push(table_of_ticks(&mut peers));
    tables.push(table_of_orders(&mut peers));
    publish(dir, "codec", &tables)
}

fn round(peer: &mut Peer, home: &Path, libraries: Option<&Libraries>) -> anyhow::Result<()> {
    let took = ticks(peer, home, libraries)?;
    peer.ticks.push(rate(peer.n_ticks, took));
    if peer.n_orders > 0 {
        let took = orders(peer, home, libraries)?;
        peer.orders.push(rate(peer.n_orders, took));
    }
    Ok(())
}

fn rate(n_messages: u32, took: Duration) -> u64 {
    let a_second = u128::from(n_messages) * 1_000_000_000 / took.as_nanos().max(1);
    u64::try_from(a_second).unwrap_or(u64::MAX)
}

/// The peer says how long it took from its first tick to its last.
fn ticks(peer: &Peer, home: &Path, libraries: Option<&Libraries>) -> anyhow::Result<Duration> {
    let feeder = Feeder::open(peer.version)?;
    let mut command = command(peer, home, libraries)?;
    command.args(["ticks", &feeder.port()?.to_string(), &peer.n_ticks.to_string()]);
    let child = command.stdout(Stdio::piped()).spawn().context("starting the peer")?;
    feeder.feed_ticks(peer.n_ticks)?;
    let output = child.wait_with_output().context("waiting for the peer")?;
    if !output.status.success() {
        bail!("it ended with {}", output.status);
    }
    let said = String::from_utf8_lossy(&output.stdout);
    let nanos = said.lines().last().unwrap_or_default().trim();
    nanos.parse().map(Duration::from_nanos).with_context(|| format!("it said {said:?}"))
}

/// The feeder says how long it took from the first order to the last.
fn orders(peer: &Peer, home: &Path, libraries: Option<&Libraries>) -> anyhow::Result<Duration> {
    let feeder = Feeder::open(peer.version)?;
    let mut command = command(peer, home, libraries)?;
    command.args(["orders", &feeder.port()?.to_string(), &peer.n_orders.to_string()]);
    let mut child = command.stdout(Stdio::null()).spawn().context("starting the peer")?;
    let took = feeder.count_orders(peer.n_orders);
    child.kill().and_then(|()| child.wait()).context("ending the peer")?;
    took
}

fn command(peer: &Peer, home: &Path, libraries: Option<&Libraries>) -> anyhow::Result<Command> {
    let missing = "the client libraries are not installed";
    let written = |name: &str, script: &str| {
        let path = home.join(name);
        std::fs::write(&path, script).context("writing a script").map(|()| path)
    };
    Ok(match peer.program {
        Program::Own(name) => {
            let mut command =
                Command::new(std::env::current_exe().context("finding this program")?);
            command.args(["peer", name]);
            command
        }
        Program::Python { environment, script } => {
            let libraries = libraries.context(missing)?;
            let python = libraries.environments.join(environment).join("bin/python");
            let mut command = Command::new(python);
            command.arg(written("peer.py", script)?);
            command
        }
        Program::Node => {
            let libraries = libraries.context(missing)?;
            let mut command = Command::new("node");
            command.arg(written("peer.mjs", STOQEY)?).env("GATEHOUSE_NODE", &libraries.node);
            command
        }
    })
}

fn median(rates: &mut [u64]) -> Option<u64> {
    rates.sort_unstable();
    rates.get(rates.len() / 2).copied()
}

fn times(of: u64, to: u64) -> String {
    let tenths = u128::from(of) * 10 / u128::from(to.max(1));
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn table_of_ticks(peers: &mut [Peer]) -> Table {
    let heads = ["who", "ticks/s", "slowest", "fastest", "Gatehouse protobuf ÷"];
    let mut table = Table::new("Ticks from a socket into a table of quotes", &heads);
    let ours = peers.first_mut().and_then(|peer| median(&mut peer.ticks)).unwrap_or_default();
    for peer in peers {
        let Some(middle) = median(&mut peer.ticks) else {
            table.row(&[peer.name, "–", "–", "–", peer.why_missing.as_deref().unwrap_or("–")]);
            continue;
        };
        let end = |rate: Option<&u64>| rate.copied().unwrap_or_default().to_string();
        let (slowest, fastest) = (end(peer.ticks.first()), end(peer.ticks.last()));
        let beside = times(ours, middle);
        table.row(&[peer.name, &middle.to_string(), &slowest, &fastest, &beside]);
        let goal: Option<(u64, &str)> = match peer.name.split(' ').next() {
            Some("Rust") => Some((100, "at least 10 times Rust ibapi")),
            Some("@stoqey/ib") => Some((150, "at least 15 times @stoqey/ib")),
            Some("ib_async") => Some((600, "at least 60 times ib_async")),
            Some("prost") => Some((5, "at least half the rate of prost")),
            _ => None,
        };
        if let Some((tenths, text)) = goal {
            table.goal(text, &beside, ours * 10 >= middle * tenths);
        }
    }
    table
}

fn table_of_orders(peers: &mut [Peer]) -> Table {
    let heads = ["who", "orders/s", "Gatehouse protobuf ÷"];
    let mut table = Table::new("placeOrder written into a socket", &heads);
    let ours = peers.first_mut().and_then(|peer| median(&mut peer.orders)).unwrap_or_default();
    for peer in peers.iter_mut().filter(|peer| peer.n_orders > 0) {
        match median(&mut peer.orders) {
            Some(middle) => {
                table.row(&[peer.name, &middle.to_string(), &times(ours, middle)]);
            }
            None => table.row(&[peer.name, "–", peer.why_missing.as_deref().unwrap_or("–")]),
        }
    }
    table
}
