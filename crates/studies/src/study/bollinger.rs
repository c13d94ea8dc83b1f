//! Bollinger bands: the simple mean of the last `period` closes, and `deviations` standard
//! deviations above and below it.
//!
//! Source: John Bollinger, "Bollinger on Bollinger Bands" (2001); TA-Lib, `BBANDS` with a simple
//! average. The deviation is that of a population, divided by `period` and not by `period` − 1, as
//! the book has it. First value on bar `period`.

use crate::input::{Column, Input};
use crate::param::{Param, Params};
use crate::spec::{Memory, Place, Spec, lines, no_look_ahead};
use crate::window::{Moments, Window};

pub(crate) const SPEC: Spec = Spec {
    name: "bollinger",
    title: "Bollinger bands",
    lines: &["upper", "middle", "lower"],
    params: &[Param::period("period", 2.0, 20.0), Param::factor("deviations", 2.0)],
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
    let factor = params.number(1);
    let mut window = Window::<Moments>::new(params.period(0));
    lines(
        input.len(),
        input.close.iter().map(|close| match window.push(*close) {
            None => [None; 3],
            Some(moments) => {
                let width = factor * moments.deviation();
                [Some(moments.mean + width), Some(moments.mean), Some(moments.mean - width)]
            }
        }),
    )
}
