//! What is missing of a series.

use super::{Store, StoreError, zone};
use crate::plan::lacks::{self, Lacks};
use crate::series::Described;

impl Store {
    /// Returns what of `[from, to)` is missing: by the sessions that the broker named, the spans that
    /// are known, and the bars. Nothing is missing before the history of a series begins, and of a
    /// day that is not over at `market_now`. All in seconds since 1970.
    ///
    /// # Errors
    /// `Zone`: the instrument's zone is unknown; or `Query`.
    pub fn lacks(
        &mut self,
        series: &Described,
        (from, to): (i64, i64),
        market_now: i64,
    ) -> Result<Lacks, StoreError> {
        let Described { id, key, instrument } = series;
        let calendar = self.sessions(key.con_id.get())?.calendar(zone(&instrument.zone)?);
        let from = self.head(*id)?.map_or(from, |head| head.max(from));
        let covered = self.covered(*id)?;
        let (mut found, open) = lacks::of_span(key, &calendar, &covered, (from, to), market_now);
        for day in open {
            let at = match day.span(key.bar_secs) {
                Some((begins, ends)) => self.read(*id, begins, ends)?.bars.at,
                None => Vec::new(),
            };
            day.look(key.bar_secs, &at, &mut found.lacks);
        }
        found.lacks.sort_by_key(|lack| (lack.date.is_none(), lack.from));
        Ok(found)
    }

    /// Returns from where to where a series is known or has bars, in seconds since 1970; `None` where
    /// neither is the case.
    ///
    /// # Errors
    /// `Query`.
    pub fn reach(&mut self, series: &Described) -> Result<Option<(i64, i64)>, StoreError> {
        let covered = self.covered(series.id)?;
        let heads = self.heads(series.id)?.all();
        let bars = heads.first().zip(heads.last()).map(|(first, last)| {
            (first.first_at, last.last_at.saturating_add(i64::from(series.key.bar_secs)))
        });
        let known = covered.first().zip(covered.last()).map(|(first, last)| (first.from, last.to));
        let all = || bars.iter().chain(&known);
        let from = all().map(|(from, _)| *from).min();
        Ok(from.zip(all().map(|(_, to)| *to).max()))
    }
}
