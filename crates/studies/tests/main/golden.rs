//! Every line against the values of kept libraries, which `reference/make.py` writes.

use gatehouse_studies::Kind;

use crate::bars::Bars;

const SERIES: &str = include_str!("../reference/series.csv");
const TALIB: &str = include_str!("../reference/talib.csv");
const TALIB_AVERAGES: &str = include_str!("../reference/talib-averages.csv");
const PANDAS_TA: &str = include_str!("../reference/pandas-ta.csv");
const TALIPP: &str = include_str!("../reference/talipp.csv");

/// A column of a reference file: its name, and its values, NaN where the library has none.
struct Reference {
    name: String,
    values: Vec<f64>,
}

impl Reference {
    fn read(text: &str) -> Vec<Self> {
        let mut rows = text.lines().map(|row| row.split(';'));
        let names = rows.next().expect("has a head");
        let mut columns: Vec<_> =
            names.map(|name| Self { name: name.to_owned(), values: Vec::new() }).collect();
        for row in rows {
            for (column, cell) in columns.iter_mut().zip(row) {
                let is_empty = cell.is_empty();
                let value = if is_empty { f64::NAN } else { cell.parse().expect("is a number") };
                column.values.push(value);
            }
        }
        columns
    }

    /// Returns kind, params and index of the line that this column is of.
    fn line(&self) -> (Kind, Vec<f64>, usize) {
        let (study, line) = self.name.rsplit_once('.').expect("names a line");
        let (kind, params) = study.split_once('(').expect("names a study");
        let kind = Kind::from_name(kind).expect("is a study");
        let params = params.trim_end_matches(')').split(',').filter(|param| !param.is_empty());
        let params = params.map(|param| param.parse().expect("is a param")).collect();
        let index = kind.lines().iter().position(|name| *name == line).expect("is a line");
        (kind, params, index)
    }
}

fn series() -> Bars {
    let columns = Reference::read(SERIES);
    let mut bars = Bars::default();
    for at in 0..columns[0].values.len() {
        let row = [0, 1, 2, 3, 4].map(|index: usize| columns[index].values[at]);
        bars.push(row, columns[5].values[at] == 1.0);
    }
    bars
}

/// Compares every column of a file, from the bar on where the library has warmed up.
fn check(text: &str, warmed_up: fn(&str) -> usize) {
    let bars = series();
    for reference in Reference::read(text) {
        let (kind, params, index) = reference.line();
        let line = &bars.lines(kind, &params)[index];
        assert_eq!(line.len(), reference.values.len(), "{}", reference.name);
        let from = warmed_up(&reference.name);
        let mut n_compared = 0;
        for (at, (ours, theirs)) in line.iter().zip(&reference.values).enumerate().skip(from) {
            assert_eq!(ours.is_nan(), theirs.is_nan(), "{} on bar {at}", reference.name);
            if theirs.is_nan() {
                continue;
            }
            let apart = (ours - theirs).abs();
            assert!(apart <= 1e-9 * theirs.abs(), "{} on {at}: {ours}, {theirs}", reference.name);
            n_compared += 1;
        }
        assert!(n_compared >= 100, "{}: {n_compared} compared", reference.name);
    }
}

#[test]
fn every_study_has_values_of_a_library() {
    let files = [TALIB, TALIB_AVERAGES, PANDAS_TA, TALIPP];
    let columns = files.into_iter().flat_map(Reference::read);
    let known: Vec<_> =
        columns.map(|column| column.line()).map(|(kind, _, index)| (kind, index)).collect();
    for kind in Kind::ALL {
        for index in 0..kind.lines().len() {
            assert!(known.contains(&(*kind, index)), "{} line {index}", kind.name());
        }
    }
}

#[test]
fn agrees_with_ta_lib() {
    check(TALIB, |name| match name {
        // Its fast average is seeded later.
        "macd(12,26,9).macd" | "macd(12,26,9).signal" => 210,
        // It shows no %K before the first %D.
        "stochastic(14,3,3).k" => 17,
        _ => 0,
    });
}

#[test]
fn macd_agrees_with_averages_of_ta_lib() {
    check(TALIB_AVERAGES, |_| 0);
}

#[test]
fn agrees_with_pandas_ta() {
    // Its lagging line is moved by a column, and begins on the second.
    check(PANDAS_TA, |name| usize::from(name.ends_with(".lagging")));
}

#[test]
fn agrees_with_talipp() {
    // Its bands begin at 0, and are the same from the first turn on.
    check(TALIPP, |name| if name.starts_with("supertrend(10,3)") { 16 } else { 8 });
}
