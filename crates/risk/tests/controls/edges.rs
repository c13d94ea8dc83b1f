//! At the limit it passes, one unit above it is refused, with the numbers in the sentence.

use std::time::Duration;

use gatehouse_testkit::{Clock, Contracted, Facts, IntentBuilder, bot, dec, intent, qty, spy};
use gatehouse_types::{
    ConId, Currency, Instrument, LimitId, Money, OrderKind, Refusal, Scope, SecType, Side,
    SignedQty, Tif,
};

use crate::bench::bench;

#[test]
fn quantity_per_order() {
    let check = |quantity: &str, expected: &[&str]| {
        let order = intent().quantity(qty(quantity));
        bench().set(LimitId::OrderQty, "500").intent(order).check(expected);
    };
    check("400", &[]);
    check("400.5", &["warn GH-03 account: quantity 400.5 is near the limit of 500"]);
    check("500", &["warn GH-03 account: quantity 500 is near the limit of 500"]);
    check("501", &["refuse GH-03 account: quantity 501 is above 500"]);
    check("500.000001", &["refuse GH-03 account: quantity 500.000001 is above 500"]);
}

#[test]
fn a_finding_names_the_scope_that_set_the_limit() {
    let mut bench = bench().set(LimitId::OrderQty, "500");
    bench.policy.set(Scope::Bot(bot()), LimitId::OrderQty, Some(Some(dec("9").into())));
    bench.check(&["refuse GH-03 bot:momentum-spy: quantity 10 is above 9"]);
    bench.policy.set(
        Scope::Symbol("SPY".to_owned()),
        LimitId::OrderQty,
        Some(Some(dec("8").into())),
    );
    bench.check(&["refuse GH-03 symbol:SPY: quantity 10 is above 8"]);
    // The bot's spelling does not choose the limit.
    bench.intent.contract.symbol = "XXX".to_owned();
    bench.check(&["refuse GH-03 symbol:SPY: quantity 10 is above 8"]);
}

#[test]
fn value_per_order_by_type() {
    let check = |limit: &str, order: IntentBuilder, expected: &[&str]| {
        bench().set(LimitId::OrderValue, limit).intent(order).check(expected);
    };
    let above = "refuse GH-04 account: value 6600 USD is above 6599.99 USD";
    check("6600", intent().buy(10).limit("660.00"), &[]);
    check("6599.99", intent().buy(10).limit("660.00"), &[above]);
    check("6600", intent().buy(10).market(), &[]);
    check("6599.99", intent().buy(10).market(), &[above]);
    check("6500", intent().buy(10).limit("650.00"), &[]);
    // A sell limit below the bid trades at the bid.
    let at_bid = "refuse GH-04 account: value 6599.8 USD is above 6599.79 USD";
    check("6599.8", intent().sell(10).limit("600.00"), &[]);
    check("6599.79", intent().sell(10).limit("600.00"), &[at_bid]);
    check("6599.79", intent().sell(10).market(), &[at_bid]);
    check("6599.79", intent().sell(10).stop("650.00"), &[at_bid]);
    check("6599.79", intent().sell(10).stop_limit("650.00", "640.00"), &[at_bid]);
    let at_trigger = "refuse GH-04 account: value 7000 USD is above 6999.99 USD";
    check("7000", intent().buy(10).stop("700.00"), &[]);
    check("6999.99", intent().buy(10).stop("700.00"), &[at_trigger]);
    check("6999.99", intent().buy(10).stop_limit("690.00", "700.00"), &[at_trigger]);
    check("6999.99", intent().sell(10).limit("700.00"), &[at_trigger]);
}

#[test]
fn value_is_rounded_up_to_the_cent() {
    let order = || intent().quantity(qty("1.00001")).limit("660.00");
    bench().set(LimitId::OrderValue, "660.01").intent(order()).check(&[]);
    bench()
        .set(LimitId::OrderValue, "660")
        .intent(order())
        .check(&["refuse GH-04 account: value 660.01 USD is above 660 USD"]);
}

#[test]
fn value_share_counts_when_it_is_the_stricter() {
    let check = |amount: &str, share: &str, expected: &[&str]| {
        bench()
            .set(LimitId::OrderValue, amount)
            .set(LimitId::OrderValueShare, share)
            .check(expected);
    };
    check("6600", "0.66", &[]);
    check("9000", "0.65999", &["refuse GH-04 account: value 6600 USD is above 6599.9 USD"]);
    check("6500", "0.6599", &["refuse GH-04 account: value 6600 USD is above 6500 USD"]);
    // The limit is shown rounded down.
    check("9000", "0.6599999", &["refuse GH-04 account: value 6600 USD is above 6599.99 USD"]);
}

