//! Trading days of an instrument, for studies that begin anew with each.

use gatehouse_history::Instrument;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Futures and currencies trade by New York's clock, wherever they are listed.
const NEW_YORK: &str = "America/New_York";
/// A session of futures begins at 18:00 the evening before. Source: CME Group, "Trading Hours".
const FUTURES_AHEAD_H: i64 = 6;
/// A day of currencies begins at 17:00 the evening before, when its values are due a day later.
const CASH_AHEAD_H: i64 = 7;
/// By then after the begin of its day a stock's regular session is open, wherever it is listed.
const STOCKS_OPEN_WITHIN: i64 = 10 * 3600;
const OTHERS_OPEN_WITHIN: i64 = 3600;

/// How an instrument's trading days are dated.
#[derive(Debug, Clone)]
pub(super) struct TradingDays {
    zone: TimeZone,
    /// Hours by which a trading day begins before its date.
    ahead_h: i64,
    open_within: i64,
}

impl TradingDays {
    pub(super) fn of(instrument: &Instrument) -> Self {
        let (zone, ahead_h, open_within) = match instrument.sec_type.as_str() {
            "FUT" | "CONTFUT" | "FOP" => (NEW_YORK, FUTURES_AHEAD_H, OTHERS_OPEN_WITHIN),
            "CASH" => (NEW_YORK, CASH_AHEAD_H, OTHERS_OPEN_WITHIN),
            _ => (instrument.zone.as_str(), 0, STOCKS_OPEN_WITHIN),
        };
        Self { zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC), ahead_h, open_within }
    }

    /// Returns the date of the trading day of an instant, in seconds since 1970.
    pub(super) fn date(&self, at: i64) -> Option<Date> {
        let at = Timestamp::from_second(at).ok()?;
        let ahead = at.checked_add(SignedDuration::from_hours(self.ahead_h)).ok()?;
        Some(self.zone.to_datetime(ahead).date())
    }

    /// Returns when the trading day of a date begins.
    pub(super) fn begin(&self, date: Date) -> Option<i64> {
        let midnight = date.to_zoned(self.zone.clone()).ok()?;
        Some(midnight.timestamp().as_second() - self.ahead_h * 3600)
    }

    /// Returns whether bars from this instant on are from their day's beginning on, or may as well
    /// be taken so.
    pub(super) fn is_beginning(&self, at: i64) -> bool {
        let begin = self.date(at).and_then(|date| self.begin(date));
        begin.is_some_and(|begin| at <= begin + self.open_within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(sec_type: &str, zone: &str) -> TradingDays {
        TradingDays::of(&Instrument {
            symbol: "X".to_owned(),
            sec_type: sec_type.to_owned(),
            currency: "USD".to_owned(),
            exchange: "SMART".to_owned(),
            zone: zone.to_owned(),
        })
    }

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().expect("is an instant").as_second()
    }

    #[test]
    fn a_trading_day_is_a_date_and_of_futures_begins_the_evening_before() {
        for (sec_type, zone, instant, date) in [
            // 23:59 and 00:00 in New York.
            ("STK", "America/New_York", "2026-01-06T04:59:00Z", "2026-01-05"),
            ("STK", "America/New_York", "2026-01-06T05:00:00Z", "2026-01-06"),
            // 16:59 and 17:00 in Chicago, in winter and in summer.
            ("FUT", "America/Chicago", "2026-01-05T22:59:00Z", "2026-01-05"),
            ("FUT", "America/Chicago", "2026-01-05T23:00:00Z", "2026-01-06"),
            ("FUT", "America/Chicago", "2026-07-06T21:59:00Z", "2026-07-06"),
            ("FUT", "America/Chicago", "2026-07-06T22:00:00Z", "2026-07-07"),
            // Sunday evening is Monday's.
            ("FUT", "America/Chicago", "2026-01-04T23:00:00Z", "2026-01-05"),
            ("CASH", "America/New_York", "2026-01-05T21:59:00Z", "2026-01-05"),
            ("CASH", "America/New_York", "2026-01-05T22:00:00Z", "2026-01-06"),
        ] {
            let days = days(sec_type, zone);
            let found = days.date(at(instant)).expect("is in the calendar");
            assert_eq!(found.to_string(), date, "{sec_type} {instant}");
            let begin = days.begin(found).expect("begins");
            assert!((begin..begin + 86_400).contains(&at(instant)), "{sec_type} {instant}");
        }
    }

    #[test]
    fn noon_is_no_beginning_of_a_day() {
        for (sec_type, instant, is_beginning) in [
            ("STK", "2026-01-05T09:00:00Z", true),
            ("STK", "2026-01-05T14:30:00Z", true),
            ("STK", "2026-01-05T17:00:00Z", false),
            ("FUT", "2026-01-05T23:00:00Z", true),
            ("FUT", "2026-01-05T14:30:00Z", false),
        ] {
            let days = days(sec_type, "America/New_York");
            assert_eq!(days.is_beginning(at(instant)), is_beginning, "{sec_type} {instant}");
        }
    }
}
