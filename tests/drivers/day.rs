//! A bot's day in sixteen actions, told the same way by both Rust clients (see `python/day.py`).
//!
//! Usage: `DRIVER HOST PORT CLIENT_ID MAX_VERSION SYMBOL ACTION…`; this library has no maximum to
//! set, so `MAX_VERSION` is 0. It knows nothing of Gatehouse.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use ibapi::accounts::{AccountUpdate, PnL, PnLSingle};
pub(crate) use ibapi::orders::OrderStatusKind;
use ibapi::orders::{ExecutionFilter, ExecutionFilterSide, Executions};
use ibapi::prelude::*;
use serde_json::json;

/// Longest wait for anything that the other side has to do.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);

/// A quantity, and a limit as a share of the ask; far below it an order rests.
#[derive(Clone, Copy)]
pub(crate) struct Ask {
    pub(crate) quantity: f64,
    pub(crate) share: f64,
}

pub(crate) const RESTING: Ask = Ask { quantity: 5.0, share: 0.90 };
pub(crate) const CHANGED: Ask = Ask { quantity: 4.0, share: 0.89 };
pub(crate) const FILLING: Ask = Ask { quantity: 2.0, share: 1.005 };
pub(crate) const ENTRY: Ask = Ask { quantity: 3.0, share: 0.91 };
pub(crate) const PROFIT_SHARE: f64 = 1.05;
pub(crate) const LOSS_SHARE: f64 = 0.85;
pub(crate) const LEFT_OPEN: Ask = Ask { quantity: 6.0, share: 0.92 };
pub(crate) const TOO_LARGE: Ask = Ask { quantity: 50_000.0, share: 1.0 };

/// What an account must be able to say of itself, and more than nothing of each.
pub(crate) const WORTH: [&str; 3] = ["NetLiquidation", "BuyingPower", "AvailableFunds"];

/// A careful bot's own bound on orders, with room for a machine that delays some of them.
const ORDERS: usize = 4;
const WINDOW: Duration = Duration::from_millis(1_500);

/// What the driver was asked to do.
pub(crate) struct Args {
    pub(crate) address: String,
    pub(crate) client_id: i32,
    pub(crate) symbol: String,
    pub(crate) actions: Vec<String>,
}

impl Args {
    pub(crate) fn read() -> anyhow::Result<Self> {
        let mut words = std::env::args().skip(1);
        let mut next = |name: &str| words.next().with_context(|| format!("{name} is missing"));
        let address = format!("{}:{}", next("HOST")?, next("PORT")?);
        let client_id = next("CLIENT_ID")?.parse().context("reading CLIENT_ID")?;
        if next("MAX_VERSION")? != "0" {
            bail!("this library has no maximum version to set");
        }
        let symbol = next("SYMBOL")?;
        Ok(Self { address, client_id, symbol, actions: words.collect() })
    }
}

/// Prints what came of an action.
pub(crate) fn report(action: &str, outcome: &anyhow::Result<String>) {
    let saw = match outcome {
        Ok(saw) => saw.clone(),
        Err(error) => format!("{error:#}"),
    };
    println!("{}", json!({ "action": action, "ok": outcome.is_ok(), "saw": saw }));
}

/// Returns a price on the tick.
pub(crate) fn price(ask: f64, share: f64) -> f64 {
    (ask * share * 100.0).round() / 100.0
}

/// Holds a bot to its own bound on orders.
#[derive(Default)]
pub(crate) struct Pace(Vec<Instant>);

impl Pace {
    /// Counts some orders, and returns how long to wait before they are sent.
    pub(crate) fn take(&mut self, n_orders: usize) -> Duration {
        let now = Instant::now();
        self.0.retain(|at| now.saturating_duration_since(*at) < WINDOW);
        let wait = if self.0.len() + n_orders > ORDERS { WINDOW } else { Duration::ZERO };
        self.0.extend(std::iter::repeat_n(now + wait, n_orders));
        wait
    }
}

/// What an order's stream said.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) statuses: Vec<OrderStatusKind>,
    pub(crate) remaining: f64,
    /// The quantity in each openOrder.
    pub(crate) opens: Vec<f64>,
    pub(crate) notices: Vec<String>,
    pub(crate) executed: Vec<(String, f64)>,
    pub(crate) commissions: Vec<String>,
    /// Why the stream ended, if it did.
    pub(crate) end: Option<String>,
}

impl Book {
    pub(crate) fn note(&mut self, item: Option<Result<SubscriptionItem<PlaceOrder>, Error>>) {
        match item {
            Some(Ok(SubscriptionItem::Data(PlaceOrder::OrderStatus(status)))) => {
                self.remaining = status.remaining;
                self.statuses.push(status.status);
            }
            Some(Ok(SubscriptionItem::Data(PlaceOrder::OpenOrder(open)))) => {
                self.opens.push(open.order.total_quantity);
            }
            Some(Ok(SubscriptionItem::Data(PlaceOrder::ExecutionData(fill)))) => {
                self.executed.push((fill.execution.execution_id, fill.execution.shares));
            }
            Some(Ok(SubscriptionItem::Data(PlaceOrder::CommissionReport(report)))) => {
                self.commissions.push(report.execution_id);
            }
            Some(Ok(SubscriptionItem::Notice(notice))) => {
                self.notices.push(format!("{} {}", notice.code, notice.message));
            }
            Some(Err(Error::Notice(notice))) => {
                self.end = Some(format!("{} {}", notice.code, notice.message));
            }
            Some(Err(error)) => self.end = Some(error.to_string()),
            None => self.end = Some("the stream ended".to_owned()),
        }
    }

