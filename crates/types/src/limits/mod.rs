//! The limits a person sets: what they are, in which unit, and which direction is stricter.
//!
//! What each profile starts with is in `profile`, how a value is written in `value`, and which of
//! several scopes holds in `policy`.

mod policy;
mod profile;
mod value;

use std::fmt;

use rust_decimal::Decimal;

use crate::ControlId;

pub use policy::{Layers, Limit, Limits, Policy, ScopeRef};
pub use profile::Profile;
pub use value::{LimitValue, Names, ParseLimitError};

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
    /// A count of changes and cancels.
    Changes,
    /// The instrument's currency per unit.
    PricePerUnit,
    /// A rule that is on or off; on is the stricter.
    Switch,
    /// Names, and nothing else is allowed.
    AllowList,
    /// Names that are not allowed.
    RefuseList,
}

/// Which direction makes a limit stricter. Of an allow-list fewer names are, of a refuse-list more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stricter {
    Lower,
    Higher,
}

macro_rules! limit_ids {
    ($($(#[$doc:meta])* $variant:ident $name:literal $control:literal $unit:ident $stricter:ident;)*) => {
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
        }
    };
}

// A new limit also needs its value in each profile: `profile.rs`.
limit_ids! {
    /// Largest quantity of one order.
    OrderQty "order-qty" 3 Units Lower;
    /// Largest value of one order.
    OrderValue "order-value" 4 BaseCurrency Lower;
    /// Largest value of one order as a share of net liquidation.
    OrderValueShare "order-value-share" 4 Percent Lower;
    /// Largest value of one order that an algo of the broker works.
    AlgoValue "algo-value" 5 BaseCurrency Lower;
    /// Largest value of one algo order as a share of net liquidation.
    AlgoValueShare "algo-value-share" 5 Percent Lower;
    /// Largest distance of a limit price from the best price, against the order's interest.
    PriceCollar "price-collar" 6 Percent Lower;
    /// Distance from which the collar warns.
    PriceCollarWarn "price-collar-warn" 6 Percent Lower;
    /// Largest distance of an option's limit price from the best price.
    OptionCollar "option-collar" 7 Percent Lower;
    /// Distance that is always allowed to an option, however cheap it is.
    OptionCollarLeast "option-collar-least" 7 PricePerUnit Lower;
    /// Orders that trade at any price only in regular hours.
    MarketRthOnly "market-rth-only" 9 Switch Higher;
    /// Largest spread at which a market order is allowed.
    MarketSpread "market-spread" 9 Percent Lower;
    /// Price below which an instrument counts as a penny stock.
    MinPrice "min-price" 10 PricePerUnit Higher;
    /// Largest value of an order in a penny stock.
    PennyValue "penny-value" 10 BaseCurrency Lower;
    /// Greatest age of the quote that an order is judged by.
    QuoteAge "quote-age" 12 Seconds Lower;
    /// Only live prices are believed, not delayed or frozen ones.
    LiveDataOnly "live-data-only" 13 Switch Higher;
    /// Largest move of the price within a second.
    PriceJump "price-jump" 14 Percent Lower;
    /// Largest spread in regular hours.
    Spread "spread" 15 Percent Lower;
    /// Largest spread outside regular hours.
    SpreadExtended "spread-extended" 15 Percent Lower;
    /// Entries in regular hours only.
    RthOnly "rth-only" 16 Switch Higher;
    /// The only symbols that may be traded.
    Symbols "symbols" 18 AllowList Lower;
    /// Symbols in which nothing may be opened.
    RestrictedSymbols "restricted-symbols" 19 RefuseList Higher;
    /// The only kinds of security, by their TWS abbreviation.
    SecurityTypes "security-types" 20 AllowList Lower;
    /// The only currencies; BASE stands for the account's own.
    Currencies "currencies" 21 AllowList Lower;
    /// The only destinations an order may name.
    Exchanges "exchanges" 21 AllowList Lower;
    /// The only order types.
    OrderTypes "order-types" 22 AllowList Lower;
    /// No order outlives the day.
    NoGtc "no-gtc" 22 Switch Higher;
    /// No strategy of the broker works an order.
    NoAlgos "no-algos" 22 Switch Higher;
    /// Nothing is sold that is not held.
    NoShortSale "no-short-sale" 23 Switch Higher;
    /// Time in which the same order is refused.
    DuplicateWindow "duplicate-window" 26 Seconds Higher;
    /// Orders in any second.
    OrdersPerSecond "orders-per-second" 28 Orders Lower;
    /// Orders in any minute.
    OrdersPerMinute "orders-per-minute" 28 Orders Lower;
    /// Changes and cancels in any second.
    ChangesPerSecond "changes-per-second" 29 Changes Lower;
    /// Changes of one order in its life.
    ChangesPerOrder "changes-per-order" 29 Changes Lower;
    /// New orders on one trading day.
    OrdersPerDay "orders-per-day" 32 Orders Lower;
    /// Orders of a bot that work at the same time.
    WorkingOrders "working-orders" 34 Orders Lower;
    /// Orders of the account that work on one side of a contract.
    WorkingPerSide "working-per-side" 34 Orders Lower;
    /// Largest value of orders that have not filled and would open, as a share of net liquidation.
    UnexecutedShare "unexecuted-share" 35 Percent Lower;
    /// Largest position in one symbol, working orders included, as a share of net liquidation.
    PositionShare "position-share" 36 Percent Lower;
    /// Largest sum of long and short, working orders included, as a share of net liquidation.
    GrossExposure "gross-exposure" 37 Percent Lower;
    /// Largest difference of long and short, as a share of net liquidation.
    NetExposure "net-exposure" 37 Percent Lower;
    /// Largest value of a bot's orders of any minute.
    BatchValue "batch-value" 41 BaseCurrency Lower;
    /// Largest value traded in a day, working orders included.
    DayValue "day-value" 41 BaseCurrency Lower;
    /// Loss of one bot in a day, realised and open, as a share of net liquidation.
    BotDayLoss "bot-day-loss" 42 Percent Lower;
    /// Loss of the account in a day, realised and open, as a share of net liquidation.
    AccountDayLoss "account-day-loss" 42 Percent Lower;
    /// Refused or rejected orders in a row that pause a bot.
    RefusalsInARow "refusals-in-a-row" 45 Orders Lower;
    /// Refused or rejected orders in five minutes that pause a bot.
    RefusalsPerFiveMinutes "refusals-per-5-minutes" 45 Orders Lower;
}

impl LimitId {
    /// Reads a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|id| id.name() == name)
    }

    /// Returns the place in a table of all limits.
    #[expect(clippy::as_conversions, reason = "the variants have no values of their own")]
    const fn index(self) -> usize {
        self as usize
    }

    /// Returns whether a number is stricter than or as strict as another.
    #[must_use]
    pub fn is_stricter(self, old: Decimal, new: Decimal) -> bool {
        match self.stricter() {
            Stricter::Lower => new <= old,
            Stricter::Higher => new >= old,
        }
    }

    /// Returns whether `new` is stricter than or as strict as `old`. A limit that is off is the
    /// loosest. A value of another form than the limit's is never stricter.
    #[must_use]
    pub fn is_tighter(self, old: Option<&LimitValue>, new: Option<&LimitValue>) -> bool {
        match (old, new) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(LimitValue::Number(old)), Some(LimitValue::Number(new))) => {
                self.is_stricter(*old, *new)
            }
            (Some(LimitValue::On), Some(LimitValue::On)) => true,
            (Some(LimitValue::Names(old)), Some(LimitValue::Names(new))) => match self.stricter() {
                Stricter::Lower => new.is_within(old),
                Stricter::Higher => old.is_within(new),
            },
            (Some(LimitValue::Number(_) | LimitValue::On | LimitValue::Names(_)), Some(_)) => false,
        }
    }
}

impl fmt::Display for LimitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
