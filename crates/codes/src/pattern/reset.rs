//! When the broker restarts its servers each night. Losing the broker then is no news.
//!
//! Source: the broker's page on the state of its systems, in local time of each region.

use gatehouse_types::Utc;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Whose servers the account lives on. Paper accounts are always on those of the Americas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Region {
    Americas,
    Europe,
    AsiaPacific,
}

/// Minutes of the local day, from and to; the end does not belong to it.
type Minutes = (i16, i16);

impl Region {
    /// Zone rules are spelt out, for the names of zones are looked up in files.
    const fn zone(self) -> &'static str {
        match self {
            Self::Americas => "EST5EDT,M3.2.0,M11.1.0",
            Self::Europe => "CET-1CEST,M3.5.0,M10.5.0/3",
            Self::AsiaPacific => "HKT-8",
        }
    }

    const fn city(self) -> &'static str {
        match self {
            Self::Americas => "New York",
            Self::Europe => "Zurich",
            Self::AsiaPacific => "Hong Kong",
        }
    }

    const fn windows(self) -> &'static [Minutes] {
        match self {
            Self::Americas => &[(15, 105)],
            Self::Europe => &[(385, 465)],
            Self::AsiaPacific => &[(285, 365), (1215, 1275)],
        }
    }

    fn local(self, at: Utc) -> Option<Zoned> {
        let zone = TimeZone::posix(self.zone()).ok()?;
        Some(Timestamp::from_second(at.secs()).ok()?.to_zoned(zone))
    }

    /// Returns whether the broker restarts its servers at this instant: each night, and from
    /// Friday 23:00 to Saturday 03:00 of New York everywhere.
    #[must_use]
    pub fn is_reset(self, at: Utc) -> bool {
        let minute = |local: &Zoned| i16::from(local.hour()) * 60 + i16::from(local.minute());
        let is_nightly = self.local(at).is_some_and(|local| {
            let minute = minute(&local);
            self.windows().iter().any(|(from, to)| (*from..*to).contains(&minute))
        });
        let is_weekend = Self::Americas.local(at).is_some_and(|local| {
            use jiff::civil::Weekday::{Friday, Saturday};
            (local.weekday() == Friday && local.hour() >= 23)
                || (local.weekday() == Saturday && local.hour() < 3)
        });
        is_nightly || is_weekend
    }

    /// Returns hour, minute and city of an instant: `00:20 New York time`.
    pub(super) fn clock(self, at: Utc) -> String {
        self.local(at).map_or_else(
            || "an unknown time".to_owned(),
            |local| format!("{:02}:{:02} {} time", local.hour(), local.minute(), self.city()),
        )
    }
}
