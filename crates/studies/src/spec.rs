//! What there is to say about a study, in one place: each file in `study/` has one of these.

use crate::input::{Column, Input};
use crate::param::{Param, Params};

/// Where a study is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Over the candles, on the axis of prices.
    OverPrice,
    /// Below the candles, on an axis of its own.
    OwnPane,
    /// Instead of the candles.
    InsteadOfPrice,
}

/// How far back a value reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// As many bars as [`warm_up`](crate::warm_up) says.
    Bars,
    /// To the first bar of its session. The window is computed from a session's start.
    Session,
    /// To the first bar that is given: the level is a matter of where the line begins, and only its
    /// changes mean something.
    Beginning,
}

/// A study: its words, its params, and how it is computed.
pub(crate) struct Spec {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) lines: &'static [&'static str],
    pub(crate) params: &'static [Param],
    /// Indexes of two params of which the first must be below the second.
    pub(crate) rising: Option<(usize, usize)>,
    pub(crate) place: Place,
    pub(crate) memory: Memory,
    pub(crate) reads: &'static [Column],
    pub(crate) warm_up: fn(&Params) -> usize,
    pub(crate) look_ahead: fn(&Params) -> usize,
    /// Computes the lines, in the order of `lines`, from columns without gaps.
    pub(crate) compute: fn(&Params, &Input<'_>) -> Vec<Vec<f64>>,
}

/// For studies whose value is known with its bar.
pub(crate) fn no_look_ahead(_: &Params) -> usize {
    0
}

/// Returns a line of one value for each bar, with NaN where there is none yet.
pub(crate) fn line(values: impl Iterator<Item = Option<f64>>) -> Vec<f64> {
    values.map(|value| value.unwrap_or(f64::NAN)).collect()
}

/// Returns `N` lines of as many values for each bar.
pub(crate) fn lines<const N: usize>(
    n_bars: usize,
    values: impl Iterator<Item = [Option<f64>; N]>,
) -> Vec<Vec<f64>> {
    let mut lines = [(); N].map(|()| vec![f64::NAN; n_bars]);
    for (at, row) in values.take(n_bars).enumerate() {
        for (line, value) in lines.iter_mut().zip(row) {
            line[at] = value.unwrap_or(f64::NAN);
        }
    }
    lines.into()
}
