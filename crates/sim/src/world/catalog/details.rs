//! What contract details say of an instrument besides its name: venues, order types, price rules.
//!
//! It must never know prices of the day. Called by the server.

use gatehouse_types::Decimal;
use jiff::civil::{Date, date};

use super::roots::{OPTIONS, is_monthly};
use super::{Kind, Listing};
use crate::world::px::CENT;

/// Exchanges an order for a US stock may name; everything is simulated as one venue.
const US_VENUES: &str = "SMART,AMEX,NYSE,CBOE,PHLX,ISE,CHX,ARCA,NASDAQ,DRCTEDGE,BEX,BATS,EDGEA,BYX,IEX,EDGX,FOXRIVER,PEARL,NYSENAT,LTSE,MEMX,IBEOS,OVERNIGHT,PSX";
/// Exchanges of options.
const OPTION_VENUES: &str = "SMART,AMEX,CBOE,PHLX,PSE,ISE,BOX,BATS,NASDAQOM,CBOE2,NASDAQBX,MIAX,GEMINI,EDGX,MERCURY,PEARL,EMERALD,MEMX,IBUSOPT,SAPPHIRE";

/// Order types and attributes by kind.
const STOCK_ORDERS: &str = "ACTIVETIM,AD,ADDONT,ADJUST,ALERT,ALGO,ALLOC,AON,AVGCOST,BASKET,BENCHPX,CASHQTY,COND,CONDORDER,DARKONLY,DARKPOLL,DAY,DEACT,DEACTDIS,DEACTEOD,DIS,DUR,GAT,GTC,GTD,GTT,HID,IBKRATS,ICE,IMB,IOC,LIT,LMT,LOC,MIDPX,MIT,MKT,MOC,MTL,NGCOMB,NODARK,NONALGO,OCA,OPG,OPGREROUT,PEGBENCH,PEGMID,POSTATS,POSTONLY,PREOPGRTH,PRICECHK,REL,REL2MID,RELPCTOFS,RPI,RTH,SCALE,SCALEODD,SCALERST,SIZECHK,SNAPMID,SNAPMKT,SNAPREL,STP,STPLMT,SWEEP,TRAIL,TRAILLIT,TRAILLMT,TRAILMIT,WHATIF";
const OPTION_ORDERS: &str = "ACTIVETIM,AD,ADJUST,ALERT,ALLOC,AON,AVGCOST,BASKET,COND,CONDORDER,DAY,DEACT,DEACTDIS,DEACTEOD,DIS,DUR,FOK,GAT,GTC,GTD,GTT,HID,ICE,IOC,LIT,LMT,MIT,MKT,MTL,NGCOMB,NONALGO,OCA,OPENCLOSE,PEGMIDVOL,PEGMKTVOL,PEGSRFVOL,PRICECHK,PRICEIMP,REL,RELPCTOFS,RELSTK,SCALE,SCALERST,SIZECHK,SNAPMID,SNAPMKT,SNAPREL,STP,STPLMT,TRAIL,TRAILLIT,TRAILLMT,TRAILMIT,VOLAT,WHATIF";
const FUTURE_ORDERS: &str = "ACTIVETIM,AD,ADJUST,ALERT,ALGO,ALLOC,AVGCOST,BASKET,BENCHPX,COND,CONDORDER,DAY,DEACT,DEACTDIS,DEACTEOD,FOK,GAT,GTC,GTD,GTT,HID,ICE,IOC,LIT,LMT,LTH,MIT,MKT,MTL,NGCOMB,NONALGO,OCA,PEGBENCH,SCALE,SCALERST,SNAPMID,SNAPMKT,SNAPREL,STP,STPLMT,TRAIL,TRAILLIT,TRAILLMT,TRAILMIT,WHATIF";
const PAIR_ORDERS: &str = "ACTIVETIM,AD,ADJUST,ALERT,ALGO,ALLOC,AVGCOST,BASKET,CASHQTY,COND,CONDORDER,DAY,DEACT,DEACTDIS,DEACTEOD,GAT,GTC,GTD,GTT,IOC,LIT,LMT,MIT,MKT,NONALGO,OCA,REL,RELPCTOFS,SCALE,SCALERST,STP,STPLMT,TRAIL,TRAILLIT,TRAILLMT,TRAILMIT,WHATIF";
const COIN_ORDERS: &str =
    "ACTIVETIM,ALERT,CASHQTY,DAY,GTC,GTD,GTT,IOC,LMT,MINUTES,MKT,NONALGO,WHATIF";
const BOND_ORDERS: &str =
    "ACTIVETIM,AD,ALERT,ALLOC,AON,DAY,GAT,GTC,GTD,HID,IOC,LMT,MKT,NONALGO,OCA,WHATIF";

