//! What a client asks for in words: durations, sizes of bars, kinds of figures, instants; and what
//! the broker says to words that it does not take.
//!
//! It must never know frames or prices. Called by the server.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::{BarSize, Reach, What};
use crate::world::calendar::{new_york_secs, new_york_zone};
use crate::world::catalog::{Kind, Listing};

/// Longest history.
const YEARS_MAX: i64 = 30;
/// Seconds that bars of one second reach back. Source: the broker's table of durations.
const SECOND_BARS_MAX: i64 = 2_000;
/// Seconds that bars of up to half a minute reach back.
const SMALL_BARS_MAX: i64 = 86_400;

/// Why a request cannot be answered, in the words for the client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    #[error(
        "Error validating request.-'bJ' : cause - Invalid duration {text:?}; the format is an integer, a space and one of S, D, W, M, Y"
    )]
    Duration { text: String },
    #[error(
        "Error validating request.-'bJ' : cause - Historical data requests for durations longer than {most} must be made in {unit}."
    )]
    Unit { most: &'static str, unit: &'static str },
    #[error(
        "Error validating request.-'bJ' : cause - Historical data bar size setting is invalid. Legal ones are: 1 secs, 5 secs, 10 secs, 15 secs, 30 secs, 1 min, 2 mins, 3 mins, 5 mins, 10 mins, 15 mins, 20 mins, 30 mins, 1 hour, 2 hours, 3 hours, 4 hours, 8 hours, 1 day, 1W, 1M"
    )]
    BarSize { text: String },
    #[error(
        "End Date/Time: The date, time, or time-zone entered is invalid. The correct format is yyyymmdd hh:mm:ss xx/xxxx where yyyymmdd and xx/xxxx are optional. E.g.: 20031126 15:59:00 US/Eastern  Note that there is a space between the date and time, and between the time and time-zone.  If no date is specified, current date is assumed. If no time-zone is specified, local time-zone is assumed(deprecated).  You can also provide yyyymmddd-hh:mm:ss time is in UTC. Note that there is a dash between the date and time in UTC notation."
    )]
    End { text: String },
    #[error("Error validating request.-'bJ' : cause - Invalid what to show {text:?}")]
    What { text: String },
    #[error(
        "Historical Market Data Service error message:No historical market data for {instrument} {what} {secs}"
    )]
    NoSuchData { instrument: String, what: String, secs: i64 },
    #[error("Historical Market Data Service error message:invalid step: {secs}")]
    Step { secs: i64 },
    #[error("Historical Market Data Service error message:Time length exceed max.")]
    TooLong,
    #[error("Setting end date/time for continuous future security type is not allowed.")]
    ContinuousEnd,
    #[error("Error validating request.-'bJ' : cause - {why}")]
    Together { why: &'static str },
}

impl HistoryError {
    /// Returns the broker's code.
    #[must_use]
    pub fn code(&self) -> i32 {
        match self {
            Self::Duration { .. }
            | Self::Unit { .. }
            | Self::BarSize { .. }
            | Self::What { .. }
            | Self::Together { .. } => 321,
            Self::End { .. } => 10_314,
            Self::NoSuchData { .. } | Self::Step { .. } | Self::TooLong => 162,
            Self::ContinuousEnd => 10_339,
        }
    }
}

