//! Each kind of order on a market path: what fills when, and at what price.

use gatehouse_tws::order::BestOffset;

use super::drawn::{check_path, px};

/// A market that stands, rises by a dime a minute, and falls back.
const HILL: [(i64, i64, i64); 6] = [
    (999, 1001, 1000),
    (1009, 1011, 1010),
    (1019, 1021, 1020),
    (1009, 1011, 1010),
    (999, 1001, 1000),
    (989, 991, 990),
];

#[test]
fn market_and_limit_orders_take_or_wait() {
    check_path("BUY", "MKT", |_| {}, &HILL, "0:100@10.01");
    check_path("SELL", "MKT", |_| {}, &HILL, "0:100@9.99");
    check_path("BUY", "LMT", |order| order.lmt_price = px("10.05"), &HILL, "0:100@10.01");
    check_path("BUY", "LMT", |order| order.lmt_price = px("9.95"), &HILL, "5:100@9.95");
    check_path("SELL", "LMT", |order| order.lmt_price = px("10.15"), &HILL, "2:100@10.15");
    check_path("SELL", "LMT", |order| order.lmt_price = px("10.5"), &HILL, "");
}

#[test]
fn stops_wait_for_the_market_to_come_against_them() {
    check_path("BUY", "STP", |order| order.aux_price = px("10.15"), &HILL, "2:100@10.21");
    check_path("SELL", "STP", |order| order.aux_price = px("9.95"), &HILL, "5:100@9.89");
    check_path(
        "BUY",
        "STP LMT",
        |order| (order.aux_price, order.lmt_price) = (px("10.15"), px("10.12")),
        &HILL,
        "3:100@10.12",
    );
    check_path(
        "BUY",
        "STP LMT",
        |order| (order.aux_price, order.lmt_price) = (px("10.15"), px("10.30")),
        &HILL,
        "2:100@10.21",
    );
}

#[test]
fn touched_orders_wait_for_the_market_to_come_to_them() {
    check_path("SELL", "MIT", |order| order.aux_price = px("10.15"), &HILL, "2:100@10.19");
    check_path("BUY", "MIT", |order| order.aux_price = px("9.95"), &HILL, "5:100@9.91");
    check_path(
        "SELL",
        "LIT",
        |order| (order.aux_price, order.lmt_price) = (px("10.15"), px("10.20")),
        &HILL,
        "",
    );
    check_path(
        "SELL",
        "LIT",
        |order| (order.aux_price, order.lmt_price) = (px("10.05"), px("10.19")),
        &HILL,
        "2:100@10.19",
    );
}

#[test]
fn a_trailing_stop_follows_the_market_and_never_goes_back() {
    check_path("SELL", "TRAIL", |order| order.aux_price = px("0.15"), &HILL, "4:100@9.99");
    check_path("SELL", "TRAIL", |order| order.trailing_percent = px("1"), &HILL, "3:100@10.09");
    check_path("BUY", "TRAIL", |order| order.aux_price = px("0.15"), &HILL, "2:100@10.21");
    check_path(
        "SELL",
        "TRAIL",
        |order| (order.aux_price, order.trail_stop_price) = (px("5"), px("9.95")),
        &HILL,
        "5:100@9.89",
    );
    check_path(
        "SELL",
        "TRAIL LIMIT",
        |order| (order.aux_price, order.lmt_price_offset) = (px("0.15"), px("0.1")),
        &HILL,
        "4:100@9.99",
    );
    check_path(
        "SELL",
        "TRAIL LIMIT",
        |order| (order.aux_price, order.lmt_price_offset) = (px("0.15"), px("0.03")),
        &HILL,
        "",
    );
    check_path(
        "SELL",
        "TRAIL LIMIT",
        |order| {
            (order.aux_price, order.trail_stop_price) = (px("5"), px("9.95"));
            order.lmt_price = px("9.85");
        },
        &HILL,
        "5:100@9.89",
    );
}

#[test]
fn a_stop_that_is_adjusted_becomes_another_one_at_its_trigger() {
    check_path(
        "SELL",
        "STP",
        |order| {
            order.aux_price = px("9.50");
            order.trigger_price = px("10.15");
            order.adjusted_order_type = "STP".to_owned();
            order.adjusted_stop_price = px("10.05");
        },
        &HILL,
        "4:100@9.99",
    );
    check_path(
        "SELL",
        "STP",
        |order| {
            order.aux_price = px("9.50");
            order.trigger_price = px("10.15");
            order.adjusted_order_type = "TRAIL".to_owned();
            order.adjusted_stop_price = px("9.70");
            order.adjusted_trailing_amount = px("0.05");
        },
        &HILL,
        "3:100@10.09",
    );
    check_path(
        "SELL",
        "STP",
        |order| {
            order.aux_price = px("9.50");
            order.trigger_price = px("10.30");
            order.adjusted_order_type = "STP".to_owned();
            order.adjusted_stop_price = px("10.05");
        },
        &HILL,
        "",
    );
}

