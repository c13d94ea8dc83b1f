//! The New York trading calendar: sessions, holidays and early closes, by rule.
//!
//! It must never know the wall clock: callers pass the instant in. Called by the market, the
//! matching and the history.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use gatehouse_types::Utc;
use jiff::civil::{Date, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

/// Minutes of one trading day, 04:00 to 20:00.
pub const DAY_MINUTES: usize = 960;
/// Seconds in a minute.
pub const MINUTE: i64 = 60;
/// Seconds in a day around the clock.
const CLOCK_SECS: i64 = 86_400;

/// Days and hours that are kept at most.
const KEPT_MAX: usize = 4_096;
const HOUR: i64 = 3_600;

/// Looked up by name it costs more than a quote.
static NEW_YORK: LazyLock<TimeZone> =
    LazyLock::new(|| TimeZone::get("America/New_York").expect("the zone database is compiled in"));

thread_local! {
    /// What the rules said before: they are asked for every quote of every instrument.
    static SESSIONS: RefCell<BTreeMap<Date, Option<Session>>> = const { RefCell::new(BTreeMap::new()) };
    /// The session of each hour; sessions begin on the hour.
    static HOURS: RefCell<BTreeMap<i64, Session>> = const { RefCell::new(BTreeMap::new()) };
}

/// Returns what a pure function says of a key, asking it once.
fn kept<K: Ord + Copy, V: Copy>(
    kept: &'static std::thread::LocalKey<RefCell<BTreeMap<K, V>>>,
    key: K,
    find: impl FnOnce() -> V,
) -> V {
    if let Some(found) = kept.with_borrow(|kept| kept.get(&key).copied()) {
        return found;
    }
    let found = find();
    kept.with_borrow_mut(|kept| {
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(key, found);
    });
    found
}

/// One trading day. All instants are whole seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    pub date: Date,
    /// 04:00 in New York.
    pub pre_open: i64,
    /// 09:30.
    pub open: i64,
    /// 16:00, or 13:00 before some holidays.
    pub close: i64,
    /// 20:00, or 17:00 on a day that closes early.
    pub post_close: i64,
}

/// Which part of the day an instant lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Closed,
    Pre,
    Regular,
    Post,
}

impl Session {
    /// Returns the session of a date, or `None` on a weekend or holiday.
    #[must_use]
    pub fn on(date: Date) -> Option<Self> {
        kept(&SESSIONS, date, || Self::by_rule(date))
    }

    fn by_rule(date: Date) -> Option<Self> {
        if is_weekend(date) || is_holiday(date) {
            return None;
        }
        let at = |hour, minute| new_york_secs(date, hour, minute);
        let (close, post_close) =
            if closes_early(date) { (at(13, 0), at(17, 0)) } else { (at(16, 0), at(20, 0)) };
        Some(Self { date, pre_open: at(4, 0), open: at(9, 30), close, post_close })
    }

    /// Returns a day of what trades around the clock, as one session: midnight to midnight in
    /// London's winter, by which such markets keep their records.
    #[must_use]
    pub fn around_the_clock(date: Date) -> Self {
        let midnight = date.at(0, 0, 0, 0).to_zoned(TimeZone::UTC);
        let from = midnight.map_or(0, |zoned| zoned.timestamp().as_second());
        let to = from + CLOCK_SECS;
        Self { date, pre_open: from, open: from, close: to, post_close: to }
    }

    /// Returns the day around the clock that holds an instant.
    #[must_use]
    pub fn around_the_clock_at(secs: i64) -> Self {
        let at = Timestamp::from_second(secs).unwrap_or(Timestamp::UNIX_EPOCH);
        Self::around_the_clock(at.to_zoned(TimeZone::UTC).date())
    }

    /// Returns the minutes from its first to its last; days that close early have as many as others.
    #[must_use]
    pub fn n_minutes(&self) -> usize {
        let minutes = (self.post_close - self.pre_open) / MINUTE;
        usize::try_from(minutes).unwrap_or(DAY_MINUTES).max(DAY_MINUTES)
    }

