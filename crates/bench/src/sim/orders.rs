//! From placeOrder to the openOrder that acknowledges it, beside orders that rest.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, bail};
use gatehouse_tws::Head;
use gatehouse_tws::answer::{AnswerId, ErrorReport, OpenOrder};
use gatehouse_tws::request::{CancelOrder, PlaceOrder};
use gatehouse_types::{Decimal, OrderId};

use super::Sim;
use super::guest::Guest;
use crate::codec::place;
use crate::figures::{Samples, Table, micros};

/// Orders that rest while others come and go.
const RESTING: [i32; 3] = [0, 100, 2_000];
const N_ORDERS: i32 = 1_000;

/// Times orders in each form, with the state kept and without.
pub(super) fn acknowledged(program: &Path) -> anyhow::Result<Table> {
    let heads = ["form", "resting", "p50 µs", "p99 µs", "p99.9 µs"];
    let mut table = Table::new("placeOrder to openOrder, one after the other", &heads);
    let folder = std::env::temp_dir().join(format!("gatehouse-bench-{}", std::process::id()));
    let state = folder.display().to_string();
    let forms: [(&str, i32, &[&str]); 3] = [
        ("text 178", 178, &[]),
        ("protobuf 226", 226, &[]),
        ("protobuf 226, --state", 226, &["--state", &state]),
    ];
    for (form, version, flags) in forms {
        for n_resting in RESTING {
            let sim = Sim::start(program, flags)?;
            let mut took = time(&sim, version, n_resting)?;
            let cells = [took.p50(), took.p99(), took.percentile(9990)].map(micros);
            let [p50, p99, p999] = &cells;
            table.row(&[form, &n_resting.to_string(), p50, p99, p999]);
            drop(sim);
            if folder.exists() {
                std::fs::remove_dir_all(&folder).context("removing the state")?;
            }
        }
    }
    Ok(table)
}

fn time(sim: &Sim, version: i32, n_resting: i32) -> anyhow::Result<Samples> {
    let mut guest = Guest::enter(sim.port, 1, version)?;
    for id in 1..=n_resting {
        guest.send(&resting(id).encode(guest.version).context("encoding an order")?)?;
    }
    if n_resting > 0 {
        await_open(&mut guest, n_resting)?;
    }
    let mut took = Samples::default();
    for id in n_resting + 1..=n_resting + N_ORDERS {
        let body = resting(id).encode(guest.version).context("encoding an order")?;
        let begin = Instant::now();
        guest.send(&body)?;
        await_open(&mut guest, id)?;
        took.add(begin.elapsed());
        let cancel = CancelOrder::new(OrderId::new(id));
        guest.send(&cancel.encode(guest.version).context("encoding a cancel")?)?;
        await_cancelled(&mut guest, id)?;
    }
    Ok(took)
}

/// Far below the market, so that it rests; small enough that the account carries all.
fn resting(id: i32) -> PlaceOrder {
    let mut asked = place(id);
    asked.order.lmt_price = Some(Decimal::ONE_HUNDRED);
    asked.order.total_quantity = Decimal::ONE;
    asked
}

fn await_open(guest: &mut Guest, id: i32) -> anyhow::Result<()> {
    loop {
        let answer = guest.next()?;
        let head = Head::split(guest.version, &answer).context("splitting a body")?.id;
        if head == AnswerId::OpenOrder.wire() {
            // The order before is said twice: held, and working.
            let open = OpenOrder::decode(guest.version, &answer).context("reading openOrder")?;
            if open.order_id.get() == id {
                return Ok(());
            }
        } else if head == AnswerId::Error.wire() {
            let report = ErrorReport::decode(guest.version, &answer).context("reading an error")?;
            // The notices of a new connection come first.
            if report.id > 0 {
                bail!("order {} was answered with {} {}", report.id, report.code, report.text);
            }
        }
    }
}

/// A cancel is confirmed by error 202, after the order's last status.
fn await_cancelled(guest: &mut Guest, id: i32) -> anyhow::Result<()> {
    loop {
        let answer = guest.next()?;
        let head = Head::split(guest.version, &answer).context("splitting a body")?.id;
        if head == AnswerId::Error.wire() {
            let report = ErrorReport::decode(guest.version, &answer).context("reading an error")?;
            if report.id == id {
                return Ok(());
            }
        }
    }
}
