//! The instruments of the simulated broker, and how a client's spelling finds one.
//!
//! It must never know prices of the day: only what defines and shapes an instrument.

mod derivatives;
pub mod hours;
mod stocks;

use std::sync::LazyLock;

use gatehouse_tws::layout::WireContract;
use gatehouse_types::{ConId, Decimal};
use jiff::civil::Date;

/// What kind of instrument it is, with what only that kind has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Stock,
    Option(OptionTerms),
    Future {
        last_trade: Date,
    },
    /// A currency pair.
    Cash,
}

/// What an option is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptionTerms {
    pub under: &'static Listing,
    pub expiry: Date,
    /// In ten-thousandths of a dollar.
    pub strike_px: i64,
    pub right: Right,
}

/// Call or put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    Call,
    Put,
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
    /// Price at 09:30 on 5 January 2026, in ten-thousandths; of an option the underlying's.
    pub base_px: i64,
    /// Standard deviation of a day, in basis points.
    pub sigma_bps: i64,
    /// Shares or contracts on an average day.
    pub daily_volume: i64,
    /// Sizes are shown in multiples of this.
    pub lot: i64,
    /// Step of the model's prices, in ten-thousandths.
    pub tick_px: i64,
    /// Usual spread, in ten-thousandths.
    pub spread_px: i64,
}

/// Exchanges an order for a US stock may name; everything is simulated as one venue.
const US_VENUES: &str = "SMART,AMEX,NYSE,CBOE,PHLX,ISE,CHX,ARCA,NASDAQ,DRCTEDGE,BEX,BATS,EDGEA,BYX,IEX,EDGX,FOXRIVER,PEARL,NYSENAT,LTSE,MEMX,PSX";
/// Exchanges of options.
const OPTION_VENUES: &str = "SMART,AMEX,CBOE,PHLX,PSE,ISE,BOX,BATS,NASDAQOM,CBOE2,NASDAQBX,MIAX,GEMINI,EDGX,MERCURY,PEARL,EMERALD,MEMX,IBUSOPT,SAPPHIRE";

/// Why a contract could not be resolved to one instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unresolved {
    /// Nothing fits.
    Unknown,
    /// More than one fits.
    Ambiguous,
    /// The contract names neither an id nor a symbol.
    Incomplete,
}

static ALL: LazyLock<Vec<Listing>> = LazyLock::new(|| {
    let optioned: Vec<&'static Listing> =
        stocks::US.iter().filter(|one| matches!(one.symbol, "AAPL" | "SPY")).collect();
    let mut all = stocks::US.to_vec();
    all.extend([stocks::SAP, derivatives::es(), derivatives::eur_usd()]);
    all.extend(derivatives::options(&optioned));
    all
});

impl Listing {
    /// Returns the broker's id.
    #[must_use]
    pub fn con_id(&self) -> ConId {
        ConId::new(self.con_id)
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

    /// Returns whether trades are reported; a currency pair is only quoted, by dealers.
    #[must_use]
    pub fn is_traded(&self) -> bool {
        self.kind != Kind::Cash
    }

    /// Returns the broker's word for its kind.
    #[must_use]
    pub fn sec_type(&self) -> &'static str {
        match self.kind {
            Kind::Stock => "STK",
            Kind::Option(_) => "OPT",
            Kind::Future { .. } => "FUT",
            Kind::Cash => "CASH",
        }
    }

    /// Returns the value of one unit per 1.00 of price.
    #[must_use]
    pub fn multiplier(&self) -> Decimal {
        match self.kind {
            Kind::Stock | Kind::Cash => Decimal::ONE,
            Kind::Option(_) => Decimal::ONE_HUNDRED,
            Kind::Future { .. } => Decimal::from(50),
        }
    }

    /// Returns the smallest step of a price that an order may name.
    #[must_use]
    pub fn min_tick(&self) -> Decimal {
        match self.kind {
            // Half a pip, as the broker's EUR.USD; the model moves by whole ones.
            Kind::Cash => Decimal::new(5, 5),
            Kind::Stock | Kind::Option(_) | Kind::Future { .. } => {
                Decimal::new(self.tick_px, 4).normalize()
            }
        }
    }

