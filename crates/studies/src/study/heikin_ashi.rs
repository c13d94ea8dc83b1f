//! Heikin-Ashi: candles of averages. Close: (open + high + low + close) / 4 of the bar. Open: the
//! middle of the last candle's open and close. High and low: the bar's, or open and close where
//! they go beyond.
//!
//! Source: Dan Valcu, "Using the Heikin-Ashi Technique" (Technical Analysis of Stocks &
//! Commodities, 2004); pandas-ta-classic, `ha`. Seed: the first candle's open is the middle of the
//! first bar's open and close.

use crate::input::{Column, Input};
use crate::param::Params;
use crate::smooth::fade;
use crate::spec::{Memory, Place, Spec, lines, no_look_ahead};

pub(crate) const SPEC: Spec = Spec {
    name: "heikin-ashi",
    title: "Heikin-Ashi",
    lines: &["open", "high", "low", "close"],
    params: &[],
    rising: None,
    place: Place::InsteadOfPrice,
    memory: Memory::Bars,
    reads: &[Column::Open, Column::High, Column::Low, Column::Close],
    warm_up: |_| fade(0.5),
    look_ahead: no_look_ahead,
    compute,
};

fn compute(_: &Params, input: &Input<'_>) -> Vec<Vec<f64>> {
    let mut last = None;
    lines(
        input.len(),
        input.open.iter().zip(input.ranges()).map(|(open, (high, low, close))| {
            let (first, second) = last.unwrap_or((*open, close));
            let candle_open = f64::midpoint(first, second);
            let candle_close = (open + high + low + close) / 4.0;
            last = Some((candle_open, candle_close));
            let candle_high = high.max(candle_open).max(candle_close);
            let candle_low = low.min(candle_open).min(candle_close);
            [candle_open, candle_high, candle_low, candle_close].map(Some)
        }),
    )
}
