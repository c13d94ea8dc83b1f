//! Bars in columns: whole numbers with one scale for all prices and one for all volumes.

use gatehouse_types::Decimal;

/// One bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    /// When it begins, seconds since 1970.
    pub at: i64,
    pub open: Decimal,
    pub high: Decimal,
    pub low: Decimal,
    pub close: Decimal,
    /// Shares or contracts; −1 where the broker has none, as in quotes.
    pub volume: Decimal,
    /// Volume-weighted average price; −1 where the broker has none.
    pub average: Decimal,
    /// −1 where the broker has none.
    pub n_trades: i32,
}

/// A number has more digits than 64 bits hold at the scale of its column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value} cannot be held beside numbers of {scale} digits behind the point")]
pub struct NotHeld {
    pub value: Decimal,
    pub scale: u32,
}

/// Bars in columns of the same length, in the order of time.
///
/// A price is `mantissa ÷ 10^px_scale`, a volume `mantissa ÷ 10^volume_scale`, an average
/// `mantissa ÷ 10^average_scale`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bars {
    pub px_scale: u32,
    pub volume_scale: u32,
    pub average_scale: u32,
    pub at: Vec<i64>,
    pub open: Vec<i64>,
    pub high: Vec<i64>,
    pub low: Vec<i64>,
    pub close: Vec<i64>,
    pub volume: Vec<i64>,
    pub average: Vec<i64>,
    pub n_trades: Vec<i32>,
}

impl Bars {
    /// Returns bars in columns at the smallest scales that hold every number exactly.
    ///
    /// # Errors
    /// A number does not fit 64 bits at its column's scale.
    pub fn from_rows(bars: &[Bar]) -> Result<Self, NotHeld> {
        let scale_of = |numbers: &mut dyn Iterator<Item = Decimal>| {
            numbers.map(|number| number.normalize().scale()).max().unwrap_or(0)
        };
        let prices = |bar: &Bar| [bar.open, bar.high, bar.low, bar.close];
        let mut columns = Self {
            px_scale: scale_of(&mut bars.iter().flat_map(prices)),
            volume_scale: scale_of(&mut bars.iter().map(|bar| bar.volume)),
            average_scale: scale_of(&mut bars.iter().map(|bar| bar.average)),
            ..Self::default()
        };
        for bar in bars {
            columns.at.push(bar.at);
            columns.open.push(mantissa(bar.open, columns.px_scale)?);
            columns.high.push(mantissa(bar.high, columns.px_scale)?);
            columns.low.push(mantissa(bar.low, columns.px_scale)?);
            columns.close.push(mantissa(bar.close, columns.px_scale)?);
            columns.volume.push(mantissa(bar.volume, columns.volume_scale)?);
            columns.average.push(mantissa(bar.average, columns.average_scale)?);
            columns.n_trades.push(bar.n_trades);
        }
        Ok(columns)
    }

    /// Returns the number of bars.
    #[must_use]
    pub fn len(&self) -> usize {
        self.at.len()
    }

    /// Returns whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// Returns one bar.
    #[must_use]
    pub fn get(&self, idx: usize) -> Option<Bar> {
        let px = |column: &[i64]| column.get(idx).map(|px| decimal(*px, self.px_scale));
        Some(Bar {
            at: *self.at.get(idx)?,
            open: px(&self.open)?,
            high: px(&self.high)?,
            low: px(&self.low)?,
            close: px(&self.close)?,
            volume: decimal(*self.volume.get(idx)?, self.volume_scale),
            average: decimal(*self.average.get(idx)?, self.average_scale),
            n_trades: *self.n_trades.get(idx)?,
        })
    }

