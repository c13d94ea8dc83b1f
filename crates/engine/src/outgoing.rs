//! Approved orders on their way: from the verdict to the socket.
//!
//! An approval is released once its record is durable, in the bot's order, at most once, and
//! taken back when it is no longer wanted. Nothing here waits.

use std::collections::BTreeSet;

use gatehouse_types::{
    Actor, BotName, EntryKind, EntrySeq, Mono, OrderId, OrderRef, OrderStatus, Qty, Refusal, Scope,
    TradingState,
};

use crate::{Effect, Engine};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    AwaitsCommit,
    /// Handed to the writer, which has not said what became of it.
    Released,
}

#[derive(Debug, Clone)]
pub(crate) struct Outgoing {
    pub(crate) order: OrderRef,
    /// The entry that allowed the order; another than its own for a change; `None` for a what-if.
    pub(crate) of: Option<EntrySeq>,
    /// The order that has to be written before: sent alone, a child would hang on nothing.
    pub(crate) parent: Option<OrderRef>,
    /// Whether it only reduces, with everything that it transmits.
    pub(crate) is_exit: bool,
    pub(crate) approved: Mono,
    pub(crate) stage: Stage,
    /// The writer was asked not to send it.
    pub(crate) is_recalled: bool,
}

/// How the bot hears that an approval was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tell {
    Rejected,
    Cancelled,
    Nothing,
}

impl Engine {
    /// Notes how far the ledger is durable, and releases what waited for it.
    pub(crate) fn committed(&mut self, up_to: EntrySeq) {
        self.ledger.committed = self.ledger.committed.max(up_to);
        self.note_saved();
        self.release_ready();
    }

    /// Releases what is durable. A bot's frames keep their order, and a change waits until its
    /// order was written: sent alone it would be a new order.
    pub(crate) fn release_ready(&mut self) {
        let mut blocked: BTreeSet<BotName> = BTreeSet::new();
        let mut on_the_way: BTreeSet<OrderRef> = BTreeSet::new();
        let mut ready = Vec::new();
        for (entry, outgoing) in &self.outgoing {
            let bot = &outgoing.order.bot;
            let is_durable = *entry <= self.ledger.committed;
            if outgoing.stage == Stage::Released {
                on_the_way.insert(outgoing.order.clone());
            } else if !is_durable
                || on_the_way.contains(&outgoing.order)
                || outgoing.parent.as_ref().is_some_and(|it| on_the_way.contains(it))
            {
                blocked.insert(bot.clone());
            } else if !blocked.contains(bot) {
                ready.push(*entry);
                on_the_way.insert(outgoing.order.clone());
            }
        }
        for entry in ready {
            if let Some(outgoing) = self.outgoing.get_mut(&entry) {
                outgoing.stage = Stage::Released;
                self.push(Effect::Release(entry));
            }
        }
    }

    pub(crate) fn sent(&mut self, entry: EntrySeq) {
        let Some(outgoing) = self.outgoing.remove(&entry) else { return };
        let now = self.now.mono;
        if let Some(of) = outgoing.of {
            self.book.update(of, |order| {
                if of == entry {
                    order.sent_at = Some(now);
                    if order.status == OrderStatus::Recording {
                        order.status = OrderStatus::Sent;
                    }
                } else if let Some(change) =
                    order.changes.iter_mut().find(|change| change.entry == entry)
                {
                    change.sent_at = Some(now);
                }
            });
            // A write that broke off with its link counts as sent, and nothing answers it there.
            let is_unheard = self.book.get(entry).is_some_and(|it| it.status == OrderStatus::Sent);
            let bot = self.bots.get(&outgoing.order.bot);
            if of == entry && is_unheard && bot.is_some_and(|bot| !bot.is_link_up) {
                self.lose(entry);
            }
        }
        self.release_ready();
    }

    pub(crate) fn not_sent(&mut self, entry: EntrySeq) {
        let Some(outgoing) = self.outgoing.get(&entry) else { return };
        let order = self.book.find(&outgoing.order);
        let tell = if order.is_some_and(|order| order.is_cancel_sent) {
            Tell::Cancelled
        } else {
            Tell::Rejected
        };
        self.withdraw(entry, Refusal::TakenBack, tell);
        self.release_ready();
    }

    /// Takes back what was not recorded in time, and what waits too long for its turn at the
    /// Gateway: it was judged by a view that is past.
    pub(crate) fn withdraw_overdue(&mut self) {
        let now = self.now.mono;
        let (commit_within, write_within) = (self.config.commit_within, self.config.write_within);
        let is_past = |it: &Outgoing, most| now.since(it.approved) >= most;
        let overdue = self.outgoing.iter().filter(|(_, outgoing)| {
            outgoing.stage == Stage::AwaitsCommit && is_past(outgoing, commit_within)
        });
        for entry in overdue.map(|(entry, _)| *entry).collect::<Vec<_>>() {
            self.withdraw(entry, Refusal::NotRecordedInTime, Tell::Rejected);
        }
        self.recall(|outgoing| is_past(outgoing, write_within));
    }

