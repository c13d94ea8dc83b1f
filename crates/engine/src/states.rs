//! What a bot or the account may do, changed by a person; Gatehouse itself only makes it stricter.

use std::collections::BTreeSet;

use gatehouse_types::{Actor, BotName, EntryKind, EntrySeq, OrderStatus, Scope, TradingState, Utc};

use crate::breakers::next_session;
use crate::{CommandError, Done, Effect, Engine};

impl Engine {
    /// Sets a state; `is_timed`: until the next session, which only a pause and reduce-only can.
    pub(crate) fn set_state(
        &mut self,
        scope: Scope,
        state: TradingState,
        why: String,
        is_timed: bool,
    ) -> Result<Done, CommandError> {
        self.require_scope(&scope)?;
        let from = match &scope {
            Scope::Account => self.account.state,
            Scope::Bot(name) => self.bots.get(name).map_or(TradingState::Active, |bot| bot.state),
            Scope::Symbol(_) => return Err(CommandError::NoState { scope }),
        };
        if state == TradingState::Killed {
            return Err(CommandError::NotKilled);
        }
        if is_timed && !matches!(state, TradingState::Paused | TradingState::ReduceOnly) {
            return Err(CommandError::NotTimed { state });
        }
        if state < from && self.kill.is_some() {
            return Err(CommandError::Killed);
        }
        if state < from && !self.is_ledger_writable() {
            return Err(CommandError::LedgerNotWritable);
        }
        let held_until = match &scope {
            Scope::Account => self.account.until,
            Scope::Bot(name) => self.bots.get(name).and_then(|bot| bot.until),
            Scope::Symbol(_) => None,
        };
        let until = match self.now.market {
            Some(now) if is_timed => Some(next_session(now)),
            None if is_timed => return Err(CommandError::TimeUnknown),
            Some(_) | None => None,
        };
        if state != from || until != held_until {
            self.enter(Actor::Person, scope, (from, state), why, until);
        }
        Ok(Done::Now)
    }

    /// Pauses a bot unless it is in a stricter state.
    pub(crate) fn pause_for(&mut self, bot: &BotName, why: &str) {
        let from = self.bots.get(bot).map_or(TradingState::Active, |bot| bot.state);
        if from < TradingState::Paused {
            let scope = Scope::Bot(bot.clone());
            let change = (from, TradingState::Paused);
            self.enter(Actor::Gatehouse, scope, change, why.to_owned(), None);
        }
    }

    pub(crate) fn enter(
        &mut self,
        actor: Actor,
        scope: Scope,
        (from, to): (TradingState, TradingState),
        why: String,
        until: Option<Utc>,
    ) {
        if to == TradingState::Halted {
            self.raise_epoch(&scope);
        }
        let kind = EntryKind::StateChanged { scope: scope.clone(), from, to, why, until };
        self.record(actor.clone(), kind);
        match to {
            TradingState::Active => {}
            TradingState::Paused => {
                self.withdraw_scope(&scope, false, to);
            }
            TradingState::ReduceOnly => {
                self.withdraw_scope(&scope, false, to);
                self.cancel_entries(&scope, &actor);
            }
            TradingState::Halted | TradingState::Killed => {
                self.withdraw_scope(&scope, true, to);
            }
        }
    }

    /// Cancels again what a state that was set without a link, or in an earlier life, let stand.
    pub(crate) fn look_at_reduce_only(&mut self) {
        if self.kill.is_some() {
            return;
        }
        let bots =
            self.bots.registered().map(|bot| (Scope::Bot(bot.config.name.clone()), bot.state));
        let scopes: Vec<_> = std::iter::once((Scope::Account, self.account.state))
            .chain(bots)
            .filter(|(_, state)| *state == TradingState::ReduceOnly)
            .map(|(scope, _)| scope)
            .collect();
        for scope in scopes {
            self.cancel_entries(&scope, &Actor::Gatehouse);
        }
    }

    /// From here on the writer drops what was approved before in this scope.
    pub(crate) fn raise_epoch(&mut self, scope: &Scope) {
        let counted = match scope {
            Scope::Account => Some(&mut self.account.epoch),
            Scope::Bot(name) => self.bots.get_mut(name).map(|bot| &mut bot.epoch),
            Scope::Symbol(_) => None,
        };
        if let Some(epoch) = counted {
            *epoch += 1;
            let epoch = *epoch;
            self.push(Effect::RaiseEpoch { scope: scope.clone(), epoch });
        }
    }

    /// Cancels the working orders of a scope that do not provably reduce.
    fn cancel_entries(&mut self, scope: &Scope, actor: &Actor) {
        let in_scope = match scope {
            Scope::Account => None,
            Scope::Bot(name) => Some(name),
            Scope::Symbol(_) => return,
        };
        let live: BTreeSet<EntrySeq> = self.book.live(in_scope).map(|it| it.entry).collect();
        let exits = self.provable_exits(&live);
        let entries: Vec<_> = live
            .difference(&exits)
            .filter_map(|entry| self.book.get(*entry))
            .filter(|order| order.status != OrderStatus::PendingCancel)
            // While the account is not known the first snapshot decides on these.
            .filter(|order| !self.closes_by_own_fills(order))
            .map(|order| order.order.clone())
            .collect();
        for order in entries {
            self.cancel_order(&order, actor);
        }
    }
}
