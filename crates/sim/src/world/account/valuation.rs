//! The account at the prices of a moment, currency by currency and in dollars.
//!
//! Equity with loan value is what can carry margin: cash and stocks and what futures have gained,
//! not options, as the broker's glossary has it. It must never know orders or clients. Called by
//! the world.

use std::collections::BTreeMap;

use gatehouse_types::{ConId, Currency, Decimal, Side};

use super::requirement::{Exposed, Hours, Requirement, required};
use super::{Account, Class, Holding, currency_of};
use crate::world::catalog::{Kind, Listing, Right};

/// What an instrument is worth at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// `None` where nothing is known; cost stands in.
    pub price: Option<Decimal>,
    /// Dollars for one unit of the instrument's currency.
    pub rate: Decimal,
    /// Price of an option's underlying.
    pub under: Option<Decimal>,
}

/// A holding at a price, in the instrument's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    pub holding: Holding,
    pub price: Decimal,
    pub value: Decimal,
    pub unrealised: Decimal,
    /// What it gained in this session.
    pub daily: Decimal,
    pub rate: Decimal,
    pub under: Option<Decimal>,
}

/// Everything in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ledger {
    pub currency: Currency,
    /// Dollars for one unit.
    pub rate: Decimal,
    pub cash: Decimal,
    pub stock_value: Decimal,
    pub option_value: Decimal,
    pub bond_value: Decimal,
    pub crypto_value: Decimal,
    /// What open futures have gained; the broker settles it in cash every day.
    pub futures_profit: Decimal,
    pub unrealised: Decimal,
    pub realised: Decimal,
}

/// The account at given prices, in dollars where nothing else is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valuation {
    pub positions: Vec<Marked>,
    /// By the currency's code.
    pub ledgers: Vec<Ledger>,
    /// All of them.
    pub base: Ledger,
    /// Value of stocks and options without sign.
    pub gross_value: Decimal,
    pub net_liquidation: Decimal,
    pub equity_with_loan: Decimal,
    pub hours: Hours,
    /// The margin of these hours.
    pub margin: Requirement,
    pub margin_overnight: Requirement,
    /// The margin of the hours that come next.
    pub margin_next: Requirement,
    /// Since the session began.
    pub daily: Decimal,
}

impl Ledger {
    fn empty(currency: Currency, rate: Decimal) -> Self {
        let zero = Decimal::ZERO;
        Self {
            currency,
            rate,
            cash: zero,
            stock_value: zero,
            option_value: zero,
            bond_value: zero,
            crypto_value: zero,
            futures_profit: zero,
            unrealised: zero,
            realised: zero,
        }
    }

    /// Returns cash with what futures have gained.
    #[must_use]
    pub fn total_cash(&self) -> Decimal {
        self.cash + self.futures_profit
    }

    /// Returns everything in this currency.
    #[must_use]
    pub fn net_liquidation(&self) -> Decimal {
        let paid_for = self.stock_value + self.option_value + self.bond_value + self.crypto_value;
        self.total_cash() + paid_for
    }

    fn add(&mut self, other: &Self, rate: Decimal) {
        self.cash += other.cash * rate;
        self.stock_value += other.stock_value * rate;
        self.option_value += other.option_value * rate;
        self.bond_value += other.bond_value * rate;
        self.crypto_value += other.crypto_value * rate;
        self.futures_profit += other.futures_profit * rate;
        self.unrealised += other.unrealised * rate;
        self.realised += other.realised * rate;
    }

    fn take(&mut self, marked: &Marked) {
        match Class::of(marked.holding.listing) {
            Class::UsStock | Class::ForeignStock => self.stock_value += marked.value,
            Class::Bond => self.bond_value += marked.value,
            Class::Crypto => self.crypto_value += marked.value,
            Class::Option => self.option_value += marked.value,
            Class::Future => self.futures_profit += marked.unrealised,
            Class::Pair => {}
        }
        self.unrealised += marked.unrealised;
        self.realised += marked.holding.realised;
    }
}

impl Valuation {
    /// Returns what is free for new positions.
    #[must_use]
    pub fn available(&self) -> Decimal {
        self.equity_with_loan - self.margin.initial
    }

    /// Returns what could be lost before positions must go.
    #[must_use]
    pub fn excess(&self) -> Decimal {
        self.equity_with_loan - self.margin.maintenance
    }

    /// Returns the value of shares that could still be bought.
    #[must_use]
    pub fn buying_power(&self) -> Decimal {
        (self.available() / self.hours.stock_share()).max(Decimal::ZERO)
    }
}

impl Marked {
    fn of(holding: &Holding, mark: Mark) -> Self {
        let multiplier = holding.listing.multiplier();
        let price = mark.price.unwrap_or(holding.average_cost / multiplier);
        let value = (price * multiplier * holding.shares).normalize();
        let cost = holding.average_cost * holding.shares;
        Self {
            holding: *holding,
            price,
            value,
            unrealised: (value - cost).round_dp(4).normalize(),
            daily: value - holding.day_value + holding.day_flow,
            rate: mark.rate,
            under: mark.under,
        }
    }
}

