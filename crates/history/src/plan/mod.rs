//! What to ask the broker for next, so that nothing is asked twice and nothing is left out.
//!
//! Pure: it knows no clock, socket or file. It is told what is wanted ([`Planner::want`]) and what
//! is known, says which question may go out ([`Planner::next`]), and turns each answer into days to
//! keep and spans to mark as known ([`Planner::answered`]). Called by the keeper of `app`.

mod answer;
mod calendar;
mod cost;
mod failing;
mod find;
mod hold;
pub(crate) mod lacks;
mod period;
mod step;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use gatehouse_types::Mono;
use jiff::civil::Date;

use crate::Span;
use crate::pace::{Asked, Bars, End, Pace, Whose};
use crate::series::SeriesKey;
use calendar::Day;
use failing::Failing;

pub use answer::{Answer, Settled, Trouble};
pub use calendar::{Calendar, Session, Trading};
pub use cost::Cost;
use hold::Hold;
pub use lacks::{Lack, Lacks, Why};
pub use period::dated;
pub use step::Reach;

/// Questions on their way at once: of the broker's 50, as few as keep it busy.
const IN_FLIGHT_MAX: usize = 4;
/// Questions about one series on their way at once, so that jobs share.
const IN_FLIGHT_OF_ONE: usize = 2;
/// How long behind its cut a day may still change.
const SETTLES_SECS: i64 = 15 * 60;
/// Seconds of a day.
const DAY: i64 = 86_400;
/// Prices that take later dividends and splits into account are given up to the present only.
const UP_TO_NOW: &str = "ADJUSTED_LAST";

/// Names a job within one planner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub i64);

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// Somebody looks at it.
    Screen,
    /// A person asked for it.
    Person,
    /// A gap or a damaged day that was found.
    Repair,
}

impl Urgency {
    /// Returns the word that is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Person => "person",
            Self::Repair => "repair",
        }
    }

    /// Reads the word; one that is not known is the least urgent.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "screen" => Self::Screen,
            "person" => Self::Person,
            _ => Self::Repair,
        }
    }
}

/// Bars that are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: JobId,
    pub key: SeriesKey,
    /// From inclusive to exclusive, in seconds since 1970.
    pub from: i64,
    pub to: i64,
    pub urgency: Urgency,
}

/// A question for the broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub id: u64,
    pub key: SeriesKey,
    pub what: Wanted,
}

/// What a question asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// When the history begins.
    Head,
    /// The sessions of so many days before an instant, in seconds since 1970.
    Sessions { end: i64, days: u32 },
    /// Bars before an instant in seconds since 1970; `None` for the present.
    Bars { end: Option<i64>, reach: Reach },
}

/// What may be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    Ask(Question),
    /// Nothing before this has passed.
    Wait(Duration),
    /// Nothing before an answer comes or something is wanted.
    Idle,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Trading days that are wanted, as far as they are known, and those that are there.
    pub n_days: u32,
    pub n_days_done: u32,
    /// Bars and questions of this run.
    pub n_bars: u64,
    pub n_questions: u32,
}

/// A question that is on its way.
#[derive(Debug, Clone)]
struct Flight {
    job: JobId,
    key: SeriesKey,
    what: Wanted,
    /// What its answer is about, in seconds since 1970.
    from: i64,
    to: i64,
    days: Vec<Day>,
}

#[derive(Debug, Clone)]
struct Work {
    job: Job,
    progress: Progress,
    /// Where the newest bar of the day that is not over began when it was asked for, or the question
    /// did; seconds since 1970. Of several pieces that may still grow the oldest one counts: what
    /// comes behind it is left to a later job.
    latest: Option<i64>,
    why_blocked: Option<String>,
}

/// What has a beginning of its own: bars of every size begin together, and the broker is asked once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Begins {
    con_id: i32,
    what: String,
    is_regular: bool,
}

impl Begins {
    fn of(key: &SeriesKey) -> Self {
        Self { con_id: key.con_id.get(), what: key.what.clone(), is_regular: key.is_regular }
    }
}

/// The planner.
#[derive(Debug, Default)]
pub struct Planner {
    pace: Pace,
    calendars: BTreeMap<i32, Calendar>,
    covered: BTreeMap<SeriesKey, Vec<Span>>,
    /// `None` when the broker cannot say.
    heads: BTreeMap<Begins, Option<i64>>,
    /// Before it there was nothing for so long that nobody who scrolls back is taken further.
    floors: BTreeMap<SeriesKey, i64>,
    work: BTreeMap<JobId, Work>,
    flights: BTreeMap<u64, Flight>,
    /// Days whose answer looked cut off; the second one counts as it is.
    doubted: BTreeSet<(SeriesKey, Date)>,
    /// Spans of bars of one second whose answer did; what it covers is doubted no more.
    doubted_spans: BTreeMap<SeriesKey, Vec<Span>>,
    n_asked: u64,
    failing: BTreeMap<SeriesKey, Failing>,
    hold: Hold,
}

