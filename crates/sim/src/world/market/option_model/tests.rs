//! Known prices, greeks against differences, and volatilities that come back.

use super::*;
use crate::world::catalog::{self, Listing};
use crate::world::px::PX_ONE;

const HOUR: i64 = 3600;

fn terms(right: Right, strike: i64, under: &'static Listing) -> OptionTerms {
    let expiry = jiff::civil::date(2026, 7, 6);
    OptionTerms { under, expiry, strike_px: strike * PX_ONE, right }
}

fn half_a_year_before(terms: &OptionTerms) -> i64 {
    expires_at(terms) - 182 * 24 * HOUR - 12 * HOUR
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("is a decimal")
}

fn near(found: Decimal, expected: &str) {
    let distance = (found - decimal(expected)).abs();
    assert!(distance < decimal("0.00006"), "{found} is not {expected}");
}

#[test]
fn prices_are_those_of_the_textbook() {
    let (stock, future) = (
        catalog::by_symbol("AAPL").expect("is listed"),
        catalog::by_symbol("ES").expect("is listed"),
    );
    // Worked out by hand with tables of the normal distribution and checked with another program.
    for (right, under, price) in [
        (Right::Call, stock, "6.6271"),
        (Right::Put, stock, "4.6469"),
        (Right::Call, future, "5.5256"),
        (Right::Put, future, "5.5256"),
    ] {
        let terms = terms(right, 100, under);
        let secs = half_a_year_before(&terms);
        let found = at_volatility(&terms, decimal("100"), decimal("0.2"), secs);
        near(found.price, price);
    }
}

#[test]
fn greeks_are_the_slopes_of_the_price() {
    for symbol in ["AAPL", "ES"] {
        for right in [Right::Call, Right::Put] {
            for strike in [80, 100, 125] {
                slopes(&terms(right, strike, catalog::by_symbol(symbol).expect("is listed")));
            }
        }
    }
}

fn slopes(terms: &OptionTerms) {
    let secs = half_a_year_before(terms);
    let at = |under: &str, volatility: &str, later: i64| {
        at_volatility(terms, decimal(under), decimal(volatility), secs + later)
    };
    let here = at("100", "0.3", 0);
    let close = |found: Decimal, slope: Decimal| {
        assert!((found - slope).abs() < decimal("0.0005"), "{terms:?}: {found} is not {slope}");
    };
    let (up, down) = (at("100.1", "0.3", 0), at("99.9", "0.3", 0));
    close(here.delta, (up.price - down.price) / decimal("0.2"));
    close(here.gamma, (up.delta - down.delta) / decimal("0.2"));
    let vega = (at("100", "0.31", 0).price - at("100", "0.29", 0).price) / decimal("2");
    close(here.vega, vega);
    close(
        here.theta,
        (at("100", "0.3", 12 * HOUR).price - at("100", "0.3", -12 * HOUR).price) / decimal("1"),
    );
}

#[test]
fn a_price_gives_its_volatility_back() {
    let stock = catalog::by_symbol("AAPL").expect("is listed");
    for right in [Right::Call, Right::Put] {
        for strike in [70, 100, 140] {
            for volatility in ["0.05", "0.25", "1.5"] {
                let terms = terms(right, strike, stock);
                let secs = half_a_year_before(&terms);
                let priced = at_volatility(&terms, decimal("100"), decimal(volatility), secs);
                let back = at_price(&terms, decimal("100"), priced.price, secs);
                let Some(back) = back else {
                    // So far from the money that its price says nothing.
                    assert!(priced.vega < decimal("0.0001"), "{terms:?}");
                    continue;
                };
                if priced.vega > decimal("0.001") {
                    near(back.volatility, volatility);
                }
            }
        }
    }
}

#[test]
fn an_impossible_price_has_no_volatility() {
    let stock = catalog::by_symbol("AAPL").expect("is listed");
    let terms = terms(Right::Call, 80, stock);
    let secs = half_a_year_before(&terms);
    for price in ["0", "19", "100", "-1"] {
        assert_eq!(at_price(&terms, decimal("100"), decimal(price), secs), None, "{price}");
    }
    assert!(at_price(&terms, decimal("100"), decimal("23"), secs).is_some());
    assert_eq!(at_price(&terms, decimal("100"), decimal("23"), expires_at(&terms)), None);
}

#[test]
fn at_its_end_an_option_is_worth_what_exercise_brings() {
    let stock = catalog::by_symbol("AAPL").expect("is listed");
    for (right, price, delta) in [(Right::Call, "20", "1"), (Right::Put, "0", "0")] {
        let terms = terms(right, 80, stock);
        let found = at_volatility(&terms, decimal("100"), decimal("0.2"), expires_at(&terms) + 5);
        assert_eq!((found.price, found.delta), (decimal(price), decimal(delta)));
        assert_eq!((found.vega, found.theta), (Decimal::ZERO, Decimal::ZERO));
    }
}
