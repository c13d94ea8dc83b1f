//! What is not known refuses an order that adds risk, and says what is missing.

use std::time::Duration;

use gatehouse_risk::NET_LIQUIDATION_AGE_MAX;
use gatehouse_testkit::{Clock, Contracted, Facts, IntentBuilder, facts, intent, qty};
use gatehouse_types::{DataType, LimitId, OrderKind, Side};

use crate::bench::{Bench, bench, of};

/// The limits that need a quote, a value and a position.
fn valued() -> Bench {
    of(&[
        LimitId::OrderQty,
        LimitId::OrderValue,
        LimitId::OrderValueShare,
        LimitId::PriceCollar,
        LimitId::MinPrice,
        LimitId::PennyValue,
        LimitId::QuoteAge,
        LimitId::PositionShare,
    ])
}

/// Checks the findings of a buy.
#[track_caller]
fn check(change: impl FnOnce(&mut Facts), expected: &[&str]) {
    valued().with(change).check(expected);
}

#[test]
fn the_quote() {
    let no_ask = "refuse GH-12 account: there is no live ask price";
    let no_value = "refuse GH-36 account: the position's value is not known: no live ask price";
    let senseless = "refuse GH-14 account: the ask price 0 makes no sense";
    let crossed = "refuse GH-14 account: the bid 659.98 is above the ask 0";
    check(|facts| facts.quote = None, &[no_ask, no_value]);
    check(|facts| facts.quote.as_mut().unwrap().ask = None, &[no_ask, no_value]);
    let unknown = "refuse GH-13 account: the prices are of an unknown kind, not live";
    check(
        |facts| facts.quote.as_mut().unwrap().data = DataType::Other,
        &[no_ask, unknown, no_value],
    );
    check(
        |facts| facts.quote.as_mut().unwrap().ask = Some("0".parse().unwrap()),
        &[no_ask, senseless, crossed, no_value],
    );
    // The side that the order does not trade at is not needed.
    check(|facts| facts.quote.as_mut().unwrap().bid = None, &[]);
}

#[test]
fn the_quote_of_a_market_order() {
    valued().intent(intent().buy(10).market()).with(|facts| facts.quote = None).check(&[
        "refuse GH-04 account: the order's value is not known: no live ask price",
        "refuse GH-12 account: there is no live ask price",
        "refuse GH-36 account: the position's value is not known: no live ask price",
    ]);
}

#[test]
fn the_quote_even_when_no_limit_asks_for_one() {
    bench()
        .intent(intent().sell(10))
        .with(|facts| facts.quote.as_mut().unwrap().bid = None)
        .check(&["refuse GH-12 account: there is no live bid price"]);
}

#[test]
fn net_liquidation() {
    check(
        |facts| facts.net_liquidation = None,
        &[
            "refuse GH-04 account: the order's value is not known: no net liquidation value",
            "refuse GH-36 account: the position's value is not known: no net liquidation value",
        ],
    );
}

#[test]
fn net_liquidation_that_is_old() {
    let at_age = |age: Duration| {
        let mut bench = valued();
        bench.now = Clock::new().advance(age);
        let at = bench.now.mono;
        bench.with(|facts| facts.quote.as_mut().unwrap().at = at)
    };
    at_age(NET_LIQUIDATION_AGE_MAX).check(&[]);
    at_age(NET_LIQUIDATION_AGE_MAX + Duration::from_nanos(1)).check(&[
        "refuse GH-04 account: the order's value is not known: no recent net liquidation value",
        "refuse GH-36 account: the position's value is not known: no recent net liquidation value",
    ]);
}

#[test]
fn an_account_that_is_worth_nothing_holds_nothing() {
    let broke = |amount: &str| {
        let mut bench = bench().set(LimitId::PositionShare, "10");
        let known = bench.facts.net_liquidation.as_mut().unwrap();
        let amount = gatehouse_testkit::dec(amount);
        known.value = gatehouse_types::Money::new(amount, known.value.currency());
        bench
    };
    for amount in ["0", "-5000"] {
        broke(amount)
            .check(&["refuse GH-36 account: the position would become 6600 USD, above 0 USD"]);
    }
}

