//! Columns for charts, and what is kept and fetched of history.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::SessionSpan;

/// Where a window of columns begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case", tag = "by")]
pub enum WindowStart {
    /// The last `n_columns` columns.
    Newest,
    /// At the bar with this number, counted from 0 at the oldest bar that is kept.
    Index {
        #[specta(type = specta_typescript::Number)]
        first: i64,
    },
    /// With the bar that begins at or last before this instant in the middle; seconds since 1970.
    Time {
        #[specta(type = specta_typescript::Number)]
        at: i64,
    },
}

/// A study to be computed beside the columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct StudyWanted {
    /// `sma`, `ema`, `vwap`, `bollinger` and so on.
    pub kind: String,
    /// In the study's own order; none for the usual ones.
    #[specta(type = Vec<specta_typescript::Number>)]
    pub params: Vec<f64>,
}

/// Asks for a window of a series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct ColumnsRequest {
    pub symbol: String,
    /// The name of a size of bars, from `1s` over `1m`, `1h` and `1d` to `1mo`.
    pub bar: String,
    /// `TRADES`, `MIDPOINT`, `BID`, `ASK`, `ADJUSTED_LAST` and so on, as the broker names them.
    pub what: String,
    /// Regular trading hours only.
    pub is_regular: bool,
    pub start: WindowStart,
    /// From 1 to 5,000.
    pub n_columns: u32,
    /// From 1 on. Columns begin at multiples of it.
    pub bars_per_column: u32,
    pub studies: Vec<StudyWanted>,
}

/// A study whose lines follow the columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct StudyLines {
    pub kind: String,
    #[specta(type = Vec<specta_typescript::Number>)]
    pub params: Vec<f64>,
    /// Names of its lines, in their order.
    pub lines: Vec<String>,
}

/// What stands in front of columns.
///
/// An answer is raw bytes, so that a window of thousands of columns costs no parsing: the length of
/// this head as JSON in 32 bits, little-endian; the JSON; zeros up to a multiple of 8; then columns
/// of `n_columns` binary floats of 64 bits, little-endian: time (seconds since 1970), open, high,
/// low, close, volume, and the lines of the studies in their order, not-a-number where a line has
/// no value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct ColumnsHead {
    pub symbol: String,
    pub bar: String,
    pub what: String,
    pub is_regular: bool,
    /// Bars of the whole series, as far as it is kept.
    #[specta(type = specta_typescript::Number)]
    pub n_bars: i64,
    /// Number of the first bar of the first column.
    #[specta(type = specta_typescript::Number)]
    pub first: i64,
    pub bars_per_column: u32,
    pub n_columns: u32,
    /// Places of prices behind the point.
    pub digits: u32,
    /// IANA name of the exchange's zone.
    pub zone: String,
    pub studies: Vec<StudyLines>,
    /// Sessions of the window; none when it is longer than 60 days.
    pub sessions: Vec<SessionSpan>,
    /// Older bars may be had from the Gateway; asking near the beginning fetches them.
    pub has_older: bool,
    /// What is being fetched, or why nothing is; one sentence.
    pub note: Option<String>,
}

/// What is kept of history, and what is being fetched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct HistoryView {
    /// What is wanted and not there yet, most urgent first.
    pub jobs: Vec<HistoryJob>,
    /// Requests of the last ten minutes that count, how many the broker allows, and how many of these
    /// Gatehouse leaves to bots.
    pub n_used: u32,
    pub n_allowed: u32,
    pub n_left_to_bots: u32,
    /// Why no request goes out at this moment, when one is wanted.
    pub wait: Option<HistoryWait>,
    /// Bars fetched since Gatehouse started, and within the last ten seconds.
    #[specta(type = specta_typescript::Number)]
    pub n_bars: u64,
    pub bars_per_second: u32,
    /// Size of the file, and how big it may become; without a limit when absent.
    #[specta(type = specta_typescript::Number)]
    pub n_bytes: u64,
    #[specta(type = Option<specta_typescript::Number>)]
    pub quota: Option<u64>,
    /// Requests of bots that were answered out of the store since Gatehouse started.
    #[specta(type = specta_typescript::Number)]
    pub n_saved: u64,
    /// Bots that are answered out of the store where it holds exactly what they ask for.
    pub served: Vec<String>,
    /// Why nothing is kept or fetched, when that is so.
    pub trouble: Option<String>,
    /// Where the file is that was damaged when Gatehouse started, and in whose place a new one was
    /// begun.
    pub put_aside: Option<String>,
}

