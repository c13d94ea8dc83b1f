//! The way to the driver, for every other thread of this crate.
//!
//! Facts (the ledger's commits, the Gateway's words, the desk's news) are never held back. What
//! bots ask for is: when the driver is behind, the bot that asks waits, and nobody else.

use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use gatehouse_engine::{Engine, Input};
use gatehouse_types::Now;

/// Requests of bots that may wait for the driver; at some 20 µs each, a cancel behind them waits
/// for 5 ms at most.
const BOT_REQUESTS_MAX: usize = 256;

/// A look at the engine, on the driver's thread.
pub(crate) type Look = Box<dyn FnOnce(&Engine, Now) + Send>;

/// One thing for the driver.
pub(crate) enum Message {
    Input(Box<Input>),
    Look(Look),
    /// End every connection to the Gateway; a sentence without its full stop.
    HangUp(String),
    Stop,
}

/// The senders.
#[derive(Clone)]
pub(crate) struct Inbox {
    person: Sender<Message>,
    facts: Sender<Message>,
    bots: Sender<Message>,
}

/// The receivers, in the order in which the driver serves them.
pub(crate) struct Mail {
    pub(crate) person: Receiver<Message>,
    pub(crate) facts: Receiver<Message>,
    pub(crate) bots: Receiver<Message>,
}

impl Inbox {
    pub(crate) fn new() -> (Self, Mail) {
        let (person, from_person) = unbounded();
        let (facts, from_facts) = unbounded();
        let (bots, from_bots) = bounded(BOT_REQUESTS_MAX);
        let mail = Mail { person: from_person, facts: from_facts, bots: from_bots };
        (Self { person, facts, bots }, mail)
    }

    /// Tells a fact. Never waits. A driver that has ended hears nothing more.
    pub(crate) fn fact(&self, input: Input) {
        drop(self.facts.send(Message::Input(Box::new(input))));
    }

    /// Hands over a bot's request, and waits while the driver is behind.
    pub(crate) fn request(&self, input: Input) {
        drop(self.bots.send(Message::Input(Box::new(input))));
    }

    /// Hands over a person's act, ahead of everything else.
    pub(crate) fn person(&self, message: Message) {
        drop(self.person.send(message));
    }

    /// Waits until the driver has served every fact told before, at most `within`.
    pub(crate) fn settle(&self, within: Duration) {
        let (done, served) = bounded(1);
        let look: Look = Box::new(move |_, _| {
            done.send(()).ok();
        });
        drop(self.facts.send(Message::Look(look)));
        // Without an answer the caller goes on with what it knows.
        served.recv_timeout(within).ok();
    }
}
