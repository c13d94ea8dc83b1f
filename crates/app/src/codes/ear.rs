//! What the ledger says of orders, for the codes: which were let through, and which were refused.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};
use gatehouse_engine::{cause, rejection, unchanged};
use gatehouse_ledger::StoredEntry;
use gatehouse_proxy::{Heard, Hearing};
use gatehouse_types::{BotName, EntryKind, OrderId};

/// Entries that may wait to be looked at.
const TOLD_MAX: usize = 4096;

/// Orders whose symbol is remembered; messages come soon after their order.
const ORDERS_MAX: usize = 4096;

/// Refusals of one counting entry that are fed one by one; a pattern counts no further.
const COUNTED_MAX: u32 = 1000;

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    Order { bot: BotName, id: OrderId, symbol: String },
    Refused { bot: BotName, code: i32, text: String, symbol: Option<String>, n_times: u32 },
}

/// Hears of entries that are durable. Never waits.
pub(crate) struct Ear {
    say: Sender<Told>,
    n_missed: Arc<AtomicU64>,
}

/// What was told and heard since somebody looked.
pub(crate) struct Mail {
    hearing: Hearing,
    told: Receiver<Told>,
    n_missed: Arc<AtomicU64>,
}

/// Returns an ear for the ledger, and the mail that it fills, beside what links and doors hear.
pub(crate) fn ear(hearing: Hearing) -> (Ear, Mail) {
    let (say, told) = bounded(TOLD_MAX);
    let n_missed = Arc::<AtomicU64>::default();
    (Ear { say, n_missed: Arc::clone(&n_missed) }, Mail { hearing, told, n_missed })
}

impl Ear {
    /// Takes entries of the ledger.
    pub(crate) fn learn(&self, entries: &[StoredEntry]) {
        for told in entries.iter().filter_map(|stored| told(&stored.entry.kind)) {
            if self.say.try_send(told).is_err() {
                self.n_missed.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

impl Mail {
    pub(super) fn told(&self) -> impl Iterator<Item = Told> {
        self.told.try_iter().take(TOLD_MAX)
    }

    pub(super) fn heard(&self) -> impl Iterator<Item = Heard> {
        self.hearing.take()
    }

    /// Returns how much came too fast since the start.
    pub(super) fn n_missed(&self) -> u64 {
        self.n_missed.load(Ordering::Relaxed) + self.hearing.n_missed()
    }
}

/// Reads an entry. A refusal is what the bot heard: 201, and 399 for a change.
pub(super) fn told(kind: &EntryKind) -> Option<Told> {
    let refused = |bot: &BotName, (code, text), symbol, n_times| {
        Some(Told::Refused { bot: bot.clone(), code, text, symbol, n_times })
    };
    if let EntryKind::Judged { bot, intent, replaces, verdict, .. } = kind {
        let symbol = intent.contract.symbol.clone();
        if verdict.may_send() {
            return Some(Told::Order { bot: bot.clone(), id: intent.order_id, symbol });
        }
        let why = &cause(verdict)?.refusal;
        let said = if replaces.is_some() { unchanged(why) } else { rejection(bot, why) };
        return refused(bot, said, Some(symbol), 1);
    }
    if let EntryKind::NotJudged { bot, order_id: Some(_), refusal, .. } = kind {
        return refused(bot, rejection(bot, refusal), None, 1);
    }
    if let EntryKind::RefusalsCounted { bot, count, last } = kind {
        return refused(bot, rejection(bot, last), None, (*count).min(COUNTED_MAX));
    }
    None
}

/// The orders that were let through of late, and their symbols.
#[derive(Debug, Default)]
pub(super) struct Orders {
    symbols: BTreeMap<BotName, BTreeMap<i32, String>>,
    oldest: VecDeque<(BotName, i32)>,
}

impl Orders {
    pub(super) fn add(&mut self, bot: BotName, id: OrderId, symbol: String) {
        let of_bot = self.symbols.entry(bot.clone()).or_default();
        if of_bot.insert(id.get(), symbol).is_some() {
            return;
        }
        self.oldest.push_back((bot, id.get()));
        if self.oldest.len() > ORDERS_MAX
            && let Some((bot, id)) = self.oldest.pop_front()
            && let Some(of_bot) = self.symbols.get_mut(&bot)
        {
            of_bot.remove(&id);
        }
    }

    /// Returns the symbol of an order; `None` when the number is not that of one.
    pub(super) fn symbol(&self, bot: &BotName, id: i32) -> Option<&str> {
        self.symbols.get(bot)?.get(&id).map(String::as_str)
    }

    #[cfg(test)]
    pub(super) fn n_kept(&self) -> usize {
        self.symbols.values().map(BTreeMap::len).sum()
    }
}
