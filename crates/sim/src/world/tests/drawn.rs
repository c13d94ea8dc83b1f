//! A market that a test draws, minute by minute, and what orders do on it.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use gatehouse_tws::order::Order;
use jiff::civil::Date;

use super::*;
use crate::world::market::{Bar, Day, Ohlc};
use crate::world::px::CENT;

/// Bid, ask and last trade of a minute, in cents; the display shows 1,000 shares of each.
pub(super) type Point = (i64, i64, i64);

/// Shares that trade in every minute: a thousand at each step.
pub(super) const MINUTE_VOLUME: i64 = 60_000;

/// SPY as it was drawn; the last point stands for the rest of the day, and for the days after.
struct Drawn {
    first_day: Date,
    from_minute: i64,
    path: Vec<Point>,
}

impl TapeSource for Drawn {
    fn symbols(&self) -> Vec<String> {
        vec!["SPY".to_owned()]
    }

    fn dates(&self, _symbol: &str) -> BTreeSet<Date> {
        BTreeSet::from([self.first_day])
    }

    fn holds(&self, symbol: &str) -> bool {
        symbol == "SPY"
    }

    fn day(&self, _symbol: &str, session: &Session) -> Option<Day> {
        let begins = session.open + self.from_minute * 60;
        let minutes = (0..960).map(|index| {
            let at = session.minute_start(index);
            let point = (at - begins).div_euclid(60).max(0);
            let point = usize::try_from(point).expect("is not negative").min(self.path.len() - 1);
            bar(match session.date.cmp(&self.first_day) {
                Ordering::Less => self.path[0],
                Ordering::Equal => self.path[point],
                Ordering::Greater => self.path[self.path.len() - 1],
            })
        });
        Some(Day { session: *session, minutes: minutes.collect() })
    }

    fn daily(&self, _symbol: &str) -> Vec<(Date, Bar)> {
        Vec::new()
    }
}

fn bar((bid, ask, last): Point) -> Bar {
    let flat = |cents: i64| (cents > 0).then(|| Ohlc::flat(cents * CENT));
    Bar {
        bid: flat(bid),
        ask: flat(ask),
        trade: flat(last),
        volume: MINUTE_VOLUME,
        n_trades: 1,
        bid_size: 1_000,
        ask_size: 1_000,
    }
}

/// A world that stands at the first point of a path, some minutes after the open.
pub(super) fn drawn_at(from_minute: i64, path: &[Point], fills: Fills) -> World {
    let session = Session::on(date(2026, 1, 5)).expect("is a session");
    let tape = Drawn { first_day: session.date, from_minute, path: path.to_vec() };
    World::new(WorldConfig {
        seed: 1,
        account: "DU1234567".to_owned(),
        cash: Decimal::from(1_000_000),
        tape: Some(Box::new(tape)),
        start: Step::of_secs(session.open + from_minute * 60),
        run: 5,
        fills,
        allowance: Allowance::default(),
    })
}

/// An order for 100 SPY with the fields that a test sets.
pub(super) fn shaped(id: i32, action: &str, kind: &str, set: impl Fn(&mut Order)) -> PlaceOrder {
    let mut asked = asked(id, action, 100, kind, None);
    set(&mut asked.order);
    asked
}

pub(super) fn px(text: &str) -> Option<Decimal> {
    Some(text.parse().expect("is a number"))
}

/// Lets minutes pass one by one, and returns what happened in each that had events.
pub(super) fn live(world: &mut World, minutes: i64) -> Vec<(i64, Vec<Event>)> {
    let begin = world.now();
    let passed = (1..=minutes).map(|minute| (minute, world.advance(begin.plus(minute * 240))));
    passed.filter(|(_, events)| !events.is_empty()).collect()
}

/// Returns every fill as `MINUTE:SHARES@PRICE`, from the minute in which an order was placed on.
pub(super) fn fills_of(world: &World) -> String {
    let session = Session::on(date(2026, 1, 5)).expect("is a session");
    let fill = |one: &Executed| {
        let minute = (one.at.secs() - session.open).div_euclid(60);
        let execution = &one.report.execution;
        let price = execution.price.value().normalize();
        format!("{}:{}@{price}", minute, execution.shares.value().normalize())
    };
    world.executions().iter().map(fill).collect::<Vec<_>>().join(" ")
}

/// Returns statuses, fills and codes in their order.
pub(super) fn told(events: &[Event]) -> String {
    let told = words(events).into_iter().filter(|word| !matches!(word.as_str(), "open" | "fee"));
    told.collect::<Vec<_>>().join(" ")
}

/// Compares statuses, fills and codes.
pub(super) fn hear(events: &[Event], expected: &str) {
    assert_eq!(told(events), expected);
}

/// Places an order of a kind on a path and compares every fill, in minutes after the open.
pub(super) fn check_path(
    action: &str,
    kind: &str,
    set: impl Fn(&mut Order),
    path: &[Point],
    expected: &str,
) {
    let mut world = drawn_at(0, path, Fills::default());
    world.place(CLIENT, shaped(1, action, kind, set));
    let minutes = i64::try_from(path.len()).expect("is short") - 1;
    live(&mut world, minutes);
    let found = fills_of(&world);
    let status = world.book.get(0).map(|order| order.status.to_string());
    assert_eq!(found, expected, "{action} {kind} on {path:?} is {status:?}");
}