/// Reads `1 D`, `3600 S`, `2 W`, `6 M`, `1 Y`; a number alone is of seconds, as old clients write it.
///
/// # Errors
/// `Duration` for anything else, `Unit` where the broker wants a larger unit.
pub fn parse_reach(text: &str) -> Result<Reach, HistoryError> {
    let wrong = || HistoryError::Duration { text: text.to_owned() };
    let mut words = text.split_whitespace();
    let (Some(count), Some(unit), None) = (words.next(), words.next(), words.next()) else {
        return Err(wrong());
    };
    let count: i64 =
        count.parse().ok().filter(|count| (1..=1_000_000).contains(count)).ok_or_else(wrong)?;
    match unit {
        "S" if count > 86_400 => Err(HistoryError::Unit { most: "86400 seconds", unit: "days" }),
        "S" => Ok(Reach::Seconds(count)),
        "D" if count > 365 => Err(HistoryError::Unit { most: "365 days", unit: "years" }),
        "D" => Ok(Reach::Days(count)),
        "W" if count > 52 => Err(HistoryError::Unit { most: "52 weeks", unit: "years" }),
        "W" => Ok(Reach::Weeks(count)),
        "M" if count > 12 => Err(HistoryError::Unit { most: "12 months", unit: "years" }),
        "M" => Ok(Reach::Months(count)),
        "Y" if count <= YEARS_MAX => Ok(Reach::Years(count)),
        "Y" => Err(HistoryError::TooLong),
        _ => Err(wrong()),
    }
}

/// Reads `5 secs`, `1 min`, `1 hour`, `1 day`, ….
///
/// # Errors
/// `BarSize` for a size that the broker does not have.
pub fn parse_size(text: &str) -> Result<BarSize, HistoryError> {
    Ok(match text.trim() {
        "1 secs" => BarSize::Seconds(1),
        "5 secs" => BarSize::Seconds(5),
        "10 secs" => BarSize::Seconds(10),
        "15 secs" => BarSize::Seconds(15),
        "30 secs" => BarSize::Seconds(30),
        "1 min" => BarSize::Seconds(60),
        "2 mins" => BarSize::Seconds(120),
        "3 mins" => BarSize::Seconds(180),
        "5 mins" => BarSize::Seconds(300),
        "10 mins" => BarSize::Seconds(600),
        "15 mins" => BarSize::Seconds(900),
        "20 mins" => BarSize::Seconds(1200),
        "30 mins" => BarSize::Seconds(1800),
        "1 hour" => BarSize::Seconds(3600),
        "2 hours" => BarSize::Seconds(7200),
        "3 hours" => BarSize::Seconds(10_800),
        "4 hours" => BarSize::Seconds(14_400),
        "8 hours" => BarSize::Seconds(28_800),
        "1 day" | "1D" => BarSize::Day,
        "1 week" | "1W" => BarSize::Week,
        "1 month" | "1M" => BarSize::Month,
        other => return Err(HistoryError::BarSize { text: other.to_owned() }),
    })
}

/// Reads `TRADES`, `BID`, ….
///
/// # Errors
/// `What` for a word that the broker does not have.
pub fn parse_what(text: &str) -> Result<What, HistoryError> {
    Ok(match text.to_ascii_uppercase().as_str() {
        "TRADES" | "ADJUSTED_LAST" | "AGGTRADES" => What::Trades,
        "BID" => What::Bid,
        "ASK" => What::Ask,
        "MIDPOINT" => What::Midpoint,
        "BID_ASK" => What::BidAsk,
        "HISTORICAL_VOLATILITY" => What::HistoricalVolatility,
        "OPTION_IMPLIED_VOLATILITY" => What::ImpliedVolatility,
        "FEE_RATE" => What::FeeRate,
        "YIELD_BID" => What::YieldBid,
        "YIELD_ASK" => What::YieldAsk,
        "YIELD_BID_ASK" => What::YieldBidAsk,
        "YIELD_LAST" => What::YieldLast,
        _ => return Err(HistoryError::What { text: text.to_owned() }),
    })
}

