//! What a person may ask of the history.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use gatehouse_desk::Ask;
use gatehouse_engine::Command;
use gatehouse_history::plan::JobId;
use gatehouse_history::{Described, Instrument, SeriesKey, Store};
use gatehouse_ipc::{Failure, FailureKind, HistoryView, Reply};
use gatehouse_types::{BotName, ConId};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Word, bar_names, bar_secs};
use crate::app::App;
use crate::chart::NAMED_WITHIN;
use crate::failure::{bad_input, failure, stopping};
use crate::market::us_stock;
use crate::names::AGAIN_AFTER;

/// Where stocks of the United States trade; the only kind that symbols name so far.
pub(super) const ZONE: &str = "America/New_York";

/// What did not happen when a request cannot be read.
const UNFETCHED: &str = "Nothing is fetched.";

/// Settings that let a bot be answered out of the store, before its name.
const SERVE: &str = "history.serve.";
const ON: &str = "on";

/// Kinds of prices that the broker keeps bars of.
const KINDS: [&str; 9] = [
    "TRADES",
    "MIDPOINT",
    "BID",
    "ASK",
    "BID_ASK",
    "ADJUSTED_LAST",
    "HISTORICAL_VOLATILITY",
    "OPTION_IMPLIED_VOLATILITY",
    "FEE_RATE",
];

/// Bars that are wanted, in the words of whoever wants them.
pub(crate) struct Wished {
    pub(crate) symbol: String,
    pub(crate) bar: String,
    pub(crate) what: String,
    pub(crate) is_regular: bool,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
}

impl Wished {
    /// Returns it in the broker's capitals.
    pub(super) fn upper(self) -> Self {
        let (symbol, what) = (self.symbol.to_ascii_uppercase(), self.what.to_ascii_uppercase());
        Self { symbol, what, ..self }
    }

    /// Returns the seconds of a bar, when there are such bars.
    pub(super) fn read(&self, what: &str) -> Result<u32, Failure> {
        let secs = bar_secs(&self.bar).ok_or_else(|| {
            let next = format!("Use one of: {}.", bar_names());
            bad_input(what, format!("{:?} is not a bar size.", self.bar), next)
        })?;
        if !KINDS.contains(&self.what.as_str()) {
            let next = format!("Use one of: {}.", KINDS.join(", "));
            let why = format!("{:?} is not a kind of prices.", self.what);
            return Err(bad_input(what, why, next));
        }
        Ok(secs)
    }

    /// Returns the series of an instrument.
    pub(super) fn key(&self, con_id: ConId, bar_secs: u32) -> SeriesKey {
        SeriesKey { con_id, what: self.what.clone(), bar_secs, is_regular: self.is_regular }
    }
}

impl App {
    /// Begins to fetch what is missing.
    pub(crate) fn fill_history(&self, wished: Wished) -> Result<Reply, Failure> {
        let wished = wished.upper();
        let secs = wished.read(UNFETCHED)?;
        let Wished { symbol, what, is_regular, .. } = &wished;
        let (key, instrument) = self.series_of(symbol, (what, secs, *is_regular))?;
        if key.con_id.get() <= 0 {
            return Err(failure(
                "no-instrument",
                FailureKind::Broken,
                UNFETCHED,
                format!("{symbol} was imported, and the Gateway has not named the instrument yet."),
                "Check the connection to the Gateway, and try again in a minute.",
            ));
        }
        let zone = TimeZone::get(&instrument.zone).unwrap_or(TimeZone::UTC);
        let span = self.span_of(&wished, &zone)?;
        let job = self.history.fill(key, instrument, span)?;
        Ok(Reply::HistoryJob { job: job.0 })
    }

    /// Returns the span that is meant, in seconds since 1970.
    pub(super) fn span_of(&self, wished: &Wished, zone: &TimeZone) -> Result<(i64, i64), Failure> {
        let to = wished.to.as_deref().map(|text| midnight_after(text, zone)).transpose()?;
        let to = to.unwrap_or(i64::MAX);
        let from = match wished.from.as_deref() {
            Some(text) => midnight(date(text)?, zone),
            None => to.min(self.market_now()) - 365 * 86_400,
        };
        if from >= to {
            return Err(bad_input(
                UNFETCHED,
                "The span ends before it begins.",
                "Begin on a day that is before its end.",
            ));
        }
        Ok((from, to))
    }

    /// Returns what is kept and fetched, and who is served.
    pub(crate) fn history_view(&self) -> Result<HistoryView, Failure> {
        self.history.view()
    }

    /// Returns how far a job is, within a second.
    pub(crate) fn follow_history(&self, job: i64) -> Result<Reply, Failure> {
        self.history.follow(JobId(job)).map(|it| Reply::HistoryFollowed(Box::new(it)))
    }

    /// Tries a job again that does not go on.
    pub(crate) fn retry_history(&self, job: i64) -> Reply {
        self.history.tell(Word::Retry(JobId(job)));
        Reply::Done { after_s: None, note: None }
    }

