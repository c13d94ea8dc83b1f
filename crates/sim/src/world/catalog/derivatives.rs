//! Options on AAPL and SPY, the E-mini S&P 500 future and EUR.USD.
//!
//! The ids of options and futures are this simulator's own, above 900,000,000: the real ones end
//! with their contracts. It must never know prices of the day.

use jiff::civil::Date;

use super::{Kind, Listing, OptionTerms, Right};

/// Strikes on each side of the one in the middle.
const N_STRIKES: i64 = 5;
/// The first id of an option.
const FIRST_OPTION: i32 = 900_000_001;

/// Returns the E-mini S&P 500 of March 2026 on CME.
pub(super) fn es() -> Listing {
    Listing {
        con_id: 910_000_001,
        symbol: "ES",
        name: "E-mini S&P 500",
        primary_exchange: "CME",
        stock_type: "",
        currency: "USD",
        kind: Kind::Future { last_trade: jiff::civil::date(2026, 3, 20) },
        base_px: 6_895 * 10_000,
        sigma_bps: 90,
        daily_volume: 1_500_000,
        lot: 1,
        tick_px: 2_500,
        spread_px: 2_500,
    }
}

/// Returns EUR.USD on IDEALPRO; its id is the broker's.
pub(super) fn eur_usd() -> Listing {
    Listing {
        con_id: 12_087_792,
        symbol: "EUR",
        name: "European Monetary Union Euro",
        primary_exchange: "IDEALPRO",
        stock_type: "",
        currency: "USD",
        kind: Kind::Cash,
        base_px: 11_720,
        sigma_bps: 45,
        daily_volume: 100_000_000_000,
        lot: 100_000,
        tick_px: 1,
        spread_px: 1,
    }
}

/// Returns puts and calls of two expiries around the underlying's price of the first day.
pub(super) fn options(underlyings: &[&'static Listing]) -> Vec<Listing> {
    let expiries = [jiff::civil::date(2026, 1, 16), jiff::civil::date(2026, 2, 20)];
    let mut found = Vec::new();
    for under in underlyings {
        for expiry in expiries {
            for strike_px in strikes(under) {
                for right in [Right::Call, Right::Put] {
                    let con_id = FIRST_OPTION + i32::try_from(found.len()).unwrap_or(0);
                    found.push(option(con_id, under, expiry, strike_px, right));
                }
            }
        }
    }
    found
}

/// Steps of five dollars around the price, as close strikes of liquid underlyings are.
fn strikes(under: &Listing) -> impl Iterator<Item = i64> {
    let step = 50_000;
    let middle = (under.base_px + step / 2).div_euclid(step) * step;
    (-N_STRIKES..=N_STRIKES).map(move |n| middle + n * step)
}

fn option(
    con_id: i32,
    under: &'static Listing,
    expiry: Date,
    strike_px: i64,
    right: Right,
) -> Listing {
    Listing {
        con_id,
        symbol: under.symbol,
        name: under.name,
        primary_exchange: "AMEX",
        stock_type: "",
        currency: "USD",
        kind: Kind::Option(OptionTerms { under, expiry, strike_px, right }),
        base_px: under.base_px,
        sigma_bps: under.sigma_bps,
        daily_volume: 20_000,
        lot: 10,
        tick_px: 100,
        spread_px: 400,
    }
}
