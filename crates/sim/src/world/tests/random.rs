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
    /// Kind and limit of the order of each execution, as they were then.
    limits: Vec<(String, Option<Decimal>)>,
}

/// Notes under which limits the latest executions came about.
fn note_limits(world: &World, limits: &mut Vec<(String, Option<Decimal>)>) {
    let fresh = world.executions().iter().skip(limits.len());
    let limit = |one: &Executed| {
        let place = world.book.find(CLIENT, one.report.execution.order_id).expect("is booked");
        let order = &world.book.get(place).expect("is booked").order;
        (order.order_type.clone(), order.lmt_price)
    };
    let fresh: Vec<_> = fresh.map(limit).collect();
    limits.extend(fresh);
}

static PLAYED: LazyLock<Vec<Played>> =
    LazyLock::new(|| (0..WORLDS).map(|seed| play(seed, Passing::AtOnce)).collect());

/// How time passes between what the client says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Passing {
    AtOnce,
    /// A step at a time, which must make no difference but in the strides.
    ByStep,
    /// As that, with every live order looked at in each.
    LookingAtAll,
}

impl Passing {
    fn pass(self, world: &mut World, n_steps: i64) {
        if self == Self::AtOnce {
            world.advance(world.now().plus(n_steps));
            return;
        }
        for _ in 0..n_steps {
            if self == Self::LookingAtAll {
                for place in world.book.live_places() {
                    // Whoever touches an order has it looked at.
                    world.book.get_mut(place);
                }
            }
            world.advance(world.now().plus(1));
        }
    }
}

/// Lives through a random hour of a client that places, changes and cancels.
fn play(seed: u64, passing: Passing) -> Played {
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
    let mut limits = Vec::new();
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
        note_limits(&world, &mut limits);
        if dice.roll(6) == 0 {
            world.cancel(CLIENT, OrderId::new(1 + i32::try_from(dice.roll(60)).expect("is small")));
        }
        passing.pass(&mut world, dice.roll(120));
        note_limits(&world, &mut limits);
    }
    passing.pass(&mut world, if passing == Passing::AtOnce { 4 * 3600 } else { 400 });
    note_limits(&world, &mut limits);
    Played {
        executions: world.executions().to_vec(),
        orders: world.book.completed().chain(world.open_orders()).cloned().collect(),
        shares: shares(&world),
        limits,
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
fn what_rests_and_is_left_alone_does_what_it_would_have_done_under_every_look() {
    let mut n_fills = 0;
    for seed in 100..104 {
        let (left, looked) = (play(seed, Passing::ByStep), play(seed, Passing::LookingAtAll));
        assert_eq!(left.executions, looked.executions, "{seed}");
        let told = |played: &Played| -> Vec<_> {
            played.orders.iter().map(|one| (one.open_order(), one.report())).collect()
        };
        assert_eq!(told(&left), told(&looked), "{seed}");
        n_fills += left.executions.len();
    }
    assert!(n_fills > 50, "{n_fills} fills");
}

/// Lives through a market with a group of orders that all wait for it to come to them, and returns
/// the members as they ended.
fn play_group(seed: u64) -> Vec<BookedOrder> {
    let mut dice = Dice(seed);
    let path = path(&mut dice);
    let mut world = drawn_at(300, &path, Fills::default());
    for id in 1..=6 {
        let (below, above) = (985 - dice.roll(20), 1_015 + dice.roll(20));
        let (side, kind, at) = match dice.roll(4) {
            0 => ("BUY", "LMT", below),
            1 => ("SELL", "LMT", above),
            2 => ("BUY", "STP", above),
            _ => ("SELL", "STP", below),
        };
        let mut asked = shaped(id, side, kind, |_| {});
        asked.order.total_quantity = Decimal::from(1 + dice.roll(2_500));
        let at = Some(Decimal::new(at, 2));
        (asked.order.lmt_price, asked.order.aux_price) =
            if kind == "LMT" { (at, None) } else { (None, at) };
        "group".clone_into(&mut asked.order.oca_group);
        asked.order.oca_type = Some(1);
        world.place(CLIENT, asked);
    }
    world.advance(world.now().plus(4 * 1500));
    world.book.completed().chain(world.open_orders()).cloned().collect()
}

#[test]
fn a_group_of_type_one_fills_in_one_order_only() {
    let mut n_seen = 0;
    for seed in 0..40 {
        let members = play_group(seed);
        assert_eq!(members.len(), 6, "{seed}");
        let (filled, others): (Vec<_>, Vec<_>) =
            members.iter().partition(|one| !one.filled.is_zero());
        let told = |one: &&BookedOrder| format!("{} {}", one.order_id, one.status);
        assert!(filled.len() <= 1, "{seed}: {:?}", filled.iter().map(told).collect::<Vec<_>>());
        if filled.is_empty() {
            continue;
        }
        n_seen += 1;
        let left: Vec<_> = others.iter().filter(|one| one.is_live()).map(told).collect();
        assert!(left.is_empty(), "{seed}: {left:?}");
    }
    assert!(n_seen > 20, "groups were filled: {n_seen}");
}

#[test]
fn prices_stay_within_the_limits_of_their_orders() {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for (seed, played) in PLAYED.iter().enumerate() {
        assert_eq!(played.executions.len(), played.limits.len(), "{seed}");
        for (one, (kind, limit)) in played.executions.iter().zip(&played.limits) {
            let execution = &one.report.execution;
            *kinds.entry(kind.clone()).or_default() += 1;
            let limit = match kind.as_str() {
                "LMT" | "STP LMT" | "LIT" | "LOC" | "MTL" => *limit,
                _ => None,
            };
            let px = execution.price.value();
            let is_within = limit.is_none_or(|limit| match execution.side {
                gatehouse_types::Side::Buy => px <= limit,
                gatehouse_types::Side::Sell => px >= limit,
            });
            assert!(is_within, "{seed} {} {kind}: {px} and {limit:?}", execution.order_id);
        }
    }
    assert!(kinds.len() >= 18, "every kind fills somewhere: {kinds:?}");
    assert!(kinds.get("LMT").is_some_and(|n| *n >= 20), "limits are tried: {kinds:?}");
}
