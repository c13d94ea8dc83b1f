//! The file: series, sealed days, rows of the open day, and spans that are known.

use std::path::{Path, PathBuf};

use gatehouse_types::{ConId, Decimal};
use jiff::civil::Date;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Connection as _, Row as _};

use crate::bars::{Bar, Bars, NotHeld};
use crate::chunk::{self, CODEC, Damage, Header};
use crate::connection::Database;
use crate::coverage::{self, Span};
use crate::series::{Described, Instrument, SeriesId, SeriesKey};

/// Name of the file in the data directory.
pub const FILE_NAME: &str = "history.sqlite";

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/history");

/// Days fit these many bits of a chunk's id: until the year 4840.
const DAY_BITS: u32 = 20;

/// Why the store did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the history {} cannot be opened", path.display())]
    Open {
        path: PathBuf,
        #[source]
        source: sqlx::Error,
    },
    #[error("the tables of the history cannot be made")]
    Migrate(#[source] MigrateError),
    #[error("the history cannot be read or written")]
    Query(#[source] sqlx::Error),
    #[error("the bars of {day} cannot be held")]
    NotHeld {
        day: Date,
        #[source]
        source: NotHeld,
    },
    #[error("the bars of {day} are not in the order of time, or there are none")]
    Order { day: Date },
    #[error("the bars of {day} cannot be compressed")]
    Compress {
        day: Date,
        #[source]
        source: pco::errors::PcoError,
    },
    #[error("bars of different days cannot be held together")]
    Join(#[source] NotHeld),
    #[error("a row of the open day holds {text:?}, which is not a number")]
    Row { text: String },
    #[error("{day} is before 1970 or after 4840")]
    Day { day: Date },
}

/// A day that is over, as it is handed in.
#[derive(Debug, Clone, Copy)]
pub struct Sealed<'a> {
    /// The trading day in the exchange's zone.
    pub day: Date,
    /// In the order of time, at least one.
    pub bars: &'a Bars,
    /// Where they come from, such as `gateway` or `lean`.
    pub source: &'a str,
    /// When they were fetched, seconds since 1970.
    pub fetched_at: i64,
}

/// The figures of a whole day, read without its bars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaySummary {
    pub day: Date,
    pub n_bars: i64,
    /// The first and the last price, the extremes and the sum of volumes, beginning at the first
    /// bar.
    pub bar: Bar,
    pub source: String,
    /// Seconds since 1970.
    pub fetched_at: i64,
    /// 1 at first, one more with each replacement.
    pub revision: i64,
}

/// A day whose body does not hold; it counts as missing and wants to be fetched again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged {
    pub day: Date,
    pub why: Damage,
}

/// What was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    pub bars: Bars,
    pub damaged: Vec<Damaged>,
}

/// An open file.
#[derive(Debug)]
pub struct Store {
    database: Database,
}

