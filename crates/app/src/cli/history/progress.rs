//! How far it is: a bar on a terminal, plain lines otherwise.

use std::io::IsTerminal as _;

use gatehouse_history::files::{FileReport, Outcome, Step};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

/// Rows of one file between two plain lines.
const ROWS_PER_LINE: i64 = 1_000_000;

/// Tells of an import or export as it goes on.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    is_json: bool,
    n_said: i64,
}

impl Progress {
    /// Begins; the bar is drawn on the error output, so that the other can be read by programs.
    pub(super) fn begin(is_json: bool) -> Self {
        let is_drawn = !is_json && std::io::stderr().is_terminal();
        let bar = is_drawn.then(|| {
            let style =
                ProgressStyle::with_template("{bar:30} {pos}/{len} files  {elapsed}  {wide_msg}");
            let bar = ProgressBar::new(0);
            if let Ok(style) = style { bar.with_style(style) } else { bar }
        });
        Self { bar, is_json, n_said: 0 }
    }

    pub(super) fn hear(&mut self, step: Step<'_>) {
        match (&self.bar, step) {
            (Some(bar), Step::Found { n_files }) => {
                bar.set_length(u64::try_from(n_files).unwrap_or(0));
            }
            (Some(bar), Step::File { path }) => bar.set_message(path.display().to_string()),
            (Some(bar), Step::Rows { n_rows }) => {
                bar.set_message(format!("{n_rows} rows"));
                bar.tick();
            }
            (None, Step::Rows { n_rows }) if n_rows >= self.n_said + ROWS_PER_LINE => {
                self.n_said = n_rows;
                eprintln!("{n_rows} rows so far");
            }
            (None, Step::Found { .. } | Step::File { .. } | Step::Rows { .. }) => {}
            (bar, Step::Done(report)) => {
                if let Some(bar) = bar {
                    bar.inc(1);
                    bar.suspend(|| say_report(report, self.is_json));
                } else {
                    say_report(report, self.is_json);
                }
            }
        }
    }

    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Prints what became of a file.
pub(super) fn say_report(report: &FileReport, is_json: bool) {
    let path = report.path.display();
    if is_json {
        say!("{}", json_of(report));
        return;
    }
    match &report.outcome {
        Outcome::Taken { n_rows, n_new, n_left_out, n_rounded, troubles } => {
            say!("{path}: {n_rows} rows, {n_new} of them new{}", left_out(*n_left_out));
            if *n_rounded > 0 {
                say!("  {n_rounded} rows had longer decimals than are kept, and were rounded");
            }
            for one in &troubles.first {
                let column = if one.column.is_empty() {
                    String::new()
                } else {
                    format!(", column {}", one.column)
                };
                say!(
                    "  line {}{column}: {} was expected, not {:?}",
                    one.line,
                    one.expected,
                    one.found
                );
            }
            let n_unsaid = troubles.n - u64::try_from(troubles.first.len()).unwrap_or(0);
            if n_unsaid > 0 {
                say!("  and {n_unsaid} more lines");
            }
        }
        Outcome::AlreadyThere { n_rows } => say!("{path}: was imported before, {n_rows} rows"),
        Outcome::Skipped { why } => say!("{path}: left out, {why}"),
        Outcome::Unread { why } => say!("{path}: cannot be read, {why}"),
    }
}

/// Returns how many bars of files were left out for the broker's, to be said behind other figures;
/// nothing for none.
pub(super) fn left_out(n_bars: usize) -> String {
    match n_bars {
        0 => String::new(),
        1 => ", 1 bar left out because the Gateway's is there".to_owned(),
        n => format!(", {n} bars left out because the Gateway's are there"),
    }
}

fn json_of(report: &FileReport) -> serde_json::Value {
    let path = report.path.display().to_string();
    match &report.outcome {
        Outcome::Taken { n_rows, n_new, n_left_out, n_rounded, troubles } => {
            let lines: Vec<serde_json::Value> = troubles
                .first
                .iter()
                .map(|one| json!({ "line": one.line, "column": one.column, "expected": one.expected, "found": one.found }))
                .collect();
            json!({ "path": path, "outcome": "taken", "rows": n_rows, "new": n_new, "left_out": n_left_out, "rounded": n_rounded, "unread": troubles.n, "lines": lines })
        }
        Outcome::AlreadyThere { n_rows } => {
            json!({ "path": path, "outcome": "already-there", "rows": n_rows })
        }
        Outcome::Skipped { why } => json!({ "path": path, "outcome": "skipped", "why": why }),
        Outcome::Unread { why } => json!({ "path": path, "outcome": "unread", "why": why }),
    }
}
