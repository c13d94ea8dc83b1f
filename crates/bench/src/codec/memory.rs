//! The codec with nothing but memory around it, and the allocations that it makes.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use gatehouse_tws::layout::ReqId;
use gatehouse_tws::request::PlaceOrder;
use gatehouse_tws::{FrameReader, Head, ServerVersion};

use super::feeder::ticks;
use super::peer::{Prosts, Quotes, place};
use crate::figures::{Samples, Table};

const N_ROUNDS: usize = 9;
const N_TICKS: u32 = 200_000;
const N_ORDERS: u32 = 50_000;
/// Bytes that a reader is given at once.
const CHUNK: usize = 64 * 1024;

/// One way of reading ticks.
struct Pass<'a> {
    name: &'static str,
    /// Whether it is a way of Gatehouse, which must not allocate for a tick.
    is_ours: bool,
    read: Box<dyn FnMut() -> anyhow::Result<u32> + 'a>,
}

/// Measures.
pub(super) fn tables() -> anyhow::Result<Vec<Table>> {
    Ok(vec![of_ticks()?, of_orders()?])
}

fn of_ticks() -> anyhow::Result<Table> {
    let (text, binary) = (ServerVersion::new(178), ServerVersion::new(226));
    let of_text = ticks(text, ReqId::new(7), N_TICKS)?;
    let of_binary = ticks(binary, ReqId::new(7), N_TICKS)?;
    let mut passes = [
        by_hand(&of_binary),
        ours("heads, protobuf", &of_binary, move |body| heads(binary, body)),
        ours("heads, text", &of_text, move |body| heads(text, body)),
        by_prost(binary, &of_binary),
        ours("typed, protobuf", &of_binary, typed(binary)),
        ours("typed, text", &of_text, typed(text)),
    ];
    let mut samples = vec![Samples::default(); passes.len()];
    for _ in 0..N_ROUNDS {
        for (pass, samples) in passes.iter_mut().zip(&mut samples) {
            let begin = Instant::now();
            let n_seen = (pass.read)()?;
            samples.add(begin.elapsed());
            ensure!(n_seen == N_TICKS, "{n_seen} of {N_TICKS} ticks were read");
        }
    }
    let mut table = Table::new("Ticks in memory", &["pass", "ticks/s", "allocations a tick"]);
    let mut rates = Vec::new();
    for (pass, samples) in passes.iter_mut().zip(&mut samples) {
        let rate = per_second(N_TICKS, samples.p50());
        rates.push((pass.name, rate));
        // A run over all of them, with the buffers that the runs before it left.
        let n_made = allocation_counter::measure(|| drop(black_box((pass.read)()))).count_total;
        let name = pass.name;
        ensure!(n_made == 0 || !pass.is_ours, "{name}: {n_made} allocations in {N_TICKS} ticks");
        let hundredths = n_made * 100 / u64::from(N_TICKS);
        let each = format!("{}.{:02}", hundredths / 100, hundredths % 100);
        table.row(&[name, &rate.to_string(), &each]);
    }
    let rate = |name| rates.iter().find(|(of, _)| *of == name).map_or(0, |(_, rate)| *rate);
    let goals = [
        ("heads at half the rate by hand", "heads, protobuf", "heads by hand, protobuf"),
        ("typed at half the rate of prost", "typed, protobuf", "prost, protobuf"),
    ];
    for (text, ours, theirs) in goals {
        let hundredths = rate(ours) * 100 / rate(theirs).max(1);
        let figure = format!("{}.{:02}", hundredths / 100, hundredths % 100);
        table.goal(text, &figure, hundredths >= 50);
    }
    let floors = [
        ("heads at 15,000,000 a second", "heads, protobuf", 15_000_000),
        ("typed at 6,000,000 a second", "typed, protobuf", 6_000_000),
    ];
    for (text, ours, least) in floors {
        table.goal(text, &rate(ours).to_string(), rate(ours) >= least);
    }
    table.goal("no allocation for a tick, asserted", "0", true);
    Ok(table)
}

