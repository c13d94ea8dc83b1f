//! The day on Rust `ibapi`, its blocking client.

mod day;

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use day::{Args, Ask, Book, OrderStatusKind, PATIENCE, Pace, price};
use ibapi::accounts::types::{AccountGroup, AccountId, ContractId};
use ibapi::client::blocking::{Client, Subscription};
use ibapi::contracts::Contract;
use ibapi::market_data::historical::{BarSize, ToDuration as _};
use ibapi::market_data::realtime::Quote;
use ibapi::orders::{CancelOrder, ExecutionFilterSide, Order, OrderStatus, Orders, PlaceOrder};
use ibapi::subscriptions::{SubscriptionItem, SubscriptionItemIterExt as _};

fn main() -> anyhow::Result<()> {
    let args = Args::read()?;
    let mut bot = Bot::new(&args);
    for action in &args.actions {
        let outcome = bot.act(action);
        day::report(action, &outcome);
    }
    bot.leave();
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
    fn until(&mut self, what: &str, wanted: impl Fn(&Book) -> bool) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        while !wanted(&self.book) {
            if self.book.end.is_some() {
                bail!("{what}, but the stream ended: {:?}", self.book);
            }
            let item = self.updates.next_timeout(left(deadline));
            if item.is_none() && Instant::now() >= deadline {
                bail!("unseen: {what}; {:?}", self.book);
            }
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

    fn act(&mut self, action: &str) -> anyhow::Result<String> {
        match action {
            "connect" => self.dial(),
            "details" => self.details(),
            "history" => self.history(),
            "quotes" => self.quotes(),
            "place" => self.place_resting(),
            "refused-modify" => self.refused_modify(),
            "modify" => self.modify(),
            "cancel" => self.cancel(),
            "refused" => self.refused(),
            "fill" => self.fill(),
            "positions" => self.positions(),
            "executions" => self.executions(),
            "account" => self.account(),
            "pnl" => self.pnl(),
            "bracket" => self.bracket(),
            "refused-bracket" => self.refused_bracket(),
            "reconnect" => self.reconnect(),
            other => bail!("{other} is not an action"),
        }
    }

    fn client(&self) -> anyhow::Result<&Client> {
        self.client.as_ref().context("not connected")
    }

    fn pause(&mut self, n_orders: usize) {
        std::thread::park_timeout(self.pace.take(n_orders));
    }

    fn dial(&mut self) -> anyhow::Result<String> {
        let client = Client::connect(&self.args.address, self.args.client_id)?;
        Ok(format!("server version {}", self.client.insert(client).server_version()))
    }

    fn details(&mut self) -> anyhow::Result<String> {
        let mut details = self.client()?.contract_details(&self.contract)?;
        ensure!(details.len() == 1, "{} contracts", details.len());
        self.contract = details.remove(0).contract;
        Ok(format!("conId {}", self.contract.contract_id))
    }

    fn history(&self) -> anyhow::Result<String> {
        let request = self.client()?.historical_data(&self.contract, BarSize::Min5);
        let data = request.duration(1.days()).fetch()?;
        day::sound(&data.bars, |bar| (bar.high, bar.low))
    }

    fn quotes(&mut self) -> anyhow::Result<String> {
        let ticks = self.client()?.market_data(&self.contract).subscribe()?;
        let deadline = Instant::now() + PATIENCE;
        let mut quote = Quote::default();
        while quote.ask.is_none() {
            let item = ticks.next_timeout(left(deadline)).context("unseen: an ask")?;
            if let SubscriptionItem::Data(tick) = item? {
                quote.apply(&tick);
            }
        }
        self.ask = quote.ask.context("an ask")?;
        Ok(format!("ask {}", self.ask))
    }

    fn place(&mut self, asked: Ask) -> anyhow::Result<Live> {
        self.pause(1);
        let client = self.client()?;
        let order = client
            .order(&self.contract)
            .buy(asked.quantity)
            .limit(price(self.ask, asked.share))
            .good_till_canceled()
            .build_order()?;
        let id = client.next_order_id();
        let updates = client.place_order(id, &self.contract, &order)?;
        Ok(Live { id, order, updates, book: Book::default() })
    }

    fn works(&mut self, asked: Ask) -> anyhow::Result<Live> {
        let mut live = self.place(asked)?;
        live.until("Submitted", |book| book.is(&OrderStatusKind::Submitted))?;
        Ok(live)
    }

    fn place_resting(&mut self) -> anyhow::Result<String> {
        let live = self.works(day::RESTING)?;
        let status = format!("{:?}", live.book.statuses.last());
        self.resting = Some(live);
        Ok(status)
    }

    fn resubmit(&mut self, quantity: f64, share: f64) -> anyhow::Result<&mut Live> {
        self.pause(1);
        let live = self.resting.as_mut().context("no resting order")?;
        live.order.total_quantity = quantity;
        live.order.limit_price = Some(price(self.ask, share));
        let client = self.client.as_ref().context("not connected")?;
        client.submit_order(live.id, &self.contract, &live.order)?;
        Ok(live)
    }

    fn refused_modify(&mut self) -> anyhow::Result<String> {
        let Ask { quantity, share } = day::RESTING;
        let resting = self.resting.as_ref().context("no resting order")?;
        let (n_opens, n_statuses) = (resting.book.opens.len(), resting.book.statuses.len());
        let live = self.resubmit(day::TOO_LARGE.quantity, share)?;
        live.until("399, openOrder and orderStatus", |book| {
            let is_again = book.opens.len() > n_opens && book.statuses.len() > n_statuses;
            book.was_told("399 ") && is_again
        })?;
        let book = &live.book;
        let is_as_before = book.opens.last() == Some(&quantity) && book.remaining == quantity;
        ensure!(is_as_before && book.is(&OrderStatusKind::Submitted), "{book:?}");
        Ok(format!("{:?}; then Submitted for {}, the stream is open", book.notices, book.remaining))
    }

    fn modify(&mut self) -> anyhow::Result<String> {
        let Ask { quantity, share } = day::CHANGED;
        let live = self.resubmit(quantity, share)?;
        live.until("the new quantity", |book| {
            book.remaining == quantity && book.is(&OrderStatusKind::Submitted)
        })?;
        Ok(format!("remaining {}", live.book.remaining))
    }

    fn cancel(&mut self) -> anyhow::Result<String> {
        let live = self.resting.take().context("no resting order")?;
        self.cancel_order(live.id)?;
        Ok("Cancelled".to_owned())
    }

    /// Cancels, and reads the cancel's own stream to its success: the library gives it what the
    /// order's stream had before.
    fn cancel_order(&self, id: i32) -> anyhow::Result<()> {
        let answers = self.client()?.cancel_order(id, "")?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            match answers.next_timeout(left(deadline)).context("unseen: Cancelled")? {
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

    fn refused(&mut self) -> anyhow::Result<String> {
        let mut live = self.place(day::TOO_LARGE)?;
        live.until("the end of the stream", |book| book.end.is_some())?;
        let end = live.book.end.unwrap_or_default();
        ensure!(end.starts_with("201 "), "201, but {end}");
        Ok(end)
    }

    fn fill(&mut self) -> anyhow::Result<String> {
        let mut live = self.place(day::FILLING)?;
        live.until("the fill", |book| book.is_filled(day::FILLING.quantity))?;
        Ok(format!("{:?}", live.book.executed))
    }

    fn positions(&self) -> anyhow::Result<String> {
        let stream = self.client()?.positions()?;
        let said = stream.collect_until(PATIENCE, day::are_positions_whole);
        day::held(&said, &self.contract)
    }

    fn executions(&self) -> anyhow::Result<String> {
        let bought = day::filter(&self.contract, ExecutionFilterSide::Buy);
        let sold = day::filter(&self.contract, ExecutionFilterSide::Sell);
        let bought = self.client()?.executions(bought)?.collect_to_end_within(PATIENCE)?;
        let sold = self.client()?.executions(sold)?.collect_to_end_within(PATIENCE)?;
        day::executed(&bought, &sold)
    }

    fn account_id(&self) -> anyhow::Result<AccountId> {
        let accounts = self.client()?.managed_accounts()?;
        accounts.into_iter().next().map(AccountId).context("an account")
    }

    fn account(&self) -> anyhow::Result<String> {
        let (account, group) = (self.account_id()?, AccountGroup("All".to_owned()));
        let summary = self.client()?.account_summary(&group, &day::WORTH)?;
        let updates = self.client()?.account_updates(&account)?;
        let summary = summary.collect_until(PATIENCE, day::is_summary_whole);
        let updates = updates.collect_until(PATIENCE, day::is_account_whole);
        day::worth(&summary, &updates)
    }

    fn pnl(&self) -> anyhow::Result<String> {
        let (account, client) = (self.account_id()?, self.client()?);
        let contract_id = ContractId(self.contract.contract_id);
        let totals = client.pnl(&account, None)?;
        let singles = client.pnl_single(&account, contract_id, None)?;
        let total = totals.timeout_iter(PATIENCE).filter_data().next();
        let single = singles.timeout_iter(PATIENCE).filter_data().next();
        day::profit(
            &total.context("unseen: the profit")??,
            &single.context("unseen: the shares'")??,
        )
    }

    fn bracket(&mut self) -> anyhow::Result<String> {
        self.pause(3);
        let client = self.client()?;
        let ids = client
            .order(&self.contract)
            .buy(day::ENTRY.quantity)
            .bracket()
            .entry_limit(price(self.ask, day::ENTRY.share))
            .take_profit(price(self.ask, day::PROFIT_SHARE))
            .stop_loss(price(self.ask, day::LOSS_SHARE))
            .submit_all()?;
        let mut statuses = Vec::new();
        let mut streams = Vec::new();
        for id in ids.as_vec() {
            let stream = client.order_status_stream(id)?;
            statuses.push(await_status(&stream, OrderStatusKind::is_active)?);
            streams.push(stream);
        }
        self.cancel_order(ids.parent.value())?;
        for stream in &streams {
            await_status(stream, |status| *status == OrderStatusKind::Cancelled)?;
        }
        Ok(format!("{statuses:?}, and cancelled together"))
    }

    /// Sends a bracket by hand, whose last member is too large.
    fn refused_bracket(&mut self) -> anyhow::Result<String> {
        self.pause(3);
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
            let updates = client.place_order(id, &self.contract, &order)?;
            family.push(Live { id, order, updates, book: Book::default() });
        }
        let mut refused = family.pop().context("the stop")?;
        refused.until("the end of the stream", |book| book.end.is_some())?;
        for member in &mut family {
            member.until("Cancelled", |book| book.is(&OrderStatusKind::Cancelled))?;
        }
        let end = refused.book.end.unwrap_or_default();
        ensure!(end.starts_with("201 "), "201, but {end}");
        Ok(end)
    }

    fn reconnect(&mut self) -> anyhow::Result<String> {
        let id = self.works(day::LEFT_OPEN)?.id;
        self.leave();
        self.dial()?;
        let open = self.client()?.open_orders()?.collect_to_end_within(PATIENCE)?;
        let is_open = open
            .iter()
            .any(|item| matches!(item, Orders::OrderData(found) if found.order_id == id));
        ensure!(is_open, "order {id} is not among {open:?}");
        self.cancel_order(id)?;
        Ok(format!("order {id} found open, and cancelled"))
    }

    fn leave(&mut self) {
        if let Some(client) = self.client.take() {
            client.disconnect();
        }
    }
}

fn await_status(
    stream: &Subscription<OrderStatus>,
    wanted: impl Fn(&OrderStatusKind) -> bool,
) -> anyhow::Result<OrderStatusKind> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match stream.next_timeout(left(deadline)).context("unseen: a status")?? {
            SubscriptionItem::Data(status) if wanted(&status.status) => return Ok(status.status),
            SubscriptionItem::Data(_) | SubscriptionItem::Notice(_) => {}
        }
    }
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}
