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

/// What one pass over the ticks came to.
type Pass<'a> = (&'static str, Box<dyn FnMut() -> anyhow::Result<u32> + 'a>);

/// Measures.
pub(super) fn tables() -> anyhow::Result<Vec<Table>> {
    Ok(vec![of_ticks()?, of_orders()?])
}

fn of_ticks() -> anyhow::Result<Table> {
    let (text, binary) = (ServerVersion::new(178), ServerVersion::new(226));
    let of_text = ticks(text, ReqId::new(7), N_TICKS)?;
    let of_binary = ticks(binary, ReqId::new(7), N_TICKS)?;
    let mut passes: Vec<Pass<'_>> = vec![
        ("heads by hand, protobuf", Box::new(|| by_hand(&of_binary))),
        ("heads, protobuf", Box::new(|| read(&of_binary, |body| heads(binary, body)))),
        ("heads, text", Box::new(|| read(&of_text, |body| heads(text, body)))),
        ("prost, protobuf", Box::new(|| typed_by_prost(binary, &of_binary))),
        ("typed, protobuf", Box::new(|| typed(binary, &of_binary))),
        ("typed, text", Box::new(|| typed(text, &of_text))),
    ];
    let mut samples = vec![Samples::default(); passes.len()];
    for _ in 0..N_ROUNDS {
        for ((_, pass), samples) in passes.iter_mut().zip(&mut samples) {
            let begin = Instant::now();
            let n_seen = pass()?;
            samples.add(begin.elapsed());
            ensure!(n_seen == N_TICKS, "{n_seen} of {N_TICKS} ticks were read");
        }
    }
    let mut table = Table::new("Ticks in memory", &["pass", "ticks/s", "allocations a tick"]);
    let mut rates = Vec::new();
    for ((name, pass), samples) in passes.iter_mut().zip(&mut samples) {
        let rate = per_second(N_TICKS, samples.p50());
        rates.push((*name, rate));
        // A run over all of them: the reader's own buffer is a handful.
        let counted = allocation_counter::measure(|| drop(black_box(pass())));
        let each = counted.count_total / u64::from(N_TICKS);
        table.row(&[name, &rate.to_string(), &each.to_string()]);
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
    let figure = rate("typed, protobuf");
    table.goal("typed at 6,000,000 a second", &figure.to_string(), figure >= 6_000_000);
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

/// The floor: lengths and ids, with nothing checked.
fn by_hand(mut stream: &[u8]) -> anyhow::Result<u32> {
    let mut n_seen = 0;
    while let Some((length, rest)) = stream.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).context("a length")?;
        let (body, rest) = rest.split_at_checked(length).context("a body")?;
        black_box(body.first_chunk::<4>().map(|id| u32::from_be_bytes(*id)));
        stream = rest;
        n_seen += 1;
    }
    Ok(n_seen)
}

fn read(stream: &[u8], mut take: impl FnMut(&[u8]) -> anyhow::Result<()>) -> anyhow::Result<u32> {
    let mut frames = FrameReader::new();
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

fn typed(version: ServerVersion, stream: &[u8]) -> anyhow::Result<u32> {
    let mut quotes = Quotes::default();
    read(stream, |body| quotes.read(version, body).map(|is_last| assert!(!black_box(is_last))))
}

fn typed_by_prost(version: ServerVersion, stream: &[u8]) -> anyhow::Result<u32> {
    let mut quotes = Prosts::default();
    read(stream, |body| quotes.read(version, body).map(|is_last| assert!(!black_box(is_last))))
}
