//! How far things are: rows of jobs, why nothing goes out, and who is told of it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::PoisonError;
use std::time::Duration;

use crossbeam_channel::Sender;
use gatehouse_history::plan::{JobId, Progress, Urgency};
use gatehouse_history::{SeriesKey, pace};
use gatehouse_ipc::{
    HistoryEnd, HistoryFollowed, HistoryJob, HistoryView, HistoryWait, HistoryWaitReason, Update,
};
use gatehouse_types::Mono;

use super::bars::bar_name;
use super::clerk::Clerk;
use super::fetcher::Fetcher;

/// Whoever asks at once, and those who follow a job, hear of it at most this often.
const TELL_EVERY: Duration = Duration::from_millis(250);
/// Windows are told at most this often.
const SAY_EVERY: Duration = Duration::from_millis(500);
/// Over how long the rate of bars is measured.
const RATE_OVER: Duration = Duration::from_secs(10);
/// Shorter waits are the usual pace of requests, which nobody needs to know of.
const WAIT_MIN: Duration = Duration::from_secs(3);
const SPACING: &str = "The broker wants 15 s between requests for the same.";
/// Jobs whose end is remembered for those who follow them.
const ENDED_MAX: usize = 256;

/// A job, for those who look at it.
struct Told {
    key: SeriesKey,
    span: (i64, i64),
    urgency: Urgency,
    begun: Mono,
    n_days_before: Option<u32>,
    n_bars: u64,
    n_bytes: u64,
    /// Bars of its series were taken away meanwhile, as the file may not become larger.
    has_lost: bool,
}

/// Everything that is wanted, and who wants to know.
#[derive(Default)]
pub(super) struct Jobs {
    told: BTreeMap<JobId, Told>,
    /// As they were at their end.
    ended: VecDeque<(HistoryEnd, HistoryJob)>,
    followers: Vec<(JobId, Sender<HistoryFollowed>)>,
    n_bars: u64,
    /// Bars by when and for which job they came.
    lately: VecDeque<(Mono, Option<JobId>, u64)>,
    /// The pace lets nothing out before it.
    pub(super) held_up_until: Option<Mono>,
    told_at: Option<Mono>,
    said: Option<(Mono, HistoryView)>,
}

impl Jobs {
    pub(super) fn is_of(&self, key: &SeriesKey) -> bool {
        self.told.values().any(|told| told.key == *key)
    }

    /// Forgets a job that nobody follows.
    pub(super) fn forget(&mut self, id: JobId) {
        self.told.remove(&id);
    }

    pub(super) fn begin(
        &mut self,
        id: JobId,
        key: &SeriesKey,
        span: (i64, i64),
        urgency: Urgency,
        begun: Mono,
    ) {
        let told = Told {
            key: key.clone(),
            span,
            urgency,
            begun,
            n_days_before: None,
            n_bars: 0,
            n_bytes: 0,
            has_lost: false,
        };
        self.told.insert(id, told);
        // Numbers of jobs that are over are given again.
        self.ended.retain(|(_, ended)| ended.id != id.0);
    }

    /// Returns what a job wants, to want it again.
    pub(super) fn wanted(&self, id: JobId) -> Option<(SeriesKey, (i64, i64), Urgency)> {
        self.told.get(&id).map(|told| (told.key.clone(), told.span, told.urgency))
    }

    /// Notes that bars of some series were taken away.
    pub(super) fn lose(&mut self, is_lost: impl Fn(&SeriesKey) -> bool) {
        for told in self.told.values_mut().filter(|told| is_lost(&told.key)) {
            told.has_lost = true;
        }
    }

    /// Returns whether bars of a job's series were taken away since it began.
    pub(super) fn has_lost(&self, id: JobId) -> bool {
        self.told.get(&id).is_some_and(|told| told.has_lost)
    }

    /// Forgets a job that looked like this at its end. Returns its series, when it was one.
    fn end(&mut self, id: JobId, how: HistoryEnd, job: Option<HistoryJob>) -> Option<SeriesKey> {
        let told = self.told.remove(&id)?;
        if self.ended.len() == ENDED_MAX {
            self.ended.pop_front();
        }
        self.ended.extend(job.map(|job| (how, job)));
        for (_, of, _) in self.lately.iter_mut().filter(|(_, of, _)| *of == Some(id)) {
            *of = None;
        }
        Some(told.key)
    }