impl Store {
    /// Opens the file at `path` for writing, and makes it where there is none.
    ///
    /// # Errors
    /// It cannot be opened, is not a database, or its tables cannot be made.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut database = Database::open_to_write(path)
            .map_err(|source| StoreError::Open { path: path.to_owned(), source })?;
        database.run(|connection| MIGRATIONS.run(connection)).map_err(StoreError::Migrate)?;
        Ok(Self { database })
    }

    /// Opens the file at `path` for reading.
    ///
    /// # Errors
    /// It is not there, or is not a database.
    pub fn open_to_read(path: &Path) -> Result<Self, StoreError> {
        let open = |source| StoreError::Open { path: path.to_owned(), source };
        let mut store = Self { database: Database::open_to_read(path).map_err(open)? };
        // A file that is no history is found here and not at the first question.
        let probe = sqlx::query("SELECT series_id FROM series LIMIT 1");
        store.database.run(|connection| probe.fetch_optional(connection)).map_err(open)?;
        Ok(store)
    }

    /// Closes the file.
    ///
    /// # Errors
    /// The log could not be written back; nothing is lost by it.
    pub fn close(self) -> Result<(), StoreError> {
        self.database.close().map_err(StoreError::Query)
    }

    /// Returns the id of a series, which is made where there is none.
    ///
    /// # Errors
    /// `Query`.
    pub fn series(
        &mut self,
        key: &SeriesKey,
        instrument: &Instrument,
    ) -> Result<SeriesId, StoreError> {
        let make = sqlx::query(
            "INSERT INTO series (con_id, what, bar_secs, regular, symbol, sec_type, currency, exchange, zone)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (con_id, what, bar_secs, regular) DO UPDATE SET con_id = con_id
             RETURNING series_id",
        )
        .bind(key.con_id.get())
        .bind(&key.what)
        .bind(key.bar_secs)
        .bind(key.is_regular)
        .bind(&instrument.symbol)
        .bind(&instrument.sec_type)
        .bind(&instrument.currency)
        .bind(&instrument.exchange)
        .bind(&instrument.zone);
        let row = self.database.run(|connection| make.fetch_one(connection));
        row.map(|row| SeriesId(row.get(0))).map_err(StoreError::Query)
    }

    /// Returns every series, by symbol.
    ///
    /// # Errors
    /// `Query`.
    pub fn all_series(&mut self) -> Result<Vec<Described>, StoreError> {
        let all = sqlx::query(
            "SELECT series_id, con_id, what, bar_secs, regular, symbol, sec_type, currency, exchange, zone
             FROM series ORDER BY symbol, what, bar_secs, regular, series_id",
        );
        let rows = self.database.run(|connection| all.fetch_all(connection));
        Ok(rows.map_err(StoreError::Query)?.iter().map(described).collect())
    }

    /// Puts a day that is over in the place of what was known of it, rows of the open day too.
    ///
    /// # Errors
    /// Nothing is changed then: the bars are not in order or do not fit, or `Query`.
    pub fn seal(&mut self, series: SeriesId, sealed: &Sealed<'_>) -> Result<(), StoreError> {
        let day = sealed.day;
        let bars = sealed.bars;
        let (Some(first), Some(last)) = (bars.at.first().copied(), bars.at.last().copied()) else {
            return Err(StoreError::Order { day });
        };
        if !bars.at.is_sorted_by(|one, next| one < next) {
            return Err(StoreError::Order { day });
        }
        let id = chunk_id(series, day)?;
        let body = chunk::write(bars).map_err(|source| StoreError::Compress { day, source })?;
        let summary = whole_day(bars);
        let put = sqlx::query(
            "INSERT INTO chunk (chunk_id, first_at, last_at, n_bars, px_scale, open_px, high_px, low_px,
                 close_px, volume_scale, volume, average_scale, source, fetched_at, revision, codec, crc32, body)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)
             ON CONFLICT (chunk_id) DO UPDATE SET first_at = excluded.first_at,
                 last_at = excluded.last_at, n_bars = excluded.n_bars, px_scale = excluded.px_scale,
                 open_px = excluded.open_px, high_px = excluded.high_px, low_px = excluded.low_px,
                 close_px = excluded.close_px, volume_scale = excluded.volume_scale,
                 volume = excluded.volume, average_scale = excluded.average_scale,
                 source = excluded.source, fetched_at = excluded.fetched_at,
                 revision = revision + 1, codec = excluded.codec, crc32 = excluded.crc32,
                 body = excluded.body",
        )
        .bind(id)
        .bind(first)
        .bind(last)
        .bind(i64::try_from(bars.len()).unwrap_or(i64::MAX))
        .bind(bars.px_scale)
        .bind(summary.open)
        .bind(summary.high)
        .bind(summary.low)
        .bind(summary.close)
        .bind(bars.volume_scale)
        .bind(summary.volume)
        .bind(bars.average_scale)
        .bind(sealed.source)
        .bind(sealed.fetched_at)
        .bind(CODEC)
        .bind(crc32fast::hash(&body))
        .bind(body);
        let clear = sqlx::query("DELETE FROM open_bar WHERE series_id = ? AND at BETWEEN ? AND ?")
            .bind(series.0)
            .bind(first)
            .bind(last);
        self.transaction(async move |connection| {
            put.execute(&mut *connection).await?;
            clear.execute(connection).await.map(drop)
        })
    }

    /// Puts bars of the open day in the place of those that begin at the same time.
    ///
    /// # Errors
    /// `Query`; nothing is changed then.
    pub fn put_open(&mut self, series: SeriesId, bars: &[Bar]) -> Result<(), StoreError> {
        self.transaction(async move |connection| {
            for bar in bars {
                sqlx::query(
                    "INSERT OR REPLACE INTO open_bar
                     (series_id, at, open, high, low, close, volume, average, n_trades)
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                )
                .bind(series.0)
                .bind(bar.at)
                .bind(bar.open.to_string())
                .bind(bar.high.to_string())
                .bind(bar.low.to_string())
                .bind(bar.close.to_string())
                .bind(bar.volume.to_string())
                .bind(bar.average.to_string())
                .bind(bar.n_trades)
                .execute(&mut *connection)
                .await?;
            }
            Ok(())
        })
    }

    /// Returns the bars that begin within `[from, to)`, in seconds since 1970, in the order of time.
    /// Days that do not hold are left out and named.
    ///
    /// # Errors
    /// `Query`, or days that cannot be held together.
    pub fn read(&mut self, series: SeriesId, from: i64, to: i64) -> Result<Read, StoreError> {
        let chunks = sqlx::query(
            "SELECT chunk_id, n_bars, px_scale, volume_scale, average_scale, codec, crc32, body FROM chunk
             WHERE chunk_id BETWEEN ? AND ? AND last_at >= ? AND first_at < ? ORDER BY chunk_id",
        )
        .bind(series.0 << DAY_BITS)
        .bind((series.0 << DAY_BITS) | ((1 << DAY_BITS) - 1))
        .bind(from)
        .bind(to);
        let rows = self.database.run(|connection| chunks.fetch_all(connection));
        let mut read = Read::default();
        for row in rows.map_err(StoreError::Query)? {
            match chunk::read(header(&row), row.get("body")) {
                Ok(bars) => read.bars.append(bars).map_err(StoreError::Join)?,
                Err(why) => {
                    tracing::warn!(%why, "A day of the history does not hold");
                    read.damaged.push(Damaged { day: day_of(row.get("chunk_id")), why });
                }
            }
        }
        read.bars.keep_within(from, to);
        let open = self.open_bars(series, from, to)?;
        let behind = read.bars.at.last().copied().unwrap_or(i64::MIN);
        let open: Vec<Bar> = open.into_iter().filter(|bar| bar.at > behind).collect();
        let open = Bars::from_rows(&open).map_err(StoreError::Join)?;
        read.bars.append(open).map_err(StoreError::Join)?;
        Ok(read)
    }

    fn open_bars(&mut self, series: SeriesId, from: i64, to: i64) -> Result<Vec<Bar>, StoreError> {
        let open = sqlx::query(
            "SELECT at, open, high, low, close, volume, average, n_trades FROM open_bar
             WHERE series_id = ? AND at >= ? AND at < ? ORDER BY at",
        )
        .bind(series.0)
        .bind(from)
        .bind(to);
        let rows = self.database.run(|connection| open.fetch_all(connection));
        rows.map_err(StoreError::Query)?.iter().map(open_bar).collect()
    }

    /// Returns the figures of each sealed day, in order.
    ///
    /// # Errors
    /// `Query`.
    pub fn days(&mut self, series: SeriesId) -> Result<Vec<DaySummary>, StoreError> {
        let days = sqlx::query(
            "SELECT chunk_id, first_at, n_bars, px_scale, open_px, high_px, low_px, close_px,
                 volume_scale, volume, source, fetched_at, revision FROM chunk
             WHERE chunk_id BETWEEN ? AND ? ORDER BY chunk_id",
        )
        .bind(series.0 << DAY_BITS)
        .bind((series.0 << DAY_BITS) | ((1 << DAY_BITS) - 1));
        let rows = self.database.run(|connection| days.fetch_all(connection));
        Ok(rows.map_err(StoreError::Query)?.iter().map(summary).collect())
    }

    /// Notes that a span was asked for and answered.
    ///
    /// # Errors
    /// `Query`; nothing is changed then.
    pub fn cover(&mut self, series: SeriesId, span: Span) -> Result<(), StoreError> {
        let spans = coverage::laid(&self.covered(series)?, span);
        self.transaction(async move |connection| {
            sqlx::query("DELETE FROM coverage WHERE series_id = ?")
                .bind(series.0)
                .execute(&mut *connection)
                .await?;
            for span in spans {
                sqlx::query(
                    "INSERT INTO coverage (series_id, from_at, to_at, is_empty) VALUES (?, ?, ?, ?)",
                )
                .bind(series.0)
                .bind(span.from)
                .bind(span.to)
                .bind(span.is_empty)
                .execute(&mut *connection)
                .await?;
            }
            Ok(())
        })
    }

    /// Returns the spans that are known, in order.
    ///
    /// # Errors
    /// `Query`.
    pub fn covered(&mut self, series: SeriesId) -> Result<Vec<Span>, StoreError> {
        let spans = sqlx::query(
            "SELECT from_at, to_at, is_empty FROM coverage WHERE series_id = ? ORDER BY from_at",
        )
        .bind(series.0);
        let rows = self.database.run(|connection| spans.fetch_all(connection));
        let span =
            |row: &SqliteRow| Span { from: row.get(0), to: row.get(1), is_empty: row.get(2) };
        Ok(rows.map_err(StoreError::Query)?.iter().map(span).collect())
    }

    /// Returns what of `[from, to)` is not known, in seconds since 1970, in order.
    ///
    /// # Errors
    /// `Query`.
    pub fn gaps(
        &mut self,
        series: SeriesId,
        from: i64,
        to: i64,
    ) -> Result<Vec<(i64, i64)>, StoreError> {
        Ok(coverage::gaps(&self.covered(series)?, from, to))
    }

    fn transaction(
        &mut self,
        work: impl AsyncFnOnce(&mut SqliteConnection) -> Result<(), sqlx::Error>,
    ) -> Result<(), StoreError> {
        let done = self.database.run(async move |connection| {
            let mut transaction = connection.begin().await?;
            work(&mut transaction).await?;
            transaction.commit().await
        });
        done.map_err(StoreError::Query)
    }
}

