//! Rows of a tape, their traps, and a folder of zips.

mod clock;

use std::io::Write;
use std::path::Path;

use jiff::civil::date;

use super::*;
use crate::world::calendar::DAY_MINUTES;
use crate::world::catalog::by_symbol;
use crate::world::market::{Level, Ohlc};
use crate::world::px::CENT;

/// Puts a text into a zip of its own, and makes the folders above it.
fn zipped(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("has a folder")).expect("makes folders");
    let mut writer = zip::ZipWriter::new(std::fs::File::create(path).expect("creates"));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file("rows.csv", options).expect("starts");
    writer.write_all(text.as_bytes()).expect("writes");
    writer.finish().expect("finishes");
}

fn form(symbol: &str) -> Form {
    Form::of(by_symbol(symbol).expect("is listed"))
}

fn session() -> Session {
    Session::on(date(2013, 10, 7)).expect("is a session")
}

const OPEN_MS: i64 = 34_200_000;

#[test]
fn places_rows_in_their_minutes_and_drops_those_outside_the_day() {
    let trades = format!(
        "14340000,1,1,1,1,9\n14400000,1674100,1674100,1672500,1672700,3197\n{OPEN_MS},10000,10200,9900,10100,500\n72000000,1,1,1,1,9\n"
    );
    let day =
        parse_day(&session(), &form("SPY"), &trades, "").expect("is a tape").expect("has rows");
    let traded: Vec<usize> =
        (0..DAY_MINUTES).filter(|index| day.minutes[*index].trade.is_some()).collect();
    assert_eq!(traded, [0, 330]);
    assert_eq!(day.minutes[330].volume, 500);
    assert_eq!(day.session.minute_start(330), session().open);
}

#[test]
fn a_quote_stands_until_the_next_row_and_a_zero_side_is_nobody() {
    let quotes = "14400000,10000,10000,9900,9900,300,10100,10200,10100,10200,200\n14520000,0,0,0,0,0,10300,10300,10300,10300,100\n";
    let day =
        parse_day(&session(), &form("SPY"), "", quotes).expect("is a tape").expect("has rows");
    let shown = |minute: usize| moment_within(&day.minutes[minute], 59, CENT);
    assert_eq!(shown(1).bid, Some(Level { px: 99_000, size: 300 }));
    assert_eq!(shown(1).ask, Some(Level { px: 102_000, size: 200 }));
    assert_eq!(shown(2).bid, None);
    assert_eq!(shown(700).ask, Some(Level { px: 103_000, size: 100 }));
    assert_eq!(shown(700).last, None);
}

#[test]
fn the_path_of_a_minute_shows_exactly_its_four_prices_as_extremes() {
    let ohlc = Ohlc { open: 100_000, high: 109_000, low: 95_000, close: 103_000 };
    let bar = Bar { trade: Some(ohlc), volume: 100, n_trades: 1, ..Bar::default() };
    let prices: Vec<i64> =
        (0..60).map(|second| moment_within(&bar, second, CENT).last.expect("trades").px).collect();
    assert_eq!(prices.first(), Some(&ohlc.open));
    assert_eq!(prices.last(), Some(&ohlc.close));
    assert_eq!(prices.iter().max(), Some(&ohlc.high));
    assert_eq!(prices.iter().min(), Some(&ohlc.low));
}

#[test]
fn never_shows_a_crossed_quote() {
    let side = |px| Some(Ohlc::flat(px));
    for (bid, ask) in [(100_000, 100_000), (101_000, 100_000), (100_500, 100_600)] {
        let bar =
            Bar { bid: side(bid), ask: side(ask), bid_size: 1, ask_size: 1, ..Bar::default() };
        let moment = moment_within(&bar, 5, CENT);
        let (bid, ask) = (moment.bid.expect("bid"), moment.ask.expect("ask"));
        assert!(bid.px < ask.px, "{bid:?} {ask:?}");
    }
}

#[test]
fn names_the_row_that_is_not_a_tape() {
    let error = parse_day(&session(), &form("SPY"), "14400000,1,1,1,1,1\nnonsense\n", "")
        .expect_err("is not");
    assert_eq!((error.row, error.text.as_str()), (2, "nonsense"));
}

#[test]
fn reads_a_folder_of_zips() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let symbol_dir = dir.path().join("equity/usa/minute/spy");
    for (name, text) in [
        ("20131004_trade", format!("{OPEN_MS},10000,10000,10000,10000,100\n")),
        ("20131007_trade", format!("{OPEN_MS},10000,10200,9900,10100,500\n")),
        (
            "20131007_quote",
            format!("{OPEN_MS},10000,10000,10000,10000,300,10100,10100,10100,10100,200\n"),
        ),
    ] {
        zipped(&symbol_dir.join(format!("{name}.zip")), &text);
    }
    let folder = TapeFolder::open(dir.path()).expect("is a folder of tapes");
    assert!(folder.holds("SPY") && !folder.holds("IBM"));
    assert_eq!(starts(&folder), Some(session().open));
    assert_eq!(ends(&folder), Some(session().post_close));
    let day = folder.day("SPY", &session()).expect("has a tape");
    assert_eq!(day.regular().trade.map(|trade| trade.high), Some(102_000));
    assert_eq!(day.minutes[330].ask_size, 200);
    assert!(folder.day("SPY", &session().previous().previous()).is_none());
    assert!(TapeFolder::open(&symbol_dir).is_err());
}

#[test]
fn gathers_seconds_and_ticks_into_minutes_and_leaves_out_what_is_suspicious() {
    let seconds = format!("{OPEN_MS},100,110,90,105,30\n{},105,120,105,115,40\n", OPEN_MS + 59_000);
    let day =
        parse_day(&session(), &form("SPY"), &seconds, "").expect("is a tape").expect("has rows");
    let whole = Ohlc { open: 1_000, high: 1_200, low: 900, close: 1_150 };
    assert_eq!((day.minutes[330].trade, day.minutes[330].volume), (Some(whole), 70));

    let at = |secs: i64| OPEN_MS + secs * 1000;
    let trades = format!(
        "{},1000,30,P,0,0\n{},9999,5,P,0,1\n{},1010,40,Q,0,0\n{},1005,1,Q,0,0\n",
        at(1),
        at(2),
        at(3),
        at(120)
    );
    let quotes = format!("{},990,200,0,0,P,1,0\n{},0,0,1020,300,Q,1,0\n", at(0), at(4));
    let day = parse_ticks(&session(), &form("SPY"), &trades, &quotes)
        .expect("is a tape")
        .expect("has rows");
    let [first, second, third] = [330, 331, 332].map(|index| day.minutes[index]);
    let whole = Ohlc { open: 10_000, high: 10_100, low: 10_000, close: 10_100 };
    assert_eq!((first.trade, first.volume, first.n_trades), (Some(whole), 70, 2));
    assert_eq!((first.bid_size, first.ask_size), (200, 300));
    assert_eq!((second.trade, second.volume), (None, 0));
    assert_eq!((second.bid, second.ask), (Some(Ohlc::flat(9_900)), Some(Ohlc::flat(10_200))));
    assert_eq!(third.n_trades, 1);
    let error = parse_ticks(&session(), &form("SPY"), "1,x,3,P,0,0", "").expect_err("is no number");
    assert_eq!(error.row, 1);
}
