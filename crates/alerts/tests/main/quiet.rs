//! Quiet hours by the clock on the wall.

use std::time::Duration;

use gatehouse_alerts::telling::{QuietHours, SettingError};
use gatehouse_types::Utc;

fn utc(text: &str) -> Utc {
    let at: jiff::Timestamp = text.parse().expect("an instant");
    Utc::from_nanos(i64::try_from(at.as_nanosecond()).expect("fits"))
}

/// Quiet hours, an instant, and how many minutes it stays quiet.
#[track_caller]
fn check(from: &str, to: &str, zone: &str, at: &str, minutes: Option<u64>) {
    let quiet = QuietHours::new(from, to, zone).expect("quiet hours");
    let left = minutes.map(|minutes| Duration::from_secs(minutes * 60));
    assert_eq!(quiet.left(utc(at)), left, "{quiet} at {at}");
}

#[test]
fn hours_of_one_day() {
    for (at, minutes) in [
        ("2026-01-05T11:59:00Z", None),
        ("2026-01-05T12:00:00Z", Some(90)),
        ("2026-01-05T13:29:00Z", Some(1)),
        ("2026-01-05T13:30:00Z", None),
    ] {
        check("12:00", "13:30", "UTC", at, minutes);
    }
}

#[test]
fn hours_over_midnight() {
    for (at, minutes) in [
        ("2026-01-05T20:59:00Z", None),
        ("2026-01-05T21:00:00Z", Some(9 * 60)),
        ("2026-01-05T23:30:00Z", Some(6 * 60 + 30)),
        ("2026-01-06T05:59:00Z", Some(1)),
        ("2026-01-06T06:00:00Z", None),
    ] {
        check("22:00", "07:00", "Europe/Berlin", at, minutes);
    }
}

#[test]
fn a_night_in_which_clocks_go_forward_is_an_hour_shorter() {
    // 29 March 2026, 01:00 UTC: 02:00 becomes 03:00 in Berlin.
    check("22:00", "07:00", "Europe/Berlin", "2026-03-28T21:00:00Z", Some(8 * 60));
    check("22:00", "07:00", "Europe/Berlin", "2026-03-29T04:59:00Z", Some(1));
    check("22:00", "07:00", "Europe/Berlin", "2026-03-29T05:00:00Z", None);
    // Hours that do not exist come an hour later.
    check("02:15", "02:45", "Europe/Berlin", "2026-03-29T01:15:00Z", Some(30));
    check("02:15", "02:45", "Europe/Berlin", "2026-03-29T01:45:00Z", None);
}

#[test]
fn a_night_in_which_clocks_go_back_is_an_hour_longer() {
    // 25 October 2026, 01:00 UTC: 03:00 becomes 02:00 in Berlin.
    check("22:00", "07:00", "Europe/Berlin", "2026-10-24T20:00:00Z", Some(10 * 60));
    // Of an hour that comes twice the first counts: one stretch, not two.
    check("22:00", "02:30", "Europe/Berlin", "2026-10-25T00:29:00Z", Some(1));
    check("22:00", "02:30", "Europe/Berlin", "2026-10-25T00:30:00Z", None);
    check("22:00", "02:30", "Europe/Berlin", "2026-10-25T01:10:00Z", None);
    check("02:10", "02:20", "Europe/Berlin", "2026-10-25T01:15:00Z", None);
}

#[test]
fn new_york_and_half_hours() {
    check("22:00", "07:00", "America/New_York", "2026-01-05T04:30:00Z", Some(7 * 60 + 30));
    check("22:00", "07:00", "Asia/Kolkata", "2026-01-05T16:30:00Z", Some(9 * 60));
}

#[test]
fn what_is_no_quiet_hours_is_refused_in_words() {
    let error = |from, to, zone| QuietHours::new(from, to, zone).expect_err("is refused");
    assert!(matches!(error("22:00", "22:00", "UTC"), SettingError::SameHours { .. }));
    assert!(matches!(error("22:00", "07:00", "Mars/Base"), SettingError::Zone { .. }));
    for hour in ["7:00", "24:00", "07:60", "07:00:00", "", "seven"] {
        assert!(matches!(error(hour, "07:01", "UTC"), SettingError::Hour { .. }), "{hour}");
    }
    let text = error("22:00", "25:00", "UTC").to_string();
    assert_eq!(text, "\"25:00\" is no hour: write it such as 07:00 or 22:30");
}
