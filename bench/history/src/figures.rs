//! What is measured, and its medians.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

/// Figures by name, one for each round.
#[derive(Debug, Default)]
pub struct Rounds(BTreeMap<String, Vec<f64>>);

impl Rounds {
    pub fn add(&mut self, name: &str, figure: f64) {
        self.0.entry(name.to_owned()).or_default().push(figure);
    }

    pub fn add_all(&mut self, figures: &Value) {
        for (name, figure) in figures.as_object().into_iter().flatten() {
            self.add(name, figure.as_f64().unwrap_or(f64::NAN));
        }
    }

    /// Returns the median of the rounds; not a number where there is none.
    pub fn median(&self, name: &str) -> f64 {
        let mut figures = self.0.get(name).cloned().unwrap_or_default();
        figures.sort_by(f64::total_cmp);
        figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
    }

    pub fn has_any(&self) -> bool {
        !self.0.is_empty()
    }

    pub fn json(&self) -> Value {
        let medians = self.0.keys().map(|name| (name.clone(), json!(self.median(name))));
        json!({ "median": medians.collect::<serde_json::Map<_, _>>(), "rounds": self.0 })
    }
}

/// What was to be reached, and what was.
pub struct Goal {
    cores: &'static str,
    words: String,
    figure: f64,
    is_met: bool,
}

impl Goal {
    /// Returns a goal that a figure should not exceed; `None` where there is no figure.
    pub fn most(cores: &'static str, words: &str, figure: f64, limit: f64) -> Option<Self> {
        let words = format!("{words}, at most {limit}");
        figure.is_finite().then_some(Self { cores, words, figure, is_met: figure <= limit })
    }

    /// Returns a goal that a figure should reach; `None` where there is no figure.
    pub fn least(cores: &'static str, words: &str, figure: f64, limit: f64) -> Option<Self> {
        let words = format!("{words}, at least {limit}");
        figure.is_finite().then_some(Self { cores, words, figure, is_met: figure >= limit })
    }

    pub fn say(&self) {
        let Self { cores, words, figure, is_met } = self;
        let met = if *is_met { "met" } else { "MISSED" };
        println!("{met:<6} on {cores} core, {words}: {figure:.2}");
    }

    pub fn json(&self) -> Value {
        let Self { cores, words, figure, is_met } = self;
        json!({ "cores": cores, "goal": words, "figure": figure, "is_met": is_met })
    }
}

/// Returns the time that so many of a hundred do not exceed, in µs.
pub fn percentile(times: &mut [Duration], of_100: usize) -> f64 {
    times.sort_unstable();
    let at = (times.len() * of_100 / 100).min(times.len().saturating_sub(1));
    times.get(at).map_or(f64::NAN, |time| time.as_secs_f64() * 1e6)
}

/// Returns the bytes of a file with the log of SQLite.
pub fn n_bytes(path: &Path) -> f64 {
    let size = |end: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        std::fs::metadata(name).map_or(0, |about| about.len())
    };
    let n_bytes = ["", "-wal"].iter().map(|end| size(end)).sum::<u64>();
    u32::try_from(n_bytes / 16).map_or(f64::NAN, |n| f64::from(n) * 16.0)
}

/// Takes away a file with the logs of SQLite.
pub fn remove(path: &Path) {
    for end in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        std::fs::remove_file(name).ok();
    }
}
