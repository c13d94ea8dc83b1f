//! Ticks agree with bars, lines and each other.

use jiff::civil::date;

use super::*;
use crate::world::calendar::new_york_secs;
use crate::world::catalog::by_symbol;
use crate::world::market::{Ohlc, join};

const KINDS: [TickKind; 4] =
    [TickKind::Last, TickKind::AllLast, TickKind::BidAsk, TickKind::MidPoint];

fn listing(symbol: &str) -> &'static Listing {
    by_symbol(symbol).expect("is listed")
}

/// 10:31 on Monday 5 January 2026.
fn minute() -> i64 {
    new_york_secs(date(2026, 1, 5), 10, 31)
}

#[test]
fn the_trades_of_a_minute_make_its_bar() {
    let mut market = Market::new(3, None);
    for symbol in ["SPY", "GS", "ES", "AAPL  260116C00270000"] {
        let listing = listing(symbol);
        let session = Session::at_or_before(minute());
        let day = market.day(listing, &session).expect("has prices");
        let bar = day.minutes[session.minute_index(minute()).expect("is open")];
        let (mut shown, mut volume): (Option<Ohlc>, i64) = (None, 0);
        for secs in minute()..minute() + 60 {
            for trade in market.trades(listing, secs).iter().filter(|one| !one.is_unreported) {
                shown = join(shown, Some(Ohlc::flat(trade.px)));
                volume += trade.size;
            }
        }
        assert_eq!((shown, volume), (bar.trade, bar.volume), "{symbol}");
    }
}

#[test]
fn a_line_shows_the_last_trade_and_the_quote_of_the_ticks() {
    let mut market = Market::new(3, None);
    for symbol in ["SPY", "GS", "AAPL  260116C00270000"] {
        let listing = listing(symbol);
        let mut last = None;
        for secs in minute()..minute() + 60 {
            for quarter in 0..4 {
                let at = Step::of_secs(secs).plus(quarter);
                let trades = market.trades(listing, secs);
                let so_far = trades.iter().rfind(|one| one.at <= at && !one.is_unreported);
                last = so_far.map(|trade| Level { px: trade.px, size: trade.size }).or(last);
                let line = market.snapshot(listing, secs, quarter);
                if last.is_some() {
                    assert_eq!(line.last, last, "{symbol} {secs} {quarter}");
                }
                let quotes = market.ticks_of(listing, (TickKind::BidAsk, false), secs);
                if let Some(Tick::Quote { bid, ask, .. }) =
                    quotes.iter().rfind(|tick| tick.at() <= at)
                {
                    let shown = (line.moment.bid, line.moment.ask);
                    assert_eq!(shown, (Some(*bid), Some(*ask)), "{symbol} {secs} {quarter}");
                }
            }
        }
    }
}

#[test]
fn past_ticks_are_the_ones_that_were_told_as_they_happened() {
    let mut market = Market::new(3, None);
    let spy = listing("SPY");
    let now = Step::of_secs(minute() + 30).plus(2);
    for kind in KINDS {
        let past = market.ticks_before(spy, (kind, false), now, 25);
        assert_eq!(past.len(), 25, "{kind:?}");
        assert!(past.windows(2).all(|pair| pair[0].at() <= pair[1].at()), "{kind:?}");
        assert!(past.iter().all(|tick| tick.at() < now), "{kind:?}");
        let told: Vec<Tick> = (minute() - 60..=minute() + 30)
            .flat_map(|secs| market.ticks_of(spy, (kind, false), secs))
            .filter(|tick| tick.at() < now)
            .collect();
        assert_eq!(told[told.len() - 25..], past[..], "{kind:?}");
    }
}

#[test]
fn the_first_ticks_of_a_day_are_found_over_a_weekend_or_not_at_all() {
    let mut market = Market::new(3, None);
    let sunday = Step::of_secs(new_york_secs(date(2026, 1, 4), 12, 0));
    assert!(market.ticks_before(listing("SPY"), (TickKind::Last, false), sunday, 5).is_empty());
    let early = Step::of_secs(new_york_secs(date(2026, 1, 5), 4, 0));
    assert!(market.ticks_before(listing("SPY"), (TickKind::Last, false), early, 5).is_empty());
    let soon = early.plus(8);
    let found = market.ticks_before(listing("SPY"), (TickKind::BidAsk, false), soon, 50);
    assert_eq!(found.first().map(Tick::at), Some(early));
}

#[test]
fn a_quote_tick_says_what_changed() {
    let quote = |bid: Option<(i64, i64)>, ask: Option<(i64, i64)>| {
        let level = |side: Option<(i64, i64)>| side.map(|(px, size)| Level { px, size });
        Moment { bid: level(bid), ask: level(ask), last: None }
    };
    let before = quote(Some((10, 1)), Some((13, 1)));
    for (now, kind, ignores_size, told) in [
        (before, TickKind::BidAsk, false, false),
        (before, TickKind::MidPoint, false, false),
        (quote(Some((10, 2)), Some((13, 1))), TickKind::BidAsk, false, true),
        (quote(Some((10, 2)), Some((13, 1))), TickKind::BidAsk, true, false),
        (quote(Some((10, 2)), Some((13, 1))), TickKind::MidPoint, false, false),
        (quote(Some((11, 1)), Some((13, 1))), TickKind::BidAsk, true, true),
        (quote(Some((11, 1)), Some((13, 1))), TickKind::MidPoint, true, true),
        (quote(Some((11, 1)), Some((12, 1))), TickKind::MidPoint, true, false),
        (quote(None, Some((13, 1))), TickKind::BidAsk, true, true),
        (quote(None, Some((13, 1))), TickKind::MidPoint, true, false),
        (quote(Some((11, 1)), Some((13, 1))), TickKind::Last, false, false),
    ] {
        let found = quote_tick(kind, ignores_size, &before, &now, Step::of_secs(5));
        assert_eq!(found.is_some(), told, "{kind:?} {ignores_size} {now:?}");
    }
    let odd = quote(Some((11_720, 1)), Some((11_721, 1)));
    let mid = quote_tick(TickKind::MidPoint, false, &before, &odd, Step::of_secs(5));
    let price = Decimal::new(117_205, 6);
    assert_eq!(mid, Some(Tick::Mid { at: Step::of_secs(5), price }));
}