    /// Returns the last session that begins at or before an instant.
    #[must_use]
    pub fn at_or_before(secs: i64) -> Self {
        kept(&HOURS, secs.div_euclid(HOUR), || Self::search(secs))
    }

    fn search(secs: i64) -> Self {
        let mut day = new_york(secs).date();
        loop {
            match Self::on(day) {
                Some(session) if session.pre_open <= secs => return session,
                Some(_) | None => day = yesterday(day),
            }
        }
    }

    /// Returns the first session whose regular hours end after an instant.
    #[must_use]
    pub fn next_regular(secs: i64) -> Self {
        let mut day = new_york(secs).date();
        loop {
            match Self::on(day) {
                Some(session) if session.close > secs => return session,
                Some(_) | None => day = tomorrow(day),
            }
        }
    }

    /// Returns the session before this one.
    #[must_use]
    pub fn previous(&self) -> Self {
        Self::at_or_before(self.pre_open - 1)
    }

    /// Returns the phase of an instant, seen from this session.
    #[must_use]
    pub fn phase(&self, secs: i64) -> Phase {
        if secs < self.pre_open || secs >= self.post_close {
            Phase::Closed
        } else if secs < self.open {
            Phase::Pre
        } else if secs < self.close {
            Phase::Regular
        } else {
            Phase::Post
        }
    }

    /// Returns the index of the minute that holds an instant, counted from 04:00.
    #[must_use]
    pub fn minute_index(&self, secs: i64) -> Option<usize> {
        if self.phase(secs) == Phase::Closed {
            return None;
        }
        usize::try_from((secs - self.pre_open).div_euclid(MINUTE)).ok()
    }

    /// Returns when a minute begins.
    #[must_use]
    pub fn minute_start(&self, index: usize) -> i64 {
        self.pre_open + MINUTE * i64::try_from(index).unwrap_or(0)
    }
}

/// Returns the phase of an instant.
#[must_use]
pub fn phase_at(secs: i64) -> Phase {
    Session::at_or_before(secs).phase(secs)
}

/// Returns the New York time zone.
///
/// # Panics
/// Never: the zone database is compiled in.
#[must_use]
pub fn new_york_zone() -> TimeZone {
    NEW_YORK.clone()
}

/// Returns an instant as New York calendar time.
#[must_use]
pub fn new_york(secs: i64) -> Zoned {
    Timestamp::from_second(secs).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(new_york_zone())
}

/// Returns the instant of a New York date and time, in seconds.
#[must_use]
pub fn new_york_secs(date: Date, hour: i8, minute: i8) -> i64 {
    date.at(hour, minute, 0, 0)
        .to_zoned(new_york_zone())
        .map_or(0, |zoned| zoned.timestamp().as_second())
}

/// Makes an instant from whole seconds.
#[must_use]
pub fn utc(secs: i64) -> Utc {
    Utc::from_nanos(secs.saturating_mul(1_000_000_000))
}

/// Returns `20260105 14:30:00`, in UTC.
#[must_use]
pub fn utc_text(secs: i64) -> String {
    let at = Timestamp::from_second(secs).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%Y%m%d %H:%M:%S").to_string()
}

/// Returns `2026-01-05 14:30:00.0`, in UTC, as news have it.
#[must_use]
pub fn utc_date_time(secs: i64) -> String {
    let at = Timestamp::from_second(secs).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%d %H:%M:%S.0").to_string()
}

pub(crate) fn yesterday(day: Date) -> Date {
    day.saturating_sub(1.day())
}

