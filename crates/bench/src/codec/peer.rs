//! The clients that are Rust: our codec, `prost` with a message of the same fields, and `ibapi`.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Instant;

use anyhow::{Context as _, bail};
use gatehouse_tws::answer::{AnswerId, NextValidId, TickPrice, TickSize, TickType};
use gatehouse_tws::handshake::{ClientHello, ServerHello, StartApi};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::order::Order;
use gatehouse_tws::request::{MarketDataRequest, PlaceOrder};
use gatehouse_tws::{FrameReader, Head, ServerVersion, VersionRange, encode_frame};
use gatehouse_types::{ClientId, Decimal, OrderId};
use prost::Message as _;

use super::feeder::LAST_PRICE;

/// The one request.
const REQ_ID: i32 = 7;

/// Bytes that are read at once, as the link to the Gateway does.
const READ_MAX: usize = 64 * 1024;

/// Plays a client, `ticks` or `orders`.
pub(crate) fn run(client: &str, job: &str, port: &str, n: &str) -> anyhow::Result<()> {
    let port: u16 = port.parse().context("reading the port")?;
    let n: i32 = n.parse().context("reading the count")?;
    let nanos = match (client, job) {
        ("gatehouse", "ticks") => Guest::enter(port)?.ticks(&mut Quotes::default())?,
        ("prost", "ticks") => Guest::enter(port)?.ticks(&mut Prosts::default())?,
        ("gatehouse", "orders") => return Guest::enter(port)?.orders(n),
        ("ibapi", "ticks") => ibapi_ticks(port)?,
        ("ibapi", "orders") => return ibapi_orders(port, n),
        _ => bail!("{client} is not a client that knows {job}"),
    };
    println!("{nanos}");
    Ok(())
}

/// What a reader makes of ticks.
trait Table {
    /// Takes one body; true at the sentinel.
    fn take(&mut self, version: ServerVersion, body: &[u8]) -> anyhow::Result<bool>;
}

/// Both sides of a quote and the last price.
#[derive(Debug, Default)]
pub(super) struct Quotes {
    bid: Decimal,
    ask: Decimal,
    last: Decimal,
    bid_size: Decimal,
    ask_size: Decimal,
}

impl Quotes {
    /// Takes one body; true at the sentinel.
    pub(super) fn read(&mut self, version: ServerVersion, body: &[u8]) -> anyhow::Result<bool> {
        let id = Head::split(version, body).context("splitting a body")?.id;
        if id == AnswerId::TickPrice.wire() {
            let tick = TickPrice::decode(version, body).context("reading a price")?;
            match tick.tick_type {
                TickType::BID => (self.bid, self.bid_size) = (tick.price, tick.size),
                TickType::ASK => (self.ask, self.ask_size) = (tick.price, tick.size),
                _ => self.last = tick.price,
            }
            return Ok(self.last == Decimal::from(LAST_PRICE));
        }
        if id == AnswerId::TickSize.wire() {
            let tick = TickSize::decode(version, body).context("reading a size")?;
            match tick.tick_type {
                TickType::BID_SIZE => self.bid_size = tick.size,
                _ => self.ask_size = tick.size,
            }
        }
        Ok(false)
    }
}

impl Table for Quotes {
    fn take(&mut self, version: ServerVersion, body: &[u8]) -> anyhow::Result<bool> {
        self.read(version, body)
    }
}

/// A tick of a price or of a size, by the public numbers of its fields.
#[derive(Clone, PartialEq, prost::Message)]
struct PriceMessage {
    #[prost(int32, optional, tag = "1")]
    req_id: Option<i32>,
    #[prost(int32, optional, tag = "2")]
    tick_type: Option<i32>,
    #[prost(double, optional, tag = "3")]
    price: Option<f64>,
    #[prost(string, optional, tag = "4")]
    size: Option<String>,
    #[prost(int32, optional, tag = "5")]
    attributes: Option<i32>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct SizeMessage {
    #[prost(int32, optional, tag = "1")]
    req_id: Option<i32>,
    #[prost(int32, optional, tag = "2")]
    tick_type: Option<i32>,
    #[prost(string, optional, tag = "3")]
    size: Option<String>,
}

/// The same table in doubles, with lenient reading.
#[derive(Debug, Default)]
pub(super) struct Prosts {
    bid: f64,
    ask: f64,
    last: f64,
    bid_size: f64,
    ask_size: f64,
}

impl Prosts {
    /// Takes one body; true at the sentinel.
    pub(super) fn read(&mut self, version: ServerVersion, body: &[u8]) -> anyhow::Result<bool> {
        let head = Head::split(version, body).context("splitting a body")?;
        let number = |text: Option<String>| text.and_then(|text| text.parse().ok()).unwrap_or(0.0);
        if head.id == AnswerId::TickPrice.wire() {
            let tick = PriceMessage::decode(head.payload).context("reading a price")?;
            let (price, size) = (tick.price.unwrap_or(0.0), number(tick.size));
            match tick.tick_type {
                Some(1) => (self.bid, self.bid_size) = (price, size),
                Some(2) => (self.ask, self.ask_size) = (price, size),
                _ => self.last = price,
            }
            return Ok(self.last >= f64::from(LAST_PRICE));
        }
        if head.id == AnswerId::TickSize.wire() {
            let tick = SizeMessage::decode(head.payload).context("reading a size")?;
            match tick.tick_type {
                Some(0) => self.bid_size = number(tick.size),
                _ => self.ask_size = number(tick.size),
            }
        }
        Ok(false)
    }
}

impl Table for Prosts {
    fn take(&mut self, version: ServerVersion, body: &[u8]) -> anyhow::Result<bool> {
        self.read(version, body)
    }
}

/// A client of a few lines with our codec.
struct Guest {
    socket: TcpStream,
    frames: FrameReader,
    version: ServerVersion,
}

impl Guest {
    fn enter(port: u16) -> anyhow::Result<Self> {
        let mut socket = TcpStream::connect(("127.0.0.1", port)).context("connecting")?;
        socket.set_nodelay(true).context("setting TCP_NODELAY")?;
        let version = ServerVersion::new;
        let range = VersionRange::try_new(version(100), version(226)).context("a range")?;
        let hello = ClientHello { range, options: String::new() };
        socket.write_all(&hello.encode()).context("saying hello")?;
        let mut guest = Self { socket, frames: FrameReader::new(), version: version(226) };
        let hello = ServerHello::decode(&guest.next()?).context("reading the hello")?;
        guest.version = hello.version;
        let start = StartApi { client_id: ClientId::new(1), ..StartApi::default() };
        guest.send(&start.encode(guest.version))?;
        while NextValidId::decode(guest.version, &guest.next()?).is_err() {}
        Ok(guest)
    }

