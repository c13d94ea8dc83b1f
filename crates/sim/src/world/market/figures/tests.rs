//! Figures agree with the bars that they sum up.

use jiff::civil::date;

use super::*;
use crate::world::calendar::new_york_secs;
use crate::world::catalog::by_symbol;

fn listing(symbol: &str) -> &'static Listing {
    by_symbol(symbol).expect("is listed")
}

fn at(hour: i8, minute: i8) -> i64 {
    new_york_secs(date(2026, 1, 5), hour, minute)
}

#[test]
fn the_sums_of_the_day_are_those_of_its_minutes() {
    let mut market = Market::new(3, None);
    let spy = listing("SPY");
    let now = at(10, 31) + 29;
    let figures = market.day_figures(spy, now).expect("is known");
    let day = market.day(spy, &Session::at_or_before(now)).expect("has prices");
    let n_minutes = 6 * 60 + 31;
    let volume =
        |n: usize| day.minutes[n_minutes - n..n_minutes].iter().map(|bar| bar.volume).sum::<i64>();
    assert_eq!(figures.short_volumes, [volume(3), volume(5), volume(10)]);
    let (last, within) = (day.minutes[n_minutes - 1], day.minutes[n_minutes]);
    assert_eq!((figures.trades_a_minute, figures.shares_a_minute), (last.n_trades, last.volume));
    let n_trades: i64 = day.minutes[..n_minutes].iter().map(|bar| bar.n_trades).sum();
    assert_eq!(figures.n_trades, n_trades + within.n_trades / 2);
    let range = day.minutes[..=n_minutes].iter().filter_map(|bar| bar.trade);
    let (low, high) =
        range.fold((i64::MAX, 0), |(low, high), bar| (low.min(bar.low), high.max(bar.high)));
    let vwap = figures.vwap.expect("traded");
    assert!(price(low).value() < vwap && vwap < price(high).value(), "{vwap}");
}

#[test]
fn the_extremes_of_the_year_come_within_the_budget_and_are_those_of_its_days() {
    let mut market = Market::new(3, None);
    let spy = listing("EUR.USD");
    let mut n_calls = 0;
    let extremes = loop {
        n_calls += 1;
        assert!(n_calls < 100, "never ends");
        let mut budget = 20;
        if let Some(found) = market.extremes(spy, at(10, 30), &mut budget) {
            break found;
        }
        assert_eq!(budget, 0);
    };
    assert_eq!(n_calls, 252 / 20 + 1);
    let [short, middle, long] = extremes.ranges;
    assert!(long.0 <= middle.0 && middle.0 <= short.0 && short.0 < short.1, "{extremes:?}");
    assert!(short.1 <= middle.1 && middle.1 <= long.1, "{extremes:?}");
    let friday = Session::at_or_before(at(10, 30)).previous();
    let bar = market.regular(spy, &friday).and_then(|bar| bar.midpoint()).expect("was quoted");
    assert!(short.0 <= bar.low && bar.high <= short.1, "{bar:?}");
}

#[test]
fn an_auction_is_told_of_just_before_it() {
    let mut market = Market::new(3, None);
    for (hour, minute, is_told) in
        [(9, 19, false), (9, 25, true), (9, 30, false), (15, 49, false), (15, 55, true)]
    {
        let auction = market.auction(listing("SPY"), at(hour, minute));
        assert_eq!(auction.is_some(), is_told, "{hour}:{minute}");
        assert!(auction.is_none_or(|auction| auction.volume > 0 && auction.px > 0));
    }
    assert_eq!(market.auction(listing("ES"), at(15, 55)), None);
}

#[test]
fn the_last_regular_price_outlives_the_regular_hours() {
    let mut market = Market::new(3, None);
    let spy = listing("SPY");
    let close = market
        .regular(spy, &Session::at_or_before(at(12, 0)))
        .and_then(|bar| bar.trade)
        .expect("traded")
        .close;
    assert_eq!(market.last_regular_px(spy, at(18, 0)), Some(close));
    let noon = market.snapshot(spy, at(12, 0), 3).last.map(|last| last.px);
    assert_eq!(market.last_regular_px(spy, at(12, 0)), noon);
    let friday = market.snapshot(spy, at(12, 0), 0).previous_close;
    assert_eq!(market.last_regular_px(spy, at(8, 0)), friday);
}

#[test]
fn stocks_pay_dividends_and_funds_do_not() {
    let today = date(2026, 1, 5);
    let paid = dividends(listing("AAPL"), today).expect("pays");
    assert_eq!(paid.next_date, date(2026, 2, 9));
    assert_eq!(paid.next_year, paid.next_amount * Decimal::from(4));
    assert!(paid.past_year < paid.next_year && paid.past_year > Decimal::ZERO);
    assert_eq!(dividends(listing("SPY"), today), None);
    let late = dividends(listing("AAPL"), date(2026, 11, 9)).expect("pays");
    assert_eq!(late.next_date, date(2027, 2, 9));
}
