//! The fetcher between a store and a desk that the tests play, with a clock of their own.

mod splits;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gatehouse_desk::{Aside, Ask, DeskError};
use gatehouse_history::plan::{Answer, JobId, Question, Session, Wanted};
use gatehouse_history::{Bar, FILE_NAME, Instrument, SeriesKey, Start, Store, StoreError, Window};
use gatehouse_ipc::HistoryView;
use gatehouse_proxy::{Clock, Wiring};
use gatehouse_types::{ConId, Decimal, Mono, Now, Utc};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::compared::Compared;
use super::fetcher::{Ears, Fetcher};
use super::{History, Parts, Word};
use crate::listeners::Listeners;
use crate::market::{Learnt, Market};

mod fills;

/// Friday, 9 January 2026, 21:30 UTC: half an hour after the close.
const NOW: i64 = 1_767_994_200;
const DAY: i64 = 86_400;

#[derive(Default)]
struct Hand(Mutex<Duration>);

impl Clock for Hand {
    fn now(&self) -> Now {
        let passed = *self.0.lock().expect("is whole");
        let nanos = i64::try_from(passed.as_nanos()).expect("is short") + NOW * 1_000_000_000;
        Now {
            mono: Mono::new(Duration::from_secs(1_000) + passed),
            utc: Utc::from_nanos(nanos),
            market: None,
        }
    }
}

struct World {
    fetcher: Fetcher<'static>,
    ears: Ears,
    asks: UnboundedReceiver<Ask>,
    clock: Arc<Hand>,
    market: Arc<Market>,
    compared: Arc<Compared>,
    /// What the broker says that all bars cost.
    px: i64,
    path: PathBuf,
    _dir: tempfile::TempDir,
}

fn key(bar_secs: u32) -> SeriesKey {
    SeriesKey { con_id: ConId::new(756_733), what: "TRADES".to_owned(), bar_secs, is_regular: true }
}

fn spy() -> Instrument {
    Instrument {
        symbol: "SPY".to_owned(),
        sec_type: "STK".to_owned(),
        currency: "USD".to_owned(),
        exchange: "SMART".to_owned(),
        zone: "America/New_York".to_owned(),
    }
}

impl World {
    fn new() -> Self {
        Self::with(|_| {})
    }

    /// A fetcher on a file that `prepare` saw first.
    fn with(prepare: impl FnOnce(&mut Store)) -> Self {
        let dir = tempfile::tempdir().expect("makes a folder");
        let path = dir.path().join(FILE_NAME);
        let mut store = Store::open(&path).expect("opens");
        prepare(&mut store);
        Self::on(store, path, dir)
    }

    fn on(store: Store, path: PathBuf, dir: tempfile::TempDir) -> Self {
        let (clock, market) = (Arc::<Hand>::default(), Arc::<Market>::default());
        let shared: Arc<dyn Clock> = Arc::<Hand>::clone(&clock);
        let (say, asks) = unbounded_channel();
        let parts = Parts {
            data_dir: dir.path().to_owned(),
            asks: say,
            clock: shared,
            market: Arc::clone(&market),
            listeners: Arc::<Listeners>::default(),
            past: Wiring::new().past(),
        };
        let shown: &'static Mutex<HistoryView> = Box::leak(Box::default());
        let compared = Arc::<Compared>::default();
        let (fetcher, ears) = Fetcher::new(store, parts, Arc::clone(&compared), shown);
        let world = Self { fetcher, ears, asks, clock, market, compared, px: 600, path, _dir: dir };
        world.connect();
        world
    }

    /// The desk hears the time of the Gateway.
    fn connect(&self) {
        let Now { mono, utc, .. } = self.clock.now();
        self.market.learn_aside(Aside::Clock { gateway: utc, asked: mono, answered: mono });
    }

    fn pass(&self, secs: u64) {
        *self.clock.0.lock().expect("is whole") += Duration::from_secs(secs);
    }

    fn look(&mut self, key: &SeriesKey) {
        self.fetcher.look(key, &spy(), false).expect("is looked at");
    }