#[test]
fn the_rest_of_a_market_to_limit_order_stays_at_its_first_price() {
    let large = |order: &mut gatehouse_tws::order::Order| {
        order.total_quantity = rust_decimal(1_500);
    };
    check_path("BUY", "MTL", large, &HILL, "0:1000@10.01 0:500@10.01");
    let rise = [(999, 1001, 1000), (1009, 1011, 1010), (995, 1000, 998)];
    let huge = |order: &mut gatehouse_tws::order::Order| {
        order.total_quantity = rust_decimal(300_000);
        order.display_size = Some(100);
    };
    let mut world = super::drawn::drawn_at(0, &rise, super::Fills::default());
    world.place(super::CLIENT, super::drawn::shaped(1, "BUY", "MTL", huge));
    super::drawn::live(&mut world, 1);
    let order = world.book.get(0).expect("is booked").open_order().order;
    assert_eq!(order.lmt_price, px("10.01"));
    let filled = world.book.get(0).expect("is booked").filled;
    super::drawn::live(&mut world, 1);
    assert!(world.book.get(0).expect("is booked").filled > filled, "at its limit again");
}

fn rust_decimal(number: i64) -> super::Decimal {
    super::Decimal::from(number)
}

#[test]
fn pegged_prices_move_with_the_quote() {
    // Bid and ask stand, trades happen at the ask, at the middle, at the bid.
    let calm = [(998, 1002, 1002), (998, 1002, 1000), (998, 1002, 998), (998, 1002, 998)];
    check_path("BUY", "PEG MID", |_| {}, &calm, "1:100@10");
    check_path("BUY", "PEG MID", |order| order.aux_price = px("0.01"), &calm, "2:100@9.99");
    check_path("BUY", "MIDPRICE", |_| {}, &calm, "1:100@10");
    check_path("BUY", "MIDPRICE", |order| order.lmt_price = px("9.98"), &calm, "2:100@9.98");
    check_path("SELL", "MIDPRICE", |_| {}, &calm, "0:100@10");
    check_path("BUY", "REL", |order| order.aux_price = px("0.01"), &calm, "2:100@9.99");
    check_path("BUY", "REL", |order| order.lmt_price = px("9.97"), &calm, "");
    check_path("BUY", "PEG PRIM", |_| {}, &calm, "2:100@9.98");
    check_path("BUY", "PASSV REL", |order| order.aux_price = px("0.01"), &calm, "");
    check_path("BUY", "PEG MKT", |_| {}, &calm, "0:100@10.02");
    check_path("BUY", "PEG MKT", |order| order.aux_price = px("0.02"), &calm, "1:100@10");
    check_path(
        "BUY",
        "PEG BEST",
        |order| order.compete_against_best_offset = BestOffset::By(px("0.02").unwrap_or_default()),
        &calm,
        "1:100@10",
    );
    check_path(
        "BUY",
        "PEG BEST",
        |order| order.compete_against_best_offset = BestOffset::UpToMid,
        &calm,
        "1:100@10",
    );
}

#[test]
fn a_snap_takes_its_price_once_and_keeps_it() {
    check_path("BUY", "SNAP MKT", |_| {}, &HILL, "0:100@10.01");
    check_path("SELL", "SNAP MID", |_| {}, &HILL, "1:100@10");
    check_path("BUY", "SNAP PRIM", |_| {}, &HILL, "5:100@9.99");
    check_path("BUY", "SNAP MID", |order| order.aux_price = px("0.05"), &HILL, "5:100@9.95");
}

#[test]
fn a_benchmark_moves_the_price_in_steps() {
    // Half a dollar for each dime of the instrument itself, as its own benchmark.
    let bench = |order: &mut gatehouse_tws::order::Order| {
        order.reference_contract_id = Some(756_733);
        order.starting_price = px("9.80");
        order.stock_ref_price = px("10.00");
        order.reference_change_amount = px("0.10");
        order.pegged_change_amount = px("0.25");
    };
    check_path("BUY", "PEG BENCH", bench, &HILL, "2:100@10.21");
    let down = |order: &mut gatehouse_tws::order::Order| {
        bench(order);
        order.is_pegged_change_amount_decrease = true;
    };
    check_path("BUY", "PEG BENCH", down, &HILL, "5:100@9.91");
}

#[test]
fn orders_that_want_all_or_enough_wait_for_it() {
    let whole = |quantity: i64| {
        move |order: &mut gatehouse_tws::order::Order| {
            order.total_quantity = rust_decimal(quantity);
            order.all_or_none = true;
        }
    };
    check_path("BUY", "MKT", whole(1_000), &HILL, "0:1000@10.01");
    check_path("BUY", "MKT", whole(1_001), &HILL, "");
    let least = |order: &mut gatehouse_tws::order::Order| {
        order.total_quantity = rust_decimal(2_500);
        order.min_qty = Some(1_001);
    };
    check_path("BUY", "MKT", least, &HILL, "");
    let discreet = |order: &mut gatehouse_tws::order::Order| {
        order.lmt_price = px("9.99");
        order.discretionary_amt = px("0.02");
    };
    check_path("BUY", "LMT", discreet, &HILL, "0:100@10.01");
}
