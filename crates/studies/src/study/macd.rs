//! Moving average convergence/divergence: a fast exponential average less a slow one, an
//! exponential average of that as signal, and the difference of both as histogram.
//!
//! Source: Gerald Appel, "Technical Analysis: Power Tools for Active Investors" (2005); StockCharts
//! ChartSchool, "MACD". Each average is seeded with the simple mean of its own first values: first
//! value on bar `slow`, first signal on bar `slow` + `signal` − 1. TA-Lib's `MACD` seeds the fast
//! average later, with the closes up to bar `slow`; both agree once the seeds have faded.

use crate::input::{Column, Input};
use crate::param::{Param, Params};
use crate::smooth::Smooth;
use crate::spec::{Memory, Place, Spec, lines, no_look_ahead};

pub(crate) const SPEC: Spec = Spec {
    name: "macd",
    title: "MACD",
    lines: &["macd", "signal", "histogram"],
    params: &[
        Param::period("fast", 1.0, 12.0),
        Param::period("slow", 2.0, 26.0),
        Param::period("signal", 1.0, 9.0),
    ],
    rising: Some((0, 1)),
    place: Place::OwnPane,
    memory: Memory::Bars,
    reads: &[Column::Close],
    warm_up,
    look_ahead: no_look_ahead,
    compute,
};

fn warm_up(params: &Params) -> usize {
    let slow = Smooth::exponential(params.period(1));
    slow.warm_up() + Smooth::exponential(params.period(2)).warm_up()
}

fn compute(params: &Params, input: &Input<'_>) -> Vec<Vec<f64>> {
    let mut fast = Smooth::exponential(params.period(0));
    let mut slow = Smooth::exponential(params.period(1));
    let mut smooth = Smooth::exponential(params.period(2));
    lines(
        input.len(),
        input.close.iter().map(|close| {
            let (fast, slow) = (fast.push(*close), slow.push(*close));
            let macd = fast.zip(slow).map(|(fast, slow)| fast - slow);
            let signal = macd.and_then(|macd| smooth.push(macd));
            [macd, signal, macd.zip(signal).map(|(macd, signal)| macd - signal)]
        }),
    )
}