    /// Sets how big the file may become.
    pub(crate) fn set_history_quota(&self, bytes: Option<u64>) -> Result<Reply, Failure> {
        let n_gone = self.history.set_quota(bytes)?;
        let note = (n_gone > 0).then(|| format!("{n_gone} bars were taken away."));
        Ok(Reply::Done { after_s: None, note })
    }

    /// Lets a bot be answered out of the store, or no more; a setting in the ledger.
    pub(crate) fn serve_history(&self, bot: &BotName, is_on: bool) -> Result<Reply, Failure> {
        let status = self.status().ok_or_else(stopping)?;
        if !status.bots.iter().any(|known| known.name == bot.as_str()) {
            let why = format!("There is no bot {bot}.");
            return Err(bad_input(
                "Nothing was changed.",
                why,
                "List them with: gatehouse bots list",
            ));
        }
        let value = is_on.then(|| ON.to_owned());
        let setting = format!("{SERVE}{bot}");
        self.command(Command::ChangeSetting { setting, value })?;
        if let Some(served) = self.proxy.inspect(|engine, _| served(engine.settings())) {
            self.history.serve(served);
        }
        Ok(Reply::Done { after_s: None, note: None })
    }

    /// Forgets that a bot was answered out of the store: another one of its name was not asked
    /// about. The bot is gone by now; what cannot be forgotten is in the log.
    pub(crate) fn unserve_history(&self, bot: &BotName) {
        let setting = format!("{SERVE}{bot}");
        let known = setting.clone();
        let is_set = self.proxy.inspect(move |engine, _| engine.settings().contains_key(&known));
        if is_set != Some(true) {
            return;
        }
        if let Err(failure) = self.command(Command::ChangeSetting { setting, value: None }) {
            tracing::warn!(%bot, why = failure.why, "A bot that is gone is still served by name");
        }
        if let Some(served) = self.proxy.inspect(|engine, _| served(engine.settings())) {
            self.history.serve(served);
        }
    }

    /// Stops fetching.
    pub(crate) fn stop_history(&self, job: i64) -> Reply {
        self.history.tell(Word::Stop(JobId(job)));
        Reply::Done { after_s: None, note: None }
    }

    /// Returns the time of the market as it was last said, or of this machine, in seconds since
    /// 1970.
    pub(super) fn market_now(&self) -> i64 {
        match self.market.clock() {
            Some((gateway, _)) => gateway.secs(),
            None => self.clock.now().utc.secs(),
        }
    }

    /// Returns which series is meant, by the store's word or else by the Gateway's.
    pub(crate) fn series_of(
        &self,
        symbol: &str,
        (what, bar_secs, is_regular): (&str, u32, bool),
    ) -> Result<(SeriesKey, Instrument), Failure> {
        let key = |con_id| SeriesKey { con_id, what: what.to_owned(), bar_secs, is_regular };
        let stored = self.history.read(Store::all_series).ok().flatten().unwrap_or_default();
        let of_symbol = |it: &&Described| it.instrument.symbol == symbol;
        let ask = |contract| drop(self.asks.send(Ask::Instrument(contract)));
        if let Some(kept) = stored.iter().find(of_symbol) {
            // What was imported has a number of its own until the Gateway names the instrument.
            let is_imported = kept.key.con_id.get() < 0 && kept.instrument.sec_type == "STK";
            let named =
                is_imported.then(|| self.market.con_id(symbol, (Duration::ZERO, AGAIN_AFTER), ask));
            let con_id = named.flatten().unwrap_or(kept.key.con_id);
            return Ok((key(con_id), kept.instrument.clone()));
        }
        let con_id =
            self.market.con_id(symbol, (NAMED_WITHIN, AGAIN_AFTER), ask).ok_or_else(|| {
                failure(
                    "no-instrument",
                    FailureKind::Broken,
                    "There are no bars.",
                    format!("The Gateway did not name an instrument {symbol}."),
                    "Check the symbol and the connection to the Gateway.",
                )
            })?;
        let contract = us_stock(symbol);
        let instrument = Instrument {
            symbol: symbol.to_owned(),
            sec_type: contract.sec_type.as_wire().to_owned(),
            currency: contract.currency,
            exchange: contract.exchange,
            zone: ZONE.to_owned(),
        };
        Ok((key(con_id), instrument))
    }
}

/// Returns the bots that are answered out of the store.
pub(crate) fn served(settings: &BTreeMap<String, String>) -> BTreeSet<BotName> {
    let is_on = settings.iter().filter(|(_, value)| *value == ON);
    is_on.filter_map(|(name, _)| name.strip_prefix(SERVE)?.parse().ok()).collect()
}

fn date(text: &str) -> Result<Date, Failure> {
    text.parse().map_err(|_| {
        let why = format!("{text:?} is not a date.");
        bad_input(UNFETCHED, why, "Write dates as 2026-01-05.")
    })
}

fn midnight(date: Date, zone: &TimeZone) -> i64 {
    date.to_zoned(zone.clone()).map_or(0, |at| at.timestamp().as_second())
}

/// The end of a span is a day that is wanted, too.
fn midnight_after(text: &str, zone: &TimeZone) -> Result<i64, Failure> {
    date(text).map(|date| date.tomorrow().map_or(i64::MAX, |next| midnight(next, zone)))
}
