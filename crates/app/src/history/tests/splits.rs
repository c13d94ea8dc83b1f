//! Prices that the broker restated, and what bots are answered with.

use gatehouse_history::Described;

use super::*;

/// Returns how many bars of days are kept at each price.
fn kept(path: &Path) -> std::collections::BTreeMap<Decimal, usize> {
    let mut store = Store::open_to_read(path).expect("opens");
    let mut kept = std::collections::BTreeMap::new();
    for series in store.all_series().expect("are read") {
        for bar in store.read(series.id, i64::MIN, i64::MAX).expect("are read").bars.rows() {
            *kept.entry(bar.close).or_default() += 1;
        }
    }
    kept
}

#[test]
fn after_a_split_everything_of_the_instrument_is_fetched_again() {
    let mut world = World::new();
    for secs in [86_400, 3_600] {
        world.look(&key(secs));
    }
    world.settle(30);
    let before = kept(&world.path);
    assert_eq!(before.keys().copied().collect::<Vec<_>>(), [Decimal::from(600)]);
    // One for four over the weekend; only the chart of days is looked at again.
    world.px = 150;
    world.pass(3 * 86_400);
    world.connect();
    world.look(&key(86_400));
    world.settle(60);
    assert_eq!(kept(&world.path).get(&Decimal::from(600)), None);
    world.look(&key(3_600));
    world.settle(30);
    let after = kept(&world.path);
    assert_eq!(after.keys().copied().collect::<Vec<_>>(), [Decimal::from(150)]);
    assert!(after.values().sum::<usize>() > before.values().sum::<usize>());
    assert!(world.fetcher.view(world.clock.now().mono).jobs.is_empty());
}

/// Monday after `NOW`, as bars of days bear it.
const MONDAY: i64 = NOW.div_euclid(DAY) * DAY + 3 * DAY;

#[test]
fn a_split_is_seen_where_bars_of_today_grew_before_anything_was_compared() {
    let mut world = World::new();
    world.look(&key(86_400));
    world.settle(10);
    world.px = 150;
    world.pass(3 * 86_400);
    world.fetcher.grow(std::iter::once((1, Ok(bar(MONDAY, 150)))));
    world.connect();
    world.look(&key(86_400));
    world.settle(60);
    assert_eq!(kept(&world.path).into_keys().collect::<Vec<_>>(), [Decimal::from(150)]);
}

#[test]
fn a_split_is_seen_where_a_watch_begins_with_older_bars() {
    let mut world = World::new();
    world.look(&key(86_400));
    world.settle(10);
    world.px = 150;
    world.pass(3 * 86_400);
    world.connect();
    // What a watch says first reaches back, before any answer of the day was compared.
    let days = [MONDAY - 3 * DAY, MONDAY];
    world.fetcher.grow(days.into_iter().map(|at| (1, Ok(bar(at, 150)))));
    world.settle(60);
    assert_eq!(kept(&world.path).into_keys().collect::<Vec<_>>(), [Decimal::from(150)]);
}

#[test]
fn a_dividend_in_adjusted_prices_is_no_split() {
    let mut world = World::new();
    let adjusted = SeriesKey { what: "ADJUSTED_LAST".to_owned(), ..key(86_400) };
    world.look(&key(86_400));
    world.settle(30);
    let before = kept(&world.path);
    world.look(&adjusted);
    world.settle(30);
    world.px = 580;
    world.pass(3 * 86_400);
    world.connect();
    world.look(&adjusted);
    world.settle(60);
    // One series is at the new prices, and nothing of the other.
    let after = kept(&world.path);
    assert!(after.contains_key(&Decimal::from(580)));
    assert!(after.get(&Decimal::from(600)) >= before.get(&Decimal::from(600)));
}

