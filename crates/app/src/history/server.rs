//! The thread that sees bots' requests for the past: it answers what it may, lets the rest go on,
//! and counts what the broker will count.

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;

use crossbeam_channel::Sender;
use gatehouse_history::pace::Asked;
use gatehouse_history::{Described, Store, StoreError};
use gatehouse_proxy::{PastRequest, PastRequests};
use gatehouse_tws::request::{HistoricalDataRequest, HistoricalTicksRequest, RequestId};

use super::compared::Compared;
use super::{Word, serve};
use crate::failure::chain;

/// Bars up to half a minute count.
const PACED: [&str; 5] = ["1 secs", "5 secs", "10 secs", "15 secs", "30 secs"];

/// Starts it. It ends with the doors.
pub(super) fn start(
    past: PastRequests,
    path: PathBuf,
    words: Sender<Word>,
    compared: Arc<Compared>,
) -> std::io::Result<()> {
    let server = Server { path, words, compared, store: None, n_seen: 0 };
    let run = move || server.run(&past);
    std::thread::Builder::new().name("history-serve".to_owned()).spawn(run).map(drop)
}

struct Server {
    path: PathBuf,
    words: Sender<Word>,
    compared: Arc<Compared>,
    store: Option<Store>,
    n_seen: u64,
}

impl Server {
    fn run(mut self, past: &PastRequests) {
        while let Some(request) = past.next() {
            // One that cannot be dealt with goes on, as all that are dropped do; so do the next.
            let look = AssertUnwindSafe(|| self.look(request));
            if std::panic::catch_unwind(look).is_err() {
                tracing::error!("A bot's request for the past was not looked at");
                self.store = None;
            }
        }
    }

    fn look(&mut self, request: PastRequest) {
        self.n_seen += 1;
        if request.id() == RequestId::CancelHistoricalData {
            return;
        }
        let read = || HistoricalDataRequest::decode(request.version(), request.body()).ok();
        let asked = (request.id() == RequestId::HistoricalData).then(read).flatten();
        let answer = asked.as_ref().filter(|_| request.waits()).and_then(|asked| {
            let version = request.version();
            self.answered(|store| serve::answer(store, version, asked))
        });
        let answer = answer.and_then(|(series, bodies)| self.is_of_today(series).then_some(bodies));
        // A fetcher that has ended counts nothing.
        if let Some(bodies) = answer {
            request.answer(&bodies);
            drop(self.words.send(Word::Saved));
        } else {
            drop(self.words.send(Word::Asked(self.counted(&request, asked.as_ref()))));
        }
    }

    /// Reads the store, which may not be there yet. What cannot be read is asked of the Gateway.
    fn answered(
        &mut self,
        read: impl FnOnce(&mut Store) -> Result<Option<serve::Served>, StoreError>,
    ) -> Option<serve::Served> {
        if self.store.is_none() && self.path.exists() {
            self.store = Store::open_to_read(&self.path).ok();
        }
        let store = self.store.as_mut()?;
        let answer = read(store);
        super::tell_found(store, &self.words);
        match answer {
            Ok(answer) => answer,
            Err(error) => {
                tracing::warn!(error = chain(&error), "A bot's bars could not be read");
                self.store = None;
                None
            }
        }
    }

    /// Returns whether the bars of a series are those that the Gateway gives today; if that is not
    /// known, it is found out for the next request.
    fn is_of_today(&self, series: Described) -> bool {
        let is_known = self.compared.has(series.key.con_id);
        if !is_known {
            // A fetcher that has ended compares nothing.
            drop(self.words.send(Word::Compare(series)));
        }
        is_known
    }

    /// Returns a request as the pacing rules see it.
    fn counted(&self, request: &PastRequest, asked: Option<&HistoricalDataRequest>) -> Asked {
        let Some(asked) = asked else {
            // Ticks, growing bars and beginnings: each counts, and none is like another.
            let whole = format!("{} {}", request.bot(), self.n_seen);
            let is_ticks = request.id() == RequestId::HistoricalTicks;
            let ticks = is_ticks
                .then(|| HistoricalTicksRequest::decode(request.version(), request.body()).ok());
            let is_twice = ticks.flatten().is_some_and(|ticks| ticks.what_to_show == "BID_ASK");
            return Asked { kind: whole.clone(), whole, weight: if is_twice { 2 } else { 1 } };
        };
        let contract = &asked.contract;
        let named = contract.con_id.map_or_else(
            || format!("{} {} {}", contract.symbol, contract.sec_type, contract.expiry),
            |con_id| con_id.to_string(),
        );
        let kind = format!("{named} {}", asked.what_to_show);
        let is_paced = PACED.contains(&asked.bar_size.trim());
        let weight = match (is_paced, asked.what_to_show.as_str()) {
            (false, _) => 0,
            (true, "BID_ASK") => 2,
            (true, _) => 1,
        };
        let whole =
            format!("{kind} {} {} {} {}", asked.bar_size, asked.use_rth, asked.end, asked.duration);
        Asked { whole, kind, weight }
    }
}
