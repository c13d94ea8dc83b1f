//! What the Gateway says about orders on a bot's link. It comes late, twice and out of order;
//! entries are written only when something changed.

use gatehouse_tws::answer::{
    CommissionReport, ErrorReport, ExecutionReport, Observation, OpenOrder, OrderStatusReport,
};
use gatehouse_types::{
    Actor, BotName, ClientId, Currency, EntryKind, EntrySeq, Execution, Family, OrderId, OrderKind,
    OrderRef, OrderStatus, PermId, Price, Qty, Side,
};

use crate::book::{Order, Report};
use crate::transition::{Meaning, meaning, next};
use crate::{Effect, Engine};

/// What one message, or one line of a snapshot, says of an order.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) status: Option<OrderStatus>,
    pub(crate) filled: Option<Qty>,
    pub(crate) remaining: Option<Qty>,
    pub(crate) average_price: Option<Price>,
    pub(crate) perm_id: Option<PermId>,
    /// Quantity and kind as the broker holds them.
    pub(crate) terms: Option<(Qty, OrderKind)>,
}

/// An order that stands at the broker under a bot's client id.
#[derive(Debug, Clone)]
pub(crate) struct Stranger {
    pub(crate) order: OrderRef,
    pub(crate) perm_id: PermId,
    pub(crate) description: String,
}

fn known_perm(perm_id: i64) -> Option<PermId> {
    (perm_id != 0).then(|| PermId::new(perm_id))
}

fn report_after(order: &Order, word: &Word, status: OrderStatus) -> Report {
    let held = order.report;
    let old_filled = held.map_or(Qty::ZERO, |held| held.filled);
    // A late word never takes fills back; corrections come as executions.
    let filled = word.filled.unwrap_or(old_filled).max(old_filled);
    let total = word.terms.as_ref().map_or(order.intent.quantity, |(total, _)| *total);
    let is_late = word.filled.is_some_and(|filled| filled < old_filled);
    let remaining = match (word.remaining, held) {
        (Some(remaining), _) if !is_late => remaining,
        (Some(_), Some(held)) => held.remaining,
        (Some(_) | None, _) => total.saturating_sub(filled),
    };
    let average_price = if is_late { None } else { word.average_price };
    Report {
        status,
        filled,
        remaining,
        average_price: average_price.or(held.and_then(|held| held.average_price)),
        perm_id: word.perm_id.or(held.and_then(|held| held.perm_id)),
    }
}

impl Engine {
    pub(crate) fn observed(&mut self, bot: &BotName, observation: Observation) {
        if let Observation::ManagedAccounts(told) = &observation {
            let ours = self.session.account();
            let is_other = ours.is_some_and(|ours| !told.accounts.contains(ours));
            if let Some(of_bot) = self.bots.get_mut(bot) {
                of_bot.is_other_account = is_other;
                of_bot.accounts.clone_from(&told.accounts);
            }
        }
        if self.bots.get(bot).is_some_and(|of_bot| of_bot.is_other_account) {
            // Another account has orders of the same client and ids.
            return;
        }
        match observation {
            Observation::OrderStatus(report) => self.heard_status(bot, &report),
            Observation::OpenOrder(open) => self.heard_open(bot, &open),
            Observation::Execution(report) => self.heard_execution(*report),
            Observation::Commission(report) => self.heard_commission(report),
            Observation::Error(report) => self.heard_error(bot, report),
            Observation::OpenOrderEnd
            | Observation::ExecutionEnd(_)
            | Observation::NextValidId(_)
            | Observation::ManagedAccounts(_) => {}
        }
    }

    /// A bot may ask for the orders of all clients: only its own are its book's.
    fn is_own(&self, bot: &BotName, client_id: ClientId) -> bool {
        self.bots.get(bot).is_some_and(|bot| bot.config.client_id == client_id)
    }

    fn heard_status(&mut self, bot: &BotName, report: &OrderStatusReport) {
        if !self.is_own(bot, report.client_id) {
            return;
        }
        let order = Self::order_ref(bot, report.order_id);
        let is_filled = !report.filled.is_zero();
        let word = Word {
            status: Some(OrderStatus::from(report.status)),
            filled: Some(report.filled),
            remaining: Some(report.remaining),
            average_price: report.average_price.filter(|_| is_filled),
            perm_id: known_perm(report.perm_id.get()),
            terms: None,
        };
        match self.book.find(&order).map(|order| order.entry) {
            Some(entry) if self.is_other_order(entry, report.perm_id) => {
                self.contradicted(bot.clone(), format!("order {order} has two permanent ids"));
            }
            Some(entry) => self.hear(entry, &word),
            None if OrderStatus::from(report.status).is_finished() => {}
            None => self.meet_stranger(Stranger {
                description: format!("order {order}, not sent through Gatehouse"),
                order,
                perm_id: report.perm_id,
            }),
        }
    }

