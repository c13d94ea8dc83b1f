//! Days of the market's time with a bot that trades without a pause: what stays of them in memory.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use gatehouse_tws::layout::WireContract;
use gatehouse_tws::request::{CancelOrder, PlaceOrder};
use gatehouse_types::{Decimal, OrderId};

use super::Sim;
use super::guest::Guest;
use crate::codec::place;
use crate::figures::{Table, publish};

/// Seconds of the market's time in one: the most that the simulator takes beside `max`.
const SPEED: u64 = 1_000;
/// Rounds of three orders, two of which fill, a second.
const ROUNDS: u64 = 50;
/// Hours of the market's time after the start, 10:00, at which the memory is looked at: midnight
/// comes after 14 and after 38.
const LOOKS: [u64; 7] = [0, 6, 13, 15, 24, 37, 48];

/// Trades for two days and prints the memory as it goes.
pub(crate) fn days(dir: &Path, program: &Path) -> anyhow::Result<()> {
    let sim = Sim::start(program, &["--speed", &SPEED.to_string()])?;
    let guest = Guest::enter(sim.port, 1, 226)?;
    let mut bot = Bot { writer: guest.split()?, next_id: 1 };
    let (counted, is_over) = (AtomicU64::new(0), AtomicBool::new(false));
    let mut table = Table::new(
        "Memory over two days of the market's time, with a bot that trades all along",
        &["hours", "orders so far", "messages so far", "memory, MiB"],
    );
    let began = Instant::now();
    let mut seen = Vec::new();
    std::thread::scope(|scope| -> anyhow::Result<()> {
        let reading = scope.spawn(|| guest.read_until(&is_over, &counted));
        let traded = (|| -> anyhow::Result<()> {
            for hours in LOOKS {
                let until = Duration::from_millis(hours * 3_600_000 / SPEED);
                bot.trade_until(began, until)?;
                let memory = sim.memory_kib()?;
                seen.push((hours, memory));
                let mib = format!("{}.{}", memory / 1024, memory % 1024 * 10 / 1024);
                let n_messages = counted.load(Ordering::Relaxed).to_string();
                println!("{hours} h, {} orders, {n_messages} messages, {mib} MiB", bot.next_id - 1);
                let n_orders = (bot.next_id - 1).to_string();
                table.row(&[&hours.to_string(), &n_orders, &n_messages, &mib]);
            }
            Ok(())
        })();
        is_over.store(true, Ordering::Relaxed);
        drop(reading.join());
        traded
    })?;
    let at = |wanted: u64| seen.iter().find(|(hours, _)| *hours == wanted).map_or(0, |one| one.1);
    // The second day may keep as much as the first did, and no more.
    let (first, second) = (at(13).saturating_sub(at(0)), at(48).saturating_sub(at(13)));
    let figure = format!("{second} after {first}");
    table.goal("the second day adds less than the first, in KiB", &figure, second < first);
    publish(dir, "sim-days", &[table])
}

struct Bot {
    writer: Guest,
    next_id: i32,
}

impl Bot {
    fn trade_until(&mut self, began: Instant, until: Duration) -> anyhow::Result<()> {
        while began.elapsed() < until {
            self.round()?;
            std::thread::park_timeout(Duration::from_millis(1000 / ROUNDS));
        }
        Ok(())
    }

    /// One order that rests and is cancelled, a purchase and a sale.
    fn round(&mut self) -> anyhow::Result<()> {
        let rests = self.order("BUY", "LMT");
        self.say(&rests)?;
        let cancel = CancelOrder::new(rests.order_id);
        let body = cancel.encode(self.writer.version).context("encoding a cancel")?;
        self.writer.send(&body)?;
        for side in ["BUY", "SELL"] {
            let order = self.order(side, "MKT");
            self.say(&order)?;
        }
        Ok(())
    }

    fn say(&mut self, order: &PlaceOrder) -> anyhow::Result<()> {
        let body = order.encode(self.writer.version).context("encoding an order")?;
        self.writer.send(&body)
    }

    /// A pair trades day and night.
    fn order(&mut self, side: &str, kind: &str) -> PlaceOrder {
        let mut asked = place(self.next_id);
        asked.order_id = OrderId::new(self.next_id);
        self.next_id += 1;
        asked.contract = WireContract {
            symbol: "EUR".to_owned(),
            sec_type: "CASH".to_owned(),
            exchange: "IDEALPRO".to_owned(),
            currency: "USD".to_owned(),
            ..WireContract::default()
        };
        side.clone_into(&mut asked.order.action);
        kind.clone_into(&mut asked.order.order_type);
        asked.order.lmt_price = (kind == "LMT").then(|| Decimal::new(5, 1));
        asked.order.total_quantity = Decimal::from(20_000);
        asked
    }
}
