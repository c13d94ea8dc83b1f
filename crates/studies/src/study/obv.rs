//! On-balance volume: the sum of volumes, added where the close rose, subtracted where it fell.
//!
//! Source: Joseph E. Granville, "Granville's New Key to Stock Market Profits" (1963); TA-Lib, `OBV`,
//! which counts the first bar's volume as a rise. The level says where the line begins and nothing
//! else: two windows of one series differ by a constant.

use crate::input::{Column, Input};
use crate::param::Params;
use crate::spec::{Memory, Place, Spec, line, no_look_ahead};

pub(crate) const SPEC: Spec = Spec {
    name: "obv",
    title: "On-balance volume",
    lines: &["obv"],
    params: &[],
    rising: None,
    place: Place::OwnPane,
    memory: Memory::Beginning,
    reads: &[Column::Close, Column::Volume],
    warm_up: |_| 0,
    look_ahead: no_look_ahead,
    compute,
};

fn compute(_: &Params, input: &Input<'_>) -> Vec<Vec<f64>> {
    let mut balance = 0.0;
    let mut last = f64::NEG_INFINITY;
    vec![line(input.close.iter().zip(input.volumes()).map(|(close, volume)| {
        // Without a branch: which way the price goes cannot be foreseen.
        let sign = f64::from(i8::from(*close > last) - i8::from(*close < last));
        balance += sign * volume;
        last = *close;
        Some(balance)
    }))]
}
