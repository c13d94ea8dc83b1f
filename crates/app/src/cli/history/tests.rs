//! The verbs on a file of their own.

use super::super::args::{Cli, Command};
use super::*;
use crate::history::missing;
use clap::Parser as _;
use gatehouse_history::files::{FileReport, Outcome, Troubles};
use gatehouse_history::plan::{Session, Urgency};
use gatehouse_history::{Bar, Bars, Fetched, Instrument, SeriesKey, Span};
use gatehouse_types::{ConId, Decimal};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use std::path::PathBuf;

const TABLE: &str = "time,open,high,low,close,volume\n2026-01-05T14:30:00Z,1.5,2,1.25,1.75,100\n2026-01-05T14:31:00Z,1.75,2,1.5,2,\n";

/// Carries out what is typed after `gatehouse history`.
fn typed(dir: &Path, words: &str) -> Result<IsFine, Failure> {
    let words = ["gatehouse", "history"].into_iter().chain(words.split(' '));
    let cli = Cli::try_parse_from(words).expect("is understood");
    let Command::History { act: Some(History::Kept(command)) } = cli.command else {
        panic!("{:?}", cli.command)
    };
    perform(&command, dir, true)
}

#[test]
fn a_table_comes_out_as_it_went_in() {
    let dir = tempfile::tempdir().expect("is made");
    let (source, out) = (dir.path().join("in.csv"), dir.path().join("out.csv"));
    std::fs::write(&source, TABLE).expect("writes");
    let import = format!("import {} --symbol spy", source.display());
    assert_eq!(typed(dir.path(), &import), Ok(true));
    assert_eq!(typed(dir.path(), &import), Ok(true));
    let export = format!("export --symbol SPY --out {}", out.display());
    assert_eq!(typed(dir.path(), &export), Ok(true));
    assert_eq!(std::fs::read_to_string(&out).expect("reads"), TABLE);
    assert_eq!(typed(dir.path(), &format!("{export} --from 2026-01-06")), Ok(true));
    assert_eq!(std::fs::read_to_string(&out).expect("reads").lines().count(), 1);
    for words in ["stats", "check", "gaps --symbol SPY", "quota 1G", "quota"] {
        assert_eq!(typed(dir.path(), words), Ok(true), "{words}");
    }
}

#[test]
fn an_export_of_bars_that_do_not_hold_names_them_and_is_none() {
    let dir = tempfile::tempdir().expect("is made");
    let (source, out) = (dir.path().join("in.csv"), dir.path().join("out.csv"));
    std::fs::write(&source, TABLE).expect("writes");
    let import = format!("import {} --symbol spy", source.display());
    assert_eq!(typed(dir.path(), &import), Ok(true));
    let harm = "UPDATE body SET body = zeroblob(length(body))";
    crate::history::tests::execute(&dir.path().join(FILE_NAME), harm);
    let export = format!("export --symbol SPY --out {}", out.display());
    let failure = typed(dir.path(), &export).expect_err("bars are missing");
    assert_eq!(failure.what, "Nothing was exported.");
    assert_eq!(failure.why, "bars of 2026-01-05 do not hold.");
    assert!(!out.exists());
}

#[test]
fn a_look_makes_no_file_and_moves_none() {
    let dir = tempfile::tempdir().expect("is made");
    let looks = ["stats", "quota", "gaps --symbol SPY", "export --symbol SPY --out out.csv"];
    for words in looks {
        let failure = typed(dir.path(), words).expect_err(words);
        assert!(failure.why.starts_with("Nothing is kept yet"), "{words}: {failure:?}");
    }
    assert_eq!(std::fs::read_dir(dir.path()).expect("reads").count(), 0);
    std::fs::write(dir.path().join(FILE_NAME), "no database at all, but 32 bytes of it")
        .expect("writes");
    for words in looks {
        typed(dir.path(), words).expect_err(words);
    }
    assert_eq!(std::fs::read_dir(dir.path()).expect("reads").count(), 1, "it is not put aside");
}