#[test]
fn price_collar() {
    let check = |order: IntentBuilder, expected: &[&str]| {
        bench()
            .set(LimitId::PriceCollar, "3")
            .set(LimitId::PriceCollarWarn, "1")
            .facts(|facts| facts.quoted("99.99", "100.00"))
            .intent(order)
            .check(expected);
    };
    let above = |price: &str, percent: &str, reference: &str| {
        format!("refuse GH-06 account: price {price} is {percent} % from {reference}, above 3 %")
    };
    check(intent().buy(1).limit("101.00"), &[]);
    check(
        intent().buy(1).limit("101.01"),
        &["warn GH-06 account: price 101.01 is 1.01 % from 100, above 1 %"],
    );
    check(
        intent().buy(1).limit("103.00"),
        &["warn GH-06 account: price 103 is 3 % from 100, above 1 %"],
    );
    check(intent().buy(1).limit("103.0001"), &[&above("103.0001", "3.01", "100")]);
    check(intent().buy(1).limit("1.00"), &[]);
    check(intent().sell(1).limit("96.99"), &[&above("96.99", "3.01", "99.99")]);
    check(intent().sell(1).limit("500.00"), &[]);
    check(intent().buy(1).market(), &[]);
    check(intent().buy(1).stop("500.00"), &[]);
    // The limit of a STP LMT is held against the trigger when the market is not there yet.
    check(intent().buy(1).stop_limit("110.00", "111.00"), &[]);
    check(intent().buy(1).stop_limit("110.00", "114.00"), &[&above("114", "3.64", "110")]);
    check(intent().buy(1).stop_limit("50.00", "104.00"), &[&above("104", "4", "100")]);
    check(intent().sell(1).stop_limit("90.00", "89.50"), &[]);
    check(intent().sell(1).stop_limit("90.00", "80.00"), &[&above("80", "11.12", "90")]);
}

#[test]
fn penny_stocks() {
    let check = |quote: [&str; 2], order: IntentBuilder, expected: &[&str]| {
        bench()
            .set(LimitId::MinPrice, "1")
            .set(LimitId::PennyValue, "500")
            .facts(|facts| facts.quoted(quote[0], quote[1]))
            .intent(order)
            .check(expected);
    };
    let above = "refuse GH-10 account: value 500.5 USD at a price of 0.5 is above 500 USD";
    check(["0.49", "0.50"], intent().buy(1000).limit("0.50"), &[]);
    check(["0.49", "0.50"], intent().buy(1001).limit("0.50"), &[above]);
    check(["0.49", "0.50"], intent().buy(1001).market(), &[above]);
    check(["0.99", "1.00"], intent().buy(900).limit("1.00"), &[]);
    // What will trade below the floor is penny, wherever the market is.
    check(["4.99", "5.00"], intent().buy(1001).limit("0.50"), &[above]);
}

#[test]
fn age_of_the_quote() {
    let check = |age: Duration, expected: &[&str]| {
        let mut clock = Clock::new();
        let mut bench = bench().set(LimitId::QuoteAge, "5");
        bench.now = clock.advance(age);
        bench.check(expected);
    };
    check(Duration::from_secs(5), &[]);
    let stale = "refuse GH-12 account: the quote is 5.001 s old, above 5 s";
    check(Duration::from_millis(5001), &[stale]);
    check(Duration::from_nanos(5_000_000_001), &[stale]);
}

#[test]
fn the_same_order_again() {
    let check = |change: fn(IntentBuilder) -> IntentBuilder, ago: u64, expected: &[&str]| {
        let at = Clock::new().ago(Duration::from_millis(ago));
        bench()
            .set(LimitId::DuplicateWindow, "10")
            .facts(|facts| facts.sent(at, &change(intent()).build(), true))
            .check(expected);
    };
    let again = "refuse GH-26 account: the same order was sent 9.999 s ago, within 10 s";
    check(|order| order, 9_999, &[again]);
    check(|order| order, 10_000, &[]);
    check(|order| order.limit("660.0"), 9_999, &[again]);
    check(|order| order.order_id(7), 9_999, &[again]);
    check(|order| order.limit("660.01"), 1, &[]);
    check(|order| order.buy(11), 1, &[]);
    check(|order| order.sell(10), 1, &[]);
    check(IntentBuilder::market, 1, &[]);
}

