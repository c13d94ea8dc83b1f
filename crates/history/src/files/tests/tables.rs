//! Tables of text, and Parquet.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::parquet::data_type::Int64Type;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::parser::parse_message_type;
use gatehouse_types::ConId;

use super::*;
use crate::bars::Bars;
use crate::series::{Instrument, SeriesId, SeriesKey};
use crate::store::Fetched;

const OPEN: i64 = 1_381_152_600;
/// Midnight in UTC of 7 October 2013.
const MONDAY: i64 = 1_381_104_000;

fn reading(bar_secs: u32) -> TableReading {
    let instrument = Instrument {
        symbol: "CL".to_owned(),
        sec_type: "FUT".to_owned(),
        currency: "USD".to_owned(),
        exchange: "NYMEX".to_owned(),
        zone: "America/New_York".to_owned(),
    };
    let con_id = Some(ConId::new(77));
    TableReading {
        origin: Origin {
            con_id,
            instrument,
            what: "TRADES".to_owned(),
            bar_secs,
            is_regular: false,
        },
        columns: BTreeMap::new(),
        time: TimeForm::Guessed,
        delimiter: b',',
        fetched_at: 5,
    }
}

/// Negative, zero and long prices, without volumes here and there.
fn bars(n: i64, step: i64) -> Vec<Bar> {
    let bar = |n: i64| {
        let close = Decimal::new(n * 37 - 4_000, u32::try_from(n % 3 * 4).expect("fits"));
        Bar {
            at: OPEN + n * step,
            open: close - Decimal::new(1, 8),
            high: close + Decimal::ONE,
            low: close - Decimal::ONE,
            close,
            volume: if n % 4 == 0 { Decimal::NEGATIVE_ONE } else { Decimal::new(n * 10, 1) },
            average: if n % 5 == 0 { Decimal::NEGATIVE_ONE } else { close },
            n_trades: if n % 5 == 0 { -1 } else { 7 },
        }
    };
    (0..n).map(bar).collect()
}

fn kept(scene: &mut Scene, rows: &[Bar], bar_secs: u32) -> SeriesId {
    let origin = reading(bar_secs).origin;
    let key = SeriesKey {
        con_id: ConId::new(77),
        what: "TRADES".to_owned(),
        bar_secs,
        is_regular: false,
    };
    let series = scene.store.series(&key, &origin.instrument).expect("is made");
    let bars = Bars::from_rows(rows).expect("fits");
    let fetched = Fetched { series, bars: &bars, source: "test", fetched_at: 5, covers: &[] };
    scene.store.put(&fetched).expect("is put");
    series
}

fn all(series: SeriesId) -> Selection {
    Selection { series, from: i64::MIN, to: i64::MAX }
}

fn taken(report: &FileReport) -> (i64, usize, &Troubles) {
    let Outcome::Taken { n_rows, n_new, troubles, .. } = &report.outcome else {
        panic!("{report:?}")
    };
    (*n_rows, *n_new, troubles)
}

#[test]
fn a_table_of_text_is_read_back_as_it_was_written() {
    for (bar_secs, step, first) in [
        (60, 60, "2013-10-07T13:30:00Z,-4000.00000001,-3999,-4001,-4000,"),
        (86_400, 86_400, "2013-10-07,-4000.00000001,-3999,-4001,-4000,"),
    ] {
        let mut scene = Scene::new();
        let mut rows = bars(9, step);
        if bar_secs == 86_400 {
            rows.iter_mut().for_each(|row| row.at -= OPEN % 86_400);
        }
        let series = kept(&mut scene, &rows, bar_secs);
        let path = scene.path("out/bars.csv");
        assert_eq!(
            export_csv(&mut scene.store, all(series), &path, &mut silent).expect("writes"),
            9
        );
        let text = std::fs::read_to_string(&path).expect("reads");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines[0], lines[1]), ("time,open,high,low,close,volume", first));
        let mut other = Scene::new();
        let report = import_csv(&mut other.store, &path, &reading(bar_secs), &mut silent);
        assert_eq!(taken(&report.expect("reads")), (9, 9, &Troubles::default()));
        // A table has neither averages nor counts.
        rows.iter_mut().for_each(|row| (row.average, row.n_trades) = (Decimal::NEGATIVE_ONE, -1));
        assert_eq!(other.rows("TRADES"), rows);
    }
}

