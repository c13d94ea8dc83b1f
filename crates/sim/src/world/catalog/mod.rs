//! The instruments of the simulated broker, and how a client's spelling finds one.
//!
//! What does not expire is a table; futures and options follow from rules and the world's date. It
//! must never know prices of the day: only what defines and shapes an instrument.

mod combos;
mod derived;
mod details;
pub mod hours;
mod ids;
mod others;
mod roots;
mod search;
mod stocks;

use std::sync::LazyLock;

use gatehouse_types::{ConId, Decimal};
use jiff::civil::Date;

use super::px::{COIN, COIN_SCALE, PX_ONE, price};

pub use combos::Combos;
pub use details::Rule;
pub use ids::SecIds;
pub use roots::{FutureRoot, Month};
pub use search::{Catalog, Chain, Unresolved, matching};

/// What kind of instrument it is, with what only that kind has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Stock,
    /// On a stock, a fund or an index, or on a future.
    Option(OptionTerms),
    Future {
        root: &'static FutureRoot,
        month: Month,
        last_trade: Date,
    },
    /// The front months of a future, one after the other: details and history, no orders.
    Continuous {
        root: &'static FutureRoot,
    },
    /// A currency pair.
    Cash,
    /// Only shown, never traded.
    Index,
    Crypto,
    Bond(&'static BondTerms),
    /// A contract for difference.
    Cfd,
    MutualFund,
    Combo(&'static [ComboLeg]),
}

/// What an option is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptionTerms {
    pub under: &'static Listing,
    pub expiry: Date,
    /// In hundred-thousandths of a dollar.
    pub strike_px: i64,
    pub right: Right,
}

/// Call or put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    Call,
    Put,
}

/// What a bond promises.
#[derive(Debug, PartialEq, Eq)]
pub struct BondTerms {
    pub cusip: &'static str,
    /// Interest of a year, in millionths of the face value.
    pub coupon_ppm: i64,
    pub matures: Date,
    pub issued: Date,
    pub ratings: &'static str,
    /// `CORP` or `GOVT`.
    pub bond_type: &'static str,
}

/// One part of a combination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComboLeg {
    pub listing: &'static Listing,
    /// At least 1.
    pub ratio: i64,
    pub is_bought: bool,
}

/// One tradable instrument and the shape of its market.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing {
    con_id: i32,
    /// The ticker; of an option the underlying's, of a pair the bought currency.
    pub symbol: &'static str,
    pub name: &'static str,
    pub primary_exchange: &'static str,
    /// `COMMON` or `ETF`; empty for what is no stock.
    pub stock_type: &'static str,
    /// Of its prices.
    pub currency: &'static str,
    pub kind: Kind,
    /// Price at 09:30 on 5 January 2026, in hundred-thousandths; of an option the underlying's.
    pub base_px: i64,
    /// Standard deviation of a day, in basis points.
    pub sigma_bps: i64,
    /// Shares or contracts on an average day, as sizes are counted.
    pub daily_volume: i64,
    /// Sizes are shown in multiples of this.
    pub lot: i64,
    /// Step of its prices, in hundred-thousandths.
    pub tick_px: i64,
    /// Usual spread, in hundred-thousandths.
    pub spread_px: i64,
    /// Id of the instrument along whose path its price moves; 0 for its own.
    follows: i32,
}

static STANDING: LazyLock<Vec<Listing>> = LazyLock::new(|| {
    let mut all = stocks::US.to_vec();
    all.push(stocks::SAP);
    for more in [others::PAIRS, others::INDICES, others::COINS, others::BONDS, others::PLAIN_ONES] {
        all.extend_from_slice(more);
    }
    all
});

/// The day on which the model's prices are the catalogue's.
const ANCHOR_DAY: Date = jiff::civil::date(2026, 1, 5);

impl Listing {
    /// Returns the broker's id.
    #[must_use]
    pub fn con_id(&self) -> ConId {
        ConId::new(self.con_id)
    }

    /// Returns the id of the instrument whose path its price walks, its own as a rule.
    pub(in crate::world) fn path_id(&self) -> i32 {
        if self.follows == 0 { self.con_id } else { self.follows }
    }

    /// Returns whether it is a fund.
    #[must_use]
    pub fn is_fund(&self) -> bool {
        self.stock_type == "ETF"
    }

