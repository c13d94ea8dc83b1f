//! What a job needs next.

use super::calendar::{Calendar, Day};
use super::{
    Begins, DAY, Flight, Job, Planner, Reach, SETTLES_SECS, UP_TO_NOW, Urgency, Wanted, Work,
    lacks, step,
};
use crate::bar_size::BarSize;
use crate::coverage;
use crate::series::SeriesKey;

/// Midnight in UTC of 1 January 1950, seconds since 1970: no broker's bars are older.
const EARLIEST: i64 = -631_152_000;

impl Planner {
    /// Returns what a job needs next and is not on its way yet; or why it cannot be had.
    pub(super) fn find(&self, work: &Work, market_now: i64) -> Result<Option<Flight>, String> {
        let job = &work.job;
        let flight = |what, from, to, days| Flight {
            job: job.id,
            key: job.key.clone(),
            what,
            from,
            to,
            days,
        };
        let begins = Begins::of(&job.key);
        if !self.heads.contains_key(&begins) {
            let is_of_same =
                |it: &Flight| matches!(it.what, Wanted::Head) && Begins::of(&it.key) == begins;
            let is_asked = self.flights.values().any(is_of_same);
            return Ok((!is_asked).then(|| flight(Wanted::Head, 0, 0, Vec::new())));
        }
        let Some(calendar) = self.calendars.get(&job.key.con_id.get()) else { return Ok(None) };
        let (from, to) = self.span(job, calendar, market_now);
        if let Some((first, last)) = calendar.unknown(from, to) {
            let of_same = |it: &Flight| {
                it.key.con_id == job.key.con_id && matches!(it.what, Wanted::Sessions { .. })
            };
            if self.flights.values().any(of_same) {
                return Ok(None);
            }
            let days = u32::try_from((last - first) / DAY + 1).unwrap_or(1);
            let wanted = Wanted::Sessions { end: last, days };
            return Ok(Some(flight(wanted, first, last, Vec::new())));
        }
        let days = calendar.units(job.key.bar_secs, from, to);
        let found = if job.key.what == UP_TO_NOW {
            self.find_adjusted(work, calendar, days, market_now)?
        } else if job.key.bar_secs <= 1 {
            self.find_seconds(work, &days, market_now)
        } else {
            self.find_days(work, &days, market_now)
        };
        Ok(found.map(|(what, from, to, days)| flight(what, from, to, days)))
    }

    /// Returns what of a job's span there can be, whole weeks and months for bars of that length.
    pub(super) fn span(&self, job: &Job, calendar: &Calendar, market_now: i64) -> (i64, i64) {
        let from = calendar.first_of(job.key.bar_secs, job.from.max(EARLIEST));
        let begins = match job.urgency {
            Urgency::Screen => self.floor(&job.key),
            Urgency::Person | Urgency::Repair => self.head(&job.key),
        };
        let from = begins.map_or(from, |begins| begins.max(from));
        let to = if job.key.what == UP_TO_NOW { i64::MAX } else { job.to };
        (from, if to < market_now { to } else { calendar.present(market_now) })
    }

    /// The newest days that are missing, as many as one question may bring.
    fn find_days(&self, work: &Work, days: &[Day], market_now: i64) -> Option<Piece> {
        let key = &work.job.key;
        let is_missing =
            |day: &&Day| self.is_missing(work, day, market_now) && !self.is_flying(key, day);
        let newest = days.iter().rposition(|day| is_missing(&day))?;
        let n_max = self.part_of(key, step::days_max(key.bar_secs, key.is_regular));
        let n_max = usize::try_from(n_max).unwrap_or(usize::MAX);
        let before = days.get(..=newest)?;
        let n = before.iter().rev().take_while(is_missing).take(n_max).count();
        let n = n + usize::from(self.touches(key, before, n));
        let run = before.get(before.len() - n..)?;
        let (first, last) = (run.first()?, run.last()?);
        let end = (!is_open(last, market_now)).then_some(last.to);
        let to = end.unwrap_or(market_now);
        let reach = if key.bar_secs > step::DAY_SECS {
            step::reach_over(to - first.from)
        } else {
            step::reach(u32::try_from(n).unwrap_or(u32::MAX))
        };
        Some((Wanted::Bars { end, reach }, first.from, to, run.to_vec()))
    }

    /// Returns whether the day before the newest `n` days is asked for with them, although it is known:
    /// where nothing else of the answer is known, it shows whether prices were restated.
    fn touches(&self, key: &SeriesKey, days: &[Day], n: usize) -> bool {
        let n_max = step::days_max(key.bar_secs, key.is_regular);
        let has_room = n_max > 1
            && self.part_of(key, n_max) == n_max
            && u32::try_from(n).is_ok_and(|n| n < step::DAYS_MAX);
        let Some((known, wanted)) = days.split_at_checked(days.len() - n) else { return false };
        let (Some(before), Some(first)) = (known.last(), wanted.first()) else { return false };
        let is_new = coverage::gaps(self.covered(key), first.own_from, first.to)
            == [(first.own_from, first.to)];
        has_room && key.bar_secs <= step::DAY_SECS && is_new && self.has(key, before)
    }

