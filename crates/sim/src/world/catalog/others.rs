//! What is neither stock, option nor future: currency pairs, indices, crypto currencies, bonds,
//! contracts for difference and mutual funds.
//!
//! Ids are the broker's where they are publicly known. It must never know prices of the day.

use super::{BondTerms, Kind, Listing};
use crate::world::px::{CENT, COIN, PIP, PX_ONE};

/// What every listing here starts from.
const PLAIN: Listing = Listing {
    con_id: 0,
    symbol: "",
    name: "",
    primary_exchange: "",
    stock_type: "",
    currency: "USD",
    kind: Kind::Index,
    base_px: 0,
    sigma_bps: 100,
    daily_volume: 0,
    lot: 1,
    tick_px: CENT,
    spread_px: CENT,
    follows: 0,
};

const fn pair(
    con_id: i32,
    symbol: &'static str,
    currency: &'static str,
    name: &'static str,
    base_pips: i64,
) -> Listing {
    // A pip of the yen is a hundred times as large as that of the others.
    let pip = if base_pips > 1_000_000 { CENT } else { PIP };
    Listing {
        con_id,
        symbol,
        name,
        primary_exchange: "IDEALPRO",
        currency,
        kind: Kind::Cash,
        base_px: base_pips * PIP,
        sigma_bps: 45,
        daily_volume: 100_000_000_000,
        lot: 100_000,
        tick_px: pip / 2,
        spread_px: pip,
        ..PLAIN
    }
}

pub(super) static PAIRS: &[Listing] = &[
    pair(12_087_792, "EUR", "USD", "European Monetary Union Euro", 11_720),
    pair(12_087_797, "GBP", "USD", "British pound", 13_460),
    pair(15_016_059, "USD", "JPY", "United States dollar", 1_567_000),
    pair(14_433_401, "AUD", "USD", "Australian dollar", 6_690),
    pair(12_087_820, "USD", "CHF", "United States dollar", 7_930),
    pair(15_016_062, "USD", "CAD", "United States dollar", 13_720),
    pair(12_087_807, "EUR", "GBP", "European Monetary Union Euro", 8_710),
];

const fn index(
    con_id: i32,
    symbol: &'static str,
    exchange: &'static str,
    currency: &'static str,
    name: &'static str,
    base: i64,
    follows: i32,
) -> Listing {
    Listing {
        con_id,
        symbol,
        name,
        primary_exchange: exchange,
        currency,
        base_px: base * PX_ONE,
        follows,
        ..PLAIN
    }
}

pub(super) static INDICES: &[Listing] = &[
    index(416_904, "SPX", "CBOE", "USD", "S&P 500 Stock Index", 6_858, 756_733),
    index(416_843, "NDX", "NASDAQ", "USD", "NASDAQ 100 Stock Index", 25_240, 320_227_571),
    Listing {
        sigma_bps: 650,
        ..index(13_455_763, "VIX", "CBOE", "USD", "CBOE Volatility Index", 15, 0)
    },
    index(11_004_968, "ES", "CME", "USD", "E-mini S&P 500", 6_858, 756_733),
    index(11_004_958, "NQ", "CME", "USD", "E-mini NASDAQ 100", 25_240, 320_227_571),
    index(825_711, "DAX", "EUREX", "EUR", "DAX 40 Index (Deutsche Aktien Xetra)", 24_540, 0),
];

const fn coin(
    con_id: i32,
    symbol: &'static str,
    exchange: &'static str,
    name: &'static str,
    base: i64,
    sigma_bps: i64,
) -> Listing {
    Listing {
        con_id,
        symbol,
        name,
        primary_exchange: exchange,
        kind: Kind::Crypto,
        base_px: base * PX_ONE,
        sigma_bps,
        daily_volume: 20_000 * COIN,
        lot: COIN / 100,
        tick_px: 25 * CENT,
        spread_px: 250 * CENT,
        ..PLAIN
    }
}

