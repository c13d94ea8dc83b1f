//! The fold of entries into state, and the start of a life.
//!
//! Live, every entry passes through here the moment it is made; at the start the ledger hands in
//! all of them. What is not in an entry (sockets, quotes, snapshots) is not restored.

use gatehouse_types::{
    Actor, BotName, Decimal, Entry, EntryKind, EntrySeq, Execution, Intent, Now, OrderId,
    OrderKind, OrderRef, OrderStatus, Qty, Scope, Stamp, TradingState, Verdict,
};

use crate::book::{Change, Order, Report};
use crate::bots::day;
use crate::breakers::{is_earned, is_own_doing};
use crate::kill::Kill;
use crate::limits::Scheduled;
use crate::world::WorldName;
use crate::{Effect, Engine};

impl Engine {
    /// Folds in one entry of the ledger. Called for each, in order, before `start`.
    pub fn restore(&mut self, entry: &Entry) {
        self.last_seq = self.last_seq.max(entry.seq);
        self.ledger.committed = self.last_seq;
        self.fold(entry);
    }

    /// Begins a life: what the last one left open becomes unknown, scheduled loosenings are
    /// discarded, doors are opened.
    pub fn start(&mut self, now: Now) -> Vec<Effect> {
        self.now = now;
        let version = self.config.version.clone();
        self.record(Actor::Gatehouse, EntryKind::Started { version });
        for scheduled in std::mem::take(&mut self.scheduled).into_values() {
            let kind = EntryKind::LimitDiscarded { change: scheduled.change };
            self.record(Actor::Gatehouse, kind);
        }
        self.lose_sight();
        if let Some(kill) = &mut self.kill {
            kill.engaged = now.mono;
            kill.looked = now.mono;
        }
        let doors: Vec<_> = self.bots.registered().map(|bot| bot.config.clone()).collect();
        for door in doors {
            self.push(Effect::OpenDoor(door));
        }
        for name in self.bots.names() {
            self.tell_mark(&name);
            if self.book.live(Some(&name)).next().is_some() {
                self.push(Effect::Dial(name));
            }
        }
        std::mem::take(&mut self.effects)
    }

    /// Ends a life in order: what awaits its record is taken back, so that its fate is known.
    pub fn stop(&mut self, now: Now) -> Vec<Effect> {
        self.now = now;
        self.withdraw_unrecorded();
        self.record(Actor::Gatehouse, EntryKind::Stopped);
        std::mem::take(&mut self.effects)
    }

    /// Orders that were committed and of which nothing was heard may have been sent.
    fn lose_sight(&mut self) {
        let mut unheard = Vec::new();
        for order in self.book.live(None) {
            if order.status == OrderStatus::Recording {
                unheard.push((order.order.clone(), order.entry));
            }
            let changes = order.changes.iter();
            unheard.extend(changes.map(|change| (order.order.clone(), change.entry)));
        }
        for (order, intent) in unheard {
            self.record(Actor::Gatehouse, EntryKind::FateUnknown { order, intent });
        }
    }

