//! Times of rows, in the zone of their market.

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::Pieces;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::plan;

/// Bars as long as this begin at an instant that names a date.
pub(super) const DATES_FROM: u32 = 86_400;

/// What the time of a row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// Seconds since 1970.
    Instant(i64),
    /// On the wall of the market.
    Wall(DateTime),
}

/// Returns the instant that a bar is kept by, seconds since 1970: one of a day by the date that is
/// meant, one of a week or a month by the first date of it.
pub(super) fn kept_at(moment: Moment, bar_secs: u32, zone: &TimeZone) -> Option<i64> {
    let date = match moment {
        Moment::Instant(at) if bar_secs < DATES_FROM => return Some(at),
        Moment::Wall(wall) if bar_secs < DATES_FROM => return instant(wall, zone),
        // Midnight in UTC stands for its date, wherever the market is.
        Moment::Instant(at) if at % i64::from(DATES_FROM) == 0 => wall(at, &TimeZone::UTC)?.date(),
        Moment::Instant(at) => wall(at, zone)?.date(),
        Moment::Wall(wall) => wall.date(),
    };
    Some(plan::dated(bar_secs, instant(date.at(0, 0, 0, 0), &TimeZone::UTC)?))
}

/// Returns what a text says that is written on the wall of a zone and names its offset; `None` for one
/// in UTC, which may be of any zone.
pub(super) fn as_written(text: &str) -> Option<DateTime> {
    let pieces = Pieces::parse(text).ok()?;
    pieces.to_numeric_offset().filter(|offset| offset.seconds() != 0)?;
    Some(pieces.date().to_datetime(pieces.time().unwrap_or_else(Time::midnight)))
}

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