pub(super) static COINS: &[Listing] = &[
    coin(479_624_278, "BTC", "PAXOS", "Bitcoin cryptocurrency", 93_500, 250),
    coin(495_759_171, "ETH", "PAXOS", "Ethereum cryptocurrency", 3_210, 350),
    Listing {
        follows: 479_624_278,
        ..coin(560_000_001, "BTC", "ZEROHASH", "Bitcoin cryptocurrency", 93_500, 250)
    },
    Listing {
        follows: 495_759_171,
        ..coin(560_000_002, "ETH", "ZEROHASH", "Ethereum cryptocurrency", 3_210, 350)
    },
];

const fn bond(
    con_id: i32,
    symbol: &'static str,
    name: &'static str,
    base_px: i64,
    terms: &'static BondTerms,
) -> Listing {
    Listing {
        con_id,
        symbol,
        name,
        primary_exchange: "SMART",
        kind: Kind::Bond(terms),
        base_px,
        sigma_bps: 25,
        daily_volume: 20_000,
        tick_px: 10 * CENT,
        spread_px: 20 * CENT,
        ..PLAIN
    }
}

pub(super) static BONDS: &[Listing] = &[
    bond(
        573_000_001,
        "US-T",
        "United States Treasury",
        10_040 * CENT,
        &BondTerms {
            cusip: "91282CMM0",
            coupon_ppm: 46_250,
            matures: jiff::civil::date(2035, 2, 15),
            issued: jiff::civil::date(2025, 2, 18),
            ratings: "Aa1/AA+",
            bond_type: "GOVT",
        },
    ),
    bond(
        573_000_002,
        "AAPL",
        "APPLE INC",
        8_730 * CENT,
        &BondTerms {
            cusip: "037833DP2",
            coupon_ppm: 22_000,
            matures: jiff::civil::date(2029, 9, 11),
            issued: jiff::civil::date(2019, 9, 11),
            ratings: "Aaa/AA+",
            bond_type: "CORP",
        },
    ),
    bond(
        573_000_003,
        "IBM",
        "INTL BUSINESS MACHINES CORP",
        9_810 * CENT,
        &BondTerms {
            cusip: "459200KA8",
            coupon_ppm: 35_000,
            matures: jiff::civil::date(2029, 5, 15),
            issued: jiff::civil::date(2019, 5, 15),
            ratings: "A3/A-",
            bond_type: "CORP",
        },
    ),
    bond(
        573_000_004,
        "BNS",
        "BANK OF NOVA SCOTIA",
        10_580 * CENT,
        &BondTerms {
            cusip: "064159KJ4",
            coupon_ppm: 86_250,
            matures: jiff::civil::date(2082, 10, 27),
            issued: jiff::civil::date(2022, 10, 27),
            ratings: "Baa3/BBB-",
            bond_type: "CORP",
        },
    ),
];

/// Contracts for difference and mutual funds follow what they stand for.
pub(super) static PLAIN_ONES: &[Listing] = &[
    Listing {
        con_id: 118_089_500,
        symbol: "IBUS500",
        name: "IB US 500 CFD",
        primary_exchange: "SMART",
        kind: Kind::Cfd,
        base_px: 6_858 * PX_ONE,
        sigma_bps: 90,
        daily_volume: 100_000,
        spread_px: 60 * CENT,
        follows: 756_733,
        ..PLAIN
    },
    Listing {
        con_id: 574_000_001,
        symbol: "AAPL",
        name: "APPLE INC CFD",
        primary_exchange: "SMART",
        kind: Kind::Cfd,
        base_px: 271 * PX_ONE,
        sigma_bps: 130,
        daily_volume: 1_000_000,
        follows: 265_598,
        ..PLAIN
    },
    Listing {
        con_id: 575_000_001,
        symbol: "VFIAX",
        name: "Vanguard 500 Index Fund Admiral Shares",
        primary_exchange: "FUNDSERV",
        kind: Kind::MutualFund,
        base_px: 634 * PX_ONE,
        sigma_bps: 90,
        daily_volume: 10_000,
        follows: 756_733,
        ..PLAIN
    },
];
