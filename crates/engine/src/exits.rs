//! Which working orders provably only take risk away.
//!
//! The judgement proves it for an intent; this proves it for orders that already work, all kept
//! ones counted together. Called by the kill and by reduce-only.

use std::collections::{BTreeMap, BTreeSet};

use gatehouse_types::{BotName, ConId, Decimal, EntrySeq, Side, SignedQty};

use crate::Engine;
use crate::book::Order;

/// Returns how much of a position an order of this side can close.
pub(crate) fn closes(position: SignedQty, side: Side) -> Decimal {
    match side {
        Side::Buy => -position.value(),
        Side::Sell => position.value(),
    }
}

#[derive(Default)]
struct Sums {
    account: BTreeMap<(ConId, Side), Decimal>,
    bots: BTreeMap<(BotName, ConId, Side), Decimal>,
}

impl Sums {
    fn add(&mut self, order: &Order) {
        let quantity = order.exposure().value();
        let (con_id, side) = (order.con_id, order.intent.side);
        let account = self.account.entry((con_id, side)).or_default();
        *account = account.saturating_add(quantity);
        let bot = self.bots.entry((order.order.bot.clone(), con_id, side)).or_default();
        *bot = bot.saturating_add(quantity);
    }

    fn with(&self, order: &Order) -> (Decimal, Decimal) {
        let quantity = order.exposure().value();
        let (con_id, side) = (order.con_id, order.intent.side);
        let account = self.account.get(&(con_id, side)).copied().unwrap_or_default();
        let bot = self.bots.get(&(order.order.bot.clone(), con_id, side)).copied();
        (account.saturating_add(quantity), bot.unwrap_or_default().saturating_add(quantity))
    }
}

impl Engine {
    /// Returns those of the candidates that only shrink the account's and their bot's position,
    /// oldest first, with everything else that stays at work on the same side filled.
    pub(crate) fn provable_exits(&self, candidates: &BTreeSet<EntrySeq>) -> BTreeSet<EntrySeq> {
        let mut sums = Sums::default();
        for foreign in &self.session.foreign {
            let sum = sums.account.entry((foreign.con_id, foreign.side)).or_default();
            *sum = sum.saturating_add(foreign.remaining.value());
        }
        for order in self.book.open().filter(|order| !candidates.contains(&order.entry)) {
            if !self.will_be_cancelled(order) {
                sums.add(order);
            }
        }
        let mut exits = BTreeSet::new();
        for order in candidates.iter().filter_map(|entry| self.book.get(*entry)) {
            let Some(account) = self.positions.of_account(order.con_id) else { continue };
            let bot = self.positions.of_bot(&order.order.bot, order.con_id);
            let side = order.intent.side;
            let (of_account, of_bot) = sums.with(order);
            if of_account <= closes(account, side) && of_bot <= closes(bot, side) {
                sums.add(order);
                exits.insert(order.entry);
            }
        }
        exits
    }

    /// Returns whether the bot's own fills say that an order closes, while what the account holds
    /// is not known.
    pub(crate) fn closes_by_own_fills(&self, order: &Order) -> bool {
        let held = self.positions.of_bot(&order.order.bot, order.con_id);
        self.positions.of_account(order.con_id).is_none()
            && order.exposure().value() <= closes(held, order.intent.side)
    }

    fn will_be_cancelled(&self, order: &Order) -> bool {
        order.is_live() && self.kill.is_some()
    }
}
