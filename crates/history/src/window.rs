//! Windows of columns: where one begins, which chunks it needs, and several bars made one. Pure
//! arithmetic.

use crate::bars::{Bars, NotHeld};
use crate::body::Head;

/// Where a window begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// So that the newest bar is in the last column.
    Newest,
    /// The bar with this number, counted from 0 at the oldest.
    Index(i64),
    /// So that the bar that begins at or last before this instant, in seconds since 1970, is in the
    /// middle.
    Time(i64),
}

/// Columns of one or more bars each, in the order of time.
///
/// Prices are `mantissa ÷ 10^px_scale`, volumes `mantissa ÷ 10^volume_scale`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    pub px_scale: u32,
    pub volume_scale: u32,
    /// When the first bar of each begins, seconds since 1970.
    pub at: Vec<i64>,
    pub open: Vec<i64>,
    pub high: Vec<i64>,
    pub low: Vec<i64>,
    pub close: Vec<i64>,
    /// Sums of the volumes that the broker had.
    pub volume: Vec<i64>,
}

/// What a chart shows of a series.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Window {
    /// Number of the first bar of the first column, counted from 0 at the oldest of the series.
    pub first: i64,
    /// Bars of the whole series.
    pub n_bars: i64,
    pub bars_per_column: u32,
    pub columns: Columns,
}

/// The figures of every chunk of a series in the order of time, and the number of its first bar.
#[derive(Debug, Default)]
pub(crate) struct Heads {
    /// The series' change that they show.
    pub(crate) change: i64,
    heads: Vec<Head>,
    starts: Vec<i64>,
    n_bars: i64,
}

impl Heads {
    pub(crate) fn new(change: i64, heads: Vec<Head>) -> Self {
        let mut known = Self { change, heads, ..Self::default() };
        known.count();
        known
    }

    /// Puts figures that changed in the place of older ones, or between them.
    pub(crate) fn update(&mut self, change: i64, changed: Vec<Head>) {
        self.change = change;
        for head in changed {
            match self.heads.binary_search_by_key(&head.chunk_id, |known| known.chunk_id) {
                Ok(at) => self.heads[at] = head,
                Err(at) => self.heads.insert(at, head),
            }
        }
        self.count();
    }

    fn count(&mut self) {
        self.n_bars = 0;
        self.starts.clear();
        for head in &self.heads {
            self.starts.push(self.n_bars);
            self.n_bars += head.n_bars;
        }
    }

    pub(crate) fn all(&self) -> &[Head] {
        &self.heads
    }

    /// Returns the number of bars.
    pub(crate) fn n_bars(&self) -> i64 {
        self.n_bars
    }

    /// Returns the chunk of the last bar that begins at or before an instant, and the number of the
    /// chunk's first bar; of an instant before every bar the first chunk.
    pub(crate) fn at(&self, at: i64) -> Option<(Head, i64)> {
        let idx = self.heads.partition_point(|head| head.first_at <= at).saturating_sub(1);
        Some((*self.heads.get(idx)?, *self.starts.get(idx)?))
    }

    /// Returns the chunks that hold bars of `[first, end)`, with the numbers of their first bars.
    pub(crate) fn within(&self, first: i64, end: i64) -> impl Iterator<Item = (Head, i64)> + '_ {
        let from = self.starts.partition_point(|start| *start <= first).saturating_sub(1);
        let chunks = self.heads.iter().copied().zip(self.starts.iter().copied()).skip(from);
        chunks.take_while(move |(_, start)| *start < end)
    }

    /// Returns the finest scales of the chunks that hold bars of `[first, end)`: one that is far off
    /// may be finer than the prices here can be held at.
    fn scales(&self, first: i64, end: i64) -> [u32; 3] {
        let finest = |scale: fn(&Head) -> u32| {
            self.within(first, end).map(|(head, _)| scale(&head)).max().unwrap_or(0)
        };
        [finest(|head| head.px_scale), finest(|head| head.volume_scale), 0]
    }
}

/// Bars `[first, end)` of a series, so many to a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(crate) first: i64,
    pub(crate) end: i64,
    pub(crate) bars_per_column: i64,
}

impl Cut {
    /// Makes a column of whatever is added.
    pub(crate) const EACH: Self = Self { first: 0, end: i64::MAX, bars_per_column: 1 };

