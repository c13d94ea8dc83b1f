//! The account's side of orders: sizes, precautions, short sales, exercise, a person's orders,
//! hedges and scales, as the messages that a client would see.

use gatehouse_tws::request::{ExerciseAct, ExerciseOptions};
use gatehouse_types::OrderId;

use super::*;
use crate::world::account::Agreement;
use crate::world::catalog::Listing;

fn agreed(settings: &[&str]) -> World {
    let mut agreed = Agreement::default();
    settings.iter().for_each(|one| agreed.set(one).expect("is a setting"));
    let mut world = world();
    world.agree(agreed);
    world
}

fn listed(symbol: &str) -> &'static Listing {
    catalog::by_symbol(symbol).expect("is listed")
}

fn on(symbol: &str, order: PlaceOrder) -> PlaceOrder {
    PlaceOrder { contract: orders::order::wire_contract(listed(symbol), ""), ..order }
}

fn held(world: &World, symbol: &str) -> Decimal {
    world.account.shares(listed(symbol).con_id())
}

fn text_of(events: &[Event]) -> String {
    let texts = events.iter().filter_map(|event| match &event.said {
        Said::Message(report) => Some(report.text.clone()),
        Said::Open(_)
        | Said::Status(_)
        | Said::Execution(_)
        | Said::Commission(_)
        | Said::Bound(_) => None,
    });
    texts.collect::<Vec<_>>().join("|")
}

#[test]
fn fractions_are_taken_where_the_instrument_has_them() {
    let half = |symbol, kind: &str| {
        let mut order = on(symbol, asked(1, "BUY", 1, kind, Some("100")));
        order.order.total_quantity = Decimal::new(15, 1);
        order
    };
    check(&world().place(CLIENT, half("SPY", "LMT")), "open PreSubmitted open Submitted");
    check(&world().place(CLIENT, half("SAP", "LMT")), "10245");
    check(&world().place(CLIENT, half("AAPL  260116C00270000", "LMT")), "10250");
    check(&agreed(&["fractions=no"]).place(CLIENT, half("SPY", "LMT")), "10243");
    let mut gtc = half("SPY", "LMT");
    gtc.order.tif = "GTC".to_owned();
    check(&world().place(CLIENT, gtc), "10249");
    let mut tiny = half("SPY", "LMT");
    tiny.order.total_quantity = Decimal::new(100_001, 5);
    check(&world().place(CLIENT, tiny), "10250");
}

#[test]
fn an_amount_of_cash_buys_what_it_pays_for() {
    let cash = |symbol, amount: i64, limit: Option<&str>| {
        let kind = if limit.is_some() { "LMT" } else { "MKT" };
        let mut order = on(symbol, asked(1, "BUY", 0, kind, limit));
        order.order.cash_qty = Some(Decimal::from(amount));
        order
    };
    let mut world = world();
    check(
        &world.place(CLIENT, cash("SPY", 1_000, Some("300"))),
        "open PreSubmitted open Submitted",
    );
    let open = world.open_orders().next().expect("is open").open_order();
    assert_eq!(open.order.total_quantity, Decimal::new(33_333, 4));
    assert_eq!(open.order.cash_qty, Some(Decimal::from(1_000)));
    let mut world = super::world();
    world.place(CLIENT, cash("EUR.USD", 50_000, None));
    let euro = world.account.cash(crate::world::account::currency_of("EUR"));
    assert!(euro > Decimal::from(40_000) && euro < Decimal::from(45_000), "{euro}");
    check(&super::world().place(CLIENT, cash("ES", 50_000, None)), "10244");
    check(&super::world().place(CLIENT, cash("SPY", 0, None)), "434");
}

#[test]
fn precautions_hold_when_they_were_set_and_can_be_overridden_as_the_broker_says() {
    let far = || asked(1, "BUY", 10, "LMT", Some("900"));
    check(&agreed(&["percent=5"]).place(CLIENT, far()), "109");
    let mut willing = far();
    willing.order.override_percentage_constraints = true;
    assert!(!words(&agreed(&["percent=5"]).place(CLIENT, willing)).contains(&"109".to_owned()));
    check(&agreed(&["size=9"]).place(CLIENT, far()), "383");
    let refused = agreed(&["value=5000"]).place(CLIENT, far());
    check(&refused, "201");
    let Some(Event { said: Said::Message(report), .. }) = refused.first() else { panic!("says") };
    assert!(report.advanced_reject_json.contains("\"8229\":\"ORDVALUE\""));
    let mut willing = far();
    willing.order.advanced_error_override = "8229=ORDVALUE".to_owned();
    assert!(!words(&agreed(&["value=5000"]).place(CLIENT, willing)).contains(&"201".to_owned()));
    let capped = agreed(&["cap=5"]).place(CLIENT, far());
    assert_eq!(words(&capped).last().map(String::as_str), Some("2161"));
}

