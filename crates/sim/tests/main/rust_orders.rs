//! Orders beyond the plain ones, as the Rust `ibapi` client sends and reads them.

use std::collections::BTreeMap;
use std::time::Duration;

use ibapi::contracts::TagValue;
use ibapi::orders::builder::{price, time};
use ibapi::orders::{Order, OrderCondition, TimeInForce, order_builder};
use ibapi::prelude::*;

use crate::server;

const WAIT: Duration = Duration::from_secs(20);

async fn connect(address: &str, id: i32) -> Client {
    let connecting = Client::connect(address, id);
    tokio::time::timeout(WAIT, connecting).await.expect("answers").expect("connects")
}

/// Returns the first status of a new order that is no longer on its way.
async fn first_status(client: &Client, order: &Order) -> (String, String) {
    let spy = Contract::stock("SPY").build();
    let id = client.next_order_id();
    let mut updates = client.place_order(id, &spy, order).await.expect("is sent");
    loop {
        let item =
            tokio::time::timeout(WAIT, updates.next()).await.expect("says").expect("goes on");
        if let SubscriptionItem::Data(PlaceOrder::OrderStatus(status)) = item.expect("is data") {
            return (status.status.to_string(), status.why_held);
        }
    }
}

fn conditional() -> Order {
    let mut order = order_builder::limit_order(Action::Buy, 10.0, 900.0);
    order.conditions = vec![
        OrderCondition::Price(price(756_733, "SMART").greater_than(2_000.0).build()),
        OrderCondition::Time(time().greater_than("20260105-23:00:00").build()),
    ];
    order
}

fn timed() -> Order {
    let mut order = order_builder::limit_order(Action::Buy, 10.0, 100.0);
    order.tif = TimeInForce::GoodTillDate;
    order.good_till_date = "20260105 15:55:00 US/Eastern".to_owned();
    order
}

fn paced() -> Order {
    let mut order = order_builder::limit_order(Action::Buy, 10.0, 100.0);
    order.algo_strategy = "Adaptive".to_owned();
    let (tag, value) = ("adaptivePriority".to_owned(), "Normal".to_owned());
    order.algo_params = vec![TagValue { tag, value }];
    order
}

#[tokio::test]
async fn stops_conditions_deadlines_and_algorithms_are_taken_as_the_client_sends_them() {
    let server = server(None);
    let client = connect(&server.address().to_string(), 45).await;
    for (name, order, why_held) in [
        ("trail", order_builder::trailing_stop(Action::Sell, 10.0, 5.0, 300.0), "trigger"),
        ("touched", order_builder::market_if_touched(Action::Buy, 10.0, 100.0), "trigger"),
        ("conditions", conditional(), ""),
        ("deadline", timed(), ""),
        ("algorithm", paced(), ""),
    ] {
        let (status, held) = first_status(&client, &order).await;
        assert_eq!((&*status, &*held), ("PreSubmitted", why_held), "{name}");
    }
}

#[tokio::test]
async fn an_entry_brings_its_exits_in_one_message() {
    let server = server(None);
    let client = connect(&server.address().to_string(), 46).await;
    let spy = Contract::stock("SPY").build();
    let entry = client.order(&spy).buy(10).limit(500.0);
    let ids = entry.preset_stop_loss().preset_profit_taker().submit().await.expect("is sent");
    assert!(ids.stop_loss.is_some() && ids.profit_taker.is_some(), "{ids:?}");
    // What the client hears of its own orders meanwhile comes to the same stream.
    let mut found = BTreeMap::new();
    while found.len() < 3 {
        let mut open = client.all_open_orders().await.expect("lists").filter_data();
        while let Some(order) = tokio::time::timeout(WAIT, open.next()).await.expect("ends") {
            if let Orders::OrderData(data) = order.expect("is data") {
                let kind = (data.order.order_type.clone(), data.order.parent_id != 0);
                found.insert(data.order_id, kind);
            }
        }
    }
    let kinds: Vec<_> = found.into_values().collect();
    let expected = [("LMT", false), ("STP", true), ("LMT", true)];
    assert_eq!(kinds, expected.map(|(kind, is_child)| (kind.to_owned(), is_child)));
}
