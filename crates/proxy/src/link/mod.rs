//! One bot's connection to the Gateway, owned by Gatehouse.
//!
//! It outlives the bot's socket, because only this client id can cancel this bot's orders. Each
//! connection is a *session* with a number; whoever finds that the number has moved on leaves
//! quietly. It must never judge: it carries what the lanes hold and tells the driver what it saw.

mod dial;
mod memory;
mod open;
mod reader;
mod writer;

use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use gatehouse_engine::Input;
use gatehouse_tws::ServerVersion;
use gatehouse_types::{BotName, ClientId, EntrySeq, OrderId};

use crate::HaltBoard;
use crate::bot_side::BotSide;
use crate::crew::Crew;
use crate::hearing::Ear;
use crate::inbox::Inbox;
use crate::lanes::{Lanes, WaitingCancel};
use crate::locked::locked;
use crate::pacer::{Pacer, Seat};
use crate::past::PastEar;
use crate::shelf::Held;
use crate::upstream::{CancelFrame, PassFrame, StartFrame};

pub(crate) use dial::{
    DialError, Dialled, GatewayAddress, HANDSHAKE_WITHIN, READ_BUFFER, dial, read_some, read_until,
};
pub(crate) use memory::LastFrames;
use memory::Memory;
use open::Opening;

/// Bytes of data frames that may wait for the Gateway; beyond it the bot that sends them waits.
const DATA_MAX: usize = 4 * 1024 * 1024;

/// How long the Gateway may take to let go of a client id before the new session asks for it.
const RETIRE_WITHIN: Duration = Duration::from_secs(1);

/// What every link of a proxy shares.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub(crate) gateway: Arc<GatewayAddress>,
    pub(crate) inbox: Inbox,
    pub(crate) crew: Arc<Crew>,
    pub(crate) timing: Timing,
    pub(crate) pacer: Arc<Pacer>,
    pub(crate) ear: Ear,
    pub(crate) past: PastEar,
}

/// Waits that tests shorten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// After error 326 the same client id is asked for again after this.
    pub id_in_use_retry: Duration,
    /// How long a bot waits for a Gateway that is not there, and for each step of its handshake.
    pub patience: Duration,
    /// Least wait between two attempts to reach the Gateway without a bot; doubles up to ten
    /// times this.
    pub redial: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            id_in_use_retry: Duration::from_secs(5),
            patience: Duration::from_secs(5),
            redial: Duration::from_millis(500),
        }
    }
}

/// One bot's upstream link.
pub(crate) struct Link {
    name: BotName,
    client_id: ClientId,
    around: Surroundings,
    board: HaltBoard,
    seat: Seat,
    guarded: Mutex<Guarded>,
    changed: Condvar,
    high_water: AtomicI32,
    bot: Mutex<Option<Arc<BotSide>>>,
    memory: Mutex<Memory>,
}

struct Guarded {
    phase: Phase,
    /// Number of the session that holds the link.
    session: u64,
    retired: Option<Retired>,
    lanes: Lanes<Held>,
    bot_version: Option<ServerVersion>,
    is_mixed: bool,
    is_closed: bool,
}

/// Where the link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nobody dials.
    Down,
    /// A session dials, or waits to dial again.
    Opening,
    Up(ServerVersion),
}

/// What is needed to end a session from outside.
struct Retired {
    socket: TcpStream,
    /// Disconnected when the session's reader has left.
    left: Receiver<()>,
}

impl Link {
    pub(crate) fn new(
        name: BotName,
        client_id: ClientId,
        around: Surroundings,
        board: HaltBoard,
    ) -> Arc<Self> {
        Arc::new(Self {
            name,
            client_id,
            seat: around.pacer.seat(),
            around,
            board,
            guarded: Mutex::new(Guarded {
                phase: Phase::Down,
                session: 0,
                retired: None,
                lanes: Lanes::default(),
                bot_version: None,
                is_mixed: false,
                is_closed: false,
            }),
            changed: Condvar::new(),
            high_water: AtomicI32::new(0),
            bot: Mutex::default(),
            memory: Mutex::new(Memory::new(client_id)),
        })
    }

    /// Gives the link to a bot that finished its handshake on `dialled`. The session before it
    /// ends first, because the Gateway takes a client id only once.
    pub(crate) fn attach(self: &Arc<Self>, dialled: Dialled, start: StartFrame, bot: Arc<BotSide>) {
        let version = bot.version();
        let why = "redialled for the bot's new session";
        let (number, retired) = self.supersede(why, |guarded| {
            let before = guarded.bot_version.replace(version);
            guarded.is_mixed |= before.is_some_and(|before| before != version);
        });
        if let Some(retired) = retired {
            retired.end();
        }
        let Some(number) = number else {
            bot.close("the port was closed");
            return;
        };
        *locked(&self.bot) = Some(bot);
        self.spawn(number, Some(Opening { dialled, start }));
    }