#[test]
fn the_same_order_in_another_contract_is_another_order() {
    let check = |con_id: Option<i32>, expected: &[&str]| {
        let at = Clock::new().ago(Duration::from_secs(1));
        bench()
            .set(LimitId::DuplicateWindow, "10")
            .facts(|facts| facts.sent(at, &intent().build(), true))
            .with(|facts| facts.recent[0].con_id = con_id.map(ConId::new))
            .check(expected);
    };
    check(Some(265_598), &[]);
    check(None, &["refuse GH-26 account: the same order was sent 1 s ago, within 10 s"]);
}

#[test]
fn a_modify_before_is_not_the_same_order() {
    let at = Clock::new().ago(Duration::from_secs(1));
    bench()
        .set(LimitId::DuplicateWindow, "10")
        .facts(|facts| facts.sent(at, &intent().build(), false))
        .check(&[]);
}

#[test]
fn order_rate() {
    let check = |limit: LimitId, ages_ms: &[u64], expected: &[&str]| {
        let sent = |facts: Facts, age: &u64| {
            let at = Clock::new().ago(Duration::from_millis(*age));
            // A modify counts, too.
            facts.sent(at, &intent().build(), age.is_multiple_of(2))
        };
        bench().set(limit, "3").facts(|facts| ages_ms.iter().fold(facts, sent)).check(expected);
    };
    let (second, minute) = (LimitId::OrdersPerSecond, LimitId::OrdersPerMinute);
    check(second, &[0, 999], &[]);
    check(second, &[0, 1, 999], &["refuse GH-28 account: 4 orders in 1 s is above 3"]);
    check(second, &[0, 1, 1000], &[]);
    check(minute, &[1, 30_000], &[]);
    check(minute, &[1, 2, 59_999], &["refuse GH-28 account: 4 orders in 60 s is above 3"]);
    check(minute, &[1, 2, 60_000], &[]);
}

#[test]
fn position_per_symbol() {
    let check = |share: &str, facts: fn(Facts) -> Facts, order: IntentBuilder, sum: &[&str]| {
        let bench = bench().set(LimitId::PositionShare, share).facts(facts).intent(order);
        bench.check(sum);
    };
    let buy = || intent().buy(10).limit("660.00");
    let above = |sum: &str| {
        format!("refuse GH-36 account: the position would become {sum} USD, above 6600 USD")
    };
    check("0.66", |f| f, buy(), &[]);
    check("0.66", |f| f, buy().buy(11), &[&above("7260")]);
    check("0.66", |f| f.working(None, Side::Buy, 1), buy(), &[&above("7260")]);
    check("0.66", |f| f.working(None, Side::Sell, 1), buy(), &[]);
    check("0.66", |f| f.holding(1), buy(), &[&above("7260")]);
    check("0.66", |f| f.holding(-100), buy().buy(100), &[]);
    check("0.66", |f| f.holding(-100), buy().buy(110), &[]);
    check("0.66", |f| f.holding(-100), buy().buy(111), &[&above("7260")]);
    // What is held is worth the market, however low the limit is.
    check("0.66", |f| f.holding(5), buy().buy(6).limit("1.00"), &[&above("7260")]);
    check("0.66", |f| f.quoted("659.98", "726.00"), intent().sell(10), &[&above("7260")]);
    // Going short counts the same.
    check("0.66", |f| f.holding(-1), intent().sell(10), &[&above("7260")]);
}

#[test]
fn says_which_quantity_would_pass() {
    let check = |held: i64, would_pass: &str| {
        let bench = bench()
            .set(LimitId::PositionShare, "0.999")
            .facts(|facts| facts.holding(held))
            .intent(intent().buy(500));
        let verdict = bench.verdict();
        let Some(Refusal::PositionAbove { would_pass: found, .. }) =
            verdict.leading().map(|finding| &finding.refusal)
        else {
            panic!("held {held}: {verdict:?}");
        };
        assert_eq!(*found, dec(would_pass), "held {held}");
        let quantity = u32::try_from(*found).expect("is whole");
        let again = bench.clone().intent(intent().buy(quantity + 1));
        assert!(!again.verdict().may_send(), "one more passes");
        if quantity > 0 {
            assert!(bench.intent(intent().buy(quantity)).verdict().may_send(), "it does not pass");
        }
    };
    check(0, "15");
    check(10, "5");
    check(-10, "25");
    check(100, "0");
}

#[test]
fn what_would_pass_is_not_rounded_up() {
    // A third of this is 2 when it is rounded to 28 places, and 2 x 3 is too much.
    let amount = dec("5.9999999999999999999999999999");
    let verdict = bench()
        .set(LimitId::PositionShare, "100")
        .facts(|facts| facts.quoted("3.00", "3.00"))
        .with(|facts| {
            facts.net_liquidation.as_mut().unwrap().value = Money::new(amount, Currency::USD);
        })
        .intent(intent().buy(5).limit("3.00"))
        .verdict();
    let Some(Refusal::PositionAbove { would_pass, .. }) =
        verdict.leading().map(|finding| &finding.refusal)
    else {
        panic!("{verdict:?}");
    };
    assert_eq!(*would_pass, dec("1"));
}

