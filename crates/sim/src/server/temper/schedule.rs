//! When the Gateway goes away by itself: the nightly restart and the weekly log-out.
//!
//! Times are of New York and of the market's calendar. It must never know a clock. Asked by the
//! hub.

use jiff::civil::{Time, Weekday};

use crate::world::calendar::{new_york, new_york_secs, tomorrow};

/// A time of every day, or of one day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing {
    weekday: Option<Weekday>,
    time: Time,
}

/// Why a text is no such time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a time such as 23:45 or \"Sun 01:00\"")]
pub struct ClosingError {
    text: String,
}

impl std::str::FromStr for Closing {
    type Err = ClosingError;

    fn from_str(text: &str) -> Result<Self, ClosingError> {
        let wrong = || ClosingError { text: text.chars().take(40).collect() };
        let (day, time) = match text.split_once(' ') {
            Some((day, time)) => (Some(day), time),
            None => (None, text),
        };
        let weekday = day.map(|day| weekday(day).ok_or_else(wrong)).transpose()?;
        let is_clock = time.len() == 5 && time.as_bytes().get(2) == Some(&b':');
        let time = is_clock.then(|| time.parse().ok()).flatten().ok_or_else(wrong)?;
        Ok(Self { weekday, time })
    }
}

impl Closing {
    /// Returns the first such time after an instant, in seconds.
    #[must_use]
    pub fn after(self, secs: i64) -> i64 {
        let today = new_york(secs).date();
        let days = std::iter::successors(Some(today), |day| Some(tomorrow(*day)));
        let at = |day| new_york_secs(day, self.time.hour(), self.time.minute());
        days.take(15)
            .filter(|day| self.weekday.is_none_or(|weekday| weekday == day.weekday()))
            .map(at)
            .find(|at| *at > secs)
            .unwrap_or(i64::MAX)
    }
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text {
        "Mon" => Weekday::Monday,
        "Tue" => Weekday::Tuesday,
        "Wed" => Weekday::Wednesday,
        "Thu" => Weekday::Thursday,
        "Fri" => Weekday::Friday,
        "Sat" => Weekday::Saturday,
        "Sun" => Weekday::Sunday,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn comes_at_its_time_of_the_day_or_week() {
        // A Monday.
        let monday = |hour, minute| new_york_secs(date(2026, 1, 5), hour, minute);
        for (text, from, expected) in [
            ("23:45", monday(10, 30), monday(23, 45)),
            ("23:45", monday(23, 45), new_york_secs(date(2026, 1, 6), 23, 45)),
            ("10:00", monday(10, 30), new_york_secs(date(2026, 1, 6), 10, 0)),
            ("Sun 01:00", monday(10, 30), new_york_secs(date(2026, 1, 11), 1, 0)),
            ("Mon 11:00", monday(10, 30), monday(11, 0)),
            ("Mon 10:00", monday(10, 30), new_york_secs(date(2026, 1, 12), 10, 0)),
        ] {
            let closing: Closing = text.parse().expect("is a time");
            assert_eq!(closing.after(from), expected, "{text}");
        }
        for text in ["", "9:45", "Sunday 01:00", "24:00", "Sun", "01:00 Sun"] {
            assert!(text.parse::<Closing>().is_err(), "{text}");
        }
    }
}
