//! Which working orders provably only take risk away.
//!
//! The judgement proves it for an intent; this proves it for orders that already work, all kept
//! ones counted together. Called by the kill and by reduce-only.

use std::collections::BTreeSet;

use gatehouse_risk::{Part, side_total};
use gatehouse_types::{BotName, ConId, Decimal, EntrySeq, Family, Qty, Side, SignedQty};

use crate::Engine;
use crate::book::Order;

/// Returns how much of a position an order of this side can close.
pub(crate) fn closes(position: SignedQty, side: Side) -> Decimal {
    match side {
        Side::Buy => -position.value(),
        Side::Sell => position.value(),
    }
}

/// Orders that stay at work, counted together.
#[derive(Default)]
struct Kept<'a>(Vec<(Part<'a>, ConId, Side)>);

impl<'a> Kept<'a> {
    fn add(&mut self, order: &'a Order) {
        self.0.push((part(order), order.con_id, order.intent.side));
    }

    /// Returns what can fill on the side of an order, it included, of its bot or of all.
    fn with(&self, order: &'a Order, owner: Option<&BotName>) -> Option<Decimal> {
        let kept = self.0.iter().filter(|(part, con_id, side)| {
            (*con_id, *side) == (order.con_id, order.intent.side)
                && owner.is_none_or(|bot| part.bot == Some(bot))
        });
        let parts = kept.map(|(part, ..)| *part).chain([part(order)]);
        // Parents that open are cancelled as well: nothing is covered by what they would fill.
        side_total(parts, |_, _| Qty::ZERO)
    }
}

fn part(order: &Order) -> Part<'_> {
    Part { bot: Some(&order.order.bot), family: &order.intent.family, quantity: order.exposure() }
}

impl Engine {
    /// Returns those of the candidates that only shrink the account's and their bot's position,
    /// oldest first, with everything else that stays at work on the same side filled.
    pub(crate) fn provable_exits(&self, candidates: &BTreeSet<EntrySeq>) -> BTreeSet<EntrySeq> {
        let alone = Family::alone();
        let mut kept = Kept::default();
        for foreign in &self.session.foreign {
            let part = Part { bot: None, family: &alone, quantity: foreign.remaining };
            kept.0.push((part, foreign.con_id, foreign.side));
        }
        for order in self.book.open().filter(|order| !candidates.contains(&order.entry)) {
            if !self.will_be_cancelled(order) {
                kept.add(order);
            }
        }
        let mut exits = BTreeSet::new();
        for order in candidates.iter().filter_map(|entry| self.book.get(*entry)) {
            let Some(account) = self.positions.of_account(order.con_id) else { continue };
            let bot = &order.order.bot;
            let own = self.positions.of_bot(bot, order.con_id);
            let side = order.intent.side;
            let fits = |position, owner| {
                kept.with(order, owner).is_some_and(|leaving| leaving <= closes(position, side))
            };
            if fits(account, None) && fits(own, Some(bot)) {
                kept.add(order);
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
