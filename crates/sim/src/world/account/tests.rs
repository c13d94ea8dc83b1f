//! Cost, profit and cash, by hand.

use super::requirement::Hours;
use super::*;
use crate::world::catalog;

mod balance;

fn usd() -> Currency {
    Currency::USD
}

fn book_in(
    account: &mut Account,
    (symbol, rate): (&str, &str),
    side: Side,
    shares: i64,
    price: &str,
    fee: i64,
) -> Option<Decimal> {
    account.book(&Booking {
        listing: catalog::by_symbol(symbol).expect("is listed"),
        side,
        shares: Decimal::from(shares),
        price: price.parse().expect("is a price"),
        commission: Decimal::from(fee),
        rate: rate.parse().expect("is a rate"),
    })
}

fn book(account: &mut Account, side: Side, shares: i64, price: &str, fee: i64) -> Option<Decimal> {
    book_in(account, ("SPY", "1"), side, shares, price, fee)
}

fn holding(account: &Account) -> (String, String) {
    let holding = account.holdings().next().expect("has one");
    (holding.shares.to_string(), holding.average_cost.normalize().to_string())
}

/// Values an account with everything at one price, euro at a rate.
fn valued(account: &Account, price: &str, rate: &str) -> Valuation {
    let price: Option<Decimal> = price.parse().ok();
    let rate: Decimal = rate.parse().expect("is a rate");
    let rate_of = |currency| if currency == usd() { Decimal::ONE } else { rate };
    account.value(Hours::Day, rate_of, |listing| Mark {
        price,
        rate: rate_of(currency_of(listing.currency)),
        under: None,
    })
}

#[test]
fn books_cost_with_commission_and_realises_against_it() {
    let mut account = Account::new("DU1", Decimal::from(10_000));
    assert_eq!(book(&mut account, Side::Buy, 10, "100", 1), None);
    assert_eq!(holding(&account), ("10".into(), "100.1".into()));
    let realised = book(&mut account, Side::Sell, 4, "110", 1);
    assert_eq!(realised.map(|gain| gain.normalize().to_string()), Some("38.6".into()));
    assert_eq!(holding(&account), ("6".into(), "100.1".into()));
    let value = valued(&account, "110", "1");
    assert_eq!(value.net_liquidation, Decimal::from(10_098));
    assert_eq!(value.base.unrealised + value.base.realised, Decimal::from(98));
    assert_eq!(value.positions.first().map(|one| one.daily), Some(Decimal::from(98)));
}

#[test]
fn an_order_through_flat_opens_the_other_side_at_its_own_price() {
    let mut account = Account::new("DU1", Decimal::from(10_000));
    book(&mut account, Side::Buy, 10, "100", 0);
    book(&mut account, Side::Sell, 15, "90", 0);
    assert_eq!(holding(&account), ("-5".into(), "90".into()));
    let realised = book(&mut account, Side::Buy, 5, "80", 0);
    assert_eq!(realised, Some(Decimal::from(50)));
    assert_eq!(holding(&account).0, "0");
    assert_eq!(valued(&account, "", "1").net_liquidation, Decimal::from(9_950));
}

#[test]
fn an_option_costs_a_hundred_times_its_price_and_lends_nothing() {
    let mut account = Account::new("DU1", Decimal::from(10_000));
    let option = ("AAPL  260116C00270000", "1");
    book_in(&mut account, option, Side::Buy, 2, "5", 2);
    assert_eq!(holding(&account), ("2".into(), "501".into()));
    let value = valued(&account, "6", "1");
    assert_eq!(value.base.cash, Decimal::from(8_998));
    assert_eq!((value.gross_value, value.base.unrealised), (1_200.into(), 198.into()));
    assert_eq!(value.net_liquidation, Decimal::from(10_198));
    assert_eq!(value.equity_with_loan, Decimal::from(8_998));
}

#[test]
fn a_future_moves_cash_by_what_it_gains_only() {
    let mut account = Account::new("DU1", Decimal::from(100_000));
    book_in(&mut account, ("ES", "1"), Side::Buy, 1, "6900", 2);
    let value = valued(&account, "6910", "1");
    assert_eq!(value.net_liquidation, Decimal::from(100_498));
    assert_eq!((value.base.stock_value, value.gross_value), (0.into(), 0.into()));
    assert_eq!(value.base.futures_profit, Decimal::from(498));
    assert_eq!(value.margin.initial, Decimal::from(12_300));
    assert_eq!(value.margin_next.initial, Decimal::from(24_600));
    let realised = book_in(&mut account, ("ES", "1"), Side::Sell, 1, "6910", 2);
    assert_eq!(realised.map(|gain| gain.normalize()), Some(Decimal::from(496)));
    assert_eq!(valued(&account, "", "1").net_liquidation, Decimal::from(100_496));
}

#[test]
fn shares_in_euro_are_paid_with_borrowed_euro() {
    let mut account = Account::new("DU1", Decimal::from(10_000));
    book_in(&mut account, ("SAP", "1.2"), Side::Buy, 10, "200", 3);
    assert_eq!(holding(&account), ("10".into(), "200.3".into()));
    let euro = currency_of("EUR");
    assert_eq!((account.cash(usd()), account.cash(euro)), (10_000.into(), (-2_003).into()));
    let value = valued(&account, "210", "1.2");
    assert_eq!(value.net_liquidation, Decimal::new(101_164, 1));
    assert_eq!(value.base.unrealised, Decimal::new(1_164, 1));
    let of_euro = value.ledgers.iter().find(|one| one.currency == euro).expect("is kept");
    assert_eq!((of_euro.cash, of_euro.stock_value), ((-2_003).into(), 2_100.into()));
    assert_eq!(of_euro.net_liquidation(), Decimal::from(97));
    // What is borrowed moves with what it bought: only the difference feels the rate.
    assert_eq!(valued(&account, "210", "1").net_liquidation, Decimal::from(10_097));
}

#[test]
fn a_pair_moves_two_balances_and_shows_a_virtual_position() {
    let mut account = Account::new("DU1", Decimal::from(100_000));
    let realised = book_in(&mut account, ("EUR.USD", "1"), Side::Buy, 20_000, "1.17", 2);
    assert_eq!(realised, None);
    let euro = currency_of("EUR");
    assert_eq!((account.cash(usd()), account.cash(euro)), (76_598.into(), 20_000.into()));
    let value = valued(&account, "1.18", "1.18");
    assert_eq!(value.net_liquidation, Decimal::from(100_198));
    assert_eq!(value.base.unrealised, Decimal::from(198));
    assert_eq!((value.gross_value, value.margin.initial), (0.into(), 708.into()));
    let realised = book_in(&mut account, ("EUR.USD", "1"), Side::Sell, 20_000, "1.18", 2);
    assert_eq!(realised.map(|gain| gain.normalize()), Some(Decimal::from(196)));
    assert_eq!((account.cash(usd()), account.cash(euro)), (100_196.into(), 0.into()));
}

#[test]
fn a_new_session_starts_the_days_profit_at_zero() {
    let mut account = Account::new("DU1", Decimal::from(10_000));
    book(&mut account, Side::Buy, 10, "100", 0);
    let value = valued(&account, "110", "1");
    account.begin_session(&value);
    let value = valued(&account, "113", "1");
    assert_eq!((value.daily, value.base.unrealised), (30.into(), 130.into()));
    assert_eq!(value.positions.first().map(|one| one.daily), Some(Decimal::from(30)));
}
