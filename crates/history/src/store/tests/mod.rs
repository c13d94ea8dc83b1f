//! The store on real files.

mod damage;
mod keeping;
mod laid;
mod shown;
mod writing;

use gatehouse_types::{ConId, Decimal};
use jiff::civil::date;
use tempfile::TempDir;

use super::*;
use crate::bars::{Bar, Bars};
use crate::coverage::Span;

const MINUTE: i64 = 60;
/// 12 January 1970, 08:46:40 in New York.
const MONDAY: i64 = 1_000_000;
const TUESDAY: i64 = MONDAY + 86_400;

fn key(what: &str, bar_secs: u32) -> SeriesKey {
    SeriesKey { con_id: ConId::new(756_733), what: what.to_owned(), bar_secs, is_regular: true }
}

fn instrument() -> Instrument {
    Instrument {
        symbol: "SPY".to_owned(),
        sec_type: "STK".to_owned(),
        currency: "USD".to_owned(),
        exchange: "ARCA".to_owned(),
        zone: "America/New_York".to_owned(),
    }
}

fn bars(first: i64, closes: &[&str]) -> Vec<Bar> {
    let bar = |(minute, close): (i64, &&str)| {
        let close: Decimal = close.parse().expect("is a price");
        Bar {
            at: first + minute * MINUTE,
            open: close - Decimal::ONE,
            high: close + Decimal::ONE,
            low: close - Decimal::TWO,
            close,
            volume: Decimal::from(100),
            average: close,
            n_trades: 7,
        }
    };
    (0..).zip(closes).map(bar).collect()
}

struct Scene {
    dir: TempDir,
    store: Store,
    series: SeriesId,
}

impl Scene {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("is made");
        let mut store = Store::open(&dir.path().join(FILE_NAME)).expect("opens");
        let series = store.series(&key("TRADES", 60), &instrument()).expect("is made");
        Self { dir, store, series }
    }

    fn put_at(&mut self, fetched_at: i64, rows: &[Bar]) -> Put {
        let bars = Bars::from_rows(rows).expect("fits");
        let span = Span { from: MONDAY - 3_600, to: TUESDAY + 3_600, is_empty: false };
        let answer =
            Fetched { series: self.series, bars: &bars, source: "test", fetched_at, covers: &[] };
        self.store.cover(self.series, span).expect("is noted");
        self.store.put(&answer).expect("is put")
    }

    fn put(&mut self, rows: &[Bar]) -> Put {
        self.put_at(5, rows)
    }

    fn rows(&mut self, from: i64, to: i64) -> Vec<Bar> {
        self.store.read(self.series, from, to).expect("reads").bars.rows().collect()
    }

    fn all(&mut self) -> Vec<Bar> {
        self.rows(i64::MIN, i64::MAX)
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join(FILE_NAME)
    }

    /// Breaks the first body of the file.
    fn harm(&mut self) {
        let harm = sqlx::query(
            "UPDATE body SET body = zeroblob(length(body)) WHERE chunk_id = (SELECT min(chunk_id) FROM chunk)",
        );
        self.store.database.run(|connection| harm.execute(connection)).expect("is harmed");
    }
}

#[test]
fn an_answer_of_several_days_is_kept_as_one_answer_for_each_would_be() {
    let (coarse, fine) = (bars(MONDAY, &["10", "11"]), bars(TUESDAY, &["0.0001"]));
    let mut together = Scene::new();
    together.put(&[coarse.clone(), fine.clone()].concat());
    let mut apart = Scene::new();
    apart.put(&coarse);
    apart.put(&fine);
    let bodies = |scene: &mut Scene| {
        let bodies = sqlx::query("SELECT chunk.crc32, body FROM chunk JOIN body USING (chunk_id)");
        let rows = scene.store.database.run(|connection| bodies.fetch_all(connection));
        let both = |row: &sqlx::sqlite::SqliteRow| (row.get::<i64, _>(0), row.get::<Vec<u8>, _>(1));
        rows.expect("reads").iter().map(both).collect::<Vec<_>>()
    };
    assert_eq!(bodies(&mut together), bodies(&mut apart));
    assert_eq!(together.put(&coarse), Put::default());
}

#[test]
fn a_bar_whose_day_has_no_number_is_refused_and_takes_nothing_with_it() {
    let mut scene = Scene::new();
    scene.put(&bars(MONDAY, &["10"]));
    let rows = Bars::from_rows(&bars(99_999_999_999, &["9"])).expect("fits");
    let answer =
        Fetched { series: scene.series, bars: &rows, source: "x", fetched_at: 5, covers: &[] };
    let error = scene.store.put(&answer).expect_err("is no time");
    assert!(matches!(error, StoreError::Time(_)), "{error:?}");
    assert_eq!(scene.all(), bars(MONDAY, &["10"]));
}

#[test]
fn days_of_different_scales_are_read_back_as_one_series() {
    let mut scene = Scene::new();
    let (monday, tuesday) = (bars(MONDAY, &["10", "10.5"]), bars(TUESDAY, &["0.0001", "-3"]));
    scene.put(&tuesday);
    scene.put(&monday);
    assert_eq!(scene.all(), [monday.clone(), tuesday.clone()].concat());
    assert_eq!(scene.rows(MONDAY + 60, TUESDAY + 1), [monday[1], tuesday[0]]);
    let days = scene.store.chunks(scene.series).expect("reads");
    let [first, second] = &days[..] else { panic!("{days:?}") };
    assert_eq!((first.day, first.n_bars, first.revision), (date(1970, 1, 12), 2, 1));
    assert_eq!(second.bar.open, tuesday[0].open);
    assert_eq!(second.bar.low, Decimal::from(-5));
    assert_eq!(second.bar.volume, Decimal::from(200));
}

