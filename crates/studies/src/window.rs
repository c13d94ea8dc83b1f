//! What is known of the last so many values, without looking at each of them again.
//!
//! Two stacks: the older values are kept as totals from each of them to the youngest of the old,
//! the newer ones as one total. Nothing is ever subtracted, so that no rounding is carried along
//! and a value is a matter of its window alone, however far the series reaches back. Three merges
//! for each value.

/// What can be told of some values in a row, from what is told of its parts.
pub(crate) trait Total: Copy {
    /// Of one value.
    fn of(value: f64) -> Self;
    /// Of values and of those that follow them.
    fn and(self, newer: Self) -> Self;
}

/// The last `period` values.
pub(crate) struct Window<T> {
    period: usize,
    /// Totals of the older values: the last is of all of them, the one before without the oldest.
    older: Vec<T>,
    newer: Vec<f64>,
    newer_total: Option<T>,
}

impl<T: Total> Window<T> {
    pub(crate) fn new(period: u16) -> Self {
        Self {
            period: usize::from(period),
            older: Vec::new(),
            newer: Vec::new(),
            newer_total: None,
        }
    }

    /// Takes the next value and returns the total of the last `period`, from the `period`-th on.
    pub(crate) fn push(&mut self, value: f64) -> Option<T> {
        if self.older.len() + self.newer.len() == self.period {
            self.drop_oldest();
        }
        let total = T::of(value);
        let newer = self.newer_total.map_or(total, |before| before.and(total));
        self.newer.push(value);
        self.newer_total = Some(newer);
        if self.older.len() + self.newer.len() < self.period {
            return None;
        }
        Some(self.older.last().map_or(newer, |older| older.and(newer)))
    }

    fn drop_oldest(&mut self) {
        if self.older.is_empty() {
            for value in self.newer.drain(..).rev() {
                let total = T::of(value);
                self.older.push(self.older.last().map_or(total, |behind| total.and(*behind)));
            }
            self.newer_total = None;
        }
        self.older.pop();
    }
}

/// The sum.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sum(pub(crate) f64);

impl Total for Sum {
    fn of(value: f64) -> Self {
        Self(value)
    }

    fn and(self, newer: Self) -> Self {
        Self(self.0 + newer.0)
    }
}

/// The largest value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Highest(pub(crate) f64);

impl Total for Highest {
    fn of(value: f64) -> Self {
        Self(value)
    }

    fn and(self, newer: Self) -> Self {
        Self(self.0.max(newer.0))
    }
}

/// The smallest value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lowest(pub(crate) f64);

impl Total for Lowest {
    fn of(value: f64) -> Self {
        Self(value)
    }

    fn and(self, newer: Self) -> Self {
        Self(self.0.min(newer.0))
    }
}

/// Mean and variance, merged as Chan, Golub and LeVeque do ("Algorithms for Computing the Sample
/// Variance", 1983): a small variance of large prices keeps its digits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moments {
    n: f64,
    pub(crate) mean: f64,
    /// The sum of the squared distances from the mean.
    squares: f64,
}

impl Moments {
    /// Returns the standard deviation of the values as a whole population, divided by their number.
    pub(crate) fn deviation(self) -> f64 {
        (self.squares / self.n).sqrt()
    }
}

impl Total for Moments {
    fn of(value: f64) -> Self {
        Self { n: 1.0, mean: value, squares: 0.0 }
    }

    fn and(self, newer: Self) -> Self {
        let n = self.n + newer.n;
        let apart = newer.mean - self.mean;
        Self {
            n,
            mean: self.mean + apart * newer.n / n,
            squares: self.squares + newer.squares + apart * apart * self.n * newer.n / n,
        }
    }
}

/// The highest high and the lowest low of the last bars.
pub(crate) struct Range {
    highs: Window<Highest>,
    lows: Window<Lowest>,
}

impl Range {
    pub(crate) fn new(period: u16) -> Self {
        Self { highs: Window::new(period), lows: Window::new(period) }
    }

    /// Takes the next bar and returns the highest high and lowest low of the last `period`.
    pub(crate) fn push(&mut self, high: f64, low: f64) -> Option<(f64, f64)> {
        let (highest, lowest) = (self.highs.push(high), self.lows.push(low));
        Some((highest?.0, lowest?.0))
    }
}

/// The simple mean of the last values.
pub(crate) struct Mean {
    period: f64,
    sums: Window<Sum>,
}

impl Mean {
    pub(crate) fn new(period: u16) -> Self {
        Self { period: f64::from(period), sums: Window::new(period) }
    }

    /// Takes the next value and returns the mean of the last `period`.
    pub(crate) fn push(&mut self, value: f64) -> Option<f64> {
        self.sums.push(value).map(|sum| sum.0 / self.period)
    }
}
