//! Tables of comma-separated values as a tape, by a description that names the columns.
//!
//! All rows are read and checked when the tape is opened, so a fault is said before anybody
//! trades. Prices are rounded to hundred-thousandths. A row with an empty price has no such side, and a
//! minute without a row has no trade; nothing is filled in. A table without bid and ask shows no
//! quotes, so nothing fills on it (no quote follows from a trade).

mod description;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use csv::StringRecord;
use gatehouse_types::Decimal;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use super::form::{canonical, day_at};
use super::minutes::{Minutes, Side, span_of};
use super::{Form, TapeSource, listing_of};
use crate::world::calendar::{MINUTE, Session, new_york};
use crate::world::catalog::Listing;
use crate::world::market::{Bar, Day, Ohlc};
use crate::world::px::px_of;
use description::{Column, Description, Prices, TableFile};

/// Seconds of a day.
const DAY_SECS: i64 = 86_400;

/// Why tables cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    #[error("cannot read {}", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{} is not a description of tables", path.display())]
    Describe { path: PathBuf, source: serde_json::Error },
    #[error("{}: {why}", path.display())]
    Unfit { path: PathBuf, why: String },
    #[error("{} cannot be read as a table", path.display())]
    Table { path: PathBuf, source: csv::Error },
    #[error("{} has no column {column}", path.display())]
    NoColumn { path: PathBuf, column: String },
    #[error("{}, line {line}, column {column}: {text:?} is not {expected}", path.display())]
    Cell { path: PathBuf, line: u64, column: usize, expected: String, text: String },
    #[error("{} describes tables without a row", path.display())]
    Empty { path: PathBuf },
    #[error("{}, line {line}: {symbol} is not listed, or no tape can play it", path.display())]
    Unlisted { path: PathBuf, line: u64, symbol: String },
}

/// Tables that are replayed.
#[derive(Debug, Default)]
pub struct TableTape {
    days: BTreeMap<String, BTreeMap<Date, Vec<Row>>>,
    daily: BTreeMap<String, BTreeMap<Date, Bar>>,
    /// Seconds of a row, of what is no day.
    bar_secs: i64,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    at: i64,
    trade: Option<Ohlc>,
    volume: i64,
    /// `None` where the row says nothing of quotes.
    quote: Option<[Option<Side>; 2]>,
}

impl TableTape {
    /// Reads a description and every table that it names.
    ///
    /// # Errors
    /// The first fault, with its file, line and column.
    pub fn open(path: &Path) -> Result<Self, TableError> {
        let read = |source| TableError::Read { path: path.to_owned(), source };
        let text = std::fs::read_to_string(path).map_err(read)?;
        let description: Description = serde_json::from_str(&text)
            .map_err(|source| TableError::Describe { path: path.to_owned(), source })?;
        if let Some(why) = description.fault() {
            return Err(TableError::Unfit { path: path.to_owned(), why });
        }
        let mut tape = Self { bar_secs: description.bar_secs.into(), ..Self::default() };
        for file in &description.files {
            tape.take(path, file, &description)?;
        }
        for rows in tape.days.values_mut().flat_map(BTreeMap::values_mut) {
            rows.sort_by_key(|row| row.at);
        }
        if tape.days.is_empty() && tape.daily.is_empty() {
            return Err(TableError::Empty { path: path.to_owned() });
        }
        Ok(tape)
    }

    fn take(
        &mut self,
        beside: &Path,
        file: &TableFile,
        description: &Description,
    ) -> Result<(), TableError> {
        let path = beside.with_file_name("").join(&file.path);
        let failed = |source| TableError::Table { path: path.clone(), source };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(description.header)
            .delimiter(u8::try_from(description.separator).unwrap_or(b','))
            .trim(csv::Trim::All)
            .from_path(&path)
            .map_err(failed)?;
        let header = if description.header {
            reader.headers().map_err(failed)?.clone()
        } else {
            StringRecord::new()
        };
        let places = Places::of(&path, &header, description)?;
        for record in reader.records() {
            let record = record.map_err(failed)?;
            let cells = Cells { path: &path, record: &record };
            let symbol = match (&file.symbol, places.symbol) {
                (Some(symbol), _) => symbol,
                (None, place) => cells.text(place.unwrap_or(0)),
            };
            let symbol = canonical(symbol);
            let Some(listing) = listing_of(&symbol) else {
                let line = record.position().map_or(0, csv::Position::line);
                return Err(TableError::Unlisted { path, line, symbol });
            };
            let form = Form::of(listing);
            let (at, date) = cells.time(&places, &description.time.format, listing)?;
            let row = cells.row(&places, &form, at)?;
            if !description.is_daily() {
                self.days.entry(symbol).or_default().entry(date).or_default().push(row);
            } else if row.trade.is_some() || row.quote.is_some() {
                let bar = row.bar(&form);
                self.daily.entry(symbol).or_default().insert(date, bar);
            }
        }
        Ok(())
    }
}

