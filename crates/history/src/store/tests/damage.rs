//! Files in which any byte may be another: whatever is asked is answered, or refused with a
//! reason.

use super::*;
use crate::window::Start;

/// Asks for everything, and ignores what is refused.
fn ask_everything(path: &std::path::Path) {
    let Ok(mut store) = Store::open(path) else { return };
    let all = store.all_series().unwrap_or_default();
    for series in &all {
        store.read(series.id, i64::MIN, i64::MAX).ok();
        store.window(series.id, Start::Newest, 10, 1).ok();
        store.window(series.id, Start::Index(0), 1, 9).ok();
        store.newest_chunks(series.id, 9).ok();
        store.index_at(series.id, TUESDAY).ok();
        store.chunks(series.id).ok();
        store.covered(series.id).ok();
        store.touch(series.id, TUESDAY).ok();
        store.lacks(series, (0, TUESDAY * 2), TUESDAY * 3).ok();
        let rows = Bars::from_rows(&bars(MONDAY + MINUTE, &["9"])).expect("fits");
        let covers = &[Span { from: MONDAY, to: TUESDAY, is_empty: false }];
        let fetched =
            Fetched { series: series.id, bars: &rows, source: "x", fetched_at: 9, covers };
        store.put(&fetched).ok();
    }
    store.stats().ok();
    store.noted_damage().ok();
    store.jobs().ok();
    store.check().ok();
    store.set_quota(Some(1)).ok();
    store.prune(TUESDAY * 3).ok();
}

#[test]
fn no_byte_of_a_page_makes_the_store_fail() {
    let mut scene = Scene::new();
    scene.put(&[bars(MONDAY, &["10", "11", "0.5"]), bars(TUESDAY, &["12"])].concat());
    let session =
        |open| crate::plan::Session { date: date(1970, 1, 12), open, close: open + 23_400 };
    let con_id = key("TRADES", 60).con_id.get();
    scene.store.keep_sessions(con_id, &[session(MONDAY - 3_600)], (0, TUESDAY)).expect("are kept");
    scene.store.keep_head(scene.series, MONDAY).expect("is kept");
    let urgency = crate::plan::Urgency::Person;
    scene.store.add_job(scene.series, (0, TUESDAY), urgency, 7).expect("is kept");
    // The page of the schema is the first.
    let roots = sqlx::query("SELECT rootpage FROM sqlite_schema WHERE rootpage > 0 UNION SELECT 1");
    let roots = scene.store.database.run(|connection| roots.fetch_all(connection)).expect("reads");
    let path = scene.path();
    scene.store.close().expect("closes");
    let whole = std::fs::read(&path).expect("reads");
    let harmed = scene.dir.path().join("harmed.sqlite");
    let page = |row: &sqlx::sqlite::SqliteRow| {
        let root = usize::try_from(row.get::<i64, _>(0)).expect("is a page");
        (root - 1) * 8_192..root * 8_192
    };
    let places: Vec<usize> = roots.iter().flat_map(page).filter(|at| whole[*at] != 0).collect();
    // The same places in every run, all over the file, and each bit in its turn.
    for (n, at) in places.iter().enumerate().step_by(places.len().div_ceil(120)) {
        let mut bytes = whole.clone();
        bytes[*at] ^= if n % 2 == 0 { 0xff } else { 1 << (n / 2 % 8) };
        for end in ["-wal", "-shm"] {
            std::fs::remove_file(scene.dir.path().join(format!("harmed.sqlite{end}"))).ok();
        }
        std::fs::write(&harmed, bytes).expect("writes");
        ask_everything(&harmed);
    }
}

#[test]
fn figures_that_no_bars_have_are_damage_wherever_they_are_met() {
    for figure in [
        "px_scale = 200",
        "px_scale = -1",
        "volume_scale = 5000000000",
        "n_bars = 9223372036854775807",
        "crc32 = -1",
        "first_at = last_at + 1",
    ] {
        for how in ["read", "window", "check", "put"] {
            let mut scene = Scene::new();
            scene.put(&[bars(MONDAY, &["10", "11"]), bars(TUESDAY, &["12"])].concat());
            let harm = format!(
                "UPDATE chunk SET {figure}, change = change + 1
                     WHERE chunk_id = (SELECT min(chunk_id) FROM chunk);
                 UPDATE series SET change = change + 1"
            );
            let harm = sqlx::raw_sql(AssertSqlSafe(harm));
            scene.store.database.run(|connection| harm.execute(connection)).expect("is harmed");
            let series = scene.series;
            match how {
                "read" => drop(scene.store.read(series, i64::MIN, i64::MAX).expect("reads")),
                "window" => drop(scene.store.window(series, Start::Index(0), 9, 1).expect("reads")),
                "check" => drop(scene.store.check().expect("checks")),
                _ => drop(scene.put(&bars(MONDAY, &["10", "11"]))),
            }
            let found: Vec<_> = scene.store.take_found().iter().map(|one| one.day).collect();
            assert_eq!(found, [date(1970, 1, 12)], "{figure}, {how}");
            assert_eq!(scene.store.take_found(), [], "{figure}, {how}");
            let noted = scene.store.noted_damage().expect("reads");
            let days: Vec<_> = noted.iter().map(|one| one.day).collect();
            let is_found = days == [date(1970, 1, 12)];
            assert!(is_found, "{figure}, {how}: {noted:?}");
            let left = if how == "put" { 3 } else { 1 };
            assert_eq!(scene.all().len(), left, "{figure}, {how}");
        }
    }
}

#[test]
fn a_file_whose_tables_are_not_as_they_were_made_is_put_aside_and_never_waited_for() {
    let mut scene = Scene::new();
    scene.put(&bars(MONDAY, &["10", "11"]));
    let path = scene.path();
    scene.store.close().expect("closes");
    let whole = std::fs::read(&path).expect("reads");
    for (word, byte) in [
        // A type that is no text, where sqlx's thread ends and whoever asks it may wait for ever.
        ("BIGINT PRIMARY KEY", 0xff),
        ("BLOB NOT NULL,\n    execution_time", 0xff),
        // Columns of other names.
        ("series_id     INTEGER PRIMARY KEY", b'x'),
        ("n_bars    INTEGER NOT NULL CHECK", 0xff),
        ("asked_at INTEGER NOT NULL", b'x'),
        // No statement any more.
        ("CREATE TABLE coverage", 0),
    ] {
        let found = whole.windows(word.len()).position(|it| it == word.as_bytes());
        let mut harmed = whole.clone();
        harmed[found.expect("is there") + 1] = byte;
        let dir = tempfile::tempdir().expect("is made");
        let path = dir.path().join(FILE_NAME);
        std::fs::write(&path, &harmed).expect("writes");
        // Readers change nothing, and may not need what is damaged.
        if let Ok(mut store) = Store::open_to_read(&path) {
            store.all_series().expect("reads");
            store.close().expect("closes");
        }
        let mut store = Store::open(&path).expect("begins a new one");
        let aside = store.put_aside().map(std::path::Path::to_owned);
        assert_eq!(store.all_series().expect("reads"), [], "{word}");
        let aside = aside.unwrap_or_else(|| panic!("{word}: nothing was put aside"));
        let mut kept = std::fs::read(aside).expect("reads");
        assert_eq!(kept.len(), harmed.len(), "{word}");
        for counter in [24..28, 92..96] {
            kept[counter.clone()].copy_from_slice(&harmed[counter]);
        }
        assert!(kept == harmed, "{word}: something was lost");
    }
}
