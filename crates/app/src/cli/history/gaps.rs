//! `gatehouse history gaps`.

use std::path::Path;

use gatehouse_history::plan::Lack;
use gatehouse_ipc::Failure;
use serde_json::json;

use super::args::{Days, Which};
use super::{IsFine, look, name_of, series_of, span_of, store_failure};
use crate::history::missing::{Missing, instant};

const WHAT: &str = "The history was not read.";

/// Lists what is missing of a series, by the exchange's days.
pub(super) fn gaps(
    which: &Which,
    days: &Days,
    data_dir: &Path,
    is_json: bool,
) -> Result<IsFine, Failure> {
    let now = jiff::Timestamp::now().as_second();
    told(which, days, data_dir, is_json, now)?.iter().for_each(|line| say!("{line}"));
    Ok(true)
}

/// Returns the lines that are printed; `market_now` in seconds since 1970.
pub(super) fn told(
    which: &Which,
    days: &Days,
    data_dir: &Path,
    is_json: bool,
    market_now: i64,
) -> Result<Vec<String>, Failure> {
    let mut store = look(data_dir)?;
    let what = which.what.to_ascii_uppercase();
    let mut told = Vec::new();
    for series in series_of(&mut store, which, &[&what], WHAT)? {
        let asked = span_of(&series, days, WHAT)?;
        let missing = Missing::of(&mut store, &series, asked, market_now)
            .map_err(|error| store_failure(WHAT, &error))?;
        let name = format!("{} {}", series.instrument.symbol, name_of(&series));
        if is_json {
            told.extend(missing.found.lacks.iter().map(|lack| json_of(&name, lack).to_string()));
        } else {
            let lines = missing.lines().into_iter().chain([missing.summary()]);
            told.extend(lines.map(|line| format!("{name}: {line}")));
        }
    }
    Ok(told)
}

fn json_of(series: &str, lack: &Lack) -> serde_json::Value {
    json!({
        "series": series,
        "date": lack.date.map(|date| date.to_string()),
        "from": instant(lack.from),
        "to": instant(lack.to),
        "why": lack.why.name(),
    })
}
