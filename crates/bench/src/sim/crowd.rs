//! Market data delivered: the highest rate at which every client keeps up.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::Sim;
use super::guest::{Guest, N_LINES};
use crate::figures::Table;

const CROWDS: [usize; 3] = [1, 5, 20];
/// Milliseconds between beats, from the slowest on; at each the market moves by a quarter of a
/// second, so that a beat says as much at any of them; each divides it.
const BEATS: [u64; 8] = [250, 125, 50, 25, 10, 5, 2, 1];
/// Time of the market between two of its prices.
const STEP_MS: u64 = 250;
const FOR: Duration = Duration::from_secs(3);
/// Share of what the slowest beat would make of it that must arrive, in percent: the price of an
/// instrument does not change at every step, so that shorter beats say a little less.
const KEPT_UP: u64 = 75;

/// What arrived at a rate.
struct Delivered {
    /// Frames a second, of all clients.
    rate: u64,
    n_ended: usize,
    memory_kib: u64,
}

/// Raises the rate until clients no longer keep up.
pub(super) fn sustained(program: &Path) -> anyhow::Result<Table> {
    let heads = ["clients", "beat, ms", "messages/s in all", "each", "memory, MiB", "beyond it"];
    let title =
        format!("Market data at the highest rate that all keep up with, {N_LINES} lines each");
    let mut table = Table::new(title, &heads);
    for n_clients in CROWDS {
        let mut best: Option<(u64, Delivered)> = None;
        let mut beyond = "nothing was offered".to_owned();
        let mut per_beat = 0;
        for beat in BEATS {
            let found = deliver(program, n_clients, beat)?;
            if beat == STEP_MS {
                per_beat = found.rate * beat;
            }
            let share = found.rate * beat * 100 / per_beat.max(1);
            if found.n_ended > 0 || share < KEPT_UP {
                let (offered, ended) = (per_beat / beat, found.n_ended);
                beyond = format!("of {offered}/s {share} % came, {ended} ended");
                break;
            }
            best = Some((beat, found));
        }
        let (beat, found) = best.context("not even the slowest rate was kept up with")?;
        let each = found.rate / u64::try_from(n_clients).unwrap_or(1);
        let cells = [beat, found.rate, each, found.memory_kib / 1024].map(|cell| cell.to_string());
        let [beat, rate, each, memory] = &cells;
        table.row(&[&n_clients.to_string(), beat, rate, each, memory, &beyond]);
    }
    Ok(table)
}

fn deliver(program: &Path, n_clients: usize, beat: u64) -> anyhow::Result<Delivered> {
    let speed = (STEP_MS / beat).to_string();
    let beat = beat.to_string();
    let sim = Sim::start(program, &["--beat", &beat, "--speed", &speed])?;
    let (counted, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    // All are in before the first one asks: a market that is too fast lets nobody in.
    let guests: Vec<Guest> = (1..)
        .take(n_clients)
        .map(|id| Guest::enter(sim.port, id, 226))
        .collect::<anyhow::Result<_>>()?;
    let (counted, is_over) = (&counted, &is_over);
    std::thread::scope(|scope| {
        let reading: Vec<_> = guests
            .into_iter()
            .map(|guest| {
                scope.spawn(move || match guest.subscribe() {
                    Ok(guest) => guest.read_until(is_over, counted),
                    Err(_) => true,
                })
            })
            .collect();
        // The first pictures do not count.
        std::thread::park_timeout(Duration::from_secs(1));
        let (begin, before) = (Instant::now(), counted.load(Ordering::Relaxed));
        std::thread::park_timeout(FOR);
        let seen = u128::from(counted.load(Ordering::Relaxed) - before);
        let rate = u64::try_from(seen * 1000 / begin.elapsed().as_millis().max(1));
        let memory_kib = sim.memory_kib();
        is_over.store(true, Ordering::Relaxed);
        let ended = reading.into_iter().map(|one| one.join().unwrap_or(true));
        let n_ended = ended.filter(|was_ended| *was_ended).count();
        Ok(Delivered { rate: rate.unwrap_or(u64::MAX), n_ended, memory_kib: memory_kib? })
    })
}
