//! Families of orders: a parent, its children and theirs. The Gateway holds members until one of
//! them transmits all; until then it says nothing about them and lists them nowhere.
//!
//! What members can do together is counted in `risk::family`; this judges which ties are allowed,
//! judges a family again when it would be transmitted, and takes back what cannot be completed.

use std::collections::BTreeSet;

use gatehouse_types::{
    Actor, BotName, Decimal, EntrySeq, Finding, Intent, OrderRef, OrderStatus, Qty, Refusal, Scope,
    Verdict, Weight,
};

use crate::Engine;
use crate::book::Order;
use crate::outgoing::{Outgoing, Stage, Tell};

/// Most live orders of one family: each is judged again when it is transmitted.
const FAMILY_MAX: usize = 32;

/// Longest chain of parents that is followed; a ring of ids ends there.
const GENERATIONS_MAX: usize = FAMILY_MAX;

fn refuse(verdict: &mut Verdict, bot: &BotName, refusal: Refusal) {
    if verdict.findings.iter().all(|it| it.refusal != refusal) {
        let scope = Scope::Bot(bot.clone());
        verdict.findings.push(Finding { weight: Weight::Refuse, scope, refusal });
    }
}

/// Adds the reasons of another verdict, and the member of the family that it is about.
fn refuse_with(verdict: &mut Verdict, today: Verdict, member: Option<&Order>) {
    for finding in today.findings {
        if finding.weight >= Weight::Hold && !verdict.findings.contains(&finding) {
            verdict.findings.push(finding);
        }
    }
    if let Some(member) = member {
        let order_id = member.order.order_id.get();
        refuse(verdict, &member.order.bot, Refusal::FamilyRefused { order_id });
    }
}

/// Returns why a new order cannot hang on this one, in words that follow "its parent is".
fn unfit(parent: &Order) -> Option<&'static str> {
    if parent.status == OrderStatus::Unknown {
        Some("of unknown fate")
    } else if !parent.is_live() {
        Some("finished")
    } else if parent.is_cancel_sent || parent.cancel_wanted.is_some() {
        Some("being cancelled")
    } else {
        None
    }
}

/// Returns the tie that a change may not change. The Gateway gives children a group of their own,
/// and clients send it back as it was shown; another one would untie siblings.
fn changed_tie(order: &Order, new: &Intent, is_parent_live: bool) -> Option<&'static str> {
    let (old, new) = (&order.intent.family, &new.family);
    let is_parent_dropped = old.parent_id.is_some() && new.parent_id.is_none();
    let shown = order.given.as_ref().filter(|(group, _)| *group == new.oca_group);
    let is_own = !old.oca_group.is_empty() || old.parent_id.is_none();
    let is_type_given = shown.is_some_and(|(_, oca_type)| *oca_type == new.oca_type);
    if old.parent_id != new.parent_id && (is_parent_live || !is_parent_dropped) {
        Some("parent")
    } else if old.oca_group != new.oca_group && (is_own || shown.is_none()) {
        Some("OCA group")
    } else if old.oca_type != new.oca_type && (is_own || !is_type_given) {
        Some("OCA type")
    } else if order.asks_transmit() && !new.transmit {
        Some("transmit flag")
    } else {
        None
    }
}

impl Engine {
    fn parent_of(&self, order: &Order) -> Option<&Order> {
        let parent = Self::order_ref(&order.order.bot, order.intent.family.parent_id?);
        self.book.find(&parent)
    }

