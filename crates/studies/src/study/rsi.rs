//! Relative strength index: 100 × average gain / (average gain + average loss) of the changes from
//! close to close.
//!
//! Source: J. Welles Wilder, "New Concepts in Technical Trading Systems" (1978); TA-Lib, `RSI`.
//! Wilder's smoothing, a share of 1 / period. Seed: the simple means of the first `period` changes,
//! so the first value is on bar `period` + 1.
//!
//! Where the price never moved, neither side prevails and the value is 50; TA-Lib says 0 there, and
//! the book nothing. The same where it has stood still for so many bars that nothing is left of what
//! was before, of the gains as of the losses: their ratio would stay for ever, and say what no window
//! of bars can know. TA-Lib takes both for nothing once they are below 1e-14.

use crate::input::{Column, Input};
use crate::param::{Param, Params};
use crate::smooth::{Smooth, fade};
use crate::spec::{Memory, Place, Spec, line, no_look_ahead};

pub(crate) const SPEC: Spec = Spec {
    name: "rsi",
    title: "Relative strength index",
    lines: &["rsi"],
    params: &[Param::period("period", 2.0, 14.0)],
    rising: None,
    place: Place::OwnPane,
    memory: Memory::Bars,
    reads: &[Column::Close],
    warm_up,
    look_ahead: no_look_ahead,
    compute,
};

fn warm_up(params: &Params) -> usize {
    // One bar more, for the first change; and the bars that the price may stand still before a value.
    Smooth::wilder(params.period(0)).warm_up() + 1 + still_max(params)
}

/// Returns after how many bars without a change what was before them has faded.
fn still_max(params: &Params) -> usize {
    fade(1.0 / f64::from(params.period(0)))
}

fn compute(params: &Params, input: &Input<'_>) -> Vec<Vec<f64>> {
    let mut gains = Smooth::wilder(params.period(0));
    let mut losses = Smooth::wilder(params.period(0));
    let mut last = None;
    let (still_max, mut n_still) = (still_max(params), 0);
    vec![line(input.close.iter().map(|close| {
        let change = close - last.replace(*close)?;
        n_still = if change == 0.0 { n_still + 1 } else { 0 };
        let (gain, loss) = (gains.push(change.max(0.0)), losses.push((-change).max(0.0)));
        let (gain, loss) = (gain?, loss?);
        let both = gain + loss;
        let is_still = n_still >= still_max || both <= 0.0;
        Some(if is_still { 50.0 } else { 100.0 * (gain / both) })
    }))]
}