fn of_orders() -> anyhow::Result<Table> {
    let mut table = Table::new("placeOrder in memory", &["pass", "orders/s"]);
    for (name, version) in [("text 178", 178), ("protobuf 226", 226)] {
        let version = ServerVersion::new(version);
        let order = place(1);
        let body = order.encode(version).context("encoding an order")?;
        let encoded = median(|| {
            for _ in 0..N_ORDERS {
                black_box(black_box(&order).encode(version).context("encoding an order")?);
            }
            Ok(())
        })?;
        let decoded = median(|| {
            for _ in 0..N_ORDERS {
                black_box(PlaceOrder::decode(version, black_box(&body)).context("decoding")?);
            }
            Ok(())
        })?;
        table.row(&[&format!("written, {name}"), &per_second(N_ORDERS, encoded).to_string()]);
        let rate = per_second(N_ORDERS, decoded);
        table.row(&[&format!("read to its last field, {name}"), &rate.to_string()]);
        // What is forwarded is read once and goes on as it came.
        let text = format!("1,000,000 orders a second read and forwarded as they came, {name}");
        table.goal(&text, &rate.to_string(), rate >= 1_000_000);
    }
    Ok(table)
}

fn median(mut pass: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let mut samples = Samples::default();
    for _ in 0..N_ROUNDS {
        let begin = Instant::now();
        pass()?;
        samples.add(begin.elapsed());
    }
    Ok(samples.p50())
}

fn per_second(n: u32, took: Duration) -> u64 {
    let rate = u128::from(n) * 1_000_000_000 / took.as_nanos().max(1);
    u64::try_from(rate).unwrap_or(u64::MAX)
}

/// The floor: lengths and ids of the same chunks, with nothing checked.
fn by_hand(stream: &[u8]) -> Pass<'_> {
    let mut buffer = Vec::new();
    let read = move || {
        let mut n_seen = 0;
        for chunk in stream.chunks(CHUNK) {
            buffer.extend_from_slice(chunk);
            let mut waiting = buffer.as_slice();
            while let Some((length, rest)) = waiting.split_first_chunk::<4>() {
                let length = usize::try_from(u32::from_be_bytes(*length)).context("a length")?;
                let Some((body, rest)) = rest.split_at_checked(length) else { break };
                black_box(body.first_chunk::<4>().map(|id| u32::from_be_bytes(*id)));
                waiting = rest;
                n_seen += 1;
            }
            let n_read = buffer.len() - waiting.len();
            buffer.drain(..n_read);
        }
        Ok(n_seen)
    };
    Pass { name: "heads by hand, protobuf", is_ours: false, read: Box::new(read) }
}

/// The reader's buffer outlives a run, as it does on a connection.
fn ours<'a>(
    name: &'static str,
    stream: &'a [u8],
    mut take: impl FnMut(&[u8]) -> anyhow::Result<()> + 'a,
) -> Pass<'a> {
    let mut frames = FrameReader::new();
    Pass { name, is_ours: true, read: Box::new(move || read(&mut frames, stream, &mut take)) }
}

fn by_prost(version: ServerVersion, stream: &[u8]) -> Pass<'_> {
    let mut quotes = Prosts::default();
    let take = move |body: &[u8]| -> anyhow::Result<()> {
        quotes.read(version, body).map(|is_last| assert!(!black_box(is_last)))
    };
    Pass { is_ours: false, ..ours("prost, protobuf", stream, take) }
}

fn read(
    frames: &mut FrameReader,
    stream: &[u8],
    mut take: impl FnMut(&[u8]) -> anyhow::Result<()>,
) -> anyhow::Result<u32> {
    let mut n_seen = 0;
    for chunk in stream.chunks(CHUNK) {
        frames.push(chunk);
        while let Some(body) = frames.next_frame().context("framing")? {
            take(body)?;
            n_seen += 1;
        }
    }
    Ok(n_seen)
}

fn heads(version: ServerVersion, body: &[u8]) -> anyhow::Result<()> {
    black_box(Head::split(version, body).context("splitting a body")?);
    Ok(())
}

fn typed(version: ServerVersion) -> impl FnMut(&[u8]) -> anyhow::Result<()> {
    let mut quotes = Quotes::default();
    move |body| quotes.read(version, body).map(|is_last| assert!(!black_box(is_last)))
}
