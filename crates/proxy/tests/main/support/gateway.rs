//! A Gateway that shakes hands, starts sessions, and shows every body it receives.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

use crossbeam_channel::{Receiver, Sender, unbounded};
use gatehouse_tws::answer::{ErrorReport, ManagedAccounts, NextValidId};
use gatehouse_tws::handshake::{HelloReader, ServerHello, StartApi};
use gatehouse_tws::{Form, FrameReader, Head, ServerVersion, encode_frame};
use gatehouse_types::{AccountId, OrderId};

use super::SOON;

pub(crate) const TIME: &str = "20260105 09:30:00 Central European Standard Time";

/// A stub Gateway.
pub(crate) struct StubGateway {
    pub(crate) address: String,
    sessions: Receiver<Session>,
    knobs: Arc<Knobs>,
}

struct Knobs {
    max_version: AtomicI32,
    next_id: AtomicI32,
    /// How many of the next sessions are told that their client id is in use.
    n_in_use: AtomicUsize,
    n_accepted: AtomicUsize,
}

/// One client of the stub, after its START_API.
pub(crate) struct Session {
    pub(crate) client_id: i32,
    pub(crate) version: ServerVersion,
    /// START_API and everything after it; disconnected at the end.
    pub(crate) bodies: Receiver<Vec<u8>>,
    socket: TcpStream,
    /// While it is locked the stub does not read.
    reading: Arc<Mutex<()>>,
}

impl StubGateway {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (to_test, sessions) = unbounded();
        let knobs = Arc::new(Knobs {
            max_version: AtomicI32::new(226),
            next_id: AtomicI32::new(1),
            n_in_use: AtomicUsize::new(0),
            n_accepted: AtomicUsize::new(0),
        });
        let shared = Arc::clone(&knobs);
        thread::spawn(move || {
            for socket in listener.incoming() {
                let Ok(socket) = socket else { return };
                shared.n_accepted.fetch_add(1, Ordering::SeqCst);
                let (knobs, to_test) = (Arc::clone(&shared), to_test.clone());
                thread::spawn(move || serve(socket, &knobs, &to_test));
            }
        });
        Self { address, sessions, knobs }
    }

    pub(crate) fn max_version(&self, version: i32) {
        self.knobs.max_version.store(version, Ordering::SeqCst);
    }

    pub(crate) fn next_id(&self, next: i32) {
        self.knobs.next_id.store(next, Ordering::SeqCst);
    }

    pub(crate) fn in_use(&self, n_times: usize) {
        self.knobs.n_in_use.store(n_times, Ordering::SeqCst);
    }

    /// Returns how many connections were ever accepted.
    pub(crate) fn n_accepted(&self) -> usize {
        self.knobs.n_accepted.load(Ordering::SeqCst)
    }

    /// Returns the next client that said START_API, its START_API already taken from `bodies`.
    pub(crate) fn session(&self) -> Session {
        let session = self.sessions.recv_timeout(SOON).expect("nobody started a session");
        let start = session.next();
        let start = StartApi::decode(session.version, &start).expect("begins with START_API");
        assert_eq!(start.client_id.get(), session.client_id);
        session
    }

    /// Returns whether no further session was started.
    pub(crate) fn is_quiet(&self) -> bool {
        self.sessions.is_empty()
    }
}

impl Session {
    /// Returns the next body received.
    pub(crate) fn next(&self) -> Vec<u8> {
        self.bodies.recv_timeout(SOON).expect("the Gateway received nothing")
    }

    /// Waits for the end of the connection and returns what came before it.
    pub(crate) fn rest(&self) -> Vec<Vec<u8>> {
        let mut rest = Vec::new();
        while let Ok(body) = self.bodies.recv_timeout(SOON) {
            rest.push(body);
        }
        rest
    }

    pub(crate) fn send(&self, body: &[u8]) {
        self.send_raw(&encode_frame(body));
    }

    pub(crate) fn send_raw(&self, bytes: &[u8]) {
        (&self.socket).write_all(bytes).unwrap();
    }

    /// Stops reading, after the next body at the latest, until the guard is dropped.
    pub(crate) fn stop_reading(&self) -> MutexGuard<'_, ()> {
        self.reading.lock().unwrap()
    }

    /// Returns a reqCurrentTime in the form of the session.
    pub(crate) fn current_time_request(&self) -> Vec<u8> {
        let (form, payload) = if self.version.get() < 201 {
            (Form::Text, &b"1\0"[..])
        } else {
            (Form::Protobuf, &b""[..])
        };
        Head { id: 49, form, payload }.join(self.version).unwrap()
    }

    pub(crate) fn close(&self) {
        self.socket.shutdown(Shutdown::Both).ok();
    }
}

fn serve(mut socket: TcpStream, knobs: &Knobs, to_test: &Sender<Session>) -> Option<()> {
    socket.set_nodelay(true).ok()?;
    let mut reader = HelloReader::new();
    let hello = loop {
        let bytes = read(&mut socket)?;
        if let Some(hello) = reader.push(&bytes).ok()? {
            break hello;
        }
    };
    let most = ServerVersion::new(knobs.max_version.load(Ordering::SeqCst));
    if hello.range.min() > most {
        return None;
    }
    let version = hello.range.max().min(most);
    let reply = ServerHello { version, time: TIME.to_owned() };
    socket.write_all(&encode_frame(&reply.encode())).ok()?;
    let mut frames = reader.into_frames();
    let start = next_body(&mut socket, &mut frames)?;
    let client_id = StartApi::decode(version, &start).ok()?.client_id.get();
    if knobs.n_in_use.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok()
    {
        let report = ErrorReport {
            code: 326,
            text: "Unable to connect as the client id is already in use".to_owned(),
            ..ErrorReport::default()
        };
        socket.write_all(&encode_frame(&report.encode(version).ok()?)).ok()?;
        return None;
    }
    let accounts = ManagedAccounts { accounts: vec![AccountId::new("DU1234567")] };
    let next = OrderId::new(knobs.next_id.load(Ordering::SeqCst));
    let greeting = [
        encode_frame(&accounts.encode(version).ok()?),
        encode_frame(&NextValidId { order_id: next }.encode(version).ok()?),
    ];
    let (to_session, bodies) = unbounded();
    to_session.send(start).ok()?;
    let reading = Arc::new(Mutex::new(()));
    let shown = Session {
        client_id,
        version,
        bodies,
        socket: socket.try_clone().ok()?,
        reading: Arc::clone(&reading),
    };
    to_test.send(shown).ok()?;
    socket.write_all(&greeting.concat()).ok()?;
    while let Some(body) = next_body(&mut socket, &mut frames) {
        to_session.send(body).ok();
        drop(reading.lock());
    }
    socket.shutdown(Shutdown::Both).ok()
}

fn next_body(socket: &mut TcpStream, frames: &mut FrameReader) -> Option<Vec<u8>> {
    loop {
        if let Some(body) = frames.next_frame().ok()? {
            return Some(body.to_vec());
        }
        frames.push(&read(socket)?);
    }
}

fn read(socket: &mut TcpStream) -> Option<Vec<u8>> {
    let mut buffer = [0; 4096];
    let n_read = socket.read(&mut buffer).ok().filter(|n_read| *n_read > 0)?;
    Some(buffer.get(..n_read)?.to_vec())
}
