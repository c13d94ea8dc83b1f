//! Which bars lie in one chunk: those of a day, a month or a year of the exchange.
//!
//! A chunk has a fixed cost, so that it should hold some hundred bars. Pure arithmetic.

use std::ops::Range;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::coverage::Span;

/// Days fit these many bits of a chunk's id.
pub(crate) const DAY_BITS: u32 = 20;
/// Stands for the first of January 1970, so that earlier days have numbers too.
const DAY_ZERO: i64 = 1 << (DAY_BITS - 1);
/// Bars as long as this, five minutes, are up to 288 a day and fill months.
const MONTHS_FROM: u32 = 300;
/// Bars as long as this, an hour, fill years.
const YEARS_FROM: u32 = 3_600;
/// Bars as long as this begin at an instant that names a date, not at a time in the exchange's zone.
const DATES_FROM: u32 = 86_400;

/// Days from 1970, either way, within which every chunk begins on a day that has a number; a year is
/// left at each end.
const DAYS_MAX: i64 = DAY_ZERO - 366;
/// Seconds of a day.
const DAY_SECS: i64 = 86_400;

/// Returns whether a bar may begin at an instant, in seconds since 1970: from the year 536 to 3403.
pub(crate) fn is_time(at: i64) -> bool {
    (-DAYS_MAX * DAY_SECS..DAYS_MAX * DAY_SECS).contains(&at)
}

/// A time lies outside of the years 536 to 3403.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{at} seconds since 1970 is no time of a bar")]
pub struct NoTime {
    pub at: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    Day,
    Month,
    Year,
}

/// How the bars of a series are put into chunks.
#[derive(Debug, Clone)]
pub(crate) struct Shelf {
    length: Length,
    zone: TimeZone,
    /// The exchange's, where bars begin at an instant that names a date of it.
    dates_of: Option<TimeZone>,
}

impl Shelf {
    pub(crate) fn new(bar_secs: u32, zone: TimeZone) -> Self {
        let length = match bar_secs {
            YEARS_FROM.. => Length::Year,
            MONTHS_FROM.. => Length::Month,
            _ => Length::Day,
        };
        if bar_secs >= DATES_FROM {
            return Self { length, zone: TimeZone::UTC, dates_of: Some(zone) };
        }
        Self { length, zone, dates_of: None }
    }

    /// Returns whether a bar lies in one of these spans, which are in order: one that is kept by its
    /// date lies where that date begins at the exchange.
    pub(crate) fn lies_in(&self, at: i64, spans: &[Span]) -> bool {
        let begins = self.dates_of.as_ref().map_or(Some(at), |exchange| {
            let date = self.zone.to_datetime(Timestamp::from_second(at).ok()?).date();
            Some(date.to_zoned(exchange.clone()).ok()?.timestamp().as_second())
        });
        begins.is_some_and(|at| {
            let behind = spans.partition_point(|span| span.from <= at);
            behind.checked_sub(1).and_then(|idx| spans.get(idx)).is_some_and(|span| at < span.to)
        })
    }

    /// Returns the ids between which the chunks lie that hold bars of a span of a series, both ends
    /// inclusive.
    pub(crate) fn ids_of(&self, series: i64, span: Span) -> (i64, i64) {
        // A date begins at most a day before or behind its midnight in UTC.
        let reach = if self.dates_of.is_some() { DAY_SECS } else { 0 };
        let span = (span.from.saturating_sub(reach), span.to.saturating_add(reach));
        ids_within(series, self, span)
    }

    /// Returns the first day of the chunk that an instant lies in.
    pub(crate) fn day_of(&self, at: i64) -> Result<Date, NoTime> {
        let instant = Timestamp::from_second(at).ok().filter(|_| is_time(at));
        let instant = instant.ok_or(NoTime { at })?;
        let date = self.zone.to_datetime(instant).date();
        Ok(match self.length {
            Length::Day => date,
            Length::Month => date.first_of_month(),
            Length::Year => date.first_of_year(),
        })
    }

    /// Returns the first day of the chunk behind one.
    fn next(&self, day: Date) -> Date {
        let length = match self.length {
            Length::Day => 1.day(),
            Length::Month => 1.month(),
            Length::Year => 1.year(),
        };
        day.checked_add(length).unwrap_or(Date::MAX)
    }

    /// Returns the instants from which and to which a chunk reaches, in seconds since 1970.
    pub(crate) fn span_of(&self, day: Date) -> (i64, i64) {
        (self.begin(day), self.begin(self.next(day)))
    }

    fn begin(&self, day: Date) -> i64 {
        let begin = day.to_zoned(self.zone.clone());
        begin.map_or(i64::MAX, |begin| begin.timestamp().as_second())
    }

    /// Cuts times that are in order into chunks: the first day of each, and the numbers of its bars.
    pub(crate) fn cut(&self, at: &[i64]) -> Result<Vec<(Date, Range<usize>)>, NoTime> {
        let mut chunks = Vec::new();
        let mut first = 0;
        while let Some(begins) = at.get(first) {
            let day = self.day_of(*begins)?;
            let ends = self.begin(self.next(day));
            let n = at[first..].partition_point(|at| *at < ends);
            chunks.push((day, first..first + n.max(1)));
            first += n.max(1);
        }
        Ok(chunks)
    }
}

