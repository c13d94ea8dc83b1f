//! The driver with sockets and a clock: hands the hub what arrives and how late it is, and writes
//! what the hub says.
//!
//! One thread; it must never wait for a client, except where time itself waits for the slowest
//! client (as fast as possible). Started by the server.

use std::collections::BTreeMap;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError};

use super::clock::{MarketClock, between};
use super::hub::{Arrival, Hub, Output, SessionId};
use super::outbox::Ending;
use super::session::{Entrance, Socket};
use super::trouble::{Answer, DrillFailed, Wish};
use crate::world::drill::Line;

/// How far the clients' time may run ahead of the hub before beats are given up.
const LATE_MAX: Duration = Duration::from_secs(1);
/// How often the slowest client is looked at, as fast as possible.
const LOOK: Duration = Duration::from_millis(1);

/// What threads tell the driver.
#[derive(Debug)]
pub(super) enum Knock {
    Opened {
        session: SessionId,
        way: Socket,
    },
    Bytes {
        session: SessionId,
        bytes: Vec<u8>,
    },
    Closed {
        session: SessionId,
    },
    /// A person's line, answered when it holds.
    Line {
        line: Box<Line>,
        answer: Sender<Result<Answer, DrillFailed>>,
    },
    Stop,
}

/// The hub with its sockets.
pub(super) struct Live {
    hub: Hub,
    clock: MarketClock,
    /// In the clients' time.
    beat: Duration,
    is_max: bool,
    sockets: BTreeMap<SessionId, Socket>,
}

impl Live {
    pub(super) fn new(hub: Hub, clock: MarketClock, beat: Duration, is_max: bool) -> Self {
        Self { hub, clock, beat, is_max, sockets: BTreeMap::new() }
    }

    /// Serves until told to stop.
    pub(super) fn run(mut self, inbox: &Receiver<Knock>, mut entrance: Entrance) {
        loop {
            let next = if self.is_max { self.next_at_once(inbox) } else { self.next(inbox) };
            match next {
                Ok(Some(Knock::Stop)) | Err(Stopped) => break,
                Ok(Some(knock)) => self.take(knock, &mut entrance),
                Ok(None) => {}
            }
            if let Err(error) = self.deliver(&mut entrance) {
                tracing::error!(%error, "A drill could not be carried out");
            }
        }
        entrance.close();
        for socket in self.sockets.values() {
            socket.close();
        }
    }

    /// Waits for the next arrival or for the hub's next wake, by the clock.
    fn next(&mut self, inbox: &Receiver<Knock>) -> Result<Option<Knock>, Stopped> {
        let wait = self.clock.until(self.hub.next_wake());
        let knock = match inbox.recv_timeout(wait) {
            Ok(knock) => Some(knock),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return Err(Stopped),
        };
        let now = self.clock.now();
        let late = between(self.hub.next_wake(), now);
        if late > between(self.hub.now(), self.hub.after(LATE_MAX)) {
            tracing::debug!(?late, "Beats are given up");
            self.hub.skip_to(now);
        }
        self.hub.pass_time(now);
        Ok(knock)
    }

    /// Lets time jump when nothing is pending. It stands still while nobody is there, and runs
    /// with the clock while somebody is not let in yet: a client that connects would miss hours.
    fn next_at_once(&mut self, inbox: &Receiver<Knock>) -> Result<Option<Knock>, Stopped> {
        if !self.hub.has_company() {
            return inbox.recv().map(Some).map_err(|_| Stopped);
        }
        let is_behind = self.sockets.values().any(Socket::is_behind);
        let wait = if is_behind { LOOK } else { self.beat };
        if is_behind || self.hub.has_someone_at_the_door() {
            match inbox.recv_timeout(wait) {
                Ok(knock) => return Ok(Some(knock)),
                Err(RecvTimeoutError::Timeout) if is_behind => return Ok(None),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(Stopped),
            }
        } else {
            match inbox.try_recv() {
                Ok(knock) => return Ok(Some(knock)),
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => return Err(Stopped),
            }
        }
        self.hub.pass_time(self.hub.next_wake());
        Ok(None)
    }

    fn take(&mut self, knock: Knock, entrance: &mut Entrance) {
        let now = self.hub.now();
        match knock {
            Knock::Opened { session, way } => {
                self.sockets.insert(session, way);
                self.hub.take(Arrival::Opened { session }, now);
            }
            Knock::Bytes { session, bytes } => {
                self.hub.take(Arrival::Bytes { session, bytes }, now);
            }
            Knock::Closed { session } => {
                self.sockets.remove(&session);
                self.hub.take(Arrival::Closed { session }, now);
            }
            Knock::Line { line, answer } => {
                let said = self.hub.take_line(*line);
                // What it ends, ends before its sender hears of it.
                let said = said.and_then(|said| self.deliver(entrance).map(|()| said));
                if answer.send(said).is_err() {
                    tracing::debug!("Nobody waits for the drill");
                }
            }
            Knock::Stop => {}
        }
    }

    /// Hands over what the hub says, and does what it wishes.
    fn deliver(&mut self, entrance: &mut Entrance) -> Result<(), DrillFailed> {
        let mut done = Ok(());
        for wish in self.hub.wishes() {
            done = done.and(self.grant(wish, entrance));
        }
        self.send_outputs();
        done
    }

    fn grant(&mut self, wish: Wish, entrance: &mut Entrance) -> Result<(), DrillFailed> {
        let failed = |error: std::io::Error| {
            DrillFailed::new(
                format!("The port cannot be had: {error}."),
                "Name another port; port 0 picks a free one.",
            )
        };
        match wish {
            Wish::Read { session, on } => {
                if let Some(socket) = self.sockets.get(&session) {
                    socket.read(on);
                }
            }
            Wish::CloseDoor => entrance.close(),
            Wish::OpenDoor => entrance.open().map_err(failed)?,
            Wish::Move { port } => {
                let port = entrance.move_to(port).map_err(failed)?;
                self.hub.moved(port);
            }
            // 128 and SIGKILL: what a shell says of a process that was killed.
            Wish::Die => std::process::exit(137),
        }
        Ok(())
    }

    fn send_outputs(&mut self) {
        for Output { session, bytes, ending, .. } in self.hub.outputs() {
            let Some(socket) = self.sockets.get(&session) else { continue };
            if !bytes.is_empty() {
                socket.send(bytes);
            }
            match ending {
                None => {}
                Some(Ending::Now) => {
                    socket.close();
                    self.sockets.remove(&session);
                }
                Some(Ending::Reset) => {
                    if let Some(socket) = self.sockets.remove(&session) {
                        socket.reset_after_bytes();
                    }
                }
                Some(Ending::AfterBytes) => {
                    if let Some(socket) = self.sockets.remove(&session) {
                        socket.close_after_bytes();
                    }
                }
            }
        }
    }
}

/// Everybody who could have said something is gone.
struct Stopped;
