//! The broker, written down a second time, with its rules and its faults; and what a store keeps.

use super::*;
use crate::plan::period::{dated, first_date, midnight};

pub(super) fn new_york() -> TimeZone {
    TimeZone::get("America/New_York").expect("is in the list")
}

pub(super) fn instant(day: Date, hour: i8, minute: i8) -> i64 {
    let at = day.to_datetime(time(hour, minute, 0, 0)).to_zoned(new_york());
    at.expect("exists").timestamp().as_second()
}

/// The year has these holidays and half days, and the clocks change twice.
fn session(day: Date) -> Option<Session> {
    let is_weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let holidays = [date(2025, 11, 27), date(2025, 12, 25), date(2026, 1, 1)];
    if is_weekend || holidays.contains(&day) {
        return None;
    }
    let is_half = [date(2025, 11, 28), date(2025, 12, 24)].contains(&day);
    let close = if is_half { 13 } else { 16 };
    Some(Session { date: day, open: instant(day, 9, 30), close: instant(day, close, 0) })
}

/// What the broker does wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Pacing,
    Later,
    Half,
    Doubled,
    Shuffled,
    Never,
}

pub(super) struct Broker {
    sessions: Vec<Session>,
    /// The time at the beginning, and now, in seconds since 1970.
    pub(super) start: i64,
    pub(super) now: i64,
    pub(super) head: Answer,
    pub(super) faults: Vec<Fault>,
    /// Bars that begin before it are not there.
    pub(super) begins: i64,
    /// What becomes of the bars of an answer, by how often the very same question was asked before.
    pub(super) cut: Box<dyn FnMut(usize, Vec<Bar>) -> Vec<Bar>>,
    pub(super) asked: Vec<(u64, Asked)>,
}

impl Broker {
    /// A broker of an instrument that is listed since 1 October 2025.
    pub(super) fn new(start: i64, faults: Vec<Fault>) -> Self {
        let first = date(2025, 10, 1);
        let days = first.series(1.day()).take_while(|day| *day <= date(2026, 3, 31));
        Self {
            sessions: days.filter_map(session).collect(),
            start,
            now: start,
            head: Answer::Head(instant(first, 0, 0)),
            faults,
            begins: i64::MIN,
            cut: Box::new(|_, bars| bars),
            asked: Vec::new(),
        }
    }

    /// Moves the clock of the market with the time of the machine.
    pub(super) fn tick(&mut self, millis: u64) {
        self.now = self.start + i64::try_from(millis / 1000).expect("is short");
    }

    /// Takes a question, and panics where it breaks a rule of the broker.
    pub(super) fn hear(&mut self, millis: u64, question: &Question) {
        let one = question.asked();
        let within = |ms: u64| self.asked.iter().filter(move |(at, _)| millis - at < ms);
        assert!(within(15_000).all(|(_, other)| other.whole != one.whole), "twice: {one:?}");
        let n_burst = within(2_000).filter(|(_, other)| other.kind == one.kind).count();
        assert!(n_burst < 5, "six at once: {one:?}");
        let weight: u32 = within(600_000).map(|(_, other)| other.weight).sum();
        assert!(one.weight == 0 || weight + one.weight <= 60, "{weight} and {one:?}");
        self.asked.push((millis, one));
    }

    fn days_before(&self, end: i64, n_days: usize, ahead: i64) -> &[Session] {
        let end = self.sessions.partition_point(|day| day.open - ahead < end);
        &self.sessions[end.saturating_sub(n_days)..end]
    }

    fn bars(&self, key: &SeriesKey, end: i64, reach: Reach) -> Vec<Bar> {
        let end = end.min(self.now);
        let n_days = match reach {
            Reach::Seconds(_) => 1,
            Reach::Days(n) => n,
            Reach::Years(n) => n * 260,
        };
        let ahead = if key.is_regular { 0 } else { 19_800 };
        let days = self.days_before(end, usize::try_from(n_days).expect("is small"), ahead);
        let mut found: Vec<Bar> = Vec::new();
        for day in days {
            if key.bar_secs < 86_400 {
                let from = match reach {
                    Reach::Seconds(n) => end - i64::from(n),
                    Reach::Days(_) | Reach::Years(_) => i64::MIN,
                };
                small_bars(key, day, (from, end), &mut found);
                continue;
            }
            let at = midnight(day.date);
            match found
                .last_mut()
                .filter(|bar| dated(key.bar_secs, bar.at) == dated(key.bar_secs, at))
            {
                // A week and a month bear the date of their last day.
                Some(bar) if key.bar_secs > 86_400 => {
                    *bar = Bar { at, n_trades: bar.n_trades + 1, ..*bar };
                }
                _ => found.push(bar(key, at, first_date(key.bar_secs, day.date))),
            }
        }
        found.retain(|bar| bar.at >= self.begins);
        found
    }

