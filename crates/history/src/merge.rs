//! Several answers about the same time made one. Pure arithmetic.
//!
//! Of bars that begin at the same instant the one that was fetched last stays; of those fetched in
//! the same second the one with the higher volume, which a bar that still grows has later, and else
//! the one that is greater in its other figures. So the outcome does not depend on the order in
//! which answers come, nor on how often one comes (invariant I27).

use std::cmp::Ordering;

use crate::bars::{Bars, NotHeld};

/// Bars, and when each was fetched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dated {
    /// In the order of time, each instant once.
    pub bars: Bars,
    /// Seconds since 1970, as many as there are bars.
    pub fetched: Vec<i64>,
}

impl Dated {
    /// Returns bars of one answer, whatever their order and however often they come.
    #[must_use]
    pub fn new(bars: Bars, fetched_at: i64) -> Self {
        let fetched = vec![fetched_at; bars.len()];
        let mut dated = Self { bars, fetched };
        dated.bars.reduce();
        if !dated.bars.at.is_sorted_by(|one, next| one < next) {
            dated.settle();
        }
        dated
    }

    /// Returns the bars of a range of numbers, at the smallest scales that hold them; all of them are
    /// moved out.
    ///
    /// # Panics
    /// The range goes beyond the bars.
    pub(crate) fn part(&mut self, range: std::ops::Range<usize>) -> Self {
        if range == (0..self.bars.len()) {
            return std::mem::take(self);
        }
        let mut part =
            Self { bars: self.bars.slice(range.clone()), fetched: self.fetched[range].to_vec() };
        part.bars.reduce();
        part
    }

    /// Returns the bars that were fetched at an instant or later, in seconds since 1970.
    #[must_use]
    pub fn fetched_since(&self, at: i64) -> Self {
        let kept: Vec<usize> =
            (0..self.bars.len()).filter(|idx| self.fetched[*idx] >= at).collect();
        let fetched = kept.iter().map(|idx| self.fetched[*idx]).collect();
        Self { bars: self.bars.pick(&kept), fetched }
    }

    /// Returns these bars and others as one series.
    ///
    /// # Errors
    /// A number does not fit 64 bits at the finer of both scales.
    pub fn merged(mut self, mut other: Self) -> Result<Self, NotHeld> {
        if self.bars.at.first() > other.bars.at.first() {
            std::mem::swap(&mut self, &mut other);
        }
        let is_behind = self.bars.at.last() < other.bars.at.first();
        self.bars.append(other.bars)?;
        self.fetched.append(&mut other.fetched);
        if !is_behind {
            self.settle();
        }
        Ok(self)
    }

    /// Drops the bars that begin at such instants, and returns how many there were.
    pub(crate) fn drop_where(&mut self, is_dropped: impl Fn(i64) -> bool) -> usize {
        let n_before = self.bars.len();
        let kept: Vec<usize> =
            (0..n_before).filter(|idx| !is_dropped(self.bars.at[*idx])).collect();
        if kept.len() < n_before {
            self.bars = self.bars.pick(&kept);
            self.bars.reduce();
            self.fetched = kept.iter().map(|idx| self.fetched[*idx]).collect();
        }
        n_before - kept.len()
    }

    /// Brings the bars into the order of time and keeps the one that counts of each instant.
    fn settle(&mut self) {
        let mut kept: Vec<usize> = (0..self.bars.len()).collect();
        kept.sort_unstable_by(|one, other| {
            let by_time = self.bars.at[*one].cmp(&self.bars.at[*other]);
            by_time.then_with(|| self.compare(*other, *one))
        });
        kept.dedup_by_key(|idx| self.bars.at[*idx]);
        self.bars = self.bars.pick(&kept);
        self.bars.reduce();
        self.fetched = kept.iter().map(|idx| self.fetched[*idx]).collect();
    }

    /// Returns which of two bars of the same instant counts: the greater.
    fn compare(&self, one: usize, other: usize) -> Ordering {
        let bars = &self.bars;
        let rank = |idx: usize| {
            let size = (self.fetched[idx], bars.volume[idx], bars.n_trades[idx]);
            let prices = (bars.close[idx], bars.open[idx], bars.high[idx], bars.low[idx]);
            (size, prices, bars.average[idx])
        };
        rank(one).cmp(&rank(other))
    }
}

#[cfg(test)]
mod tests {
    use gatehouse_types::Decimal;
    use proptest::prelude::*;

    use super::*;
    use crate::bars::Bar;

    fn bar(at: i64, close: Decimal, volume: i64) -> Bar {
        Bar {
            at,
            open: close,
            high: close,
            low: close,
            close,
            volume: Decimal::from(volume),
            average: close,
            n_trades: 1,
        }
    }

    fn answer(fetched_at: i64, rows: &[(i64, i64)]) -> Dated {
        let rows: Vec<Bar> =
            rows.iter().map(|(at, close)| bar(*at, Decimal::new(*close, 2), *close)).collect();
        Dated::new(Bars::from_rows(&rows).expect("fits"), fetched_at)
    }

    fn all(answers: &[Dated]) -> Dated {
        let empty = Dated::default();
        answers.iter().fold(empty, |sum, one| sum.merged(one.clone()).expect("fits"))
    }

    fn closes(dated: &Dated) -> Vec<(i64, i64)> {
        let rows = dated.bars.rows();
        rows.map(|row| (row.at, i64::try_from(row.volume).expect("is whole"))).collect()
    }

    #[test]
    fn the_answer_that_was_fetched_last_counts() {
        let (early, late) =
            (answer(5, &[(60, 9), (120, 9), (180, 9)]), answer(7, &[(120, 1), (240, 2)]));
        let expected = [(60, 9), (120, 1), (180, 9), (240, 2)];
        assert_eq!(closes(&all(&[early.clone(), late.clone()])), expected);
        assert_eq!(closes(&all(&[late.clone(), early.clone(), late, early])), expected);
    }

    #[test]
    fn of_answers_of_one_second_the_fuller_bar_counts() {
        let (early, late) = (answer(5, &[(60, 3)]), answer(5, &[(60, 8)]));
        assert_eq!(closes(&all(&[late, early])), [(60, 8)]);
    }

    #[test]
    fn bars_of_one_answer_may_come_in_any_order_and_twice() {
        assert_eq!(closes(&answer(5, &[(120, 2), (60, 1), (120, 2)])), [(60, 1), (120, 2)]);
    }

    prop_compose! {
        fn any_answer()(
            fetched_at in 0_i64..3,
            rows in prop::collection::vec((0_i64..12, -3_i64..200), 0..8),
        ) -> Dated {
            answer(fetched_at, &rows)
        }
    }

    proptest! {
        #[test]
        fn any_order_of_any_answers_gives_the_same_columns(
            answers in prop::collection::vec(any_answer(), 1..6),
            order in prop::collection::vec(any::<prop::sample::Index>(), 0..10),
        ) {
            let expected = all(&answers);
            let mut shuffled: Vec<Dated> =
                order.iter().map(|idx| answers[idx.index(answers.len())].clone()).collect();
            shuffled.extend(answers.into_iter().rev());
            prop_assert_eq!(all(&shuffled), expected.clone());
            prop_assert!(expected.bars.at.is_sorted_by(|one, next| one < next));
        }
    }
}