    /// Changes the state as an entry says.
    pub(crate) fn fold(&mut self, entry: &Entry) {
        match &entry.kind {
            EntryKind::BotRegistered { bot } => self.bots.register(bot.clone()),
            EntryKind::BotRemoved { bot } => {
                if let Some(bot) = self.bots.get_mut(bot) {
                    bot.is_registered = false;
                }
            }
            EntryKind::StateChanged { .. } => self.fold_state(entry),
            EntryKind::LimitChanged { change } => {
                self.policy.set(change.scope.clone(), change.limit, change.new.clone());
                self.scheduled.remove(&(change.scope.clone(), change.limit));
            }
            EntryKind::LimitScheduled { change, delay } => {
                let due = self.now.mono.plus(*delay);
                let key = (change.scope.clone(), change.limit);
                self.scheduled.insert(key, Scheduled { change: change.clone(), due });
            }
            EntryKind::LimitDiscarded { change } => {
                self.scheduled.remove(&(change.scope.clone(), change.limit));
            }
            EntryKind::KillEngaged { reason } => {
                let refused = self.bots.registered().map(|bot| bot.counters(entry.stamp).refused);
                let before = (entry.seq, refused.sum());
                self.kill = Some(Kill::new(reason.clone(), entry.stamp, self.now.mono, before));
            }
            EntryKind::KillOrder { order, did } => {
                if let Some(kill) = &mut self.kill {
                    kill.note(order, did, self.now.mono);
                }
            }
            EntryKind::KillReleased => self.kill = None,
            EntryKind::AlarmRaised { .. }
            | EntryKind::AlarmEnded { .. }
            | EntryKind::AlarmAcknowledged { .. } => self.alarms.fold(entry),
            EntryKind::SettingChanged { setting, new, .. } => {
                self.settings.set(setting, new.clone());
            }
            EntryKind::GatewayConnected { mode, account, .. } => {
                let account = gatehouse_types::AccountId::new(account.clone());
                self.meet_account(WorldName { mode: *mode, account });
            }
            EntryKind::Judged { .. }
            | EntryKind::NotJudged { .. }
            | EntryKind::RefusalsCounted { .. }
            | EntryKind::Withdrawn { .. }
            | EntryKind::FateUnknown { .. }
            | EntryKind::OrderUpdate { .. }
            | EntryKind::CancelAsked { .. }
            | EntryKind::CancelSent { .. }
            | EntryKind::TermsSeen { .. }
            | EntryKind::Filled { .. }
            | EntryKind::Commission { .. }
            | EntryKind::OrderIdMark { .. }
            | EntryKind::ForeignOrder { .. } => self.fold_order(entry),
            EntryKind::Started { .. } => self.alarms.forget(),
            EntryKind::Stopped
            | EntryKind::BotConnected { .. }
            | EntryKind::BotDisconnected { .. }
            | EntryKind::DoorRefused { .. }
            | EntryKind::GatewayLost { .. }
            | EntryKind::SessionMoved { .. }
            | EntryKind::Reconciled { .. }
            | EntryKind::BrokerMessage { .. }
            | EntryKind::FlattenAsked { .. }
            | EntryKind::Verified { .. } => {}
        }
    }

    fn fold_order(&mut self, entry: &Entry) {
        match &entry.kind {
            EntryKind::Judged { bot, intent, replaces, verdict, .. } => {
                self.fold_judged(entry, bot, intent, *replaces, verdict);
            }
            EntryKind::NotJudged { bot, refusal, .. } => {
                self.fold_refusals(bot, entry.stamp, 1, is_own_doing(refusal));
            }
            EntryKind::RefusalsCounted { bot, count, last } => {
                self.fold_refusals(bot, entry.stamp, *count, is_own_doing(last));
            }
            EntryKind::Withdrawn { order, intent, .. } => self.fold_withdrawn(order, *intent),
            EntryKind::FateUnknown { order, intent } => self.fold_unknown(order, *intent),
            EntryKind::OrderUpdate { order, perm_id, status, filled, remaining, average_price } => {
                let report = Report {
                    status: *status,
                    filled: *filled,
                    remaining: *remaining,
                    average_price: *average_price,
                    perm_id: *perm_id,
                };
                self.fold_report(entry.stamp, order, report);
            }
            EntryKind::CancelAsked { order } => self.fold_cancel(order, Some(&entry.actor)),
            EntryKind::CancelSent { order, .. } => self.fold_cancel(order, None),
            EntryKind::TermsSeen { order, quantity, kind } => {
                self.fold_terms(order, *quantity, kind);
            }
            EntryKind::Filled { execution } => self.fold_fill(entry.stamp, execution),
            EntryKind::Commission { exec_id, commission, .. } => {
                self.positions.fold_commission(exec_id);
                self.books.fold_commission(entry.stamp, exec_id, *commission);
            }
            EntryKind::OrderIdMark { bot, next } => self.fold_mark(bot, *next),
            EntryKind::ForeignOrder { perm_id, .. } => {
                self.session.foreign_seen.insert(*perm_id);
            }
            EntryKind::Started { .. }
            | EntryKind::Stopped
            | EntryKind::BotConnected { .. }
            | EntryKind::BotDisconnected { .. }
            | EntryKind::DoorRefused { .. }
            | EntryKind::GatewayLost { .. }
            | EntryKind::SessionMoved { .. }
            | EntryKind::AlarmRaised { .. }
            | EntryKind::AlarmEnded { .. }
            | EntryKind::AlarmAcknowledged { .. }
            | EntryKind::SettingChanged { .. }
            | EntryKind::Reconciled { .. }
            | EntryKind::BrokerMessage { .. }
            | EntryKind::FlattenAsked { .. }
            | EntryKind::Verified { .. }
            | EntryKind::BotRegistered { .. }
            | EntryKind::BotRemoved { .. }
            | EntryKind::StateChanged { .. }
            | EntryKind::LimitChanged { .. }
            | EntryKind::LimitScheduled { .. }
            | EntryKind::LimitDiscarded { .. }
            | EntryKind::KillEngaged { .. }
            | EntryKind::KillOrder { .. }
            | EntryKind::KillReleased
            | EntryKind::GatewayConnected { .. } => {}
        }
    }

