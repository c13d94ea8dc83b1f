//! Bars of a span, and figures of chunks.

use futures_util::TryStreamExt as _;
use gatehouse_types::Decimal;
use jiff::civil::Date;
use sqlx::{AssertSqlSafe, Row as _};

use super::put::scaled;
use super::rows::{BEHIND_HEAD, HEAD};
use super::{Damaged, Store, StoreError, rows};
use crate::bars::{Bar, Bars, decimal};
use crate::body::{self, Damage, Head};
use crate::merge::Dated;
use crate::series::SeriesId;
use crate::shelf;

/// Seconds from which on room is made for the bars of a span before they are read.
const LONG_SPAN: i64 = 30 * 86_400;
/// Bars that room is made for at most, as figures may be damaged.
const ROOM_MAX: i64 = 1 << 24;

/// The figures of a chunk, read without its bars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChunkSummary {
    /// First day: of bars below five minutes the day, below an hour the first of its month, else of
    /// its year.
    pub day: Date,
    pub n_bars: i64,
    /// The first and the last price, the extremes and the sum of volumes, beginning at the first
    /// bar.
    pub bar: Bar,
    /// Where its bars came from; where they may have come from several places, all of them with
    /// spaces between.
    pub source: String,
    /// When the newest were fetched, seconds since 1970.
    pub fetched_at: i64,
    /// 1 at first, one more with each time its bars changed.
    pub revision: i64,
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    pub bars: Bars,
    pub damaged: Vec<Damaged>,
}

impl Store {
    /// Returns the bars that begin within `[from, to)`, in seconds since 1970, in the order of time.
    /// Chunks that do not hold are left out, named, and gaps from then on; in a file that may not be
    /// written they are named each time.
    ///
    /// # Errors
    /// `Query`, or bars that cannot be held together.
    pub fn read(&mut self, series: SeriesId, from: i64, to: i64) -> Result<Read, StoreError> {
        self.read_with(series, (from, to), None)
    }

    /// Returns the same with when each bar was fetched, in seconds since 1970; and what was left out.
    ///
    /// # Errors
    /// As `read`.
    pub fn read_dated(
        &mut self,
        series: SeriesId,
        from: i64,
        to: i64,
    ) -> Result<(Dated, Vec<Damaged>), StoreError> {
        let mut fetched = Vec::new();
        let Read { bars, damaged } = self.read_with(series, (from, to), Some(&mut fetched))?;
        Ok((Dated { bars, fetched }, damaged))
    }

    fn read_with(
        &mut self,
        series: SeriesId,
        (from, to): (i64, i64),
        mut fetched: Option<&mut Vec<i64>>,
    ) -> Result<Read, StoreError> {
        let shelf = self.shelf(series)?;
        let (first, last) = shelf::ids_within(series.0, &shelf, (from, to));
        let n_bars = self.n_bars_within((first, last), from, to)?;
        let chunks = sqlx::query(AssertSqlSafe(format!(
            "SELECT {HEAD}, body FROM chunk LEFT JOIN body USING (chunk_id)
             WHERE chunk.chunk_id BETWEEN ? AND ? AND last_at >= ? AND first_at < ?
             ORDER BY chunk.chunk_id"
        )));
        let chunks = chunks.bind(first).bind(last).bind(from).bind(to);
        let skipped = &self.skipped;
        let (mut bars, lost, known) = self.database.run(async |connection| {
            let (mut bars, mut lost, mut known) = (Bars::default(), Vec::new(), Vec::new());
            bars.reserve(n_bars);
            // Streamed: SQLite's thread looks for the next chunks while these are unpacked.
            let mut rows = chunks.fetch(connection);
            while let Some(row) = rows.try_next().await? {
                let head = rows::head(&row);
                if let Some(why) = skipped.get(&(head.chunk_id, head.crc32)) {
                    known.push((head, why.clone()));
                    continue;
                }
                let body = rows::body(&row, BEHIND_HEAD);
                let taken = body.map_or(Ok(Err(Damage::NoBody)), |body| {
                    take(&head, body, &mut bars, fetched.as_deref_mut())
                });
                if let Err(why) = taken? {
                    lost.push((head, why));
                }
            }
            Ok::<_, StoreError>((bars, lost, known))
        })?;
        if let Some(fetched) = fetched {
            fetched.truncate(bars.at.partition_point(|at| *at < to));
            fetched.drain(..bars.at.partition_point(|at| *at < from).min(fetched.len()));
        }
        bars.keep_within(from, to);
        let mut damaged = self.give_back(lost)?;
        for (head, why) in known {
            damaged.push(self.damaged(&head, why)?);
        }
        Ok(Read { bars, damaged })
    }

