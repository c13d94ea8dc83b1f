//! The instruments of the simulated broker: well-known US stocks and ETFs.
//!
//! It must never know prices of the day: only what defines and shapes an instrument. Contract ids
//! are the broker's real ones as far as they are publicly known; a strategy that stores them
//! finds the same instrument here and there.

use gatehouse_types::{ConId, Contract, SecType};

/// One tradable instrument and the shape of its market.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing {
    con_id: i32,
    pub symbol: &'static str,
    pub name: &'static str,
    pub primary_exchange: &'static str,
    /// `COMMON` or `ETF`.
    pub stock_type: &'static str,
    /// Price at 09:30 on 5 January 2026, in ten-thousandths of a dollar.
    pub base_px: i64,
    /// Standard deviation of a day, in basis points.
    pub sigma_bps: i64,
    /// Shares on an average day.
    pub daily_volume: i64,
    /// Usual spread in cents.
    pub spread_cents: i64,
}

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
}

/// Exchanges an order may name; everything is simulated as one venue.
pub const VENUES: &str = "SMART,AMEX,NYSE,CBOE,PHLX,ISE,CHX,ARCA,NASDAQ,DRCTEDGE,BEX,BATS,EDGEA,BYX,IEX,EDGX,FOXRIVER,PEARL,NYSENAT,LTSE,MEMX,PSX";

/// Why a contract could not be resolved to one instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unresolved {
    /// Nothing fits.
    Unknown,
    /// The contract names neither an id nor a symbol.
    Incomplete,
}

/// Returns every instrument.
#[must_use]
pub fn all() -> &'static [Listing] {
    LISTINGS
}

/// Returns the instrument with an id.
#[must_use]
pub fn by_con_id(con_id: ConId) -> Option<&'static Listing> {
    LISTINGS.iter().find(|listing| listing.con_id == con_id.get())
}

/// Returns the instrument with a ticker symbol.
#[must_use]
pub fn by_symbol(symbol: &str) -> Option<&'static Listing> {
    LISTINGS.iter().find(|listing| listing.symbol.eq_ignore_ascii_case(symbol))
}

/// Resolves what a client spelled. Every field that it gave must fit.
///
/// # Errors
/// `Unknown` when no instrument fits, `Incomplete` when nothing identifies one.
pub fn resolve(contract: &Contract) -> Result<&'static Listing, Unresolved> {
    let symbol = if contract.symbol.is_empty() { &contract.local_symbol } else { &contract.symbol };
    let listing = match contract.con_id {
        Some(con_id) => by_con_id(con_id).ok_or(Unresolved::Unknown)?,
        None if symbol.is_empty() => return Err(Unresolved::Incomplete),
        None => by_symbol(symbol).ok_or(Unresolved::Unknown)?,
    };
    let empty_or = |given: &str, fits: &dyn Fn(&str) -> bool| given.is_empty() || fits(given);
    let fits = matches!(&contract.sec_type, SecType::Stock)
        || (contract.sec_type.as_wire().is_empty() && contract.con_id.is_some());
    let venue = |given: &str| VENUES.split(',').any(|name| name == given) || given == "ISLAND";
    let fits = fits
        && empty_or(&contract.currency, &|currency| currency == "USD")
        && empty_or(&contract.exchange, &venue)
        && empty_or(&contract.primary_exchange, &|name| {
            name == listing.primary_exchange
                || (name == "ISLAND" && listing.primary_exchange == "NASDAQ")
        })
        && empty_or(symbol, &|given| given.eq_ignore_ascii_case(listing.symbol))
        && empty_or(&contract.trading_class, &|given| {
            given == listing.symbol || given == trading_class(listing)
        });
    if fits { Ok(listing) } else { Err(Unresolved::Unknown) }
}

/// Returns the trading class: `NMS` for NASDAQ listings, otherwise the symbol.
#[must_use]
pub fn trading_class(listing: &Listing) -> &'static str {
    if listing.primary_exchange == "NASDAQ" { "NMS" } else { listing.symbol }
}

