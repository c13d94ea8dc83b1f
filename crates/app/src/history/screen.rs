//! What charts show: it is fetched first, and its last bars grow.

use std::collections::BTreeMap;
use std::time::Duration;

use gatehouse_desk::{Ask, DeskError};
use gatehouse_history::pace::{Asked, Bars};
use gatehouse_history::plan::{JobId, Urgency};
use gatehouse_history::{Bar, BarSize, Instrument, SeriesKey, StoreError};
use gatehouse_types::Mono;

use super::bars::days_at_once;
use super::fetcher::Fetcher;
use crate::failure::chain;

/// A chart asks at least this often while it is looked at.
const LOOKED_AT: Duration = Duration::from_secs(20);
/// Series whose last bar grows at once; more are asked for again every now and then.
const GROWING_MAX: usize = 8;
/// Bars that do not grow by themselves are asked for this often, or once each bar.
const ASK_EVERY: Duration = Duration::from_secs(60);
/// How long after its end a watch begins anew: twice as long each time, up to ten minutes.
const AGAIN_FIRST: Duration = Duration::from_secs(20);
const AGAIN_MAX: Duration = Duration::from_secs(600);

const DAY: i64 = 86_400;

/// A series that somebody looks at.
pub(super) struct OnScreen {
    looked_at: Mono,
    /// Oldest instant that is wanted, seconds since 1970.
    from: i64,
    job: Option<JobId>,
    /// When its job ended.
    fetched_at: Mono,
    /// It was out of sight, or there was no connection: what is missing is wanted anew.
    is_back: bool,
    /// Number of the watch that tells of its last bar.
    watch: Option<u64>,
    /// Not watched again before it.
    again_at: Mono,
    /// Watches in a row that ended without a bar.
    n_ends: u32,
}