    /// Takes the link from a bot that left. Its orders and cancels stay, its data frames go.
    pub(crate) fn detach(&self, bot: &Arc<BotSide>) {
        let mut present = locked(&self.bot);
        if present.as_ref().is_some_and(|present| Arc::ptr_eq(present, bot)) {
            *present = None;
            self.lock().lanes.drop_data();
        }
        drop(present);
        self.changed.notify_all();
    }

    /// Opens the link without a bot, unless it is open or being opened.
    pub(crate) fn dial(self: &Arc<Self>) {
        let mut guarded = self.lock();
        if guarded.phase == Phase::Down && !guarded.is_closed {
            guarded.phase = Phase::Opening;
            guarded.session += 1;
            let number = guarded.session;
            drop(guarded);
            self.spawn(number, None);
        }
    }

    /// Ends the link for good. Never waits.
    pub(crate) fn close(&self, why: &str) {
        let (_, retired) = self.supersede(why, |guarded| guarded.is_closed = true);
        if let Some(retired) = retired {
            retired.shut();
        }
        if let Some(bot) = locked(&self.bot).take() {
            bot.close(why);
        }
    }

    /// Ends the connection as if the Gateway had. Never waits.
    pub(crate) fn hang_up(&self, why: &str) {
        if let Some(retired) = &self.lock().retired {
            tracing::info!(bot = %self.name, why, "The link to the Gateway is hung up");
            retired.shut();
        }
    }

    /// Queues a recorded order. Returns false when the link is not up; the order is then gone, and
    /// never sent.
    pub(crate) fn push_order(&self, order: Held) -> bool {
        let mut guarded = self.lock();
        match guarded.phase {
            Phase::Up(_) => guarded.lanes.push_order(order),
            Phase::Down | Phase::Opening => return false,
        }
        drop(guarded);
        self.changed.notify_all();
        true
    }

    /// Queues a cancel ahead of everything; an order that it finds unsent never leaves.
    pub(crate) fn push_cancel(self: &Arc<Self>, cancel: WaitingCancel) {
        let mut guarded = self.lock();
        let dropped = guarded.lanes.push_cancel(cancel);
        drop(guarded);
        self.changed.notify_all();
        self.not_sent(&dropped);
        self.dial();
    }

    /// Makes the frame of a bot's own cancel in the form of its session.
    pub(crate) fn cancel_of_bot(&self, order_id: OrderId, body: Vec<u8>) -> WaitingCancel {
        let version = self.lock().bot_version;
        version
            .and_then(|version| CancelFrame::try_new(version, order_id, body))
            .map_or(WaitingCancel::Own(order_id), WaitingCancel::Forward)
    }

    /// Queues a data frame of `bot`, and makes the bot wait while too much is queued.
    pub(crate) fn push_data(&self, bot: &Arc<BotSide>, frame: &PassFrame<'_>) {
        let mut guarded = self.lock();
        while guarded.lanes.data_len() + frame.len() > DATA_MAX
            && guarded.lanes.data_len() > 0
            && self.is_bot(bot)
        {
            guarded = self.changed.wait(guarded).unwrap_or_else(PoisonError::into_inner);
        }
        if guarded.phase != Phase::Down {
            guarded.lanes.push_data(frame);
        }
        drop(guarded);
        self.changed.notify_all();
    }

    /// Queues a data frame that `bot` sent a while ago, unless another session has its place by
    /// now: an answer would go to one that did not ask. Never waits.
    pub(crate) fn push_late(&self, bot: &Arc<BotSide>, frame: &PassFrame<'_>) {
        let present = locked(&self.bot);
        if !present.as_ref().is_some_and(|present| Arc::ptr_eq(present, bot)) {
            return;
        }
        let mut guarded = self.lock();
        if guarded.phase != Phase::Down {
            guarded.lanes.push_data(frame);
        }
        drop(guarded);
        drop(present);
        self.changed.notify_all();
    }

    /// Takes the orders that a halt made stale out of their lane.
    pub(crate) fn void_stale(&self) {
        let board = &self.board;
        let stale =
            self.lock().lanes.take_orders(|order| !board.is_current(order.recorded.get().epochs()));
        self.not_sent(&stale);
    }

    /// Takes one order out of its lane.
    pub(crate) fn void(&self, entry: EntrySeq) {
        let voided = self.lock().lanes.take_orders(|order| order.entry() == entry);
        self.not_sent(&voided);
    }

    pub(crate) fn board(&self) -> &HaltBoard {
        &self.board
    }

    /// From here on the Gateway's nextValidId is raised to at least `next`.
    pub(crate) fn raise_high_water(&self, next: OrderId) {
        self.high_water.fetch_max(next.get(), Ordering::SeqCst);
    }

    /// Queues a body for the bot, if one is attached.
    pub(crate) fn to_bot(&self, body: &[u8]) {
        if let Some(bot) = &*locked(&self.bot) {
            bot.push(body);
        }
    }

