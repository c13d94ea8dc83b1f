//! Weeks and months: which day bears the bar.
//!
//! The broker dates such a bar by a day within it, and another one as the bar grows. It is kept by
//! its first day, so that each period has one bar.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::step::DAY_SECS;

/// Bars of so many seconds and more are months.
const MONTH_SECS: u32 = 28 * DAY_SECS;

/// Returns the first date of the week (Monday) or month that a date lies in, and the date itself for
/// bars of up to a day.
pub(super) fn first_date(bar_secs: u32, date: Date) -> Date {
    match bar_secs {
        ..=DAY_SECS => date,
        MONTH_SECS.. => date.first_of_month(),
        _ => date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days()),
    }
}

/// Returns the first date behind the day, week or month that begins with a date.
pub(super) fn next_date(bar_secs: u32, first: Date) -> Date {
    match bar_secs {
        ..=DAY_SECS => first.saturating_add(1.day()),
        MONTH_SECS.. => first.saturating_add(1.month()),
        _ => first.saturating_add(1.week()),
    }
}

/// Returns the instant that a bar is kept by, in seconds since 1970: for a week or a month midnight
/// in UTC of its first day, else the one that the broker gave.
#[must_use]
pub fn dated(bar_secs: u32, at: i64) -> i64 {
    if bar_secs <= DAY_SECS {
        return at;
    }
    midnight(first_date(bar_secs, utc_date(at)))
}

pub(super) fn utc_date(at: i64) -> Date {
    Timestamp::from_second(at).map_or(Date::MIN, |at| TimeZone::UTC.to_datetime(at).date())
}

/// Returns midnight in UTC of a date, seconds since 1970.
pub(super) fn midnight(date: Date) -> i64 {
    date.to_zoned(TimeZone::UTC).map_or(i64::MAX, |at| at.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_week_is_kept_by_its_monday_and_a_month_by_its_first_day() {
        const WEEK: u32 = 604_800;
        const MONTH: u32 = 2_592_000;
        for (bar_secs, given, kept, next) in [
            (WEEK, date(2026, 3, 13), date(2026, 3, 9), date(2026, 3, 16)),
            (WEEK, date(2026, 3, 9), date(2026, 3, 9), date(2026, 3, 16)),
            (WEEK, date(2026, 1, 1), date(2025, 12, 29), date(2026, 1, 5)),
            (MONTH, date(2026, 2, 28), date(2026, 2, 1), date(2026, 3, 1)),
            (MONTH, date(2025, 12, 31), date(2025, 12, 1), date(2026, 1, 1)),
            (86_400, date(2026, 2, 28), date(2026, 2, 28), date(2026, 3, 1)),
        ] {
            assert_eq!(first_date(bar_secs, given), kept, "{given}");
            assert_eq!(next_date(bar_secs, kept), next, "{given}");
            assert_eq!(dated(bar_secs, midnight(given)), midnight(kept), "{given}");
        }
        assert_eq!(dated(60, 12_345), 12_345);
    }
}
