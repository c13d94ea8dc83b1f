//! Who answers on a port: a connection, then the real handshake.
//!
//! The handshake ends before a client says who it is, so no client's place is taken and the
//! Gateway's window does not ask. Blocks the calling thread, at most as long as it was told.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};

use gatehouse_tws::handshake::{ClientHello, ServerHello};
use gatehouse_tws::{FrameReader, ServerVersion, VersionRange};

use crate::session::Probed;

/// Where a Gateway or TWS listens when nobody changed it.
pub const USUAL_PORTS: [(u16, &str); 4] =
    [(4001, "Gateway, live"), (4002, "Gateway, paper"), (7496, "TWS, live"), (7497, "TWS, paper")];

/// The first bytes of an answer that are kept to tell who it is.
const HEAD_MAX: usize = 16;

/// What was found at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A Gateway, TWS or simulator.
    Speaks {
        version: ServerVersion,
        /// Its calendar with the name of its zone, as its host spells it.
        time: String,
        /// From the first byte of the dial to the last of the answer.
        took: Duration,
    },
    /// The name of the host is unknown.
    NoSuchHost { host: String },
    /// The machine is there, and nobody listens on the port.
    Refused,
    /// Nothing came back: another machine that is off, or a firewall.
    NoAnswer,
    /// It accepts and says nothing: a Gateway that waits for a login or hangs, or another program.
    Silent,
    /// It accepts and hangs up: socket clients are switched off, or this address is not trusted.
    HangsUp,
    /// It answers, and it is no Gateway.
    Stranger { who: &'static str },
    /// A Gateway from before the oldest version that is understood.
    TooOld { version: ServerVersion },
    /// It begins as a Gateway does, and what it says cannot be read.
    Unusable { why: String },
    /// The connection broke in another way.
    Broken { why: String },
}

/// The oldest server version at which Gatehouse's own client works, whatever bots speak.
pub const OWN_FLOOR: ServerVersion = ServerVersion::ALL_PROTOBUF;

impl Finding {
    /// Returns the finding as the session hears it, for an address.
    #[must_use]
    pub fn told(&self, address: &str) -> Probed {
        let why = match self {
            Self::Speaks { version, .. } if *version >= OWN_FLOOR => {
                return Probed::Speaks { version: version.get() };
            }
            Self::Speaks { version, .. } => format!(
                "the Gateway on {address} speaks server version {}, and Gatehouse needs {} or \
                 newer: install the stable IB Gateway",
                version.get(),
                OWN_FLOOR.get()
            ),
            Self::NoSuchHost { host } => format!("there is no host {host}"),
            Self::Refused => format!("nothing listens on {address}"),
            Self::NoAnswer => format!("nothing answers at {address}"),
            Self::Silent => format!("what listens on {address} accepts and says nothing"),
            Self::HangsUp => format!("what listens on {address} hangs up at once"),
            Self::Stranger { who } => format!("{who} listens on {address}, not a Gateway"),
            Self::TooOld { version } => format!(
                "the Gateway on {address} cannot be used: its server version {} is older than {}",
                version.get(),
                ServerVersion::FLOOR.get()
            ),
            Self::Unusable { why } => format!("the Gateway on {address} cannot be used: {why}"),
            Self::Broken { why } => format!("the connection to {address} broke: {why}"),
        };
        Probed::No { why }
    }
}

/// Tries an address, `within` for each of its two steps.
#[must_use]
pub fn probe(address: &str, within: Duration) -> Finding {
    let started = Instant::now();
    let mut socket = match connect(address, within) {
        Ok(socket) => socket,
        Err(finding) => return finding,
    };
    match shake_hands(&mut socket, started, within) {
        Ok(finding) => finding,
        Err(error) => broken(&error),
    }
}

/// Returns whether what is silent answers as a web server does: many wait for a whole line. Takes
/// `within` for each of its two steps.
#[must_use]
pub fn is_web_server(address: &str, within: Duration) -> bool {
    let Ok(mut socket) = connect(address, within) else { return false };
    let mut ask = || -> io::Result<Vec<u8>> {
        socket.set_write_timeout(Some(within))?;
        socket.set_read_timeout(Some(within))?;
        socket.write_all(b"HEAD / HTTP/1.0\r\n\r\n")?;
        let mut head = vec![0; HEAD_MAX];
        let n_read = socket.read(&mut head)?;
        head.truncate(n_read);
        Ok(head)
    };
    ask().is_ok_and(|head| stranger(&head) == Some(Finding::Stranger { who: WEB_SERVER }))
}

