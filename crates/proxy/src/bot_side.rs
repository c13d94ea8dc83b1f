//! The bot's end of one session: its queue, and how it is ended with a reason.

use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gatehouse_tws::ServerVersion;

use crate::locked::locked;
use crate::outbox::{Outbox, OutboxBounds};

/// How often a writer that a slow bot holds up looks whether the session has ended.
const WRITE_TURN: Duration = Duration::from_millis(250);

/// How long a bot may take to read the rest once its session has ended.
const DRAIN_WITHIN: Duration = Duration::from_secs(2);

/// One bot's session, shared by its reader, its writer, the link and the driver.
#[derive(Debug)]
pub(crate) struct BotSide {
    outbox: Outbox,
    socket: TcpStream,
    ended: Mutex<Option<(String, Instant)>>,
}

impl BotSide {
    /// Takes the writing side of a bot's socket.
    pub(crate) fn try_new(
        socket: &TcpStream,
        version: ServerVersion,
        bounds: OutboxBounds,
    ) -> io::Result<Arc<Self>> {
        let socket = socket.try_clone()?;
        socket.set_write_timeout(Some(WRITE_TURN))?;
        Ok(Arc::new(Self { outbox: Outbox::new(version, bounds), socket, ended: Mutex::default() }))
    }

    pub(crate) fn version(&self) -> ServerVersion {
        self.outbox.version()
    }

    /// Queues a body for the bot; one that does not read is cut off.
    pub(crate) fn push(&self, body: &[u8]) {
        if let Err(full) = self.outbox.push(body, |frame| send_now(&self.socket, frame)) {
            self.cut(full.to_string());
        }
    }

    /// Ends the session after the bot was given what waits for it.
    pub(crate) fn close(&self, why: impl Into<String>) {
        self.note(why.into());
        self.outbox.drain();
    }

    /// Ends the session at once.
    pub(crate) fn cut(&self, why: impl Into<String>) {
        self.note(why.into());
        self.outbox.abort();
        self.shut();
    }

    /// Returns the first reason given.
    pub(crate) fn why(&self) -> Option<String> {
        locked(&self.ended).as_ref().map(|(why, _)| why.clone())
    }

    /// Writes what is queued until the session ends; the body of the writer's thread.
    pub(crate) fn write(&self) {
        let mut batch = Vec::with_capacity(64 * 1024);
        while self.outbox.take(&mut batch) {
            if !self.write_all(&batch) {
                self.note("the bot's connection broke".to_owned());
                self.outbox.abort();
            }
            batch.clear();
        }
        self.shut();
    }

    fn write_all(&self, mut rest: &[u8]) -> bool {
        while !rest.is_empty() {
            match (&self.socket).write(rest) {
                Ok(0) => return false,
                Ok(n_written) => rest = rest.get(n_written..).unwrap_or_default(),
                Err(error) if is_timeout(&error) && !self.is_overdue() => {}
                Err(_) => return false,
            }
        }
        true
    }

    fn is_overdue(&self) -> bool {
        locked(&self.ended).as_ref().is_some_and(|(_, since)| since.elapsed() > DRAIN_WITHIN)
    }

    fn note(&self, why: String) {
        locked(&self.ended).get_or_insert_with(|| (why, Instant::now()));
    }

    fn shut(&self) {
        // The socket may be gone already, which is what is wanted.
        drop(self.socket.shutdown(Shutdown::Both));
    }
}

/// Writes what the socket takes without waiting, and returns how much that was. An error is left to
/// the writer, which meets it again.
#[cfg(unix)]
fn send_now(socket: &TcpStream, frame: [&[u8]; 2]) -> usize {
    use rustix::net::{SendAncillaryBuffer, SendFlags, sendmsg};
    let parts = frame.map(io::IoSlice::new);
    let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
    sendmsg(socket, &parts, &mut SendAncillaryBuffer::default(), flags).unwrap_or(0)
}

/// Leaves it to the writer: a socket cannot be asked once not to wait here.
#[cfg(not(unix))]
fn send_now(_: &TcpStream, _: [&[u8]; 2]) -> usize {
    0
}

/// Returns whether a blocking call on a socket merely took too long.
pub(crate) fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted
    )
}
