//! Past bars: what a client asks for, and the bars that answer it.
//!
//! Days are those of the instrument: a stock's from 04:00 to 20:00 in New York, a future's from the
//! evening before, a coin's from midnight to midnight. It must never know frames. Called by the
//! server; the market gives the minutes.

pub mod pacing;
mod volatility;
mod words;

use gatehouse_types::Decimal;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::calendar::{MINUTE, new_york, new_york_secs, yesterday};
use super::catalog::{Kind, Listing, hours};
use super::market::{Bar, Market, Ohlc, join};
use super::px::{PX_SCALE, price};
use super::time::wire_time;

pub use words::{
    HistoryError, Spelled, check, parse_end, parse_instant, parse_reach, parse_size, parse_what,
};

/// Most bars that one request may bring.
const BARS_MAX: usize = 100_000;
/// Most trade dates that one request may span: thirty years of stocks.
const DAYS_MAX: usize = 8_000;
/// Days without trading that end a walk into the past.
const IDLE_DAYS_MAX: usize = 14;

/// How far back a request reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Seconds(i64),
    Days(i64),
    Weeks(i64),
    Months(i64),
    Years(i64),
}

impl Reach {
    /// Returns a number of seconds that it is not shorter than.
    #[must_use]
    pub fn at_least_secs(self) -> i64 {
        let days = |n: i64| n.saturating_mul(86_400);
        match self {
            Self::Seconds(n) => n,
            Self::Days(n) => days(n),
            Self::Weeks(n) => days(n * 7),
            Self::Months(n) => days(n * 28),
            Self::Years(n) => days(n * 365),
        }
    }
}

/// The length of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BarSize {
    Seconds(i64),
    Day,
    Week,
    Month,
}

/// Which figures the bars show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Trades,
    Bid,
    Ask,
    Midpoint,
    BidAsk,
    HistoricalVolatility,
    ImpliedVolatility,
    FeeRate,
    YieldBid,
    YieldAsk,
    YieldBidAsk,
    YieldLast,
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
    /// Shares, contracts or coins; `None` where the bars are not of trades.
    pub volume: Option<Decimal>,
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

    /// Returns the average price, approximately.
    #[must_use]
    pub fn average(&self) -> Decimal {
        let Ohlc { open, high, low, close } = self.ohlc;
        (price(open + high + low + close).value() / Decimal::from(4)).round_dp(PX_SCALE)
    }
}

/// A trade date and its hours, from the first second to the one after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TradeDay {
    pub date: Date,
    pub from: i64,
    pub to: i64,
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

