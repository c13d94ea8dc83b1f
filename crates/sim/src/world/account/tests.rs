//! Cost, profit and cash, by hand.

use super::*;
use crate::world::catalog;

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

fn at(price: &str, rate: &str) -> impl FnMut(&'static Listing) -> Mark {
    let price = price.parse().ok();
    let rate = rate.parse().expect("is a rate");
    move |_| Mark { price, rate }
}

#[test]
fn books_cost_with_commission_and_realises_against_it() {
    let mut account = Account::new("DU1", Decimal::from(10_000));
    assert_eq!(book(&mut account, Side::Buy, 10, "100", 1), None);
    assert_eq!(holding(&account), ("10".into(), "100.1".into()));
    let realised = book(&mut account, Side::Sell, 4, "110", 1);
    assert_eq!(realised.map(|gain| gain.normalize().to_string()), Some("38.6".into()));
    assert_eq!(holding(&account), ("6".into(), "100.1".into()));
    let value = account.value(at("110", "1"));
    assert_eq!(value.net_liquidation, Decimal::from(10_098));
    assert_eq!(value.unrealised + value.realised, Decimal::from(98));
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
    assert_eq!(account.value(at("", "1")).net_liquidation, Decimal::from(9_950));
}

#[test]
fn an_option_costs_a_hundred_times_its_price() {
    let mut account = Account::new("DU1", Decimal::from(10_000));
    let option = ("AAPL  260116C00270000", "1");
    book_in(&mut account, option, Side::Buy, 2, "5", 2);
    assert_eq!(holding(&account), ("2".into(), "501".into()));
    let value = account.value(at("6", "1"));
    assert_eq!(value.cash, Decimal::from(8_998));
    assert_eq!((value.gross_value, value.unrealised), (1_200.into(), 198.into()));
    assert_eq!(value.net_liquidation, Decimal::from(10_198));
}

#[test]
fn a_future_moves_cash_by_what_it_gains_only() {
    let mut account = Account::new("DU1", Decimal::from(100_000));
    book_in(&mut account, ("ES", "1"), Side::Buy, 1, "6900", 2);
    let value = account.value(at("6910", "1"));
    assert_eq!(value.net_liquidation, Decimal::from(100_498));
    assert_eq!((value.stock_value, value.gross_value), (0.into(), 345_500.into()));
    assert_eq!(value.margin, Decimal::from(34_550));
    let realised = book_in(&mut account, ("ES", "1"), Side::Sell, 1, "6910", 2);
    assert_eq!(realised.map(|gain| gain.normalize()), Some(Decimal::from(496)));
    assert_eq!(account.value(at("", "1")).net_liquidation, Decimal::from(100_496));
}

#[test]
fn a_holding_in_euro_counts_in_dollars() {
    let mut account = Account::new("DU1", Decimal::from(10_000));
    book_in(&mut account, ("SAP", "1.2"), Side::Buy, 10, "200", 0);
    assert_eq!(holding(&account), ("10".into(), "200".into()));
    let value = account.value(at("210", "1.2"));
    assert_eq!(value.net_liquidation, Decimal::from(10_120));
    assert_eq!(value.unrealised, Decimal::from(120));
    let value = account.value(at("210", "1"));
    assert_eq!(value.net_liquidation, Decimal::from(9_700));
}