    /// Returns the id of the broker's rule for price steps.
    #[must_use]
    pub fn market_rule(&self) -> i32 {
        match self.kind {
            Kind::Stock if self.currency == "USD" => 26,
            Kind::Stock => 2975,
            Kind::Option(_) => 32,
            Kind::Future { .. } => 67,
            Kind::Cash => 239,
        }
    }

    /// Returns the exchanges that an order may name, separated by commas.
    #[must_use]
    pub fn venues(&self) -> &'static str {
        match self.kind {
            Kind::Stock if self.currency == "USD" => US_VENUES,
            Kind::Stock => "SMART,IBIS,IBIS2",
            Kind::Option(_) => OPTION_VENUES,
            Kind::Future { .. } => "CME,QBALGO",
            Kind::Cash => "IDEALPRO,SMART",
        }
    }

    /// Returns the exchange that contract details name where the client named none.
    #[must_use]
    pub fn usual_venue(&self) -> &'static str {
        match self.kind {
            Kind::Stock | Kind::Option(_) => "SMART",
            Kind::Future { .. } | Kind::Cash => self.primary_exchange,
        }
    }

    /// Returns the trading class: `NMS` for NASDAQ listings, `XETRA` in Germany.
    #[must_use]
    pub fn trading_class(&self) -> &'static str {
        match self.kind {
            Kind::Stock if self.primary_exchange == "NASDAQ" => "NMS",
            Kind::Stock if self.primary_exchange == "IBIS" => "XETRA",
            Kind::Cash => "EUR.USD",
            Kind::Stock | Kind::Option(_) | Kind::Future { .. } => self.symbol,
        }
    }

    /// Returns the name within its exchange: `AAPL  260116C00270000`, `ESH6`, `EUR.USD`.
    #[must_use]
    pub fn local_symbol(&self) -> String {
        match self.kind {
            Kind::Stock => self.symbol.to_owned(),
            Kind::Option(terms) => format!(
                "{:<6}{}{}{:08}",
                self.symbol,
                terms.expiry.strftime("%y%m%d"),
                terms.right.letter(),
                terms.strike_px / 10
            ),
            Kind::Future { .. } => "ESH6".to_owned(),
            Kind::Cash => format!("{}.{}", self.symbol, self.currency),
        }
    }

    /// Returns the last day on which it trades.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        match self.kind {
            Kind::Stock | Kind::Cash => None,
            Kind::Option(terms) => Some(terms.expiry),
            Kind::Future { last_trade } => Some(last_trade),
        }
    }
}

impl OptionTerms {
    /// Returns the strike in dollars.
    #[must_use]
    pub fn strike(&self) -> Decimal {
        Decimal::new(self.strike_px, 4).normalize()
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

/// Returns every instrument.
#[must_use]
pub fn all() -> &'static [Listing] {
    &ALL
}

/// Returns the instrument with an id.
#[must_use]
pub fn by_con_id(con_id: ConId) -> Option<&'static Listing> {
    all().iter().find(|listing| listing.con_id == con_id.get())
}

/// Returns the stock, future or pair with a ticker symbol; of an option the local symbol is one.
#[must_use]
pub fn by_symbol(symbol: &str) -> Option<&'static Listing> {
    all().iter().find(|listing| match listing.kind {
        Kind::Option(_) | Kind::Cash => listing.local_symbol().eq_ignore_ascii_case(symbol),
        Kind::Stock | Kind::Future { .. } => listing.symbol.eq_ignore_ascii_case(symbol),
    })
}

/// What the broker lists on a day: what has not expired, and what already exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Catalog {
    day: Date,
}

impl Catalog {
    /// Returns the catalogue of a day in New York.
    #[must_use]
    pub fn on(day: Date) -> Self {
        Self { day }
    }

    /// Returns the day.
    #[must_use]
    pub fn day(self) -> Date {
        self.day
    }

