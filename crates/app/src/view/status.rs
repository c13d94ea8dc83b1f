//! The state of everything, from the engine's picture of it.

use std::time::Duration;

use std::collections::BTreeMap;
use std::sync::Arc;

use gatehouse_engine::{BotStatus, Status, WorkingStatus};
use gatehouse_ipc::{
    BotView, Connection, DayFigures, Headroom, HistoryView, HistoryWaitReason, Light, LightState,
    Session, WorkingRow,
};
use gatehouse_proxy::{Checks, Durations};
use gatehouse_types::{BotName, Decimal, LimitId, Measure, Money, Now, OrderStatus, Utc};

use super::connect::connect_lines;
use super::positions::{self, Prices};
use super::{kill, session, words};
use crate::market::DayPnl;

/// What the engine does not know.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outside {
    /// The last entry of the last verification that found nothing.
    pub(crate) verified_to: u64,
    pub(crate) verified_at: Option<Utc>,
    /// Why the ledger was opened read-only.
    pub(crate) ledger_trouble: Option<String>,
    /// Age of the youngest quote.
    pub(crate) quote_age: Option<Duration>,
    pub(crate) prices: Prices,
    pub(crate) day: DayPnl,
    pub(crate) clock_offset_ms: Option<i32>,
    /// Of all judgements, and of each bot's.
    pub(crate) checks: (Durations, BTreeMap<BotName, Durations>),
    pub(crate) took: Option<Arc<Checks>>,
    /// Messages to the Gateway in the last second, and the most that are sent.
    pub(crate) messages: Option<(usize, usize)>,
    /// What is fetched of past bars.
    pub(crate) history: HistoryView,
    /// Programs by the address of their connection.
    pub(crate) processes: BTreeMap<String, String>,
}

/// Returns the state as the window sees it.
pub(crate) fn status(status: &Status, now: Now, outside: &Outside) -> gatehouse_ipc::Status {
    let base_currency = status.net_liquidation.map(|known| known.value.currency().to_string());
    gatehouse_ipc::Status {
        mode: status.mode.map(words::mode),
        account: status.account.as_ref().map(ToString::to_string),
        account_state: words::state(status.account_state),
        connection: Connection {
            is_ready: status.connection.is_ready,
            state: status.connection.state.to_owned(),
            address: status.connection.address.clone(),
        },
        lights: lights(status, outside),
        net_liquidation: status.net_liquidation.map(|known| known.value.amount().to_string()),
        base_currency,
        day_pnl: figure(status.day),
        day_pnl_percent: day_percent(status),
        gross_exposure_percent: positions::gross_percent(status, &outside.prices)
            .map(|percent| percent.to_string()),
        gross_exposure_limit_percent: status
            .policy
            .effective(&BotName::desk(), "", LimitId::GrossExposure)
            .map(|limit| limit.value.to_string()),
        today: DayFigures {
            pnl: figure(status.day),
            realised: outside.day.realised.map(money),
            open: outside.day.open.map(money),
            fees: fees(status),
        },
        bots: status
            .bots
            .iter()
            .filter(|bot| bot.config.name.as_str() != "desk")
            .map(|it| bot(it, outside))
            .collect(),
        working: status.working.iter().map(|order| working(order, status, now, outside)).collect(),
        positions: positions::rows(status, &outside.prices),
        kill: status.kill.as_ref().map(|it| kill::view(it, status, &outside.prices)),
        session: session(status, now, outside),
        n_unknown: u32::try_from(status.n_unknown).unwrap_or(u32::MAX),
    }
}

fn session(status: &Status, now: Now, outside: &Outside) -> Session {
    Session {
        version: status.version.clone(),
        market_time: status.market.or(now.market).map(words::iso),
        verified_to: outside.verified_to,
        verified_at: outside.verified_at.map(words::iso),
        ledger_writable: status.ledger.trouble.is_none() && outside.ledger_trouble.is_none(),
        ledger_trouble: outside.ledger_trouble.clone().or_else(|| status.ledger.trouble.clone()),
        n_checks: outside.checks.0.n(),
        check_p50_us: outside.checks.0.within_us(50),
        check_p99_us: outside.checks.0.within_us(99),
        messages_per_s: outside.messages.map(|(n, _)| u32::try_from(n).unwrap_or(u32::MAX)),
        messages_limit: outside.messages.map(|(_, most)| u32::try_from(most).unwrap_or(u32::MAX)),
        clock_offset_ms: outside.clock_offset_ms,
        market_phase: status.market.or(now.market).and_then(session::phase),
    }
}