    /// Lets the fetcher work, and returns what it asks the desk.
    fn work(&mut self) -> Vec<Ask> {
        self.fetcher.work();
        std::iter::from_fn(|| self.asks.try_recv().ok()).collect()
    }

    /// Works for so many seconds, answering every question about the past, and returns how many
    /// questions for bars there were, and what else was asked.
    fn settle(&mut self, secs: u64) -> (usize, Vec<Ask>) {
        let (mut n_bars, mut others) = (0, Vec::new());
        for _ in 0..secs {
            loop {
                let asks = self.work();
                if asks.is_empty() {
                    break;
                }
                for ask in asks {
                    if let Ask::History { question, .. } = ask {
                        n_bars += usize::from(matches!(question.what, Wanted::Bars { .. }));
                        let answer = answer(&question, self.clock.now().utc.secs(), self.px);
                        self.fetcher.take(question.id, Ok(answer));
                    } else {
                        others.push(ask);
                    }
                }
            }
            self.pass(1);
        }
        (n_bars, others)
    }

    /// The end of charts, and what it tells the fetcher.
    fn others(&self) -> (History, crossbeam_channel::Receiver<Word>) {
        let (words, heard) = crossbeam_channel::unbounded();
        let history = History {
            words,
            shown: Arc::default(),
            path: self.path.clone(),
            reader: Mutex::default(),
            past: Wiring::new().past(),
        };
        (history, heard)
    }

    fn sql(&self, text: &'static str) {
        execute(&self.path, text);
    }
}

/// Does something to a file behind the program's back.
pub(crate) fn execute(path: &Path, text: &'static str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("starts").block_on(async {
        let options = SqliteConnectOptions::new().filename(path);
        let mut file = options.connect().await.expect("opens");
        sqlx::query(text).execute(&mut file).await.expect("is done");
        file.close().await.expect("closes");
    });
}

/// A broker with a session and a bar each day from Monday to Friday.
fn answer(question: &Question, now: i64, px: i64) -> Answer {
    let week_days = |from: i64, to: i64| {
        // 1 January 1970 was a Thursday.
        (from.div_euclid(DAY)..=to.div_euclid(DAY)).filter(|day| (day + 3).rem_euclid(7) < 5)
    };
    let session = |day: i64| Session {
        date: jiff::Timestamp::from_second(day * DAY)
            .expect("is an instant")
            .to_zoned(jiff::tz::TimeZone::UTC)
            .date(),
        open: day * DAY + 52_200,
        close: day * DAY + 75_600,
    };
    match &question.what {
        Wanted::Head => Answer::Head(NOW - 1_000 * DAY),
        Wanted::Sessions { end, days } => {
            let from = end - i64::from(*days) * DAY;
            Answer::Sessions(
                week_days(from, *end).map(session).filter(|it| it.open < *end).collect(),
            )
        }
        Wanted::Bars { end, .. } => {
            let end = end.unwrap_or(now).min(now);
            let days = week_days(end - 400 * DAY, end).filter(|day| session(*day).open < end);
            let is_daily = question.key.bar_secs >= 86_400;
            let at = |day| if is_daily { day * DAY } else { session(day).open };
            Answer::Bars(days.map(|day| bar(at(day), px)).collect())
        }
    }
}

fn bar(at: i64, px: i64) -> Bar {
    let px = Decimal::from(px);
    let volume = Decimal::from(1_000);
    Bar { at, open: px, high: px, low: px, close: px, volume, average: px, n_trades: 10 }
}

fn watches(asks: &[Ask]) -> Vec<u64> {
    let id = |ask: &Ask| if let Ask::Grow { id, .. } = ask { Some(*id) } else { None };
    asks.iter().filter_map(id).collect()
}

#[test]
fn a_chart_is_fetched_and_then_grows() {
    let mut world = World::new();
    world.look(&key(86_400));
    let (n_bars, others) = world.settle(30);
    assert!(n_bars > 0);
    assert_eq!(watches(&others), [1]);
    let view = world.fetcher.view(world.clock.now().mono);
    assert!(view.jobs.is_empty() && view.n_bars > 200, "{view:?}");
}

