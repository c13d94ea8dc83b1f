//! The order book: every order that Gatehouse allowed, what the broker said of it, and how much of
//! it may still fill.
//!
//! It knows no bot, no limit and no effect. Ids of orders name sent orders only; orders themselves
//! are kept by the entry that allowed them.

use std::collections::{BTreeMap, BTreeSet};

use gatehouse_types::{
    Actor, BotName, ConId, Decimal, EntrySeq, Family, Intent, Mono, OrderKind, OrderRef,
    OrderStatus, PermId, Price, Qty, Stamp, WorkingOrder,
};

/// A modify that the broker has not acknowledged.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) entry: EntrySeq,
    pub(crate) intent: Intent,
    /// `None` until it was written.
    pub(crate) sent_at: Option<Mono>,
}

/// What the broker last said of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) status: OrderStatus,
    pub(crate) filled: Qty,
    pub(crate) remaining: Qty,
    pub(crate) average_price: Option<Price>,
    pub(crate) perm_id: Option<PermId>,
}

#[derive(Debug, Clone)]
pub(crate) struct Order {
    /// The entry that allowed it.
    pub(crate) entry: EntrySeq,
    pub(crate) order: OrderRef,
    /// As acknowledged; names the instrument that was judged.
    pub(crate) intent: Intent,
    pub(crate) con_id: ConId,
    pub(crate) at: Stamp,
    pub(crate) status: OrderStatus,
    pub(crate) report: Option<Report>,
    /// By executions.
    pub(crate) executed: Decimal,
    pub(crate) changes: Vec<Change>,
    /// Changes of it that were allowed, whatever became of them.
    pub(crate) n_changes: u32,
    /// What the broker holds, where it is not what was asked for: a person changed it there.
    pub(crate) seen: Option<(Qty, OrderKind)>,
    /// A change of it was allowed, whatever became of it.
    pub(crate) was_changed: bool,

    // Of this life only; reconciliation finds them again.
    pub(crate) sent_at: Option<Mono>,
    /// The group, with its type, in which the broker last showed it.
    pub(crate) given: Option<(String, Option<i32>)>,
    /// Who wants it cancelled while there is no link to cancel it on.
    pub(crate) cancel_wanted: Option<Actor>,
    pub(crate) is_cancel_sent: bool,
    /// A message on its id may have refused it.
    pub(crate) is_doubted: bool,
    /// Snapshots in a row in which the broker did not list it.
    pub(crate) n_absent: u8,
    /// Nothing more of it can fill, whatever was heard: it is nowhere at the broker.
    pub(crate) is_settled: bool,
}

impl Order {
    pub(crate) fn new(entry: EntrySeq, order: OrderRef, intent: Intent, at: Stamp) -> Self {
        Self {
            entry,
            order,
            con_id: intent.contract.con_id.unwrap_or(ConId::new(0)),
            intent,
            at,
            status: OrderStatus::Recording,
            report: None,
            executed: Decimal::ZERO,
            changes: Vec::new(),
            n_changes: 0,
            seen: None,
            was_changed: false,
            sent_at: None,
            given: None,
            cancel_wanted: None,
            is_cancel_sent: false,
            is_doubted: false,
            n_absent: 0,
            is_settled: false,
        }
    }

    pub(crate) fn is_live(&self) -> bool {
        !self.status.is_finished()
    }

    /// Returns whether nothing is left to cancel.
    pub(crate) fn is_gone(&self) -> bool {
        !self.is_live() || self.is_settled
    }

    /// Returns whether the broker said that it holds the order.
    pub(crate) fn is_acknowledged(&self) -> bool {
        matches!(
            self.status,
            OrderStatus::PreSubmitted
                | OrderStatus::Submitted
                | OrderStatus::PendingCancel
                | OrderStatus::Inactive
        ) || self.executed > Decimal::ZERO
    }

    /// Returns whether the order, or a change of it, asks to be worked at once.
    pub(crate) fn asks_transmit(&self) -> bool {
        self.intent.family.transmit
            || self.changes.iter().any(|change| change.intent.family.transmit)
    }

