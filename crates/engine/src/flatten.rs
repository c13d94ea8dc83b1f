//! Closing positions by a person's act, also while bots are halted or killed.
//!
//! The person reviews a plan and asks for exactly that plan. The engine makes it again, refuses
//! when anything about it changed, cancels what could close the same position twice, and grants
//! the desk one closing order for each position. The order comes through the desk's door like any
//! other; the grant counts only while the order provably takes risk away from the account, and
//! only for some seconds. Nothing here sends an order.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use gatehouse_types::{
    Actor, BotName, ConId, Decimal, EntryKind, EntrySeq, Intent, Mono, OrderRef, Qty, Scope, Side,
    SignedQty,
};

use crate::book::Order;
use crate::exits::closes;
use crate::{CommandError, Done, Effect, Engine};

/// Time in which the cancels must be confirmed and the closing orders must come.
const GRANTED_FOR: Duration = Duration::from_secs(30);

/// One position of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Close {
    pub con_id: ConId,
    /// Empty when nothing named it yet.
    pub symbol: String,
    /// Held by the scope: the bot's own, or the account's.
    pub held: SignedQty,
    pub held_by_account: SignedQty,
    pub side: Side,
    pub quantity: Qty,
    /// Why it cannot be closed, in words that follow "because".
    pub obstacle: Option<&'static str>,
}

/// What a flatten of a scope does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlattenPlan {
    pub scope: Scope,
    pub closes: Vec<Close>,
    /// Working orders that are cancelled first.
    pub cancels: Vec<OrderRef>,
}

/// One closing order that the desk may send.
#[derive(Debug, Clone)]
struct Grant {
    side: Side,
    left: Qty,
    until: Mono,
}

/// Of this life: nobody closes by an act of an earlier one.
#[derive(Debug, Default)]
pub(crate) struct Flatten {
    grants: BTreeMap<ConId, Grant>,
    /// Orders that came of a grant; the kill leaves them alone while they only close.
    orders: BTreeSet<EntrySeq>,
}

impl Engine {
    /// Returns what a flatten of the scope would do now.
    #[must_use]
    pub fn flatten_plan(&self, scope: &Scope) -> FlattenPlan {
        let held: Vec<(ConId, SignedQty)> = match scope {
            Scope::Account => self.positions.all_of_account().collect(),
            Scope::Bot(bot) => self.positions.all_of_bot(bot).collect(),
            Scope::Symbol(symbol) => self
                .positions
                .all_of_account()
                .filter(|(con_id, _)| self.positions.symbol(*con_id) == Some(symbol))
                .collect(),
        };
        let held: Vec<(ConId, SignedQty)> =
            held.into_iter().filter(|(_, held)| !held.size().is_zero()).collect();
        let is_in_scope = |bot: &BotName| match scope {
            Scope::Bot(name) => name == bot,
            Scope::Account | Scope::Symbol(_) => true,
        };
        let cancels: Vec<OrderRef> = self
            .book
            .live(None)
            .filter(|order| !order.is_gone() && is_in_scope(&order.order.bot))
            .filter(|order| held.iter().any(|(con_id, _)| *con_id == order.con_id))
            .map(|order| order.order.clone())
            .collect();
        let closes = held.into_iter().map(|held| self.close(held, &cancels)).collect();
        FlattenPlan { scope: scope.clone(), closes, cancels }
    }

    fn close(&self, (con_id, held): (ConId, SignedQty), cancels: &[OrderRef]) -> Close {
        let side = if held.value() > Decimal::ZERO { Side::Sell } else { Side::Buy };
        let account = self.positions.of_account(con_id);
        let can_close = account.map_or(Decimal::ZERO, |account| closes(account, side));
        let quantity = held.size().value().min(can_close.max(Decimal::ZERO));
        let others = self.same_side(con_id, side, cancels);
        let obstacle = if account.is_none() || !self.session.is_reconciled {
            Some("what the account holds is not known")
        } else if quantity.is_zero() {
            Some("the account holds nothing of it on this side")
        } else if others.saturating_add(quantity) > can_close {
            Some("other working orders on the same side could close it twice")
        } else {
            None
        };
        Close {
            con_id,
            symbol: self.positions.symbol(con_id).unwrap_or_default().to_owned(),
            held,
            held_by_account: account.unwrap_or(SignedQty::FLAT),
            side,
            quantity: Qty::try_new(quantity).unwrap_or(Qty::ZERO),
            obstacle,
        }
    }

