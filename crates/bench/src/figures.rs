//! Samples, their percentiles, and how a table is printed and kept.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};

/// Times of one thing that was done often.
#[derive(Debug, Clone, Default)]
pub(crate) struct Samples {
    nanos: Vec<u64>,
    is_sorted: bool,
}

impl Samples {
    pub(crate) fn add(&mut self, took: Duration) {
        self.nanos.push(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX));
        self.is_sorted = false;
    }

    pub(crate) fn len(&self) -> usize {
        self.nanos.len()
    }

    /// Returns the time that `of_10000` of ten thousand samples do not exceed.
    pub(crate) fn percentile(&mut self, of_10000: usize) -> Duration {
        if !self.is_sorted {
            self.nanos.sort_unstable();
            self.is_sorted = true;
        }
        let last = self.nanos.len().saturating_sub(1);
        let idx = (self.nanos.len() * of_10000 / 10_000).min(last);
        Duration::from_nanos(self.nanos.get(idx).copied().unwrap_or_default())
    }

    pub(crate) fn p50(&mut self) -> Duration {
        self.percentile(5000)
    }

    pub(crate) fn p99(&mut self) -> Duration {
        self.percentile(9900)
    }
}

/// Returns a time in µs with two digits.
pub(crate) fn micros(time: Duration) -> String {
    format!("{}.{:02}", time.as_nanos() / 1000, time.as_nanos() % 1000 / 10)
}

/// Returns `of / to` with two digits, or a dash when there is nothing to compare with.
pub(crate) fn ratio(of: Duration, to: Duration) -> String {
    if to.is_zero() {
        return "–".to_owned();
    }
    let hundredths = of.as_nanos() * 100 / to.as_nanos();
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// A table with a title, for the screen and for `NAME.json`.
#[derive(Debug)]
pub(crate) struct Table {
    title: String,
    heads: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    goals: Vec<String>,
}

impl Table {
    pub(crate) fn new(title: impl Into<String>, heads: &[&'static str]) -> Self {
        Self { title: title.into(), heads: heads.to_vec(), rows: Vec::new(), goals: Vec::new() }
    }

    pub(crate) fn row(&mut self, cells: &[&str]) {
        self.rows.push(cells.iter().map(|cell| (*cell).to_owned()).collect());
    }

    /// Adds a goal with its figure and whether it was met.
    pub(crate) fn goal(&mut self, text: &str, figure: &str, is_met: bool) {
        let word = if is_met { "met" } else { "MISSED" };
        self.goals.push(format!("{word}: {text}; here {figure}"));
    }

    pub(crate) fn print(&self) {
        println!("\n{}", self.title);
        let width = |idx: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(idx));
            let longest = cells.map(|cell| cell.chars().count()).max().unwrap_or_default();
            longest.max(self.heads.get(idx).map_or(0, |head| head.chars().count()))
        };
        let line = |cells: Vec<&str>| {
            let cells = cells.iter().enumerate().map(|(idx, cell)| {
                let (width, cell) = (width(idx), *cell);
                if idx == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
            });
            println!("  {}", cells.collect::<Vec<_>>().join("  "));
        };
        line(self.heads.clone());
        for row in &self.rows {
            line(row.iter().map(String::as_str).collect());
        }
        for goal in &self.goals {
            println!("  {goal}");
        }
    }

    fn json(&self) -> Value {
        let rows: Vec<Value> = self
            .rows
            .iter()
            .map(|row| self.heads.iter().map(|head| head.to_string()).zip(row.iter().cloned()))
            .map(|cells| cells.map(|(head, cell)| (head, Value::String(cell))).collect())
            .collect();
        json!({ "title": self.title, "rows": rows, "goals": self.goals })
    }
}

/// Prints the tables and writes them into `dir`.
pub(crate) fn publish(dir: &Path, name: &str, tables: &[Table]) -> anyhow::Result<()> {
    for table in tables {
        table.print();
    }
    let json = Value::Array(tables.iter().map(Table::json).collect());
    let path = dir.join(format!("{name}.json"));
    std::fs::write(&path, format!("{json:#}\n"))
        .with_context(|| format!("writing {}", path.display()))
}