    /// Returns whether the broker's words show that the order is not held back.
    pub(crate) fn is_shown_at_work(&self) -> bool {
        matches!(
            self.status,
            OrderStatus::PreSubmitted | OrderStatus::Submitted | OrderStatus::PendingCancel
        ) || self.executed > Decimal::ZERO
    }

    /// Returns the quantity that the broker made of a member of a group: it takes off what another
    /// member filled. Before a change nothing else makes an order smaller there.
    fn reduced(&self) -> Option<Qty> {
        let family = &self.intent.family;
        let is_member = family.parent_id.is_some() || !family.oca_group.is_empty();
        let report = self.report.filter(|_| is_member && !self.was_changed)?;
        let is_working =
            matches!(report.status, OrderStatus::PreSubmitted | OrderStatus::Submitted);
        let told = report.filled.checked_add(report.remaining).ok()?;
        (is_working && !report.remaining.is_zero()).then_some(told)
    }

    /// Returns the quantity in all: the largest that the broker may believe. A person may have
    /// enlarged it there.
    pub(crate) fn total(&self) -> Qty {
        if let Some(reduced) = self.reduced() {
            return reduced;
        }
        let told = self
            .report
            .and_then(|report| report.filled.checked_add(report.remaining).ok())
            .unwrap_or(Qty::ZERO);
        let seen = self.seen.iter().map(|(quantity, _)| *quantity);
        let changes = self.changes.iter().map(|change| change.intent.quantity);
        changes.chain(seen).fold(self.intent.quantity.max(told), Qty::max)
    }

    /// Returns what may still fill at worst.
    ///
    /// Only executions lower it, for only they move the position: between a status that says
    /// filled and its execution the order still counts.
    pub(crate) fn exposure(&self) -> Qty {
        let told = self.report.map_or(Qty::ZERO, |report| report.filled);
        let total = match self.status {
            _ if self.is_settled => Qty::ZERO,
            OrderStatus::Withdrawn => Qty::ZERO,
            OrderStatus::Cancelled | OrderStatus::Rejected => told,
            OrderStatus::Filled => told.max(self.intent.quantity),
            OrderStatus::Recording
            | OrderStatus::Sent
            | OrderStatus::PendingSubmit
            | OrderStatus::PreSubmitted
            | OrderStatus::Submitted
            | OrderStatus::PendingCancel
            | OrderStatus::Inactive
            | OrderStatus::Unknown => self.total(),
        };
        let left = total.value().saturating_sub(self.executed).max(Decimal::ZERO);
        Qty::try_new(left).unwrap_or(Qty::ZERO)
    }

    /// Returns what may still fill at least: with the smallest of all quantities that were asked
    /// for or shown.
    pub(crate) fn exposure_least(&self) -> Qty {
        let changes = self.changes.iter().map(|change| change.intent.quantity);
        let seen = self.seen.iter().map(|(quantity, _)| *quantity);
        let total = changes.chain(seen).fold(self.intent.quantity.min(self.total()), Qty::min);
        let left = total.value().saturating_sub(self.executed).max(Decimal::ZERO);
        Qty::try_new(left).map_or(Qty::ZERO, |left| left.min(self.exposure()))
    }

    /// Returns the order as it may be at worst while changes are unacknowledged.
    pub(crate) fn worst(&self) -> Intent {
        let mut worst = self.intent.clone();
        if let Some((quantity, kind)) = &self.seen {
            worst.quantity = worst.quantity.max(*quantity);
            worst.kind = worse_kind(&worst.kind, kind).clone();
        }
        for change in &self.changes {
            worst.quantity = worst.quantity.max(change.intent.quantity);
            worst.kind = worse_kind(&worst.kind, &change.intent.kind).clone();
        }
        worst
    }

    pub(crate) fn working(&self) -> WorkingOrder {
        // A finished order is among the working ones only while its executions are missing.
        let status = if self.is_live() { self.status } else { OrderStatus::Submitted };
        WorkingOrder {
            order: Some(self.order.clone()),
            entry: Some(self.entry),
            perm_id: self.report.and_then(|report| report.perm_id),
            con_id: self.con_id,
            side: self.intent.side,
            remaining: self.exposure(),
            remaining_least: self.exposure_least(),
            family: self.intent.family.clone(),
            kind: self.worst().kind,
            status,
        }
    }

