//! Rows of SQLite: one for each bar, in a table without rowids, one transaction for each day.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};

use crate::data::{Chance, Day};
use crate::figures::{Rounds, n_bytes, percentile, remove};

const TABLE: &str = "CREATE TABLE bar (series INTEGER, at INTEGER, open INTEGER, high INTEGER, low INTEGER,
     close INTEGER, volume INTEGER, average INTEGER, trades INTEGER, PRIMARY KEY (series, at)) STRICT, WITHOUT ROWID";
const INSERT: &str = "INSERT INTO bar VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
const ALL: &str = "SELECT * FROM bar ORDER BY series, at";
const ONE_DAY: &str = "SELECT * FROM bar WHERE series = ? AND at BETWEEN ? AND ? ORDER BY at";
const N_DAYS_READ: usize = 200;

fn row(day: &Day, idx: usize) -> [i64; 9] {
    let bars = &day.bars;
    [
        i64::try_from(day.series).unwrap_or(0),
        bars.at[idx],
        bars.open[idx],
        bars.high[idx],
        bars.low[idx],
        bars.close[idx],
        bars.volume[idx],
        bars.average[idx],
        i64::from(bars.n_trades[idx]),
    ]
}

fn columns() -> [Vec<i64>; 9] {
    Default::default()
}

/// Measures rows through rusqlite.
pub fn rusqlite(path: &Path, days: &[Day], rounds: &mut Rounds) -> Result<()> {
    remove(path);
    let mut connection = rusqlite::Connection::open(path)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")?;
    connection.execute_batch(TABLE)?;
    let begin = Instant::now();
    for day in days {
        let transaction = connection.transaction()?;
        {
            let mut insert = transaction.prepare_cached(INSERT)?;
            for idx in 0..day.bars.len() {
                insert.execute(row(day, idx))?;
            }
        }
        transaction.commit()?;
    }
    ingested(rounds, begin, days);
    drop(connection);
    rounds.add("bytes_per_bar", n_bytes(path) / n_bars(days));
    let connection = rusqlite::Connection::open(path)?;
    let take = |query: &str, values: &[i64]| -> Result<[Vec<i64>; 9]> {
        let mut select = connection.prepare_cached(query)?;
        let mut rows = select.query(rusqlite::params_from_iter(values))?;
        let mut columns = columns();
        while let Some(row) = rows.next()? {
            for (idx, column) in columns.iter_mut().enumerate() {
                column.push(row.get(idx)?);
            }
        }
        Ok(columns)
    };
    let begin = Instant::now();
    assert_eq!(take(ALL, &[])?[0].len(), n_rows(days));
    rounds.add("read_ms", begin.elapsed().as_secs_f64() * 1e3);
    let mut chance = Chance(7);
    let mut times = Vec::new();
    for _ in 0..N_DAYS_READ {
        let [series, at, ..] = row(some(days, &mut chance), 0);
        let begin = Instant::now();
        assert_eq!(take(ONE_DAY, &[series, at, at + 86_000])?[0].len(), 390);
        times.push(begin.elapsed());
    }
    rounds.add("day_p50_us", percentile(&mut times, 50));
    rounds.add("day_p99_us", percentile(&mut times, 99));
    Ok(())
}

/// Measures rows through sqlx.
pub async fn sqlx(path: &Path, days: &[Day], rounds: &mut Rounds) -> Result<()> {
    remove(path);
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .disable_statement_logging();
    let mut connection = options.connect().await?;
    sqlx::query(TABLE).execute(&mut connection).await?;
    let begin = Instant::now();
    for day in days {
        let mut transaction = connection.begin().await?;
        for idx in 0..day.bars.len() {
            let mut insert = sqlx::query(INSERT);
            for cell in row(day, idx) {
                insert = insert.bind(cell);
            }
            insert.execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
    }
    ingested(rounds, begin, days);
    connection.close().await?;
    rounds.add("bytes_per_bar", n_bytes(path) / n_bars(days));
    let mut connection = options.connect().await?;
    let take = |rows: Vec<sqlx::sqlite::SqliteRow>| {
        let mut columns = columns();
        for row in &rows {
            for (idx, column) in columns.iter_mut().enumerate() {
                column.push(row.get(idx));
            }
        }
        columns
    };
    let begin = Instant::now();
    let all = take(sqlx::query(ALL).fetch_all(&mut connection).await?);
    assert_eq!(all[0].len(), n_rows(days));
    rounds.add("read_ms", begin.elapsed().as_secs_f64() * 1e3);
    let mut chance = Chance(7);
    let mut times = Vec::new();
    for _ in 0..N_DAYS_READ {
        let [series, at, ..] = row(some(days, &mut chance), 0);
        let begin = Instant::now();
        let one = sqlx::query(ONE_DAY).bind(series).bind(at).bind(at + 86_000);
        assert_eq!(take(one.fetch_all(&mut connection).await?)[0].len(), 390);
        times.push(begin.elapsed());
    }
    rounds.add("day_p50_us", percentile(&mut times, 50));
    rounds.add("day_p99_us", percentile(&mut times, 99));
    Ok(())
}

pub fn some<'a>(days: &'a [Day], chance: &mut Chance) -> &'a Day {
    let n = i64::try_from(days.len()).unwrap_or(1);
    &days[usize::try_from(chance.below(n)).unwrap_or(0)]
}

pub fn n_rows(days: &[Day]) -> usize {
    days.iter().map(|day| day.bars.len()).sum()
}

pub fn n_bars(days: &[Day]) -> f64 {
    u32::try_from(n_rows(days)).map_or(f64::NAN, f64::from)
}

pub fn ingested(rounds: &mut Rounds, begin: Instant, days: &[Day]) {
    rounds.add("bars_per_second", n_bars(days) / begin.elapsed().as_secs_f64());
}
