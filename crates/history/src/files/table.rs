//! What a table of bars is of, which of its columns are which, and what its cells mean.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;

use gatehouse_types::{ConId, Decimal};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::FileError;
use super::report::RowTrouble;
use super::zoned::{self, Moment};
use crate::bars::{Bar, Bars, NotHeld};
use crate::series::{Instrument, SeriesId, SeriesKey};
use crate::shelf::is_time;
use crate::store::{Fetched, ImportKey, Imported, Put, Store, StoreError};

/// Which series a table is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The broker's id of the instrument. Without it, that of a series of the same instrument in the
    /// store, or else a negative number of Gatehouse's own.
    pub con_id: Option<ConId>,
    pub instrument: Instrument,
    /// `TRADES`, `BID` and so on.
    pub what: String,
    pub bar_secs: u32,
    pub is_regular: bool,
}

/// How times are written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum TimeForm {
    /// ISO 8601, with an offset or on the wall of the zone; a date; or a whole number since 1970, of
    /// seconds, or of milli-, micro- or nanoseconds if it is that long.
    #[default]
    Guessed,
    /// A pattern as `strftime` has it, such as `%d.%m.%Y %H:%M`.
    Pattern(String),
}

/// How a table is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableReading {
    pub origin: Origin,
    /// Names of columns for `time`, `open`, `high`, `low`, `close`, `volume`, `average` and
    /// `trades`, where they are not the usual ones; a number counts columns from 1.
    pub columns: BTreeMap<String, String>,
    pub time: TimeForm,
    /// Between the cells of a line, in tables of text.
    pub delimiter: u8,
    /// When the bars count as fetched, seconds since 1970.
    pub fetched_at: i64,
}

/// What a column may be called, those that must be there first.
const NAMES: [(&str, &[&str]); 8] = [
    ("time", &["time", "date", "datetime", "timestamp", "at"]),
    ("open", &["open", "o"]),
    ("high", &["high", "h"]),
    ("low", &["low", "l"]),
    ("close", &["close", "c"]),
    ("volume", &["volume", "vol", "v"]),
    ("average", &["average", "wap", "vwap"]),
    ("trades", &["trades", "n_trades", "count", "barcount"]),
];
const N_NEEDED: usize = 5;

/// Digits behind the point that are kept of a number, counted from its first that is not 0 when it is
/// below 1: a chain of floats prints seventeen, and beside large prices these do not fit 64 bits.
const DIGITS_MAX: u32 = 10;
/// And never more than these.
const DIGITS_MOST: u32 = 16;

/// Where each of [`NAMES`] is in a row.
#[derive(Debug, Clone)]
pub(super) struct Places([Option<usize>; 8]);

/// A row that was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) bar: Bar,
    /// Some number of it had more digits than are kept.
    pub(super) is_rounded: bool,
}

/// A table that is being read.
#[derive(Debug)]
pub(super) struct Table<'a> {
    reading: &'a TableReading,
    zone: TimeZone,
    places: Places,
    series: SeriesId,
}

impl TableReading {
    /// Returns what decides what the rows mean.
    pub(super) fn id(&self, format: &str) -> String {
        let Origin { con_id, instrument, what, bar_secs, is_regular } = &self.origin;
        let con_id = con_id.map(ConId::get);
        let Self { columns, time, delimiter, .. } = self;
        format!(
            "{format} {con_id:?} {instrument:?} {what} {bar_secs} {is_regular} {columns:?} {time:?} {delimiter}"
        )
    }
}

impl<'a> Table<'a> {
    /// Finds the columns, and the series in the store.
    pub(super) fn begin(
        store: &mut Store,
        path: &Path,
        reading: &'a TableReading,
        names: &[String],
    ) -> Result<Self, FileError> {
        let no_table = |why| FileError::Table { path: path.to_owned(), why };
        let places = places(&reading.columns, names).map_err(no_table)?;
        let Origin { con_id, instrument, what, bar_secs, is_regular } = &reading.origin;
        let zone = TimeZone::get(&instrument.zone)
            .map_err(|_| StoreError::Zone { zone: instrument.zone.clone() })?;
        let con_id = con_id_of(store, *con_id, instrument)?;
        let key =
            SeriesKey { con_id, what: what.clone(), bar_secs: *bar_secs, is_regular: *is_regular };
        let series = store.series(&key, instrument)?;
        Ok(Self { reading, zone, places, series })
    }