#[test]
fn what_cannot_be_read_is_a_no() {
    let dir = tempfile::tempdir().expect("is made");
    let source = dir.path().join("in.csv");
    std::fs::write(&source, format!("{TABLE}tomorrow,1,1,1,1,1\n")).expect("writes");
    let import = format!("import {} --symbol spy", source.display());
    assert_eq!(typed(dir.path(), &import), Ok(false));
}

#[test]
fn what_is_not_kept_is_said_with_what_is() {
    let dir = tempfile::tempdir().expect("is made");
    let source = dir.path().join("in.csv");
    std::fs::write(&source, TABLE).expect("writes");
    typed(dir.path(), &format!("import {} --symbol SPY", source.display())).expect("reads");
    for (words, why) in [
        ("gaps --symbol IBM", "Of IBM nothing is kept, but no TRADES in bars of 1m."),
        ("gaps --symbol SPY --bar 1h", "Of SPY TRADES 1m is kept, but no TRADES in bars of 1h."),
        ("gaps --symbol SPY --bar 7m", "\"7m\" is no bar."),
        ("gaps --symbol SPY --from monday", "\"monday\" is no day."),
        ("import somewhere", "somewhere does not say what it is."),
        ("import table.csv", "A table does not say what it is of."),
        ("quota much", "\"much\" is no size."),
    ] {
        let failure = typed(dir.path(), words).expect_err("is refused");
        assert_eq!((failure.why.as_str(), failure.code.as_str()), (why, "bad-input"), "{words}");
    }
}

#[test]
fn an_import_says_how_many_bars_are_the_gateways() {
    let report = |n_left_out| FileReport {
        path: PathBuf::from("spy.csv"),
        outcome: Outcome::Taken {
            n_rows: 9,
            n_new: 2,
            n_left_out,
            n_rounded: 0,
            troubles: Troubles::default(),
        },
    };
    for (n_left_out, end) in [
        (0, "2 new bars."),
        (1, "2 new bars, 1 bar left out because the Gateway's is there."),
        (7, "2 new bars, 7 bars left out because the Gateway's are there."),
    ] {
        let said = import::sum(&[report(n_left_out)]);
        assert_eq!(said, format!("1 of 1 files imported, 0 left out; {end}"));
    }
}

const NEW_YORK: &str = "America/New_York";

fn secs(text: &str) -> i64 {
    let at = text.parse::<jiff::civil::DateTime>().expect("is a time").in_tz(NEW_YORK);
    at.expect("is an instant").timestamp().as_second()
}

/// Keeps SPY in bars of a minute over Thanksgiving: a whole day, one with a hole, one of which the
/// broker had nothing, a half day, one that nobody asked for, and one of which a part was asked for.
fn thanksgiving(dir: &Path) -> SeriesKey {
    let key = SeriesKey {
        con_id: ConId::new(756_733),
        what: "TRADES".to_owned(),
        bar_secs: 60,
        is_regular: true,
    };
    let instrument = Instrument {
        symbol: "SPY".to_owned(),
        sec_type: "STK".to_owned(),
        currency: "USD".to_owned(),
        exchange: "SMART".to_owned(),
        zone: NEW_YORK.to_owned(),
    };
    let mut store = Store::open(&dir.join(FILE_NAME)).expect("opens");
    let series = store.series(&key, &instrument).expect("is made");
    let session = |date: &str, close: &str| Session {
        date: date.parse().expect("is a date"),
        open: secs(&format!("{date}T09:30")),
        close: secs(&format!("{date}T{close}")),
    };
    let days = ["2025-11-24", "2025-11-25", "2025-11-26", "2025-11-28", "2025-12-01", "2025-12-02"];
    let sessions = days.map(|date| session(date, if date == days[3] { "13:00" } else { "16:00" }));
    let named = (secs("2025-11-24T00:00"), secs("2025-12-03T00:00"));
    store.keep_sessions(756_733, &sessions, named).expect("is kept");
    let hole = secs("2025-11-25T11:00")..secs("2025-11-25T11:30");
    let at = |n: usize| (sessions[n].open..sessions[n].close).step_by(60);
    let begins = at(0).chain(at(1)).chain(at(3)).chain(at(5)).filter(|at| !hole.contains(at));
    let px = Decimal::from(600);
    let bar = |at| Bar {
        at,
        open: px,
        high: px,
        low: px,
        close: px,
        volume: px,
        average: px,
        n_trades: 1,
    };
    let bars = Bars::from_rows(&begins.map(bar).collect::<Vec<Bar>>()).expect("are held");
    let fetched = Fetched { series, bars: &bars, source: "gateway", fetched_at: 1, covers: &[] };
    store.put(&fetched).expect("is kept");
    for (from, to, is_empty) in [
        ("2025-11-24T00:00", "2025-11-26T00:00", false),
        ("2025-11-26T00:00", "2025-11-27T00:00", true),
        ("2025-11-27T00:00", "2025-11-29T00:00", false),
        ("2025-12-02T00:00", "2025-12-02T18:00", false),
    ] {
        store.cover(series, Span { from: secs(from), to: secs(to), is_empty }).expect("is kept");
    }
    key
}