    fn heard_open(&mut self, bot: &BotName, open: &OpenOrder) {
        // The Gateway says the client in the order; a what-if rests nowhere.
        let client_id = open.order.client_id.map(ClientId::new);
        if open.order.what_if || client_id.is_some_and(|id| !self.is_own(bot, id)) {
            return;
        }
        let order = Self::order_ref(bot, open.order_id);
        let perm_id = open.order.perm_id.unwrap_or(0);
        let Ok(total) = Qty::try_new(open.order.total_quantity) else { return };
        let told = open.state.status.map(OrderStatus::from);
        let word = Word {
            // An openOrder knows no quantities: an end without them would contradict the fills.
            status: told.filter(|status| !status.is_finished()),
            filled: None,
            remaining: None,
            average_price: None,
            perm_id: known_perm(perm_id),
            terms: Some((total, open.order.kind())),
        };
        let is_finished = told.is_some_and(OrderStatus::is_finished);
        match self.book.find(&order).map(|order| order.entry) {
            Some(entry) if self.is_other_order(entry, PermId::new(perm_id)) => {
                self.contradicted(bot.clone(), format!("order {order} has two permanent ids"));
            }
            Some(entry) => {
                let Family { oca_group, oca_type, .. } = open.order.family();
                self.book.update(entry, |order| order.given = Some((oca_group, oca_type)));
                self.hear(entry, &word);
            }
            None if is_finished || client_id.is_none() => {}
            None => {
                let action = &open.order.action;
                let description = format!(
                    "{action} {total} {}, not sent through Gatehouse",
                    open.contract.symbol
                );
                let perm_id = PermId::new(perm_id);
                self.meet_stranger(Stranger { order, perm_id, description });
            }
        }
    }

    /// Takes the broker's word on a known order, and writes it when it says something new.
    pub(crate) fn hear(&mut self, entry: EntrySeq, word: &Word) {
        let mut is_acknowledged = false;
        if let Some((total, kind)) = &word.terms {
            self.book.update(entry, |order| {
                is_acknowledged = order.acknowledge(|it| it.quantity == *total && it.kind == *kind);
            });
        }
        self.see_terms(entry, word);
        let Some(order) = self.book.get(entry) else { return };
        if order.status == OrderStatus::Withdrawn {
            return;
        }
        let heard = word.status.and_then(|heard| next(order.status, heard));
        let status = heard.unwrap_or(order.status);
        if order.report.is_none() && heard.is_none() {
            return;
        }
        // Of an ended order only more fills are news; lists repeat the rest for hours.
        let told = order.report.map_or(Qty::ZERO, |report| report.filled);
        if !order.is_live() && heard.is_none() && word.filled.is_none_or(|it| it <= told) {
            return;
        }
        let report = report_after(order, word, status);
        if order.report == Some(report) && order.status == status && !is_acknowledged {
            return;
        }
        let kind = EntryKind::OrderUpdate {
            order: order.order.clone(),
            perm_id: report.perm_id,
            status,
            filled: report.filled,
            remaining: report.remaining,
            average_price: report.average_price,
        };
        self.record(Actor::Broker, kind);
        self.book.update(entry, |order| {
            order.n_absent = 0;
            if order.is_live() {
                order.is_settled = false;
            }
        });
    }

    /// Writes the terms of a live order where a person changed them at the broker, so that they
    /// count after a restart, too.
    fn see_terms(&mut self, entry: EntrySeq, word: &Word) {
        let (Some(order), Some((quantity, kind))) = (self.book.get(entry), &word.terms) else {
            return;
        };
        let is_as_asked = order.intent.quantity == *quantity && order.intent.kind == *kind;
        let is_known = match &order.seen {
            Some(seen) => (&seen.0, &seen.1) == (quantity, kind),
            None => is_as_asked,
        };
        // A change on its way may be half of what is shown.
        if is_known || !order.is_live() || !order.changes.is_empty() {
            return;
        }
        let order = order.order.clone();
        let (quantity, kind) = (*quantity, kind.clone());
        self.record(Actor::Broker, EntryKind::TermsSeen { order, quantity, kind });
    }

    /// Returns whether the broker knows our order under another permanent id than this one.
    pub(crate) fn is_other_order(&self, entry: EntrySeq, perm_id: PermId) -> bool {
        let held = self.book.get(entry).and_then(|order| order.report?.perm_id);
        perm_id.get() != 0 && held.is_some_and(|held| held != perm_id)
    }

    fn heard_execution(&mut self, report: ExecutionReport) {
        let ExecutionReport { contract, execution, .. } = report;
        let currency = contract.currency.parse().unwrap_or(Currency::USD);
        let counted = Execution {
            exec_id: execution.exec_id,
            order: None,
            perm_id: execution.perm_id,
            con_id: contract.con_id.unwrap_or(gatehouse_types::ConId::new(0)),
            symbol: contract.symbol,
            currency,
            side: execution.side,
            quantity: execution.shares,
            price: execution.price,
            at: None,
        };
        self.executed(execution.client_id, execution.order_id, counted);
    }

