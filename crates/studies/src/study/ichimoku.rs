//! Ichimoku Kinko Hyo: five lines of middles between highest high and lowest low.
//!
//! Source: Goichi Hosoda (published as Ichimoku Sanjin, 1969); pandas-ta-classic, `ichimoku`.
//!
//! - *conversion* (Tenkan): the middle of the last `conversion` bars; *base* (Kijun): of `base`.
//! - *span-a* (Senkou A): the mean of both; *span-b* (Senkou B): the middle of the last `span`
//!   bars. Both are drawn to the right of the bar that they are computed of.
//! - *lagging* (Chikou): the close, drawn to the left of its bar.
//!
//! A displacement of 26 counts the bar itself, as Hosoda counts and TradingView draws: lines are
//! moved by 25 columns. pandas-ta-classic and talipp move them by 26.
//!
//! Every line has as many values as there are bars, each where it is drawn. So the spans' last
//! values, which would be drawn to the right of the last bar, are left out; and the lagging line
//! has no value on the last 25 bars yet. A value once drawn never changes.

use crate::input::{Column, Input};
use crate::param::{Param, Params};
use crate::spec::{Memory, Place, Spec, lines};
use crate::window::Range;

pub(crate) const SPEC: Spec = Spec {
    name: "ichimoku",
    title: "Ichimoku cloud",
    lines: &["conversion", "base", "span-a", "span-b", "lagging"],
    params: &[
        Param::period("conversion", 1.0, 9.0),
        Param::period("base", 1.0, 26.0),
        Param::period("span", 1.0, 52.0),
        Param::period("displacement", 1.0, 26.0),
    ],
    rising: None,
    place: Place::OverPrice,
    memory: Memory::Bars,
    reads: &[Column::High, Column::Low, Column::Close],
    warm_up,
    look_ahead: shift,
    compute,
};

fn warm_up(params: &Params) -> usize {
    let longest = (0..3).map(|index| usize::from(params.period(index)) - 1).max();
    longest.unwrap_or(0) + shift(params)
}

/// Returns by how many columns lines are moved.
fn shift(params: &Params) -> usize {
    usize::from(params.period(3)) - 1
}

fn compute(params: &Params, input: &Input<'_>) -> Vec<Vec<f64>> {
    let [mut conversion, mut base, mut span] =
        [0, 1, 2].map(|index| Range::new(params.period(index)));
    let mut lines = lines(
        input.len(),
        input.ranges().map(|(high, low, close)| {
            let [conversion, base, span] = [&mut conversion, &mut base, &mut span].map(|range| {
                range.push(high, low).map(|(highest, lowest)| f64::midpoint(highest, lowest))
            });
            let mean = conversion.zip(base).map(|(one, other)| f64::midpoint(one, other));
            [conversion, base, mean, span, Some(close)]
        }),
    );
    let shift = shift(params).min(input.len());
    for span in &mut lines[2..4] {
        span.rotate_right(shift);
        span[..shift].fill(f64::NAN);
    }
    let lagging = &mut lines[4];
    lagging.rotate_left(shift);
    let n_drawn = lagging.len() - shift;
    lagging[n_drawn..].fill(f64::NAN);
    lines
}