#[test]
fn only_what_begins_within_the_selection_is_written() {
    let mut scene = Scene::new();
    let series = kept(&mut scene, &bars(9, 60), 60);
    let selection = Selection { series, from: OPEN + 60, to: OPEN + 180 };
    for (name, export) in [("a.csv", true), ("a.parquet", false)] {
        let path = scene.path(name);
        let n = if export {
            export_csv(&mut scene.store, selection, &path, &mut silent)
        } else {
            export_parquet(&mut scene.store, selection, &path, &mut silent)
        };
        assert_eq!(n.expect("writes"), 2, "{name}");
    }
}

#[test]
fn parquet_is_read_back_as_it_was_written() {
    let mut scene = Scene::new();
    let rows = bars(9, 60);
    let series = kept(&mut scene, &rows, 60);
    let path = scene.path("bars.parquet");
    export_parquet(&mut scene.store, all(series), &path, &mut silent).expect("writes");
    let mut other = Scene::new();
    let report = import_parquet(&mut other.store, &path, &reading(60), &mut silent);
    assert_eq!(taken(&report.expect("reads")), (9, 9, &Troubles::default()));
    assert_eq!(other.rows("TRADES"), rows);
}

#[test]
fn times_are_understood_in_every_usual_form() {
    for (time, form, zone_secs) in [
        ("1381152600", None, 0),
        ("1381152600000", None, 0),
        ("1381152600000000", None, 0),
        ("1381152600000000000", None, 0),
        ("2013-10-07T13:30:00Z", None, 0),
        ("2013-10-07 13:30:00+00:00", None, 0),
        ("2013-10-07T09:30:00", None, 0),
        ("2013-10-07 09:30:00", None, 0),
        ("20131007", None, -34_200),
        ("2013-10-07", None, -34_200),
        ("07.10.2013 09:30", Some("%d.%m.%Y %H:%M"), 0),
        ("07.10.2013", Some("%d.%m.%Y"), -34_200),
    ] {
        let mut scene = Scene::new();
        let path = scene.path("bars.csv");
        std::fs::write(&path, format!("time,open,high,low,close\n{time},1,1,1,1\n"))
            .expect("writes");
        let mut reading = reading(60);
        reading.time = form.map_or(TimeForm::Guessed, |form| TimeForm::Pattern(form.to_owned()));
        import_csv(&mut scene.store, &path, &reading, &mut silent).expect("reads");
        assert_eq!(
            scene.rows("TRADES").first().map(|row| row.at),
            Some(OPEN + zone_secs),
            "{time}"
        );
    }
}

#[test]
fn a_bar_of_a_day_or_longer_is_kept_by_the_date_that_is_meant() {
    const DAY: u32 = 86_400;
    for (bar_secs, zone, time, pattern) in [
        (DAY, "America/New_York", "2013-10-07 00:00:00-04:00", None),
        (DAY, "Asia/Tokyo", "2013-10-07 00:00:00+09:00", None),
        // The same midnights as UTC has them.
        (DAY, "America/New_York", "2013-10-07T04:00:00Z", None),
        (DAY, "Asia/Tokyo", "2013-10-06 15:00:00+00:00", None),
        (DAY, "America/New_York", "1381118400", None),
        // Midnight in UTC stands for its date.
        (DAY, "America/New_York", "2013-10-07T00:00:00Z", None),
        (DAY, "America/New_York", "1381104000000", None),
        (DAY, "America/New_York", "2013-10-07 16:00:00", None),
        (DAY, "America/New_York", "2013-10-07", None),
        (DAY, "America/New_York", "07.10.2013 22:00", Some("%d.%m.%Y %H:%M")),
        (7 * DAY, "America/New_York", "2013-10-11", None),
        (7 * DAY, "America/New_York", "2013-10-11 00:00:00-04:00", None),
    ] {
        let mut scene = Scene::new();
        let path = scene.path("bars.csv");
        std::fs::write(&path, format!("time,open,high,low,close\n{time},1,1,1,1\n"))
            .expect("writes");
        let mut reading = reading(bar_secs);
        reading.origin.instrument.zone = zone.to_owned();
        reading.time = pattern.map_or(TimeForm::Guessed, |it| TimeForm::Pattern(it.to_owned()));
        import_csv(&mut scene.store, &path, &reading, &mut silent).expect("reads");
        let kept = scene.rows("TRADES").first().map(|row| row.at);
        assert_eq!(kept, Some(MONDAY), "{bar_secs} {zone} {time}");
    }
}

