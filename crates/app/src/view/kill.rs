//! The kill switch as it is shown: its orders, and its steps with their times.

use std::time::Duration;

use gatehouse_engine::{KillOrderStatus, KillStatus, Status};
use gatehouse_ipc::{KillOrderView, KillStep, KillView};
use gatehouse_types::{Decimal, Intent, KillOrder, OrderStatus};

use super::positions::{Prices, symbol};
use super::{sentence, words};

/// Returns the kill as it is shown. `n_refused` counts what was refused since.
pub(crate) fn view(kill: &KillStatus, status: &Status, prices: &Prices) -> KillView {
    let count = |wanted: fn(&KillOrderStatus) -> bool| {
        u32::try_from(kill.orders.iter().filter(|order| wanted(order)).count()).unwrap_or(u32::MAX)
    };
    let value = kill.unprotected.iter().try_fold(Decimal::ZERO, |sum, position| {
        let last = prices.last.get(&position.con_id)?;
        sum.checked_add(last.checked_mul(position.held.value())?.abs())
    });
    KillView {
        since: words::iso(kill.since.market.unwrap_or(kill.since.utc)),
        reason: kill.reason.clone(),
        seconds_ago: whole_seconds(kill.age),
        release_in_s: whole_seconds(kill.release_in + Duration::from_millis(999)),
        orders: kill.orders.iter().map(order).collect(),
        n_gone: count(|order| order.is_gone),
        n_working: count(|order| !order.is_gone && !is_kept(order)),
        n_kept: count(|order| !order.is_gone && is_kept(order)),
        unprotected: kill
            .unprotected
            .iter()
            .map(|position| format!("{} {}", symbol(position), position.held))
            .collect(),
        unprotected_value: value.map(|value| value.round_dp(0).to_string()),
        steps: steps(kill),
        n_refused: refused(status, kill),
    }
}

fn refused(status: &Status, kill: &KillStatus) -> u32 {
    let now: u32 = status.bots.iter().map(|bot| bot.today.refused).sum();
    now.saturating_sub(kill.refused_before)
}

fn millis(after: Duration) -> u32 {
    u32::try_from(after.as_millis()).unwrap_or(u32::MAX)
}

/// Returns what happened since, oldest first, and what is still to happen.
fn steps(kill: &KillStatus) -> Vec<KillStep> {
    let step = |name: &str, title: String, at: Option<Duration>| KillStep {
        name: name.to_owned(),
        title,
        at_ms: at.map(millis),
        is_done: at.is_some(),
    };
    let mut steps = vec![
        step("set", "Bots refused".to_owned(), Some(Duration::ZERO)),
        step("saved", "Stop saved to disk".to_owned(), kill.saved_after),
    ];
    let sent: Vec<&KillOrderStatus> =
        kill.orders.iter().filter(|it| it.did == KillOrder::CancelSent).collect();
    if let Some(last) = sent.iter().map(|it| it.did_after).max() {
        steps.push(step("cancels-sent", format!("{} cancels sent", sent.len()), Some(last)));
    }
    let kept: Vec<&KillOrderStatus> = kill.orders.iter().filter(|it| is_kept(it)).collect();
    if let Some(last) = kept.iter().map(|it| it.did_after).max() {
        let stops = if kept.len() == 1 { "stop" } else { "stops" };
        steps.push(step("kept", format!("{} {stops} kept", kept.len()), Some(last)));
    }
    if let Some(at) = kill.read_again_after {
        steps.push(step("read-again", "Orders read again".to_owned(), Some(at)));
    }
    steps.sort_by_key(|step| step.at_ms.unwrap_or(u32::MAX));
    let left = kill.orders.iter().filter(|it| !it.is_gone && !is_kept(it)).count();
    let last_gone = kill.orders.iter().filter_map(|it| it.gone_after).max();
    steps.push(if left > 0 {
        step("working", format!("{left} still working"), None)
    } else {
        step("confirmed", "Nothing else works".to_owned(), Some(last_gone.unwrap_or_default()))
    });
    steps
}

fn is_kept(order: &KillOrderStatus) -> bool {
    matches!(order.did, KillOrder::Kept { .. })
}

fn order(order: &KillOrderStatus) -> KillOrderView {
    let progress = match (&order.did, order.is_gone, order.status) {
        (KillOrder::Dropped, _, _) => "dropped",
        (_, true, Some(OrderStatus::Filled)) => "filled",
        (_, true, _) => "cancelled",
        (KillOrder::CancelSent, false, _) => "cancel-sent",
        (KillOrder::Kept { .. }, false, _) => "kept",
        (KillOrder::NoLink, false, _) => "no-link",
    };
    let sentence = match progress {
        "cancelled" => "Cancelled".to_owned(),
        "filled" => "Filled before the cancel came".to_owned(),
        _ => sentence::kill_sentence(&order.did),
    };
    KillOrderView {
        bot: order.order.bot.to_string(),
        order_id: order.order.order_id.get(),
        side: order.intent.as_ref().map_or_else(String::new, |intent| intent.side.to_string()),
        what: order.intent.as_ref().map_or_else(String::new, what),
        progress: progress.to_owned(),
        sentence,
        took_ms: order.gone_after.map(millis),
    }
}

/// Returns quantity, symbol, type and price, such as `20 SPY STP 640`.
fn what(intent: &Intent) -> String {
    format!("{} {} {}", intent.quantity, intent.contract.symbol, words::kind(&intent.kind))
}

fn whole_seconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_secs()).unwrap_or(u32::MAX)
}
