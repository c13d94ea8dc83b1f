//! Which files of LEAN's data folder are whose.
//!
//! Files of a day lie in `MARKET/{minute,second,tick}/symbol/yyyymmdd_{trade,quote}.zip`, those of
//! hours and days in `MARKET/{hour,daily}/symbol{,_trade,_quote}.zip`, and markets are `equity/usa`,
//! `forex/NAME` and `crypto/NAME`. It must never know rows. Called by the folder of tapes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::folder::TapeFolderError;

/// What the rows of a file stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Resolution {
    Minute,
    Second,
    Tick,
    Hour,
    Day,
}

impl Resolution {
    /// Those with a file for each day. Where there are several, the first gives the day.
    pub(super) const FINE: [Self; 3] = [Self::Minute, Self::Second, Self::Tick];
    /// Those with one file for all days, the better one first.
    pub(super) const LONG: [Self; 2] = [Self::Hour, Self::Day];

    pub(super) fn dir(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Second => "second",
            Self::Tick => "tick",
            Self::Hour => "hour",
            Self::Day => "daily",
        }
    }

    /// Returns how many seconds a row of a long file stands for; of others 0.
    pub(super) fn secs(self) -> i64 {
        match self {
            Self::Minute | Self::Second | Self::Tick => 0,
            Self::Hour => 3_600,
            Self::Day => 86_400,
        }
    }
}

/// One market of a folder, such as `forex/oanda`.
#[derive(Debug, Clone)]
pub(super) struct MarketDir {
    pub(super) dir: PathBuf,
    /// Its records are kept in Eastern Standard Time. Source: LEAN's readme of currency pairs.
    pub(super) is_eastern: bool,
}

impl MarketDir {
    fn new(dir: PathBuf) -> Self {
        let is_eastern = dir.file_name().is_some_and(|name| name.eq_ignore_ascii_case("fxcm"));
        Self { dir, is_eastern }
    }

    fn is_there(&self) -> bool {
        let all = Resolution::FINE.into_iter().chain(Resolution::LONG);
        all.into_iter().any(|resolution| self.dir.join(resolution.dir()).is_dir())
    }

    /// Returns the symbols that have files of days, with their dates.
    pub(super) fn days(
        &self,
    ) -> Result<BTreeMap<String, BTreeMap<Date, Resolution>>, TapeFolderError> {
        let mut found: BTreeMap<String, BTreeMap<Date, Resolution>> = BTreeMap::new();
        for resolution in Resolution::FINE {
            let dir = self.dir.join(resolution.dir());
            for symbol_dir in entries_if_any(&dir)?.into_iter().filter(|path| path.is_dir()) {
                let Some(symbol) = name(&symbol_dir) else { continue };
                for date in entries(&symbol_dir)?.iter().filter_map(|path| date_of(path)) {
                    found.entry(symbol.clone()).or_default().entry(date).or_insert(resolution);
                }
            }
        }
        Ok(found)
    }

    /// Returns the symbols that have a file of long bars.
    pub(super) fn long(&self, of: Resolution) -> Result<BTreeSet<String>, TapeFolderError> {
        let files = entries_if_any(&self.dir.join(of.dir()))?;
        let symbol = |path: &PathBuf| {
            let stem = name(path)?.strip_suffix(".zip")?.to_owned();
            Some(stem.trim_end_matches("_trade").trim_end_matches("_quote").to_owned())
        };
        Ok(files.iter().filter_map(symbol).collect())
    }

    /// Returns the texts of trades and of quotes of a day.
    pub(super) fn read_day(
        &self,
        symbol: &str,
        date: Date,
        of: Resolution,
    ) -> io::Result<[String; 2]> {
        let file = |kind: &str| {
            let name = format!("{}_{kind}.zip", date.strftime("%Y%m%d"));
            read_if_any(&self.dir.join(of.dir()).join(symbol).join(name))
        };
        Ok([file("trade")?, file("quote")?])
    }

    /// Returns the texts of a symbol's files of long bars; empty where there are none.
    pub(super) fn read_long(&self, symbol: &str, of: Resolution) -> io::Result<Vec<String>> {
        let file =
            |end: &str| read_if_any(&self.dir.join(of.dir()).join(format!("{symbol}{end}.zip")));
        Ok(vec![file("")?, file("_trade")?, file("_quote")?])
    }
}

/// Returns the markets of LEAN's data folder, of one of its markets, or of one resolution of that;
/// which is the second when it has to be that of the long bars there.
pub(super) fn markets(dir: &Path) -> Result<(Vec<MarketDir>, Option<Resolution>), TapeFolderError> {
    let mut found = vec![MarketDir::new(dir.join("equity/usa"))];
    for class in ["forex", "crypto"] {
        let mut below = entries_if_any(&dir.join(class))?;
        below.sort();
        found.extend(below.into_iter().map(MarketDir::new));
    }
    found.push(MarketDir::new(dir.to_owned()));
    found.retain(MarketDir::is_there);
    let above = dir.parent().map(|dir| MarketDir::new(dir.to_owned()));
    let named = Resolution::LONG.into_iter().find(|one| dir.ends_with(one.dir()));
    match above.filter(MarketDir::is_there) {
        Some(above) if found.is_empty() => Ok((vec![above], named)),
        Some(_) | None => Ok((found, None)),
    }
}

/// Returns the kinds of a data folder that cannot be played.
pub(super) fn unplayable(dir: &Path) -> Vec<String> {
    let kinds = ["option", "future", "futureoption", "indexoption", "index", "cfd", "cryptofuture"];
    let there = kinds.into_iter().filter(|kind| dir.join(kind).is_dir());
    there.map(str::to_owned).collect()
}

pub(super) fn entries(dir: &Path) -> Result<Vec<PathBuf>, TapeFolderError> {
    let list = |source| TapeFolderError::List { path: dir.to_owned(), source };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(list)? {
        paths.push(entry.map_err(list)?.path());
    }
    Ok(paths)
}

fn entries_if_any(dir: &Path) -> Result<Vec<PathBuf>, TapeFolderError> {
    if dir.is_dir() { entries(dir) } else { Ok(Vec::new()) }
}

fn name(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_str()?.to_owned())
}

fn date_of(path: &Path) -> Option<Date> {
    let name = name(path)?;
    let day = name.strip_suffix("_trade.zip").or_else(|| name.strip_suffix("_quote.zip"))?;
    Date::strptime("%Y%m%d", day).ok()
}

/// Returns the text of the first file in a zip; empty when there is no zip.
fn read_if_any(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    if path.is_file() {
        let mut archive = zip::ZipArchive::new(File::open(path)?).map_err(io::Error::other)?;
        archive.by_index(0).map_err(io::Error::other)?.read_to_string(&mut text)?;
    }
    Ok(text)
}
