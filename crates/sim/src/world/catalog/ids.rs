//! Ids of stocks beside the broker's: ISIN, CUSIP and FIGI, as far as they are publicly known.
//!
//! It must never know anything else of an instrument. Called by the catalogue and by contract
//! details.

use super::{Kind, Listing};

/// ISIN by symbol. The CUSIP of an American ISIN is its middle.
const ISINS: &[(&str, &str)] = &[
    ("AAPL", "US0378331005"),
    ("MSFT", "US5949181045"),
    ("TSLA", "US88160R1014"),
    ("SPY", "US78462F1030"),
    ("QQQ", "US46090E1038"),
    ("NVDA", "US67066G1040"),
    ("AMZN", "US0231351067"),
    ("GOOGL", "US02079K3059"),
    ("META", "US30303M1027"),
    ("IBM", "US4592001014"),
    ("JPM", "US46625H1005"),
    ("KO", "US1912161007"),
    ("DIS", "US2546871060"),
    ("BA", "US0970231058"),
    ("V", "US92826C8394"),
    ("WMT", "US9311421039"),
    ("MCD", "US5801351017"),
    ("PFE", "US7170811035"),
    ("XOM", "US30231G1022"),
    ("SAP", "DE0007164600"),
];

/// FIGI by symbol.
const FIGIS: &[(&str, &str)] = &[
    ("AAPL", "BBG000B9XRY4"),
    ("MSFT", "BBG000BPH459"),
    ("AMZN", "BBG000BVPV84"),
    ("IBM", "BBG000BLNNH6"),
    ("SPY", "BBG000BDTBL9"),
];

/// The other ids of an instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecIds {
    pub isin: Option<&'static str>,
    pub cusip: Option<&'static str>,
    pub figi: Option<&'static str>,
}

impl SecIds {
    /// Returns the ids of an instrument.
    #[must_use]
    pub fn of(listing: &Listing) -> Self {
        let of = |table: &[(&str, &'static str)]| {
            table.iter().find(|(symbol, _)| *symbol == listing.symbol).map(|(_, id)| *id)
        };
        match listing.kind {
            Kind::Stock => {
                let isin = of(ISINS);
                let american = isin.filter(|isin| isin.starts_with("US"));
                Self { isin, cusip: american.and_then(|isin| isin.get(2..11)), figi: of(FIGIS) }
            }
            Kind::Bond(terms) => Self { isin: None, cusip: Some(terms.cusip), figi: None },
            Kind::Option(_)
            | Kind::Future { .. }
            | Kind::Continuous { .. }
            | Kind::Cash
            | Kind::Index
            | Kind::Crypto
            | Kind::Cfd
            | Kind::MutualFund
            | Kind::Combo(_) => Self { isin: None, cusip: None, figi: None },
        }
    }

    /// Returns whether one of them is meant; `kind` is `ISIN`, `CUSIP` or `FIGI`.
    #[must_use]
    pub fn fits(self, kind: &str, id: &str) -> bool {
        match kind {
            "ISIN" => self.isin == Some(id),
            "CUSIP" => self.cusip == Some(id),
            "FIGI" => self.figi == Some(id),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::by_symbol;
    use super::*;

    #[test]
    fn a_cusip_is_the_middle_of_an_american_isin() {
        let of = |symbol| SecIds::of(by_symbol(symbol).expect("is listed"));
        assert!(of("AAPL").fits("CUSIP", "037833100"));
        assert!(of("SAP").fits("ISIN", "DE0007164600"));
        assert_eq!(of("SAP").cusip, None);
        assert!(!of("AAPL").fits("RIC", "AAPL.O"));
    }
}
