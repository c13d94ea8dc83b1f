//! Very many bars, put into the store before the program starts.

use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use gatehouse_history::{Bars, FILE_NAME, Fetched, Instrument, SeriesKey, Span, Store};
use gatehouse_types::ConId;

const MINUTE: i64 = 60;
/// Bars of one transaction.
const PIECE: i64 = 250_000;
/// The last close, in hundredths: about where the simulator's market begins.
const LAST_CLOSE: i64 = 66_000;
/// The longest swing, in minutes, and its height in hundredths: a year, and a quarter of the price.
const SWINGS: [(i64, i64); 4] = [(350_003, 16_000), (40_009, 4_000), (1_201, 600), (61, 60)];

/// Puts a bar for each of `n_bars` minutes before `end` into a new store, with nothing left to ask
/// for before them.
pub(super) fn fill(
    data_dir: &Path,
    symbol: (&str, i32),
    n_bars: i64,
    end: i64,
) -> anyhow::Result<()> {
    let begun = Instant::now();
    std::fs::create_dir_all(data_dir)?;
    let mut store = Store::open(&data_dir.join(FILE_NAME))?;
    let instrument = Instrument {
        symbol: symbol.0.to_owned(),
        sec_type: "STK".to_owned(),
        currency: "USD".to_owned(),
        exchange: "SMART".to_owned(),
        zone: "America/New_York".to_owned(),
    };
    let key = SeriesKey {
        con_id: ConId::new(symbol.1),
        what: "TRADES".to_owned(),
        bar_secs: 60,
        is_regular: false,
    };
    let series = store.series(&key, &instrument)?;
    let mut first = n_bars;
    while first > 0 {
        let last = (first - PIECE).max(0);
        let bars = minutes(last + 1..=first, end);
        let answer =
            Fetched { series, bars: &bars, source: "gateway", fetched_at: end, covers: &[] };
        store.put(&answer).context("putting bars into the store")?;
        first = last;
    }
    store.cover(series, Span { from: 0, to: end, is_empty: false })?;
    store.keep_head(series, end - n_bars * MINUTE)?;
    store.close()?;
    println!("{n_bars} bars put into a store in {:.1} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// Returns the bars that begin so many minutes before the end.
fn minutes(before: std::ops::RangeInclusive<i64>, end: i64) -> Bars {
    let mut bars = Bars { px_scale: 2, volume_scale: 0, average_scale: 2, ..Bars::default() };
    for minute in before.rev() {
        let (open, close) = (level(minute), level(minute - 1));
        bars.at.push(end - minute * MINUTE);
        bars.open.push(open);
        bars.high.push(open.max(close) + 3 + minute.rem_euclid(5));
        bars.low.push(open.min(close) - 3 - minute.rem_euclid(7));
        bars.close.push(close);
        bars.volume.push(200 + 37 * minute.rem_euclid(41));
        bars.average.push(i64::midpoint(open, close));
        bars.n_trades.push(10);
    }
    bars
}

/// Returns the price so many minutes before the end, in hundredths: swings of many lengths, so that
/// there is something to see from any distance.
fn level(minute: i64) -> i64 {
    let swing = |(length, height): &(i64, i64)| {
        let at = minute.rem_euclid(*length);
        height * at.min(length - at) * 2 / length
    };
    LAST_CLOSE - SWINGS.iter().map(swing).sum::<i64>()
}
