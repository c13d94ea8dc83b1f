//! The description of tables: which column means what.

use std::path::PathBuf;

use jiff::tz::TimeZone;
use serde::Deserialize;

/// What a `tape.json` says. Paths are relative to it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Description {
    pub(super) files: Vec<TableFile>,
    pub(super) time: TimeForm,
    /// Seconds that a row stands for: a part of a minute, minutes that divide an hour, or 86,400 for
    /// days.
    pub(super) bar_secs: u32,
    pub(super) columns: Columns,
    #[serde(default = "comma")]
    pub(super) separator: char,
    /// Whether the first line names the columns.
    #[serde(default = "yes")]
    pub(super) header: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableFile {
    pub(super) path: PathBuf,
    /// Of every row; without it a column names it.
    pub(super) symbol: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TimeForm {
    /// `seconds` or `milliseconds` since 1970, or a pattern such as `%Y-%m-%d %H:%M`.
    pub(super) format: String,
    /// An IANA name; of times that bring no offset.
    #[serde(default = "new_york")]
    pub(super) zone: String,
}

/// A column by its name, or by its number from 1.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Column {
    Number(usize),
    Name(String),
}

/// Where each figure is. Prices are four columns, or one for a row that saw one price.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Columns {
    pub(super) time: Column,
    pub(super) symbol: Option<Column>,
    pub(super) trade: Option<Prices>,
    pub(super) bid: Option<Prices>,
    pub(super) ask: Option<Prices>,
    pub(super) volume: Option<Column>,
    pub(super) bid_size: Option<Column>,
    pub(super) ask_size: Option<Column>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Prices {
    /// Open, high, low and close.
    Four([Column; 4]),
    One(Column),
}

impl Description {
    /// Returns what is wrong with it, if anything is.
    pub(super) fn fault(&self) -> Option<String> {
        let divides = |whole: u32| self.bar_secs > 0 && whole.is_multiple_of(self.bar_secs);
        let is_minutes = self.bar_secs.is_multiple_of(60) && divides(3_600);
        if !(self.is_daily() || divides(60) || is_minutes) {
            return Some(format!(
                "bar_secs is {}; it may be 86400, a number that divides 60, or minutes that divide an hour: others do not end with a minute or an hour",
                self.bar_secs
            ));
        }
        if self.columns.trade.is_none() && self.columns.bid.is_none() && self.columns.ask.is_none()
        {
            return Some("columns name neither trade nor bid nor ask".to_owned());
        }
        if self.columns.symbol.is_none() && self.files.iter().any(|file| file.symbol.is_none()) {
            return Some("a file has no symbol, and columns name none either".to_owned());
        }
        if !self.separator.is_ascii() {
            return Some(format!("separator {:?} is not one ASCII character", self.separator));
        }
        self.zone().is_none().then(|| format!("zone {:?} is not an IANA name", self.time.zone))
    }

    pub(super) fn is_daily(&self) -> bool {
        self.bar_secs == 86_400
    }

    pub(super) fn zone(&self) -> Option<TimeZone> {
        TimeZone::get(&self.time.zone).ok()
    }
}

fn comma() -> char {
    ','
}

fn yes() -> bool {
    true
}

fn new_york() -> String {
    "America/New_York".to_owned()
}
