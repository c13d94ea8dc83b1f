//! Damage, quota, and files that are none.

use super::*;

fn rows_of(days: i64) -> Vec<Bar> {
    (0..days).flat_map(|day| bars(MONDAY + day * 86_400, &["10", "11"])).collect()
}

#[test]
fn bars_that_do_not_hold_are_a_gap_again_and_named_and_the_others_are_read() {
    let mut scene = Scene::new();
    scene.put(&bars(MONDAY, &["10", "11"]));
    scene.put(&bars(TUESDAY, &["12"]));
    scene.harm();
    let read = scene.store.read(scene.series, 0, i64::MAX).expect("reads");
    assert_eq!(read.bars.rows().collect::<Vec<_>>(), bars(TUESDAY, &["12"]));
    let [damaged] = &read.damaged[..] else { panic!("{:?}", read.damaged) };
    assert_eq!((damaged.series, damaged.day), (scene.series, date(1970, 1, 12)));
    assert!(matches!(damaged.why, Damage::Checksum { .. }));
    // Midnight to midnight in New York.
    let gaps = scene.store.gaps(scene.series, MONDAY, TUESDAY).expect("reads");
    assert_eq!(gaps, [(MONDAY, 1_054_800)]);
    let noted = scene.store.noted_damage().expect("reads");
    assert_eq!((noted[0].series, noted[0].day), (scene.series, date(1970, 1, 12)));
    assert!(noted[0].why.starts_with("its checksum is"), "{noted:?}");
    assert_eq!(
        scene.put(&bars(MONDAY, &["10", "11"])),
        Put { n_new: 2, n_left_out: 0, n_chunks: 1 }
    );
    assert_eq!(scene.store.check().expect("checks").damaged, []);
}

#[test]
fn a_look_at_everything_finds_damage_that_nobody_read() {
    let mut scene = Scene::new();
    scene.put(&rows_of(3));
    assert_eq!(scene.store.check().expect("checks").n_bars, 6);
    scene.harm();
    let checked = scene.store.check().expect("checks");
    assert_eq!((checked.n_chunks, checked.n_bars, checked.damaged.len()), (3, 4, 1));
    assert_eq!(scene.store.check().expect("checks").n_chunks, 2);
}

#[test]
fn an_answer_over_bars_that_do_not_hold_takes_their_place() {
    let mut scene = Scene::new();
    scene.put(&bars(MONDAY, &["10", "11"]));
    scene.harm();
    let bars = bars(MONDAY, &["20"]);
    assert_eq!(scene.put(&bars), Put { n_new: 1, n_left_out: 0, n_chunks: 1 });
    assert_eq!(scene.all(), bars);
    assert_eq!(scene.store.noted_damage().expect("reads").len(), 1);
}

#[test]
fn a_reader_leaves_out_what_does_not_hold_and_changes_nothing() {
    let mut scene = Scene::new();
    scene.put(&rows_of(2));
    scene.harm();
    let mut reader = Store::open_to_read(&scene.path()).expect("opens");
    for _ in 0..2 {
        let window = reader.window(scene.series, crate::Start::Newest, 10, 1).expect("reads");
        assert_eq!((window.n_bars, window.columns.at), (2, vec![TUESDAY, TUESDAY + MINUTE]));
    }
    assert_eq!(scene.store.chunks(scene.series).expect("reads").len(), 2);
}

#[test]
fn a_reader_names_what_does_not_hold_each_time_and_has_it_looked_at_once() {
    let mut scene = Scene::new();
    scene.put(&rows_of(2));
    scene.harm();
    let mut reader = Store::open_to_read(&scene.path()).expect("opens");
    for n_found in [1, 0] {
        let read = reader.read(scene.series, 0, i64::MAX).expect("reads");
        assert_eq!((read.damaged.len(), read.bars.len()), (1, 2));
        let (dated, damaged) = reader.read_dated(scene.series, 0, i64::MAX).expect("reads");
        assert_eq!((dated.bars, dated.fetched.len(), damaged), (read.bars, 2, read.damaged));
        assert_eq!(reader.take_found().len(), n_found);
    }
}

#[test]
fn a_reader_reads_bars_again_that_were_written_again() {
    let mut scene = Scene::new();
    scene.put(&rows_of(1));
    scene.harm();
    let mut reader = Store::open_to_read(&scene.path()).expect("opens");
    assert_eq!(reader.n_bars(scene.series).expect("reads"), 2);
    let window = reader.window(scene.series, crate::Start::Newest, 10, 1).expect("reads");
    assert_eq!(window.n_bars, 0);
    let again = bars(MONDAY, &["20", "21", "22"]);
    scene.put(&again);
    let window = reader.window(scene.series, crate::Start::Newest, 10, 1).expect("reads");
    assert_eq!(window.n_bars, 3);
    assert_eq!(reader.read(scene.series, 0, i64::MAX).expect("reads").damaged, []);
}

#[test]
fn what_is_read_at_one_time_is_of_one_instant_while_bars_grow() {
    let mut scene = Scene::new();
    scene.put(&bars(MONDAY, &["10", "11"]));
    let mut reader = Store::open_to_read(&scene.path()).expect("opens");
    let series = scene.series;
    let (before, window) = reader
        .at_one_time(|reader| {
            let n_bars = reader.n_bars(series)?;
            scene.put(&bars(MONDAY, &["10", "11", "12"]));
            let window = reader.window(series, crate::Start::Newest, 10, 1)?;
            Ok::<_, StoreError>((n_bars, window))
        })
        .expect("reads");
    assert_eq!((before, window.n_bars, window.columns.at.len()), (2, 2, 2));
    let window = reader.window(series, crate::Start::Newest, 10, 1).expect("reads");
    assert_eq!(window.n_bars, 3);
}

