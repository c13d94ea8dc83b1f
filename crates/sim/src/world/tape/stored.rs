//! The history database as a tape: the bars of real markets that were kept once.
//!
//! It reads series of US stocks, currency pairs and coins in bars of at most a minute, `TRADES`,
//! `BID` and `ASK`, and days as bars of a day. `MIDPOINT` and other series are left alone: no quote
//! follows from a middle. The database has no sizes of quotes, so both sides show 100 shares, a
//! million of a currency or one coin (an assumption of the tape). It blocks the world's thread for a day at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use gatehouse_history::{Described, Store, StoreError};
use gatehouse_types::Decimal;
use jiff::civil::Date;

use super::form::{canonical, day_at};
use super::minutes::{Minutes, Side};
use super::{Form, TapeSource, listing_of};
use crate::world::calendar::{MINUTE, Session, new_york, new_york_secs, tomorrow};
use crate::world::catalog::Listing;
use crate::world::market::{Bar, Day, Ohlc};
use crate::world::px::px_of;

/// Seconds of a bar of a day.
const DAY_SECS: u32 = 86_400;
/// A bar of a day begins between midnight in London and the open in New York: so much later it is
/// the same date in New York.
const INTO_THE_DAY: i64 = 12 * 3_600;

/// Why a history cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum StoredTapeError {
    #[error("{path} cannot be read as a history")]
    Open { path: PathBuf, source: StoreError },
    /// It may hold other series.
    #[error(
        "{path} holds no trades and no quotes of a US stock, a currency pair or a coin in bars of a minute or less"
    )]
    Empty { path: PathBuf },
}

/// What the database has of one instrument.
#[derive(Debug)]
struct Kept {
    listing: &'static Listing,
    form: Form,
    trades: Option<Described>,
    bid: Option<Described>,
    ask: Option<Described>,
    daily: Option<Described>,
    dates: BTreeSet<Date>,
}

/// A history database that is replayed.
#[derive(Debug)]
pub struct StoredTape {
    store: Mutex<Store>,
    symbols: BTreeMap<String, Kept>,
}

impl StoredTape {
    /// Opens a database for reading and lists what is in it.
    ///
    /// # Errors
    /// It is none, or holds nothing that can be replayed.
    pub fn open(path: &Path) -> Result<Self, StoredTapeError> {
        let open = |source| StoredTapeError::Open { path: path.to_owned(), source };
        let mut store = Store::open_to_read(path).map_err(open)?;
        let mut symbols: BTreeMap<String, Kept> = BTreeMap::new();
        for series in store.all_series().map_err(open)? {
            let instrument = &series.instrument;
            let symbol = instrument.symbol.to_ascii_uppercase();
            let name = match (instrument.sec_type.as_str(), instrument.currency.as_str()) {
                ("STK", "USD") => symbol,
                ("CASH" | "CRYPTO", currency) => canonical(&format!("{symbol}.{currency}")),
                _ => continue,
            };
            if let Some(listing) = listing_of(&name) {
                symbols.entry(name).or_insert_with(|| Kept::new(listing)).consider(series);
            }
        }
        for kept in symbols.values_mut() {
            kept.dates = dates(&mut store, kept).map_err(open)?;
        }
        symbols.retain(|_, kept| !kept.dates.is_empty());
        if symbols.is_empty() {
            return Err(StoredTapeError::Empty { path: path.to_owned() });
        }
        Ok(Self { store: Mutex::new(store), symbols })
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the bars of a day; `None`, said in the log, when they do not hold.
    fn rows(&self, series: &Described, session: &Session) -> Option<Vec<gatehouse_history::Bar>> {
        let (symbol, what) = (&series.instrument.symbol, &series.key.what);
        let read = self.store().read(series.id, session.pre_open, session.post_close);
        match read {
            Ok(read) if read.damaged.is_empty() => Some(read.bars.rows().collect()),
            Ok(read) => {
                for damaged in read.damaged {
                    tracing::warn!(
                        symbol, what, day = %damaged.day, why = %damaged.why,
                        "A damaged day of the tape is left out"
                    );
                }
                None
            }
            Err(error) => {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::warn!(
                    symbol, what, day = %session.date, %error, cause,
                    "A day of the tape cannot be read and is left out"
                );
                None
            }
        }
    }
}

impl TapeSource for StoredTape {
    fn symbols(&self) -> Vec<String> {
        self.symbols.keys().cloned().collect()
    }

    fn dates(&self, symbol: &str) -> BTreeSet<Date> {
        self.symbols.get(symbol).map_or_else(BTreeSet::new, |kept| kept.dates.clone())
    }

