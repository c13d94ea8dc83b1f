//! Single values that can be worked out on paper, and what happens at the edges.

use gatehouse_studies::Kind;

use crate::bars::Bars;

const NONE: f64 = f64::NAN;

/// Compares a line with the values expected; `NONE` is no value.
fn check(kind: Kind, params: &[f64], bars: &Bars, line: &str, expected: &[f64]) {
    let index = kind.lines().iter().position(|name| *name == line).expect("is a line");
    let values = &bars.lines(kind, params)[index];
    let is_same = |(ours, theirs): (&f64, &f64)| {
        (ours.is_nan() && theirs.is_nan()) || (ours - theirs).abs() < 1e-12
    };
    let n_same = values.iter().zip(expected).filter(|pair| is_same(*pair)).count();
    assert!(
        n_same == expected.len() && values.len() == expected.len(),
        "{} {line}: {values:?} instead of {expected:?}",
        kind.name()
    );
}

/// Bars of open, high, low, close and volume, and whether a session begins.
fn bars(rows: &[([f64; 5], bool)]) -> Bars {
    let mut bars = Bars::default();
    for (row, is_start) in rows {
        bars.push(*row, *is_start);
    }
    bars
}

#[test]
fn averages_begin_with_the_mean_of_the_first_closes() {
    let closes = Bars::at(&[2.0, 4.0, 6.0, 14.0]);
    check(Kind::Sma, &[3.0], &closes, "sma", &[NONE, NONE, 4.0, 8.0]);
    check(Kind::Ema, &[3.0], &closes, "ema", &[NONE, NONE, 4.0, 9.0]);
    check(Kind::Sma, &[1.0], &closes, "sma", &[2.0, 4.0, 6.0, 14.0]);
    check(Kind::Ema, &[1.0], &closes, "ema", &[2.0, 4.0, 6.0, 14.0]);
}

#[test]
fn prices_may_be_zero_or_negative() {
    let closes = Bars::at(&[3.0, 0.0, -37.5]);
    check(Kind::Sma, &[3.0], &closes, "sma", &[NONE, NONE, -11.5]);
    check(Kind::Donchian, &[2.0], &closes, "lower", &[NONE, 0.0, -37.5]);
    check(Kind::Atr, &[2.0], &closes, "atr", &[NONE, NONE, 20.25]);
}

#[test]
fn vwap_begins_anew_with_each_session() {
    let bars = bars(&[
        ([0.0, 9.0, 9.0, 9.0, 5.0], false),
        ([0.0, 3.0, 0.0, 3.0, 1.0], true),
        ([0.0, 6.0, 6.0, 6.0, 3.0], false),
        ([0.0, 8.0, 8.0, 8.0, 0.0], true),
        ([0.0, 7.0, 7.0, 7.0, 2.0], false),
        ([0.0, 5.0, 5.0, 5.0, -1.0], false),
    ]);
    check(Kind::Vwap, &[], &bars, "vwap", &[NONE, 2.0, 5.0, NONE, 7.0, 7.0]);
}

#[test]
fn vwap_needs_the_start_of_a_session() {
    let bars = bars(&[([1.0, 1.0, 1.0, 1.0, 1.0], false)]);
    check(Kind::Vwap, &[], &bars, "vwap", &[NONE]);
}

#[test]
fn volume_that_is_not_known_moves_nothing() {
    let bars = bars(&[
        ([0.0, 0.0, 0.0, 1.0, 10.0], true),
        ([0.0, 0.0, 0.0, 2.0, 5.0], false),
        ([0.0, 0.0, 0.0, 3.0, -1.0], false),
        ([0.0, 0.0, 0.0, 3.0, 7.0], false),
        ([0.0, 0.0, 0.0, 1.0, 2.0], false),
    ]);
    check(Kind::Obv, &[], &bars, "obv", &[10.0, 15.0, 15.0, 15.0, 13.0]);
}

#[test]
fn bands_use_the_deviation_of_a_population() {
    let closes = Bars::at(&[1.0, 3.0, 3.0]);
    check(Kind::Bollinger, &[2.0, 2.0], &closes, "upper", &[NONE, 4.0, 3.0]);
    check(Kind::Bollinger, &[2.0, 2.0], &closes, "lower", &[NONE, 0.0, 3.0]);
}

#[test]
fn bands_keep_a_small_deviation_of_large_prices() {
    let closes = Bars::at(&[1e9, 1e9 + 0.25, 1e9, 1e9 + 0.25]);
    let bands = closes.lines(Kind::Bollinger, &[2.0, 1.0]);
    assert_eq!([bands[0][3], bands[1][3], bands[2][3]], [1e9 + 0.25, 1e9 + 0.125, 1e9]);
}

#[test]
fn a_price_that_stands_still_is_in_the_middle() {
    let closes = Bars::at(&[5.0; 4]);
    check(Kind::Rsi, &[2.0], &closes, "rsi", &[NONE, NONE, 50.0, 50.0]);
    check(Kind::Stochastic, &[2.0, 1.0, 2.0], &closes, "k", &[NONE, 50.0, 50.0, 50.0]);
    check(Kind::Stochastic, &[2.0, 1.0, 2.0], &closes, "d", &[NONE, NONE, 50.0, 50.0]);
}

