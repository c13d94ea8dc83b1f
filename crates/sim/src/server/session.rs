//! One client's socket: bytes in and bytes out, on a thread each.
//!
//! It must never know what bytes mean. The listener starts it; the driver gets what it reads.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender};
use socket2::SockRef;

use super::hub::SessionId;
use super::live::Knock;

/// Reads that may wait for the world's thread; readers wait beyond it.
pub(super) const KNOCKS_MAX: usize = 1_024;
/// Largest read.
const READ_MAX: usize = 16 * 1024;
/// Bytes that may wait for a client; one that is slower is disconnected.
const WAITING_MAX: usize = 16 * 1024 * 1024;

/// What every new connection needs.
#[derive(Clone)]
pub(super) struct Doorway {
    pub(super) knocks: Sender<Knock>,
    pub(super) next_session: Arc<AtomicU64>,
}

/// A listener and the thread that keeps it.
pub(super) struct Door {
    address: SocketAddr,
    is_stopping: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

/// Where clients come in: a door that can be closed and opened again, here or elsewhere.
pub(super) struct Entrance {
    doorway: Doorway,
    address: SocketAddr,
    door: Option<Door>,
}

/// Whether a connection is read.
#[derive(Debug, Default)]
struct Gate {
    is_shut: Mutex<bool>,
    turned: Condvar,
}

impl Gate {
    fn turn(&self, shut: bool) {
        *self.is_shut.lock().unwrap_or_else(PoisonError::into_inner) = shut;
        self.turned.notify_all();
    }