fn lights(status: &Status, outside: &Outside) -> Vec<Light> {
    let light = |name: &str, state, value: String| Light { name: name.to_owned(), state, value };
    let gateway = if status.connection.is_ready { LightState::Good } else { LightState::Down };
    let data = match outside.quote_age {
        None => light("Market data", LightState::Off, "No line open".to_owned()),
        Some(age) if age <= Duration::from_secs(5) => {
            light("Market data", LightState::Good, format!("Live, {:.1} s", age.as_secs_f32()))
        }
        Some(age) => light("Market data", LightState::Degraded, format!("{} s old", age.as_secs())),
    };
    let (state, value) = history(&outside.history, status.connection.is_ready);
    let mut lights = vec![
        light("Gateway", gateway, status.connection.state.to_owned()),
        data,
        light("History", state, value),
    ];
    // The status bar says how far it is verified; a light is for what stops every order.
    if outside.ledger_trouble.is_some() || status.ledger.trouble.is_some() {
        lights.push(light("Ledger", LightState::Down, "Cannot be written".to_owned()));
    }
    lights
}

/// Returns how the fetching of past bars is. Of the budget, Gatehouse leaves a part to bots: when the
/// rest of it is used, what is missing comes slowly.
fn history(view: &HistoryView, is_connected: bool) -> (LightState, String) {
    let is_too_often =
        view.wait.as_ref().is_some_and(|it| it.reason == HistoryWaitReason::AskedTooOften);
    let used = format!("{} of {} used", view.n_used, view.n_allowed);
    if view.trouble.is_some() {
        (LightState::Degraded, "Cannot be kept".to_owned())
    } else if !is_connected {
        (LightState::Off, "Not connected".to_owned())
    } else if is_too_often {
        (LightState::Degraded, "Asked too often".to_owned())
    } else if view.n_used >= view.n_allowed.saturating_sub(view.n_left_to_bots) {
        (LightState::Degraded, used)
    } else {
        (LightState::Good, used)
    }
}

fn money(value: Decimal) -> String {
    value.round_dp(2).to_string()
}

/// Returns an amount, when it can be told.
fn figure(figure: gatehouse_engine::Figure) -> Option<String> {
    figure.ok().map(|known| money(known.amount()))
}

/// Returns what all bots, the desk among them, paid to the broker today.
fn fees(status: &Status) -> Option<String> {
    let sum = status
        .bots
        .iter()
        .try_fold(Decimal::ZERO, |sum, bot| sum.checked_add(bot.fees.ok()?.amount()));
    sum.map(money)
}

/// Returns the day's result as a share of what the account was worth before it.
fn day_percent(status: &Status) -> Option<String> {
    let daily = status.day.ok()?.amount();
    let before = status.net_liquidation?.value.amount().checked_sub(daily)?;
    let percent = daily.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(before)?;
    Some(money(percent))
}

