//! The store on real files.

use jiff::civil::date;
use tempfile::TempDir;

use super::*;

const MINUTE: i64 = 60;

fn key(what: &str) -> SeriesKey {
    SeriesKey { con_id: ConId::new(756_733), what: what.to_owned(), bar_secs: 60, is_regular: true }
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
        let series = store.series(&key("TRADES"), &instrument()).expect("is made");
        Self { dir, store, series }
    }

    fn seal(&mut self, day: Date, rows: &[Bar]) -> Result<(), StoreError> {
        let bars = Bars::from_rows(rows).expect("fits");
        let sealed = Sealed { day, bars: &bars, source: "test", fetched_at: 5 };
        self.store.seal(self.series, &sealed)
    }

    fn rows(&mut self, from: i64, to: i64) -> Vec<Bar> {
        self.store.read(self.series, from, to).expect("reads").bars.rows().collect()
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join(FILE_NAME)
    }
}

#[test]
fn days_of_different_scales_are_read_back_as_one_series() {
    let mut scene = Scene::new();
    let (monday, tuesday) = (bars(1_000_000, &["10", "10.5"]), bars(1_086_400, &["0.0001", "-3"]));
    scene.seal(date(1970, 1, 13), &tuesday).expect("is sealed");
    scene.seal(date(1970, 1, 12), &monday).expect("is sealed");
    assert_eq!(scene.rows(0, i64::MAX), [monday.clone(), tuesday.clone()].concat());
    assert_eq!(scene.rows(1_000_060, 1_086_401), [monday[1], tuesday[0]]);
    let days = scene.store.days(scene.series).expect("reads");
    let [first, second] = &days[..] else { panic!("{days:?}") };
    assert_eq!((first.day, first.n_bars, first.revision), (date(1970, 1, 12), 2, 1));
    assert_eq!(second.bar.open, tuesday[0].open);
    assert_eq!(second.bar.low, Decimal::from(-5));
    assert_eq!(second.bar.volume, Decimal::from(200));
}

#[test]
fn a_day_that_comes_again_takes_the_place_of_the_first() {
    let mut scene = Scene::new();
    let day = date(1970, 1, 12);
    scene.seal(day, &bars(1_000_000, &["10", "11", "12"])).expect("is sealed");
    scene.seal(day, &bars(1_000_000, &["20"])).expect("is sealed");
    assert_eq!(scene.rows(0, i64::MAX), bars(1_000_000, &["20"]));
    assert_eq!(scene.store.days(scene.series).expect("reads")[0].revision, 2);
}

#[test]
fn rows_of_the_open_day_stand_behind_the_sealed_ones_until_it_is_sealed() {
    let mut scene = Scene::new();
    let open = bars(1_086_400, &["11", "12"]);
    scene.seal(date(1970, 1, 12), &bars(1_000_000, &["10"])).expect("is sealed");
    scene.store.put_open(scene.series, &bars(1_086_400, &["99"])).expect("is put");
    scene.store.put_open(scene.series, &open).expect("is put");
    assert_eq!(scene.rows(1_000_001, i64::MAX), open);
    scene.seal(date(1970, 1, 13), &open).expect("is sealed");
    assert_eq!(scene.rows(1_000_001, i64::MAX), open);
    let left = scene.store.open_bars(scene.series, 0, i64::MAX).expect("reads");
    assert_eq!(left, []);
}

#[test]
fn a_series_is_made_once_and_kept_apart_from_others() {
    let mut scene = Scene::new();
    let again = scene.store.series(&key("TRADES"), &instrument()).expect("is found");
    assert_eq!(again, scene.series);
    let bid = scene.store.series(&key("BID"), &instrument()).expect("is made");
    assert_ne!(bid, scene.series);
    scene.seal(date(1970, 1, 12), &bars(1_000_000, &["10"])).expect("is sealed");
    assert!(scene.store.read(bid, 0, i64::MAX).expect("reads").bars.is_empty());
    let whats: Vec<String> =
        scene.store.all_series().expect("reads").into_iter().map(|one| one.key.what).collect();
    assert_eq!(whats, ["BID", "TRADES"]);
}

#[test]
fn a_damaged_day_is_missing_and_named_and_the_others_are_read() {
    let mut scene = Scene::new();
    scene.seal(date(1970, 1, 12), &bars(1_000_000, &["10", "11"])).expect("is sealed");
    scene.seal(date(1970, 1, 13), &bars(1_086_400, &["12"])).expect("is sealed");
    let harm = sqlx::query(
        "UPDATE chunk SET body = zeroblob(length(body)) WHERE chunk_id = (SELECT min(chunk_id) FROM chunk)",
    );
    scene.store.database.run(|connection| harm.execute(connection)).expect("is harmed");
    let read = scene.store.read(scene.series, 0, i64::MAX).expect("reads");
    assert_eq!(read.bars.rows().collect::<Vec<_>>(), bars(1_086_400, &["12"]));
    let [damaged] = &read.damaged[..] else { panic!("{:?}", read.damaged) };
    assert_eq!(damaged.day, date(1970, 1, 12));
    assert!(matches!(damaged.why, Damage::Checksum { .. }));
}

#[test]
fn what_is_known_is_kept_over_a_restart() {
    let mut scene = Scene::new();
    let span = |from, to, is_empty| Span { from, to, is_empty };
    scene.store.cover(scene.series, span(100, 200, false)).expect("is noted");
    scene.store.cover(scene.series, span(300, 400, true)).expect("is noted");
    let path = scene.path();
    scene.store.close().expect("closes");
    let mut again = Store::open_to_read(&path).expect("opens");
    let known = again.covered(scene.series).expect("reads");
    assert_eq!(known, [span(100, 200, false), span(300, 400, true)]);
    let gaps = again.gaps(scene.series, 0, 500).expect("reads");
    assert_eq!(gaps, [(0, 100), (200, 300), (400, 500)]);
}

#[test]
fn bars_out_of_order_or_none_at_all_change_nothing() {
    let mut scene = Scene::new();
    let day = date(1970, 1, 12);
    let mut wrong = bars(1_000_000, &["10", "11"]);
    wrong.reverse();
    for rows in [wrong, Vec::new()] {
        let error = scene.seal(day, &rows).expect_err("is refused");
        assert!(matches!(error, StoreError::Order { .. }));
    }
    let bars = bars(1_000_000, &["10"]);
    assert!(matches!(scene.seal(date(1969, 12, 31), &bars), Err(StoreError::Day { .. })));
    assert_eq!(scene.rows(0, i64::MAX), []);
}

#[test]
fn a_file_that_is_no_history_is_said_to_be_none() {
    let dir = tempfile::tempdir().expect("is made");
    let path = dir.path().join("other.sqlite");
    assert!(matches!(Store::open_to_read(&path), Err(StoreError::Open { .. })));
    std::fs::write(&path, "not a database, but long enough to look at").expect("is written");
    assert!(matches!(Store::open_to_read(&path), Err(StoreError::Open { .. })));
}