/// Writes a table of one row, whose time is a number of such a type.
fn parquet_of(path: &Path, of_time: &str, time: i64) {
    let schema = parse_message_type(&format!(
        "message bars {{ REQUIRED INT64 time {of_time}; REQUIRED INT64 open; REQUIRED INT64 high; \
         REQUIRED INT64 low; REQUIRED INT64 close; }}"
    ));
    let schema = Arc::new(schema.expect("is a schema"));
    let file = std::fs::File::create(path).expect("creates");
    let mut writer = SerializedFileWriter::new(file, schema, Arc::default()).expect("is a writer");
    let mut group = writer.next_row_group().expect("begins");
    for value in [time, 1, 1, 1, 1] {
        let mut column = group.next_column().expect("is next").expect("is there");
        column.typed::<Int64Type>().write_batch(&[value], None, None).expect("writes");
        column.close().expect("ends");
    }
    group.close().expect("ends");
    writer.close().expect("ends");
}

#[test]
fn times_of_parquet_are_instants_or_on_the_wall_as_their_column_says() {
    const NEW_YORK: i64 = 4 * 3_600;
    const DAY: u32 = 86_400;
    for (of_time, per_second, time, bar_secs, kept) in [
        ("(TIMESTAMP(MILLIS, true))", 1_000, OPEN, 60, OPEN),
        ("(TIMESTAMP(MICROS, true))", 1_000_000, OPEN, 60, OPEN),
        ("(TIMESTAMP(NANOS, true))", 1_000_000_000, OPEN, 60, OPEN),
        ("(TIMESTAMP(MILLIS, false))", 1_000, OPEN - NEW_YORK, 60, OPEN),
        ("(TIMESTAMP(MICROS, false))", 1_000_000, OPEN - NEW_YORK, 60, OPEN),
        ("(TIMESTAMP(NANOS, false))", 1_000_000_000, OPEN - NEW_YORK, 60, OPEN),
        ("", 1_000_000_000, OPEN, 60, OPEN),
        // Days of a zone, of none, and as they are written here.
        ("(TIMESTAMP(NANOS, true))", 1_000_000_000, MONDAY + NEW_YORK, DAY, MONDAY),
        ("(TIMESTAMP(NANOS, false))", 1_000_000_000, MONDAY, DAY, MONDAY),
        ("(TIMESTAMP(MICROS, true))", 1_000_000, MONDAY, DAY, MONDAY),
    ] {
        let mut scene = Scene::new();
        let path = scene.path("bars.parquet");
        parquet_of(&path, of_time, time * per_second);
        import_parquet(&mut scene.store, &path, &reading(bar_secs), &mut silent).expect("reads");
        let at = scene.rows("TRADES").first().map(|row| row.at);
        assert_eq!(at, Some(kept), "{of_time} {bar_secs}");
    }
}

