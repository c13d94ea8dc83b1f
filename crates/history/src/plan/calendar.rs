//! The days on which an instrument traded, as the broker says them, cut into spans without gaps.
//!
//! Pure. Half days, holidays and the change of clocks are in the broker's schedule; nothing about
//! them is assumed here.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::DAY;
use super::period::{first_date, next_date};
use super::step::DAY_SECS;

/// Longest span of one question, so that a year of days is enough for it; more would have to be
/// named in years.
const LONGEST: i64 = 364 * DAY;
/// How long an answer about the present stays true where no session is going on: one that begins
/// meanwhile is heard of so much later.
const FRESH_SECS: i64 = 5 * 60;

/// One session as the broker says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Session {
    /// The trade date.
    pub date: Date,
    /// First second of regular hours, seconds since 1970.
    pub open: i64,
    /// The one after the last.
    pub close: i64,
}

/// A session with the span that its bars lie in, whatever the hours; or a week or a month of them,
/// which bears the first date of it, for bars of that length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) session: Session,
    /// From the cut before to the cut after it, in seconds since 1970; days without trading belong
    /// to the session that follows.
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// The same without the days before it on which nothing trades.
    pub(crate) own_from: i64,
}

/// A trading day, and the span in seconds since 1970 that its bars lie in, whatever the hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trading {
    pub session: Session,
    pub from: i64,
    pub to: i64,
}

/// What is known of one instrument's sessions.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    sessions: Vec<Session>,
    /// The sessions cut into days, oldest first.
    days: Vec<Day>,
    /// From where to where the broker was asked, in seconds since 1970.
    known: Option<(i64, i64)>,
}

impl Calendar {
    /// Makes a calendar of which nothing is known yet.
    #[must_use]
    pub fn new(zone: TimeZone) -> Self {
        Self { zone, sessions: Vec::new(), days: Vec::new(), known: None }
    }

    /// Returns the zone of the exchange.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Takes the sessions that the broker named for `[from, to)`, in seconds since 1970, in place of
    /// those that were known of it, and returns up to where they are known by it: the cut behind a
    /// session that has not ended by `to`, else `to`.
    pub fn learn(&mut self, sessions: &[Session], from: i64, to: i64) -> i64 {
        // A question for so many days before an instant brings older ones, too.
        let named: Vec<Session> =
            sessions.iter().filter(|session| session.close > from).copied().collect();
        let to = named.iter().map(|session| self.cut(*session)).fold(to, i64::max);
        if from >= to {
            return to;
        }
        self.known = Some(match self.known {
            Some((first, last)) if from <= last && to >= first => (first.min(from), last.max(to)),
            // What does not touch would leave a hole over which days reach: it takes the place.
            _ => {
                self.sessions.clear();
                (from, to)
            }
        });
        self.sessions.retain(|known| {
            let is_asked = known.open >= from && known.close <= to;
            !is_asked && named.iter().all(|session| session.date != known.date)
        });
        self.sessions.extend_from_slice(&named);
        self.sessions.sort_unstable();
        self.sessions.dedup_by_key(|session| session.date);
        self.days = self.cut_days();
        to
    }

    /// Returns the next part of `[from, to)` to ask the broker about: the newest of which it was not
    /// asked, and of that what touches what is known already.
    #[must_use]
    pub fn unknown(&self, from: i64, to: i64) -> Option<(i64, i64)> {
        if from >= to {
            return None;
        }
        let Some((first, last)) = self.known else { return Some((from.max(to - LONGEST), to)) };
        if to > last {
            return Some((last, to.min(last + LONGEST)));
        }
        (from < first).then(|| (from.max(first - LONGEST), first))
    }

    /// Returns up to where sessions must be known so that they are known up to the present, in
    /// seconds since 1970: as far as they are, when the broker was asked a moment ago.
    pub(crate) fn present(&self, market_now: i64) -> i64 {
        let last = self.known.map_or(i64::MIN, |(_, last)| last);
        if (market_now - FRESH_SECS..market_now).contains(&last) { last } else { market_now }
    }

    /// Returns whether sessions are known from an instant on, and older ones are not.
    pub(crate) fn begins_at(&self, at: i64) -> bool {
        self.known.is_some_and(|(first, _)| first == at)
    }

    /// Returns the parts of `[from, to)` of which the broker was not asked, oldest first.
    #[must_use]
    pub(crate) fn all_unknown(&self, from: i64, to: i64) -> Vec<(i64, i64)> {
        let (first, last) = self.known.unwrap_or((to, to));
        let parts = [(from, first.min(to)), (from.max(last), to)];
        parts.into_iter().filter(|(from, to)| from < to).collect()
    }

    /// Returns the days whose spans touch `[from, to)`, oldest first. The first session that is
    /// known begins at its own midnight.
    pub(crate) fn days(&self, from: i64, to: i64) -> &[Day] {
        let first = self.days.partition_point(|day| day.to <= from);
        let end = self.days.partition_point(|day| day.from < to);
        self.days.get(first..end).unwrap_or_default()
    }

    /// Returns what bars of so many seconds are asked for in: days, or weeks and months as a whole,
    /// whose spans touch `[from, to)`, oldest first.
    pub(crate) fn units(&self, bar_secs: u32, from: i64, to: i64) -> Vec<Day> {
        if bar_secs <= DAY_SECS {
            return self.days(from, to).to_vec();
        }
        let mut units: Vec<Day> = Vec::new();
        for day in &self.days {
            let date = first_date(bar_secs, day.session.date);
            match units.last_mut() {
                Some(unit) if unit.session.date == date => {
                    unit.session.close = day.session.close;
                    unit.to = day.to;
                }
                Some(_) | None => {
                    units.push(Day { session: Session { date, ..day.session }, ..*day });
                }
            }
        }
        if let Some(last) = units.last_mut() {
            // Of the newest one, days may come of which nothing is known yet.
            let next = next_date(bar_secs, last.session.date);
            last.to = last.to.max(self.midnight(next).unwrap_or(last.to));
        }
        units.retain(|unit| unit.from < to && unit.to > from);
        units
    }

