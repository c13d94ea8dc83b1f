//! The limits a person sets: what they are, in which unit, which direction is stricter, and what
//! the Careful profile starts with.

use std::collections::BTreeMap;
use std::fmt;

use rust_decimal::Decimal;

use crate::{BotName, ControlId, Scope};

/// Unit of a limit's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitUnit {
    /// Shares, contracts or units.
    Units,
    /// The account's base currency.
    BaseCurrency,
    /// Percent; 3 means 3 %.
    Percent,
    Seconds,
    /// A count of orders.
    Orders,
    /// The instrument's currency per unit.
    PricePerUnit,
}

/// Which direction makes a limit stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stricter {
    Lower,
    Higher,
}

macro_rules! limit_ids {
    ($($(#[$doc:meta])* $variant:ident $name:literal $control:literal $unit:ident $stricter:ident $mantissa:literal $scale:literal;)*) => {
        /// One limit that a person can set.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum LimitId { $($(#[$doc])* $variant),* }

        impl LimitId {
            /// Every limit, in the order of the controls.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the name used on the command line and in the ledger.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// Returns the control that applies the limit.
            #[must_use]
            pub const fn control(self) -> ControlId {
                match self { $(Self::$variant => ControlId::new($control)),* }
            }

            /// Returns the unit of the value.
            #[must_use]
            pub const fn unit(self) -> LimitUnit {
                match self { $(Self::$variant => LimitUnit::$unit),* }
            }

            /// Returns the direction that is stricter.
            #[must_use]
            pub const fn stricter(self) -> Stricter {
                match self { $(Self::$variant => Stricter::$stricter),* }
            }

            /// Returns the value of the Careful profile. Source: reference list of controls.
            #[must_use]
            pub fn careful(self) -> Decimal {
                match self { $(Self::$variant => Decimal::new($mantissa, $scale)),* }
            }
        }
    };
}

limit_ids! {
    /// Largest quantity of one order.
    OrderQty "order-qty" 3 Units Lower 500 0;
    /// Largest value of one order.
    OrderValue "order-value" 4 BaseCurrency Lower 10000 0;
    /// Largest value of one order as a share of net liquidation.
    OrderValueShare "order-value-share" 4 Percent Lower 5 0;
    /// Largest distance of a limit price from the best price, against the order's interest.
    PriceCollar "price-collar" 6 Percent Lower 3 0;
    /// Distance from which the collar warns.
    PriceCollarWarn "price-collar-warn" 6 Percent Lower 1 0;
    /// Price below which an instrument counts as a penny stock.
    MinPrice "min-price" 10 PricePerUnit Higher 1 0;
    /// Largest value of an order in a penny stock.
    PennyValue "penny-value" 10 BaseCurrency Lower 500 0;
    /// Greatest age of the quote that an order is judged by.
    QuoteAge "quote-age" 12 Seconds Lower 5 0;
    /// Time in which the same order is refused.
    DuplicateWindow "duplicate-window" 26 Seconds Higher 10 0;
    /// Orders in any second.
    OrdersPerSecond "orders-per-second" 28 Orders Lower 5 0;
    /// Orders in any minute.
    OrdersPerMinute "orders-per-minute" 28 Orders Lower 30 0;
    /// Largest position in one symbol, working orders included, as a share of net liquidation.
    PositionShare "position-share" 36 Percent Lower 10 0;
}

impl LimitId {
    /// Reads a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|id| id.name() == name)
    }

    /// Returns whether `new` is stricter than or as strict as `old`. A limit that is off is the
    /// loosest.
    #[must_use]
    pub fn is_tighter(self, old: Option<Decimal>, new: Option<Decimal>) -> bool {
        match (old, new) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(old), Some(new)) => match self.stricter() {
                Stricter::Lower => new <= old,
                Stricter::Higher => new >= old,
            },
        }
    }
}

impl fmt::Display for LimitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is wrong with a limit's value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseLimitError {
    #[error("{value} is below zero; {id} starts at 0")]
    Negative { id: LimitId, value: Decimal },
    #[error("{value} is not a whole number; {id} counts orders")]
    NotWhole { id: LimitId, value: Decimal },
}

impl LimitId {
    /// Checks a value that a person gave.
    ///
    /// # Errors
    /// `Negative` below zero, `NotWhole` for a fraction of an order.
    pub fn check(self, value: Decimal) -> Result<Decimal, ParseLimitError> {
        if value.is_sign_negative() && !value.is_zero() {
            return Err(ParseLimitError::Negative { id: self, value });
        }
        if self.unit() == LimitUnit::Orders && !value.fract().is_zero() {
            return Err(ParseLimitError::NotWhole { id: self, value });
        }
        Ok(value.normalize())
    }
}