/// Checks that an instrument has what is asked for, and that the bars are not too small for it.
///
/// # Errors
/// `NoSuchData`, `Step` or `TooLong`.
pub fn check(
    listing: &Listing,
    what: What,
    reach: Reach,
    size: BarSize,
) -> Result<(), HistoryError> {
    let has = match what {
        What::Trades => listing.is_traded(),
        What::Bid | What::Ask | What::Midpoint | What::BidAsk => listing.is_quoted(),
        What::HistoricalVolatility | What::ImpliedVolatility => {
            matches!(listing.kind, Kind::Stock | Kind::Index)
        }
        What::FeeRate => listing.kind == Kind::Stock,
        What::YieldBid | What::YieldAsk | What::YieldBidAsk | What::YieldLast => {
            matches!(listing.kind, Kind::Bond(_))
        }
    };
    let BarSize::Seconds(secs) = size else {
        return if has { Ok(()) } else { Err(no_such_data(listing, what, 86_400)) };
    };
    if !has {
        return Err(no_such_data(listing, what, secs));
    }
    match reach.at_least_secs() {
        reach if secs == 1 && reach > SECOND_BARS_MAX => Err(HistoryError::Step { secs }),
        reach if secs < 60 && reach > SMALL_BARS_MAX => Err(HistoryError::TooLong),
        _ => Ok(()),
    }
}

fn no_such_data(listing: &Listing, what: What, secs: i64) -> HistoryError {
    let venue = if listing.kind == Kind::Cash { "FXSUBPIP" } else { listing.usual_venue() };
    let instrument = format!("{}/{}@{venue}", listing.symbol, listing.sec_type());
    let what = if what == What::Trades { "Last".to_owned() } else { format!("{what:?}") };
    HistoryError::NoSuchData { instrument, what, secs }
}

/// An instant that a client spelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelled {
    /// Seconds since 1970.
    pub secs: i64,
    /// No zone was named, of which the broker warns (2174).
    pub is_implied: bool,
}

/// Reads an instant in any form that clients send: `yyyymmdd hh:mm:ss zone`, without the zone, with
/// a dash for UTC, without seconds, or a date alone.
///
/// # Errors
/// `End` when it is none.
pub fn parse_instant(text: &str) -> Result<Spelled, HistoryError> {
    let wrong = || HistoryError::End { text: text.to_owned() };
    let trimmed = text.trim();
    if let Ok(date) = Date::strptime("%Y%m%d", trimmed) {
        return Ok(Spelled { secs: new_york_secs(date, 0, 0), is_implied: true });
    }
    let mut words = trimmed.splitn(3, ' ').filter(|word| !word.is_empty());
    let first = words.next().ok_or_else(wrong)?;
    let (stamp, zone, is_implied) = match first.split_once('-') {
        Some((date, time)) if words.next().is_none() => {
            (format!("{date} {time}"), TimeZone::UTC, false)
        }
        Some(_) => return Err(wrong()),
        None => {
            let stamp = format!("{first} {}", words.next().unwrap_or(""));
            match words.next() {
                None => (stamp, new_york_zone(), true),
                Some(name) => (stamp, zone(name.trim()).ok_or_else(wrong)?, false),
            }
        }
    };
    let at = DateTime::strptime("%Y%m%d %H:%M:%S", &stamp)
        .or_else(|_| DateTime::strptime("%Y%m%d %H:%M", &stamp))
        .map_err(|_| wrong())?;
    let at = at.to_zoned(zone).map_err(|_| wrong())?;
    Ok(Spelled { secs: Timestamp::from(&at).as_second(), is_implied })
}

/// A zone of the IANA list, or an abbreviation that the broker knows.
fn zone(name: &str) -> Option<TimeZone> {
    let name = match name {
        "EST" | "EDT" => "America/New_York",
        "CST" | "CDT" => "America/Chicago",
        "PST" | "PDT" => "America/Los_Angeles",
        "CET" | "CEST" | "MET" => "Europe/Berlin",
        "BST" => "Europe/London",
        "JST" => "Asia/Tokyo",
        "HKT" => "Asia/Hong_Kong",
        other => other,
    };
    TimeZone::get(name).ok()
}

/// Reads an end; empty means `now`, and no end lies after it.
///
/// # Errors
/// `End` when it is no instant.
pub fn parse_end(text: &str, now: i64) -> Result<i64, HistoryError> {
    if text.trim().is_empty() {
        return Ok(now + 1);
    }
    Ok(parse_instant(text)?.secs.min(now + 1))
}