    /// Returns whether it is a stock or a fund of the United States, which tapes may hold.
    #[must_use]
    pub fn is_us_stock(&self) -> bool {
        self.kind == Kind::Stock && self.currency == "USD"
    }

    /// Returns whether trades are reported. Pairs and contracts for difference are only quoted, by
    /// dealers; a combination has no tape of its own.
    #[must_use]
    pub fn is_traded(&self) -> bool {
        !matches!(self.kind, Kind::Cash | Kind::Cfd | Kind::Combo(_))
    }

    /// Returns whether anybody bids or asks: an index is only computed, and so is a fund's value.
    #[must_use]
    pub fn is_quoted(&self) -> bool {
        !matches!(self.kind, Kind::Index | Kind::MutualFund)
    }

    /// Returns why no order may name it, or `None` when one may.
    ///
    /// The texts are an assumption: no page says them.
    #[must_use]
    pub fn unorderable(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Index => Some("Order rejected - reason:An index cannot be traded."),
            Kind::Continuous { .. } => {
                Some("Order rejected - reason:A continuous future cannot be traded.")
            }
            Kind::MutualFund => {
                Some("Order rejected - reason:The simulated Gateway does not trade mutual funds.")
            }
            Kind::Stock
            | Kind::Option(_)
            | Kind::Future { .. }
            | Kind::Cash
            | Kind::Crypto
            | Kind::Bond(_)
            | Kind::Cfd
            | Kind::Combo(_) => None,
        }
    }

    /// Returns the broker's word for its kind.
    #[must_use]
    pub fn sec_type(&self) -> &'static str {
        match self.kind {
            Kind::Stock => "STK",
            Kind::Option(terms) if matches!(terms.under.kind, Kind::Future { .. }) => "FOP",
            Kind::Option(_) => "OPT",
            Kind::Future { .. } => "FUT",
            Kind::Continuous { .. } => "CONTFUT",
            Kind::Cash => "CASH",
            Kind::Index => "IND",
            Kind::Crypto => "CRYPTO",
            Kind::Bond(_) => "BOND",
            Kind::Cfd => "CFD",
            Kind::MutualFund => "FUND",
            Kind::Combo(_) => "BAG",
        }
    }

    /// Returns the value of one unit per 1.00 of price.
    #[must_use]
    pub fn multiplier(&self) -> Decimal {
        match self.kind {
            Kind::Option(terms) if matches!(terms.under.kind, Kind::Future { .. }) => {
                terms.under.multiplier()
            }
            Kind::Option(_) => Decimal::ONE_HUNDRED,
            Kind::Future { root, .. } | Kind::Continuous { root } => Decimal::from(root.multiplier),
            Kind::Combo(legs) => legs.first().map_or(Decimal::ONE, |leg| leg.listing.multiplier()),
            // Bonds are quoted in percent of a face value of 1,000.
            Kind::Bond(_) => Decimal::TEN,
            Kind::Stock
            | Kind::Cash
            | Kind::Index
            | Kind::Crypto
            | Kind::Cfd
            | Kind::MutualFund => Decimal::ONE,
        }
    }

    /// Returns a size as an exact decimal: shares, contracts, coins.
    #[must_use]
    pub fn amount(&self, size: i64) -> Decimal {
        match self.kind {
            Kind::Crypto => Decimal::new(size, COIN_SCALE).normalize(),
            Kind::Stock
            | Kind::Option(_)
            | Kind::Future { .. }
            | Kind::Continuous { .. }
            | Kind::Cash
            | Kind::Index
            | Kind::Bond(_)
            | Kind::Cfd
            | Kind::MutualFund
            | Kind::Combo(_) => Decimal::from(size),
        }
    }

    /// Returns the size of a usual trade, where nobody counted them (an assumption).
    #[must_use]
    pub fn usual_trade(&self) -> i64 {
        if self.kind == Kind::Crypto { COIN / 20 } else { 120 }
    }

    /// Returns the size of one whole share, contract or coin.
    #[must_use]
    pub fn unit(&self) -> i64 {
        if self.kind == Kind::Crypto { COIN } else { 1 }
    }

    /// Returns the smallest step of a price that an order may name.
    #[must_use]
    pub fn min_tick(&self) -> Decimal {
        match self.kind {
            Kind::Crypto if self.symbol == "ETH" => Decimal::new(1, 2),
            Kind::Stock
            | Kind::Option(_)
            | Kind::Future { .. }
            | Kind::Continuous { .. }
            | Kind::Cash
            | Kind::Index
            | Kind::Crypto
            | Kind::Bond(_)
            | Kind::Cfd
            | Kind::MutualFund
            | Kind::Combo(_) => price(self.tick_px).value().normalize(),
        }
    }

    /// Returns the name within its exchange: `AAPL  260116C00270000`, `ESH6`, `EUR.USD`.
    #[must_use]
    pub fn local_symbol(&self) -> String {
        match self.kind {
            Kind::Option(terms) => match terms.under.kind {
                Kind::Future { .. } => format!(
                    "{} {}{}",
                    terms.under.local_symbol(),
                    terms.right.letter(),
                    terms.strike_px / PX_ONE
                ),
                Kind::Stock
                | Kind::Option(_)
                | Kind::Continuous { .. }
                | Kind::Cash
                | Kind::Index
                | Kind::Crypto
                | Kind::Bond(_)
                | Kind::Cfd
                | Kind::MutualFund
                | Kind::Combo(_) => format!(
                    "{:<6}{}{}{:08}",
                    self.trading_class(),
                    terms.expiry.strftime("%y%m%d"),
                    terms.right.letter(),
                    terms.strike_px * 1_000 / PX_ONE
                ),
            },
            Kind::Future { root, month, .. } => format!("{}{}", root.symbol, month.code()),
            Kind::Cash => format!("{}.{}", self.symbol, self.currency),
            Kind::Crypto => format!("{}.{}", self.symbol, self.currency),
            Kind::Bond(terms) => format!("IBCID{}", terms.cusip),
            Kind::Cfd if self.follows != 756_733 => format!("{}n", self.symbol),
            Kind::Stock
            | Kind::Continuous { .. }
            | Kind::Index
            | Kind::Cfd
            | Kind::MutualFund
            | Kind::Combo(_) => self.symbol.to_owned(),
        }
    }

    /// Returns the last day on which it trades.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        match self.kind {
            Kind::Option(terms) => Some(terms.expiry),
            Kind::Future { last_trade, .. } => Some(last_trade),
            Kind::Bond(terms) => Some(terms.matures),
            Kind::Combo(legs) => legs.iter().filter_map(|leg| leg.listing.last_day()).min(),
            Kind::Stock
            | Kind::Continuous { .. }
            | Kind::Cash
            | Kind::Index
            | Kind::Crypto
            | Kind::Cfd
            | Kind::MutualFund => None,
        }
    }
}

