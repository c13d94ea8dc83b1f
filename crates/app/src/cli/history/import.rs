//! `gatehouse history import`.

use std::path::Path;

use gatehouse_history::files::{
    FileReport, LeanReading, Origin, Outcome, Step, TableReading, TimeForm, import_csv,
    import_lean, import_parquet,
};
use gatehouse_history::{Instrument, Store};
use gatehouse_ipc::Failure;
use gatehouse_types::ConId;

use super::args::{Format, Import};
use super::progress::{Progress, left_out};
use super::{IsFine, file_failure, open, secs_of};
use crate::failure::bad_input;

const WHAT: &str = "Nothing more was imported.";

pub(super) fn import(asked: &Import, data_dir: &Path, is_json: bool) -> Result<IsFine, Failure> {
    let format = format_of(asked)?;
    let table = if format == Format::Lean { None } else { Some(reading_of(asked)?) };
    let mut store = open(data_dir)?;
    let mut progress = Progress::begin(is_json);
    let reports = read(&mut store, asked, format, table, &mut progress);
    progress.end();
    let reports = reports?;
    store.close().map_err(|error| super::store_failure("Everything was imported.", &error))?;
    if !is_json {
        say!("{}", sum(&reports));
    }
    let is_fine = |report: &FileReport| match &report.outcome {
        Outcome::Taken { troubles, .. } => troubles.n == 0,
        Outcome::AlreadyThere { .. } | Outcome::Skipped { .. } => true,
        Outcome::Unread { .. } => false,
    };
    Ok(reports.iter().all(is_fine))
}

fn read(
    store: &mut Store,
    asked: &Import,
    format: Format,
    table: Option<TableReading>,
    progress: &mut Progress,
) -> Result<Vec<FileReport>, Failure> {
    let mut told = |step: Step<'_>| progress.hear(step);
    let failed = |error| file_failure(WHAT, &error);
    let report = match (format, table) {
        (Format::Csv, Some(reading)) => import_csv(store, &asked.path, &reading, &mut told),
        (Format::Parquet, Some(reading)) => import_parquet(store, &asked.path, &reading, &mut told),
        (Format::Lean | Format::Csv | Format::Parquet, _) => {
            let reading = LeanReading { zone: asked.zone.clone(), fetched_at: now() };
            return import_lean(store, &asked.path, &reading, &mut told).map_err(failed);
        }
    };
    let report = report.map_err(failed)?;
    progress.hear(Step::Done(&report));
    Ok(vec![report])
}

/// Returns what became of all files, in one sentence.
pub(super) fn sum(reports: &[FileReport]) -> String {
    let (mut n_taken, mut n_new, mut n_bars_left, mut n_left) = (0, 0, 0, 0);
    for report in reports {
        match &report.outcome {
            Outcome::Taken { n_new: new, n_left_out, .. } => {
                n_taken += 1;
                n_new += new;
                n_bars_left += n_left_out;
            }
            Outcome::AlreadyThere { .. } => {}
            Outcome::Skipped { .. } | Outcome::Unread { .. } => n_left += 1,
        }
    }
    let (n_files, bars_left) = (reports.len(), left_out(n_bars_left));
    format!(
        "{n_taken} of {n_files} files imported, {n_left} left out; {n_new} new bars{bars_left}."
    )
}

fn format_of(asked: &Import) -> Result<Format, Failure> {
    if let Some(format) = asked.format {
        return Ok(format);
    }
    let end = asked.path.extension().map(|end| end.to_string_lossy().to_ascii_lowercase());
    match end.as_deref() {
        _ if asked.path.is_dir() => Ok(Format::Lean),
        Some("zip") => Ok(Format::Lean),
        Some("csv" | "txt" | "tsv") => Ok(Format::Csv),
        Some("parquet" | "pq") => Ok(Format::Parquet),
        Some(_) | None => Err(bad_input(
            WHAT,
            format!("{} does not say what it is.", asked.path.display()),
            "Say it with --format lean, csv or parquet.",
        )),
    }
}

fn reading_of(asked: &Import) -> Result<TableReading, Failure> {
    let Some(symbol) = &asked.symbol else {
        return Err(bad_input(
            WHAT,
            "A table does not say what it is of.",
            "Say it with --symbol, and with --bar, --what, --sec-type and --currency where needed.",
        ));
    };
    let delimiter = u8::try_from(asked.delimiter).map_err(|_| {
        bad_input(WHAT, format!("{:?} is no delimiter.", asked.delimiter), "Use one such as , or ;")
    })?;
    let usual = if ["CASH", "CRYPTO"].contains(&asked.sec_type.as_str()) {
        "UTC"
    } else {
        "America/New_York"
    };
    let instrument = Instrument {
        symbol: symbol.to_ascii_uppercase(),
        sec_type: asked.sec_type.to_ascii_uppercase(),
        currency: asked.currency.to_ascii_uppercase(),
        exchange: asked.exchange.to_ascii_uppercase(),
        zone: asked.zone.clone().unwrap_or_else(|| usual.to_owned()),
    };
    let bar_secs = secs_of(WHAT, &asked.bar)?;
    Ok(TableReading {
        origin: Origin {
            con_id: asked.con_id.map(ConId::new),
            instrument,
            what: asked.what.to_ascii_uppercase(),
            bar_secs,
            is_regular: asked.regular,
        },
        columns: asked.columns.iter().cloned().collect(),
        time: asked.time_format.clone().map_or(TimeForm::Guessed, TimeForm::Pattern),
        delimiter,
        fetched_at: now(),
    })
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}