impl Planner {
    /// Takes what is known of a series: before its first job, and after anything else changed it.
    pub fn know(&mut self, key: &SeriesKey, calendar: Calendar, covered: Vec<Span>) {
        self.calendars.entry(key.con_id.get()).or_insert(calendar);
        self.covered.insert(key.clone(), covered);
    }

    /// Takes where a history begins, from an earlier run.
    pub fn know_head(&mut self, key: &SeriesKey, head: Option<i64>) {
        self.heads.insert(Begins::of(key), head);
    }

    /// Returns where the history of a series begins, in seconds since 1970; `None` when that was not
    /// asked yet or the broker cannot say.
    #[must_use]
    pub fn head(&self, key: &SeriesKey) -> Option<i64> {
        self.heads.get(&Begins::of(key)).copied().flatten()
    }

    /// Returns before which instant there is nothing to scroll back to, in seconds since 1970: where
    /// the history begins, or else where bars begin behind a long span without any.
    #[must_use]
    pub fn floor(&self, key: &SeriesKey) -> Option<i64> {
        self.head(key).max(self.floors.get(key).copied())
    }

    /// Takes sessions, from an earlier run.
    pub fn know_sessions(&mut self, con_id: i32, sessions: &[Session], from: i64, to: i64) {
        if let Some(calendar) = self.calendars.get_mut(&con_id) {
            calendar.learn(sessions, from, to);
        }
    }

    /// Takes a job; the same id again replaces it.
    pub fn want(&mut self, job: Job) {
        let work = Work {
            progress: Progress::default(),
            latest: None,
            why_blocked: None,
            job: job.clone(),
        };
        self.work.insert(job.id, work);
    }

    /// Forgets a job; answers that are on their way are kept all the same.
    pub fn drop_job(&mut self, id: JobId) {
        self.work.remove(&id);
    }

    /// Counts a bot's request, which waits for nobody.
    pub fn note(&mut self, now: Mono, asked: Asked) {
        self.pace.note(now, asked);
    }

    /// Returns how long a request of Gatehouse that the planner does not make must wait; `None` when
    /// it may go out now.
    #[must_use]
    pub fn wait(&self, now: Mono, asked: &Asked) -> Option<Duration> {
        self.hold.at(now).max(self.pace.wait(now, asked))
    }

    /// Returns the weight of the last ten minutes, of 60.
    #[must_use]
    pub fn used(&self, now: Mono) -> u32 {
        self.pace.used(now)
    }

    /// Takes a request that went out so long ago, in an earlier run.
    pub fn remember(&mut self, now: Mono, ago: Duration, asked: Asked) {
        self.pace.remember(now, ago, asked);
    }

    /// Returns how long nothing goes out, as the broker said that it was asked too often; `None`
    /// while it does.
    #[must_use]
    pub fn held(&self, now: Mono) -> Option<Duration> {
        self.hold.at(now)
    }

    /// Returns how long nothing goes out, as all that is wanted failed just now; `None` while
    /// something does.
    #[must_use]
    pub fn failed(&self, now: Mono) -> Option<Duration> {
        let wanted = self.work.values().filter(|work| self.why_blocked(work.job.id).is_none());
        let waits = wanted.map(|work| self.failing.get(&work.job.key)?.wait(now));
        waits.collect::<Option<Vec<_>>>()?.into_iter().min()
    }

    /// Forgets what was on its way: the connection is gone and no answer comes. What failed over it
    /// may work over the next one.
    pub fn disconnected(&mut self, now: Mono) {
        for flight in std::mem::take(&mut self.flights).into_values() {
            self.pace.settle(now, &asked(&flight.key, &flight.what));
        }
        self.failing.clear();
    }

    /// Returns a job's progress; `None` for one that is not known.
    #[must_use]
    pub fn progress(&self, id: JobId) -> Option<Progress> {
        let work = self.work.get(&id)?;
        let (mut n_days, mut n_done) = (0_u32, 0_u32);
        for day in self.wanted_days(&work.job) {
            n_days += 1;
            n_done += u32::from(self.has(&work.job.key, &day));
        }
        Some(Progress { n_days, n_days_done: n_done, ..work.progress })
    }

