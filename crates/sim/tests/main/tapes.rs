//! A history database that is replayed: its bars are those that a client gets.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gatehouse_history::{Bar, Bars, Fetched, Instrument, SeriesKey, Store};
use gatehouse_sim::server::Script;
use gatehouse_sim::world::WorldConfig;
use gatehouse_sim::world::calendar::new_york_secs;
use gatehouse_sim::world::tape;
use gatehouse_tws::answer::{ErrorReport, HistoricalData};
use gatehouse_tws::layout::ReqId;
use gatehouse_tws::request::{HistoricalDataRequest, Request};
use gatehouse_tws::{FrameReader, Head, ServerVersion};
use gatehouse_types::{ConId, Decimal};
use jiff::civil::{Date, date};

use crate::determinism::stock;
use crate::stage::{Actor, stage, world};

const VERSION: i32 = 226;
const FRIDAY: Date = date(2026, 1, 2);
/// The stage stands at 10:30 of it.
const MONDAY: Date = date(2026, 1, 5);

fn open(day: Date) -> i64 {
    new_york_secs(day, 9, 30)
}

/// Bars at minutes of a regular session. Prices lie around 680 and differ from one another.
fn rows(day: Date, minutes: &[i64], cents_up: i64) -> Vec<Bar> {
    let row = |minute: &i64| {
        let close = Decimal::new(68_000 + cents_up + minute, 2);
        Bar {
            at: open(day) + minute * 60,
            open: close - Decimal::new(5, 2),
            high: close + Decimal::new(7, 2),
            low: close - Decimal::new(9, 2),
            close,
            volume: Decimal::from(1_000 + minute),
            average: close,
            n_trades: 9,
        }
    };
    minutes.iter().map(row).collect()
}

/// Makes a database with SPY on two days; nothing traded in minute 2.
fn database(dir: &Path) -> PathBuf {
    let path = dir.join("history.sqlite");
    let mut store = Store::open(&path).expect("opens");
    let instrument = Instrument {
        symbol: "SPY".to_owned(),
        sec_type: "STK".to_owned(),
        currency: "USD".to_owned(),
        exchange: "SMART".to_owned(),
        zone: "America/New_York".to_owned(),
    };
    for (what, cents_up) in [("TRADES", 0), ("BID", -1), ("ASK", 1)] {
        let key = SeriesKey {
            con_id: ConId::new(756_733),
            what: what.to_owned(),
            bar_secs: 60,
            is_regular: true,
        };
        let series = store.series(&key, &instrument).expect("is made");
        for day in [FRIDAY, MONDAY] {
            let bars = Bars::from_rows(&rows(day, &[0, 1, 3, 4], cents_up)).expect("fits");
            let source = format!("{what} of {day}");
            let answer =
                Fetched { series, bars: &bars, source: &source, fetched_at: 5, covers: &[] };
            store.put(&answer).expect("is put");
        }
    }
    store.close().expect("closes");
    path
}

/// Bends a byte of the checksum of a day, which is behind the name of its source.
fn damage(path: &Path, source: &str) {
    let mut bytes = std::fs::read(path).expect("reads");
    let name = source.as_bytes();
    let at = bytes.windows(name.len()).position(|window| window == name).expect("is there");
    bytes[at + name.len() + 3] ^= 0xff;
    std::fs::write(path, bytes).expect("writes");
}

