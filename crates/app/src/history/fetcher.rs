//! The thread that owns the store: it asks the desk what the planner says, and keeps the answers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crossbeam_channel::{Receiver, after, select, unbounded};
use gatehouse_desk::{Answers, Ask, DeskError, Growing};
use gatehouse_history::pace::Asked;
use gatehouse_history::plan::{Answer, Job, JobId, Next, Planner, Settled, Urgency};
use gatehouse_history::{
    Bar, Bars, Described, Instrument, SeriesKey, Store, StoreError, StoredJob,
};
use gatehouse_ipc::{Failure, FailureKind, HistoryEnd, HistoryView};
use gatehouse_types::Mono;

use super::bars::bar_name;
use super::clerk::Clerk;
use super::compared::Compared;
use super::progress::{Jobs, budget};
use super::screen::OnScreen;
use super::trouble::trouble;
use super::{Parts, Word};
use crate::failure::{broken, chain, failure};

/// How often everything is looked at when nothing happens.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long after a write that failed it is tried again: twice as long each time.
const KEEP_AGAIN_FIRST: Duration = Duration::from_secs(5);
const KEEP_AGAIN_MAX: Duration = Duration::from_secs(600);

/// The thread's state.
pub(super) struct Fetcher<'a> {
    pub(super) parts: Parts,
    pub(super) clerk: Clerk,
    pub(super) compared: Arc<Compared>,
    pub(super) planner: Planner,
    answers: Answers,
    pub(super) growing: Growing,
    pub(super) n_watches: u64,
    pub(super) screen: BTreeMap<SeriesKey, OnScreen>,
    pub(super) jobs: Jobs,
    /// Jobs of charts are forgotten with the process; their numbers are below zero.
    pub(super) n_screen_jobs: i64,
    /// Every chunk was opened once in this run.
    pub(super) is_checked: bool,
    /// Series whose chunks were not opened yet; `None` before there was time for it.
    pub(super) to_check: Option<Vec<Described>>,
    pub(super) dirty: BTreeSet<(String, String)>,
    is_connected: bool,
    /// When an answer said that the connection is gone: it may be back before anybody looked.
    lost_at: Option<Mono>,
    /// What could not be written, oldest first; nothing is fetched before it was.
    unkept: VecDeque<Settled>,
    /// When that is tried again, and how often it failed.
    keep_again: (Mono, u32),
    /// Why nothing is kept, one sentence or two.
    pub(super) trouble: Option<String>,
    pub(super) n_saved: u64,
    pub(super) shown: &'a Mutex<HistoryView>,
}

/// What comes back from the desk: answers to questions, and bars that grow.
pub(super) type Ears =
    (Receiver<(u64, Result<Answer, DeskError>)>, Receiver<(u64, Result<Bar, DeskError>)>);

impl<'a> Fetcher<'a> {
    /// Runs until it is told to quit.
    pub(super) fn run(
        path: &Path,
        parts: Parts,
        compared: Arc<Compared>,
        words: &Receiver<Word>,
        shown: &'a Mutex<HistoryView>,
    ) {
        let store = match Store::open(path) {
            Ok(store) => store,
            Err(error) => {
                tracing::error!(error = chain(&error), "The history cannot be used");
                let why = format!("{}. Charts have no bars until it can be used.", chain(&error));
                let view = HistoryView { trouble: Some(why), ..budget() };
                *shown.lock().unwrap_or_else(PoisonError::into_inner) = view;
                decline(words, shown);
                return;
            }
        };
        let (mut fetcher, ears) = Self::new(store, parts, compared, shown);
        fetcher.resume();
        fetcher.serve(words, &ears);
        if let Err(error) = fetcher.clerk.store.close() {
            tracing::warn!(error = chain(&error), "The history was not closed cleanly");
        }
    }

    pub(super) fn new(
        store: Store,
        parts: Parts,
        compared: Arc<Compared>,
        shown: &'a Mutex<HistoryView>,
    ) -> (Self, Ears) {
        let (answers, answered) = unbounded();
        let (growing, grown) = unbounded();
        let fetcher = Self {
            clerk: Clerk::new(store, Arc::clone(&compared)),
            compared,
            planner: Planner::default(),
            answers,
            growing,
            n_watches: 0,
            screen: BTreeMap::new(),
            jobs: Jobs::default(),
            n_screen_jobs: 0,
            is_checked: false,
            to_check: None,
            dirty: BTreeSet::new(),
            is_connected: false,
            lost_at: None,
            unkept: VecDeque::new(),
            keep_again: (parts.clock.now().mono, 0),
            trouble: None,
            n_saved: 0,
            shown,
            parts,
        };
        (fetcher, (answered, grown))
    }

