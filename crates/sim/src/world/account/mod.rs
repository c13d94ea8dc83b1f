//! The account: cash in each currency, positions, cost, profit and loss.
//!
//! Its own currency is the US dollar. It must never know orders or clients; prices and rates are
//! handed in. Called by the world.

mod agreement;
mod class;
pub mod commission;
mod regulators;
pub mod requirement;
pub mod valuation;

use std::collections::BTreeMap;

use gatehouse_types::{ConId, Currency, Decimal, Side};

pub use agreement::{Agreement, AgreementError, Shorting};
pub use class::Class;
pub use valuation::{Ledger, Mark, Marked, Valuation};

use super::catalog::Listing;

/// One holding; kept when flat, because it has realised something today. That of a pair is virtual:
/// the balances hold its value, the holding says at which price they came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    pub listing: &'static Listing,
    /// Positive long, negative short.
    pub shares: Decimal,
    /// Cost of one share or contract in its own currency, multiplier and commission included, as
    /// the broker reports it; zero when flat.
    pub average_cost: Decimal,
    /// In its own currency, of this session.
    pub realised: Decimal,
    /// Its value when the session began.
    pub day_value: Decimal,
    /// What its trades of this session brought, purchases and commissions negative.
    pub day_flow: Decimal,
}

/// A fill as the account books it.
#[derive(Debug, Clone, Copy)]
pub struct Booking {
    pub listing: &'static Listing,
    pub side: Side,
    pub shares: Decimal,
    pub price: Decimal,
    /// In the currency that [`commission::currency`] names.
    pub commission: Decimal,
    /// Dollars for one unit of the instrument's currency.
    pub rate: Decimal,
}

/// Cash and holdings of the one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub(super) id: String,
    pub(super) cash: BTreeMap<Currency, Decimal>,
    pub(super) holdings: BTreeMap<ConId, Holding>,
    /// Net liquidation value when the session began, in dollars.
    pub(super) session_start: Decimal,
}

/// Returns a currency by its code; what is no code counts as dollars.
#[must_use]
pub fn currency_of(code: &str) -> Currency {
    code.parse().unwrap_or(Currency::USD)
}

impl Holding {
    fn flat(listing: &'static Listing) -> Self {
        let zero = Decimal::ZERO;
        Self {
            listing,
            shares: zero,
            average_cost: zero,
            realised: zero,
            day_value: zero,
            day_flow: zero,
        }
    }

    /// Books shares at a price of one of them and returns what that realised, or `None` when it
    /// only opened.
    fn trade(&mut self, signed: Decimal, price: Decimal, fee: Decimal) -> Option<Decimal> {
        let shares = signed.abs();
        let opposite =
            !self.shares.is_zero() && self.shares.is_sign_positive() != signed.is_sign_positive();
        let closing = if opposite { shares.min(self.shares.abs()) } else { Decimal::ZERO };
        let opening = shares - closing;
        let direction = if self.shares.is_sign_negative() { -Decimal::ONE } else { Decimal::ONE };
        let part = |of: Decimal| fee * of / shares;
        let realised = (!closing.is_zero())
            .then(|| (price - self.average_cost) * closing * direction - part(closing));
        self.realised += realised.unwrap_or_default();
        if !opening.is_zero() {
            let before = if opposite { Decimal::ZERO } else { self.shares.abs() };
            let toward = if signed.is_sign_negative() { -part(opening) } else { part(opening) };
            let cost = before * self.average_cost + opening * price + toward;
            self.average_cost = (cost / (before + opening)).round_dp(8).normalize();
        }
        self.shares = (self.shares + signed).normalize();
        if self.shares.is_zero() {
            self.average_cost = Decimal::ZERO;
        }
        self.day_flow -= signed * price + fee;
        realised
    }
}

impl Account {
    /// Opens a flat account with dollars.
    #[must_use]
    pub fn new(id: &str, cash: Decimal) -> Self {
        Self {
            id: id.to_owned(),
            cash: BTreeMap::from([(Currency::USD, cash)]),
            holdings: BTreeMap::new(),
            session_start: cash,
        }
    }

    /// Gives the account another id.
    pub fn rename(&mut self, id: &str) {
        id.clone_into(&mut self.id);
    }

    /// Returns the broker's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the shares held, negative when short.
    #[must_use]
    pub fn shares(&self, con_id: ConId) -> Decimal {
        self.holdings.get(&con_id).map_or(Decimal::ZERO, |holding| holding.shares)
    }

    /// Returns the balance in a currency, negative when borrowed.
    #[must_use]
    pub fn cash(&self, currency: Currency) -> Decimal {
        self.cash.get(&currency).copied().unwrap_or_default()
    }

    /// Returns the currencies in which there is or was a balance.
    pub fn currencies(&self) -> impl Iterator<Item = Currency> {
        self.cash.keys().copied()
    }

    /// Returns every holding, flat ones of today included.
    pub fn holdings(&self) -> impl Iterator<Item = &Holding> {
        self.holdings.values()
    }

    /// Books a fill and returns the profit that it realised, in the instrument's currency, or
    /// `None` when it only opened.
    pub fn book(&mut self, fill: &Booking) -> Option<Decimal> {
        let listing = fill.listing;
        let signed = match fill.side {
            Side::Buy => fill.shares,
            Side::Sell => -fill.shares,
        };
        let price = fill.price * listing.multiplier();
        let paid_in = commission::currency(listing);
        let fee = if paid_in == listing.currency {
            fill.commission
        } else {
            fill.commission.checked_div(fill.rate).unwrap_or(fill.commission)
        };
        let holding = self.holdings.entry(listing.con_id()).or_insert(Holding::flat(listing));
        let realised = holding.trade(signed, price, fee);
        match Class::of(listing) {
            // A future costs nothing but its margin: only what it realises moves cash.
            Class::Future => self.pay(listing.currency, -realised.unwrap_or_default()),
            Class::Pair => {
                self.pay(listing.symbol, -signed);
                self.pay(listing.currency, signed * price);
                self.pay(paid_in, fill.commission);
            }
            Class::UsStock | Class::ForeignStock | Class::Option | Class::Crypto | Class::Bond => {
                self.pay(listing.currency, signed * price);
                self.pay(paid_in, fill.commission);
            }
        }
        realised
    }

    /// Moves a balance down; a negative amount moves it up.
    pub(super) fn pay(&mut self, currency: &str, amount: Decimal) {
        *self.cash.entry(currency_of(currency)).or_default() -= amount;
    }

    /// Begins a session: the daily profit starts again at zero.
    pub fn begin_session(&mut self, value: &Valuation) {
        self.session_start = value.net_liquidation;
        self.holdings.retain(|_, holding| !holding.shares.is_zero());
        for holding in self.holdings.values_mut() {
            let marked = value
                .positions
                .iter()
                .find(|one| one.holding.listing.con_id() == holding.listing.con_id());
            holding.realised = Decimal::ZERO;
            holding.day_flow = Decimal::ZERO;
            holding.day_value = marked.map_or(Decimal::ZERO, |marked| marked.value);
        }
    }
}

#[cfg(test)]
mod tests;