fn connect(address: &str, within: Duration) -> Result<TcpStream, Finding> {
    let unknown = || {
        let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
        Finding::NoSuchHost { host: host.to_owned() }
    };
    let places: Vec<SocketAddr> = address.to_socket_addrs().map_err(|_| unknown())?.collect();
    let mut last = unknown();
    for place in places {
        match TcpStream::connect_timeout(&place, within) {
            Ok(socket) => return Ok(socket),
            Err(error) => last = unreachable(&error),
        }
    }
    Err(last)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the list of the library is open")]
fn unreachable(error: &io::Error) -> Finding {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Finding::Refused,
        io::ErrorKind::TimedOut
        | io::ErrorKind::WouldBlock
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable => Finding::NoAnswer,
        _ => Finding::Broken { why: error.to_string() },
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the list of the library is open")]
fn broken(error: &io::Error) -> Finding {
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Finding::Silent,
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::UnexpectedEof => Finding::HangsUp,
        _ => Finding::Broken { why: error.to_string() },
    }
}

fn shake_hands(socket: &mut TcpStream, started: Instant, within: Duration) -> io::Result<Finding> {
    let served = VersionRange::try_new(ServerVersion::FLOOR, ServerVersion::CEILING);
    let range = served.expect("the floor is below the ceiling");
    let hello = ClientHello { range, options: String::new() };
    socket.set_nodelay(true)?;
    socket.set_write_timeout(Some(within))?;
    socket.write_all(&hello.encode())?;
    let deadline = Instant::now() + within;
    let mut frames = FrameReader::new();
    let mut head = Vec::new();
    loop {
        let mut buffer = [0; 1024];
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(stranger(&head).unwrap_or(Finding::Silent));
        }
        socket.set_read_timeout(Some(left))?;
        let n_read = match socket.read(&mut buffer) {
            Ok(0) => return Ok(stranger(&head).unwrap_or(Finding::HangsUp)),
            Ok(n_read) => n_read,
            Err(error) if !head.is_empty() => {
                return Ok(stranger(&head).unwrap_or_else(|| broken(&error)));
            }
            Err(error) => return Err(error),
        };
        let bytes = buffer.get(..n_read).unwrap_or_default();
        head.extend(bytes.iter().copied().take(HEAD_MAX.saturating_sub(head.len())));
        frames.push(bytes);
        match frames.next_frame() {
            Ok(None) => {}
            Ok(Some(body)) => return Ok(greeted(body, started.elapsed())),
            Err(_) => return Ok(stranger(&head).unwrap_or(Finding::Stranger { who: SOMEBODY })),
        }
    }
}

fn greeted(body: &[u8], took: Duration) -> Finding {
    match ServerHello::decode(body) {
        Ok(ServerHello { version, .. }) if version < ServerVersion::FLOOR => {
            Finding::TooOld { version }
        }
        Ok(ServerHello { version, time }) => Finding::Speaks { version, time, took },
        Err(why) => Finding::Unusable { why: why.to_string() },
    }
}

const SOMEBODY: &str = "another program";
/// What answers as a web server does.
pub const WEB_SERVER: &str = "a web server";

/// Returns who begins to speak like this, if it is known.
fn stranger(head: &[u8]) -> Option<Finding> {
    const HEADS: &[(&[u8], &str)] = &[
        (b"HTTP/", WEB_SERVER),
        (b"<", WEB_SERVER),
        (b"SSH-", "an SSH server"),
        (b"220", "a mail or file server"),
        (b"-ERR", "a Redis server"),
        (b"RFB ", "a VNC server"),
        (b"8=FIX", "a FIX server"),
        (b"\x15\x03", "a server that wants TLS"),
        (b"\x16\x03", "a server that wants TLS"),
    ];
    let known = HEADS.iter().find(|(start, _)| head.starts_with(start));
    match known {
        Some((_, who)) => Some(Finding::Stranger { who }),
        None if head.len() >= 4 => Some(Finding::Stranger { who: SOMEBODY }),
        None => None,
    }
}

#[cfg(test)]
mod tests;