/// Returns the trade dates that a question spans, oldest first; the last may not be over.
#[must_use]
pub fn days(asked: &Question) -> Vec<TradeDay> {
    let Some((last, _)) = hours::last_before(asked.listing, asked.end, asked.regular) else {
        return Vec::new();
    };
    let end = new_york(asked.end);
    let back_to = match asked.reach {
        Reach::Seconds(_) | Reach::Days(_) => i64::MIN,
        Reach::Weeks(count) => asked.end - count * 7 * 86_400,
        Reach::Months(count) => seconds(&end.saturating_sub(count.months())),
        Reach::Years(count) => seconds(&end.saturating_sub(count.years())),
    };
    let (n_days, n_secs) = match asked.reach {
        Reach::Seconds(count) => (DAYS_MAX, count),
        Reach::Days(count) => (usize::try_from(count).unwrap_or(DAYS_MAX), i64::MAX),
        Reach::Weeks(_) | Reach::Months(_) | Reach::Years(_) => (DAYS_MAX, i64::MAX),
    };
    let (mut found, mut covered, mut n_idle) = (Vec::new(), 0, 0);
    let mut date = last;
    while found.len() < n_days && covered < n_secs && n_idle < IDLE_DAYS_MAX {
        match hours::of_day(asked.listing, date, asked.regular) {
            Some((_, to)) if to <= back_to => break,
            Some((from, to)) => {
                found.push(TradeDay { date, from, to });
                // A minute less than what is there, as it may lie in between.
                covered += (to.min(asked.end) - from - MINUTE).max(0);
                n_idle = 0;
            }
            None => n_idle += 1,
        }
        date = yesterday(date);
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
    let days = days(asked);
    let expected: i64 = days.iter().map(|day| (day.to - day.from) / size).sum();
    if usize::try_from(expected).unwrap_or(usize::MAX) > 2 * BARS_MAX {
        return Err(HistoryError::TooLong);
    }
    let mut found = Vec::new();
    for day in days {
        let to = day.to.min(asked.end);
        if size < MINUTE {
            let from = match asked.reach {
                Reach::Seconds(count) => day.from.max((to - count).div_euclid(size) * size),
                Reach::Days(_) | Reach::Weeks(_) | Reach::Months(_) | Reach::Years(_) => day.from,
            };
            second_bars(market, asked, size, (from, to), &mut found);
        } else {
            minute_bars(market, asked, size, (day.from, to), &mut found);
        }
    }
    let surplus = found.len().saturating_sub(wanted);
    found.drain(..surplus);
    Ok(found)
}

/// Bars begin at multiples of their size from midnight, and at the first second of a day.
fn minute_bars(
    market: &mut Market,
    asked: &Question,
    size: i64,
    (from, to): (i64, i64),
    found: &mut Vec<PastBar>,
) {
    let midnight = new_york_secs(new_york(from).date(), 0, 0);
    let mut open: Option<(i64, Bar)> = None;
    let mut at = from;
    while at < to {
        let until = (at + MINUTE).min(to);
        let bar = if until < at + MINUTE {
            market.partial(asked.listing, at, until)
        } else {
            market.minute(asked.listing, at)
        };
        let start = (midnight + (at - midnight).div_euclid(size) * size).max(from);
        open = match open {
            Some((begun, sum)) if begun == start => Some((begun, sum.then(bar))),
            Some((begun, sum)) => {
                push(market, found, asked, (begun, None), &sum);
                Some((start, bar))
            }
            None => Some((start, bar)),
        };
        at = until;
    }
    if let Some((begun, sum)) = open {
        push(market, found, asked, (begun, None), &sum);
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
        push(market, found, asked, (start, None), &bar);
        start += size;
    }
}

fn long_bars(market: &mut Market, asked: &Question) -> Vec<PastBar> {
    let taped = market.daily_tape(asked.listing);
    let mut found: Vec<PastBar> = Vec::new();
    // The first and the last day of a bar, and their sum; weeks and months bear the last one's date,
    // as the answer does that a client's own tests expect.
    let mut open: Option<(TradeDay, TradeDay, Bar)> = None;
    for day in days(asked) {
        let live = market.span(asked.listing, day.from, day.to.min(asked.end));
        let from_tape = || taped.iter().find(|(date, _)| *date == day.date).map(|(_, bar)| *bar);
        let Some(bar) = live.or_else(from_tape) else { continue };
        let together = |one: &TradeDay| match asked.size {
            BarSize::Week => one.date.iso_week_date().week() == day.date.iso_week_date().week(),
            BarSize::Month => one.date.month() == day.date.month(),
            BarSize::Day | BarSize::Seconds(_) => false,
        };
        open = match open {
            Some((begun, _, sum)) if together(&begun) => Some((begun, day, sum.then(bar))),
            Some((begun, ended, sum)) => {
                push(market, &mut found, asked, (begun.from, Some(ended.date)), &sum);
                Some((day, day, bar))
            }
            None => Some((day, day, bar)),
        };
    }
    if let Some((begun, ended, sum)) = open {
        push(market, &mut found, asked, (begun.from, Some(ended.date)), &sum);
    }
    found
}

fn push(
    market: &mut Market,
    found: &mut Vec<PastBar>,
    asked: &Question,
    (start, date): (i64, Option<Date>),
    bar: &Bar,
) {
    let both = || {
        join(bar.bid, bar.ask).map(|both| Ohlc {
            open: bar.bid.map_or(both.open, |bid| bid.open),
            close: bar.ask.map_or(both.close, |ask| ask.close),
            ..both
        })
    };
    let bond_yield = |prices: Option<Ohlc>| {
        let Kind::Bond(terms) = asked.listing.kind else { return None };
        prices.map(|prices| volatility::yields(terms, prices))
    };
    let is_there = bar.trade.or(bar.bid).is_some();
    let ohlc = match asked.what {
        What::Trades => bar.trade,
        What::Bid => bar.bid,
        What::Ask => bar.ask,
        What::Midpoint => bar.midpoint(),
        What::BidAsk => both(),
        What::HistoricalVolatility => {
            is_there.then(|| volatility::historical(market, asked.listing, start)).flatten()
        }
        What::ImpliedVolatility => {
            is_there.then(|| volatility::implied(market, asked.listing, start))
        }
        What::FeeRate => is_there.then(|| volatility::fee_rate(asked.listing)),
        What::YieldBid => bond_yield(bar.bid),
        What::YieldAsk => bond_yield(bar.ask),
        What::YieldBidAsk => bond_yield(both()),
        What::YieldLast => bond_yield(bar.trade),
    };
    let is_trades = asked.what == What::Trades;
    if let Some(ohlc) = ohlc {
        let volume = is_trades.then(|| asked.listing.amount(bar.volume));
        found.push(PastBar { start, date, ohlc, volume, n_trades: bar.n_trades });
    }
}

/// Returns whether a bar of an instrument grows at an instant.
#[must_use]
pub fn grows_at(listing: &Listing, secs: i64, regular: bool) -> bool {
    if regular { hours::is_liquid(listing, secs) } else { hours::is_open(listing, secs) }
}

#[cfg(test)]
mod tests;
