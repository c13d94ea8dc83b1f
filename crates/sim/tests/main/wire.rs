//! A client of bare frames: it offers one version and speaks it with the codec.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use gatehouse_tws::answer::{AnswerId, ErrorReport};
use gatehouse_tws::handshake::StartApi;
use gatehouse_tws::layout::LayoutError;
use gatehouse_tws::request::Request;
use gatehouse_tws::{FrameReader, Head, ServerVersion, encode_frame};
use gatehouse_types::ClientId;

/// Longest wait for a frame.
const WAIT: Duration = Duration::from_secs(20);

/// One connection.
pub(crate) struct Wire {
    socket: TcpStream,
    frames: FrameReader,
    pub(crate) version: ServerVersion,
}

impl Wire {
    /// Connects and offers versions, without reading the answer.
    pub(crate) fn connect(address: SocketAddr, offer: &str) -> Self {
        let mut socket = TcpStream::connect(address).expect("connects");
        socket.set_read_timeout(Some(WAIT)).expect("sets");
        socket.write_all(b"API\0").expect("writes");
        socket.write_all(&encode_frame(offer.as_bytes())).expect("writes");
        Self { socket, frames: FrameReader::new(), version: ServerVersion::new(178) }
    }

    /// Connects at exactly one version and begins a session.
    pub(crate) fn begin_at(address: SocketAddr, version: i32, client_id: i32) -> Self {
        let mut wire = Self::connect(address, &format!("v100..{version}"));
        let hello = wire.next().expect("says hello");
        assert!(hello.starts_with(format!("{version}\0").as_bytes()), "{hello:?}");
        wire.version = ServerVersion::new(version);
        wire.begin(client_id);
        wire
    }

    /// Begins a session and waits for the last of the notices that come with it.
    pub(crate) fn begin(&mut self, client_id: i32) {
        let start = StartApi { client_id: ClientId::new(client_id), ..StartApi::default() };
        self.send(&start.encode(self.version));
        while self.next_error().code != 2158 {}
    }

    /// Ends the connection.
    pub(crate) fn close(&self) {
        self.socket.shutdown(std::net::Shutdown::Both).expect("was open");
    }

    /// Reads until the server ends the connection: the last bytes, and how it ended.
    pub(crate) fn read_to_the_end(&mut self) -> (Vec<u8>, Option<std::io::ErrorKind>) {
        let mut rest = Vec::new();
        let error = self.socket.read_to_end(&mut rest).err();
        (rest, error.map(|error| error.kind()))
    }

    pub(crate) fn send(&mut self, body: &[u8]) {
        self.socket.write_all(&encode_frame(body)).expect("writes");
    }

    /// Writes bytes to a server that may have hung up.
    pub(crate) fn try_send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.socket.write_all(bytes)
    }

    pub(crate) fn ask(&mut self, request: &Request) {
        let body = request.encode(self.version).expect("can be written");
        self.send(&body);
    }

    /// Returns the next body, or `None` when the server closed.
    pub(crate) fn next(&mut self) -> Option<Vec<u8>> {
        let mut buffer = [0; 4096];
        loop {
            if let Some(body) = self.frames.next_frame().expect("is framed") {
                return Some(body.to_vec());
            }
            match self.socket.read(&mut buffer) {
                Ok(0) => return None,
                Ok(n_bytes) => self.frames.push(&buffer[..n_bytes]),
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return None,
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Returns the next answer of a kind that fits; each of the kind is read to its last field.
    pub(crate) fn await_answer<T: std::fmt::Debug>(
        &mut self,
        id: AnswerId,
        decode: fn(ServerVersion, &[u8]) -> Result<T, LayoutError>,
        fits: impl Fn(&T) -> bool,
    ) -> T {
        loop {
            let body = self.next().expect("goes on");
            let found = Head::split(self.version, &body).expect("has a head").id;
            if found == id.wire() {
                let answer = decode(self.version, &body).expect("is understood to its last field");
                if fits(&answer) {
                    return answer;
                }
            }
        }
    }

    /// Returns the next error, warning or notice.
    pub(crate) fn next_error(&mut self) -> ErrorReport {
        self.await_answer(ErrorReport::ID, ErrorReport::decode, |_| true)
    }
}
