//! Questions for bars: words to dates, and how many bars answer.

use jiff::civil::date;

use super::super::calendar::Session;
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
    for text in ["D", "1", "0 D", "-1 D", "1 X", "1 D D", "31 Y", "86401 S", "366 D"] {
        assert!(parse_reach(text).is_err(), "{text}");
    }
    assert!(parse_size("7 mins").is_err());
    assert!(parse_size("1 sec").is_err());
    assert!(parse_what("VOLATILITY").is_err());
}

fn of(symbol: &str, what: What, reach: &str, size: &str, end: i64) -> Vec<PastBar> {
    let listing = catalog::by_symbol(symbol).expect("is listed");
    let question = Question { listing, what, regular: false, ..asked(reach, size, end) };
    bars(&mut Market::new(1, None), &question).expect("has bars")
}

#[test]
fn the_day_of_each_kind_is_its_own() {
    let close = monday().close;
    for (symbol, what, n_bars) in [
        ("SPY", What::Trades, 12),
        // From 18:00 on Sunday.
        ("ES", What::Trades, 22),
        // From 17:15 on Sunday, so its first bar is short.
        ("EUR.USD", What::Midpoint, 23),
        ("BTC", What::Trades, 16),
        // 09:00 to 17:30 in Frankfurt is 03:00 to 11:30 in New York.
        ("SAP", What::Trades, 9),
        ("SPX", What::Trades, 7),
        ("AAPL  260116C00270000", What::Bid, 7),
    ] {
        let found = of(symbol, what, "1 D", "1 hour", close);
        assert_eq!(found.len(), n_bars, "{symbol}");
        assert!(found.windows(2).all(|two| two[0].start < two[1].start), "{symbol}");
    }
}

#[test]
fn larger_bars_are_the_sums_of_smaller_ones() {
    let close = monday().close;
    for (symbol, what) in [
        ("SPY", What::Trades),
        ("ES", What::Trades),
        ("EUR.USD", What::Midpoint),
        ("SAP", What::Bid),
        ("AAPL  260116C00270000", What::Ask),
    ] {
        let minutes = of(symbol, what, "1 D", "1 min", close);
        for size in ["5 mins", "1 hour", "8 hours", "1 day"] {
            let large = of(symbol, what, "1 D", size, close);
            let high = |bars: &[PastBar]| bars.iter().map(|bar| bar.ohlc.high).max();
            let low = |bars: &[PastBar]| bars.iter().map(|bar| bar.ohlc.low).min();
            let volume = |bars: &[PastBar]| {
                bars.iter().map(|bar| bar.volume).sum::<Option<gatehouse_types::Decimal>>()
            };
            assert_eq!(high(&large), high(&minutes), "{symbol} {size}");
            assert_eq!(low(&large), low(&minutes), "{symbol} {size}");
            assert_eq!(volume(&large), volume(&minutes), "{symbol} {size}");
            assert_eq!(large[0].ohlc.open, minutes[0].ohlc.open, "{symbol} {size}");
        }
    }
}

#[test]
fn bars_of_seconds_add_up_to_their_minute() {
    for symbol in ["SPY", "ES"] {
        let end = monday().open + 600;
        let seconds = of(symbol, What::Trades, "60 S", "5 secs", end);
        let minute = of(symbol, What::Trades, "60 S", "1 min", end);
        assert_eq!(minute.len(), 1);
        let sum: Option<gatehouse_types::Decimal> = seconds.iter().map(|bar| bar.volume).sum();
        assert_eq!(sum, minute[0].volume, "{symbol}");
        let high = seconds.iter().map(|bar| bar.ohlc.high).max();
        assert_eq!(high, Some(minute[0].ohlc.high), "{symbol}");
    }
}

#[test]
fn a_kind_without_the_figures_says_so() {
    for (symbol, what, code) in [
        ("EUR.USD", "TRADES", Some(162)),
        ("SPX", "BID", Some(162)),
        ("ES", "HISTORICAL_VOLATILITY", Some(162)),
        ("SPY", "YIELD_BID", Some(162)),
        ("SPY", "OPTION_IMPLIED_VOLATILITY", None),
        ("EUR.USD", "BID_ASK", None),
    ] {
        let listing = catalog::by_symbol(symbol).expect("is listed");
        let what = parse_what(what).expect("is a word");
        let checked = super::check(listing, what, Reach::Days(1), BarSize::Day);
        assert_eq!(checked.err().map(|error| error.code()), code, "{symbol} {what:?}");
    }
    let spy = catalog::by_symbol("SPY").expect("is listed");
    for (reach, size, ok) in
        [("2000 S", 1, true), ("2001 S", 1, false), ("2 D", 30, false), ("2 D", 60, true)]
    {
        let reach = parse_reach(reach).expect("is a duration");
        let checked = super::check(spy, What::Trades, reach, BarSize::Seconds(size));
        assert_eq!(checked.is_ok(), ok, "{reach:?} {size}");
    }
}

#[test]
fn volatility_is_that_of_the_closes_and_of_the_options() {
    let close = monday().close;
    for what in [What::HistoricalVolatility, What::ImpliedVolatility] {
        let found = of("SPY", what, "5 D", "1 day", close);
        assert_eq!(found.len(), 5);
        assert!(found.iter().all(|bar| (3_000..60_000).contains(&bar.ohlc.close)), "{found:?}");
        assert!(found.iter().all(|bar| bar.volume.is_none()));
    }
}

#[test]
fn weeks_and_months_bear_the_date_of_their_last_day() {
    let dates = |reach: &str, size: &str, end: i64| -> Vec<String> {
        let mut asked = asked(reach, size, end);
        asked.regular = false;
        let found = bars(&mut Market::new(1, None), &asked).expect("has bars");
        found.iter().filter_map(|bar| bar.date).map(|date| date.to_string()).collect()
    };
    // The evening of Labor Day: the week before ended on a Friday.
    let evening = new_york_secs(date(2023, 9, 4), 16, 0);
    let weeks = dates("1 M", "1 week", evening);
    assert_eq!(weeks.len(), 5, "{weeks:?}");
    assert_eq!(weeks.last().map(String::as_str), Some("2023-09-01"));
    let months = dates("1 Y", "1 month", evening);
    assert_eq!(months.len(), 13, "{months:?}");
    assert_eq!(months[11..], ["2023-08-31", "2023-09-01"]);
}
