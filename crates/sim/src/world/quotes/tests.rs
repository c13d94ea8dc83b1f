//! What clients are shown agrees, also while a drill is on.

use gatehouse_types::Decimal;
use jiff::civil::date;

use super::*;
use crate::world::calendar::new_york_secs;
use crate::world::catalog::by_symbol;
use crate::world::drill::{Line, Turn};
use crate::world::market::Level;
use crate::world::market::book::Row;

fn world_at(day: i8, hour: i8, minute: i8) -> World {
    world_at_step(Step::of_secs(new_york_secs(date(2026, 1, day), hour, minute)))
}

fn world_at_step(at: Step) -> World {
    let mut world = crate::world::tests::world();
    world.advance(at);
    world
}

fn listing(symbol: &str) -> &'static Listing {
    by_symbol(symbol).expect("is listed")
}

fn act(world: &mut World, line: &str) {
    world.drill(&line.parse::<Line>().expect("is a line").drill, Turn::Begin);
}

fn best(rows: &[Row]) -> Option<(i64, i64)> {
    let px = rows.first()?.px;
    Some((px, rows.iter().filter(|row| row.px == px).map(|row| row.size).sum()))
}

#[test]
fn the_book_begins_with_the_quote_that_lines_show_also_in_a_drill() {
    let mut world = world_at(5, 10, 30);
    for drill in [
        r#"{"do":"usual","symbol":"*"}"#,
        r#"{"do":"spread","symbol":"*","by":"0.50"}"#,
        r#"{"do":"jump","symbol":"*","percent":-12}"#,
        r#"{"do":"quote","symbol":"*","as":"none"}"#,
        r#"{"do":"usual","symbol":"*"}"#,
    ] {
        act(&mut world, drill);
        for symbol in ["SPY", "ES", "EUR.USD"] {
            for of in [BookOf::Smart, BookOf::One("NSDQ")] {
                let line = world.snapshot(listing(symbol)).moment;
                let book = world.book(listing(symbol), of);
                let px = |level: Option<Level>| level.map(|level| (level.px, level.size));
                assert_eq!(best(&book.bids), px(line.bid), "{drill} {symbol} {of:?}");
                assert_eq!(best(&book.asks), px(line.ask), "{drill} {symbol} {of:?}");
            }
        }
    }
}

#[test]
fn frozen_data_is_the_last_of_the_day_and_stands_still() {
    // Saturday noon, Sunday noon and the night show what was shown last.
    for (symbol, open_until) in [("SPY", (9, 20)), ("AAPL  260116C00270000", (9, 16))] {
        let listing = listing(symbol);
        let close = Step::of_secs(new_york_secs(date(2026, 1, open_until.0), open_until.1, 0));
        let mut last = world_at_step(close.plus(-1));
        let expected = last.snapshot(listing);
        assert!(expected.moment.bid.is_some(), "{symbol}");
        for (day, hour) in [(10, 12), (11, 12), (12, 3)] {
            let mut world = world_at(day, hour, 0);
            assert_eq!(world.snapshot(listing).moment, Moment::default(), "{symbol}");
            assert_eq!(world.frozen_snapshot(listing), expected, "{symbol} {day} {hour}");
        }
    }
}

#[test]
fn letters_name_who_makes_the_quote() {
    let mut world = world_at(5, 10, 30);
    let shown = world.snapshot(listing("SPY"));
    let letters = world.letters(listing("SPY"), &shown);
    for text in [&letters.bid, &letters.ask, &letters.last] {
        assert!(!text.is_empty() && text.chars().all(|letter| "QPNZKV".contains(letter)));
    }
    assert_eq!(letters.last.len(), 1);
    let shown = world.snapshot(listing("ES"));
    assert_eq!(world.letters(listing("ES"), &shown), Letters::default());
}

#[test]
fn ticks_as_they_happen_follow_a_jump() {
    let mut world = world_at(5, 10, 30);
    let spy = listing("SPY");
    let now = world.now();
    let (after, to) = (now.plus(-1), now.plus(3));
    let usual = |world: &mut World, kind| {
        world.ticks(spy, (kind, false), (after, to), &mut Moment::default())
    };
    let prices = |ticks: &[Tick]| -> Vec<Decimal> {
        let price = |tick: &Tick| match tick {
            Tick::Trade(trade) => Decimal::new(trade.px, 5),
            Tick::Quote { bid, .. } => Decimal::new(bid.px, 5),
            Tick::Mid { price, .. } => *price,
        };
        ticks.iter().map(price).collect()
    };
    for kind in [TickKind::Last, TickKind::AllLast, TickKind::BidAsk, TickKind::MidPoint] {
        act(&mut world, r#"{"do":"usual","symbol":"*"}"#);
        let before = usual(&mut world, kind);
        assert!(!before.is_empty(), "{kind:?}");
        act(&mut world, r#"{"do":"jump","symbol":"SPY","percent":10}"#);
        let after = usual(&mut world, kind);
        assert_eq!(before.len(), after.len(), "{kind:?}");
        let far = |(old, new): (Decimal, Decimal)| new > old * Decimal::new(109, 2);
        assert!(prices(&before).into_iter().zip(prices(&after)).all(far), "{kind:?}");
    }
}
