//! Matches a snapshot of the broker with the book: open orders, ended orders, executions,
//! positions. No new risk is judged before the first one after a connect was matched.

use std::collections::BTreeSet;

use gatehouse_types::{
    Actor, EntryKind, EntrySeq, Family, OrderRef, OrderStatus, PermId, SignedQty, WorkingOrder,
};

use crate::observe::{Stranger, Word, side_word};
use crate::{BrokerOrder, BrokerSnapshot, Effect, Engine};

/// A snapshot is asked for some time before it arrives; only what is missing in two is missing.
const ABSENT_IN: u8 = 2;

fn word(line: &BrokerOrder) -> Word {
    // The list of ended orders does not say how much was filled.
    let is_filled = line.status == OrderStatus::Filled;
    let filled = if is_filled { line.filled.max(line.total) } else { line.filled };
    Word {
        status: Some(line.status),
        filled: Some(filled),
        remaining: Some(line.total.saturating_sub(filled)),
        average_price: None,
        perm_id: (line.perm_id.get() != 0).then_some(line.perm_id),
        terms: Some((line.total, line.kind.clone())),
    }
}

impl Engine {
    pub(crate) fn snapshot(&mut self, snapshot: BrokerSnapshot) {
        if self.session.is_other_account {
            // It lists none of our orders, which does not end them.
            return;
        }
        let is_first = !self.session.is_reconciled;
        let mut told = Vec::new();
        for (client_id, order_id, execution) in snapshot.executions {
            self.executed(client_id, order_id, execution);
        }
        let mut seen = BTreeSet::new();
        let mut foreign = Vec::new();
        let ended: BTreeSet<EntrySeq> =
            snapshot.completed.iter().filter_map(|line| self.own_order(line)).collect();
        let mut relisted = BTreeSet::new();
        for line in &snapshot.orders {
            self.positions.name_symbol(line.con_id, &line.symbol);
            match self.own_order(line) {
                Some(entry) => {
                    if !ended.contains(&entry) && self.is_listed_again(entry, line) {
                        relisted.insert(entry);
                    }
                    self.resolve(entry, line, &mut told);
                    seen.insert(entry);
                }
                None if line.status.is_finished() => {}
                None => foreign.push(self.adopt(line)),
            }
        }
        self.session.foreign = foreign;
        self.session.relisted = relisted;
        for line in &snapshot.completed {
            if let Some(entry) = self.own_order(line)
                && !seen.contains(&entry)
            {
                self.resolve(entry, line, &mut told);
                self.settle_ended(entry);
            }
        }
        self.conclude_absent(&seen, &mut told);
        self.positions.take_account(&snapshot.positions);
        self.session.snapshot_at = Some(self.now.mono);
        for (_, bot) in self.bots.all_mut() {
            bot.is_book_sound = true;
        }
        if self.session.gateway.is_some() && !self.session.is_broker_lost {
            self.session.is_reconciled = true;
        }
        self.write_differences(is_first, told);
        self.look_at_kill();
        if is_first {
            self.look_at_reduce_only();
        }
    }

    /// Returns our order that a line of the broker is about.
    fn own_order(&self, line: &BrokerOrder) -> Option<EntrySeq> {
        let by_id = self.bots.of_client(line.client_id).and_then(|bot| {
            let order = Self::order_ref(bot, line.order_id);
            self.book.find(&order)
        });
        let by_perm = || {
            let perm_id = (line.perm_id.get() != 0).then_some(line.perm_id)?;
            self.book.find_perm(perm_id)
        };
        // An id that names another permanent order is no order of ours.
        let by_id = by_id.filter(|order| !self.is_other_order(order.entry, line.perm_id));
        by_id.or_else(by_perm).map(|order| order.entry)
    }

