//! The numbers that a person may choose for a study, and their ranges.

use crate::kind::Kind;
use crate::wrong::Wrong;

/// The longest period, in bars: as many as a window has columns.
pub const PERIOD_MAX: u16 = 5_000;

/// A number that a person may choose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Param {
    /// Such as `fast`; for a label, and in sentences.
    pub name: &'static str,
    /// The smallest value, included.
    pub least: f64,
    /// The largest value, included.
    pub most: f64,
    /// What it is when nobody chooses.
    pub usual: f64,
    /// Whether it counts bars, and so has no fraction.
    pub is_whole: bool,
}

impl Param {
    pub(crate) const fn period(name: &'static str, least: f64, usual: f64) -> Self {
        Self { name, least, most: 5_000.0, usual, is_whole: true }
    }

    pub(crate) const fn factor(name: &'static str, usual: f64) -> Self {
        Self { name, least: 0.1, most: 10.0, usual, is_whole: false }
    }

    fn allows(&self, value: f64) -> bool {
        let is_in_range = value >= self.least && value <= self.most;
        is_in_range && (!self.is_whole || value.fract() == 0.0)
    }
}

/// Params of a study, each within its range.
pub(crate) struct Params {
    numbers: Vec<f64>,
}

impl Params {
    /// Reads the params of `kind`; none at all means the usual ones.
    pub(crate) fn parse(kind: Kind, given: &[f64]) -> Result<Self, Wrong> {
        let spec = kind.spec();
        let numbers = if given.is_empty() { kind.defaults() } else { given.to_vec() };
        if numbers.len() != spec.params.len() {
            return Err(Wrong::Count { kind, n_given: given.len() });
        }
        let mut pairs = spec.params.iter().zip(&numbers);
        if let Some((param, value)) = pairs.find(|(param, value)| !param.allows(**value)) {
            return Err(Wrong::Param { kind, param: *param, given: *value });
        }
        if let Some((low, high)) = spec.rising
            && numbers[low] >= numbers[high]
        {
            return Err(Wrong::Order {
                kind,
                smaller: spec.params[low].name,
                larger: spec.params[high].name,
                smaller_given: numbers[low],
                larger_given: numbers[high],
            });
        }
        Ok(Self { numbers })
    }

    /// Returns the param at this index.
    pub(crate) fn number(&self, index: usize) -> f64 {
        self.numbers[index]
    }

    /// Returns the param at this index, which counts bars.
    pub(crate) fn period(&self, index: usize) -> u16 {
        let value = self.numbers[index];
        // Whole and in range since `parse`, so it is one of these.
        (0..PERIOD_MAX).find(|n| f64::from(*n) >= value).unwrap_or(PERIOD_MAX)
    }
}
