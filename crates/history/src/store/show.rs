//! Windows of a series for charts.

use futures_util::TryStreamExt as _;
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, Row as _};

use super::put::scaled;
use super::rows::HEAD;
use super::{Store, StoreError, rows};
use crate::body::{self, Damage, Head};
use crate::series::SeriesId;
use crate::shelf;
use crate::window::{Columns, Cut, Gathering, Heads, Start, Window};

/// Where at least one of so many chunks is opened, all between are read through.
const DENSE: usize = 3;

impl Store {
    /// Returns a window of columns, each of `bars_per_column` bars, the last perhaps of fewer.
    ///
    /// Chunks that lie within one column are not opened. One that does not hold is taken away as
    /// by `read`, and the window is of what is left.
    ///
    /// # Errors
    /// `Query`, or prices that cannot be held at one scale.
    pub fn window(
        &mut self,
        series: SeriesId,
        start: Start,
        n_columns: u32,
        bars_per_column: u32,
    ) -> Result<Window, StoreError> {
        loop {
            let index = match start {
                Start::Time(at) => self.index_at(series, at)?.unwrap_or(0),
                Start::Newest | Start::Index(_) => 0,
            };
            let n_bars = self.n_bars(series)?;
            let cut = Cut::of(start, index, n_bars, n_columns, bars_per_column);
            if let Some(columns) = self.columns(series, cut)? {
                let bars_per_column = bars_per_column.max(1);
                return Ok(Window { first: cut.first, n_bars, bars_per_column, columns });
            }
        }
    }

    /// Returns one column for each of the newest chunks, at most so many, from figures alone: days of
    /// a series of bars below five minutes.
    ///
    /// # Errors
    /// `Query`, or prices that cannot be held at one scale.
    pub fn newest_chunks(&mut self, series: SeriesId, n: usize) -> Result<Columns, StoreError> {
        let heads = self.heads(series)?;
        let from = heads.all().len().saturating_sub(n);
        let wanted = Heads::new(0, heads.all().get(from..).unwrap_or_default().to_vec());
        let mut columns = Gathering::new(Cut::EACH, &wanted);
        for head in wanted.all() {
            columns.add_whole(head)?;
        }
        Ok(columns.into_columns())
    }

    /// Returns the number of bars of a series.
    ///
    /// # Errors
    /// `Query`.
    pub fn n_bars(&mut self, series: SeriesId) -> Result<i64, StoreError> {
        Ok(self.heads(series)?.n_bars())
    }

    /// Returns the number of the bar that begins at or last before an instant, counted from 0; the
    /// first where all begin later, `None` where there is none.
    ///
    /// # Errors
    /// `Query`.
    pub fn index_at(&mut self, series: SeriesId, at: i64) -> Result<Option<i64>, StoreError> {
        loop {
            let Some((head, start)) = self.heads(series)?.at(at) else { return Ok(None) };
            if at >= head.last_at {
                return Ok(Some(start + head.n_bars - 1));
            }
            let body = sqlx::query("SELECT body FROM body WHERE chunk_id = ?").bind(head.chunk_id);
            let row = self.database.run(|connection| body.fetch_optional(connection))?;
            let mut bars = scaled(&head);
            let body = row.as_ref().and_then(|row| rows::body(row, 0));
            let read = body.ok_or(Damage::NoBody);
            match read.and_then(|body| body::read_for_chart(&head, body, &mut bars)) {
                Ok(()) => {
                    let behind = bars.at.partition_point(|begins| *begins <= at);
                    let idx = i64::try_from(behind.saturating_sub(1)).unwrap_or(0);
                    return Ok(Some(start + idx));
                }
                Err(why) => drop(self.give_back(vec![(head, why)])?),
            }
        }
    }

    /// Returns the figures of every chunk as they stand: read once, and then what changed.
    pub(super) fn heads(&mut self, series: SeriesId) -> Result<&Heads, StoreError> {
        let state = sqlx::query("SELECT change, emptied FROM series WHERE series_id = ?");
        let state = state.bind(series.0);
        let row = self.database.run(|connection| state.fetch_optional(connection))?;
        let row = row.ok_or(StoreError::NoSeries { id: series.0 })?;
        let (change, emptied): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        let known = self.heads.get(&series).map(|heads| heads.change);
        let since = known.filter(|known| *known >= emptied);
        if known != Some(change) || since.is_none() {
            let Some(changed) = self.heads_since(series, since.unwrap_or(-1))? else {
                return self.heads(series);
            };
            match self.heads.get_mut(&series) {
                Some(heads) if since.is_some() => heads.update(change, changed),
                Some(_) | None => {
                    self.heads.insert(series, Heads::new(change, changed));
                }
            }
        }
        self.heads.get(&series).ok_or(StoreError::NoSeries { id: series.0 })
    }

