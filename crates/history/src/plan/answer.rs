//! What an answer means for what is known.

use std::collections::BTreeMap;

use gatehouse_types::Mono;
use jiff::civil::Date;

use super::find::is_open;
use super::period::{dated, midnight, utc_date};
use super::step::DAY_SECS;
use super::{
    Begins, Calendar, Flight, JobId, Planner, SETTLES_SECS, Session, Wanted, asked, lacks,
};
use crate::bars::Bar;
use crate::coverage::{self, Span};
use crate::series::SeriesKey;

/// Failures in a row after which the question where a history begins is left alone.
const HEAD_TRIES: u32 = 3;
/// Answers in a row that an instrument has no sessions which are not believed.
const NO_SESSIONS_TRIES: u32 = 3;
/// Where the broker does not say where a history begins, nobody who scrolls back is taken further
/// than over so long a span without bars.
const BEGINS_BEHIND: i64 = 30 * super::DAY;
const BEGINS_BEHIND_LONG: i64 = 365 * super::DAY;

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Seconds since 1970.
    Head(i64),
    Sessions(Vec<Session>),
    /// In any order, and some of them twice: the later one counts.
    Bars(Vec<Bar>),
    Trouble(Trouble),
}

/// Why nothing came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The broker has nothing there.
    NoData,
    /// Asked too often.
    Pacing,
    /// It may work later: no connection, cancelled, no answer in time. With a sentence.
    Later(String),
    /// It never works without a person: a subscription, a request that is not understood. With a
    /// sentence.
    Blocked(String),
}

/// What to keep.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settled {
    pub key: Option<SeriesKey>,
    pub job: Option<JobId>,
    /// In the order of time.
    pub bars: Vec<Bar>,
    /// What is known from now on, in order.
    pub covered: Vec<Span>,
    pub head: Option<i64>,
    /// Sessions to keep, and the span that was asked about.
    pub sessions: Option<(Vec<Session>, i64, i64)>,
}

impl Planner {
    /// Takes the answer to a question, with the time of this machine and of the market (seconds
    /// since 1970). An answer that nobody waits for settles nothing.
    pub fn answered(&mut self, id: u64, now: Mono, market_now: i64, answer: Answer) -> Settled {
        let Some(flight) = self.flights.remove(&id) else { return Settled::default() };
        self.pace.settle(now, &asked(&flight.key, &flight.what));
        let nothing = nothing(&flight);
        let has_failed = matches!(answer, Answer::Trouble(_))
            || matches!(&answer, Answer::Sessions(sessions) if sessions.is_empty());
        if !has_failed && let Some(failing) = self.failing.get_mut(&flight.key) {
            failing.answered();
        }
        match (answer, &flight.what) {
            (Answer::Trouble(trouble), _) => self.trouble(&flight, now, market_now, trouble),
            (Answer::Head(at), Wanted::Head) => {
                self.heads.insert(Begins::of(&flight.key), Some(at));
                Settled { head: Some(at), ..nothing }
            }
            (Answer::Sessions(sessions), Wanted::Sessions { .. }) if sessions.is_empty() => {
                self.no_sessions(&flight, now)
            }
            (Answer::Sessions(sessions), Wanted::Sessions { .. }) => {
                let calendar = self.calendars.get_mut(&flight.key.con_id.get());
                let Some(calendar) = calendar else { return nothing };
                let to = calendar.learn(&sessions, flight.from, flight.to);
                Settled { sessions: Some((sessions, flight.from, to)), ..nothing }
            }
            (Answer::Bars(bars), Wanted::Bars { .. }) => {
                self.hold.answered();
                self.settle(&flight, market_now, bars)
            }
            (Answer::Head(_) | Answer::Sessions(_) | Answer::Bars(_), _) => nothing,
        }
    }