    /// Takes the change that the broker shows as done, and drops the ones before it. Returns
    /// whether there was one.
    pub(crate) fn acknowledge(&mut self, is_shown: impl Fn(&Intent) -> bool) -> bool {
        let Some(at) = self.changes.iter().rposition(|change| is_shown(&change.intent)) else {
            return false;
        };
        if let Some(done) = self.changes.drain(..=at).next_back() {
            let Intent { contract, family, .. } = self.intent.clone();
            // The Gateway's own group for children is no tie that was asked for.
            let transmit = family.transmit || done.intent.family.transmit;
            let family = Family { transmit, ..family };
            self.intent = Intent { contract, family, ..done.intent };
        }
        true
    }
}

/// Returns the kind whose fills can cost more: without a price first, then the higher price.
fn worse_kind<'a>(old: &'a OrderKind, new: &'a OrderKind) -> &'a OrderKind {
    match (old.limit(), new.limit()) {
        (None, _) => old,
        (Some(_), None) => new,
        (Some(before), Some(after)) => {
            if after > before {
                new
            } else {
                old
            }
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Book {
    orders: BTreeMap<EntrySeq, Order>,
    /// Sent orders by their id; withdrawn ones are not among them.
    by_ref: BTreeMap<OrderRef, EntrySeq>,
    /// Orders of which something may still fill or which may still be cancelled.
    open: BTreeSet<EntrySeq>,
}

impl Book {
    pub(crate) fn insert(&mut self, order: Order) {
        self.by_ref.insert(order.order.clone(), order.entry);
        self.open.insert(order.entry);
        self.orders.insert(order.entry, order);
    }

    pub(crate) fn get(&self, entry: EntrySeq) -> Option<&Order> {
        self.orders.get(&entry)
    }

    pub(crate) fn find(&self, order: &OrderRef) -> Option<&Order> {
        self.by_ref.get(order).and_then(|entry| self.orders.get(entry))
    }

    /// Returns the order of an entry that allowed it, or that allowed a change of it.
    pub(crate) fn owner(&self, order: &OrderRef, intent: EntrySeq) -> Option<&Order> {
        self.orders.get(&intent).or_else(|| self.find(order))
    }

    /// Changes an order and keeps the index of open ones.
    pub(crate) fn update(&mut self, entry: EntrySeq, change: impl FnOnce(&mut Order)) {
        let Some(order) = self.orders.get_mut(&entry) else { return };
        change(order);
        if order.is_live() || !order.exposure().is_zero() {
            self.open.insert(entry);
        } else {
            self.open.remove(&entry);
        }
        if order.status == OrderStatus::Withdrawn && self.by_ref.get(&order.order) == Some(&entry) {
            self.by_ref.remove(&order.order);
        }
    }

    /// Returns every order that may still fill or be cancelled, oldest first.
    pub(crate) fn open(&self) -> impl Iterator<Item = &Order> {
        self.open.iter().filter_map(|entry| self.orders.get(entry))
    }

    /// Returns the live orders of one bot, or of all, oldest first.
    pub(crate) fn live<'a>(
        &'a self,
        bot: Option<&'a BotName>,
    ) -> impl Iterator<Item = &'a Order> + 'a {
        self.open()
            .filter(|order| order.is_live())
            .filter(move |order| bot.is_none_or(|bot| &order.order.bot == bot))
    }

    pub(crate) fn find_perm(&self, perm_id: PermId) -> Option<&Order> {
        self.open().find(|order| {
            order.report.and_then(|report| report.perm_id).is_some_and(|held| held == perm_id)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_limit_or_none_is_worse() {
        let limit = |text: &str| OrderKind::Limit { limit: Some(text.parse().unwrap()) };
        assert_eq!(worse_kind(&limit("10"), &limit("11")), &limit("11"));
        assert_eq!(worse_kind(&limit("12"), &limit("11")), &limit("12"));
        assert_eq!(worse_kind(&limit("12"), &OrderKind::Market), &OrderKind::Market);
        assert_eq!(worse_kind(&OrderKind::Market, &limit("12")), &OrderKind::Market);
    }
}