#[test]
fn a_short_sale_needs_shares_to_borrow() {
    let short = || asked(1, "SELL", 10, "LMT", Some("600"));
    check(&agreed(&["shorting=none"]).place(CLIENT, short()), "open Inactive 201 open Inactive");
    let mut world = agreed(&["shorting=locating"]);
    check(&world.place(CLIENT, short()), "open PreSubmitted 404");
    let locating = world.open_orders().next().expect("is open").report();
    assert_eq!(locating.why_held, "locate");
    check(&world.advance(world.now().plus(8)), "");
    world.agree(Agreement::default());
    let found = world.advance(world.now().plus(16));
    assert_eq!(words(&found).last().map(String::as_str), Some("fee"));
}

fn exercise(id: i32, symbol: &str, act: ExerciseAct, overrides: bool) -> ExerciseOptions {
    ExerciseOptions {
        order_id: OrderId::new(id),
        contract: orders::order::wire_contract(listed(symbol), "SMART"),
        act,
        quantity: 5,
        overrides,
        ..ExerciseOptions::default()
    }
}

/// Far in the money, and far out of it.
const CALL: &str = "SPY   260116C00660000";
const PUT: &str = "SPY   260116P00660000";

#[test]
fn options_are_exercised_after_the_close_and_change_both_positions() {
    let mut world = world();
    check(&world.exercise(CLIENT, exercise(50, CALL, ExerciseAct::Exercise, false)), "322");
    world.place(CLIENT, on(CALL, asked(1, "BUY", 2, "MKT", None)));
    world.place(CLIENT, on(PUT, asked(2, "BUY", 1, "MKT", None)));
    assert_eq!((held(&world, CALL), held(&world, PUT)), (2.into(), 1.into()));
    let refused = world.exercise(CLIENT, exercise(50, PUT, ExerciseAct::Exercise, false));
    assert!(text_of(&refused).ends_with("option is not in-the-money."));
    let lapsed = world.exercise(CLIENT, exercise(50, CALL, ExerciseAct::Lapse, false));
    check(&lapsed, "322");
    let taken = world.exercise(CLIENT, exercise(50, CALL, ExerciseAct::Exercise, false));
    check(&taken, "10349 open PreSubmitted");
    check(&world.exercise(CLIENT, exercise(51, CALL, ExerciseAct::Exercise, false)), "322");
    let close = Session::at_or_before(world.now().secs()).close;
    let settled = world.advance(Step::of_secs(close));
    assert!(words(&settled).join(" ").ends_with("exec fee exec fee open Filled"), "{settled:?}");
    assert_eq!((held(&world, CALL), shares(&world)), (0.into(), 200.into()));
    let last = world.executions().last().expect("was reported");
    assert_eq!(last.report.execution.price.to_string(), "660");
    assert_eq!(last.report.execution.option_exercise, Some(1));
}

#[test]
fn what_expires_in_the_money_is_delivered_and_the_rest_is_gone() {
    let mut world = world();
    world.place(CLIENT, on(CALL, asked(1, "SELL", 1, "MKT", None)));
    world.place(CLIENT, on(PUT, asked(2, "BUY", 1, "MKT", None)));
    let expiry = Session::on(date(2026, 1, 16)).expect("is a session");
    world.advance(Step::of_secs(expiry.close));
    assert_eq!((held(&world, CALL), held(&world, PUT)), (0.into(), 0.into()));
    assert_eq!(shares(&world), Decimal::from(-100));
    let kinds: Vec<Option<i32>> = world
        .executions()
        .iter()
        .map(|one| one.report.execution.option_exercise)
        .filter(Option::is_some)
        .collect();
    assert_eq!(kinds, [Some(100), Some(100), Some(102)]);
}