    fn resolve(&mut self, entry: EntrySeq, line: &BrokerOrder, told: &mut Vec<String>) {
        let Some(before) = self.book.get(entry) else { return };
        let was_unknown = before.status == OrderStatus::Unknown;
        // A change that an older snapshot than this one did not show either has failed.
        let shown_since = self.session.snapshot_at;
        let is_old = |sent: Option<gatehouse_types::Mono>| match (sent, shown_since) {
            (Some(sent), Some(shown)) => sent < shown,
            (None, _) => !self.outgoing.values().any(|it| it.of == Some(entry)),
            (Some(_), None) => false,
        };
        let failed: BTreeSet<EntrySeq> = before
            .changes
            .iter()
            .filter(|change| is_old(change.sent_at))
            .filter(|it| it.intent.quantity != line.total || it.intent.kind != line.kind)
            .map(|change| change.entry)
            .collect();
        self.hear(entry, &word(line));
        self.book.update(entry, |order| {
            order.changes.retain(|change| !failed.contains(&change.entry));
            if order.is_live() {
                order.n_absent = 0;
            }
        });
        if let Some(order) = self.book.get(entry)
            && was_unknown
            && order.status != OrderStatus::Unknown
        {
            told.push(format!("{} was not known to be sent; it is {}", order.order, order.status));
        }
    }

    /// Returns whether the broker lists an order as working that had ended here. One such list may
    /// be older than the end; after two in a row the order works again.
    fn is_listed_again(&mut self, entry: EntrySeq, line: &BrokerOrder) -> bool {
        let Some(order) = self.book.get(entry) else { return false };
        if order.status != OrderStatus::Cancelled || line.status.is_finished() {
            return false;
        }
        if !self.session.relisted.contains(&entry) {
            return true;
        }
        let told = order.report.map_or(line.filled, |report| report.filled.max(line.filled));
        let kind = EntryKind::OrderUpdate {
            order: order.order.clone(),
            perm_id: order.report.and_then(|report| report.perm_id),
            status: line.status,
            filled: told,
            remaining: line.total.saturating_sub(told),
            average_price: order.report.and_then(|report| report.average_price),
        };
        self.record(Actor::Broker, kind);
        self.book.update(entry, |order| {
            order.is_settled = false;
            order.is_cancel_sent = false;
        });
        false
    }

    /// The broker listed the order as ended beside its executions: nothing more of it can fill.
    fn settle_ended(&mut self, entry: EntrySeq) {
        self.book.update(entry, |order| {
            if !order.is_live() {
                order.n_absent = order.n_absent.saturating_add(1);
                order.is_settled = order.n_absent >= ABSENT_IN;
            }
        });
    }

    /// Counts an order that no bot of ours sent; the first time there is an entry.
    fn adopt(&mut self, line: &BrokerOrder) -> WorkingOrder {
        let side = side_word(line.side);
        let owner = self.bots.of_client(line.client_id).cloned();
        let what = format!("{side} {} {} {}", line.total, line.symbol, line.kind.name());
        match owner {
            Some(bot) => self.meet_stranger(Stranger {
                order: Self::order_ref(&bot, line.order_id),
                perm_id: line.perm_id,
                description: format!("{what} under the client id of {bot}"),
            }),
            None if !self.session.foreign_seen.contains(&line.perm_id) => {
                let kind = EntryKind::ForeignOrder { description: what, perm_id: line.perm_id };
                self.record(Actor::Gatehouse, kind);
            }
            None => {}
        }
        WorkingOrder {
            order: None,
            entry: None,
            perm_id: Some(PermId::new(line.perm_id.get())),
            con_id: line.con_id,
            side: line.side,
            remaining: line.total.saturating_sub(line.filled),
            remaining_least: line.total.saturating_sub(line.filled),
            family: Family::alone(),
            kind: line.kind.clone(),
            status: line.status,
        }
    }

