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
use super::session::Socket;
use crate::world::drill::Drill;

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
    /// A person's act; `done` is told when it holds.
    Drill {
        drill: Drill,
        done: Sender<()>,
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
    pub(super) fn run(mut self, inbox: &Receiver<Knock>) {
        loop {
            let next = if self.is_max { self.next_at_once(inbox) } else { self.next(inbox) };
            match next {
                Ok(Some(Knock::Stop)) | Err(Stopped) => break,
                Ok(Some(knock)) => self.take(knock),
                Ok(None) => {}
            }
            self.deliver();
        }
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

    fn take(&mut self, knock: Knock) {
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
            Knock::Drill { drill, done } => {
                self.hub.take(Arrival::Drill(drill), now);
                // What it ends, ends before its sender hears of it.
                self.deliver();
                if done.send(()).is_err() {
                    tracing::debug!("Nobody waits for the drill");
                }
            }
            Knock::Stop => {}
        }
    }

    fn deliver(&mut self) {
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
