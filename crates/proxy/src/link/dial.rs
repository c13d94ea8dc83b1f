//! Opens a connection to the Gateway and agrees on a version.

use std::io::{self, Read};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use gatehouse_tws::handshake::{ClientHello, HandshakeError, ServerHello};
use gatehouse_tws::{FrameError, FrameReader};

use crate::bot_side::is_timeout;
use crate::locked::locked;
use crate::upstream::write_hello;

/// How long a Gateway may take for each step of the handshake.
pub(crate) const HANDSHAKE_WITHIN: Duration = Duration::from_secs(5);

/// Bytes read from a socket at once.
pub(crate) const READ_BUFFER: usize = 64 * 1024;

/// Where the Gateway is, if anywhere.
#[derive(Debug, Default)]
pub(crate) struct GatewayAddress(Mutex<Option<String>>);

impl GatewayAddress {
    pub(crate) fn new(address: Option<String>) -> Self {
        Self(Mutex::new(address))
    }

    pub(crate) fn set(&self, address: Option<String>) {
        *locked(&self.0) = address;
    }

    fn get(&self) -> Option<String> {
        locked(&self.0).clone()
    }
}

/// Why the Gateway could not be reached.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DialError {
    #[error("no Gateway is up yet")]
    NoAddress,
    #[error("the Gateway's address {address} cannot be resolved")]
    Resolve {
        address: String,
        #[source]
        source: io::Error,
    },
    #[error("the Gateway at {address} cannot be reached")]
    Connect {
        address: String,
        #[source]
        source: io::Error,
    },
    #[error("the handshake with the Gateway broke off")]
    Handshake(#[source] io::Error),
    #[error("the Gateway did not answer the handshake within {} s", HANDSHAKE_WITHIN.as_secs())]
    Silent,
    #[error("the Gateway closed the connection during the handshake")]
    Closed,
    #[error("the Gateway's bytes are out of step")]
    Frame(#[source] FrameError),
    #[error("the Gateway's answer cannot be read")]
    Hello(#[source] HandshakeError),
}

/// A connection on which versions were agreed and nothing else was said.
#[derive(Debug)]
pub(crate) struct Dialled {
    pub(crate) socket: TcpStream,
    pub(crate) frames: FrameReader,
    pub(crate) hello: ServerHello,
    /// The Gateway's answer as it came.
    pub(crate) reply: Vec<u8>,
}

/// Connects and exchanges hellos.
///
/// # Errors
/// Nobody is there, or it does not answer like a Gateway.
pub(crate) fn dial(address: &GatewayAddress, hello: &ClientHello) -> Result<Dialled, DialError> {
    let mut socket = connect(&address.get().ok_or(DialError::NoAddress)?)?;
    let prepared = socket
        .set_nodelay(true)
        .and_then(|()| socket.set_write_timeout(Some(HANDSHAKE_WITHIN)))
        .and_then(|()| write_hello(&mut socket, hello));
    prepared.map_err(DialError::Handshake)?;
    let mut frames = FrameReader::new();
    let deadline = Instant::now() + HANDSHAKE_WITHIN;
    let reply = loop {
        if let Some(body) = frames.next_frame().map_err(DialError::Frame)? {
            break body.to_vec();
        }
        match read_until(&mut socket, &mut frames, deadline) {
            Ok(0) => return Err(DialError::Closed),
            Ok(_) => {}
            Err(error) if is_timeout(&error) => return Err(DialError::Silent),
            Err(error) => return Err(DialError::Handshake(error)),
        }
    };
    let hello = ServerHello::decode(&reply).map_err(DialError::Hello)?;
    Ok(Dialled { socket, frames, hello, reply })
}

fn connect(address: &str) -> Result<TcpStream, DialError> {
    let places: Vec<SocketAddr> = address
        .to_socket_addrs()
        .map_err(|source| DialError::Resolve { address: address.to_owned(), source })?
        .collect();
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for place in places {
        match TcpStream::connect_timeout(&place, HANDSHAKE_WITHIN) {
            Ok(socket) => return Ok(socket),
            Err(error) => last = error,
        }
    }
    Err(DialError::Connect { address: address.to_owned(), source: last })
}

/// Reads once, at most until `deadline`. Returns 0 at the end of the stream.
///
/// # Errors
/// The socket broke, or the deadline passed ([`is_timeout`]).
pub(crate) fn read_until(
    socket: &mut TcpStream,
    frames: &mut FrameReader,
    deadline: Instant,
) -> io::Result<usize> {
    let mut buffer = [0; 4096];
    let n_read = read_some(socket, &mut buffer, deadline)?;
    frames.push(buffer.get(..n_read).unwrap_or_default());
    Ok(n_read)
}

/// Reads once into `buffer`, at most until `deadline`.
///
/// # Errors
/// The socket broke, or the deadline passed ([`is_timeout`]).
pub(crate) fn read_some(
    socket: &mut TcpStream,
    buffer: &mut [u8],
    deadline: Instant,
) -> io::Result<usize> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(io::Error::from(io::ErrorKind::TimedOut));
    }
    socket.set_read_timeout(Some(left))?;
    socket.read(buffer)
}
