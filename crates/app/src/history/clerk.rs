//! What answers do to the store.

use std::collections::BTreeMap;
use std::sync::Arc;

use gatehouse_history::plan::{self, Calendar, JobId, Settled, Urgency};
use gatehouse_history::{
    Bar, Bars, Basis, Dated, Described, Fetched, Instrument, NotHeld, Put, SeriesId, SeriesKey,
    Span, Store, StoreError, basis, unchanged,
};
use gatehouse_types::ConId;
use jiff::tz::TimeZone;

use super::compared::Compared;

/// Where bars that the broker sent are from.
pub(super) const SOURCE: &str = gatehouse_history::GATEWAY;

/// Prices that the broker takes later splits into account for. Adjusted ones change with each dividend,
/// too, and volatilities and fees with none.
const RESTATED: [&str; 5] = ["TRADES", "MIDPOINT", "BID", "ASK", "BID_ASK"];

/// A series that is worked on.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) id: SeriesId,
    pub(super) instrument: Instrument,
    pub(super) zone: TimeZone,
}

/// Why bars were not kept.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotKept {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("bars of one answer cannot be held together")]
    Bars(#[from] NotHeld),
}

impl NotKept {
    /// Returns whether the same bars would not be kept later either.
    pub(super) fn is_lasting(&self) -> bool {
        match self {
            Self::Bars(_) => true,
            Self::Store(error) => {
                matches!(error, StoreError::NotHeld(_) | StoreError::Time(_))
            }
        }
    }
}

/// The store, and the series that were named in this run.
pub(super) struct Clerk {
    pub(super) store: Store,
    known: BTreeMap<SeriesKey, Known>,
    compared: Arc<Compared>,
    /// Series whose prices were restated, with the jobs that fetch them again.
    pub(super) restated: Vec<(JobId, Described, (i64, i64))>,
}

impl Clerk {
    pub(super) fn new(store: Store, compared: Arc<Compared>) -> Self {
        Self { store, known: BTreeMap::new(), compared, restated: Vec::new() }
    }

    /// Returns a series, which is made where there is none.
    pub(super) fn series(
        &mut self,
        key: &SeriesKey,
        instrument: &Instrument,
    ) -> Result<Known, StoreError> {
        if let Some(known) = self.known.get(key) {
            return Ok(known.clone());
        }
        let id = self.store.series(key, instrument)?;
        let zone = TimeZone::get(&instrument.zone).unwrap_or(TimeZone::UTC);
        let known = Known { id, instrument: instrument.clone(), zone };
        self.known.insert(key.clone(), known.clone());
        Ok(known)
    }

    /// Returns a series that was named before.
    pub(super) fn of(&self, key: &SeriesKey) -> Option<&Known> {
        self.known.get(key)
    }

    /// Keeps what an answer brought, bars and what is known by them at once.
    pub(super) fn keep(&mut self, settled: &Settled, now: i64) -> Result<(), NotKept> {
        let known = settled.key.as_ref().and_then(|key| Some((key, self.known.get(key)?.clone())));
        let Some((key, known)) = known else { return Ok(()) };
        let bars = Bars::from_rows(&settled.bars)?;
        self.compare(key, known.id, &bars, now)?;
        self.store.put(&Fetched {
            series: known.id,
            bars: &bars,
            source: SOURCE,
            fetched_at: now,
            covers: &settled.covered,
        })?;
        if let Some(head) = settled.head {
            // Bars of every size begin together.
            let is_of_same =
                |other: &SeriesKey| SeriesKey { bar_secs: key.bar_secs, ..other.clone() } == *key;
            for (_, other) in self.known.iter().filter(|(other, _)| is_of_same(other)) {
                self.store.keep_head(other.id, head)?;
            }
        }
        if let Some((sessions, from, to)) = &settled.sessions {
            self.store.keep_sessions(key.con_id.get(), sessions, (*from, *to))?;
        }
        Ok(())
    }

    /// Compares an answer with the bars that are kept of its instants, before it takes their place.
    fn compare(
        &mut self,
        key: &SeriesKey,
        id: SeriesId,
        bars: &Bars,
        now: i64,
    ) -> Result<(), NotKept> {
        let (kept, bars) = self.in_common(key, id, bars, now)?;
        if self.look_for_split(key, (&kept.bars, &bars), now)? {
            return Ok(());
        }
        let same = unchanged(&kept.bars, &bars);
        if let Some(fetched_at) = same.into_iter().filter_map(|idx| kept.fetched.get(idx)).min() {
            self.compared.note(id, *fetched_at);
        }
        Ok(())
    }