impl TapeSource for TableTape {
    fn symbols(&self) -> Vec<String> {
        let all: BTreeSet<&String> = self.days.keys().chain(self.daily.keys()).collect();
        all.into_iter().cloned().collect()
    }

    fn dates(&self, symbol: &str) -> BTreeSet<Date> {
        match (self.days.get(symbol), self.daily.get(symbol)) {
            (Some(days), _) => days.keys().copied().collect(),
            (None, Some(daily)) => daily.keys().copied().collect(),
            (None, None) => BTreeSet::new(),
        }
    }

    fn holds(&self, symbol: &str) -> bool {
        self.days.contains_key(symbol) || self.daily.contains_key(symbol)
    }

    fn day(&self, symbol: &str, session: &Session) -> Option<Day> {
        let listing = listing_of(symbol)?;
        let form = Form::of(listing);
        let mut minutes = Minutes::of(session, &form);
        let Some(days) = self.days.get(symbol) else {
            // What only has days is played by them.
            let bar = self.daily.get(symbol)?.get(&session.date)?;
            let span = span_of(listing, session, session.pre_open, DAY_SECS);
            minutes.long(span, bar, listing.tick_px);
            return minutes.into_day();
        };
        for row in days.get(&session.date)? {
            if self.bar_secs > MINUTE {
                let span = span_of(listing, session, row.at, self.bar_secs);
                minutes.long(span, &row.bar(&form), listing.tick_px);
                continue;
            }
            if let Some(trade) = row.trade {
                minutes.trade(row.at, trade, row.volume, 0);
            }
            if let Some(sides) = row.quote {
                minutes.quote(row.at, sides);
            }
        }
        minutes.into_day()
    }

    fn daily(&self, symbol: &str) -> Vec<(Date, Bar)> {
        let days = self.daily.get(symbol);
        days.map_or_else(Vec::new, |days| days.iter().map(|(date, bar)| (*date, *bar)).collect())
    }
}

impl Row {
    fn bar(&self, form: &Form) -> Bar {
        let [bid, ask] = self.quote.unwrap_or_default();
        let size = |side: Option<Side>| side.map_or(0, |side| side.size);
        Bar {
            bid: bid.map(|side| side.px),
            ask: ask.map(|side| side.px),
            trade: self.trade,
            volume: self.volume,
            n_trades: form.guessed_trades(self.volume),
            bid_size: size(bid),
            ask_size: size(ask),
        }
    }
}

/// Returns the date of the tape's day; a stock's row before 04:00 is of its own date.
fn date_of(listing: &Listing, at: i64) -> Date {
    if listing.is_us_stock() { new_york(at).date() } else { day_at(listing, at).date }
}

/// Where the columns of one file are, counted from 0.
struct Places {
    time: usize,
    zone: TimeZone,
    is_daily: bool,
    symbol: Option<usize>,
    trade: Option<[usize; 4]>,
    bid: Option<[usize; 4]>,
    ask: Option<[usize; 4]>,
    volume: Option<usize>,
    bid_size: Option<usize>,
    ask_size: Option<usize>,
}

impl Places {
    fn of(path: &Path, header: &StringRecord, of: &Description) -> Result<Self, TableError> {
        let find = |column: &Column| {
            let place = match column {
                Column::Number(number) => number.checked_sub(1),
                Column::Name(name) => header.iter().position(|found| found == name),
            };
            place.ok_or_else(|| TableError::NoColumn {
                path: path.to_owned(),
                column: match column {
                    Column::Number(number) => number.to_string(),
                    Column::Name(name) => format!("{name:?}"),
                },
            })
        };
        let maybe = |column: &Option<Column>| column.as_ref().map(find).transpose();
        let four = |prices: &Option<Prices>| match prices {
            None => Ok(None),
            Some(Prices::One(column)) => find(column).map(|place| Some([place; 4])),
            Some(Prices::Four([open, high, low, close])) => {
                Ok(Some([find(open)?, find(high)?, find(low)?, find(close)?]))
            }
        };
        let columns = &of.columns;
        Ok(Self {
            time: find(&columns.time)?,
            zone: of.zone().unwrap_or(TimeZone::UTC),
            is_daily: of.is_daily(),
            symbol: maybe(&columns.symbol)?,
            trade: four(&columns.trade)?,
            bid: four(&columns.bid)?,
            ask: four(&columns.ask)?,
            volume: maybe(&columns.volume)?,
            bid_size: maybe(&columns.bid_size)?,
            ask_size: maybe(&columns.ask_size)?,
        })
    }
}

