//! A bot's listening port: who knocks, who is let in, and what the bot says.
//!
//! Every client, the desk included, enters here. It decides nothing about orders.

mod complaints;
mod greeting;
mod session;
mod slot;

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gatehouse_engine::Input;
use gatehouse_types::BotConfig;

use crate::link::{Link, Surroundings};
use crate::locked::locked;
use crate::outbox::OutboxBounds;
use complaints::Complaints;
use slot::Slot;

/// Connections at one port that may be in their handshake at once; real bots need one.
const HALF_OPEN_MAX: usize = 16;

/// One bot's port.
pub(crate) struct Door {
    config: BotConfig,
    address: SocketAddr,
    link: Arc<Link>,
    around: Surroundings,
    bounds: OutboxBounds,
    slot: Arc<Slot>,
    complaints: Complaints,
    half_open: Mutex<BTreeMap<u64, TcpStream>>,
    n_seen: AtomicU64,
    is_closed: AtomicBool,
}

/// One handshake, counted until it ends or becomes a session.
struct HalfOpen {
    door: Arc<Door>,
    id: u64,
}

impl Drop for HalfOpen {
    fn drop(&mut self) {
        locked(&self.door.half_open).remove(&self.id);
    }
}

impl Door {
    /// Listens on the bot's loopback port; port 0 lets the machine choose.
    ///
    /// # Errors
    /// The port is taken, or no thread could be started.
    pub(crate) fn open(
        config: BotConfig,
        link: Arc<Link>,
        around: Surroundings,
        bounds: OutboxBounds,
    ) -> io::Result<Arc<Self>> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port))?;
        let door = Arc::new(Self {
            address: listener.local_addr()?,
            config,
            link,
            around,
            bounds,
            slot: Arc::default(),
            complaints: Complaints::default(),
            half_open: Mutex::default(),
            n_seen: AtomicU64::new(0),
            is_closed: AtomicBool::new(false),
        });
        let listening = Arc::clone(&door);
        let name = format!("door-{}", door.config.name);
        door.around.crew.spawn(name, move || listening.listen(&listener))?;
        tracing::info!(bot = %door.config.name, port = door.address.port(), "Listening for a bot");
        Ok(door)
    }

    /// Returns the port that is listened on.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Stops listening. Never waits.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::SeqCst);
        for socket in locked(&self.half_open).values() {
            // A socket that is gone already is what is wanted.
            drop(socket.shutdown(Shutdown::Both));
        }
        // A connection of our own wakes the listener; if it fails the listener is gone already.
        drop(TcpStream::connect_timeout(&self.address, Duration::from_millis(250)));
    }

    fn listen(self: &Arc<Self>, listener: &TcpListener) {
        loop {
            let accepted = listener.accept();
            if self.is_closed.load(Ordering::SeqCst) {
                return;
            }
            match accepted {
                Ok((socket, peer)) => self.admit(socket, peer),
                Err(error) => {
                    // Out of file handles, mostly: the connection that ends one frees the next.
                    self.complain(&format!("a connection could not be accepted: {error}"));
                    if !self.slot.is_free(Duration::from_millis(100)) {
                        continue;
                    }
                }
            }
        }
    }

    fn admit(self: &Arc<Self>, socket: TcpStream, peer: SocketAddr) {
        let id = self.n_seen.fetch_add(1, Ordering::SeqCst);
        let handle = match socket.try_clone() {
            Ok(handle) => handle,
            Err(error) => return self.complain(&format!("a socket cannot be shared: {error}")),
        };
        let mut present = locked(&self.half_open);
        if present.len() >= HALF_OPEN_MAX {
            drop(present);
            return self.complain("too many connections are in their handshake");
        }
        present.insert(id, handle);
        drop(present);
        let half_open = HalfOpen { door: Arc::clone(self), id };
        if self.is_closed.load(Ordering::SeqCst) {
            return;
        }
        let span = tracing::info_span!("conn", id, %peer, role = "bot", bot = %self.config.name);
        let door = Arc::clone(self);
        let name = format!("bot-{}", self.config.name);
        let spawned = self.around.crew.spawn(name, move || {
            span.in_scope(|| {
                if let Err(turned_away) = door.receive(socket, peer, half_open) {
                    door.complain(&crate::bot_frame::chain(&turned_away));
                }
            });
        });
        if let Err(error) = spawned {
            self.complain(&format!("no thread could be started: {error}"));
        }
    }

    fn complain(&self, why: &str) {
        if let Some(why) = self.complaints.say(Instant::now(), why) {
            tracing::warn!(bot = %self.config.name, why, "Turned a connection away");
            let bot = self.config.name.clone();
            self.around.inbox.fact(Input::DoorRefused { bot, why });
        }
    }
}
