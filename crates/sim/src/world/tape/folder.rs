//! A folder of LEAN zip files on disk; the only part of the world that reads files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jiff::civil::Date;

use super::{TapeSource, parse_daily, parse_day, parse_ticks};
use crate::world::calendar::Session;
use crate::world::market::{Bar, Day};

/// Why a folder of tapes cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TapeFolderError {
    #[error("cannot list {path}")]
    List { path: PathBuf, source: io::Error },
    /// There is no `equity/usa/minute/SYMBOL/yyyymmdd_trade.zip` below it, nor of seconds or ticks.
    #[error(
        "{path} holds no tapes (equity/usa/minute/SYMBOL/yyyymmdd_trade.zip, or second or tick)"
    )]
    Empty { path: PathBuf },
}

/// What the rows of a day stand for. Where there are several, the first gives the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Resolution {
    Minute,
    Second,
    Tick,
}

impl Resolution {
    const ALL: [Self; 3] = [Self::Minute, Self::Second, Self::Tick];

    fn dir(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Second => "second",
            Self::Tick => "tick",
        }
    }
}

/// Tapes of minutes, seconds, ticks and days below a folder.
#[derive(Debug)]
pub struct TapeFolder {
    /// Holds a folder for each resolution.
    market_dir: PathBuf,
    /// Days per symbol in capitals.
    days: BTreeMap<String, BTreeMap<Date, Resolution>>,
    daily: Mutex<BTreeMap<String, Vec<(Date, Bar)>>>,
}

impl TapeFolder {
    /// Lists what a folder holds: LEAN's data folder, its `equity/usa`, or a resolution of that.
    ///
    /// # Errors
    /// When it cannot be listed or holds no tapes.
    pub fn open(dir: &Path) -> Result<Self, TapeFolderError> {
        let is_market = |path: &PathBuf| {
            Resolution::ALL.iter().any(|resolution| path.join(resolution.dir()).is_dir())
        };
        let above = dir.parent().map(Path::to_owned).into_iter();
        let candidates = [dir.join("equity/usa"), dir.to_owned()].into_iter().chain(above);
        let market_dir = candidates.into_iter().find(is_market);
        let market_dir = market_dir.unwrap_or_else(|| dir.to_owned());
        let mut days: BTreeMap<String, BTreeMap<Date, Resolution>> = BTreeMap::new();
        for resolution in Resolution::ALL {
            let resolution_dir = market_dir.join(resolution.dir());
            if !resolution_dir.is_dir() {
                continue;
            }
            for symbol_dir in entries(&resolution_dir)?.into_iter().filter(|path| path.is_dir()) {
                let Some(name) = symbol_dir.file_name() else { continue };
                let symbol = name.to_string_lossy().to_ascii_uppercase();
                for date in entries(&symbol_dir)?.iter().filter_map(|path| trade_date(path)) {
                    days.entry(symbol.clone()).or_default().entry(date).or_insert(resolution);
                }
            }
        }
        if days.is_empty() {
            // A folder that is not there is said as such.
            entries(dir)?;
            return Err(TapeFolderError::Empty { path: dir.to_owned() });
        }
        Ok(Self { market_dir, days, daily: Mutex::new(BTreeMap::new()) })
    }

    fn file(&self, symbol: &str, date: Date, of: Resolution, kind: &str) -> PathBuf {
        let name = format!("{}_{kind}.zip", date.strftime("%Y%m%d"));
        self.market_dir.join(of.dir()).join(symbol.to_ascii_lowercase()).join(name)
    }
}

impl TapeSource for TapeFolder {
    fn symbols(&self) -> Vec<String> {
        self.days.keys().cloned().collect()
    }

    fn dates(&self, symbol: &str) -> BTreeSet<Date> {
        self.days.get(symbol).map_or_else(BTreeSet::new, |days| days.keys().copied().collect())
    }

    fn holds(&self, symbol: &str) -> bool {
        self.days.contains_key(symbol)
    }

    fn day(&self, symbol: &str, session: &Session) -> Option<Day> {
        let resolution = *self.days.get(symbol)?.get(&session.date)?;
        let file = |kind| self.file(symbol, session.date, resolution, kind);
        let trades = read_zip(&file("trade"))?;
        let quotes = read_zip(&file("quote")).unwrap_or_default();
        let day = match resolution {
            Resolution::Minute | Resolution::Second => parse_day(session, &trades, &quotes),
            Resolution::Tick => parse_ticks(session, &trades, &quotes),
        };
        match day {
            Ok(day) => day,
            Err(error) => {
                tracing::warn!(symbol, date = %session.date, %error, "Tape cannot be read");
                None
            }
        }
    }

    fn daily(&self, symbol: &str) -> Vec<(Date, Bar)> {
        let mut kept = self.daily.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(bars) = kept.get(symbol) {
            return bars.clone();
        }
        let path =
            self.market_dir.join("daily").join(format!("{}.zip", symbol.to_ascii_lowercase()));
        let text = if path.is_file() { read_zip(&path) } else { None };
        let bars = text.map_or_else(Vec::new, |text| {
            parse_daily(&text).unwrap_or_else(|error| {
                tracing::warn!(symbol, %error, "Daily tape cannot be read");
                Vec::new()
            })
        });
        kept.insert(symbol.to_owned(), bars.clone());
        bars
    }
}

fn entries(dir: &Path) -> Result<Vec<PathBuf>, TapeFolderError> {
    let list = |source| TapeFolderError::List { path: dir.to_owned(), source };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(list)? {
        paths.push(entry.map_err(list)?.path());
    }
    Ok(paths)
}

fn trade_date(path: &Path) -> Option<Date> {
    let name = path.file_name()?.to_str()?;
    Date::strptime("%Y%m%d", name.strip_suffix("_trade.zip")?).ok()
}

fn read_zip(path: &Path) -> Option<String> {
    match first_file(path) {
        Ok(text) => Some(text),
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "Tape cannot be opened");
            None
        }
    }
}

fn first_file(path: &Path) -> io::Result<String> {
    let mut archive = zip::ZipArchive::new(File::open(path)?).map_err(io::Error::other)?;
    let mut text = String::new();
    archive.by_index(0).map_err(io::Error::other)?.read_to_string(&mut text)?;
    Ok(text)
}
