//! Donchian channel: the highest high and the lowest low of the last `period` bars, and the middle
//! between them.
//!
//! Source: Richard Donchian's four-week rule (1960), as in pandas-ta-classic, `donchian`; TA-Lib,
//! `MAX` of highs and `MIN` of lows. The bar itself counts, so the channel contains every close;
//! those who trade the break of the channel leave it out, and look at the channel one bar back.
//! First value on bar `period`.

use crate::input::{Column, Input};
use crate::param::{Param, Params};
use crate::spec::{Memory, Place, Spec, lines, no_look_ahead};
use crate::window::Range;

pub(crate) const SPEC: Spec = Spec {
    name: "donchian",
    title: "Donchian channel",
    lines: &["upper", "middle", "lower"],
    params: &[Param::period("period", 1.0, 20.0)],
    rising: None,
    place: Place::OverPrice,
    memory: Memory::Bars,
    reads: &[Column::High, Column::Low],
    warm_up,
    look_ahead: no_look_ahead,
    compute,
};

fn warm_up(params: &Params) -> usize {
    usize::from(params.period(0)) - 1
}

fn compute(params: &Params, input: &Input<'_>) -> Vec<Vec<f64>> {
    let mut range = Range::new(params.period(0));
    lines(
        input.len(),
        input.high.iter().zip(input.low).map(|(high, low)| match range.push(*high, *low) {
            None => [None; 3],
            Some((highest, lowest)) => {
                [Some(highest), Some(f64::midpoint(highest, lowest)), Some(lowest)]
            }
        }),
    )
}
