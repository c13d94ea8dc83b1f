//! Margin: what the broker wants to see in the account for a position.
//!
//! After the broker's pages on margin for accounts under Regulation T, and made plain:
//!
//! | class | initial by day / overnight | maintenance |
//! |---|---|---|
//! | stocks, long | 25 % / 50 % | 25 % |
//! | stocks, short | 30 % / 50 % | 30 % |
//! | options, long | none: they are paid for, and lend nothing | none |
//! | options, short calls | premium + the greater of 20 % of the underlying less what it is out of the money, and 10 % of the underlying | the same |
//! | options, short puts | the same, with 10 % of the strike | the same |
//! | calls covered by shares | premium | the same |
//! | futures | by product; half of it by day | initial ÷ 1.1 |
//! | pairs | 3 % | 3 % |
//! | bonds | 30 % | 25 % |
//! | crypto | all of it: it lends nothing | the same |
//!
//! By day means the regular session of New York. That futures take half by day, and what stands in
//! the table of futures, are assumptions: the exchanges change them every few weeks. Combinations
//! of options other than covered calls are margined leg by leg. It must never know orders.

use gatehouse_types::Decimal;

use super::class::Class;
use crate::world::catalog::{Kind, Listing, Right};

/// When a margin is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hours {
    /// In the regular session of New York.
    Day,
    Overnight,
}

/// What must be there to open and to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Requirement {
    pub initial: Decimal,
    pub maintenance: Decimal,
}

/// Shares or contracts at a price.
#[derive(Debug, Clone, Copy)]
pub struct Exposed {
    pub listing: &'static Listing,
    /// Positive long, negative short.
    pub shares: Decimal,
    pub price: Decimal,
    /// Price of an option's underlying; the strike stands in where it is not known.
    pub under: Option<Decimal>,
    /// Short calls for which the shares lie ready.
    pub covered: Decimal,
}

/// Initial margin of a contract overnight, in its own currency.
const FUTURES: &[(&str, i64)] = &[
    ("ES", 24_600),
    ("MES", 2_460),
    ("NQ", 36_800),
    ("MNQ", 3_680),
    ("RTY", 9_900),
    ("M2K", 990),
    ("YM", 15_400),
    ("MYM", 1_540),
    ("CL", 6_200),
    ("MCL", 620),
    ("GC", 22_000),
    ("MGC", 2_200),
];

impl Requirement {
    const fn new(initial: Decimal, maintenance: Decimal) -> Self {
        Self { initial, maintenance }
    }

    /// Returns the sum of two.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self::new(self.initial + other.initial, self.maintenance + other.maintenance)
    }

    /// Returns it in another currency, or for several.
    #[must_use]
    pub fn times(self, by: Decimal) -> Self {
        Self::new(self.initial * by, self.maintenance * by)
    }
}

impl Hours {
    /// Returns the other hours, which come next.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Day => Self::Overnight,
            Self::Overnight => Self::Day,
        }
    }

    /// Returns the share of a purchase of stocks that must be there.
    #[must_use]
    pub fn stock_share(self) -> Decimal {
        percent(match self {
            Self::Day => 25,
            Self::Overnight => 50,
        })
    }
}

/// Returns the margin of a position, in the instrument's currency.
#[must_use]
pub fn required(position: &Exposed, hours: Hours) -> Requirement {
    let value = (position.shares * position.price * position.listing.multiplier()).abs();
    match Class::of(position.listing) {
        Class::UsStock | Class::ForeignStock if position.shares.is_sign_negative() => {
            let initial = hours.stock_share().max(percent(30));
            Requirement::new(value * initial, value * percent(30))
        }
        Class::UsStock | Class::ForeignStock => {
            Requirement::new(value * hours.stock_share(), value * percent(25))
        }
        Class::Option => option(position),
        Class::Future => future(position, value, hours),
        Class::Pair => Requirement::new(value * percent(3), value * percent(3)),
        Class::Bond => Requirement::new(value * percent(30), value * percent(25)),
        Class::Crypto => Requirement::new(value, value),
    }
}

