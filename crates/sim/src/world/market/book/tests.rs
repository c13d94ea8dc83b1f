//! Books agree with their quotes, and the changes between two of them lead from one to the other.

use super::*;
use crate::world::catalog::by_symbol;

fn listing(symbol: &str) -> &'static Listing {
    by_symbol(symbol).expect("is listed")
}

fn quote(bid: (i64, i64), ask: (i64, i64)) -> Moment {
    let level = |(px, size): (i64, i64)| Some(Level { px, size }).filter(|_| px > 0);
    Moment { bid: level(bid), ask: level(ask), last: None }
}

fn total_at_best(rows: &[Row]) -> (i64, i64) {
    let best = rows.first().expect("has a row").px;
    (best, rows.iter().filter(|row| row.px == best).map(|row| row.size).sum())
}

#[test]
fn the_best_rows_are_the_quote_and_deeper_ones_are_worse() {
    for symbol in ["SPY", "AAPL", "ES", "EUR.USD", "SAP"] {
        let listing = listing(symbol);
        let (tick, lot) = (listing.tick_px, listing.lot);
        for secs in 0..40 {
            let bid = (1_000 * tick + secs % 3 * tick, (1 + secs % 5) * lot);
            let ask = (1_004 * tick, 3 * lot);
            for of in [BookOf::Smart, BookOf::One("ARCA")] {
                let book = around(7, listing, &quote(bid, ask), of, secs);
                assert_eq!(total_at_best(&book.bids), bid, "{symbol} {secs}");
                assert_eq!(total_at_best(&book.asks), ask, "{symbol} {secs}");
                assert!(book.bids.windows(2).all(|pair| pair[0].px >= pair[1].px), "{symbol}");
                assert!(book.asks.windows(2).all(|pair| pair[0].px <= pair[1].px), "{symbol}");
                assert!(book.bids.iter().chain(&book.asks).all(|row| row.size > 0 && row.px > 0));
                assert!(book.bids.len() >= 10, "{symbol} {}", book.bids.len());
            }
        }
    }
}

#[test]
fn a_side_that_nobody_quotes_has_no_rows() {
    let spy = listing("SPY");
    for of in [BookOf::Smart, BookOf::One("ARCA")] {
        let book = around(7, spy, &quote((0, 0), (6_840_000, 300)), of, 5);
        assert!(book.bids.is_empty() && !book.asks.is_empty());
    }
    let nobody = Moment { bid: Some(Level { px: 0, size: 0 }), ..Moment::default() };
    assert_eq!(around(7, spy, &nobody, BookOf::Smart, 5), Book::default());
}

#[test]
fn an_exchange_stands_once_at_a_price_and_the_letters_are_those_of_the_best() {
    let spy = listing("SPY");
    let book = around(7, spy, &quote((68_399_000, 900), (6_840_000, 300)), BookOf::Smart, 5);
    for rows in [&book.bids, &book.asks] {
        let mut seen: Vec<(i64, &str)> = rows.iter().map(|row| (row.px, row.maker)).collect();
        seen.sort_unstable();
        let n_rows = seen.len();
        seen.dedup();
        assert_eq!(seen.len(), n_rows);
    }
    let letters = letters(&book.bids);
    let best = book.bids.iter().filter(|row| row.px == 68_399_000).count();
    assert_eq!(letters.len(), best, "{letters}");
    assert!(letters.chars().all(|letter| "QPNZKV".contains(letter)), "{letters}");
}

fn row(px: i64, size: i64) -> Row {
    Row { px, size, maker: "ARCA" }
}

#[test]
fn changes_are_told_row_by_row() {
    let old = [row(10, 1), row(9, 2), row(8, 3)];
    for (after, n_rows, expected) in [
        (vec![row(10, 1), row(9, 2), row(8, 3)], 5, vec![]),
        (vec![row(10, 5), row(9, 2), row(8, 3)], 5, vec![Change::Update(0, row(10, 5))]),
        (vec![row(10, 1)], 5, vec![Change::Delete(2), Change::Delete(1)]),
        (vec![], 2, vec![Change::Delete(1), Change::Delete(0)]),
        (vec![row(10, 1), row(9, 2), row(8, 3), row(7, 4)], 5, vec![Change::Insert(3, row(7, 4))]),
        (vec![row(10, 1), row(9, 2), row(8, 9), row(7, 4)], 2, vec![]),
    ] {
        assert_eq!(changes(&old, &after, n_rows), expected, "{after:?} {n_rows}");
    }
    let fresh = changes(&[], &old, 2);
    assert_eq!(fresh, [Change::Insert(0, row(10, 1)), Change::Insert(1, row(9, 2))]);
}

#[test]
fn the_changes_of_a_minute_lead_from_book_to_book() {
    let spy = listing("SPY");
    let mut shown: Vec<Row> = Vec::new();
    let mut before: Vec<Row> = Vec::new();
    let mut n_kinds = [0; 3];
    for secs in 0..60 {
        let bid = (68_399_000 + secs % 4 * 1_000, 100 + secs % 7 * 100);
        let book = around(7, spy, &quote(bid, (68_409_000, 100)), BookOf::Smart, secs);
        for change in changes(&before, &book.bids, 60) {
            match change {
                Change::Insert(at, row) => {
                    n_kinds[0] += 1;
                    shown.insert(at, row);
                }
                Change::Update(at, row) => {
                    n_kinds[1] += 1;
                    shown[at] = row;
                }
                Change::Delete(at) => {
                    n_kinds[2] += 1;
                    shown.remove(at);
                }
            }
        }
        before = book.bids;
        assert_eq!(shown, before.get(..60).unwrap_or(&before), "{secs}");
    }
    assert!(n_kinds.iter().all(|count| *count > 0), "{n_kinds:?}");
}
