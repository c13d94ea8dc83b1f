//! The thread that owns the world: takes what arrives, lets time pass, answers and informs.
//!
//! It must never wait for a client. Started by the server.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use gatehouse_tws::ServerVersion;
use gatehouse_tws::answer::{ManagedAccounts, NextValidId};
use gatehouse_tws::handshake::StartApi;
use gatehouse_tws::request::Request;
use gatehouse_types::{AccountId, ClientId};

use super::client::Client;
use super::clock::MarketClock;
use super::control::Script;
use super::session::Outbox;
use crate::record::Record;
use crate::world::drill::Drill;
use crate::world::time::Step;
use crate::world::{Event, Said, World};

/// Clients that one Gateway serves, as the real one.
const CLIENTS_MAX: usize = 32;
/// How often quotes are sent and orders are worked while somebody is there.
const BEAT: Duration = Duration::from_millis(250);
/// How often time passes when nobody is there.
const IDLE_BEAT: Duration = Duration::from_secs(5);
/// How long a client may wait for the end of an earlier session with its id: the official client
/// closes its socket up to a second after it says so.
const KNOCK_WAIT: Duration = Duration::from_secs(2);
/// Frames that are kept of a client that waits.
const EARLY_MAX: usize = 64;
/// Beats between two looks at profit and growing bars.
const SLOW_BEATS: u64 = 4;
/// Beats between two reports of the account without a fill: three minutes, as the real one.
const ACCOUNT_BEATS: u64 = 720;

/// Names one connection for the life of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SessionId(pub(super) u64);

/// What reaches the hub.
#[derive(Debug)]
pub(super) enum Arrival {
    Opened {
        session: SessionId,
        version: ServerVersion,
        outbox: Outbox,
    },
    Frame {
        session: SessionId,
        body: Vec<u8>,
    },
    Closed {
        session: SessionId,
    },
    /// A person's act; `done` is told when it holds.
    Drill {
        drill: Drill,
        done: Sender<()>,
    },
    Stop,
}

/// The world and the clients around it.
pub(super) struct Hub {
    pub(super) world: World,
    pub(super) clients: BTreeMap<SessionId, Client>,
    clock: MarketClock,
    record: Option<Record>,
    script: Script,
    /// When the market's time began, from which the script counts.
    began: Step,
    n_beats: u64,
}

impl Hub {
    pub(super) fn new(
        world: World,
        clock: MarketClock,
        record: Option<Record>,
        script: Script,
    ) -> Self {
        let began = world.now();
        Self { world, clients: BTreeMap::new(), clock, record, script, began, n_beats: 0 }
    }

