//! What may be written to a Gateway socket, proved with a real engine and a real ledger.

use super::*;

use std::io::Read;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gatehouse_engine::{
    BrokerSnapshot, Command, DeskNews, Effect, Engine, EngineConfig, Input, Ticket,
};
use gatehouse_ledger::{Callbacks, Opened, Writer, open};
use gatehouse_tws::layout::WireContract;
use gatehouse_tws::order::Order;
use gatehouse_types::{
    AccountId, BotConfig, BotName, ClientId, ConId, Currency, DataType, Decimal, GatewayKind,
    Hours, Instrument, Money, Mono, Now, OrderKind, Quote, SecType, Span, Utc,
};

use crate::halt_board::AccountEpoch;

const VERSION: ServerVersion = ServerVersion::new(178);

#[test]
fn only_messages_that_pass_become_pass_frames() {
    for id in 0..300 {
        let body = format!("{id}\x001\0");
        let passes = PassFrame::try_new(VERSION, body.as_bytes()).is_some();
        assert_eq!(passes, action(id) == Action::Pass, "message {id}");
    }
    assert!(PassFrame::try_new(VERSION, b"x").is_none());
}

#[test]
fn an_order_cannot_be_dressed_up_as_a_cancel_or_a_start() {
    let order = b"3\x001\0".as_slice();
    assert!(CancelFrame::try_new(VERSION, OrderId::new(1), order.to_vec()).is_none());
    assert!(StartFrame::try_new(VERSION, order).is_none());
}

#[test]
fn a_current_approval_is_written_with_its_bytes() {
    let (upstream, seen) = check(VERSION, |_, _| {});
    assert_eq!(upstream, Transmitted::Sent);
    assert_eq!(seen, encode_frame(&placed().encode(VERSION).unwrap()));
}

#[test]
fn nothing_is_written_after_a_halt_of_either_scope() {
    let halted = check(VERSION, |account, _| account.raise(1));
    assert_eq!(halted, (Transmitted::NotSent, Vec::new()));
    let halted = check(VERSION, |_, board| board.raise_bot(1));
    assert_eq!(halted, (Transmitted::NotSent, Vec::new()));
}

#[test]
fn nothing_is_written_to_a_session_of_another_layout() {
    for version in [157, 226] {
        let other = check(ServerVersion::new(version), |_, _| {});
        assert_eq!(other, (Transmitted::NotSent, Vec::new()), "at {version}");
    }
}

/// Transmits an approved order of version 178 to a session of `version` after `halt`. Returns what
/// became of it, and the bytes that arrived.
fn check(
    version: ServerVersion,
    halt: impl FnOnce(&AccountEpoch, &HaltBoard),
) -> (Transmitted, Vec<u8>) {
    let account = AccountEpoch::default();
    let board = HaltBoard::new(account.clone());
    halt(&account, &board);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let socket = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (mut gateway, _) = listener.accept().unwrap();
    let mut upstream = Upstream::new(socket, version, true);
    let transmitted = transmit(recorded(), &board, &mut upstream);
    upstream.shut();
    let mut seen = Vec::new();
    gateway.read_to_end(&mut seen).unwrap();
    (transmitted, seen)
}

fn contract() -> WireContract {
    WireContract {
        con_id: Some(ConId::new(756_733)),
        symbol: "SPY".to_owned(),
        sec_type: "STK".to_owned(),
        exchange: "SMART".to_owned(),
        currency: "USD".to_owned(),
        ..WireContract::default()
    }
}

fn placed() -> PlaceOrder {
    let mut order = Order {
        action: "BUY".to_owned(),
        total_quantity: Decimal::TEN,
        tif: "DAY".to_owned(),
        transmit: true,
        ..Order::default()
    };
    order.set_kind(&OrderKind::Limit { limit: "99.5".parse().ok() });
    PlaceOrder { order_id: OrderId::new(1), contract: contract(), order, attached: None }
}

/// An order that a real engine approved and a real ledger recorded.
fn recorded() -> Recorded<Approved<OrderFrame>> {
    let dir = tempfile::tempdir().unwrap();
    let Opened::ReadWrite(ledger) = open(dir.path()).unwrap() else {
        panic!("a fresh ledger can be written");
    };
    let shelf = Arc::new(Mutex::new(Vec::new()));
    let filled = Arc::clone(&shelf);
    let callbacks = Callbacks {
        on_commit: Box::new(move |committed| filled.lock().unwrap().extend(committed.recorded)),
        on_failure: Box::new(|failure| panic!("{}", failure.why)),
        on_recovery: Box::new(|| {}),
    };
    let writer = Writer::start(ledger, callbacks).unwrap();
    let mut engine = Engine::new(EngineConfig::new("test"));
    let now = Now {
        mono: Mono::new(Duration::from_secs(9)),
        utc: Utc::from_nanos(0),
        market: Some(Utc::from_nanos(0)),
    };
    let mut effects = engine.start(now);
    for input in inputs(now) {
        effects.extend(engine.step(now, input));
    }
    for effect in effects {
        if let Effect::Append(entry) = effect {
            writer.append(entry).unwrap();
        } else if let Effect::RecordApproved { entry, approved } = effect {
            writer.record(entry, approved).unwrap();
        }
    }
    writer.close().unwrap();
    let recorded = shelf.lock().unwrap().pop();
    recorded.expect("the order is allowed")
}

fn inputs(now: Now) -> Vec<Input> {
    let name: BotName = "bot".parse().unwrap();
    let bot = BotConfig { name: name.clone(), port: 7501, client_id: ClientId::new(1) };
    let instrument = Instrument {
        con_id: ConId::new(756_733),
        symbol: "SPY".to_owned(),
        sec_type: SecType::Stock,
        primary_exchange: "ARCA".to_owned(),
        currency: Currency::USD,
        min_tick: Decimal::new(1, 2),
        multiplier: Decimal::ONE,
        hours: always_open(),
    };
    let price = "100".parse().ok();
    let quote = Quote { bid: price, ask: price, last: price, at: now.mono, data: DataType::Live };
    let desk = [
        DeskNews::Connected {
            address: "127.0.0.1:4002".to_owned(),
            kind: GatewayKind::OwnSimulator,
            account: AccountId::new("DU1234567"),
        },
        DeskNews::NetLiquidation { value: Money::new(1_000_000.into(), Currency::USD) },
        DeskNews::Instrument { asked: contract().to_contract(), found: Ok(instrument) },
        DeskNews::Snapshot(BrokerSnapshot::default()),
        DeskNews::Quote { con_id: ConId::new(756_733), quote },
    ];
    let body = placed().encode(VERSION).unwrap();
    let decoded = Ok(Box::new(placed()));
    let register = Input::Person { ticket: Ticket(1), command: Command::RegisterBot { bot } };
    let place = Input::Place { bot: name.clone(), body, decoded };
    [register, Input::LinkUp { bot: name }]
        .into_iter()
        .chain(desk.map(Input::Desk))
        .chain([place])
        .collect()
}

/// Regular hours at any time.
fn always_open() -> Hours {
    let always = Span { from: Utc::from_nanos(0), to: Utc::from_nanos(i64::MAX) };
    Hours { days: vec![always], regular: vec![always], all: vec![always] }
}
