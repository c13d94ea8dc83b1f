//! Names and sentences that appear in more than one place.

use gatehouse_types::{
    Actor, Intent, LimitId, LimitUnit, LimitValue, Measure, Mode, OrderKind, OrderStatus, Outcome,
    Price, Scope, TradingState, Utc,
};

pub(crate) use super::limit_words::{limit_group, limit_sentence, limit_title};

/// Returns an instant as ISO 8601 in UTC with milliseconds.
pub(crate) fn iso(at: Utc) -> String {
    let millis = at.nanos().div_euclid(1_000_000);
    jiff::Timestamp::from_millisecond(millis).map_or_else(
        |_| format!("{millis} ms"),
        |at| at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
    )
}

/// Returns who caused an entry.
pub(crate) fn actor(actor: &Actor) -> String {
    match actor {
        Actor::Bot(name) => name.to_string(),
        Actor::Person => "you".to_owned(),
        Actor::Gatehouse => "gatehouse".to_owned(),
        Actor::Broker => "broker".to_owned(),
    }
}

/// Returns type, prices and time in force, such as `LMT 663.84, DAY`.
pub(crate) fn terms(intent: &Intent) -> String {
    format!("{}, {}", kind(&intent.kind), intent.tif.as_wire())
}

/// Returns type and prices, such as `STP LMT 663.84 / 663.50`.
pub(crate) fn kind(kind: &OrderKind) -> String {
    let prices: Vec<String> = [kind.trigger(), kind.limit()]
        .into_iter()
        .flatten()
        .map(|price| price.to_string())
        .collect();
    if prices.is_empty() {
        kind.name().to_owned()
    } else {
        format!("{} {}", kind.name(), prices.join(" / "))
    }
}

/// Returns the price that a table shows for an order.
pub(crate) fn table_price(kind: &OrderKind) -> Option<Price> {
    kind.limit().or_else(|| kind.trigger())
}

/// Returns the words for where an order is in its life.
pub(crate) const fn status_title(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Recording => "Not sent",
        OrderStatus::Sent | OrderStatus::PendingSubmit => "Sent",
        OrderStatus::PreSubmitted => "Accepted",
        OrderStatus::Submitted => "Working",
        OrderStatus::PendingCancel => "Cancel requested",
        OrderStatus::Inactive => "Held by the broker",
        OrderStatus::Filled => "Filled",
        OrderStatus::Cancelled => "Cancelled",
        OrderStatus::Rejected => "Rejected",
        OrderStatus::Withdrawn => "Never sent",
        OrderStatus::Unknown => "Not known",
    }
}

/// Returns the words for where an order of a known kind is: only a stop waits for a trigger.
pub(crate) fn working_title(status: OrderStatus, kind: &OrderKind) -> &'static str {
    let is_stop = matches!(kind, OrderKind::Stop { .. } | OrderKind::StopLimit { .. });
    if status == OrderStatus::PreSubmitted && is_stop {
        "Waiting for trigger"
    } else {
        status_title(status)
    }
}

/// Returns the stable name of a status.
pub(crate) const fn status_name(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Recording => "recording",
        OrderStatus::Sent => "sent",
        OrderStatus::PendingSubmit => "pending-submit",
        OrderStatus::PreSubmitted => "pre-submitted",
        OrderStatus::Submitted => "submitted",
        OrderStatus::PendingCancel => "pending-cancel",
        OrderStatus::Inactive => "inactive",
        OrderStatus::Filled => "filled",
        OrderStatus::Cancelled => "cancelled",
        OrderStatus::Rejected => "rejected",
        OrderStatus::Withdrawn => "withdrawn",
        OrderStatus::Unknown => "unknown",
    }
}

/// Returns what a state means for orders.
pub(crate) const fn state_sentence(state: TradingState) -> &'static str {
    match state {
        TradingState::Active => "Limits apply, orders flow",
        TradingState::Paused => "No new entries; exits still work",
        TradingState::ReduceOnly => "No new entries, working entries cancelled; exits still work",
        TradingState::Halted => "Refuses all but cancels",
        TradingState::Killed => "Kill switch is on; refuses all but cancels",
    }
}

/// Returns a state as the window names it.
pub(crate) const fn state(state: TradingState) -> gatehouse_ipc::State {
    match state {
        TradingState::Active => gatehouse_ipc::State::Active,
        TradingState::Paused => gatehouse_ipc::State::Paused,
        TradingState::ReduceOnly => gatehouse_ipc::State::ReduceOnly,
        TradingState::Halted => gatehouse_ipc::State::Halted,
        TradingState::Killed => gatehouse_ipc::State::Killed,
    }
}

