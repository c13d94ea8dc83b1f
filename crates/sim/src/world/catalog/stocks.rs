//! Well-known US stocks and ETFs, and one German stock for what is paid in another currency.
//!
//! Contract ids are the broker's real ones as far as they are publicly known; a strategy that
//! stores them finds the same instrument here and there.

use super::{Kind, Listing};
use crate::world::px::{CENT, PX_ONE};

macro_rules! listings {
    ($($id:literal $symbol:literal $name:literal $exchange:literal $kind:literal $dollars:literal $sigma:literal $volume:literal $spread:literal;)*) => {
        &[$(Listing {
            con_id: $id,
            symbol: $symbol,
            name: $name,
            primary_exchange: $exchange,
            stock_type: $kind,
            currency: "USD",
            kind: Kind::Stock,
            base_px: $dollars * PX_ONE,
            sigma_bps: $sigma,
            daily_volume: $volume,
            lot: 100,
            tick_px: CENT,
            spread_px: $spread * CENT,
            follows: 0,
        }),*]
    };
}

/// SAP on XETRA, in euro.
pub(super) static SAP: Listing = Listing {
    con_id: 14_204,
    symbol: "SAP",
    name: "SAP SE",
    primary_exchange: "IBIS",
    stock_type: "COMMON",
    currency: "EUR",
    kind: Kind::Stock,
    base_px: 208 * PX_ONE,
    sigma_bps: 140,
    daily_volume: 2_000_000,
    lot: 10,
    tick_px: 2 * CENT,
    spread_px: 4 * CENT,
    follows: 0,
};

#[rustfmt::skip]
pub(super) static US: &[Listing] = listings! {
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
    80986742  "GM"    "GENERAL MOTORS CO"              "NYSE"   "COMMON"  81 180 10_000_000 2;
    1520593   "JPM"   "JPMORGAN CHASE & CO"            "NYSE"   "COMMON" 326 130  9_000_000 6;
    444857009 "PLTR"  "PALANTIR TECHNOLOGIES INC-A"    "NASDAQ" "COMMON" 174 330 60_000_000 2;
    36285627  "GME"   "GAMESTOP CORP-CLASS A"          "NYSE"   "COMMON"  21 330  6_000_000 1;
    140070600 "AMC"   "AMC ENTERTAINMENT HLDS-CL A"    "NYSE"   "COMMON"   2 400 20_000_000 1;
};
