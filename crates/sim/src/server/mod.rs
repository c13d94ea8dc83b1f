//! The sockets around the world: one listener, two threads per client, one thread that owns the
//! world and answers.
//!
//! It must never decide what a broker decides; that is the world's. Called by the binary and by
//! tests, which run it in their own process.

mod account;
mod client;
mod clock;
mod control;
mod history;
mod hub;
mod market;
mod orders;
mod reference;
mod requests;
mod session;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use crossbeam_channel::Sender;
use gatehouse_tws::ServerVersion;
use gatehouse_types::Utc;

pub use clock::{MarketClock, Speed};
pub use control::{Script, ScriptError};

use crate::record::Record;
use crate::world::time::Step;
use crate::world::{World, WorldConfig};
use hub::{Arrival, Hub};

/// What the server is asked to be.
pub struct ServerConfig {
    /// A loopback address; port 0 picks a free one.
    pub listen: SocketAddr,
    pub speed: Speed,
    /// The newest version it offers.
    pub max_version: ServerVersion,
    /// Where order-bearing frames are noted.
    pub record: Option<PathBuf>,
    /// When the market's time begins.
    pub start: Utc,
    /// A loopback port that takes drills; 0 picks a free one.
    pub control: Option<u16>,
    pub script: Script,
}

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// It would offer an account without a password to the network.
    #[error("{address} is not a loopback address")]
    NotLoopback { address: IpAddr },
    #[error("cannot listen on {address}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("cannot open the record {path}")]
    Record { path: PathBuf, source: io::Error },
    #[error("cannot start a thread")]
    Thread { source: io::Error },
    #[error("cannot listen for drills on port {port}")]
    Control { port: u16, source: io::Error },
}

/// A server that runs. Dropping it stops it and closes every session.
pub struct RunningServer {
    address: SocketAddr,
    control: Option<SocketAddr>,
    arrivals: Sender<Arrival>,
    is_stopping: Arc<AtomicBool>,
    hub: Option<JoinHandle<()>>,
}

impl RunningServer {
    /// Returns where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns where it takes drills.
    #[must_use]
    pub fn control(&self) -> Option<SocketAddr> {
        self.control
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        if self.arrivals.send(Arrival::Stop).is_err() {
            tracing::debug!("The world's thread had ended");
        }
        // Wakes the listener, which then sees that it is to stop.
        if let Err(error) = TcpStream::connect(self.address) {
            tracing::debug!(%error, "Listener could not be woken");
        }
        if let Some(hub) = self.hub.take()
            && hub.join().is_err()
        {
            tracing::error!("The world's thread ended badly");
        }
    }
}

/// Starts a server; the market's time begins now.
///
/// # Errors
/// The address is not loopback or is taken, or the record cannot be opened.
pub fn start(config: ServerConfig, world: WorldConfig) -> Result<RunningServer, ServerError> {
    if !config.listen.ip().is_loopback() {
        return Err(ServerError::NotLoopback { address: config.listen.ip() });
    }
    let record = match config.record {
        None => None,
        Some(path) => match Record::open(&path) {
            Ok(record) => Some(record),
            Err(source) => return Err(ServerError::Record { path, source }),
        },
    };
    let listen = |source| ServerError::Listen { address: config.listen, source };
    let listener = TcpListener::bind(config.listen).map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let control = config.control.map(listen_for_drills).transpose()?;
    let clock = MarketClock::start(config.start, config.speed);
    let (arrivals, inbox) = crossbeam_channel::bounded(session::ARRIVALS_MAX);
    let world = World::new(WorldConfig { start: Step::of(config.start), ..world });
    let hub = thread::Builder::new()
        .name("world".to_owned())
        .spawn(move || Hub::new(world, clock, record, config.script).run(&inbox))
        .map_err(|source| ServerError::Thread { source })?;
    let is_stopping = Arc::new(AtomicBool::new(false));
    let door = session::Door {
        arrivals: arrivals.clone(),
        clock,
        max_version: config.max_version,
        is_stopping: Arc::clone(&is_stopping),
    };
    thread::Builder::new()
        .name("listener".to_owned())
        .spawn(move || door.keep(&listener))
        .map_err(|source| ServerError::Thread { source })?;
    let control = control.map(|listener| serve_drills(listener, arrivals.clone())).transpose()?;
    Ok(RunningServer { address, control, arrivals, is_stopping, hub: Some(hub) })
}

fn listen_for_drills(port: u16) -> Result<TcpListener, ServerError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map_err(|source| ServerError::Control { port, source })
}

fn serve_drills(
    listener: TcpListener,
    arrivals: Sender<Arrival>,
) -> Result<SocketAddr, ServerError> {
    let address =
        listener.local_addr().map_err(|source| ServerError::Control { port: 0, source })?;
    thread::Builder::new()
        .name("control".to_owned())
        .spawn(move || control::keep(&listener, &arrivals))
        .map_err(|source| ServerError::Thread { source })?;
    Ok(address)
}
