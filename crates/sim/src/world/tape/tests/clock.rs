//! Pairs and coins from files and tables, in a market: their own hours, steps and sizes.

use std::path::Path;

use jiff::civil::{Date, date};

use super::{Form, Session, TapeFolder, TapeFolderError, TapeSource, ends, open, starts, zipped};
use crate::world::calendar::new_york_secs;
use crate::world::catalog::{Listing, by_symbol};
use crate::world::history::{BarSize, Question, Reach, What, bars};
use crate::world::market::{Level, Market};
use crate::world::px::COIN;
use crate::world::tape::{Shelf, parse_long};

const WEDNESDAY: Date = date(2026, 1, 7);
const MINUTE_MS: i64 = 60_000;

fn listing(symbol: &str) -> &'static Listing {
    by_symbol(symbol).expect("is listed")
}

fn utc_secs(day: Date, hour: i64, minute: i64) -> i64 {
    Session::around_the_clock(day).pre_open + hour * 3_600 + minute * 60
}

/// One row of quotes of a pair: a spread of half a pip, and no sizes, as such records have it.
fn pair_row(minute: i64, hundred_thousandths: i64) -> String {
    let px = |by: i64| format!("1.{:05}", hundred_thousandths + by);
    let (bid, ask) = (px(0), px(5));
    format!("{},{bid},{bid},{bid},{bid},0,{ask},{ask},{ask},{ask},0\n", minute * MINUTE_MS)
}

fn market(dir: &Path) -> Market {
    let shelf = Shelf::new(vec![open(dir).expect("is a tape")], 0);
    Market::new(1, Some(Box::new(shelf)))
}

/// EUR.USD on two days: all minutes of Tuesday evening, and one in the break of Wednesday.
fn pairs(dir: &Path) {
    let symbol_dir = dir.join("forex/oanda/minute/eurusd");
    let evening: String = (1_310..1_440).map(|minute| pair_row(minute, 17_000)).collect();
    zipped(&symbol_dir.join("20260106_quote.zip"), &evening);
    let late: String = [60, 1_320, 1_330, 1_340].map(|at| pair_row(at, 17_015)).concat();
    zipped(&symbol_dir.join("20260107_quote.zip"), &late);
}

#[test]
fn a_pair_is_quoted_by_half_pips_in_its_own_hours_and_never_trades() {
    let dir = tempfile::tempdir().expect("makes a folder");
    pairs(dir.path());
    let mut market = market(dir.path());
    let pair = listing("EUR.USD");
    let mut shown = |hour, minute| market.moment(pair, utc_secs(WEDNESDAY, hour, minute), 0);
    // Over midnight in London the quote of the evening stands.
    for (hour, minute, bid) in [(0, 30, 117_000), (1, 0, 117_015), (20, 59, 117_015)] {
        let moment = shown(hour, minute);
        assert_eq!(moment.bid, Some(Level { px: bid, size: 1_000_000 }), "{hour}:{minute}");
        assert_eq!(moment.ask.map(|ask| ask.px), Some(bid + 5), "{hour}:{minute}");
        assert_eq!(moment.last, None, "{hour}:{minute}");
    }
    // 22:00 in London is 17:00 in New York: IDEALPRO is closed for a quarter of an hour, whatever
    // the tape says.
    assert_eq!(shown(22, 0).bid, None);
    assert_eq!(shown(22, 14).bid, None);
    assert!(shown(22, 15).bid.is_some());
    let snapshot = market.snapshot(pair, utc_secs(WEDNESDAY, 2, 0), 0);
    assert_eq!((snapshot.mark_px(), snapshot.volume), (Some(117_017), 0));
    assert_eq!(market.trades(pair, utc_secs(WEDNESDAY, 1, 0)), vec![]);
}

