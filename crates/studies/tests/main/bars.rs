//! Bars for tests: the made-up series of the reference files, and walks of any length.

use gatehouse_studies::{Input, Kind, compute};
use proptest::prelude::{Strategy, any};

/// Columns that own their numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bars {
    pub(crate) open: Vec<f64>,
    pub(crate) high: Vec<f64>,
    pub(crate) low: Vec<f64>,
    pub(crate) close: Vec<f64>,
    pub(crate) volume: Vec<f64>,
    pub(crate) session_start: Vec<bool>,
}

impl Bars {
    pub(crate) fn push(&mut self, [open, high, low, close, volume]: [f64; 5], is_start: bool) {
        self.open.push(open);
        self.high.push(high);
        self.low.push(low);
        self.close.push(close);
        self.volume.push(volume);
        self.session_start.push(is_start);
    }

    /// Bars at these closes and nothing else, all in one session.
    pub(crate) fn at(closes: &[f64]) -> Self {
        let mut bars = Self::default();
        for close in closes {
            bars.push([*close, *close, *close, *close, 1.0], bars.close.is_empty());
        }
        bars
    }

    pub(crate) fn len(&self) -> usize {
        self.close.len()
    }

    pub(crate) fn input(&self) -> Input<'_> {
        self.part(0, self.len())
    }

    pub(crate) fn part(&self, from: usize, to: usize) -> Input<'_> {
        Input {
            open: &self.open[from..to],
            high: &self.high[from..to],
            low: &self.low[from..to],
            close: &self.close[from..to],
            volume: &self.volume[from..to],
            session_start: &self.session_start[from..to],
        }
    }

    pub(crate) fn lines(&self, kind: Kind, params: &[f64]) -> Vec<Vec<f64>> {
        compute(kind, params, &self.input()).expect("computes")
    }
}

/// A walk from 100 in cents: what a step is made of comes from `dice`, a new session every
/// `per_session` bars.
pub(crate) fn walk(dice: impl Iterator<Item = u32>, per_session: usize) -> Bars {
    let mut bars = Bars::default();
    let mut close = 10_000_i64;
    for (index, die) in dice.enumerate() {
        let open = close + i64::from(die % 7) - 3;
        close = open + i64::from(die / 7 % 81) - 40;
        let high = open.max(close) + i64::from(die / 567 % 25);
        let low = open.min(close) - i64::from(die / 14_175 % 25);
        let volume = die / 354_375 % 1_000;
        let [open, high, low, close] = [open, high, low, close].map(cents);
        bars.push([open, high, low, close, f64::from(volume)], index % per_session == 0);
    }
    bars
}

fn cents(n: i64) -> f64 {
    f64::from(i32::try_from(n).expect("is a price")) / 100.0
}

/// Whole numbers below 2^31, the same on every machine (Park and Miller's generator).
pub(crate) fn dice(seed: u32) -> impl Iterator<Item = u32> {
    let next = |state: &u64| Some(state * 48_271 % 2_147_483_647);
    let states = std::iter::successors(Some(u64::from(seed)), next).skip(1);
    states.map(|state| u32::try_from(state).expect("is below 2^31"))
}

/// Walks of 0 to 300 bars in sessions of 1 to 60.
pub(crate) fn walks() -> impl Strategy<Value = Bars> {
    let steps = proptest::collection::vec(any::<u32>(), 0..300);
    (steps, 1_usize..60).prop_map(|(steps, per_session)| walk(steps.into_iter(), per_session))
}
