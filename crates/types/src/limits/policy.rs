//! The limits of all scopes, and which of them holds.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{LimitId, LimitUnit, LimitValue, Names, Profile};
use crate::{BotName, Scope};

/// The values set in one scope, one place for each limit.
///
/// `Some(None)` is a limit that was switched off here; `None` is inherited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits(Vec<Option<Option<LimitValue>>>);

impl Default for Limits {
    fn default() -> Self {
        Self(vec![None; LimitId::ALL.len()])
    }
}

impl Limits {
    /// Returns what is set.
    #[must_use]
    pub fn get(&self, id: LimitId) -> Option<Option<&LimitValue>> {
        self.0.get(id.index())?.as_ref().map(Option::as_ref)
    }

    fn set(&mut self, id: LimitId, value: Option<Option<LimitValue>>) {
        if let Some(place) = self.0.get_mut(id.index()) {
            *place = value;
        }
    }

    fn number(&self, id: LimitId) -> Option<Decimal> {
        self.get(id).flatten().and_then(LimitValue::number)
    }
}

/// A scope that is only pointed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeRef<'a> {
    Account,
    Bot(&'a BotName),
    Symbol(&'a str),
}

impl From<ScopeRef<'_>> for Scope {
    fn from(scope: ScopeRef<'_>) -> Self {
        match scope {
            ScopeRef::Account => Self::Account,
            ScopeRef::Bot(bot) => Self::Bot(bot.clone()),
            ScopeRef::Symbol(symbol) => Self::Symbol(symbol.to_owned()),
        }
    }
}

/// The strictest value of a limit, and the scope that set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit<'a> {
    pub value: Decimal,
    pub scope: ScopeRef<'a>,
}

/// The limits that reach one bot's orders in one symbol, from the narrowest scope to the widest.
#[derive(Debug, Clone, Copy)]
pub struct Layers<'a> {
    layers: [(ScopeRef<'a>, Option<&'a Limits>); 3],
}

impl<'a> Layers<'a> {
    /// Returns the strictest number; `None` when the limit is off in every scope.
    #[must_use]
    pub fn limit(&self, id: LimitId) -> Option<Limit<'a>> {
        let [(_, symbol), (_, bot), (scope, account)] = &self.layers;
        // Mostly nothing is set for the symbol or the bot.
        if symbol.is_none() && bot.is_none() {
            let value = (*account)?.number(id)?;
            return Some(Limit { value, scope: *scope });
        }
        let mut strictest: Option<Limit<'a>> = None;
        for (scope, limits) in &self.layers {
            let Some(value) = limits.and_then(|limits| limits.number(id)) else { continue };
            if strictest.is_none_or(|held| !id.is_stricter(value, held.value)) {
                strictest = Some(Limit { value, scope: *scope });
            }
        }
        strictest
    }

    /// Returns the number of each scope that has one, for a measure that differs by scope.
    pub fn each(&self, id: LimitId) -> impl Iterator<Item = Limit<'a>> {
        self.layers.iter().filter_map(move |(scope, limits)| {
            let value = limits.and_then(|limits| limits.number(id))?;
            Some(Limit { value, scope: *scope })
        })
    }

    /// Returns the narrowest scope in which a rule is on.
    #[must_use]
    pub fn switched_on(&self, id: LimitId) -> Option<ScopeRef<'a>> {
        let is_on = |limits: &Limits| matches!(limits.get(id), Some(Some(LimitValue::On)));
        self.layers.iter().find(|(_, limits)| limits.is_some_and(is_on)).map(|(scope, _)| *scope)
    }

    /// Returns the names of every scope that has a list: each of them holds.
    pub fn names(&self, id: LimitId) -> impl Iterator<Item = (ScopeRef<'a>, &'a Names)> {
        self.layers.iter().filter_map(move |(scope, limits)| {
            match limits.and_then(|limits| limits.get(id).flatten()) {
                Some(LimitValue::Names(names)) => Some((*scope, names)),
                Some(LimitValue::Number(_) | LimitValue::On) | None => None,
            }
        })
    }
}