    /// Returns about how many bars a long span holds; 0 for short ones, which are not worth the
    /// question.
    fn n_bars_within(
        &mut self,
        (first, last): (i64, i64),
        from: i64,
        to: i64,
    ) -> Result<usize, StoreError> {
        if to.saturating_sub(from) < LONG_SPAN {
            return Ok(0);
        }
        let n_bars = sqlx::query(
            "SELECT coalesce(sum(min(n_bars, ?)), 0) FROM chunk WHERE chunk_id BETWEEN ? AND ?",
        );
        let n_bars = n_bars.bind(ROOM_MAX).bind(first).bind(last);
        let row = self.database.run(|connection| n_bars.fetch_one(connection))?;
        let n_bars: i64 = row.try_get(0)?;
        Ok(usize::try_from(n_bars.clamp(0, ROOM_MAX)).unwrap_or(0))
    }

    /// Returns the finest scales of a series: of prices, volumes and averages.
    ///
    /// # Errors
    /// `Query`.
    pub(crate) fn scales(&mut self, series: SeriesId) -> Result<[u32; 3], StoreError> {
        let (first, last) = shelf::chunk_ids(series.0);
        let finest = sqlx::query(
            "SELECT coalesce(max(px_scale), 0), coalesce(max(volume_scale), 0),
                 coalesce(max(average_scale), 0) FROM chunk WHERE chunk_id BETWEEN ? AND ?",
        );
        let finest = finest.bind(first).bind(last);
        let row = self.database.run(|connection| finest.fetch_one(connection))?;
        Ok([row.try_get(0)?, row.try_get(1)?, row.try_get(2)?])
    }

    /// Returns whether all bars of the chunks that `[from, to)` touches came from one place, in seconds
    /// since 1970.
    ///
    /// # Errors
    /// `Query`.
    pub fn is_only_from(
        &mut self,
        series: SeriesId,
        (from, to): (i64, i64),
        source: &str,
    ) -> Result<bool, StoreError> {
        let shelf = self.shelf(series)?;
        let (first, last) = shelf::ids_within(series.0, &shelf, (from, to));
        let others = sqlx::query(
            "SELECT 1 FROM chunk WHERE chunk_id BETWEEN ? AND ? AND last_at >= ? AND first_at < ?
             AND source <> ? LIMIT 1",
        );
        let others = others.bind(first).bind(last).bind(from).bind(to).bind(source);
        let other = self.database.run(|connection| others.fetch_optional(connection))?;
        Ok(other.is_none())
    }

    /// Returns the figures of each chunk, in order, but for those whose figures are none of bars.
    ///
    /// # Errors
    /// `Query`.
    pub fn chunks(&mut self, series: SeriesId) -> Result<Vec<ChunkSummary>, StoreError> {
        let (first, last) = shelf::chunk_ids(series.0);
        let chunks = sqlx::query(AssertSqlSafe(format!(
            "SELECT {HEAD}, source, fetched_at, revision FROM chunk
             WHERE chunk_id BETWEEN ? AND ? ORDER BY chunk_id"
        )));
        let chunks = chunks.bind(first).bind(last);
        let rows = self.database.run(|connection| chunks.fetch_all(connection))?;
        let summary = |row: &sqlx::sqlite::SqliteRow| {
            let head = rows::head(row);
            Ok(ChunkSummary {
                day: shelf::parts_of(head.chunk_id).1,
                n_bars: head.n_bars,
                bar: bar_of(&head),
                source: row.try_get("source")?,
                fetched_at: row.try_get("fetched_at")?,
                revision: row.try_get("revision")?,
            })
        };
        rows.iter().filter(|row| rows::head(row).is_sound()).map(summary).collect()
    }
}

/// Adds the bars of a chunk, as far as it holds, and when they were fetched, if that is wanted.
fn take(
    head: &Head,
    body: &[u8],
    bars: &mut Bars,
    mut fetched: Option<&mut Vec<i64>>,
) -> Result<Result<(), Damage>, StoreError> {
    if bars.is_empty() {
        [bars.px_scale, bars.volume_scale, bars.average_scale] = scaled(head).scales();
    }
    let outcome = if scaled(head).scales() == bars.scales() {
        body::read(head, body, bars, fetched.as_deref_mut())
    } else {
        let mut other = scaled(head);
        let outcome = body::read(head, body, &mut other, fetched.as_deref_mut());
        if outcome.is_ok() {
            bars.append(other)?;
        }
        outcome
    };
    if let Some(fetched) = fetched {
        fetched.truncate(bars.len());
    }
    Ok(outcome)
}

fn bar_of(head: &Head) -> Bar {
    let px = |mantissa| decimal(mantissa, head.px_scale);
    Bar {
        at: head.first_at,
        open: px(head.open),
        high: px(head.high),
        low: px(head.low),
        close: px(head.close),
        volume: decimal(head.volume, head.volume_scale),
        average: Decimal::NEGATIVE_ONE,
        n_trades: -1,
    }
}
