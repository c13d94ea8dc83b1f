//! Live quotes: one line per instrument in use, as [`Wanted`] chooses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gatehouse_engine::DeskNews;
use gatehouse_types::{ConId, DataType, Mono, Price, Quote};
use ibapi::contracts::{Contract, tick_types::TickType};
use ibapi::market_data::MarketDataType;
use ibapi::market_data::realtime::TickTypes;
use ibapi::prelude::StreamExt as _;
use ibapi::subscriptions::SubscriptionItem;
use ibapi::{Client, Notice};
use tokio::task::AbortHandle;

use crate::wanted::{Change, Wanted};
use crate::{Aside, Ears, convert};

/// The lines that are kept.
pub(crate) struct Lines {
    client: Arc<Client>,
    clock: Arc<dyn Fn() -> Mono + Send + Sync>,
    ears: Ears,
    wanted: Wanted,
    tasks: BTreeMap<ConId, AbortHandle>,
    /// What was said last of open lines, and of those that were left out.
    told: (BTreeSet<ConId>, BTreeSet<ConId>),
}

impl Lines {
    /// Keeps nothing yet.
    pub(crate) fn new(
        client: Arc<Client>,
        clock: Arc<dyn Fn() -> Mono + Send + Sync>,
        ears: Ears,
    ) -> Self {
        let (wanted, tasks) = (Wanted::default(), BTreeMap::new());
        Self { client, clock, ears, wanted, tasks, told: Default::default() }
    }

    /// Keeps a line on `con_id` for an order, opening one when there is none. One that ended by an
    /// error is opened again after a pause.
    pub(crate) fn keep(&mut self, con_id: ConId) {
        self.wanted.ask(con_id, (self.clock)());
        self.turn();
    }

    /// Keeps lines on these as far as they fit, and no more on what was watched before.
    pub(crate) fn watch(&mut self, con_ids: Vec<ConId>) {
        self.wanted.watch(con_ids);
        self.turn();
    }

    fn turn(&mut self) {
        let now = (self.clock)();
        for (con_id, _) in self.tasks.extract_if(.., |_, task| task.is_finished()) {
            self.wanted.end(con_id, now);
        }
        let Change { close, open } = self.wanted.change(now);
        for con_id in close {
            self.tasks.remove(&con_id).iter().for_each(AbortHandle::abort);
        }
        for con_id in open {
            let (client, clock) = (Arc::clone(&self.client), Arc::clone(&self.clock));
            let task = tokio::spawn(watch(client, con_id, clock, self.ears.clone()));
            self.tasks.insert(con_id, task.abort_handle());
        }
        if self.told.0 != *self.wanted.open() || self.told.1 != *self.wanted.left_out() {
            self.told = (self.wanted.open().clone(), self.wanted.left_out().clone());
            let (open, left_out) = self.told.clone();
            (self.ears.aside)(Aside::Lines { open, left_out });
        }
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        for task in self.tasks.values() {
            task.abort();
        }
    }
}

/// Reports every change of the best bid and ask until the line ends.
async fn watch(
    client: Arc<Client>,
    con_id: ConId,
    clock: Arc<dyn Fn() -> Mono + Send + Sync>,
    ears: Ears,
) {
    let contract = Contract { contract_id: con_id.get(), ..Default::default() };
    let said = |notice: Notice| {
        let Notice { code, message, .. } = notice;
        (ears.aside)(Aside::Line { con_id, code, message });
    };
    let failed = |error: ibapi::Error| {
        tracing::warn!(%error, %con_id, "No live line");
        if let ibapi::Error::Notice(notice) = error {
            said(notice);
        }
    };
    let mut ticks = match client.market_data(&contract).subscribe().await {
        Ok(subscription) => subscription,
        Err(error) => return failed(error),
    };
    // Data is live until the Gateway says that it is not.
    let mut quote = Quote { bid: None, ask: None, last: None, at: clock(), data: DataType::Live };
    while let Some(tick) = ticks.next().await {
        let tick = match tick {
            Ok(SubscriptionItem::Data(tick)) => tick,
            Ok(SubscriptionItem::Notice(notice)) => {
                said(notice);
                continue;
            }
            Err(error) => return failed(error),
        };
        if let Some(price) = previous_close(&tick) {
            (ears.aside)(Aside::PreviousClose { con_id, price });
        } else if fold(&mut quote, &tick, &clock) {
            (ears.news)(DeskNews::Quote { con_id, quote });
        }
    }
}