    /// Returns the bars of a window; `index_of` says which bar an instant means.
    pub(crate) fn of(
        start: Start,
        index: i64,
        n_bars: i64,
        n_columns: u32,
        bars_per_column: u32,
    ) -> Self {
        let bars_per_column = i64::from(bars_per_column.max(1));
        let n_columns = i64::from(n_columns);
        let n_all = n_bars.div_euclid(bars_per_column) + i64::from(n_bars % bars_per_column > 0);
        let first = match start {
            // Columns that begin at multiples stay the same columns when bars are added.
            Start::Newest => (n_all - n_columns).saturating_mul(bars_per_column),
            Start::Index(first) => first,
            Start::Time(_) => {
                (index / bars_per_column - n_columns / 2).saturating_mul(bars_per_column)
            }
        };
        let first = first.clamp(0, n_bars);
        let n_most = n_columns.saturating_mul(bars_per_column);
        let end = first.saturating_add(n_most).min(n_bars);
        Self { first, end, bars_per_column }
    }

    /// Returns whether a chunk lies within one column, so that its figures are enough.
    pub(crate) fn is_within_one(&self, head: &Head, start: i64) -> bool {
        let end = start + head.n_bars;
        let column = |bar: i64| (bar - self.first).div_euclid(self.bars_per_column);
        start >= self.first && end <= self.end && column(start) == column(end - 1)
    }
}

/// Makes columns of bars and of whole chunks, handed in in the order of time.
#[derive(Debug)]
pub(crate) struct Gathering {
    cut: Cut,
    next: i64,
    scales: [u32; 3],
    columns: Columns,
}

impl Gathering {
    pub(crate) fn new(cut: Cut, heads: &Heads) -> Self {
        let scales = heads.scales(cut.first, cut.end);
        let columns =
            Columns { px_scale: scales[0], volume_scale: scales[1], ..Columns::default() };
        Self { cut, next: cut.first, scales, columns }
    }

    /// Adds a chunk whose figures are enough.
    ///
    /// # Errors
    /// A price or volume does not fit 64 bits at the scale of the series.
    pub(crate) fn add_whole(&mut self, head: &Head) -> Result<(), NotHeld> {
        let mut bar = Bars {
            px_scale: head.px_scale,
            volume_scale: head.volume_scale,
            at: vec![head.first_at],
            open: vec![head.open],
            high: vec![head.high],
            low: vec![head.low],
            close: vec![head.close],
            volume: vec![head.volume],
            ..Bars::default()
        };
        bar.refine(self.scales)?;
        self.add(&bar, 0, head.n_bars);
        Ok(())
    }

    /// Adds what the window wants of the bars of a chunk.
    ///
    /// # Errors
    /// A price or volume does not fit 64 bits at the scale of the series.
    pub(crate) fn add_bars(&mut self, bars: &mut Bars, start: i64) -> Result<(), NotHeld> {
        let number = |bar: i64| usize::try_from(bar - start).unwrap_or(0).min(bars.len());
        let wanted = number(self.next.max(start))..number(self.cut.end);
        bars.refine(self.scales)?;
        if self.cut.bars_per_column == 1 {
            self.copy(bars, wanted);
        } else {
            wanted.for_each(|idx| self.add(bars, idx, 1));
        }
        Ok(())
    }

    fn copy(&mut self, bars: &Bars, wanted: std::ops::Range<usize>) {
        let columns = &mut self.columns;
        columns.at.extend_from_slice(&bars.at[wanted.clone()]);
        columns.open.extend_from_slice(&bars.open[wanted.clone()]);
        columns.high.extend_from_slice(&bars.high[wanted.clone()]);
        columns.low.extend_from_slice(&bars.low[wanted.clone()]);
        columns.close.extend_from_slice(&bars.close[wanted.clone()]);
        columns.volume.extend(bars.volume[wanted.clone()].iter().map(|volume| (*volume).max(0)));
        self.next += i64::try_from(wanted.len()).unwrap_or(0);
    }

    fn add(&mut self, bars: &Bars, idx: usize, n_bars: i64) {
        let columns = &mut self.columns;
        let volume = bars.volume[idx].max(0);
        let is_first = (self.next - self.cut.first) % self.cut.bars_per_column == 0;
        self.next += n_bars;
        let last = if is_first {
            None
        } else {
            let Columns { high, low, close, volume, .. } = columns;
            high.last_mut().zip(low.last_mut()).zip(close.last_mut()).zip(volume.last_mut())
        };
        let Some((((high, low), close), sum)) = last else {
            columns.at.push(bars.at[idx]);
            columns.open.push(bars.open[idx]);
            columns.high.push(bars.high[idx]);
            columns.low.push(bars.low[idx]);
            columns.close.push(bars.close[idx]);
            columns.volume.push(volume);
            return;
        };
        *high = (*high).max(bars.high[idx]);
        *low = (*low).min(bars.low[idx]);
        *close = bars.close[idx];
        *sum = sum.saturating_add(volume);
    }

    pub(crate) fn into_columns(self) -> Columns {
        self.columns
    }
}
