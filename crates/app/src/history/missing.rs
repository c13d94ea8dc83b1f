//! What is missing of a series by the exchange's trading days, in the words that the window and the
//! command share.

use gatehouse_history::plan::{Lack, Lacks, Why};
use gatehouse_history::{Described, SeriesKey, Store, StoreError};
use gatehouse_ipc::{Failure, HistoryGaps, Reply};
use gatehouse_types::ConId;

use super::bars::bar_secs;
use crate::app::App;
use crate::failure::{bad_input, broken};

/// Lines that the window is given; the command lists all.
const LINES_MAX: usize = 50;
const WHAT: &str = "The gaps were not read.";

/// What of a span of a series is missing.
pub(crate) struct Missing {
    pub(crate) found: Lacks,
    /// The span that was looked at, from inclusive to exclusive, in seconds since 1970.
    span: (i64, i64),
}

impl Missing {
    /// Looks at the days of `[from, to)`, in seconds since 1970; a bound that is the least or the
    /// greatest there is stands for the first or the last that is known of the series.
    ///
    /// # Errors
    /// `Zone`: the instrument's zone is unknown; or `Query`.
    pub(crate) fn of(
        store: &mut Store,
        series: &Described,
        (from, to): (i64, i64),
        market_now: i64,
    ) -> Result<Self, StoreError> {
        store.at_one_time(|store| {
            let (first, last) = store.reach(series)?.unwrap_or((0, 0));
            let from = if from == i64::MIN { first } else { from };
            let to = if to == i64::MAX { last } else { to };
            let found = store.lacks(series, (from, to), market_now)?;
            Ok(Self { found, span: (from, to) })
        })
    }

    /// Returns what is missing, oldest first, days that follow each other in one line.
    pub(crate) fn lines(&self) -> Vec<String> {
        let follows = |one: &Lack, next: &Lack| {
            let is_whole =
                [Why::NeverFetched, Why::OnlyFromFiles, Why::KnownEmpty].contains(&one.why);
            is_whole && one.why == next.why && one.n_day + 1 == next.n_day
        };
        self.found.lacks.chunk_by(follows).filter_map(line).collect()
    }

    /// Returns what was looked at, and whether nothing is missing.
    pub(crate) fn summary(&self) -> String {
        let (from, to) = (instant(self.span.0), instant(self.span.1));
        let n_days = self.found.n_days;
        if self.found.lacks.is_empty() {
            return format!("nothing is missing of {n_days} trading days from {from} to {to}");
        }
        format!("{n_days} trading days from {from} to {to} were looked at")
    }

    /// Returns the newest lines, as many as a window shows.
    fn newest(&self) -> HistoryGaps {
        let mut lines = self.lines();
        let n_more = lines.len().saturating_sub(LINES_MAX);
        lines.drain(..n_more);
        let n_more = u32::try_from(n_more).unwrap_or(u32::MAX);
        HistoryGaps { summary: self.summary(), lines, n_more }
    }
}

/// Returns what is missing of all that is known of a series, its newest lines; `None` where no such
/// series is kept.
pub(crate) fn gaps(
    store: &mut Store,
    key: &SeriesKey,
    market_now: i64,
) -> Result<Option<HistoryGaps>, StoreError> {
    let Some(series) = store.all_series()?.into_iter().find(|it| it.key == *key) else {
        return Ok(None);
    };
    let missing = Missing::of(store, &series, (i64::MIN, i64::MAX), market_now)?;
    Ok(Some(missing.newest()))
}

impl App {
    /// Returns what is missing of a series that is kept.
    pub(crate) fn history_gaps(
        &self,
        con_id: i32,
        bar: &str,
        what: String,
        is_regular: bool,
    ) -> Result<Reply, Failure> {
        let gone = || {
            let why = format!("Of this instrument no {what} in bars of {bar} are kept any more.");
            bad_input(WHAT, why, "Close this, and open the series again.")
        };
        let bar_secs = bar_secs(bar).ok_or_else(gone)?;
        let con_id = ConId::new(con_id);
        let key = SeriesKey { con_id, what: what.clone(), bar_secs, is_regular };
        let market_now = self.market_now();
        // A reader of its own, as all bars of the series may have to be looked at.
        let read = self.history.read_apart(|store| gaps(store, &key, market_now));
        let read = read.map_err(|error| {
            broken(WHAT, &error, "Check the disk and the data directory, then try again.")
        })?;
        read.flatten().map(Reply::HistoryGaps).ok_or_else(gone)
    }
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

/// Returns an instant as people read it.
pub(crate) fn instant(at: i64) -> String {
    jiff::Timestamp::from_second(at).map_or_else(|_| at.to_string(), |at| at.to_string())
}

#[cfg(test)]
mod tests;