    /// Returns the bars that are over, as others are not sure yet, and what is kept of their span when
    /// all of it is the Gateway's. What was fetched before a split that was found is none of it: it would
    /// show the same split again, with each answer that brings it anew.
    fn in_common(
        &mut self,
        key: &SeriesKey,
        id: SeriesId,
        bars: &Bars,
        now: i64,
    ) -> Result<(Dated, Bars), NotKept> {
        let mut over = bars.clone();
        over.keep_within(i64::MIN, now.saturating_sub(i64::from(key.bar_secs)).saturating_add(1));
        let mut kept = Dated::default();
        if let (Some(from), Some(last)) = (over.at.first(), over.at.last()) {
            let span = (*from, last.saturating_add(1));
            if self.store.is_only_from(id, span, SOURCE)? {
                (kept, _) = self.store.read_dated(id, span.0, span.1)?;
                if let Some(at) = self.store.restated_at(key.con_id)? {
                    kept = kept.fetched_since(at);
                }
            }
        }
        Ok((kept, over))
    }

    /// Returns whether prices were restated. After a split all that is kept of the instrument counts as
    /// not asked for, and is fetched again.
    fn look_for_split(
        &mut self,
        key: &SeriesKey,
        (kept, bars): (&Bars, &Bars),
        now: i64,
    ) -> Result<bool, NotKept> {
        let is_restated =
            RESTATED.contains(&key.what.as_str()) && basis(kept, bars) == Some(Basis::Restated);
        if is_restated {
            self.forget(key.con_id, now)?;
        }
        Ok(is_restated)
    }

    /// Makes everything a gap that is known of an instrument. Jobs are kept first, so that none is lost
    /// when the program ends here, and that it was done is noted last: it is found and done again then.
    fn forget(&mut self, con_id: ConId, now: i64) -> Result<(), StoreError> {
        for series in self.of_instrument(con_id)? {
            self.compared.restated(series.id, now);
            let covered = self.store.covered(series.id)?;
            let (Some(first), Some(last)) = (covered.first(), covered.last()) else { continue };
            let span = (first.from, last.to);
            tracing::warn!(
                symbol = series.instrument.symbol,
                bar_secs = series.key.bar_secs,
                what = series.key.what,
                "Prices were restated, as after a split; fetching them again"
            );
            let job = self.store.add_job(series.id, span, Urgency::Repair, now)?;
            self.store.uncover(series.id, span.0, span.1)?;
            self.restated.push((job, series, span));
        }
        self.store.note_restated(con_id, now)
    }

    fn of_instrument(&mut self, con_id: ConId) -> Result<Vec<Described>, StoreError> {
        let mut all = self.store.all_series()?;
        all.retain(|series| series.key.con_id == con_id);
        Ok(all)
    }

    /// Keeps bars that grow. Returns whether there was something to keep.
    pub(super) fn grow(&mut self, key: &SeriesKey, bars: &[Bar], now: i64) -> bool {
        let Some(known) = self.known.get(key) else { return false };
        let put = self.put_grown(key, known.id, bars, now);
        put.map(|put| put.n_chunks > 0).unwrap_or_else(|error| {
            tracing::warn!(error = crate::failure::chain(&error), "Growing bars were not kept");
            false
        })
    }

    /// Keeps bars that grow, and those before them that a watch begins with: they show a split, too.
    fn put_grown(
        &mut self,
        key: &SeriesKey,
        series: SeriesId,
        bars: &[Bar],
        now: i64,
    ) -> Result<Put, NotKept> {
        let dated = |bar: &Bar| (plan::dated(key.bar_secs, bar.at), *bar);
        let by_time: BTreeMap<i64, Bar> = bars.iter().map(dated).collect();
        let bars: Vec<Bar> = by_time.into_iter().map(|(at, bar)| Bar { at, ..bar }).collect();
        let bars = Bars::from_rows(&bars)?;
        let (kept, over) = self.in_common(key, series, &bars, now)?;
        self.look_for_split(key, (&kept.bars, &over), now)?;
        let grown = Fetched { series, bars: &bars, source: SOURCE, fetched_at: now, covers: &[] };
        Ok(self.store.put(&grown)?)
    }

    /// Returns what is known of a series, for a planner.
    pub(super) fn covered(&mut self, id: SeriesId) -> Result<Vec<Span>, StoreError> {
        self.store.covered(id)
    }

    /// Returns a calendar of which nothing is known yet.
    pub(super) fn calendar(known: &Known) -> Calendar {
        Calendar::new(known.zone.clone())
    }
}
