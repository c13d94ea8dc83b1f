//! What is kept: the quota and pruning, looking for damage, figures of the whole file.

use jiff::civil::Date;
use sqlx::{AssertSqlSafe, Row as _};

use super::put::scaled;
use super::rows::{BEHIND_HEAD, HEAD};
use super::{Damaged, Store, StoreError, cover, imports, rows};
use crate::body::{self, Damage, Head};
use crate::coverage::Span;
use crate::script::Script;
use crate::series::{Described, SeriesId};
use crate::shelf;

/// Name of the setting.
const QUOTA: &str = "quota-bytes";
/// A series that is shown is noted as used this often, seconds: pruning needs no better.
const USED_EVERY: i64 = 3_600;
/// Chunks that are taken away in one go, before the size is looked at again.
const PRUNED_AT_ONCE: i64 = 64;

/// What is known of one series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub series: Described,
    /// Days, months or years, as the length of its bars has it.
    pub n_chunks: i64,
    pub n_bars: i64,
    /// Of packed columns; what SQLite adds is in the size of the file only.
    pub n_bytes: i64,
    /// Start of the first and of the last bar, seconds since 1970; `None` without bars.
    pub reach: Option<(i64, i64)>,
    pub covered: Vec<Span>,
    /// When it was last shown or asked for, seconds since 1970; `None` for never.
    pub used_at: Option<i64>,
}

/// What pruning took away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pruned {
    pub n_chunks: i64,
    pub n_bars: i64,
    /// Whose bars they were.
    pub series: Vec<SeriesId>,
}

/// What looking at everything found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    pub n_chunks: i64,
    pub n_bars: i64,
    /// Bars whose low is above, or whose high is below, another of their prices: as they came.
    pub n_odd: i64,
    /// Taken away, unless the file is open for reading only.
    pub damaged: Vec<Damaged>,
}

/// A note of bars that did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotedDamage {
    pub series: SeriesId,
    pub day: Date,
    /// Seconds since 1970.
    pub found_at: i64,
    pub why: String,
}

/// Chunks that do not hold.
type Lost = Vec<(Head, Damage)>;

impl Store {
    /// Returns how many bytes the file may have; `None` when that is not limited.
    ///
    /// # Errors
    /// `Query`.
    pub fn quota(&mut self) -> Result<Option<u64>, StoreError> {
        let value = sqlx::query("SELECT value FROM setting WHERE name = ?").bind(QUOTA);
        let row = self.database.run(|connection| value.fetch_optional(connection))?;
        Ok(row.and_then(|row| row.try_get::<&str, _>(0).ok()?.parse().ok()))
    }

    /// Sets how many bytes the file may have. Nothing is taken away before the next `prune`.
    ///
    /// # Errors
    /// `Query`.
    pub fn set_quota(&mut self, bytes: Option<u64>) -> Result<(), StoreError> {
        self.database.write(async move |script| {
            let Some(bytes) = bytes else {
                script.add("DELETE FROM setting WHERE name = ?").bind(QUOTA);
                return Ok(());
            };
            let put = script.add("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)");
            put.bind(QUOTA).bind(bytes.to_string());
            Ok(())
        })
    }

    /// Returns the bytes that are in use in the file.
    ///
    /// # Errors
    /// `Query`.
    pub fn n_bytes(&mut self) -> Result<u64, StoreError> {
        let size = sqlx::query(
            "SELECT (page_count - freelist_count) * page_size
             FROM pragma_page_count, pragma_freelist_count, pragma_page_size",
        );
        let n_bytes: i64 =
            self.database.run(|connection| size.fetch_one(connection))?.try_get(0)?;
        Ok(u64::try_from(n_bytes).unwrap_or(0))
    }

    /// Notes that a series is shown or asked for at `now`, in seconds since 1970: what is not, is
    /// pruned first. Writes once an hour only.
    ///
    /// # Errors
    /// `Query`.
    pub fn touch(&mut self, series: SeriesId, now: i64) -> Result<(), StoreError> {
        let used = sqlx::query("SELECT used_at FROM series WHERE series_id = ?").bind(series.0);
        let row = self.database.run(|connection| used.fetch_optional(connection))?;
        let used_at: Option<i64> = row.map(|row| row.try_get(0)).transpose()?;
        if used_at.is_some_and(|used_at| now.saturating_sub(used_at) < USED_EVERY) {
            return Ok(());
        }
        let note = sqlx::query("UPDATE series SET used_at = ? WHERE series_id = ?");
        let note = note.bind(now).bind(series.0);
        self.database.run(|connection| note.execute(connection))?;
        Ok(())
    }

