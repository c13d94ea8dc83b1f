//! Whose bars count where the broker's and those of files meet.

use super::*;

/// A day at the exchange begins five hours behind its midnight in UTC.
const EXCHANGE: i64 = 5 * 3_600;
/// Midnight in UTC of 12 January 1970.
const DATE: i64 = MONDAY - MONDAY % 86_400;

fn key_of_file() -> ImportKey {
    ImportKey { path: "a".to_owned(), size: 1, modified_at: 1, reading: "test".to_owned() }
}

impl Scene {
    /// Lays an answer of the broker over what is known.
    fn answer(&mut self, fetched_at: i64, rows: &[Bar], covers: &[Span]) -> Put {
        let bars = Bars::from_rows(rows).expect("fits");
        let answer =
            Fetched { series: self.series, bars: &bars, source: "gateway", fetched_at, covers };
        self.store.put(&answer).expect("is put")
    }

    /// Takes bars of a file in, later than every answer.
    fn import(&mut self, rows: &[Bar]) -> Put {
        let bars = Bars::from_rows(rows).expect("fits");
        let (series, source, fetched_at) = (self.series, "lean", 99);
        let file = Fetched { series, bars: &bars, source, fetched_at, covers: &[] };
        let imported = Imported { n_rows: 1, is_done: true };
        self.store.put_import(&[file], &key_of_file(), imported).expect("is put")
    }

    fn sources(&mut self) -> Vec<String> {
        let chunks = self.store.chunks(self.series).expect("reads");
        chunks.into_iter().map(|it| it.source).collect()
    }
}

fn whole(from: i64, to: i64) -> Span {
    Span { from, to, is_empty: false }
}

#[test]
fn bars_of_a_file_are_left_out_where_the_brokers_are_known() {
    let mut scene = Scene::new();
    let known = whole(MONDAY, MONDAY + 3 * MINUTE);
    scene.answer(5, &bars(MONDAY, &["10", "11"]), &[known]);
    let put = scene.import(&bars(MONDAY - MINUTE, &["1", "2", "3", "4", "5"]));
    assert_eq!(put, Put { n_new: 2, n_left_out: 3, n_chunks: 1 });
    let expected = [
        bars(MONDAY - MINUTE, &["1"]),
        bars(MONDAY, &["10", "11"]),
        bars(MONDAY + 3 * MINUTE, &["5"]),
    ];
    assert_eq!(scene.all(), expected.concat());
    assert_eq!(scene.sources(), ["gateway lean"]);
    // Where the broker had nothing, a file may have something.
    let empty = Span { from: TUESDAY, to: TUESDAY + 3_600, is_empty: true };
    scene.answer(6, &[], &[empty]);
    assert_eq!(scene.import(&bars(TUESDAY, &["7"])).n_left_out, 0);
    scene.answer(7, &[], &[empty]);
    assert_eq!(scene.rows(TUESDAY, i64::MAX), bars(TUESDAY, &["7"]));
}

#[test]
fn a_bar_of_a_day_lies_where_its_date_begins_at_the_exchange() {
    let mut scene = Scene::new();
    scene.series = scene.store.series(&key("TRADES", 86_400), &instrument()).expect("is made");
    let day = |n: i64, close| bars(DATE + n * 86_400, &[close]).remove(0);
    let spans = |n: i64| whole(DATE + EXCHANGE + n * 86_400, DATE + EXCHANGE + (n + 1) * 86_400);
    scene.answer(5, &[day(0, "10")], &[spans(0)]);
    let put = scene.import(&[day(-1, "1"), day(0, "2"), day(1, "3")]);
    assert_eq!((put.n_new, put.n_left_out), (2, 1));
    assert_eq!(scene.all(), [day(-1, "1"), day(0, "10"), day(1, "3")]);
    // The next day's bar begins within the span of this one, and is not taken away by it.
    scene.answer(6, &[day(0, "10")], &[spans(0)]);
    assert_eq!(scene.all(), [day(-1, "1"), day(0, "10"), day(1, "3")]);
}

