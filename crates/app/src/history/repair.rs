//! What does not hold is found and fetched again; what is too much is taken away.

use gatehouse_history::plan::{JobId, Urgency};
use gatehouse_history::{Damaged, Described, StoreError};

use super::clerk::{Clerk, Known};
use super::fetcher::Fetcher;
use crate::failure::chain;

impl Fetcher<'_> {
    /// Opens what is kept of one series, once in a run when there is nothing else to do, and fetches
    /// again what does not hold: the rest is left to the next looks.
    pub(super) fn repair(&mut self) {
        let to_check = match self.to_check.take() {
            Some(to_check) => Ok(to_check),
            None => self.clerk.store.all_series(),
        };
        let mut to_check = to_check.unwrap_or_else(|error| {
            tracing::warn!(error = chain(&error), "The history was not checked");
            Vec::new()
        });
        let next = to_check.pop();
        self.is_checked = to_check.is_empty();
        self.to_check = Some(to_check);
        if let Some(series) = &next
            && let Err(error) = self.clerk.store.check_series(series.id)
        {
            let symbol = &series.instrument.symbol;
            tracing::warn!(symbol, error = chain(&error), "The history was not checked");
        }
        self.mend_found();
    }

    /// Looks for itself at what somebody who may not write found not to hold, and takes that away.
    pub(super) fn look_at(&mut self, found: &[Damaged]) {
        for one in found {
            if let Err(error) = self.clerk.store.check_span(one.series, one.span) {
                tracing::warn!(day = %one.day, error = chain(&error), "Bars were not looked at");
            }
        }
    }

    /// Fetches again what did not hold and is gone, whoever came upon it.
    pub(super) fn mend_found(&mut self) {
        let found = self.clerk.store.take_found();
        if found.is_empty() {
            return;
        }
        let all = self.clerk.store.all_series().unwrap_or_else(|error| {
            tracing::warn!(error = chain(&error), "Bars that do not hold are not fetched again");
            Vec::new()
        });
        for one in found {
            // The broker does not know what was imported: it wants to be imported again.
            if let Some(series) = all.iter().find(|it| it.id == one.series)
                && series.key.con_id.get() > 0
                && let Err(error) = self.mend(series, one.span)
            {
                tracing::warn!(error = chain(&error), "They are not fetched again");
            }
        }
    }

    fn mend(&mut self, series: &Described, span: (i64, i64)) -> Result<(), StoreError> {
        let asked_at = self.parts.clock.now().utc.secs();
        let id = self.clerk.store.add_job(series.id, span, Urgency::Repair, asked_at)?;
        self.fetch_again(id, series, span)
    }

    /// Takes up a job for what became a gap behind the planner's back.
    fn fetch_again(
        &mut self,
        id: JobId,
        series: &Described,
        span: (i64, i64),
    ) -> Result<(), StoreError> {
        self.know(&series.key, &series.instrument)?;
        let known = self.clerk.series(&series.key, &series.instrument)?;
        let covered = self.clerk.covered(known.id)?;
        self.planner.know(&series.key, Clerk::calendar(&known), covered);
        self.want(id, &series.key, span, Urgency::Repair);
        Ok(())
    }

    /// Fetches again what was restated.
    pub(super) fn renew(&mut self) {
        for (id, series, span) in std::mem::take(&mut self.clerk.restated) {
            self.note_change(&series.key);
            if let Err(error) = self.fetch_again(id, &series, span) {
                tracing::warn!(
                    error = chain(&error),
                    "Restated prices are fetched at the next start"
                );
            }
        }
    }

    /// Asks for a trading day of a series again, once a day: it tells whether prices were restated
    /// since it was fetched.
    pub(super) fn compare(
        &mut self,
        series: &Described,
        day: (i64, i64),
    ) -> Result<(), StoreError> {
        if self.jobs.is_of(&series.key) || !self.compared.is_first(series.id, day.0) {
            return Ok(());
        }
        self.clerk.store.uncover(series.id, day.0, day.1)?;
        self.mend(series, day)
    }

    /// Takes what nobody used for the longest away, when the file is larger than it may be.
    pub(super) fn prune(&mut self) {
        // Without the time of the market it is not known which day is not over.
        let Some(market) = self.market() else { return };
        match self.clerk.store.prune(market) {
            Ok(pruned) => {
                let clerk = &self.clerk;
                let is_of = |known: &Known| pruned.series.contains(&known.id);
                self.jobs.lose(|key| clerk.of(key).is_some_and(is_of));
            }
            Err(error) => tracing::warn!(error = chain(&error), "The history was not pruned"),
        }
    }

    /// Returns why what a job asked for is not there although all of it was fetched, in one sentence;
    /// `None` when it is.
    pub(super) fn lacks(&mut self, id: JobId) -> Option<String> {
        let (key, (from, to), _) = self.jobs.wanted(id)?;
        if self.jobs.has_lost(id) {
            let why = "Bars of it were taken away again, as the history is as big as it may be.";
            return Some(why.to_owned());
        }
        let series = self.clerk.of(&key)?.id;
        let covered = self.clerk.covered(series).ok()?;
        let has_bars =
            covered.iter().any(|span| !span.is_empty && span.from < to && span.to > from);
        (!has_bars).then(|| "The broker has no bars of these days.".to_owned())
    }
}
