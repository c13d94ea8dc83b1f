//! When the Gateway restarts, when a person has to log in again, and when the broker mends things.
//!
//! Pure: the instant is an argument, and the zone of the machine is a setting.

use std::time::Duration;

use gatehouse_types::Utc;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// The broker's tokens end each week at this hour of Sunday, New York. The next start needs the
/// password and the second factor. Source: ibkrguides.com, "Auto Restart Considerations".
const LOGIN_AT: Time = Time::constant(1, 0, 0, 0);

/// The hour of New York that is proposed for the daily restart: within the broker's own nightly
/// reset, when a connection is worth least.
const PROPOSED_AT: Time = Time::constant(1, 30, 0, 0);

/// When a setting names no zone, and for everything that is of the exchange.
const NEW_YORK: &str = "America/New_York";

/// Why the schedule cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    #[error("there is no time zone {name}")]
    Zone { name: String, source: jiff::Error },
}

/// What a day of the week strip says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appointment {
    /// By itself, with the kept token.
    Restart,
    /// With password and phone.
    Login,
}

/// One appointment of the Gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    pub at: Utc,
    pub what: Appointment,
}

/// The settings of a Gateway's week.
#[derive(Debug, Clone)]
pub struct Schedule {
    zone: TimeZone,
    new_york: TimeZone,
    restart_at: Time,
    quiet: Duration,
    remind: Vec<Duration>,
}

impl Schedule {
    /// Makes a schedule with a daily restart at an hour of the machine's zone, given as an IANA
    /// name. `quiet` is how long before it no new entries pass; `remind` is how long before the
    /// weekly login somebody is told, the longest first.
    ///
    /// # Errors
    /// `Zone` when the name is unknown.
    pub fn new(
        zone: &str,
        restart_at: Time,
        quiet: Duration,
        mut remind: Vec<Duration>,
    ) -> Result<Self, ScheduleError> {
        remind.sort_unstable_by(|a, b| b.cmp(a));
        Ok(Self { zone: named(zone)?, new_york: named(NEW_YORK)?, restart_at, quiet, remind })
    }

    /// Returns the first restart after an instant. On the day when clocks go forward over its hour
    /// it comes an hour later; on the day when they go back, the first of the two counts.
    #[must_use]
    pub fn next_restart(&self, after: Utc) -> Utc {
        self.first(after, &self.zone, self.restart_at, |_| true)
    }

    /// Returns the first weekly login after an instant.
    #[must_use]
    pub fn next_login(&self, after: Utc) -> Utc {
        self.first(after, &self.new_york, LOGIN_AT, |date| date.weekday() == Weekday::Sunday)
    }

    /// Returns every appointment of the next seven days, in order.
    #[must_use]
    pub fn week(&self, from: Utc) -> Vec<Due> {
        let end = from.plus(Duration::from_secs(7 * 24 * 3600));
        let mut dues = Vec::new();
        let mut at = self.next_restart(from);
        while at <= end {
            dues.push(Due { at, what: Appointment::Restart });
            at = self.next_restart(at);
        }
        dues.push(Due { at: self.next_login(from), what: Appointment::Login });
        dues.sort_by_key(|due| due.at);
        dues
    }

    /// Returns whether no new entries pass because a restart comes.
    #[must_use]
    pub fn is_quiet(&self, now: Utc) -> bool {
        self.next_restart(now) <= now.plus(self.quiet)
    }

    /// Returns the reminder of the weekly login that is due: how long before it. The shortest one
    /// counts; `None` when it is far.
    #[must_use]
    pub fn reminder(&self, now: Utc) -> Option<Duration> {
        let login = self.next_login(now);
        self.remind.iter().rev().copied().find(|&before| login <= now.plus(before))
    }

    fn first(&self, after: Utc, zone: &TimeZone, hour: Time, is_day: fn(Date) -> bool) -> Utc {
        let start = timestamp(after).to_zoned(zone.clone()).date();
        (-1..=8)
            .filter_map(|n| start.checked_add(n.days()).ok())
            .filter(|&date| is_day(date))
            .filter_map(|date| zone.to_timestamp(date.to_datetime(hour)).ok())
            .map(utc)
            .find(|&at| at > after)
            .unwrap_or(after)
    }
}

/// Returns the hour that is proposed for the daily restart, in a zone and at an instant.
///
/// # Errors
/// `Zone` when the name is unknown.
pub fn proposed_restart(zone: &str, now: Utc) -> Result<Time, ScheduleError> {
    let (here, new_york) = (named(zone)?, named(NEW_YORK)?);
    let date = timestamp(now).to_zoned(new_york.clone()).date();
    let there = new_york.to_timestamp(date.to_datetime(PROPOSED_AT));
    Ok(there.map_or(PROPOSED_AT, |at| at.to_zoned(here).time()))
}

/// Returns whether the broker mends its servers, so that a lost broker is no surprise: every night
/// from 00:15 to 01:45, and from Friday 23:00 to Saturday 03:00, New York. Source: the broker's
/// page "System Status", North America.
#[must_use]
pub fn is_maintenance(now: Utc) -> bool {
    let Ok(new_york) = named(NEW_YORK) else { return false };
    let there = timestamp(now).to_zoned(new_york);
    let minute = i32::from(there.hour()) * 60 + i32::from(there.minute());
    let is_night = (15..105).contains(&minute);
    let is_weekend = match there.weekday() {
        Weekday::Friday => minute >= 23 * 60,
        Weekday::Saturday => minute < 3 * 60,
        Weekday::Monday
        | Weekday::Tuesday
        | Weekday::Wednesday
        | Weekday::Thursday
        | Weekday::Sunday => false,
    };
    is_night || is_weekend
}