/// The values set in one scope. `Some(None)` is a limit that was switched off here; a missing
/// key is inherited.
pub type Limits = BTreeMap<LimitId, Option<Decimal>>;

/// The strictest value of a limit, and the scope that set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    pub value: Decimal,
    pub scope: Scope,
}

/// All limits of all scopes. The account has a value for each; a bot or a symbol can only be
/// stricter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Goes up by one with each change; every verdict names it.
    pub version: u64,
    scopes: BTreeMap<Scope, Limits>,
}

impl Policy {
    /// Returns the Careful profile: every limit on, for the account, with nothing set elsewhere.
    #[must_use]
    pub fn careful() -> Self {
        let account = LimitId::ALL.iter().map(|id| (*id, Some(id.careful()))).collect();
        Self { version: 1, scopes: BTreeMap::from([(Scope::Account, account)]) }
    }

    /// Returns what is set in `scope` itself.
    #[must_use]
    pub fn own(&self, scope: &Scope, id: LimitId) -> Option<Option<Decimal>> {
        self.scopes.get(scope).and_then(|limits| limits.get(&id)).copied()
    }

    /// Sets, switches off (`Some(None)`) or removes (`None`) a value, and counts the version up.
    pub fn set(&mut self, scope: Scope, id: LimitId, value: Option<Option<Decimal>>) {
        self.version += 1;
        let limits = self.scopes.entry(scope).or_default();
        match value {
            Some(value) => drop(limits.insert(id, value)),
            None => drop(limits.remove(&id)),
        }
    }

    /// Returns the strictest value for an order of `bot` in `symbol`; `None` when the limit is
    /// off in every scope.
    #[must_use]
    pub fn effective(&self, bot: &BotName, symbol: &str, id: LimitId) -> Option<Limit> {
        let scopes = [Scope::Symbol(symbol.to_owned()), Scope::Bot(bot.clone()), Scope::Account];
        scopes.into_iter().fold(None, |strictest: Option<Limit>, scope| {
            let Some(Some(value)) = self.own(&scope, id) else { return strictest };
            match strictest {
                Some(limit) if id.is_tighter(Some(value), Some(limit.value)) => Some(limit),
                Some(_) | None => Some(Limit { value, scope }),
            }
        })
    }

    /// Returns the scopes in which something is set, with what is set there.
    pub fn scopes(&self) -> impl Iterator<Item = (&Scope, &Limits)> {
        self.scopes.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bot() -> BotName {
        "momentum-spy".parse().expect("is a name")
    }

    #[test]
    fn takes_the_strictest_scope() {
        let mut policy = Policy::careful();
        policy.set(Scope::Bot(bot()), LimitId::OrderQty, Some(Some(Decimal::from(8))));
        policy.set(
            Scope::Symbol("SPY".to_owned()),
            LimitId::OrderQty,
            Some(Some(Decimal::from(9))),
        );
        let limit = policy.effective(&bot(), "SPY", LimitId::OrderQty).expect("is on");
        assert_eq!((limit.value, limit.scope), (Decimal::from(8), Scope::Bot(bot())));
    }

    #[test]
    fn a_looser_bot_limit_changes_nothing() {
        let mut policy = Policy::careful();
        policy.set(Scope::Bot(bot()), LimitId::OrderQty, Some(Some(Decimal::from(900))));
        let limit = policy.effective(&bot(), "SPY", LimitId::OrderQty).expect("is on");
        assert_eq!((limit.value, limit.scope), (Decimal::from(500), Scope::Account));
    }

    #[test]
    fn a_longer_duplicate_window_is_stricter() {
        let mut policy = Policy::careful();
        policy.set(Scope::Bot(bot()), LimitId::DuplicateWindow, Some(Some(Decimal::from(30))));
        let limit = policy.effective(&bot(), "SPY", LimitId::DuplicateWindow).expect("is on");
        assert_eq!(limit.value, Decimal::from(30));
    }

    #[test]
    fn switching_off_in_a_bot_does_not_lift_the_account() {
        let mut policy = Policy::careful();
        policy.set(Scope::Bot(bot()), LimitId::OrderQty, Some(None));
        assert!(policy.effective(&bot(), "SPY", LimitId::OrderQty).is_some());
    }
}
