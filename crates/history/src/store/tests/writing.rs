//! Transactions that do not come to their end: whatever fails, and wherever, nothing is half written.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;

const N_DAYS: i64 = 12;

/// Returns a bar on each of twelve days, more than are sent at once.
fn many_days() -> Bars {
    let rows: Vec<Bar> = (0..N_DAYS).flat_map(|day| bars(MONDAY + day * 86_400, &["10"])).collect();
    Bars::from_rows(&rows).expect("fits")
}

fn say(scene: &mut Scene, words: &str) {
    let words = sqlx::raw_sql(AssertSqlSafe(words.to_owned()));
    scene.store.database.run(|connection| words.execute(connection)).expect("is done");
}

/// Lets the body of one day fail, counted from the first.
fn fail_at(scene: &mut Scene, day: i64) {
    let first = date(1970, 1, 12);
    let first = crate::shelf::chunk_id(scene.series.0, first);
    let fail = format!(
        "CREATE TRIGGER failing BEFORE INSERT ON body WHEN new.chunk_id = {}
         BEGIN SELECT RAISE(ABORT, 'no room'); END",
        first + day
    );
    say(scene, &fail);
}

/// Returns everything that a transaction of bars changes.
fn everything(store: &mut Store, series: SeriesId) -> (Vec<Bar>, Vec<Span>, i64, i64) {
    let bars = store.read(series, i64::MIN, i64::MAX).expect("reads").bars.rows().collect();
    let counts =
        sqlx::query("SELECT (SELECT sum(change) FROM series), (SELECT count(*) FROM chunk)");
    let row = store.database.run(|connection| counts.fetch_one(connection)).expect("reads");
    (bars, store.covered(series).expect("reads"), row.get(0), row.get(1))
}

#[test]
fn an_answer_of_which_one_day_fails_is_taken_back_whole_and_the_next_one_is_kept() {
    for failing in [0, 1, N_DAYS - 1] {
        let mut scene = Scene::new();
        scene.put(&bars(TUESDAY, &["5"]));
        let before = everything(&mut scene.store, scene.series);
        let many = many_days();
        let span = Span { from: MONDAY, to: MONDAY + N_DAYS * 86_400, is_empty: false };
        let (series, covers) = (scene.series, [span]);
        let answer =
            Fetched { series, bars: &many, source: "test", fetched_at: 6, covers: &covers };
        fail_at(&mut scene, failing);
        let error = scene.store.put(&answer).expect_err("has no room");
        assert!(matches!(error, StoreError::Query(_)), "day {failing}: {error:?}");
        assert_eq!(everything(&mut scene.store, series), before, "day {failing}");
        // Nor is anything seen by others, who may write.
        let mut other = Store::open(&scene.path()).expect("opens");
        assert_eq!(everything(&mut other, series), before, "day {failing}");
        other.set_quota(Some(7)).expect("is not locked");
        say(&mut scene, "DROP TRIGGER failing");
        let put = scene.store.put(&answer).expect("is put");
        assert_eq!(put, Put { n_new: 11, n_left_out: 0, n_chunks: 12 }, "day {failing}");
        assert_eq!(other.read(series, i64::MIN, i64::MAX).expect("reads").bars, many);
    }
}

#[test]
fn a_transaction_that_ends_in_a_panic_is_taken_back() {
    let mut scene = Scene::new();
    let begun = catch_unwind(AssertUnwindSafe(|| {
        scene.store.database.write(async |script| -> Result<(), sqlx::Error> {
            script.add("DELETE FROM series").rows().await?;
            panic!("in the middle")
        })
    }));
    begun.expect_err("panics");
    assert_eq!(scene.store.all_series().expect("reads").len(), 1);
    scene.put(&bars(MONDAY, &["10"]));
    assert_eq!(scene.all(), bars(MONDAY, &["10"]));
}

#[test]
fn who_cannot_begin_because_another_writes_changes_nothing_and_can_go_on() {
    let mut scene = Scene::new();
    say(&mut scene, "PRAGMA busy_timeout = 0");
    let mut other = Store::open(&scene.path()).expect("opens");
    let begin = sqlx::raw_sql("BEGIN IMMEDIATE");
    other.database.run(|connection| begin.execute(connection)).expect("begins");
    let span = Span { from: MONDAY, to: TUESDAY, is_empty: false };
    scene.store.cover(scene.series, span).expect_err("is locked");
    let end = sqlx::raw_sql("COMMIT");
    other.database.run(|connection| end.execute(connection)).expect("ends");
    assert_eq!(scene.store.covered(scene.series).expect("reads"), []);
    scene.store.cover(scene.series, span).expect("is free again");
    assert_eq!(other.covered(scene.series).expect("reads"), [span]);
}
