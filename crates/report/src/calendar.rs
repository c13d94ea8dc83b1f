//! Trading days and times of day, as New York has them.

use gatehouse_types::Utc;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

const ZONE: &str = "America/New_York";

/// Length of a bar of the orders chart.
pub(crate) const SLOT_S: i64 = 1800;

/// The regular session of a usual day, in seconds of the day. Source: NYSE Arca, "Holidays &
/// Trading Hours".
pub(crate) const REGULAR: (i64, i64) = (34_200, 57_600);

fn local(at: Utc) -> Option<Zoned> {
    let zone = TimeZone::get(ZONE).ok()?;
    let at = Timestamp::from_nanosecond(i128::from(at.nanos())).ok()?;
    Some(at.to_zoned(zone))
}

/// Returns the date of an instant in New York, the Gateway's trading day.
#[must_use]
pub fn trading_day(at: Utc) -> Option<Date> {
    local(at).map(|at| at.date())
}

/// Returns seconds since midnight by the clock in New York, 0 to 86 399.
pub(crate) fn second_of_day(at: Utc) -> i64 {
    local(at).map_or(0, |at| {
        i64::from(at.hour()) * 3600 + i64::from(at.minute()) * 60 + i64::from(at.second())
    })
}

/// Returns `14:25:51`.
pub(crate) fn clock(second: i64) -> String {
    format!("{}:{:02}", hour_minute(second), second % 60)
}

/// Returns `14:25`.
pub(crate) fn hour_minute(second: i64) -> String {
    format!("{:02}:{:02}", second / 3600, second / 60 % 60)
}

/// Returns `Monday 5 January 2026`.
pub(crate) fn long(date: Date) -> String {
    date.strftime("%A %-d %B %Y").to_string()
}
