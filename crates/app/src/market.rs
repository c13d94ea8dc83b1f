//! What the desk said of instruments and quotes, kept for the window.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use gatehouse_engine::DeskNews;
use gatehouse_types::{ConId, Contract, Mono, Quote, SecType};

#[derive(Default)]
struct Known {
    con_ids: BTreeMap<String, ConId>,
    quotes: BTreeMap<ConId, Quote>,
}

/// Instruments by symbol, and their latest quotes.
#[derive(Default)]
pub(crate) struct Market {
    known: Mutex<Known>,
    learnt: Condvar,
}

impl Market {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what is of use out of the desk's news.
    pub(crate) fn learn(&self, news: &DeskNews) {
        if let DeskNews::Instrument { found: Ok(instrument), .. } = news {
            self.known().con_ids.insert(instrument.symbol.clone(), instrument.con_id);
            self.learnt.notify_all();
        } else if let DeskNews::Quote { con_id, quote } = news {
            self.known().quotes.insert(*con_id, *quote);
        }
    }

    /// Returns the instrument of a symbol, asking with `ask` when it is not known and waiting at
    /// most `within`.
    pub(crate) fn con_id(
        &self,
        symbol: &str,
        within: Duration,
        ask: impl FnOnce(Contract),
    ) -> Option<ConId> {
        let mut known = self.known();
        if let Some(con_id) = known.con_ids.get(symbol) {
            return Some(*con_id);
        }
        ask(us_stock(symbol));
        let until = Instant::now() + within;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            known = self.learnt.wait_timeout(known, left).unwrap_or_else(PoisonError::into_inner).0;
            if let Some(con_id) = known.con_ids.get(symbol) {
                return Some(*con_id);
            }
        }
    }

    /// Returns every symbol that was named, in alphabetical order.
    pub(crate) fn symbols(&self) -> Vec<String> {
        self.known().con_ids.keys().cloned().collect()
    }

    /// Returns the latest quote.
    pub(crate) fn quote(&self, con_id: ConId) -> Option<Quote> {
        self.known().quotes.get(&con_id).copied()
    }

    /// Returns the age of the youngest quote.
    pub(crate) fn youngest(&self, now: Mono) -> Option<Duration> {
        self.known().quotes.values().map(|quote| now.since(quote.at)).min()
    }
}

/// The only kind of instrument that is understood: a US stock by its symbol.
fn us_stock(symbol: &str) -> Contract {
    Contract {
        con_id: None,
        symbol: symbol.to_owned(),
        sec_type: SecType::Stock,
        exchange: "SMART".to_owned(),
        primary_exchange: String::new(),
        currency: "USD".to_owned(),
        local_symbol: String::new(),
        trading_class: String::new(),
    }
}
