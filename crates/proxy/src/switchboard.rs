//! Every door and link by the name of its bot, and what the engine's effects do to them.
//!
//! Owned by the driver's thread. It decides nothing: an effect names a bot, and is carried out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crossbeam_channel::Sender;
use gatehouse_engine::{CommandError, Done, Effect, Input, Ticket};
use gatehouse_ledger::{AppendError, CloseError};
use gatehouse_tws::answer::{BrokerStatus, OrderStatusReport, reject};
use gatehouse_types::{
    BotConfig, BotName, ConId, Contract, EntryKind, EntrySeq, OrderId, Qty, Scope,
};

use crate::HaltBoard;
use crate::bot_frame::chain;
use crate::bot_side::BotSide;
use crate::door::Door;
use crate::halt_board::AccountEpoch;
use crate::lanes::WaitingCancel;
use crate::link::{Link, Surroundings};
use crate::locked::locked;
use crate::outbox::OutboxBounds;
use crate::recorder::Recorder;
use crate::shelf::Shelf;

/// The Gateway's code for an order that was cancelled.
const CANCELLED: i32 = 202;

/// The Gateway's notice that a change was not made and the order lives on.
const CHANGE_NOT_SENT: i32 = 399;

/// What the engine wants to know from Gatehouse's own client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskRequest {
    Instrument(Contract),
    Quote(ConId),
    Snapshot,
}

/// Whether a bot's port is listened on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listening {
    On(u16),
    /// Why not, in words; tried again every second.
    Fault(String),
}

/// The state of every bot's port.
pub(crate) type Ports = Arc<Mutex<BTreeMap<BotName, Listening>>>;

/// Who waits for the answers to commands.
pub(crate) type Askers = Arc<Mutex<BTreeMap<Ticket, Sender<Result<Done, CommandError>>>>>;

/// Doors, links, and the other ends of effects.
pub(crate) struct Switchboard {
    pub(crate) around: Surroundings,
    pub(crate) account: AccountEpoch,
    pub(crate) shelf: Arc<Shelf>,
    pub(crate) recorder: Option<Box<dyn Recorder>>,
    pub(crate) desk: Sender<DeskRequest>,
    pub(crate) askers: Askers,
    pub(crate) ports: Ports,
    pub(crate) bounds: OutboxBounds,
    pub(crate) posts: BTreeMap<BotName, Post>,
}

/// One bot's place.
pub(crate) struct Post {
    config: BotConfig,
    link: Arc<Link>,
    /// `None` while its port cannot be listened on.
    door: Option<Arc<Door>>,
}

