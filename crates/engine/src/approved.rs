//! The approval of an order. Made only here; the ledger turns it into `Recorded<Approved<_>>`, and
//! only that can be transmitted.

use gatehouse_types::{BotName, EntrySeq, Intent, OrderId};

/// An order-bearing frame: what it means and exactly what will be sent.
#[derive(Debug, PartialEq, Eq)]
pub struct OrderFrame {
    bot: BotName,
    intent: Intent,
    body: Vec<u8>,
}

impl OrderFrame {
    pub(crate) fn new(bot: BotName, intent: Intent, body: Vec<u8>) -> Self {
        Self { bot, intent, body }
    }

    /// Returns the bot on whose link it goes.
    #[must_use]
    pub fn bot(&self) -> &BotName {
        &self.bot
    }

    /// Returns the bot's id of the order.
    #[must_use]
    pub fn order_id(&self) -> OrderId {
        self.intent.order_id
    }

    /// Returns the bytes after the length, as the bot sent them.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

/// How often the scopes of an order had been halted when it was approved.
///
/// The writer compares them with the present counts immediately before the write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epochs {
    pub account: u64,
    pub bot: u64,
}

/// Something that the judgement approved. It has no public constructor, is not `Clone`, and
/// cannot be deserialised.
///
/// ```compile_fail,E0451
/// let forged = gatehouse_engine::Approved { inner: (), entry: panic!(), epochs: panic!() };
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Approved<T> {
    inner: T,
    entry: EntrySeq,
    epochs: Epochs,
}

impl<T> Approved<T> {
    pub(crate) fn new(inner: T, entry: EntrySeq, epochs: Epochs) -> Self {
        Self { inner, entry, epochs }
    }

    /// Returns what was approved.
    #[must_use]
    pub fn get(&self) -> &T {
        &self.inner
    }

    /// Returns the entry that holds the verdict.
    #[must_use]
    pub fn entry(&self) -> EntrySeq {
        self.entry
    }

    /// Returns the halt counts at the time of approval.
    #[must_use]
    pub fn epochs(&self) -> Epochs {
        self.epochs
    }
}