/// Returns up to 16 instruments whose symbol begins with, or whose name contains, a text.
#[must_use]
pub fn matching(pattern: &str) -> Vec<&'static Listing> {
    let pattern = pattern.to_ascii_uppercase();
    let by_symbol = LISTINGS.iter().filter(|listing| listing.symbol.starts_with(&pattern));
    let by_name = LISTINGS.iter().filter(|listing| {
        !listing.symbol.starts_with(&pattern)
            && listing.name.to_ascii_uppercase().contains(&pattern)
    });
    by_symbol.chain(by_name).take(16).collect()
}

macro_rules! listings {
    ($($id:literal $symbol:literal $name:literal $exchange:literal $kind:literal $dollars:literal $sigma:literal $volume:literal $spread:literal;)*) => {
        &[$(Listing {
            con_id: $id,
            symbol: $symbol,
            name: $name,
            primary_exchange: $exchange,
            stock_type: $kind,
            base_px: $dollars * 10_000,
            sigma_bps: $sigma,
            daily_volume: $volume,
            spread_cents: $spread,
        }),*]
    };
}

#[rustfmt::skip]
static LISTINGS: &[Listing] = listings! {
    265598    "AAPL"  "APPLE INC"                      "NASDAQ" "COMMON" 271 150 45_000_000 1;
    272093    "MSFT"  "MICROSOFT CORP"                 "NASDAQ" "COMMON" 474 140 22_000_000 3;
    76792991  "TSLA"  "TESLA INC"                      "NASDAQ" "COMMON" 440 320 80_000_000 4;
    8314      "IBM"   "INTL BUSINESS MACHINES CORP"    "NYSE"   "COMMON" 292 130  4_000_000 6;
    756733    "SPY"   "STATE STREET SPDR S&P 500 ETF"  "ARCA"   "ETF"    684  90 70_000_000 1;
    320227571 "QQQ"   "INVESCO QQQ TRUST SERIES 1"     "NASDAQ" "ETF"    614 120 50_000_000 1;
    9579970   "IWM"   "ISHARES RUSSELL 2000 ETF"       "ARCA"   "ETF"    248 130 30_000_000 1;
    73128548  "DIA"   "SPDR DJIA TRUST"                "ARCA"   "ETF"    484  85  4_000_000 4;
    136155102 "VOO"   "VANGUARD S&P 500 ETF"           "ARCA"   "ETF"    628  90  7_000_000 2;
    51529211  "GLD"   "SPDR GOLD SHARES"               "ARCA"   "ETF"    398 100 10_000_000 2;
    39039301  "SLV"   "ISHARES SILVER TRUST"           "ARCA"   "ETF"     65 220 25_000_000 1;
    15547841  "TLT"   "ISHARES 20+ YEAR TREASURY BD"   "NASDAQ" "ETF"     87  80 35_000_000 1;
    4215220   "XLF"   "FINANCIAL SELECT SECTOR SPDR"   "ARCA"   "ETF"     55 100 40_000_000 1;
    4215217   "XLE"   "ENERGY SELECT SECTOR SPDR"      "ARCA"   "ETF"     45 130 18_000_000 1;
    4815747   "NVDA"  "NVIDIA CORP"                    "NASDAQ" "COMMON" 189 220 170_000_000 1;
    3691937   "AMZN"  "AMAZON.COM INC"                 "NASDAQ" "COMMON" 228 180 40_000_000 2;
    208813719 "GOOGL" "ALPHABET INC-CL A"              "NASDAQ" "COMMON" 315 170 30_000_000 3;
    208813720 "GOOG"  "ALPHABET INC-CL C"              "NASDAQ" "COMMON" 316 170 20_000_000 3;
    107113386 "META"  "META PLATFORMS INC-CLASS A"     "NASDAQ" "COMMON" 652 190 13_000_000 8;
    15124833  "NFLX"  "NETFLIX INC"                    "NASDAQ" "COMMON"  91 190 40_000_000 2;
    4391      "AMD"   "ADVANCED MICRO DEVICES"         "NASDAQ" "COMMON" 222 280 40_000_000 3;
    270639    "INTC"  "INTEL CORP"                     "NASDAQ" "COMMON"  39 260 90_000_000 1;
    268084    "CSCO"  "CISCO SYSTEMS INC"              "NASDAQ" "COMMON"  76 120 20_000_000 1;
    265768    "ADBE"  "ADOBE INC"                      "NASDAQ" "COMMON" 334 180  4_000_000 12;
    273544    "QCOM"  "QUALCOMM INC"                   "NASDAQ" "COMMON" 172 180  9_000_000 4;
    272997    "COST"  "COSTCO WHOLESALE CORP"          "NASDAQ" "COMMON" 854 120  2_500_000 35;
    274105    "SBUX"  "STARBUCKS CORP"                 "NASDAQ" "COMMON"  84 150  9_000_000 2;
    10098     "BAC"   "BANK OF AMERICA CORP"           "NYSE"   "COMMON"  56 130 35_000_000 1;
    87335484  "C"     "CITIGROUP INC"                  "NYSE"   "COMMON" 118 150 12_000_000 2;
    10375     "WFC"   "WELLS FARGO & CO"               "NYSE"   "COMMON"  95 140 13_000_000 2;
    2841574   "MS"    "MORGAN STANLEY"                 "NYSE"   "COMMON" 181 140  6_000_000 5;
    4627828   "GS"    "GOLDMAN SACHS GROUP INC"        "NYSE"   "COMMON" 914 140  2_000_000 45;
    49462172  "V"     "VISA INC-CLASS A SHARES"        "NYSE"   "COMMON" 347 110  6_000_000 8;
    38685693  "MA"    "MASTERCARD INC - A"             "NYSE"   "COMMON" 563 110  2_500_000 20;
    4762      "BA"    "BOEING CO/THE"                  "NYSE"   "COMMON" 227 190  8_000_000 8;
    5437      "CAT"   "CATERPILLAR INC"                "NYSE"   "COMMON" 598 170  3_500_000 25;
    6459      "DIS"   "WALT DISNEY CO/THE"             "NYSE"   "COMMON" 112 140  9_000_000 2;
    8894      "KO"    "COCA-COLA CO/THE"               "NYSE"   "COMMON"  69  90 16_000_000 1;
    11017     "PEP"   "PEPSICO INC"                    "NASDAQ" "COMMON" 142 100  7_000_000 3;
    8719      "JNJ"   "JOHNSON & JOHNSON"              "NYSE"   "COMMON" 207  90  8_000_000 3;
    11031     "PFE"   "PFIZER INC"                     "NYSE"   "COMMON"  25 120 45_000_000 1;
    13977     "XOM"   "EXXON MOBIL CORP"               "NYSE"   "COMMON" 122 130 16_000_000 1;
    13824     "WMT"   "WALMART INC"                    "NASDAQ" "COMMON" 113 110 18_000_000 1;
    7930      "HD"    "HOME DEPOT INC"                 "NYSE"   "COMMON" 346 120  4_000_000 10;
    9408      "MCD"   "MCDONALD'S CORP"                "NYSE"   "COMMON" 303  90  3_000_000 10;
    9599491   "F"     "FORD MOTOR CO"                  "NYSE"   "COMMON"  13 180 60_000_000 1;
};

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(symbol: &str, con_id: Option<i32>, currency: &str) -> Contract {
        Contract {
            con_id: con_id.map(ConId::new),
            symbol: symbol.to_owned(),
            sec_type: SecType::Stock,
            exchange: "SMART".to_owned(),
            primary_exchange: String::new(),
            currency: currency.to_owned(),
            local_symbol: String::new(),
            trading_class: String::new(),
        }
    }

    #[test]
    fn resolves_by_symbol_or_id_and_refuses_a_contradiction() {
        let resolved = |contract: &Contract| resolve(contract).map(|listing| listing.symbol);
        assert_eq!(resolved(&asked("AAPL", None, "USD")), Ok("AAPL"));
        assert_eq!(resolved(&asked("", Some(756_733), "")), Ok("SPY"));
        assert_eq!(resolved(&asked("AAPL", Some(756_733), "")), Err(Unresolved::Unknown));
        assert_eq!(resolved(&asked("AAPL", None, "EUR")), Err(Unresolved::Unknown));
        assert_eq!(resolved(&asked("", None, "USD")), Err(Unresolved::Incomplete));
    }

    #[test]
    fn ids_and_symbols_are_unique_and_at_least_thirty() {
        let ids: std::collections::BTreeSet<_> = all().iter().map(Listing::con_id).collect();
        let symbols: std::collections::BTreeSet<_> = all().iter().map(|one| one.symbol).collect();
        assert!(all().len() >= 30);
        assert_eq!((ids.len(), symbols.len()), (all().len(), all().len()));
    }
}
