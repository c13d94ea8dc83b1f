//! What holds on any bars.

use std::collections::BTreeMap;

use gatehouse_studies::{Kind, Memory, compute, look_ahead, warm_up};
use proptest::prelude::*;

use crate::bars::{Bars, dice, walk, walks};

/// Kinds with params that are not the usual ones, beside the usual.
fn questions() -> Vec<(Kind, Vec<f64>)> {
    let usual = Kind::ALL.iter().map(|kind| (*kind, kind.defaults()));
    let others: [(Kind, &[f64]); 9] = [
        (Kind::Sma, &[1.0]),
        (Kind::Ema, &[50.0]),
        (Kind::Bollinger, &[2.0, 0.5]),
        (Kind::Rsi, &[2.0]),
        (Kind::Macd, &[1.0, 40.0, 1.0]),
        (Kind::Stochastic, &[1.0, 4.0, 2.0]),
        (Kind::Ichimoku, &[3.0, 5.0, 7.0, 11.0]),
        (Kind::Supertrend, &[3.0, 1.0]),
        (Kind::Supertrend, &[1.0, 5.0]),
    ];
    usual.chain(others.map(|(kind, params)| (kind, params.to_vec()))).collect()
}

/// What 1e-9 is relative to, at a bar that closes at `close`.
fn scale(kind: Kind, value: f64, close: f64) -> f64 {
    match kind {
        Kind::Rsi | Kind::Stochastic => 100.0,
        Kind::Macd => close,
        Kind::Sma
        | Kind::Ema
        | Kind::Vwap
        | Kind::Bollinger
        | Kind::Atr
        | Kind::Obv
        | Kind::Donchian
        | Kind::Ichimoku
        | Kind::Supertrend
        | Kind::HeikinAshi => value.abs(),
    }
}

