//! What it will cost to fetch a span, before it is asked for.

use jiff::civil::Weekday;

use super::step::{self, SECONDS_MAX};
use super::{Calendar, Day, UP_TO_NOW, lacks};
use crate::bar_size::PACED_SECS;
use crate::coverage::{self, Span};
use crate::pace::{LEFT_TO_BOTS, WEIGHT_MAX};
use crate::series::SeriesKey;

/// Seconds that one request takes until the next of its series may be sent, two being on their way:
/// an assumption, as no page of the broker says it.
const SECS_PER_REQUEST: u64 = 1;
/// Days from Monday to Friday that a year has at most: sessions are asked for by the year.
const WEEKDAYS_OF_YEAR: u32 = 262;
/// Seconds within which [`WEIGHT_MAX`] counts.
const WINDOW_SECS: u64 = 600;

/// What fetching will cost, about: days that nobody asked the broker for yet are counted as Monday to
/// Friday.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// Trading days of the span, and those of them that are not there.
    pub n_days: u32,
    pub n_missing: u32,
    pub n_requests: u32,
    /// At the pace that the broker allows while bots ask for nothing.
    pub secs: u64,
}

impl Cost {
    /// Returns what it costs to fetch `[from, to)`, in seconds since 1970, of a series, whichever
    /// instrument that is of, with what is known of it.
    #[must_use]
    pub fn of(
        key: &SeriesKey,
        (from, to): (i64, i64),
        calendar: &Calendar,
        covered: &[Span],
    ) -> Self {
        let known = calendar.days(from, to);
        let is_missing = |day: &&Day| {
            let (from, to) = lacks::own_span(key, day);
            !coverage::holds(covered, from, to)
        };
        let n_unknown = unknown_days(calendar, from, to);
        let n_missing = count(known.iter().filter(is_missing).count()) + n_unknown;
        let n_days = count(known.len()) + n_unknown;
        if n_missing == 0 {
            return Self { n_days, ..Self::default() };
        }
        let n_of_bars = n_bars_requests(key, n_missing);
        // Before the first of them, where the history begins; and the sessions, a year at a time.
        let n_others = 1 + n_unknown.div_ceil(WEEKDAYS_OF_YEAR);
        let n_requests = n_of_bars + n_others;
        Self { n_days, n_missing, n_requests, secs: secs(key, n_of_bars, n_requests) }
    }
}

fn n_bars_requests(key: &SeriesKey, n_days: u32) -> u32 {
    if key.what == UP_TO_NOW {
        return 1;
    }
    match step::days_max(key.bar_secs, key.is_regular) {
        0 => {
            // Regular hours of a stock, or all of a day.
            let hours: u32 = if key.is_regular { 13 } else { 48 };
            n_days.saturating_mul((hours * 1_800).div_ceil(SECONDS_MAX))
        }
        days => n_days.div_ceil(days),
    }
}

fn secs(key: &SeriesKey, n_of_bars: u32, n_requests: u32) -> u64 {
    let weight = if key.what == "BID_ASK" { 2 } else { 1 };
    let n_full = match key.bar_secs {
        // What fills the budget waits until the ten minutes are over.
        ..=PACED_SECS => {
            n_of_bars.saturating_mul(weight).saturating_sub(1) / (WEIGHT_MAX - LEFT_TO_BOTS)
        }
        _ => 0,
    };
    u64::from(n_full) * WINDOW_SECS + u64::from(n_requests) * SECS_PER_REQUEST
}

/// Returns how many days from Monday to Friday are in the parts that the broker was not asked about.
fn unknown_days(calendar: &Calendar, from: i64, to: i64) -> u32 {
    let weekdays = |(from, to): (i64, i64)| {
        let (mut date, end) = (calendar.date(from), calendar.date(to - 1));
        let mut n = 0;
        while date <= end {
            n += u32::from(!matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday));
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
        n
    };
    let newest = (from < to).then(|| calendar.unknown(from, to)).flatten();
    let Some(newest) = newest else { return 0 };
    // A span that begins and ends where nothing is known has a part on either side.
    let older = (newest.0 > from).then(|| calendar.unknown(from, newest.0)).flatten();
    weekdays(newest) + older.map_or(0, weekdays)
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use gatehouse_types::ConId;
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::super::{DAY, Session};
    use super::*;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().expect("is an instant").as_second()
    }

    fn key(what: &str, bar_secs: u32, is_regular: bool) -> SeriesKey {
        SeriesKey { con_id: ConId::new(1), what: what.to_owned(), bar_secs, is_regular }
    }

    fn new_york() -> Calendar {
        Calendar::new(TimeZone::get("America/New_York").expect("is in the list"))
    }

    #[test]
    fn a_year_costs_as_many_requests_as_its_bars_need_and_as_long_as_the_pace_allows() {
        let year = (at("2025-01-01T05:00:00Z"), at("2026-01-01T05:00:00Z"));
        for (what, bar_secs, is_regular, n_requests, secs) in [
            ("TRADES", 60, true, 16, 16),
            ("TRADES", 60, false, 55, 55),
            ("TRADES", 86_400, false, 3, 3),
            ("ADJUSTED_LAST", 60, true, 3, 3),
            ("TRADES", 30, true, 263, 5 * 600 + 263),
            ("BID_ASK", 30, true, 263, 10 * 600 + 263),
            ("TRADES", 1, true, 3_134, 62 * 600 + 3_134),
        ] {
            let cost = Cost::of(&key(what, bar_secs, is_regular), year, &new_york(), &[]);
            let expected = Cost { n_days: 261, n_missing: 261, n_requests, secs };
            assert_eq!(cost, expected, "{what} {bar_secs} {is_regular}");
        }
    }

    #[test]
    fn what_is_there_costs_nothing_and_days_that_are_known_are_counted_as_they_are() {
        let mut calendar = new_york();
        let session = |date: &str| Session {
            date: date.parse().expect("is a date"),
            open: at(&format!("{date}T14:30:00Z")),
            close: at(&format!("{date}T21:00:00Z")),
        };
        // A holiday on the Wednesday.
        let days = ["2026-01-05", "2026-01-06", "2026-01-08", "2026-01-09"].map(session);
        let (from, to) = (at("2026-01-05T05:00:00Z"), at("2026-01-10T05:00:00Z"));
        calendar.learn(&days, from, to);
        let series = key("TRADES", 60, true);
        let none = Cost::of(&series, (from, to), &calendar, &[]);
        assert_eq!((none.n_days, none.n_missing, none.n_requests), (4, 4, 2));
        let half = [Span { from, to: at("2026-01-08T05:00:00Z"), is_empty: false }];
        assert_eq!(Cost::of(&series, (from, to), &calendar, &half).n_missing, 2);
        let whole = [Span { from, to, is_empty: false }];
        let nothing = Cost { n_days: 4, ..Cost::default() };
        assert_eq!(Cost::of(&series, (from, to), &calendar, &whole), nothing);
        // A week on either side that nobody asked about.
        let wide = (from - 7 * DAY, to + 7 * DAY);
        assert_eq!(Cost::of(&series, wide, &calendar, &whole).n_missing, 10);
    }
}
