//! One client's socket: bytes in and bytes out, on a thread each.
//!
//! It must never know what bytes mean. The listener starts it; the driver gets what it reads.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;

use crossbeam_channel::{Receiver, Sender};

use super::hub::SessionId;
use super::live::Knock;

/// Reads that may wait for the world's thread; readers wait beyond it.
pub(super) const KNOCKS_MAX: usize = 1_024;
/// Largest read.
const READ_MAX: usize = 16 * 1024;
/// Bytes that may wait for a client; one that is slower is disconnected.
const WAITING_MAX: usize = 16 * 1024 * 1024;

/// What every new connection needs.
pub(super) struct Door {
    pub(super) knocks: Sender<Knock>,
    pub(super) next_session: AtomicU64,
    pub(super) is_stopping: Arc<AtomicBool>,
}

/// The way to one client, held by the driver.
#[derive(Debug)]
pub(super) struct Socket {
    queue: Sender<Vec<u8>>,
    n_waiting: Arc<AtomicUsize>,
    socket: TcpStream,
}

impl Socket {
    /// Queues bytes. A client that cannot keep up is disconnected, never waited for.
    pub(super) fn send(&self, bytes: Vec<u8>) {
        let n_bytes = bytes.len();
        let n_waiting = self.n_waiting.fetch_add(n_bytes, Ordering::AcqRel);
        if n_waiting > WAITING_MAX || self.queue.send(bytes).is_err() {
            tracing::warn!("Client is too slow or gone");
            self.close();
        }
    }

    /// Returns whether bytes wait to be written. A client that is gone has none.
    pub(super) fn is_behind(&self) -> bool {
        self.n_waiting.load(Ordering::Acquire) > 0
    }

    /// Closes the socket once what was queued is written.
    pub(super) fn close_after_bytes(self) {
        drop(self.queue);
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
        let session = SessionId(self.next_session.fetch_add(1, Ordering::Relaxed));
        let (queue, queued) = crossbeam_channel::unbounded();
        let n_waiting = Arc::new(AtomicUsize::new(0));
        let (writer, counted) = (socket.try_clone()?, Arc::clone(&n_waiting));
        thread::Builder::new()
            .name("client-out".to_owned())
            .spawn(move || write_bytes(writer, &queued, &counted))?;
        let way = Socket { queue, n_waiting, socket: socket.try_clone()? };
        self.tell(Knock::Opened { session, way })?;
        let ended = self.read_bytes(session, &mut socket);
        self.tell(Knock::Closed { session })?;
        ended
    }

    fn read_bytes(&self, session: SessionId, socket: &mut TcpStream) -> io::Result<()> {
        let mut buffer = vec![0; READ_MAX];
        loop {
            match socket.read(&mut buffer)? {
                0 => return Ok(()),
                n_bytes => {
                    let bytes = buffer.get(..n_bytes).unwrap_or_default().to_vec();
                    self.tell(Knock::Bytes { session, bytes })?;
                }
            }
        }
    }

    fn tell(&self, knock: Knock) -> io::Result<()> {
        self.knocks.send(knock).map_err(|_| io::Error::other("the server stops"))
    }
}

fn write_bytes(mut socket: TcpStream, queued: &Receiver<Vec<u8>>, n_waiting: &AtomicUsize) {
    while let Ok(mut bytes) = queued.recv() {
        bytes.extend(queued.try_iter().take(64).flatten());
        let written = socket.write_all(&bytes);
        n_waiting.fetch_sub(bytes.len(), Ordering::AcqRel);
        if let Err(error) = written {
            tracing::debug!(%error, "Client is gone");
            break;
        }
    }
    n_waiting.store(0, Ordering::Release);
    if let Err(error) = socket.shutdown(Shutdown::Both) {
        tracing::debug!(%error, "Socket was closed before");
    }
}
