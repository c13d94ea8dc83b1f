//! The zone that the Gateway was logged in with: it stands in the handshake and behind the times
//! of executions, under the name that its host gives it.
//!
//! It must never know the market's hours; those are the instruments' own.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::world::calendar::new_york_zone;

/// A zone and its name, which a localised Windows writes in its own language.
#[derive(Debug, Clone)]
pub struct Zone {
    zone: TimeZone,
    name: String,
}

/// Why a text is no zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is not a zone such as US/Eastern or, under another name, Europe/Berlin=Mitteleuropäische Zeit"
)]
pub struct ZoneError {
    text: String,
}

impl Default for Zone {
    fn default() -> Self {
        Self { zone: new_york_zone(), name: "US/Eastern".to_owned() }
    }
}

impl std::str::FromStr for Zone {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Self, ZoneError> {
        let wrong = || ZoneError { text: text.chars().take(60).collect() };
        let (zone, name) = text.split_once('=').unwrap_or((text, text));
        let is_name = !name.is_empty() && name.len() <= 100 && !name.chars().any(char::is_control);
        let zone = TimeZone::get(zone).map_err(|_| wrong())?;
        if is_name { Ok(Self { zone, name: name.to_owned() }) } else { Err(wrong()) }
    }
}

impl Zone {
    /// Returns `20260105 15:30:00 Europe/Berlin`.
    #[must_use]
    pub fn write(&self, secs: i64) -> String {
        let at = Timestamp::from_second(secs).unwrap_or(Timestamp::UNIX_EPOCH);
        let at = at.to_zoned(self.zone.clone());
        format!("{} {}", at.strftime("%Y%m%d %H:%M:%S"), self.name)
    }

    /// Returns a time that the world wrote, in this zone. What is no such time stays.
    #[must_use]
    pub fn rewrite(&self, text: &str) -> String {
        let parse = || {
            let at = text.strip_suffix(" US/Eastern")?;
            let at = DateTime::strptime("%Y%m%d %H:%M:%S", at).ok()?;
            Some(at.to_zoned(new_york_zone()).ok()?.timestamp().as_second())
        };
        parse().map_or_else(|| text.to_owned(), |secs| self.write(secs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_times_under_the_name_of_its_host() {
        for (text, expected) in [
            ("US/Eastern", "20260105 09:30:00 US/Eastern"),
            ("Europe/Berlin", "20260105 15:30:00 Europe/Berlin"),
            ("Europe/Berlin=Mitteleuropäische Zeit", "20260105 15:30:00 Mitteleuropäische Zeit"),
            ("Asia/Shanghai=中国标准时间", "20260105 22:30:00 中国标准时间"),
        ] {
            let zone: Zone = text.parse().expect("is a zone");
            assert_eq!(zone.write(1_767_623_400), expected);
            assert_eq!(zone.rewrite("20260105 09:30:00 US/Eastern"), expected);
            assert_eq!(zone.rewrite("soon"), "soon");
        }
        for text in ["", "Moon/Base", "US/Eastern=", "US/Eastern=a\nb"] {
            assert!(text.parse::<Zone>().is_err(), "{text}");
        }
    }
}