impl Fetcher<'_> {
    /// Sees to it that what is looked at is there, and grows.
    pub(super) fn look(
        &mut self,
        key: &SeriesKey,
        instrument: &Instrument,
        is_at_start: bool,
    ) -> Result<(), StoreError> {
        let known = self.clerk.series(key, instrument)?;
        self.clerk.store.touch(known.id, self.parts.clock.now().utc.secs())?;
        // The broker does not know what was imported.
        let (Some(market), true) = (self.market(), key.con_id.get() > 0) else { return Ok(()) };
        let now = self.now();
        let stretch = days_at_once(key.bar_secs) * DAY;
        let shown = self.screen.entry(key.clone()).or_insert_with(|| OnScreen {
            looked_at: now,
            from: i64::MAX,
            job: None,
            fetched_at: now,
            is_back: false,
            watch: None,
            again_at: now,
            n_ends: 0,
        });
        let is_back = !shown.is_looked_at(now) || shown.is_back;
        shown.looked_at = now;
        let is_new = shown.from == i64::MAX;
        let has_older = self.planner.floor(key).is_none_or(|floor| floor < shown.from);
        let is_busy = shown.job.is_some();
        if is_new {
            shown.from = market - stretch;
        } else if is_at_start && has_older && !is_busy {
            shown.from -= stretch;
        } else if is_busy || !is_back {
            return Ok(());
        }
        shown.is_back = false;
        self.know(key, instrument)?;
        self.want_shown(key);
        Ok(())
    }

    /// Wants everything of a series that somebody looks at.
    fn want_shown(&mut self, key: &SeriesKey) {
        self.n_screen_jobs += 1;
        let id = JobId(-self.n_screen_jobs);
        let Some(shown) = self.screen.get_mut(key) else { return };
        shown.job = Some(id);
        // Until it is there: the clock of the market goes on meanwhile.
        let span = (shown.from, i64::MAX);
        self.want(id, key, span, Urgency::Screen);
    }

    /// Lets the last bars of what is looked at grow, and of nothing else.
    pub(super) fn tend(&mut self, now: Mono) {
        self.leave(now);
        let n_watched = self.screen.values().filter(|shown| shown.watch.is_some()).count();
        let mut room = GROWING_MAX.saturating_sub(n_watched);
        let mut again = Vec::new();
        for (key, shown) in &mut self.screen {
            if !shown.is_looked_at(now) || shown.watch.is_some() || shown.job.is_some() {
                continue;
            }
            let size = BarSize::of_secs(key.bar_secs);
            let may_grow = size.is_some_and(|size| size.grows(&key.what));
            if may_grow && room > 0 {
                // It is a request for bars like any other.
                if shown.again_at <= now {
                    self.planner.note(now, Asked::growing(&Bars::of(key)));
                    self.n_watches += 1;
                    let (id, growing) = (self.n_watches, self.growing.clone());
                    drop(self.parts.asks.send(Ask::Grow { id, key: key.clone(), growing }));
                    shown.watch = Some(id);
                    room -= 1;
                }
            } else if now.since(shown.fetched_at) >= ask_every(key) {
                again.push(key.clone());
            }
        }
        for key in again {
            self.want_shown(&key);
        }
    }

    /// Ends the watches of what nobody looks at any more, and forgets why it could not be fetched:
    /// whoever looks again finds out anew.
    fn leave(&mut self, now: Mono) {
        let mut forgotten = Vec::new();
        for (key, shown) in self.screen.iter_mut().filter(|(_, shown)| !shown.is_looked_at(now)) {
            if shown.watch.take().is_some() {
                drop(self.parts.asks.send(Ask::Settle(key.clone())));
            }
            shown.is_back = true;
            forgotten.extend(shown.job.filter(|id| self.planner.why_blocked(*id).is_some()));
        }
        self.forget(&forgotten);
    }

    fn forget(&mut self, jobs: &[JobId]) {
        for id in jobs {
            self.planner.drop_job(*id);
            self.jobs.forget(*id);
            self.ended(*id);
        }
    }

    /// Notes that a job is over, or forgotten.
    pub(super) fn ended(&mut self, id: JobId) {
        let now = self.now();
        for shown in self.screen.values_mut().filter(|shown| shown.job == Some(id)) {
            shown.job = None;
            shown.fetched_at = now;
        }
    }

    /// Takes what watches told: bars, and their own end.
    pub(super) fn grow(&mut self, told: impl Iterator<Item = (u64, Result<Bar, DeskError>)>) {
        let mut bars: BTreeMap<SeriesKey, Vec<Bar>> = BTreeMap::new();
        for (id, told) in told {
            // One that was settled says no more.
            let watched = self.screen.iter_mut().find(|(_, shown)| shown.watch == Some(id));
            let Some((key, shown)) = watched else { continue };
            match told {
                Ok(bar) => {
                    shown.n_ends = 0;
                    bars.entry(key.clone()).or_default().push(bar);
                }
                Err(error) => {
                    shown.watch = None;
                    let wait = AGAIN_FIRST.saturating_mul(1 << shown.n_ends.min(5)).min(AGAIN_MAX);
                    shown.n_ends += 1;
                    let again_at = self.parts.clock.now().mono.plus(wait);
                    shown.again_at = again_at;
                    tracing::warn!(
                        con_id = key.con_id.get(), bar_secs = key.bar_secs,
                        error = chain(&error), again_in = ?wait, "A chart's bars do not grow"
                    );
                }
            }
        }
        let now = self.parts.clock.now().utc.secs();
        for (key, bars) in bars {
            if self.clerk.grow(&key, &bars, now) {
                self.note_change(&key);
            }
        }
        self.renew();
    }

    /// Forgets what was on its way on a connection that is gone, and what was refused on it.
    pub(super) fn disconnected(&mut self) {
        let now = self.now();
        self.planner.disconnected(now);
        let mut refused = Vec::new();
        for shown in self.screen.values_mut() {
            shown.watch = None;
            shown.again_at = now;
            shown.is_back = true;
            refused.extend(shown.job.filter(|id| self.planner.why_blocked(*id).is_some()));
        }
        self.forget(&refused);
    }
}

impl OnScreen {
    fn is_looked_at(&self, now: Mono) -> bool {
        now.since(self.looked_at) <= LOOKED_AT
    }
}

/// Returns how often bars are asked for that do not grow by themselves.
fn ask_every(key: &SeriesKey) -> Duration {
    ASK_EVERY.max(Duration::from_secs(key.bar_secs.into()))
}