fn named(zone: &str) -> Result<TimeZone, ScheduleError> {
    TimeZone::get(zone).map_err(|source| ScheduleError::Zone { name: zone.to_owned(), source })
}

fn timestamp(at: Utc) -> Timestamp {
    Timestamp::from_nanosecond(i128::from(at.nanos())).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn utc(at: Timestamp) -> Utc {
    Utc::from_nanos(i64::try_from(at.as_nanosecond()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    fn at(text: &str) -> Utc {
        utc(text.parse().expect("an instant"))
    }

    fn schedule(zone: &str) -> Schedule {
        let remind = vec![Duration::from_secs(3600), Duration::from_secs(12 * 3600)];
        Schedule::new(zone, time(23, 45, 0, 0), Duration::from_secs(120), remind).expect("a zone")
    }

    #[test]
    fn the_daily_restart_follows_the_clock_of_the_machine() {
        let cases = [
            ("Europe/Berlin", "2026-11-18T20:26:00Z", "2026-11-18T22:45:00Z"),
            ("Europe/Berlin", "2026-11-18T22:45:00Z", "2026-11-19T22:45:00Z"),
            ("Europe/Berlin", "2026-03-28T22:45:00Z", "2026-03-29T21:45:00Z"),
            ("Asia/Tokyo", "2026-11-18T20:26:00Z", "2026-11-19T14:45:00Z"),
            ("Pacific/Auckland", "2026-11-18T11:00:00Z", "2026-11-19T10:45:00Z"),
        ];
        for (zone, now, expected) in cases {
            assert_eq!(schedule(zone).next_restart(at(now)), at(expected), "{zone} {now}");
        }
    }

    #[test]
    fn an_hour_that_clocks_skip_comes_later_and_one_that_they_repeat_comes_once() {
        let berlin =
            Schedule::new("Europe/Berlin", time(2, 30, 0, 0), Duration::ZERO, vec![]).unwrap();
        let skipped = berlin.next_restart(at("2026-03-28T23:00:00Z"));
        assert_eq!(skipped, at("2026-03-29T01:30:00Z"));
        let first = berlin.next_restart(at("2026-10-24T23:00:00Z"));
        assert_eq!(first, at("2026-10-25T00:30:00Z"));
        assert_eq!(berlin.next_restart(first), at("2026-10-26T01:30:00Z"));
    }

    #[test]
    fn the_weekly_login_is_sunday_at_one_in_new_york() {
        let schedule = schedule("Europe/Berlin");
        let cases = [
            ("2026-11-18T19:26:00Z", "2026-11-22T06:00:00Z"),
            ("2026-11-22T06:00:00Z", "2026-11-29T06:00:00Z"),
            ("2026-07-01T00:00:00Z", "2026-07-05T05:00:00Z"),
        ];
        for (now, expected) in cases {
            assert_eq!(schedule.next_login(at(now)), at(expected), "{now}");
        }
    }

    #[test]
    fn a_week_has_seven_restarts_and_one_login_in_order() {
        let week = schedule("Europe/Berlin").week(at("2026-11-18T19:26:00Z"));
        assert_eq!(week.len(), 8);
        assert!(week.windows(2).all(|pair| pair[0].at < pair[1].at));
        let logins: Vec<_> = week.iter().filter(|due| due.what == Appointment::Login).collect();
        assert_eq!(logins, [&Due { at: at("2026-11-22T06:00:00Z"), what: Appointment::Login }]);
    }

    #[test]
    fn the_two_minutes_before_a_restart_are_quiet() {
        let schedule = schedule("Europe/Berlin");
        for (now, is_quiet) in [
            ("2026-11-18T22:42:59Z", false),
            ("2026-11-18T22:43:00Z", true),
            ("2026-11-18T22:44:59Z", true),
            ("2026-11-18T22:45:00Z", false),
        ] {
            assert_eq!(schedule.is_quiet(at(now)), is_quiet, "{now}");
        }
    }

    #[test]
    fn the_weekly_login_is_announced_twelve_hours_and_one_hour_before() {
        let schedule = schedule("Europe/Berlin");
        let hours = |n: u64| Some(Duration::from_secs(n * 3600));
        for (now, expected) in [
            ("2026-11-21T17:59:59Z", None),
            ("2026-11-21T18:00:00Z", hours(12)),
            ("2026-11-22T04:59:59Z", hours(12)),
            ("2026-11-22T05:00:00Z", hours(1)),
            ("2026-11-22T06:00:00Z", None),
        ] {
            assert_eq!(schedule.reminder(at(now)), expected, "{now}");
        }
    }

    #[test]
    fn the_proposed_hour_is_half_past_one_in_new_york() {
        let winter = at("2026-11-18T12:00:00Z");
        for (zone, expected) in [
            ("America/New_York", time(1, 30, 0, 0)),
            ("Europe/Berlin", time(7, 30, 0, 0)),
            ("Asia/Tokyo", time(15, 30, 0, 0)),
        ] {
            assert_eq!(proposed_restart(zone, winter).expect("a zone"), expected, "{zone}");
        }
        assert!(proposed_restart("Mars/Olympus", winter).is_err());
    }

    #[test]
    fn the_broker_mends_at_night_and_from_friday_to_saturday() {
        for (now, expected) in [
            ("2026-11-18T05:14:59Z", false),
            ("2026-11-18T05:15:00Z", true),
            ("2026-11-18T06:44:59Z", true),
            ("2026-11-18T06:45:00Z", false),
            ("2026-11-21T03:59:59Z", false),
            ("2026-11-21T04:00:00Z", true),
            ("2026-11-21T07:59:59Z", true),
            ("2026-11-21T08:00:00Z", false),
        ] {
            assert_eq!(is_maintenance(at(now)), expected, "{now}");
        }
    }
}
