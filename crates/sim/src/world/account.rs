//! The account: cash, positions, cost, profit and loss, margin.
//!
//! It must never know orders or clients; prices are handed in. Called by the world.

use std::collections::BTreeMap;

use gatehouse_types::{ConId, Decimal, Side};

use super::catalog::{Kind, Listing};

/// Share of a stock position's value that the broker asks as margin, in percent.
const STOCK_MARGIN_PERCENT: Decimal = Decimal::from_parts(25, 0, 0, false, 0);

/// One holding; kept when flat, because it has realised something today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    pub listing: &'static Listing,
    /// Positive long, negative short.
    pub shares: Decimal,
    /// Cost of one share or contract in its own currency, multiplier and commission included, as
    /// the broker reports it; zero when flat.
    pub average_cost: Decimal,
    /// In its own currency.
    pub realised: Decimal,
}

/// A fill as the account books it.
#[derive(Debug, Clone, Copy)]
pub struct Booking {
    pub listing: &'static Listing,
    pub side: Side,
    pub shares: Decimal,
    pub price: Decimal,
    pub commission: Decimal,
    /// Dollars for one unit of the instrument's currency.
    pub rate: Decimal,
}

/// What an instrument is worth at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// `None` where nothing is known; cost stands in.
    pub price: Option<Decimal>,
    /// Dollars for one unit of the instrument's currency.
    pub rate: Decimal,
}

/// A holding at a price, in the instrument's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    pub holding: Holding,
    pub price: Decimal,
    pub value: Decimal,
    pub unrealised: Decimal,
    pub rate: Decimal,
}

/// The account at given prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valuation {
    pub cash: Decimal,
    pub positions: Vec<Marked>,
    /// Value of what was paid for, shorts negative; futures are settled in cash instead.
    pub stock_value: Decimal,
    /// Value of everything without sign.
    pub gross_value: Decimal,
    pub net_liquidation: Decimal,
    pub unrealised: Decimal,
    pub realised: Decimal,
    pub margin: Decimal,
    /// Since the session began.
    pub daily: Decimal,
}

impl Marked {
    /// What selling it would bring; nothing for a future.
    fn paid_value(&self) -> Decimal {
        match self.holding.listing.kind {
            Kind::Stock | Kind::Option(_) | Kind::Cash => self.value,
            Kind::Future { .. } => Decimal::ZERO,
        }
    }

    /// What a future gained since it was opened, which the broker settles in cash every day.
    fn settled(&self) -> Decimal {
        match self.holding.listing.kind {
            Kind::Stock | Kind::Option(_) | Kind::Cash => Decimal::ZERO,
            Kind::Future { .. } => self.unrealised,
        }
    }
}

impl Valuation {
    /// Returns what is free for new positions.
    #[must_use]
    pub fn available(&self) -> Decimal {
        self.net_liquidation - self.margin
    }

    /// Returns the value of shares that could still be bought.
    #[must_use]
    pub fn buying_power(&self) -> Decimal {
        (self.available() * Decimal::ONE_HUNDRED / STOCK_MARGIN_PERCENT).max(Decimal::ZERO)
    }
}

/// Cash and holdings of the one account.
#[derive(Debug, Clone)]
pub struct Account {
    id: String,
    cash: Decimal,
    holdings: BTreeMap<ConId, Holding>,
    session_start: Decimal,
}

/// Returns the margin for a value of an instrument; a share of it by kind, in percent.
#[must_use]
pub fn margin_for(listing: &Listing, value: Decimal) -> Decimal {
    let percent = match listing.kind {
        Kind::Stock => STOCK_MARGIN_PERCENT,
        Kind::Option(_) => Decimal::ONE_HUNDRED,
        Kind::Future { .. } => Decimal::from(10),
        Kind::Cash => Decimal::from(3),
    };
    value.abs() * percent / Decimal::ONE_HUNDRED
}

