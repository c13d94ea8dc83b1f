//! What the Chart screen draws.

use serde::{Deserialize, Serialize};
use specta::Type;

/// The terms of an order for as long as they worked, for charts that look back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct OrderSpan {
    /// The entry of the request.
    #[specta(type = specta_typescript::Number)]
    pub entry: u64,
    pub bot: String,
    pub order_id: i32,
    pub side: String,
    pub quantity: String,
    /// Of its trigger where it has one, and else of its limit.
    pub price: String,
    pub is_stop: bool,
    /// Such as `STP 656.4`.
    pub terms: String,
    /// Seconds since 1970, when it was judged.
    #[specta(type = specta_typescript::Number)]
    pub from: i64,
    /// When it was filled, cancelled, rejected, taken back or changed; absent while it works.
    #[specta(type = Option<specta_typescript::Number>)]
    pub to: Option<i64>,
}

/// A sign on the chart: a fill or a refused order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ChartMark {
    #[specta(type = specta_typescript::Number)]
    pub seq: u64,
    /// When it happened, in seconds since 1970.
    #[specta(type = specta_typescript::Number)]
    pub time: i64,
    /// When the ledger recorded it: after an outage, later than it happened.
    #[specta(type = specta_typescript::Number)]
    pub recorded: i64,
    /// `buy-fill`, `sell-fill` or `refused`.
    pub sign: String,
    pub bot: String,
    pub price: Option<String>,
    pub text: String,
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