    /// Takes bars away until the file is within its quota: those of the series that was not used for
    /// the longest first, and of it the oldest. Chunks that reach to `now` or later stay. What is
    /// taken is a gap again.
    ///
    /// # Errors
    /// `Query`.
    pub fn prune(&mut self, now: i64) -> Result<Pruned, StoreError> {
        let Some(quota) = self.quota()? else { return Ok(Pruned::default()) };
        let mut pruned = Pruned::default();
        let by_use = sqlx::query("SELECT series_id FROM series ORDER BY used_at, series_id");
        let by_use = self.database.run(|connection| by_use.fetch_all(connection))?;
        for row in by_use {
            let series = SeriesId(row.try_get(0)?);
            while self.n_bytes()? > quota {
                let taken = self.take_oldest(series, now)?;
                if taken.n_chunks == 0 {
                    break;
                }
                pruned.n_chunks += taken.n_chunks;
                pruned.n_bars += taken.n_bars;
                pruned.series.push(series);
            }
        }
        if pruned.n_chunks > 0 {
            tracing::info!(
                chunks = pruned.n_chunks,
                bars = pruned.n_bars,
                "Bars were taken away to keep the history within its quota"
            );
            let shrink = sqlx::query("PRAGMA incremental_vacuum");
            self.database.run(|connection| shrink.fetch_all(connection))?;
        }
        Ok(pruned)
    }

    fn take_oldest(&mut self, series: SeriesId, now: i64) -> Result<Pruned, StoreError> {
        let shelf = self.shelf(series)?;
        let (first, last) = shelf::chunk_ids(series.0);
        self.heads.remove(&series);
        self.database.write(async move |script| {
            let oldest = script.add(
                "SELECT chunk_id, n_bars FROM chunk WHERE chunk_id BETWEEN ? AND ?
                 ORDER BY chunk_id LIMIT ?",
            );
            let oldest = oldest.bind(first).bind(last).bind(PRUNED_AT_ONCE).rows().await?;
            let mut taken = Pruned::default();
            for row in oldest {
                let (chunk_id, n_bars): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
                let (from, to) = shelf.span_of(shelf::parts_of(chunk_id).1);
                if to > now {
                    break;
                }
                take_away(script, series, chunk_id, (from, to)).await?;
                taken.n_chunks += 1;
                taken.n_bars += n_bars;
            }
            Ok(taken)
        })
    }

    /// Opens every chunk of every series, and takes those away that do not hold.
    ///
    /// # Errors
    /// `Query`.
    pub fn check(&mut self) -> Result<Checked, StoreError> {
        let mut checked = Checked::default();
        for series in self.all_series()? {
            let found = self.check_series(series.id)?;
            checked.n_chunks += found.n_chunks;
            checked.n_bars += found.n_bars;
            checked.n_odd += found.n_odd;
            checked.damaged.extend(found.damaged);
        }
        Ok(checked)
    }

    /// Opens every chunk of one series, as `check` does: a file of many takes long.
    ///
    /// # Errors
    /// `Query`.
    pub fn check_series(&mut self, series: SeriesId) -> Result<Checked, StoreError> {
        self.check_ids(shelf::chunk_ids(series.0))
    }

    /// Opens the chunks of one series that may hold bars of `[from, to)`, in seconds since 1970, as
    /// `check` does.
    ///
    /// # Errors
    /// `Query`, or there is no such series.
    pub fn check_span(
        &mut self,
        series: SeriesId,
        span: (i64, i64),
    ) -> Result<Checked, StoreError> {
        let shelf = self.shelf(series)?;
        self.check_ids(shelf::ids_within(series.0, &shelf, span))
    }

    fn check_ids(&mut self, ids: (i64, i64)) -> Result<Checked, StoreError> {
        let (checked, lost) = self.read_all(ids)?;
        Ok(Checked { damaged: self.give_back(lost)?, ..checked })
    }

