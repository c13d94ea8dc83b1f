//! Random orders of every kind on random markets: what must hold whatever happens.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use gatehouse_tws::order::{Condition, Order};

use super::drawn::{Point, drawn_at, px, shaped};
use super::*;

/// Worlds of the gate; their seeds are their numbers.
const WORLDS: u64 = 12;

/// A stream of numbers that is the same for ever (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        i64::try_from((z ^ (z >> 31)) % sides).expect("is small")
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        let index = self.roll(u64::try_from(all.len()).expect("is short"));
        all[usize::try_from(index).expect("is not negative")]
    }
}

const KINDS: [&str; 21] = [
    "MKT",
    "LMT",
    "STP",
    "STP LMT",
    "MIT",
    "LIT",
    "TRAIL",
    "TRAIL LIMIT",
    "MTL",
    "MOC",
    "LOC",
    "REL",
    "PASSV REL",
    "PEG MKT",
    "PEG MID",
    "PEG BEST",
    "MIDPRICE",
    "SNAP MKT",
    "SNAP MID",
    "SNAP PRIM",
    "PEG BENCH",
];

fn path(dice: &mut Dice) -> Vec<Point> {
    let mut middle = 1_000;
    let point = |middle: i64, dice: &mut Dice| {
        let half = 1 + dice.roll(3);
        (middle - half, middle + half, middle - half + dice.roll(3))
    };
    (0..20)
        .map(|_| {
            middle += dice.roll(31) - 15;
            point(middle, dice)
        })
        .collect()
}

fn price(dice: &mut Dice) -> Option<Decimal> {
    Some(Decimal::new(970 + dice.roll(60), 2))
}

fn dress(order: &mut Order, dice: &mut Dice) {
    order.total_quantity = Decimal::from(1 + dice.roll(2_500));
    (order.lmt_price, order.aux_price) = (price(dice), price(dice));
    if order.order_type.starts_with("TRAIL") || order.order_type.contains("PEG") {
        order.aux_price = Some(Decimal::new(1 + dice.roll(20), 2));
    }
    if matches!(order.order_type.as_str(), "REL" | "PASSV REL") || order.order_type.contains("SNAP")
    {
        order.aux_price = Some(Decimal::new(dice.roll(3), 2));
    }
    if order.order_type == "TRAIL LIMIT" {
        (order.lmt_price, order.lmt_price_offset) = (None, Some(Decimal::new(dice.roll(10), 2)));
    }
    if order.order_type == "PEG BENCH" {
        order.reference_contract_id = Some(756_733);
        order.starting_price = price(dice);
        (order.reference_change_amount, order.pegged_change_amount) = (px("0.05"), px("0.03"));
    }
    dice.pick(&["DAY", "DAY", "GTC", "IOC", "FOK", "OPG", "DTC"]).clone_into(&mut order.tif);
    order.all_or_none = dice.roll(8) == 0;
    order.trigger_method = Some(i32::try_from(dice.roll(5)).expect("is small"));
    if dice.roll(4) == 0 {
        order.oca_group = dice.pick(&["one", "two"]).to_owned();
        // One type to a group: which of two types holds is nowhere written.
        order.oca_type = Some(if order.oca_group == "one" { 1 } else { 3 });
    }
    if dice.roll(6) == 0 {
        let (kind, is_more) = (1, dice.roll(2) == 0);
        let price = price(dice);
        let one = Condition { kind, is_more, con_id: Some(756_733), price, ..Condition::default() };
        order.conditions.push(one);
    }
}

/// What a world ended with.
struct Played {
    executions: Vec<Executed>,
    orders: Vec<BookedOrder>,
    shares: Decimal,
}

static PLAYED: LazyLock<Vec<Played>> = LazyLock::new(|| (0..WORLDS).map(play).collect());