#[test]
fn columns_are_found_by_name_by_mapping_or_by_number() {
    let mut scene = Scene::new();
    let path = scene.path("bars.csv");
    let text = "Last;Low;High;First;when;size\n1.5;1;2;1.25;2013-10-07 09:30:00;7\n";
    std::fs::write(&path, text).expect("writes");
    let mut reading = TableReading { delimiter: b';', ..reading(60) };
    let error = import_csv(&mut scene.store, &path, &reading, &mut silent).expect_err("is refused");
    assert!(error.to_string().contains("no column for time"), "{error}");
    for (name, column) in [("time", "when"), ("open", "4"), ("close", "last"), ("volume", "size")] {
        reading.columns.insert(name.to_owned(), column.to_owned());
    }
    import_csv(&mut scene.store, &path, &reading, &mut silent).expect("reads");
    let row = scene.rows("TRADES")[0];
    assert_eq!((row.open, row.close, row.volume), (px("1.25"), px("1.5"), px("7")));
    reading.columns.insert("ceiling".to_owned(), "High".to_owned());
    let error = import_csv(&mut scene.store, &path, &reading, &mut silent).expect_err("is refused");
    assert!(error.to_string().contains("ceiling is no column of bars"), "{error}");
}

#[test]
fn rows_that_cannot_be_read_are_named_and_the_others_are_taken() {
    let mut scene = Scene::new();
    let path = scene.path("bars.csv");
    let text = "time,open,high,low,close,volume\n1381152600,1,1,1,1,1\nyesterday,1,1,1,1,1\n1381152660,1,1\n1381152720,1,a,1,1,\n1381152780,1,1,1,1,many\n99999999999,1,1,1,1,1\n1381152840,1,1,1,0.12345678901234567890123456789012,1\n1381152840,1,1,1,1,\n";
    std::fs::write(&path, text).expect("writes");
    let report = import_csv(&mut scene.store, &path, &reading(60), &mut silent).expect("reads");
    let (n_rows, n_new, troubles) = taken(&report);
    assert_eq!((n_rows, n_new, troubles.n), (2, 2, 6));
    let found: Vec<_> = troubles
        .first
        .iter()
        .map(|one| (one.line, one.column.as_str(), one.found.as_str()))
        .collect();
    let expected = [
        (3, "time", "yesterday"),
        (4, "3 of 6", "1381152660,1,1"),
        (5, "high", "a"),
        (6, "volume", "many"),
        // A year that has no place in the store, and a price that would be rounded.
        (7, "time", "99999999999"),
        (8, "close", "0.12345678901234567890123456789012"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn long_decimals_are_rounded_and_counted_and_do_not_stop_the_others() {
    let mut scene = Scene::new();
    let path = scene.path("bars.csv");
    // A share that was split a thousand to one since: floats of both ends in one table.
    let rows = [
        ("1998-01-02", "0.09834322333335877"),
        ("1998-01-05", "0.00000000000000000001"),
        ("2012-01-03", "123456789012.5"),
        ("2013-01-02", "240.3"),
        ("2013-01-03", "0.001234567891"),
        // Beside twelve digits of its year there is no room for these.
        ("2013-01-04", "900000000.5"),
    ];
    let text: String =
        rows.iter().map(|(day, px)| format!("{day},{px},{px},{px},{px}\n")).collect();
    std::fs::write(&path, format!("time,open,high,low,close\n{text}")).expect("writes");
    let mut reading = reading(86_400);
    reading.columns.insert("time".to_owned(), "1".to_owned());
    let report = import_csv(&mut scene.store, &path, &reading, &mut silent).expect("reads");
    let Outcome::Taken { n_rows, n_rounded, troubles, .. } = &report.outcome else {
        panic!("{report:?}")
    };
    assert_eq!((*n_rows, *n_rounded), (4, 1));
    let lines: Vec<(u64, &str)> =
        troubles.first.iter().map(|one| (one.line, one.column.as_str())).collect();
    assert_eq!(lines, [(3, "open"), (7, "")], "{troubles:?}");
    let closes: Vec<Decimal> = scene.rows_within("1998-01-01", "1999-01-01");
    assert_eq!(closes, [px("0.09834322333")]);
    let closes: Vec<Decimal> = scene.rows_within("2013-01-01", "2014-01-01");
    assert_eq!(closes, [px("240.3"), px("0.001234567891")]);
    // Each year is shown at its own scale.
    let series = scene.series("TRADES").id;
    let window = scene.store.window(series, crate::Start::Index(1), 1, 1).expect("is shown");
    assert_eq!((window.columns.px_scale, window.columns.close), (1, vec![1_234_567_890_125]));
    // A later file of the same year: what does not fit beside what is kept is named, too.
    std::fs::write(
        &path,
        "time,open,high,low,close\n2013-01-07,900000000.5,1,1,1\n2013-01-08,7,7,7,7\n",
    )
    .expect("writes");
    let report = import_csv(&mut scene.store, &path, &reading, &mut silent).expect("reads");
    let (n_rows, n_new, troubles) = taken(&report);
    assert_eq!((n_rows, n_new, troubles.n), (1, 1, 1));
}

#[test]
fn an_import_of_a_table_that_is_cut_anywhere_ends_as_one_that_was_not() {
    let mut source = Scene::new();
    let series = kept(&mut source, &bars(30, 60), 60);
    let (csv, parquet) = (source.path("bars.csv"), source.path("bars.parquet"));
    export_csv(&mut source.store, all(series), &csv, &mut silent).expect("writes");
    export_parquet(&mut source.store, all(series), &parquet, &mut silent).expect("writes");
    for path in [csv, parquet] {
        let is_csv = path.extension().is_some_and(|end| end == "csv");
        let import = |store: &mut Store, told: &mut dyn FnMut(Step<'_>)| {
            let reading = reading(60);
            let report = if is_csv {
                import_csv(store, &path, &reading, told)
            } else {
                import_parquet(store, &path, &reading, told)
            };
            report.expect("is imported");
        };
        let (mut whole, mut cut) = (Scene::new(), Scene::new());
        import(&mut whole.store, &mut silent);
        let n = cut_everywhere(&mut cut, import);
        assert!(n > 8, "{n}");
        assert_eq!(cut.everything(), whole.everything());
        let series = cut.series("TRADES").id;
        // Each batch was put once: nothing came twice.
        assert_eq!(cut.store.chunks(series).expect("reads")[0].n_bars, 30);
    }
}

#[test]
fn an_instrument_without_an_id_shares_that_of_its_other_series() {
    let mut scene = Scene::new();
    let path = scene.path("bars.csv");
    std::fs::write(&path, "time,open,high,low,close\n1381152600,1,1,1,1\n").expect("writes");
    let mut reading = reading(60);
    reading.origin.con_id = None;
    import_csv(&mut scene.store, &path, &reading, &mut silent).expect("reads");
    let own = scene.series("TRADES").key.con_id;
    assert!(own.get() < 0);
    reading.origin.what = "MIDPOINT".to_owned();
    import_csv(&mut scene.store, &path, &reading, &mut silent).expect("reads");
    assert_eq!(scene.series("MIDPOINT").key.con_id, own);
    // Of futures the symbol says too little, so the broker's id does not come by itself.
    let future = SeriesKey { con_id: ConId::new(9), ..scene.series("MIDPOINT").key };
    scene.store.series(&future, &reading.origin.instrument).expect("is made");
    assert_eq!(scene.series("TRADES").key.con_id, own);
    reading.origin.instrument.sec_type = "STK".to_owned();
    reading.origin.what = "BID".to_owned();
    import_csv(&mut scene.store, &path, &reading, &mut silent).expect("reads");
    assert!(scene.series("BID").key.con_id.get() < 0);
    let stock = SeriesKey { what: "ASK".to_owned(), ..future };
    scene.store.series(&stock, &reading.origin.instrument).expect("is made");
    assert_eq!(scene.series("BID").key.con_id, ConId::new(9));
    assert_eq!(scene.rows("BID").len(), 1);
}