fn bot(bot: &BotStatus, outside: &Outside) -> BotView {
    let checks = outside.checks.1.get(&bot.config.name);
    let sentence = words::state_sentence(bot.state);
    let state_sentence =
        if bot.why.is_empty() { sentence.to_owned() } else { format!("{sentence} ({})", bot.why) };
    BotView {
        name: bot.config.name.to_string(),
        port: bot.config.port,
        client_id: bot.config.client_id.get(),
        state: words::state(bot.state),
        state_sentence,
        is_connected: bot.is_connected,
        server_version: bot.server_version,
        seen_ms_ago: bot.seen_ago.map(|ago| u64::try_from(ago.as_millis()).unwrap_or(u64::MAX)),
        orders_today: bot.today.orders,
        refused_today: bot.today.refused,
        fills_today: bot.today.fills,
        positions: bot
            .positions
            .iter()
            .filter(|position| !position.held.size().is_zero())
            .map(|position| (positions::symbol(position), position.held.to_string()))
            .collect(),
        headroom: bot.headroom.iter().map(headroom).collect(),
        connect_lines: connect_lines(bot.config.port, bot.config.client_id.get()),
        today: DayFigures {
            pnl: figure(bot.result.total),
            realised: figure(bot.result.realised),
            open: figure(bot.result.open),
            fees: figure(bot.fees),
        },
        peer: bot.peer.clone(),
        peer_process: bot.peer.as_ref().and_then(|peer| outside.processes.get(peer)).cloned(),
        check_p50_us: checks.and_then(|it| it.within_us(50)),
        check_p99_us: checks.and_then(|it| it.within_us(99)),
    }
}

fn headroom(headroom: &gatehouse_engine::Headroom) -> Headroom {
    let (measured, unit) = words::measure(&rounded(&headroom.measured));
    let (limit, _) = words::measure(&rounded(&headroom.allowed));
    let title = words::limit_title(headroom.limit);
    Headroom {
        title: if headroom.subject.is_empty() {
            title.to_owned()
        } else {
            format!("{} {}", headroom.subject, title.to_lowercase())
        },
        rule: headroom.limit.control().to_string(),
        measured,
        limit,
        unit,
        percent: headroom.percent,
    }
}

/// Returns money in whole units: how near a limit is needs no more.
fn rounded(measure: &Measure) -> Measure {
    match measure {
        Measure::Money(money) => {
            Measure::Money(Money::new(money.amount().round_dp(0), money.currency()))
        }
        Measure::Units(_)
        | Measure::Percent(_)
        | Measure::Seconds(_)
        | Measure::Orders(_)
        | Measure::Changes(_)
        | Measure::Price(_) => measure.clone(),
    }
}

fn working(order: &WorkingStatus, status: &Status, now: Now, outside: &Outside) -> WorkingRow {
    let held = status.positions.iter().find(|it| it.con_id == order.con_id).map(|it| it.held);
    let is_protecting = held.is_some_and(|held| positions::protects(order, held));
    let left = order.quantity.saturating_sub(order.filled);
    let age = order.at.map(|at| now.utc.nanos().saturating_sub(at.utc.nanos()) / 1_000_000_000);
    let is_partial = !order.filled.is_zero() && order.status == OrderStatus::Submitted;
    let title = words::working_title(order.status, &order.kind);
    WorkingRow {
        bot: order.order.as_ref().map(|order| order.bot.to_string()),
        order_id: order.order.as_ref().map_or(0, |order| order.order_id.get()),
        entry: order.entry.map(|entry| entry.get()),
        time: order.at.map(|at| words::iso(at.market.unwrap_or(at.utc))).unwrap_or_default(),
        side: order.side.to_string(),
        quantity: order.quantity.to_string(),
        filled: order.filled.to_string(),
        symbol: order.symbol.clone(),
        kind: order.kind.name().to_owned(),
        price: words::table_price(&order.kind).map(|price| price.to_string()),
        tif: order.tif.as_ref().map_or_else(String::new, |tif| tif.as_wire().to_owned()),
        status: words::status_name(order.status).to_owned(),
        status_title: if is_partial {
            format!("{title}, {} of {}", order.filled, order.quantity)
        } else {
            title.to_owned()
        },
        outcome: gatehouse_ipc::Outcome::Allowed,
        trigger: order.kind.trigger().map(|price| price.to_string()),
        limit: order.kind.limit().map(|price| price.to_string()),
        age_s: age.map(|age| u32::try_from(age).unwrap_or(0)),
        check_us: order.entry.and_then(|entry| outside.took.as_ref()?.of(entry)),
        reason: order.order.is_none().then(|| "Not sent by a bot of Gatehouse".to_owned()),
        protects: is_protecting.then(|| format!("{left} {}", order.symbol)),
        is_own: order.order.as_ref().is_some_and(|order| order.bot == BotName::desk()),
    }
}