#[test]
fn a_persons_order_is_seen_by_all_and_bound_by_client_0() {
    let master = ClientId::new(0);
    let mut world = world();
    let mut order = asked(77, "BUY", 10, "LMT", Some("100"));
    order.order.transmit = false;
    order.order.parent_id = Some(76);
    let events = world.manual_order(order.clone()).expect("is taken");
    assert!(events.iter().all(|event| event.said.is_unbound()));
    let open = world.open_orders().next().expect("is open").open_order();
    assert_eq!((open.order_id, open.order.client_id), (OrderId::new(0), Some(0)));
    check(&world.cancel(master, OrderId::new(0)), "10147");
    check(&world.bind_open_orders(), "bound");
    check(&world.bind_open_orders(), "");
    let bound = world.open_orders().next().expect("is open").open_order();
    assert_eq!(bound.order_id, OrderId::new(-1));
    assert_eq!(bound.order.perm_id, open.order.perm_id);
    check(&world.place(master, asked(-1, "BUY", 20, "LMT", Some("101"))), "open Submitted");
    world.bind_new_orders(true);
    let events = world.manual_order(order.clone()).expect("is taken");
    check(&events, "bound open PreSubmitted open Submitted");
    check(&world.cancel(master, OrderId::new(-2)), "open PendingCancel Cancelled 202");
    world.bind_new_orders(false);
    world.manual_order(order).expect("is taken");
    world.cancel_all();
    assert_eq!(world.open_orders().count(), 0);
    assert_eq!(world.next_order_id(master), OrderId::new(1));
}

#[test]
fn a_person_cannot_order_what_the_account_cannot_pay_for() {
    let mut world = world();
    world.bind_new_orders(true);
    for (quantity, code) in [(900_000, Some(201)), (10, None)] {
        let outcome = world.manual_order(asked(1, "BUY", quantity, "LMT", Some("600")));
        assert_eq!(outcome.err().map(|report| report.code), code, "{quantity}");
        assert_eq!(world.open_orders().count(), usize::from(code.is_none()), "{quantity}");
    }
}

#[test]
fn a_hedge_is_sized_by_what_its_parent_filled() {
    for (symbol, kind, param, expected) in
        [("EUR.USD", "F", "", 2_920), ("SPY", "P", "0.5", 5), ("SPY", "B", "2", 8)]
    {
        let mut world = world();
        let mut parent = on("IBM", asked(1, "BUY", 10, "MKT", None));
        let mut child = on(symbol, asked(2, "SELL", 0, "MKT", None));
        parent.order.transmit = false;
        child.order.parent_id = Some(1);
        child.order.hedge_type = kind.to_owned();
        child.order.hedge_param = param.to_owned();
        world.place(CLIENT, parent);
        let events = world.place(CLIENT, child);
        assert_eq!(words(&events).last().map(String::as_str), Some("fee"), "{kind}");
        let sold = -held(&world, symbol);
        let off = (sold - Decimal::from(expected)).abs();
        assert!(off <= Decimal::from(expected) / Decimal::TEN, "{kind} {sold}");
    }
    let mut alone = asked(1, "SELL", 0, "MKT", None);
    alone.order.hedge_type = "P".to_owned();
    check(&world().place(CLIENT, alone), "321");
}

#[test]
fn a_delta_hedge_has_the_size_that_the_model_gives_it() {
    for (option, least, most) in
        [("AAPL  260116C00270000", 150, 850), ("AAPL  260116C00200000", 851, 1_000)]
    {
        let mut world = world();
        let mut parent = on(option, asked(1, "BUY", 10, "MKT", None));
        let mut child = on("AAPL", asked(2, "SELL", 0, "MKT", None));
        parent.order.transmit = false;
        child.order.parent_id = Some(1);
        child.order.hedge_type = "D".to_owned();
        world.place(CLIENT, parent);
        world.place(CLIENT, child);
        world.advance(world.now().plus(400));
        let picture = world.option_picture(listed(option), false).expect("is an option");
        let wanted = picture.model.delta * Decimal::ONE_THOUSAND;
        let sold = -held(&world, "AAPL");
        assert!((wanted - sold).abs() < Decimal::from(40), "{option}: {sold} for {wanted}");
        assert!((Decimal::from(least)..=Decimal::from(most)).contains(&sold), "{option}: {sold}");
    }
}

