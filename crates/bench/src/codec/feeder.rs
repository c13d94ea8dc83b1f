//! The Gateway's side: greets one client, then blasts ticks at it or counts its orders.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use gatehouse_tws::answer::{
    CurrentTime, ErrorReport, ManagedAccounts, NextValidId, TickPrice, TickSize, TickType,
};
use gatehouse_tws::handshake::{HelloReader, ServerHello};
use gatehouse_tws::layout::ReqId;
use gatehouse_tws::request::{Request, RequestId};
use gatehouse_tws::{FrameReader, Head, ServerVersion, encode_frame};
use gatehouse_types::{AccountId, Decimal, OrderId};

/// A peer that says nothing for this long is given up.
const WITHIN: Duration = Duration::from_secs(60);

/// The price by which a client knows the last tick.
pub(crate) const LAST_PRICE: u32 = 77_777;

/// Ticks that are written at once, over and over.
const CHUNK: u32 = 20_000;

/// A port for one client.
pub(crate) struct Feeder {
    listener: TcpListener,
    newest: ServerVersion,
}

/// The client that came.
struct Guest {
    socket: TcpStream,
    frames: FrameReader,
    version: ServerVersion,
}

impl Feeder {
    pub(crate) fn open(newest: i32) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("listening")?;
        Ok(Self { listener, newest: ServerVersion::new(newest) })
    }

    pub(crate) fn port(&self) -> anyhow::Result<u16> {
        Ok(self.listener.local_addr().context("reading the port")?.port())
    }

    /// Writes `n_ticks` ticks at the request for market data, the last of them the sentinel.
    pub(crate) fn feed_ticks(&self, n_ticks: u32) -> anyhow::Result<()> {
        let mut guest = self.greet()?;
        let req_id = loop {
            let body = guest.next()?;
            if let Ok(Request::MarketData(asked)) = Request::decode(guest.version, &body) {
                break asked.req_id;
            }
            guest.answer(&body)?;
        };
        let chunk = ticks(guest.version, req_id, CHUNK)?;
        let last = ticks(guest.version, req_id, n_ticks % CHUNK)?;
        for _ in 0..n_ticks / CHUNK {
            guest.socket.write_all(&chunk).context("writing ticks")?;
        }
        guest.socket.write_all(&last).context("writing ticks")?;
        let sentinel = price(req_id, TickType::LAST, Decimal::from(LAST_PRICE));
        guest.send(&sentinel.encode(guest.version).context("encoding a tick")?)?;
        // Until the client leaves, so that nothing of it is lost.
        while guest.next().is_ok() {}
        Ok(())
    }

    /// Returns the time from the first order to the last.
    pub(crate) fn count_orders(&self, n_orders: u32) -> anyhow::Result<Duration> {
        let mut guest = self.greet()?;
        let mut began = None;
        let mut n_seen = 0;
        loop {
            let body = guest.next()?;
            let head = Head::split(guest.version, &body).context("splitting a body")?;
            if head.id != RequestId::PlaceOrder.wire() {
                guest.answer(&body)?;
                continue;
            }
            n_seen += 1;
            let began = *began.get_or_insert_with(Instant::now);
            if n_seen == n_orders {
                return Ok(began.elapsed());
            }
        }
    }

    fn greet(&self) -> anyhow::Result<Guest> {
        let (mut socket, _) = self.listener.accept().context("waiting for the peer")?;
        socket.set_nodelay(true).context("setting TCP_NODELAY")?;
        socket.set_read_timeout(Some(WITHIN)).context("setting a timeout")?;
        let mut reader = HelloReader::new();
        let mut buffer = [0; 1024];
        let hello = loop {
            let n_read = socket.read(&mut buffer).context("reading a hello")?;
            let read = buffer.get(..n_read).unwrap_or_default();
            if let Some(hello) = reader.push(read).context("reading a hello")? {
                break hello;
            }
        };
        let version = hello.range.max().min(self.newest);
        let time = "20260105 09:30:00 US/Eastern".to_owned();
        let mut guest = Guest { socket, frames: reader.into_frames(), version };
        guest.send(&ServerHello { version, time }.encode())?;
        Ok(guest)
    }
}

impl Guest {
    fn send(&mut self, body: &[u8]) -> anyhow::Result<()> {
        self.socket.write_all(&encode_frame(body)).context("writing")
    }

    fn next(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut buffer = [0; 64 * 1024];
        loop {
            if let Some(body) = self.frames.next_frame().context("framing")? {
                return Ok(body.to_vec());
            }
            match self.socket.read(&mut buffer).context("reading")? {
                0 => bail!("the peer left"),
                n_read => self.frames.push(buffer.get(..n_read).unwrap_or_default()),
            }
        }
    }

    /// What a client wants to hear before it begins.
    fn answer(&mut self, body: &[u8]) -> anyhow::Result<()> {
        let id = Head::split(self.version, body).context("splitting a body")?.id;
        let next = NextValidId { order_id: OrderId::new(1) };
        match RequestId::from_wire(id) {
            Some(RequestId::StartApi) => {
                let accounts = ManagedAccounts { accounts: vec![AccountId::new("DU1234567")] };
                self.send(&accounts.encode(self.version).context("encoding")?)?;
                self.send(&next.encode(self.version).context("encoding")?)?;
                let text = "Market data farm connection is OK:usfarm".to_owned();
                let notice = ErrorReport { id: -1, code: 2104, text, ..ErrorReport::default() };
                self.send(&notice.encode(self.version).context("encoding")?)
            }
            Some(RequestId::Ids) => self.send(&next.encode(self.version).context("encoding")?),
            Some(RequestId::CurrentTime) => {
                let time = CurrentTime { time: 1_767_623_400 };
                self.send(&time.encode(self.version).context("encoding")?)
            }
            _ => Ok(()),
        }
    }
}

fn price(req_id: ReqId, tick_type: TickType, price: Decimal) -> TickPrice {
    TickPrice { req_id, tick_type, price, size: Decimal::from(300), attributes: 1 }
}

/// Returns framed ticks, prices and sizes in turns, on both sides of the quote.
pub(crate) fn ticks(version: ServerVersion, req_id: ReqId, n: u32) -> anyhow::Result<Vec<u8>> {
    let mut framed = Vec::new();
    for idx in 0..n {
        let is_bid = idx % 4 < 2;
        let body = if idx % 2 == 0 {
            let tick_type = if is_bid { TickType::BID } else { TickType::ASK };
            let cents = i64::from(68_000 + idx % 97);
            price(req_id, tick_type, Decimal::new(cents, 2)).encode(version)
        } else {
            let tick_type = if is_bid { TickType::BID_SIZE } else { TickType::ASK_SIZE };
            let size = Decimal::from(100 * (1 + idx % 9));
            TickSize { req_id, tick_type, size }.encode(version)
        };
        framed.extend(encode_frame(&body.context("encoding a tick")?));
    }
    Ok(framed)
}