    /// Returns the figures that changed; `None` when some are none of bars, which are then given back.
    fn heads_since(
        &mut self,
        series: SeriesId,
        change: i64,
    ) -> Result<Option<Vec<Head>>, StoreError> {
        let (first, last) = shelf::chunk_ids(series.0);
        let changed = sqlx::query(AssertSqlSafe(format!(
            "SELECT {HEAD} FROM chunk WHERE chunk_id BETWEEN ? AND ? AND change > ? ORDER BY chunk_id"
        )));
        let changed = changed.bind(first).bind(last).bind(change);
        let rows = self.database.run(|connection| changed.fetch_all(connection))?;
        let (sound, others): (Vec<Head>, Vec<Head>) = rows
            .iter()
            .map(rows::head)
            .filter(|head| !self.skipped.contains_key(&(head.chunk_id, head.crc32)))
            .partition(Head::is_sound);
        let is_whole = others.is_empty();
        self.give_back(others.into_iter().map(|head| (head, Damage::Figures)).collect())?;
        Ok(is_whole.then_some(sound))
    }

    /// Returns the columns of a cut; `None` when a chunk did not hold and was taken away.
    fn columns(&mut self, series: SeriesId, cut: Cut) -> Result<Option<Columns>, StoreError> {
        let Self { database, heads, .. } = self;
        let Some(heads) = heads.get(&series) else { return Ok(Some(Columns::default())) };
        let mut gathering = Gathering::new(cut, heads);
        let wanted: Vec<(Head, i64)> = heads.within(cut.first, cut.end).collect();
        let opened: Vec<i64> = wanted
            .iter()
            .filter(|(head, start)| !cut.is_within_one(head, *start))
            .map(|(head, _)| head.chunk_id)
            .collect();
        let bodies = Bodies::of(&opened, wanted.len());
        let lost: Option<(Head, Damage)> = database.run(async |connection| {
            let id = |row: &SqliteRow| row.try_get::<i64, _>(0).ok();
            let mut rows = bodies.as_ref().map(|bodies| bodies.query().fetch(connection));
            for (head, start) in wanted {
                if cut.is_within_one(&head, start) {
                    gathering.add_whole(&head)?;
                    continue;
                }
                // Streamed, in the order of ids: rows of chunks that are not opened are passed over.
                let row = loop {
                    let Some(rows) = rows.as_mut() else { break None };
                    match rows.try_next().await? {
                        Some(row) if id(&row) < Some(head.chunk_id) => {}
                        other => break other,
                    }
                };
                let row = row.filter(|row| id(row) == Some(head.chunk_id));
                let mut bars = scaled(&head);
                let body = row.as_ref().and_then(|row| rows::body(row, 1)).ok_or(Damage::NoBody);
                match body.and_then(|body| body::read_for_chart(&head, body, &mut bars)) {
                    Ok(()) => gathering.add_bars(&mut bars, start)?,
                    Err(why) => return Ok(Some((head, why))),
                }
            }
            Ok::<_, StoreError>(None)
        })?;
        if let Some(lost) = lost {
            self.give_back(vec![lost])?;
            return Ok(None);
        }
        Ok(Some(gathering.into_columns()))
    }
}

/// Which bodies to ask for; they come in the order of their ids.
struct Bodies {
    first: i64,
    last: i64,
    /// These alone, as a list in JSON; without it all between.
    alone: Option<String>,
}

impl Bodies {
    /// Asks for single ones where they are few of those between the first and the last.
    fn of(opened: &[i64], n_between: usize) -> Option<Self> {
        let (first, last) = (*opened.first()?, *opened.last()?);
        let is_dense = opened.len() * DENSE >= n_between;
        let list = || {
            let ids: Vec<String> = opened.iter().map(i64::to_string).collect();
            format!("[{}]", ids.join(","))
        };
        Some(Self { first, last, alone: (!is_dense).then(list) })
    }

    fn query(&self) -> Query<'_, Sqlite, SqliteArguments> {
        match &self.alone {
            None => sqlx::query(
                "SELECT chunk_id, body FROM body WHERE chunk_id BETWEEN ? AND ? ORDER BY chunk_id",
            )
            .bind(self.first)
            .bind(self.last),
            Some(list) => sqlx::query(
                "SELECT chunk_id, body FROM json_each(?) CROSS JOIN body ON chunk_id = json_each.value
                 ORDER BY json_each.key",
            )
            .bind(list),
        }
    }
}