impl Switchboard {
    /// Carries one effect out. Never waits for a socket.
    pub(crate) fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Append(entry) => self.keep(|recorder| recorder.append(entry)),
            Effect::RecordApproved { entry, approved } => {
                let is_change = matches!(&entry.kind, EntryKind::Judged { replaces: Some(_), .. });
                self.shelf.expect(approved.entry(), is_change);
                self.keep(|recorder| recorder.record(entry, approved));
            }
            Effect::Release(entry) => self.release(entry),
            Effect::Void(entry) => self.void(entry),
            Effect::ForwardCancel { bot, order_id, body } => {
                self.at(&bot, |link| link.push_cancel(link.cancel_of_bot(order_id, body)));
            }
            Effect::Cancel { bot, order_id } => {
                self.at(&bot, |link| link.push_cancel(WaitingCancel::Own(order_id)));
            }
            Effect::RaiseEpoch { scope, epoch } => self.raise_epoch(&scope, epoch),
            Effect::Answer { bot, order_id, code, text } => {
                self.at(&bot, |link| answer(link, order_id, code, &text));
            }
            Effect::AnswerCancelled { bot, order_id, unfilled, text } => {
                self.at(&bot, |link| answer_cancelled(link, order_id, unfilled, &text));
            }
            Effect::AnswerChange { bot, order_id, text } => {
                self.at(&bot, |link| answer_change(link, order_id, &text));
            }
            Effect::HighWater { bot, next } => self.at(&bot, |link| link.raise_high_water(next)),
            Effect::OpenDoor(config) => self.open(config),
            Effect::CloseDoor(bot) => self.close(&bot, "the bot was removed"),
            Effect::Dial(bot) => self.at(&bot, Link::dial),
            Effect::WantInstrument(contract) => self.ask_desk(DeskRequest::Instrument(contract)),
            Effect::WantQuote(con_id) => self.ask_desk(DeskRequest::Quote(con_id)),
            Effect::WantSnapshot => self.ask_desk(DeskRequest::Snapshot),
            Effect::Reply { ticket, result } => {
                if let Some(asker) = locked(&self.askers).remove(&ticket) {
                    // Who gave up waiting does not want the answer.
                    drop(asker.send(result));
                }
            }
        }
    }

    /// Tries again to listen where that failed.
    pub(crate) fn retry_doors(&mut self) {
        let closed: Vec<BotConfig> = self
            .posts
            .values()
            .filter(|post| post.door.is_none())
            .map(|post| post.config.clone())
            .collect();
        for config in closed {
            self.listen(&config);
        }
    }

    /// Ends every door and link, then the ledger's writer.
    ///
    /// # Errors
    /// Entries were left unwritten.
    pub(crate) fn end(mut self) -> Result<(), CloseError> {
        let recorder = self.recorder.take();
        drop(self);
        recorder.map_or(Ok(()), Recorder::close)
    }

    /// Hands the ledger an entry. When it cannot take it, the engine hears of it and allows no
    /// more orders.
    fn keep(&self, hand_over: impl FnOnce(&dyn Recorder) -> Result<(), AppendError>) {
        let Some(recorder) = &self.recorder else {
            return;
        };
        if let Err(error) = hand_over(recorder.as_ref()) {
            tracing::error!(%error, "The ledger did not take an entry");
            self.around.inbox.fact(Input::LedgerFailed { why: error.to_string() });
        }
    }

    fn at(&self, bot: &BotName, act: impl FnOnce(&Arc<Link>)) {
        match self.posts.get(bot) {
            Some(post) => act(&post.link),
            None => tracing::warn!(%bot, "An effect for a bot that has no link"),
        }
    }

    fn release(&self, entry: EntrySeq) {
        let Some(held) = self.shelf.take(entry) else {
            tracing::error!(%entry, "A released order is not on the shelf");
            self.around.inbox.fact(Input::NotSent { entry });
            return;
        };
        let queued = match self.posts.get(held.recorded.get().get().bot()) {
            Some(post) => post.link.push_order(held),
            None => false,
        };
        if !queued {
            self.around.inbox.fact(Input::NotSent { entry });
        }
    }

    fn void(&self, entry: EntrySeq) {
        if !self.shelf.void(entry) {
            for post in self.posts.values() {
                post.link.void(entry);
            }
        }
    }

    fn raise_epoch(&self, scope: &Scope, epoch: u64) {
        match scope {
            Scope::Account => {
                self.account.raise(epoch);
                for post in self.posts.values() {
                    post.link.void_stale();
                }
            }
            Scope::Bot(bot) => self.at(bot, |link| {
                link.board().raise_bot(epoch);
                link.void_stale();
            }),
            Scope::Symbol(_) => tracing::error!(%scope, "Approvals have no epoch of a symbol"),
        }
    }

    /// Ends every connection to the Gateway; the links dial again where it is then.
    pub(crate) fn hang_up(&self, why: &str) {
        for post in self.posts.values() {
            post.link.hang_up(why);
        }
    }

    fn open(&mut self, config: BotConfig) {
        if self.posts.get(&config.name).is_some_and(|post| post.config == config) {
            return;
        }
        self.close(&config.name, "the bot's port or client id was changed");
        let board = HaltBoard::new(self.account.clone());
        let link = Link::new(config.name.clone(), config.client_id, self.around.clone(), board);
        self.posts.insert(config.name.clone(), Post { config: config.clone(), link, door: None });
        self.listen(&config);
    }

    fn listen(&mut self, config: &BotConfig) {
        let Some(post) = self.posts.get_mut(&config.name) else {
            return;
        };
        let opened =
            Door::open(config.clone(), Arc::clone(&post.link), self.around.clone(), self.bounds);
        let listening = match opened {
            Ok(door) => {
                let port = door.port();
                post.door = Some(door);
                Listening::On(port)
            }
            Err(error) => {
                Listening::Fault(format!("port {} cannot be listened on: {error}", config.port))
            }
        };
        let before = locked(&self.ports).insert(config.name.clone(), listening.clone());
        if let Listening::Fault(why) = listening
            && before.as_ref() != Some(&Listening::Fault(why.clone()))
        {
            tracing::error!(bot = %config.name, why, "A bot's port is not open");
            self.around.inbox.fact(Input::DoorRefused { bot: config.name.clone(), why });
        }
    }

    fn close(&mut self, bot: &BotName, why: &str) {
        if let Some(post) = self.posts.remove(bot) {
            post.close(why);
        }
        locked(&self.ports).remove(bot);
    }

    fn ask_desk(&self, request: DeskRequest) {
        if self.desk.try_send(request).is_err() {
            tracing::warn!("The desk does not take requests");
        }
    }
}

impl Post {
    fn close(&self, why: &str) {
        if let Some(door) = &self.door {
            door.close();
        }
        self.link.close(why);
    }
}

/// Whatever ends the driver, a panic included: no door and no link stays open without it.
impl Drop for Switchboard {
    fn drop(&mut self) {
        for post in self.posts.values() {
            post.close("Gatehouse is stopping");
        }
        locked(&self.ports).clear();
    }
}

fn answer(link: &Arc<Link>, order_id: OrderId, code: i32, text: &str) {
    let Some(bot) = link.bot() else {
        return;
    };
    push_answer(&bot, reject(bot.version(), order_id, code, text));
}

/// The status comes first, as from a Gateway: most libraries read 202 alone as a warning, and keep
/// the order open for ever.
fn answer_cancelled(link: &Arc<Link>, order_id: OrderId, unfilled: Qty, text: &str) {
    if let Some(bot) = link.bot() {
        let status = OrderStatusReport {
            order_id,
            status: BrokerStatus::Cancelled,
            remaining: unfilled,
            client_id: link.client_id(),
            ..OrderStatusReport::default()
        };
        push_answer(&bot, status.encode(bot.version()));
    }
    answer(link, order_id, CANCELLED, text);
}

fn push_answer<E: std::error::Error>(bot: &BotSide, body: Result<Vec<u8>, E>) {
    match body {
        Ok(body) => bot.push(&body),
        Err(error) => {
            let why = format!("an answer to it cannot be encoded: {}", chain(&error));
            tracing::error!(why, "Closing the bot's connection");
            bot.cut(why);
        }
    }
}

fn answer_change(link: &Arc<Link>, order_id: OrderId, text: &str) {
    answer(link, order_id, CHANGE_NOT_SENT, text);
    let last = link.last_frames(order_id);
    for body in [last.open_order, last.order_status].into_iter().flatten() {
        link.to_bot(&body);
    }
}