    fn trouble(
        &mut self,
        flight: &Flight,
        now: Mono,
        market_now: i64,
        trouble: Trouble,
    ) -> Settled {
        match (trouble, &flight.what) {
            (Trouble::Pacing, _) => self.hold.asked_too_often(now),
            (Trouble::Later(why), what) => {
                let n_failed = self.fail(&flight.key, now, why);
                if matches!(what, Wanted::Head) && n_failed >= HEAD_TRIES {
                    self.heads.insert(Begins::of(&flight.key), None);
                }
            }
            (Trouble::Blocked(why), Wanted::Head) => {
                // Without it, older bars are asked for until there are none.
                tracing::debug!(why, "The broker does not say where a history begins");
                self.heads.insert(Begins::of(&flight.key), None);
            }
            (Trouble::NoData, Wanted::Head) => {
                self.heads.insert(Begins::of(&flight.key), None);
            }
            (Trouble::NoData, Wanted::Sessions { .. }) => return self.no_sessions(flight, now),
            (Trouble::NoData, Wanted::Bars { .. }) => {
                if let Some(failing) = self.failing.get_mut(&flight.key) {
                    failing.answered();
                }
                return self.settle(flight, market_now, Vec::new());
            }
            (Trouble::Blocked(why), Wanted::Sessions { .. } | Wanted::Bars { .. }) => {
                self.block(&flight.key, &why);
            }
        }
        nothing(flight)
    }

    /// Notes that a question failed that may work later, and returns how many of its series did in a
    /// row.
    fn fail(&mut self, key: &SeriesKey, now: Mono, why: String) -> u32 {
        self.failing.entry(key.clone()).or_default().fail(now, why)
    }

    fn block(&mut self, key: &SeriesKey, why: &str) {
        for work in self.work.values_mut().filter(|work| work.job.key == *key) {
            work.why_blocked = Some(why.to_owned());
        }
    }

    /// Takes that an instrument has no sessions in a span. It is asked again first, as nothing of
    /// the span could ever be fetched then. Where the broker does not say where the history begins,
    /// it begins behind such a span.
    fn no_sessions(&mut self, flight: &Flight, now: Mono) -> Settled {
        let key = &flight.key;
        let date = |secs: i64| {
            let calendar = self.calendars.get(&key.con_id.get());
            calendar.map(|calendar| calendar.date(secs).to_string()).unwrap_or_default()
        };
        let why = format!(
            "The broker names no trading days of this instrument between {} and {}. Ask for a span \
             in which it was listed.",
            date(flight.from),
            date(flight.to)
        );
        if self.fail(key, now, why.clone()) < NO_SESSIONS_TRIES {
            return nothing(flight);
        }
        self.failing.remove(key);
        let calendar = self.calendars.get(&key.con_id.get());
        let is_oldest = calendar.is_some_and(|calendar| calendar.begins_at(flight.to));
        if is_oldest && self.heads.get(&Begins::of(key)) == Some(&None) {
            // For this run only: the broker may know better tomorrow.
            self.heads.insert(Begins::of(key), Some(flight.to));
        } else {
            self.block(key, &why);
        }
        nothing(flight)
    }

    fn settle(&mut self, flight: &Flight, market_now: i64, bars: Vec<Bar>) -> Settled {
        let key = &flight.key;
        let Some(calendar) = self.calendars.get(&key.con_id.get()) else {
            return Settled::default();
        };
        let sorted = Sorted::of(flight, calendar, market_now, bars);
        let doubtful: Vec<Date> = sorted
            .doubts(flight)
            .into_iter()
            .filter(|date| self.doubted.insert((key.clone(), *date)))
            .collect();
        let mut covers: Vec<Span> = sorted
            .spans(flight, market_now)
            .into_iter()
            .filter(|(date, _)| date.is_none_or(|date| !doubtful.contains(&date)))
            .map(|(_, span)| span)
            .collect();
        if key.bar_secs <= 1 {
            let doubted = self.doubted_spans.entry(key.clone()).or_default();
            covers.retain(|span| !is_doubted(doubted, flight, *span, &sorted.all));
        }
        let is_newest = flight.to + SETTLES_SECS > market_now;
        let is_behind = match flight.days.last().filter(|_| sorted.has_open && is_newest) {
            Some(day) => {
                is_behind(flight, day, &sorted.open)
                    && self.doubted.insert((key.clone(), day.session.date))
            }
            None => false,
        };
        let covered = self.covered.entry(key.clone()).or_default();
        for span in &covers {
            *covered = coverage::laid(covered, *span);
        }
        if let Some(work) = self.work.get_mut(&flight.job) {
            work.progress.n_bars += u64::try_from(sorted.all.len()).unwrap_or_default();
            if sorted.has_open && is_newest && !is_behind {
                let latest = sorted.open.last().map_or(flight.from, |bar| bar.at);
                work.latest = Some(work.latest.map_or(latest, |before| before.min(latest)));
            }
        }
        if sorted.all.is_empty() {
            self.note_floor(flight);
        }
        Settled { bars: sorted.all, covered: covers, ..nothing(flight) }
    }

