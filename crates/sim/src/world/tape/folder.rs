//! A folder of LEAN zip files on disk; the only part of the world that reads files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jiff::civil::Date;

use super::{TapeSource, parse_daily, parse_day};
use crate::world::calendar::Session;
use crate::world::market::{Bar, Day};

/// Why a folder of tapes cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TapeFolderError {
    #[error("cannot list {path}")]
    List { path: PathBuf, source: io::Error },
    /// There is no `equity/usa/minute/SYMBOL/yyyymmdd_trade.zip` below it.
    #[error("{path} holds no minute tapes (equity/usa/minute/SYMBOL/yyyymmdd_trade.zip)")]
    Empty { path: PathBuf },
}

/// Minute and daily tapes below a folder.
#[derive(Debug)]
pub struct TapeFolder {
    minute_dir: PathBuf,
    daily_dir: PathBuf,
    /// Days per symbol in capitals.
    days: BTreeMap<String, BTreeSet<Date>>,
    daily: Mutex<BTreeMap<String, Vec<(Date, Bar)>>>,
}

impl TapeFolder {
    /// Lists what a folder holds: LEAN's data folder, its `equity/usa`, or its `minute`.
    ///
    /// # Errors
    /// When it cannot be listed or holds no minute tapes.
    pub fn open(dir: &Path) -> Result<Self, TapeFolderError> {
        let candidates = [dir.join("equity/usa/minute"), dir.join("minute"), dir.to_owned()];
        let minute_dir = candidates.into_iter().find(|path| path.is_dir());
        let minute_dir = minute_dir.unwrap_or_else(|| dir.to_owned());
        let mut days = BTreeMap::new();
        for symbol in entries(&minute_dir)? {
            let found: BTreeSet<Date> = if symbol.is_dir() {
                entries(&symbol)?.iter().filter_map(|path| trade_date(path)).collect()
            } else {
                BTreeSet::new()
            };
            if let (false, Some(name)) = (found.is_empty(), symbol.file_name()) {
                days.insert(name.to_string_lossy().to_ascii_uppercase(), found);
            }
        }
        if days.is_empty() {
            return Err(TapeFolderError::Empty { path: dir.to_owned() });
        }
        let daily_dir = minute_dir.with_file_name("daily");
        Ok(Self { minute_dir, daily_dir, days, daily: Mutex::new(BTreeMap::new()) })
    }

    fn file(&self, symbol: &str, date: Date, kind: &str) -> PathBuf {
        let name = format!("{}_{kind}.zip", date.strftime("%Y%m%d"));
        self.minute_dir.join(symbol.to_ascii_lowercase()).join(name)
    }
}

impl TapeSource for TapeFolder {
    fn symbols(&self) -> Vec<String> {
        self.days.keys().cloned().collect()
    }

    fn dates(&self, symbol: &str) -> BTreeSet<Date> {
        self.days.get(symbol).cloned().unwrap_or_default()
    }

    fn holds(&self, symbol: &str) -> bool {
        self.days.contains_key(symbol)
    }

    fn day(&self, symbol: &str, session: &Session) -> Option<Day> {
        if !self.days.get(symbol)?.contains(&session.date) {
            return None;
        }
        let trades = read_zip(&self.file(symbol, session.date, "trade"))?;
        let quotes = read_zip(&self.file(symbol, session.date, "quote")).unwrap_or_default();
        match parse_day(session, &trades, &quotes) {
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
        let path = self.daily_dir.join(format!("{}.zip", symbol.to_ascii_lowercase()));
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
