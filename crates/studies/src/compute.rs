//! From a question to lines: params are checked, gaps left out, lines computed.

use crate::input::{Input, Whole};
use crate::kind::Kind;
use crate::param::Params;
use crate::wrong::Wrong;

/// Returns the lines of a study, each with one value for each bar, in the order of
/// [`Kind::lines`]. No params at all means the usual ones.
///
/// A value is NaN where there is none yet, on bars that are left out (see [`Input`]), and where
/// `f64` cannot hold it. Takes time and memory in proportion to the number of bars.
///
/// # Errors
/// A param is not in its range, their number is wrong, or the columns differ in length.
pub fn compute(kind: Kind, params: &[f64], input: &Input<'_>) -> Result<Vec<Vec<f64>>, Wrong> {
    let spec = kind.spec();
    let params = Params::parse(kind, params)?;
    input.check_lengths()?;
    let mut lines = match Whole::of(input, spec.reads) {
        None => (spec.compute)(&params, input),
        Some(whole) => {
            let lines = (spec.compute)(&params, &whole.input());
            lines.iter().map(|line| whole.spread(line, input.len())).collect()
        }
    };
    for value in lines.iter_mut().flatten().filter(|value| value.is_infinite()) {
        *value = f64::NAN;
    }
    Ok(lines)
}

/// Returns how many bars in front of a window its values need, so that they are those of endless
/// history.
///
/// Exactly where a study looks at a number of bars. Where it fades, the rest differs by less than
/// 1e-9 of the study's scale (the price, the range of bars for ATR, 100 for RSI): what came before
/// the bars weighs 1e-12, and may so be a thousand times as large as what is in them. Says nothing
/// of studies whose [`Memory`](crate::Memory) is not `Bars`. Supertrend's share is one of
/// experience, see its file.
///
/// # Errors
/// A param is not in its range, or their number is wrong.
pub fn warm_up(kind: Kind, params: &[f64]) -> Result<usize, Wrong> {
    Params::parse(kind, params).map(|params| (kind.spec().warm_up)(&params))
}

/// Returns how many bars behind a window its values need, where there are any: 0, but for a line
/// that is drawn left of the bar it is computed of (Ichimoku's lagging line).
///
/// # Errors
/// A param is not in its range, or their number is wrong.
pub fn look_ahead(kind: Kind, params: &[f64]) -> Result<usize, Wrong> {
    Params::parse(kind, params).map(|params| (kind.spec().look_ahead)(&params))
}