    /// Returns where the week or the month begins that an instant lies in, for bars of that length;
    /// for others the instant itself.
    pub(crate) fn first_of(&self, bar_secs: u32, at: i64) -> i64 {
        if bar_secs <= DAY_SECS {
            return at;
        }
        self.midnight(first_date(bar_secs, self.date(at))).map_or(at, |first| first.min(at))
    }

    fn cut_days(&self) -> Vec<Day> {
        let mut days = Vec::with_capacity(self.sessions.len());
        let mut cut_before = None;
        for session in &self.sessions {
            let own_from = if self.is_within_a_date(*session) {
                self.midnight(self.date(session.open)).unwrap_or(session.open)
            } else {
                session.open
            };
            let from = cut_before.unwrap_or(own_from).min(own_from);
            let to = self.cut(*session);
            cut_before = Some(to);
            days.push(Day { session: *session, from, to, own_from });
        }
        days
    }

    /// Returns the last `n` trading days that began before an instant, oldest first; `None` where the
    /// sessions that are known do not reach that far. Instants are seconds since 1970.
    #[must_use]
    pub fn last_days(&self, end: i64, n: usize) -> Option<Vec<Trading>> {
        self.known.filter(|(first, last)| *first < end && end <= *last)?;
        let n_before = self.days.partition_point(|day| day.own_from < end);
        let first = n_before.checked_sub(n)?;
        let trading = |day: &Day| Trading { session: day.session, from: day.own_from, to: day.to };
        Some(self.days.get(first..n_before)?.iter().map(trading).collect())
    }

    /// Sessions within one date end with it; those over midnight end with their own close, behind
    /// which the market pauses.
    fn cut(&self, session: Session) -> i64 {
        if self.is_within_a_date(session) {
            let next = self.date(session.open).saturating_add(1.day());
            self.midnight(next).unwrap_or(session.close)
        } else {
            session.close
        }
    }

    fn is_within_a_date(&self, session: Session) -> bool {
        self.date(session.open) == self.date(session.close - 1)
    }

    /// Returns the date of an instant in the exchange's zone.
    #[must_use]
    pub fn date(&self, secs: i64) -> Date {
        Timestamp::from_second(secs).map_or(Date::MIN, |at| self.zone.to_datetime(at).date())
    }

    fn midnight(&self, date: Date) -> Option<i64> {
        let midnight = date.to_zoned(self.zone.clone()).ok()?;
        Some(midnight.timestamp().as_second())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new_york() -> TimeZone {
        TimeZone::get("America/New_York").expect("is in the list")
    }

    fn secs(text: &str) -> i64 {
        text.parse::<Timestamp>().expect("is an instant").as_second()
    }

    fn session(date: &str, open: &str, close: &str) -> Session {
        Session { date: date.parse().expect("is a date"), open: secs(open), close: secs(close) }
    }

    #[test]
    fn days_follow_each_other_without_a_gap_over_weekends_and_the_change_of_clocks() {
        let mut calendar = Calendar::new(new_york());
        // The clocks change in the night of 8 March 2026: 14:30 becomes 13:30 in UTC.
        let sessions = [
            session("2026-03-06", "2026-03-06T14:30:00Z", "2026-03-06T21:00:00Z"),
            session("2026-03-09", "2026-03-09T13:30:00Z", "2026-03-09T20:00:00Z"),
        ];
        calendar.learn(&sessions, secs("2026-03-06T05:00:00Z"), secs("2026-03-10T04:00:00Z"));
        let days = calendar.days(i64::MIN, i64::MAX);
        let spans: Vec<_> = days.iter().map(|day| (day.from, day.to)).collect();
        assert_eq!(
            spans,
            [
                (secs("2026-03-06T05:00:00Z"), secs("2026-03-07T05:00:00Z")),
                (secs("2026-03-07T05:00:00Z"), secs("2026-03-10T04:00:00Z")),
            ]
        );
        assert_eq!(
            calendar.days(secs("2026-03-08T12:00:00Z"), secs("2026-03-08T13:00:00Z")).len(),
            1
        );
    }

    #[test]
    fn a_session_over_midnight_ends_with_its_close() {
        let mut calendar = Calendar::new(TimeZone::get("America/Chicago").expect("is in the list"));
        let sunday_evening = session("2026-01-05", "2026-01-04T23:00:00Z", "2026-01-05T22:00:00Z");
        calendar.learn(&[sunday_evening], 0, 1);
        assert_eq!(calendar.days(i64::MIN, i64::MAX)[0].to, secs("2026-01-05T22:00:00Z"));
    }

    #[test]
    fn the_newest_part_that_nobody_asked_for_is_named_first() {
        let mut calendar = Calendar::new(new_york());
        assert_eq!(calendar.unknown(10, 50), Some((10, 50)));
        calendar.learn(&[], 30, 40);
        assert_eq!(calendar.unknown(10, 50), Some((40, 50)));
        calendar.learn(&[], 40, 50);
        assert_eq!(calendar.unknown(10, 50), Some((10, 30)));
        calendar.learn(&[], 5, 30);
        assert_eq!(calendar.unknown(10, 50), None);
    }
}
