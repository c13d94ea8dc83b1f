//! Questions for bars: words to dates, and how many bars answer.

use jiff::civil::date;

use super::super::catalog;
use super::*;

fn asked(reach: &str, size: &str, end: i64) -> Question {
    Question {
        listing: catalog::by_symbol("SPY").expect("is listed"),
        end,
        reach: parse_reach(reach).expect("is a duration"),
        size: parse_size(size).expect("is a size"),
        what: What::Trades,
        regular: true,
    }
}

fn monday() -> Session {
    Session::on(date(2026, 1, 5)).expect("is a session")
}

fn check(reach: &str, size: &str, end: i64, n_bars: usize) -> Vec<PastBar> {
    let found = bars(&mut Market::new(1, None), &asked(reach, size, end)).expect("has bars");
    assert_eq!(found.len(), n_bars, "{reach} of {size}");
    assert!(found.windows(2).all(|two| two[0].start < two[1].start));
    found
}

#[test]
fn counts_bars_by_sessions_and_by_seconds() {
    let (open, close) = (monday().open, monday().close);
    check("1 D", "1 min", close, 390);
    check("1 D", "1 min", open + 1, 1);
    check("2 D", "5 mins", open + 1, 79);
    check("20 D", "1 day", close, 20);
    check("1 W", "1 hour", close, 7 * 4);
    check("600 S", "1 min", open + 300, 10);
    check("60 S", "5 secs", open + 3600, 12);
    let month = check("1 M", "1 day", open, 19);
    assert_eq!(month[0].date, Some(date(2025, 12, 5)));
}

#[test]
fn a_bar_is_the_sum_of_its_minutes() {
    let close = monday().close;
    let minutes = check("1 D", "1 min", close, 390);
    let day = check("1 D", "1 day", close, 1);
    assert_eq!(day[0].ohlc.high, minutes.iter().map(|bar| bar.ohlc.high).max().expect("some"));
    assert_eq!(day[0].ohlc.open, minutes[0].ohlc.open);
    assert_eq!(day[0].volume, minutes.iter().map(|bar| bar.volume).sum());
}

#[test]
fn at_least_twenty_earlier_sessions_stand_behind_the_start() {
    let found = check("25 D", "30 mins", monday().open, 25 * 13 - 2 * 6);
    assert!(found[0].start < monday().open - 30 * 86_400);
}

#[test]
fn reads_an_end_in_each_form_that_clients_send() {
    let now = monday().close;
    let expected = monday().open;
    for text in [
        "20260105 09:30:00 US/Eastern",
        "20260105 09:30:00",
        "20260105-14:30:00",
        "20260105 14:30:00 UTC",
        "20260105 15:30:00 Europe/Berlin",
    ] {
        assert_eq!(parse_end(text, now), Ok(expected), "{text}");
    }
    assert_eq!(parse_end("", now), Ok(now + 1));
    assert_eq!(parse_end("20990101 00:00:00", now), Ok(now + 1));
    assert!(parse_end("yesterday", now).is_err());
}

#[test]
fn refuses_words_that_are_not_sizes() {
    for text in ["D", "1", "0 D", "-1 D", "1 X", "1 D D", "9 Y"] {
        assert!(parse_reach(text).is_err(), "{text}");
    }
    assert!(parse_size("7 mins").is_err());
    assert!(parse_what("HISTORICAL_VOLATILITY").is_err());
}