#[test]
fn a_connection_that_is_back_before_anybody_looked_forgets_what_was_in_flight() {
    let mut world = World::new();
    world.look(&key(86_400));
    let asked = world.work();
    let [Ask::History { question: lost, .. }] = &asked[..] else { panic!("{asked:?}") };
    // The time of the market was never seen to be missing.
    world.fetcher.take(lost.id, Err(DeskError::NotConnected));
    assert!(world.work().is_empty(), "nothing is asked before the Gateway says its time");
    world.pass(1);
    world.connect();
    assert!(world.settle(30).0 > 0);
}

#[test]
fn a_watch_that_ends_begins_anew_after_a_pause() {
    let mut world = World::new();
    world.look(&key(86_400));
    world.settle(5);
    let ended = || std::iter::once((1, Err(DeskError::Ended { what: "growing bars" })));
    world.fetcher.grow(ended());
    world.look(&key(86_400));
    assert!(world.work().is_empty(), "at once");
    world.pass(20);
    world.look(&key(86_400));
    assert_eq!(watches(&world.work()), [2]);
    // What the first one still says is of no account, and a second end waits longer.
    world.fetcher.grow(ended());
    world.fetcher.grow(std::iter::once((2, Err(DeskError::TimedOut))));
    for secs in [15, 15] {
        world.pass(secs);
        world.look(&key(86_400));
        assert_eq!(watches(&world.work()), [0; 0]);
    }
    world.pass(10);
    world.look(&key(86_400));
    assert_eq!(watches(&world.work()), [3]);
}

#[test]
fn bars_of_a_second_are_asked_for_again_as_they_cannot_be_watched() {
    let mut world = World::new();
    world.look(&key(1));
    world.work();
    world.fetcher.hear(Word::Stop(JobId(-1)));
    for n_jobs in [1, 1, 1, 1, 2] {
        world.look(&key(1));
        assert_eq!(watches(&world.work()), [0; 0]);
        assert_eq!(world.fetcher.n_screen_jobs, n_jobs);
        world.pass(15);
    }
}

#[test]
fn what_another_program_took_away_is_fetched_again_when_it_is_looked_at() {
    let mut world = World::new();
    world.look(&key(86_400));
    world.settle(30);
    world.sql("DELETE FROM coverage");
    world.pass(30);
    world.look(&key(86_400));
    assert!(world.settle(30).0 > 0);
}

fn newest(store: &mut Store) -> Result<Window, StoreError> {
    let series = store.all_series()?.remove(0);
    store.window(series.id, Start::Newest, 1_000, 1)
}

/// Bars that are spoilt while the program runs, after it looked at all of them.
fn spoilt() -> (World, Window) {
    let mut world = World::new();
    world.look(&key(86_400));
    world.settle(30);
    assert!(world.fetcher.is_checked());
    let whole = newest(&mut Store::open_to_read(&world.path).expect("opens")).expect("reads");
    world.sql("UPDATE body SET body = zeroblob(length(body))");
    world.pass(60);
    (world, whole)
}

#[test]
fn bars_that_a_chart_finds_not_to_hold_are_fetched_again_while_it_runs() {
    let (mut world, whole) = spoilt();
    let (history, heard) = world.others();
    let drawn = history.read(newest).expect("reads").expect("is there");
    assert_eq!(drawn.n_bars, 0);
    for word in heard.try_iter() {
        world.fetcher.hear(word);
    }
    assert!(world.settle(30).0 > 0);
    let drawn = history.read(newest).expect("reads").expect("is there");
    assert_eq!((drawn.n_bars, drawn.columns), (whole.n_bars, whole.columns));
    // It is said once: what is whole again is not fetched a second time.
    assert!(heard.try_iter().next().is_none());
    assert_eq!(world.settle(30).0, 0);
}

#[test]
fn bars_that_did_not_hold_under_an_answer_are_fetched_again() {
    let (mut world, _) = spoilt();
    // The bar of today is asked for once more, and lies in the chunk of the year.
    world.look(&key(86_400));
    assert!(world.settle(30).0 > 1);
    let of_year = newest(&mut Store::open_to_read(&world.path).expect("opens")).expect("reads");
    assert!(of_year.n_bars > 5, "the days of the year, and not the one that was asked for");
}