    fn pass(&self) {
        let mut is_shut = self.is_shut.lock().unwrap_or_else(PoisonError::into_inner);
        while *is_shut {
            is_shut = self.turned.wait(is_shut).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// The way to one client, held by the driver.
#[derive(Debug)]
pub(super) struct Socket {
    queue: Sender<Vec<u8>>,
    n_waiting: Arc<AtomicUsize>,
    socket: TcpStream,
    gate: Arc<Gate>,
    resets: Arc<AtomicBool>,
    is_given_up: AtomicBool,
}

impl Socket {
    /// Queues bytes. A client that cannot keep up is disconnected, never waited for.
    pub(super) fn send(&self, bytes: Vec<u8>) {
        let n_bytes = bytes.len();
        let n_waiting = self.n_waiting.fetch_add(n_bytes, Ordering::AcqRel);
        if n_waiting > WAITING_MAX || self.queue.send(bytes).is_err() {
            // Until its end is heard of, more is sent to it.
            if !self.is_given_up.swap(true, Ordering::AcqRel) {
                tracing::warn!("Client is too slow or gone");
            }
            self.close();
        }
    }

    /// Returns whether bytes wait to be written. A client that is gone has none.
    pub(super) fn is_behind(&self) -> bool {
        self.n_waiting.load(Ordering::Acquire) > 0
    }

    /// Closes the socket once what was queued is written.
    pub(super) fn close_after_bytes(self) {
        self.gate.turn(false);
        drop(self.queue);
    }

    /// Reads what the client says, or leaves it in the socket.
    pub(super) fn read(&self, on: bool) {
        self.gate.turn(!on);
    }

    /// Ends the connection with a reset once what was queued is written.
    pub(super) fn reset_after_bytes(self) {
        self.resets.store(true, Ordering::Release);
        if let Err(error) = SockRef::from(&self.socket).set_linger(Some(Duration::ZERO)) {
            tracing::warn!(%error, "Connection cannot be reset and is closed");
        }
        drop(self.queue);
        // The reset goes out with the last handle, so the reader has to let go of its own.
        self.gate.turn(false);
    }

    /// Closes the socket now.
    pub(super) fn close(&self) {
        self.gate.turn(false);
        if let Err(error) = self.socket.shutdown(Shutdown::Both) {
            tracing::debug!(%error, "Socket was closed before");
        }
    }
}

impl Entrance {
    /// Makes the entrance of a door that is open.
    pub(super) fn new(doorway: Doorway, door: Door) -> Self {
        Self { doorway, address: door.address, door: Some(door) }
    }

    /// Lets nobody in any more; connections are refused.
    pub(super) fn close(&mut self) {
        if let Some(door) = self.door.take() {
            door.close();
        }
    }

    /// Listens where it listened before.
    ///
    /// # Errors
    /// Somebody else took the port, or no thread can be had.
    pub(super) fn open(&mut self) -> io::Result<()> {
        if self.door.is_none() {
            self.door = Some(self.doorway.open(TcpListener::bind(self.address)?)?);
        }
        Ok(())
    }

    /// Listens on another port and no more on the old one, and returns the new.
    ///
    /// # Errors
    /// Somebody else has the port, or no thread can be had; then nothing changed.
    pub(super) fn move_to(&mut self, port: u16) -> io::Result<u16> {
        let door = self.doorway.open(TcpListener::bind((self.address.ip(), port))?)?;
        self.close();
        self.address = door.address;
        self.door = Some(door);
        Ok(self.address.port())
    }
}

impl Door {
    fn close(self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        // Wakes the thread, which then sees that it is to stop, and lets go of the listener.
        match TcpStream::connect(self.address) {
            Ok(_) if self.thread.join().is_err() => tracing::error!("The listener ended badly"),
            Ok(_) => {}
            Err(error) => tracing::debug!(%error, "Listener could not be woken"),
        }
    }
}

impl Doorway {
    /// Begins to accept clients.
    ///
    /// # Errors
    /// The address is unknown, or no thread can be had.
    pub(super) fn open(&self, listener: TcpListener) -> io::Result<Door> {
        let address = listener.local_addr()?;
        let is_stopping = Arc::new(AtomicBool::new(false));
        let (doorway, stops) = (self.clone(), Arc::clone(&is_stopping));
        let thread = thread::Builder::new()
            .name("listener".to_owned())
            .spawn(move || doorway.keep(&listener, &stops))?;
        Ok(Door { address, is_stopping, thread })
    }

    /// Accepts clients until the door closes.
    fn keep(self, listener: &TcpListener, is_stopping: &AtomicBool) {
        let door = Arc::new(self);
        for socket in listener.incoming() {
            if is_stopping.load(Ordering::SeqCst) {
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
        let (gate, resets) = (Arc::<Gate>::default(), Arc::<AtomicBool>::default());
        let (writer, counted) = (socket.try_clone()?, Arc::clone(&n_waiting));
        let written = Arc::clone(&resets);
        thread::Builder::new()
            .name("client-out".to_owned())
            .spawn(move || write_bytes(writer, &queued, &counted, &written))?;
        let way = Socket {
            queue,
            n_waiting,
            socket: socket.try_clone()?,
            gate: Arc::clone(&gate),
            resets: Arc::clone(&resets),
            is_given_up: AtomicBool::new(false),
        };
        self.tell(Knock::Opened { session, way })?;
        let ended = self.read_bytes(session, &mut socket, &gate);
        drop(socket);
        self.tell(Knock::Closed { session })?;
        ended
    }

    fn read_bytes(
        &self,
        session: SessionId,
        socket: &mut TcpStream,
        gate: &Gate,
    ) -> io::Result<()> {
        let mut buffer = vec![0; READ_MAX];
        loop {
            gate.pass();
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

fn write_bytes(
    mut socket: TcpStream,
    queued: &Receiver<Vec<u8>>,
    n_waiting: &AtomicUsize,
    resets: &AtomicBool,
) {
    while let Ok(mut bytes) = queued.recv() {
        for more in queued.try_iter().take(64) {
            bytes.extend_from_slice(&more);
        }
        let written = socket.write_all(&bytes);
        n_waiting.fetch_sub(bytes.len(), Ordering::AcqRel);
        if let Err(error) = written {
            tracing::debug!(%error, "Client is gone");
            break;
        }
    }
    n_waiting.store(0, Ordering::Release);
    // Before a reset only the reader is woken: what is shut down is closed without one.
    let ends = if resets.load(Ordering::Acquire) { Shutdown::Read } else { Shutdown::Both };
    if let Err(error) = socket.shutdown(ends) {
        tracing::debug!(%error, "Socket was closed before");
    }
}