#[test]
fn of_one_instant_the_bar_that_was_fetched_last_stays() {
    let mut scene = Scene::new();
    let put = scene.put_at(5, &bars(MONDAY, &["10", "11", "12"]));
    assert_eq!(put, Put { n_new: 3, n_left_out: 0, n_chunks: 1 });
    let put = scene.put_at(6, &bars(MONDAY + MINUTE, &["20", "21", "22"]));
    assert_eq!(put, Put { n_new: 1, n_left_out: 0, n_chunks: 1 });
    let expected = bars(MONDAY, &["10", "20", "21", "22"]);
    assert_eq!(scene.all(), expected);
    assert_eq!(scene.store.chunks(scene.series).expect("reads")[0].revision, 2);
    // An older answer that comes late, and the same one again, change nothing.
    for fetched_at in [5, 6] {
        let put = scene.put_at(fetched_at, &bars(MONDAY + MINUTE, &["20", "21", "22"]));
        assert_eq!(put, Put::default());
    }
    assert_eq!(scene.put_at(4, &bars(MONDAY, &["99"])), Put::default());
    assert_eq!(scene.all(), expected);
    assert_eq!(scene.store.chunks(scene.series).expect("reads")[0].revision, 2);
}

#[test]
fn one_answer_fills_several_days_in_any_order() {
    let mut scene = Scene::new();
    let mut rows = [bars(MONDAY, &["10", "11"]), bars(TUESDAY, &["12"])].concat();
    let expected = rows.clone();
    rows.reverse();
    rows.push(rows[0]);
    assert_eq!(scene.put(&rows), Put { n_new: 3, n_left_out: 0, n_chunks: 2 });
    assert_eq!(scene.all(), expected);
    assert_eq!(scene.store.chunks(scene.series).expect("reads").len(), 2);
}

#[test]
fn answers_that_cannot_be_held_change_nothing() {
    let mut scene = Scene::new();
    scene.put(&bars(MONDAY, &["0.00000001"]));
    let good = Bars::from_rows(&bars(TUESDAY, &["10"])).expect("fits");
    let huge = Bars::from_rows(&bars(MONDAY + MINUTE, &["900000000000000"])).expect("fits");
    let answer = |bars| Fetched {
        series: scene.series,
        bars,
        source: "test",
        fetched_at: 6,
        covers: &[Span { from: 0, to: 10, is_empty: true }],
    };
    let error = scene.store.put_all(&[answer(&good), answer(&huge)]).expect_err("is refused");
    assert!(matches!(error, StoreError::NotHeld(_)), "{error:?}");
    assert_eq!(scene.all(), bars(MONDAY, &["0.00000001"]));
    assert_eq!(scene.store.covered(scene.series).expect("reads").len(), 1);
}

#[test]
fn a_series_is_made_once_and_kept_apart_from_others() {
    let mut scene = Scene::new();
    let again = scene.store.series(&key("TRADES", 60), &instrument()).expect("is found");
    assert_eq!(again, scene.series);
    let bid = scene.store.series(&key("BID", 60), &instrument()).expect("is made");
    assert_ne!(bid, scene.series);
    scene.put(&bars(MONDAY, &["10"]));
    assert!(scene.store.read(bid, 0, i64::MAX).expect("reads").bars.is_empty());
    let whats: Vec<String> =
        scene.store.all_series().expect("reads").into_iter().map(|one| one.key.what).collect();
    assert_eq!(whats, ["BID", "TRADES"]);
    let nowhere = Instrument { zone: "Mars/Base".to_owned(), ..instrument() };
    let error = scene.store.series(&key("MIDPOINT", 60), &nowhere).expect_err("is refused");
    assert!(matches!(error, StoreError::Zone { .. }), "{error:?}");
}

#[test]
fn what_is_known_is_kept_over_a_restart() {
    let mut scene = Scene::new();
    let span = |from, to, is_empty| Span { from, to, is_empty };
    for (from, to, is_empty) in [(100, 150, false), (300, 400, true), (150, 200, false)] {
        scene.store.cover(scene.series, span(from, to, is_empty)).expect("is noted");
    }
    scene.store.uncover(scene.series, 350, 360).expect("is noted");
    let path = scene.path();
    scene.store.close().expect("closes");
    let mut again = Store::open_to_read(&path).expect("opens");
    let known = again.covered(scene.series).expect("reads");
    assert_eq!(known, [span(100, 200, false), span(300, 350, true), span(360, 400, true)]);
    let gaps = again.gaps(scene.series, 0, 500).expect("reads");
    assert_eq!(gaps, [(0, 100), (200, 300), (350, 360), (400, 500)]);
}

#[test]
fn a_file_that_is_no_history_is_said_to_be_none() {
    let dir = tempfile::tempdir().expect("is made");
    let path = dir.path().join("other.sqlite");
    assert!(matches!(Store::open_to_read(&path), Err(StoreError::Open { .. })));
    std::fs::write(&path, "not a database, but long enough to look at").expect("is written");
    assert!(matches!(Store::open_to_read(&path), Err(StoreError::Open { .. })));
}