    /// Returns why a job does not go on, when it does not: it needs a person, or its questions fail
    /// again and again, which is tried further with long pauses.
    #[must_use]
    pub fn why_blocked(&self, id: JobId) -> Option<&str> {
        let work = self.work.get(&id)?;
        let fails = || self.failing.get(&work.job.key)?.why();
        work.why_blocked.as_deref().or_else(fails)
    }

    /// Returns whether no job is left that could go on now.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.work.keys().all(|id| self.why_blocked(*id).is_some())
    }

    /// Returns the jobs that are done, and takes them out. One that is blocked is never done.
    pub fn take_done(&mut self, market_now: i64) -> Vec<JobId> {
        let is_done = |work: &Work| {
            work.why_blocked.is_none()
                && !self.flights.values().any(|it| it.key.con_id == work.job.key.con_id)
                && matches!(self.find(work, market_now), Ok(None))
        };
        let done: Vec<JobId> =
            self.work.values().filter(|work| is_done(work)).map(|work| work.job.id).collect();
        for id in &done {
            self.work.remove(id);
        }
        done
    }

    /// Returns the next question, with the time of this machine and of the market (seconds since
    /// 1970).
    pub fn next(&mut self, now: Mono, market_now: i64) -> Next {
        if let Some(wait) = self.hold.at(now) {
            return Next::Wait(wait);
        }
        if self.flights.len() >= IN_FLIGHT_MAX {
            return Next::Idle;
        }
        let (found, soonest) = self.choose(now, market_now);
        let Some((flight, asked)) = found else {
            return soonest.map_or(Next::Idle, Next::Wait);
        };
        self.pace.ask(now, asked);
        self.n_asked += 1;
        let question =
            Question { id: self.n_asked, key: flight.key.clone(), what: flight.what.clone() };
        if let Some(work) = self.work.get_mut(&flight.job) {
            work.progress.n_questions += 1;
        }
        self.flights.insert(question.id, flight);
        Next::Ask(question)
    }

    /// Returns what goes out now, or how long the first that could must wait. Jobs that cannot go on
    /// are marked.
    fn choose(
        &mut self,
        now: Mono,
        market_now: i64,
    ) -> (Option<(Flight, Asked)>, Option<Duration>) {
        let n_flights =
            |work: &Work| self.flights.values().filter(|it| it.job == work.job.id).count();
        let mut order: Vec<&Work> =
            self.work.values().filter(|work| work.why_blocked.is_none()).collect();
        order.sort_by_key(|work| (work.job.urgency, n_flights(work), work.job.id));
        let mut soonest: Option<Duration> = None;
        let (mut chosen, mut stuck) = (None, Vec::new());
        for work in order {
            if n_flights(work) >= IN_FLIGHT_OF_ONE {
                continue;
            }
            let flight = match self.find(work, market_now) {
                Ok(Some(flight)) => flight,
                Ok(None) => continue,
                Err(why) => {
                    stuck.push((work.job.id, why));
                    continue;
                }
            };
            let asked = asked(&flight.key, &flight.what);
            let fails = self.failing.get(&flight.key).and_then(|failing| failing.wait(now));
            let Some(wait) = fails.max(self.pace.wait(now, &asked)) else {
                chosen = Some((flight, asked));
                break;
            };
            soonest = Some(soonest.map_or(wait, |before| before.min(wait)));
        }
        for (id, why) in stuck {
            if let Some(work) = self.work.get_mut(&id) {
                work.why_blocked = Some(why);
            }
        }
        (chosen, soonest)
    }

    /// Returns the days of a job that are known of.
    fn wanted_days(&self, job: &Job) -> Vec<Day> {
        let Some(calendar) = self.calendars.get(&job.key.con_id.get()) else { return Vec::new() };
        let (from, _) = self.span(job, calendar, i64::MAX);
        calendar.units(job.key.bar_secs, from, job.to)
    }

    fn covered(&self, key: &SeriesKey) -> &[Span] {
        self.covered.get(key).map_or(&[], Vec::as_slice)
    }
}

impl Question {
    /// Returns it as the pacing rules see it.
    #[must_use]
    pub fn asked(&self) -> Asked {
        asked(&self.key, &self.what)
    }
}

fn asked(key: &SeriesKey, what: &Wanted) -> Asked {
    match what {
        Wanted::Head => Asked::head(Whose::Number(key.con_id.get()), &key.what, key.is_regular),
        Wanted::Sessions { end, days } => Asked::sessions(key.con_id.get(), *end, *days),
        Wanted::Bars { end, reach } => {
            Asked::bars(&Bars::of(key), end.map_or(End::Now, End::At), &reach.to_string())
        }
    }
}