    /// Prices that later dividends change: all of them again and up to the present, as the broker
    /// takes no other end for them. Those that are kept from before come anew where one question
    /// can bring them.
    fn find_adjusted(
        &self,
        work: &Work,
        calendar: &Calendar,
        days: Vec<Day>,
        market_now: i64,
    ) -> Result<Option<Piece>, String> {
        let key = &work.job.key;
        let is_wanted = |day: &&Day| day.from < work.job.to;
        let is_missing = |day: &Day| self.is_missing(work, day, market_now);
        let is_asked = self
            .flights
            .values()
            .any(|it| it.key == *key && matches!(it.what, Wanted::Bars { .. }));
        if is_asked || !days.iter().filter(is_wanted).any(is_missing) {
            return Ok(None);
        }
        let n_max = match key.bar_secs {
            step::DAY_SECS.. => u32::MAX,
            small => step::days_max(small, key.is_regular),
        };
        let is_too_many = |days: &[Day]| u32::try_from(days.len()).is_ok_and(|n| n > n_max);
        if is_too_many(&days) {
            let bar = BarSize::of_secs(key.bar_secs).map_or("that length", |size| size.word);
            return Err(format!(
                "{UP_TO_NOW} bars of {bar} are given for the last {n_max} trading days only, as the \
                 broker gives them up to the present and in one piece. Ask for a later begin or for \
                 longer bars."
            ));
        }
        let kept_from = self.covered(key).first().map(|span| span.from);
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(None) };
        let from = kept_from.map_or(first.from, |kept| kept.min(first.from));
        let whole = calendar.units(key.bar_secs, from, last.to);
        let days = if is_too_many(&whole) { days } else { whole };
        let Some(first) = days.first().map(|day| day.from) else { return Ok(None) };
        let reach = if key.bar_secs > step::DAY_SECS {
            step::reach_over(market_now - first)
        } else {
            step::reach(u32::try_from(days.len()).unwrap_or(u32::MAX))
        };
        Ok(Some((Wanted::Bars { end: None, reach }, first, market_now, days)))
    }

    /// Bars of one second come in pieces of a day, newest first.
    fn find_seconds(&self, work: &Work, days: &[Day], market_now: i64) -> Option<Piece> {
        let key = &work.job.key;
        let length = i64::from(self.part_of(key, step::SECONDS_MAX));
        // The newest piece ends at the present. Pieces begin at fixed instants, so that those before it
        // are the same a second later, and it is longer than bars may take to arrive.
        let half = (length / 2).max(1);
        days.iter().rev().find_map(|day| {
            let (from, to) = lacks::own_span(key, day);
            // Of a day that is not over, what came after its newest piece is not asked for again.
            let newest = work.latest.filter(|_| is_open(day, market_now));
            let gaps =
                coverage::gaps(self.covered(key), from, to.min(newest.unwrap_or(market_now)));
            let begins = |end: i64| from + ((end - length - from).max(0) + half - 1) / half * half;
            gaps.into_iter().rev().find_map(|(from, to)| {
                let mut end = to;
                while end > from {
                    let begin = from.max(begins(end));
                    if !self.is_flying_within(key, begin, end) {
                        let reach = Reach::Seconds(u32::try_from(end - begin).unwrap_or(1).max(1));
                        let wanted = Wanted::Bars { end: Some(end), reach };
                        return Some((wanted, begin, end, vec![*day]));
                    }
                    end = begin;
                }
                None
            })
        })
    }

    /// Returns whether a day is still to be asked for; the one that is not over once for each job.
    fn is_missing(&self, work: &Work, day: &Day, market_now: i64) -> bool {
        let is_asked = is_open(day, market_now) && work.latest.is_some();
        !is_asked && !self.has(&work.job.key, day)
    }

    pub(super) fn has(&self, key: &SeriesKey, day: &Day) -> bool {
        let (from, to) = lacks::own_span(key, day);
        coverage::holds(self.covered(key), from, to)
    }

    fn is_flying(&self, key: &SeriesKey, day: &Day) -> bool {
        self.is_flying_within(key, day.from, day.to)
    }

    fn is_flying_within(&self, key: &SeriesKey, from: i64, to: i64) -> bool {
        let touches = |it: &Flight| {
            it.key == *key && matches!(it.what, Wanted::Bars { .. }) && it.from < to && it.to > from
        };
        self.flights.values().any(touches)
    }

    /// Returns how much of `n_max` a question may ask for after questions that failed.
    fn part_of(&self, key: &SeriesKey, n_max: u32) -> u32 {
        self.failing.get(key).map_or(n_max, |failing| failing.part(n_max))
    }
}

/// A question for bars, what it is about in seconds since 1970, and its days.
type Piece = (Wanted, i64, i64, Vec<Day>);

/// Returns whether bars of a day may still change.
pub(super) fn is_open(day: &Day, market_now: i64) -> bool {
    day.to + SETTLES_SECS > market_now
}
