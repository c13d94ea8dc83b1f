//! Drills through the control port and the script, as a client hears them.

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::time::Duration;

use gatehouse_sim::server::Script;
use gatehouse_tws::answer::{
    BrokerStatus, ErrorReport, MarketDataType, OrderStatusReport, TickPrice, TickType,
};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::order::Order;
use gatehouse_tws::request::{CurrentTimeRequest, MarketDataRequest, PlaceOrder, Request};
use gatehouse_types::{ConId, Decimal, OrderId};
use serde_json::Value;

use crate::market::{Scene, spy};
use crate::wire::Wire;
use crate::{Wanted, server_with};

const LINE: ReqId = ReqId::new(5);

/// Says one line to the control port and returns the answer.
fn control(address: SocketAddr, line: &str) -> Value {
    let mut socket = TcpStream::connect(address).expect("connects");
    writeln!(socket, "{line}").expect("writes");
    let mut answer = String::new();
    BufReader::new(socket).read_line(&mut answer).expect("answers");
    serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{answer:?}: {error}"))
}

/// Says a line that holds.
pub(crate) fn drill(address: SocketAddr, line: &str) {
    assert_eq!(control(address, line)["ok"], true, "{line}");
}

pub(crate) fn subscribe(wire: &mut Wire, req_id: ReqId) {
    let spy = WireContract { con_id: Some(ConId::new(756_733)), ..WireContract::default() };
    let asked = MarketDataRequest { req_id, contract: spy, ..MarketDataRequest::default() };
    wire.ask(&Request::MarketData(asked));
}

fn await_kind(wire: &mut Wire, kind: i32) {
    wire.await_answer(MarketDataType::ID, MarketDataType::decode, |told| {
        told.req_id == LINE && told.market_data_type == kind
    });
}