#[test]
fn the_exchange_rate() {
    check(
        |facts| {
            if let Contracted::Found(instrument) = &mut facts.instrument {
                instrument.currency = "EUR".parse().unwrap();
            }
        },
        &[
            "refuse GH-04 account: the order's value is not known: no exchange rate",
            "refuse GH-36 account: the position's value is not known: no exchange rate",
        ],
    );
}

#[test]
fn the_price_of_the_order() {
    let limit = intent().kind(OrderKind::Limit { limit: None });
    valued().intent(limit).check(&[
        "refuse GH-01 account: limit price is missing",
        "refuse GH-04 account: the order's value is not known: no limit price",
        "refuse GH-36 account: the position's value is not known: no limit price",
    ]);
    let other = intent().kind(OrderKind::Other { name: "REL".to_owned() });
    valued().intent(other).check(&[
        "refuse GH-04 account: the order's value is not known: no price for its type",
        "refuse GH-22 account: order type REL is not allowed",
        "refuse GH-36 account: the position's value is not known: no price for its type",
    ]);
}

#[test]
fn the_position() {
    check(
        |facts| facts.account_position = None,
        &["refuse GH-36 account: the position's value is not known: no account position"],
    );
}

#[test]
fn the_contract() {
    for (found, sentence) in
        [(Contracted::Unknown, "is not known"), (Contracted::Ambiguous, "is ambiguous")]
    {
        check(
            |facts| facts.instrument = found,
            &[
                &format!("refuse GH-01 account: contract SPY {sentence}"),
                "refuse GH-04 account: the order's value is not known: no contract details",
                "refuse GH-36 account: the position's value is not known: no contract details",
            ],
        );
    }
}

#[test]
fn a_contract_that_contradicts_its_con_id() {
    let mut order = intent().build();
    order.contract.con_id = Some(gatehouse_types::ConId::new(265_598));
    let mut bench = valued();
    bench.intent = order;
    bench.check(&["refuse GH-01 account: contract SPY is ambiguous"]);
}

#[test]
fn the_account_and_the_bot() {
    check(
        |facts| (facts.account, facts.is_registered) = (None, false),
        &[
            "refuse GH-48 bot:momentum-spy: the bot is not registered",
            "refuse GH-48 account: the account is not known yet",
        ],
    );
}

#[test]
fn nothing_unknown_makes_an_exit() {
    let is_exit = |change: fn(&mut Facts)| {
        let bench = bench().facts(|facts| facts.holding(10)).intent(intent().sell(10)).with(change);
        bench.verdict().is_exit
    };
    assert!(is_exit(|_| {}));
    assert!(is_exit(|facts| (facts.quote, facts.net_liquidation) = (None, None)));
    assert!(!is_exit(|facts| facts.account_position = None));
    assert!(!is_exit(|facts| facts.instrument = Contracted::Unknown));
    assert!(!is_exit(|facts| facts.instrument = Contracted::Ambiguous));
}

#[test]
fn a_number_that_does_not_fit_refuses() {
    let huge = "79228162514264337593543950335";
    let check = |order: IntentBuilder, limit: LimitId, expected: &str| {
        bench().set(limit, "1000").intent(order).check(&[expected]);
    };
    check(
        intent().quantity(qty(huge)),
        LimitId::OrderValue,
        "refuse GH-04 account: the order's value is not known: no exact number, it is too large",
    );
    check(
        intent().quantity(qty(huge)),
        LimitId::PositionShare,
        "refuse GH-36 account: the position's value is not known: no exact number, it is too large",
    );
    check(
        intent().limit(huge),
        LimitId::PriceCollar,
        &format!("refuse GH-06 account: price {huge} is {huge} % from 660, above 1000 %"),
    );
    let crowded = facts().holding(10).working(None, Side::Sell, 1);
    let mut crowded = bench().facts(|_| crowded).intent(intent().sell(1));
    crowded.facts.working[0].remaining = qty(huge);
    assert!(!crowded.verdict().is_exit);
}