/// The broker's rule for price steps: from each low edge upwards, in steps of an increment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub id: i32,
    pub steps: Vec<(Decimal, Decimal)>,
}

impl Rule {
    /// Returns a rule by its number, or `None` for one that the broker does not have.
    #[must_use]
    pub fn by_id(id: i32) -> Option<Self> {
        let cent = Decimal::new(1, 2);
        let steps: &[(i64, Decimal)] = match id {
            // Of rule 12 no page says a word; a client's example asks for it, and a cent is usual.
            12 | 26 => &[(0, cent)],
            // Options on stocks: a cent below three dollars, and on the most liquid ones everywhere.
            32 | 38 => &[(0, cent)],
            109 => &[(0, Decimal::new(5, 2)), (3, Decimal::new(10, 2))],
            557 => &[(0, Decimal::new(5, 2)), (10, Decimal::new(25, 2))],
            // 635 and 2806 as a client's own tests heard them.
            67 | 2_806 => &[(0, Decimal::new(25, 2))],
            635 => &[(0, Decimal::new(1, 4))],
            33 => &[(0, Decimal::new(1, 1))],
            239 => &[(0, Decimal::new(5, 5))],
            240 => &[(0, Decimal::new(5, 3))],
            2_350 => &[(0, Decimal::new(25, 2))],
            2_351 => &[(0, Decimal::new(1, 2))],
            1_529 => &[(0, Decimal::new(1, 1))],
            2_975 => &[(0, Decimal::new(2, 2))],
            _ => return None,
        };
        let steps = steps.iter().map(|(edge, step)| (Decimal::from(*edge), *step)).collect();
        Some(Self { id, steps })
    }
}

impl Listing {
    /// Returns the id of the broker's rule for price steps.
    #[must_use]
    pub fn market_rule(&self) -> i32 {
        match self.kind {
            Kind::Stock if self.currency == "EUR" => 2_975,
            Kind::Option(terms) => match terms.under.kind {
                Kind::Future { .. } => 67,
                Kind::Index => 109,
                Kind::Stock
                | Kind::Option(_)
                | Kind::Continuous { .. }
                | Kind::Cash
                | Kind::Crypto
                | Kind::Bond(_)
                | Kind::Cfd
                | Kind::MutualFund
                | Kind::Combo(_) => 32,
            },
            Kind::Future { root, .. } | Kind::Continuous { root } => root.market_rule,
            Kind::Cash if self.tick_px >= CENT / 2 => 240,
            Kind::Cash => 239,
            Kind::Crypto if self.symbol == "ETH" => 2_351,
            Kind::Crypto => 2_350,
            Kind::Bond(_) => 1_529,
            Kind::Stock | Kind::Index | Kind::Cfd | Kind::MutualFund | Kind::Combo(_) => 26,
        }
    }

