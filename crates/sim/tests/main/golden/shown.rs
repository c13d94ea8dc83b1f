//! What a client hears, in words: the message's name, and the fields that scripts speak of.

use std::fmt;

use gatehouse_tws::answer::{
    AccountDataEnd, AnswerId, CompletedOrder, ContractData, ErrorReport, ExecutionReport,
    HistoricalData, MarketDataType, NextValidId, Observation, OpenOrder, OrderStatusReport,
    PortfolioValue, Position, TickPrice, observe,
};
use gatehouse_tws::{Head, ServerVersion};

/// A message in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) name: String,
    words: Vec<String>,
    pub(super) text: String,
}

impl Shown {
    pub(super) fn new(name: &str, words: &[&str], text: &str) -> Self {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Self { name: name.to_owned(), words, text: text.to_owned() }
    }

    /// Whether a word is among those of the message; `key=a/b` is either.
    pub(super) fn has(&self, wanted: &str) -> bool {
        let Some((key, values)) = wanted.split_once('=') else {
            return self.words.iter().any(|word| word == wanted);
        };
        values
            .split('/')
            .any(|value| self.words.iter().any(|word| *word == format!("{key}={value}")))
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} | {}", self.name, self.words.join(" "), self.text)
    }
}

/// Puts a body into words. Every message that scripts speak of is read to its last field.
pub(super) fn show(version: ServerVersion, body: &[u8]) -> Shown {
    match observe(version, body).expect("is understood") {
        Some(observation) => observed(observation),
        None => other(version, body),
    }
}

fn shown(name: &str, words: Vec<String>, text: &str) -> Shown {
    Shown { name: name.to_owned(), words, text: text.to_owned() }
}

fn observed(observation: Observation) -> Shown {
    match observation {
        Observation::OpenOrder(open) => open_order(&open),
        Observation::OrderStatus(report) => order_status(&report),
        Observation::OpenOrderEnd => shown("openOrderEnd", Vec::new(), ""),
        Observation::Execution(report) => execution(&report),
        Observation::ExecutionEnd(end) => shown("execDetailsEnd", vec![end.req_id.to_string()], ""),
        Observation::Commission(report) => {
            let mut words = vec![format!("currency={}", report.commission.currency())];
            words.extend(report.realised.map(|_| "realised".to_owned()));
            shown("commissionReport", words, "")
        }
        Observation::Error(report) => error(&report),
        Observation::NextValidId(NextValidId { order_id }) => {
            shown("nextValidId", vec![order_id.to_string()], "")
        }
        Observation::ManagedAccounts(managed) => {
            let accounts = managed.accounts.iter().map(ToString::to_string).collect();
            shown("managedAccounts", accounts, "")
        }
    }
}

fn open_order(open: &OpenOrder) -> Shown {
    let (order, state) = (&open.order, &open.state);
    let mut words = vec![
        open.order_id.to_string(),
        format!("status={}", state.status.map(|it| it.to_string()).unwrap_or_default()),
        order.action.clone(),
        order.total_quantity.normalize().to_string(),
        format!("type={}", order.order_type),
        format!("tif={}", order.tif),
        format!("oca-type={}", order.oca_type.unwrap_or(0)),
    ];
    let prices = [("lmt", order.lmt_price), ("aux", order.aux_price)];
    let named = |(name, price): (&str, Option<gatehouse_types::Decimal>)| {
        price.map(|price| format!("{name}={}", price.normalize()))
    };
    words.extend(prices.into_iter().filter_map(named));
    words.extend(order.perm_id.filter(|id| *id > 0).map(|_| "perm".to_owned()));
    words.extend(order.parent_id.filter(|id| *id > 0).map(|id| format!("parent={id}")));
    if !order.oca_group.is_empty() {
        words.push("oca".to_owned());
    }
    let margins = [state.init_margin_before, state.init_margin_change, state.init_margin_after];
    if margins.iter().all(Option::is_some) {
        words.push("margins".to_owned());
    }
    if state.commission.or(state.min_commission).is_some() {
        words.push("commission".to_owned());
    }
    shown("openOrder", words, &state.warning_text)
}

fn order_status(report: &OrderStatusReport) -> Shown {
    let filled = report.filled.value().normalize();
    let mut words = vec![
        report.order_id.to_string(),
        format!("status={}", report.status),
        format!("filled={filled}"),
        format!("remaining={}", report.remaining.value().normalize()),
        format!("parent={}", report.parent_id),
        format!("held={}", report.why_held),
    ];
    let is_priced = report.average_price.is_some_and(|price| !price.value().is_zero());
    words.push(if is_priced { "priced" } else { "unpriced" }.to_owned());
    if report.perm_id.get() > 0 {
        words.push("perm".to_owned());
    }
    shown("orderStatus", words, "")
}

fn execution(report: &ExecutionReport) -> Shown {
    let execution = &report.execution;
    let words = vec![
        format!("req={}", report.req_id),
        execution.order_id.to_string(),
        format!("side={}", execution.side),
        format!("shares={}", execution.shares.value().normalize()),
        format!("total={}", execution.cumulative.value().normalize()),
    ];
    shown("execDetails", words, &execution.time)
}

fn error(report: &ErrorReport) -> Shown {
    shown("error", vec![report.id.to_string(), report.code.to_string()], &report.text)
}

fn other(version: ServerVersion, body: &[u8]) -> Shown {
    let head = Head::split(version, body).expect("has a head");
    let id = AnswerId::from_wire(head.id).expect("is known");
    let read = "is understood to its last field";
    if id == AnswerId::TickPrice {
        let tick = TickPrice::decode(version, body).expect(read);
        return shown(
            "tickPrice",
            vec![tick.req_id.to_string(), tick.tick_type.get().to_string()],
            "",
        );
    } else if id == AnswerId::MarketDataType {
        let told = MarketDataType::decode(version, body).expect(read);
        let words = vec![told.req_id.to_string(), told.market_data_type.to_string()];
        return shown("marketDataType", words, "");
    } else if id == AnswerId::CompletedOrder {
        let done = CompletedOrder::decode(version, body).expect(read);
        let status = done.state.status.map(|it| it.to_string()).unwrap_or_default();
        let words = vec![format!("status={status}"), format!("type={}", done.order.order_type)];
        return shown("completedOrder", words, &done.state.completed_status);
    } else if id == AnswerId::ContractData {
        let found = ContractData::decode(version, body).expect(read);
        return shown("contractDetails", vec![found.contract.symbol], "");
    } else if id == AnswerId::HistoricalData {
        let history = HistoricalData::decode(version, body).expect(read);
        let words = vec![history.req_id.to_string(), format!("bars={}", history.bars.len())];
        return shown("historicalData", words, "");
    } else if id == AnswerId::PortfolioValue {
        let held = PortfolioValue::decode(version, body).expect(read);
        let words = vec![held.contract.symbol, held.position.normalize().to_string()];
        return shown("updatePortfolio", words, "");
    } else if id == AnswerId::Position {
        let held = Position::decode(version, body).expect(read);
        let words = vec![held.contract.symbol, held.position.normalize().to_string()];
        return shown("position", words, "");
    } else if id == AnswerId::AccountDataEnd {
        let end = AccountDataEnd::decode(version, body).expect(read);
        return shown("accountDownloadEnd", vec![end.account], "");
    }
    shown(&format!("{id:?}"), Vec::new(), "")
}