    fn serve(&mut self, words: &Receiver<Word>, (answered, grown): &Ears) {
        loop {
            let wait = self.work();
            select! {
                recv(words) -> word => match word {
                    Err(_) | Ok(Word::Quit) => return,
                    Ok(word) => self.hear(word),
                },
                recv(answered) -> answer => if let Ok((id, answer)) = answer {
                    self.take(id, answer);
                },
                recv(grown) -> told => if let Ok(told) = told {
                    self.grow(std::iter::once(told).chain(grown.try_iter()));
                },
                recv(after(wait)) -> _ => {}
            }
        }
    }

    /// Brings back the jobs of an earlier run. One that cannot be taken up stays in the file.
    pub(super) fn resume(&mut self) {
        let now = self.now();
        // The broker still counts what went out before.
        match self.clerk.store.asked_lately(self.utc_ms()) {
            Ok(lately) => {
                for (ago, asked) in lately {
                    self.planner.remember(now, ago, asked);
                }
            }
            Err(error) => {
                tracing::warn!(error = chain(&error), "What was asked lately cannot be read");
            }
        }
        let stored = match self.clerk.store.jobs() {
            Ok(stored) => stored,
            Err(error) => {
                tracing::error!(error = chain(&error), "Jobs of an earlier run cannot be read");
                return;
            }
        };
        for StoredJob { id, series, from, to, urgency, .. } in stored {
            match self.know(&series.key, &series.instrument) {
                Ok(()) => self.want(id, &series.key, (from, to), urgency),
                Err(error) => {
                    let (job, symbol) = (id.0, &series.instrument.symbol);
                    let error = chain(&error);
                    tracing::error!(job, symbol, error, "A job of an earlier run is not taken up");
                }
            }
        }
    }

    /// Tells the planner what is known of a series. Others write to the file, too: it is read again
    /// unless a job is under way, which would fetch for ever what is pruned behind it.
    pub(super) fn know(
        &mut self,
        key: &SeriesKey,
        instrument: &Instrument,
    ) -> Result<(), StoreError> {
        let is_new = self.clerk.of(key).is_none();
        let known = self.clerk.series(key, instrument)?;
        let is_at_work = self.jobs.is_of(key);
        if is_new || !(is_at_work || self.has_unkept(key)) {
            let covered = self.clerk.covered(known.id)?;
            self.planner.know(key, Clerk::calendar(&known), covered);
        }
        if is_new {
            let con_id = key.con_id.get();
            let sessions = self.clerk.store.sessions(con_id)?;
            if let Some((from, to)) = sessions.asked {
                self.planner.know_sessions(con_id, &sessions.sessions, from, to);
            }
            match (self.clerk.store.head(known.id)?, self.planner.head(key)) {
                (Some(head), _) => self.planner.know_head(key, Some(head)),
                // Asked for bars of another size.
                (None, Some(head)) => self.clerk.store.keep_head(known.id, head)?,
                (None, None) => {}
            }
        }
        Ok(())
    }

    fn has_unkept(&self, key: &SeriesKey) -> bool {
        self.unkept.iter().any(|settled| settled.key.as_ref() == Some(key))
    }

    pub(super) fn want(&mut self, id: JobId, key: &SeriesKey, span: (i64, i64), urgency: Urgency) {
        let now = self.now();
        self.planner.want(Job { id, key: key.clone(), from: span.0, to: span.1, urgency });
        self.jobs.begin(id, key, span, urgency, now);
    }

    pub(super) fn hear(&mut self, word: Word) {
        match word {
            Word::Look { key, instrument, is_at_start } => {
                if let Err(error) = self.look(&key, &instrument, is_at_start) {
                    tracing::warn!(error = chain(&error), "A chart's bars cannot be fetched");
                }
            }
            Word::Fill { key, instrument, span, reply } => {
                let filled = self.fill(&key, &instrument, span);
                // Whoever asked may have gone away.
                drop(reply.send(filled.map_err(|error| not_kept(&error))));
            }
            Word::Stop(id) => {
                self.planner.drop_job(id);
                self.end(id, HistoryEnd::Stopped);
            }
            Word::Retry(id) => {
                if let Some((key, span, urgency)) = self.jobs.wanted(id) {
                    self.want(id, &key, span, urgency);
                }
            }
            Word::Follow { job, reply } => self.jobs.follow(job, reply),
            Word::Damaged(found) => self.look_at(&found),
            Word::Quota { bytes, reply } => {
                let set = self.set_quota(bytes).map_err(|error| quota_not_set(&error));
                // Whoever asked may have gone away.
                drop(reply.send(set));
            }
            Word::Asked(asked) => {
                self.note_asked(&asked);
                self.planner.note(self.now(), asked);
            }
            Word::Saved(series) => {
                self.n_saved += 1;
                let now = self.parts.clock.now().utc.secs();
                if let Err(error) = self.clerk.store.touch(series, now) {
                    tracing::warn!(error = chain(&error), "That bars were used was not noted");
                }
            }
            Word::Compare { series, day } => {
                if let Err(error) = self.compare(&series, day) {
                    tracing::warn!(
                        error = chain(&error),
                        "Bars were not compared with the Gateway's"
                    );
                }
            }
            Word::View(reply) => {
                let view = self.view(self.now());
                // Whoever asked may have gone away.
                drop(reply.send(view));
            }
            Word::Quit => {}
        }
    }

