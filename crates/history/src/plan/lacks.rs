//! What of the trading days is missing, by the same rules by which the planner asks and doubts. Pure.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::SETTLES_SECS;
use super::calendar::{Calendar, Day, Session};
use super::step::DAY_SECS;
use crate::coverage::{self, Span};
use crate::series::SeriesKey;

/// A hole in regular hours counts when it is longer than this, and than so many bars.
pub(super) const HOLE_SECS: i64 = 10 * 60;
const HOLE_BARS: i64 = 3;
/// In a piece of bars of one second a hole counts from so many seconds on, and from so many times the
/// mean time between its other bars on, but for holes that count in bars of any size.
const HOLE_OF_SECONDS: i64 = 60;
const HOLE_SPACINGS: i64 = 30;

/// Why bars are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Nobody asked for any of the day.
    NeverFetched,
    /// Nobody asked for any of the day, but there are bars of files.
    OnlyFromFiles,
    /// Nobody asked for a part of the day, or for a span of which no sessions are known.
    NotAsked,
    /// The broker was asked and had nothing.
    KnownEmpty,
    /// There are bars before and behind, or the open or close of regular hours.
    Hole,
    /// Which days are trading days is not known: whether bars are missing cannot be said.
    NoSchedule,
}

impl Why {
    /// Returns the word that programs read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NeverFetched => "never-fetched",
            Self::OnlyFromFiles => "only-from-files",
            Self::NotAsked => "not-asked",
            Self::KnownEmpty => "known-empty",
            Self::Hole => "hole",
            Self::NoSchedule => "no-schedule",
        }
    }
}

/// A span in which bars are missing, or may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lack {
    /// The trading day; `None` where no schedule is known.
    pub date: Option<Date>,
    /// From inclusive to exclusive, in seconds since 1970; of a whole day its regular hours.
    pub from: i64,
    pub to: i64,
    pub why: Why,
    /// Number of the trading day among those that were looked at, from 1; 0 without one.
    pub n_day: u32,
}

/// What of a span is missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lacks {
    /// Trading days that are over and were looked at.
    pub n_days: u32,
    /// By days, then what lies outside of the schedule that is known.
    pub lacks: Vec<Lack>,
}

/// A trading day of which the bars decide what is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Open {
    session: Session,
    n_day: u32,
    is_fetched: bool,
}

/// Returns what of `[from, to)` is missing by the spans that are known, and the days whose bars are
/// to be looked at. A day counts when its regular hours end within the span and it is over at
/// `market_now`; all in seconds since 1970.
pub(crate) fn of_span(
    key: &SeriesKey,
    calendar: &Calendar,
    covered: &[Span],
    (from, to): (i64, i64),
    market_now: i64,
) -> (Lacks, Vec<Open>) {
    let (mut found, mut open) = (Lacks::default(), Vec::new());
    let is_meant = |day: &Day| {
        day.session.close > from && day.session.close <= to && day.to + SETTLES_SECS <= market_now
    };
    for day in calendar.days(from, to).iter().filter(|day| is_meant(day)) {
        found.n_days += 1;
        let n_day = found.n_days;
        let session = day.session;
        let lack = |(from, to), why| Lack { date: Some(session.date), from, to, why, n_day };
        let unasked = unasked(key, day, covered);
        let touches = |span: &&Span| span.from < day.to && span.to > day.own_from;
        let mut known = covered.iter().filter(touches).peekable();
        if known.peek().is_none() {
            open.push(Open { session, n_day, is_fetched: false });
        } else if !unasked.is_empty() {
            found.lacks.extend(unasked.into_iter().map(|part| lack(part, Why::NotAsked)));
        } else if known.all(|span| span.is_empty) {
            found.lacks.push(lack((session.open, session.close), Why::KnownEmpty));
        } else {
            open.push(Open { session, n_day, is_fetched: true });
        }
    }
    for (from, to) in calendar.all_unknown(from, to.min(market_now)) {
        let lack = |(from, to), why| Lack { date: None, from, to, why, n_day: 0 };
        found.lacks.push(lack((from, to), Why::NoSchedule));
        let unasked = coverage::gaps(covered, from, to);
        found.lacks.extend(unasked.into_iter().map(|part| lack(part, Why::NotAsked)));
    }
    (found, open)
}

