//! A bot on the Rust `ibapi` crate, and a look at the simulator past Gatehouse.

use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use ibapi::orders::Order;
use ibapi::prelude::*;

use super::SYMBOL;

const ANSWER: Duration = Duration::from_secs(15);

/// Where a bot connects.
pub(super) struct BotPlace {
    pub(super) port: u16,
    pub(super) client_id: i32,
}

/// A connected bot.
pub(super) struct Bot {
    client: Client,
    contract: Contract,
}

async fn connect(address: &str, client_id: i32) -> anyhow::Result<Client> {
    tokio::time::timeout(ANSWER, Client::connect(address, client_id))
        .await
        .with_context(|| format!("{address} is silent"))?
        .with_context(|| format!("connecting to {address}"))
}

impl Bot {
    pub(super) async fn connect(place: &BotPlace) -> anyhow::Result<Self> {
        let client = connect(&format!("127.0.0.1:{}", place.port), place.client_id).await?;
        Ok(Self { client, contract: Contract::stock(SYMBOL).build() })
    }

    async fn ask(&self) -> anyhow::Result<f64> {
        let ticks = self.client.market_data(&self.contract).snapshot_once(ANSWER).await?;
        Quote::from_ticks(&ticks).ask.context("there is no ask price")
    }

    async fn buy(&self, shares: f64) -> anyhow::Result<OrderOutcome> {
        let limit = cents(self.ask().await? + 0.05);
        let order = self.client.order(&self.contract).buy(shares).limit(limit);
        let order_id = order.submit().await.context("sending an order")?;
        self.client.wait_for_fill(order_id, ANSWER).await.context("waiting for the answer")
    }

    /// Buys, and insists on the fill.
    pub(super) async fn fills(&self, shares: f64) -> anyhow::Result<()> {
        let outcome = self.buy(shares).await?;
        ensure!(matches!(outcome, OrderOutcome::Filled(_)), "{outcome:?}");
        Ok(())
    }

    /// Buys, and insists on a refusal with each of `words` in it.
    pub(super) async fn is_refused(&self, shares: f64, words: &[&str]) -> anyhow::Result<()> {
        match self.buy(shares).await? {
            OrderOutcome::Rejected(notice) => {
                let text = &notice.message;
                ensure!(words.iter().all(|word| text.contains(word)), "{words:?} not in {text:?}");
                Ok(())
            }
            other @ (OrderOutcome::Filled(_)
            | OrderOutcome::Ended(_)
            | OrderOutcome::TimedOut(_)) => bail!("not refused: {other:?}"),
        }
    }

    /// Places an entry that rests far below the market.
    pub(super) async fn rests(&self, shares: f64) -> anyhow::Result<i32> {
        let limit = cents(self.ask().await? * 0.9);
        let order = self.client.order(&self.contract).buy(shares).limit(limit).build_order()?;
        self.works(order).await
    }

    /// Places a stop that closes the position of a bot.
    pub(super) async fn protects(&self, shares: f64) -> anyhow::Result<i32> {
        let stop = cents(self.ask().await? * 0.9);
        let order = self.client.order(&self.contract).sell(shares).stop(stop).build_order()?;
        self.works(order).await
    }

    /// Sends an order and waits until the broker has it.
    async fn works(&self, order: Order) -> anyhow::Result<i32> {
        let order_id = self.client.next_order_id();
        let mut updates = self.client.place_order(order_id, &self.contract, &order).await?;
        let waiting = async {
            while let Some(update) = updates.next().await {
                let update = update.context("the order was refused")?;
                if let SubscriptionItem::Data(PlaceOrder::OrderStatus(status)) = update
                    && status.status.is_active()
                {
                    return Ok(order_id);
                }
            }
            bail!("the stream of order {order_id} ended")
        };
        tokio::time::timeout(ANSWER, waiting).await.context("the order is not acknowledged")?
    }
}

/// Asks the simulator itself, past Gatehouse, and insists that one order works there and no other.
pub(super) async fn only_works(simulator: &str, order_id: i32) -> anyhow::Result<()> {
    let client = connect(simulator, 99).await?;
    let mut open = client.all_open_orders().await?;
    let reading = async {
        let mut working = std::collections::BTreeSet::new();
        while let Some(item) = open.next().await {
            if let SubscriptionItem::Data(Orders::OrderData(order)) = item? {
                working.insert(order.order_id);
            }
        }
        anyhow::Ok(working)
    };
    let working =
        tokio::time::timeout(ANSWER, reading).await.context("the list does not end")??;
    ensure!(working.iter().eq([&order_id]), "working at the simulator: {working:?}");
    Ok(())
}

fn cents(price: f64) -> f64 {
    (price * 100.0).round() / 100.0
}
