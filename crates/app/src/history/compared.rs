//! Which bars that are kept are those that the Gateway gives today.
//!
//! The broker restates prices overnight, as after a split: all bars of a series that were fetched
//! before then. So a bar that is fetched again and comes as it was tells that nothing of its series was
//! restated since it was fetched first, and bots are answered out of the store only with bars that were
//! fetched no earlier than such a one, or on this day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use gatehouse_history::SeriesId;

/// Seconds of a day in UTC, which begins when trading in New York is over.
const DAY: i64 = 86_400;

/// Shared by the fetcher, which compares, and whoever answers bots.
#[derive(Debug, Default)]
pub(super) struct Compared(Mutex<Of>);

/// What was found out; instants by the clock of this machine, in seconds since 1970.
#[derive(Debug, Default)]
struct Of {
    /// Days since 1970 by the clock of the market; `None` without a connection.
    day: Option<i64>,
    /// When this day, or the connection, began.
    began_at: i64,
    /// Since when nothing of a series was restated, where something else is known than that it was not
    /// since the day began.
    since: BTreeMap<SeriesId, i64>,
    /// What was asked for again in order to compare it: once a day.
    tried: BTreeSet<(SeriesId, i64)>,
}

impl Compared {
    /// Takes the time of the market, `None` without a connection, and of this machine, both in seconds
    /// since 1970. On another day, and over another connection, nothing was compared yet.
    pub(super) fn see(&self, market: Option<i64>, now: i64) {
        let mut of = self.of();
        let day = market.map(|market| market.div_euclid(DAY));
        if of.day != day {
            *of = Of { day, began_at: now, ..Of::default() };
        }
    }

    /// Notes that bars of a series that were fetched at an instant came again as they were.
    pub(super) fn note(&self, series: SeriesId, fetched_at: i64) {
        let mut of = self.of();
        let began_at = of.began_at;
        let since = of.since.entry(series).or_insert(began_at);
        *since = fetched_at.min(*since);
    }

    /// Notes that a series was restated before an instant.
    pub(super) fn restated(&self, series: SeriesId, at: i64) {
        self.of().since.insert(series, at);
    }

    /// Returns whether bars of a series that were fetched at an instant or later are those that the
    /// Gateway gives today.
    pub(super) fn has(&self, series: SeriesId, fetched_at: i64) -> bool {
        let of = self.of();
        let since = of.since.get(&series).copied().unwrap_or(of.began_at);
        of.day.is_some() && fetched_at >= since
    }

    /// Returns whether the bars of a series from an instant on are asked for again for the first time
    /// today: what the broker has no more would be asked for with each request of a bot.
    pub(super) fn is_first(&self, series: SeriesId, from: i64) -> bool {
        self.of().tried.insert((series, from))
    }

    fn of(&self) -> MutexGuard<'_, Of> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use gatehouse_history::{FILE_NAME, Instrument, SeriesKey, Store};
    use gatehouse_types::ConId;

    use super::*;

    const BEGAN: i64 = 1_000;

    /// Two series of a store.
    fn series() -> [SeriesId; 2] {
        let dir = tempfile::tempdir().expect("makes a folder");
        let mut store = Store::open(&dir.path().join(FILE_NAME)).expect("opens");
        let instrument = Instrument {
            symbol: "SPY".to_owned(),
            sec_type: "STK".to_owned(),
            currency: "USD".to_owned(),
            exchange: "SMART".to_owned(),
            zone: "America/New_York".to_owned(),
        };
        let (con_id, what) = (ConId::new(756_733), "TRADES".to_owned());
        [60, 300].map(|bar_secs| {
            let key = SeriesKey { con_id, what: what.clone(), bar_secs, is_regular: true };
            store.series(&key, &instrument).expect("is made")
        })
    }

    #[test]
    fn what_was_compared_counts_for_a_day_and_a_connection() {
        let compared = Compared::default();
        let [series, _] = series();
        assert!(!compared.has(series, BEGAN), "before there was a connection");
        for next in [Some(2 * DAY), None] {
            compared.see(Some(DAY), BEGAN);
            compared.note(series, 500);
            compared.see(Some(2 * DAY - 1), BEGAN + 9);
            assert!(compared.has(series, 500));
            compared.see(next, BEGAN + 10);
            assert!(!compared.has(series, 500));
            assert_eq!(compared.has(series, BEGAN + 10), next.is_some());
        }
    }

    #[test]
    fn what_was_fetched_before_the_bars_that_were_compared_is_not_known_to_be_the_same() {
        let compared = Compared::default();
        let [series, other] = series();
        compared.see(Some(DAY), BEGAN);
        compared.note(series, 500);
        // Bars of a moment ago take nothing from that.
        compared.note(series, BEGAN + 5);
        assert!(compared.has(series, 500) && !compared.has(series, 499));
        assert!(!compared.has(other, 500) && compared.has(other, BEGAN));
        compared.restated(series, BEGAN + 7);
        assert!(!compared.has(series, BEGAN + 6) && compared.has(series, BEGAN + 7));
    }
}
