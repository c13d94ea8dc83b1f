//! Spelling and ids.

use std::collections::BTreeSet;

use super::*;

fn today() -> Catalog {
    Catalog::on(jiff::civil::date(2026, 1, 5))
}

fn asked(sec_type: &str, symbol: &str, con_id: Option<i32>, currency: &str) -> WireContract {
    WireContract {
        con_id: con_id.map(ConId::new),
        symbol: symbol.to_owned(),
        sec_type: sec_type.to_owned(),
        exchange: if sec_type == "FUT" { "CME" } else { "SMART" }.to_owned(),
        currency: currency.to_owned(),
        ..WireContract::default()
    }
}

#[test]
fn resolves_by_symbol_or_id_and_refuses_a_contradiction() {
    for (sec_type, symbol, con_id, currency, found) in [
        ("STK", "AAPL", None, "USD", Ok("AAPL")),
        ("", "", Some(756_733), "", Ok("SPY")),
        ("STK", "AAPL", Some(756_733), "", Err(Unresolved::Unknown)),
        ("STK", "AAPL", None, "EUR", Err(Unresolved::Unknown)),
        ("STK", "SAP", None, "EUR", Ok("SAP")),
        ("STK", "", None, "USD", Err(Unresolved::Incomplete)),
        ("CASH", "EUR", None, "USD", Ok("EUR")),
        ("FUT", "ES", None, "USD", Ok("ES")),
        ("OPT", "AAPL", None, "USD", Err(Unresolved::Ambiguous)),
        ("BOND", "AAPL", None, "USD", Err(Unresolved::Unknown)),
    ] {
        let contract = asked(sec_type, symbol, con_id, currency);
        let resolved = today().resolve(&contract).map(|listing| listing.symbol);
        assert_eq!(resolved, found, "{sec_type} {symbol} {con_id:?} {currency}");
    }
}

#[test]
fn an_option_is_found_by_its_terms_and_by_its_local_symbol() {
    let mut contract = asked("OPT", "AAPL", None, "USD");
    contract.expiry = "202601".to_owned();
    contract.strike = Some(Decimal::from(270));
    assert_eq!(today().fitting(&contract).map(|found| found.len()), Ok(2));
    contract.right = "PUT".to_owned();
    let put = today().resolve(&contract).expect("is one");
    assert_eq!(put.local_symbol(), "AAPL  260116P00270000");
    contract.strike = Some(Decimal::from(271));
    assert_eq!(today().resolve(&contract), Err(Unresolved::Unknown));
    let mut named = asked("OPT", "", None, "USD");
    named.local_symbol = put.local_symbol();
    assert_eq!(today().resolve(&named), Ok(put));
    assert_eq!(by_symbol("AAPL").map(Listing::sec_type), Some("STK"));
}

#[test]
fn ids_and_local_symbols_are_unique() {
    let ids: BTreeSet<_> = all().iter().map(Listing::con_id).collect();
    let symbols: BTreeSet<_> = all().iter().map(Listing::local_symbol).collect();
    assert!(all().len() > 100);
    assert_eq!((ids.len(), symbols.len()), (all().len(), all().len()));
}
