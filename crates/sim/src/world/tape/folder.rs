//! A folder of LEAN zip files on disk as a tape.
//!
//! It must never know the market. What has files of days is played by them; where a folder has none
//! at all, hours are, and else days. A bar of an hour or a day is cut into minutes along the path of
//! its four prices: a stock's day, and the hour of its open, lie in regular hours.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jiff::civil::Date;

use super::form::{EASTERN_SECS, canonical};
use super::lean::{self, MarketDir, Resolution};
use super::minutes::{Minutes, span_of};
use super::rows::{parse_long, read_day};
use super::tick_rows::read_ticks;
use super::{Form, TapeError, TapeSource, listing_of};
use crate::world::calendar::{Session, new_york_secs, yesterday};
use crate::world::catalog::Listing;
use crate::world::market::{Bar, Day};

/// Why a folder of tapes cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TapeFolderError {
    #[error("cannot list {}", path.display())]
    List { path: PathBuf, source: io::Error },
    /// There are no files of rows below it.
    #[error("{} holds no tapes: neither equity/usa nor forex/* nor crypto/* with minute, second, tick, hour or daily{}", path.display(), but(unplayable))]
    Empty { path: PathBuf, unplayable: Vec<String> },
    /// There are, but of nothing that the simulator lists.
    #[error("{} holds tapes of {} only, which the simulator does not list", path.display(), symbols.join(", "))]
    Unlisted { path: PathBuf, symbols: Vec<String> },
    #[error("cannot read the {resolution} bars of {symbol}")]
    Read { symbol: String, resolution: &'static str, source: io::Error },
    #[error("the {resolution} bars of {symbol} are no tape")]
    Rows { symbol: String, resolution: &'static str, source: TapeError },
}

fn but(unplayable: &[String]) -> String {
    match unplayable {
        [] => String::new(),
        _ => format!("; {} cannot be played", unplayable.join(", ")),
    }
}

/// A bar of an hour or a day, from an instant on.
type Long = (i64, Bar);

/// Where the minutes of an instrument come from.
#[derive(Debug)]
enum Rows {
    Days(BTreeMap<Date, Resolution>),
    Long { secs: i64, days: BTreeMap<Date, Vec<Long>> },
}

#[derive(Debug)]
struct Kept {
    market: MarketDir,
    /// As the files spell it.
    symbol: String,
    listing: &'static Listing,
    form: Form,
    rows: Rows,
}

/// Tapes below a folder.
#[derive(Debug)]
pub struct TapeFolder {
    kept: BTreeMap<String, Kept>,
    daily: Mutex<BTreeMap<String, Vec<(Date, Bar)>>>,
}

impl TapeFolder {
    /// Lists what a folder holds: LEAN's data folder, one market of it, or a resolution of that.
    ///
    /// # Errors
    /// When it cannot be listed, or holds no tapes of what the simulator lists.
    pub fn open(dir: &Path) -> Result<Self, TapeFolderError> {
        // A folder that is not there is said as such.
        lean::entries(dir)?;
        let (markets, named) = lean::markets(dir)?;
        let mut tape = Self { kept: BTreeMap::new(), daily: Mutex::new(BTreeMap::new()) };
        let mut unlisted = BTreeSet::new();
        if named.is_none() {
            for market in &markets {
                for (symbol, days) in market.days()? {
                    tape.keep(market, &symbol, &mut unlisted, |_| Ok(Rows::Days(days)))?;
                }
            }
        }
        for resolution in Resolution::LONG {
            if !tape.kept.is_empty() || named.is_some_and(|named| named != resolution) {
                continue;
            }
            for market in &markets {
                for symbol in market.long(resolution)? {
                    tape.keep(market, &symbol, &mut unlisted, |kept| kept.read_long(resolution))?;
                }
            }
        }
        let symbols: Vec<String> = unlisted.into_iter().collect();
        let path = dir.to_owned();
        match (tape.kept.is_empty(), symbols.is_empty()) {
            (true, true) => Err(TapeFolderError::Empty { unplayable: lean::unplayable(dir), path }),
            (true, false) => Err(TapeFolderError::Unlisted { path, symbols }),
            (false, _) => {
                if !symbols.is_empty() {
                    tracing::warn!(?symbols, "Tapes of what the simulator does not list are left");
                }
                Ok(tape)
            }
        }
    }

    fn keep(
        &mut self,
        market: &MarketDir,
        symbol: &str,
        unlisted: &mut BTreeSet<String>,
        rows: impl FnOnce(&Kept) -> Result<Rows, TapeFolderError>,
    ) -> Result<(), TapeFolderError> {
        let name = canonical(symbol);
        let Some(listing) = listing_of(&name) else {
            unlisted.insert(name);
            return Ok(());
        };
        if self.kept.contains_key(&name) {
            return Ok(());
        }
        let none = Rows::Days(BTreeMap::new());
        let (market, form, symbol) = (market.clone(), Form::of(listing), symbol.to_owned());
        let mut kept = Kept { market, symbol, listing, form, rows: none };
        kept.rows = rows(&kept)?;
        self.kept.insert(name, kept);
        Ok(())
    }
}

impl Kept {
    fn read_long(&self, resolution: Resolution) -> Result<Rows, TapeFolderError> {
        let mut days: BTreeMap<Date, Vec<Long>> = BTreeMap::new();
        for (date, at, bar) in self.long_rows(resolution)? {
            days.entry(date).or_default().push((at, bar));
        }
        for rows in days.values_mut() {
            rows.sort_by_key(|(at, _)| *at);
        }
        Ok(Rows::Long { secs: resolution.secs(), days })
    }

    /// Returns date, instant and figures of every row of the files of long bars.
    fn long_rows(&self, of: Resolution) -> Result<Vec<(Date, i64, Bar)>, TapeFolderError> {
        let (symbol, resolution) = (|| self.symbol.clone(), of.dir());
        let read = |source| TapeFolderError::Read { symbol: symbol(), resolution, source };
        let rows = |source| TapeFolderError::Rows { symbol: symbol(), resolution, source };
        let mut found = Vec::new();
        for text in self.market.read_long(&self.symbol, of).map_err(read)? {
            for (at, bar) in parse_long(&self.form, &text).map_err(rows)? {
                let secs = if self.listing.is_us_stock() {
                    new_york_secs(at.date(), at.hour(), at.minute())
                } else {
                    let late = i64::from(at.hour()) * 3_600 + i64::from(at.minute()) * 60;
                    let is_shifted = self.market.is_eastern && of == Resolution::Hour;
                    let by = if is_shifted { EASTERN_SECS } else { 0 };
                    Session::around_the_clock(at.date()).pre_open + late + by
                };
                let date = if self.listing.is_us_stock() {
                    at.date()
                } else {
                    Session::around_the_clock_at(secs).date
                };
                found.push((date, secs, bar));
            }
        }
        Ok(found)
    }

    /// Returns the dates of the files that a day may have rows in, and when they begin.
    fn files(&self, session: &Session) -> Vec<(Date, i64)> {
        let date = session.date;
        if self.market.is_eastern && !self.listing.is_us_stock() {
            let begins = |date| (date, self.form.midnight(date) + EASTERN_SECS);
            return vec![begins(yesterday(date)), begins(date)];
        }
        vec![(date, self.form.midnight(date))]
    }

    fn fine_day(
        &self,
        days: &BTreeMap<Date, Resolution>,
        session: &Session,
    ) -> Result<Option<Day>, TapeFolderError> {
        let mut minutes = Minutes::of(session, &self.form);
        for (date, midnight) in self.files(session) {
            let Some(of) = days.get(&date) else { continue };
            let (symbol, resolution) = (self.symbol.clone(), of.dir());
            let texts = match self.market.read_day(&self.symbol, date, *of) {
                Ok(texts) => texts,
                Err(source) => return Err(TapeFolderError::Read { symbol, resolution, source }),
            };
            let texts = [texts[0].as_str(), texts[1].as_str()];
            let read = if *of == Resolution::Tick {
                read_ticks(&mut minutes, &self.form, midnight, texts)
            } else {
                read_day(&mut minutes, &self.form, midnight, texts)
            };
            read.map_err(|source| TapeFolderError::Rows { symbol, resolution, source })?;
        }
        Ok(minutes.into_day())
    }

    fn long_day(&self, secs: i64, rows: &[Long], session: &Session) -> Option<Day> {
        let mut minutes = Minutes::of(session, &self.form);
        for (at, bar) in rows {
            minutes.long(span_of(self.listing, session, *at, secs), bar, self.listing.tick_px);
        }
        minutes.into_day()
    }
}

impl TapeSource for TapeFolder {
    fn symbols(&self) -> Vec<String> {
        self.kept.keys().cloned().collect()
    }

    fn dates(&self, name: &str) -> BTreeSet<Date> {
        match self.kept.get(name).map(|kept| &kept.rows) {
            Some(Rows::Days(days)) => days.keys().copied().collect(),
            Some(Rows::Long { days, .. }) => days.keys().copied().collect(),
            None => BTreeSet::new(),
        }
    }

    fn holds(&self, name: &str) -> bool {
        self.kept.contains_key(name)
    }

    fn day(&self, name: &str, session: &Session) -> Option<Day> {
        let kept = self.kept.get(name)?;
        let day = match &kept.rows {
            Rows::Days(days) => kept.fine_day(days, session),
            Rows::Long { secs, days } => {
                Ok(days.get(&session.date).and_then(|rows| kept.long_day(*secs, rows, session)))
            }
        };
        day.unwrap_or_else(|error| {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::warn!(name, date = %session.date, %error, cause, "A day of the tape is left out");
            None
        })
    }

    fn daily(&self, name: &str) -> Vec<(Date, Bar)> {
        let Some(kept) = self.kept.get(name) else { return Vec::new() };
        let mut read = self.daily.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(bars) = read.get(name) {
            return bars.clone();
        }
        let rows = kept.long_rows(Resolution::Day).unwrap_or_else(|error| {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::warn!(name, %error, cause, "The days of the tape cannot be read");
            Vec::new()
        });
        // Trades and quotes of a day may come from two files.
        let mut days: BTreeMap<Date, Bar> = BTreeMap::new();
        for (date, _, bar) in rows {
            days.entry(date).and_modify(|sum| *sum = both(*sum, bar)).or_insert(bar);
        }
        let bars: Vec<(Date, Bar)> = days.into_iter().collect();
        read.insert(name.to_owned(), bars.clone());
        bars
    }
}

/// Joins what two files say of the same time.
fn both(one: Bar, other: Bar) -> Bar {
    Bar {
        bid: one.bid.or(other.bid),
        ask: one.ask.or(other.ask),
        trade: one.trade.or(other.trade),
        volume: one.volume + other.volume,
        n_trades: one.n_trades.max(other.n_trades),
        bid_size: one.bid_size.max(other.bid_size),
        ask_size: one.ask_size.max(other.ask_size),
    }
}
