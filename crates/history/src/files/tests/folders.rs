//! LEAN folders. The rows are made up.

use std::io::{Read as _, Write as _};

use super::*;
use crate::files::lean::{LeanReading, export_lean, import_lean};

/// A row before the open, a gap, and a quarter of a cent.
const MINUTES: &str = "14400000,1002500,1003000,1002500,1003000,3197\n34200000,1003000,1010050,1002900,1009950,52000\n34320000,1009925,1009950,1009900,1009900,100";
/// A bid far off, a side that is empty, and one of which only the ask is there.
const QUOTES: &str = "14400000,900000,900000,900000,900000,100,1100000,1100000,1100000,1100000,300\n34200000,,,,,,1003100,1003100,1003000,1003000,200\n34260000,1002900,1002900,1002800,1002800,500,,,,,";
const SECONDS: &str =
    "34200000,1003000,1003000,1003000,1003000,5\n34201000,1003100,1003200,1003100,1003200,7";
/// Over the day on which clocks change, and a year's end.
const HOURS: &str = "20130308 15:00,1550000,1551000,1549000,1550500,9000\n20130311 09:00,1552000,1553000,1551000,1552500,8000\n20131231 15:00,1840000,1841000,1839000,1840500,7000\n20140102 09:00,1835000,1836000,1834000,1835500,6000";
const DAYS: &str = "19980102 00:00,973100,975300,965300,973600,2150000\n20131231 00:00,1842900,1846900,1842400,1846700,86119900\n20140102 00:00,1840400,1840700,1824800,1829500,119636900";
const PAIR: &str = "0,1.38676,1.38686,1.38669,1.38680,0,1.38686,1.38697,1.38680,1.38697,0\r\n60000,1.38680,1.38680,1.38680,1.38680,0,1.38690,1.38690,1.38690,1.38690,0";
const PAIR_DAYS: &str = "20070101 00:00,1.31927,1.32125,1.3187,1.32095,0,1.32027,1.32225,1.3197,1.32195,0\n20070102 00:00,1.32095,1.32957,1.32083,1.32736,0,1.32195,1.32972,1.32183,1.32751,0";

const FILES: [(&str, &str); 8] = [
    ("equity/usa/minute/spy/20131007_trade.zip", MINUTES),
    ("equity/usa/minute/spy/20131008_trade.zip", MINUTES),
    ("equity/usa/minute/spy/20131007_quote.zip", QUOTES),
    ("equity/usa/second/spy/20131007_trade.zip", SECONDS),
    ("equity/usa/hour/spy.zip", HOURS),
    ("equity/usa/daily/spy.zip", DAYS),
    ("forex/oanda/minute/eurusd/20140501_quote.zip", PAIR),
    ("forex/oanda/daily/eurusd.zip", PAIR_DAYS),
];

fn zipped(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("has a folder")).expect("makes folders");
    let mut writer = zip::ZipWriter::new(std::fs::File::create(path).expect("creates"));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file("rows.csv", options).expect("starts");
    writer.write_all(text.as_bytes()).expect("writes");
    writer.finish().expect("finishes");
}

