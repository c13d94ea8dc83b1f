//! Average true range: Wilder's average of the true ranges.
//!
//! Source: J. Welles Wilder, "New Concepts in Technical Trading Systems" (1978); TA-Lib, `ATR`. A
//! share of 1 / period. The first bar has no close before it and so no true range. Seed: the simple
//! mean of the true ranges of bars 2 to `period` + 1, which is the first value.

use crate::input::{Column, Input};
use crate::param::{Param, Params};
use crate::smooth::Smooth;
use crate::spec::{Memory, Place, Spec, line, no_look_ahead};
use crate::true_range::TrueRange;

pub(crate) const SPEC: Spec = Spec {
    name: "atr",
    title: "Average true range",
    lines: &["atr"],
    params: &[Param::period("period", 1.0, 14.0)],
    rising: None,
    place: Place::OwnPane,
    memory: Memory::Bars,
    reads: &[Column::High, Column::Low, Column::Close],
    warm_up,
    look_ahead: no_look_ahead,
    compute,
};

fn warm_up(params: &Params) -> usize {
    // One bar more, for the first close.
    Smooth::wilder(params.period(0)).warm_up() + 1
}

fn compute(params: &Params, input: &Input<'_>) -> Vec<Vec<f64>> {
    let mut range = TrueRange::default();
    let mut average = Smooth::wilder(params.period(0));
    vec![line(input.ranges().map(|(high, low, close)| average.push(range.push(high, low, close)?)))]
}
