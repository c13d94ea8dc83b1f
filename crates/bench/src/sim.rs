//! The simulator as a process: ticks that reach its clients, time from placeOrder to its
//! acknowledgement, and what it takes of memory while it serves.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use gatehouse_tws::answer::{AnswerId, NextValidId, OpenOrder};
use gatehouse_tws::handshake::{ClientHello, ServerHello, StartApi};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::request::MarketDataRequest;
use gatehouse_tws::{FrameReader, Head, ServerVersion, VersionRange, encode_frame};
use gatehouse_types::{ClientId, Decimal};

use crate::codec::place;
use crate::figures::{Samples, Table, micros, publish};

/// Instruments that move at every beat.
const SYMBOLS: [&str; 10] =
    ["SPY", "QQQ", "AAPL", "MSFT", "NVDA", "AMZN", "TSLA", "GOOGL", "JPM", "XOM"];
/// Lines of each client; several of one instrument.
const N_LINES: i32 = 50;
const CROWDS: [usize; 3] = [1, 5, 20];
const FOR: Duration = Duration::from_secs(4);
const N_ORDERS: i32 = 2_000;
/// Frames a second of the soak.
const SOAK_RATE: u64 = 5_000;
/// How often the soak looks at the memory.
const SOAK_LOOK: Duration = Duration::from_secs(30);

/// Nothing on a loopback socket takes this long unless it is broken.
const WITHIN: Duration = Duration::from_secs(20);

/// Measures and publishes.
pub(crate) fn measure(dir: &Path, program: &Path) -> anyhow::Result<()> {
    let heads = ["clients", "messages/s in all", "messages/s each", "memory, MiB"];
    let mut ticks = Table::new("Market data delivered, as much as it can", &heads);
    for n_clients in CROWDS {
        let sim = Sim::start(program, &["--beat", "1", "--speed", "250"])?;
        let rate = crowd(&sim, n_clients, 226)?;
        let each = rate / u64::try_from(n_clients).unwrap_or(1);
        let memory = sim.memory_kib()? / 1024;
        ticks.row(&[
            &n_clients.to_string(),
            &rate.to_string(),
            &each.to_string(),
            &memory.to_string(),
        ]);
    }
    let heads = ["form", "p50 µs", "p99 µs", "p99.9 µs"];
    let mut orders = Table::new("placeOrder to openOrder, one after the other", &heads);
    for (form, version) in [("text 178", 178), ("protobuf 226", 226)] {
        let sim = Sim::start(program, &[])?;
        let mut took = acknowledgements(&sim, version)?;
        let (p50, p99) = (micros(took.p50()), micros(took.p99()));
        orders.row(&[form, &p50, &p99, &micros(took.percentile(9990))]);
    }
    publish(dir, "sim", &[ticks, orders])
}

/// Serves one client 5,000 messages a second or more, and prints the memory as it goes.
pub(crate) fn soak(dir: &Path, program: &Path, seconds: &str) -> anyhow::Result<()> {
    let seconds: u64 = seconds.parse().context("reading the seconds")?;
    let sim = Sim::start(program, &["--beat", "30", "--speed", "9"])?;
    let guest = Guest::enter(sim.port, 1, 226)?.subscribe()?;
    let counted = AtomicU64::new(0);
    let is_over = AtomicBool::new(false);
    let heads = ["minutes", "messages/s", "memory, MiB"];
    let mut table = Table::new("Memory while it serves", &heads);
    let began = Instant::now();
    let (mut first, mut most) = (0, 0);
    std::thread::scope(|scope| -> anyhow::Result<()> {
        scope.spawn(|| guest.read_until(&is_over, &counted));
        let looked = (|| -> anyhow::Result<()> {
            while began.elapsed().as_secs() < seconds {
                std::thread::park_timeout(SOAK_LOOK);
                let memory = sim.memory_kib()?;
                if first == 0 {
                    first = memory;
                }
                most = most.max(memory);
                let took = began.elapsed().as_secs().max(1);
                let rate = counted.load(Ordering::Relaxed) / took;
                let mib = format!("{}.{}", memory / 1024, memory % 1024 * 10 / 1024);
                let minutes = format!("{}.{}", took / 60, took % 60 / 6);
                println!("{minutes} min, {rate} messages/s, {mib} MiB");
                table.row(&[&minutes, &rate.to_string(), &mib]);
            }
            Ok(())
        })();
        is_over.store(true, Ordering::Relaxed);
        looked
    })?;
    let rate = counted.load(Ordering::Relaxed) / began.elapsed().as_secs().max(1);
    table.goal("5,000 messages a second", &rate.to_string(), rate >= SOAK_RATE);
    let growth = (most - first).to_string();
    table.goal("grows by less than 8 MiB, in KiB", &growth, most - first < 8 * 1024);
    publish(dir, "sim-soak", &[table])
}

/// A running simulator.
struct Sim {
    child: Child,
    port: u16,
}

impl Sim {
    fn start(program: &Path, flags: &[&str]) -> anyhow::Result<Self> {
        let mut command = Command::new(program);
        command.args(["--listen", "127.0.0.1:0", "--start", "2026-01-05T10:00"]);
        command.args(["--lines", "2000", "--pacing", "off"]).args(flags);
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let mut line = String::new();
        let stdout = child.stdout.take().context("its output")?;
        BufReader::new(stdout).read_line(&mut line).context("waiting for its port")?;
        let port = line.trim().rsplit(':').next().and_then(|port| port.parse().ok());
        let port = port.with_context(|| format!("it said {line:?}"))?;
        Ok(Self { child, port })
    }

