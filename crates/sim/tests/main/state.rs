//! The real binary, killed and started again: what its clients were told is still so.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use gatehouse_tws::answer::{
    AnswerId, BrokerStatus, ExecutionEnd, ExecutionReport, NextValidId, OpenOrder, OpenOrderEnd,
    OrderStatusReport, Position, PositionEnd,
};
use gatehouse_tws::layout::{LayoutError, ReqId, WireContract};
use gatehouse_tws::order::Order;
use gatehouse_tws::request::{
    ExecutionsRequest, IdsRequest, OpenOrdersRequest, PlaceOrder, PositionsRequest, Request,
};
use gatehouse_tws::{Head, ServerVersion};
use gatehouse_types::{ConId, Decimal, OrderId};

use crate::wire::Wire;

/// A process that is killed when it is dropped, as by a power switch.
struct Simulator {
    process: Child,
    address: SocketAddr,
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.process.kill().expect("is killed");
        self.process.wait().expect("is over");
    }
}

fn command(dir: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatehouse-sim"));
    command.args(["--listen", "127.0.0.1:0", "--speed", "4", "--state"]).arg(dir).args(more);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn simulator(dir: &Path, more: &[&str]) -> Simulator {
    let mut process = command(dir, more).spawn().expect("starts");
    let mut line = String::new();
    let stdout = process.stdout.take().expect("is piped");
    BufReader::new(stdout).read_line(&mut line).expect("says where it listens");
    let address = line.trim_end().strip_prefix("listening ").expect("listens");
    Simulator { address: address.parse().expect("is an address"), process }
}

fn spy_order(id: i32, quantity: i64, kind: &str, limit: Option<i64>, tif: &str) -> Request {
    let spy = ConId::new(756_733);
    Request::PlaceOrder(Box::new(PlaceOrder {
        order_id: OrderId::new(id),
        contract: WireContract {
            con_id: Some(spy),
            exchange: "SMART".to_owned(),
            ..WireContract::default()
        },
        order: Order {
            action: "BUY".to_owned(),
            total_quantity: Decimal::from(quantity),
            order_type: kind.to_owned(),
            lmt_price: limit.map(Decimal::from),
            tif: tif.to_owned(),
            transmit: true,
            ..Order::default()
        },
        attached: None,
    }))
}

type Decode<T> = fn(ServerVersion, &[u8]) -> Result<T, LayoutError>;

/// Asks, and returns everything of one kind that comes before the end.
fn all<T>(
    wire: &mut Wire,
    request: &Request,
    (id, decode): (AnswerId, Decode<T>),
    end: AnswerId,
) -> Vec<T> {
    wire.ask(request);
    let mut found = Vec::new();
    loop {
        let body = wire.next().expect("goes on");
        let head = Head::split(wire.version, &body).expect("has a head").id;
        if head == end.wire() {
            return found;
        }
        if head == id.wire() {
            found.push(decode(wire.version, &body).expect("is understood"));
        }
    }
}

fn open_orders(wire: &mut Wire) -> BTreeMap<i32, OpenOrder> {
    let asked = Request::OpenOrders(OpenOrdersRequest);
    let open = all(wire, &asked, (OpenOrder::ID, OpenOrder::decode), OpenOrderEnd::ID);
    open.into_iter().map(|one| (one.order_id.get(), one)).collect()
}

fn executions(wire: &mut Wire) -> BTreeMap<String, Decimal> {
    let asked = ExecutionsRequest { req_id: ReqId::new(9), ..ExecutionsRequest::default() };
    let asked = Request::Executions(asked);
    let found = all(wire, &asked, (ExecutionReport::ID, ExecutionReport::decode), ExecutionEnd::ID);
    let shares = |one: &ExecutionReport| one.execution.shares.value();
    found.iter().map(|one| (one.execution.exec_id.to_string(), shares(one))).collect()
}

fn position(wire: &mut Wire) -> Decimal {
    let asked = Request::Positions(PositionsRequest);
    let found = all(wire, &asked, (Position::ID, Position::decode), PositionEnd::ID);
    found.iter().map(|one| one.position).sum()
}

fn await_status(wire: &mut Wire, id: i32, status: BrokerStatus) -> OrderStatusReport {
    wire.await_answer(OrderStatusReport::ID, OrderStatusReport::decode, |report| {
        report.order_id == OrderId::new(id) && report.status == status
    })
}

#[test]
fn what_was_acknowledged_outlives_a_kill() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let before = {
        let simulator = simulator(dir.path(), &["--start", "2026-01-05T10:30"]);
        let mut wire = Wire::begin_at(simulator.address, 226, 3);
        for (id, tif) in [(1, "GTC"), (2, "DAY")] {
            wire.ask(&spy_order(id, 10, "LMT", Some(100), tif));
            await_status(&mut wire, id, BrokerStatus::Submitted);
        }
        wire.ask(&spy_order(3, 5, "MKT", None, "DAY"));
        await_status(&mut wire, 3, BrokerStatus::Filled);
        // The process is killed right after the answer, with nothing between.
        open_orders(&mut wire)
    };
    assert_eq!(before.keys().copied().collect::<Vec<_>>(), [1, 2]);
    for version in [226, 178] {
        let simulator = simulator(dir.path(), &[]);
        let mut wire = Wire::begin_at(simulator.address, version, 3);
        let after = open_orders(&mut wire);
        for (id, order) in &before {
            let again = after.get(id).expect("is still open");
            assert_eq!(again.order.perm_id, order.order.perm_id);
            assert_eq!(again.order.tif, order.order.tif);
            assert_eq!(again.state.status, Some(BrokerStatus::Submitted));
        }
        assert_eq!(executions(&mut wire).len(), 1);
        assert_eq!(position(&mut wire), Decimal::from(5));
        wire.ask(&Request::Ids(IdsRequest));
        let next = wire.await_answer(NextValidId::ID, NextValidId::decode, |_| true);
        assert_eq!(next.order_id, OrderId::new(4));
    }
}