pub(crate) fn tomorrow(day: Date) -> Date {
    day.saturating_add(1.day())
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// A holiday on a Sunday is kept on Monday, one on a Saturday on Friday (New Year's Day is not).
fn observed(holiday: Date) -> Date {
    match holiday.weekday() {
        Weekday::Sunday => tomorrow(holiday),
        Weekday::Saturday => yesterday(holiday),
        Weekday::Monday
        | Weekday::Tuesday
        | Weekday::Wednesday
        | Weekday::Thursday
        | Weekday::Friday => holiday,
    }
}

fn is_holiday(day: Date) -> bool {
    let year = day.year();
    let nth =
        |month, weekday, n| date(year, month, 1).nth_weekday_of_month(n, weekday).unwrap_or(day);
    let new_year = date(year, 1, 1);
    let moving = match day.month() {
        1 => {
            (new_year.weekday() != Weekday::Saturday && day == observed(new_year))
                || day == nth(1, Weekday::Monday, 3)
        }
        2 => day == nth(2, Weekday::Monday, 3),
        3 | 4 => day == good_friday(year),
        5 => day == nth(5, Weekday::Monday, -1),
        9 => day == nth(9, Weekday::Monday, 1),
        11 => day == nth(11, Weekday::Thursday, 4),
        _ => false,
    };
    moving
        || (year >= 2022 && day == observed(date(year, 6, 19)))
        || day == observed(date(year, 7, 4))
        || day == observed(date(year, 12, 25))
}

/// Returns whether the stock market keeps a holiday on which futures trade for half a day: all but
/// New Year, Good Friday and Christmas.
#[must_use]
pub fn is_futures_holiday(day: Date) -> bool {
    let year = day.year();
    let is_still = day == observed(date(year, 1, 1))
        || day == good_friday(year)
        || day == observed(date(year, 12, 25));
    !is_weekend(day) && is_holiday(day) && !is_still
}

fn closes_early(day: Date) -> bool {
    let after_thanksgiving =
        date(day.year(), 11, 1).nth_weekday_of_month(4, Weekday::Thursday).map_or(day, tomorrow);
    match (day.month(), day.day()) {
        (11, _) => day == after_thanksgiving,
        (12, 24) => true,
        (7, 3) => true,
        _ => false,
    }
}

/// Two days before Easter, by the anonymous Gregorian computus.
fn good_friday(year: i16) -> Date {
    let y = i32::from(year);
    let a = y % 19;
    let (b, c) = (y / 100, y % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let month = (h + l - 7 * m + 114) / 31;
    let day = (h + l - 7 * m + 114) % 31 + 1;
    let easter = date(year, i8::try_from(month).unwrap_or(4), i8::try_from(day).unwrap_or(1));
    easter.saturating_sub(2.days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_days_without_a_session() {
        for (year, month, day) in [
            (2026, 1, 1),
            (2026, 1, 19),
            (2025, 12, 25),
            (2025, 11, 27),
            (2026, 4, 3),
            (2026, 7, 3),
            (2025, 6, 19),
            (2026, 1, 3),
            (2021, 12, 24),
        ] {
            assert_eq!(Session::on(date(year, month, day)), None, "{year}-{month}-{day}");
        }
        for (year, month, day) in [(2026, 1, 2), (2026, 1, 5), (2013, 10, 7), (2021, 12, 31)] {
            assert!(Session::on(date(year, month, day)).is_some(), "{year}-{month}-{day}");
        }
    }

    #[test]
    fn closes_at_one_on_christmas_eve() {
        let session = Session::on(date(2025, 12, 24)).expect("is a session");
        assert_eq!(session.close - session.open, 3 * 3600 + 1800);
    }

    #[test]
    fn opens_at_half_past_nine_in_both_halves_of_the_year() {
        let winter = Session::on(date(2026, 1, 5)).expect("is a session");
        let summer = Session::on(date(2013, 10, 7)).expect("is a session");
        assert_eq!(winter.open, 1_767_623_400);
        assert_eq!(summer.open, 1_381_152_600);
        assert_eq!(winter.previous().date, date(2026, 1, 2));
        assert_eq!(winter.phase(winter.open - 1), Phase::Pre);
        assert_eq!(winter.phase(winter.open), Phase::Regular);
        assert_eq!(winter.phase(winter.close), Phase::Post);
        assert_eq!(winter.phase(winter.post_close), Phase::Closed);
    }
}
