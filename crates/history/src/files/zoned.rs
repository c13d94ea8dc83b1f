//! Times of rows, in the zone of their market.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// Bars as long as this begin at an instant that names a date.
const DATES_FROM: u32 = 86_400;

/// Returns the zone in which bars of this length are named.
pub(super) fn zone_of(bar_secs: u32, zone: &TimeZone) -> TimeZone {
    if bar_secs >= DATES_FROM { TimeZone::UTC } else { zone.clone() }
}

/// Returns the instant of a time on the wall, seconds since 1970. Of an hour that comes twice, the
/// first is meant.
pub(super) fn instant(wall: DateTime, zone: &TimeZone) -> Option<i64> {
    Some(zone.to_timestamp(wall).ok()?.as_second())
}

/// Returns the time on the wall.
pub(super) fn wall(at: i64, zone: &TimeZone) -> Option<DateTime> {
    Some(zone.to_datetime(Timestamp::from_second(at).ok()?))
}

/// Returns the instant of some milliseconds after midnight on the wall.
pub(super) fn after_midnight(date: Date, millis: i64, zone: &TimeZone) -> Option<i64> {
    if !(0..86_400_000).contains(&millis) {
        return None;
    }
    let wall = date.at(0, 0, 0, 0).checked_add(millis.milliseconds()).ok()?;
    instant(wall, zone)
}