/// Returns a state of the window as the core names it.
pub(crate) const fn trading_state(state: gatehouse_ipc::State) -> TradingState {
    match state {
        gatehouse_ipc::State::Active => TradingState::Active,
        gatehouse_ipc::State::Paused => TradingState::Paused,
        gatehouse_ipc::State::ReduceOnly => TradingState::ReduceOnly,
        gatehouse_ipc::State::Halted => TradingState::Halted,
        gatehouse_ipc::State::Killed => TradingState::Killed,
    }
}

/// Returns the mode as the window names it.
pub(crate) const fn mode(mode: Mode) -> gatehouse_ipc::Mode {
    match mode {
        Mode::Sim => gatehouse_ipc::Mode::Sim,
        Mode::Paper => gatehouse_ipc::Mode::Paper,
        Mode::Live => gatehouse_ipc::Mode::Live,
    }
}

/// Returns the outcome as the window names it.
pub(crate) const fn outcome(outcome: Outcome) -> gatehouse_ipc::Outcome {
    match outcome {
        Outcome::Allow => gatehouse_ipc::Outcome::Allowed,
        Outcome::Warn => gatehouse_ipc::Outcome::Warned,
        Outcome::Hold => gatehouse_ipc::Outcome::Waiting,
        Outcome::Refuse => gatehouse_ipc::Outcome::Refused,
    }
}

/// Returns a number and its unit.
pub(crate) fn measure(measure: &Measure) -> (String, String) {
    match measure {
        Measure::Units(value) => (value.to_string(), "shares".to_owned()),
        Measure::Money(money) => (money.amount().to_string(), money.currency().to_string()),
        Measure::Percent(value) => (value.to_string(), "%".to_owned()),
        Measure::Seconds(value) => (value.to_string(), "s".to_owned()),
        Measure::Orders(value) => (value.to_string(), "orders".to_owned()),
        Measure::Changes(value) => (value.to_string(), "changes".to_owned()),
        Measure::Price(price) => (price.to_string(), String::new()),
    }
}

/// Returns a scope as a person names it.
pub(crate) fn scope(scope: &Scope) -> String {
    match scope {
        Scope::Account => "Account".to_owned(),
        Scope::Bot(name) => name.to_string(),
        Scope::Symbol(symbol) => symbol.clone(),
    }
}

/// Returns the unit of a limit in the words of the window.
pub(crate) fn limit_unit(id: LimitId, base_currency: &str) -> String {
    match id.unit() {
        LimitUnit::Units => "shares".to_owned(),
        LimitUnit::BaseCurrency => base_currency.to_owned(),
        LimitUnit::Percent
            if id.name().ends_with("share")
                || id.name().ends_with("exposure")
                || id.name().ends_with("loss") =>
        {
            "% of account".to_owned()
        }
        LimitUnit::Percent => "%".to_owned(),
        LimitUnit::Seconds => "s".to_owned(),
        LimitUnit::Orders => "orders".to_owned(),
        LimitUnit::Changes => "changes".to_owned(),
        LimitUnit::Switch | LimitUnit::AllowList | LimitUnit::RefuseList => String::new(),
        LimitUnit::PricePerUnit => format!("{base_currency} a share"),
    }
}

/// Returns how the value of a limit is written.
pub(crate) fn limit_form(id: LimitId) -> gatehouse_ipc::LimitForm {
    match id.unit() {
        LimitUnit::Switch => gatehouse_ipc::LimitForm::Switch,
        LimitUnit::AllowList => gatehouse_ipc::LimitForm::AllowList,
        LimitUnit::RefuseList => gatehouse_ipc::LimitForm::RefuseList,
        LimitUnit::Units
        | LimitUnit::BaseCurrency
        | LimitUnit::Percent
        | LimitUnit::Seconds
        | LimitUnit::Orders
        | LimitUnit::Changes
        | LimitUnit::PricePerUnit => gatehouse_ipc::LimitForm::Number,
    }
}

/// Returns the stable name of an outcome.
pub(crate) const fn outcome_name(outcome: gatehouse_ipc::Outcome) -> &'static str {
    match outcome {
        gatehouse_ipc::Outcome::Allowed => "allowed",
        gatehouse_ipc::Outcome::Warned => "warned",
        gatehouse_ipc::Outcome::Waiting => "waiting",
        gatehouse_ipc::Outcome::Refused => "refused",
    }
}

/// Returns what happens when a limit is reached.
pub(crate) fn when_reached(id: LimitId) -> &'static str {
    if id == LimitId::PriceCollarWarn { "Warn only" } else { "Refuse" }
}

/// Returns a value of a limit for a sentence.
pub(crate) fn limit_value(value: Option<Option<&LimitValue>>) -> String {
    match value {
        None => "inherited".to_owned(),
        Some(None) => "off".to_owned(),
        Some(Some(value)) => value.to_string(),
    }
}

/// Makes a sentence of a clause.
pub(crate) fn sentence(clause: &str) -> String {
    let mut chars = clause.chars();
    let Some(first) = chars.next() else { return String::new() };
    let end = if clause.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), chars.as_str())
}
