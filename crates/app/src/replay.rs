//! What other limits would have done to recorded requests: each is judged again by the inputs
//! that were recorded beside its verdict.

use std::collections::BTreeMap;

use gatehouse_engine::Replayer;
use gatehouse_ipc::{Failure, LimitEdit, Replay, ReplayDay, ReplayRow, Reply};
use gatehouse_ledger::{Filter, Order, Page, ReadError, StoredEntry};
use gatehouse_types::{Entry, EntryKind, LimitId, Verdict};
use jiff::civil::Date;

use crate::app::App;
use crate::audit::unreadable;
use crate::failure::{command, stopping};
use crate::policy;
use crate::view::{decision, session, words};

/// Rows that are shown; more are counted only.
const ROWS_MAX: usize = 200;

/// Recorded requests that are read: a bot that runs away must not stop the window.
const REQUESTS_MAX: usize = 20_000;

/// Requests that are read at once.
const PAGE: u32 = 1000;

const ALWAYS: &str = "Changes of working orders, brackets and groups are not judged again. What \
    limits on rates, repeats, working orders, exposure, traded value, losses and refusals found \
    stays as it was: their inputs are not in the record.";

const NOTHING_RECORDED: &str =
    "The record of these orders does not hold what they would be judged by.";

impl App {
    /// Judges the requests of the last `days` that have any, by the limits in force and edits.
    pub(crate) fn replay_limits(&self, edits: &[LimitEdit], days: u32) -> Result<Reply, Failure> {
        let edits = edits.iter().map(policy::read).collect::<Result<Vec<_>, _>>()?;
        let limits = edits.iter().map(|(_, limit, _)| *limit).collect();
        let by = self
            .proxy
            .inspect(move |engine, _| engine.replayer(edits))
            .ok_or_else(stopping)?
            .map_err(|error| command(&error))?;
        let mut reader = self.ledger.reader()?;
        let read = |before| {
            let filter = Filter { kinds: vec!["judged".to_owned()], before, ..Filter::default() };
            reader.entries(&filter, Page { order: Order::NewestFirst, limit: PAGE })
        };
        let days = usize::try_from(days).unwrap_or(usize::MAX);
        let replayed = Look::back(&by, days, read).map_err(|error| unreadable(&error))?;
        Ok(Reply::Replay(Box::new(replayed.told(limits))))
    }
}

/// What was found so far, newest first.
#[derive(Default)]
struct Look {
    days: BTreeMap<Date, ReplayDay>,
    rows: Vec<ReplayRow>,
    n_read: usize,
    n_without_inputs: u32,
    n_newly_refused: u32,
    n_newly_allowed: u32,
    is_cut: bool,
}

impl Look {
    /// Looks at pages of verdicts, each older than the last one of the page before.
    fn back(
        by: &Replayer,
        days: usize,
        mut read: impl FnMut(Option<gatehouse_types::EntrySeq>) -> Result<Vec<StoredEntry>, ReadError>,
    ) -> Result<Self, ReadError> {
        let mut look = Self::default();
        let mut before = None;
        loop {
            let page = read(before)?;
            let Some(last) = page.last() else { return Ok(look) };
            before = Some(last.entry.seq);
            for stored in &page {
                if look.n_read >= REQUESTS_MAX {
                    look.is_cut = true;
                    return Ok(look);
                }
                if !look.take(by, days, &stored.entry) {
                    return Ok(look);
                }
            }
        }
    }

    /// Takes an entry in. Returns false when it is of a day too far back.
    fn take(&mut self, by: &Replayer, days: usize, entry: &Entry) -> bool {
        let EntryKind::Judged { bot, intent, verdict, .. } = &entry.kind else { return true };
        let at = entry.stamp.market.unwrap_or(entry.stamp.utc);
        let Some(date) = session::date(at).filter(|_| !intent.what_if) else { return true };
        if !self.days.contains_key(&date) && self.days.len() >= days {
            return false;
        }
        self.n_read += 1;
        let day = self.days.entry(date).or_insert_with(|| ReplayDay {
            date: date.to_string(),
            n_requests: 0,
            n_changed: 0,
        });
        let Some(again) = by.judge(&entry.kind, entry.stamp) else {
            self.n_without_inputs += 1;
            return true;
        };
        day.n_requests += 1;
        if again.outcome() == verdict.outcome() {
            return true;
        }
        day.n_changed += 1;
        match (verdict.may_send(), again.may_send()) {
            (true, false) => self.n_newly_refused += 1,
            (false, true) => self.n_newly_allowed += 1,
            (true, true) | (false, false) => {}
        }
        if self.rows.len() < ROWS_MAX {
            self.rows.push(ReplayRow {
                seq: entry.seq.get(),
                time: words::iso(at),
                bot: bot.to_string(),
                what: format!("{} {} {}", intent.side, intent.quantity, intent.contract.symbol),
                was: words::outcome(verdict.outcome()),
                becomes: words::outcome(again.outcome()),
                sentence: sentence(&again),
            });
        }
        true
    }

    fn told(self, edited: Vec<LimitId>) -> Replay {
        let days: Vec<ReplayDay> =
            self.days.into_values().filter(|day| day.n_requests > 0).collect();
        let n_requests = days.iter().map(|day| day.n_requests).sum();
        let missing = match (n_requests, self.n_without_inputs) {
            (0, 0) => None,
            (0, _) => Some(NOTHING_RECORDED.to_owned()),
            (_, _) => Some(missing(edited, self.is_cut)),
        };
        Replay {
            n_requests,
            n_without_inputs: self.n_without_inputs,
            n_changed: days.iter().map(|day| day.n_changed).sum(),
            n_newly_refused: self.n_newly_refused,
            n_newly_allowed: self.n_newly_allowed,
            days,
            rows: self.rows,
            missing,
        }
    }
}

fn sentence(again: &Verdict) -> String {
    let leading = again.leading();
    leading.map_or_else(
        || "No rule finds anything.".to_owned(),
        |finding| decision::sentence(&finding.refusal),
    )
}

/// Says what of the edits, and what always, could not be judged again.
fn missing(mut edited: Vec<LimitId>, is_cut: bool) -> String {
    edited.retain(|limit| !Replayer::covers(*limit));
    let titles: Vec<&str> = edited.into_iter().map(words::limit_title).collect();
    let mut said = Vec::new();
    if !titles.is_empty() {
        said.push(format!("Not replayed: {}.", titles.join(", ")));
    }
    if is_cut {
        said.push(format!("Only the newest {REQUESTS_MAX} orders were looked at."));
    }
    said.push(ALWAYS.to_owned());
    said.join(" ")
}

#[cfg(test)]
mod tests;