    /// Returns the tie of a working order that a change of it may not change.
    pub(crate) fn forbidden_tie(&self, order: &Order, new: &Intent) -> Option<&'static str> {
        changed_tie(order, new, self.parent_of(order).is_some_and(Order::is_live))
    }

    /// Returns the oldest order that an order hangs on, itself when it hangs on none.
    fn root(&self, bot: &BotName, intent: &Intent) -> OrderRef {
        let mut root = Self::order_ref(bot, intent.order_id);
        let mut next = intent.family.parent_id;
        for _ in 0..GENERATIONS_MAX {
            let Some(id) = next else { break };
            root = Self::order_ref(bot, id);
            next = self.book.find(&root).and_then(|order| order.intent.family.parent_id);
        }
        root
    }

    /// Returns whether the Gateway holds the order back: none of its family transmits it, and
    /// nothing says that it works. Such an order is listed nowhere.
    pub(crate) fn is_held(&self, order: &Order) -> bool {
        let may_be_held = order.is_live() && !order.asks_transmit() && !order.is_shown_at_work();
        if !may_be_held {
            return false;
        }
        !self.is_transmitted(&self.root(&order.order.bot, &order.intent))
    }

    /// Returns the live orders of a family, oldest first.
    fn members<'a>(&'a self, root: &'a OrderRef) -> impl Iterator<Item = &'a Order> + 'a {
        let live = self.book.live(Some(&root.bot));
        live.filter(move |order| self.root(&root.bot, &order.intent) == *root)
    }

    /// Returns whether an order of the family asks the Gateway to work it.
    fn is_transmitted(&self, root: &OrderRef) -> bool {
        let mut family = self.members(root).chain(self.book.find(root));
        family.any(|it| it.asks_transmit() && it.status != OrderStatus::Withdrawn)
    }

    /// Returns the held members of the family of an order, oldest first.
    fn held_family(&self, bot: &BotName, intent: &Intent) -> Vec<EntrySeq> {
        let root = self.root(bot, intent);
        if self.is_transmitted(&root) {
            return Vec::new();
        }
        let held = self.members(&root).filter(|order| !order.is_shown_at_work());
        held.map(|order| order.entry).collect()
    }

    /// Adds why the ties of an order, or what would be transmitted with it, refuse it. Returns
    /// whether everything that it transmits only reduces.
    pub(crate) fn judge_family(
        &self,
        bot: &BotName,
        intent: &Intent,
        replaces: Option<EntrySeq>,
        verdict: &mut Verdict,
    ) -> bool {
        if intent.what_if {
            return true;
        }
        match replaces.and_then(|entry| self.book.get(entry)) {
            Some(order) => self.judge_children(order, intent, verdict),
            None => self.judge_parent(bot, intent, verdict),
        }
        if !intent.family.transmit {
            return true;
        }
        let mut only_reduces = true;
        for entry in self.held_family(bot, intent) {
            let Some(member) = self.book.get(entry) else { continue };
            let is_itself = replaces == Some(entry);
            let sent = if is_itself { intent } else { &member.worst() };
            let today = self.evaluate(bot, sent, None, Some(entry));
            only_reduces &= today.is_exit;
            if today.may_send() {
                continue;
            }
            let member = (!is_itself).then_some(member);
            refuse_with(verdict, today, member);
        }
        only_reduces
    }

    /// Adds why an order may not become smaller: what it does not cover any more of its children
    /// would open, and they were judged with the cover.
    fn judge_children(&self, order: &Order, new: &Intent, verdict: &mut Verdict) {
        let least = new.quantity.value().saturating_sub(order.executed).max(Decimal::ZERO);
        let Ok(least) = Qty::try_new(least) else { return };
        let is_child = |it: &&Order| self.parent_of(it).is_some_and(|it| it.entry == order.entry);
        let children = self.book.live(Some(&order.order.bot)).filter(is_child);
        for child in children.filter(|it| it.exposure() > least && least < order.exposure_least()) {
            let today = self.evaluate_uncovered(child, order.entry, least);
            if !today.may_send() {
                refuse_with(verdict, today, Some(child));
            }
        }
    }

    fn judge_parent(&self, bot: &BotName, intent: &Intent, verdict: &mut Verdict) {
        let Some(parent_id) = intent.family.parent_id else { return };
        let parent = self.book.find(&Self::order_ref(bot, parent_id));
        let state = parent.map_or(Some("not known"), unfit);
        if let Some(state) = state {
            let parent_id = parent_id.get();
            refuse(verdict, bot, Refusal::ParentNotWorking { parent_id, state });
        }
        let Some(parent) = parent else { return };
        if self.members(&self.root(bot, intent)).count() >= FAMILY_MAX {
            let what = "in a family of more than 32 orders";
            refuse(verdict, bot, Refusal::TieNotAllowed { what });
        }
        if parent.intent.side == intent.side {
            refuse(verdict, bot, Refusal::TieNotAllowed { what: "on the side of its parent" });
        }
        if self.con_id_of(intent).is_some_and(|con_id| con_id != parent.con_id) {
            let what = "in another contract than its parent";
            refuse(verdict, bot, Refusal::TieNotAllowed { what });
        }
    }

    /// Cancels the held members of the family of an order that was refused: it cannot be completed.
    pub(crate) fn break_family(&mut self, bot: &BotName, intent: &Intent) {
        if intent.what_if {
            return;
        }
        for entry in self.held_family(bot, intent) {
            self.take_member_back(entry);
        }
    }

    /// Takes back what is on its way of a family that lost a member, and cancels what is held of
    /// it. A family that was transmitted is at work, and stays.
    pub(crate) fn break_unsent_family(&mut self, bot: &BotName, intent: &Intent) {
        let root = self.root(bot, intent);
        let family: BTreeSet<EntrySeq> = self.members(&root).map(|order| order.entry).collect();
        let is_sent = |entry: &EntrySeq| {
            !self.outgoing.contains_key(entry)
                && self.book.get(*entry).is_some_and(|order| order.intent.family.transmit)
        };
        if family.iter().any(is_sent) {
            return;
        }
        let is_meant = |it: &Outgoing| it.of.is_some_and(|of| family.contains(&of));
        self.recall(is_meant);
        let unsent =
            self.outgoing.iter().filter(|(_, it)| it.stage == Stage::AwaitsCommit && is_meant(it));
        for entry in unsent.map(|(entry, _)| *entry).collect::<Vec<_>>() {
            self.withdraw_alone(entry, Refusal::TakenBack, Tell::Rejected);
        }
        self.break_family(bot, intent);
    }

    /// Cancels everything of a bot that is held, and drops what waits to be: what could not be
    /// understood may have been the stop of any of it.
    pub(crate) fn break_families(&mut self, bot: &BotName) {
        self.drop_waiting(bot, |waiting| !waiting.family.transmit);
        let held = self.book.live(Some(bot)).filter(|order| self.is_held(order));
        for entry in held.map(|order| order.entry).collect::<Vec<_>>() {
            self.take_member_back(entry);
        }
    }

    fn take_member_back(&mut self, entry: EntrySeq) {
        let Some(order) = self.book.get(entry) else { return };
        if !order.is_cancel_sent && order.cancel_wanted.is_none() {
            let order = order.order.clone();
            self.cancel_order(&order, &Actor::Gatehouse);
        }
    }

    /// Cancels held children whose parent will not fill.
    pub(crate) fn look_at_families(&mut self) {
        let orphans: BTreeSet<EntrySeq> = self
            .book
            .live(None)
            .filter(|order| order.intent.family.parent_id.is_some())
            .filter(|order| !order.is_cancel_sent && order.cancel_wanted.is_none())
            .filter(|order| {
                self.parent_of(order).is_none_or(|parent| {
                    parent.is_cancel_sent
                        || parent.cancel_wanted.is_some()
                        || (parent.is_gone() && parent.status != OrderStatus::Filled)
                })
            })
            .filter(|order| self.is_held(order))
            .map(|order| order.entry)
            .collect();
        for entry in orphans {
            self.take_member_back(entry);
        }
    }
}
