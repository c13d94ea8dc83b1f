//! What the desk said of instruments and quotes, kept for the window.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use gatehouse_desk::Aside;
use gatehouse_engine::DeskNews;
use gatehouse_types::{
    ConId, Contract, DataType, Decimal, Instrument, Mono, Price, Quote, SecType, Utc,
};

use crate::names::{Named, Names};
use crate::view::positions::Prices;

#[derive(Default)]
struct Known {
    names: Names,
    instruments: BTreeMap<ConId, Instrument>,
    previous_closes: BTreeMap<ConId, Price>,
    costs: BTreeMap<ConId, Decimal>,
    day: DayPnl,
    clock: Option<(Utc, Mono)>,
    quotes: BTreeMap<ConId, Quote>,
    n_ticks: u64,
    /// What the Gateway last said of a line, until a price came after it.
    said: BTreeMap<ConId, Said>,
    /// Lines that stand.
    open: BTreeSet<ConId>,
    /// Those that did not fit.
    left_out: BTreeSet<ConId>,
}

/// A code of the Gateway about a line, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) text: String,
}

/// A line of live prices, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownLine {
    pub(crate) symbol: String,
    pub(crate) quote: Option<Quote>,
    pub(crate) said: Option<Said>,
    pub(crate) lack: Option<Lack>,
}

/// Why there is no line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lack {
    /// The Gateway knows no instrument of that name.
    Name,
    /// More are wanted than are kept.
    Room,
}

/// Profit and loss of the account by the broker; absent what it did not say.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct DayPnl {
    pub(crate) realised: Option<Decimal>,
    pub(crate) open: Option<Decimal>,
}

/// What the window needs of the desk's news.
pub(crate) enum Learnt {
    Instrument(Instrument),
    NotNamed(String),
    Quote(ConId, Quote),
    Connected,
    Lost,
}

/// Instruments by symbol, and their latest quotes.
#[derive(Default)]
pub(crate) struct Market {
    known: Mutex<Known>,
    learnt: Condvar,
}

impl Market {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what is of use out of the desk's news.
    pub(crate) fn of_use(news: &DeskNews) -> Option<Learnt> {
        if let DeskNews::Instrument { found: Ok(instrument), .. } = news {
            return Some(Learnt::Instrument(instrument.clone()));
        }
        if let DeskNews::Instrument { asked, found: Err(_) } = news {
            // What a bot spelled otherwise says nothing about the name.
            let is_by_name = *asked == us_stock(&asked.symbol);
            return is_by_name.then(|| Learnt::NotNamed(asked.symbol.clone()));
        }
        if let DeskNews::Quote { con_id, quote } = news {
            return Some(Learnt::Quote(*con_id, *quote));
        }
        if matches!(news, DeskNews::Connected { .. }) {
            return Some(Learnt::Connected);
        }
        matches!(news, DeskNews::Lost { .. }).then_some(Learnt::Lost)
    }

    /// Takes it.
    pub(crate) fn learn(&self, learnt: Learnt) {
        let mut known = self.known();
        match learnt {
            Learnt::Instrument(instrument) => {
                known.names.name(instrument.symbol.clone(), instrument.con_id);
                known.instruments.insert(instrument.con_id, instrument);
            }
            Learnt::Quote(con_id, quote) => {
                // A kind of prices is told before the first of them, and is no price.
                let is_price = known.quotes.get(&con_id).is_none_or(|it| it.at != quote.at);
                if is_price && quote.data == DataType::Live {
                    known.said.remove(&con_id);
                }
                known.quotes.insert(con_id, quote);
                known.n_ticks += 1;
            }
            Learnt::NotNamed(symbol) => known.names.not_named(&symbol, Instant::now()),
            Learnt::Connected => known.names.forget_asked(),
            Learnt::Lost => {
                known.names.forget_asked();
                known.open.clear();
                known.left_out.clear();
                known.day = DayPnl::default();
                known.clock = None;
            }
        }
        drop(known);
        self.learnt.notify_all();
    }

    /// Takes what is only shown.
    pub(crate) fn learn_aside(&self, aside: Aside) {
        let mut known = self.known();
        match aside {
            Aside::PreviousClose { con_id, price } => {
                known.previous_closes.insert(con_id, price);
            }
            Aside::AverageCosts(costs) => known.costs = costs.into_iter().collect(),
            Aside::DayPnl { realised, open } => {
                known.day = DayPnl { realised, open };
            }
            Aside::Notice { .. } => {}
            Aside::Line { con_id, code, message } => {
                known.said.insert(con_id, Said { code, text: message });
            }
            Aside::Lines { open, left_out } => {
                known.open = open;
                known.left_out = left_out;
            }
            Aside::Clock { gateway, asked, answered } => {
                // The answer was written somewhere in between.
                let middle = asked.plus(answered.since(asked) / 2);
                known.clock = Some((gateway, middle));
            }
        }
    }

    /// Returns the profit and loss of the day.
    pub(crate) fn day_pnl(&self) -> DayPnl {
        self.known().day
    }

    /// Returns what the Gateway's clock said, and when.
    pub(crate) fn clock(&self) -> Option<(Utc, Mono)> {
        self.known().clock
    }

