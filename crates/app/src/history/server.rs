//! The thread that sees bots' requests for the past: it answers what it may, lets the rest go on,
//! and counts what the broker will count.

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;

use crossbeam_channel::Sender;
use gatehouse_history::pace::{Asked, Bars, End, Whose};
use gatehouse_history::{BarSize, Store, StoreError};
use gatehouse_proxy::{PastRequest, PastRequests};
use gatehouse_tws::layout::WireContract;
use gatehouse_tws::request::{
    HeadTimestampRequest, HistoricalDataRequest, HistoricalTicksRequest, RequestId,
};

use super::compared::Compared;
use super::{Word, serve};
use crate::failure::chain;

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
        let answer = answer.filter(|served| self.is_of_today(served));
        // A fetcher that has ended counts nothing.
        if let Some(served) = answer {
            request.answer(&served.bodies);
            drop(self.words.send(Word::Saved(served.series.id)));
        } else {
            drop(self.words.send(Word::Asked(self.counted(&request, asked.as_ref()))));
        }
    }

    /// Reads the store, which may not be there yet, as it is at one instant: bars may be taken away
    /// meanwhile. What cannot be read is asked of the Gateway.
    fn answered(
        &mut self,
        read: impl FnOnce(&mut Store) -> Result<Option<serve::Served>, StoreError>,
    ) -> Option<serve::Served> {
        if self.store.is_none() && self.path.exists() {
            self.store = Store::open_to_read(&self.path).ok();
        }
        let store = self.store.as_mut()?;
        let answer = store.at_one_time(read);
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

    /// Returns whether all bars of an answer are those that the Gateway gives today; if that is not
    /// known, it is found out for the next request by the one that was fetched first.
    fn is_of_today(&self, served: &serve::Served) -> bool {
        let is_known = self.compared.has(served.series.id, served.fetched_at);
        if !is_known {
            let (series, day) = (served.series.clone(), served.day);
            // A fetcher that has ended compares nothing.
            drop(self.words.send(Word::Compare { series, day }));
        }
        is_known
    }

    /// Returns a request as the pacing rules see it.
    fn counted(&self, request: &PastRequest, asked: Option<&HistoricalDataRequest>) -> Asked {
        let (version, body) = (request.version(), request.body());
        let alone = |what: &str| Asked::alone(&format!("{} {}", request.bot(), self.n_seen), what);
        match (asked, request.id()) {
            (Some(asked), _) => of_bars(asked),
            (None, RequestId::HeadTimestamp) => HeadTimestampRequest::decode(version, body)
                .map_or_else(|_| alone(""), |asked| of_head(&asked)),
            (None, RequestId::HistoricalTicks) => HistoricalTicksRequest::decode(version, body)
                .map_or_else(|_| alone(""), |asked| alone(&asked.what_to_show)),
            // Bars in real time, and what cannot be read.
            _ => alone(""),
        }
    }
}

/// Returns a bot's question for bars as the pacing rules see it: the same as when Gatehouse asks it.
fn of_bars(asked: &HistoricalDataRequest) -> Asked {
    let words = words(&asked.contract);
    let bars = Bars {
        whose: whose(&asked.contract, &words),
        what: &asked.what_to_show,
        size: BarSize::of_word(&asked.bar_size),
        is_regular: asked.use_rth,
    };
    if asked.keep_up_to_date {
        return Asked::growing(&bars);
    }
    let end = match asked.end.trim() {
        "" => End::Now,
        words => serve::instant(words).map_or(End::Words(words), End::At),
    };
    Asked::bars(&bars, end, asked.duration.trim())
}

fn of_head(asked: &HeadTimestampRequest) -> Asked {
    let words = words(&asked.contract);
    Asked::head(whose(&asked.contract, &words), &asked.what_to_show, asked.use_rth)
}

/// A contract in a bot's words.
fn words(contract: &WireContract) -> String {
    format!("{} {} {}", contract.symbol, contract.sec_type, contract.expiry)
}

fn whose<'a>(contract: &WireContract, words: &'a str) -> Whose<'a> {
    contract.con_id.map_or(Whose::Words(words), |con_id| Whose::Number(con_id.get()))
}

#[cfg(test)]
mod tests {
    use gatehouse_history::SeriesKey;
    use gatehouse_history::plan::{Question, Reach, Wanted};
    use gatehouse_types::ConId;

    use super::*;

    fn question(bar_secs: u32, what: Wanted) -> Asked {
        let con_id = ConId::new(756_733);
        let key = SeriesKey { con_id, what: "TRADES".to_owned(), bar_secs, is_regular: true };
        Question { id: 1, key, what }.asked()
    }

    fn contract() -> WireContract {
        WireContract {
            con_id: Some(ConId::new(756_733)),
            exchange: "SMART".to_owned(),
            ..WireContract::default()
        }
    }

    fn request(bar_size: &str, end: &str, duration: &str) -> HistoricalDataRequest {
        HistoricalDataRequest {
            contract: contract(),
            end: end.to_owned(),
            duration: duration.to_owned(),
            bar_size: bar_size.to_owned(),
            what_to_show: "TRADES".to_owned(),
            use_rth: true,
            ..HistoricalDataRequest::default()
        }
    }

    #[test]
    fn an_answer_is_of_one_instant_while_bars_are_taken_away() {
        let dir = tempfile::tempdir().expect("makes a folder");
        let path = dir.path().join(gatehouse_history::FILE_NAME);
        let mut store = Store::open(&path).expect("opens");
        let compared = Arc::<Compared>::default();
        let (words, _heard) = crossbeam_channel::unbounded();
        let mut server = Server { path, words, compared, store: None, n_seen: 0 };
        let mut quotas = Vec::new();
        let none = server.answered(|reader| {
            quotas.push(reader.quota()?);
            store.set_quota(Some(1))?;
            quotas.push(reader.quota()?);
            Ok(None)
        });
        assert!(none.is_none());
        assert_eq!(quotas, [None, None]);
    }

    #[test]
    fn a_bot_that_asks_what_gatehouse_asks_asks_the_same_question() {
        let bars = |end, reach| Wanted::Bars { end, reach };
        let day = Reach::Days(1);
        for (asked, same) in [
            (request("5 secs", "", "1 D"), question(5, bars(None, day))),
            (
                request("1 secs", "20260105-21:00:00", "2000 S"),
                question(1, bars(Some(1_767_646_800), Reach::Seconds(2_000))),
            ),
            (
                request("1 min", "20260105 16:00:00 US/Eastern", "1 D"),
                question(60, bars(Some(1_767_646_800), day)),
            ),
        ] {
            assert_eq!(of_bars(&asked), same);
        }
        let key = SeriesKey {
            con_id: ConId::new(756_733),
            what: "TRADES".to_owned(),
            bar_secs: 5,
            is_regular: true,
        };
        let growing =
            HistoricalDataRequest { keep_up_to_date: true, ..request("5 secs", "", "1 D") };
        assert_eq!(of_bars(&growing), Asked::growing(&Bars::of(&key)));
        let head = HeadTimestampRequest {
            contract: contract(),
            what_to_show: "TRADES".to_owned(),
            use_rth: true,
            ..HeadTimestampRequest::default()
        };
        assert_eq!(of_head(&head), question(5, Wanted::Head));
        assert_ne!(
            of_bars(&request("5 secs", "yesterday", "1 D")),
            of_bars(&request("5 secs", "", "1 D"))
        );
    }
}
