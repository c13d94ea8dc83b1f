//! The day on Rust `ibapi`, its async client.

mod day;

use anyhow::{Context as _, bail, ensure};
use day::{Args, Ask, Book, OrderStatusKind, PATIENCE, Pace, price};
use ibapi::accounts::types::{AccountGroup, AccountId, ContractId};
use ibapi::orders::{CancelOrder, ExecutionFilterSide, Order};
use ibapi::prelude::*;
use tokio::time::{Instant, sleep, timeout, timeout_at};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let args = Args::read()?;
    let mut bot = Bot::new(&args);
    for action in &args.actions {
        let outcome = bot.act(action).await;
        day::report(action, &outcome);
    }
    bot.leave().await;
    Ok(())
}

/// An order and its stream.
struct Live {
    id: i32,
    order: Order,
    updates: Subscription<PlaceOrder>,
    book: Book,
}

impl Live {
    /// Reads the stream until the book is as wanted.
    async fn until(&mut self, what: &str, wanted: impl Fn(&Book) -> bool) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !wanted(&self.book) {
            if self.book.end.is_some() {
                bail!("{what}, but the stream ended: {:?}", self.book);
            }
            let item = timeout_at(deadline, self.updates.next())
                .await
                .with_context(|| format!("unseen: {what}; {:?}", self.book))?;
            self.book.note(item);
        }
        Ok(())
    }
}

struct Bot<'a> {
    args: &'a Args,
    client: Option<Client>,
    contract: Contract,
    ask: f64,
    resting: Option<Live>,
    pace: Pace,
}

impl<'a> Bot<'a> {
    fn new(args: &'a Args) -> Self {
        let contract = Contract::stock(args.symbol.as_str()).build();
        Self { args, client: None, contract, ask: 0.0, resting: None, pace: Pace::default() }
    }

    async fn act(&mut self, action: &str) -> anyhow::Result<String> {
        match action {
            "connect" => self.dial().await,
            "details" => self.details().await,
            "history" => self.history().await,
            "quotes" => self.quotes().await,
            "place" => self.place_resting().await,
            "refused-modify" => self.refused_modify().await,
            "modify" => self.modify().await,
            "cancel" => self.cancel().await,
            "refused" => self.refused().await,
            "fill" => self.fill().await,
            "positions" => self.positions().await,
            "executions" => self.executions().await,
            "account" => self.account().await,
            "pnl" => self.pnl().await,
            "bracket" => self.bracket().await,
            "refused-bracket" => self.refused_bracket().await,
            "reconnect" => self.reconnect().await,
            other => bail!("{other} is not an action"),
        }
    }

    fn client(&self) -> anyhow::Result<&Client> {
        self.client.as_ref().context("not connected")
    }

    async fn dial(&mut self) -> anyhow::Result<String> {
        let client = timeout(PATIENCE, Client::connect(&self.args.address, self.args.client_id));
        let client = self.client.insert(client.await.context("a silent server")??);
        Ok(format!("server version {}", client.server_version()))
    }

    async fn details(&mut self) -> anyhow::Result<String> {
        let mut details = self.client()?.contract_details(&self.contract).await?;
        ensure!(details.len() == 1, "{} contracts", details.len());
        self.contract = details.remove(0).contract;
        Ok(format!("conId {}", self.contract.contract_id))
    }

    async fn history(&self) -> anyhow::Result<String> {
        let request = self.client()?.historical_data(&self.contract, HistoricalBarSize::Min5);
        let data = request.duration(1.days()).fetch().await?;
        day::sound(&data.bars, |bar| (bar.high, bar.low))
    }

    async fn quotes(&mut self) -> anyhow::Result<String> {
        let mut ticks = self.client()?.market_data(&self.contract).subscribe().await?;
        let deadline = Instant::now() + PATIENCE;
        let mut quote = Quote::default();
        while quote.ask.is_none() {
            let item = timeout_at(deadline, ticks.next()).await.context("unseen: an ask")?;
            if let SubscriptionItem::Data(tick) = item.context("the ticks ended")?? {
                quote.apply(&tick);
            }
        }
        self.ask = quote.ask.context("an ask")?;
        Ok(format!("ask {}", self.ask))
    }

    async fn place(&mut self, asked: Ask) -> anyhow::Result<Live> {
        sleep(self.pace.take(1)).await;
        let client = self.client()?;
        let order = client
            .order(&self.contract)
            .buy(asked.quantity)
            .limit(price(self.ask, asked.share))
            .good_till_canceled()
            .build_order()?;
        let id = client.next_order_id();
        let updates = client.place_order(id, &self.contract, &order).await?;
        Ok(Live { id, order, updates, book: Book::default() })
    }

