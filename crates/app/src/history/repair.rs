//! What does not hold is found and fetched again; what is too much is taken away.

use gatehouse_history::plan::Urgency;
use gatehouse_history::{Described, StoreError};

use super::clerk::Clerk;
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
        if let Some(series) = &next {
            self.check(series);
        }
    }

    fn check(&mut self, series: &Described) {
        let damaged = match self.clerk.store.check_series(series.id) {
            Ok(checked) => checked.damaged,
            Err(error) => {
                let symbol = &series.instrument.symbol;
                tracing::warn!(symbol, error = chain(&error), "The history was not checked");
                return;
            }
        };
        for one in damaged {
            let symbol = &series.instrument.symbol;
            tracing::warn!(symbol, day = %one.day, why = %one.why, "Bars do not hold");
            // The broker does not know what was imported: it wants to be imported again.
            if series.key.con_id.get() > 0
                && let Err(error) = self.mend(series, one.span)
            {
                tracing::warn!(error = chain(&error), "They are not fetched again");
            }
        }
    }

    pub(super) fn mend(&mut self, series: &Described, span: (i64, i64)) -> Result<(), StoreError> {
        self.know(&series.key, &series.instrument)?;
        let known = self.clerk.series(&series.key, &series.instrument)?;
        let covered = self.clerk.covered(known.id)?;
        self.planner.know(&series.key, Clerk::calendar(&known), covered);
        let asked_at = self.parts.clock.now().utc.secs();
        let id = self.clerk.store.add_job(series.id, span, Urgency::Repair, asked_at)?;
        self.want(id, &series.key, span, Urgency::Repair);
        Ok(())
    }

    /// Takes what nobody looked at for the longest away, when the file is larger than it may be.
    pub(super) fn prune(&mut self) {
        // Without the time of the market it is not known which day is not over.
        let Some(market) = self.market() else { return };
        if let Err(error) = self.clerk.store.prune(market) {
            tracing::warn!(error = chain(&error), "The history was not pruned");
        }
    }
}