/// Lives through a random hour of a client that places, changes and cancels.
fn play(seed: u64) -> Played {
    let mut dice = Dice(seed);
    let fills = Fills {
        ack_steps: dice.roll(3),
        fill_steps: dice.roll(3),
        queue_percent: u32::try_from(dice.roll(3) * 50).expect("is small"),
        slippage_ticks: u32::try_from(dice.roll(2)).expect("is small"),
    };
    let path = path(&mut dice);
    let mut world = drawn_at(300, &path, fills);
    let mut next = 1;
    for _ in 0..60 {
        let side = dice.pick(&["BUY", "SELL"]);
        let id = if dice.roll(4) == 0 {
            1 + i32::try_from(dice.roll(30)).expect("is small")
        } else {
            next
        };
        let mut order = shaped(id, side, dice.pick(&KINDS), |_| {});
        dress(&mut order.order, &mut dice);
        if id < next || dice.roll(6) > 0 {
            order.order.transmit = true;
        } else {
            order.order.parent_id = Some(next - 1).filter(|parent| *parent > 0);
        }
        world.place(CLIENT, order);
        next = world.next_order_id(CLIENT).get();
        if dice.roll(6) == 0 {
            world.cancel(CLIENT, OrderId::new(1 + i32::try_from(dice.roll(60)).expect("is small")));
        }
        world.advance(world.now().plus(dice.roll(120)));
    }
    world.advance(world.now().plus(4 * 3600));
    Played {
        executions: world.executions().to_vec(),
        orders: world.book.completed().chain(world.open_orders()).cloned().collect(),
        shares: shares(&world),
    }
}

#[test]
fn no_order_fills_more_than_it_asks_and_executions_are_the_position() {
    for (seed, played) in PLAYED.iter().enumerate() {
        let mut filled: BTreeMap<i32, Decimal> = BTreeMap::new();
        let mut position = Decimal::ZERO;
        for one in &played.executions {
            let execution = &one.report.execution;
            let shares = execution.shares.value();
            assert!(shares > Decimal::ZERO, "{seed}");
            *filled.entry(execution.order_id.get()).or_default() += shares;
            position += match execution.side {
                gatehouse_types::Side::Buy => shares,
                gatehouse_types::Side::Sell => -shares,
            };
        }
        assert_eq!(played.shares, position, "{seed}");
        for order in &played.orders {
            let reported = filled.get(&order.order_id.get()).copied().unwrap_or_default();
            assert_eq!(order.filled, reported, "{seed} {}", order.order_id);
            assert!(order.filled <= order.quantity, "{seed} {}", order.order_id);
            let whole = order.order.tif == "FOK" || order.order.all_or_none;
            assert!(!whole || order.filled.is_zero() || order.remaining().is_zero(), "{seed}");
        }
    }
}

#[test]
fn a_group_of_type_one_fills_in_one_order_only() {
    let mut n_seen = 0;
    for (seed, played) in PLAYED.iter().enumerate() {
        let in_group = played
            .orders
            .iter()
            .filter(|one| one.order.oca_group == "one" && one.order.oca_type == Some(1));
        let mut filled: Vec<(Step, &BookedOrder)> = Vec::new();
        for order in in_group.filter(|one| !one.filled.is_zero()) {
            let mine = |one: &&Executed| one.report.execution.order_id == order.order_id;
            let last = played.executions.iter().rfind(mine).expect("was filled");
            filled.push((last.at, order));
        }
        n_seen += filled.len();
        // A fill ends every other member that was there: what fills afterwards came afterwards.
        for (at, order) in &filled {
            for (other_at, other) in &filled {
                let came_later =
                    other.progress.accepted >= *at || order.progress.accepted >= *other_at;
                let is_same = order.order_id == other.order_id;
                assert!(is_same || came_later, "{seed}: {} and {}", order.order_id, other.order_id);
            }
        }
    }
    assert!(n_seen > 10, "groups were filled: {n_seen}");
}

#[test]
fn prices_stay_within_the_limits_of_their_orders() {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for (seed, played) in PLAYED.iter().enumerate() {
        for one in &played.executions {
            let execution = &one.report.execution;
            let is_it = |order: &&BookedOrder| order.order_id == execution.order_id;
            let order = played.orders.iter().find(is_it).expect("is booked");
            *kinds.entry(order.order.order_type.clone()).or_default() += 1;
            let limit = match order.order.order_type.as_str() {
                "LMT" | "STP LMT" | "LIT" | "LOC" => order.order.lmt_price,
                _ => None,
            };
            let px = execution.price.value();
            let is_within = limit.is_none_or(|limit| match execution.side {
                gatehouse_types::Side::Buy => px <= limit,
                gatehouse_types::Side::Sell => px >= limit,
            });
            // A change may have moved the limit since.
            assert!(
                is_within || order.filled > execution.cumulative.value() || was_changed(order),
                "{seed} {}",
                order.order_id
            );
        }
    }
    assert!(kinds.len() >= 18, "every kind fills somewhere: {kinds:?}");
}

fn was_changed(order: &BookedOrder) -> bool {
    order.order_id.get() <= 30
}
