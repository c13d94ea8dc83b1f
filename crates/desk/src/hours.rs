//! Trading hours from contract details: the broker's text in local time becomes instants.
//!
//! `20260105:0930-20260105:1600;20260106:CLOSED`, days between `;`, stretches of a day between
//! `,`. Gateways before 970 leave the date of an end out. What cannot be read makes the hours
//! unknown, never closed.
//!
//! Source: TWS API, `ContractDetails.tradingHours`, `liquidHours`, `timeZoneId`.

use gatehouse_types::{Hours, Span, Utc};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// Returns the hours, or none where anything of them cannot be read.
pub(crate) fn hours(zone: &str, regular: &[String], all: &[String]) -> Hours {
    read(zone, regular, all).unwrap_or_else(|| {
        tracing::warn!(zone, ?regular, ?all, "Trading hours could not be read");
        Hours::default()
    })
}

fn read(zone: &str, regular: &[String], all: &[String]) -> Option<Hours> {
    let zone = time_zone(zone)?;
    let (regular, regular_days) = spans(&zone, regular)?;
    let (all, all_days) = spans(&zone, all)?;
    // A day is known when both lists name it.
    let days = regular_days.into_iter().filter(|day| all_days.contains(day)).collect();
    Some(Hours { days, regular, all })
}

/// Returns a zone by its name. The broker also writes `EST (Eastern Standard Time)`, `EST5EDT` and
/// the like for exchanges that change their clocks: the abbreviation alone would stand still.
fn time_zone(name: &str) -> Option<TimeZone> {
    let short = name.split_once(" (").map_or(name, |(short, _)| short);
    let known = match short {
        "EST" | "EDT" | "EST5EDT" => "America/New_York",
        "CST" | "CDT" | "CST6CDT" => "America/Chicago",
        "MST" | "MST7MDT" => "America/Denver",
        "PST" | "PST8PDT" => "America/Los_Angeles",
        "GMT" | "BST" | "GB-Eire" => "Europe/London",
        "MET" | "CET" => "Europe/Berlin",
        "JST" | "Japan" => "Asia/Tokyo",
        "HKT" | "Hongkong" => "Asia/Hong_Kong",
        other => other,
    };
    TimeZone::get(known).ok()
}

/// Returns the stretches of all days, and the days that are named.
fn spans(zone: &TimeZone, parts: &[String]) -> Option<(Vec<Span>, Vec<Span>)> {
    let (mut spans, mut days) = (Vec::new(), Vec::new());
    let named = parts.iter().flat_map(|part| part.split(';')).filter(|part| !part.is_empty());
    for day in named {
        let date = date(day.split_once(':')?.0)?;
        let whole = Span {
            from: instant(zone, date.to_datetime(Time::midnight()))?,
            to: instant(zone, date.tomorrow().ok()?.to_datetime(Time::midnight()))?,
        };
        if !days.contains(&whole) {
            days.push(whole);
        }
        for stretch in day.split(',').filter(|stretch| !stretch.ends_with("CLOSED")) {
            let (from, to) = stretch.split_once('-')?;
            let (from, to) = (moment(from, date)?, moment(to, date)?);
            let span = Span { from: instant(zone, from)?, to: instant(zone, to)? };
            if span.to < span.from {
                return None;
            }
            spans.push(span);
        }
    }
    Some((spans, days))
}

/// Reads `20260105:0930`, or `0930` on the day.
fn moment(text: &str, day: Date) -> Option<DateTime> {
    let (day, time) = match text.split_once(':') {
        Some((named, time)) => (date(named)?, time),
        None => (day, text),
    };
    let (hour, minute) = time.split_at_checked(2)?;
    if minute.len() != 2 {
        return None;
    }
    // Some exchanges end a day at 24:00.
    if hour == "24" && minute == "00" {
        return Some(day.tomorrow().ok()?.to_datetime(Time::midnight()));
    }
    let time = Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
    Some(day.to_datetime(time))
}

fn date(text: &str) -> Option<Date> {
    Date::strptime("%Y%m%d", text).ok()
}

fn instant(zone: &TimeZone, at: DateTime) -> Option<Utc> {
    let at = at.to_zoned(zone.clone()).ok()?.timestamp();
    i64::try_from(at.as_nanosecond()).ok().map(Utc::from_nanos)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_types::TradingHours;

    fn at(text: &str) -> Utc {
        let at: jiff::Timestamp = text.parse().expect("is an instant");
        Utc::from_nanos(i64::try_from(at.as_nanosecond()).expect("fits"))
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn a_day_of_new_york_in_winter_and_in_summer() {
        let read = |zone: &str, day: &str| {
            let regular = texts(&[&format!("{day}:0930-{day}:1600")]);
            let all = texts(&[&format!("{day}:0400-{day}:2000")]);
            hours(zone, &regular, &all)
        };
        for zone in ["US/Eastern", "EST (Eastern Standard Time)", "America/New_York"] {
            let winter = read(zone, "20260105");
            assert_eq!(winter.at(at("2026-01-05T14:29:59Z")), Some(TradingHours::Extended));
            assert_eq!(winter.at(at("2026-01-05T14:30:00Z")), Some(TradingHours::Regular));
            assert_eq!(winter.at(at("2026-01-05T21:00:00Z")), Some(TradingHours::Extended));
            assert_eq!(winter.at(at("2026-01-06T01:00:00Z")), Some(TradingHours::Closed));
            assert_eq!(winter.at(at("2026-01-06T05:00:00Z")), None);
            let summer = read(zone, "20260706");
            assert_eq!(summer.at(at("2026-07-06T13:30:00Z")), Some(TradingHours::Regular));
        }
    }

    #[test]
    fn closed_days_early_ends_nights_and_the_old_form() {
        let all = texts(&["20260104:1800-20260105:1700", "20260106:CLOSED"]);
        let regular = texts(&["20260104:CLOSED", "20260105:0930-1300,1400-1600;20260106:CLOSED"]);
        let found = hours("US/Eastern", &regular, &all);
        assert_eq!(found.at(at("2026-01-05T02:00:00Z")), Some(TradingHours::Extended));
        assert_eq!(found.at(at("2026-01-05T17:59:00Z")), Some(TradingHours::Regular));
        assert_eq!(found.at(at("2026-01-05T18:30:00Z")), Some(TradingHours::Extended));
        assert_eq!(found.at(at("2026-01-05T20:00:00Z")), Some(TradingHours::Regular));
        assert_eq!(found.at(at("2026-01-06T15:00:00Z")), Some(TradingHours::Closed));
    }

    #[test]
    fn what_cannot_be_read_is_not_known() {
        let good = texts(&["20260105:0930-20260105:1600"]);
        let check = |zone: &str, regular: &str| {
            let found = hours(zone, &texts(&[regular]), &good);
            assert_eq!(found, Hours::default(), "{zone} {regular}");
        };
        check("", "20260105:0930-20260105:1600");
        check("Nowhere/Land", "20260105:0930-20260105:1600");
        check("US/Eastern", "20260105:0930");
        check("US/Eastern", "0930-1600");
        check("US/Eastern", "20261305:0930-1600");
        check("US/Eastern", "20260105:1600-20260105:0930");
        check("US/Eastern", "20260105:0930-20260105:16:00");
    }
}
