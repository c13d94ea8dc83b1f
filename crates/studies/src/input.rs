//! What a study is computed from: columns of bars, oldest first.

use crate::wrong::Wrong;

/// A column that a study reads.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column {
    Open,
    High,
    Low,
    Close,
    Volume,
}

/// Columns of bars, oldest first, all of one length.
///
/// Prices are in the unit of the instrument and may be zero or negative. A volume below zero means
/// that none is known, as the Gateway's −1, and counts as 0.
///
/// A bar with a number that is not finite, in a column that the study reads, is left out as if it
/// were not there: no line has a value on it, and the study goes on behind it.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    pub open: &'a [f64],
    pub high: &'a [f64],
    pub low: &'a [f64],
    pub close: &'a [f64],
    pub volume: &'a [f64],
    /// Whether the bar is the first of a trading session. Only VWAP reads it.
    pub session_start: &'a [bool],
}

impl Input<'_> {
    /// Returns the number of bars.
    #[must_use]
    pub fn len(&self) -> usize {
        self.close.len()
    }

    /// Returns whether there is no bar.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.close.is_empty()
    }

    pub(crate) fn column(&self, column: Column) -> &[f64] {
        match column {
            Column::Open => self.open,
            Column::High => self.high,
            Column::Low => self.low,
            Column::Close => self.close,
            Column::Volume => self.volume,
        }
    }

    pub(crate) fn check_lengths(&self) -> Result<(), Wrong> {
        let lengths = [
            ("open", self.open.len()),
            ("high", self.high.len()),
            ("low", self.low.len()),
            ("volume", self.volume.len()),
            ("session start", self.session_start.len()),
        ];
        match lengths.into_iter().find(|(_, n)| *n != self.len()) {
            None => Ok(()),
            Some((column, n_values)) => Err(Wrong::Length { column, n_values, n_bars: self.len() }),
        }
    }

    /// Returns highs, lows and closes side by side.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = (f64, f64, f64)> {
        let prices = self.high.iter().zip(self.low).zip(self.close);
        prices.map(|((high, low), close)| (*high, *low, *close))
    }

    /// Returns volumes, none of them below zero.
    pub(crate) fn volumes(&self) -> impl Iterator<Item = f64> {
        self.volume.iter().map(|volume| volume.max(0.0))
    }
}

/// The bars of an input that are whole, and where they stood.
pub(crate) struct Whole {
    places: Vec<usize>,
    columns: [Vec<f64>; 5],
    session_start: Vec<bool>,
}

impl Whole {
    /// Returns the bars that are finite in the columns that are read, or `None` if all are.
    pub(crate) fn of(input: &Input<'_>, reads: &[Column]) -> Option<Self> {
        if reads.iter().all(|column| input.column(*column).iter().all(|value| value.is_finite())) {
            return None;
        }
        let is_whole = |at: usize| reads.iter().all(|column| input.column(*column)[at].is_finite());
        let places: Vec<usize> = (0..input.len()).filter(|at| is_whole(*at)).collect();
        let keep = |column: &[f64]| places.iter().map(|at| column[*at]).collect();
        let columns = [input.open, input.high, input.low, input.close, input.volume].map(keep);
        // A session whose first bar is left out begins at its next one.
        let mut behind = 0;
        let session_start = places
            .iter()
            .map(|at| {
                let from = std::mem::replace(&mut behind, *at + 1);
                input.session_start[from..=*at].contains(&true)
            })
            .collect();
        Some(Self { places, columns, session_start })
    }

    pub(crate) fn input(&self) -> Input<'_> {
        let [open, high, low, close, volume] = &self.columns;
        Input { open, high, low, close, volume, session_start: &self.session_start }
    }

    /// Returns a line of these bars as one of `n_bars`, without values where bars were left out.
    pub(crate) fn spread(&self, line: &[f64], n_bars: usize) -> Vec<f64> {
        let mut spread = vec![f64::NAN; n_bars];
        for (at, value) in self.places.iter().zip(line) {
            spread[*at] = *value;
        }
        spread
    }
}
