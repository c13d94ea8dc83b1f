//! What is kept of each series, and what it would cost to fetch more.

use gatehouse_history::plan::Cost;
use gatehouse_history::{BarSize, Kept, KnownSessions, Store};
use gatehouse_ipc::{Failure, HistoryCost, KeptSeries, Reply};
use gatehouse_types::ConId;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::bars::bar_name;
use super::requests::{Wished, ZONE};
use crate::app::App;
use crate::failure::broken;

impl App {
    /// Returns the series of which bars are kept.
    pub(crate) fn kept_history(&self) -> Result<Reply, Failure> {
        // A reader of its own: charts do not wait for it.
        let rows = self.history.read_apart(|store| {
            let stats = store.stats()?;
            Ok(stats.into_iter().map(row).collect::<Vec<_>>())
        });
        let rows = rows.map_err(|error| {
            broken("What is kept was not read.", &error, "Check the disk, and try again.")
        })?;
        Ok(Reply::KeptHistory { series: rows.unwrap_or_default() })
    }

    /// Returns what fetching a span would cost.
    pub(crate) fn history_cost(&self, wished: Wished) -> Result<Reply, Failure> {
        let wished = wished.upper();
        let secs = wished.read("Nothing is reckoned.")?;
        let of_it = |store: &mut Store| {
            let all = store.all_series()?;
            let named = all.into_iter().find(|it| it.instrument.symbol == wished.symbol);
            let Some(named) = named else { return Ok(None) };
            let key = wished.key(named.key.con_id, secs);
            let sessions = store.sessions(key.con_id.get())?;
            let same = store.all_series()?.into_iter().find(|it| it.key == key);
            let covered = same.map(|same| store.covered(same.id)).transpose()?;
            Ok(Some((key, named.instrument.zone, sessions, covered.unwrap_or_default())))
        };
        // What cannot be read counts as not there.
        let known = self.history.read_apart(of_it).ok().flatten().flatten();
        let (key, zone, sessions, covered) = known.unwrap_or_else(|| {
            let key = wished.key(ConId::new(0), secs);
            (key, ZONE.to_owned(), KnownSessions::default(), Vec::new())
        });
        let zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
        let (from, to) = self.span_of(&wished, &zone)?;
        let span = (from, to.min(self.market_now()));
        let cost = Cost::of(&key, span, &sessions.calendar(zone), &covered);
        Ok(Reply::HistoryCost(HistoryCost {
            n_days: cost.n_days,
            n_missing: cost.n_missing,
            n_requests: cost.n_requests,
            seconds: cost.secs,
            is_paced: BarSize::of_secs(secs).is_some_and(BarSize::is_paced),
        }))
    }
}

fn row(one: Kept) -> KeptSeries {
    let (key, instrument) = (one.series.key, one.series.instrument);
    let zone = if key.bar_secs >= 86_400 { "UTC" } else { instrument.zone.as_str() };
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let date =
        |at: i64| Timestamp::from_second(at).ok().map(|at| zone.to_datetime(at).date().to_string());
    KeptSeries {
        con_id: key.con_id.get(),
        symbol: instrument.symbol,
        sec_type: instrument.sec_type,
        currency: instrument.currency,
        bar: bar_name(key.bar_secs),
        what: key.what,
        is_regular: key.is_regular,
        first: one.reach.and_then(|(first, _)| date(first)),
        last: one.reach.and_then(|(_, last)| date(last)),
        n_bars: one.n_bars,
        n_bytes: one.n_bytes,
    }
}
