//! Tables and their descriptions, and the words for what is wrong with them.

use jiff::civil::date;

use super::*;
use crate::world::calendar::new_york_secs;

const OHLC: &str = r#"{"files":[{"path":"spy.csv","symbol":"spy"}],"bar_secs":60,
    "time":{"format":"%Y-%m-%d %H:%M","zone":"UTC"},
    "columns":{"time":"when","trade":["o","h","l","c"],"volume":"v"}}"#;
const TICKS: &str = r#"{"files":[{"path":"all.csv"}],"bar_secs":1,"header":false,"separator":";",
    "time":{"format":"milliseconds"},
    "columns":{"time":1,"symbol":2,"trade":3,"bid":4,"ask":5,"bid_size":6}}"#;

fn tape(description: &str, name: &str, rows: &str) -> Result<TableTape, TableError> {
    let dir = tempfile::tempdir().expect("makes a folder");
    let path = dir.path().join("tape.json");
    std::fs::write(&path, description).expect("writes");
    std::fs::write(dir.path().join(name), rows).expect("writes");
    TableTape::open(&path)
}

fn session() -> Session {
    Session::on(date(2026, 1, 5)).expect("is a session")
}

fn day(tape: &TableTape, symbol: &str) -> Day {
    tape.day(symbol, &session()).expect("has the day")
}

#[test]
fn reads_bars_by_the_names_of_columns_and_invents_no_trade_in_a_gap() {
    let rows = "c,when,o,h,l,v\n680.10,2026-01-05 14:30,680,680.5,679.9,1000\n681,2026-01-05 14:32,681,681,681,\n";
    let tape = tape(OHLC, "spy.csv", rows).expect("is a tape");
    let day = day(&tape, "SPY");
    let ohlc = Ohlc { open: 68_000_000, high: 68_050_000, low: 67_990_000, close: 68_010_000 };
    let bars = &day.minutes[330..333];
    assert_eq!((bars[0].trade, bars[0].volume), (Some(ohlc), 1_000));
    assert_eq!((bars[1].trade, bars[1].volume, bars[1].bid), (None, 0, None));
    assert_eq!((bars[2].trade, bars[2].volume), (Some(Ohlc::flat(68_100_000)), 0));
    assert_eq!(day.minutes.iter().filter(|bar| bar.trade.is_some()).count(), 2);
    assert_eq!(tape.dates("SPY"), BTreeSet::from([date(2026, 1, 5)]));
    assert!(tape.day("SPY", &session().previous()).is_none());
}

#[test]
fn gathers_single_prices_of_several_symbols_into_minutes() {
    let at = new_york_secs(date(2026, 1, 5), 9, 30) * 1000;
    let row = |secs: i64, rest: &str| format!("{};{rest}\n", at + secs * 1000);
    // Out of the order of time, as of several files.
    let rows = [
        row(59, "SPY;680.2;680.1;680.3;300"),
        row(0, "SPY;680;679.9;680.1;200"),
        row(1, "IBM;300;;;"),
    ];
    let tape = tape(TICKS, "all.csv", &rows.concat()).expect("is a tape");
    let spy = day(&tape, "SPY").minutes[330];
    assert_eq!(spy.trade.map(|trade| (trade.open, trade.close)), Some((68_000_000, 68_020_000)));
    assert_eq!(spy.ask.map(|ask| (ask.low, ask.high)), Some((68_010_000, 68_030_000)));
    assert_eq!((spy.bid_size, spy.ask_size), (300, 100));
    let ibm = day(&tape, "IBM").minutes[330];
    assert_eq!((ibm.trade, ibm.bid), (Some(Ohlc::flat(30_000_000)), None));
    assert_eq!(tape.symbols(), ["IBM", "SPY"]);
}

#[test]
fn reads_days() {
    let description = OHLC.replace(":60", ":86400").replace(" %H:%M", "");
    let rows = "when,o,h,l,c,v\n2026-01-02,680,682,679,681,5000\n";
    let tape = tape(&description, "spy.csv", rows).expect("is a tape");
    let found: Vec<_> = tape.daily("SPY").iter().map(|(day, bar)| (*day, bar.volume)).collect();
    assert_eq!(found, [(date(2026, 1, 2), 5_000)]);
    // Without rows of minutes the days are played.
    assert_eq!(tape.dates("SPY"), BTreeSet::from([date(2026, 1, 2)]));
}

#[test]
fn names_the_file_the_line_and_the_column_of_a_fault() {
    let header = "when,o,h,l,c,v\n2026-01-05 14:30,1,1,1,1,1\n";
    for (row, words) in [
        ("2026-01-05 14:31,1,1,x,1,1", ["spy.csv, line 3, column 4", "\"x\" is not a price"]),
        ("5 January,1,1,1,1,1", ["line 3, column 1", "a time such as %Y-%m-%d %H:%M"]),
        ("2026-01-05 14:31,1,1,2,1,1", ["line 3, column 4", "the lowest of its row"]),
        ("2026-01-05 14:31,1,1,1,1,-5", ["line 3, column 6", "a number of shares"]),
    ] {
        let error = tape(OHLC, "spy.csv", &format!("{header}{row}\n")).expect_err("is wrong");
        for word in words {
            assert!(error.to_string().contains(word), "{error}");
        }
    }
}

#[test]
fn refuses_a_description_that_cannot_be_followed() {
    for (from, to, words) in [
        (":60", ":420", "do not end with a minute or an hour"),
        ("\"UTC\"", "\"Mars\"", "is not an IANA name"),
        (",\"symbol\":\"spy\"", "", "has no symbol"),
        ("\"v\"", "\"vol\"", "has no column \"vol\""),
        ("\"volume\"", "\"sound\"", "is not a description"),
    ] {
        let error =
            tape(&OHLC.replace(from, to), "spy.csv", "when,o,h,l,c,v\n").expect_err("is wrong");
        assert!(error.to_string().contains(words), "{words}: {error}");
    }
    let empty = tape(OHLC, "spy.csv", "when,o,h,l,c,v\n").expect_err("is empty");
    assert!(matches!(empty, TableError::Empty { .. }), "{empty}");
}
