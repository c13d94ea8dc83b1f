//! The plan of drills: what is due at which step, and what waits for something to occur.
//!
//! Deterministic in the market's time. It must never know a file or a socket. The hub tells it what
//! occurs and carries out what it returns.

use std::collections::{BTreeMap, BTreeSet};

use gatehouse_types::{ClientId, ConId};
use jiff::civil::Time;

use super::{Drill, Line, Target, Trigger};
use crate::world::calendar::{new_york, new_york_secs, tomorrow};
use crate::world::catalog::Listing;
use crate::world::time::Step;

/// Acts and waiting lines that are kept; more are refused.
const PLANNED_MAX: usize = 20_000;

/// Whether a drill begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    Begin,
    End,
}

/// A drill that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    pub drill: Drill,
    pub turn: Turn,
}

/// Something that a line may wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occurrence<'a> {
    Order(ClientId),
    Fill(ClientId),
    Connected(ClientId),
    Disconnected(ClientId),
    Notice(i32),
    /// A request, by the name that the documentation uses.
    Message(&'a str),
    /// The last price of an instrument.
    Price(ConId, i64),
}

/// A line that waits.
#[derive(Debug)]
struct Waiting {
    line: Line,
    trigger: Trigger,
    n_seen: u32,
    times_left: u32,
    /// Whether the price stands beyond the level already.
    is_beyond: bool,
}

/// There is no room for another line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("20000 acts are planned already")]
pub struct PlanFull;

/// Drills that are to come.
#[derive(Debug, Default)]
pub struct Plan {
    due: BTreeMap<(Step, u64), Act>,
    n_planned: u64,
    waiting: Vec<Waiting>,
}

impl Plan {
    /// Takes a line up at a step; `at` counts from `began`.
    ///
    /// # Errors
    /// Too much is planned already.
    pub fn add(&mut self, line: Line, began: Step, now: Step) -> Result<(), PlanFull> {
        let times = line.cue.times.unwrap_or(1);
        let n_acts = usize::try_from(times).unwrap_or(usize::MAX);
        if (self.due.len() + self.waiting.len()).saturating_add(n_acts) > PLANNED_MAX {
            return Err(PlanFull);
        }
        match line.cue.when.clone() {
            None => {
                let first = line.cue.at.map_or(now, |at| began.plus(at.steps()));
                let every = line.cue.every.map_or(0, |every| every.steps());
                for nth in 0..i64::from(times) {
                    self.plan(&line, first.plus(nth.saturating_mul(every)));
                }
            }
            Some(Trigger::Time(text)) => {
                for at in days(&text, now).take(n_acts) {
                    self.plan(&line, at);
                }
            }
            Some(trigger) => {
                let waiting =
                    Waiting { line, trigger, n_seen: 0, times_left: times, is_beyond: false };
                self.waiting.push(waiting);
            }
        }
        Ok(())
    }

    /// Plans the drills of the lines that waited for this.
    pub fn note(&mut self, occurred: &Occurrence<'_>, now: Step) {
        let mut fired = Vec::new();
        for waiting in &mut self.waiting {
            if waiting.sees(occurred) {
                waiting.times_left -= 1;
                fired.push(waiting.line.clone());
            }
        }
        self.waiting.retain(|waiting| waiting.times_left > 0);
        for line in fired {
            self.plan(&line, now);
        }
    }

    /// Returns the instruments whose price somebody waits for.
    #[must_use]
    pub fn watched(&self) -> Vec<&'static Listing> {
        let mut seen = BTreeSet::new();
        let of = |waiting: &Waiting| match waiting.trigger {
            Trigger::Price { symbol: Target::One(listing), .. } => Some(listing),
            Trigger::Price { symbol: Target::All, .. }
            | Trigger::Order { .. }
            | Trigger::Fill { .. }
            | Trigger::Connected { .. }
            | Trigger::Disconnected { .. }
            | Trigger::Notice { .. }
            | Trigger::Message { .. }
            | Trigger::Time(_) => None,
        };
        let watched = self.waiting.iter().filter_map(of);
        watched.filter(|listing| seen.insert(listing.con_id())).collect()
    }

    /// Takes the next act that is due at a step.
    pub fn take_due(&mut self, now: Step) -> Option<Act> {
        let first = self.due.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }

    /// Returns when the next act is due, where that is known.
    #[must_use]
    pub fn next_due(&self) -> Option<Step> {
        self.due.first_key_value().map(|((at, _), _)| *at)
    }

    /// Returns how many acts are planned, and how many lines wait for something.
    #[must_use]
    pub fn lengths(&self) -> (usize, usize) {
        (self.due.len(), self.waiting.len())
    }

    fn plan(&mut self, line: &Line, cued: Step) {
        let begins = cued.plus(line.cue.after.map_or(0, |after| after.steps()));
        let turn = if line.cue.end { Turn::End } else { Turn::Begin };
        self.put(begins, Act { drill: line.drill.clone(), turn });
        if let Some(lasting) = line.cue.lasting {
            let ends = Act { drill: line.drill.clone(), turn: Turn::End };
            self.put(begins.plus(lasting.steps()), ends);
        }
    }

    fn put(&mut self, at: Step, act: Act) {
        self.due.insert((at, self.n_planned), act);
        self.n_planned += 1;
    }
}

impl Waiting {
    /// Returns whether this is what the line waited for, and counts it.
    fn sees(&mut self, occurred: &Occurrence<'_>) -> bool {
        let is = |wanted: &Option<i32>, client: &ClientId| {
            wanted.is_none_or(|wanted| wanted == client.get())
        };
        let n = match (&self.trigger, occurred) {
            (Trigger::Order { n, client }, Occurrence::Order(who))
            | (Trigger::Fill { n, client }, Occurrence::Fill(who))
            | (Trigger::Connected { n, client }, Occurrence::Connected(who))
            | (Trigger::Disconnected { n, client }, Occurrence::Disconnected(who))
                if is(client, who) =>
            {
                *n
            }
            (Trigger::Notice { code, n }, Occurrence::Notice(said)) if code == said => *n,
            (Trigger::Message { name, n }, Occurrence::Message(said))
                if name.eq_ignore_ascii_case(said) =>
            {
                *n
            }
            (
                Trigger::Price { symbol: Target::One(listing), above, below },
                Occurrence::Price(con_id, px),
            ) if listing.con_id() == *con_id => {
                let above = above.and_then(super::Amount::px).is_some_and(|level| *px >= level);
                let below = below.and_then(super::Amount::px).is_some_and(|level| *px <= level);
                let was = std::mem::replace(&mut self.is_beyond, above || below);
                return self.is_beyond && !was;
            }
            _ => return false,
        };
        self.n_seen += 1;
        if self.n_seen < n {
            return false;
        }
        self.n_seen = 0;
        true
    }
}

/// Reads `09:45:00`.
pub(super) fn time_of_day(text: &str) -> Option<Time> {
    let is_clock = text.len() == 8 && text.bytes().filter(|byte| *byte == b':').count() == 2;
    is_clock.then(|| text.parse().ok()).flatten()
}

/// A time of day in New York, from the next one on.
fn days(text: &str, now: Step) -> impl Iterator<Item = Step> + use<> {
    let time = time_of_day(text).unwrap_or(Time::midnight());
    let today = new_york(now.secs()).date();
    std::iter::successors(Some(today), |day| Some(tomorrow(*day)))
        .map(move |day| {
            let minute = new_york_secs(day, time.hour(), time.minute());
            Step::of_secs(minute + i64::from(time.second()))
        })
        .skip_while(move |at| *at < now)
}

#[cfg(test)]
mod tests;