#[test]
fn an_answer_takes_away_what_it_does_not_have_of_a_span_that_it_covers() {
    let mut scene = Scene::new();
    scene.import(&[bars(MONDAY, &["1", "2", "3"]), bars(TUESDAY, &["4"])].concat());
    // Halves cover nothing, and take nothing away.
    scene.answer(5, &bars(MONDAY + MINUTE, &["20"]), &[]);
    assert_eq!(scene.all().len(), 4);
    assert_eq!(scene.sources(), ["gateway lean", "lean"]);
    let monday = whole(MONDAY - 3_600, MONDAY + 3_600);
    let put = scene.answer(6, &bars(MONDAY + MINUTE, &["21", "31", "41"]), &[monday]);
    assert_eq!(put, Put { n_new: 1, n_left_out: 0, n_chunks: 1 });
    assert_eq!(scene.rows(0, TUESDAY), bars(MONDAY + MINUTE, &["21", "31", "41"]));
    assert_eq!(scene.sources(), ["gateway", "lean"], "though the file was taken in later");
    // Nothing is left of a day that lies within, and of which the answer has no bar.
    let window = |scene: &mut Scene| {
        scene.store.window(scene.series, crate::Start::Newest, 9, 1).expect("reads").n_bars
    };
    assert_eq!(window(&mut scene), 4);
    let both = whole(MONDAY - 3_600, TUESDAY + 3_600);
    scene.answer(7, &bars(MONDAY + MINUTE, &["21", "31", "41"]), &[both]);
    assert_eq!((scene.sources().len(), window(&mut scene)), (1, 3));
    // A day between is not the answer's because it lies between.
    let days = [1, 2, 3].map(|n| bars(TUESDAY + n * 86_400, &["6"]));
    scene.import(&days[1]);
    scene.answer(8, &[days[0].clone(), days[2].clone()].concat(), &[]);
    assert_eq!(scene.sources(), ["gateway", "gateway", "lean", "gateway"]);
}

#[test]
fn a_chunk_is_the_brokers_when_answers_covered_all_of_it_one_after_another() {
    let mut scene = Scene::new();
    scene.series = scene.store.series(&key("TRADES", 3_600), &instrument()).expect("is made");
    let half = 1_800;
    let hours = |first, n: i64| -> Vec<Bar> {
        (0..n).map(|hour| bars(first + hour * 3_600, &["10"]).remove(0)).collect()
    };
    // A file begins its bars half an hour before the broker does.
    scene.import(&[hours(MONDAY - half, 3), hours(TUESDAY - half, 3)].concat());
    let span = |first| whole(first - 6 * 3_600, first + 12 * 3_600);
    scene.answer(5, &hours(MONDAY, 3), &[span(MONDAY)]);
    assert_eq!(scene.sources(), ["gateway lean"]);
    scene.answer(6, &hours(TUESDAY, 3), &[span(TUESDAY)]);
    assert_eq!(scene.all(), [hours(MONDAY, 3), hours(TUESDAY, 3)].concat());
    assert_eq!(scene.sources(), ["gateway"]);
}

#[test]
fn a_file_whose_bars_were_taken_away_is_read_again() {
    let is_there = |scene: &mut Scene| {
        scene.store.imported(&key_of_file()).expect("is read")
            == Imported { n_rows: 1, is_done: true }
    };
    let mut scene = Scene::new();
    scene.answer(5, &bars(MONDAY, &["10"]), &[whole(MONDAY, MONDAY + 3_600)]);
    scene.import(&bars(TUESDAY, &["7"]));
    scene.store.set_quota(Some(1)).expect("is set");
    scene.store.prune(TUESDAY).expect("prunes");
    assert!(is_there(&mut scene), "only the broker's went");
    scene.store.prune(TUESDAY + 2 * 86_400).expect("prunes");
    assert!(!is_there(&mut scene) && scene.all().is_empty());
    scene.import(&bars(TUESDAY, &["7"]));
    assert!(is_there(&mut scene));
    scene.harm();
    assert_eq!(scene.store.check().expect("checks").damaged.len(), 1);
    assert!(!is_there(&mut scene));
}
