//! Of which instruments the bars that are kept are those that the Gateway gives today.
//!
//! The broker restates prices overnight, as after a split. Bots are answered out of the store only
//! after an answer of this day touched what is kept and its prices were the same.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use gatehouse_types::ConId;

/// Seconds of a day in UTC, which begins when trading in New York is over.
const DAY: i64 = 86_400;

/// Shared by the fetcher, which compares, and whoever answers bots.
#[derive(Debug, Default)]
pub(super) struct Compared(Mutex<Of>);

#[derive(Debug, Default)]
struct Of {
    /// Days since 1970 by the clock of the market; `None` without a connection.
    day: Option<i64>,
    instruments: BTreeSet<ConId>,
}

impl Compared {
    /// Takes the time of the market in seconds since 1970, `None` without a connection. On another day,
    /// and over another connection, nothing was compared yet.
    pub(super) fn see(&self, market: Option<i64>) {
        let mut of = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let day = market.map(|market| market.div_euclid(DAY));
        if of.day != day {
            *of = Of { day, instruments: BTreeSet::new() };
        }
    }

    pub(super) fn note(&self, con_id: ConId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).instruments.insert(con_id);
    }

    pub(super) fn has(&self, con_id: ConId) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).instruments.contains(&con_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_compared_counts_for_a_day_and_a_connection() {
        let compared = Compared::default();
        let spy = ConId::new(756_733);
        for next in [Some(2 * DAY), None] {
            compared.see(Some(DAY));
            compared.note(spy);
            compared.see(Some(2 * DAY - 1));
            assert!(compared.has(spy));
            compared.see(next);
            assert!(!compared.has(spy));
        }
    }
}