    async fn works(&mut self, asked: Ask) -> anyhow::Result<Live> {
        let mut live = self.place(asked).await?;
        live.until("Submitted", |book| book.is(&OrderStatusKind::Submitted)).await?;
        Ok(live)
    }

    async fn place_resting(&mut self) -> anyhow::Result<String> {
        let live = self.works(day::RESTING).await?;
        let status = format!("{:?}", live.book.statuses.last());
        self.resting = Some(live);
        Ok(status)
    }

    async fn resubmit(&mut self, quantity: f64, share: f64) -> anyhow::Result<&mut Live> {
        sleep(self.pace.take(1)).await;
        let live = self.resting.as_mut().context("no resting order")?;
        live.order.total_quantity = quantity;
        live.order.limit_price = Some(price(self.ask, share));
        let client = self.client.as_ref().context("not connected")?;
        client.submit_order(live.id, &self.contract, &live.order).await?;
        Ok(live)
    }

    async fn refused_modify(&mut self) -> anyhow::Result<String> {
        let Ask { quantity, share } = day::RESTING;
        let resting = self.resting.as_ref().context("no resting order")?;
        let (n_opens, n_statuses) = (resting.book.opens.len(), resting.book.statuses.len());
        let live = self.resubmit(day::TOO_LARGE.quantity, share).await?;
        live.until("399, openOrder and orderStatus", |book| {
            let is_again = book.opens.len() > n_opens && book.statuses.len() > n_statuses;
            book.was_told("399 ") && is_again
        })
        .await?;
        let book = &live.book;
        let is_as_before = book.opens.last() == Some(&quantity) && book.remaining == quantity;
        ensure!(is_as_before && book.is(&OrderStatusKind::Submitted), "{book:?}");
        Ok(format!("{:?}; then Submitted for {}, the stream is open", book.notices, book.remaining))
    }

    async fn modify(&mut self) -> anyhow::Result<String> {
        let Ask { quantity, share } = day::CHANGED;
        let live = self.resubmit(quantity, share).await?;
        live.until("the new quantity", |book| {
            book.remaining == quantity && book.is(&OrderStatusKind::Submitted)
        })
        .await?;
        Ok(format!("remaining {}", live.book.remaining))
    }

    async fn cancel(&mut self) -> anyhow::Result<String> {
        let live = self.resting.take().context("no resting order")?;
        self.cancel_order(live.id).await?;
        Ok("Cancelled".to_owned())
    }