    /// Returns the bars one by one.
    pub fn rows(&self) -> impl Iterator<Item = Bar> + '_ {
        (0..self.len()).filter_map(|idx| self.get(idx))
    }

    /// Adds bars behind these, and takes both to the finer scale.
    ///
    /// # Errors
    /// A number does not fit 64 bits at the finer scale.
    pub fn append(&mut self, mut more: Self) -> Result<(), NotHeld> {
        self.refine(more.scales())?;
        more.refine(self.scales())?;
        self.at.append(&mut more.at);
        self.open.append(&mut more.open);
        self.high.append(&mut more.high);
        self.low.append(&mut more.low);
        self.close.append(&mut more.close);
        self.volume.append(&mut more.volume);
        self.average.append(&mut more.average);
        self.n_trades.append(&mut more.n_trades);
        Ok(())
    }

    /// Returns how many bars have a low above, or a high below, another of their prices.
    pub(crate) fn n_odd(&self) -> i64 {
        let is_odd = |idx: &usize| {
            let (open, close) = (self.open[*idx], self.close[*idx]);
            self.low[*idx] > open.min(close) || self.high[*idx] < open.max(close)
        };
        i64::try_from((0..self.len()).filter(is_odd).count()).unwrap_or(i64::MAX)
    }

    /// Makes room for so many more.
    pub(crate) fn reserve(&mut self, n: usize) {
        self.at.reserve(n);
        self.n_trades.reserve(n);
        let Self { open, high, low, close, volume, average, .. } = self;
        for column in [open, high, low, close, volume, average] {
            column.reserve(n);
        }
    }

    /// Leaves only the first bars.
    pub(crate) fn truncate(&mut self, n: usize) {
        self.at.truncate(n);
        self.n_trades.truncate(n);
        let Self { open, high, low, close, volume, average, .. } = self;
        for column in [open, high, low, close, volume, average] {
            column.truncate(n);
        }
    }

    /// Returns the bars with these numbers, in this order.
    ///
    /// # Panics
    /// There is no such bar.
    pub(crate) fn pick(&self, picked: &[usize]) -> Self {
        let n_trades = picked.iter().map(|idx| self.n_trades[*idx]).collect();
        self.part(|column| picked.iter().map(|idx| column[*idx]).collect(), n_trades)
    }

    /// Returns the bars of a range of numbers.
    ///
    /// # Panics
    /// The range goes beyond the bars.
    pub(crate) fn slice(&self, range: std::ops::Range<usize>) -> Self {
        let n_trades = self.n_trades[range.clone()].to_vec();
        self.part(|column| column[range.clone()].to_vec(), n_trades)
    }

    fn part(&self, of: impl Fn(&[i64]) -> Vec<i64>, n_trades: Vec<i32>) -> Self {
        Self {
            px_scale: self.px_scale,
            volume_scale: self.volume_scale,
            average_scale: self.average_scale,
            at: of(&self.at),
            open: of(&self.open),
            high: of(&self.high),
            low: of(&self.low),
            close: of(&self.close),
            volume: of(&self.volume),
            average: of(&self.average),
            n_trades,
        }
    }

    /// Takes each kind of column to the smallest scale that holds it, so that equal bars are equal
    /// columns.
    pub(crate) fn reduce(&mut self) {
        let Self { open, high, low, close, volume, average, .. } = self;
        reduce(&mut self.px_scale, &mut [open, high, low, close]);
        reduce(&mut self.volume_scale, &mut [volume]);
        reduce(&mut self.average_scale, &mut [average]);
    }

    /// Takes the columns to at least these scales: of prices, volumes and averages.
    ///
    /// # Errors
    /// A number does not fit 64 bits at the finer scale.
    pub(crate) fn refine(&mut self, [px, volume, average]: [u32; 3]) -> Result<(), NotHeld> {
        let (px, volume, average) =
            (px.max(self.px_scale), volume.max(self.volume_scale), average.max(self.average_scale));
        for column in [&mut self.open, &mut self.high, &mut self.low, &mut self.close] {
            rescale(column, self.px_scale, px)?;
        }
        rescale(&mut self.volume, self.volume_scale, volume)?;
        rescale(&mut self.average, self.average_scale, average)?;
        (self.px_scale, self.volume_scale, self.average_scale) = (px, volume, average);
        Ok(())
    }

    /// Returns the scales of prices, volumes and averages.
    pub(crate) fn scales(&self) -> [u32; 3] {
        [self.px_scale, self.volume_scale, self.average_scale]
    }

    /// Keeps what begins within `[from, to)`, in seconds since 1970.
    pub fn keep_within(&mut self, from: i64, to: i64) {
        let first = self.at.partition_point(|at| *at < from);
        let end = self.at.partition_point(|at| *at < to).max(first);
        self.truncate(end);
        self.at.drain(..first);
        self.n_trades.drain(..first);
        let Self { open, high, low, close, volume, average, .. } = self;
        for column in [open, high, low, close, volume, average] {
            column.drain(..first);
        }
    }
}

