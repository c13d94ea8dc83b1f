//! The trading day as Home draws it: each bot's result by the minute, kept while the program runs,
//! and its fills and refusals from the ledger.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use gatehouse_engine::Status;
use gatehouse_ipc::{BotDay, Day, DayMark, DayPoint, Failure};
use gatehouse_ledger::{Calendar, Filter, Order, Page, Span, StoredEntry};
use gatehouse_types::{Decimal, EntryKind, LimitId, Mono, Outcome, Utc};
use jiff::civil::Date;

use crate::app::App;
use crate::audit::unreadable;
use crate::failure::stopping;
use crate::view::{row, session};

/// How often results are looked at; the last one of a minute stays.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Entries of one kind that are read for the lanes; a lane with more is a runaway's.
const MARKS_MAX: u32 = 5000;

const MINUTE_S: i64 = 60;
const NANOS: i64 = 1_000_000_000;

#[derive(Default)]
struct Kept {
    date: Option<Date>,
    looked: Option<Mono>,
    /// When this life began to look, on the Gateway's calendar.
    since: Option<i64>,
    /// By bot: the result at the end of each minute.
    lines: BTreeMap<String, BTreeMap<i64, Decimal>>,
}

/// Results of one trading day by the minute, in this life.
#[derive(Default)]
pub(crate) struct DayLines(Mutex<Kept>);

impl DayLines {
    fn is_due(&self, now: Mono) -> bool {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = kept.looked.is_none_or(|at| now.since(at) >= LOOK_EVERY);
        if is_due {
            kept.looked = Some(now);
        }
        is_due
    }

    /// Takes the results of this instant.
    fn note(&self, date: Date, at: i64, results: Vec<(String, Decimal)>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.date != Some(date) {
            kept.date = Some(date);
            kept.since = Some(at);
            kept.lines.clear();
        }
        let minute = at.div_euclid(MINUTE_S) * MINUTE_S;
        for (bot, result) in results {
            kept.lines.entry(bot).or_default().insert(minute, result);
        }
    }

    fn lines(&self, date: Date) -> (Option<i64>, BTreeMap<String, BTreeMap<i64, Decimal>>) {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.date == Some(date) {
            (kept.since, kept.lines.clone())
        } else {
            (None, BTreeMap::new())
        }
    }
}

/// Returns each bot's result, those left out of which nothing can be said.
fn results(status: &Status) -> Vec<(String, Decimal)> {
    let of = |bot: &gatehouse_engine::BotStatus| {
        Some((bot.config.name.to_string(), bot.result.total.ok()?.amount()))
    };
    status.bots.iter().filter_map(of).collect()
}

impl App {
    /// Keeps the results of this instant for the day's lines.
    pub(crate) fn note_day(&self) {
        if !self.days.is_due(self.clock.now().mono) {
            return;
        }
        let seen = self.proxy.inspect(|engine, now| {
            let status = engine.status(now);
            (status.market, results(&status))
        });
        if let Some((Some(at), results)) = seen
            && let Some(date) = session::date(at)
        {
            self.days.note(date, at.secs(), results);
        }
    }

    /// Returns the day so far.
    pub(crate) fn day(&self) -> Result<Day, Failure> {
        let status = self.proxy.inspect(|engine, now| engine.status(now)).ok_or_else(stopping)?;
        let Some((at, date)) = status.market.and_then(|at| Some((at, session::date(at)?))) else {
            return Ok(empty(&status));
        };
        self.days.note(date, at.secs(), results(&status));
        let (since, lines) = self.days.lines(date);
        let span = span(date);
        let fills =
            self.marks(Filter { kinds: vec!["filled".to_owned()], span, ..Filter::default() })?;
        let refused =
            self.marks(Filter { outcome: Some(Outcome::Refuse), span, ..Filter::default() })?;
        let bots = status.bots.iter().map(|bot| {
            let name = bot.config.name.to_string();
            BotDay {
                points: lines.get(&name).map(points).unwrap_or_default(),
                fills: fills.get(&name).cloned().unwrap_or_default(),
                refused: refused.get(&name).cloned().unwrap_or_default(),
                bot: name,
            }
        });
        let opens = session::regular(date);
        let begins_late =
            since.zip(opens).is_some_and(|(since, (open, _))| since > open + MINUTE_S);
        Ok(Day {
            date: Some(date.to_string()),
            opens: opens.map(|(open, _)| open),
            closes: opens.map(|(_, close)| close),
            bots: bots.collect(),
            total: total(&lines),
            notes: if begins_late {
                vec![
                    "The lines begin when Gatehouse was started; earlier minutes are not known."
                        .to_owned(),
                ]
            } else {
                Vec::new()
            },
            ..empty(&status)
        })
    }

    /// Returns marks by bot, oldest first; repeats within a minute are one mark.
    fn marks(&self, filter: Filter) -> Result<BTreeMap<String, Vec<DayMark>>, Failure> {
        let page = Page { order: Order::NewestFirst, limit: MARKS_MAX };
        let stored =
            self.ledger.reader()?.entries(&filter, page).map_err(|error| unreadable(&error))?;
        let mut marks: BTreeMap<String, Vec<DayMark>> = BTreeMap::new();
        for stored in stored.iter().rev() {
            if let Some((bot, mark)) = mark(stored) {
                add(marks.entry(bot).or_default(), mark);
            }
        }
        Ok(marks)
    }
}