fn option(position: &Exposed) -> Requirement {
    let Kind::Option(terms) = position.listing.kind else { return Requirement::default() };
    if !position.shares.is_sign_negative() {
        return Requirement::default();
    }
    let strike = terms.strike();
    let under = position.under.unwrap_or(strike);
    let (out_of_the_money, least_of) = match terms.right {
        Right::Call => ((strike - under).max(Decimal::ZERO), under),
        Right::Put => ((under - strike).max(Decimal::ZERO), strike),
    };
    let naked = (under * percent(20) - out_of_the_money).max(least_of * percent(10));
    let short = position.shares.abs();
    let covered = position.covered.min(short);
    let each = position.listing.multiplier();
    let needed = (position.price * short + naked * (short - covered)) * each;
    Requirement::new(needed, needed)
}

fn future(position: &Exposed, value: Decimal, hours: Hours) -> Requirement {
    let symbol = position.listing.symbol;
    let named = FUTURES.iter().find(|(name, _)| *name == symbol);
    let overnight =
        named.map_or(value * percent(8), |(_, each)| position.shares.abs() * Decimal::from(*each));
    let initial = match hours {
        Hours::Day => overnight / Decimal::TWO,
        Hours::Overnight => overnight,
    };
    Requirement::new(initial, initial / Decimal::new(11, 1))
}

fn percent(number: i64) -> Decimal {
    Decimal::new(number, 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::catalog::by_symbol;

    /// Initial by day, initial overnight, maintenance overnight.
    fn check(symbol: &str, shares: i64, price: &str, under: Option<i64>, expected: [&str; 3]) {
        let position = Exposed {
            listing: by_symbol(symbol).expect("is listed"),
            shares: Decimal::from(shares),
            price: price.parse().expect("is a price"),
            under: under.map(Decimal::from),
            covered: Decimal::ZERO,
        };
        let (day, night) = (required(&position, Hours::Day), required(&position, Hours::Overnight));
        let found = [day.initial, night.initial, night.maintenance]
            .map(|amount| amount.round_dp(2).normalize().to_string());
        assert_eq!(found, expected, "{symbol} {shares}");
    }

    #[test]
    fn every_class_has_its_margin_by_day_and_overnight() {
        check("SPY", 100, "600", None, ["15000", "30000", "15000"]);
        check("SPY", -100, "600", None, ["18000", "30000", "18000"]);
        check("SAP", 10, "200", None, ["500", "1000", "500"]);
        check("ES", 2, "6900", None, ["24600", "49200", "44727.27"]);
        check("ES", -1, "6900", None, ["12300", "24600", "22363.64"]);
        check("EUR.USD", 20_000, "1.17", None, ["702", "702", "702"]);
        let call = "AAPL  260116C00270000";
        check(call, 3, "5", Some(270), ["0", "0", "0"]);
        check(call, -1, "5", Some(270), ["5900", "5900", "5900"]);
        check(call, -1, "5", Some(260), ["4700", "4700", "4700"]);
        check(call, -2, "1", Some(230), ["4800", "4800", "4800"]);
        check("AAPL  260116P00270000", -1, "5", Some(280), ["5100", "5100", "5100"]);
        check("AAPL  260116P00270000", -1, "1", Some(330), ["2800", "2800", "2800"]);
    }

    #[test]
    fn a_call_for_which_the_shares_lie_ready_takes_its_premium_only() {
        let position = Exposed {
            listing: by_symbol("AAPL  260116C00270000").expect("is listed"),
            shares: Decimal::from(-3),
            price: Decimal::from(5),
            under: Some(Decimal::from(270)),
            covered: Decimal::TWO,
        };
        assert_eq!(required(&position, Hours::Day).initial, Decimal::from(1_500 + 5_400));
    }
}
