//! Changes of limits: tighter applies at once, looser needs confirmation and a delay.

use gatehouse_types::{Actor, EntryKind, LimitChange, LimitId, LimitValue, Mono, Profile, Scope};

use crate::{CommandError, Done, Engine};

/// A looser value that waits for its delay.
#[derive(Debug, Clone)]
pub(crate) struct Scheduled {
    pub(crate) change: LimitChange,
    pub(crate) due: Mono,
}

impl Engine {
    /// Returns what setting a limit would change, and whether it is no looser. Changes nothing.
    ///
    /// # Errors
    /// When the scope has no limits or the value makes no sense.
    pub fn weigh_limit(
        &self,
        scope: Scope,
        limit: LimitId,
        value: Option<Option<LimitValue>>,
    ) -> Result<(LimitChange, bool), CommandError> {
        self.require_scope(&scope)?;
        let new = match value {
            Some(Some(value)) => Some(Some(limit.check(value).map_err(CommandError::Limit)?)),
            Some(None) => Some(None),
            None => None,
        };
        let old = self.policy.own(&scope, limit).map(Option::<&LimitValue>::cloned);
        // Off and inherited are the same to this scope: it limits nothing itself.
        let is_tighter = limit.is_tighter(old.iter().flatten().next(), new.iter().flatten().next());
        Ok((LimitChange { scope, limit, old, new }, is_tighter))
    }

    pub(crate) fn set_limit(
        &mut self,
        scope: Scope,
        limit: LimitId,
        value: Option<Option<LimitValue>>,
        is_confirmed: bool,
    ) -> Result<Done, CommandError> {
        let (change, is_tighter) = self.weigh_limit(scope, limit, value)?;
        if !is_tighter && !is_confirmed {
            return Err(CommandError::NeedsConfirmation);
        }
        if !is_tighter && !self.is_ledger_writable() {
            return Err(CommandError::LedgerNotWritable);
        }
        self.discard(&change.scope, limit);
        if is_tighter {
            if change.old != change.new {
                self.record(Actor::Person, EntryKind::LimitChanged { change });
            }
            return Ok(Done::Now);
        }
        let delay = self.config.loosen_delay;
        self.record(Actor::Person, EntryKind::LimitScheduled { change, delay });
        Ok(Done::After(delay))
    }

    /// Gives a scope the values of a profile, limit by limit.
    pub(crate) fn set_profile(
        &mut self,
        scope: &Scope,
        profile: Profile,
        is_confirmed: bool,
    ) -> Result<Done, CommandError> {
        self.require_scope(scope)?;
        if matches!(scope, Scope::Symbol(_)) || profile == Profile::Custom {
            return Err(CommandError::NoProfile { scope: scope.clone() });
        }
        let values: Vec<(LimitId, Option<LimitValue>)> = LimitId::ALL
            .iter()
            .filter(|id| Profile::covers(**id))
            .map(|id| (*id, profile.value(*id)))
            .collect();
        let is_looser = values.iter().any(|(id, new)| {
            let old = self.policy.own(scope, *id).flatten();
            !id.is_tighter(old, new.as_ref())
        });
        if is_looser && !is_confirmed {
            return Err(CommandError::NeedsConfirmation);
        }
        if is_looser && !self.is_ledger_writable() {
            return Err(CommandError::LedgerNotWritable);
        }
        for (id, new) in values {
            self.set_limit(scope.clone(), id, Some(new), is_confirmed)?;
        }
        Ok(if is_looser { Done::After(self.config.loosen_delay) } else { Done::Now })
    }

    pub(crate) fn discard_limit(
        &mut self,
        scope: Scope,
        limit: LimitId,
    ) -> Result<Done, CommandError> {
        if self.discard(&scope, limit) {
            Ok(Done::Now)
        } else {
            Err(CommandError::NothingScheduled { scope, limit })
        }
    }

    fn discard(&mut self, scope: &Scope, limit: LimitId) -> bool {
        let Some(scheduled) = self.scheduled.get(&(scope.clone(), limit)) else { return false };
        let change = scheduled.change.clone();
        self.record(Actor::Person, EntryKind::LimitDiscarded { change });
        true
    }

    /// Applies what is due. While the ledger cannot be written nothing becomes looser.
    pub(crate) fn apply_due_limits(&mut self) {
        if !self.is_ledger_writable() {
            return;
        }
        let now = self.now.mono;
        let due = self.scheduled.values().filter(|scheduled| scheduled.due <= now);
        for change in due.map(|scheduled| scheduled.change.clone()).collect::<Vec<_>>() {
            self.record(Actor::Gatehouse, EntryKind::LimitChanged { change });
        }
    }

    pub(crate) fn require_scope(&self, scope: &Scope) -> Result<(), CommandError> {
        match scope {
            Scope::Bot(bot) if !self.bots.registered().any(|it| &it.config.name == bot) => {
                Err(CommandError::NoBot { bot: bot.clone() })
            }
            Scope::Bot(_) | Scope::Account | Scope::Symbol(_) => Ok(()),
        }
    }
}