    pub(super) fn answer(&mut self, question: &Question) -> Answer {
        match &question.what {
            Wanted::Head => self.head.clone(),
            Wanted::Sessions { end, days } => {
                assert!((1..=365).contains(days), "the broker wants more to be named in years");
                let n_days = usize::try_from(*days).expect("is small");
                let days = self.days_before(*end, n_days, 0);
                Answer::Sessions(days.to_vec())
            }
            Wanted::Bars { end, reach } => {
                let key = &question.key;
                assert!(end.is_none() || key.what != UP_TO_NOW, "no end with adjusted prices");
                let bars = self.bars(key, end.unwrap_or(self.now), *reach);
                let whole = question.asked().whole;
                let n_asked = self.asked.iter().filter(|(_, one)| one.whole == whole).count();
                let bars = (self.cut)(n_asked.saturating_sub(1), bars);
                self.bend(bars, key.bar_secs)
            }
        }
    }

    /// Half an answer of a few seconds is not told from quiet trading: it is left out.
    fn bend(&mut self, mut bars: Vec<Bar>, bar_secs: u32) -> Answer {
        match self.faults.pop().unwrap_or(Fault::Never) {
            Fault::Pacing => return Answer::Trouble(Trouble::Pacing),
            Fault::Later => return Answer::Trouble(Trouble::Later("No answer.".to_owned())),
            Fault::Half if bar_secs > 1 || bars.len() > 124 => bars.truncate(bars.len() / 2),
            Fault::Doubled => bars.extend(bars.clone().into_iter().step_by(7)),
            Fault::Shuffled => {
                let half = bars.len() / 2;
                bars.rotate_left(half);
            }
            Fault::Half | Fault::Never => {}
        }
        if bars.is_empty() { Answer::Trouble(Trouble::NoData) } else { Answer::Bars(bars) }
    }

    /// Returns the bars that a job must bring at least, and those that there may be, by now: of what
    /// came after the beginning some may have been asked for and some not.
    pub(super) fn truth(&self, job: &Job) -> [BTreeMap<i64, Bar>; 2] {
        let key = &job.key;
        let calendar = Calendar::new(new_york());
        let begins = |at: i64| calendar.date(at);
        let date = |bar: &Bar| {
            if key.bar_secs >= 86_400 {
                Date::from(Timestamp::from_second(bar.at).expect("is one").to_zoned(TimeZone::UTC))
            } else {
                begins(bar.at)
            }
        };
        let from = first_date(key.bar_secs, begins(job.from));
        let ahead = if key.bar_secs > 86_400 { 40 } else { 3 };
        let n_days = u32::try_from((self.now - job.from) / 86_400 + ahead).expect("is small");
        let all = |now: i64, to: i64| {
            let named = self.days_before(now, 1, 0).last().map(|day| day.date);
            let bars = self.bars(key, now, Reach::Days(n_days)).into_iter();
            let bars = bars.map(|bar| Bar { at: dated(key.bar_secs, bar.at), ..bar });
            bars.filter(|bar| date(bar) >= from && Some(date(bar)) <= named)
                .filter(|bar| bar.at < to)
                .map(|bar| (bar.at, bar))
                .collect()
        };
        // Adjusted prices come up to the present, whatever is wanted.
        let most = if key.what == UP_TO_NOW { i64::MAX } else { job.to };
        [all(self.start, job.to), all(self.now, most)]
    }
}

fn small_bars(key: &SeriesKey, day: &Session, (from, end): (i64, i64), found: &mut Vec<Bar>) {
    let (mut at, to) = if key.is_regular {
        (day.open, day.close)
    } else {
        (instant(day.date, 4, 0), instant(day.date, 20, 0))
    };
    let secs = i64::from(key.bar_secs);
    at += (from.saturating_sub(at).max(0) + secs - 1) / secs * secs;
    while at < to.min(end) {
        found.push(bar(key, at, day.date));
        at += secs;
    }
}

