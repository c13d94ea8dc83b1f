//! The handshake of a client at a door, up to the right client id.

use std::io::{self, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use gatehouse_tws::answer::ErrorReport;
use gatehouse_tws::handshake::{ClientHello, HandshakeError, HelloReader, ServerHello, StartApi};
use gatehouse_tws::{FrameError, FrameReader, ServerVersion, encode_frame};

use super::Door;
use super::slot::Claim;
use crate::bot_side::is_timeout;
use crate::link::{DialError, Dialled, HANDSHAKE_WITHIN, dial, read_some, read_until};
use crate::upstream::StartFrame;

/// How long a port is looked at as taken before a new bot is turned away. The official Python
/// client closes its socket up to 1 s after `disconnect()`: its reader still waits on it.
const FREED_WITHIN: Duration = Duration::from_millis(1_500);

/// Wait between two attempts to reach a Gateway for a bot that waits.
const RETRY_AFTER: Duration = Duration::from_millis(200);

/// How long a client that was told to go may take to read it.
const FAREWELL_WITHIN: Duration = Duration::from_secs(1);

/// "Unable to connect as the client id is already in use", which every library ends on.
const ID_IN_USE: i32 = 326;

/// Why a client was turned away, in words for the log and the ledger.
#[derive(Debug, thiserror::Error)]
pub(super) enum TurnedAway {
    #[error("a client could not be understood")]
    Hello(#[source] HandshakeError),
    #[error("a client broke the handshake off")]
    Socket(#[source] io::Error),
    #[error("a client closed the connection in the handshake")]
    Closed,
    #[error("a client said nothing, or half a message, for {seconds} s")]
    Silent { seconds: u64 },
    #[error("a client's bytes are out of step")]
    Frame(#[source] FrameError),
    #[error(
        "client and Gateway agreed on server version {version}, of which orders are not \
         understood: {} to {} are",
        ServerVersion::FLOOR,
        ServerVersion::CEILING
    )]
    NotUnderstood { version: ServerVersion },
    #[error("no Gateway answered within {seconds} s")]
    NoGateway {
        seconds: u64,
        #[source]
        source: DialError,
    },
    #[error("client id 0 would bind manual orders and is not served; use {right} ({ID_IN_USE})")]
    ClientIdZero { right: i32 },
    #[error("client id {given} came to the port of client id {right} ({ID_IN_USE})")]
    ClientId { given: i32, right: i32 },
    #[error("a second client came while the bot is connected ({ID_IN_USE})")]
    Occupied,
}

/// A client with the right id, not yet started at the Gateway.
pub(super) struct Greeted {
    pub(super) dialled: Dialled,
    pub(super) start: StartFrame,
    pub(super) frames: FrameReader,
    pub(super) claim: Claim,
}

impl Door {
    /// Takes a client through the handshake.
    pub(super) fn greet(&self, socket: &mut TcpStream) -> Result<Greeted, TurnedAway> {
        let (hello, mut frames) = self.hear_hello(socket)?;
        let range = hello.served().map_err(TurnedAway::Hello)?;
        if !self.slot.is_free(FREED_WITHIN) {
            self.turn_second_away(socket, &mut frames, range.max())?;
            return Err(TurnedAway::Occupied);
        }
        let dialled = self.dial_for(&ClientHello { range, options: hello.options })?;
        let version = dialled.hello.version;
        if !range.contains(version) || !version.is_understood() {
            return Err(TurnedAway::NotUnderstood { version });
        }
        write(socket, &dialled.reply)?;
        let body = self.next_body(socket, &mut frames)?;
        let given = StartApi::decode(version, &body).map_err(TurnedAway::Hello)?.client_id.get();
        self.check_client_id(socket, version, given)?;
        let start =
            StartFrame::try_new(version, &body).ok_or(TurnedAway::NotUnderstood { version })?;
        let Some(claim) = self.slot.claim() else {
            self.say_in_use(socket, version, &self.occupied_text())?;
            return Err(TurnedAway::Occupied);
        };
        Ok(Greeted { dialled, start, frames, claim })
    }

    fn hear_hello(&self, socket: &mut TcpStream) -> Result<(ClientHello, FrameReader), TurnedAway> {
        let deadline = Instant::now() + self.around.timing.patience;
        let mut reader = HelloReader::new();
        let mut buffer = [0; 512];
        loop {
            let n_read = read_some(socket, &mut buffer, deadline).map_err(|e| self.broke(e))?;
            if n_read == 0 {
                return Err(TurnedAway::Closed);
            }
            let hello = reader.push(buffer.get(..n_read).unwrap_or_default());
            if let Some(hello) = hello.map_err(TurnedAway::Hello)? {
                return Ok((hello, reader.into_frames()));
            }
        }
    }

    fn next_body(
        &self,
        socket: &mut TcpStream,
        frames: &mut FrameReader,
    ) -> Result<Vec<u8>, TurnedAway> {
        let deadline = Instant::now() + self.around.timing.patience;
        loop {
            if let Some(body) = frames.next_frame().map_err(TurnedAway::Frame)? {
                return Ok(body.to_vec());
            }
            if read_until(socket, frames, deadline).map_err(|e| self.broke(e))? == 0 {
                return Err(TurnedAway::Closed);
            }
        }
    }

    fn broke(&self, error: io::Error) -> TurnedAway {
        if is_timeout(&error) {
            TurnedAway::Silent { seconds: self.around.timing.patience.as_secs() }
        } else {
            TurnedAway::Socket(error)
        }
    }

    /// Dials for a bot, again and again while its patience lasts.
    fn dial_for(&self, hello: &ClientHello) -> Result<Dialled, TurnedAway> {
        let patience = self.around.timing.patience;
        let deadline = Instant::now() + patience;
        loop {
            match dial(&self.around.gateway, hello) {
                Ok(dialled) => return Ok(dialled),
                Err(source) if Instant::now() + RETRY_AFTER >= deadline => {
                    return Err(TurnedAway::NoGateway { seconds: patience.as_secs(), source });
                }
                Err(_) if self.is_closed.load(std::sync::atomic::Ordering::SeqCst) => {
                    return Err(TurnedAway::Closed);
                }
                // Nothing signals that a Gateway begins to listen; an unused channel is the timer.
                Err(_) => drop(crossbeam_channel::after(RETRY_AFTER).recv()),
            }
        }
    }

    fn check_client_id(
        &self,
        socket: &mut TcpStream,
        version: ServerVersion,
        given: i32,
    ) -> Result<(), TurnedAway> {
        let right = self.config.client_id.get();
        let name = &self.config.name;
        if given == right {
            Ok(())
        } else if given == 0 {
            let text = format!(
                "Client id 0 is not served: it would bind manual orders. \
                 Gatehouse: use client id {right} on this port (bot {name})"
            );
            self.say_in_use(socket, version, &text)?;
            Err(TurnedAway::ClientIdZero { right })
        } else {
            let text = format!(
                "Client id {given} cannot be used on this port. \
                 Gatehouse: use client id {right} (bot {name})"
            );
            self.say_in_use(socket, version, &text)?;
            Err(TurnedAway::ClientId { given, right })
        }
    }

    /// Answers a second client without troubling the Gateway.
    fn turn_second_away(
        &self,
        socket: &mut TcpStream,
        frames: &mut FrameReader,
        max: ServerVersion,
    ) -> Result<(), TurnedAway> {
        let version = understood_below(max);
        let hello = ServerHello { version, time: "19700101 00:00:00 UTC".to_owned() };
        write(socket, &hello.encode())?;
        let body = self.next_body(socket, frames)?;
        let given = StartApi::decode(version, &body).map_err(TurnedAway::Hello)?.client_id.get();
        self.check_client_id(socket, version, given)?;
        self.say_in_use(socket, version, &self.occupied_text())
    }

    fn occupied_text(&self) -> String {
        format!(
            "Unable to connect as the client id is already in use. \
             Gatehouse: bot {} with client id {} is connected on this port",
            self.config.name, self.config.client_id
        )
    }

    /// Sends error 326 and waits until the client has read it.
    fn say_in_use(
        &self,
        socket: &mut TcpStream,
        version: ServerVersion,
        text: &str,
    ) -> Result<(), TurnedAway> {
        self.around.ear.heard(&self.config.name, ID_IN_USE, text, ErrorReport::default().id);
        let report =
            ErrorReport { code: ID_IN_USE, text: text.to_owned(), ..ErrorReport::default() };
        let body = report.encode(version).map_err(|_| TurnedAway::NotUnderstood { version })?;
        write(socket, &body)?;
        socket.shutdown(Shutdown::Write).map_err(TurnedAway::Socket)?;
        let deadline = Instant::now() + FAREWELL_WITHIN;
        let mut buffer = [0; 512];
        // Closing with unread bytes would throw away what the client has not read yet.
        while matches!(read_some(socket, &mut buffer, deadline), Ok(n_read) if n_read > 0) {}
        Ok(())
    }
}

/// Returns the newest version up to `max` in which Gatehouse can speak for itself.
fn understood_below(max: ServerVersion) -> ServerVersion {
    (ServerVersion::FLOOR.get()..=max.get())
        .rev()
        .map(ServerVersion::new)
        .find(|version| version.is_understood())
        .unwrap_or(ServerVersion::FLOOR)
}

fn write(socket: &mut TcpStream, body: &[u8]) -> Result<(), TurnedAway> {
    socket
        .set_write_timeout(Some(HANDSHAKE_WITHIN))
        .and_then(|()| socket.write_all(&encode_frame(body)))
        .map_err(TurnedAway::Socket)
}