/// Returns `10^digits` where it fits.
#[must_use]
pub(crate) fn power_of_ten(digits: u32) -> Option<i64> {
    10_i64.checked_pow(digits)
}

/// Returns `mantissa ÷ 10^scale`, where the scale is one that a decimal may have, at most 28.
#[must_use]
pub(crate) fn decimal(mantissa: i64, scale: u32) -> Decimal {
    Decimal::try_new(mantissa, scale).unwrap_or_default()
}

fn mantissa(value: Decimal, scale: u32) -> Result<i64, NotHeld> {
    let mut scaled = value;
    scaled.rescale(scale);
    let exact = scaled == value;
    i64::try_from(scaled.mantissa()).ok().filter(|_| exact).ok_or(NotHeld { value, scale })
}

fn reduce(scale: &mut u32, columns: &mut [&mut Vec<i64>]) {
    let is_coarser = |columns: &[&mut Vec<i64>]| {
        columns.iter().all(|column| column.iter().all(|mantissa| mantissa % 10 == 0))
    };
    while *scale > 0 && is_coarser(columns) {
        *scale -= 1;
        columns
            .iter_mut()
            .for_each(|column| column.iter_mut().for_each(|mantissa| *mantissa /= 10));
    }
}

fn rescale(column: &mut [i64], from: u32, to: u32) -> Result<(), NotHeld> {
    if from == to {
        return Ok(());
    }
    let not_held = |mantissa: i64| NotHeld { value: decimal(mantissa, from), scale: to };
    let factor = 10_i64.checked_pow(to - from);
    for mantissa in column {
        let scaled = factor.and_then(|factor| mantissa.checked_mul(factor));
        *mantissa = scaled.ok_or_else(|| not_held(*mantissa))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(at: i64, close: &str, volume: &str) -> Bar {
        let px = |text: &str| text.parse::<Decimal>().expect("is a decimal");
        Bar {
            at,
            open: px("-37.63"),
            high: px("0"),
            low: px("-40.32"),
            close: px(close),
            volume: px(volume),
            average: px("-1"),
            n_trades: 3,
        }
    }

    #[test]
    fn every_number_comes_back_as_it_was() {
        let rows = [bar(60, "0.00000001", "12345678901"), bar(120, "0.01", "0.5")];
        let columns = Bars::from_rows(&rows).expect("fits");
        assert_eq!((columns.px_scale, columns.volume_scale), (8, 1));
        assert_eq!(columns.rows().collect::<Vec<_>>(), rows);
    }

    #[test]
    fn bars_of_another_scale_are_added_exactly() {
        let mut first = Bars::from_rows(&[bar(60, "1.5", "100")]).expect("fits");
        let more = Bars::from_rows(&[bar(120, "0.0001", "0.25")]).expect("fits");
        first.append(more).expect("fits");
        let rows: Vec<Bar> = first.rows().collect();
        assert_eq!(rows, [bar(60, "1.5", "100"), bar(120, "0.0001", "0.25")]);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let rows = [bar(60, "1", "9000000000000000000"), bar(120, "1", "0.5")];
        let error = Bars::from_rows(&rows).expect_err("is too long");
        assert_eq!(error.scale, 1);
    }

    #[test]
    fn only_what_begins_within_the_span_is_kept() {
        let rows: Vec<Bar> = (1..=4).map(|minute| bar(minute * 60, "1", "1")).collect();
        let mut columns = Bars::from_rows(&rows).expect("fits");
        columns.keep_within(120, 240);
        assert_eq!(columns.rows().map(|bar| bar.at).collect::<Vec<_>>(), [120, 180]);
        assert!(columns.rows().all(|bar| bar.n_trades == 3));
        columns.keep_within(500, 400);
        assert!(columns.is_empty());
    }
}
