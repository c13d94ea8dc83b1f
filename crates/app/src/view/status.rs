//! The state of everything, from the engine's picture of it.

use std::time::Duration;

use gatehouse_engine::{
    BotStatus, KillOrderStatus, KillStatus, PositionStatus, Status, WorkingStatus,
};
use gatehouse_ipc::{
    BotView, Connection, Headroom, KillOrderView, KillView, Light, LightState, Session, WorkingRow,
};
use gatehouse_types::{Intent, KillOrder, Measure, Money, Now, OrderStatus};

use super::{sentence, words};

/// What the engine does not know.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outside {
    /// The last entry of the last verification that found nothing.
    pub(crate) verified_to: u64,
    /// Why the ledger was opened read-only.
    pub(crate) ledger_trouble: Option<String>,
    /// Age of the youngest quote.
    pub(crate) quote_age: Option<Duration>,
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
        day_pnl: None,
        gross_exposure_percent: None,
        bots: status
            .bots
            .iter()
            .filter(|bot| bot.config.name.as_str() != "desk")
            .map(bot)
            .collect(),
        working: status.working.iter().map(working).collect(),
        positions: status.positions.iter().map(position).collect(),
        kill: status.kill.as_ref().map(kill),
        session: session(status, now, outside),
        n_unknown: u32::try_from(status.n_unknown).unwrap_or(u32::MAX),
    }
}

fn session(status: &Status, now: Now, outside: &Outside) -> Session {
    Session {
        version: status.version.clone(),
        market_time: status.market.or(now.market).map(words::iso),
        verified_to: outside.verified_to,
        ledger_writable: status.ledger.trouble.is_none() && outside.ledger_trouble.is_none(),
        ledger_trouble: outside.ledger_trouble.clone().or_else(|| status.ledger.trouble.clone()),
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
    let ledger = match outside.ledger_trouble.as_ref().or(status.ledger.trouble.as_ref()) {
        None => light("Ledger", LightState::Good, format!("{} entries", status.ledger.committed)),
        Some(_) => light("Ledger", LightState::Down, "Cannot be written".to_owned()),
    };
    vec![light("Gateway", gateway, status.connection.state.to_owned()), data, ledger]
}

fn bot(bot: &BotStatus) -> BotView {
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
            .map(|position| (symbol(position), position.held.to_string()))
            .collect(),
        headroom: bot.headroom.iter().map(headroom).collect(),
        connect_lines: connect_lines(bot.config.port, bot.config.client_id.get()),
    }
}

/// Returns the lines that point a bot at its port, by client family.
fn connect_lines(port: u16, client_id: i32) -> Vec<(String, String)> {
    let line = |family: &str, line: String| (family.to_owned(), line);
    vec![
        line(
            "Python, ib_async",
            format!("ib.connect(\"127.0.0.1\", {port}, clientId={client_id})"),
        ),
        line("Rust, ibapi", format!("Client::connect(\"127.0.0.1:{port}\", {client_id}).await?")),
    ]
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
        | Measure::Price(_) => measure.clone(),
    }
}

fn symbol(position: &PositionStatus) -> String {
    if position.symbol.is_empty() { position.con_id.to_string() } else { position.symbol.clone() }
}

fn position(position: &PositionStatus) -> (String, String, Option<String>, Option<String>) {
    (symbol(position), position.held.to_string(), None, None)
}

fn working(order: &WorkingStatus) -> WorkingRow {
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
    }
}

fn kill(kill: &KillStatus) -> KillView {
    let count = |wanted: fn(&KillOrderStatus) -> bool| {
        u32::try_from(kill.orders.iter().filter(|order| wanted(order)).count()).unwrap_or(u32::MAX)
    };
    KillView {
        since: words::iso(kill.since.market.unwrap_or(kill.since.utc)),
        reason: kill.reason.clone(),
        seconds_ago: whole_seconds(kill.age),
        release_in_s: whole_seconds(kill.release_in + Duration::from_millis(999)),
        orders: kill.orders.iter().map(kill_order).collect(),
        n_gone: count(|order| order.is_gone),
        n_working: count(|order| !order.is_gone && !is_kept(order)),
        n_kept: count(|order| !order.is_gone && is_kept(order)),
        unprotected: kill
            .unprotected
            .iter()
            .map(|position| format!("{} {}", symbol(position), position.held))
            .collect(),
    }
}

fn is_kept(order: &KillOrderStatus) -> bool {
    matches!(order.did, KillOrder::Kept { .. })
}

fn kill_order(order: &KillOrderStatus) -> KillOrderView {
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
        what: order.intent.as_ref().map_or_else(String::new, kill_what),
        progress: progress.to_owned(),
        sentence,
        took_ms: order.gone_after.map(|after| u32::try_from(after.as_millis()).unwrap_or(u32::MAX)),
    }
}

/// Returns quantity, symbol, type and price, such as `20 SPY STP 640`.
fn kill_what(intent: &Intent) -> String {
    format!("{} {} {}", intent.quantity, intent.contract.symbol, words::kind(&intent.kind))
}

fn whole_seconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_secs()).unwrap_or(u32::MAX)
}