    /// Takes the oldest bar for the beginning, when the broker does not say where it is and a long
    /// span before that bar is known to be empty.
    fn note_floor(&mut self, flight: &Flight) {
        let key = &flight.key;
        if self.heads.get(&Begins::of(key)) != Some(&None) {
            return;
        }
        let oldest = self.covered(key).iter().find(|span| !span.is_empty).map(|span| span.from);
        let (Some(begins), Some(calendar)) = (oldest, self.calendars.get(&key.con_id.get())) else {
            return;
        };
        let long = if key.bar_secs < DAY_SECS { BEGINS_BEHIND } else { BEGINS_BEHIND_LONG };
        let before = calendar.units(key.bar_secs, flight.from, begins);
        if begins - flight.from >= long && before.iter().all(|day| self.has(key, day)) {
            self.floors.insert(key.clone(), begins);
        }
    }
}

fn nothing(flight: &Flight) -> Settled {
    Settled { key: Some(flight.key.clone()), job: Some(flight.job), ..Settled::default() }
}

/// The bars of an answer that were asked for, in the order of time, each once.
struct Sorted {
    all: Vec<Bar>,
    /// From where on the answer is one.
    from: i64,
    /// Whether the last day of the answer is not over.
    has_open: bool,
    /// The bars of days that are over.
    by_date: BTreeMap<Date, Vec<Bar>>,
    /// The bars of the day that is not.
    open: Vec<Bar>,
}

impl Sorted {
    fn of(flight: &Flight, calendar: &Calendar, market_now: i64, bars: Vec<Bar>) -> Self {
        let is_of_days = flight.key.bar_secs >= DAY_SECS;
        let bar_secs = flight.key.bar_secs;
        let date = |at: i64| if is_of_days { utc_date(at) } else { calendar.date(at) };
        let dates = (flight.days.first(), flight.days.last());
        let is_wanted = |bar: &Bar| match dates {
            (Some(first), Some(last)) if is_of_days => {
                (first.session.date..=last.session.date).contains(&date(bar.at))
            }
            _ => (flight.from..flight.to).contains(&bar.at),
        };
        let bars = bars.into_iter().map(|bar| Bar { at: dated(bar_secs, bar.at), ..bar });
        let unique: BTreeMap<i64, Bar> = bars.filter(is_wanted).map(|bar| (bar.at, bar)).collect();
        let from = answered_from(flight, unique.keys().next().map(|at| (*at, date(*at))));
        let open_from = flight
            .days
            .last()
            .filter(|day| is_open(day, market_now))
            .map(|day| if is_of_days { midnight(day.session.date) } else { day.from });
        let all: Vec<Bar> = unique.into_values().collect();
        let n_over = all.partition_point(|bar| open_from.is_none_or(|open| bar.at < open));
        let mut by_date: BTreeMap<Date, Vec<Bar>> = BTreeMap::new();
        for bar in &all[..n_over] {
            by_date.entry(date(bar.at)).or_default().push(*bar);
        }
        let open = all[n_over..].to_vec();
        Self { all, from, has_open: open_from.is_some(), by_date, open }
    }

    /// Returns the days that are over and look as if bars of them were missing. Bars of one second
    /// come in pieces, which are doubted one by one.
    fn doubts(&self, flight: &Flight) -> Vec<Date> {
        if flight.key.bar_secs <= 1 {
            return Vec::new();
        }
        let last_asked = flight.days.last().map(|day| day.session.date);
        let last_answered = self.by_date.keys().next_back().copied();
        // Where an answer ends before its last day, its last bars may be missing, too.
        let ends_early =
            |date| self.open.is_empty() && last_answered == Some(date) && last_asked > Some(date);
        let n_over = flight.days.len() - usize::from(self.has_open);
        let over = flight.days.iter().take(n_over);
        over.filter(|day| day.to > self.from)
            .filter(|day| {
                let date = day.session.date;
                ends_early(date) || looks_cut(&flight.key, day, self.by_date.get(&date))
            })
            .map(|day| day.session.date)
            .collect()
    }