    /// Returns what may still fill on one side of an instrument, leaving some orders out.
    fn same_side(&self, con_id: ConId, side: Side, without: &[OrderRef]) -> Decimal {
        self.working_without(None)
            .iter()
            .filter(|order| order.con_id == con_id && order.side == side)
            .filter(|order| order.order.as_ref().is_none_or(|it| !without.contains(it)))
            .fold(Decimal::ZERO, |sum, order| sum.saturating_add(order.remaining.value()))
    }

    /// Does what was reviewed: cancels, and grants the closing orders.
    pub(crate) fn flatten(&mut self, reviewed: &FlattenPlan) -> Result<Done, CommandError> {
        if !self.is_ledger_writable() {
            return Err(CommandError::LedgerNotWritable);
        }
        let plan = self.flatten_plan(&reviewed.scope);
        if &plan != reviewed {
            return Err(CommandError::PlanChanged);
        }
        let possible = plan.closes.iter().filter(|close| close.obstacle.is_none());
        let closes: Vec<&Close> = possible.collect();
        if closes.is_empty() {
            return Err(CommandError::NothingToClose);
        }
        let said = closes.iter().map(|it| format!("{} {} {}", it.side, it.quantity, it.symbol));
        let kind = EntryKind::FlattenAsked { scope: plan.scope, closes: said.collect() };
        let until = self.now.mono.plus(GRANTED_FOR);
        for Close { con_id, side, quantity, .. } in closes {
            let grant = Grant { side: *side, left: *quantity, until };
            self.flatten.grants.insert(*con_id, grant);
        }
        self.record(Actor::Person, kind);
        let n_cancelled = plan.cancels.len();
        for order in plan.cancels {
            self.cancel_order(&order, &Actor::Person);
        }
        if n_cancelled > 0 {
            self.push(Effect::WantSnapshot);
        }
        Ok(Done::Cancelling(n_cancelled))
    }

    /// Returns whether a closing order of the desk would be provably an exit now: whatever was
    /// cancelled for it is gone.
    #[must_use]
    pub fn may_close(&self, con_id: ConId) -> bool {
        self.flatten.grants.get(&con_id).is_some_and(|grant| {
            self.now.mono < grant.until && self.only_closes(con_id, grant.side, grant.left.value())
        })
    }

    /// Returns whether a grant covers the intent: a new order of the desk, on the granted side, of
    /// no more than was granted, that only shrinks what the account holds.
    pub(crate) fn is_granted(
        &self,
        bot: &BotName,
        intent: &Intent,
        replaces: Option<EntrySeq>,
    ) -> bool {
        if *bot != BotName::desk() || replaces.is_some() {
            return false;
        }
        let Some(con_id) = intent.contract.con_id else { return false };
        self.flatten.grants.get(&con_id).is_some_and(|grant| {
            self.now.mono < grant.until
                && grant.side == intent.side
                && intent.quantity <= grant.left
                && !intent.what_if
                && self.only_closes(con_id, intent.side, intent.quantity.value())
        })
    }

    /// Returns whether an order came of a grant and can, with others of that kind, still only close
    /// what the account holds. While that is not known it is left to the first snapshot.
    pub(crate) fn closes_by_grant(&self, order: &Order) -> bool {
        let Some(account) = self.positions.of_account(order.con_id) else {
            return self.flatten.orders.contains(&order.entry);
        };
        let (con_id, side) = (order.con_id, order.intent.side);
        let granted = self.flatten.orders.iter().filter_map(|entry| self.book.get(*entry));
        let leaving = granted
            .filter(|it| it.con_id == con_id && it.intent.side == side)
            .fold(Decimal::ZERO, |sum, it| sum.saturating_add(it.exposure().value()));
        self.flatten.orders.contains(&order.entry) && leaving <= closes(account, side)
    }

    fn only_closes(&self, con_id: ConId, side: Side, quantity: Decimal) -> bool {
        let Some(account) = self.positions.of_account(con_id) else { return false };
        let working = self.same_side(con_id, side, &[]);
        self.session.is_reconciled && working.saturating_add(quantity) <= closes(account, side)
    }

    /// Takes a granted order off its grant. Called once it is approved.
    pub(crate) fn use_grant(&mut self, intent: &Intent, entry: EntrySeq) {
        let Some(con_id) = intent.contract.con_id else { return };
        self.flatten.orders.insert(entry);
        if let Some(grant) = self.flatten.grants.get_mut(&con_id) {
            grant.left = grant.left.saturating_sub(intent.quantity);
            if grant.left.is_zero() {
                self.flatten.grants.remove(&con_id);
            }
        }
    }
}