    fn holds(&self, symbol: &str) -> bool {
        self.symbols.contains_key(symbol)
    }

    fn day(&self, symbol: &str, session: &Session) -> Option<Day> {
        let kept = self.symbols.get(symbol)?;
        let mut minutes = Minutes::of(session, &kept.form);
        if let Some(series) = &kept.trades {
            for row in self.rows(series, session)? {
                let (volume, n_trades) = (whole(&kept.form, row.volume), i64::from(row.n_trades));
                minutes.trade(row.at, prices(&row)?, volume, n_trades);
            }
        }
        let mut quotes: BTreeMap<i64, [Option<Side>; 2]> = BTreeMap::new();
        for (side, series) in [(0, &kept.bid), (1, &kept.ask)] {
            let Some(series) = series else { continue };
            for row in self.rows(series, session)? {
                let Ohlc { open, high, low, close } = prices(&row)?;
                let found = Side::of([open, high, low, close], kept.form.shown);
                if let Some(place) = quotes.entry(row.at).or_default().get_mut(side) {
                    *place = found;
                }
            }
        }
        for (at, sides) in quotes {
            minutes.quote(at, sides);
        }
        minutes.into_day()
    }

    fn daily(&self, symbol: &str) -> Vec<(Date, Bar)> {
        let Some(kept) = self.symbols.get(symbol) else { return Vec::new() };
        let Some(series) = &kept.daily else { return Vec::new() };
        let read = self.store().read(series.id, i64::MIN, i64::MAX);
        match read {
            Ok(read) => read.bars.rows().filter_map(|row| of_a_day(&kept.form, &row)).collect(),
            Err(error) => {
                tracing::warn!(symbol, %error, "The days of the tape cannot be read");
                Vec::new()
            }
        }
    }
}

impl Kept {
    fn new(listing: &'static Listing) -> Self {
        let (form, dates) = (Form::of(listing), BTreeSet::new());
        Self { listing, form, trades: None, bid: None, ask: None, daily: None, dates }
    }

    /// Takes a series where it is the better one: the longest bars of at most a minute, and those
    /// of the whole day before those of regular hours.
    fn consider(&mut self, series: Described) {
        let is_daily = series.key.bar_secs == DAY_SECS;
        let fits_minutes = i64::from(series.key.bar_secs) <= MINUTE;
        let place = match series.key.what.as_str() {
            "TRADES" if is_daily => &mut self.daily,
            "TRADES" if fits_minutes => &mut self.trades,
            "BID" if fits_minutes => &mut self.bid,
            "ASK" if fits_minutes => &mut self.ask,
            _ => return,
        };
        let rank = |series: &Described| {
            // What is of a day is wanted in regular hours, as brokers give it.
            let wants_regular = series.key.bar_secs == DAY_SECS;
            (series.key.bar_secs, series.key.is_regular == wants_regular)
        };
        if place.as_ref().is_none_or(|held| rank(&series) > rank(held)) {
            *place = Some(series);
        }
    }
}

/// Returns the dates with bars of minutes: sealed days, and days whose rows are still open.
fn dates(store: &mut Store, kept: &Kept) -> Result<BTreeSet<Date>, StoreError> {
    let mut found = BTreeSet::new();
    let series = [&kept.trades, &kept.bid, &kept.ask];
    for id in series.into_iter().flatten().map(|series| series.id) {
        let sealed: Vec<Date> = store.chunks(id)?.iter().map(|day| day.day).collect();
        let open_from = sealed.last().map_or(i64::MIN, |last| new_york_secs(tomorrow(*last), 0, 0));
        found.extend(sealed);
        let open = store.read(id, open_from, i64::MAX)?;
        found.extend(open.bars.rows().map(|row| day_at(kept.listing, row.at).date));
    }
    Ok(found)
}

fn of_a_day(form: &Form, row: &gatehouse_history::Bar) -> Option<(Date, Bar)> {
    let volume = whole(form, row.volume);
    let n_trades = match i64::from(row.n_trades) {
        counted if counted > 0 => counted,
        _ => form.guessed_trades(volume),
    };
    let bar = Bar { trade: Some(prices(row)?), volume, n_trades, ..Bar::default() };
    Some((new_york(row.at + INTO_THE_DAY).date(), bar))
}

fn prices(row: &gatehouse_history::Bar) -> Option<Ohlc> {
    Some(Ohlc {
        open: px_of(row.open)?,
        high: px_of(row.high)?,
        low: px_of(row.low)?,
        close: px_of(row.close)?,
    })
}

/// Returns a volume as a size; −1 stands for none.
fn whole(form: &Form, volume: Decimal) -> i64 {
    form.sized(volume).unwrap_or(0).max(0)
}