/// Returns the close of the day before, when the tick tells it.
fn previous_close(tick: &TickTypes) -> Option<Price> {
    let TickTypes::Price(tick) = tick else { return None };
    if matches!(tick.tick_type, TickType::Close) { known(tick.price) } else { None }
}

/// Takes one tick into the quote. Returns whether anything about it is new, its age included.
fn fold(quote: &mut Quote, tick: &TickTypes, clock: &Arc<dyn Fn() -> Mono + Send + Sync>) -> bool {
    if let TickTypes::MarketDataType(kind) = tick {
        quote.data = match kind {
            MarketDataType::Realtime => DataType::Live,
            MarketDataType::Frozen => DataType::Frozen,
            MarketDataType::Delayed | MarketDataType::DelayedFrozen => DataType::Delayed,
            _ => DataType::Other,
        };
        return true;
    }
    let (tick_type, price) = if let TickTypes::Price(tick) = tick {
        (&tick.tick_type, Some(tick.price))
    } else if let TickTypes::PriceSize(tick) = tick {
        (&tick.price_tick_type, Some(tick.price))
    } else if let TickTypes::Size(tick) = tick {
        (&tick.tick_type, None)
    } else {
        return false;
    };
    let side = if matches!(tick_type, TickType::Bid | TickType::BidSize) {
        &mut quote.bid
    } else if matches!(tick_type, TickType::Ask | TickType::AskSize) {
        &mut quote.ask
    } else if matches!(tick_type, TickType::Last) {
        &mut quote.last
    } else {
        return false;
    };
    if let Some(price) = price {
        *side = known(price);
    }
    // A size of the bid or ask proves as well as a price that the line is alive.
    if !matches!(tick_type, TickType::Last) {
        quote.at = clock();
    }
    true
}

/// Returns the price, or nothing for the signs by which the broker says that there is none.
fn known(price: f64) -> Option<Price> {
    // A stock is never worth −1 or 0: both mean "no data" (reference B16).
    if price <= 0.0 {
        return None;
    }
    convert::price("tick", price).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ibapi::market_data::realtime::{TickPrice, TickSize};

    use super::*;

    fn clock(seconds: u64) -> Arc<dyn Fn() -> Mono + Send + Sync> {
        Arc::new(move || Mono::new(Duration::from_secs(seconds)))
    }

    fn empty() -> Quote {
        Quote {
            bid: None,
            ask: None,
            last: None,
            at: Mono::new(Duration::ZERO),
            data: DataType::Live,
        }
    }

    fn price(tick_type: TickType, price: f64) -> TickTypes {
        TickTypes::Price(TickPrice { tick_type, price, attributes: Default::default() })
    }

    #[test]
    fn minus_one_takes_a_side_away() {
        let mut quote = empty();
        assert!(fold(&mut quote, &price(TickType::Bid, 10.01), &clock(1)));
        assert_eq!(quote.bid, Some("10.01".parse().expect("is a price")));
        assert!(fold(&mut quote, &price(TickType::Bid, -1.0), &clock(2)));
        assert_eq!(quote.bid, None);
    }

    #[test]
    fn a_size_keeps_the_quote_fresh_and_a_last_price_does_not() {
        let mut quote = empty();
        fold(&mut quote, &price(TickType::Last, 10.0), &clock(1));
        assert_eq!(quote.at, Mono::new(Duration::ZERO));
        let size = TickTypes::Size(TickSize { tick_type: TickType::AskSize, size: 100.0 });
        fold(&mut quote, &size, &clock(2));
        assert_eq!(quote.at, Mono::new(Duration::from_secs(2)));
    }

    #[test]
    fn delayed_data_is_not_live() {
        let mut quote = empty();
        assert!(fold(&mut quote, &TickTypes::MarketDataType(MarketDataType::Delayed), &clock(1)));
        assert_eq!(quote.data, DataType::Delayed);
    }
}
