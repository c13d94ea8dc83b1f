//! What a hostile or broken program sends: the process lives on, serves others, and does not grow.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};

use gatehouse_tws::answer::CurrentTime;
use gatehouse_tws::handshake::StartApi;
use gatehouse_tws::request::{CurrentTimeRequest, Request};
use gatehouse_tws::{ServerVersion, encode_frame};
use gatehouse_types::ClientId;

use crate::wire::Wire;

/// Rounds before memory is looked at: buffers find their size, tables are made.
const N_WARM: u64 = 8;
const N_ROUNDS: u64 = 40;
const N_FRAMES: usize = 150;
/// What may come and go with the allocator.
const GROWTH_MAX_KIB: u64 = 4 * 1024;

struct Sim {
    child: Child,
    address: SocketAddr,
}

impl Sim {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gatehouse-sim"))
            .args(["--listen", "127.0.0.1:0", "--until-stdin-ends"])
            .env("RUST_LOG", "error")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("is piped");
        BufReader::new(stdout).read_line(&mut line).expect("says where");
        let address = line.trim().strip_prefix("listening ").expect("says where");
        Self { address: address.parse().expect("is an address"), child }
    }

    /// Returns what the process holds of memory, `None` where the system does not say.
    fn memory_kib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix(" kB")?.trim().parse().ok()
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.child.kill().expect("is alive");
        self.child.wait().expect("ends");
    }
}

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll()).expect("is 31 bits") % end.max(1)
    }

    fn bytes(&mut self, n_bytes: usize) -> Vec<u8> {
        (0..n_bytes).map(|_| self.roll().to_le_bytes()[0]).collect()
    }

    /// Changes, takes away, doubles or adds some bytes.
    fn harm(&mut self, body: &mut Vec<u8>) {
        for _ in 0..=self.below(3) {
            let at = self.below(body.len());
            match self.below(4) {
                0 if !body.is_empty() => body[at] = self.roll().to_le_bytes()[0],
                1 => body.truncate(at),
                2 => body.extend_from_within(at..),
                _ => body.insert(at, self.roll().to_le_bytes()[0]),
            }
        }
    }
}

/// A session at a version, past its greeting.
fn session(address: SocketAddr, version: i32, client_id: i32) -> Wire {
    let mut wire = Wire::connect(address, &format!("v100..{version}"));
    wire.next().expect("says hello");
    wire.version = ServerVersion::new(version);
    let start = StartApi { client_id: ClientId::new(client_id), ..StartApi::default() };
    wire.send(&start.encode(wire.version));
    wire
}

/// What real libraries sent: reads, and orders of every shape.
const RECORDED: [&str; 6] = [
    include_str!("../../../tws/fixtures/ib_async_reads.hex"),
    include_str!("../../../tws/fixtures/ibapi_reads.hex"),
    include_str!("../../../tws/fixtures/rust_ibapi_reads.hex"),
    include_str!("../../../tws/fixtures/ib_async.hex"),
    include_str!("../../../tws/fixtures/ibapi.hex"),
    include_str!("../../../tws/fixtures/rust_ibapi.hex"),
];

/// Returns recorded bodies by the version that they were written at.
fn recorded() -> BTreeMap<i32, Vec<Vec<u8>>> {
    let mut bodies: BTreeMap<i32, Vec<Vec<u8>>> = BTreeMap::new();
    for line in RECORDED.iter().flat_map(|file| file.lines()).filter(|line| !line.starts_with('#'))
    {
        let mut words = line.split(' ').skip(1);
        let version = words.next().and_then(|word| word.parse().ok()).expect("has a version");
        let hex = words.last().expect("has a body");
        let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("is hex");
        let body = (0..hex.len()).step_by(2).map(byte).collect();
        bodies.entry(version).or_default().push(body);
    }
    bodies
}

fn raw(address: SocketAddr, bytes: &[u8]) {
    let mut socket = TcpStream::connect(address).expect("connects");
    // The other side may hang up in the middle of it.
    if socket.write_all(bytes).is_ok() && socket.shutdown(Shutdown::Write).is_ok() {
        let mut answer = Vec::new();
        socket.take(1 << 20).read_to_end(&mut answer).ok();
    }
}

fn round(address: SocketAddr, recorded: &BTreeMap<i32, Vec<Vec<u8>>>, dice: &mut Dice) {
    let noise = dice.below(4_000);
    raw(address, &dice.bytes(noise));
    raw(address, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    raw(address, b"API\0\0\0\0\x09v100..226\xff\xff\xff\xff");
    raw(address, b"API\0\0\0\0\x09v100..226\0\0\0\x10half");
    for (client_id, (version, bodies)) in (50..).zip(recorded) {
        let mut wire = session(address, *version, client_id);
        for _ in 0..N_FRAMES {
            let mut body = bodies[dice.below(bodies.len())].clone();
            // Some as they are: subscriptions that nobody ends.
            if dice.below(4) > 0 {
                dice.harm(&mut body);
            }
            if dice.below(20) == 0 {
                let n_bytes = dice.below(300);
                body = dice.bytes(n_bytes);
            }
            // A frame that ends a session ends it; the others are of no less interest.
            if wire.try_send(&encode_frame(&body)).is_err() {
                break;
            }
        }
        drop(wire);
    }
}

#[test]
fn lives_on_and_does_not_grow_whatever_is_sent_to_it() {
    let sim = Sim::start();
    let recorded = recorded();
    let mut dice = Dice(1);
    let mut before = None;
    for idx in 0..N_ROUNDS {
        if idx == N_WARM {
            before = sim.memory_kib();
        }
        round(sim.address, &recorded, &mut dice);
    }
    let mut honest = Wire::begin_at(sim.address, 226, 1);
    honest.ask(&Request::CurrentTime(CurrentTimeRequest));
    honest.await_answer(CurrentTime::ID, CurrentTime::decode, |_| true);
    let after = sim.memory_kib();
    if let (Some(before), Some(after)) = (before, after) {
        let growth = after.saturating_sub(before);
        assert!(growth < GROWTH_MAX_KIB, "grew by {growth} KiB, to {after} KiB");
    }
}
