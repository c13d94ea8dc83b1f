//! When something was last filled, as it is kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::world::orders::Venue;
use crate::world::time::Step;

/// The latest fill of an instrument on an exchange; one for each is kept, however long ago, because
/// a condition may look that far back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TradedState {
    pub symbol: String,
    pub sec_type: String,
    pub exchange: String,
    pub at_ms: i64,
}

impl TradedState {
    pub(super) fn of(((symbol, sec_type, exchange), at): (&Venue, &Step)) -> Self {
        Self {
            symbol: symbol.clone(),
            sec_type: sec_type.clone(),
            exchange: exchange.clone(),
            at_ms: at.millis(),
        }
    }

    pub(super) fn restored(&self) -> (Venue, Step) {
        let venue = (self.symbol.clone(), self.sec_type.clone(), self.exchange.clone());
        (venue, Step::of_millis(self.at_ms))
    }

    /// Lays later fills over earlier ones.
    pub(super) fn merged(earlier: Vec<Self>, later: Vec<Self>) -> Vec<Self> {
        let both = earlier.into_iter().chain(later).map(|one| one.restored());
        both.collect::<BTreeMap<Venue, Step>>().iter().map(Self::of).collect()
    }
}