#[test]
fn the_window_and_the_command_list_the_same_days() {
    let dir = tempfile::tempdir().expect("is made");
    let key = thanksgiving(dir.path());
    let now = secs("2025-12-10T00:00");
    let which = Which {
        symbol: "SPY".to_owned(),
        bar: "1m".to_owned(),
        what: "TRADES".to_owned(),
        regular: true,
        sec_type: None,
        currency: None,
    };
    let told = gaps::told(&which, &Days::default(), dir.path(), false, now).expect("is read");
    assert_eq!(
        told,
        [
            "2025-11-25 has no bars from 2025-11-25T16:00:00Z to 2025-11-25T16:30:00Z",
            "2025-11-26 is empty: the broker was asked and had nothing",
            "2025-12-01 was never fetched",
            "the broker was not asked from 2025-12-02T23:00:00Z to 2025-12-03T05:00:00Z",
            "6 trading days from 2025-11-24T05:00:00Z to 2025-12-02T23:00:00Z were looked at",
        ]
        .map(|line| format!("SPY TRADES 1m regular: {line}"))
    );
    let mut store = look(dir.path()).expect("opens");
    let shown = missing::gaps(&mut store, &key, now).expect("is read").expect("is kept");
    let shown = shown.lines.into_iter().chain([shown.summary]);
    let shown: Vec<String> = shown.map(|line| format!("SPY TRADES 1m regular: {line}")).collect();
    assert_eq!(shown, told);
    let other = SeriesKey { bar_secs: 300, ..key };
    assert_eq!(missing::gaps(&mut store, &other, now).expect("is read"), None);
}

#[test]
fn what_a_check_finds_damaged_is_fetched_at_the_next_start() {
    let dir = tempfile::tempdir().expect("is made");
    thanksgiving(dir.path());
    let path = dir.path().join(FILE_NAME);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("starts").block_on(async {
        let mut file = SqliteConnectOptions::new().filename(&path).connect().await.expect("opens");
        let harm = "UPDATE body SET body = zeroblob(length(body))
            WHERE chunk_id = (SELECT min(chunk_id) FROM chunk)";
        sqlx::query(harm).execute(&mut file).await.expect("is harmed");
        file.close().await.expect("closes");
    });
    assert_eq!(typed(dir.path(), "check"), Ok(false));
    assert_eq!(typed(dir.path(), "check"), Ok(true));
    let jobs = Store::open(&path).expect("opens").jobs().expect("is read");
    let spans: Vec<_> = jobs.iter().map(|job| (job.from, job.to, job.urgency)).collect();
    let day = (secs("2025-11-24T00:00"), secs("2025-11-25T00:00"), Urgency::Repair);
    assert_eq!(spans, [day]);
}