#[test]
fn bars_of_two_places_in_one_chunk_are_told_from_those_of_one() {
    let mut scene = Scene::new();
    let put = |scene: &mut Scene, source, fetched_at, rows: &[Bar]| {
        let bars = Bars::from_rows(rows).expect("fits");
        let answer = Fetched { series: scene.series, bars: &bars, source, fetched_at, covers: &[] };
        scene.store.put(&answer).expect("is put");
    };
    let is_the_brokers = |scene: &mut Scene, day| {
        let span = (day, day + 10 * MINUTE);
        scene.store.is_only_from(scene.series, span, "gateway").expect("reads")
    };
    put(&mut scene, "lean", 5, &bars(MONDAY, &["10", "11", "12"]));
    put(&mut scene, "gateway", 5, &bars(TUESDAY, &["10"]));
    assert!(!is_the_brokers(&mut scene, MONDAY) && is_the_brokers(&mut scene, TUESDAY));
    put(&mut scene, "gateway", 6, &bars(MONDAY, &["20", "21"]));
    assert!(!is_the_brokers(&mut scene, MONDAY), "the third bar is another's");
    let sources: Vec<String> =
        scene.store.chunks(scene.series).expect("reads").into_iter().map(|it| it.source).collect();
    assert_eq!(sources, ["gateway lean", "gateway"]);
    put(&mut scene, "gateway", 7, &bars(MONDAY, &["20", "21", "22"]));
    assert!(is_the_brokers(&mut scene, MONDAY));
    put(&mut scene, "lean", 8, &bars(TUESDAY, &["9"]));
    assert!(!is_the_brokers(&mut scene, TUESDAY), "an import came over the broker's");
}

#[test]
fn the_oldest_of_the_series_that_was_not_used_for_the_longest_goes_first() {
    let mut scene = Scene::new();
    let rows = rows_of(200);
    let newest = rows.last().expect("has rows").at;
    let bid = scene.store.series(&key("BID", 60), &instrument()).expect("is made");
    scene.put(&rows);
    let held = Bars::from_rows(&rows).expect("fits");
    let covers = &[Span { from: MONDAY, to: newest, is_empty: false }];
    let answer = Fetched { series: bid, bars: &held, source: "test", fetched_at: 5, covers };
    scene.store.put(&answer).expect("is put");
    scene.store.touch(scene.series, 90_000).expect("is noted");
    assert_eq!(scene.store.prune(newest).expect("prunes"), Pruned::default());
    let n_bytes = scene.store.n_bytes().expect("reads");
    scene.store.set_quota(Some(n_bytes - 1)).expect("is set");
    let pruned = scene.store.prune(newest).expect("prunes");
    assert!((1..200).contains(&pruned.n_chunks), "{pruned:?}");
    assert!(scene.store.n_bytes().expect("reads") < n_bytes);
    assert_eq!(scene.all().len(), 400);
    let left = scene.store.read(bid, 0, i64::MAX).expect("reads").bars;
    let begins = MONDAY + pruned.n_chunks * 86_400;
    assert_eq!((i64::try_from(left.len()), left.at[0]), (Ok(400 - pruned.n_bars), begins));
    let gaps = scene.store.gaps(bid, MONDAY, newest).expect("reads");
    assert_eq!(gaps.len(), 1);
    assert!(gaps[0].1 > begins - 86_400 && gaps[0].1 < begins);
}

#[test]
fn the_day_that_is_not_over_is_never_pruned() {
    let mut scene = Scene::new();
    scene.put(&bars(MONDAY, &["10"]));
    scene.put(&bars(TUESDAY, &["12"]));
    scene.store.set_quota(Some(1)).expect("is set");
    assert_eq!(scene.store.quota().expect("reads"), Some(1));
    assert_eq!(scene.store.prune(TUESDAY + MINUTE).expect("prunes").n_chunks, 1);
    assert_eq!(scene.all(), bars(TUESDAY, &["12"]));
    scene.store.set_quota(None).expect("is set");
    assert_eq!(scene.store.quota().expect("reads"), None);
}

#[test]
fn figures_of_each_series_say_what_is_kept() {
    let mut scene = Scene::new();
    scene.put(&rows_of(2));
    scene.store.touch(scene.series, 7_000).expect("is noted");
    scene.store.touch(scene.series, 7_100).expect("is noted");
    let stats = scene.store.stats().expect("reads");
    let [kept] = &stats[..] else { panic!("{stats:?}") };
    assert_eq!((kept.n_chunks, kept.n_bars), (2, 4));
    assert_eq!(kept.reach, Some((MONDAY, TUESDAY + MINUTE)));
    assert_eq!(kept.used_at, Some(7_000));
    assert!(kept.n_bytes > 0 && kept.covered.len() == 1);
}

#[test]
fn a_file_that_is_no_database_is_put_aside() {
    let dir = tempfile::tempdir().expect("is made");
    let path = dir.path().join(FILE_NAME);
    let text = "not a database, but long enough to look at. ".repeat(40);
    for n in 1..3 {
        std::fs::write(&path, &text).expect("is written");
        let mut store = Store::open(&path).expect("opens");
        let aside = store.put_aside().expect("was put aside").to_owned();
        assert_eq!(aside, dir.path().join(format!("{FILE_NAME}.damaged-{n}")));
        assert_eq!(std::fs::read_to_string(aside).expect("is there"), text);
        assert_eq!(store.all_series().expect("reads"), []);
        store.close().expect("closes");
        let again = Store::open(&path).expect("opens");
        assert!(again.put_aside().is_none());
        again.close().expect("closes");
    }
}