    /// Returns what positions are shown at.
    pub(crate) fn prices(&self) -> Prices {
        let known = self.known();
        let last = known.quotes.iter().filter_map(|(con_id, quote)| {
            let middle = || {
                let sum = quote.bid?.value().checked_add(quote.ask?.value())?;
                sum.checked_div(Decimal::TWO)
            };
            Some((*con_id, quote.last.map(Price::value).or_else(middle)?))
        });
        Prices { last: last.collect(), average: known.costs.clone() }
    }

    /// Returns the change of the last price since the previous close, in percent.
    pub(crate) fn change_percent(&self, con_id: ConId) -> Option<Decimal> {
        let known = self.known();
        let close = known.previous_closes.get(&con_id)?.value();
        let last = known.quotes.get(&con_id)?.last?.value();
        let change = last.checked_sub(close)?.checked_mul(Decimal::ONE_HUNDRED)?;
        change.checked_div(close).map(|percent| percent.round_dp(2))
    }

    /// Returns the currency of an instrument.
    pub(crate) fn currency(&self, con_id: ConId) -> Option<String> {
        self.known().instruments.get(&con_id).map(|found| found.currency.to_string())
    }

    /// Returns the smallest step of an instrument's price.
    pub(crate) fn min_tick(&self, con_id: ConId) -> Option<Decimal> {
        self.known().instruments.get(&con_id).map(|found| found.min_tick)
    }

    /// Waits for the first quote of an instrument, at most `within`.
    pub(crate) fn wait_quote(&self, con_id: ConId, within: Duration) {
        let known = self.known();
        let lacks = |known: &mut Known| {
            known.quotes.get(&con_id).is_none_or(|it| it.bid.is_none() || it.ask.is_none())
        };
        // Without a quote the answer says what is missing.
        drop(self.learnt.wait_timeout_while(known, within, lacks));
    }

    /// Returns the instrument of a symbol, asking with `ask` when it is not known and was not asked
    /// for within `pause`, and waiting at most `within` for the answer.
    pub(crate) fn con_id(
        &self,
        symbol: &str,
        (within, pause): (Duration, Duration),
        ask: impl FnOnce(Contract),
    ) -> Option<ConId> {
        let mut known = self.known();
        match known.names.look(symbol, Instant::now(), pause) {
            Named::Yes(con_id) => return Some(con_id),
            Named::No => return None,
            Named::Awaited => {}
            Named::Ask => ask(us_stock(symbol)),
        }
        let until = Instant::now() + within;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || known.names.is_unknown(symbol) {
                return None;
            }
            known = self.learnt.wait_timeout(known, left).unwrap_or_else(PoisonError::into_inner).0;
            if let Some(con_id) = known.names.get(symbol) {
                return Some(con_id);
            }
        }
    }

    /// Returns the instrument of a symbol, when it is known.
    pub(crate) fn named(&self, symbol: &str) -> Option<ConId> {
        self.known().names.get(symbol)
    }

    /// Returns the lines of these symbols and all others that stand, in alphabetical order, and how
    /// many stand.
    pub(crate) fn lines(&self, wanted: &[String]) -> (Vec<KnownLine>, usize) {
        let known = self.known();
        let standing =
            known.names.all().filter(|(_, con_id)| known.open.contains(con_id)).map(|(it, _)| it);
        let symbols: BTreeSet<&String> = wanted.iter().chain(standing).collect();
        let line = |symbol: &String| {
            let con_id = known.names.get(symbol);
            let lack = match con_id {
                None => known.names.is_unknown(symbol).then_some(Lack::Name),
                Some(con_id) => known.left_out.contains(&con_id).then_some(Lack::Room),
            };
            KnownLine {
                symbol: symbol.clone(),
                quote: con_id.and_then(|it| known.quotes.get(&it).copied()),
                said: con_id.and_then(|it| known.said.get(&it).cloned()),
                lack,
            }
        };
        (symbols.into_iter().map(line).collect(), known.open.len())
    }

    /// Returns the symbols whose prices are delayed, in alphabetical order.
    pub(crate) fn delayed(&self) -> Vec<String> {
        let known = self.known();
        let is_delayed = |con_id: &ConId| {
            known.quotes.get(con_id).is_some_and(|quote| quote.data == DataType::Delayed)
        };
        let delayed = known.names.all().filter(|(_, con_id)| is_delayed(con_id));
        delayed.map(|(symbol, _)| symbol.clone()).collect()
    }

    /// Returns the latest quote.
    pub(crate) fn quote(&self, con_id: ConId) -> Option<Quote> {
        self.known().quotes.get(&con_id).copied()
    }

    /// Returns how many times a quote came.
    pub(crate) fn n_ticks(&self) -> u64 {
        self.known().n_ticks
    }

    /// Returns the age of the youngest quote.
    pub(crate) fn youngest(&self, now: Mono) -> Option<Duration> {
        self.known().quotes.values().map(|quote| now.since(quote.at)).min()
    }
}

/// The only kind of instrument that is understood: a US stock by its symbol.
pub(crate) fn us_stock(symbol: &str) -> Contract {
    Contract {
        con_id: None,
        symbol: symbol.to_owned(),
        sec_type: SecType::Stock,
        exchange: "SMART".to_owned(),
        primary_exchange: String::new(),
        currency: "USD".to_owned(),
        local_symbol: String::new(),
        trading_class: String::new(),
    }
}