    pub(crate) fn client_id(&self) -> ClientId {
        self.client_id
    }

    /// Returns the session of the attached bot.
    pub(crate) fn bot(&self) -> Option<Arc<BotSide>> {
        locked(&self.bot).clone()
    }

    pub(crate) fn last_frames(&self, order_id: OrderId) -> LastFrames {
        locked(&self.memory).last(order_id)
    }

    fn lock(&self) -> MutexGuard<'_, Guarded> {
        locked(&self.guarded)
    }

    /// Returns whether approvals of another version than `version` may still arrive.
    fn is_mixed(&self, version: ServerVersion) -> bool {
        let guarded = self.lock();
        guarded.is_mixed || guarded.bot_version.is_some_and(|of_bot| of_bot != version)
    }

    fn is_bot(&self, bot: &Arc<BotSide>) -> bool {
        bot.why().is_none()
    }

    fn not_sent(&self, orders: &[Held]) {
        for order in orders {
            self.around.inbox.fact(Input::NotSent { entry: order.entry() });
        }
    }

    /// Takes the link from the present session, for the caller to end. Returns the number of the
    /// next one, or `None` when the link is closed for good.
    fn supersede(
        &self,
        why: &str,
        note: impl FnOnce(&mut Guarded),
    ) -> (Option<u64>, Option<Retired>) {
        let mut guarded = self.lock();
        note(&mut guarded);
        guarded.session += 1;
        let number = guarded.session;
        let is_closed = guarded.is_closed;
        let next = if is_closed { Phase::Down } else { Phase::Opening };
        let was_up = matches!(std::mem::replace(&mut guarded.phase, next), Phase::Up(_));
        let unsent = guarded.lanes.take_orders(|_| true);
        guarded.lanes.drop_data();
        let retired = guarded.retired.take();
        drop(guarded);
        self.changed.notify_all();
        self.not_sent(&unsent);
        if was_up {
            self.around.inbox.fact(Input::LinkDown { bot: self.name.clone(), why: why.to_owned() });
        }
        ((!is_closed).then_some(number), retired)
    }

    fn spawn(self: &Arc<Self>, number: u64, opening: Option<Opening>) {
        let link = Arc::clone(self);
        let span =
            tracing::info_span!("conn", role = "gateway", bot = %self.name, session = number);
        let name = format!("link-{}", self.name);
        let spawned =
            self.around.crew.spawn(name, move || span.in_scope(|| link.run(number, opening)));
        if let Err(error) = spawned {
            tracing::error!(%error, "No thread for a link");
            self.went_down(number, "no thread could be started");
        }
    }

    /// Notes that session `number` lost its connection. Returns false when it does not hold the
    /// link any more.
    fn went_down(&self, number: u64, why: &str) -> bool {
        let mut guarded = self.lock();
        if guarded.session != number || guarded.is_closed {
            return false;
        }
        let was_up = matches!(guarded.phase, Phase::Up(_));
        guarded.phase = Phase::Opening;
        guarded.retired = None;
        let unsent = guarded.lanes.take_orders(|_| true);
        guarded.lanes.drop_data();
        drop(guarded);
        self.changed.notify_all();
        self.not_sent(&unsent);
        let bot = locked(&self.bot).take();
        if was_up || bot.is_some() {
            tracing::warn!(why, "The link to the Gateway is down");
            self.around.inbox.fact(Input::LinkDown { bot: self.name.clone(), why: why.to_owned() });
        }
        if let Some(bot) = bot {
            bot.close(format!("the Gateway is gone: {why}"));
        }
        true
    }

    /// Waits unless the link is taken over meanwhile. Returns whether `number` still holds it.
    fn wait(&self, number: u64, duration: Duration) -> bool {
        let deadline = Instant::now() + duration;
        let mut guarded = self.lock();
        loop {
            if guarded.session != number || guarded.is_closed {
                return false;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            guarded =
                self.changed.wait_timeout(guarded, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Lets the session be ended from outside. Returns what must live as long as its reader, or
    /// `None` when it does not hold the link any more.
    fn hold(&self, number: u64, socket: TcpStream) -> Option<Sender<()>> {
        let (here, left) = bounded(0);
        let mut guarded = self.lock();
        if guarded.session != number || guarded.is_closed {
            return None;
        }
        guarded.retired = Some(Retired { socket, left });
        Some(here)
    }
}

impl Retired {
    /// Asks the Gateway to close, waits for it a moment, then closes.
    fn end(self) {
        // A socket that is gone already is what is wanted.
        drop(self.socket.shutdown(Shutdown::Write));
        self.left.recv_timeout(RETIRE_WITHIN).ok();
        self.shut();
    }

    fn shut(&self) {
        drop(self.socket.shutdown(Shutdown::Both));
    }
}
