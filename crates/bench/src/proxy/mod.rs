//! Added latency of a path, one way: the time from a write at one end to the read at the other,
//! less what it is without anything between them. The paths take turns within each round.

mod gateway;
mod order;
pub(crate) mod path;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use crate::figures::{Samples, Table, micros, publish, ratio};
use gateway::{End, Gateway};

const N_ROUNDS: u32 = 5;

/// Ticks of one path in one round, one after the other arrived.
const N_TICKS: u32 = 4000;

/// Ticks of one path in one round, one in a millisecond, so that every thread sleeps in between.
const N_PACED: u32 = 1000;
const TICK_EVERY: Duration = Duration::from_millis(1);

/// Orders of one path in one round, below the broker's message limit for all that Gatehouse sends.
const N_ORDERS: i32 = 120;
const ORDER_EVERY: Duration = Duration::from_millis(25);

/// What is between the ends.
struct Between {
    name: &'static str,
    child: Option<Child>,
    client: End,
    gateway: End,
    ticks: Samples,
    paced: Samples,
    orders: Samples,
}

impl Drop for Between {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            child.kill().and_then(|()| child.wait()).ok();
        }
    }
}

/// Measures and publishes as `NAME.json`.
pub(crate) fn measure(dir: &Path, name: &str) -> anyhow::Result<()> {
    let home = tempfile::tempdir_in(dir).context("making a folder for the ledger")?;
    let data_dir = home.path().to_string_lossy().into_owned();
    let gateway = Gateway::open()?;
    let to = gateway.address()?;
    let mut paths = vec![
        between("direct", &gateway, None)?,
        between("copy proxy", &gateway, Some(&["path", "copy", &to]))?,
        between("Gatehouse", &gateway, Some(&["path", "gatehouse", &to, &data_dir]))?,
    ];
    let mut last_id = 0;
    for _ in 0..N_ROUNDS {
        for path in &mut paths {
            path.tick(N_TICKS, None)?;
        }
        for path in &mut paths {
            path.tick(N_PACED, Some(TICK_EVERY))?;
        }
        for _ in 0..N_ORDERS {
            last_id += 1;
            let begin = Instant::now();
            for path in &mut paths {
                path.order(last_id)?;
            }
            wait_until(begin + ORDER_EVERY);
        }
    }
    publish(dir, name, &tables(&mut paths, name))
}

fn between(
    name: &'static str,
    gateway: &Gateway,
    program: Option<&[&str]>,
) -> anyhow::Result<Between> {
    let mut child = None;
    let port = match program {
        None => gateway.address()?.rsplit(':').next().unwrap_or_default().parse()?,
        Some(args) => {
            let own = std::env::current_exe().context("finding this program")?;
            let mut started =
                Command::new(own).args(args).stdout(Stdio::piped()).spawn().context("starting")?;
            let mut line = String::new();
            let output = started.stdout.take().context("reading a port")?;
            BufReader::new(output).read_line(&mut line).context("reading a port")?;
            child = Some(started);
            line.trim().parse().with_context(|| format!("{name} did not start"))?
        }
    };
    let (client, gateway) = gateway.connect(port).with_context(|| format!("through {name}"))?;
    let (ticks, paced, orders) = Default::default();
    Ok(Between { name, child, client, gateway, ticks, paced, orders })
}

impl Between {
    fn tick(&mut self, n_ticks: u32, every: Option<Duration>) -> anyhow::Result<()> {
        for n in 0..n_ticks {
            let body = order::tick(n);
            let begin = Instant::now();
            self.gateway.send(&body)?;
            self.client.wait_for(&body)?;
            let took = begin.elapsed();
            match every {
                None => self.ticks.add(took),
                Some(every) => {
                    self.paced.add(took);
                    wait_until(begin + every);
                }
            }
        }
        Ok(())
    }

    fn order(&mut self, id: i32) -> anyhow::Result<()> {
        let body = order::order(id)?;
        let begin = Instant::now();
        self.client.send(&body)?;
        self.gateway.wait_for(&body).with_context(|| format!("order {id} by {}", self.name))?;
        self.orders.add(begin.elapsed());
        let ended = order::cancelled(id);
        self.gateway.send(&ended)?;
        self.client.wait_for(&ended)
    }
}

/// Leaves the processor to others until `then`.
fn wait_until(then: Instant) {
    let never = crossbeam_channel::never::<()>();
    let left = then.saturating_duration_since(Instant::now());
    never.recv_timeout(left).ok();
}

/// Picks the samples of one kind.
type Of = fn(&mut Between) -> &mut Samples;

fn tables(paths: &mut [Between], name: &str) -> Vec<Table> {
    let goal = Some((115, 130));
    let mut table =
        |title: &str, of: Of, goal| one_table(paths, &format!("{title} ({name})"), of, goal);
    vec![
        table("A tick, one after the other", |path| &mut path.ticks, goal),
        table("A tick, one in a millisecond", |path| &mut path.paced, goal),
        table("An order: judged and on disk before it leaves", |path| &mut path.orders, None),
    ]
}

fn one_table(paths: &mut [Between], title: &str, of: Of, goal: Option<(u32, u32)>) -> Table {
    let heads =
        ["path", "n", "p50 µs", "p99 µs", "added p50", "added p99", "÷ copy p50", "÷ copy p99"];
    let mut table = Table::new(title, &heads);
    let figures: Vec<(&str, usize, Duration, Duration)> = paths
        .iter_mut()
        .map(|path| {
            let name = path.name;
            let samples = of(path);
            (name, samples.len(), samples.p50(), samples.p99())
        })
        .collect();
    let added = |idx: usize| {
        let direct = figures.first().map(|(_, _, p50, p99)| (*p50, *p99)).unwrap_or_default();
        let own = figures.get(idx).map(|(_, _, p50, p99)| (*p50, *p99)).unwrap_or_default();
        (own.0.saturating_sub(direct.0), own.1.saturating_sub(direct.1))
    };
    let copy = added(1);
    for (idx, (name, n, p50, p99)) in figures.iter().enumerate() {
        let (more_p50, more_p99) = added(idx);
        let cells = [
            (*name).to_owned(),
            n.to_string(),
            micros(*p50),
            micros(*p99),
            micros(more_p50),
            micros(more_p99),
            ratio(more_p50, copy.0),
            ratio(more_p99, copy.1),
        ];
        table.row(&cells.iter().map(String::as_str).collect::<Vec<_>>());
    }
    if let Some((p50, p99)) = goal {
        let own = added(2);
        for (what, own, copy, goal) in [("p50", own.0, copy.0, p50), ("p99", own.1, copy.1, p99)] {
            let text = format!(
                "added {what} at most {}.{} times the copy proxy's",
                goal / 100,
                goal % 100
            );
            table.goal(&text, &ratio(own, copy), own * 100 <= copy * goal);
        }
    }
    table
}
