//! A running proxy, as the composition root holds it.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use gatehouse_engine::{Command, CommandError, Done, Engine, Input, Ticket};
use gatehouse_ledger::CloseError;
use gatehouse_types::{BotName, Now};

use crate::Clock;
use crate::checks::Checks;
use crate::crew::Crew;
use crate::driver::Driver;
use crate::halt_board::AccountEpoch;
use crate::hearing::{Ear, Hearing, ear};
use crate::inbox::{Inbox, Mail, Message};
use crate::link::{GatewayAddress, Surroundings, Timing};
use crate::locked::locked;
use crate::outbox::OutboxBounds;
use crate::past::{PastEar, PastRequests, past};
use crate::recorder::{LedgerEar, Recorder};
use crate::shelf::Shelf;
use crate::switchboard::{Askers, DeskRequest, Listening, Ports, Switchboard};

/// How long a person's command may take; the engine answers within a step.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);

/// Requests to the desk that may wait for it; it answers a repeated one once.
const DESK_REQUESTS_MAX: usize = 1024;

/// What the composition root decides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProxyConfig {
    /// `HOST:PORT` of the Gateway; `None` until there is one.
    pub gateway: Option<String>,
    pub outbox: OutboxBounds,
    pub timing: Timing,
}

/// The ends that must exist before the ledger and the proxy do.
pub struct Wiring {
    inbox: Inbox,
    mail: Mail,
    shelf: Arc<Shelf>,
    checks: Arc<Checks>,
    ear: Ear,
    hearing: Hearing,
    past_ear: PastEar,
    past: PastRequests,
}

impl Default for Wiring {
    fn default() -> Self {
        Self::new()
    }
}

impl Wiring {
    /// Makes the ends.
    #[must_use]
    pub fn new() -> Self {
        let (inbox, mail) = Inbox::new();
        let (ear, hearing) = ear();
        let (past_ear, past) = past();
        let (shelf, checks) = (Arc::default(), Arc::default());
        Self { inbox, mail, shelf, checks, ear, hearing, past_ear, past }
    }

    /// Returns how long judgements take, from the first one on.
    #[must_use]
    pub fn checks(&self) -> Arc<Checks> {
        Arc::clone(&self.checks)
    }

    /// Returns what links and doors hear that has a code. Each message is heard once, by
    /// whoever takes it first.
    #[must_use]
    pub fn hearing(&self) -> Hearing {
        self.hearing.clone()
    }

    /// Returns bots' requests for the past. Each is seen once, by whoever takes it first.
    #[must_use]
    pub fn past(&self) -> PastRequests {
        self.past.clone()
    }

    /// Returns what the ledger's thread calls.
    #[must_use]
    pub fn ledger_ear(&self) -> LedgerEar {
        LedgerEar::new(self.inbox.clone(), Arc::clone(&self.shelf))
    }
}

/// Why a command has no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// The engine says no.
    #[error("the command was not carried out")]
    Refused(#[source] CommandError),
    /// It is not known whether the command was carried out.
    #[error("the engine did not answer within {} s", ANSWER_WITHIN.as_secs())]
    NoAnswer,
}

/// Why a proxy did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("the driver's thread could not be started")]
    Spawn(#[source] io::Error),
    #[error("the driver ended before it began")]
    Driver,
}

/// A running proxy. Dropping it stops it.
pub struct Proxy {
    inbox: Inbox,
    around: Surroundings,
    askers: Askers,
    ports: Ports,
    desk: Receiver<DeskRequest>,
    ended: Receiver<()>,
    closed: Receiver<Result<(), CloseError>>,
    n_tickets: AtomicU64,
}

impl Proxy {
    /// Starts the driver with a restored engine, and opens every door it asks for.
    ///
    /// # Errors
    /// The machine gives no threads.
    pub fn start(
        engine: Engine,
        recorder: impl Recorder,
        wiring: Wiring,
        clock: Arc<dyn Clock>,
        config: ProxyConfig,
    ) -> Result<Self, StartError> {
        let Wiring { inbox, mail, shelf, checks, ear, hearing: _, past_ear, past: _ } = wiring;
        let around = Surroundings {
            gateway: Arc::new(GatewayAddress::new(config.gateway)),
            inbox: inbox.clone(),
            crew: Arc::new(Crew::default()),
            timing: config.timing,
            pacer: Arc::default(),
            ear,
            past: past_ear,
        };
        let (to_desk, desk) = bounded(DESK_REQUESTS_MAX);
        let (askers, ports) = (Askers::default(), Ports::default());
        let switchboard = Switchboard {
            around: around.clone(),
            account: AccountEpoch::default(),
            shelf,
            recorder: Some(Box::new(recorder)),
            desk: to_desk,
            askers: Arc::clone(&askers),
            ports: Arc::clone(&ports),
            bounds: config.outbox,
            posts: BTreeMap::new(),
        };
        let driver = Driver { engine, clock, switchboard, mail, checks };
        let (started, has_started) = bounded(1);
        let (alive, ended) = bounded(0);
        let (close, closed) = bounded(1);
        around
            .crew
            .spawn("driver", move || {
                let _alive = alive;
                close.send(driver.run(&started)).ok();
            })
            .map_err(StartError::Spawn)?;
        has_started.recv().map_err(|_| StartError::Driver)?;
        let n_tickets = AtomicU64::new(1);
        Ok(Self { inbox, around, askers, ports, desk, ended, closed, n_tickets })
    }