    /// Asks the writer, once, not to send what it was handed and has not written. The newest
    /// first: a member of a family must not pass one that came before it.
    pub(crate) fn recall(&mut self, is_meant: impl Fn(&Outgoing) -> bool) {
        for (entry, outgoing) in self.outgoing.iter_mut().rev() {
            if outgoing.stage == Stage::Released && !outgoing.is_recalled && is_meant(outgoing) {
                outgoing.is_recalled = true;
                self.effects.push(Effect::Void(*entry));
            }
        }
    }

    /// Takes back everything that awaits its record.
    pub(crate) fn withdraw_unrecorded(&mut self) {
        let waiting = self.outgoing.iter().filter(|(_, it)| it.stage == Stage::AwaitsCommit);
        for entry in waiting.map(|(entry, _)| *entry).collect::<Vec<_>>() {
            self.withdraw(entry, Refusal::TakenBack, Tell::Rejected);
        }
    }

    /// Takes back what awaits its record in a scope; exits too, or not. Returns the orders.
    pub(crate) fn withdraw_scope(
        &mut self,
        scope: &Scope,
        and_exits: bool,
        state: TradingState,
    ) -> Vec<OrderRef> {
        let in_scope = |bot: &BotName| match scope {
            Scope::Account => true,
            Scope::Bot(name) => name == bot,
            Scope::Symbol(_) => false,
        };
        let waiting = self.outgoing.iter().filter(|(_, outgoing)| {
            outgoing.stage == Stage::AwaitsCommit
                && in_scope(&outgoing.order.bot)
                && (and_exits || !outgoing.is_exit)
        });
        let entries: Vec<_> =
            waiting.map(|(entry, outgoing)| (*entry, outgoing.order.clone())).collect();
        for (entry, _) in &entries {
            self.withdraw(*entry, Refusal::StateForbids { state }, Tell::Rejected);
        }
        self.recall(|it| in_scope(&it.order.bot) && (and_exits || !it.is_exit));
        entries.into_iter().map(|(_, order)| order).collect()
    }

    /// Takes one approval back, with its changes and its children. What is left of the family of
    /// an order that its bot still wants goes, too: it cannot be completed.
    pub(crate) fn withdraw(&mut self, entry: EntrySeq, why: Refusal, tell: Tell) {
        if !self.outgoing.contains_key(&entry) {
            return;
        }
        let order = self.book.get(entry);
        let member = order.map(|order| (order.order.bot.clone(), order.intent.clone()));
        self.withdraw_alone(entry, why, tell);
        if let (Some((bot, intent)), Tell::Rejected) = (member, tell) {
            self.break_unsent_family(&bot, &intent);
        }
    }

    pub(crate) fn withdraw_alone(&mut self, entry: EntrySeq, why: Refusal, tell: Tell) {
        let Some(outgoing) = self.outgoing.remove(&entry) else { return };
        if outgoing.of == Some(entry) {
            let changes = self.outgoing.iter().filter(|(_, other)| other.of == Some(entry));
            for change in changes.map(|(entry, _)| *entry).collect::<Vec<_>>() {
                self.withdraw_alone(change, why.clone(), Tell::Nothing);
            }
            let children = self.outgoing.iter().filter(|(_, it)| {
                it.stage == Stage::AwaitsCommit && it.parent.as_ref() == Some(&outgoing.order)
            });
            for child in children.map(|(entry, _)| *entry).collect::<Vec<_>>() {
                self.withdraw_alone(child, why.clone(), tell);
            }
        }
        if outgoing.stage == Stage::AwaitsCommit {
            self.push(Effect::Void(entry));
        }
        let OrderRef { bot, order_id } = outgoing.order.clone();
        let is_change = outgoing.of.is_some_and(|of| of != entry);
        self.tell_withdrawn(&bot, order_id, is_change, &why, tell);
        let kind = EntryKind::Withdrawn { order: outgoing.order, intent: entry, why };
        self.record(Actor::Gatehouse, kind);
    }

    fn tell_withdrawn(
        &mut self,
        bot: &BotName,
        order_id: OrderId,
        is_change: bool,
        why: &Refusal,
        tell: Tell,
    ) {
        match tell {
            Tell::Nothing => {}
            Tell::Rejected | Tell::Cancelled if is_change => {
                self.answer_unchanged(bot, order_id, why);
            }
            Tell::Rejected => self.answer_rejected(bot, order_id, why),
            Tell::Cancelled => {
                let order = self.book.find(&Self::order_ref(bot, order_id));
                let unfilled = order.map_or(Qty::ZERO, |order| order.intent.quantity);
                self.answer_cancelled(bot, order_id, unfilled);
            }
        }
    }
}