/// Returns date, open, high, low, close, volume and count of the bars of a day, or the code of the
/// error that came instead.
fn asked(path: &Path, day: Date, what: &str) -> Result<Vec<(String, [Decimal; 5], i32)>, i32> {
    let tape = Some(tape::open(path).expect("is a tape"));
    let mut stage = stage(WorldConfig { tape, ..world(1) }, Script::default());
    let mut actor = Actor::enter(&mut stage, VERSION, 1);
    let request = HistoricalDataRequest {
        req_id: ReqId::new(4),
        contract: stock("SPY"),
        end: format!("{} 10:00:00 US/Eastern", day.strftime("%Y%m%d")),
        duration: "1 D".to_owned(),
        bar_size: "1 min".to_owned(),
        what_to_show: what.to_owned(),
        use_rth: true,
        format_date: 2,
        ..HistoricalDataRequest::default()
    };
    actor.ask(&mut stage, &Request::HistoricalData(request));
    stage.pass(std::time::Duration::from_secs(30));
    actor.listen(&mut stage);
    let version = ServerVersion::new(VERSION);
    let mut frames = FrameReader::new();
    frames.push(&actor.heard);
    let mut code = None;
    while let Some(body) = frames.next_frame().expect("is framed") {
        let id = Head::split(version, body).expect("has a head").id;
        if id == HistoricalData::ID.wire() {
            let found = HistoricalData::decode(version, body).expect("is understood");
            let bar = |bar: gatehouse_tws::answer::Bar| {
                let figures = [bar.open, bar.high, bar.low, bar.close, bar.volume];
                (bar.date, figures.map(|figure| figure.normalize()), bar.count)
            };
            return Ok(found.bars.into_iter().map(bar).collect());
        }
        if id == ErrorReport::ID.wire() {
            let error = ErrorReport::decode(version, body).expect("is understood");
            code = (error.code < 2_000).then_some(error.code).or(code);
        }
    }
    Err(code.expect("answers"))
}

#[test]
fn the_bars_of_a_history_are_those_that_a_client_gets_and_a_gap_stays_one() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let path = database(dir.path());
    for day in [FRIDAY, MONDAY] {
        let expected: Vec<_> = rows(day, &[0, 1, 3, 4], 0)
            .into_iter()
            .map(|row| {
                let figures = [row.open, row.high, row.low, row.close, row.volume];
                (row.at.to_string(), figures.map(|figure| figure.normalize()), row.n_trades)
            })
            .collect();
        assert_eq!(asked(&path, day, "TRADES"), Ok(expected), "{day}");
    }
    // A quote stands while nothing trades.
    let bids = asked(&path, FRIDAY, "BID").expect("has bids");
    let closes: Vec<Decimal> = bids.iter().take(5).map(|(_, [.., close, _], _)| *close).collect();
    let cents = [67_999, 68_000, 68_000, 68_002, 68_003].map(|px| Decimal::new(px, 2).normalize());
    assert_eq!(closes, cents);
}

#[test]
fn a_damaged_day_of_a_history_is_a_missing_day() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let path = database(dir.path());
    damage(&path, "TRADES of 2026-01-02");
    assert_eq!(asked(&path, FRIDAY, "TRADES"), Err(162));
    assert_eq!(asked(&path, MONDAY, "TRADES").map(|bars| bars.len()), Ok(4));
}

#[test]
fn the_program_ends_with_code_0_when_its_tape_is_over() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let description = r#"{"files":[{"path":"spy.csv","symbol":"SPY"}],"bar_secs":60,
        "time":{"format":"%Y-%m-%d %H:%M"},"columns":{"time":"at","bid":"bid","ask":"ask"}}"#;
    let path = dir.path().join("tape.json");
    std::fs::write(&path, description).expect("writes");
    std::fs::write(dir.path().join("spy.csv"), "at,bid,ask\n2026-01-05 19:59,680,680.01\n")
        .expect("writes");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatehouse-sim"));
    command.args(["--listen", "127.0.0.1:0", "--tape-end", "quit", "--speed", "1000"]);
    command.args(["--start", "2026-01-05T19:59", "--tape"]).arg(&path);
    let ended = command.stdin(Stdio::null()).output().expect("runs");
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    std::fs::write(dir.path().join("spy.csv"), "at,bid,ask\n").expect("writes");
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatehouse-sim"));
    let ended = command.args(["--listen", "127.0.0.1:0", "--tape"]).arg(&path).output();
    let ended = ended.expect("runs");
    assert_eq!(ended.status.code(), Some(2));
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(said.contains("without a row") && said.contains("Put rows"), "{said}");
}