#[test]
fn stocks_only_by_the_broker_and_by_the_bot() {
    let check = |spelled: &str, expected: &[&str]| {
        let mut bench = bench();
        bench.intent.contract.sec_type = SecType::from_wire(spelled);
        bench.check(expected);
    };
    check("STK", &[]);
    check("", &[]);
    check("BAG", &["refuse GH-20 account: security type BAG is not allowed"]);
}

#[test]
fn a_multiplier_that_would_hide_the_value() {
    let check = |multiplier: &str, expected: &[&str]| {
        let multiplier = dec(multiplier);
        let found = Contracted::Found(Instrument { multiplier, ..spy() });
        bench().with(|facts| facts.instrument = found).check(expected);
    };
    check("1", &[]);
    check("0", &["refuse GH-01 account: multiplier 0 makes no sense"]);
    check("-1", &["refuse GH-01 account: multiplier -1 makes no sense"]);
}

#[test]
fn reasons_stand_in_the_order_of_their_numbers() {
    bench()
        .set(LimitId::PriceCollar, "3")
        .set(LimitId::MinPrice, "1000")
        .set(LimitId::PennyValue, "1")
        .with(|facts| facts.net_liquidation = None)
        .intent(intent().limit("700.00"))
        .check(&[
            "refuse GH-04 account: the order's value is not known: no net liquidation value",
            "refuse GH-06 account: price 700 is 6.07 % from 660, above 3 %",
        ]);
}

#[test]
fn order_sanity() {
    let check = |order: IntentBuilder, expected: &[&str]| bench().intent(order).check(expected);
    let nothing = "refuse GH-01 account: quantity 0 makes no sense";
    check(intent().buy(0), &[nothing]);
    check(intent().quantity(qty("1.00000001")), &[]);
    check(
        intent().quantity(qty("1.000000001")),
        &["refuse GH-01 account: quantity 1.000000001 makes no sense"],
    );
    check(
        intent().limit("660.000000001"),
        &["refuse GH-01 account: limit price 660.000000001 makes no sense"],
    );
    check(
        intent().kind(OrderKind::Limit { limit: None }),
        &["refuse GH-01 account: limit price is missing"],
    );
    check(intent().limit("0"), &["refuse GH-01 account: limit price 0 makes no sense"]);
    check(intent().limit("-5"), &["refuse GH-01 account: limit price -5 makes no sense"]);
    check(
        intent().kind(OrderKind::StopLimit { trigger: None, limit: None }),
        &[
            "refuse GH-01 account: trigger price is missing",
            "refuse GH-01 account: limit price is missing",
        ],
    );
    check(
        intent().tif(Tif::Other("EVER".to_owned())),
        &[
            "refuse GH-01 account: time in force EVER makes no sense",
            "refuse GH-22 account: order type LMT EVER is not allowed",
        ],
    );
    check(
        intent().tif(Tif::Other("OPG".to_owned())),
        &["refuse GH-22 account: order type LMT OPG is not allowed"],
    );
    check(intent().account("DU7"), &["refuse GH-01 account: the order names another account"]);
}

#[test]
fn an_exit_must_shrink_the_position_of_account_and_bot() {
    let check = |account: i64, own: i64, working: Option<(bool, u32)>, is_exit: bool| {
        let order = intent().sell(10).limit("660.00");
        let verdict = bench()
            .with(|facts| {
                facts.account_position = Some(SignedQty::new(account.into()));
                facts.bot_position = SignedQty::new(own.into());
            })
            .facts(|facts| match working {
                None => facts,
                Some((true, sells)) => facts.working(Some(&bot()), Side::Sell, sells),
                Some((false, sells)) => facts.working(None, Side::Sell, sells),
            })
            .intent(order)
            .verdict();
        assert_eq!(verdict.is_exit, is_exit, "{account} {own} {working:?}");
    };
    check(10, 10, None, true);
    check(9, 10, None, false);
    check(10, 9, None, false);
    check(0, 0, None, false);
    check(-10, -10, None, false);
    check(100, -10, None, false);
    check(100, 10, Some((false, 90)), true);
    check(100, 10, Some((false, 91)), false);
    check(100, 11, Some((true, 1)), true);
    check(100, 10, Some((true, 1)), false);
}
