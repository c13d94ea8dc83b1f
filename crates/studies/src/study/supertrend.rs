//! Supertrend: a stop that follows the trend at a distance of `factor` average true ranges, and
//! changes sides when a close goes beyond it.
//!
//! Source: Olivier Seban's indicator, as in TradingView's reference, `ta.supertrend`, and talipp,
//! `SuperTrend`. Bands at (high + low) / 2 ± factor × ATR. The upper band only falls and the lower
//! only rises, until the bar after a close beyond it. In a falling trend the line is the upper
//! band, and a close above it turns the trend; in a rising one the lower band, and a close below.
//!
//! The ATR is Wilder's, and here it counts the first bar, with high − low, as TradingView does:
//! seeded with the simple mean of the first `period` ranges, first value on bar `period`. The first
//! trend is a falling one. pandas-ta-classic narrows only the band of the present trend, and so
//! differs for some bars after each turn.
//!
//! How long the first trend is remembered is a matter of the prices: until both bands were renewed
//! and the trend turned once. [`SPEC`]'s warm-up is the ATR's and 64 × factor² bars: a random walk
//! leaves a band of this width sooner but once in a billion. A market that stands still may not.

use crate::input::{Column, Input};
use crate::param::{Param, Params};
use crate::smooth::Smooth;
use crate::spec::{Memory, Place, Spec, lines, no_look_ahead};
use crate::true_range::TrueRange;

pub(crate) const SPEC: Spec = Spec {
    name: "supertrend",
    title: "Supertrend",
    lines: &["up", "down"],
    params: &[Param::period("period", 1.0, 10.0), Param::factor("factor", 3.0)],
    rising: None,
    place: Place::OverPrice,
    memory: Memory::Bars,
    reads: &[Column::High, Column::Low, Column::Close],
    warm_up,
    look_ahead: no_look_ahead,
    compute,
};

/// Bars in which a random walk leaves bands of one ATR on each side, but once in a billion.
const BARS_PER_SQUARE: f64 = 64.0;

fn warm_up(params: &Params) -> usize {
    let bars = BARS_PER_SQUARE * params.number(1) * params.number(1);
    let whole = (0..u16::MAX).find(|n| f64::from(*n) >= bars).unwrap_or(u16::MAX);
    Smooth::wilder(params.period(0)).warm_up() + usize::from(whole)
}

struct Bands {
    upper: f64,
    lower: f64,
    is_rising: bool,
    close: f64,
}

impl Bands {
    /// Returns the bands of the next bar: those of its own, narrowed by these.
    fn next(&self, upper: f64, lower: f64, close: f64) -> Self {
        let upper = if self.close > self.upper { upper } else { upper.min(self.upper) };
        let lower = if self.close < self.lower { lower } else { lower.max(self.lower) };
        let is_rising = if self.is_rising { close >= lower } else { close > upper };
        Self { upper, lower, is_rising, close }
    }
}

fn compute(params: &Params, input: &Input<'_>) -> Vec<Vec<f64>> {
    let factor = params.number(1);
    let mut range = TrueRange::default();
    let mut average = Smooth::wilder(params.period(0));
    let mut bands: Option<Bands> = None;
    lines(
        input.len(),
        input.ranges().map(|(high, low, close)| {
            let range = range.push(high, low, close).unwrap_or(high - low);
            let Some(atr) = average.push(range) else {
                return [None; 2];
            };
            let middle = f64::midpoint(high, low);
            let (upper, lower) = (middle + factor * atr, middle - factor * atr);
            let next = match &bands {
                None => Bands { upper, lower, is_rising: false, close },
                Some(bands) => bands.next(upper, lower, close),
            };
            let row =
                if next.is_rising { [Some(next.lower), None] } else { [None, Some(next.upper)] };
            bands = Some(next);
            row
        }),
    )
}
