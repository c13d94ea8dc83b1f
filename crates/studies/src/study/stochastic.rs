//! Slow stochastic: where the close stands between the lowest low and the highest high of the last
//! `period` bars, from 0 to 100, as simple mean over `slowing` bars (%K) and again over `signal`
//! bars (%D).
//!
//! Source: George C. Lane, "Lane's Stochastics" (Technical Analysis of Stocks & Commodities, 1984);
//! TA-Lib, `STOCH` with simple averages. First %K on bar `period` + `slowing` − 1; TA-Lib shows it
//! only with the first %D. Where the range is one price, the close stands in its middle, at 50;
//! TA-Lib says 0 there, which would read as oversold.

use crate::input::{Column, Input};
use crate::param::{Param, Params};
use crate::spec::{Memory, Place, Spec, lines, no_look_ahead};
use crate::window::{Mean, Range};

pub(crate) const SPEC: Spec = Spec {
    name: "stochastic",
    title: "Stochastic",
    lines: &["k", "d"],
    params: &[
        Param::period("period", 1.0, 14.0),
        Param::period("slowing", 1.0, 3.0),
        Param::period("signal", 1.0, 3.0),
    ],
    rising: None,
    place: Place::OwnPane,
    memory: Memory::Bars,
    reads: &[Column::High, Column::Low, Column::Close],
    warm_up,
    look_ahead: no_look_ahead,
    compute,
};

fn warm_up(params: &Params) -> usize {
    (0..3).map(|index| usize::from(params.period(index)) - 1).sum()
}

fn compute(params: &Params, input: &Input<'_>) -> Vec<Vec<f64>> {
    let mut range = Range::new(params.period(0));
    let mut slow = Mean::new(params.period(1));
    let mut signal = Mean::new(params.period(2));
    lines(
        input.len(),
        input.ranges().map(|(high, low, close)| {
            let fast = range.push(high, low).map(|(highest, lowest)| {
                let span = highest - lowest;
                if span > 0.0 { 100.0 * ((close - lowest) / span) } else { 50.0 }
            });
            let k = fast.and_then(|fast| slow.push(fast));
            [k, k.and_then(|k| signal.push(k))]
        }),
    )
}
