//! A client program, as little of one as a door can tell apart from the real thing.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use gatehouse_tws::answer::{AnswerId, ErrorReport, NextValidId, OrderStatusReport};
use gatehouse_tws::handshake::{ClientHello, ServerHello, StartApi};
use gatehouse_tws::request::{CancelOrder, PlaceOrder};
use gatehouse_tws::{FrameReader, Head, ServerVersion, VersionRange, encode_frame};
use gatehouse_types::{ClientId, OrderId};

use super::SOON;

/// A connected client.
pub(crate) struct Client {
    pub(crate) version: ServerVersion,
    /// The Gateway's answer to the hello, as it came.
    pub(crate) reply: Vec<u8>,
    socket: TcpStream,
    frames: FrameReader,
}

/// How a client was turned away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Closed without a word.
    Closed,
    /// Error 326 with this text, then closed.
    InUse(String),
}

impl Client {
    /// Connects without saying anything.
    pub(crate) fn dial(port: u16) -> TcpStream {
        let socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
        socket.set_read_timeout(Some(SOON)).unwrap();
        socket.set_nodelay(true).unwrap();
        socket
    }

    /// Says hello and START_API. Returns when the answer to the hello is there.
    pub(crate) fn try_connect(
        port: u16,
        (min, max): (i32, i32),
        client_id: i32,
    ) -> Result<Self, Refused> {
        let mut socket = Self::dial(port);
        let range = VersionRange::try_new(ServerVersion::new(min), ServerVersion::new(max));
        let hello = ClientHello { range: range.unwrap(), options: String::new() };
        socket.write_all(&hello.encode()).unwrap();
        let version = ServerVersion::new(0);
        let mut client = Self { version, reply: Vec::new(), socket, frames: FrameReader::new() };
        client.reply = client.next().ok_or(Refused::Closed)?;
        client.version = ServerHello::decode(&client.reply).unwrap().version;
        let start =
            StartApi { client_id: ClientId::new(client_id), optional_capabilities: String::new() };
        client.send(&start.encode(client.version));
        Ok(client)
    }

    /// Connects in the form of `version` and waits for the first order id.
    pub(crate) fn connect(port: u16, version: i32, client_id: i32) -> Self {
        let mut client = Self::try_connect(port, (100, version), client_id).unwrap();
        client.first_id().expect("the session starts");
        client
    }

    /// Reads to nextValidId and returns it, or how the client was turned away.
    pub(crate) fn first_id(&mut self) -> Result<i32, Refused> {
        loop {
            let body = self.next().ok_or(Refused::Closed)?;
            let id = Head::split(self.version, &body).unwrap().id;
            if id == AnswerId::NextValidId.wire() {
                return Ok(NextValidId::decode(self.version, &body).unwrap().order_id.get());
            }
            if id == AnswerId::Error.wire() {
                let report = ErrorReport::decode(self.version, &body).unwrap();
                assert_eq!((report.code, report.id), (326, -1));
                assert_eq!(self.next(), None, "326 ends the connection");
                return Err(Refused::InUse(report.text));
            }
        }
    }

    pub(crate) fn send(&mut self, body: &[u8]) {
        self.send_raw(&encode_frame(body));
    }

    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        self.socket.write_all(bytes).unwrap();
    }

    /// Sends requests until nobody takes any more of them. The last one is cut off.
    pub(crate) fn flood(&mut self, request: &[u8]) {
        let stream = encode_frame(request);
        self.socket.set_write_timeout(Some(Duration::from_millis(300))).unwrap();
        while self.socket.write_all(&stream).is_ok() {}
    }

    pub(crate) fn place(&mut self, order: &PlaceOrder) -> Vec<u8> {
        let body = order.encode(self.version).unwrap();
        self.send(&body);
        body
    }

    pub(crate) fn cancel(&mut self, order_id: i32) -> Vec<u8> {
        let body = CancelOrder::new(OrderId::new(order_id)).encode(self.version).unwrap();
        self.send(&body);
        body
    }

    /// Returns the next body, or `None` at the end of the connection.
    pub(crate) fn next(&mut self) -> Option<Vec<u8>> {
        let mut buffer = [0; 65536];
        loop {
            if let Some(body) = self.frames.next_frame().unwrap() {
                return Some(body.to_vec());
            }
            match self.socket.read(&mut buffer) {
                Ok(0) => return None,
                Ok(n_read) => self.frames.push(buffer.get(..n_read).unwrap()),
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return None,
                Err(error) => panic!("the client got no frame: {error}"),
            }
        }
    }

    /// Returns the next error message.
    pub(crate) fn next_error(&mut self) -> ErrorReport {
        let body = self.next_of(AnswerId::Error);
        ErrorReport::decode(self.version, &body).unwrap()
    }

    pub(crate) fn next_status(&mut self) -> OrderStatusReport {
        let body = self.next_of(AnswerId::OrderStatus);
        OrderStatusReport::decode(self.version, &body).unwrap()
    }

    fn next_of(&mut self, id: AnswerId) -> Vec<u8> {
        loop {
            let body = self.next().expect("is still connected");
            if Head::split(self.version, &body).unwrap().id == id.wire() {
                return body;
            }
        }
    }
}
