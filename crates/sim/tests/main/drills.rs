//! Drills through the control port and the script, as a client hears them.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};

use gatehouse_sim::server::Script;
use gatehouse_tws::answer::{ErrorReport, MarketDataType, TickPrice, TickType};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::request::{MarketDataRequest, Request};
use gatehouse_types::{ConId, Decimal};

use crate::wire::Wire;
use crate::{Wanted, server_with};

const LINE: ReqId = ReqId::new(5);

/// Says one line to the control port and returns the answer.
fn control(address: SocketAddr, line: &str) -> String {
    let mut socket = TcpStream::connect(address).expect("connects");
    writeln!(socket, "{line}").expect("writes");
    let mut answer = String::new();
    BufReader::new(socket).read_line(&mut answer).expect("answers");
    answer.trim_end().to_owned()
}

fn subscribe(wire: &mut Wire, req_id: ReqId) {
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
    for (line, kind) in [("data SPY delayed", 3), ("data SPY frozen", 2), ("usual *", 1)] {
        assert_eq!(control(drills, line), "ok");
        await_kind(&mut wire, kind);
    }
    let ask = wire.await_answer(TickPrice::ID, TickPrice::decode, |tick| {
        tick.req_id == LINE && tick.tick_type == TickType::ASK
    });
    assert_eq!(control(drills, "cross SPY 9"), "ok");
    wire.await_answer(TickPrice::ID, TickPrice::decode, |tick| {
        tick.tick_type == TickType::BID && tick.price > ask.price + Decimal::ONE
    });

    assert_eq!(control(drills, "data SPY unsubscribed"), "ok");
    subscribe(&mut wire, ReqId::new(6));
    let refused = wire.await_answer(ErrorReport::ID, ErrorReport::decode, |error| error.id == 6);
    assert_eq!(refused.code, 354);
    assert_eq!(control(drills, "notice 1100 Connectivity is lost"), "ok");
    let lost = wire.await_answer(ErrorReport::ID, ErrorReport::decode, |error| error.id == -1);
    assert_eq!((lost.code, lost.text.as_str()), (1100, "Connectivity is lost"));
    assert!(control(drills, "data SPY quickly").starts_with("error \"quickly\" is not live"));
    assert_eq!(control(drills, "drop"), "ok");
    while wire.next().is_some() {}
}

#[test]
fn a_script_acts_at_its_second_of_the_markets_time() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let path = dir.path().join("drills.txt");
    std::fs::write(&path, "# twenty times as fast\n30 notice 1102 It is back\n").expect("writes");
    let script = Script::read(&path).expect("is a script");
    let server = server_with(Wanted { script, ..Wanted::default() });
    let mut wire = Wire::begin_at(server.address(), 178, 1);
    let back = wire.await_answer(ErrorReport::ID, ErrorReport::decode, |error| error.code == 1102);
    assert_eq!(back.text, "It is back");
}
