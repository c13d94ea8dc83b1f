//! What the Chart screen draws.

use serde::{Deserialize, Serialize};
use specta::Type;

/// One bar. `time` is seconds since 1970, the bar's beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Bar {
    #[specta(type = specta_typescript::Number)]
    pub time: i64,
    pub open: String,
    pub high: String,
    pub low: String,
    pub close: String,
    pub volume: String,
}

/// A sign on the chart: a fill or a refused order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ChartMark {
    #[specta(type = specta_typescript::Number)]
    pub seq: u64,
    #[specta(type = specta_typescript::Number)]
    pub time: i64,
    /// `buy-fill`, `sell-fill` or `refused`.
    pub sign: String,
    pub bot: String,
    pub price: Option<String>,
    pub text: String,
}

/// Bars of one symbol and the marks among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Bars {
    pub symbol: String,
    pub bar: String,
    pub bars: Vec<Bar>,
    pub marks: Vec<ChartMark>,
    /// Volume-weighted average price since each day's first bar, at each bar; empty for days.
    pub vwap: Vec<LinePoint>,
    /// Sessions of the days that are shown, oldest first; empty for days.
    pub sessions: Vec<SessionSpan>,
}

/// A point of a line on the chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct LinePoint {
    #[specta(type = specta_typescript::Number)]
    pub time: i64,
    pub value: String,
}

/// A stretch of a trading day, by the exchange's usual hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SessionSpan {
    #[specta(type = specta_typescript::Number)]
    pub from: i64,
    #[specta(type = specta_typescript::Number)]
    pub to: i64,
    /// `pre-market`, `regular` or `after-hours`.
    pub name: String,
}

/// The latest quote of a symbol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Quote {
    pub symbol: String,
    pub bid: Option<String>,
    pub ask: Option<String>,
    pub last: Option<String>,
    /// Percent since the previous close; absent when that is not known.
    pub change_percent: Option<String>,
    pub age_ms: u32,
    pub is_live: bool,
    /// Older than the strictest limit on the age of a quote: new entries are refused.
    pub is_stale: bool,
    /// Bots that hold it or trade it today.
    pub bots: Vec<String>,
}