#[test]
fn an_order_that_was_killed_in_the_middle_of_its_fills_goes_on() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let wanted = Decimal::from(5_000);
    let mut heard = BTreeSet::new();
    {
        let simulator = simulator(dir.path(), &["--start", "2026-01-05T10:30"]);
        let mut wire = Wire::begin_at(simulator.address, 226, 3);
        wire.ask(&spy_order(1, 5_000, "MKT", None, "DAY"));
        for _ in 0..3 {
            let one = wire.await_answer(ExecutionReport::ID, ExecutionReport::decode, |_| true);
            heard.insert(one.execution.exec_id.to_string());
        }
    }
    let simulator = simulator(dir.path(), &[]);
    let mut wire = Wire::begin_at(simulator.address, 226, 3);
    let kept = executions(&mut wire);
    assert!(heard.iter().all(|id| kept.contains_key(id)), "{heard:?} {kept:?}");
    // Every fill tells who asked for positions; it may be over before the first answer.
    wire.ask(&Request::Positions(PositionsRequest));
    wire.await_answer(Position::ID, Position::decode, |held| held.position == wanted);
    assert_eq!(executions(&mut wire).values().copied().sum::<Decimal>(), wanted);
    assert!(open_orders(&mut wire).is_empty());
}

#[test]
fn a_later_start_is_reached_by_living_through_what_lies_between() {
    let dir = tempfile::tempdir().expect("makes a folder");
    {
        let simulator = simulator(dir.path(), &["--start", "2026-01-05T10:30"]);
        let mut wire = Wire::begin_at(simulator.address, 178, 3);
        for (id, tif) in [(1, "GTC"), (2, "DAY")] {
            wire.ask(&spy_order(id, 10, "LMT", Some(100), tif));
            await_status(&mut wire, id, BrokerStatus::Submitted);
        }
    }
    {
        let simulator = simulator(dir.path(), &["--start", "2026-01-06T10:30"]);
        let mut wire = Wire::begin_at(simulator.address, 178, 3);
        assert_eq!(open_orders(&mut wire).into_keys().collect::<Vec<_>>(), [1]);
    }
    let refused =
        command(dir.path(), &["--start", "2026-01-05T09:30"]).output().expect("runs to its end");
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("what: The simulator did not start."), "{said}");
    assert!(said.contains("after the start 20260105 09:30:00 US/Eastern"), "{said}");
    assert!(said.contains("next: Leave --start out, or give a later time."), "{said}");
}
