//! One client's socket: the handshake, then frames in and frames out, on a thread each.
//!
//! It must never know what a frame means. The listener starts it; the hub gets what it reads.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender};
use gatehouse_tws::handshake::{ClientHello, HelloReader, ServerHello};
use gatehouse_tws::{FrameReader, ServerVersion, VersionRange};

use super::clock::MarketClock;
use super::hub::{Arrival, SessionId};

/// Frames that may wait for the world's thread; readers wait beyond it.
pub(super) const ARRIVALS_MAX: usize = 4_096;
/// Frames that may wait for a client; one that is slower is disconnected.
const OUTBOX_MAX: usize = 65_536;
/// A client that does not say who it is for this long is closed.
const HELLO_WAIT: Duration = Duration::from_secs(10);

static NEXT_SESSION: AtomicU64 = AtomicU64::new(1);

/// What every new connection needs.
pub(super) struct Door {
    pub(super) arrivals: Sender<Arrival>,
    pub(super) clock: MarketClock,
    pub(super) max_version: ServerVersion,
    pub(super) is_stopping: Arc<AtomicBool>,
}

/// The way to one client, held by the hub.
#[derive(Debug)]
pub(super) struct Outbox {
    frames: Sender<Vec<u8>>,
    socket: TcpStream,
}

impl Outbox {
    /// Queues a frame. A client that cannot keep up is disconnected, never waited for.
    pub(super) fn send(&self, frame: Vec<u8>) {
        if self.frames.try_send(frame).is_err() {
            tracing::warn!("Client is too slow or gone");
            self.close();
        }
    }

    /// Closes the socket once what was queued is written.
    pub(super) fn close_after_frames(self) {
        drop(self.frames);
    }

    /// Closes the socket now.
    pub(super) fn close(&self) {
        if let Err(error) = self.socket.shutdown(Shutdown::Both) {
            tracing::debug!(%error, "Socket was closed before");
        }
    }
}

impl Door {
    /// Accepts clients until the server stops.
    pub(super) fn keep(self, listener: &TcpListener) {
        let door = Arc::new(self);
        for socket in listener.incoming() {
            if door.is_stopping.load(Ordering::SeqCst) {
                return;
            }
            let socket = match socket {
                Ok(socket) => socket,
                Err(error) => {
                    tracing::warn!(%error, "Connection could not be accepted");
                    continue;
                }
            };
            let door = Arc::clone(&door);
            let serve = move || {
                if let Err(error) = door.serve(socket) {
                    tracing::info!(%error, "Connection ended");
                }
            };
            if let Err(error) = thread::Builder::new().name("client".to_owned()).spawn(serve) {
                tracing::error!(%error, "Client could not be served");
            }
        }
    }

    fn serve(&self, mut socket: TcpStream) -> io::Result<()> {
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(HELLO_WAIT))?;
        let (hello, frames) = read_hello(&mut socket)?;
        let Some(version) = negotiate(hello.range, self.max_version) else {
            let text = format!("no common version with {}", hello.range);
            return Err(io::Error::new(io::ErrorKind::Unsupported, text));
        };
        let time = crate::world::time::Step::of(self.clock.now()).wire_time();
        socket.write_all(&gatehouse_tws::encode_frame(&ServerHello { version, time }.encode()))?;
        socket.set_read_timeout(None)?;
        let session = SessionId(NEXT_SESSION.fetch_add(1, Ordering::Relaxed));
        let (queue, queued) = crossbeam_channel::bounded(OUTBOX_MAX);
        let writer = socket.try_clone()?;
        thread::Builder::new()
            .name("client-out".to_owned())
            .spawn(move || write_frames(writer, &queued))?;
        let outbox = Outbox { frames: queue, socket: socket.try_clone()? };
        self.tell(Arrival::Opened { session, version, outbox })?;
        let ended = self.read_frames(session, &mut socket, frames);
        self.tell(Arrival::Closed { session })?;
        ended
    }

    fn read_frames(
        &self,
        session: SessionId,
        socket: &mut TcpStream,
        mut frames: FrameReader,
    ) -> io::Result<()> {
        let mut buffer = vec![0; 16 * 1024];
        loop {
            while let Some(body) = frames.next_frame().map_err(io::Error::other)? {
                self.tell(Arrival::Frame { session, body: body.to_vec() })?;
            }
            match socket.read(&mut buffer)? {
                0 => return Ok(()),
                n_bytes => frames.push(buffer.get(..n_bytes).unwrap_or_default()),
            }
        }
    }

    fn tell(&self, arrival: Arrival) -> io::Result<()> {
        self.arrivals.send(arrival).map_err(|_| io::Error::other("the server stops"))
    }
}

fn read_hello(socket: &mut TcpStream) -> io::Result<(ClientHello, FrameReader)> {
    let mut reader = HelloReader::new();
    let mut buffer = [0; 1024];
    loop {
        let n_bytes = socket.read(&mut buffer)?;
        if n_bytes == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let read = buffer.get(..n_bytes).unwrap_or_default();
        if let Some(hello) = reader.push(read).map_err(io::Error::other)? {
            return Ok((hello, reader.into_frames()));
        }
    }
}

/// The newest version that both know.
fn negotiate(offered: VersionRange, max: ServerVersion) -> Option<ServerVersion> {
    offered.within(ServerVersion::FLOOR, max).map(VersionRange::max)
}

fn write_frames(mut socket: TcpStream, queued: &Receiver<Vec<u8>>) {
    while let Ok(mut bytes) = queued.recv() {
        bytes.extend(queued.try_iter().take(64).flatten());
        if let Err(error) = socket.write_all(&bytes) {
            tracing::debug!(%error, "Client is gone");
            return;
        }
    }
    if let Err(error) = socket.shutdown(Shutdown::Both) {
        tracing::debug!(%error, "Socket was closed before");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_on_the_newest_version_that_both_know() {
        for (min, max, server_max, agreed) in [
            (157, 178, 226, Some(178)),
            (213, 226, 226, Some(226)),
            (100, 226, 222, Some(222)),
            (100, 193, 226, Some(193)),
            (100, 226, 200, Some(200)),
            (100, 226, 208, Some(208)),
            (213, 226, 178, None),
            (100, 156, 226, None),
            (190, 200, 226, Some(200)),
            (227, 230, 226, None),
        ] {
            let version = ServerVersion::new;
            let offered = VersionRange::try_new(version(min), version(max)).expect("is a range");
            let expected = agreed.map(version);
            assert_eq!(negotiate(offered, version(server_max)), expected, "{offered}");
        }
    }
}