/// All limits of all scopes. A bot or a symbol can only be stricter than the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Goes up by one with each change; every verdict names it.
    pub version: u64,
    account: Limits,
    bots: BTreeMap<BotName, Limits>,
    symbols: BTreeMap<String, Limits>,
}

impl Policy {
    /// Returns the Careful profile for the account, with nothing set elsewhere.
    #[must_use]
    pub fn careful() -> Self {
        let mut account = Limits::default();
        for id in LimitId::ALL {
            account.set(*id, Some(Profile::Careful.value(*id)));
        }
        Self { version: 1, account, bots: BTreeMap::new(), symbols: BTreeMap::new() }
    }

    /// Returns what is set in `scope` itself.
    #[must_use]
    pub fn own(&self, scope: &Scope, id: LimitId) -> Option<Option<&LimitValue>> {
        self.limits(scope)?.get(id)
    }

    /// Returns every symbol that had a limit of its own, in alphabetical order.
    pub fn symbols(&self) -> impl Iterator<Item = &str> {
        self.symbols.keys().map(String::as_str)
    }

    fn limits(&self, scope: &Scope) -> Option<&Limits> {
        match scope {
            Scope::Account => Some(&self.account),
            Scope::Bot(bot) => self.bots.get(bot),
            Scope::Symbol(symbol) => self.symbols.get(symbol),
        }
    }

    /// Sets, switches off (`Some(None)`) or removes (`None`) a value, and counts the version up.
    pub fn set(&mut self, scope: Scope, id: LimitId, value: Option<Option<LimitValue>>) {
        self.version += 1;
        let limits = match scope {
            Scope::Account => &mut self.account,
            Scope::Bot(bot) => self.bots.entry(bot).or_default(),
            Scope::Symbol(symbol) => self.symbols.entry(symbol).or_default(),
        };
        limits.set(id, value);
    }