/// One line of a table.
struct Cells<'a> {
    path: &'a Path,
    record: &'a StringRecord,
}

impl Cells<'_> {
    fn text(&self, place: usize) -> &str {
        self.record.get(place).unwrap_or("")
    }

    fn wrong(&self, place: usize, expected: impl Into<String>) -> TableError {
        TableError::Cell {
            path: self.path.to_owned(),
            line: self.record.position().map_or(0, csv::Position::line),
            column: place + 1,
            expected: expected.into(),
            text: self.text(place).to_owned(),
        }
    }

    /// Returns when a row begins, and of which date it is: in the zone of the table for days, in
    /// that of the tape's day for minutes.
    fn time(
        &self,
        places: &Places,
        format: &str,
        listing: &Listing,
    ) -> Result<(i64, Date), TableError> {
        let text = self.text(places.time);
        let whole = |thing: &str| {
            text.parse::<i64>()
                .map_err(|_| self.wrong(places.time, format!("whole {thing} since 1970")))
        };
        let at = match format {
            "seconds" => whole("seconds")?,
            "milliseconds" => whole("milliseconds")?.div_euclid(1000),
            pattern => {
                let wrong = |_| self.wrong(places.time, format!("a time such as {pattern}"));
                let parsed = strtime::parse(pattern, text).map_err(wrong)?;
                if places.is_daily {
                    return Ok((0, parsed.to_date().map_err(wrong)?));
                }
                let zoned = match parsed.offset() {
                    Some(_) => parsed.to_timestamp().map_err(wrong)?,
                    None => {
                        let civil = parsed.to_datetime().map_err(wrong)?;
                        civil.to_zoned(places.zone.clone()).map_err(wrong)?.timestamp()
                    }
                };
                zoned.as_second()
            }
        };
        if !places.is_daily {
            return Ok((at, date_of(listing, at)));
        }
        let wrong = |_| self.wrong(places.time, "an instant of our age");
        let instant = Timestamp::from_second(at).map_err(wrong)?;
        Ok((at, instant.to_zoned(places.zone.clone()).date()))
    }

    fn row(&self, places: &Places, form: &Form, at: i64) -> Result<Row, TableError> {
        let trade = self.prices(places.trade)?;
        let trade = trade.map(|[open, high, low, close]| Ohlc { open, high, low, close });
        let side = |prices, size: Option<usize>| {
            let shown = size.map_or(Ok(form.shown), |place| self.count(form, place))?;
            Ok(self.prices(prices)?.and_then(|prices| Side::of(prices, shown)))
        };
        let sides = [side(places.bid, places.bid_size)?, side(places.ask, places.ask_size)?];
        let quotes = places.bid.is_some() || places.ask.is_some();
        let volume = places.volume.map_or(Ok(0), |place| self.count(form, place))?;
        Ok(Row { at, trade, volume, quote: quotes.then_some(sides) })
    }

    /// Returns four prices, or `None` where a cell is empty.
    fn prices(&self, places: Option<[usize; 4]>) -> Result<Option<[i64; 4]>, TableError> {
        let Some(places) = places else { return Ok(None) };
        let mut found = [0; 4];
        for (slot, place) in found.iter_mut().zip(places) {
            let text = self.text(place);
            if text.is_empty() {
                return Ok(None);
            }
            let price = text.parse::<Decimal>().ok().filter(|price| !price.is_sign_negative());
            *slot = price.and_then(px_of).ok_or_else(|| self.wrong(place, "a price"))?;
        }
        let [open, high, low, close] = found;
        if low > open.min(close) || high < open.max(close) {
            let [_, _, place, _] = places;
            return Err(self.wrong(place, "the lowest of its row, or its high is not the highest"));
        }
        Ok(Some(found))
    }

    /// Returns shares or coins as a size; an empty cell is none.
    fn count(&self, form: &Form, place: usize) -> Result<i64, TableError> {
        let text = self.text(place);
        if text.is_empty() {
            return Ok(0);
        }
        let count = text.parse::<Decimal>().ok().filter(|count| !count.is_sign_negative());
        let size = count.and_then(|count| form.sized(count));
        size.ok_or_else(|| self.wrong(place, "a number of shares"))
    }
}

#[cfg(test)]
mod tests;