/// Mantissas of a whole day.
struct WholeDay {
    open: i64,
    high: i64,
    low: i64,
    close: i64,
    volume: i64,
}

fn whole_day(bars: &Bars) -> WholeDay {
    let first = |column: &[i64]| column.first().copied().unwrap_or_default();
    WholeDay {
        open: first(&bars.open),
        high: bars.high.iter().copied().max().unwrap_or_default(),
        low: bars.low.iter().copied().min().unwrap_or_default(),
        close: bars.close.last().copied().unwrap_or_default(),
        // A sum over what fits is a figure for views, not for orders.
        volume: bars.volume.iter().fold(0, |sum, volume| sum.saturating_add(*volume)),
    }
}

fn chunk_id(series: SeriesId, day: Date) -> Result<i64, StoreError> {
    let days = (day - jiff::civil::date(1970, 1, 1)).get_days();
    match i64::from(days) {
        days @ 0.. if days < 1 << DAY_BITS => Ok((series.0 << DAY_BITS) | days),
        _ => Err(StoreError::Day { day }),
    }
}

fn day_of(chunk_id: i64) -> Date {
    let days = chunk_id & ((1 << DAY_BITS) - 1);
    let day = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(days));
    day.unwrap_or(Date::MAX)
}

fn header(row: &SqliteRow) -> Header {
    Header {
        n_bars: row.get("n_bars"),
        px_scale: row.get("px_scale"),
        volume_scale: row.get("volume_scale"),
        average_scale: row.get("average_scale"),
        codec: row.get("codec"),
        crc32: row.get("crc32"),
    }
}

