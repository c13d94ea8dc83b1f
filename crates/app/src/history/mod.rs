//! The history at work: a thread that owns the store and fetches what is missing, and what others
//! may ask of it.
//!
//! It must never hold an order up: it runs beside everything else, and a store that cannot be used
//! takes nothing with it but charts.

mod bars;
mod clerk;
mod compared;
mod fetcher;
mod kept;
pub(crate) mod missing;
mod progress;
mod repair;
mod requests;
mod screen;
mod serve;
mod server;
#[cfg(test)]
pub(crate) mod tests;
mod trouble;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use crossbeam_channel::{Sender, bounded, unbounded};
use gatehouse_desk::Ask;
use gatehouse_history::pace::Asked;
use gatehouse_history::plan::JobId;
use gatehouse_history::{
    Damaged, Described, FILE_NAME, Instrument, SeriesId, SeriesKey, Store, StoreError,
};
use gatehouse_ipc::{Failure, HistoryFollowed, HistoryView};
use gatehouse_proxy::{Clock, PastRequests};
use gatehouse_types::BotName;
use tokio::sync::mpsc::UnboundedSender;

use crate::failure::stopping;
use crate::listeners::Listeners;
use crate::market::Market;

pub(crate) use bars::{bar_name, bar_names, bar_secs};
use compared::Compared;
use fetcher::Fetcher;
pub(crate) use requests::{Wished, served};

/// What the fetcher hears.
pub(crate) enum Word {
    /// Somebody looks at a series; `is_at_start` when what he looks at is the oldest that is kept.
    Look {
        key: SeriesKey,
        instrument: Instrument,
        is_at_start: bool,
    },
    /// Bars are wanted, in seconds since 1970.
    Fill {
        key: SeriesKey,
        instrument: Instrument,
        span: (i64, i64),
        reply: Sender<Result<JobId, Failure>>,
    },
    Stop(JobId),
    /// Tries a job again that does not go on.
    Retry(JobId),
    /// Tells how far a job is, as soon as there may be something new.
    Follow {
        job: JobId,
        reply: Sender<HistoryFollowed>,
    },
    /// Sets how many bytes the file may have, and answers how many bars went for it.
    Quota {
        bytes: Option<u64>,
        reply: Sender<Result<i64, Failure>>,
    },
    /// Bars that a reader found not to hold.
    Damaged(Vec<Damaged>),
    /// A bot's request that goes to the Gateway.
    Asked(Asked),
    /// A bot's request that was answered out of the store, with bars of this series.
    Saved(SeriesId),
    /// A bot's request could be answered if a trading day of a series, in seconds since 1970, had been
    /// compared with the Gateway's today.
    Compare {
        series: Described,
        day: (i64, i64),
    },
    /// How things are at this moment.
    View(Sender<HistoryView>),
    Quit,
}

/// What the fetcher needs.
pub(crate) struct Parts {
    pub(crate) data_dir: PathBuf,
    pub(crate) asks: UnboundedSender<Ask>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) market: Arc<Market>,
    pub(crate) listeners: Arc<Listeners>,
    pub(crate) past: PastRequests,
}

/// The others' end of it.
pub(crate) struct History {
    words: Sender<Word>,
    shown: Arc<Mutex<HistoryView>>,
    path: PathBuf,
    reader: Mutex<Option<Store>>,
    past: PastRequests,
}