impl Account {
    /// Opens a flat account.
    #[must_use]
    pub fn new(id: &str, cash: Decimal) -> Self {
        Self { id: id.to_owned(), cash, holdings: BTreeMap::new(), session_start: cash }
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

    /// Returns every holding, flat ones of today included.
    pub fn holdings(&self) -> impl Iterator<Item = &Holding> {
        self.holdings.values()
    }

    /// Books a fill and returns the profit that it realised, or `None` when it only opened.
    pub fn book(&mut self, fill: &Booking) -> Option<Decimal> {
        let holding = self.holdings.entry(fill.listing.con_id()).or_insert(Holding {
            listing: fill.listing,
            shares: Decimal::ZERO,
            average_cost: Decimal::ZERO,
            realised: Decimal::ZERO,
        });
        let signed = match fill.side {
            Side::Buy => fill.shares,
            Side::Sell => -fill.shares,
        };
        let multiplier = fill.listing.multiplier();
        let price = fill.price * multiplier;
        let opposite = !holding.shares.is_zero()
            && holding.shares.is_sign_positive() != signed.is_sign_positive();
        let closing = if opposite { fill.shares.min(holding.shares.abs()) } else { Decimal::ZERO };
        let opening = fill.shares - closing;
        let direction =
            if holding.shares.is_sign_negative() { -Decimal::ONE } else { Decimal::ONE };
        let fee = |part: Decimal| fill.commission * part / fill.shares;
        let realised = (!closing.is_zero())
            .then(|| (price - holding.average_cost) * closing * direction - fee(closing));
        holding.realised += realised.unwrap_or_default();
        if !opening.is_zero() {
            let before = if opposite { Decimal::ZERO } else { holding.shares.abs() };
            let toward = if signed.is_sign_negative() { -fee(opening) } else { fee(opening) };
            let cost = before * holding.average_cost + opening * price + toward;
            holding.average_cost = (cost / (before + opening)).round_dp(8).normalize();
        }
        // A future costs nothing but its margin: only what it realises moves cash.
        let paid = match fill.listing.kind {
            Kind::Stock | Kind::Option(_) | Kind::Cash => signed * price + fill.commission,
            Kind::Future { .. } => -realised.unwrap_or_default(),
        };
        self.cash -= paid * fill.rate;
        holding.shares = (holding.shares + signed).normalize();
        if holding.shares.is_zero() {
            holding.average_cost = Decimal::ZERO;
        }
        realised
    }

    /// Begins a session: the daily profit starts again at zero.
    pub fn begin_session(&mut self, net_liquidation: Decimal) {
        self.session_start = net_liquidation;
        self.holdings.retain(|_, holding| !holding.shares.is_zero());
        for holding in self.holdings.values_mut() {
            holding.realised = Decimal::ZERO;
        }
    }

    /// Values the account.
    pub fn value(&self, mut mark_of: impl FnMut(&'static Listing) -> Mark) -> Valuation {
        let positions: Vec<Marked> = self
            .holdings
            .values()
            .map(|holding| {
                let mark = mark_of(holding.listing);
                let multiplier = holding.listing.multiplier();
                let price = mark.price.unwrap_or(holding.average_cost / multiplier);
                let value = (price * multiplier * holding.shares).normalize();
                let cost = holding.average_cost * holding.shares;
                let unrealised = (value - cost).round_dp(4).normalize();
                Marked { holding: *holding, price, value, unrealised, rate: mark.rate }
            })
            .collect();
        let sum = |part: fn(&Marked) -> Decimal| {
            positions.iter().map(|marked| part(marked) * marked.rate).sum::<Decimal>()
        };
        let stock_value = sum(Marked::paid_value);
        let gross_value = sum(|marked| marked.value.abs());
        let settled = sum(Marked::settled);
        let net_liquidation = self.cash + settled + stock_value;
        Valuation {
            cash: self.cash + settled,
            stock_value,
            gross_value,
            net_liquidation,
            unrealised: sum(|marked| marked.unrealised),
            realised: sum(|marked| marked.holding.realised).round_dp(4),
            margin: sum(|marked| margin_for(marked.holding.listing, marked.value)),
            daily: net_liquidation - self.session_start,
            positions,
        }
    }
}

#[cfg(test)]
mod tests;