#[test]
fn the_bars_of_a_taped_pair_are_those_of_its_rows_and_its_head_is_the_first() {
    let dir = tempfile::tempdir().expect("makes a folder");
    pairs(dir.path());
    let mut market = market(dir.path());
    let pair = listing("EUR.USD");
    let mut asked = Question {
        listing: pair,
        end: utc_secs(WEDNESDAY, 1, 2),
        reach: Reach::Seconds(3_600),
        size: BarSize::Seconds(60),
        what: What::Bid,
        regular: false,
    };
    let closes: Vec<i64> =
        bars(&mut market, &asked).expect("has bars").iter().map(|bar| bar.ohlc.close).collect();
    assert_eq!(closes.len(), 60);
    assert_eq!(closes[57..], [117_000, 117_015, 117_015]);
    asked.what = What::Trades;
    assert_eq!(bars(&mut market, &asked), Ok(vec![]));
    // Midnight in London is within the evening session of New York's day before.
    assert_eq!(market.tape_begins(pair), Some(utc_secs(date(2026, 1, 6), 0, 0)));
}

#[test]
fn tapes_of_pairs_begin_and_end_with_their_hours() {
    let dir = tempfile::tempdir().expect("makes a folder");
    pairs(dir.path());
    let folder = TapeFolder::open(dir.path()).expect("is a folder");
    assert_eq!(starts(&folder), Some(utc_secs(WEDNESDAY, 0, 0)));
    assert_eq!(ends(&folder), Some(utc_secs(date(2026, 1, 8), 0, 0)));
    // A Friday ends at 17:00 in New York, and a Sunday begins at 17:15.
    let friday = date(2026, 1, 9);
    zipped(&dir.path().join("forex/oanda/minute/eurusd/20260109_quote.zip"), &pair_row(5, 1));
    let folder = TapeFolder::open(dir.path()).expect("is a folder");
    assert_eq!(ends(&folder), Some(new_york_secs(friday, 17, 0)));
    let dir = tempfile::tempdir().expect("makes a folder");
    for day in ["20260110", "20260111"] {
        let path = dir.path().join(format!("forex/oanda/minute/eurusd/{day}_quote.zip"));
        zipped(&path, &pair_row(1_339, 1));
    }
    let folder = TapeFolder::open(dir.path()).expect("is a folder");
    assert_eq!(starts(&folder), Some(new_york_secs(date(2026, 1, 11), 17, 15)));
}

#[test]
fn records_in_eastern_standard_time_are_five_hours_later() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let symbol_dir = dir.path().join("forex/fxcm/minute/eurusd");
    zipped(&symbol_dir.join("20260106_quote.zip"), &pair_row(20 * 60, 17_000));
    zipped(&symbol_dir.join("20260107_quote.zip"), &pair_row(0, 17_500));
    let mut market = market(dir.path());
    let mut bid = |hour| {
        let at = utc_secs(WEDNESDAY, hour, 0);
        market.moment(listing("EUR.USD"), at, 0).bid.map(|bid| bid.px)
    };
    assert_eq!(
        (bid(0), bid(1), bid(4), bid(5)),
        (None, Some(117_000), Some(117_000), Some(117_500))
    );
}

#[test]
fn a_coin_trades_around_the_clock_in_parts_of_a_coin() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let symbol_dir = dir.path().join("crypto/coinbase/minute/btcusd");
    // A Saturday.
    let trades = "0,93000.25,93010,92990.5,93005.75,0.75\n86340000,93100,93100,93100,93100,1.5\n";
    let quotes = "0,93000,93000,93000,93000,0.12345678,93001,93001,93001,93001,2\n";
    zipped(&symbol_dir.join("20260110_trade.zip"), trades);
    zipped(&symbol_dir.join("20260110_quote.zip"), quotes);
    let mut market = market(dir.path());
    let (coin, saturday) = (listing("BTC"), date(2026, 1, 10));
    let first = market.moment(coin, utc_secs(saturday, 0, 0), 0);
    assert_eq!(first.bid, Some(Level { px: 9_300_000_000, size: 12_345_678 }));
    assert_eq!(first.last.map(|last| last.px), Some(9_300_025_000));
    let minute = market.minute(coin, utc_secs(saturday, 0, 0));
    assert_eq!((minute.volume, minute.n_trades), (COIN * 3 / 4, 15));
    let sold: i64 = (0..60)
        .flat_map(|second| market.trades(coin, utc_secs(saturday, 0, 0) + second))
        .map(|trade| trade.size)
        .sum();
    assert_eq!(sold, COIN * 3 / 4);
    assert_eq!(coin.amount(sold).to_string(), "0.75");
    let late = market.snapshot(coin, utc_secs(saturday, 23, 59), 0);
    assert!(late.is_open);
    assert_eq!(late.moment.bid, first.bid);
    assert_eq!(late.last.map(|last| last.px), Some(9_310_000_000));
}