/// Returns a series as it is kept, and when its first bar was fetched.
fn first_fetched(world: &World, bar_secs: u32) -> (Described, i64) {
    let mut store = Store::open_to_read(&world.path).expect("opens");
    let mut all = store.all_series().expect("are read").into_iter();
    let series = all.find(|it| it.key == key(bar_secs)).expect("is there");
    let (kept, _) = store.read_dated(series.id, i64::MIN, i64::MAX).expect("are read");
    (series, kept.fetched[0])
}

#[test]
fn what_a_bot_asks_for_is_compared_with_the_gateways_once_each_day() {
    let mut world = World::new();
    world.look(&key(86_400));
    world.settle(30);
    let (series, fetched_at) = first_fetched(&world, 86_400);
    assert!(world.compared.has(series.id, fetched_at), "all of it came today");
    world.pass(3 * 86_400);
    world.connect();
    world.work();
    assert!(!world.compared.has(series.id, fetched_at));
    // Asked twice before the answer, and once more for another answer.
    let day = (MONDAY - 3 * DAY + 18_000, MONDAY - 2 * DAY + 18_000);
    for n_asked in [2, 1] {
        for _ in 0..n_asked {
            world.fetcher.hear(Word::Compare { series: series.clone(), day });
        }
        assert_eq!(world.settle(30).0, n_asked - 1);
        assert!(world.compared.has(series.id, fetched_at));
    }
    assert_eq!(kept(&world.path).len(), 1);
}

#[test]
fn bars_that_touched_nothing_since_a_split_are_not_taken_for_the_gateways() {
    let mut world = World::new();
    world.look(&key(3_600));
    world.settle(30);
    world.fetcher.hear(Word::Stop(JobId(-1)));
    world.px = 150;
    world.pass(30 * 86_400);
    world.connect();
    let (hours, fetched_at) = first_fetched(&world, 3_600);
    // Another series touches nothing, and then itself.
    for _ in 0..2 {
        world.look(&key(86_400));
        world.settle(60);
    }
    let (days, fetched_today) = first_fetched(&world, 86_400);
    assert!(world.compared.has(days.id, fetched_today));
    assert!(!world.compared.has(hours.id, fetched_at));
    assert_eq!(kept(&world.path).len(), 2);
    // A bot asks for what was kept before the split, and it is compared.
    let day = (NOW.div_euclid(DAY) - 8) * DAY + 18_000;
    world.fetcher.hear(Word::Compare { series: hours.clone(), day: (day, day + DAY) });
    world.settle(60);
    assert!(!world.compared.has(hours.id, fetched_at));
    assert_eq!(kept(&world.path).into_keys().collect::<Vec<_>>(), [Decimal::from(150)]);
}

/// Wants bars of a minute of two years up to now, which are many questions.
fn want_years(world: &mut World) {
    let (reply, _answer) = crossbeam_channel::bounded(1);
    let span = (NOW - 700 * DAY, i64::MAX);
    world.fetcher.hear(Word::Fill { key: key(60), instrument: spy(), span, reply });
}

#[test]
fn after_a_split_everything_is_fetched_again_once_and_over_a_restart() {
    let mut world = World::new();
    want_years(&mut world);
    let (n_before, _) = world.settle(900);
    assert!(n_before >= 20, "{n_before}");
    world.px = 150;
    world.pass(3 * 86_400);
    world.connect();
    want_years(&mut world);
    let (n_first, _) = world.settle(8);
    assert!(n_first < n_before / 2, "{n_first} of {n_before}");
    let World { fetcher, path, _dir: dir, .. } = world;
    drop(fetcher);
    let mut world = World::on(Store::open(&path).expect("opens"), path, dir);
    world.px = 150;
    world.pass(3 * 86_400 + 60);
    world.connect();
    world.fetcher.resume();
    let n_after = n_first + world.settle(900).0;
    // Beside all of it: the days that touch, the one that is new, and what was in flight.
    assert!(n_after <= n_before + 6, "{n_after}, not {n_before}");
    assert_eq!(kept(&world.path).into_keys().collect::<Vec<_>>(), [Decimal::from(150)]);
}
