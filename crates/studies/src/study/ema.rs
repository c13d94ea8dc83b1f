//! Exponential moving average: each close has a share of 2 / (period + 1), and what was before it
//! the rest.
//!
//! Source: TA-Lib, `EMA`. Seed: the simple mean of the first `period` closes, which is the first
//! value, on bar `period`. Libraries that seed with the first close (tulipy) agree once the seed
//! has faded.

use crate::input::{Column, Input};
use crate::param::{Param, Params};
use crate::smooth::Smooth;
use crate::spec::{Memory, Place, Spec, line, no_look_ahead};

pub(crate) const SPEC: Spec = Spec {
    name: "ema",
    title: "Exponential moving average",
    lines: &["ema"],
    params: &[Param::period("period", 1.0, 20.0)],
    rising: None,
    place: Place::OverPrice,
    memory: Memory::Bars,
    reads: &[Column::Close],
    warm_up,
    look_ahead: no_look_ahead,
    compute,
};

fn warm_up(params: &Params) -> usize {
    Smooth::exponential(params.period(0)).warm_up()
}

fn compute(params: &Params, input: &Input<'_>) -> Vec<Vec<f64>> {
    let mut average = Smooth::exponential(params.period(0));
    vec![line(input.close.iter().map(|close| average.push(*close)))]
}