    /// Reads a row; `cell` gives the text of a column.
    pub(super) fn bar<'c>(
        &self,
        line: u64,
        cell: impl Fn(usize) -> Option<&'c str>,
    ) -> Result<Row, RowTrouble> {
        let is_rounded = Cell::new(false);
        let text = |which: usize| {
            let text = self.places.0[which].and_then(&cell).map(str::trim);
            text.filter(|text| !text.is_empty())
        };
        let trouble = |which: usize, expected| RowTrouble {
            line,
            column: NAMES[which].0.to_owned(),
            expected,
            found: text(which).unwrap_or_default().to_owned(),
        };
        let number = |which: usize, expected| {
            let number = text(which).and_then(decimal);
            let number = number.ok_or_else(|| trouble(which, expected))?;
            let short = rounded(number).ok_or_else(|| trouble(which, expected))?;
            is_rounded.set(is_rounded.get() || short != number);
            Ok(short)
        };
        let or_none = |which: usize, expected| match text(which) {
            Some(_) => number(which, expected),
            None => Ok(Decimal::NEGATIVE_ONE),
        };
        let at = text(0).and_then(|text| self.instant(text)).filter(|at| is_time(*at));
        let bar = Bar {
            at: at.ok_or_else(|| trouble(0, "a time"))?,
            open: number(1, "a price")?,
            high: number(2, "a price")?,
            low: number(3, "a price")?,
            close: number(4, "a price")?,
            volume: or_none(5, "a volume or nothing")?,
            average: or_none(6, "a price or nothing")?,
            n_trades: i32::try_from(or_none(7, "a number of trades or nothing")?)
                .map_err(|_| trouble(7, "a number of trades or nothing"))?,
        };
        Ok(Row { line, bar, is_rounded: is_rounded.get() })
    }

    fn instant(&self, text: &str) -> Option<i64> {
        let moment = match &self.reading.time {
            TimeForm::Pattern(pattern) => {
                let wall = DateTime::strptime(pattern, text).ok();
                let wall =
                    wall.or_else(|| Some(Date::strptime(pattern, text).ok()?.at(0, 0, 0, 0)));
                Moment::Wall(wall?)
            }
            TimeForm::Guessed => self.guessed(text)?,
        };
        zoned::kept_at(moment, self.reading.origin.bar_secs, &self.zone)
    }

    fn guessed(&self, text: &str) -> Option<Moment> {
        let n_digits = text.trim_start_matches('-').len();
        if n_digits != 8
            && let Ok(number) = text.parse::<i64>()
        {
            let per_second = match n_digits {
                ..=11 => 1,
                12..=14 => 1_000,
                15..=17 => 1_000_000,
                _ => 1_000_000_000,
            };
            return Some(Moment::Instant(number.div_euclid(per_second)));
        }
        if let Ok(instant) = text.parse::<Timestamp>() {
            let is_dated = self.reading.origin.bar_secs >= zoned::DATES_FROM;
            let written = zoned::as_written(text).filter(|_| is_dated);
            return Some(written.map_or(Moment::Instant(instant.as_second()), Moment::Wall));
        }
        let wall = text.parse::<DateTime>().ok();
        wall.or_else(|| Some(text.parse::<Date>().ok()?.at(0, 0, 0, 0))).map(Moment::Wall)
    }

    /// Puts rows into the store, with how far the import is. Returns also the rows that cannot be held
    /// beside others of their day, month or year.
    pub(super) fn put(
        &self,
        store: &mut Store,
        rows: &[Row],
        (key, imported): (&ImportKey, Imported),
    ) -> Result<(Put, Vec<RowTrouble>), FileError> {
        let mut chunks: BTreeMap<Date, Vec<Row>> = BTreeMap::new();
        for row in rows {
            chunks.entry(store.chunk_of(self.series, row.bar.at)?).or_default().push(*row);
        }
        let mut troubles = Vec::new();
        let mut held = Vec::new();
        for rows in chunks.values_mut() {
            held.push(hold(rows, &mut troubles));
        }
        match self.put_all(store, &held, (key, imported)) {
            // With what is kept of some chunk: which one is found one by one.
            Err(StoreError::NotHeld(_)) => {}
            put => return Ok((put?, troubles)),
        }
        let before = store.imported(key)?;
        let mut sum = Put::default();
        for mut rows in chunks.into_values() {
            sum += loop {
                let held = hold(&mut rows, &mut troubles);
                match self.put_all(store, &[held], (key, before)) {
                    Err(StoreError::NotHeld(why)) => leave_out(&mut rows, &why, &mut troubles),
                    put => break put?,
                }
            };
        }
        self.put_all(store, &[], (key, imported))?;
        Ok((sum, troubles))
    }

    fn put_all(
        &self,
        store: &mut Store,
        held: &[Bars],
        (key, imported): (&ImportKey, Imported),
    ) -> Result<Put, StoreError> {
        let fetched = held.iter().map(|bars| Fetched {
            series: self.series,
            bars,
            source: "import",
            fetched_at: self.reading.fetched_at,
            covers: &[],
        });
        store.put_import(&fetched.collect::<Vec<_>>(), key, imported)
    }
}