    fn fold_judged(
        &mut self,
        entry: &Entry,
        bot: &BotName,
        intent: &Intent,
        replaces: Option<EntrySeq>,
        verdict: &Verdict,
    ) {
        let is_sent = verdict.may_send() && !intent.what_if;
        let Some(of_bot) = self.bots.get_mut(bot) else { return };
        if !verdict.may_send() {
            of_bot.count(entry.stamp, |today| today.refused += 1);
            if is_earned(verdict) {
                of_bot.refused.note(entry.stamp, 1);
            }
            return;
        }
        let is_new = replaces.is_none() && !intent.what_if;
        of_bot.count(entry.stamp, |today| {
            today.orders += 1;
            today.new_orders += u32::from(is_new);
        });
        of_bot.last_judged = Some(entry.seq);
        if !is_sent {
            return;
        }
        of_bot.spend(intent.order_id);
        if let Some(original) = replaces {
            let change = Change { entry: entry.seq, intent: intent.clone(), sent_at: None };
            self.book.update(original, |order| {
                order.was_changed = true;
                order.n_changes = order.n_changes.saturating_add(1);
                order.changes.push(change);
            });
        } else {
            let order = Self::order_ref(bot, intent.order_id);
            self.book.insert(Order::new(entry.seq, order, intent.clone(), entry.stamp));
        }
        self.positions.name_symbol_of(intent);
    }

    fn fold_refusals(&mut self, bot: &BotName, stamp: Stamp, count: u32, is_own: bool) {
        if let Some(bot) = self.bots.get_mut(bot) {
            if is_own {
                bot.refused.note(stamp, count);
            }
            bot.count(stamp, |today| today.refused = today.refused.saturating_add(count));
        }
    }

    fn fold_withdrawn(&mut self, order: &OrderRef, intent: EntrySeq) {
        // What was never sent is not the same order sent again, but it was asked for.
        if let Some(bot) = self.bots.get_mut(&order.bot) {
            let recent = bot.recent.iter_mut().find(|(entry, _)| *entry == intent);
            if let Some((_, recent)) = recent {
                recent.is_new = false;
            }
        }
        let Some(entry) = self.book.owner(order, intent).map(|order| order.entry) else { return };
        self.book.update(entry, |order| {
            if entry == intent {
                order.status = OrderStatus::Withdrawn;
                order.changes.clear();
            } else {
                order.changes.retain(|change| change.entry != intent);
            }
        });
    }

    fn fold_unknown(&mut self, order: &OrderRef, intent: EntrySeq) {
        let Some(entry) = self.book.owner(order, intent).map(|order| order.entry) else { return };
        // The unknown fate of a change keeps the worse of both counted.
        if entry == intent {
            self.book.update(entry, |order| order.status = OrderStatus::Unknown);
        }
    }