fn bar(key: &SeriesKey, at: i64, date: Date) -> Bar {
    let of_bar = if key.bar_secs < 86_400 { at } else { midnight(date) };
    let px = Decimal::new(of_bar % 10_007 + i64::from(key.con_id.get()), 2);
    Bar {
        at,
        open: px,
        high: px,
        low: px,
        close: px,
        volume: Decimal::ONE,
        average: px,
        n_trades: 1,
    }
}

/// What a store would keep.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Kept {
    pub(super) bars: BTreeMap<SeriesKey, BTreeMap<i64, Bar>>,
    pub(super) covered: BTreeMap<SeriesKey, Vec<Span>>,
    pub(super) heads: BTreeMap<SeriesKey, i64>,
    sessions: Vec<(i32, Vec<Session>, i64, i64)>,
    asked: Vec<(u64, Asked)>,
}

impl Kept {
    pub(super) fn take(&mut self, settled: Settled) {
        let Some(key) = settled.key else { return };
        let bars = self.bars.entry(key.clone()).or_default();
        bars.extend(settled.bars.into_iter().map(|bar| (bar.at, bar)));
        let covered = self.covered.entry(key.clone()).or_default();
        for span in settled.covered {
            *covered = coverage::laid(covered, span);
        }
        if let Some(head) = settled.head {
            self.heads.insert(key.clone(), head);
        }
        if let Some((sessions, from, to)) = settled.sessions {
            self.sessions.push((key.con_id.get(), sessions, from, to));
        }
    }

    pub(super) fn planner(&self, jobs: &[Job], millis: u64) -> Planner {
        let mut planner = Planner::default();
        for (at, asked) in &self.asked {
            let ago = Duration::from_millis(millis - at);
            planner.remember(Mono::new(Duration::from_millis(millis)), ago, asked.clone());
        }
        for job in jobs {
            let covered = self.covered.get(&job.key).cloned().unwrap_or_default();
            planner.know(&job.key, Calendar::new(new_york()), covered);
            if let Some(head) = self.heads.get(&job.key) {
                planner.know_head(&job.key, Some(*head));
            }
            planner.want(job.clone());
        }
        for (con_id, sessions, from, to) in &self.sessions {
            planner.know_sessions(*con_id, sessions, *from, *to);
        }
        planner
    }
}

/// Runs jobs to their end, with the program killed after each of so many questions and started again
/// at once.
pub(super) fn run(jobs: &[Job], broker: &mut Broker, kills: &[usize]) -> Kept {
    run_on(Kept::default(), jobs, broker, kills)
}

pub(super) fn run_on(mut kept: Kept, jobs: &[Job], broker: &mut Broker, kills: &[usize]) -> Kept {
    // Another day, and another broker that counts anew.
    kept.asked.clear();
    let (mut millis, mut n_asked) = (0_u64, 0_usize);
    let mut planner = kept.planner(jobs, millis);
    let mut waiting: Vec<Question> = Vec::new();
    loop {
        assert!(n_asked < 5_000, "it does not come to an end: {waiting:?}");
        assert!(millis < 40_000_000, "it takes too long: {waiting:?}");
        broker.tick(millis);
        let now = Mono::new(Duration::from_millis(millis));
        match planner.next(now, broker.now) {
            Next::Ask(question) => {
                // Kept before it goes out.
                kept.asked.push((millis, question.asked()));
                broker.hear(millis, &question);
                n_asked += 1;
                waiting.push(question);
                if kills.contains(&n_asked) {
                    waiting.clear();
                    planner = kept.planner(jobs, millis);
                }
                continue;
            }
            Next::Wait(wait) if waiting.is_empty() => {
                millis += u64::try_from(wait.as_millis()).expect("is short").max(1);
            }
            Next::Wait(_) | Next::Idle => {}
        }
        if let Some(question) = waiting.pop() {
            millis += 1_300;
            broker.tick(millis);
            let now = Mono::new(Duration::from_millis(millis));
            let answer = broker.answer(&question);
            kept.take(planner.answered(question.id, now, broker.now, answer));
        }
        planner.take_done(broker.now);
        if planner.work.is_empty() {
            return kept;
        }
    }
}
