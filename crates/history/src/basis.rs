//! Whether the broker restated prices, as it does after a split. Pure arithmetic.
//!
//! `TRADES` and quotes come adjusted for the splits up to the day on which they are asked for. Bars
//! that were fetched before a split and bars that were fetched after it do not belong together;
//! where an answer touches what is known, the prices of the same instants tell.

use gatehouse_types::Decimal;

use crate::bars::{Bar, Bars};

/// The smallest factor that counts, up or down: stock dividends of a few per cent are restated, too.
const FACTOR_MIN: Decimal = Decimal::from_parts(102, 0, 0, false, 2);
/// How far the factors of single prices may lie from their middle: prices are rounded to a cent.
const APART: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// What bars of the same instants say of two answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The prices belong together; single ones may have been corrected.
    Same,
    /// All prices are those of before by one factor.
    Restated,
}

/// Compares the bars that two answers have in common, both in the order of time; `None` when there are
/// none. Prices that are not above zero are no stock's, and are not restated.
#[must_use]
pub fn basis(before: &Bars, after: &Bars) -> Option<Basis> {
    let mut factors = Vec::new();
    let mut known = before.rows().peekable();
    for bar in after.rows() {
        while known.next_if(|known| known.at < bar.at).is_some() {}
        let Some(same) = known.peek().filter(|known| known.at == bar.at) else { continue };
        for (old, new) in prices(same).into_iter().zip(prices(&bar)) {
            if old <= Decimal::ZERO || new <= Decimal::ZERO {
                return Some(Basis::Same);
            }
            factors.push(new.checked_div(old)?);
        }
    }
    factors.sort_unstable();
    let (least, most) = (*factors.first()?, *factors.last()?);
    let middle = *factors.get(factors.len() / 2)?;
    let apart = middle.checked_mul(APART)?;
    let is_one = middle - least <= apart && most - middle <= apart;
    let is_other = middle >= FACTOR_MIN || middle.checked_mul(FACTOR_MIN)? <= Decimal::ONE;
    Some(if is_one && is_other { Basis::Restated } else { Basis::Same })
}

fn prices(bar: &Bar) -> [Decimal; 4] {
    [bar.open, bar.high, bar.low, bar.close]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bars of five minutes that begin at these numbers, at prices in cents.
    fn bars(rows: &[(i64, [i64; 4])]) -> Bars {
        let bar = |(nth, px): &(i64, [i64; 4])| {
            let [open, high, low, close] = px.map(|px| Decimal::new(px, 2));
            let volume = Decimal::from(100);
            Bar { at: nth * 300, open, high, low, close, volume, average: close, n_trades: 1 }
        };
        Bars::from_rows(&rows.iter().map(bar).collect::<Vec<_>>()).expect("are held")
    }

    const BEFORE: [(i64, [i64; 4]); 3] = [
        (1, [120_000, 120_500, 119_700, 120_100]),
        (2, [120_100, 120_400, 120_000, 120_300]),
        (3, [120_300, 121_000, 120_200, 120_900]),
    ];

    #[test]
    fn a_split_is_seen_where_answers_touch() {
        // One for ten, rounded to cents; a reverse split; a stock dividend of 5 %.
        for (times, by) in [(1, 10), (4, 1), (20, 21)] {
            let of = |(nth, px): &(i64, [i64; 4])| (*nth, px.map(|px| px * times / by));
            let mut after: Vec<_> = BEFORE[1..].iter().map(of).collect();
            after.push((4, [12_000, 12_100, 11_900, 12_050]));
            let found = basis(&bars(&BEFORE), &bars(&after));
            assert_eq!(found, Some(Basis::Restated), "{times} for {by}");
        }
    }

    #[test]
    fn prices_that_moved_or_grew_are_no_split() {
        let before = bars(&BEFORE);
        let spread = [(1, [-100, 0, -120, -50])];
        for (before, after, found) in [
            (&before, &BEFORE[..], Some(Basis::Same)),
            // Nothing in common, or nothing at all.
            (&before, &[(9, [12_000, 12_050, 11_970, 12_010])], None),
            (&before, &[], None),
            // The newest bar fell to the tenth while it grew: its open stays.
            (&before, &[(3, [120_300, 121_000, 12_000, 12_000])], Some(Basis::Same)),
            // Bars that were corrected.
            (&before, &[(2, [120_100, 125_000, 120_000, 124_000]), BEFORE[2]], Some(Basis::Same)),
            // Prices of a spread may be zero or below.
            (&bars(&spread), &[(1, [-10, 0, -12, -5])], Some(Basis::Same)),
        ] {
            assert_eq!(basis(before, &bars(after)), found, "{after:?}");
        }
    }
}
