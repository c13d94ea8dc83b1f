//! Spelling and ids.

use std::collections::BTreeSet;

use gatehouse_tws::layout::WireContract;

use super::*;

/// The catalogue of a day for who named no combination.
fn on(day: jiff::civil::Date) -> Catalog<'static> {
    Catalog::on(day, Box::leak(Box::default()))
}

fn today() -> Catalog<'static> {
    on(jiff::civil::date(2026, 1, 5))
}

fn asked(sec_type: &str, symbol: &str, con_id: Option<i32>, currency: &str) -> WireContract {
    WireContract {
        con_id: con_id.map(ConId::new),
        symbol: symbol.to_owned(),
        sec_type: sec_type.to_owned(),
        exchange: if sec_type.ends_with("FUT") { "CME" } else { "SMART" }.to_owned(),
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
        ("FUT", "ES", None, "USD", Err(Unresolved::Ambiguous)),
        ("CONTFUT", "ES", None, "USD", Ok("ES")),
        ("IND", "SPX", None, "USD", Err(Unresolved::Unknown)),
        ("OPT", "AAPL", None, "USD", Err(Unresolved::Ambiguous)),
        ("BOND", "AAPL", None, "USD", Ok("AAPL")),
        ("WAR", "AAPL", None, "USD", Err(Unresolved::Unknown)),
    ] {
        let contract = asked(sec_type, symbol, con_id, currency);
        let resolved = today().resolve(&contract).map(|listing| listing.symbol);
        assert_eq!(resolved, found, "{sec_type} {symbol} {con_id:?} {currency}");
    }
}

#[test]
fn an_option_is_found_by_its_terms_and_by_its_local_symbol() {
    let mut contract = asked("OPT", "AAPL", None, "USD");
    contract.expiry = "20260116".to_owned();
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
    let derived = ["OPT", "FOP", "FUT", "CONTFUT"].into_iter().flat_map(|sec_type| {
        let symbols = ["AAPL", "SPY", "SPX", "ES", "NQ", "CL", "GC", "MES"];
        symbols.into_iter().filter_map(move |symbol| {
            let mut contract = asked(sec_type, symbol, None, "USD");
            contract.exchange.clear();
            today().fitting(&contract).ok()
        })
    });
    let every: Vec<&Listing> = standing().iter().chain(derived.flatten()).collect();
    let ids: BTreeSet<_> = every.iter().map(|one| one.con_id()).collect();
    let symbols: BTreeSet<_> = every
        .iter()
        .map(|one| (one.sec_type(), one.primary_exchange, one.last_day(), one.local_symbol()))
        .collect();
    assert!(every.len() > 3_000, "{}", every.len());
    assert_eq!((ids.len(), symbols.len()), (every.len(), every.len()));
    assert!(every.iter().all(|one| by_con_id(one.con_id()) == Some(*one)));
}

#[test]
fn a_future_is_found_by_its_month_its_day_or_its_name_and_not_after_its_end() {
    let asked = |expiry: &str, local: &str, expired: bool| WireContract {
        sec_type: "FUT".to_owned(),
        symbol: if local.is_empty() { "ES".to_owned() } else { String::new() },
        expiry: expiry.to_owned(),
        local_symbol: local.to_owned(),
        include_expired: expired,
        ..WireContract::default()
    };
    let found = |contract: &WireContract| -> Vec<String> {
        let found = today().fitting(contract).unwrap_or_default();
        found.into_iter().map(Listing::local_symbol).collect()
    };
    assert_eq!(found(&asked("", "", false)), ["ESH6", "ESM6", "ESU6", "ESZ6", "ESH7", "ESM7"]);
    assert_eq!(found(&asked("202603", "", false)), ["ESH6"]);
    assert_eq!(found(&asked("20260320", "", false)), ["ESH6"]);
    assert_eq!(found(&asked("", "ESM6", false)), ["ESM6"]);
    assert!(found(&asked("202512", "", false)).is_empty());
    assert_eq!(found(&asked("202512", "", true)), ["ESZ5"]);
    let mut crude = asked("202602", "", false);
    crude.symbol = "CL".to_owned();
    assert_eq!(found(&crude), ["CLG6"], "the month of delivery is not that of the last day");
    let both = WireContract { sec_type: "FUT+CONTFUT".to_owned(), ..asked("", "", false) };
    assert_eq!(found(&both).len(), 7);
}