    /// Cancels, and reads the cancel's own stream to its success: the library gives it what the
    /// order's stream had before.
    async fn cancel_order(&self, id: i32) -> anyhow::Result<()> {
        let mut answers = self.client()?.cancel_order(id, "").await?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let item = timeout_at(deadline, answers.next()).await.context("unseen: Cancelled")?;
            match item.context("the cancel's stream ended")? {
                Ok(SubscriptionItem::Data(CancelOrder::OrderStatus(status)))
                    if status.status == OrderStatusKind::Cancelled =>
                {
                    return Ok(());
                }
                Ok(_) => {}
                Err(error) => return Err(error).context("the cancel failed"),
            }
        }
    }

    async fn refused(&mut self) -> anyhow::Result<String> {
        let mut live = self.place(day::TOO_LARGE).await?;
        live.until("the end of the stream", |book| book.end.is_some()).await?;
        let end = live.book.end.unwrap_or_default();
        ensure!(end.starts_with("201 "), "201, but {end}");
        Ok(end)
    }

    async fn fill(&mut self) -> anyhow::Result<String> {
        let mut live = self.place(day::FILLING).await?;
        live.until("the fill", |book| book.is_filled(day::FILLING.quantity)).await?;
        Ok(format!("{:?}", live.book.executed))
    }

    async fn positions(&self) -> anyhow::Result<String> {
        let mut stream = self.client()?.positions().await?;
        let said = stream.collect_until(PATIENCE, day::are_positions_whole).await;
        day::held(&said, &self.contract)
    }

    async fn executions(&self) -> anyhow::Result<String> {
        let bought = day::filter(&self.contract, ExecutionFilterSide::Buy);
        let sold = day::filter(&self.contract, ExecutionFilterSide::Sell);
        let bought =
            self.client()?.executions(bought).await?.collect_to_end_within(PATIENCE).await?;
        let sold = self.client()?.executions(sold).await?.collect_to_end_within(PATIENCE).await?;
        day::executed(&bought, &sold)
    }

    async fn account_id(&self) -> anyhow::Result<AccountId> {
        let accounts = self.client()?.managed_accounts().await?;
        accounts.into_iter().next().map(AccountId).context("an account")
    }

    async fn account(&self) -> anyhow::Result<String> {
        let (account, group) = (self.account_id().await?, AccountGroup("All".to_owned()));
        let mut summary = self.client()?.account_summary(&group, &day::WORTH).await?;
        let mut updates = self.client()?.account_updates(&account).await?;
        let summary = summary.collect_until(PATIENCE, day::is_summary_whole).await;
        let updates = updates.collect_until(PATIENCE, day::is_account_whole).await;
        day::worth(&summary, &updates)
    }

    async fn pnl(&self) -> anyhow::Result<String> {
        let (account, client) = (self.account_id().await?, self.client()?);
        let contract_id = ContractId(self.contract.contract_id);
        let mut totals = client.pnl(&account, None).await?.filter_data();
        let mut singles = client.pnl_single(&account, contract_id, None).await?.filter_data();
        let total = timeout(PATIENCE, totals.next()).await.context("unseen: the profit")?;
        let single = timeout(PATIENCE, singles.next()).await.context("unseen: the shares' own")?;
        day::profit(&total.context("the profit ended")??, &single.context("the shares' ended")??)
    }

    async fn bracket(&mut self) -> anyhow::Result<String> {
        sleep(self.pace.take(3)).await;
        let client = self.client()?;
        let ids = client
            .order(&self.contract)
            .buy(day::ENTRY.quantity)
            .bracket()
            .entry_limit(price(self.ask, day::ENTRY.share))
            .take_profit(price(self.ask, day::PROFIT_SHARE))
            .stop_loss(price(self.ask, day::LOSS_SHARE))
            .submit_all()
            .await?;
        let mut statuses = Vec::new();
        let mut streams = Vec::new();
        for id in ids.as_vec() {
            let mut stream = client.order_status_stream(id).await?;
            statuses.push(await_status(&mut stream, OrderStatusKind::is_active).await?);
            streams.push(stream);
        }
        self.cancel_order(ids.parent.value()).await?;
        for stream in &mut streams {
            await_status(stream, |status| *status == OrderStatusKind::Cancelled).await?;
        }
        Ok(format!("{statuses:?}, and cancelled together"))
    }

    /// Sends a bracket by hand, whose last member is too large.
    async fn refused_bracket(&mut self) -> anyhow::Result<String> {
        sleep(self.pace.take(3)).await;
        let client = self.client()?;
        let sell = || client.order(&self.contract).sell(day::ENTRY.quantity);
        let mut parent = client
            .order(&self.contract)
            .buy(day::ENTRY.quantity)
            .limit(price(self.ask, day::ENTRY.share))
            .build_order()?;
        let mut profit = sell().limit(price(self.ask, day::PROFIT_SHARE)).build_order()?;
        let mut stop = sell().stop(price(self.ask, day::LOSS_SHARE)).build_order()?;
        (parent.transmit, profit.transmit) = (false, false);
        stop.total_quantity = day::TOO_LARGE.quantity;
        let parent_id = client.next_order_id();
        (profit.parent_id, stop.parent_id) = (parent_id, parent_id);
        let ids = [parent_id, client.next_order_id(), client.next_order_id()];
        let mut family = Vec::new();
        for (id, order) in ids.into_iter().zip([parent, profit, stop]) {
            let updates = client.place_order(id, &self.contract, &order).await?;
            family.push(Live { id, order, updates, book: Book::default() });
        }
        let mut refused = family.pop().context("the stop")?;
        refused.until("the end of the stream", |book| book.end.is_some()).await?;
        for member in &mut family {
            member.until("Cancelled", |book| book.is(&OrderStatusKind::Cancelled)).await?;
        }
        let end = refused.book.end.unwrap_or_default();
        ensure!(end.starts_with("201 "), "201, but {end}");
        Ok(end)
    }

    async fn reconnect(&mut self) -> anyhow::Result<String> {
        let id = self.works(day::LEFT_OPEN).await?.id;
        self.leave().await;
        self.dial().await?;
        let mut listing = self.client()?.open_orders().await?;
        let open = listing.collect_to_end_within(PATIENCE).await?;
        let is_open = open
            .iter()
            .any(|item| matches!(item, Orders::OrderData(found) if found.order_id == id));
        ensure!(is_open, "order {id} is not among {open:?}");
        self.cancel_order(id).await?;
        Ok(format!("order {id} found open, and cancelled"))
    }

    async fn leave(&mut self) {
        if let Some(client) = self.client.take() {
            client.disconnect().await;
        }
    }
}

async fn await_status(
    stream: &mut Subscription<ibapi::orders::OrderStatus>,
    wanted: impl Fn(&OrderStatusKind) -> bool,
) -> anyhow::Result<OrderStatusKind> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let item = timeout_at(deadline, stream.next()).await.context("unseen: a status")?;
        match item.context("the status stream ended")?? {
            SubscriptionItem::Data(status) if wanted(&status.status) => return Ok(status.status),
            SubscriptionItem::Data(_) | SubscriptionItem::Notice(_) => {}
        }
    }
}