    /// Notes what an answer brought.
    pub(super) fn came(&mut self, id: Option<JobId>, now: Mono, n_bars: u64, n_bytes: u64) {
        self.n_bars += n_bars;
        self.lately.push_back((now, id, n_bars));
        if let Some(told) = id.and_then(|id| self.told.get_mut(&id)) {
            told.n_bars += n_bars;
            told.n_bytes += n_bytes;
        }
    }

    /// Tells how far a job is the next time that anybody is told.
    pub(super) fn follow(&mut self, id: JobId, reply: Sender<HistoryFollowed>) {
        self.followers.push((id, reply));
    }

    /// Returns the bars of the last seconds: of one job, or of all.
    fn rate(&self, id: Option<JobId>) -> u32 {
        let of_it = |it: &&(Mono, Option<JobId>, u64)| id.is_none() || it.1 == id;
        let n_bars: u64 = self.lately.iter().filter(of_it).map(|(_, _, n_bars)| n_bars).sum();
        u32::try_from(n_bars / RATE_OVER.as_secs()).unwrap_or(u32::MAX)
    }
}

impl Fetcher<'_> {
    /// Tells windows of new bars, and everybody how far things are.
    pub(super) fn tell(&mut self, now: Mono) {
        if self.jobs.told_at.is_some_and(|at| now.since(at) < TELL_EVERY) {
            return;
        }
        self.jobs.told_at = Some(now);
        let view = self.view(now);
        view.clone_into(&mut self.shown.lock().unwrap_or_else(PoisonError::into_inner));
        for (id, reply) in std::mem::take(&mut self.jobs.followers) {
            let ended = self.jobs.ended.iter().find(|(_, job)| job.id == id.0);
            let job = view.jobs.iter().find(|job| job.id == id.0);
            let followed = HistoryFollowed {
                job: ended.map(|(_, job)| job).or(job).cloned(),
                wait: view.wait.clone(),
                end: ended.map(|(how, _)| *how),
            };
            // Whoever followed may have gone away.
            drop(reply.send(followed));
        }
        let listeners = &self.parts.listeners;
        let is_news =
            |(at, before): &(Mono, HistoryView)| now.since(*at) >= SAY_EVERY && *before != view;
        if !listeners.is_empty() && self.jobs.said.as_ref().is_none_or(is_news) {
            listeners.tell(&Update::History(Box::new(view.clone())));
            self.jobs.said = Some((now, view));
        }
        // Whoever is told asks at once, and shall see what is true now.
        for (symbol, bar) in std::mem::take(&mut self.dirty) {
            self.parts.listeners.tell(&Update::HistoryChanged { symbol, bar });
        }
    }

    pub(super) fn view(&mut self, now: Mono) -> HistoryView {
        let lately = &mut self.jobs.lately;
        while lately.front().is_some_and(|(at, _, _)| now.since(*at) > RATE_OVER) {
            lately.pop_front();
        }
        let wait = self.wait(now);
        HistoryView {
            jobs: self.job_rows(now, wait.as_ref()),
            n_used: self.planner.used(now),
            wait,
            n_bars: self.jobs.n_bars,
            bars_per_second: self.jobs.rate(None),
            n_bytes: self.n_bytes(),
            quota: self.clerk.store.quota().unwrap_or_default(),
            n_saved: self.n_saved,
            served: self.parts.past.served().iter().map(ToString::to_string).collect(),
            trouble: self.trouble.clone(),
            put_aside: self.clerk.store.put_aside().map(|aside| aside.display().to_string()),
            ..budget()
        }
    }

    /// Returns the bytes that are in use in the file.
    pub(super) fn n_bytes(&mut self) -> u64 {
        self.clerk.store.n_bytes().unwrap_or_default()
    }

    /// Returns why no request goes out, when one is wanted.
    fn wait(&self, now: Mono) -> Option<HistoryWait> {
        self.jobs.told.keys().find(|id| self.planner.why_blocked(**id).is_none())?;
        let wait = |reason, sentence: &str, left: Option<Duration>| HistoryWait {
            reason,
            sentence: sentence.to_owned(),
            left_s: left.map(|left| left.as_secs() + 1),
        };
        if self.market().is_none() {
            let sentence = "The Gateway is not connected; it goes on by itself when it is.";
            return Some(wait(HistoryWaitReason::NotConnected, sentence, None));
        }
        if let Some(left) = self.planner.held(now) {
            let sentence = "The broker said that it was asked too often (162), so nothing is asked \
                            for a while.";
            return Some(wait(HistoryWaitReason::AskedTooOften, sentence, Some(left)));
        }
        if let Some(left) = self.planner.failed(now) {
            let sentence = "A request failed and is sent again.";
            return Some(wait(HistoryWaitReason::Failed, sentence, Some(left)));
        }
        let left = self.jobs.held_up_until?.since(now);
        (left >= WAIT_MIN).then(|| match used_up(self.planner.used(now)) {
            Some(sentence) => wait(HistoryWaitReason::Budget, &sentence, Some(left)),
            None => wait(HistoryWaitReason::Spacing, SPACING, Some(left)),
        })
    }

    fn job_rows(&mut self, now: Mono, wait: Option<&HistoryWait>) -> Vec<HistoryJob> {
        for (id, told) in &mut self.jobs.told {
            let progress = self.planner.progress(*id).unwrap_or_default();
            told.n_days_before.get_or_insert(progress.n_days_done);
        }
        let mut ids: Vec<(Urgency, JobId)> =
            self.jobs.told.iter().map(|(id, told)| (told.urgency, *id)).collect();
        ids.sort_unstable();
        ids.into_iter().filter_map(|(_, id)| self.job_row(id, now, wait)).collect()
    }

    /// Returns a job as it is; of one that is over, its days are not known any more.
    fn job_row(&self, id: JobId, now: Mono, wait: Option<&HistoryWait>) -> Option<HistoryJob> {
        let told = self.jobs.told.get(&id)?;
        let known = self.clerk.of(&told.key)?;
        let over = Progress { n_bars: told.n_bars, ..Progress::default() };
        let progress = self.planner.progress(id).unwrap_or(over);
        let date = |secs: i64| Clerk::calendar(known).date(secs).to_string();
        let (first, last) = told.span;
        let before = told.n_days_before.unwrap_or_default();
        let left = left(progress, before, now.since(told.begun));
        let at_least = wait.and_then(|wait| wait.left_s).unwrap_or_default();
        Some(HistoryJob {
            id: id.0,
            symbol: known.instrument.symbol.clone(),
            bar: bar_name(told.key.bar_secs),
            what: told.key.what.clone(),
            is_regular: told.key.is_regular,
            from: date(first),
            to: if last == i64::MAX { "now".to_owned() } else { date(last - 1) },
            urgency: told.urgency.name().to_owned(),
            n_days: progress.n_days,
            n_days_done: progress.n_days_done,
            n_bars: progress.n_bars,
            n_bytes: told.n_bytes,
            bars_per_second: self.jobs.rate(Some(id)),
            n_questions: progress.n_questions,
            left_s: left.map(|left| left.max(at_least)),
            why_blocked: self.planner.why_blocked(id).map(str::to_owned),
        })
    }

    /// Forgets a job that is over, with why it is not there as a whole. Returns its series, when it was
    /// one.
    pub(super) fn close(
        &mut self,
        id: JobId,
        how: HistoryEnd,
        lacks: Option<String>,
    ) -> Option<SeriesKey> {
        let job = self.job_row(id, self.parts.clock.now().mono, None);
        let job = job.map(|job| HistoryJob { why_blocked: lacks.or(job.why_blocked), ..job });
        self.jobs.end(id, how, job)
    }
}

/// Returns that there is no room for another request, which may count twice.
fn used_up(n_used: u32) -> Option<String> {
    let HistoryView { n_allowed, n_left_to_bots, .. } = budget();
    (n_used + 1 >= n_allowed - n_left_to_bots).then(|| {
        format!(
            "{n_used} of {n_allowed} requests within ten minutes are used, and {n_left_to_bots} \
             are left to bots."
        )
    })
}

/// Returns a view of nothing, within what the broker allows.
pub(super) fn budget() -> HistoryView {
    HistoryView {
        n_allowed: pace::WEIGHT_MAX,
        n_left_to_bots: pace::LEFT_TO_BOTS,
        ..HistoryView::default()
    }
}

/// Returns how long the rest takes at the pace so far, in seconds.
fn left(progress: Progress, before: u32, took: Duration) -> Option<u64> {
    let done = progress.n_days_done.checked_sub(before).filter(|done| *done > 0)?;
    let rest = u64::from(progress.n_days.saturating_sub(progress.n_days_done));
    Some(took.as_secs() * rest / u64::from(done))
}