    fn fill(
        &mut self,
        key: &SeriesKey,
        instrument: &Instrument,
        span: (i64, i64),
    ) -> Result<JobId, StoreError> {
        self.know(key, instrument)?;
        let known = self.clerk.series(key, instrument)?;
        let asked_at = self.parts.clock.now().utc.secs();
        // What was asked for last is not pruned first.
        self.clerk.store.touch(known.id, asked_at)?;
        let id = self.clerk.store.add_job(known.id, span, Urgency::Person, asked_at)?;
        self.want(id, key, span, Urgency::Person);
        Ok(id)
    }

    pub(super) fn take(&mut self, id: u64, answer: Result<Answer, DeskError>) {
        let now = self.now();
        if matches!(answer, Err(DeskError::NotConnected)) && self.is_connected {
            self.lost_at = Some(now);
            return;
        }
        let answer = answer.and_then(held).unwrap_or_else(|error| {
            tracing::debug!(error = chain(&error), "A question about the past had no answer");
            Answer::Trouble(trouble(&error))
        });
        let market = self.market().unwrap_or_default();
        let settled = self.planner.answered(id, now, market, answer);
        self.unkept.push_back(settled);
        if self.trouble.is_none() {
            self.keep_all(now);
        }
    }

    /// Keeps what answers brought, in their order. What cannot be written is tried again after a
    /// while; until then nothing more is fetched, and everybody is told why.
    pub(super) fn keep_all(&mut self, now: Mono) {
        while let Some(settled) = self.unkept.front() {
            let before = self.clerk.store.n_bytes().unwrap_or_default();
            if let Err(error) = self.clerk.keep(settled, self.parts.clock.now().utc.secs()) {
                tracing::error!(error = chain(&error), "Bars were not kept");
                if error.is_lasting() {
                    self.give_up(now);
                    continue;
                }
                let (_, n_failed) = self.keep_again;
                let wait =
                    KEEP_AGAIN_FIRST.saturating_mul(1 << n_failed.min(7)).min(KEEP_AGAIN_MAX);
                self.keep_again = (now.plus(wait), n_failed + 1);
                self.trouble = Some(format!(
                    "Bars cannot be kept: {}. Nothing more is fetched before they can; free some \
                     disk space.",
                    chain(&error)
                ));
                return;
            }
            let n_bars = u64::try_from(settled.bars.len()).unwrap_or_default();
            let after = self.clerk.store.n_bytes().unwrap_or_default();
            self.jobs.came(settled.job, now, n_bars, after.saturating_sub(before));
            if let Some(key) = self.unkept.pop_front().and_then(|it| it.key).filter(|_| n_bars > 0)
            {
                self.note_change(&key);
            }
            let quota = self.clerk.store.quota().unwrap_or_default();
            if quota.is_some_and(|quota| after > quota) {
                self.prune();
            }
        }
        self.trouble = None;
        self.keep_again = (now, 0);
        self.renew();
    }

    /// Drops an answer that no later write would take, and the job that would ask for it again.
    fn give_up(&mut self, now: Mono) {
        let Some(settled) = self.unkept.pop_front() else { return };
        if let Some(job) = settled.job {
            self.planner.drop_job(job);
            self.end(job, HistoryEnd::Stopped);
        }
        if let Some(known) = settled.key.as_ref().and_then(|key| self.clerk.of(key)).cloned()
            && let Some(key) = settled.key
            && let Ok(covered) = self.clerk.covered(known.id)
        {
            self.planner.know(&key, Clerk::calendar(&known), covered);
        }
        self.keep_again = (now, 0);
    }

    pub(super) fn note_change(&mut self, key: &SeriesKey) {
        if let Some(known) = self.clerk.of(key) {
            self.dirty.insert((known.instrument.symbol.clone(), bar_name(key.bar_secs)));
        }
    }

    /// Does what can be done now, and returns how long to wait for more.
    pub(super) fn work(&mut self) -> Duration {
        let now = self.now();
        let market = self.market();
        if self.is_connected && market.is_none() {
            self.disconnected();
        }
        self.is_connected = market.is_some();
        self.compared.see(market, self.parts.clock.now().utc.secs());
        if self.trouble.is_some() && self.keep_again.0 <= now {
            self.keep_all(now);
        }
        self.mend_found();
        let mut wait = LOOK_EVERY;
        self.jobs.held_up_until = None;
        if let Some(market) = market.filter(|_| self.trouble.is_none()) {
            wait = self.ask(now, market).min(wait);
            for id in self.planner.take_done(market) {
                self.end(id, HistoryEnd::Complete);
            }
            self.tend(now);
            if !self.is_checked && self.planner.is_idle() {
                self.is_checked = true;
                self.repair();
            }
        }
        self.tell(now);
        wait
    }

