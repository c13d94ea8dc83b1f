//! The account: cash, positions, cost, profit and loss, margin.
//!
//! It must never know orders or clients; prices are handed in. Called by the world.

use std::collections::BTreeMap;

use gatehouse_types::{ConId, Decimal, Side};

use super::catalog::Listing;

/// Share of a position's value that the broker asks as margin, in percent.
const MARGIN_PERCENT: Decimal = Decimal::from_parts(25, 0, 0, false, 0);

/// One holding; kept when flat, because it has realised something today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    pub listing: &'static Listing,
    /// Positive long, negative short.
    pub shares: Decimal,
    /// Cost of one share, commission included; zero when flat.
    pub average_cost: Decimal,
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
}

/// A holding at a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    pub holding: Holding,
    pub price: Decimal,
    pub value: Decimal,
    pub unrealised: Decimal,
}

/// The account at given prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valuation {
    pub cash: Decimal,
    pub positions: Vec<Marked>,
    /// Value of shares, shorts negative.
    pub stock_value: Decimal,
    /// Value of shares without sign.
    pub gross_value: Decimal,
    pub net_liquidation: Decimal,
    pub unrealised: Decimal,
    pub realised: Decimal,
    pub margin: Decimal,
    /// Since the session began.
    pub daily: Decimal,
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
        (self.available() * Decimal::ONE_HUNDRED / MARGIN_PERCENT).max(Decimal::ZERO)
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

/// Returns the margin for a value of shares.
#[must_use]
pub fn margin_for(value: Decimal) -> Decimal {
    value.abs() * MARGIN_PERCENT / Decimal::ONE_HUNDRED
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
        self.cash -= signed * fill.price + fill.commission;
        let opposite = !holding.shares.is_zero()
            && holding.shares.is_sign_positive() != signed.is_sign_positive();
        let closing = if opposite { fill.shares.min(holding.shares.abs()) } else { Decimal::ZERO };
        let opening = fill.shares - closing;
        let direction =
            if holding.shares.is_sign_negative() { -Decimal::ONE } else { Decimal::ONE };
        let fee = |part: Decimal| fill.commission * part / fill.shares;
        let realised = (!closing.is_zero())
            .then(|| (fill.price - holding.average_cost) * closing * direction - fee(closing));
        holding.realised += realised.unwrap_or_default();
        if !opening.is_zero() {
            let before = if opposite { Decimal::ZERO } else { holding.shares.abs() };
            let toward = if signed.is_sign_negative() { -fee(opening) } else { fee(opening) };
            let cost = before * holding.average_cost + opening * fill.price + toward;
            holding.average_cost = (cost / (before + opening)).round_dp(8).normalize();
        }
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

    /// Values the account; `price_of` gives `None` where nothing is known, and cost stands in.
    pub fn value(
        &self,
        mut price_of: impl FnMut(&'static Listing) -> Option<Decimal>,
    ) -> Valuation {
        let positions: Vec<Marked> = self
            .holdings
            .values()
            .map(|holding| {
                let price = price_of(holding.listing).unwrap_or(holding.average_cost);
                let value = (price * holding.shares).normalize();
                let unrealised = ((price - holding.average_cost) * holding.shares).round_dp(4);
                Marked { holding: *holding, price, value, unrealised: unrealised.normalize() }
            })
            .collect();
        let sum = |part: fn(&Marked) -> Decimal| positions.iter().map(part).sum::<Decimal>();
        let stock_value = sum(|marked| marked.value);
        let gross_value = sum(|marked| marked.value.abs());
        let net_liquidation = self.cash + stock_value;
        Valuation {
            cash: self.cash,
            stock_value,
            gross_value,
            net_liquidation,
            unrealised: sum(|marked| marked.unrealised),
            realised: sum(|marked| marked.holding.realised).round_dp(4),
            margin: margin_for(gross_value),
            daily: net_liquidation - self.session_start,
            positions,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::catalog;

    fn book(
        account: &mut Account,
        side: Side,
        shares: i64,
        price: &str,
        fee: i64,
    ) -> Option<Decimal> {
        account.book(&Booking {
            listing: catalog::by_symbol("SPY").expect("is listed"),
            side,
            shares: Decimal::from(shares),
            price: price.parse().expect("is a price"),
            commission: Decimal::from(fee),
        })
    }

    fn holding(account: &Account) -> (String, String) {
        let holding = account.holdings().next().expect("has one");
        (holding.shares.to_string(), holding.average_cost.normalize().to_string())
    }

    #[test]
    fn books_cost_with_commission_and_realises_against_it() {
        let mut account = Account::new("DU1", Decimal::from(10_000));
        assert_eq!(book(&mut account, Side::Buy, 10, "100", 1), None);
        assert_eq!(holding(&account), ("10".into(), "100.1".into()));
        let realised = book(&mut account, Side::Sell, 4, "110", 1);
        assert_eq!(realised.map(|gain| gain.normalize().to_string()), Some("38.6".into()));
        assert_eq!(holding(&account), ("6".into(), "100.1".into()));
        let value = account.value(|_| Some(Decimal::from(110)));
        assert_eq!(value.net_liquidation, Decimal::from(10_098));
        assert_eq!(value.unrealised + value.realised, Decimal::from(98));
    }

    #[test]
    fn an_order_through_flat_opens_the_other_side_at_its_own_price() {
        let mut account = Account::new("DU1", Decimal::from(10_000));
        book(&mut account, Side::Buy, 10, "100", 0);
        book(&mut account, Side::Sell, 15, "90", 0);
        assert_eq!(holding(&account), ("-5".into(), "90".into()));
        let realised = book(&mut account, Side::Buy, 5, "80", 0);
        assert_eq!(realised, Some(Decimal::from(50)));
        assert_eq!(holding(&account).0, "0");
        assert_eq!(account.value(|_| None).net_liquidation, Decimal::from(9_950));
    }
}
