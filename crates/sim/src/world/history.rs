//! Past bars: what a client asks for in words, and the bars that answer it.
//!
//! It must never know frames. Called by the server; the market gives the minutes.

use gatehouse_types::Decimal;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::calendar::{MINUTE, Phase, Session, new_york, new_york_secs, new_york_zone};
use super::catalog::Listing;
use super::market::{Bar, Market, Ohlc, join};
use super::time::wire_time;

/// Most bars that one request may bring.
const BARS_MAX: usize = 100_000;
/// Longest history: five years.
const YEARS_MAX: i64 = 5;
/// Bars below a minute reach back this far at most, in seconds.
const SECOND_BARS_MAX: i64 = 86_400;

/// Why a request cannot be answered, in the words for the client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    #[error("Invalid duration {text:?}")]
    Duration { text: String },
    #[error("Invalid bar size {text:?}")]
    BarSize { text: String },
    #[error("Invalid end date {text:?}")]
    End { text: String },
    #[error("The simulated Gateway has no {text} bars")]
    What { text: String },
    #[error("The duration is too long for the bar size")]
    TooLong,
}

/// How far back a request reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Seconds(i64),
    Days(i64),
    Weeks(i64),
    Months(i64),
    Years(i64),
}

/// The length of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BarSize {
    Seconds(i64),
    Day,
    Week,
    Month,
}

/// Which prices the bars show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Trades,
    Bid,
    Ask,
    Midpoint,
    BidAsk,
}

/// A question for bars.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    pub listing: &'static Listing,
    /// Seconds since 1970; no bar begins at or after it.
    pub end: i64,
    pub reach: Reach,
    pub size: BarSize,
    pub what: What,
    /// Regular hours only.
    pub regular: bool,
}

/// One bar of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastBar {
    /// Seconds since 1970.
    pub start: i64,
    /// Set for bars of a day and longer.
    pub date: Option<Date>,
    pub ohlc: Ohlc,
    /// Shares; `None` where the bars are not of trades.
    pub volume: Option<i64>,
    pub n_trades: i64,
}

impl PastBar {
    /// Returns the time as the Gateway writes it: `format` 2 asks for seconds since 1970.
    #[must_use]
    pub fn time_text(&self, format: i32) -> String {
        match self.date {
            Some(date) => date.strftime("%Y%m%d").to_string(),
            None if format == 2 => self.start.to_string(),
            None => wire_time(self.start),
        }
    }

    /// Returns the average price, approximately, in ten-thousandths.
    #[must_use]
    pub fn average(&self) -> Decimal {
        let Ohlc { open, high, low, close } = self.ohlc;
        (Decimal::new(open + high + low + close, 4) / Decimal::from(4)).round_dp(4)
    }
}

