//! Whether the broker restated prices, as it does after a split. Pure arithmetic.
//!
//! `TRADES` and quotes come adjusted for the splits up to the day on which they are asked for. Bars
//! that were fetched before a split and bars that were fetched after it do not belong together;
//! where an answer touches what is known, the prices of the same instants tell.

use std::collections::BTreeMap;

use gatehouse_types::Decimal;

use crate::bars::{Bar, Bars};

/// The smallest factor that counts, up or down: stock dividends of a few per cent are restated, too.
const FACTOR_MIN: Decimal = Decimal::from_parts(102, 0, 0, false, 2);
/// How far the factors of single prices may lie from their middle: prices are rounded to a cent.
const APART: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// Seconds of a date.
const DAY: i64 = 86_400;

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
///
/// Each date in UTC is judged by itself, as of some the bars may be kept at the new prices already; one
/// that was restated tells that all before it were.
#[must_use]
pub fn basis(before: &Bars, after: &Bars) -> Option<Basis> {
    let mut dates: BTreeMap<i64, Vec<Decimal>> = BTreeMap::new();
    for (_, bar, other) in common(before, after) {
        let factors = dates.entry(bar.at.div_euclid(DAY)).or_default();
        for (old, new) in prices(&bar).into_iter().zip(prices(&other)) {
            if old <= Decimal::ZERO || new <= Decimal::ZERO {
                return Some(Basis::Same);
            }
            factors.push(new.checked_div(old)?);
        }
    }
    let is_restated = dates.values_mut().any(|factors| is_by_one(factors).unwrap_or(false));
    let found = if is_restated { Basis::Restated } else { Basis::Same };
    (!dates.is_empty()).then_some(found)
}

/// Returns the numbers of the bars whose prices are still those of another answer, but for less than
/// 1 %; both in the order of time. Nothing was restated since they were fetched.
#[must_use]
pub fn unchanged(before: &Bars, after: &Bars) -> Vec<usize> {
    let is_near = |(old, new): (Decimal, Decimal)| {
        old.checked_mul(APART).is_some_and(|apart| (new - old).abs() <= apart.abs())
    };
    let same = common(before, after)
        .filter(|(_, bar, other)| prices(bar).into_iter().zip(prices(other)).all(is_near));
    same.map(|(idx, ..)| idx).collect()
}

/// Returns the bars that two answers have in common, each with its number in the first.
fn common(before: &Bars, after: &Bars) -> impl Iterator<Item = (usize, Bar, Bar)> {
    let mut known = before.rows().enumerate().peekable();
    after.rows().filter_map(move |other| {
        while known.next_if(|(_, known)| known.at < other.at).is_some() {}
        known.next_if(|(_, known)| known.at == other.at).map(|(idx, known)| (idx, known, other))
    })
}

/// Returns whether prices differ by one factor that counts; but for a tenth of them, as the last bars of
/// a day may have been kept while they grew. `None` of none, or where one is out of reach.
fn is_by_one(factors: &mut [Decimal]) -> Option<bool> {
    factors.sort_unstable();
    let middle = *factors.get(factors.len() / 2)?;
    let apart = middle.checked_mul(APART)?;
    let n_near = factors.iter().filter(|factor| (**factor - middle).abs() <= apart).count();
    let is_one = n_near * 10 >= factors.len() * 9;
    let is_other = middle >= FACTOR_MIN || middle.checked_mul(FACTOR_MIN)? <= Decimal::ONE;
    Some(is_one && is_other)
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
    fn bars_of_a_day_that_was_kept_at_the_new_prices_hide_no_split() {
        let minutes = |day: i64, px: i64| {
            (0..12).map(move |nth| (day * 288 + nth, [px, px + 500, px - 400, px + nth]))
        };
        let before: Vec<_> = minutes(0, 120_000).chain(minutes(1, 12_000)).collect();
        let mut after: Vec<_> = minutes(0, 12_000).chain(minutes(1, 12_000)).collect();
        for (_, px) in &mut after[..12] {
            *px = [12_000, 12_050, 11_960, 12_000];
        }
        // The last bar of the first day was kept before it was over.
        after[11].1 = [12_001, 13_000, 11_000, 12_900];
        assert_eq!(basis(&bars(&before), &bars(&after)), Some(Basis::Restated));
        assert_eq!(basis(&bars(&after), &bars(&after)), Some(Basis::Same));
    }

    #[test]
    fn only_a_bar_whose_prices_are_the_same_shows_that_nothing_was_restated() {
        let mut after = BEFORE.map(|(nth, px)| (nth, px.map(|px| px + 1)));
        after[1].1[3] += 1_300;
        let later = (4, BEFORE[0].1);
        let after: Vec<_> = after.into_iter().chain([later]).collect();
        assert_eq!(unchanged(&bars(&BEFORE), &bars(&after)), [0, 2]);
        let spread = bars(&[(1, [-100, 0, -120, -50])]);
        assert_eq!(unchanged(&spread, &spread), [0]);
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