fn described(row: &SqliteRow) -> Described {
    Described {
        id: SeriesId(row.get("series_id")),
        key: SeriesKey {
            con_id: ConId::new(row.get("con_id")),
            what: row.get("what"),
            bar_secs: row.get("bar_secs"),
            is_regular: row.get("regular"),
        },
        instrument: Instrument {
            symbol: row.get("symbol"),
            sec_type: row.get("sec_type"),
            currency: row.get("currency"),
            exchange: row.get("exchange"),
            zone: row.get("zone"),
        },
    }
}

fn summary(row: &SqliteRow) -> DaySummary {
    let px = |name: &str| crate::bars::decimal(row.get(name), row.get("px_scale"));
    let bar = Bar {
        at: row.get("first_at"),
        open: px("open_px"),
        high: px("high_px"),
        low: px("low_px"),
        close: px("close_px"),
        volume: crate::bars::decimal(row.get("volume"), row.get("volume_scale")),
        average: Decimal::NEGATIVE_ONE,
        n_trades: -1,
    };
    DaySummary {
        day: day_of(row.get("chunk_id")),
        n_bars: row.get("n_bars"),
        bar,
        source: row.get("source"),
        fetched_at: row.get("fetched_at"),
        revision: row.get("revision"),
    }
}

fn open_bar(row: &SqliteRow) -> Result<Bar, StoreError> {
    let number = |name: &str| {
        let text: &str = row.get(name);
        text.parse().map_err(|_| StoreError::Row { text: text.to_owned() })
    };
    Ok(Bar {
        at: row.get("at"),
        open: number("open")?,
        high: number("high")?,
        low: number("low")?,
        close: number("close")?,
        volume: number("volume")?,
        average: number("average")?,
        n_trades: row.get("n_trades"),
    })
}

#[cfg(test)]
mod tests;