    /// Serves until told to stop.
    pub(super) fn run(mut self, inbox: &Receiver<Arrival>) {
        let mut beat_at = Instant::now() + BEAT;
        loop {
            let wait = beat_at.saturating_duration_since(Instant::now());
            match inbox.recv_timeout(wait) {
                Ok(Arrival::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(arrival) => {
                    let was_idle = self.clients.is_empty();
                    self.pass_time();
                    self.take(arrival);
                    if was_idle {
                        beat_at = beat_at.min(Instant::now() + BEAT);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    self.pass_time();
                    self.beat();
                    let idle = self.clients.is_empty() && !self.world.has_live_orders();
                    beat_at = Instant::now() + if idle { IDLE_BEAT } else { BEAT };
                }
            }
        }
        for client in self.clients.values() {
            client.outbox.close();
        }
    }

    fn pass_time(&mut self) {
        let events = self.world.advance(self.clock.step());
        self.route(events);
        let elapsed = self.world.now().secs() - self.began.secs();
        while let Some(drill) = self.script.take_due(elapsed) {
            self.drill(&drill);
        }
    }

    /// Takes up a drill: the market's part in the world, the connections' part here.
    fn drill(&mut self, drill: &Drill) {
        tracing::info!(?drill, "Drill");
        self.world.drill(drill);
        match drill {
            Drill::Notice { code, text } => {
                for client in self.clients.values().filter(|client| client.id.is_some()) {
                    client.complain(-1, *code, text.clone());
                }
            }
            Drill::Drop => {
                for client in std::mem::take(&mut self.clients).into_values() {
                    client.outbox.close();
                }
            }
            Drill::Usual(_)
            | Drill::Data(..)
            | Drill::Quote(..)
            | Drill::Spread(..)
            | Drill::Cross(..)
            | Drill::Jump(..)
            | Drill::Reject { .. } => self.push_lines(),
        }
    }

    fn beat(&mut self) {
        self.n_beats += 1;
        self.answer_knocks();
        self.push_lines();
        if self.n_beats.is_multiple_of(SLOW_BEATS) {
            self.push_profit();
            self.push_bars();
        }
        if self.n_beats.is_multiple_of(ACCOUNT_BEATS) {
            self.push_account();
        }
    }

    fn take(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Opened { session, version, outbox } => {
                if self.clients.len() >= CLIENTS_MAX {
                    tracing::warn!("Too many clients");
                    outbox.close();
                    return;
                }
                self.clients.insert(session, Client::new(version, self.clock, outbox));
            }
            Arrival::Closed { session } => {
                self.clients.remove(&session);
                self.answer_knocks();
            }
            Arrival::Frame { session, body } => self.frame(session, &body),
            Arrival::Drill { drill, done } => {
                self.drill(&drill);
                if done.send(()).is_err() {
                    tracing::debug!("Nobody waits for the drill");
                }
            }
            Arrival::Stop => {}
        }
    }

    fn frame(&mut self, session: SessionId, body: &[u8]) {
        let Some(client) = self.clients.get_mut(&session) else { return };
        let version = client.version;
        if client.knocks.is_some() {
            if client.early.len() < EARLY_MAX {
                client.early.push(body.to_vec());
            }
            return;
        }
        let Some(client_id) = client.id else {
            self.begin(session, version, body);
            return;
        };
        let noted = self.record.as_mut().map(|record| record.note(client_id, version, body));
        if let Some(Err(error)) = noted {
            tracing::error!(%error, "Frame could not be recorded and is not acted on");
            client.complain(-1, 321, "The simulated Gateway cannot write its record");
            return;
        }
        match Request::decode(version, body) {
            Ok(request) => self.answer(session, client_id, request, body),
            Err(error) => {
                let text = format!("Error reading request: {}", chain(&error));
                tracing::warn!(%text, "Frame is not understood");
                let id = super::requests::id_in_body(version, body);
                client.complain(id, 320, text);
            }
        }
    }

    /// START_API: gives the client its accounts and its next order id.
    fn begin(&mut self, session: SessionId, version: ServerVersion, body: &[u8]) {
        let client_id = match StartApi::decode(version, body) {
            Ok(start) => start.client_id,
            Err(error) => {
                tracing::warn!(error = %chain(&error), "Session does not begin with startApi");
                if let Some(client) = self.clients.remove(&session) {
                    client.outbox.close();
                }
                return;
            }
        };
        if self.clients.values().any(|client| client.id == Some(client_id)) {
            if let Some(client) = self.clients.get_mut(&session) {
                client.knocks.get_or_insert((client_id, Instant::now()));
            }
            return;
        }
        self.welcome(session, client_id);
    }

    /// Lets in who waited for its id to become free, and turns away who waited too long. A client
    /// that reconnects at once can be heard before the end of its earlier session is.
    fn answer_knocks(&mut self) {
        let knocking: Vec<(SessionId, ClientId, Instant)> = self
            .clients
            .iter()
            .filter_map(|(session, client)| client.knocks.map(|(id, at)| (*session, id, at)))
            .collect();
        for (session, client_id, at) in knocking {
            if !self.clients.values().any(|client| client.id == Some(client_id)) {
                self.welcome(session, client_id);
            } else if at.elapsed() >= KNOCK_WAIT
                && let Some(client) = self.clients.remove(&session)
            {
                let text = "Unable to connect as the client id is already in use. Retry with a unique client id.";
                client.complain(-1, 326, text);
                client.outbox.close_after_frames();
            }
        }
    }

    fn welcome(&mut self, session: SessionId, client_id: ClientId) {
        let Some(client) = self.clients.get_mut(&session) else { return };
        client.id = Some(client_id);
        client.knocks = None;
        let early = std::mem::take(&mut client.early);
        tracing::info!(%client_id, version = %client.version, "Client connected");
        self.say_accounts(session);
        self.say_next_id(session, client_id);
        let Some(client) = self.clients.get(&session) else { return };
        for (code, text) in [
            (2104, "Market data farm connection is OK:usfarm"),
            (2106, "HMDS data farm connection is OK:ushmds"),
            (2158, "Sec-def data farm connection is OK:secdefil"),
        ] {
            client.complain(-1, code, text);
        }
        for body in early {
            self.frame(session, &body);
        }
    }

    pub(super) fn say_accounts(&self, session: SessionId) {
        if let Some(client) = self.clients.get(&session) {
            let accounts = vec![AccountId::new(self.world.account_id())];
            client.say(ManagedAccounts { accounts }.encode(client.version));
        }
    }

    pub(super) fn say_next_id(&self, session: SessionId, client_id: ClientId) {
        if let Some(client) = self.clients.get(&session) {
            let order_id = self.world.next_order_id(client_id);
            client.say(NextValidId { order_id }.encode(client.version));
        }
    }

    /// Sends events to the clients they are about; a fill concerns every account subscriber.
    pub(super) fn route(&mut self, events: Vec<Event>) {
        let mut traded = false;
        for event in events {
            traded |= matches!(event.said, Said::Execution(_));
            let client = self.clients.values().find(|client| client.id == Some(event.client_id));
            let Some(client) = client else { continue };
            match event.said {
                Said::Open(open) => client.say(open.encode(client.version)),
                Said::Status(report) => client.say(report.encode(client.version)),
                Said::Execution(report) => client.say(report.encode(client.version)),
                Said::Commission(report) => client.say(report.encode(client.version)),
                Said::Message(report) => client.say_error(report),
            }
        }
        if traded {
            self.push_account();
        }
    }
}

/// The whole chain of an error in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