fn unzipped(path: &Path) -> String {
    let file = std::fs::File::open(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let mut archive = zip::ZipArchive::new(file).expect("is a zip");
    let mut text = String::new();
    archive.by_index(0).expect("has a table").read_to_string(&mut text).expect("reads");
    text
}

fn made(scene: &Scene) -> PathBuf {
    let dir = scene.path("data");
    for (path, text) in FILES {
        zipped(&dir.join(path), text);
    }
    dir
}

fn import(store: &mut Store, dir: &Path) -> Vec<FileReport> {
    let reading = LeanReading { zone: None, fetched_at: 5 };
    import_lean(store, dir, &reading, &mut silent).expect("is imported")
}

/// Exports whatever is in the store.
fn export_all(store: &mut Store, out: &Path) {
    let all = store.all_series().expect("reads");
    for one in &all {
        let sides: Vec<Described> = match one.key.what.as_str() {
            "ASK" => all
                .iter()
                .filter(|side| {
                    side.instrument == one.instrument
                        && side.key.bar_secs == one.key.bar_secs
                        && ["BID", "ASK"].contains(&side.key.what.as_str())
                })
                .cloned()
                .collect(),
            "BID" => continue,
            _ => vec![one.clone()],
        };
        export_lean(store, &sides, (i64::MIN, i64::MAX), out, &mut silent).expect("is exported");
    }
}

#[test]
fn every_file_is_exported_as_it_was_imported() {
    let mut scene = Scene::new();
    let dir = made(&scene);
    let reports = import(&mut scene.store, &dir);
    for report in &reports {
        let Outcome::Taken { n_rows, troubles, .. } = &report.outcome else { panic!("{report:?}") };
        assert!(*n_rows > 0 && troubles.n == 0, "{report:?}");
    }
    let out = scene.path("out");
    export_all(&mut scene.store, &out);
    for (path, text) in FILES {
        assert_eq!(unzipped(&out.join(path)), text.replace('\r', ""), "{path}");
    }
}

#[test]
fn times_are_those_of_the_market_and_quotes_are_two_series() {
    let mut scene = Scene::new();
    zipped(&scene.path("equity/usa/minute/spy/20131007_quote.zip"), QUOTES);
    let dir = scene.path("equity");
    import(&mut scene.store, &dir);
    let (bid, ask) = (scene.rows("BID"), scene.rows("ASK"));
    // 04:00 in New York is 08:00 UTC on that day.
    assert_eq!((bid[0].at, ask[0].at), (1_381_132_800, 1_381_132_800));
    assert_eq!((bid[0].close, ask[1].close, ask[1].volume), (px("90"), px("100.3"), px("200")));
    assert_eq!((bid.len(), ask.len()), (2, 2));
    let series = scene.series("BID");
    // What a file holds is no answer of the broker, whose own bars are still missing.
    assert_eq!(scene.store.covered(series.id).expect("reads"), []);
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_taken() {
    let mut scene = Scene::new();
    let dir = scene.path("data");
    let rows = "14400000,1002500,1003000,1002500,1003000,3197\n14460000,1002500,x,1002500,1003000,3197\n99999999999,1,1,1,1,1\n14520000,1,1,1,1\n14580000,1002500,1003000,1002500,1003000,1";
    zipped(&dir.join("equity/usa/minute/spy/20131007_trade.zip"), rows);
    zipped(&dir.join("equity/usa/tick/ibm/20131007_trade.zip"), "14400000,1,1,P,0,0");
    std::fs::create_dir_all(dir.join("equity/usa/daily")).expect("makes folders");
    std::fs::write(dir.join("equity/usa/daily/ibm.zip"), "no zip").expect("writes");
    let reports = import(&mut scene.store, &dir);
    let [daily, minute, tick] = &reports[..] else { panic!("{reports:?}") };
    assert!(matches!(&daily.outcome, Outcome::Unread { why } if why.contains("no zip file")));
    assert!(matches!(&tick.outcome, Outcome::Skipped { why } if why.contains("ticks")));
    let Outcome::Taken { n_rows: 2, n_new: 2, troubles, .. } = &minute.outcome else {
        panic!("{minute:?}")
    };
    let found: Vec<_> =
        troubles.first.iter().map(|one| (one.line, one.column.as_str(), one.expected)).collect();
    let expected =
        [(2, "3", "a price"), (3, "1", "milliseconds after midnight"), (4, "", "6 columns")];
    assert_eq!(found, expected);
    assert_eq!(troubles.first[0].found, "x");
}

#[test]
fn a_file_is_imported_once_until_it_changes() {
    let mut scene = Scene::new();
    let dir = made(&scene);
    import(&mut scene.store, &dir);
    let before = scene.everything();
    let again = import(&mut scene.store, &dir);
    assert!(again.iter().all(|one| matches!(one.outcome, Outcome::AlreadyThere { n_rows: 1.. })));
    assert_eq!(scene.everything(), before);
    zipped(&dir.join(FILES[5].0), "20140103 00:00,1,2,1,2,3");
    let again = import(&mut scene.store, &dir);
    let n_taken = again.iter().filter(|one| matches!(one.outcome, Outcome::Taken { n_new: 1, .. }));
    assert_eq!(n_taken.count(), 1);
}

#[test]
fn an_import_that_is_cut_anywhere_ends_as_one_that_was_not() {
    let (mut whole, mut cut) = (Scene::new(), Scene::new());
    let dir = made(&whole);
    import(&mut whole.store, &dir);
    let reading = LeanReading { zone: None, fetched_at: 5 };
    let n = cut_everywhere(&mut cut, |store, told| {
        import_lean(store, &dir, &reading, told).expect("is imported");
    });
    assert!(n > 10, "{n}");
    assert_eq!(cut.everything(), whole.everything());
}

/// Returns the numbers of each row, so that 1.3868 and 1.38680 are equal.
fn numbers(text: &str) -> Vec<Vec<Result<Decimal, String>>> {
    let cell =
        |cell: &str| cell.parse::<Decimal>().map(|n| n.normalize()).map_err(|_| cell.to_owned());
    text.lines().map(|row| row.split(',').map(cell).collect()).collect()
}

/// Takes a folder of real data: `GATEHOUSE_LEAN=FOLDER cargo test -p gatehouse-history real_`.
#[test]
fn every_file_of_a_real_folder_is_exported_row_for_row() {
    let Some(dir) = std::env::var_os("GATEHOUSE_LEAN").map(PathBuf::from) else {
        println!("skipped: GATEHOUSE_LEAN names no folder of LEAN's data");
        return;
    };
    let mut scene = Scene::new();
    let reports = import(&mut scene.store, &dir);
    let out = scene.path("out");
    export_all(&mut scene.store, &out);
    let (mut n_rows, mut n_files, mut n_skipped) = (0, 0, 0);
    for report in reports {
        let Outcome::Taken { troubles, .. } = &report.outcome else {
            assert!(matches!(report.outcome, Outcome::Skipped { .. }), "{report:?}");
            n_skipped += 1;
            continue;
        };
        assert_eq!(troubles.n, 0, "{report:?}");
        let path = report.path.strip_prefix(&dir).expect("is below");
        let (source, written) = (unzipped(&report.path), unzipped(&out.join(path)));
        assert!(numbers(&source) == numbers(&written), "{path:?}");
        n_rows += source.lines().count();
        n_files += 1;
    }
    let stats = scene.store.stats().expect("reads");
    let (n_bars, n_bytes): (i64, i64) =
        stats.iter().fold((0, 0), |sum, one| (sum.0 + one.n_bars, sum.1 + one.n_bytes));
    println!(
        "{n_files} files, {n_rows} rows equal, {n_skipped} skipped; {n_bars} bars in {n_bytes} bytes"
    );
}
