//! Rows of a tape, their traps, and a folder of zips.

use std::io::Write;

use jiff::civil::date;

use super::*;
use crate::world::calendar::DAY_MINUTES;

fn session() -> Session {
    Session::on(date(2013, 10, 7)).expect("is a session")
}

const OPEN_MS: i64 = 34_200_000;

#[test]
fn places_rows_in_their_minutes_and_drops_those_outside_the_day() {
    let trades = format!(
        "14340000,1,1,1,1,9\n14400000,1674100,1674100,1672500,1672700,3197\n{OPEN_MS},10000,10200,9900,10100,500\n72000000,1,1,1,1,9\n"
    );
    let day = parse_day(&session(), &trades, "").expect("is a tape").expect("has rows");
    let traded: Vec<usize> =
        (0..DAY_MINUTES).filter(|index| day.minutes[*index].trade.is_some()).collect();
    assert_eq!(traded, [0, 330]);
    assert_eq!(day.minutes[330].volume, 500);
    assert_eq!(day.session.minute_start(330), session().open);
}

#[test]
fn a_quote_stands_until_the_next_row_and_a_zero_side_is_nobody() {
    let quotes = "14400000,10000,10000,9900,9900,300,10100,10200,10100,10200,200\n14520000,0,0,0,0,0,10300,10300,10300,10300,100\n";
    let day = parse_day(&session(), "", quotes).expect("is a tape").expect("has rows");
    let shown = |minute: usize| moment_within(&day.minutes[minute], 59);
    assert_eq!(shown(1).bid, Some(Level { px: 9900, size: 300 }));
    assert_eq!(shown(1).ask, Some(Level { px: 10200, size: 200 }));
    assert_eq!(shown(2).bid, None);
    assert_eq!(shown(700).ask, Some(Level { px: 10300, size: 100 }));
    assert_eq!(shown(700).last, None);
}

#[test]
fn the_path_of_a_minute_shows_exactly_its_four_prices_as_extremes() {
    let ohlc = Ohlc { open: 10_000, high: 10_900, low: 9_500, close: 10_300 };
    let bar = Bar { trade: Some(ohlc), volume: 100, n_trades: 1, ..Bar::default() };
    let prices: Vec<i64> =
        (0..60).map(|second| moment_within(&bar, second).last.expect("trades").px).collect();
    assert_eq!(prices.first(), Some(&ohlc.open));
    assert_eq!(prices.last(), Some(&ohlc.close));
    assert_eq!(prices.iter().max(), Some(&ohlc.high));
    assert_eq!(prices.iter().min(), Some(&ohlc.low));
}

#[test]
fn never_shows_a_crossed_quote() {
    let side = |px| Some(Ohlc::flat(px));
    for (bid, ask) in [(10_000, 10_000), (10_100, 10_000), (10_050, 10_060)] {
        let bar =
            Bar { bid: side(bid), ask: side(ask), bid_size: 1, ask_size: 1, ..Bar::default() };
        let moment = moment_within(&bar, 5);
        let (bid, ask) = (moment.bid.expect("bid"), moment.ask.expect("ask"));
        assert!(bid.px < ask.px, "{bid:?} {ask:?}");
    }
}

#[test]
fn names_the_row_that_is_not_a_tape() {
    let error = parse_day(&session(), "14400000,1,1,1,1,1\nnonsense\n", "").expect_err("is not");
    assert_eq!((error.row, error.text.as_str()), (2, "nonsense"));
}

#[test]
fn reads_a_folder_of_zips() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let symbol_dir = dir.path().join("equity/usa/minute/spy");
    std::fs::create_dir_all(&symbol_dir).expect("makes folders");
    for (name, text) in [
        ("20131004_trade", format!("{OPEN_MS},10000,10000,10000,10000,100\n")),
        ("20131007_trade", format!("{OPEN_MS},10000,10200,9900,10100,500\n")),
        (
            "20131007_quote",
            format!("{OPEN_MS},10000,10000,10000,10000,300,10100,10100,10100,10100,200\n"),
        ),
    ] {
        let file = std::fs::File::create(symbol_dir.join(format!("{name}.zip"))).expect("creates");
        let mut writer = zip::ZipWriter::new(file);
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(format!("{name}.csv"), options).expect("starts");
        writer.write_all(text.as_bytes()).expect("writes");
        writer.finish().expect("finishes");
    }
    let folder = TapeFolder::open(dir.path()).expect("is a folder of tapes");
    assert!(folder.holds("SPY") && !folder.holds("IBM"));
    assert_eq!(folder.first_date(), Some(date(2013, 10, 7)));
    let day = folder.day("SPY", &session()).expect("has a tape");
    assert_eq!(day.regular().trade.map(|trade| trade.high), Some(10_200));
    assert_eq!(day.minutes[330].ask_size, 200);
    assert!(folder.day("SPY", &session().previous().previous()).is_none());
    assert!(TapeFolder::open(&symbol_dir).is_err());
}

#[test]
fn gathers_seconds_and_ticks_into_minutes_and_leaves_out_what_is_suspicious() {
    let seconds = format!("{OPEN_MS},100,110,90,105,30\n{},105,120,105,115,40\n", OPEN_MS + 59_000);
    let day = parse_day(&session(), &seconds, "").expect("is a tape").expect("has rows");
    let whole = Ohlc { open: 100, high: 120, low: 90, close: 115 };
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
    let day = parse_ticks(&session(), &trades, &quotes).expect("is a tape").expect("has rows");
    let [first, second, third] = [330, 331, 332].map(|index| day.minutes[index]);
    let whole = Ohlc { open: 1_000, high: 1_010, low: 1_000, close: 1_010 };
    assert_eq!((first.trade, first.volume, first.n_trades), (Some(whole), 70, 2));
    assert_eq!((first.bid_size, first.ask_size), (200, 300));
    assert_eq!((second.trade, second.volume), (None, 0));
    assert_eq!((second.bid, second.ask), (Some(Ohlc::flat(990)), Some(Ohlc::flat(1_020))));
    assert_eq!(third.n_trades, 1);
    let error = parse_ticks(&session(), "1,x,3,P,0,0", "").expect_err("is no number");
    assert_eq!(error.row, 1);
}