#[test]
fn a_scale_order_works_one_component_after_the_other() {
    let mut world = world();
    let last = world.snapshot(listed("SPY")).last.expect("traded");
    let above = price(last.px + 200_000).to_string();
    let mut scaled = asked(1, "BUY", 300, "LMT", Some(&above));
    scaled.order.scale_init_level_size = Some(100);
    scaled.order.scale_subs_level_size = Some(50);
    scaled.order.scale_price_increment = Some(Decimal::from(50));
    world.place(CLIENT, scaled);
    world.advance(world.now().plus(40));
    assert_eq!(shares(&world), Decimal::ONE_HUNDRED);
    assert_eq!(world.open_orders().count(), 1);
}

#[test]
fn the_ratio_of_messages_to_executions_is_counted_by_the_session() {
    let mut world = world();
    world.place(CLIENT, asked(1, "BUY", 100, "MKT", None));
    world.place(CLIENT, asked(2, "BUY", 10, "LMT", Some("100")));
    for cents in 1..30 {
        let limit = format!("100.{cents:02}");
        world.place(CLIENT, asked(2, "BUY", 10, "LMT", Some(&limit)));
    }
    world.cancel(CLIENT, OrderId::new(2));
    let found = world.efficiency();
    assert_eq!((found.n_submitted, found.n_revised, found.n_cancelled), (2, 29, 1));
    assert_eq!((found.ratio(), found.is_excessive()), (Decimal::from(16), false));
    world.advance(Step::of_secs(Session::next_regular(world.now().secs() + 50_000).open));
    assert_eq!(world.efficiency(), Default::default());
}

#[test]
fn an_adviser_allocation_needs_an_advisers_account() {
    let mut order = asked(1, "BUY", 10, "MKT", None);
    order.order.fa_group = "Everybody".to_owned();
    check(&world().place(CLIENT, order), "344");
}

#[test]
fn a_question_shows_before_change_and_after_in_every_class() {
    for (symbol, quantity, limit) in [
        ("SPY", 100, "600"),
        ("SAP", 10, "200"),
        ("ES", 1, "6900"),
        ("EUR.USD", 20_000, "1.17"),
        (CALL, 1, "30"),
    ] {
        let mut question = on(symbol, asked(1, "SELL", quantity, "LMT", Some(limit)));
        question.order.what_if = true;
        let events = world().place(CLIENT, question);
        let Some(Event { said: Said::Open(open), .. }) = events.first() else { panic!("{symbol}") };
        let state = &open.state;
        let sum = |a: Option<Decimal>, b: Option<Decimal>| Some(a? + b?);
        for (before, change, after) in [
            (state.init_margin_before, state.init_margin_change, state.init_margin_after),
            (state.maint_margin_before, state.maint_margin_change, state.maint_margin_after),
            (
                state.equity_with_loan_before,
                state.equity_with_loan_change,
                state.equity_with_loan_after,
            ),
        ] {
            assert_eq!(sum(before, change), after, "{symbol}");
        }
        assert!(state.init_margin_change.is_some_and(|margin| margin > Decimal::ZERO), "{symbol}");
        assert!(state.commission.is_some_and(|fee| fee > Decimal::ZERO), "{symbol}");
        assert!(state.outside_rth.margins.iter().all(Option::is_some), "{symbol}");
        assert_eq!(state.margin_currency, "USD");
        assert_eq!(state.commission_currency, if symbol == "SAP" { "EUR" } else { "USD" });
    }
}

#[test]
fn a_question_beyond_the_account_says_why_and_what_would_fit() {
    let mut question = asked(1, "BUY", 100_000, "LMT", Some("600"));
    question.order.what_if = true;
    let events = world().place(CLIENT, question);
    let Some(Event { said: Said::Open(open), .. }) = events.first() else { panic!("is open") };
    assert!(open.state.warning_text.starts_with("YOUR ORDER IS NOT ACCEPTED."));
    assert_eq!(open.state.suggested_size, "6666");
    let mut tiered = agreed(&["commissions=tiered"]);
    let mut question = asked(1, "BUY", 100, "LMT", Some("600"));
    question.order.what_if = true;
    let events = tiered.place(CLIENT, question);
    let Some(Event { said: Said::Open(open), .. }) = events.first() else { panic!("is open") };
    let state = &open.state;
    assert_eq!((state.commission, state.min_commission), (None, Some(Decimal::new(3_703, 4))));
}