#[test]
fn tables_play_pairs_and_coins_with_sizes_of_their_own() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let description = r#"{"files":[{"path":"all.csv"}],"bar_secs":60,
        "time":{"format":"%Y-%m-%d %H:%M","zone":"UTC"},
        "columns":{"time":"at","symbol":"of","bid":"b","ask":"a","bid_size":"n"}}"#;
    let path = dir.path().join("tape.json");
    std::fs::write(&path, description).expect("writes");
    let rows = "at,of,b,a,n\n2026-01-07 00:00,EURUSD,1.17005,1.17010,2500000\n2026-01-07 00:00,btc.usd,93000.5,93001,0.001\n";
    std::fs::write(dir.path().join("all.csv"), rows).expect("writes");
    let tape = open(&path).expect("is a tape");
    assert_eq!(tape.symbols(), ["BTC.USD", "EUR.USD"]);
    assert!(tape.dates("EUR.USD").contains(&WEDNESDAY));
    let mut market = Market::new(1, Some(tape));
    let mut shown = |symbol| market.moment(listing(symbol), utc_secs(WEDNESDAY, 0, 0), 0);
    let (pair, coin) = (shown("EUR.USD"), shown("BTC"));
    assert_eq!(pair.bid, Some(Level { px: 117_005, size: 2_500_000 }));
    assert_eq!(pair.ask, Some(Level { px: 117_010, size: 1_000_000 }));
    assert_eq!(coin.bid, Some(Level { px: 9_300_050_000, size: COIN / 1_000 }));
    std::fs::write(dir.path().join("all.csv"), "at,of,b,a,n\n2026-01-07 00:00,ES,1,2,1\n")
        .expect("writes");
    let Err(error) = open(&path) else { panic!("is not listed") };
    assert!(error.to_string().contains("line 2: ES is not listed"), "{error}");
}

#[test]
fn an_hour_of_a_stock_is_cut_into_the_minutes_of_its_session() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let hours = "20260106 09:00,6800000,6820000,6790000,6810000,3000\n20260107 10:00,6810000,6810000,6800000,6805000,6000\n";
    zipped(&dir.path().join("equity/usa/hour/spy.zip"), hours);
    let days = "20260106 00:00,6800000,6900000,6700000,6810000,90000\n";
    zipped(&dir.path().join("equity/usa/daily/spy.zip"), days);
    let folder = TapeFolder::open(dir.path()).expect("is a folder");
    let session = Session::on(date(2026, 1, 6)).expect("is a session");
    let day = folder.day("SPY", &session).expect("has the day");
    let traded: Vec<usize> = (0..960).filter(|index| day.minutes[*index].trade.is_some()).collect();
    assert_eq!((traded.first(), traded.last(), traded.len()), (Some(&330), Some(&359), 30));
    let sum = day.regular();
    let ohlc = sum.trade.expect("trades");
    assert_eq!(
        (ohlc.open, ohlc.high, ohlc.low, ohlc.close),
        (68_000_000, 68_200_000, 67_900_000, 68_100_000)
    );
    assert_eq!(sum.volume, 3_000);
    assert_eq!(folder.daily("SPY").len(), 1);
    // The folder of days itself plays days: all of a session.
    let folder = TapeFolder::open(&dir.path().join("equity/usa/daily")).expect("is a folder");
    let day = folder.day("SPY", &session).expect("has the day");
    assert_eq!(day.minutes.iter().filter(|bar| bar.trade.is_some()).count(), 390);
    assert_eq!(day.regular().trade.map(|trade| trade.low), Some(67_000_000));
}

