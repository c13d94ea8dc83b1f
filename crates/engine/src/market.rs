//! Contract details and quotes, as Gatehouse's own client learnt them.
//!
//! Instruments are known by their conId; a bot's spelling is only a question. It knows no order.

use std::collections::BTreeMap;
use std::time::Duration;

use gatehouse_risk::Lookup;
use gatehouse_types::{ConId, Contract, Decimal, Instrument, Mono, Quote, SecType, Utc};

use crate::LookupFailure;
use crate::moves::Moves;

/// Time after which a failed look-up is asked again: contracts are listed, and answers get lost.
const FAILURE_HOLDS: Duration = Duration::from_secs(30);
/// Least time between two equal questions to the desk.
const ASK_EVERY: Duration = Duration::from_secs(1);
/// Least time between two questions for hours: the broker names a week, and some contracts none.
const HOURS_EVERY: Duration = Duration::from_secs(30);
/// Spellings kept; a bot that invents more starts over.
const SPELLINGS_MAX: usize = 4096;

#[derive(Debug, Clone, Copy)]
enum Spelling {
    Asked { at: Mono },
    Found(ConId),
    Failed { failure: LookupFailure, at: Mono },
}

/// What is known of a contract.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Details<'a> {
    Known(Lookup<'a>),
    /// No answer yet; `ask` is false while a question is on its way.
    Awaited {
        ask: bool,
    },
}

#[derive(Debug, Default)]
pub(crate) struct Market {
    instruments: BTreeMap<ConId, Instrument>,
    spellings: BTreeMap<Contract, Spelling>,
    quotes: BTreeMap<ConId, Quote>,
    moves: BTreeMap<ConId, Moves>,
    quotes_asked: BTreeMap<ConId, Mono>,
    hours_asked: BTreeMap<ConId, Mono>,
}

/// Returns whether the spelling says something else than the instrument it names.
fn contradicts(asked: &Contract, found: &Instrument) -> bool {
    let currency = found.currency.to_string();
    asked.con_id.is_some_and(|con_id| con_id != found.con_id)
        || (!asked.symbol.is_empty() && asked.symbol != found.symbol)
        || (!asked.sec_type.as_wire().is_empty() && asked.sec_type != found.sec_type)
        || (!asked.currency.is_empty() && asked.currency != currency)
}

fn by_id(con_id: ConId) -> Contract {
    Contract {
        con_id: Some(con_id),
        symbol: String::new(),
        sec_type: SecType::Other(String::new()),
        exchange: String::new(),
        primary_exchange: String::new(),
        currency: String::new(),
        local_symbol: String::new(),
        trading_class: String::new(),
    }
}

impl Market {
    pub(crate) fn details(&self, asked: &Contract, now: Mono) -> Details<'_> {
        let by_id = asked.con_id.and_then(|con_id| self.instruments.get(&con_id));
        let found = match (by_id, self.spellings.get(asked)) {
            (Some(instrument), _) => instrument,
            (None, Some(Spelling::Found(con_id))) => match self.instruments.get(con_id) {
                Some(instrument) => instrument,
                None => return Details::Awaited { ask: true },
            },
            (None, Some(Spelling::Failed { failure, at })) if now.since(*at) < FAILURE_HOLDS => {
                return Details::Known(match failure {
                    LookupFailure::Unknown => Lookup::Unknown,
                    LookupFailure::Ambiguous => Lookup::Ambiguous,
                });
            }
            (None, Some(Spelling::Asked { at })) => {
                return Details::Awaited { ask: now.since(*at) >= ASK_EVERY };
            }
            (None, Some(Spelling::Failed { .. }) | None) => {
                return Details::Awaited { ask: true };
            }
        };
        Details::Known(if contradicts(asked, found) {
            Lookup::Ambiguous
        } else {
            Lookup::Found(found)
        })
    }

    pub(crate) fn note_asked(&mut self, asked: &Contract, at: Mono) {
        if self.spellings.len() >= SPELLINGS_MAX {
            self.spellings.clear();
        }
        self.spellings.insert(asked.clone(), Spelling::Asked { at });
    }

    pub(crate) fn answered(
        &mut self,
        asked: Contract,
        found: Result<Instrument, LookupFailure>,
        at: Mono,
    ) {
        let spelling = match found {
            Ok(instrument) => {
                let con_id = instrument.con_id;
                let fits = !contradicts(&asked, &instrument);
                self.instruments.insert(con_id, instrument);
                if fits {
                    Spelling::Found(con_id)
                } else {
                    Spelling::Failed { failure: LookupFailure::Ambiguous, at }
                }
            }
            Err(failure) => Spelling::Failed { failure, at },
        };
        self.spellings.insert(asked, spelling);
    }

    pub(crate) fn instrument(&self, con_id: ConId) -> Option<&Instrument> {
        self.instruments.get(&con_id)
    }

    pub(crate) fn quote(&self, con_id: ConId) -> Option<&Quote> {
        self.quotes.get(&con_id)
    }

    pub(crate) fn quoted(&mut self, con_id: ConId, quote: Quote) {
        self.moves.entry(con_id).or_default().quoted(&quote);
        self.quotes.insert(con_id, quote);
    }

    /// Returns the largest move of the price in the second before `now`, in percent.
    pub(crate) fn price_move(&self, con_id: ConId, now: Mono) -> Option<Decimal> {
        self.moves.get(&con_id)?.largest(now)
    }

    /// Returns whether the desk is to be asked for a line, and remembers that it was.
    pub(crate) fn wants_quote(&mut self, con_id: ConId, now: Mono) -> bool {
        let is_due =
            self.quotes_asked.get(&con_id).is_none_or(|asked| now.since(*asked) >= ASK_EVERY);
        if is_due {
            self.quotes_asked.insert(con_id, now);
        }
        is_due
    }

    /// Returns the question for an instrument of which only the id is known, when it is due.
    pub(crate) fn question(&mut self, con_id: ConId, now: Mono) -> Option<Contract> {
        if self.instruments.contains_key(&con_id) {
            return None;
        }
        let asked = by_id(con_id);
        let is_due = match self.details(&asked, now) {
            Details::Awaited { ask } => ask,
            Details::Known(_) => false,
        };
        is_due.then(|| {
            self.note_asked(&asked, now);
            asked
        })
    }

    /// Returns whether the desk is to be asked for the details of a known contract again, because
    /// the hours that they name do not reach to this day, and remembers that it was.
    pub(crate) fn wants_hours(&mut self, con_id: ConId, market: Option<Utc>, now: Mono) -> bool {
        let lacks =
            |instrument: &Instrument| market.is_some_and(|at| instrument.hours.at(at).is_none());
        let is_due =
            self.hours_asked.get(&con_id).is_none_or(|asked| now.since(*asked) >= HOURS_EVERY);
        let wants = is_due && self.instruments.get(&con_id).is_some_and(lacks);
        if wants {
            self.hours_asked.insert(con_id, now);
        }
        wants
    }

    /// Forgets what the lost connection was asked; quotes keep their age.
    pub(crate) fn forget_questions(&mut self) {
        self.spellings.retain(|_, spelling| !matches!(spelling, Spelling::Asked { .. }));
        self.quotes_asked.clear();
        self.hours_asked.clear();
    }
}
