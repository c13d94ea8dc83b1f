//! One minute of a bot's life on virtual time, under the script of an example, and what it heard.

use std::time::Duration;

use gatehouse_sim::server::{Ending, Rehearsal, Script, SessionId};
use gatehouse_tws::answer::{
    AnswerId, ContractData, CurrentTime, ErrorReport, ExecutionReport, HistoricalData,
    ManagedAccounts, NextValidId, OpenOrder, OrderBound, OrderStatusReport, TickPrice, TickType,
};
use gatehouse_tws::handshake::{ClientHello, StartApi};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::order::Order;
use gatehouse_tws::request::{
    AutoOpenOrdersRequest, CancelOrder, ContractDataRequest, CurrentTimeRequest,
    HistoricalDataRequest, MarketDataRequest, PlaceOrder, Request,
};
use gatehouse_tws::{FrameReader, Head, ServerVersion, VersionRange, encode_frame};
use gatehouse_types::{ClientId, ConId, Decimal, OrderId};

use crate::stage::{stage, world};

/// Milliseconds between two looks at the stage, and looks in a second.
const LOOK_MS: u32 = 250;
const LOOKS: u32 = 4;

/// A client that writes down what it hears, a line each.
pub(super) struct Bot {
    session: SessionId,
    offers: ServerVersion,
    version: Option<ServerVersion>,
    frames: FrameReader,
    pub(super) n_bytes: usize,
    /// Milliseconds since the beginning, and what was heard.
    pub(super) heard: Vec<(u32, String)>,
}

/// What happened in the minute.
pub(super) struct Played {
    /// Client 1, there from the beginning.
    pub(super) first: Bot,
    /// Client 7, from the thirtieth second to the thirty-fifth.
    pub(super) second: Bot,
    pub(super) first_ended: Option<Ending>,
    pub(super) second_ended: Option<Ending>,
    pub(super) is_dead: bool,
    /// Whether somebody listened, at each second.
    pub(super) doors: Vec<bool>,
    /// Bytes that client 1 had heard, at each second.
    pub(super) bytes: Vec<usize>,
}

/// Plays a script.
pub(super) fn play(text: &str) -> Played {
    play_as(1, text)
}

/// Plays a script with another id for client 1, which begins with reqAutoOpenOrders.
pub(super) fn play_as(client_id: i32, text: &str) -> Played {
    let mut stage = stage(world(1), Script::parse(text).expect("is a script"));
    let mut first = Bot::enter(&mut stage, 178, client_id);
    if client_id == 0 {
        first.ask(&mut stage, &Request::AutoOpenOrders(AutoOpenOrdersRequest { auto_bind: true }));
    }
    let mut second = None;
    let (mut doors, mut bytes, mut second_ended) = (Vec::new(), Vec::new(), None);
    first.ask(&mut stage, &subscription());
    for second_of_day in 0..60 {
        for request in day(second_of_day) {
            first.ask(&mut stage, &request);
        }
        if second_of_day == 30 {
            second = Some(Bot::enter(&mut stage, 226, 7));
        }
        if let Some(bot) = second.as_ref().filter(|_| second_of_day == 35) {
            second_ended = stage.ended(bot.session);
            stage.close(bot.session);
        }
        for look in 0..LOOKS {
            stage.pass(Duration::from_millis(LOOK_MS.into()));
            let at = second_of_day * 1000 + (look + 1) * LOOK_MS;
            first.listen(&mut stage, at);
            if let Some(bot) = &mut second {
                bot.listen(&mut stage, at);
            }
        }
        doors.push(stage.is_listening());
        bytes.push(first.n_bytes);
    }
    let second = second.expect("came");
    let (first_ended, is_dead) = (stage.ended(first.session), stage.is_dead());
    Played { first, second, first_ended, second_ended, is_dead, doors, bytes }
}

/// What client 1 asks at a second.
fn day(second: u32) -> Vec<Request> {
    let mut asked = vec![Request::CurrentTime(CurrentTimeRequest)];
    match second {
        5 => asked.push(order(1, "MKT", None)),
        8 => asked.push(order(2, "LMT", Some("1"))),
        9 => asked.push(order(2, "LMT", Some("1.1"))),
        10 => asked.push(Request::CancelOrder(CancelOrder::new(OrderId::new(2)))),
        12 => asked.extend([history(), details()]),
        14 => asked.push(order(3, "MKT", None)),
        16 => asked.push(order(4, "MKT", None)),
        _ => {}
    }
    asked
}

fn spy() -> WireContract {
    WireContract {
        con_id: Some(ConId::new(756_733)),
        exchange: "SMART".to_owned(),
        ..WireContract::default()
    }
}

fn subscription() -> Request {
    let req_id = ReqId::new(5);
    let asked = MarketDataRequest { req_id, contract: spy(), ..MarketDataRequest::default() };
    Request::MarketData(asked)
}

fn history() -> Request {
    Request::HistoricalData(HistoricalDataRequest {
        req_id: ReqId::new(6),
        contract: spy(),
        duration: "2 D".to_owned(),
        bar_size: "1 hour".to_owned(),
        what_to_show: "TRADES".to_owned(),
        use_rth: true,
        format_date: 1,
        ..HistoricalDataRequest::default()
    })
}

fn details() -> Request {
    Request::ContractData(ContractDataRequest { req_id: ReqId::new(7), contract: spy() })
}