    /// Hands the engine an input: a fact, or a person's act ahead of everything else.
    pub fn send(&self, input: Input) {
        if matches!(input, Input::Person { .. }) {
            self.inbox.person(Message::Input(Box::new(input)));
        } else {
            self.inbox.fact(input);
        }
    }

    /// Carries out a person's command, ahead of everything else, and waits for its result.
    ///
    /// # Errors
    /// The engine refuses, or does not answer.
    pub fn command(&self, command: Command) -> Result<Done, AskError> {
        let ticket = Ticket(self.n_tickets.fetch_add(1, Ordering::SeqCst));
        let (asker, answer) = bounded(1);
        locked(&self.askers).insert(ticket, asker);
        self.send(Input::Person { ticket, command });
        match answer.recv_timeout(ANSWER_WITHIN) {
            Ok(result) => result.map_err(AskError::Refused),
            Err(_) => {
                locked(&self.askers).remove(&ticket);
                Err(AskError::NoAnswer)
            }
        }
    }

    /// Looks at the engine between two steps, on the driver's thread: `look` must be short.
    /// Returns `None` when the driver has ended.
    pub fn inspect<R: Send + 'static>(
        &self,
        look: impl FnOnce(&Engine, Now) -> R + Send + 'static,
    ) -> Option<R> {
        let (seen, answer) = bounded(1);
        self.inbox.person(Message::Look(Box::new(move |engine, now| {
            drop(seen.send(look(engine, now)));
        })));
        answer.recv_timeout(ANSWER_WITHIN).ok()
    }

    /// Returns what the engine wants to know from the desk.
    #[must_use]
    pub fn desk_requests(&self) -> Receiver<DeskRequest> {
        self.desk.clone()
    }

    /// Returns the internal port of Gatehouse's own client; it is a door like any other.
    #[must_use]
    pub fn desk_port(&self) -> Option<u16> {
        self.port(&BotName::desk())
    }

    /// Returns the port on which a bot is awaited.
    #[must_use]
    pub fn port(&self, bot: &BotName) -> Option<u16> {
        match locked(&self.ports).get(bot) {
            Some(Listening::On(port)) => Some(*port),
            Some(Listening::Fault(_)) | None => None,
        }
    }

    /// Returns the state of every port.
    #[must_use]
    pub fn ports(&self) -> BTreeMap<BotName, Listening> {
        locked(&self.ports).clone()
    }

    /// Says where the Gateway is from here on; links that are up stay where they are.
    pub fn set_gateway(&self, address: Option<String>) {
        self.around.gateway.set(address);
    }

    /// Ends every connection to the Gateway, of bots and of the desk. They dial again, where
    /// [`Self::set_gateway`] says, if anywhere; what was not sent is not sent later.
    pub fn hang_up(&self, why: impl Into<String>) {
        self.inbox.person(Message::HangUp(why.into()));
    }

    /// Returns how many messages were sent to the Gateway in the last second, of all bots; the
    /// budget is [`MESSAGES_MAX`](crate::MESSAGES_MAX).
    #[must_use]
    pub fn n_messages(&self) -> usize {
        self.around.pacer.n_used(Instant::now())
    }

    /// Returns a channel that is disconnected when the driver has ended, for whatever reason.
    #[must_use]
    pub fn ended(&self) -> Receiver<()> {
        self.ended.clone()
    }

    /// Ends the driver, every door and every link, writes what the ledger still has to, and waits
    /// for all of it. Does nothing the second time.
    ///
    /// # Errors
    /// Entries were left unwritten.
    pub fn stop(&self) -> Result<(), CloseError> {
        self.inbox.person(Message::Stop);
        self.around.crew.join();
        self.closed.try_recv().unwrap_or(Ok(()))
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            tracing::error!(%error, "The ledger was not closed cleanly");
        }
    }
}