/// Reads `1 D`, `3600 S`, `2 W`, `6 M`, `1 Y`.
///
/// # Errors
/// `Duration` for anything else.
pub fn parse_reach(text: &str) -> Result<Reach, HistoryError> {
    let wrong = || HistoryError::Duration { text: text.to_owned() };
    let mut words = text.split_whitespace();
    let (Some(count), Some(unit), None) = (words.next(), words.next(), words.next()) else {
        return Err(wrong());
    };
    let count: i64 =
        count.parse().ok().filter(|count| (1..=1_000_000).contains(count)).ok_or_else(wrong)?;
    match unit {
        "S" => Ok(Reach::Seconds(count)),
        "D" => Ok(Reach::Days(count)),
        "W" => Ok(Reach::Weeks(count)),
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
        "1 secs" | "1 sec" => BarSize::Seconds(1),
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
/// `What` for what the simulation does not have.
pub fn parse_what(text: &str) -> Result<What, HistoryError> {
    Ok(match text {
        "TRADES" | "ADJUSTED_LAST" | "AGGTRADES" => What::Trades,
        "BID" => What::Bid,
        "ASK" => What::Ask,
        "MIDPOINT" => What::Midpoint,
        "BID_ASK" => What::BidAsk,
        other => return Err(HistoryError::What { text: other.to_owned() }),
    })
}

/// Reads an end in any form that clients send; empty means `now`, and no end lies after it.
///
/// # Errors
/// `End` when it is no date.
pub fn parse_end(text: &str, now: i64) -> Result<i64, HistoryError> {
    let wrong = || HistoryError::End { text: text.to_owned() };
    let text_trimmed = text.trim();
    if text_trimmed.is_empty() {
        return Ok(now + 1);
    }
    if let Ok(date) = Date::strptime("%Y%m%d", text_trimmed) {
        return Ok(new_york_secs(date, 0, 0).min(now + 1));
    }
    let (stamp, zone) = match text_trimmed.split_once('-') {
        Some((date, time)) => (format!("{date} {time}"), TimeZone::UTC),
        None => {
            let mut words = text_trimmed.splitn(3, ' ');
            let stamp = format!("{} {}", words.next().unwrap_or(""), words.next().unwrap_or(""));
            let zone = match words.next() {
                None => new_york_zone(),
                Some(name) => TimeZone::get(name.trim()).map_err(|_| wrong())?,
            };
            (stamp, zone)
        }
    };
    let at = DateTime::strptime("%Y%m%d %H:%M:%S", &stamp).map_err(|_| wrong())?;
    let at = at.to_zoned(zone).map_err(|_| wrong())?.timestamp().as_second();
    Ok(at.min(now + 1))
}

/// Returns the bars that answer a question, oldest first.
///
/// # Errors
/// `TooLong` for more bars than one answer may hold.
pub fn bars(market: &mut Market, asked: &Question) -> Result<Vec<PastBar>, HistoryError> {
    match asked.size {
        BarSize::Seconds(size) => intraday(market, asked, size),
        BarSize::Day | BarSize::Week | BarSize::Month => Ok(long_bars(market, asked)),
    }
}

fn sessions(asked: &Question) -> Vec<Session> {
    let begins = |session: &Session| if asked.regular { session.open } else { session.pre_open };
    let mut session = Session::at_or_before(asked.end - 1);
    if begins(&session) >= asked.end {
        session = session.previous();
    }
    let end = new_york(asked.end);
    let back_to = match asked.reach {
        Reach::Seconds(_) => i64::MIN,
        Reach::Days(count) => {
            let mut found = Vec::new();
            for _ in 0..count.min(YEARS_MAX * 260) {
                found.push(session);
                session = session.previous();
            }
            found.reverse();
            return found;
        }
        Reach::Weeks(count) => asked.end - count * 7 * 86_400,
        Reach::Months(count) => seconds(&end.saturating_sub(count.months())),
        Reach::Years(count) => seconds(&end.saturating_sub(count.years())),
    };
    let wanted = match asked.reach {
        Reach::Seconds(count) => 2 + usize::try_from(count / 23_400).unwrap_or(0) * 2,
        Reach::Days(_) | Reach::Weeks(_) | Reach::Months(_) | Reach::Years(_) => usize::MAX,
    };
    let mut found = Vec::new();
    while session.close > back_to && found.len() < wanted.min(1_400) {
        found.push(session);
        session = session.previous();
    }
    found.reverse();
    found
}

fn seconds(at: &jiff::Zoned) -> i64 {
    Timestamp::from(at).as_second()
}

fn intraday(
    market: &mut Market,
    asked: &Question,
    size: i64,
) -> Result<Vec<PastBar>, HistoryError> {
    let wanted = match asked.reach {
        Reach::Seconds(count) => usize::try_from((count / size).max(1)).unwrap_or(BARS_MAX),
        Reach::Days(_) | Reach::Weeks(_) | Reach::Months(_) | Reach::Years(_) => BARS_MAX,
    };
    let mut found = Vec::new();
    for session in sessions(asked) {
        let (from, to) = if asked.regular {
            (session.open, session.close)
        } else {
            (session.pre_open, session.post_close)
        };
        let to = to.min(asked.end);
        if size < MINUTE {
            let from = from.max(to - SECOND_BARS_MAX);
            second_bars(market, asked, size, (from, to), &mut found);
        } else {
            minute_bars(market, asked, size, &session, (from, to), &mut found);
        }
        if found.len() > 2 * BARS_MAX {
            return Err(HistoryError::TooLong);
        }
    }
    let surplus = found.len().saturating_sub(wanted);
    found.drain(..surplus);
    Ok(found)
}

fn minute_bars(
    market: &mut Market,
    asked: &Question,
    size: i64,
    session: &Session,
    (from, to): (i64, i64),
    found: &mut Vec<PastBar>,
) {
    let Some(day) = market.day(asked.listing, session) else { return };
    let midnight = session.pre_open - 4 * 3600;
    let mut open: Option<(i64, Bar)> = None;
    for (index, minute) in day.minutes.iter().enumerate() {
        let at = session.minute_start(index);
        if at < from || at >= to {
            continue;
        }
        let bar = if at + MINUTE > to { market.partial(asked.listing, at, to) } else { *minute };
        let start = (midnight + (at - midnight).div_euclid(size) * size).max(from);
        open = match open {
            Some((begun, sum)) if begun == start => Some((begun, sum.then(bar))),
            Some((begun, sum)) => {
                push(found, asked, begun, None, &sum);
                Some((start, bar))
            }
            None => Some((start, bar)),
        };
    }
    if let Some((begun, sum)) = open {
        push(found, asked, begun, None, &sum);
    }
}

fn second_bars(
    market: &mut Market,
    asked: &Question,
    size: i64,
    (from, to): (i64, i64),
    found: &mut Vec<PastBar>,
) {
    let mut start = from;
    while start < to {
        let end = (start + size).min(to);
        let bar = market.partial(asked.listing, start, end);
        push(found, asked, start, None, &bar);
        start += size;
    }
}

fn long_bars(market: &mut Market, asked: &Question) -> Vec<PastBar> {
    let taped = market.daily_tape(asked.listing);
    let mut found: Vec<PastBar> = Vec::new();
    let mut open: Option<(Session, Bar)> = None;
    for session in sessions(asked) {
        let is_now = session.close > asked.end;
        let live = if is_now {
            market.day(asked.listing, &session).map(|day| {
                let minute = asked.end.div_euclid(MINUTE) * MINUTE;
                let rest = market.partial(asked.listing, minute, asked.end);
                day.between(session.open, minute).then(rest)
            })
        } else {
            market.regular(asked.listing, &session)
        };
        let from_tape =
            || taped.iter().find(|(date, _)| *date == session.date).map(|(_, bar)| *bar);
        let Some(bar) = live.or_else(from_tape) else { continue };
        let together = |one: &Session| match asked.size {
            BarSize::Week => one.date.iso_week_date().week() == session.date.iso_week_date().week(),
            BarSize::Month => one.date.month() == session.date.month(),
            BarSize::Day | BarSize::Seconds(_) => false,
        };
        open = match open {
            Some((begun, sum)) if together(&begun) => Some((begun, sum.then(bar))),
            Some((begun, sum)) => {
                push(&mut found, asked, begun.open, Some(begun.date), &sum);
                Some((session, bar))
            }
            None => Some((session, bar)),
        };
    }
    if let Some((begun, sum)) = open {
        push(&mut found, asked, begun.open, Some(begun.date), &sum);
    }
    found
}

fn push(found: &mut Vec<PastBar>, asked: &Question, start: i64, date: Option<Date>, bar: &Bar) {
    let ohlc = match asked.what {
        What::Trades => bar.trade,
        What::Bid => bar.bid,
        What::Ask => bar.ask,
        What::Midpoint => bar.midpoint(),
        What::BidAsk => join(bar.bid, bar.ask).map(|both| Ohlc {
            open: bar.bid.map_or(both.open, |bid| bid.open),
            close: bar.ask.map_or(both.close, |ask| ask.close),
            ..both
        }),
    };
    let is_trades = asked.what == What::Trades;
    if let Some(ohlc) = ohlc {
        let volume = is_trades.then_some(bar.volume);
        found.push(PastBar { start, date, ohlc, volume, n_trades: bar.n_trades });
    }
}

/// Returns whether a bar of this size grows at an instant.
#[must_use]
pub fn grows_at(secs: i64, regular: bool) -> bool {
    match super::calendar::phase_at(secs) {
        Phase::Regular => true,
        Phase::Pre | Phase::Post => !regular,
        Phase::Closed => false,
    }
}

#[cfg(test)]
mod tests;