/// Why no request goes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct HistoryWait {
    pub reason: HistoryWaitReason,
    /// What and why, without how long.
    pub sentence: String,
    /// Until it goes on; absent where nobody knows.
    #[specta(type = Option<specta_typescript::Number>)]
    pub left_s: Option<u64>,
}

/// What no request goes out for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum HistoryWaitReason {
    NotConnected,
    /// The broker said that it was asked too often.
    AskedTooOften,
    /// The budget of ten minutes is used up to what is left to bots.
    Budget,
    /// The broker wants time between requests for the same.
    Spacing,
    /// An answer failed and may be different next time.
    Failed,
}

/// Bars that are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct HistoryJob {
    /// Below zero for what a chart shows.
    #[specta(type = specta_typescript::Number)]
    pub id: i64,
    pub symbol: String,
    pub bar: String,
    pub what: String,
    pub is_regular: bool,
    /// Dates, ISO 8601; the last may be `now`.
    pub from: String,
    pub to: String,
    /// `screen`, `person` or `repair`.
    pub urgency: String,
    /// Trading days that are wanted, as far as they are known, and those that are there.
    pub n_days: u32,
    pub n_days_done: u32,
    #[specta(type = specta_typescript::Number)]
    pub n_bars: u64,
    /// By how much the file grew for it in this run.
    #[specta(type = specta_typescript::Number)]
    pub n_bytes: u64,
    /// Within the last ten seconds.
    pub bars_per_second: u32,
    pub n_questions: u32,
    /// At the pace of the last minutes; absent until it is known.
    #[specta(type = Option<specta_typescript::Number>)]
    pub left_s: Option<u64>,
    /// Why it does not go on, when it does not, or why what was asked for is not there at its end: one
    /// sentence.
    pub why_blocked: Option<String>,
}

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum HistoryEnd {
    /// Everything that the broker has is there.
    Complete,
    /// Somebody stopped it.
    Stopped,
}

/// What is heard of a job that is followed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct HistoryFollowed {
    /// As it was when it ended, if it is over; absent for one that was not heard of since Gatehouse
    /// started.
    pub job: Option<HistoryJob>,
    pub wait: Option<HistoryWait>,
    /// Absent while it goes on.
    pub end: Option<HistoryEnd>,
}

/// What fetching a span would cost, about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct HistoryCost {
    /// Trading days of the span, and those of them that are not there.
    pub n_days: u32,
    pub n_missing: u32,
    pub n_requests: u32,
    /// While bots ask for nothing.
    #[specta(type = specta_typescript::Number)]
    pub seconds: u64,
    /// Whether the requests count among those of the ten minutes.
    pub is_paced: bool,
}

/// A series of which bars are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct KeptSeries {
    /// The broker's number of the instrument; below zero for what came out of a file, and the broker
    /// never named.
    pub con_id: i32,
    pub symbol: String,
    pub sec_type: String,
    pub currency: String,
    pub bar: String,
    pub what: String,
    pub is_regular: bool,
    /// Dates of the first and last bar, ISO 8601, in the zone of the exchange; absent without bars.
    pub first: Option<String>,
    pub last: Option<String>,
    #[specta(type = specta_typescript::Number)]
    pub n_bars: i64,
    /// Of its bars as they are packed.
    #[specta(type = specta_typescript::Number)]
    pub n_bytes: i64,
}

/// What is missing of a series by the exchange's trading days.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct HistoryGaps {
    /// The span and the trading days that were looked at, and whether nothing is missing.
    pub summary: String,
    /// Oldest first: a part of a day, or days that follow each other.
    pub lines: Vec<String>,
    /// Older lines that are left out.
    pub n_more: u32,
}
