//! Exponential smoothing, seeded with the simple mean of the first values.
//!
//! Seed as TA-Lib (`ta_EMA.c`, compatibility "default"; `ta_RSI.c`, `ta_ATR.c`) and Wilder have it.
//! Others begin with the first value itself (tulipy, Metastock); the difference fades.

/// What is left of the seed when it counts as gone.
const FADED: f64 = 1e-12;

/// An average that gives the newest value a fixed share.
#[derive(Debug, Clone)]
pub(crate) struct Smooth {
    period: u16,
    share: f64,
    n_seeds: u16,
    /// The sum of the seeds, then the average.
    value: f64,
}

impl Smooth {
    /// The exponential average: a share of 2 / (period + 1).
    pub(crate) fn exponential(period: u16) -> Self {
        Self::new(period, 2.0 / (f64::from(period) + 1.0))
    }

    /// Wilder's average: a share of 1 / period.
    pub(crate) fn wilder(period: u16) -> Self {
        Self::new(period, 1.0 / f64::from(period))
    }

    fn new(period: u16, share: f64) -> Self {
        Self { period, share, n_seeds: 0, value: 0.0 }
    }

    /// Takes the next value and returns the average, from the `period`-th value on.
    pub(crate) fn push(&mut self, value: f64) -> Option<f64> {
        if self.n_seeds == self.period {
            self.value += self.share * (value - self.value);
            return Some(self.value);
        }
        self.value += value;
        self.n_seeds += 1;
        if self.n_seeds < self.period {
            return None;
        }
        self.value /= f64::from(self.period);
        Some(self.value)
    }

    /// Returns how many values after the first the seed has faded.
    pub(crate) fn warm_up(&self) -> usize {
        usize::from(self.period.saturating_sub(1)) + fade(self.share)
    }
}

/// Returns after how many values of this share nothing is left of what was before.
pub(crate) fn fade(share: f64) -> usize {
    let mut left = 1.0;
    let mut n_values = 0;
    while left > FADED {
        left *= 1.0 - share;
        n_values += 1;
    }
    n_values
}
