//! A client of bare frames, which asks and counts.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail};
use gatehouse_tws::answer::NextValidId;
use gatehouse_tws::handshake::{ClientHello, ServerHello, StartApi};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::request::MarketDataRequest;
use gatehouse_tws::{FrameReader, ServerVersion, VersionRange, encode_frame};
use gatehouse_types::ClientId;

/// Instruments that move at every beat.
const SYMBOLS: [&str; 10] =
    ["SPY", "QQQ", "AAPL", "MSFT", "NVDA", "AMZN", "TSLA", "GOOGL", "JPM", "XOM"];
/// Lines of each client; several of one instrument.
pub(super) const N_LINES: i32 = 50;
/// Nothing on a loopback socket takes this long unless it is broken.
const WITHIN: Duration = Duration::from_secs(20);

/// The client.
pub(super) struct Guest {
    socket: TcpStream,
    frames: FrameReader,
    pub(super) version: ServerVersion,
}

impl Guest {
    pub(super) fn enter(port: u16, client_id: i32, newest: i32) -> anyhow::Result<Self> {
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

    /// Returns a second hand on the connection, which only writes.
    pub(super) fn split(&self) -> anyhow::Result<Self> {
        let socket = self.socket.try_clone().context("sharing the socket")?;
        Ok(Self { socket, frames: FrameReader::new(), version: self.version })
    }

    pub(super) fn send(&mut self, body: &[u8]) -> anyhow::Result<()> {
        self.socket.write_all(&encode_frame(body)).context("writing")
    }

    pub(super) fn next(&mut self) -> anyhow::Result<Vec<u8>> {
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

    pub(super) fn subscribe(mut self) -> anyhow::Result<Self> {
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

    /// Counts frames until told to stop. Returns whether the simulator ended the connection.
    pub(super) fn read_until(mut self, is_over: &AtomicBool, counted: &AtomicU64) -> bool {
        let mut buffer = vec![0; 64 * 1024];
        while !is_over.load(Ordering::Relaxed) {
            let Ok(n_read) = self.socket.read(&mut buffer) else { return true };
            if n_read == 0 {
                return true;
            }
            self.frames.push(buffer.get(..n_read).unwrap_or_default());
            while let Ok(Some(_)) = self.frames.next_frame() {
                counted.fetch_add(1, Ordering::Relaxed);
            }
        }
        false
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
