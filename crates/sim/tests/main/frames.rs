//! What the server does with frames that no good client sends, and what it records.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use gatehouse_tws::answer::ErrorReport;
use gatehouse_tws::handshake::StartApi;
use gatehouse_tws::request::{CancelOrder, CurrentTimeRequest};
use gatehouse_tws::{FrameReader, Head, ServerVersion, encode_frame};
use gatehouse_types::{ClientId, OrderId};

use crate::server;

const TEXT: ServerVersion = ServerVersion::new(178);

struct Wire {
    socket: TcpStream,
    frames: FrameReader,
}

impl Wire {
    fn connect(address: std::net::SocketAddr, offer: &str) -> Self {
        let mut socket = TcpStream::connect(address).expect("connects");
        socket.set_read_timeout(Some(Duration::from_secs(20))).expect("sets");
        socket.write_all(b"API\0").expect("writes");
        socket.write_all(&encode_frame(offer.as_bytes())).expect("writes");
        Self { socket, frames: FrameReader::new() }
    }

    fn send(&mut self, body: &[u8]) {
        self.socket.write_all(&encode_frame(body)).expect("writes");
    }

    /// Returns the next body, or `None` when the server closed.
    fn next(&mut self) -> Option<Vec<u8>> {
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

    fn begin(&mut self, id: i32) {
        self.next().expect("says hello");
        let start = StartApi { client_id: ClientId::new(id), ..StartApi::default() };
        self.send(&start.encode(TEXT));
        while self.next_error().code != 2158 {}
    }

    fn next_error(&mut self) -> ErrorReport {
        loop {
            let body = self.next().expect("goes on");
            if Head::split(TEXT, &body).expect("has a head").id == 4 {
                return ErrorReport::decode(TEXT, &body).expect("is an error");
            }
        }
    }
}

#[test]
fn closes_on_a_client_that_is_too_old() {
    let server = server(None);
    let mut wire = Wire::connect(server.address(), "v100..156");
    assert_eq!(wire.next(), None);
}

#[test]
fn answers_what_it_does_not_know_with_a_sentence() {
    let server = server(None);
    let mut wire = Wire::connect(server.address(), "v157..178");
    wire.begin(5);
    for (body, id, code) in [
        (&b"84\x0042\0a6\0"[..], 42, 321),
        (b"3\x007\0nonsense\0", 7, 320),
        (b"999\x001\0", 1, 321),
        (b"20\x0055\0", 55, 320),
    ] {
        wire.send(body);
        let report = wire.next_error();
        assert_eq!((report.id, report.code), (id, code), "{}", report.text);
    }
    let cancel = CancelOrder::new(OrderId::new(77)).encode(TEXT).expect("encodes");
    wire.send(&cancel);
    assert_eq!(wire.next_error().code, 10147);
}

#[test]
fn records_a_frame_before_it_answers() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let path = dir.path().join("record.jsonl");
    let server = server(Some(path.clone()));
    let mut wire = Wire::connect(server.address(), "v157..178");
    wire.begin(6);
    wire.send(&CurrentTimeRequest.encode(TEXT).expect("encodes"));
    wire.send(&CancelOrder::new(OrderId::new(3)).encode(TEXT).expect("encodes"));
    assert_eq!(wire.next_error().code, 10147);
    let text = std::fs::read_to_string(&path).expect("reads");
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("is JSON")).collect();
    assert_eq!(lines.len(), 1);
    assert_eq!((&lines[0]["client_id"], &lines[0]["order_id"]), (&6.into(), &3.into()));
}
