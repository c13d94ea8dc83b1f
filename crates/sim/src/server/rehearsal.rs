//! The driver without sockets and without a clock: whoever holds it says what clients say and when,
//! and hears what the server says. For tests and replays.
//!
//! It must never know what bytes mean.

use std::collections::BTreeMap;
use std::time::Duration;

use gatehouse_tws::ServerVersion;
use gatehouse_types::Utc;

use super::clock::Speed;
use super::control::Script;
use super::hub::{Arrival, Hub, HubConfig, SessionId};
use super::outbox::Ending;
use super::temper::Temper;
use super::trouble::{Answer, DrillFailed, Wish};
use crate::world::drill::Line;
use crate::world::time::Step;
use crate::world::{Agreement, World, WorldConfig};

/// What a rehearsal is asked to be.
pub struct RehearsalConfig {
    /// When the market's time begins.
    pub start: Utc,
    /// Relates the clients' waits to the market's time; nothing else depends on it.
    pub speed: Speed,
    /// How often quotes are sent, in the clients' time.
    pub beat: Duration,
    /// The newest version it offers.
    pub max_version: ServerVersion,
    pub script: Script,
    pub temper: Temper,
    /// What holds for the account.
    pub agreed: Agreement,
}

/// What one client has heard and has not taken yet.
#[derive(Debug, Default)]
struct Ear {
    bytes: Vec<u8>,
    ended: Option<Ending>,
}

/// A server on virtual time.
pub struct Rehearsal {
    hub: Hub,
    ears: BTreeMap<SessionId, Ear>,
    next_session: u64,
    is_listening: bool,
    is_dead: bool,
}

impl Rehearsal {
    /// Makes a server; the market's time stands at its start.
    #[must_use]
    pub fn new(config: RehearsalConfig, world: WorldConfig) -> Self {
        let RehearsalConfig { start, speed, beat, max_version, script, temper, agreed } = config;
        let mut world = World::new(WorldConfig { start: Step::of(start), ..world });
        world.agree(agreed);
        let (record, state) = (None, None);
        let config = HubConfig { start, speed, beat, max_version, record, script, temper, state };
        Self {
            hub: Hub::new(world, config),
            ears: BTreeMap::new(),
            next_session: 1,
            is_listening: true,
            is_dead: false,
        }
    }

    /// Returns the market's time.
    #[must_use]
    pub fn now(&self) -> Utc {
        self.hub.now()
    }

    /// Opens a connection, now.
    pub fn open(&mut self) -> SessionId {
        let session = SessionId(self.next_session);
        self.next_session += 1;
        self.ears.insert(session, Ear::default());
        self.take(Arrival::Opened { session });
        session
    }

    /// Says bytes of a client, in any cut, now.
    pub fn say(&mut self, session: SessionId, bytes: &[u8]) {
        self.take(Arrival::Bytes { session, bytes: bytes.to_vec() });
    }

    /// Ends a connection from the client's side, now.
    pub fn close(&mut self, session: SessionId) {
        self.take(Arrival::Closed { session });
    }

    /// Takes a line of the control port, now.
    ///
    /// # Errors
    /// What it asks for cannot be done.
    pub fn line(&mut self, line: Line) -> Result<Answer, DrillFailed> {
        let answer = self.hub.take_line(line);
        self.listen();
        answer
    }

    /// Returns whether the process would have ended without a word.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.is_dead
    }

    /// Returns whether somebody listens for new connections.
    #[must_use]
    pub fn is_listening(&self) -> bool {
        self.is_listening
    }

    /// Lets the market's time pass up to an instant.
    pub fn pass_to(&mut self, to: Utc) {
        self.hub.pass_time(to);
        self.listen();
    }

    /// Lets the market's time pass.
    pub fn pass(&mut self, stretch: Duration) {
        self.pass_to(self.now().plus(stretch));
    }

    /// Takes what a client has heard since the last time.
    pub fn hear(&mut self, session: SessionId) -> Vec<u8> {
        self.ears.get_mut(&session).map(|ear| std::mem::take(&mut ear.bytes)).unwrap_or_default()
    }

    /// Returns how the server ended a connection, or `None` while it has not.
    #[must_use]
    pub fn ended(&self, session: SessionId) -> Option<Ending> {
        self.ears.get(&session)?.ended
    }

    /// Opens a connection under a name of before.
    pub(super) fn open_as(&mut self, session: SessionId, at: Utc) {
        self.ears.insert(session, Ear::default());
        self.take_at(Arrival::Opened { session }, at);
    }

    pub(super) fn say_at(&mut self, session: SessionId, bytes: &[u8], at: Utc) {
        self.take_at(Arrival::Bytes { session, bytes: bytes.to_vec() }, at);
    }

    pub(super) fn close_at(&mut self, session: SessionId, at: Utc) {
        self.take_at(Arrival::Closed { session }, at);
    }

    /// Takes a line of the control port; what the driver with sockets would do besides is not done.
    pub(super) fn line_at(&mut self, line: Line, at: Utc) {
        self.hub.pass_time(at);
        if let Err(error) = self.hub.take_line(line) {
            tracing::debug!(%error, "The recorded line could not be carried out");
        }
        self.hub.wishes();
        self.listen();
    }

    /// Lets the beats up to an instant happen.
    pub(super) fn wake_to(&mut self, at: Utc) {
        self.hub.wake_to(at);
        self.listen();
    }

    /// Gives up the beats before an instant.
    pub(super) fn skip_to(&mut self, at: Utc) {
        self.hub.skip_to(at);
    }

    /// Takes what everybody has heard, and whose connection the server ended.
    pub(super) fn hear_all(&mut self) -> Vec<(SessionId, Vec<u8>, bool)> {
        let heard =
            self.ears.iter_mut().filter(|(_, ear)| !ear.bytes.is_empty() || ear.ended.is_some());
        heard
            .map(|(session, ear)| (*session, std::mem::take(&mut ear.bytes), ear.ended.is_some()))
            .collect()
    }

    /// Forgets what was heard.
    pub(super) fn forget_heard(&mut self) {
        self.ears.clear();
    }

    /// Returns the id that a connected client gave itself.
    pub(super) fn client_id(&self, session: SessionId) -> Option<i32> {
        Some(self.hub.clients.get(&session)?.id?.get())
    }

    fn take(&mut self, arrival: Arrival) {
        self.take_at(arrival, self.hub.now());
    }

    fn take_at(&mut self, arrival: Arrival, at: Utc) {
        self.hub.take(arrival, at);
        self.listen();
    }

    fn listen(&mut self) {
        for wish in self.hub.wishes() {
            match wish {
                Wish::Read { .. } => {}
                Wish::CloseDoor => self.is_listening = false,
                Wish::OpenDoor => self.is_listening = true,
                Wish::Move { port } => self.hub.moved(port),
                Wish::Die => self.is_dead = true,
            }
        }
        for output in self.hub.outputs() {
            let ear = self.ears.entry(output.session).or_default();
            ear.bytes.extend_from_slice(&output.bytes);
            ear.ended = ear.ended.or(output.ending);
        }
    }
}

#[cfg(test)]
mod tests;