impl OptionTerms {
    /// Returns the strike in dollars.
    #[must_use]
    pub fn strike(&self) -> Decimal {
        price(self.strike_px).value().normalize()
    }
}

impl Right {
    /// Returns `C` or `P`.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::Call => "C",
            Self::Put => "P",
        }
    }
}

/// Returns every instrument that does not expire.
#[must_use]
pub fn standing() -> &'static [Listing] {
    &STANDING
}

/// Returns the instrument with an id, whether it is listed or expired; none for a combination, which
/// only its world knows.
///
/// It is for ids that the world itself gave out; what a client names goes through [`Catalog`], so
/// that it cannot have one listing after the other made.
#[must_use]
pub fn by_con_id(con_id: ConId) -> Option<&'static Listing> {
    let is_it = |listing: &&Listing| listing.con_id == con_id.get();
    standing().iter().find(is_it).or_else(|| derived::by_con_id(con_id.get()))
}

/// Returns the instrument that a person means by a word: a ticker, `EUR.USD`, the local symbol of a
/// future or an option, or the symbol of a future for the month that was the front one on
/// 5 January 2026.
#[must_use]
pub fn by_symbol(symbol: &str) -> Option<&'static Listing> {
    let is_it = |listing: &&Listing| match listing.kind {
        Kind::Cash => listing.local_symbol().eq_ignore_ascii_case(symbol),
        // Who says ES means what is traded.
        Kind::Index if roots::FUTURES.iter().any(|root| root.symbol == listing.symbol) => false,
        Kind::Stock
        | Kind::Option(_)
        | Kind::Future { .. }
        | Kind::Continuous { .. }
        | Kind::Index
        | Kind::Crypto
        | Kind::Bond(_)
        | Kind::Cfd
        | Kind::MutualFund
        | Kind::Combo(_) => listing.symbol.eq_ignore_ascii_case(symbol),
    };
    standing().iter().find(is_it).or_else(|| search::derived_by_symbol(symbol))
}

#[cfg(test)]
mod tests;