    /// Ends orders that the broker no longer lists. One of unknown fate stays unknown, and counts
    /// no more: it is neither open nor executed.
    fn conclude_absent(&mut self, seen: &BTreeSet<EntrySeq>, told: &mut Vec<String>) {
        let shown = self.session.snapshot_at;
        let absent: Vec<EntrySeq> = self
            .book
            .open()
            .filter(|order| !seen.contains(&order.entry) && !order.is_settled)
            .filter(|order| !self.outgoing.contains_key(&order.entry))
            .filter(|order| order.sent_at.is_none_or(|sent| shown.is_some_and(|at| sent < at)))
            // What the Gateway holds back is listed nowhere, until a cancel of it was sent.
            .filter(|order| order.is_cancel_sent || !self.is_held(order))
            .map(|order| order.entry)
            .collect();
        for entry in absent {
            self.book.update(entry, |order| order.n_absent = order.n_absent.saturating_add(1));
            let Some(order) = self.book.get(entry) else { continue };
            let is_filled = order.executed >= order.total().value();
            if order.n_absent < ABSENT_IN && !is_filled {
                continue;
            }
            let name = order.order.clone();
            if order.is_live() && (order.is_acknowledged() || !order.executed.is_zero()) {
                told.push(format!("{name} is no longer at the broker"));
                self.end_absent(entry, &name);
            } else if order.is_live() && order.is_doubted {
                self.end_by_message(entry, OrderStatus::Rejected);
            } else if order.is_live() {
                told.push(format!("{name} is not known at the broker"));
                self.lose(entry);
            }
            self.book.update(entry, |order| order.is_settled = true);
        }
    }

    /// Notes that nothing was heard of an order that may have been sent.
    pub(crate) fn lose(&mut self, entry: EntrySeq) {
        let Some(order) = self.book.get(entry) else { return };
        if order.is_live() && order.status != OrderStatus::Unknown {
            let order = order.order.clone();
            self.record(Actor::Gatehouse, EntryKind::FateUnknown { order, intent: entry });
        }
    }

    fn end_absent(&mut self, entry: EntrySeq, name: &OrderRef) {
        let Some(order) = self.book.get(entry) else { return };
        let executed = order.executed;
        let is_filled = executed >= order.intent.quantity.value();
        let filled = gatehouse_types::Qty::try_new(executed).unwrap_or(gatehouse_types::Qty::ZERO);
        let kind = EntryKind::OrderUpdate {
            order: name.clone(),
            perm_id: order.report.and_then(|report| report.perm_id),
            status: if is_filled { OrderStatus::Filled } else { OrderStatus::Cancelled },
            filled,
            remaining: order.intent.quantity.saturating_sub(filled),
            average_price: order.report.and_then(|report| report.average_price),
        };
        self.record(Actor::Gatehouse, kind);
    }

    /// Writes the first match after a connect, and later ones when they differ twice.
    fn write_differences(&mut self, is_first: bool, told: Vec<String>) {
        let positions = self.position_differences();
        let held = &mut self.session.differences;
        let is_stable = held.last == positions;
        held.last.clone_from(&positions);
        let is_new = is_stable && held.written != positions;
        if is_first || is_new || !told.is_empty() {
            held.written.clone_from(&positions);
            let differences = told.into_iter().chain(positions).collect();
            self.record(Actor::Gatehouse, EntryKind::Reconciled { differences });
        }
    }

    fn position_differences(&self) -> Vec<String> {
        let instruments: BTreeSet<_> = self.positions.instruments().collect();
        let mut differences = Vec::new();
        for con_id in instruments {
            let account = self.positions.of_account(con_id).unwrap_or(SignedQty::FLAT);
            let bots = self.positions.of_bots(con_id);
            if account == bots {
                continue;
            }
            let unassigned = account.value().saturating_sub(bots.value());
            let name = self
                .positions
                .symbol(con_id)
                .map_or_else(|| format!("contract {con_id}"), str::to_owned);
            differences.push(format!(
                "{name}: the account holds {account}, the bots hold {bots}, {unassigned} unassigned"
            ));
        }
        differences
    }

    /// Nothing is known until the next snapshot.
    pub(crate) fn unreconcile(&mut self) {
        self.session.is_reconciled = false;
        self.push(Effect::WantSnapshot);
    }
}