    /// Asks what may be asked now, and returns how long to wait for more.
    fn ask(&mut self, now: Mono, market: i64) -> Duration {
        loop {
            match self.planner.next(now, market) {
                Next::Ask(question) => {
                    self.note_asked(&question.asked());
                    let answers = self.answers.clone();
                    drop(self.parts.asks.send(Ask::History { question, answers }));
                }
                Next::Wait(soonest) => {
                    self.jobs.held_up_until = Some(now.plus(soonest));
                    return soonest;
                }
                Next::Idle => return Duration::MAX,
            }
        }
    }

    /// Keeps what goes out, before it does, so that a restart does not forget it.
    fn note_asked(&mut self, asked: &Asked) {
        if let Err(error) = self.clerk.store.note_asked(self.utc_ms(), asked) {
            tracing::warn!(error = chain(&error), "A question was not noted for the next start");
        }
    }

    /// Returns the time of this machine, in milliseconds since 1970.
    fn utc_ms(&self) -> i64 {
        self.parts.clock.now().utc.nanos() / 1_000_000
    }

    /// Forgets a job that is over.
    fn end(&mut self, id: JobId, how: HistoryEnd) {
        self.prune();
        let lacks = self.lacks(id);
        if let Some(key) = self.close(id, how, lacks) {
            self.note_change(&key);
        }
        self.ended(id);
        if id.0 >= 0
            && let Err(error) = self.clerk.store.remove_job(id)
        {
            tracing::warn!(error = chain(&error), "A job that is done was not forgotten");
        }
    }

    /// Returns how many bars went for it.
    fn set_quota(&mut self, bytes: Option<u64>) -> Result<i64, StoreError> {
        self.clerk.store.set_quota(bytes)?;
        // Without a connection, this machine's time will do: a day that is taken is fetched again.
        let now = self.market().unwrap_or_else(|| self.parts.clock.now().utc.secs());
        Ok(self.clerk.store.prune(now)?.n_bars)
    }

    /// Returns whether everything that is kept was opened once in this run.
    #[cfg(test)]
    pub(super) fn is_checked(&self) -> bool {
        self.is_checked
    }

    pub(super) fn now(&self) -> Mono {
        self.parts.clock.now().mono
    }

    /// Returns the time of the market, seconds since 1970; `None` without a connection.
    pub(super) fn market(&self) -> Option<i64> {
        let (gateway, at) = self.parts.market.clock()?;
        if self.lost_at.is_some_and(|lost_at| at <= lost_at) {
            return None;
        }
        let since = self.now().since(at).as_secs();
        Some(gateway.secs().saturating_add(i64::try_from(since).unwrap_or(i64::MAX)))
    }
}

/// Refuses bars that no store can hold: the same ones would come again.
fn held(answer: Answer) -> Result<Answer, DeskError> {
    if let Answer::Bars(bars) = &answer
        && let Err(error) = Bars::from_rows(bars)
    {
        return Err(DeskError::Inexact { what: "bars of one answer", text: error.to_string() });
    }
    Ok(answer)
}

fn quota_not_set(error: &StoreError) -> Failure {
    broken("The quota was not set.", error, "Check the disk, and try again.")
}

fn not_kept(error: &StoreError) -> Failure {
    broken("Nothing is fetched.", error, "Free some disk space, and try again.")
}

/// Answers that there is no store, until told to quit.
fn decline(words: &Receiver<Word>, shown: &Mutex<HistoryView>) {
    for word in words {
        match word {
            Word::Quit => return,
            Word::Fill { reply, .. } => drop(reply.send(Err(no_history("Nothing is fetched.")))),
            Word::Quota { reply, .. } => {
                drop(reply.send(Err(no_history("The quota was not set."))));
            }
            Word::View(reply) => {
                let view = shown.lock().unwrap_or_else(PoisonError::into_inner).clone();
                // Whoever asked may have gone away.
                drop(reply.send(view));
            }
            // Whoever follows hears that nobody answers.
            Word::Look { .. }
            | Word::Stop(_)
            | Word::Retry(_)
            | Word::Follow { .. }
            | Word::Damaged(_)
            | Word::Asked(_)
            | Word::Saved(_)
            | Word::Compare { .. } => {}
        }
    }
}

fn no_history(what: &str) -> Failure {
    failure(
        "no-history",
        FailureKind::Broken,
        what,
        "The history cannot be used; the log says why.",
        "Free some disk space, and start Gatehouse again.",
    )
}