    /// Returns the limits that reach orders of `bot` in `symbol`.
    #[must_use]
    pub fn layers<'a>(&'a self, bot: &'a BotName, symbol: &'a str) -> Layers<'a> {
        let layers = [
            (ScopeRef::Symbol(symbol), self.symbols.get(symbol)),
            (ScopeRef::Bot(bot), self.bots.get(bot)),
            (ScopeRef::Account, Some(&self.account)),
        ];
        Layers { layers }
    }

    /// Returns the strictest number for an order of `bot` in `symbol`; `None` when the limit is
    /// off in every scope, or no number.
    #[must_use]
    pub fn effective<'a>(
        &'a self,
        bot: &'a BotName,
        symbol: &'a str,
        id: LimitId,
    ) -> Option<Limit<'a>> {
        self.layers(bot, symbol).limit(id)
    }

    /// Returns the strictest value of any form, with its scope. Of lists in several scopes the
    /// narrowest is returned, although each of them holds.
    #[must_use]
    pub fn in_force<'a>(
        &'a self,
        bot: &'a BotName,
        symbol: &'a str,
        id: LimitId,
    ) -> Option<(LimitValue, ScopeRef<'a>)> {
        let layers = self.layers(bot, symbol);
        match id.unit() {
            LimitUnit::Switch => layers.switched_on(id).map(|scope| (LimitValue::On, scope)),
            LimitUnit::AllowList | LimitUnit::RefuseList => {
                let mut lists = layers.names(id);
                lists.next().map(|(scope, names)| (LimitValue::Names(names.clone()), scope))
            }
            LimitUnit::Units
            | LimitUnit::BaseCurrency
            | LimitUnit::Percent
            | LimitUnit::Seconds
            | LimitUnit::Orders
            | LimitUnit::Changes
            | LimitUnit::PricePerUnit => {
                layers.limit(id).map(|limit| (LimitValue::Number(limit.value), limit.scope))
            }
        }
    }

    /// Returns every number that any scope sets for a limit.
    pub fn numbers(&self, id: LimitId) -> impl Iterator<Item = Decimal> {
        let scopes = self.bots.values().chain(self.symbols.values());
        std::iter::once(&self.account).chain(scopes).filter_map(move |limits| limits.number(id))
    }

    /// Returns the profile whose values a scope has; a bot without a value of its own has the
    /// account's. Lists of symbols belong to no profile.
    #[must_use]
    pub fn profile(&self, scope: &Scope) -> Profile {
        let value = |id: LimitId| match self.own(scope, id) {
            Some(value) => value,
            None => self.own(&Scope::Account, id).flatten(),
        };
        let fits = |profile: &Profile| {
            let mut ids = LimitId::ALL.iter().filter(|id| Profile::covers(**id));
            ids.all(|id| profile.value(*id).as_ref() == value(*id))
        };
        [Profile::Careful, Profile::Standard].into_iter().find(fits).unwrap_or(Profile::Custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bot() -> BotName {
        "momentum-spy".parse().expect("is a name")
    }

    fn number(value: i64) -> Option<Option<LimitValue>> {
        Some(Some(Decimal::from(value).into()))
    }

    #[test]
    fn takes_the_strictest_scope() {
        let mut policy = Policy::careful();
        policy.set(Scope::Bot(bot()), LimitId::OrderQty, number(8));
        policy.set(Scope::Symbol("SPY".to_owned()), LimitId::OrderQty, number(9));
        let bot = bot();
        let limit = policy.effective(&bot, "SPY", LimitId::OrderQty).expect("is on");
        assert_eq!((limit.value, limit.scope), (Decimal::from(8), ScopeRef::Bot(&bot)));
    }

    #[test]
    fn a_looser_bot_limit_changes_nothing() {
        let mut policy = Policy::careful();
        policy.set(Scope::Bot(bot()), LimitId::OrderQty, number(900));
        let bot = bot();
        let limit = policy.effective(&bot, "SPY", LimitId::OrderQty).expect("is on");
        assert_eq!((limit.value, limit.scope), (Decimal::from(500), ScopeRef::Account));
    }

    #[test]
    fn a_longer_duplicate_window_is_stricter() {
        let mut policy = Policy::careful();
        policy.set(Scope::Bot(bot()), LimitId::DuplicateWindow, number(30));
        let bot = bot();
        let limit = policy.effective(&bot, "SPY", LimitId::DuplicateWindow).expect("is on");
        assert_eq!(limit.value, Decimal::from(30));
    }

    #[test]
    fn switching_off_in_a_bot_does_not_lift_the_account() {
        let mut policy = Policy::careful();
        policy.set(Scope::Bot(bot()), LimitId::OrderQty, Some(None));
        policy.set(Scope::Bot(bot()), LimitId::RthOnly, Some(None));
        let bot = bot();
        assert!(policy.effective(&bot, "SPY", LimitId::OrderQty).is_some());
        let layers = policy.layers(&bot, "SPY");
        assert_eq!(layers.switched_on(LimitId::RthOnly), Some(ScopeRef::Account));
    }

    #[test]
    fn a_scope_is_custom_when_any_limit_differs() {
        let mut policy = Policy::careful();
        let scope = Scope::Bot(bot());
        assert_eq!(policy.profile(&scope), Profile::Careful);
        for id in LimitId::ALL {
            policy.set(scope.clone(), *id, Some(Profile::Standard.value(*id)));
        }
        assert_eq!(policy.profile(&scope), Profile::Standard);
        policy.set(scope.clone(), LimitId::OrderQty, number(1999));
        assert_eq!(policy.profile(&scope), Profile::Custom);
        policy.set(scope.clone(), LimitId::OrderQty, number(2000));
        let symbols = LimitId::Symbols.parse("SPY").ok();
        policy.set(scope.clone(), LimitId::Symbols, Some(symbols));
        assert_eq!(policy.profile(&scope), Profile::Standard);
    }
}