    /// Returns the exchanges that an order may name, separated by commas.
    #[must_use]
    pub fn venues(&self) -> &'static str {
        match self.kind {
            Kind::Stock if self.currency == "USD" => US_VENUES,
            Kind::Stock => "SMART,IBIS,IBIS2,EUDARK,GETTEX,TGATE",
            Kind::Option(terms) => match terms.under.kind {
                Kind::Future { .. } => "CME,QBALGO",
                Kind::Index => "SMART,CBOE,IBUSOPT",
                Kind::Stock
                | Kind::Option(_)
                | Kind::Continuous { .. }
                | Kind::Cash
                | Kind::Crypto
                | Kind::Bond(_)
                | Kind::Cfd
                | Kind::MutualFund
                | Kind::Combo(_) => OPTION_VENUES,
            },
            Kind::Future { root, .. } | Kind::Continuous { root } => match root.exchange {
                "NYMEX" => "NYMEX,QBALGO",
                "COMEX" => "COMEX,QBALGO",
                _ => "CME,QBALGO",
            },
            Kind::Cash => "IDEALPRO,SMART",
            Kind::Bond(_) => "SMART,CBBT,BONDDESK,TRADEWEBG",
            Kind::Index | Kind::Crypto | Kind::MutualFund => self.primary_exchange,
            Kind::Cfd | Kind::Combo(_) => "SMART",
        }
    }

    /// Returns the exchange that contract details name where the client named none.
    #[must_use]
    pub fn usual_venue(&self) -> &'static str {
        match self.kind {
            Kind::Option(terms) if matches!(terms.under.kind, Kind::Future { .. }) => {
                self.primary_exchange
            }
            Kind::Stock | Kind::Option(_) | Kind::Bond(_) | Kind::Cfd | Kind::Combo(_) => "SMART",
            Kind::Future { .. }
            | Kind::Continuous { .. }
            | Kind::Cash
            | Kind::Index
            | Kind::Crypto
            | Kind::MutualFund => self.primary_exchange,
        }
    }

    /// Returns the trading class: `NMS` for NASDAQ listings, `XETRA` in Germany, `SPXW` for what
    /// expires between the third Fridays.
    #[must_use]
    pub fn trading_class(&self) -> &'static str {
        match self.kind {
            Kind::Stock if self.primary_exchange == "NASDAQ" => "NMS",
            Kind::Stock if self.primary_exchange == "IBIS" => "XETRA",
            Kind::Cash => match (self.symbol, self.currency) {
                ("EUR", "USD") => "EUR.USD",
                ("GBP", "USD") => "GBP.USD",
                ("AUD", "USD") => "AUD.USD",
                ("USD", "JPY") => "USD.JPY",
                ("USD", "CHF") => "USD.CHF",
                ("USD", "CAD") => "USD.CAD",
                ("EUR", "GBP") => "EUR.GBP",
                _ => self.symbol,
            },
            Kind::Option(terms) if self.symbol == "SPX" && !is_monthly(terms.expiry) => "SPXW",
            Kind::Bond(terms) if terms.bond_type == "GOVT" => "US-T",
            Kind::Combo(_) => "COMB",
            Kind::Stock
            | Kind::Option(_)
            | Kind::Future { .. }
            | Kind::Continuous { .. }
            | Kind::Index
            | Kind::Crypto
            | Kind::Bond(_)
            | Kind::Cfd
            | Kind::MutualFund => self.symbol,
        }
    }

    /// Returns the first day on which a stock was traded in public, where its history would be
    /// missed: of the best known, and of those that are younger than the model's history.
    #[must_use]
    pub fn listed_since(&self) -> Option<Date> {
        if self.kind != Kind::Stock {
            return None;
        }
        match self.symbol {
            "AAPL" => Some(date(1980, 12, 12)),
            "MSFT" => Some(date(1986, 3, 13)),
            "SPY" => Some(date(1993, 1, 29)),
            "GOOGL" => Some(date(2004, 8, 19)),
            "GLD" => Some(date(2004, 11, 18)),
            "SLV" => Some(date(2006, 4, 28)),
            "MA" => Some(date(2006, 5, 25)),
            "V" => Some(date(2008, 3, 19)),
            "TSLA" => Some(date(2010, 6, 29)),
            "VOO" => Some(date(2010, 9, 9)),
            "GM" => Some(date(2010, 11, 18)),
            "META" => Some(date(2012, 5, 18)),
            "AMC" => Some(date(2013, 12, 18)),
            "GOOG" => Some(date(2014, 3, 27)),
            "PLTR" => Some(date(2020, 9, 30)),
            _ => None,
        }
    }

    /// Returns the order types and attributes that it takes, separated by commas.
    #[must_use]
    pub fn order_types(&self) -> &'static str {
        match self.kind {
            Kind::Stock | Kind::Cfd => STOCK_ORDERS,
            Kind::Option(_) | Kind::Combo(_) => OPTION_ORDERS,
            Kind::Future { .. } => FUTURE_ORDERS,
            Kind::Cash => PAIR_ORDERS,
            Kind::Crypto => COIN_ORDERS,
            Kind::Bond(_) => BOND_ORDERS,
            Kind::Index | Kind::Continuous { .. } | Kind::MutualFund => "",
        }
    }

    /// Returns what it is on: id, symbol and kind; zero and empty for what stands for itself.
    #[must_use]
    pub fn under(&self) -> (i32, &'static str, &'static str) {
        match self.kind {
            Kind::Option(terms) => (terms.under.con_id, terms.under.symbol, terms.under.sec_type()),
            Kind::Future { root, .. } | Kind::Continuous { root } => {
                (root.under_con_id, root.symbol, root.under_sec_type)
            }
            Kind::Cfd => (self.follows, self.symbol, "STK"),
            Kind::Stock
            | Kind::Cash
            | Kind::Index
            | Kind::Crypto
            | Kind::Bond(_)
            | Kind::MutualFund
            | Kind::Combo(_) => (0, "", ""),
        }
    }

    /// Returns industry, category and subcategory.
    #[must_use]
    pub fn sector(&self) -> (&'static str, &'static str, &'static str) {
        match self.kind {
            Kind::Option(terms) => terms.under.sector(),
            Kind::Future { root, .. } | Kind::Continuous { root } => {
                (root.industry, root.category, "")
            }
            Kind::Index => ("Indices", "Broad Range Equity Index", "*"),
            Kind::MutualFund => ("Funds", "Equity Fund", "Growth&Income-Large Cap"),
            Kind::Stock if self.is_fund() => ("Funds", "Equity Fund", "Growth&Income-Large Cap"),
            Kind::Stock | Kind::Cfd => stock_sector(self.symbol),
            Kind::Bond(terms) if terms.bond_type == "GOVT" => ("Government", "Sovereign", "US"),
            Kind::Bond(_) => ("Technology", "Computers", "Computers"),
            Kind::Cash | Kind::Crypto | Kind::Combo(_) => ("", "", ""),
        }
    }

    /// Returns the broker's number for the group of exchanges it is aggregated with.
    #[must_use]
    pub fn agg_group(&self) -> i32 {
        match self.kind {
            Kind::Stock if self.currency == "EUR" => 8,
            Kind::Stock | Kind::Cfd | Kind::Combo(_) => 1,
            Kind::Option(_) => 2,
            Kind::Cash => 4,
            Kind::Future { .. } | Kind::Continuous { .. } | Kind::Index => 2_147_483_647,
            Kind::Crypto | Kind::Bond(_) | Kind::MutualFund => 2_147_483_647,
        }
    }

    /// Returns the step of an order's size, and the smallest size.
    #[must_use]
    pub fn size_step(&self) -> Decimal {
        match self.kind {
            Kind::Stock if self.is_us_stock() => Decimal::new(1, 4),
            Kind::Crypto => Decimal::new(1, 8),
            Kind::Cash => Decimal::new(1, 2),
            Kind::Stock
            | Kind::Option(_)
            | Kind::Future { .. }
            | Kind::Continuous { .. }
            | Kind::Index
            | Kind::Bond(_)
            | Kind::Cfd
            | Kind::MutualFund
            | Kind::Combo(_) => Decimal::ONE,
        }
    }

    /// Returns the kinds of what is derived from it, as the search for symbols names them.
    #[must_use]
    pub fn derivatives(&self) -> Vec<&'static str> {
        let has_options = OPTIONS.iter().any(|root| root.symbol == self.symbol);
        match self.kind {
            Kind::Stock if self.is_us_stock() && has_options => {
                vec!["CFD", "OPT", "IOPT", "WAR", "BAG"]
            }
            Kind::Stock if self.is_us_stock() => vec!["CFD"],
            Kind::Index if has_options => vec!["OPT", "FUT", "FOP", "CFD", "BAG"],
            Kind::Index if self.symbol == "NDX" => vec!["FUT", "CFD"],
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
            | Kind::Combo(_) => Vec::new(),
        }
    }
}