    fn fold_report(&mut self, stamp: Stamp, order: &OrderRef, report: Report) {
        let held = self.book.find(order).map(|order| (order.entry, order.status));
        let Some((entry, before)) = held else { return };
        if let Some(bot) = self.bots.get_mut(&order.bot) {
            match report.status {
                OrderStatus::Rejected if before != OrderStatus::Rejected => {
                    bot.refused.note(stamp, 1);
                }
                OrderStatus::PreSubmitted | OrderStatus::Submitted | OrderStatus::Filled => {
                    bot.refused.accepted();
                }
                OrderStatus::Rejected
                | OrderStatus::Recording
                | OrderStatus::Sent
                | OrderStatus::PendingSubmit
                | OrderStatus::PendingCancel
                | OrderStatus::Inactive
                | OrderStatus::Cancelled
                | OrderStatus::Withdrawn
                | OrderStatus::Unknown => {}
            }
        }
        self.book.update(entry, |order| {
            order.status = report.status;
            order.report = Some(report);
            let total = report.filled.value().saturating_add(report.remaining.value());
            if order.is_live() && order.intent.quantity.value() != total {
                order.acknowledge(|intent| intent.quantity.value() == total);
            }
        });
    }

    /// Notes who waits for a cancel, or that it was sent.
    fn fold_cancel(&mut self, order: &OrderRef, wanted: Option<&Actor>) {
        let Some(entry) = self.book.find(order).map(|order| order.entry) else { return };
        self.book.update(entry, |order| {
            order.cancel_wanted = wanted.cloned();
            order.is_cancel_sent |= wanted.is_none();
        });
    }

    fn fold_terms(&mut self, order: &OrderRef, quantity: Qty, kind: &OrderKind) {
        let Some(entry) = self.book.find(order).map(|order| order.entry) else { return };
        self.book.update(entry, |order| {
            let is_as_asked = order.intent.quantity == quantity && order.intent.kind == *kind;
            order.seen = (!is_as_asked).then(|| (quantity, kind.clone()));
        });
    }

    fn fold_fill(&mut self, stamp: Stamp, execution: &Execution) {
        let Some(change) = self.positions.fold(execution) else { return };
        self.books.fold_fill(stamp, execution);
        let Some(order) = change.order else { return };
        if change.is_new
            && let Some(bot) = self.bots.get_mut(&order.bot)
        {
            bot.count(stamp, |today| today.fills += 1);
        }
        if let Some(entry) = self.book.find(&order).map(|order| order.entry) {
            self.book.update(entry, |order| {
                order.executed = order.executed.saturating_add(change.quantity).max(Decimal::ZERO);
            });
        }
    }

    fn fold_mark(&mut self, bot: &BotName, next: OrderId) {
        if let Some(bot) = self.bots.get_mut(bot) {
            bot.mark = bot.mark.max(next);
        }
    }

    fn fold_state(&mut self, entry: &Entry) {
        let EntryKind::StateChanged { scope, from, to, why, until } = &entry.kind else { return };
        let back = if until.is_some() { *from } else { TradingState::Active };
        // What Gatehouse locks once a day it does not lock again when a person freed it.
        let is_lock = entry.actor == Actor::Gatehouse && *to == TradingState::ReduceOnly;
        let locked_on = is_lock.then(|| day(entry.stamp));
        match scope {
            Scope::Account => {
                let held = &mut self.account;
                (held.state, held.until, held.back) = (*to, *until, back);
                held.why.clone_from(why);
                held.locked_on = locked_on.or(held.locked_on);
            }
            Scope::Bot(name) => {
                let Some(bot) = self.bots.get_mut(name) else { return };
                (bot.state, bot.until, bot.back) = (*to, *until, back);
                bot.why.clone_from(why);
                bot.locked_on = locked_on.or(bot.locked_on);
                if entry.actor == Actor::Person && to < from {
                    bot.refused.forgive();
                }
            }
            Scope::Symbol(_) => {}
        }
    }
}