    /// Counts an execution, once, for the order and bot whose client id it carries.
    pub(crate) fn executed(
        &mut self,
        client_id: ClientId,
        order_id: OrderId,
        mut execution: Execution,
    ) {
        if !self.positions.is_news(&execution.exec_id) {
            return;
        }
        if let Some(bot) = self.bots.of_client(client_id) {
            execution.order = Some(Self::order_ref(bot, order_id));
        }
        self.record(Actor::Broker, EntryKind::Filled { execution });
    }

    fn heard_commission(&mut self, report: CommissionReport) {
        let CommissionReport { exec_id, commission, realised, .. } = report;
        if self.positions.is_first_commission(&exec_id) {
            self.record(Actor::Broker, EntryKind::Commission { exec_id, commission, realised });
        }
    }

    fn heard_error(&mut self, bot: &BotName, report: ErrorReport) {
        let order = Self::order_ref(bot, OrderId::new(report.id));
        let Some(entry) = self.book.find(&order).map(|order| order.entry) else { return };
        let ErrorReport { code, text, .. } = report;
        let kind = EntryKind::BrokerMessage { order: Some(order.clone()), code, text };
        self.record(Actor::Broker, kind);
        let Some(held) = self.book.get(entry) else { return };
        let (is_acknowledged, has_changes) = (held.is_acknowledged(), !held.changes.is_empty());
        // Before the writer has said that the order left, a message is not surely about it.
        let is_early = self.outgoing.contains_key(&entry);
        match meaning(code) {
            Meaning::Nothing => {}
            Meaning::Cancelled | Meaning::Rejected | Meaning::NotAccepted if is_early => {
                self.doubt(entry);
            }
            Meaning::Cancelled => self.end_by_message(entry, OrderStatus::Cancelled),
            Meaning::Rejected if !has_changes => {
                self.end_by_message(entry, OrderStatus::Rejected);
            }
            Meaning::NotAccepted if !has_changes && !is_acknowledged => {
                self.end_by_message(entry, OrderStatus::Rejected);
            }
            // Of an order that nothing was heard of, order or change may be meant: both count.
            Meaning::Rejected | Meaning::NotAccepted | Meaning::ChangeFailed => {
                if has_changes && is_acknowledged {
                    self.drop_oldest_change(entry);
                }
            }
            Meaning::Doubtful => self.doubt(entry),
            Meaning::NotThere => {
                if held.status == OrderStatus::Unknown {
                    self.book.update(entry, |order| order.is_settled = true);
                }
            }
            Meaning::FateUnknown => {
                if held.is_live() && !is_acknowledged && held.status != OrderStatus::Unknown {
                    let kind = EntryKind::FateUnknown { order, intent: entry };
                    self.record(Actor::Gatehouse, kind);
                }
                self.push(Effect::WantSnapshot);
            }
        }
    }

    /// A message may have ended the order: the broker's lists decide.
    fn doubt(&mut self, entry: EntrySeq) {
        self.book.update(entry, |order| order.is_doubted |= !order.is_acknowledged());
        self.push(Effect::WantSnapshot);
    }

    /// The change failed at the broker: the order is what it was.
    fn drop_oldest_change(&mut self, entry: EntrySeq) {
        self.book.update(entry, |order| {
            if order.changes.first().is_some_and(|change| change.sent_at.is_some()) {
                order.changes.remove(0);
            }
        });
    }

    pub(crate) fn end_by_message(&mut self, entry: EntrySeq, status: OrderStatus) {
        let Some(remaining) = self.book.get(entry).map(Order::exposure) else { return };
        let word = Word {
            status: Some(status),
            filled: None,
            remaining: Some(remaining),
            average_price: None,
            perm_id: None,
            terms: None,
        };
        self.hear(entry, &word);
    }

    /// An order stands under a bot's client id that Gatehouse did not send: alarm, and the bot is
    /// paused, for two programs trade as one.
    pub(crate) fn meet_stranger(&mut self, stranger: Stranger) {
        let Stranger { order, perm_id, description } = stranger;
        let is_first = self.session.foreign_refs.insert(order.clone());
        let is_named = perm_id.get() != 0;
        if !is_first || (is_named && self.session.foreign_seen.contains(&perm_id)) {
            return;
        }
        self.record(Actor::Gatehouse, EntryKind::ForeignOrder { description, perm_id });
        self.spend_id(&order);
        self.pause_for(
            &order.bot,
            "an order that Gatehouse did not send stands under its client id",
        );
        self.push(Effect::WantSnapshot);
    }

    fn spend_id(&mut self, order: &OrderRef) {
        let next = OrderId::new(order.order_id.get().saturating_add(1));
        if self.bots.get(&order.bot).is_some_and(|bot| bot.mark < next) {
            let bot = order.bot.clone();
            self.record(Actor::Gatehouse, EntryKind::OrderIdMark { bot, next });
            self.tell_mark(&order.bot);
        }
    }
}

pub(crate) fn side_word(side: Side) -> &'static str {
    match side {
        Side::Buy => "BUY",
        Side::Sell => "SELL",
    }
}