impl Open {
    /// Returns between which instants the bars of the day begin, in regular hours; `None` of bars that
    /// belong to no single day. A bar of a day begins at an instant that names its date.
    pub(crate) fn span(&self, bar_secs: u32) -> Option<(i64, i64)> {
        let Session { date, open, close } = self.session;
        match bar_secs {
            ..DAY_SECS => Some((open, close)),
            DAY_SECS => {
                let midnight = date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
                Some((midnight, midnight + i64::from(DAY_SECS)))
            }
            _ => None,
        }
    }

    /// Adds what is missing of the day to `lacks`. Its bars within [`Open::span`] begin at these
    /// instants, in order.
    pub(crate) fn look(&self, bar_secs: u32, at: &[i64], lacks: &mut Vec<Lack>) {
        let Self { session, n_day, is_fetched } = *self;
        let lack = |(from, to), why| Lack { date: Some(session.date), from, to, why, n_day };
        let whole = (session.open, session.close);
        if !is_fetched && at.is_empty() {
            lacks.push(lack(whole, Why::NeverFetched));
            return;
        }
        if !is_fetched {
            lacks.push(lack(whole, Why::OnlyFromFiles));
        }
        let holes = holes(bar_secs, session, at.iter().copied());
        lacks.extend(holes.into_iter().map(|hole| lack(hole, Why::Hole)));
    }
}

/// Returns what of a day nobody asked for yet.
pub(super) fn unasked(key: &SeriesKey, day: &Day, covered: &[Span]) -> Vec<(i64, i64)> {
    let (from, to) = own_span(key, day);
    coverage::gaps(covered, from, to)
}

/// Returns what of a day must be known so that nothing of it is missing.
pub(super) fn own_span(key: &SeriesKey, day: &Day) -> (i64, i64) {
    if key.bar_secs <= 1 && key.is_regular {
        (day.session.open, day.session.close)
    } else {
        (day.own_from, day.to)
    }
}

/// Returns from how many seconds on a hole counts: shorter ones may be quiet trading.
pub(super) fn hole_max(bar_secs: u32) -> i64 {
    HOLE_SECS.max(HOLE_BARS * i64::from(bar_secs))
}

/// Returns the holes in a session between bars that begin at these instants, in order, those before
/// the first and behind the last too. A bar of a day is there or not, and longer ones belong to no
/// single day.
pub(super) fn holes(
    bar_secs: u32,
    session: Session,
    at: impl Iterator<Item = i64>,
) -> Vec<(i64, i64)> {
    let Session { open, close, .. } = session;
    let mut at = at.peekable();
    match bar_secs {
        ..DAY_SECS => {}
        DAY_SECS if at.peek().is_none() => return vec![(open, close)],
        _ => return Vec::new(),
    }
    let mut holes = Vec::new();
    let mut seen_to = open;
    for at in at.filter(|at| (open..close).contains(at)).chain([close]) {
        if at - seen_to > hole_max(bar_secs) {
            holes.push((seen_to, at));
        }
        seen_to = at + i64::from(bar_secs);
    }
    holes
}

/// Returns the holes in `[from, to)` between bars of one second that begin at these instants within
/// it, in order, those before the first and behind the last too. The fewer bars there are beside a
/// hole, the longer it must be: a second without a trade has no bar.
pub(super) fn holes_of_seconds(from: i64, to: i64, at: &[i64]) -> Vec<(i64, i64)> {
    let n_bars = i64::try_from(at.len()).unwrap_or(i64::MAX).max(1);
    let begins = std::iter::once(from).chain(at.iter().map(|at| at + 1));
    let ends = at.iter().copied().chain([to]);
    let counts = |(begin, end): &(i64, i64)| {
        let secs = end - begin;
        let spacings = HOLE_SPACINGS.saturating_mul(to - from - secs) / n_bars;
        secs > spacings.clamp(HOLE_OF_SECONDS, HOLE_SECS)
    };
    begins.zip(ends).filter(counts).collect()
}

#[cfg(test)]
mod tests;
