//! Windows for charts.

use gatehouse_types::Decimal;
use proptest::prelude::*;

use super::*;
use crate::window::{Columns, Start, Window};

/// Days of a few bars each, with prices that differ.
fn rows(n_of_day: &[i64]) -> Vec<Bar> {
    let days = (0..).zip(n_of_day);
    let minutes = days.flat_map(|(day, n)| (0..*n).map(move |minute| (day, minute)));
    let bar = |(n, (day, minute)): (i64, (i64, i64))| {
        let close = Decimal::new(10_000 + (n * 7_919) % 503 - 250, 2);
        Bar {
            at: MONDAY + day * 86_400 + minute * MINUTE,
            open: close + Decimal::new(n % 3, 2),
            high: close + Decimal::new(5 + n % 4, 2),
            low: close - Decimal::new(4 + n % 5, 2),
            close,
            volume: Decimal::from(if n % 11 == 0 { -1 } else { n + 1 }),
            average: close,
            n_trades: 1,
        }
    };
    (0..).zip(minutes).map(bar).collect()
}

/// Makes the columns in the plainest way.
fn expected(rows: &[Bar], first: usize, n_columns: usize, bars_per_column: usize) -> Columns {
    let mantissa = |px: Decimal| i64::try_from((px * Decimal::ONE_HUNDRED).round()).expect("fits");
    let whole = |volume: Decimal| i64::try_from(volume).expect("fits").max(0);
    let mut columns = Columns { px_scale: 2, ..Columns::default() };
    for bars in rows[first..].chunks(bars_per_column).take(n_columns) {
        columns.at.push(bars[0].at);
        columns.open.push(mantissa(bars[0].open));
        columns.high.push(bars.iter().map(|bar| mantissa(bar.high)).max().expect("is some"));
        columns.low.push(bars.iter().map(|bar| mantissa(bar.low)).min().expect("is some"));
        columns.close.push(mantissa(bars[bars.len() - 1].close));
        columns.volume.push(bars.iter().map(|bar| whole(bar.volume)).sum());
    }
    columns
}

fn scene(rows: &[Bar]) -> Scene {
    let mut scene = Scene::new();
    scene.put(rows);
    scene
}

fn window(scene: &mut Scene, start: Start, n_columns: u32, bars_per_column: u32) -> Window {
    scene.store.window(scene.series, start, n_columns, bars_per_column).expect("reads")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn every_window_is_what_the_plainest_way_gives(
        n_of_day in prop::collection::vec(1_i64..9, 1..90),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 1_u32..40, 1_u32..30), 1..25),
    ) {
        let rows = rows(&n_of_day);
        let mut scene = scene(&rows);
        for (first, n_columns, bars_per_column) in cuts {
            let first = first.index(rows.len());
            let start = Start::Index(i64::try_from(first).expect("fits"));
            let shown = window(&mut scene, start, n_columns, bars_per_column);
            let [n, per] = [n_columns, bars_per_column].map(|n| usize::try_from(n).expect("fits"));
            prop_assert_eq!(shown.columns, expected(&rows, first, n, per));
        }
    }
}

#[test]
fn a_window_says_where_it_begins() {
    let rows = rows(&[3, 4, 3]);
    let mut scene = scene(&rows);
    let noon = rows[5].at + 30;
    for (start, n_columns, bars_per_column, first, n) in [
        (Start::Newest, 4, 1, 6, 4),
        (Start::Newest, 100, 1, 0, 10),
        // Columns begin at multiples, so the last holds one bar.
        (Start::Newest, 2, 3, 6, 2),
        (Start::Index(7), 10, 1, 7, 3),
        (Start::Index(-3), 2, 1, 0, 2),
        (Start::Index(99), 2, 1, 10, 0),
        (Start::Time(noon), 4, 1, 3, 4),
        (Start::Time(noon), 4, 2, 0, 4),
        (Start::Time(i64::MIN), 4, 1, 0, 4),
        (Start::Time(i64::MAX), 4, 1, 7, 3),
    ] {
        let shown = window(&mut scene, start, n_columns, bars_per_column);
        let found = (shown.first, shown.columns.at.len(), shown.n_bars);
        assert_eq!(found, (first, n, 10), "{start:?} {n_columns} {bars_per_column}");
    }
}

#[test]
fn an_instant_means_the_bar_that_began_last() {
    let rows = rows(&[3, 4]);
    let mut scene = scene(&rows);
    for (at, expected) in [
        (rows[0].at - 1, 0),
        (rows[0].at, 0),
        (rows[1].at + 59, 1),
        (rows[2].at + 9_999, 2),
        (rows[5].at, 5),
        (i64::MAX, 6),
    ] {
        assert_eq!(scene.store.index_at(scene.series, at).expect("reads"), Some(expected), "{at}");
    }
    let empty = scene.store.series(&key("BID", 60), &instrument()).expect("is made");
    assert_eq!(scene.store.index_at(empty, 5).expect("reads"), None);
    assert_eq!(scene.store.window(empty, Start::Newest, 5, 5).expect("reads").columns.at, []);
}

#[test]
fn windows_follow_what_another_connection_adds_and_takes() {
    let first = rows(&[3, 4]);
    let mut scene = scene(&first);
    let mut other = Store::open(&scene.path()).expect("opens");
    let series = scene.series;
    let n_bars =
        |store: &mut Store| store.window(series, Start::Newest, 5, 1).expect("reads").n_bars;
    assert_eq!((n_bars(&mut scene.store), n_bars(&mut other)), (7, 7));
    scene.put(&rows(&[3, 5, 2]));
    assert_eq!(n_bars(&mut other), 10);
    scene.store.set_quota(Some(1)).expect("is set");
    scene.store.prune(TUESDAY).expect("prunes");
    assert_eq!(n_bars(&mut other), 7);
}

#[test]
fn whole_days_are_shown_without_a_look_at_their_bars() {
    let rows = rows(&[3, 4, 2]);
    let mut scene = scene(&rows);
    let gone = sqlx::query("DELETE FROM body");
    scene.store.database.run(|connection| gone.execute(connection)).expect("is gone");
    let days = scene.store.newest_chunks(scene.series, 2).expect("reads");
    assert_eq!(days.at, [rows[3].at, rows[7].at]);
    let last = expected(&rows, 7, 1, 2);
    assert_eq!(
        (days.high[1], days.low[1], days.volume[1]),
        (last.high[0], last.low[0], last.volume[0])
    );
    let shown = window(&mut scene, Start::Index(0), 1, 9);
    assert_eq!(shown.columns, expected(&rows, 0, 1, 9));
}

#[test]
fn a_window_over_bars_that_do_not_hold_is_of_what_is_left() {
    let rows = rows(&[3, 4]);
    let mut scene = scene(&rows);
    scene.harm();
    let shown = window(&mut scene, Start::Index(0), 10, 2);
    assert_eq!((shown.n_bars, shown.columns), (4, expected(&rows[3..], 0, 10, 2)));
    assert_eq!(scene.store.noted_damage().expect("reads").len(), 1);
}
