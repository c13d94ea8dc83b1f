//! The error book: a table of codes for each family, and all of them in the order of numbers.

mod client;
mod connection;
mod data;
mod kinds;
mod notices;
mod orders;
mod rules;
mod wide;

use crate::Line;

const FAMILIES: [&[Line]; 8] = [
    connection::LINES,
    client::LINES,
    notices::LINES,
    orders::LINES,
    kinds::LINES,
    rules::LINES,
    wide::LINES,
    data::LINES,
];

const N_LINES: usize = {
    let (mut n_lines, mut family) = (0, 0);
    while family < FAMILIES.len() {
        n_lines += FAMILIES[family].len();
        family += 1;
    }
    n_lines
};

/// Every line, by its first number. Families overlap in their ranges, so sorting is left to the
/// compiler.
static BOOK: [&Line; N_LINES] = in_order();

const fn in_order() -> [&'static Line; N_LINES] {
    let mut book = [&FAMILIES[0][0]; N_LINES];
    let (mut n_placed, mut family) = (0, 0);
    while family < FAMILIES.len() {
        let mut row = 0;
        while row < FAMILIES[family].len() {
            let line = &FAMILIES[family][row];
            let mut at = n_placed;
            while at > 0 && book[at - 1].first > line.first {
                book[at] = book[at - 1];
                at -= 1;
            }
            book[at] = line;
            n_placed += 1;
            row += 1;
        }
        family += 1;
    }
    book
}

/// Returns every line of the book, in the order of numbers.
pub fn lines() -> impl Iterator<Item = &'static Line> {
    BOOK.iter().copied()
}

/// Returns the line of a code.
pub(crate) fn find(code: i32) -> Option<&'static Line> {
    let after = BOOK.partition_point(|line| line.first <= code);
    let line = BOOK.get(after.checked_sub(1)?)?;
    (code <= line.last).then_some(*line)
}
