//! What is there when a fill is over.

use gatehouse_history::{Bars, Fetched};
use gatehouse_ipc::{HistoryEnd, HistoryFollowed};

use super::*;

/// Fills a span of daily bars, and returns how the job was at its end.
fn fill(world: &mut World, span: (i64, i64)) -> HistoryFollowed {
    let (reply, filled) = crossbeam_channel::bounded(1);
    world.fetcher.hear(Word::Fill { key: key(86_400), instrument: spy(), span, reply });
    let job = filled.recv().expect("is answered").expect("is taken up");
    world.settle(60);
    let (reply, followed) = crossbeam_channel::bounded(1);
    world.fetcher.hear(Word::Follow { job, reply });
    world.settle(1);
    followed.recv().expect("is told")
}

/// Keeps 300 days of another series that was looked at a day ago.
fn other(store: &mut Store) {
    let bid = SeriesKey { what: "BID".to_owned(), ..key(60) };
    let series = store.series(&bid, &spy()).expect("is made");
    let rows: Vec<Bar> = (2..302).map(|day| bar(NOW - day * DAY, 500)).collect();
    let bars = Bars::from_rows(&rows).expect("are held");
    let fetched = Fetched { series, bars: &bars, source: "test", fetched_at: 1, covers: &[] };
    store.put(&fetched).expect("are put");
    store.touch(series, NOW - DAY).expect("is noted");
}

/// Returns how many bars are kept of each kind.
fn kept(world: &World) -> Vec<(String, i64)> {
    let mut store = Store::open_to_read(&world.path).expect("opens");
    let stats = store.stats().expect("is read");
    stats.into_iter().map(|one| (one.series.key.what, one.n_bars)).collect()
}

const YEAR: (i64, i64) = (NOW - 200 * DAY, NOW - 20 * DAY);

#[test]
fn what_was_filled_is_not_the_first_to_go() {
    let mut world = World::with(other);
    let over = fill(&mut world, YEAR);
    assert_eq!(over.end, Some(HistoryEnd::Complete));
    assert_eq!(over.job.expect("is told").why_blocked, None);
    let bytes = Some(world.fetcher.n_bytes() - 1);
    let (reply, set) = crossbeam_channel::bounded(1);
    world.fetcher.hear(Word::Quota { bytes, reply });
    set.recv().expect("is answered").expect("is set");
    let kept = kept(&world);
    assert!(kept[0].0 == "BID" && kept[0].1 < 300, "{kept:?}");
    assert!(kept[1].0 == "TRADES" && kept[1].1 > 120, "{kept:?}");
}

#[test]
fn bars_that_go_again_are_said_to_have_gone() {
    let mut world = World::with(|store| store.set_quota(Some(1)).expect("is set"));
    let over = fill(&mut world, YEAR);
    let why = over.job.expect("is told").why_blocked.expect("is said");
    assert!(why.starts_with("Bars of it were taken away again"), "{why}");
    assert_eq!(kept(&world)[0].1, 0);
}

#[test]
fn days_that_are_yet_to_come_are_not_there() {
    let mut world = World::new();
    let over = fill(&mut world, (NOW + 360 * DAY, i64::MAX));
    assert_eq!(over.end, Some(HistoryEnd::Complete));
    let why = over.job.expect("is told").why_blocked;
    assert_eq!(why.as_deref(), Some("The broker has no bars of these days."));
}

#[test]
fn a_series_that_a_bot_is_answered_from_counts_as_used() {
    let mut world = World::with(other);
    let series = world.fetcher.clerk.store.all_series().expect("is read")[0].id;
    world.fetcher.hear(Word::Saved(series));
    let stats = world.fetcher.clerk.store.stats().expect("is read");
    assert_eq!(stats[0].used_at, Some(NOW));
}