proptest! {
    #[test]
    fn bars_that_come_later_never_change_a_value(bars in walks(), cut: prop::sample::Index) {
        let cut = cut.index(bars.len() + 1);
        for (kind, params) in questions() {
            let whole = bars.lines(kind, &params);
            let part = compute(kind, &params, &bars.part(0, cut)).expect("computes");
            let not_yet = cut.saturating_sub(look_ahead(kind, &params).expect("is asked rightly"));
            for (part, whole) in part.iter().zip(&whole) {
                prop_assert_eq!(part.len(), cut);
                for (at, (then, later)) in part.iter().zip(whole).enumerate() {
                    let is_same = then.to_bits() == later.to_bits();
                    let is_new = at >= not_yet && then.is_nan();
                    prop_assert!(is_same || is_new, "{} on {at}: {then}, {later}", kind.name());
                }
            }
        }
    }

    #[test]
    fn nothing_that_a_float_can_be_ends_the_program(
        rows in prop::collection::vec((prop::array::uniform5(prop::num::f64::ANY), any::<bool>()), 0..40),
        n_params in 0_usize..5,
        params in prop::array::uniform4(prop::num::f64::ANY),
    ) {
        let mut bars = Bars::default();
        for (row, is_start) in rows {
            bars.push(row, is_start);
        }
        for (kind, usual) in questions() {
            let lines = bars.lines(kind, &usual);
            prop_assert_eq!(lines.len(), kind.lines().len());
            for line in &lines {
                prop_assert_eq!(line.len(), bars.len());
                prop_assert!(line.iter().all(|value| value.is_finite() || value.is_nan()));
            }
            let any = compute(kind, &params[..n_params.min(4)], &bars.input());
            prop_assert_eq!(any.is_ok(), warm_up(kind, &params[..n_params.min(4)]).is_ok());
        }
    }

    #[test]
    fn a_simple_average_is_the_naive_mean(bars in walks(), period in 1_u16..40) {
        let line = &bars.lines(Kind::Sma, &[f64::from(period)])[0];
        for (at, value) in line.iter().enumerate() {
            let first = (at + 1).checked_sub(usize::from(period));
            let mean = first.map(|first| bars.close[first..=at].iter().sum::<f64>() / f64::from(period));
            match mean {
                None => prop_assert!(value.is_nan()),
                Some(mean) => prop_assert!((value - mean).abs() <= 1e-12 * mean.abs(), "{value}, {mean}"),
            }
        }
    }

    #[test]
    fn bands_are_the_naive_deviation(bars in walks(), period in 2_u16..40) {
        let lines = bars.lines(Kind::Bollinger, &[f64::from(period), 2.0]);
        let begun = usize::from(period) - 1;
        let bands = lines[0].iter().zip(&lines[2]).skip(begun);
        for ((upper, lower), closes) in bands.zip(bars.close.windows(begun + 1)) {
            let mean = closes.iter().sum::<f64>() / f64::from(period);
            let squares = closes.iter().map(|close| (close - mean).powi(2)).sum::<f64>();
            let width = 2.0 * (squares / f64::from(period)).sqrt();
            prop_assert!((upper - mean - width).abs() <= 1e-9 * mean.abs());
            prop_assert!((lower - mean + width).abs() <= 1e-9 * mean.abs());
        }
    }

    #[test]
    fn channels_contain_the_bar(bars in walks(), period in 1_u16..40) {
        let lines = bars.lines(Kind::Donchian, &[f64::from(period)]);
        for at in (0..bars.len()).filter(|at| !lines[0][*at].is_nan()) {
            prop_assert!(lines[0][at] >= bars.high[at] && bars.low[at] >= lines[2][at]);
            prop_assert!(lines[0][at] >= bars.close[at] && bars.close[at] >= lines[2][at]);
        }
        let candles = bars.lines(Kind::HeikinAshi, &[]);
        for (candle, bar) in candles[1].iter().zip(&bars.high) {
            prop_assert!(candle >= bar);
        }
        for (candle, bar) in candles[2].iter().zip(&bars.low) {
            prop_assert!(candle <= bar);
        }
    }

    #[test]
    fn oscillators_stay_between_0_and_100(bars in walks(), period in 2_u16..40) {
        let rsi = bars.lines(Kind::Rsi, &[f64::from(period)]);
        let stochastic = bars.lines(Kind::Stochastic, &[f64::from(period), 3.0, 3.0]);
        for value in rsi.iter().chain(&stochastic).flatten().filter(|value| !value.is_nan()) {
            prop_assert!((0.0..=100.0).contains(value), "{value}");
        }
    }

    #[test]
    fn vwap_is_within_its_session(bars in walks()) {
        let line = &bars.lines(Kind::Vwap, &[])[0];
        let (mut lowest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
        for (at, value) in line.iter().enumerate() {
            if bars.session_start[at] {
                (lowest, highest) = (f64::INFINITY, f64::NEG_INFINITY);
            }
            (lowest, highest) = (lowest.min(bars.low[at]), highest.max(bars.high[at]));
            prop_assert!(value.is_nan() || (*value >= lowest - 1e-9 && *value <= highest + 1e-9));
        }
    }

    #[test]
    fn supertrend_is_on_one_side_of_the_close(bars in walks()) {
        let lines = bars.lines(Kind::Supertrend, &[5.0, 2.0]);
        let sides = lines[0].iter().zip(&lines[1]).zip(&bars.close);
        for ((up, down), close) in sides.skip(4) {
            prop_assert!(up.is_nan() != down.is_nan());
            prop_assert!(up.is_nan() || up <= close);
            prop_assert!(down.is_nan() || down >= close);
        }
    }
}

#[test]
fn after_its_warm_up_a_window_shows_what_endless_history_shows() {
    let n_bars = 4_000;
    for seed in 1..=8 {
        let bars = walk(dice(seed).take(n_bars), 390);
        for (kind, params) in questions() {
            let endless = bars.lines(kind, &params);
            let in_front = warm_up(kind, &params).expect("is asked rightly");
            for start in [1, 390, 1_000, 1_953, 2_730] {
                check_window(kind, &params, &bars, start, in_front, &endless);
            }
        }
    }
}

/// A walk that stands still at times, for long: what trades seldom has bars without a change.
fn fits_and_starts() -> impl Strategy<Value = Bars> {
    let stretch = (any::<u32>(), 1_usize..300, 0_usize..900);
    (prop::collection::vec(stretch, 3..8), 1_usize..400).prop_map(|(stretches, per_session)| {
        let mut all = Bars::default();
        for (seed, n_lively, n_still) in stretches {
            let lively = walk(dice(seed % 1_000_000 + 1).take(n_lively), usize::MAX);
            for at in 0..n_lively + n_still {
                let last = at.min(n_lively - 1);
                let [open, high, low, close] = if at < n_lively {
                    [&lively.open, &lively.high, &lively.low, &lively.close].map(|it| it[at])
                } else {
                    [lively.close[last]; 4]
                };
                let volume = if at < n_lively { lively.volume[at] } else { 0.0 };
                let is_start = all.len().is_multiple_of(per_session);
                all.push([open, high, low, close, volume], is_start);
            }
        }
        all
    })
}

/// Returns the lines of a window as a chart has them: with the bars in front and behind that the
/// study asks for, which are cut off again.
fn window(kind: Kind, params: &[f64], bars: &Bars, from: usize, to: usize) -> Vec<Vec<f64>> {
    let begin = match kind.memory() {
        Memory::Bars => from.saturating_sub(warm_up(kind, params).expect("is asked rightly")),
        Memory::Session => (0..=from).rev().find(|at| bars.session_start[*at]).unwrap_or(0),
        Memory::Beginning => from,
    };
    let behind = look_ahead(kind, params).expect("is asked rightly");
    let end = (to + behind).min(bars.len());
    let lines = compute(kind, params, &bars.part(begin, end)).expect("computes");
    lines.into_iter().map(|line| line[from - begin..to - begin].to_vec()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whoever pans a chart sees the same values where two windows overlap.
    #[test]
    fn windows_agree_where_they_overlap(
        bars in fits_and_starts(),
        one: prop::sample::Index,
        other: prop::sample::Index,
        n_bars in 1_usize..400,
    ) {
        let mut froms = [one.index(bars.len()), other.index(bars.len())];
        froms.sort_unstable();
        let [early, late] = froms;
        let ends = froms.map(|from| (from + n_bars + late - early).min(bars.len()));
        // Of what is drawn at the price or at a share of 100, no eye sees less.
        let highest = bars.high.iter().copied().fold(1.0, f64::max);
        for (kind, params) in questions() {
            // A market that stands still is one that its file excludes.
            if kind == Kind::Supertrend {
                continue;
            }
            let wide = window(kind, &params, &bars, early, ends[0]);
            let next = window(kind, &params, &bars, late, ends[1]);
            for (wide, next) in wide.iter().zip(&next) {
                let overlap = &wide[late - early..];
                let level = match kind.memory() {
                    Memory::Beginning => overlap[0] - next[0],
                    Memory::Bars | Memory::Session => 0.0,
                };
                for (at, (ours, theirs)) in overlap.iter().zip(next).enumerate() {
                    let is_same = ours.is_nan() && theirs.is_nan();
                    prop_assert!(
                        is_same || (ours - theirs - level).abs() <= 1e-9 * highest,
                        "{} {params:?} on {}: {ours}, {theirs}",
                        kind.name(),
                        late + at
                    );
                }
            }
        }
    }
}

fn check_window(
    kind: Kind,
    params: &[f64],
    bars: &Bars,
    start: usize,
    in_front: usize,
    endless: &[Vec<f64>],
) {
    let window = compute(kind, params, &bars.part(start, bars.len())).expect("computes");
    for (window, endless) in window.iter().zip(endless) {
        let level = match kind.memory() {
            Memory::Bars => 0.0,
            // Until the session's next start there is no value.
            Memory::Session if window[0].is_nan() => continue,
            Memory::Session => 0.0,
            Memory::Beginning => endless[start] - window[0],
        };
        for (at, value) in window.iter().enumerate().skip(in_front) {
            let (ours, theirs) = (value + level, endless[start + at]);
            let close = bars.close[start + at].abs();
            let is_same = ours.is_nan() && theirs.is_nan();
            assert!(
                is_same || (ours - theirs).abs() <= 1e-9 * scale(kind, theirs, close),
                "{} {params:?} from {start} on {at}: {ours}, {theirs}",
                kind.name()
            );
        }
    }
}

#[test]
fn a_fading_study_needs_more_than_a_quarter_of_its_warm_up() {
    let fading = BTreeMap::from([
        (Kind::Ema, vec![20.0]),
        (Kind::Rsi, vec![14.0]),
        (Kind::Atr, vec![14.0]),
        (Kind::HeikinAshi, vec![]),
    ]);
    let bars = walk(dice(7).take(2_000), 390);
    for (kind, params) in fading {
        let endless = bars.lines(kind, &params);
        let window = compute(kind, &params, &bars.part(1_000, 2_000)).expect("computes");
        let early = warm_up(kind, &params).expect("is asked rightly") / 4;
        let apart = (window[0][early] - endless[0][1_000 + early]).abs();
        let close = bars.close[1_000 + early];
        let allowed = 1e-9 * scale(kind, endless[0][1_000 + early], close);
        assert!(apart > allowed, "{}: {apart} on {early}", kind.name());
    }
}