#[test]
fn a_tape_of_trades_shows_no_quotes_unless_a_spread_is_given() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let rows = "34260000,6800000,6800000,6800000,6800000,300\n";
    zipped(&dir.path().join("equity/usa/minute/spy/20260106_trade.zip"), rows);
    let at = new_york_secs(date(2026, 1, 6), 9, 31);
    for (ticks, quote) in [(0, None), (1, Some((68_000, 68_001))), (4, Some((67_998, 68_002)))] {
        let shelf = Shelf::new(vec![open(dir.path()).expect("is a tape")], ticks);
        let mut market = Market::new(1, Some(Box::new(shelf)));
        let mut cents = |secs| {
            let shown = market.moment(listing("SPY"), secs, 0);
            shown.bid.zip(shown.ask).map(|(bid, ask)| (bid.px / 1_000, ask.px / 1_000))
        };
        assert_eq!((cents(at), cents(at + 7_200)), (quote, quote), "{ticks}");
        assert_eq!(cents(at - 60), None, "{ticks}");
    }
}

#[test]
fn says_why_a_folder_cannot_be_played() {
    let dir = tempfile::tempdir().expect("makes a folder");
    std::fs::create_dir_all(dir.path().join("option/usa/minute")).expect("makes folders");
    let error = TapeFolder::open(dir.path()).expect_err("holds nothing");
    assert!(error.to_string().contains("option cannot be played"), "{error}");
    zipped(&dir.path().join("forex/oanda/minute/usdhuf/20260106_quote.zip"), &pair_row(1, 1));
    let error = TapeFolder::open(dir.path()).expect_err("is not listed");
    assert!(matches!(&error, TapeFolderError::Unlisted { symbols, .. } if symbols == &["USDHUF"]));
    zipped(&dir.path().join("forex/oanda/hour/eurusd.zip"), "20260106 01:00,x\n");
    let error = TapeFolder::open(&dir.path().join("forex/oanda/hour")).expect_err("is no tape");
    assert_eq!(error.to_string(), "the hour bars of eurusd are no tape");
    let error = parse_long(&Form::of(listing("SPY")), "20260106 09:00,1,1\n").expect_err("is none");
    assert_eq!(error.row, 1);
}

#[test]
fn after_its_last_day_a_tape_quotes_nothing_and_the_day_before_is_its_close() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let symbol_dir = dir.path().join("equity/usa/minute/spy");
    zipped(
        &symbol_dir.join("20260106_trade.zip"),
        "57540000,6800000,6800000,6800000,6800000,300\n",
    );
    let quote = "57540000,6799900,6799900,6799900,6799900,3,6800100,6800100,6800100,6800100,2\n";
    zipped(&symbol_dir.join("20260106_quote.zip"), quote);
    let mut market = market(dir.path());
    let mut shown = |day| market.snapshot(listing("SPY"), new_york_secs(day, 15, 59), 0);
    assert_eq!(shown(date(2026, 1, 6)).moment.bid, Some(Level { px: 67_999_000, size: 3 }));
    let after = shown(WEDNESDAY);
    assert_eq!((after.moment.bid, after.moment.ask, after.moment.last), (None, None, None));
    assert_eq!(after.previous_close, Some(68_000_000));
}

#[test]
fn a_minute_of_a_tape_is_the_same_utc_minute_on_both_sides_of_a_change_of_clocks() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let stock_dir = dir.path().join("equity/usa/minute/spy");
    let pair_dir = dir.path().join("forex/oanda/minute/eurusd");
    // New York puts its clocks forward on Sunday, 8 March 2026.
    for day in ["20260306", "20260309"] {
        let row = "34200000,6800000,6800000,6800000,6800000,300\n";
        zipped(&stock_dir.join(format!("{day}_trade.zip")), row);
        zipped(&pair_dir.join(format!("{day}_quote.zip")), &pair_row(13 * 60, 17_000));
    }
    let mut market = market(dir.path());
    for (day, opens, closes) in [(date(2026, 3, 6), 14, 22), (date(2026, 3, 9), 13, 21)] {
        let last = |secs| market.moment(listing("SPY"), secs, 0).last.map(|last| last.px);
        let [before, at] = [opens - 1, opens].map(|hour| utc_secs(day, hour, 30)).map(last);
        assert_eq!((before, at), (None, Some(68_000_000)), "{day}");
        let mut bid = |secs| market.moment(listing("EUR.USD"), secs, 0).bid.is_some();
        let at = |hour, minute| utc_secs(day, hour, minute);
        assert_eq!((bid(at(12, 59)), bid(at(13, 0))), (false, true), "{day}");
        assert!(bid(at(closes - 1, 59)) && !bid(at(closes, 0)), "{day}");
    }
}