fn order(id: i32, kind: &str, limit: Option<&str>) -> Request {
    Request::PlaceOrder(Box::new(PlaceOrder {
        order_id: OrderId::new(id),
        contract: spy(),
        order: Order {
            action: "BUY".to_owned(),
            total_quantity: Decimal::TEN,
            order_type: kind.to_owned(),
            lmt_price: limit.map(|limit| limit.parse().expect("is a price")),
            tif: "DAY".to_owned(),
            transmit: true,
            ..Order::default()
        },
        attached: None,
    }))
}

impl Bot {
    fn enter(stage: &mut Rehearsal, version: i32, client_id: i32) -> Self {
        let version = ServerVersion::new(version);
        let session = stage.open();
        let range = VersionRange::try_new(ServerVersion::new(157), version).expect("is a range");
        stage.say(session, &ClientHello { range, options: String::new() }.encode());
        let frames = FrameReader::new();
        let (n_bytes, heard) = (0, Vec::new());
        let mut bot = Self { session, offers: version, version: None, frames, n_bytes, heard };
        bot.listen(stage, 0);
        let start = StartApi { client_id: ClientId::new(client_id), ..StartApi::default() };
        stage.say(session, &encode_frame(&start.encode(bot.version.unwrap_or(version))));
        bot
    }

    fn ask(&self, stage: &mut Rehearsal, request: &Request) {
        let version = self.version.unwrap_or(self.offers);
        stage.say(self.session, &encode_frame(&request.encode(version).expect("can be written")));
    }

    fn listen(&mut self, stage: &mut Rehearsal, at: u32) {
        let bytes = stage.hear(self.session);
        self.n_bytes += bytes.len();
        self.frames.push(&bytes);
        while let Some(body) = self.frames.next_frame().expect("is framed") {
            let Some(version) = self.version else {
                let text = String::from_utf8_lossy(body);
                let number = text.split('\0').next().and_then(|text| text.parse().ok());
                self.version = number.map(ServerVersion::new);
                self.heard.push((at, format!("version {}", number.unwrap_or(0))));
                continue;
            };
            if let Some(line) = line(version, body) {
                self.heard.push((at, line));
            }
        }
    }

    /// Returns the lines that begin with a text.
    pub(super) fn lines(&self, begin: &str) -> Vec<&str> {
        let lines = self.heard.iter().map(|(_, line)| line.as_str());
        lines.filter(|line| line.starts_with(begin)).collect()
    }

    /// Returns how many lines that begin with a text were heard after one second and up to another.
    pub(super) fn n_between(&self, begin: &str, from: u32, to: u32) -> usize {
        let is_it =
            |(at, line): &&(u32, String)| *at > from && *at <= to && line.starts_with(begin);
        self.heard.iter().filter(is_it).count()
    }
}

/// Says in a line what a message says, or nothing of what the examples do not touch.
fn line(version: ServerVersion, body: &[u8]) -> Option<String> {
    let id = Head::split(version, body).expect("has a head").id;
    let is = |wanted: AnswerId| id == wanted.wire();
    let whole = "is understood to its last field";
    Some(if is(ErrorReport::ID) {
        let told = ErrorReport::decode(version, body).expect(whole);
        format!("error {} {} {}", told.id, told.code, told.text)
    } else if is(OrderStatusReport::ID) {
        let told = OrderStatusReport::decode(version, body).expect(whole);
        format!("status {} {}", told.order_id, told.status)
    } else if is(OpenOrder::ID) {
        let told = OpenOrder::decode(version, body).expect(whole);
        format!("open {} {}", told.order_id, told.order.perm_id.unwrap_or(0))
    } else if is(ExecutionReport::ID) {
        let told = ExecutionReport::decode(version, body).expect(whole).execution;
        let last = told.exec_id.as_str().rsplit('.').next().unwrap_or_default().to_owned();
        format!("exec {} {last} {} at {}", told.order_id, told.shares, told.price)
    } else if is(OrderBound::ID) {
        let told = OrderBound::decode(version, body).expect(whole);
        format!("bound {} {}", told.client_id, told.order_id)
    } else if is(NextValidId::ID) {
        format!("next {}", NextValidId::decode(version, body).expect(whole).order_id)
    } else if is(ManagedAccounts::ID) {
        let told = ManagedAccounts::decode(version, body).expect(whole);
        format!("accounts {}", told.accounts.first().map_or("", |account| account.as_str()))
    } else if is(HistoricalData::ID) {
        let told = HistoricalData::decode(version, body).expect(whole);
        let times: Vec<String> =
            told.bars.iter().map(|bar| bar.date.chars().skip(6).take(5).collect()).collect();
        format!("bars {}", times.join(","))
    } else if is(ContractData::ID) {
        let told = ContractData::decode(version, body).expect(whole);
        let multiplier = told.contract.multiplier.unwrap_or(Decimal::ONE);
        format!("contract {multiplier} {}", told.details.min_tick.normalize())
    } else if is(TickPrice::ID) {
        let told = TickPrice::decode(version, body).expect(whole);
        let kind = match told.tick_type {
            TickType::BID => "bid",
            TickType::ASK => "ask",
            TickType::LAST => "last",
            TickType::CLOSE => "close",
            _ => return None,
        };
        format!("{kind} {}", told.price.normalize())
    } else if is(CurrentTime::ID) {
        "time".to_owned()
    } else {
        return None;
    })
}
