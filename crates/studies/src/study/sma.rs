//! Simple moving average: the mean of the last `period` closes.
//!
//! Source: TA-Lib, `SMA`. First value on bar `period`.

use crate::input::{Column, Input};
use crate::param::{Param, Params};
use crate::spec::{Memory, Place, Spec, line, no_look_ahead};
use crate::window::Mean;

pub(crate) const SPEC: Spec = Spec {
    name: "sma",
    title: "Simple moving average",
    lines: &["sma"],
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
    usize::from(params.period(0)) - 1
}

fn compute(params: &Params, input: &Input<'_>) -> Vec<Vec<f64>> {
    let mut mean = Mean::new(params.period(0));
    vec![line(input.close.iter().map(|close| mean.push(*close)))]
}