#[test]
fn strength_is_forgotten_where_the_price_stands_still_for_long() {
    // Of a period of 2, 40 bars leave less than 1e-12.
    let closes: Vec<f64> = [1.0, 2.0, 4.0, 3.0].into_iter().chain([3.0; 40]).collect();
    let mut expected = vec![NONE, NONE, 100.0, 60.0];
    expected.extend([60.0; 39]);
    expected.push(50.0);
    check(Kind::Rsi, &[2.0], &Bars::at(&closes), "rsi", &expected);
}

#[test]
fn a_price_that_only_rises_or_falls_is_at_the_end() {
    let rising = Bars::at(&[1.0, 2.0, 4.0, 5.0]);
    let falling = Bars::at(&[5.0, 4.0, 2.0, 1.0]);
    check(Kind::Rsi, &[2.0], &rising, "rsi", &[NONE, NONE, 100.0, 100.0]);
    check(Kind::Rsi, &[2.0], &falling, "rsi", &[NONE, NONE, 0.0, 0.0]);
    check(Kind::Stochastic, &[2.0, 1.0, 1.0], &rising, "k", &[NONE, 100.0, 100.0, 100.0]);
}

#[test]
fn the_cloud_is_drawn_where_it_belongs() {
    let closes = Bars::at(&[1.0, 3.0, 7.0, 5.0, 9.0]);
    let params = [1.0, 2.0, 3.0, 3.0];
    check(Kind::Ichimoku, &params, &closes, "conversion", &[1.0, 3.0, 7.0, 5.0, 9.0]);
    check(Kind::Ichimoku, &params, &closes, "base", &[NONE, 2.0, 5.0, 6.0, 7.0]);
    check(Kind::Ichimoku, &params, &closes, "span-a", &[NONE, NONE, NONE, 2.5, 6.0]);
    check(Kind::Ichimoku, &params, &closes, "span-b", &[NONE, NONE, NONE, NONE, 4.0]);
    check(Kind::Ichimoku, &params, &closes, "lagging", &[7.0, 5.0, 9.0, NONE, NONE]);
}

#[test]
fn supertrend_turns_on_a_close_beyond_its_band() {
    let closes = Bars::at(&[10.0, 10.0, 13.0, 13.0, 9.0, 9.0]);
    let params = [1.0, 0.5];
    check(Kind::Supertrend, &params, &closes, "up", &[NONE, NONE, 11.5, 13.0, NONE, NONE]);
    check(Kind::Supertrend, &params, &closes, "down", &[10.0, 10.0, NONE, NONE, 11.0, 9.0]);
}

#[test]
fn candles_of_averages_begin_in_the_middle_of_the_first_bar() {
    let bars = bars(&[([2.0, 8.0, 0.0, 6.0, 1.0], true), ([6.0, 7.0, 5.0, 6.0, 1.0], false)]);
    check(Kind::HeikinAshi, &[], &bars, "open", &[4.0, 4.0]);
    check(Kind::HeikinAshi, &[], &bars, "high", &[8.0, 7.0]);
    check(Kind::HeikinAshi, &[], &bars, "low", &[0.0, 4.0]);
    check(Kind::HeikinAshi, &[], &bars, "close", &[4.0, 6.0]);
}

#[test]
fn a_bar_with_a_hole_is_left_out_as_if_it_were_not_there() {
    let with_hole = Bars::at(&[2.0, f64::NAN, 4.0, f64::INFINITY, 6.0]);
    check(Kind::Sma, &[2.0], &with_hole, "sma", &[NONE, NONE, 3.0, NONE, 5.0]);
    check(Kind::Ema, &[1.0], &with_hole, "ema", &[2.0, NONE, 4.0, NONE, 6.0]);
    // A hole in a column that the study does not read is none.
    let mut no_volume = Bars::at(&[2.0, 4.0]);
    no_volume.volume.fill(f64::NAN);
    check(Kind::Sma, &[2.0], &no_volume, "sma", &[NONE, 3.0]);
    check(Kind::Obv, &[], &no_volume, "obv", &[NONE, NONE]);
}

#[test]
fn a_session_whose_first_bar_has_a_hole_begins_with_the_next() {
    let bars = bars(&[
        ([0.0, 2.0, 2.0, 2.0, 1.0], true),
        ([0.0, NONE, 1.0, 1.0, 1.0], true),
        ([0.0, 6.0, 6.0, 6.0, 1.0], false),
    ]);
    check(Kind::Vwap, &[], &bars, "vwap", &[2.0, NONE, 6.0]);
}

#[test]
fn what_a_float_cannot_hold_is_no_value_and_is_over_with_its_window() {
    let closes = Bars::at(&[f64::MAX, f64::MAX, 2.0, 4.0]);
    check(Kind::Sma, &[2.0], &closes, "sma", &[NONE, NONE, f64::MAX / 2.0, 3.0]);
}