#[test]
fn other_ids_name_an_instrument_too() {
    for (kind, id, symbol) in [
        ("ISIN", "US0378331005", Some("AAPL")),
        ("CUSIP", "594918104", Some("MSFT")),
        ("FIGI", "BBG000BLNNH6", Some("IBM")),
        ("ISIN", "US0000000000", None),
    ] {
        let contract = WireContract {
            sec_type: "STK".to_owned(),
            sec_id_type: kind.to_owned(),
            sec_id: id.to_owned(),
            ..WireContract::default()
        };
        let found = today().resolve(&contract).ok().map(|listing| listing.symbol);
        assert_eq!(found, symbol, "{kind} {id}");
    }
}

#[test]
fn a_combination_is_one_instrument_for_the_same_legs() {
    let leg = |con_id: i32, action: &str| gatehouse_tws::layout::Leg {
        con_id,
        ratio: 1,
        action: action.to_owned(),
        ..gatehouse_tws::layout::Leg::default()
    };
    let bag = |legs: Vec<gatehouse_tws::layout::Leg>| WireContract {
        sec_type: "BAG".to_owned(),
        symbol: "AAPL".to_owned(),
        legs,
        ..WireContract::default()
    };
    let pair = || vec![leg(265_598, "BUY"), leg(272_093, "SELL")];
    let combos = Combos::default();
    let today = Catalog::on(jiff::civil::date(2026, 1, 5), &combos);
    let combo = today.resolve(&bag(pair())).expect("is one");
    assert_eq!(today.resolve(&bag(pair())), Ok(combo));
    assert_eq!(combo.sec_type(), "BAG");
    assert_eq!(today.by_con_id(combo.con_id()), Some(combo));
    for legs in [vec![], vec![leg(1, "BUY")], vec![leg(416_904, "BUY")]] {
        assert_eq!(today.resolve(&bag(legs)), Err(Unresolved::Unknown));
    }
}

#[test]
fn an_id_that_was_never_listed_makes_nothing() {
    let mut n_found = 0;
    for con_id in (600_000_000..640_000_000).step_by(39_119).chain(700_000_000..700_005_000) {
        let found = today().by_con_id(ConId::new(con_id));
        n_found += usize::from(found.is_some());
        assert!(found.is_none_or(|one| one.last_day() >= Some(jiff::civil::date(2024, 1, 5))));
    }
    assert!(n_found < 10, "{n_found}");
}

#[test]
fn a_bond_is_named_by_its_ids_in_place_of_a_symbol() {
    for (symbol, found) in [
        ("US064159KJ44", Ok("BNS")),
        ("064159KJ4", Ok("BNS")),
        ("037833DP2", Ok("AAPL")),
        ("US0641590000", Err(Unresolved::Unknown)),
    ] {
        let resolved = today().resolve(&asked("BOND", symbol, None, "USD"));
        assert_eq!(resolved.map(|listing| listing.symbol), found, "{symbol}");
    }
}

#[test]
fn an_index_and_the_futures_on_it_share_a_symbol_and_a_word_means_the_future() {
    let mut index = asked("IND", "ES", None, "USD");
    index.exchange = "CME".to_owned();
    assert_eq!(today().resolve(&index).map(Listing::sec_type), Ok("IND"));
    assert_eq!(by_symbol("ES").map(Listing::sec_type), Some("FUT"));
    assert_eq!(by_symbol("SPX").map(Listing::sec_type), Some("IND"));
}

#[test]
fn options_reach_far_from_the_price_and_two_years_ahead() {
    for (day, symbol, expiry, strike) in [
        (jiff::civil::date(2025, 1, 6), "AAPL", "20250117", 150),
        (jiff::civil::date(2026, 1, 5), "SPY", "20281215", 750),
    ] {
        let mut contract = asked("OPT", symbol, None, "USD");
        contract.expiry = expiry.to_owned();
        contract.strike = Some(Decimal::from(strike));
        contract.right = "C".to_owned();
        assert!(on(day).resolve(&contract).is_ok(), "{symbol} {expiry} {strike}");
    }
}
