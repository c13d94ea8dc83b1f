//! The hours in which a person is left alone.

use std::fmt;
use std::time::Duration;

use gatehouse_types::Utc;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::settings::SettingError;

/// Quiet hours of each day in a zone; those that end before they begin go over midnight.
///
/// An hour that the clocks skip is taken an hour later, and of an hour that comes twice the first
/// counts, so that each night has one stretch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuietHours {
    from: Time,
    to: Time,
    zone: TimeZone,
    zone_name: String,
}

impl QuietHours {
    /// Makes quiet hours from hours such as `22:00` and the IANA name of a zone.
    ///
    /// # Errors
    /// What cannot be read, or that both hours are the same.
    pub fn new(from: &str, to: &str, zone: &str) -> Result<Self, SettingError> {
        let (begin, end) = (hour(from)?, hour(to)?);
        if begin == end {
            return Err(SettingError::SameHours { hour: from.to_owned() });
        }
        let zone_name = zone.to_owned();
        let zone = TimeZone::get(zone).map_err(|_| SettingError::Zone { zone: zone.to_owned() })?;
        Ok(Self { from: begin, to: end, zone, zone_name })
    }

    /// Returns the first hour, such as `22:00`.
    #[must_use]
    pub fn from(&self) -> String {
        self.from.strftime("%H:%M").to_string()
    }

    /// Returns the hour at which they end.
    #[must_use]
    pub fn to(&self) -> String {
        self.to.strftime("%H:%M").to_string()
    }

    /// Returns the IANA name of the zone.
    #[must_use]
    pub fn zone(&self) -> &str {
        &self.zone_name
    }

    /// Returns how long it is quiet from `at` on; `None` when it is not.
    #[must_use]
    pub fn left(&self, at: Utc) -> Option<Duration> {
        let at = timestamp(at);
        let today = at.to_zoned(self.zone.clone()).date();
        // The stretch of yesterday may reach into today.
        let days = [today.checked_sub(1.day()).ok(), Some(today)];
        days.into_iter().flatten().find_map(|day| {
            let (begin, end) = self.stretch(day)?;
            let is_within = begin <= at && at < end;
            is_within.then(|| Duration::try_from(end.duration_since(at)).unwrap_or(Duration::ZERO))
        })
    }

    /// Returns the quiet stretch that begins on a day.
    fn stretch(&self, day: Date) -> Option<(Timestamp, Timestamp)> {
        let last = if self.from < self.to { day } else { day.checked_add(1.day()).ok()? };
        let at = |day: Date, time| {
            let zoned = self.zone.to_ambiguous_zoned(day.to_datetime(time)).compatible();
            zoned.ok().map(|zoned| zoned.timestamp())
        };
        Some((at(day, self.from)?, at(last, self.to)?))
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{} {}", self.from(), self.to(), self.zone_name)
    }
}

/// An instant beyond what the library counts is as good as its last.
fn timestamp(at: Utc) -> Timestamp {
    Timestamp::from_nanosecond(i128::from(at.nanos())).unwrap_or(Timestamp::MAX)
}

fn hour(text: &str) -> Result<Time, SettingError> {
    let read = Time::strptime("%H:%M", text).ok().filter(|_| text.len() == 5);
    read.ok_or_else(|| SettingError::Hour { hour: text.to_owned() })
}