    fn read_all(&mut self, (first, last): (i64, i64)) -> Result<(Checked, Lost), StoreError> {
        let chunks = sqlx::query(AssertSqlSafe(format!(
            "SELECT {HEAD}, body FROM chunk LEFT JOIN body USING (chunk_id)
             WHERE chunk.chunk_id BETWEEN ? AND ? ORDER BY chunk.chunk_id"
        )));
        let chunks = chunks.bind(first).bind(last);
        self.database.run(async |connection| {
            use futures_util::TryStreamExt as _;
            let (mut checked, mut lost) = (Checked::default(), Lost::new());
            let mut rows = chunks.fetch(connection);
            while let Some(row) = rows.try_next().await? {
                let head = rows::head(&row);
                let mut bars = scaled(&head);
                let body = rows::body(&row, BEHIND_HEAD).ok_or(Damage::NoBody);
                checked.n_chunks += 1;
                match body.and_then(|body| body::read(&head, body, &mut bars, None)) {
                    Ok(()) => {
                        checked.n_bars += head.n_bars;
                        checked.n_odd += bars.n_odd();
                    }
                    Err(why) => lost.push((head, why)),
                }
            }
            Ok((checked, lost))
        })
    }

    /// Returns what did not hold so far, newest first.
    ///
    /// # Errors
    /// `Query`.
    pub fn noted_damage(&mut self) -> Result<Vec<NotedDamage>, StoreError> {
        let all = sqlx::query(
            "SELECT series_id, day, found_at, why FROM damage ORDER BY found_at DESC, rowid DESC",
        );
        let rows = self.database.run(|connection| all.fetch_all(connection))?;
        let noted = |row: &sqlx::sqlite::SqliteRow| {
            Ok(NotedDamage {
                series: SeriesId(row.try_get(0)?),
                day: shelf::numbered_day(row.try_get(1)?),
                found_at: row.try_get(2)?,
                why: row.try_get(3)?,
            })
        };
        rows.iter().map(noted).collect()
    }

    /// Returns what is known of each series, by symbol.
    ///
    /// # Errors
    /// `Query`.
    pub fn stats(&mut self) -> Result<Vec<Kept>, StoreError> {
        let mut stats = Vec::new();
        for series in self.all_series()? {
            let (first, last) = shelf::chunk_ids(series.id.0);
            let sums = sqlx::query(
                "SELECT count(*), coalesce(sum(min(n_bars, 1 << 24)), 0), min(first_at), max(last_at),
                     (SELECT coalesce(sum(length(body)), 0) FROM body WHERE chunk_id BETWEEN ? AND ?),
                     (SELECT used_at FROM series WHERE series_id = ?)
                 FROM chunk WHERE chunk_id BETWEEN ? AND ?",
            );
            let sums = sums.bind(first).bind(last).bind(series.id.0).bind(first).bind(last);
            let row = self.database.run(|connection| sums.fetch_one(connection))?;
            let reach: (Option<i64>, Option<i64>) = (row.try_get(2)?, row.try_get(3)?);
            stats.push(Kept {
                n_chunks: row.try_get(0)?,
                n_bars: row.try_get(1)?,
                n_bytes: row.try_get(4)?,
                reach: reach.0.zip(reach.1),
                covered: self.covered(series.id)?,
                used_at: Some(row.try_get(5)?).filter(|used_at| *used_at > 0),
                series,
            });
        }
        Ok(stats)
    }
}

/// Takes a chunk that does not hold away, with a note; its span is a gap again.
pub(super) async fn give_back(
    script: &mut Script<'_>,
    damaged: &Damaged,
) -> Result<(), sqlx::Error> {
    let Damaged { series, day, span, why } = damaged;
    take_away(script, *series, shelf::chunk_id(series.0, *day), *span).await?;
    script
        .add("INSERT INTO damage (series_id, day, found_at, why) VALUES (?, ?, unixepoch(), ?)")
        .bind(series.0)
        .bind(shelf::day_number(*day))
        .bind(why.to_string());
    Ok(())
}

async fn take_away(
    script: &mut Script<'_>,
    series: SeriesId,
    chunk_id: i64,
    (from, to): (i64, i64),
) -> Result<(), sqlx::Error> {
    imports::forget(script, series, chunk_id);
    drop_chunk(script, series, chunk_id);
    cover::forget(script, series, from, to).await
}

/// Takes a chunk away; what is known stays known.
pub(super) fn drop_chunk(script: &mut Script<'_>, series: SeriesId, chunk_id: i64) {
    for take in ["DELETE FROM body WHERE chunk_id = ?", "DELETE FROM chunk WHERE chunk_id = ?"] {
        script.add(take).bind(chunk_id);
    }
    script
        .add("UPDATE series SET change = change + 1, emptied = change + 1 WHERE series_id = ?")
        .bind(series.0);
}
