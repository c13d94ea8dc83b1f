//! Gatehouse's store.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use gatehouse_history::files::{LeanReading, Selection, export_csv, export_parquet, import_lean};
use gatehouse_history::{Bars, Fetched, Instrument, SeriesId, SeriesKey, Start, Store};
use gatehouse_types::ConId;

use crate::data::{Chance, Day, N_SERIES};
use crate::figures::{Rounds, n_bytes, percentile, remove};
use crate::rows::{ingested, n_bars, n_rows, some};

/// Days that are taken in one transaction where they come all at once, as from files.
const DAYS_AT_ONCE: usize = 64;
const N_DAYS_READ: usize = 2_000;

fn series(store: &mut Store, n: i32) -> Result<SeriesId> {
    let key = SeriesKey {
        con_id: ConId::new(n),
        what: "TRADES".to_owned(),
        bar_secs: 60,
        is_regular: true,
    };
    let instrument = Instrument {
        symbol: format!("S{n}"),
        sec_type: "STK".to_owned(),
        currency: "USD".to_owned(),
        exchange: "SMART".to_owned(),
        zone: "America/New_York".to_owned(),
    };
    Ok(store.series(&key, &instrument)?)
}

fn fetched(series: SeriesId, bars: &Bars) -> Fetched<'_> {
    Fetched { series, bars, source: "bench", fetched_at: 5, covers: &[] }
}

fn all_series(store: &mut Store) -> Result<Vec<SeriesId>> {
    (1..).take(N_SERIES).map(|n| series(store, n)).collect()
}

/// Measures what the others are measured by, each day in a transaction of its own.
pub fn measure(path: &Path, days: &[Day], rounds: &mut Rounds) -> Result<()> {
    remove(path);
    let mut store = Store::open(path)?;
    let ids = all_series(&mut store)?;
    let mut times = Vec::new();
    let begin = Instant::now();
    for day in days {
        let begin = Instant::now();
        store.put(&fetched(ids[day.series], &day.bars))?;
        times.push(begin.elapsed());
    }
    ingested(rounds, begin, days);
    rounds.add("put_p50_us", percentile(&mut times, 50));
    rounds.add("put_p99_us", percentile(&mut times, 99));
    store.close()?;
    rounds.add("bytes_per_bar", n_bytes(path) / n_bars(days));
    let mut store = Store::open(path)?;
    let begin = Instant::now();
    let mut n_read = 0;
    let mut held = Vec::new();
    for id in &ids {
        held.push(store.read(*id, i64::MIN, i64::MAX)?.bars);
        n_read += held.last().map_or(0, Bars::len);
    }
    rounds.add("read_ms", begin.elapsed().as_secs_f64() * 1e3);
    assert_eq!(n_read, n_rows(days));
    let mut chance = Chance(7);
    let mut times = Vec::new();
    for _ in 0..N_DAYS_READ {
        let day = some(days, &mut chance);
        let at = day.bars.at[0];
        let begin = Instant::now();
        let read = store.read(ids[day.series], at, at + 86_000)?;
        times.push(begin.elapsed());
        assert_eq!(read.bars.len(), 390);
    }
    rounds.add("day_p50_us", percentile(&mut times, 50));
    rounds.add("day_p99_us", percentile(&mut times, 99));
    store.close()?;
    Ok(())
}

/// Measures windows over one series of all the bars, which is put in batches.
pub fn windows(path: &Path, days: &[Day], rounds: &mut Rounds) -> Result<()> {
    remove(path);
    let mut store = Store::open(path)?;
    let id = series(&mut store, 99)?;
    let one_after_another: Vec<Bars> = (0_i64..)
        .zip(days)
        .map(|(n, day)| {
            let mut bars = day.bars.clone();
            let shift = n * 86_400 - 315_360_000 - (bars.at[0] - bars.at[0].rem_euclid(86_400))
                + 1_000_000_000
                - 1_000_000_000 % 86_400;
            bars.at.iter_mut().for_each(|at| *at += shift);
            bars
        })
        .collect();
    let begin = Instant::now();
    for some in one_after_another.chunks(DAYS_AT_ONCE) {
        let some: Vec<Fetched<'_>> = some.iter().map(|bars| fetched(id, bars)).collect();
        store.put_all(&some)?;
    }
    rounds.add("batched_bars_per_second", n_bars(days) / begin.elapsed().as_secs_f64());
    store.close()?;
    let mut store = Store::open(path)?;
    let n_columns = 2_000;
    let per_column = u32::try_from(n_rows(days)).unwrap_or(0).div_ceil(n_columns);
    let timed = |store: &mut Store, per_column| -> Result<f64> {
        let begin = Instant::now();
        let window = store.window(id, Start::Index(0), n_columns, per_column)?;
        assert!(window.columns.at.len() > 1_900);
        Ok(begin.elapsed().as_secs_f64() * 1e3)
    };
    rounds.add("window_cold_ms", timed(&mut store, per_column)?);
    rounds.add("window_warm_ms", timed(&mut store, per_column)?);
    rounds.add("window_days_ms", timed(&mut store, 390)?);
    let begin = Instant::now();
    assert_eq!(store.newest_chunks(id, 2_000)?.at.len(), 2_000);
    rounds.add("day_figures_ms", begin.elapsed().as_secs_f64() * 1e3);
    store.close()?;
    Ok(())
}

/// Returns what real data takes, as a sentence.
pub fn of_lean(path: &Path, lean: &Path) -> Result<(String, f64)> {
    remove(path);
    let mut store = Store::open(path)?;
    let reading = LeanReading { zone: None, fetched_at: 5 };
    let begin = Instant::now();
    let files = import_lean(&mut store, lean, &reading, &mut |_| {})?.len();
    let took = begin.elapsed();
    let stats = store.stats()?;
    let n_bars: i64 = stats.iter().map(|one| one.n_bars).sum();
    let n_packed: i64 = stats.iter().map(|one| one.n_bytes).sum();
    let hundredths =
        |n: i64| f64::from(i32::try_from(n * 100 / n_bars.max(1)).unwrap_or(0)) / 100.0;
    let n_file = i64::try_from(store.n_bytes()?).unwrap_or(0);
    let (packed, file) = (hundredths(n_packed), hundredths(n_file));
    store.close()?;
    let words = format!(
        "real tapes: {files} files, {n_bars} bars, {file:.2} B/bar in the file, {packed:.2} packed; imported in {took:.1?}"
    );
    Ok((words, file))
}

/// Writes the first series as Parquet and as CSV.
pub fn exported(path: &Path, parquet: &Path, csv: &Path) -> Result<()> {
    let mut store = Store::open(path)?;
    let series = series(&mut store, 1)?;
    let selection = Selection { series, from: i64::MIN, to: i64::MAX };
    export_parquet(&mut store, selection, parquet, &mut |_| {})?;
    export_csv(&mut store, selection, csv, &mut |_| {})?;
    store.close()?;
    Ok(())
}
