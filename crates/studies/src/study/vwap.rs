//! Volume-weighted average price of the session so far: Σ (typical price × volume) / Σ volume from
//! the session's first bar, with the typical price (high + low + close) / 3.
//!
//! Source: StockCharts ChartSchool, "Volume-Weighted Average Price (VWAP)"; the measure goes back
//! to Berkowitz, Logue and Noser, "The Total Cost of Transactions on the NYSE" (1988), who weigh
//! each trade. Of bars it is an approximation, and the coarser the bars the more so. No value
//! before the first session's start that is given, nor while the session has no volume.

use crate::input::{Column, Input};
use crate::param::Params;
use crate::spec::{Memory, Place, Spec, line, no_look_ahead};

pub(crate) const SPEC: Spec = Spec {
    name: "vwap",
    title: "VWAP",
    lines: &["vwap"],
    params: &[],
    rising: None,
    place: Place::OverPrice,
    memory: Memory::Session,
    reads: &[Column::High, Column::Low, Column::Close, Column::Volume],
    warm_up: |_| 0,
    look_ahead: no_look_ahead,
    compute,
};

fn compute(_: &Params, input: &Input<'_>) -> Vec<Vec<f64>> {
    let mut session: Option<(f64, f64)> = None;
    let bars = input.ranges().zip(input.volumes()).zip(input.session_start);
    vec![line(bars.map(|(((high, low, close), volume), is_start)| {
        let (value, total) = if *is_start { (0.0, 0.0) } else { session? };
        let value = value + (high + low + close) / 3.0 * volume;
        let total = total + volume;
        session = Some((value, total));
        (total > 0.0).then(|| value / total)
    }))]
}
