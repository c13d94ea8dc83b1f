//! Exports of bars that do not hold, or change meanwhile.

use gatehouse_types::ConId;

use super::*;
use crate::bars::Bars;
use crate::connection::Database;
use crate::files::lean::export_lean;
use crate::series::{Instrument, SeriesId, SeriesKey};
use crate::store::Fetched;

/// Monday, 7 October 2013, 10:00 in New York.
const OPEN: i64 = 1_381_154_400;
const DAY: i64 = 86_400;

fn put(store: &mut Store, at: i64, close: &str) -> SeriesId {
    let instrument = Instrument {
        symbol: "SPY".to_owned(),
        sec_type: "STK".to_owned(),
        currency: "USD".to_owned(),
        exchange: "SMART".to_owned(),
        zone: "America/New_York".to_owned(),
    };
    let con_id = ConId::new(756_733);
    let key = SeriesKey { con_id, what: "TRADES".to_owned(), bar_secs: 60, is_regular: true };
    let series = store.series(&key, &instrument).expect("is made");
    let bar = |nth: i64| Bar {
        at: at + nth * 60,
        open: px(close),
        high: px(close),
        low: px(close),
        close: px(close),
        volume: Decimal::ONE,
        average: px(close),
        n_trades: 1,
    };
    let bars = Bars::from_rows(&(0..5).map(bar).collect::<Vec<_>>()).expect("fits");
    let fetched = Fetched { series, bars: &bars, source: "test", fetched_at: 5, covers: &[] };
    store.put(&fetched).expect("is put");
    series
}

#[test]
fn bars_that_do_not_hold_are_named_and_not_left_out() {
    let mut scene = Scene::new();
    for day in 0..3 {
        put(&mut scene.store, OPEN + day * DAY, "1.5");
    }
    let harm = sqlx::query(
        "UPDATE body SET body = zeroblob(length(body))
         WHERE chunk_id < (SELECT max(chunk_id) FROM chunk)",
    );
    let path = scene.path("history.sqlite");
    let mut file = Database::open_to_write(&path).expect("opens");
    file.run(|connection| harm.execute(connection)).expect("is harmed");
    let mut reader = Store::open_to_read(&path).expect("opens");
    let one = scene.series("TRADES");
    let all = Selection { series: one.id, from: i64::MIN, to: i64::MAX };
    let out = scene.path("out");
    let written = [
        export_csv(&mut reader, all, &out.join("a.csv"), &mut silent),
        export_parquet(&mut reader, all, &out.join("a.parquet"), &mut silent),
        export_lean(&mut reader, &[one], (all.from, all.to), &out.join("lean"), &mut silent),
    ];
    for written in written {
        let error = written.expect_err("is not whole").to_string();
        assert_eq!(error, "bars of 2013-10-07, 2013-10-08 do not hold");
    }
    for name in ["a.csv", "a.parquet", "lean"] {
        assert!(!out.join(name).exists(), "{name}");
    }
}

#[test]
fn bars_that_change_while_they_are_written_are_not_written_at_another_scale() {
    let mut scene = Scene::new();
    put(&mut scene.store, OPEN, "1.5");
    let series = put(&mut scene.store, OPEN + DAY, "1.5");
    let (path, out) = (scene.path("history.sqlite"), scene.path("a.parquet"));
    let all = Selection { series, from: i64::MIN, to: i64::MAX };
    let written = export_parquet(&mut scene.store, all, &out, &mut |_| {
        let mut other = Store::open(&path).expect("opens");
        put(&mut other, OPEN + DAY + 3_600, "1.0625");
    });
    assert!(matches!(written, Err(FileError::Changed)), "{written:?}");
    assert!(!out.exists());
}
