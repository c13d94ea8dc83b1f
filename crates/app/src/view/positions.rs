//! Positions of the account with each bot's share and the stops that protect them.

use std::collections::BTreeMap;

use gatehouse_engine::{PositionStatus, Status, WorkingStatus};
use gatehouse_ipc::{PositionRow, PositionStop};
use gatehouse_types::{ConId, Decimal, OrderKind, Price, Side, SignedQty};

use super::words;

/// What prices positions are shown at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Prices {
    /// Last trade, or the middle of the quote.
    pub(crate) last: BTreeMap<ConId, Decimal>,
    pub(crate) average: BTreeMap<ConId, Decimal>,
}

/// Returns quantity, symbol, type and price, such as `SELL 10 SPY STP 656.40`.
pub(crate) fn what(order: &WorkingStatus) -> String {
    let left = order.quantity.saturating_sub(order.filled);
    format!("{} {left} {} {}", order.side, order.symbol, words::kind(&order.kind))
}

/// Returns whether an order is a stop that only shrinks what the account holds.
pub(crate) fn protects(order: &WorkingStatus, held: SignedQty) -> bool {
    let closes = match order.side {
        Side::Buy => held.value() < Decimal::ZERO,
        Side::Sell => held.value() > Decimal::ZERO,
    };
    closes && matches!(order.kind, OrderKind::Stop { .. } | OrderKind::StopLimit { .. })
}

/// Returns the account's positions, flat ones left out.
pub(crate) fn rows(status: &Status, prices: &Prices) -> Vec<PositionRow> {
    let held = status.positions.iter().filter(|position| !position.held.size().is_zero());
    held.map(|position| row(status, position, prices)).collect()
}

fn row(status: &Status, position: &PositionStatus, prices: &Prices) -> PositionRow {
    let held = position.held.value();
    let shares: Vec<(String, Decimal)> = status
        .bots
        .iter()
        .filter_map(|bot| {
            let own = bot.positions.iter().find(|it| it.con_id == position.con_id)?;
            Some((bot.config.name.to_string(), own.held.value()))
        })
        .filter(|(_, share)| !share.is_zero())
        .collect();
    let unassigned = shares.iter().fold(held, |left, (_, share)| left.saturating_sub(*share));
    let stops: Vec<&WorkingStatus> = status
        .working
        .iter()
        .filter(|order| order.con_id == position.con_id && protects(order, position.held))
        .collect();
    let covered = stops.iter().fold(Decimal::ZERO, |sum, order| {
        sum.saturating_add(order.quantity.saturating_sub(order.filled).value())
    });
    let average = prices.average.get(&position.con_id).copied();
    let last = prices.last.get(&position.con_id).copied();
    let open = last.zip(average).and_then(|(last, average)| (last - average).checked_mul(held));
    PositionRow {
        symbol: symbol(position),
        held: position.held.to_string(),
        average_price: average.map(|price| price.round_dp(4).normalize().to_string()),
        last: last.map(|price| price.to_string()),
        value: last
            .and_then(|last| last.checked_mul(held))
            .map(|value| value.round_dp(2).to_string()),
        open_pnl: open.map(|open| open.round_dp(2).to_string()),
        bots: shares.into_iter().map(|(bot, share)| (bot, share.to_string())).collect(),
        unassigned: (!unassigned.is_zero()).then(|| unassigned.to_string()),
        stops: stops.iter().map(|order| stop(order)).collect(),
        is_protected: covered >= held.abs(),
    }
}

fn stop(order: &WorkingStatus) -> PositionStop {
    PositionStop {
        bot: order.order.as_ref().map(|order| order.bot.to_string()),
        order_id: order.order.as_ref().map_or(0, |order| order.order_id.get()),
        quantity: order.quantity.saturating_sub(order.filled).to_string(),
        price: order.kind.trigger().map(|price: Price| price.to_string()),
    }
}

/// Returns the name of a position's instrument.
pub(crate) fn symbol(position: &PositionStatus) -> String {
    if position.symbol.is_empty() { position.con_id.to_string() } else { position.symbol.clone() }
}

/// Returns the absolute value of everything held, as a share of what the account is worth.
pub(crate) fn gross_percent(status: &Status, prices: &Prices) -> Option<Decimal> {
    let worth = status.net_liquidation?.value.amount();
    if status.positions.is_empty() && !status.connection.is_ready {
        return None;
    }
    let gross = status.positions.iter().try_fold(Decimal::ZERO, |sum, position| {
        if position.held.size().is_zero() {
            return Some(sum);
        }
        let last = prices.last.get(&position.con_id)?;
        sum.checked_add(last.checked_mul(position.held.value())?.abs())
    })?;
    gross.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(worth).map(|it| it.round_dp(1))
}
