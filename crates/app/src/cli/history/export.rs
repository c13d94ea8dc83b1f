//! `gatehouse history export`.

use std::path::Path;

use gatehouse_history::files::{Selection, Step, export_csv, export_lean, export_parquet};
use gatehouse_ipc::Failure;

use super::args::{Export, Format};
use super::progress::Progress;
use super::{IsFine, file_failure, look, series_of, span_of, store_failure};
use crate::failure::bad_input;

const WHAT: &str = "Nothing was exported.";
const UNFINISHED: &str = "Not everything was exported.";

pub(super) fn export(asked: &Export, data_dir: &Path, is_json: bool) -> Result<IsFine, Failure> {
    let mut store = look(data_dir)?;
    let what = asked.which.what.to_ascii_uppercase();
    // LEAN's quotes have both sides in one row.
    let is_quote = asked.format == Format::Lean && ["BID", "ASK"].contains(&what.as_str());
    let whats = if is_quote { vec!["BID", "ASK"] } else { vec![what.as_str()] };
    let series = series_of(&mut store, &asked.which, &whats, WHAT)?;
    let first =
        series.first().ok_or_else(|| bad_input(WHAT, "No series is kept.", "Import one."))?;
    let (from, to) = span_of(first, &asked.days, WHAT)?;
    let selection = Selection { series: first.id, from, to };
    let mut progress = Progress::begin(is_json);
    let mut told = |step: Step<'_>| progress.hear(step);
    // Of one instant: the app may write meanwhile.
    let written = store.at_one_time(|store| match asked.format {
        Format::Csv => export_csv(store, selection, &asked.out, &mut told),
        Format::Parquet => export_parquet(store, selection, &asked.out, &mut told),
        Format::Lean => export_lean(store, &series, (from, to), &asked.out, &mut told),
    });
    progress.end();
    // LEAN's files are written one by one.
    let what = if asked.format == Format::Lean { UNFINISHED } else { WHAT };
    let n_rows = written.map_err(|error| file_failure(what, &error))?;
    store.close().map_err(|error| store_failure("The bars were exported.", &error))?;
    super::super::print::done(
        &format!("{n_rows} rows written to {}", asked.out.display()),
        is_json,
    );
    Ok(true)
}
