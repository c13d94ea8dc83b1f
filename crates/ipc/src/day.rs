//! One trading day as Home draws it: profit and loss by the minute, fills and refusals in lanes.

use serde::{Deserialize, Serialize};
use specta::Type;

/// A point of a line. `time` is seconds since 1970 on the Gateway's calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct DayPoint {
    #[specta(type = specta_typescript::Number)]
    pub time: i64,
    /// Signed money.
    pub value: String,
}

/// A refusal or a fill in a lane; repeats within a minute are one mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct DayMark {
    #[specta(type = specta_typescript::Number)]
    pub time: i64,
    /// The newest entry of the mark.
    #[specta(type = specta_typescript::Number)]
    pub seq: u64,
    pub count: u32,
    pub sentence: String,
}

/// One bot's day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct BotDay {
    pub bot: String,
    /// Since the open, one point a minute, the last one at this instant.
    pub points: Vec<DayPoint>,
    pub fills: Vec<DayMark>,
    pub refused: Vec<DayMark>,
}

/// The day so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Day {
    /// The trading date, such as `2026-01-05`; absent until the Gateway said its time.
    pub date: Option<String>,
    /// The regular session, seconds since 1970.
    #[specta(type = Option<specta_typescript::Number>)]
    pub opens: Option<i64>,
    #[specta(type = Option<specta_typescript::Number>)]
    pub closes: Option<i64>,
    pub currency: Option<String>,
    pub bots: Vec<BotDay>,
    /// The sum of all bots.
    pub total: Vec<DayPoint>,
    /// The account's loss limit of the day as a negative amount, when there is one.
    pub loss_limit: Option<String>,
    /// What the lines cannot know, such as minutes in which Gatehouse did not run.
    pub notes: Vec<String>,
}

/// Profit and loss of a day, of a bot or of the account. Absent when it cannot be told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct DayFigures {
    pub pnl: Option<String>,
    pub realised: Option<String>,
    pub open: Option<String>,
    pub fees: Option<String>,
}