/// Returns the ids between which the chunks lie that hold bars of `[from, to)` of a series, both ends
/// inclusive.
pub(crate) fn ids_within(series: i64, shelf: &Shelf, (from, to): (i64, i64)) -> (i64, i64) {
    let (least, most) = chunk_ids(series);
    let id = |at| shelf.day_of(at).map(|day| chunk_id(series, day));
    let beyond = |at: i64| if at < 0 { least } else { most };
    let last = to.saturating_sub(1);
    (id(from).unwrap_or(beyond(from)), id(last).unwrap_or(beyond(last)))
}

/// Returns the number of a day, counted from 1970.
pub(crate) fn day_number(day: Date) -> i64 {
    i64::from((day - jiff::civil::date(1970, 1, 1)).get_days())
}

/// Returns the day with a number; 1970 begins instead of one that the calendar does not have.
pub(crate) fn numbered_day(number: i64) -> Date {
    let zero = jiff::civil::date(1970, 1, 1);
    let days = jiff::Span::new().try_days(number);
    days.and_then(|days| zero.checked_add(days)).unwrap_or(zero)
}

/// Returns the id of a series' chunk that begins with a day.
pub(crate) fn chunk_id(series: i64, day: Date) -> i64 {
    series << DAY_BITS | (day_number(day) + DAY_ZERO)
}

/// Returns the ids that a series' chunks may have, both ends inclusive.
pub(crate) fn chunk_ids(series: i64) -> (i64, i64) {
    (series << DAY_BITS, series << DAY_BITS | ((1 << DAY_BITS) - 1))
}

/// Returns the series of a chunk's id, and its first day.
pub(crate) fn parts_of(chunk_id: i64) -> (i64, Date) {
    let days = (chunk_id & ((1 << DAY_BITS) - 1)) - DAY_ZERO;
    let day = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(days));
    (chunk_id >> DAY_BITS, day.unwrap_or(Date::MAX))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn shelf(bar_secs: u32) -> Shelf {
        Shelf::new(bar_secs, TimeZone::get("America/New_York").expect("is known"))
    }

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().expect("is an instant").as_second()
    }

    #[test]
    fn a_chunk_is_a_day_a_month_or_a_year_of_the_exchange() {
        for (bar_secs, instant, expected) in [
            (60, "2013-10-08T03:59:00Z", date(2013, 10, 7)),
            (60, "2013-10-08T04:00:00Z", date(2013, 10, 8)),
            (300, "2013-11-01T03:55:00Z", date(2013, 10, 1)),
            (3_600, "2013-11-01T03:00:00Z", date(2013, 1, 1)),
            // The date of a daily bar does not shift with the zone.
            (86_400, "2014-01-01T00:00:00Z", date(2014, 1, 1)),
            (86_400, "1957-03-04T00:00:00Z", date(1957, 1, 1)),
        ] {
            assert_eq!(shelf(bar_secs).day_of(at(instant)), Ok(expected), "{bar_secs} {instant}");
        }
        assert!(shelf(60).day_of(i64::MAX).is_err());
    }

    #[test]
    fn a_time_whose_day_has_no_number_is_none() {
        for (instant, is_time) in [
            ("0534-01-01T00:00:00Z", false),
            ("0537-01-01T00:00:00Z", true),
            ("3403-01-01T00:00:00Z", true),
            // Its number would be that of another series.
            ("5138-11-16T09:46:39Z", false),
        ] {
            for bar_secs in [60, 300, 3_600, 86_400] {
                let day = shelf(bar_secs).day_of(at(instant));
                assert_eq!(day.is_ok(), is_time, "{bar_secs} {instant}");
                let is_own = |day| parts_of(chunk_id(7, day)) == (7, day);
                assert!(day.is_ok_and(is_own) || !is_time, "{bar_secs} {instant}");
            }
        }
    }

    #[test]
    fn bars_of_a_span_lie_between_two_ids() {
        let tuesday = at("2013-10-08T04:00:00Z");
        for (bar_secs, first, last) in [
            (60, date(2013, 10, 8), date(2013, 10, 8)),
            (300, date(2013, 10, 1), date(2013, 10, 1)),
            (3_600, date(2013, 1, 1), date(2013, 1, 1)),
        ] {
            let ids = ids_within(3, &shelf(bar_secs), (tuesday, tuesday + 86_400));
            assert_eq!(ids, (chunk_id(3, first), chunk_id(3, last)), "{bar_secs}");
        }
        assert_eq!(ids_within(3, &shelf(60), (i64::MIN, i64::MAX)), chunk_ids(3));
    }

    #[test]
    fn days_on_which_clocks_change_are_as_long_as_they_are() {
        let hours = |day| {
            let (from, to) = shelf(60).span_of(day);
            (to - from) / 3_600
        };
        assert_eq!(
            [date(2013, 3, 10), date(2013, 11, 3), date(2013, 7, 4)].map(hours),
            [23, 25, 24]
        );
    }

    #[test]
    fn times_are_cut_where_days_end() {
        let times =
            ["2013-10-08T03:58:00Z", "2013-10-08T03:59:00Z", "2013-10-08T04:00:00Z"].map(at);
        let cut = shelf(60).cut(&times).expect("are times");
        assert_eq!(cut, [(date(2013, 10, 7), 0..2), (date(2013, 10, 8), 2..3)]);
    }

    #[test]
    fn an_id_says_series_and_day() {
        for day in [date(1885, 1, 1), date(1970, 1, 1), date(2013, 10, 8)] {
            let id = chunk_id(12, day);
            assert_eq!(parts_of(id), (12, day));
            let (least, most) = chunk_ids(12);
            assert!((least..=most).contains(&id));
        }
    }
}