fn stock_sector(symbol: &str) -> (&'static str, &'static str, &'static str) {
    match symbol {
        "AAPL" => ("Technology", "Computers", "Computers"),
        "MSFT" => ("Technology", "Software", "Applications Software"),
        "NVDA" | "AMD" | "INTC" | "QCOM" => {
            ("Technology", "Semiconductors", "Electronic Compo-Semicon")
        }
        "IBM" => ("Technology", "Computers", "Computer Services"),
        "SAP" | "ADBE" | "PLTR" => ("Technology", "Software", "Enterprise Software/Serv"),
        "AMZN" | "GOOGL" | "GOOG" | "META" | "NFLX" => {
            ("Communications", "Internet", "Web Portals/ISP")
        }
        "TSLA" | "F" | "GM" => {
            ("Consumer, Cyclical", "Auto Manufacturers", "Auto-Cars/Light Trucks")
        }
        "JPM" | "BAC" | "C" | "WFC" | "MS" | "GS" => {
            ("Financial", "Banks", "Diversified Banking Inst")
        }
        "V" | "MA" => ("Financial", "Diversified Finan Serv", "Finance-Credit Card"),
        "XOM" => ("Energy", "Oil&Gas", "Oil Comp-Integrated"),
        "PFE" | "JNJ" => ("Consumer, Non-cyclical", "Pharmaceuticals", "Medical-Drugs"),
        "KO" | "PEP" => ("Consumer, Non-cyclical", "Beverages", "Beverages-Non-alcoholic"),
        "WMT" | "COST" | "HD" | "MCD" | "SBUX" | "GME" => {
            ("Consumer, Cyclical", "Retail", "Retail-Discount")
        }
        "BA" | "CAT" => ("Industrial", "Aerospace/Defense", "Aerospace/Defense"),
        _ => ("Communications", "Media", "Multimedia"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{by_symbol, standing};
    use super::*;

    #[test]
    fn every_rule_that_an_instrument_names_exists_and_begins_with_its_tick() {
        let derived = ["ES", "CLG6", "GCG6", "AAPL  260116C00270000", "SPX   260116C06850000"];
        let derived = derived.iter().map(|symbol| by_symbol(symbol).expect(symbol));
        for listing in standing().iter().chain(derived) {
            let rule = Rule::by_id(listing.market_rule()).expect("exists");
            assert_eq!(rule.steps[0].1, listing.min_tick(), "{}", listing.local_symbol());
        }
        assert_eq!(Rule::by_id(1), None);
    }
}