#[test]
fn a_running_line_hears_what_the_control_port_does_to_its_data() {
    let server = server_with(Wanted { control: Some(0), ..Wanted::default() });
    let drills = server.control().expect("takes drills");
    let mut wire = Wire::begin_at(server.address(), 226, 1);
    subscribe(&mut wire, LINE);
    await_kind(&mut wire, 1);
    for (line, kind) in [
        (r#"{"do":"data","symbol":"SPY","as":"delayed"}"#, 3),
        (r#"{"do":"data","symbol":"SPY","as":"frozen"}"#, 2),
        (r#"{"do":"usual","symbol":"*"}"#, 1),
    ] {
        drill(drills, line);
        await_kind(&mut wire, kind);
    }
    let ask = wire.await_answer(TickPrice::ID, TickPrice::decode, |tick| {
        tick.req_id == LINE && tick.tick_type == TickType::ASK
    });
    drill(drills, r#"{"do":"cross","symbol":"SPY","by":9}"#);
    wire.await_answer(TickPrice::ID, TickPrice::decode, |tick| {
        tick.tick_type == TickType::BID && tick.price > ask.price + Decimal::ONE
    });

    drill(drills, r#"{"do":"data","symbol":"SPY","as":"unsubscribed"}"#);
    subscribe(&mut wire, ReqId::new(6));
    let refused = wire.await_answer(ErrorReport::ID, ErrorReport::decode, |error| error.id == 6);
    assert_eq!(refused.code, 354);
    drill(drills, r#"{"do":"notice","code":1100,"text":"Connectivity is lost"}"#);
    let lost = wire.await_answer(ErrorReport::ID, ErrorReport::decode, |error| error.id == -1);
    assert_eq!((lost.code, lost.text.as_str()), (1100, "Connectivity is lost"));
    drill(drills, r#"{"do":"drop"}"#);
    while wire.next().is_some() {}
}

#[test]
fn the_control_port_says_what_is_wrong_and_how_things_are() {
    let server = server_with(Wanted { control: Some(0), ..Wanted::default() });
    let drills = server.control().expect("takes drills");
    let _wire = Wire::begin_at(server.address(), 178, 7);
    let wrong = control(drills, r#"{"do":"data","symbol":"SPY","as":"quickly"}"#);
    assert_eq!(wrong["ok"], false);
    assert!(wrong["why"].as_str().is_some_and(|why| why.starts_with("unknown variant `quickly`")));
    assert!(wrong["what"].is_string() && wrong["next"].is_string());
    let absent = control(drills, r#"{"do":"drop","client":8}"#);
    assert_eq!(absent["why"], "No client with the id 8 is connected.");
    assert_eq!(control(drills, r#"{"do":"bust"}"#)["why"], "there is no such execution.");

    drill(drills, r#"{"at":100000,"do":"kill"}"#);
    let state = control(drills, r#"{"do":"state"}"#);
    let session = &state["state"]["sessions"][0];
    assert_eq!((&session["client"], &session["version"]), (&7.into(), &178.into()));
    assert_eq!(state["state"]["plan"]["due"], 1);
    assert_eq!(state["state"]["orders"]["open"], 0);
}

#[test]
fn hostile_lines_are_answered_and_cut_off() {
    let server = server_with(Wanted { control: Some(0), ..Wanted::default() });
    let drills = server.control().expect("takes drills");
    let deep = format!("{}{}", "{\"do\":".repeat(3_000), "}".repeat(3_000));
    for (text, closes) in [
        ("POST / HTTP/1.1\r\n\r\n{\"do\":\"kill\"}".to_owned(), true),
        ("x".repeat(100_000), true),
        (deep, true),
        ("{\"do\":\"\u{0}\"}".to_owned(), false),
        ("{".to_owned(), false),
    ] {
        let mut socket = TcpStream::connect(drills).expect("connects");
        // What is longer than a line may be cut off while it is written.
        writeln!(socket, "{text}").ok();
        let mut reader = BufReader::new(socket.try_clone().expect("clones"));
        let mut answer = String::new();
        reader.read_line(&mut answer).ok();
        if !answer.is_empty() {
            assert!(answer.starts_with("{\"next\":"), "{answer}");
        }
        if closes {
            let mut rest = Vec::new();
            reader.read_to_end(&mut rest).ok();
            assert!(rest.is_empty(), "{}", String::from_utf8_lossy(&rest));
        }
    }
    drill(drills, r#"{"do":"usual","symbol":"*"}"#);
}

#[test]
fn a_script_acts_at_its_second_of_the_markets_time() {
    let text = "# twenty times as fast\n{\"at\":30,\"do\":\"notice\",\"code\":1102,\"text\":\"It is back\"}\n";
    let script = Script::parse(text).expect("is a script");
    let server = server_with(Wanted { script, ..Wanted::default() });
    let mut wire = Wire::begin_at(server.address(), 178, 1);
    let back = wire.await_answer(ErrorReport::ID, ErrorReport::decode, |error| error.code == 1102);
    assert_eq!(back.text, "It is back");
}

#[test]
fn a_reset_in_the_middle_of_a_frame_reaches_the_client() {
    let server = server_with(Wanted { control: Some(0), ..Wanted::default() });
    let drills = server.control().expect("takes drills");
    for (line, half) in
        [(r#"{"do":"drop","as":"reset"}"#, false), (r#"{"do":"drop","as":"mid_frame"}"#, true)]
    {
        let mut wire = Wire::begin_at(server.address(), 178, 1);
        drill(drills, line);
        let (rest, error) = wire.read_to_the_end();
        assert_eq!(error, Some(std::io::ErrorKind::ConnectionReset), "{line}");
        assert_eq!(!rest.is_empty(), half, "{line}: {rest:?}");
    }
}

/// A connection is refused. A program that another test starts has a copy of every listener until
/// it runs; who gets into such a copy is dropped unheard, and tries again.
fn is_refused(address: SocketAddr) {
    loop {
        let mut socket = match TcpStream::connect(address) {
            Ok(socket) => socket,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
                return;
            }
        };
        socket.set_read_timeout(Some(Duration::from_secs(5))).expect("has a timeout");
        match socket.read(&mut [0]) {
            Ok(n_read) => assert_eq!(n_read, 0, "somebody answers"),
            Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "somebody listens"),
        }
    }
}

#[test]
fn a_closed_door_refuses_and_opens_again_here_or_elsewhere() {
    let server = server_with(Wanted { control: Some(0), ..Wanted::default() });
    let drills = server.control().expect("takes drills");
    let mut wire = Wire::begin_at(server.address(), 178, 1);
    drill(drills, r#"{"do":"door","as":"closed"}"#);
    is_refused(server.address());
    drill(drills, r#"{"do":"door","as":"closed","end":true}"#);
    Wire::begin_at(server.address(), 178, 2).close();

    drill(drills, r#"{"do":"port","port":0}"#);
    let moved = wire.await_answer(ErrorReport::ID, ErrorReport::decode, |told| told.code == 1300);
    let port: u16 = moved.text.rsplit(' ').next().and_then(|text| text.parse().ok()).expect("says");
    while wire.next().is_some() {}
    is_refused(server.address());
    Wire::begin_at((server.address().ip(), port).into(), 178, 1).close();
    let taken = control(drills, &format!("{{\"do\":\"port\",\"port\":{}}}", drills.port()));
    assert_eq!(taken["ok"], false);
}

#[test]
fn a_frozen_client_gets_its_answer_when_it_thaws() {
    let server = server_with(Wanted { control: Some(0), ..Wanted::default() });
    let drills = server.control().expect("takes drills");
    let mut wire = Wire::begin_at(server.address(), 178, 1);
    drill(drills, r#"{"do":"freeze","client":1}"#);
    wire.ask(&Request::CurrentTime(CurrentTimeRequest));
    let state = control(drills, r#"{"do":"state"}"#);
    assert_eq!(state["state"]["sessions"][0]["bent"], true);
    drill(drills, r#"{"do":"freeze","client":1,"end":true}"#);
    let id = gatehouse_tws::answer::CurrentTime::ID;
    wire.await_answer(id, gatehouse_tws::answer::CurrentTime::decode, |_| true);
}

#[test]
fn a_person_cancels_the_order_that_is_named_or_else_the_last() {
    for (named, cancelled) in [(r#","client":1,"id":1"#, 1), ("", 2)] {
        let mut scene = Scene::at(178);
        for id in [1, 2] {
            let order = Order {
                action: "BUY".to_owned(),
                total_quantity: Decimal::TEN,
                order_type: "LMT".to_owned(),
                lmt_price: Some(Decimal::ONE_HUNDRED),
                tif: "DAY".to_owned(),
                transmit: true,
                ..Order::default()
            };
            let (order_id, attached) = (OrderId::new(id), None);
            let placed = PlaceOrder { order_id, contract: spy(), order, attached };
            scene.ask(Request::PlaceOrder(Box::new(placed)));
        }
        scene.heard();
        scene.drill(&format!(r#"{{"do":"manual_cancel"{named}}}"#));
        let heard = scene.heard();
        let told = scene.of_kind(&heard, OrderStatusReport::ID, OrderStatusReport::decode);
        let gone = told.iter().filter(|one| one.status == BrokerStatus::Cancelled);
        let gone: Vec<i32> = gone.map(|one| one.order_id.get()).collect();
        assert_eq!(gone, [cancelled], "{named}");
    }
}

#[test]
fn a_killed_gateway_ends_without_a_word() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gatehouse-sim"))
        .args(["--listen", "127.0.0.1:0", "--control", "0", "--until-stdin-ends"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut said = BufReader::new(child.stdout.take().expect("is piped")).lines();
    let mut address = |word| -> SocketAddr {
        let line = said.next().expect("says").expect("reads");
        line.strip_prefix(word).and_then(|address| address.parse().ok()).expect("is an address")
    };
    let (listening, drills) = (address("listening "), address("control "));
    let mut wire = Wire::begin_at(listening, 226, 1);
    writeln!(TcpStream::connect(drills).expect("connects"), r#"{{"do":"kill"}}"#).expect("writes");
    while wire.next().is_some() {}
    assert_eq!(child.wait().expect("ends").code(), Some(137));
}