impl History {
    /// Starts the thread.
    pub(crate) fn start(parts: Parts) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (words, heard) = unbounded();
        let shown = Arc::new(Mutex::new(progress::budget()));
        let path = parts.data_dir.join(FILE_NAME);
        let (seen, file) = (Arc::clone(&shown), path.clone());
        let past = parts.past.clone();
        let compared = Arc::<Compared>::default();
        server::start(past.clone(), path.clone(), words.clone(), Arc::clone(&compared))?;
        let thread = std::thread::Builder::new()
            .name("history".to_owned())
            .spawn(move || Fetcher::run(&file, parts, compared, &heard, &seen))?;
        Ok((Self { words, shown, path, reader: Mutex::default(), past }, thread))
    }

    /// Tells the fetcher something; one that has ended hears nothing.
    pub(crate) fn tell(&self, word: Word) {
        drop(self.words.send(word));
    }

    /// Sets which bots are answered out of the store.
    pub(crate) fn serve(&self, bots: BTreeSet<BotName>) {
        self.past.serve(bots);
    }

    /// Returns what is kept and fetched, with everything that was asked for before.
    pub(crate) fn view(&self) -> Result<HistoryView, Failure> {
        let (reply, answer) = bounded(1);
        self.tell(Word::View(reply));
        answer.recv().map_err(|_| stopping())
    }

    /// Returns the same as of a moment ago, at once.
    pub(crate) fn shown(&self) -> HistoryView {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns what `ask` reads, all of it of one instant; `None` before there is a store. Readers
    /// never delay the fetcher.
    pub(crate) fn read<T>(
        &self,
        ask: impl FnOnce(&mut Store) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        if reader.is_none() {
            if !self.path.exists() {
                return Ok(None);
            }
            *reader = Some(Store::open_to_read(&self.path)?);
        }
        reader.as_mut().map(|store| self.ask(store, |store| store.at_one_time(ask))).transpose()
    }

    /// Returns the same by a reader of its own, for what takes a while.
    pub(crate) fn read_apart<T>(
        &self,
        ask: impl FnOnce(&mut Store) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        if !self.path.exists() {
            return Ok(None);
        }
        self.ask(&mut Store::open_to_read(&self.path)?, ask).map(Some)
    }

    /// Reads, and lets the fetcher know at once what does not hold.
    fn ask<T>(&self, store: &mut Store, ask: impl FnOnce(&mut Store) -> T) -> T {
        let answer = ask(store);
        tell_found(store, &self.words);
        answer
    }

    /// Returns what is being fetched of a chart, or why nothing is; one sentence.
    pub(crate) fn note(&self, symbol: &str, bar: &str) -> Option<String> {
        let view = self.shown();
        if let Some(trouble) = view.trouble {
            return Some(trouble);
        }
        let job = view.jobs.into_iter().find(|job| job.symbol == symbol && job.bar == bar)?;
        Some(job.why_blocked.unwrap_or_else(|| {
            if job.n_days == 0 {
                // Which days there are is asked first.
                return format!("Fetching bars of {}.", job.bar);
            }
            let days = if job.n_days == 1 { "day" } else { "days" };
            format!(
                "Fetching bars of {bar}: {} of {} {days} are there.",
                job.n_days_done, job.n_days
            )
        }))
    }

    /// Returns how far a job is, within a second.
    pub(crate) fn follow(&self, job: JobId) -> Result<HistoryFollowed, Failure> {
        let (reply, answer) = bounded(1);
        self.tell(Word::Follow { job, reply });
        answer.recv().map_err(|_| stopping())
    }

    /// Sets how many bytes the file may have. Returns how many bars went for it.
    pub(crate) fn set_quota(&self, bytes: Option<u64>) -> Result<i64, Failure> {
        let (reply, answer) = bounded(1);
        self.tell(Word::Quota { bytes, reply });
        answer.recv().unwrap_or_else(|_| Err(stopping()))
    }

    /// Fetches what is missing of a span, in seconds since 1970.
    pub(crate) fn fill(
        &self,
        key: SeriesKey,
        instrument: Instrument,
        span: (i64, i64),
    ) -> Result<JobId, Failure> {
        let (reply, answer) = bounded(1);
        self.tell(Word::Fill { key, instrument, span, reply });
        answer.recv().unwrap_or_else(|_| Err(stopping()))
    }
}

/// Tells the fetcher what a reader found not to hold; one that has ended fetches nothing.
fn tell_found(store: &mut Store, words: &Sender<Word>) {
    let found = store.take_found();
    if !found.is_empty() {
        drop(words.send(Word::Damaged(found)));
    }
}
