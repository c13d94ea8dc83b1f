//! Arbitrary judgements: mostly near the ordinary morning, sometimes at the ends of the numbers.
//!
//! Each strategy is boxed: nested by value they do not fit a test thread's stack.

use std::time::Duration;

use gatehouse_risk::Connection;
use gatehouse_testkit::{Clock, Contracted, Facts, bot, facts, intent, spy};
use gatehouse_types::{
    AccountId, BotName, ConId, DataType, Decimal, Family, Feature, Intent, Known, LimitId,
    LimitUnit, LimitValue, Mode, Money, Names, OrderKind, OrderRef, OrderStatus, Policy, Price,
    Qty, Quote, Scope, Side, SignedQty, Tif, WorkingOrder,
};
use proptest::option;
use proptest::prelude::*;

use crate::bench::Bench;

fn any_decimal() -> BoxedStrategy<Decimal> {
    prop_oneof![
        8 => (0_i64..200_000, 0_u32..4).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale)),
        1 => (any::<i64>(), 0_u32..28).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale)),
        1 => proptest::sample::select(vec![
            Decimal::ZERO, Decimal::MAX, Decimal::MIN, Decimal::new(1, 28), Decimal::new(-1, 28),
        ]),
    ]
    .boxed()
}

pub(crate) fn any_limit() -> BoxedStrategy<LimitId> {
    proptest::sample::select(LimitId::ALL).boxed()
}

/// A value that the limit can have.
pub(crate) fn any_limit_value(id: LimitId) -> BoxedStrategy<LimitValue> {
    const NAMES: [&str; 8] = ["SPY", "AAPL", "STK", "USD", "BASE", "SMART", "LMT", "MKT"];
    match id.unit() {
        LimitUnit::Switch => Just(LimitValue::On).boxed(),
        LimitUnit::AllowList | LimitUnit::RefuseList => {
            proptest::sample::subsequence(NAMES.to_vec(), 1..=NAMES.len())
                .prop_map(|names| LimitValue::Names(Names::try_new(names).expect("are names")))
                .boxed()
        }
        LimitUnit::Units
        | LimitUnit::BaseCurrency
        | LimitUnit::Percent
        | LimitUnit::Seconds
        | LimitUnit::Orders
        | LimitUnit::Changes
        | LimitUnit::PricePerUnit => any_decimal().prop_map(|value| value.abs().into()).boxed(),
    }
}

fn any_qty() -> BoxedStrategy<Qty> {
    prop_oneof![
        4 => (0_i64..40).prop_map(Decimal::from),
        1 => any_decimal().prop_map(|value| value.abs()),
    ]
    .prop_map(|value| Qty::try_new(value).expect("is not negative"))
    .boxed()
}

fn any_price() -> BoxedStrategy<Price> {
    prop_oneof![
        4 => (64_000_i64..68_000).prop_map(|cents| Decimal::new(cents, 2)),
        1 => any_decimal(),
    ]
    .prop_map(Price::new)
    .boxed()
}

fn any_position() -> BoxedStrategy<SignedQty> {
    prop_oneof![4 => (-60_i64..60).prop_map(Decimal::from), 1 => any_decimal()]
        .prop_map(SignedQty::new)
        .boxed()
}

fn any_side() -> BoxedStrategy<Side> {
    proptest::sample::select(vec![Side::Buy, Side::Sell]).boxed()
}

fn any_kind() -> BoxedStrategy<OrderKind> {
    let price = || option::weighted(0.95, any_price());
    prop_oneof![
        2 => Just(OrderKind::Market),
        3 => price().prop_map(|limit| OrderKind::Limit { limit }),
        2 => price().prop_map(|trigger| OrderKind::Stop { trigger }),
        2 => (price(), price()).prop_map(|(trigger, limit)| OrderKind::StopLimit { trigger, limit }),
        1 => Just(OrderKind::Other { name: "REL".to_owned() }),
    ]
    .boxed()
}

fn any_intent() -> BoxedStrategy<Intent> {
    let rest = (
        proptest::bool::weighted(0.05),
        option::weighted(0.1, Just(AccountId::new("DU7"))),
        proptest::bool::weighted(0.05),
        proptest::bool::weighted(0.05),
    );
    (any_side(), any_qty(), any_kind(), rest)
        .prop_map(|(side, quantity, kind, (what_if, account, has_feature, is_odd_tif))| {
            let mut intent = intent().kind(kind).quantity(quantity).build();
            (intent.side, intent.what_if, intent.account) = (side, what_if, account);
            if has_feature {
                intent.features.push(Feature::Algo);
            }
            if is_odd_tif {
                intent.tif = Tif::Other("OPG".to_owned());
            }
            intent
        })
        .boxed()
}

