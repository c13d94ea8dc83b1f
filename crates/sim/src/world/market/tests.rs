//! The model: reproducible, consistent between bars and quotes, shaped like a day.

use jiff::civil::date;

use super::super::catalog;
use super::*;

fn listing(symbol: &str) -> &'static Listing {
    catalog::by_symbol(symbol).expect("is listed")
}

fn monday() -> Session {
    Session::on(date(2026, 1, 5)).expect("is a session")
}

#[test]
fn the_same_seed_makes_the_same_bars_and_another_makes_others() {
    let bars = |seed| {
        let mut market = Market::new(seed, None);
        market.day(listing("SPY"), &monday()).expect("has prices").minutes
    };
    assert_eq!(bars(1), bars(1));
    assert_ne!(bars(1), bars(2));
}

#[test]
fn live_prices_stay_inside_the_bar_of_their_minute() {
    let mut market = Market::new(3, None);
    let day = market.day(listing("AAPL"), &monday()).expect("has prices");
    let index = 400;
    let start = monday().minute_start(index);
    let mut seen: Option<Ohlc> = None;
    for second in 0..60 {
        for quarter in 0..4 {
            let shown = market.moment(listing("AAPL"), start + second, quarter);
            seen = join(seen, shown.last.map(|level| Ohlc::flat(level.px)));
        }
    }
    assert_eq!(seen, day.minutes[index].trade);
}

#[test]
fn the_price_at_the_anchor_is_the_catalogue_price() {
    let mut market = Market::new(9, None);
    let snapshot = market.snapshot(listing("SPY"), monday().open, 0);
    let bid = snapshot.moment.bid.expect("is open");
    assert!((bid.px - listing("SPY").base_px).abs() <= 5_000, "{bid:?}");
    assert!(snapshot.is_open && snapshot.previous_close.is_some());
    assert_eq!(snapshot.today.map(|today| today.open), snapshot.last.map(|last| last.px));
}

#[test]
fn volume_is_u_shaped_and_close_to_the_average_day() {
    let mut market = Market::new(5, None);
    let day = market.day(listing("MSFT"), &monday()).expect("has prices");
    let volume =
        |from: usize| day.minutes[from..from + 30].iter().map(|bar| bar.volume).sum::<i64>();
    let (first, middle, last) = (volume(330), volume(510), volume(690));
    assert!(first > 2 * middle && last > 2 * middle, "{first} {middle} {last}");
    let total = day.regular().volume;
    let usual = listing("MSFT").daily_volume;
    assert!(total > usual / 2 && total < usual * 2, "{total}");
}

#[test]
fn shows_no_quote_when_the_market_is_closed() {
    let mut market = Market::new(5, None);
    let night = monday().post_close + 60;
    let snapshot = market.snapshot(listing("SPY"), night, 0);
    assert_eq!(snapshot.moment, Moment::default());
    assert!(!snapshot.is_open && snapshot.last.is_some());
}

#[test]
fn spreads_are_wider_before_the_open() {
    let mut market = Market::new(5, None);
    let mut spread = |secs| {
        let moment = market.moment(listing("SPY"), secs, 0);
        moment.ask.expect("ask").px - moment.bid.expect("bid").px
    };
    assert!(spread(monday().open - 3600) > 2 * spread(monday().open + 3600));
}