impl Account {
    /// Values the account. `rate_of` gives dollars for one unit of a currency.
    pub fn value(
        &self,
        hours: Hours,
        rate_of: impl Fn(Currency) -> Decimal,
        mark_of: impl Fn(&'static Listing) -> Mark,
    ) -> Valuation {
        let positions: Vec<Marked> = self
            .holdings
            .values()
            .map(|holding| Marked::of(holding, mark_of(holding.listing)))
            .collect();
        let ledgers = self.ledgers(&positions, rate_of);
        let mut base = Ledger::empty(Currency::USD, Decimal::ONE);
        for ledger in &ledgers {
            base.add(ledger, ledger.rate);
        }
        let net_liquidation = base.net_liquidation();
        let gross = |marked: &Marked| match Class::of(marked.holding.listing).is_paid_for() {
            true => marked.value.abs() * marked.rate,
            false => Decimal::ZERO,
        };
        Valuation {
            gross_value: positions.iter().map(gross).sum(),
            equity_with_loan: net_liquidation - base.option_value,
            hours,
            margin: margin(&positions, hours),
            margin_overnight: margin(&positions, Hours::Overnight),
            margin_next: margin(&positions, hours.next()),
            daily: net_liquidation - self.session_start,
            net_liquidation,
            base,
            ledgers,
            positions,
        }
    }

    fn ledgers(&self, positions: &[Marked], rate_of: impl Fn(Currency) -> Decimal) -> Vec<Ledger> {
        let mut found: BTreeMap<Currency, Ledger> = BTreeMap::new();
        for (currency, cash) in &self.cash {
            let empty = Ledger::empty(*currency, rate_of(*currency));
            found.insert(*currency, Ledger { cash: *cash, ..empty });
        }
        for marked in positions {
            let currency = currency_of(marked.holding.listing.currency);
            let ledger = found.entry(currency).or_insert(Ledger::empty(currency, marked.rate));
            ledger.take(marked);
        }
        found.into_values().collect()
    }
}

/// Margin of positions in dollars; shares lie ready for the calls that were sold on them.
fn margin(positions: &[Marked], hours: Hours) -> Requirement {
    let mut ready: BTreeMap<ConId, Decimal> =
        positions.iter().map(|one| (one.holding.listing.con_id(), one.holding.shares)).collect();
    positions.iter().fold(Requirement::default(), |sum, marked| {
        let exposed = Exposed {
            listing: marked.holding.listing,
            shares: marked.holding.shares,
            price: marked.price,
            under: marked.under,
            covered: cover(&mut ready, marked.holding.listing, marked.holding.shares),
        };
        sum.plus(required(&exposed, hours).times(marked.rate))
    })
}

/// Takes shares for short calls and returns for how many calls they are enough.
fn cover(ready: &mut BTreeMap<ConId, Decimal>, listing: &Listing, shares: Decimal) -> Decimal {
    let Kind::Option(terms) = listing.kind else { return Decimal::ZERO };
    if terms.right != Right::Call || !shares.is_sign_negative() {
        return Decimal::ZERO;
    }
    let Some(left) = ready.get_mut(&terms.under.con_id()) else { return Decimal::ZERO };
    let each = listing.multiplier();
    let covered = (*left / each).floor().max(Decimal::ZERO).min(shares.abs());
    *left -= covered * each;
    covered
}

/// What a trade would change, in dollars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Change {
    pub margin: Requirement,
    /// Of equity with loan value, commission not counted: what options cost or bring.
    pub equity: Decimal,
}

impl Change {
    /// Returns the sum of two.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self { margin: self.margin.plus(other.margin), equity: self.equity + other.equity }
    }

    /// Returns what is worse of two, of each figure by itself; nothing is freed.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        let (one, two) = (self.margin, other.margin);
        Self {
            margin: Requirement {
                initial: one.initial.max(two.initial).max(Decimal::ZERO),
                maintenance: one.maintenance.max(two.maintenance).max(Decimal::ZERO),
            },
            equity: self.equity.min(other.equity).min(Decimal::ZERO),
        }
    }
}

/// Returns what a trade would change: margin for what opens, less what closes had; premium of
/// options. `held` is the position before.
#[must_use]
pub fn change_by(
    (side, shares): (Side, Decimal),
    held: Decimal,
    at: &Exposed,
    rate: Decimal,
    hours: Hours,
) -> Change {
    let signed = match side {
        Side::Buy => shares,
        Side::Sell => -shares,
    };
    let needs = |shares| required(&Exposed { shares, ..*at }, hours);
    let (before, after) = (needs(held), needs(held + signed));
    let margin = after.plus(before.times(-Decimal::ONE)).times(rate);
    let equity = match Class::of(at.listing) {
        Class::Option => -signed * at.price * at.listing.multiplier() * rate,
        Class::UsStock
        | Class::ForeignStock
        | Class::Future
        | Class::Pair
        | Class::Crypto
        | Class::Bond => Decimal::ZERO,
    };
    Change { margin, equity }
}
