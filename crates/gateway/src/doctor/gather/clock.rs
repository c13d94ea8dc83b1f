//! The time of a handshake: the Gateway's calendar, in the zone of its host, as that spells it.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::super::ClockFact;

/// A handshake tells whole seconds.
const WITHIN_MS: i64 = 1_500;

/// Names that hosts use and the list of zones does not have, as far as one place is meant.
const SHORT: &[(&str, &str)] = &[
    ("EST", "America/New_York"),
    ("EDT", "America/New_York"),
    ("CST", "America/Chicago"),
    ("CDT", "America/Chicago"),
    ("PST", "America/Los_Angeles"),
    ("PDT", "America/Los_Angeles"),
    ("CEST", "Europe/Berlin"),
    ("BST", "Europe/London"),
    ("JST", "Asia/Tokyo"),
    ("HKT", "Asia/Hong_Kong"),
    ("Eastern Standard Time", "America/New_York"),
    ("Central European Standard Time", "Europe/Berlin"),
    ("Central European Time", "Europe/Berlin"),
    ("Coordinated Universal Time", "UTC"),
];

pub(super) fn of_handshake(text: &str) -> ClockFact {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map(|it| it.as_millis());
    let Some(now_ms) = now.ok().and_then(|ms| i64::try_from(ms).ok()) else {
        return ClockFact::Unsaid;
    };
    match read(text) {
        Ok(Some(ms)) => ClockFact::Ahead { ms: ms - now_ms, within_ms: WITHIN_MS },
        Ok(None) => ClockFact::Unsaid,
        Err(zone) => ClockFact::UnknownZone(zone),
    }
}

/// Returns milliseconds since 1970; `None` for what is no time, and the name of a zone that is
/// unknown.
fn read(text: &str) -> Result<Option<i64>, String> {
    // The date and the time are 17 characters; the zone may have spaces.
    let Some((at, zone)) = text.split_at_checked(17) else { return Ok(None) };
    let Ok(at) = DateTime::strptime("%Y%m%d %H:%M:%S", at) else { return Ok(None) };
    let zone = zone.trim();
    let long = SHORT.iter().find(|(short, _)| *short == zone).map_or(zone, |(_, long)| long);
    let zone = TimeZone::get(long).map_err(|_| zone.to_owned())?;
    Ok(at.to_zoned(zone).ok().map(|at| at.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_handshake_is_read_in_its_zone() {
        let half_past_nine = Ok(Some(1_767_623_400_000));
        for (text, read_as) in [
            ("20260105 09:30:00 US/Eastern", half_past_nine.clone()),
            ("20260105 09:30:00 EST", half_past_nine.clone()),
            ("20260105 15:30:00 Central European Standard Time", half_past_nine.clone()),
            ("20260105 14:30:00 GMT", half_past_nine.clone()),
            ("20260105 14:30:00 UTC", half_past_nine),
            ("20260105 15:30:00 Mitteleuropäische Zeit", Err("Mitteleuropäische Zeit".to_owned())),
            ("soon", Ok(None)),
            ("20261305 09:30:00 EST", Ok(None)),
        ] {
            assert_eq!(read(text), read_as, "{text}");
        }
    }
}