    /// Returns every instrument that fits what a client spelled. Every field that it gave must fit.
    ///
    /// # Errors
    /// `Unknown` when no instrument fits, `Incomplete` when nothing identifies one.
    pub fn fitting(self, contract: &WireContract) -> Result<Vec<&'static Listing>, Unresolved> {
        if contract.con_id.is_none()
            && contract.symbol.is_empty()
            && contract.local_symbol.is_empty()
        {
            return Err(Unresolved::Incomplete);
        }
        let found: Vec<_> = all().iter().filter(|listing| fits(contract, listing)).collect();
        if found.is_empty() { Err(Unresolved::Unknown) } else { Ok(found) }
    }

    /// Resolves what a client spelled to one instrument.
    ///
    /// # Errors
    /// As [`Self::fitting`], and `Ambiguous` when more than one fits.
    pub fn resolve(self, contract: &WireContract) -> Result<&'static Listing, Unresolved> {
        match self.fitting(contract)?[..] {
            [one] => Ok(one),
            _ => Err(Unresolved::Ambiguous),
        }
    }
}

fn fits(contract: &WireContract, listing: &Listing) -> bool {
    let or = |given: &str, fits: bool| given.is_empty() || fits;
    let same = |given: &str, value: &str| given.is_empty() || given.eq_ignore_ascii_case(value);
    let nasdaq = |given: &str, value: &str| given == "ISLAND" && value == "NASDAQ";
    contract.con_id.is_none_or(|id| id == listing.con_id())
        && (contract.con_id.is_some() || !contract.sec_type.is_empty())
        && same(&contract.sec_type, listing.sec_type())
        && same(&contract.symbol, listing.symbol)
        && same(&contract.currency, listing.currency)
        && same(&contract.local_symbol, &listing.local_symbol())
        && or(
            &contract.exchange,
            listing.venues().split(',').any(|name| name == contract.exchange)
                || nasdaq(&contract.exchange, "NASDAQ"),
        )
        && or(
            &contract.primary_exchange,
            contract.primary_exchange == listing.primary_exchange
                || nasdaq(&contract.primary_exchange, listing.primary_exchange),
        )
        && or(
            &contract.trading_class,
            contract.trading_class == listing.symbol
                || contract.trading_class == listing.trading_class(),
        )
        && fits_terms(contract, listing)
}

fn fits_terms(contract: &WireContract, listing: &Listing) -> bool {
    let day = listing.last_day().map(|day| day.strftime("%Y%m%d").to_string());
    let expiry = contract.expiry.split([' ', '-']).next().unwrap_or_default();
    let expires = expiry.is_empty() || day.is_some_and(|day| day.starts_with(expiry));
    let multiplied =
        contract.multiplier.is_none_or(|given| given.is_zero() || given == listing.multiplier());
    let (strike, right) = match listing.kind {
        Kind::Option(terms) => (Some(terms.strike()), terms.right.letter()),
        Kind::Stock | Kind::Future { .. } | Kind::Cash => (None, ""),
    };
    let struck = contract.strike.is_none_or(|given| strike == Some(given.normalize()));
    let given = contract.right.trim_matches(['0', '?']);
    expires
        && multiplied
        && struck
        && (given.is_empty() || (given.starts_with(right) && !right.is_empty()))
}

/// Returns up to 16 stocks whose symbol begins with, or whose name contains, a text.
#[must_use]
pub fn matching(pattern: &str) -> Vec<&'static Listing> {
    let pattern = pattern.to_ascii_uppercase();
    let stocks = || all().iter().filter(|listing| listing.kind == Kind::Stock);
    let by_symbol = stocks().filter(|listing| listing.symbol.starts_with(&pattern));
    let by_name = stocks().filter(|listing| {
        !listing.symbol.starts_with(&pattern)
            && listing.name.to_ascii_uppercase().contains(&pattern)
    });
    by_symbol.chain(by_name).take(16).collect()
}

/// Returns the options on an instrument.
pub fn options_on(under: ConId) -> impl Iterator<Item = (&'static Listing, OptionTerms)> {
    all().iter().filter_map(move |listing| match listing.kind {
        Kind::Option(terms) if terms.under.con_id() == under => Some((listing, terms)),
        Kind::Option(_) | Kind::Stock | Kind::Future { .. } | Kind::Cash => None,
    })
}

#[cfg(test)]
mod tests;