/// Returns the bars of rows, without those that cannot be held beside the others.
fn hold(rows: &mut Vec<Row>, troubles: &mut Vec<RowTrouble>) -> Bars {
    loop {
        let bars: Vec<Bar> = rows.iter().map(|row| row.bar).collect();
        match Bars::from_rows(&bars) {
            Ok(bars) => return bars,
            Err(why) => leave_out(rows, &why, troubles),
        }
    }
}

/// Leaves out the rows that have a number which cannot be held; where none has it, as it is one of the
/// bars that are kept, those with as many digits behind the point.
fn leave_out(rows: &mut Vec<Row>, why: &NotHeld, troubles: &mut Vec<RowTrouble>) {
    let numbers = |row: &Row| {
        let Bar { open, high, low, close, volume, average, .. } = row.bar;
        [open, high, low, close, volume, average]
    };
    let is_named = |row: &Row| numbers(row).contains(&why.value);
    let is_fine = |row: &Row| numbers(row).iter().any(|it| it.normalize().scale() >= why.scale);
    let are_named = rows.iter().any(is_named);
    let is_out = |row: &mut Row| if are_named { is_named(row) } else { is_fine(row) };
    let trouble = |row: Row| RowTrouble {
        line: row.line,
        column: String::new(),
        expected: "numbers that fit beside the others of their day, month or year",
        found: why.to_string(),
    };
    let n_before = rows.len();
    troubles.extend(rows.extract_if(.., is_out).map(trouble));
    if rows.len() == n_before {
        // No number of these rows is at fault by itself: none of them can be held.
        troubles.extend(rows.drain(..).map(trouble));
    }
}

/// Returns a number with as many digits as are kept; `None` when nothing would be left of it.
fn rounded(number: Decimal) -> Option<Decimal> {
    let (mut n_digits, mut size) = (DIGITS_MAX, number.abs());
    while size < Decimal::new(1, 1) && n_digits < DIGITS_MOST {
        size *= Decimal::TEN;
        n_digits += 1;
    }
    let short = number.round_dp(n_digits);
    (short.is_zero() == number.is_zero()).then_some(short)
}

/// Reads a number; also `1.5e-7`.
fn decimal(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok()
}

fn places(mapped: &BTreeMap<String, String>, names: &[String]) -> Result<Places, String> {
    let known = || NAMES.map(|(name, _)| name).join(", ");
    if let Some(unknown) = mapped.keys().find(|key| !NAMES.iter().any(|(name, _)| name == key)) {
        return Err(format!("{unknown} is no column of bars: {}", known()));
    }
    let is = |name: &str, wanted: &str| name.trim().eq_ignore_ascii_case(wanted);
    let mut places = [None; 8];
    for (which, (name, usual)) in NAMES.iter().enumerate() {
        let place = match mapped.get(*name) {
            Some(wanted) => {
                let named = names.iter().position(|name| is(name, wanted));
                let counted = wanted.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
                let place = named.or(counted.filter(|place| *place < names.len()));
                Some(place.ok_or_else(|| {
                    format!("it has no column {wanted} for {name}, but {}", names.join(", "))
                })?)
            }
            None => names.iter().position(|name| usual.iter().any(|usual| is(name, usual))),
        };
        if place.is_none() && which < N_NEEDED {
            return Err(format!("it has no column for {name}, but {}", names.join(", ")));
        }
        places[which] = place;
    }
    Ok(Places(places))
}

/// Returns the id of an instrument: the one that is given, that of a series of the same instrument,
/// or one of Gatehouse's own, which no broker gives as it is negative.
pub(super) fn con_id_of(
    store: &mut Store,
    given: Option<ConId>,
    instrument: &Instrument,
) -> Result<ConId, StoreError> {
    if let Some(con_id) = given {
        return Ok(con_id);
    }
    let Instrument { symbol, sec_type, currency, .. } = instrument;
    let all = store.all_series()?;
    let known = all.iter().find(|one| {
        let other = &one.instrument;
        let is_same =
            [&other.symbol, &other.sec_type, &other.currency] == [symbol, sec_type, currency];
        is_same && (instrument.is_told_by_symbol() || one.key.con_id.get() < 0)
    });
    Ok(known.map_or_else(
        || {
            let name = format!("{symbol}/{sec_type}/{currency}");
            // 31 bits, below 0.
            let hash = crc32fast::hash(name.as_bytes()) >> 1;
            ConId::new(-1 - i32::try_from(hash).unwrap_or(0))
        },
        |one| one.key.con_id,
    ))
}
