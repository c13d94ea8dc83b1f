//! Which entries a reader asks for.

use gatehouse_types::{BotName, EntryKind, EntrySeq, OrderRef, Outcome, Utc};
use sqlx::{QueryBuilder, Sqlite};

/// Entries that pass every given condition; `Filter::default()` passes all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Later in the chain than this one.
    pub after: Option<EntrySeq>,
    /// Earlier in the chain than this one.
    pub before: Option<EntrySeq>,
    pub span: Option<Span>,
    /// Names of kinds, see [`kind_name`]; empty means any.
    pub kinds: Vec<String>,
    pub bot: Option<BotName>,
    pub order: Option<OrderRef>,
    pub symbol: Option<String>,
    /// Judged so, or turned away unjudged.
    pub outcome: Option<Outcome>,
}

/// A time span, its end excluded: one day of one of the two calendars, usually.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub calendar: Calendar,
    pub from: Utc,
    pub to: Utc,
}

/// Which of an entry's two times is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calendar {
    /// The machine's.
    Machine,
    /// The Gateway's; entries made before it was known are in no span of it.
    Market,
}

impl Calendar {
    pub(crate) fn column(self) -> &'static str {
        match self {
            Self::Machine => "utc_ns",
            Self::Market => "market_ns",
        }
    }
}

/// Direction of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    NewestFirst,
    OldestFirst,
}

/// How many entries, from which end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    pub order: Order,
    pub limit: u32,
}

impl Order {
    pub(crate) fn sql(self) -> &'static str {
        match self {
            Self::NewestFirst => " ORDER BY seq DESC",
            Self::OldestFirst => " ORDER BY seq",
        }
    }
}

impl Filter {
    pub(crate) fn push_to(&self, query: &mut QueryBuilder<Sqlite>) {
        query.push(" WHERE true");
        let place = |seq: EntrySeq| i64::try_from(seq.get()).unwrap_or(i64::MAX);
        if let Some(after) = self.after {
            query.push(" AND seq > ").push_bind(place(after));
        }
        if let Some(before) = self.before {
            query.push(" AND seq < ").push_bind(place(before));
        }
        if let Some(Span { calendar, from, to }) = self.span {
            let column = calendar.column();
            query.push(format_args!(" AND {column} >= ")).push_bind(from.nanos());
            query.push(format_args!(" AND {column} < ")).push_bind(to.nanos());
        }
        if let Some((first, others)) = self.kinds.split_first() {
            query.push(" AND kind IN (").push_bind(first.clone());
            for kind in others {
                query.push(", ").push_bind(kind.clone());
            }
            query.push(")");
        }
        if let Some(bot) = &self.bot {
            query.push(" AND bot = ").push_bind(bot.to_string());
        }
        if let Some(order) = &self.order {
            query.push(" AND bot = ").push_bind(order.bot.to_string());
            query.push(" AND order_id = ").push_bind(order.order_id.get());
        }
        if let Some(symbol) = &self.symbol {
            query.push(" AND symbol = ").push_bind(symbol.clone());
        }
        if let Some(outcome) = self.outcome {
            query.push(" AND outcome = ").push_bind(outcome_name(outcome));
        }
    }
}

/// Returns the word for an outcome in the ledger.
#[must_use]
pub fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allow => "allow",
        Outcome::Warn => "warn",
        Outcome::Hold => "hold",
        Outcome::Refuse => "refuse",
    }
}

/// Returns the word for a kind in the ledger.
#[must_use]
pub fn kind_name(kind: &EntryKind) -> &'static str {
    match kind {
        EntryKind::Started { .. } => "started",
        EntryKind::Stopped => "stopped",
        EntryKind::BotRegistered { .. } => "bot-registered",
        EntryKind::BotRemoved { .. } => "bot-removed",
        EntryKind::BotConnected { .. } => "bot-connected",
        EntryKind::BotDisconnected { .. } => "bot-disconnected",
        EntryKind::DoorRefused { .. } => "door-refused",
        EntryKind::GatewayConnected { .. } => "gateway-connected",
        EntryKind::GatewayLost { .. } => "gateway-lost",
        EntryKind::SessionMoved { .. } => "session-moved",
        EntryKind::AlarmRaised { .. } => "alarm-raised",
        EntryKind::AlarmEnded { .. } => "alarm-ended",
        EntryKind::AlarmAcknowledged { .. } => "alarm-acknowledged",
        EntryKind::Reconciled { .. } => "reconciled",
        EntryKind::Judged { .. } => "judged",
        EntryKind::NotJudged { .. } => "not-judged",
        EntryKind::RefusalsCounted { .. } => "refusals-counted",
        EntryKind::Withdrawn { .. } => "withdrawn",
        EntryKind::FateUnknown { .. } => "fate-unknown",
        EntryKind::CancelSent { .. } => "cancel-sent",
        EntryKind::OrderUpdate { .. } => "order-update",
        EntryKind::CancelAsked { .. } => "cancel-asked",
        EntryKind::TermsSeen { .. } => "terms-seen",
        EntryKind::BrokerMessage { .. } => "broker-message",
        EntryKind::ForeignOrder { .. } => "foreign-order",
        EntryKind::Filled { .. } => "filled",
        EntryKind::Commission { .. } => "commission",
        EntryKind::OrderIdMark { .. } => "order-id-mark",
        EntryKind::StateChanged { .. } => "state-changed",
        EntryKind::LimitChanged { .. } => "limit-changed",
        EntryKind::LimitScheduled { .. } => "limit-scheduled",
        EntryKind::LimitDiscarded { .. } => "limit-discarded",
        EntryKind::SettingChanged { .. } => "setting-changed",
        EntryKind::KillEngaged { .. } => "kill-engaged",
        EntryKind::KillOrder { .. } => "kill-order",
        EntryKind::KillReleased => "kill-released",
        EntryKind::FlattenAsked { .. } => "flatten-asked",
        EntryKind::Verified { .. } => "verified",
    }
}
