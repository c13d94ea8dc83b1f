//! `gatehouse history gaps`.

use std::path::Path;

use gatehouse_history::plan::{Lack, Lacks, Why};
use gatehouse_ipc::Failure;
use serde_json::json;

use super::args::Which;
use super::{IsFine, instant, look, name_of, series_of, span_of, store_failure};

const WHAT: &str = "The history was not read.";

/// Lists what is missing of a series, by the exchange's days.
pub(super) fn gaps(
    which: &Which,
    days: [Option<&str>; 2],
    data_dir: &Path,
    is_json: bool,
) -> Result<IsFine, Failure> {
    let mut store = look(data_dir)?;
    let failed = |error| store_failure(WHAT, &error);
    let what = which.what.to_ascii_uppercase();
    for series in series_of(&mut store, which, &[&what], WHAT)? {
        let asked = span_of(&series, days, WHAT)?;
        let (first, last) = store.reach(&series).map_err(failed)?.unwrap_or((0, 0));
        let from = if asked.0 == i64::MIN { first } else { asked.0 };
        let to = if asked.1 == i64::MAX { last } else { asked.1 };
        let now = jiff::Timestamp::now().as_second();
        let found = store.lacks(&series, (from, to), now).map_err(failed)?;
        let name = format!("{} {}", series.instrument.symbol, name_of(&series));
        if is_json {
            found.lacks.iter().for_each(|lack| say!("{}", json_of(&name, lack)));
        } else {
            lines(&found).iter().for_each(|line| say!("{name}: {line}"));
            say!("{name}: {}", summary(&found, (from, to)));
        }
    }
    Ok(true)
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

/// Returns what is missing, days that follow each other in one line.
pub(super) fn lines(found: &Lacks) -> Vec<String> {
    let follows = |one: &Lack, next: &Lack| {
        let is_whole = [Why::NeverFetched, Why::OnlyFromFiles, Why::KnownEmpty].contains(&one.why);
        is_whole && one.why == next.why && one.n_day + 1 == next.n_day
    };
    found.lacks.chunk_by(follows).filter_map(line).collect()
}

fn line(run: &[Lack]) -> Option<String> {
    let (first, last) = (run.first()?, run.last()?);
    let date = |lack: &Lack| lack.date.map_or_else(String::new, |date| date.to_string());
    let days = if run.len() == 1 {
        date(first)
    } else {
        format!("{} to {}, {} trading days,", date(first), date(last), run.len())
    };
    let (from, to) = (instant(first.from), instant(first.to));
    let verb = if run.len() == 1 { ["was", "is", "has"] } else { ["were", "are", "have"] };
    Some(match first.why {
        Why::NeverFetched => format!("{days} {} never fetched", verb[0]),
        Why::KnownEmpty => {
            format!("{days} {} empty: the broker was asked and had nothing", verb[1])
        }
        Why::OnlyFromFiles => {
            format!("{days} {} bars of files only: the broker was not asked", verb[2])
        }
        Why::NotAsked => format!("the broker was not asked from {from} to {to}"),
        Why::Hole => format!("{days} has no bars from {from} to {to}"),
        Why::NoSchedule => format!(
            "from {from} to {to} no trading days are known, so holes cannot be told from days without trading"
        ),
    })
}

fn summary(found: &Lacks, (from, to): (i64, i64)) -> String {
    let (from, to) = (instant(from), instant(to));
    let n_days = found.n_days;
    if found.lacks.is_empty() {
        return format!("nothing is missing of {n_days} trading days from {from} to {to}");
    }
    format!("{n_days} trading days from {from} to {to} were looked at")
}