    pub(crate) fn is(&self, status: &OrderStatusKind) -> bool {
        self.statuses.last() == Some(status)
    }

    pub(crate) fn was_told(&self, code: &str) -> bool {
        self.notices.iter().any(|notice| notice.starts_with(code))
    }

    /// Whether all was executed, with a commission for each execution.
    pub(crate) fn is_filled(&self, quantity: f64) -> bool {
        let executed: f64 = self.executed.iter().map(|(_, shares)| shares).sum();
        self.is(&OrderStatusKind::Filled)
            && executed == quantity
            && self.executed.iter().all(|(id, _)| self.commissions.contains(id))
    }
}

/// Returns the sentence for bars that can be true.
pub(crate) fn sound<T>(bars: &[T], high_low: impl Fn(&T) -> (f64, f64)) -> anyhow::Result<String> {
    if bars.is_empty() || bars.iter().map(high_low).any(|(high, low)| high < low) {
        bail!("no sound bars");
    }
    Ok(format!("{} bars", bars.len()))
}

/// Whether a list came to its end marker, which does not end the stream.
pub(crate) fn are_positions_whole(said: &[PositionUpdate]) -> bool {
    matches!(said.last(), Some(PositionUpdate::PositionEnd))
}

/// Whether a list came to its end marker.
pub(crate) fn is_summary_whole(said: &[AccountSummaryResult]) -> bool {
    matches!(said.last(), Some(AccountSummaryResult::End))
}

/// Whether a list came to its end marker.
pub(crate) fn is_account_whole(said: &[AccountUpdate]) -> bool {
    matches!(said.last(), Some(AccountUpdate::End))
}

/// Returns the sentence for a position that is what was filled.
pub(crate) fn held(positions: &[PositionUpdate], contract: &Contract) -> anyhow::Result<String> {
    let held = positions.iter().find_map(|update| match update {
        PositionUpdate::Position(held) => (held.contract.contract_id == contract.contract_id)
            .then_some((held.position, held.average_cost)),
        PositionUpdate::PositionEnd => None,
    });
    match held {
        Some((position, cost))
            if position == FILLING.quantity && cost > 0.0 && are_positions_whole(positions) =>
        {
            Ok(format!("{position} at {cost}"))
        }
        Some(_) | None => bail!("the shares, but {positions:?}"),
    }
}

/// Returns the filter for one side of a contract's executions.
pub(crate) fn filter(contract: &Contract, side: ExecutionFilterSide) -> ExecutionFilter {
    ExecutionFilter {
        symbol: contract.symbol.to_string(),
        security_type: "STK".to_owned(),
        side: Some(side),
        ..ExecutionFilter::default()
    }
}

/// Returns the sentence for executions that are what was filled, and none of the other side.
pub(crate) fn executed(bought: &[Executions], sold: &[Executions]) -> anyhow::Result<String> {
    let mut shares = 0.0;
    let (mut executed, mut charged) = (Vec::new(), Vec::new());
    for one in bought {
        match one {
            Executions::ExecutionData(data) => {
                shares += data.execution.shares;
                executed.push(&data.execution.execution_id);
            }
            Executions::CommissionReport(report) => charged.push(&report.execution_id),
        }
    }
    if shares != FILLING.quantity || executed != charged || !sold.is_empty() {
        bail!("the shares alone, but {bought:?} and {sold:?}");
    }
    Ok(format!("{} executions", executed.len()))
}

/// Returns the sentence for an account that says what it is worth in both of its ways.
pub(crate) fn worth(
    summary: &[AccountSummaryResult],
    updates: &[AccountUpdate],
) -> anyhow::Result<String> {
    let is_positive = |value: &str| value.parse::<f64>().is_ok_and(|value| value > 0.0);
    let in_summary = |tag: &str| {
        summary.iter().any(|one| {
            matches!(one, AccountSummaryResult::Summary(line)
                if line.tag == tag && is_positive(&line.value))
        })
    };
    let in_updates = |tag: &str| {
        updates.iter().any(|one| {
            matches!(one, AccountUpdate::AccountValue(line)
                if line.key == tag && is_positive(&line.value))
        })
    };
    let has_shares = updates.iter().any(|one| {
        matches!(one, AccountUpdate::PortfolioValue(held)
            if held.position == FILLING.quantity && held.market_price > 0.0)
    });
    let is_whole = is_summary_whole(summary) && is_account_whole(updates);
    if !is_whole || !has_shares || !WORTH.iter().all(|tag| in_summary(tag) && in_updates(tag)) {
        bail!("{WORTH:?} and the shares, but {summary:?} and {updates:?}");
    }
    Ok(format!("{} and {} lines", summary.len(), updates.len()))
}

/// Returns the sentence for a profit that can be true.
pub(crate) fn profit(total: &PnL, single: &PnLSingle) -> anyhow::Result<String> {
    if single.position != FILLING.quantity || single.value <= 0.0 || !total.daily_pnl.is_finite() {
        bail!("the shares with a value, but {total:?} and {single:?}");
    }
    let (daily, shares) = (single.daily_pnl, single.position);
    Ok(format!("{}, of it {daily} for {shares} shares", total.daily_pnl))
}
