//! The values of the account by their TWS tags, in dollars and currency by currency.
//!
//! Tags and their order in a summary (alphabetical) are those of a live Gateway. It must never
//! compute money beyond a sum; the world's valuation does. Called by the account's answers.

use gatehouse_types::Decimal;

use crate::world::account::requirement::Requirement;
use crate::world::account::{Ledger, Valuation};

/// A value of the account by its TWS tag; the currency is empty for what is not an amount.
pub(super) type Tagged = (&'static str, String, String);

/// What `BASE` stands for in the place of a currency: everything, in the account's own.
const BASE: &str = "BASE";

fn cents(amount: Decimal) -> String {
    format!("{:.2}", amount.round_dp(2))
}

/// Returns the values of the whole account by tag, in the order of the alphabet. `next_change` is
/// when the margins of the other hours begin, in seconds.
pub(super) fn summary_values(value: &Valuation, next_change: i64) -> Vec<Tagged> {
    let mut lines = plain_values(value, next_change);
    let amounts = money_values(value).into_iter().chain(margin_values(value));
    lines.extend(amounts.map(|(tag, amount)| (tag, cents(amount), "USD".to_owned())));
    lines.sort_by_key(|(tag, _, _)| *tag);
    lines
}

fn plain_values(value: &Valuation, next_change: i64) -> Vec<Tagged> {
    let ratio = |part: Decimal| part.checked_div(value.net_liquidation).unwrap_or_default();
    let lines = [
        ("AccountType", "INDIVIDUAL".to_owned()),
        ("Cushion", ratio(value.excess()).round_dp(6).normalize().to_string()),
        // Unlimited, as for an account above 25,000 dollars.
        ("DayTradesRemaining", "-1".to_owned()),
        ("DayTradesRemainingT+1", "-1".to_owned()),
        ("DayTradesRemainingT+2", "-1".to_owned()),
        ("DayTradesRemainingT+3", "-1".to_owned()),
        ("DayTradesRemainingT+4", "-1".to_owned()),
        ("HighestSeverity", "0".to_owned()),
        ("Leverage", format!("{:.2}", ratio(value.gross_value).round_dp(2))),
        ("LookAheadNextChange", next_change.to_string()),
    ];
    lines.into_iter().map(|(tag, text)| (tag, text, String::new())).collect()
}

fn money_values(value: &Valuation) -> [(&'static str, Decimal); 14] {
    let reg_t = value.margin_overnight.initial;
    [
        ("AccruedCash", Decimal::ZERO),
        ("AvailableFunds", value.available()),
        ("BuyingPower", value.buying_power()),
        ("EquityWithLoanValue", value.equity_with_loan),
        ("ExcessLiquidity", value.excess()),
        ("GrossPositionValue", value.gross_value),
        ("NetLiquidation", value.net_liquidation),
        ("PreviousDayEquityWithLoanValue", value.equity_with_loan - value.daily),
        ("RealizedPnL", value.base.realised),
        ("RegTEquity", value.equity_with_loan),
        ("RegTMargin", reg_t),
        ("SMA", value.equity_with_loan - reg_t),
        ("TotalCashValue", value.base.total_cash()),
        ("UnrealizedPnL", value.base.unrealised),
    ]
}

fn margin_values(value: &Valuation) -> Vec<(&'static str, Decimal)> {
    let equity = value.equity_with_loan;
    let of = |tags: [&'static str; 4], margin: Requirement| {
        [
            (tags[0], margin.initial),
            (tags[1], margin.maintenance),
            (tags[2], equity - margin.initial),
            (tags[3], equity - margin.maintenance),
        ]
    };
    let full =
        ["FullInitMarginReq", "FullMaintMarginReq", "FullAvailableFunds", "FullExcessLiquidity"];
    let ahead = [
        "LookAheadInitMarginReq",
        "LookAheadMaintMarginReq",
        "LookAheadAvailableFunds",
        "LookAheadExcessLiquidity",
    ];
    let mut lines = vec![
        ("InitMarginReq", value.margin.initial),
        ("MaintMarginReq", value.margin.maintenance),
        ("SettledCash", value.base.cash),
    ];
    lines.extend(of(full, value.margin_overnight));
    lines.extend(of(ahead, value.margin_next));
    lines
}

/// Which currencies a summary's `$LEDGER` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// `$LEDGER`: everything in the account's own currency.
    Base,
    /// `$LEDGER:EUR`.
    One(String),
    /// `$LEDGER:ALL`.
    All,
}

impl Asked {
    /// Reads a tag of reqAccountSummary; `None` for one that asks for no ledger.
    pub(super) fn read(tag: &str) -> Option<Self> {
        match tag.strip_prefix("$LEDGER")?.strip_prefix(':') {
            None | Some("") => Some(Self::Base),
            Some(code) if code.eq_ignore_ascii_case("ALL") => Some(Self::All),
            Some(code) => Some(Self::One(code.to_ascii_uppercase())),
        }
    }

    fn wants(&self, code: &str) -> bool {
        match self {
            Self::Base => code == BASE,
            Self::One(one) => one == code,
            Self::All => true,
        }
    }
}

/// Returns the values per currency, the account's own sum last.
pub(super) fn ledger_values(value: &Valuation, asked: &Asked) -> Vec<Tagged> {
    let own = value.ledgers.iter().map(|ledger| (ledger.currency.to_string(), ledger));
    own.chain([(BASE.to_owned(), &value.base)])
        .filter(|(code, _)| asked.wants(code))
        .flat_map(|(code, ledger)| values_of(ledger, &code))
        .collect()
}

fn values_of(ledger: &Ledger, code: &str) -> Vec<Tagged> {
    let zero = Decimal::ZERO;
    let rate = format!("{:.7}", ledger.rate.round_dp(7));
    let rate = if ledger.rate == Decimal::ONE { "1.00".to_owned() } else { rate };
    let amounts = [
        ("AccruedCash", zero),
        ("CashBalance", ledger.cash),
        ("CorporateBondValue", ledger.bond_value),
        ("Cryptocurrency", ledger.crypto_value),
        ("FuturesPNL", ledger.futures_profit),
        ("FxCashBalance", zero),
        ("NetDividend", zero),
        ("NetLiquidationByCurrency", ledger.net_liquidation()),
        ("OptionMarketValue", ledger.option_value),
        ("RealizedPnL", ledger.realised),
        ("StockMarketValue", ledger.stock_value),
        ("TotalCashBalance", ledger.total_cash()),
        ("UnrealizedPnL", ledger.unrealised),
    ];
    let words =
        [("Currency", code.to_owned()), ("ExchangeRate", rate), ("RealCurrency", code.to_owned())];
    let amounts = amounts.into_iter().map(|(tag, amount)| (tag, cents(amount)));
    let mut lines: Vec<Tagged> =
        words.into_iter().chain(amounts).map(|(tag, text)| (tag, text, code.to_owned())).collect();
    lines.sort_by_key(|(tag, _, _)| *tag);
    lines
}

/// Tags that reqAccountUpdates repeats for each segment of the account, with the letter of the
/// segment behind them: `-S` securities, `-C` commodities.
const SEGMENTED: [&str; 20] = [
    "AccruedCash",
    "AvailableFunds",
    "EquityWithLoanValue",
    "ExcessLiquidity",
    "FullAvailableFunds",
    "FullExcessLiquidity",
    "FullInitMarginReq",
    "FullMaintMarginReq",
    "GrossPositionValue",
    "InitMarginReq",
    "Leverage",
    "LookAheadAvailableFunds",
    "LookAheadExcessLiquidity",
    "LookAheadInitMarginReq",
    "LookAheadMaintMarginReq",
    "MaintMarginReq",
    "NetLiquidation",
    "PreviousDayEquityWithLoanValue",
    "RegTEquity",
    "TotalCashValue",
];

/// Returns the values by segment. Everything lies in securities, margin of futures too (an
/// assumption: the broker moves cash between the segments of a universal account as it is needed).
/// Of positions, leverage and the account under Regulation T there is no value for commodities.
fn segment_values(summary: &[Tagged]) -> Vec<(String, String, String)> {
    let only_securities = |tag: &str| {
        matches!(tag, "GrossPositionValue" | "Leverage" | "RegTEquity")
            || tag.starts_with("PreviousDay")
    };
    let mut lines = vec![
        ("SegmentTitle-C".to_owned(), "US Commodities".to_owned(), String::new()),
        ("SegmentTitle-S".to_owned(), "US Securities".to_owned(), String::new()),
        ("TradingType-S".to_owned(), "STKNOPT".to_owned(), String::new()),
    ];
    let segmented = summary.iter().filter(|(tag, _, _)| SEGMENTED.contains(tag));
    for (tag, value, currency) in segmented {
        if !only_securities(tag) {
            lines.push((format!("{tag}-C"), cents(Decimal::ZERO), currency.clone()));
        }
        lines.push((format!("{tag}-S"), value.clone(), currency.clone()));
    }
    lines
}

/// Returns what reqAccountUpdates says: the values of the account, then those of each currency.
pub(super) fn update_values(
    value: &Valuation,
    account: &str,
    next_change: i64,
) -> Vec<(String, String, String)> {
    let summary = summary_values(value, next_change);
    let mut lines = segment_values(&summary);
    let plain = summary.into_iter().map(|(tag, text, currency)| (tag.to_owned(), text, currency));
    lines.extend(plain);
    lines.push(("AccountReady".to_owned(), "true".to_owned(), String::new()));
    lines.sort();
    lines.insert(0, ("AccountCode".to_owned(), account.to_owned(), String::new()));
    lines.extend(named_ledgers(value));
    lines
}

/// Returns the values of every currency.
pub(super) fn named_ledgers(value: &Valuation) -> Vec<(String, String, String)> {
    let lines = ledger_values(value, &Asked::All).into_iter();
    lines.map(|(tag, text, currency)| (tag.to_owned(), text, currency)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use gatehouse_types::{Currency, Side};

    use super::*;
    use crate::world::account::requirement::Hours;
    use crate::world::account::{Account, Booking, Mark, currency_of};
    use crate::world::catalog::by_symbol;

    fn euro(currency: Currency) -> Decimal {
        if currency == Currency::USD { Decimal::ONE } else { Decimal::new(12, 1) }
    }

    /// 100,000 dollars, 100 SAP at 200 euro, marked at 210.
    fn valued() -> Valuation {
        let mut account = Account::new("DU1", Decimal::from(100_000));
        account.book(&Booking {
            listing: by_symbol("SAP").expect("is listed"),
            side: Side::Buy,
            shares: Decimal::ONE_HUNDRED,
            price: Decimal::from(200),
            commission: Decimal::from(10),
            rate: euro(currency_of("EUR")),
        });
        account.value(Hours::Day, euro, |_| Mark {
            price: Some(Decimal::from(210)),
            rate: euro(currency_of("EUR")),
            under: None,
        })
    }

    fn named(lines: Vec<Tagged>) -> BTreeMap<(&'static str, String), String> {
        lines.into_iter().map(|(tag, text, currency)| ((tag, currency), text)).collect()
    }

    #[test]
    fn a_ledger_is_said_in_the_currencies_that_are_asked_for() {
        for (tag, codes) in [
            ("$LEDGER", &["BASE"][..]),
            ("$LEDGER:EUR", &["EUR"]),
            ("$LEDGER:ALL", &["BASE", "EUR", "USD"]),
            ("$LEDGER:GBP", &[]),
        ] {
            let asked = Asked::read(tag).expect("asks for a ledger");
            let found: Vec<String> = named(ledger_values(&valued(), &asked))
                .into_keys()
                .filter(|(tag, _)| *tag == "CashBalance")
                .map(|(_, currency)| currency)
                .collect();
            assert_eq!(found, codes, "{tag}");
        }
        assert_eq!(Asked::read("NetLiquidation"), None);
    }

    #[test]
    fn each_currency_keeps_its_own_amounts_and_base_is_their_sum() {
        let lines = named(ledger_values(&valued(), &Asked::All));
        let at = |tag, code: &str| lines.get(&(tag, code.to_owned())).map(String::as_str);
        assert_eq!(at("CashBalance", "EUR"), Some("-20010.00"));
        assert_eq!(at("StockMarketValue", "EUR"), Some("21000.00"));
        assert_eq!(at("ExchangeRate", "EUR"), Some("1.2000000"));
        assert_eq!(at("CashBalance", "USD"), Some("100000.00"));
        assert_eq!(at("ExchangeRate", "USD"), Some("1.00"));
        assert_eq!(at("CashBalance", "BASE"), Some("75988.00"));
        assert_eq!(at("NetLiquidationByCurrency", "BASE"), Some("101188.00"));
        assert_eq!(at("UnrealizedPnL", "BASE"), Some("1188.00"));
    }

    #[test]
    fn account_updates_say_each_segment_and_a_summary_does_not() {
        let said = update_values(&valued(), "DU1", 77);
        let of = |tag: &str| {
            let found = said.iter().find(|(name, _, _)| name == tag);
            found.map(|(_, text, currency)| format!("{text} {currency}"))
        };
        for (tag, expected) in [
            ("NetLiquidation-S", Some("101188.00 USD")),
            ("NetLiquidation-C", Some("0.00 USD")),
            ("GrossPositionValue-S", Some("25200.00 USD")),
            ("GrossPositionValue-C", None),
            ("SegmentTitle-S", Some("US Securities ")),
            ("BuyingPower-S", None),
        ] {
            assert_eq!(of(tag).as_deref(), expected, "{tag}");
        }
        assert_eq!(said.first().map(|(tag, _, _)| tag.as_str()), Some("AccountCode"));
        let summary = summary_values(&valued(), 77);
        assert!(summary.iter().all(|(tag, _, _)| !tag.ends_with("-S")));
        for tag in SEGMENTED {
            assert!(summary.iter().any(|(name, _, _)| *name == tag), "{tag}");
        }
    }

    #[test]
    fn the_account_shows_margins_of_now_overnight_and_next() {
        let lines = named(summary_values(&valued(), 77));
        let at = |tag| lines.get(&(tag, "USD".to_owned())).map(String::as_str);
        assert_eq!(at("InitMarginReq"), Some("6300.00"));
        assert_eq!(at("MaintMarginReq"), Some("6300.00"));
        assert_eq!(at("FullInitMarginReq"), Some("12600.00"));
        assert_eq!(at("LookAheadInitMarginReq"), Some("12600.00"));
        assert_eq!(at("ExcessLiquidity"), Some("94888.00"));
        assert_eq!(at("AvailableFunds"), Some("94888.00"));
        assert_eq!(at("BuyingPower"), Some("379552.00"));
        assert_eq!(lines.get(&("Cushion", String::new())).map(String::as_str), Some("0.93774"));
        let next = lines.get(&("LookAheadNextChange", String::new()));
        assert_eq!(next.map(String::as_str), Some("77"));
    }
}
