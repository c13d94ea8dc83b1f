//! The instants that an order names, in every spelling of the broker.
//!
//! `20260105 15:30:00 US/Eastern`, `20260105-20:30:00` (UTC), `20260105 15:30:00` (the Gateway's own
//! zone, which is New York here), `15:30:00` (today) and `20260105` (the end of that day). Zones may
//! be names of the zone database or the old abbreviations that the broker still takes. It must
//! never read a clock. Called by the terms of an order, its conditions and its algorithm.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use crate::world::calendar::{new_york, new_york_zone};

/// Returns the instant that a text names, in seconds; `None` when it names none.
#[must_use]
pub(in crate::world) fn instant(text: &str, now: i64) -> Option<i64> {
    let text = text.trim();
    if let Ok(date) = Date::strptime("%Y%m%d", text) {
        return at(date.at(23, 59, 59, 0), new_york_zone());
    }
    if let Some((day, time)) = text.split_once('-').filter(|(day, _)| day.len() == 8) {
        let date = Date::strptime("%Y%m%d", day).ok()?;
        return at(date.to_datetime(clock(time)?), TimeZone::UTC);
    }
    let mut words = text.splitn(3, ' ').map(str::trim);
    let first = words.next()?;
    let Ok(date) = Date::strptime("%Y%m%d", first) else {
        let zone = words.next().map_or_else(|| Some(new_york_zone()), zone)?;
        return at(new_york(now).date().to_datetime(clock(first)?), zone);
    };
    let time = clock(words.next()?)?;
    let zone = words.next().map_or_else(|| Some(new_york_zone()), zone)?;
    at(date.to_datetime(time), zone)
}

fn clock(text: &str) -> Option<Time> {
    Time::strptime("%H:%M:%S", text).or_else(|_| Time::strptime("%H:%M", text)).ok()
}

fn at(when: DateTime, zone: TimeZone) -> Option<i64> {
    when.to_zoned(zone).ok().map(|zoned| zoned.timestamp().as_second())
}

fn zone(name: &str) -> Option<TimeZone> {
    let name = match name {
        "EST" | "EDT" | "ET" | "EST5EDT" | "Eastern Standard Time" => "America/New_York",
        "CST" | "CDT" | "CT" | "Central Standard Time" => "America/Chicago",
        "PST" | "PDT" | "PT" | "Pacific Standard Time" => "America/Los_Angeles",
        "GMT" | "UTC" | "Z" => "UTC",
        "BST" => "Europe/London",
        "MET" | "CET" | "CEST" | "Central European Standard Time" => "Europe/Berlin",
        "JST" => "Asia/Tokyo",
        "HKT" => "Asia/Hong_Kong",
        other => other,
    };
    TimeZone::get(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_spelling_of_an_instant() {
        // 15:30 in New York on Monday 5 January 2026, looked at from 09:30.
        let (now, expected) = (1_767_623_400, 1_767_645_000);
        for text in [
            "20260105 15:30:00 US/Eastern",
            "20260105 15:30:00 America/New_York",
            "20260105 15:30:00 EST",
            "20260105 15:30:00",
            "20260105 15:30",
            "20260105-20:30:00",
            "20260105 20:30:00 UTC",
            "20260105 20:30:00 GMT",
            "20260105 14:30:00 US/Central",
            "20260105 21:30:00 MET",
            "15:30:00",
            "14:30:00 CST",
        ] {
            assert_eq!(instant(text, now), Some(expected), "{text}");
        }
        assert_eq!(instant("20260105", now), Some(expected + 30_599));
        for text in ["", "soon", "20261305 15:30:00", "20260105 25:00:00", "20260105 15:30:00 Mars"]
        {
            assert_eq!(instant(text, now), None, "{text}");
        }
    }
}