#[test]
fn bars_that_cannot_be_written_are_kept_later_and_nothing_is_fetched_meanwhile() {
    let mut world = World::new();
    world.look(&key(86_400));
    world.sql("ALTER TABLE coverage RENAME TO away");
    world.sql("ALTER TABLE chunk RENAME TO chunks");
    assert!(world.settle(30).0 > 0);
    // Two were on their way when the first could not be written.
    assert_eq!(world.settle(30).0, 0);
    let view = world.fetcher.view(world.clock.now().mono);
    assert_eq!(view.n_bars, 0);
    let trouble = view.trouble.expect("is told");
    assert!(trouble.contains("cannot be kept") && trouble.contains("disk space"), "{trouble}");
    world.sql("ALTER TABLE chunks RENAME TO chunk");
    world.sql("ALTER TABLE away RENAME TO coverage");
    world.pass(600);
    world.settle(30);
    let view = world.fetcher.view(world.clock.now().mono);
    assert!(view.trouble.is_none() && view.n_bars > 200, "{view:?}");
}

#[test]
fn what_was_imported_is_not_asked_of_the_broker() {
    let mut world = World::new();
    world.look(&SeriesKey { con_id: ConId::new(-5), ..key(60) });
    assert!(world.work().is_empty());
}

/// Refuses every question for bars.
fn refuse(world: &mut World) {
    for _ in 0..30 {
        loop {
            let asks = world.work();
            if asks.is_empty() {
                break;
            }
            for ask in asks {
                let Ask::History { question, .. } = ask else { continue };
                let answer = match question.what {
                    Wanted::Bars { .. } => {
                        Err(DeskError::NoSuchBars { what: "subscription".to_owned() })
                    }
                    Wanted::Head | Wanted::Sessions { .. } => Ok(answer(&question, NOW, 600)),
                };
                world.fetcher.take(question.id, answer);
            }
        }
        world.pass(1);
    }
}

#[test]
fn a_chart_that_was_refused_is_tried_again_when_it_is_looked_at_anew() {
    let mut world = World::new();
    world.look(&key(86_400));
    refuse(&mut world);
    assert!(world.fetcher.view(world.clock.now().mono).jobs.is_empty(), "nobody looks any more");
    world.look(&key(86_400));
    assert!(world.settle(30).0 > 0);
}

#[test]
fn a_job_that_is_refused_does_not_keep_damage_from_being_looked_for() {
    let mut world = World::with(|store| {
        let series = store.series(&key(86_400), &spy()).expect("is made");
        let span = (NOW - 30 * DAY, NOW);
        store
            .add_job(series, span, gatehouse_history::plan::Urgency::Person, NOW)
            .expect("is kept");
    });
    world.fetcher.resume();
    refuse(&mut world);
    let [job] = &world.fetcher.view(world.clock.now().mono).jobs[..] else { panic!("one job") };
    assert!(job.why_blocked.is_some());
    assert!(world.fetcher.is_checked());
}

#[test]
fn a_job_that_cannot_be_taken_up_keeps_no_other_one_back() {
    let mut world = World::with(|store| {
        for secs in [60, 86_400] {
            let series = store.series(&key(secs), &spy()).expect("is made");
            let urgency = gatehouse_history::plan::Urgency::Person;
            store.add_job(series, (NOW - 9 * DAY, NOW), urgency, NOW).expect("is kept");
        }
    });
    world.sql("UPDATE series SET zone = 'Nowhere/None' WHERE bar_secs = 60");
    world.fetcher.resume();
    let view = world.fetcher.view(world.clock.now().mono);
    let bars: Vec<&str> = view.jobs.iter().map(|job| job.bar.as_str()).collect();
    assert_eq!(bars, ["1d"]);
}

#[test]
fn a_connection_that_is_gone_takes_watches_with_it() {
    let mut world = World::new();
    world.look(&key(86_400));
    world.settle(30);
    world.market.learn(Learnt::Lost);
    assert!(world.work().is_empty());
    world.pass(1);
    world.connect();
    world.look(&key(86_400));
    let (_, others) = world.settle(30);
    assert_eq!(watches(&others), [2]);
    assert!(world.ears.0.is_empty());
}