fn add(lane: &mut Vec<DayMark>, mark: DayMark) {
    match lane.last_mut() {
        Some(last) if last.time / MINUTE_S == mark.time / MINUTE_S => {
            *last = DayMark { count: last.count.saturating_add(mark.count), ..mark };
        }
        Some(_) | None => lane.push(mark),
    }
}

fn mark(stored: &StoredEntry) -> Option<(String, DayMark)> {
    let entry = &stored.entry;
    let stamped = entry.stamp.market.unwrap_or(entry.stamp.utc);
    let (bot, at, count) = if let EntryKind::Filled { execution } = &entry.kind {
        (execution.order.as_ref()?.bot.to_string(), execution.at.unwrap_or(stamped), 1)
    } else if let EntryKind::Judged { bot, .. } | EntryKind::NotJudged { bot, .. } = &entry.kind {
        (bot.to_string(), stamped, 1)
    } else if let EntryKind::RefusalsCounted { bot, count, .. } = &entry.kind {
        (bot.to_string(), stamped, *count)
    } else {
        return None;
    };
    let sentence = row::row(entry, stored.hash.as_bytes()).summary;
    Some((bot, DayMark { time: at.secs(), seq: entry.seq.get(), count, sentence }))
}

fn span(date: Date) -> Option<Span> {
    let midnight = |date| session::instant(date, (0, 0));
    let at = |secs: i64| Utc::from_nanos(secs.saturating_mul(NANOS));
    let (from, to) = (midnight(date)?, midnight(date.tomorrow().ok()?)?);
    Some(Span { calendar: Calendar::Market, from: at(from), to: at(to) })
}

fn empty(status: &Status) -> Day {
    let worth = status.net_liquidation.map(|known| known.value);
    let desk = gatehouse_types::BotName::desk();
    let limit = status.policy.effective(&desk, "", LimitId::AccountDayLoss);
    let loss_limit = worth.zip(limit).and_then(|(worth, limit)| {
        let amount = worth.amount().checked_mul(limit.value)?;
        Some((-amount.checked_div(Decimal::ONE_HUNDRED)?).round_dp(0).to_string())
    });
    Day {
        date: None,
        opens: None,
        closes: None,
        currency: worth.map(|worth| worth.currency().to_string()),
        bots: Vec::new(),
        total: Vec::new(),
        loss_limit,
        notes: Vec::new(),
    }
}

fn points(line: &BTreeMap<i64, Decimal>) -> Vec<DayPoint> {
    let point = |(time, value): (&i64, &Decimal)| DayPoint {
        time: *time,
        value: value.round_dp(2).to_string(),
    };
    line.iter().map(point).collect()
}

/// Returns the sum of all lines at each minute; a bot without a point there has its last one.
fn total(lines: &BTreeMap<String, BTreeMap<i64, Decimal>>) -> Vec<DayPoint> {
    let minutes: std::collections::BTreeSet<i64> =
        lines.values().flat_map(|line| line.keys().copied()).collect();
    let at = |minute: i64| {
        let last = |line: &BTreeMap<i64, Decimal>| {
            line.range(..=minute).next_back().map_or(Decimal::ZERO, |(_, value)| *value)
        };
        lines.values().map(last).fold(Decimal::ZERO, Decimal::saturating_add)
    };
    minutes
        .into_iter()
        .map(|time| DayPoint { time, value: at(time).round_dp(2).to_string() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(points: &[DayPoint]) -> Vec<(i64, &str)> {
        points.iter().map(|point| (point.time, point.value.as_str())).collect()
    }

    #[test]
    fn a_minute_keeps_its_last_result_and_a_new_day_begins_again() {
        let lines = DayLines::default();
        let (monday, tuesday) = (jiff::civil::date(2026, 1, 5), jiff::civil::date(2026, 1, 6));
        let one = |value: i64| vec![("a".to_owned(), Decimal::from(value))];
        lines.note(monday, 600, one(1));
        lines.note(monday, 630, one(2));
        lines.note(monday, 660, vec![("b".to_owned(), Decimal::from(5))]);
        let (since, kept) = lines.lines(monday);
        assert_eq!(since, Some(600));
        assert_eq!(values(&points(&kept["a"])), [(600, "2")]);
        assert_eq!(values(&total(&kept)), [(600, "2"), (660, "7")]);
        lines.note(tuesday, 90_000, one(3));
        assert!(lines.lines(monday).1.is_empty());
        assert_eq!(values(&points(&lines.lines(tuesday).1["a"])), [(90_000, "3")]);
    }

    #[test]
    fn repeats_within_a_minute_are_one_mark() {
        let mark = |time, seq, count| DayMark { time, seq, count, sentence: String::new() };
        let mut lane = Vec::new();
        for next in [mark(600, 1, 1), mark(610, 2, 3), mark(661, 3, 1)] {
            add(&mut lane, next);
        }
        assert_eq!(lane, [mark(610, 2, 4), mark(661, 3, 1)]);
    }
}