    /// Returns what it holds of memory.
    fn memory_kib(&self) -> anyhow::Result<u64> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
        kib.context("a process without memory")
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).ok();
    }
}

fn crowd(sim: &Sim, n_clients: usize, version: i32) -> anyhow::Result<u64> {
    let counted = AtomicU64::new(0);
    let is_over = AtomicBool::new(false);
    let guests: Vec<Guest> = (1..)
        .take(n_clients)
        .map(|id| Guest::enter(sim.port, id, version)?.subscribe())
        .collect::<anyhow::Result<_>>()?;
    let (counted, is_over) = (&counted, &is_over);
    let mut rate = 0;
    std::thread::scope(|scope| {
        for guest in guests {
            scope.spawn(move || guest.read_until(is_over, counted));
        }
        // The first pictures do not count.
        std::thread::park_timeout(Duration::from_secs(1));
        let (begin, before) = (Instant::now(), counted.load(Ordering::Relaxed));
        std::thread::park_timeout(FOR);
        let seen = u128::from(counted.load(Ordering::Relaxed) - before);
        rate = u64::try_from(seen * 1000 / begin.elapsed().as_millis().max(1)).unwrap_or(u64::MAX);
        is_over.store(true, Ordering::Relaxed);
    });
    Ok(rate)
}

fn acknowledgements(sim: &Sim, version: i32) -> anyhow::Result<Samples> {
    let mut guest = Guest::enter(sim.port, 1, version)?;
    let version = guest.version;
    let mut took = Samples::default();
    for id in 1..=N_ORDERS {
        let mut asked = place(id);
        // Far below the market, so that it rests; few enough that the account carries all.
        asked.order.lmt_price = Some(Decimal::ONE_HUNDRED);
        asked.order.total_quantity = Decimal::ONE;
        let body = asked.encode(version).context("encoding an order")?;
        let begin = Instant::now();
        guest.send(&body)?;
        loop {
            let answer = guest.next()?;
            let head = Head::split(version, &answer).context("splitting a body")?;
            if head.id == AnswerId::OpenOrder.wire() {
                let elapsed = begin.elapsed();
                // The order before is said twice: held, and working.
                let open = OpenOrder::decode(version, &answer).context("reading openOrder")?;
                if open.order_id.get() == id {
                    took.add(elapsed);
                    break;
                }
            }
            if head.id == AnswerId::Error.wire() && id > 1 {
                bail!("order {id} was answered with {:?}", String::from_utf8_lossy(head.payload));
            }
        }
    }
    Ok(took)
}

/// A client of bare frames.
struct Guest {
    socket: TcpStream,
    frames: FrameReader,
    version: ServerVersion,
}

impl Guest {
    fn enter(port: u16, client_id: i32, newest: i32) -> anyhow::Result<Self> {
        let mut socket = TcpStream::connect(("127.0.0.1", port)).context("connecting")?;
        socket.set_nodelay(true).context("setting TCP_NODELAY")?;
        socket.set_read_timeout(Some(WITHIN)).context("setting a timeout")?;
        let version = ServerVersion::new;
        let range = VersionRange::try_new(version(100), version(newest)).context("a range")?;
        let hello = ClientHello { range, options: String::new() };
        socket.write_all(&hello.encode()).context("saying hello")?;
        let mut guest = Self { socket, frames: FrameReader::new(), version: version(newest) };
        guest.version = ServerHello::decode(&guest.next()?).context("reading the hello")?.version;
        let start =
            StartApi { client_id: ClientId::new(client_id), optional_capabilities: String::new() };
        guest.send(&start.encode(guest.version))?;
        while NextValidId::decode(guest.version, &guest.next()?).is_err() {}
        Ok(guest)
    }

    fn send(&mut self, body: &[u8]) -> anyhow::Result<()> {
        self.socket.write_all(&encode_frame(body)).context("writing")
    }

    fn next(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut buffer = [0; 16 * 1024];
        loop {
            if let Some(body) = self.frames.next_frame().context("framing")? {
                return Ok(body.to_vec());
            }
            match self.socket.read(&mut buffer).context("reading")? {
                0 => bail!("the simulator left"),
                n_read => self.frames.push(buffer.get(..n_read).unwrap_or_default()),
            }
        }
    }

    fn subscribe(mut self) -> anyhow::Result<Self> {
        for (req_id, symbol) in (1..=N_LINES).zip(SYMBOLS.iter().cycle()) {
            let asked = MarketDataRequest {
                req_id: ReqId::new(req_id),
                contract: stock(symbol),
                ..MarketDataRequest::default()
            };
            let body = asked.encode(self.version).context("encoding")?;
            self.send(&body)?;
        }
        Ok(self)
    }

    fn read_until(mut self, is_over: &AtomicBool, counted: &AtomicU64) {
        let mut buffer = vec![0; 64 * 1024];
        while !is_over.load(Ordering::Relaxed) {
            let Ok(n_read) = self.socket.read(&mut buffer) else { return };
            if n_read == 0 {
                eprintln!("the simulator ended a client");
                return;
            }
            self.frames.push(buffer.get(..n_read).unwrap_or_default());
            while let Ok(Some(_)) = self.frames.next_frame() {
                counted.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

fn stock(symbol: &str) -> WireContract {
    WireContract {
        symbol: symbol.to_owned(),
        sec_type: "STK".to_owned(),
        exchange: "SMART".to_owned(),
        currency: "USD".to_owned(),
        ..WireContract::default()
    }
}
