//! What can be asked, and what is answered to those who ask wrongly.

use gatehouse_studies::{Input, Kind, Memory, PERIOD_MAX, Place, Wrong, compute};
use gatehouse_studies::{look_ahead, warm_up};

use crate::bars::Bars;

fn wrong(kind: Kind, params: &[f64]) -> Wrong {
    let bars = Bars::at(&[1.0, 2.0]);
    let wrong = compute(kind, params, &bars.input()).expect_err("is wrong");
    // Not compared as they are: a NaN that was given is unlike itself.
    for also in [warm_up(kind, params), look_ahead(kind, params)] {
        assert_eq!(also.expect_err("is wrong").to_string(), wrong.to_string());
    }
    wrong
}

#[test]
fn every_study_is_found_by_its_name() {
    for kind in Kind::ALL {
        assert_eq!(Kind::from_name(kind.name()), Ok(*kind));
    }
    assert_eq!(Kind::ALL.len(), 13);
    let unknown = Kind::from_name("SMA").expect_err("names are in lower case");
    assert_eq!(unknown.what(), "No study \"SMA\" was drawn.");
    assert!(unknown.next().contains("sma, ema, vwap"), "{unknown}");
}

#[test]
fn usual_params_are_allowed_and_mean_the_same_as_none() {
    let bars = Bars::at(&[3.0, 1.0, 2.0]);
    for kind in Kind::ALL {
        let none = bars.lines(*kind, &[]);
        let usual = bars.lines(*kind, &kind.defaults());
        assert_eq!(format!("{none:?}"), format!("{usual:?}"));
        assert_eq!(none.len(), kind.lines().len());
    }
}

#[test]
fn params_keep_to_their_ranges() {
    for kind in Kind::ALL {
        for (index, param) in kind.params().iter().enumerate() {
            assert!(!param.is_whole || param.most == f64::from(PERIOD_MAX));
            let outside = [param.least - 0.5, param.most + 0.5, f64::NAN, f64::INFINITY, -1e300];
            for value in outside {
                let mut params = kind.defaults();
                params[index] = value;
                let Wrong::Param { given, .. } = wrong(*kind, &params) else {
                    panic!("{} with {value} as {}", kind.name(), param.name);
                };
                assert_eq!(given.to_bits(), value.to_bits());
            }
        }
    }
}

#[test]
fn wrong_params_are_said_in_three_sentences() {
    let cases: [(Kind, &[f64], &str); 6] = [
        (
            Kind::Sma,
            &[2.5],
            "The study Simple moving average was not drawn. The value for period is 2.5, and must \
             be whole and from 1 to 5000. Choose a value in this range; the usual one is 20.",
        ),
        (
            Kind::Bollinger,
            &[20.0, f64::NAN],
            "The study Bollinger bands was not drawn. The value for deviations is NaN, and must \
             be from 0.1 to 10. Choose a value in this range; the usual one is 2.",
        ),
        (
            Kind::Macd,
            &[12.0, 26.0],
            "The study MACD was not drawn. It has 3 numbers (fast, slow, signal), and 2 came. \
             Choose them anew; the usual ones are 12, 26, 9.",
        ),
        (
            Kind::Macd,
            &[26.0, 26.0, 9.0],
            "The study MACD was not drawn. Its fast of 26 is not below its slow of 26. Choose \
             them anew; the usual ones are 12, 26, 9.",
        ),
        (
            Kind::Obv,
            &[1.0],
            "The study On-balance volume was not drawn. It has no numbers to choose, and 1 came. \
             Leave the numbers out.",
        ),
        (
            Kind::Rsi,
            &[1.0],
            "The study Relative strength index was not drawn. The value for period is 1, and must \
             be whole and from 2 to 5000. Choose a value in this range; the usual one is 14.",
        ),
    ];
    for (kind, params, sentence) in cases {
        assert_eq!(wrong(kind, params).to_string(), sentence);
    }
}

#[test]
fn columns_of_different_lengths_are_refused() {
    let bars = Bars::at(&[1.0, 2.0, 3.0]);
    let whole = bars.input();
    let inputs = [
        Input { open: &whole.open[1..], ..whole },
        Input { high: &whole.high[1..], ..whole },
        Input { low: &whole.low[1..], ..whole },
        Input { close: &whole.close[1..], ..whole },
        Input { volume: &[], ..whole },
        Input { session_start: &[true; 4], ..whole },
    ];
    for input in inputs {
        let refused = compute(Kind::Sma, &[], &input).expect_err("differ in length");
        assert!(matches!(refused, Wrong::Length { .. }));
    }
    let input = Input { volume: &[1.0], ..whole };
    let refused = compute(Kind::Sma, &[], &input).expect_err("differ in length");
    assert_eq!(refused.why(), "Its column volume has 1 values for 3 bars.");
}

#[test]
fn studies_say_where_they_are_drawn_and_how_far_back_they_reach() {
    let own_pane = [Kind::Rsi, Kind::Macd, Kind::Atr, Kind::Stochastic, Kind::Obv];
    for kind in Kind::ALL {
        let place = if own_pane.contains(kind) {
            Place::OwnPane
        } else if *kind == Kind::HeikinAshi {
            Place::InsteadOfPrice
        } else {
            Place::OverPrice
        };
        assert_eq!(kind.place(), place);
        let is_finite = !matches!(kind, Kind::Vwap | Kind::Obv);
        assert_eq!(kind.memory() == Memory::Bars, is_finite);
    }
}

#[test]
fn a_window_asks_for_just_enough_bars() {
    let cases: [(Kind, &[f64], usize, usize); 12] = [
        (Kind::Sma, &[20.0], 19, 0),
        (Kind::Sma, &[1.0], 0, 0),
        (Kind::Bollinger, &[], 19, 0),
        (Kind::Donchian, &[55.0], 54, 0),
        (Kind::Stochastic, &[], 17, 0),
        (Kind::Ichimoku, &[], 76, 25),
        (Kind::Ichimoku, &[9.0, 26.0, 52.0, 1.0], 51, 0),
        (Kind::HeikinAshi, &[], 40, 0),
        (Kind::Vwap, &[], 0, 0),
        // ln 1e-12 / ln (1 - 2/21) = 276.1 behind the 20 closes of the seed.
        (Kind::Ema, &[20.0], 19 + 277, 0),
        // ln 1e-12 / ln (1 - 1/14) = 372.9 behind the 14 changes of the seed, and as many that may
        // stand still.
        (Kind::Rsi, &[14.0], 14 + 2 * 373, 0),
        // The same of the ATR's 10 ranges, and 64 x 3 x 3.
        (Kind::Supertrend, &[10.0, 3.0], 9 + 263 + 576, 0),
    ];
    for (kind, params, in_front, behind) in cases {
        assert_eq!(warm_up(kind, params), Ok(in_front), "{}", kind.name());
        assert_eq!(look_ahead(kind, params), Ok(behind), "{}", kind.name());
    }
}
