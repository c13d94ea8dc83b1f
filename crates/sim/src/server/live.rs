//! The driver with sockets and a clock: hands the hub what arrives and how late it is, and writes
//! what the hub says.
//!
//! One thread; it must never wait for a client, except where time itself waits for the slowest
//! client (as fast as possible). Started by the server.

use std::collections::BTreeMap;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError};
use gatehouse_types::Utc;

use super::Until;
use super::clock::{MarketClock, between};
use super::hub::{Arrival, Hub, Output, SessionId};
use super::outbox::Ending;
use super::session::{Entrance, Socket};
use super::transcript::{Entry, TranscriptWriter};
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
    /// A person's line as a drill and as it was written, answered when it holds.
    Line {
        line: Box<Line>,
        text: String,
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
    transcript: Option<TranscriptWriter>,
    sockets: BTreeMap<SessionId, Socket>,
}

impl Live {
    pub(super) fn new(
        hub: Hub,
        clock: MarketClock,
        beat: Duration,
        transcript: Option<TranscriptWriter>,
    ) -> Self {
        let is_max = clock.is_max();
        Self { hub, clock, beat, is_max, transcript, sockets: BTreeMap::new() }
    }

    /// Serves until told to stop, or until the market's time is over.
    pub(super) fn run(
        mut self,
        inbox: &Receiver<Knock>,
        mut entrance: Entrance,
        until: Option<Until>,
    ) {
        let end = until.as_ref().map(|until| until.at);
        while end.is_none_or(|end| self.hub.now() < end) {
            let next = if self.is_max { self.next_at_once(inbox) } else { self.next(inbox) };
            match next {
                Ok(Some((Knock::Stop, _))) | Err(Stopped) => break,
                Ok(Some((knock, now))) => self.take(knock, now, &mut entrance),
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
        if until.is_some_and(|until| until.tell.send(()).is_err()) {
            tracing::debug!("Nobody waits for the end of the tape");
        }
    }

    /// Waits for the next arrival or for the hub's next wake, by the clock.
    fn next(&mut self, inbox: &Receiver<Knock>) -> Result<Option<Knocked>, Stopped> {
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
            self.note(now, &Entry::Skipped);
            self.hub.skip_to(now);
        }
        self.hub.wake_to(now);
        Ok(knock.map(|knock| (knock, now)))
    }

    /// Lets time jump when nothing is pending. It stands still while nobody is there, and runs
    /// with the clock while somebody is not let in yet: a client that connects would miss hours.
    fn next_at_once(&mut self, inbox: &Receiver<Knock>) -> Result<Option<Knocked>, Stopped> {
        if !self.hub.has_company() {
            let knock = inbox.recv().map_err(|_| Stopped)?;
            return Ok(Some((knock, self.hub.now())));
        }
        let is_behind = self.sockets.values().any(Socket::is_behind);
        let wait = if is_behind { LOOK } else { self.beat };
        if is_behind || self.hub.has_someone_at_the_door() {
            match inbox.recv_timeout(wait) {
                Ok(knock) => return Ok(Some((knock, self.hub.now()))),
                Err(RecvTimeoutError::Timeout) if is_behind => return Ok(None),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(Stopped),
            }
        } else {
            match inbox.try_recv() {
                Ok(knock) => return Ok(Some((knock, self.hub.now()))),
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => return Err(Stopped),
            }
        }
        self.hub.wake_to(self.hub.next_wake());
        Ok(None)
    }

    fn take(&mut self, knock: Knock, now: Utc, entrance: &mut Entrance) {
        match knock {
            Knock::Opened { session, way } => {
                self.sockets.insert(session, way);
                self.note(now, &Entry::Opened(session));
                self.hub.take(Arrival::Opened { session }, now);
            }
            Knock::Bytes { session, bytes } => {
                if self.transcript.is_some() {
                    self.note(now, &Entry::Said(session, bytes.clone()));
                }
                self.hub.take(Arrival::Bytes { session, bytes }, now);
            }
            Knock::Closed { session } => {
                self.sockets.remove(&session);
                self.note(now, &Entry::Closed(session));
                self.hub.take(Arrival::Closed { session }, now);
            }
            Knock::Line { line, text, answer } => {
                self.note(now, &Entry::Line(text));
                self.hub.pass_time(now);
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

    /// Writes down what happened. A transcript that cannot be written ends; the market does not.
    fn note(&mut self, at: Utc, entry: &Entry) {
        self.write(|transcript| transcript.write(at, entry));
    }

    fn write(&mut self, write: impl FnOnce(&mut TranscriptWriter) -> std::io::Result<()>) {
        if let Some(Err(error)) = self.transcript.as_mut().map(write) {
            tracing::error!(%error, "Session can be recorded no further");
            self.transcript = None;
        }
    }

    fn send_outputs(&mut self) {
        let outputs = self.hub.outputs();
        if !outputs.is_empty() {
            self.write(|transcript| {
                outputs.iter().try_for_each(|output| transcript.write_output(output))?;
                transcript.flush()
            });
        }
        for Output { session, bytes, ending, .. } in outputs {
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

/// What a thread told, and when.
type Knocked = (Knock, Utc);

/// Everybody who could have said something is gone.
struct Stopped;