fn any_working() -> BoxedStrategy<WorkingOrder> {
    let owner = option::of(proptest::sample::select(vec![bot(), BotName::desk()]));
    (owner, any_side(), any_qty(), any_kind(), proptest::bool::weighted(0.8))
        .prop_map(|(owner, side, remaining, kind, is_spy)| WorkingOrder {
            order: owner.map(|bot| OrderRef { bot, order_id: gatehouse_types::OrderId::new(9) }),
            entry: None,
            perm_id: None,
            con_id: if is_spy { spy().con_id } else { ConId::new(265_598) },
            side,
            remaining,
            remaining_least: remaining,
            family: Family::alone(),
            kind,
            status: OrderStatus::Submitted,
        })
        .boxed()
}

fn any_quote() -> BoxedStrategy<Quote> {
    let price = || option::weighted(0.95, any_price());
    (price(), price(), proptest::bool::weighted(0.95), 0_u64..8)
        .prop_map(|(bid, ask, is_live, age)| {
            let data = if is_live { DataType::Live } else { DataType::Delayed };
            let at = Clock::new().ago(Duration::from_secs(age));
            Quote { bid, ask, last: None, at, data }
        })
        .boxed()
}

fn any_instrument() -> BoxedStrategy<Contracted> {
    let multiplied = |multiplier: Decimal| {
        Contracted::Found(gatehouse_types::Instrument { multiplier, ..spy() })
    };
    prop_oneof![
        16 => Just(Contracted::Found(spy())),
        1 => any_decimal().prop_map(multiplied),
        1 => Just(Contracted::Unknown),
        1 => Just(Contracted::Ambiguous),
    ]
    .boxed()
}

fn any_facts() -> BoxedStrategy<Facts> {
    let positions = (option::weighted(0.95, any_position()), any_position(), any::<bool>());
    let orders = (
        proptest::collection::vec(any_working(), 0..4),
        option::weighted(0.3, (any_intent(), any_qty())),
        proptest::collection::vec((0_u64..70_000, any_intent(), any::<bool>()), 0..6),
    );
    let money = option::weighted(0.95, (any_decimal(), 0_u64..700));
    let gates = (
        proptest::bool::weighted(0.95),
        proptest::bool::weighted(0.95),
        proptest::bool::weighted(0.95),
    );
    let quote = option::weighted(0.95, any_quote());
    (positions, orders, money, gates, quote, any_instrument())
        .prop_map(|(positions, orders, money, gates, quote, instrument)| {
            let mut facts = facts();
            let (account, own, is_alone) = positions;
            facts.bot_position = own;
            facts.account_position = if is_alone { Some(own) } else { account };
            facts.working = orders.0;
            if let Some((old, remaining)) = orders.1 {
                facts = facts.replacing(old);
                if let Some((working, _)) = &mut facts.replaces {
                    working.remaining = remaining;
                }
            }
            for (age, order, is_new) in orders.2 {
                facts = facts.sent(Clock::new().ago(Duration::from_millis(age)), &order, is_new);
            }
            facts.net_liquidation = money.map(|(amount, age)| Known {
                value: Money::new(amount, gatehouse_types::Currency::USD),
                at: Clock::new().ago(Duration::from_secs(age)),
            });
            facts.connection =
                if gates.0 { Connection::Ready } else { Connection::NotReady("away") };
            facts.ledger_writable = gates.1;
            facts.mode = if gates.2 { Mode::Sim } else { Mode::Live };
            (facts.quote, facts.instrument) = (quote, instrument);
            facts
        })
        .boxed()
}

pub(crate) fn any_scope() -> BoxedStrategy<Scope> {
    proptest::sample::select(vec![
        Scope::Account,
        Scope::Bot(bot()),
        Scope::Symbol("SPY".to_owned()),
    ])
    .boxed()
}

fn any_policy() -> BoxedStrategy<Policy> {
    let change = (any_scope(), any_limit())
        .prop_flat_map(|(scope, id)| (Just(scope), Just(id), option::of(any_limit_value(id))));
    let loose = proptest::bool::weighted(0.7);
    (loose, proptest::collection::vec(change, 0..6))
        .prop_map(|(is_loose, changes)| {
            let mut policy =
                if is_loose { crate::bench::bench().policy } else { Policy::careful() };
            for (scope, id, value) in changes {
                policy.set(scope, id, Some(value));
            }
            policy
        })
        .boxed()
}

pub(crate) fn any_bench() -> BoxedStrategy<Bench> {
    (any_policy(), any_facts(), any_intent())
        .prop_map(|(policy, facts, intent)| Bench {
            policy,
            facts,
            intent,
            now: gatehouse_testkit::now(),
        })
        .boxed()
}
