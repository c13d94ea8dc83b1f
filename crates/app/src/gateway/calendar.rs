//! When the Gateway restarts and wants a login, in the words of this machine's clock.

use std::time::Duration;

use gatehouse_gateway::schedule::{Appointment, Due, Schedule, proposed_restart};
use gatehouse_ipc::{GatewaySchedule, GatewaySettings, WeekDay};
use gatehouse_types::Utc;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Zoned};

/// The hour that counts for the calendar when the person did not choose one.
const WITHOUT_ZONE: &str = "UTC";

/// The settings of a Gateway's week on this machine.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    zone: TimeZone,
    schedule: Option<Schedule>,
    /// The Gateway restarts every day because the person set an hour.
    has_restart: bool,
}

/// What counts at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Today {
    pub(crate) is_quiet: bool,
    /// A sentence about the weekly login, when it is near.
    pub(crate) reminder: Option<String>,
}

/// Returns the name of this machine's zone.
pub(crate) fn zone() -> Option<String> {
    TimeZone::system().iana_name().map(str::to_owned)
}

impl Calendar {
    /// Reads the settings, in this machine's zone.
    pub(crate) fn of(settings: &GatewaySettings) -> Self {
        Self::within(TimeZone::system(), settings)
    }

    fn within(zone: TimeZone, settings: &GatewaySettings) -> Self {
        let name = zone.iana_name().unwrap_or(WITHOUT_ZONE).to_owned();
        let hour = settings.restart_at.as_deref().and_then(time);
        let remind =
            settings.remind_h.iter().map(|hours| Duration::from_secs(3600 * u64::from(*hours)));
        let quiet = Duration::from_secs(60 * u64::from(settings.quiet_min));
        let at = hour.or_else(|| proposed_restart(&name, Utc::from_nanos(0)).ok());
        let schedule = at.and_then(|at| {
            Schedule::new(&name, at, quiet, remind.collect())
                .map_err(|error| tracing::error!(%error, "There is no calendar of restarts"))
                .ok()
        });
        Self { zone, schedule, has_restart: hour.is_some() }
    }

    /// Returns what counts now; `is_real`: it is a broker's Gateway.
    pub(crate) fn at(&self, now: Utc, is_real: bool) -> Today {
        let Some(schedule) = self.schedule.as_ref().filter(|_| is_real) else {
            return Today::default();
        };
        let reminder = schedule.reminder(now).map(|_| {
            let login = schedule.next_login(now);
            format!(
                "The weekly login comes in {}: {} Until then everything goes on; after it the \
                 Gateway waits for your password and your phone.",
                in_words(login.since(now)),
                self.login_sentence(login),
            )
        });
        Today { is_quiet: self.has_restart && schedule.is_quiet(now), reminder }
    }

    /// Returns how long it is to the next planned restart.
    pub(crate) fn restart_in(&self, now: Utc) -> Option<Duration> {
        let schedule = self.schedule.as_ref().filter(|_| self.has_restart)?;
        Some(schedule.next_restart(now).since(now))
    }

    /// Returns the calendar as the screen shows it.
    pub(crate) fn view(&self, now: Utc) -> Option<GatewaySchedule> {
        let schedule = self.schedule.as_ref()?;
        let login = schedule.next_login(now);
        let restart_sentence = self.has_restart.then(|| {
            let at = schedule.next_restart(now);
            let is_today = self.local(at).date() == self.local(now).date();
            let day = if is_today { "today" } else { "tomorrow" };
            format!(
                "Next {day} {}, in {}.",
                self.local(at).strftime("%H:%M"),
                in_words(at.since(now))
            )
        });
        Some(GatewaySchedule {
            login_in_s: u32::try_from(login.since(now).as_secs()).unwrap_or(u32::MAX),
            login_sentence: self.login_sentence(login),
            restart_sentence,
            week: self.week(schedule, now),
            is_quiet: self.at(now, true).is_quiet,
        })
    }

    fn week(&self, schedule: &Schedule, now: Utc) -> Vec<WeekDay> {
        let is_shown = |due: &Due| match due.what {
            Appointment::Restart => self.has_restart,
            Appointment::Login => true,
        };
        let appointments: Vec<Due> =
            schedule.week(now).into_iter().filter(|due| is_shown(due)).collect();
        let today = self.local(now).date();
        let day = |date: Date| {
            let mut dues = appointments.iter().filter(|due| self.local(due.at).date() == date);
            // A login matters more than a restart of the same day.
            let due =
                dues.clone().find(|due| due.what == Appointment::Login).or_else(|| dues.next());
            WeekDay {
                day: date.strftime("%a %-d").to_string(),
                time: due.map_or_else(String::new, |due| {
                    self.local(due.at).strftime("%H:%M").to_string()
                }),
                is_login: due.is_some_and(|due| due.what == Appointment::Login),
                is_today: date == today,
            }
        };
        today.series(1.day()).take(7).map(day).collect()
    }