    /// Returns the spans, with the dates of whole days, that an answer makes known: those of its
    /// days, empty or not, and of the day that is not over what lies before its last bar, which
    /// still grows, or what a piece of it asked for that ended a while ago.
    fn spans(&self, flight: &Flight, market_now: i64) -> Vec<(Option<Date>, Span)> {
        let (over, last) = match flight.days.split_last() {
            Some((last, over)) if self.has_open => (over, Some(last)),
            _ => (&flight.days[..], None),
        };
        let mut spans = Vec::new();
        for day in over {
            let (from, to) = (day.from.max(self.from), day.to.min(flight.to));
            // A piece of a day cannot tell which dates are empty: it is known, that is all.
            let has_bars = self.by_date.contains_key(&day.session.date)
                || self.by_date.values().flatten().any(|bar| (from..to).contains(&bar.at));
            if from < to {
                spans.push((Some(day.session.date), Span { from, to, is_empty: !has_bars }));
            }
        }
        if let Some(day) = last {
            let from = day.from.max(self.from);
            let is_settled = flight.to + SETTLES_SECS <= market_now;
            let latest = self.open.last().map_or(from, |bar| bar.at);
            let to = if is_settled { flight.to } else { latest };
            if from < to {
                spans.push((None, Span { from, to, is_empty: self.open.is_empty() }));
            }
        }
        spans
    }
}

/// Returns from where on an answer is one, by its first bar and the bar's date: what lies before was
/// not answered, unless it was the only day asked for or there is nothing at all.
fn answered_from(flight: &Flight, first: Option<(i64, Date)>) -> i64 {
    let is_of_days = flight.key.bar_secs >= DAY_SECS;
    let is_answered = |day: &&super::Day| match first {
        None => true,
        Some((_, date)) if is_of_days => day.session.date >= date,
        Some((at, _)) => day.to > at,
    };
    if flight.days.len() <= 1 {
        return flight.from;
    }
    let day = flight.days.iter().find(is_answered);
    day.map_or(flight.from, |day| day.from.max(flight.from))
}

/// Returns whether the bars of a day over regular hours begin late, end early or have a hole that
/// trading hardly explains. Asked again once, such a day is as it is.
fn looks_cut(key: &SeriesKey, day: &super::Day, bars: Option<&Vec<Bar>>) -> bool {
    bars.is_none_or(|bars| {
        !lacks::holes(key.bar_secs, day.session, bars.iter().map(|bar| bar.at)).is_empty()
    })
}

/// Returns whether a span of bars of one second looks as if some were missing of its regular hours, and
/// notes that it does. Asked again once, it is as it is.
fn is_doubted(doubted: &mut Vec<Span>, flight: &Flight, span: Span, bars: &[Bar]) -> bool {
    let Some(Session { open, close, .. }) = flight.days.first().map(|day| day.session) else {
        return false;
    };
    let (from, to) = (span.from.max(open), span.to.min(close));
    let holes = lacks::holes_of_seconds(from, to, &begun(bars, from, to));
    let is_new = holes.iter().any(|(from, to)| !coverage::holds(doubted, *from, *to));
    if is_new {
        *doubted = coverage::laid(doubted, Span { from, to, is_empty: false });
    }
    is_new
}

/// Returns whether the latest bar of the day that is not over is older, when it was asked for, than
/// trading explains.
fn is_behind(flight: &Flight, day: &super::Day, bars: &[Bar]) -> bool {
    let (bar_secs, latest) = (flight.key.bar_secs, bars.last());
    let Session { open, close, .. } = day.session;
    if bar_secs >= DAY_SECS {
        return latest.is_none() && flight.to - open > lacks::HOLE_SECS;
    }
    let (from, to) = (flight.from.max(open), flight.to.min(close));
    if bar_secs <= 1 {
        let holes = lacks::holes_of_seconds(from, to, &begun(bars, from, to));
        return holes.last().is_some_and(|(_, end)| *end == to);
    }
    let seen_to = latest.map_or(from, |bar| bar.at + i64::from(bar_secs));
    to - seen_to > lacks::hole_max(bar_secs)
}

/// Returns when the bars begin that begin within `[from, to)`.
fn begun(bars: &[Bar], from: i64, to: i64) -> Vec<i64> {
    bars.iter().map(|bar| bar.at).filter(|at| (from..to).contains(at)).collect()
}
