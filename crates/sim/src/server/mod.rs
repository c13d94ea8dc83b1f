//! The server around the world: the hub, which is a state machine, and its two drivers: one with a
//! listener, two threads per client and the machine's clock, and one without any of them.
//!
//! It must never decide what a broker decides; that is the world's. Called by the binary and by
//! tests, which run it in their own process.

mod account;
mod client;
mod clock;
mod control;
mod desktop;
mod entrance;
mod held;
mod history;
mod hub;
mod kept;
mod live;
mod market;
pub mod messages;
mod news;
mod orders;
mod outbox;
mod reference;
mod rehearsal;
mod replay;
mod requests;
mod scanner;
mod session;
mod state;
mod temper;
mod transcript;
mod trouble;
mod whole_sizes;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::Sender;
use gatehouse_tws::ServerVersion;
use gatehouse_types::Utc;

pub use clock::Speed;
pub use control::{Script, ScriptError};
pub use hub::SessionId;
pub use kept::KeptState;
pub use outbox::Ending;
pub use rehearsal::{Rehearsal, RehearsalConfig};
pub use replay::{Difference, ReplayError, Replayed, replay};
pub use state::StateFileError;
pub use temper::{Closing, ClosingError, Farms, FarmsError, PacingMode, Temper, Zone, ZoneError};
pub use transcript::{Opening, TranscriptError, TranscriptReader, TranscriptWriter};
pub use trouble::{Answer, DrillFailed};

use crate::record::Record;
use crate::world::time::Step;
use crate::world::{Agreement, World, WorldConfig};
use clock::MarketClock;
use hub::{Hub, HubConfig};
use live::{Knock, Live};
use session::{Doorway, Entrance};

/// What the server is asked to be.
pub struct ServerConfig {
    /// A loopback address; port 0 picks a free one.
    pub listen: SocketAddr,
    pub speed: Speed,
    /// How often quotes are sent, in the clients' time.
    pub beat: Duration,
    /// The newest version it offers.
    pub max_version: ServerVersion,
    /// Where order-bearing frames are noted.
    pub record: Option<PathBuf>,
    /// When the market's time begins.
    pub start: Utc,
    /// A loopback port that takes drills; 0 picks a free one.
    pub control: Option<u16>,
    pub script: Script,
    pub temper: Temper,
    /// Where the state outlives the process.
    pub state: Option<KeptState>,
    /// What holds for the account.
    pub agreed: Agreement,
    /// Where all that is said is written down.
    pub transcript: Option<TranscriptWriter>,
    /// When it ends by itself.
    pub until: Option<Until>,
}

/// An end by the market's time.
pub struct Until {
    pub at: Utc,
    /// Hears of it.
    pub tell: tokio::sync::oneshot::Sender<()>,
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
    /// Boxed, for it is large and rare.
    #[error("cannot go on from the state that was kept")]
    State { source: Box<StateFileError> },
    #[error("cannot start a thread")]
    Thread { source: io::Error },
    #[error("cannot listen for drills on port {port}")]
    Control { port: u16, source: io::Error },
}

/// A server that runs. Dropping it stops it and closes every session.
pub struct RunningServer {
    address: SocketAddr,
    control: Option<SocketAddr>,
    knocks: Sender<Knock>,
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
        if self.knocks.send(Knock::Stop).is_err() {
            tracing::debug!("The world's thread had ended");
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
    let (knocks, inbox) = crossbeam_channel::bounded(session::KNOCKS_MAX);
    let mut world = World::new(WorldConfig { start: Step::of(config.start), ..world });
    world.agree(config.agreed);
    let (state, start) = match &config.state {
        None => (None, config.start),
        Some(kept) => {
            let taken = kept.take_up(&mut world, config.start);
            let (file, start) =
                taken.map_err(|source| ServerError::State { source: Box::new(source) })?;
            (Some(file), start)
        }
    };
    let hub = HubConfig {
        start,
        speed: config.speed,
        beat: config.beat,
        max_version: config.max_version,
        record,
        script: config.script,
        temper: config.temper,
        state,
    };
    let (beat, speed, transcript) = (config.beat, config.speed, config.transcript);
    let until = config.until;
    let thread = |source| ServerError::Thread { source };
    let doorway = Doorway { knocks: knocks.clone(), next_session: Arc::new(AtomicU64::new(1)) };
    let door = doorway.open(listener).map_err(thread)?;
    let hub = thread::Builder::new()
        .name("world".to_owned())
        .spawn(move || {
            let clock = MarketClock::start(start, speed);
            let live = Live::new(Hub::new(world, hub), clock, beat, transcript);
            live.run(&inbox, Entrance::new(doorway, door), until);
        })
        .map_err(thread)?;
    let control = control.map(|listener| serve_drills(listener, knocks.clone())).transpose()?;
    Ok(RunningServer { address, control, knocks, hub: Some(hub) })
}

fn listen_for_drills(port: u16) -> Result<TcpListener, ServerError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map_err(|source| ServerError::Control { port, source })
}

fn serve_drills(listener: TcpListener, knocks: Sender<Knock>) -> Result<SocketAddr, ServerError> {
    let address =
        listener.local_addr().map_err(|source| ServerError::Control { port: 0, source })?;
    thread::Builder::new()
        .name("control".to_owned())
        .spawn(move || control::keep(&listener, &knocks))
        .map_err(|source| ServerError::Thread { source })?;
    Ok(address)
}
