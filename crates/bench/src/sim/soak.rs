//! What the simulator takes of memory while it serves for long.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::Sim;
use super::guest::Guest;
use crate::figures::{Table, publish};

/// Frames a second of the soak.
const SOAK_RATE: u64 = 5_000;
/// How often the soak looks at the memory.
const SOAK_LOOK: Duration = Duration::from_secs(30);

/// Serves one client 5,000 messages a second or more, and prints the memory as it goes.
pub(crate) fn soak(dir: &Path, program: &Path, seconds: &str) -> anyhow::Result<()> {
    let seconds: u64 = seconds.parse().context("reading the seconds")?;
    let sim = Sim::start(program, &["--beat", "30", "--speed", "9"])?;
    let guest = Guest::enter(sim.port, 1, 226)?.subscribe()?;
    let counted = AtomicU64::new(0);
    let is_over = AtomicBool::new(false);
    let heads = ["minutes", "messages/s", "memory, MiB"];
    let mut table = Table::new("Memory while it serves", &heads);
    let began = Instant::now();
    let (mut first, mut most) = (0, 0);
    std::thread::scope(|scope| -> anyhow::Result<()> {
        scope.spawn(|| guest.read_until(&is_over, &counted));
        let looked = (|| -> anyhow::Result<()> {
            while began.elapsed().as_secs() < seconds {
                std::thread::park_timeout(SOAK_LOOK);
                let memory = sim.memory_kib()?;
                if first == 0 {
                    first = memory;
                }
                most = most.max(memory);
                let took = began.elapsed().as_secs().max(1);
                let rate = counted.load(Ordering::Relaxed) / took;
                let mib = format!("{}.{}", memory / 1024, memory % 1024 * 10 / 1024);
                let minutes = format!("{}.{}", took / 60, took % 60 / 6);
                println!("{minutes} min, {rate} messages/s, {mib} MiB");
                table.row(&[&minutes, &rate.to_string(), &mib]);
            }
            Ok(())
        })();
        is_over.store(true, Ordering::Relaxed);
        looked
    })?;
    let rate = counted.load(Ordering::Relaxed) / began.elapsed().as_secs().max(1);
    table.goal("5,000 messages a second", &rate.to_string(), rate >= SOAK_RATE);
    let growth = (most - first).to_string();
    table.goal("grows by less than 8 MiB, in KiB", &growth, most - first < 8 * 1024);
    publish(dir, "sim-soak", &[table])
}