    fn send(&mut self, body: &[u8]) -> anyhow::Result<()> {
        self.socket.write_all(&encode_frame(body)).context("writing")
    }

    fn next(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut buffer = [0; 4096];
        loop {
            if let Some(body) = self.frames.next_frame().context("framing")? {
                return Ok(body.to_vec());
            }
            match self.socket.read(&mut buffer).context("reading")? {
                0 => bail!("the feeder left"),
                n_read => self.frames.push(buffer.get(..n_read).unwrap_or_default()),
            }
        }
    }

    /// Returns the nanoseconds from the first tick to the sentinel.
    fn ticks(mut self, table: &mut impl Table) -> anyhow::Result<u128> {
        let asked = MarketDataRequest {
            req_id: ReqId::new(REQ_ID),
            contract: spy(),
            ..MarketDataRequest::default()
        };
        let body = asked.encode(self.version).context("encoding")?;
        self.send(&body)?;
        let mut buffer = vec![0; READ_MAX];
        let mut began = None;
        loop {
            let n_read = self.socket.read(&mut buffer).context("reading")?;
            if n_read == 0 {
                bail!("the feeder left");
            }
            self.frames.push(buffer.get(..n_read).unwrap_or_default());
            while let Some(body) = self.frames.next_frame().context("framing")? {
                let is_last = table.take(self.version, body)?;
                let began = *began.get_or_insert_with(Instant::now);
                if is_last {
                    return Ok(began.elapsed().as_nanos());
                }
            }
        }
    }

    fn orders(mut self, n: i32) -> anyhow::Result<()> {
        for id in 1..=n {
            let body = place(id).encode(self.version).context("encoding an order")?;
            self.send(&body)?;
        }
        // The feeder leaves first.
        while self.next().is_ok() {}
        Ok(())
    }
}

fn spy() -> WireContract {
    WireContract {
        con_id: Some(gatehouse_types::ConId::new(756_733)),
        symbol: "SPY".to_owned(),
        sec_type: "STK".to_owned(),
        exchange: "SMART".to_owned(),
        currency: "USD".to_owned(),
        ..WireContract::default()
    }
}

/// Returns an order as a bot places it.
pub(crate) fn place(id: i32) -> PlaceOrder {
    let order = Order {
        action: "BUY".to_owned(),
        total_quantity: Decimal::TEN,
        order_type: "LMT".to_owned(),
        lmt_price: Some(Decimal::from(660)),
        tif: "DAY".to_owned(),
        transmit: true,
        ..Order::default()
    };
    PlaceOrder { order_id: OrderId::new(id), contract: spy(), order, attached: None }
}

fn ibapi_ticks(port: u16) -> anyhow::Result<u128> {
    use ibapi::client::blocking::Client;
    use ibapi::market_data::realtime::TickTypes;
    use ibapi::subscriptions::SubscriptionItem;
    let client = Client::connect(&format!("127.0.0.1:{port}"), 1)?;
    let contract = ibapi::contracts::Contract::stock("SPY").build();
    let ticks = client.market_data(&contract).subscribe()?;
    let mut began = None;
    while let Some(item) = ticks.next() {
        let item = item?;
        let began = *began.get_or_insert_with(Instant::now);
        let price = match &item {
            SubscriptionItem::Data(TickTypes::Price(tick)) => tick.price,
            SubscriptionItem::Data(TickTypes::PriceSize(tick)) => tick.price,
            SubscriptionItem::Data(_) | SubscriptionItem::Notice(_) => continue,
        };
        if price >= f64::from(LAST_PRICE) {
            return Ok(began.elapsed().as_nanos());
        }
    }
    bail!("the stream ended before the last tick")
}

fn ibapi_orders(port: u16, n: i32) -> anyhow::Result<()> {
    use ibapi::client::blocking::Client;
    let client = Client::connect(&format!("127.0.0.1:{port}"), 1)?;
    let contract = ibapi::contracts::Contract::stock("SPY").build();
    let order = client.order(&contract).buy(10).limit(660.0).build_order()?;
    for id in 1..=n {
        client.submit_order(id, &contract, &order)?;
    }
    // The feeder ends this process.
    std::thread::park();
    Ok(())
}