    fn login_sentence(&self, at: Utc) -> String {
        let there = TimeZone::get("America/New_York").map(|zone| zoned(at, zone));
        let there =
            there.map_or_else(|_| "01:00".to_owned(), |it| it.strftime("%H:%M").to_string());
        let here = self.local(at);
        format!(
            "{}, {there} New York, {} your time. Have your phone ready.",
            here.strftime("%A %-d %B"),
            here.strftime("%H:%M"),
        )
    }

    fn local(&self, at: Utc) -> Zoned {
        zoned(at, self.zone.clone())
    }
}

fn zoned(at: Utc, zone: TimeZone) -> Zoned {
    Timestamp::from_second(at.secs()).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(zone)
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// Returns a duration as a person says it: `3 d 10 h`, `9 h 19 min`, `4 min`.
pub(crate) fn in_words(duration: Duration) -> String {
    let minutes = duration.as_secs() / 60;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes} min"),
        (0, _) => format!("{hours} h {minutes} min"),
        (_, _) => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::settings::defaults;

    fn at(text: &str) -> Utc {
        let at: Timestamp = text.parse().expect("an instant");
        Utc::from_nanos(i64::try_from(at.as_nanosecond()).expect("is near"))
    }

    fn berlin(restart_at: Option<&str>) -> Calendar {
        let settings = GatewaySettings { restart_at: restart_at.map(str::to_owned), ..defaults() };
        Calendar::within(TimeZone::get("Europe/Berlin").expect("is known"), &settings)
    }

    #[test]
    fn the_screen_says_the_week_in_the_time_of_this_machine() {
        let now = at("2026-11-18T19:26:00Z");
        let view = berlin(Some("23:45")).view(now).expect("has a calendar");
        assert_eq!(view.login_in_s, (3 * 24 + 10) * 3600 + 34 * 60);
        let sentence =
            "Sunday 22 November, 01:00 New York, 07:00 your time. Have your phone ready.";
        assert_eq!(view.login_sentence, sentence);
        assert_eq!(view.restart_sentence.as_deref(), Some("Next today 23:45, in 3 h 19 min."));
        let days: Vec<_> = view.week.iter().map(|it| (it.day.as_str(), it.is_login)).collect();
        let expected = [
            ("Wed 18", false),
            ("Thu 19", false),
            ("Fri 20", false),
            ("Sat 21", false),
            ("Sun 22", true),
            ("Mon 23", false),
            ("Tue 24", false),
        ];
        assert_eq!(days, expected);
        assert!(view.week[0].is_today && !view.week[1].is_today);
    }

    #[test]
    fn without_an_hour_there_is_no_restart_and_no_quiet_period() {
        let calendar = berlin(None);
        let view = calendar.view(at("2026-11-18T19:26:00Z")).expect("has a calendar");
        assert_eq!(view.restart_sentence, None);
        let times: Vec<_> = view.week.iter().map(|day| day.time.as_str()).collect();
        assert_eq!(times, ["", "", "", "", "07:00", "", ""]);
        assert_eq!(calendar.restart_in(at("2026-11-18T19:26:00Z")), None);
    }

    #[test]
    fn the_minutes_before_a_restart_are_quiet_for_a_real_gateway_only() {
        let now = at("2026-11-18T22:44:00Z");
        assert!(berlin(Some("23:45")).at(now, true).is_quiet);
        assert!(!berlin(Some("23:45")).at(now, false).is_quiet);
        assert!(!berlin(Some("23:50")).at(now, true).is_quiet);
    }

    #[test]
    fn the_weekly_login_is_announced_with_its_time_and_what_it_means() {
        let reminder = berlin(None).at(at("2026-11-22T05:30:00Z"), true).reminder;
        let reminder = reminder.expect("is near");
        assert!(reminder.starts_with("The weekly login comes in 30 min: Sunday 22"), "{reminder}");
        assert_eq!(berlin(None).at(at("2026-11-18T19:26:00Z"), true).reminder, None);
    }
}
