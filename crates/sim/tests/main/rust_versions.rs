//! The Rust `ibapi` client at the oldest, some middle and the newest version that it speaks.

use std::time::Duration;

use gatehouse_sim::server::RunningServer;
use gatehouse_tws::ServerVersion;
use ibapi::contracts::OptionRight;
use ibapi::market_data::MarketDataType;
use ibapi::market_data::historical::BarSize;
use ibapi::orders::builder::BracketPrices;
use ibapi::orders::{Order, OrderStatusKind, order_builder};
use ibapi::prelude::*;

use crate::{Wanted, server_with};

const WAIT: Duration = Duration::from_secs(20);
const VERSIONS: &[i32] = &[213, 215, 217, 219, 222, 224, 226];

fn server_at(version: i32) -> RunningServer {
    server_with(Wanted { max_version: ServerVersion::new(version), ..Wanted::default() })
}

async fn connect(server: &RunningServer, version: i32) -> Client {
    let address = server.address().to_string();
    let connecting = Client::connect(&address, 51);
    let client = tokio::time::timeout(WAIT, connecting).await.expect("answers").expect("connects");
    assert_eq!(client.server_version(), version);
    client
}

async fn await_status(
    updates: &mut Subscription<OrderUpdate>,
    id: i32,
    is_it: impl Fn(&ibapi::orders::OrderStatus) -> bool,
) {
    loop {
        let item =
            tokio::time::timeout(WAIT, updates.next()).await.expect("says").expect("goes on");
        if let SubscriptionItem::Data(OrderUpdate::OrderStatus(status)) = item.expect("is data")
            && status.order_id == id
            && is_it(&status)
        {
            return;
        }
    }
}

#[tokio::test]
async fn reads_what_is_not_a_stock_at_each_version() {
    for version in VERSIONS {
        let server = server_at(*version);
        let client = connect(&server, *version).await;
        for (contract, local_symbol) in [
            (
                Contract::option("AAPL", "20260116", 270.0, OptionRight::Call),
                "AAPL  260116C00270000",
            ),
            (Contract::forex("EUR", "USD").build(), "EUR.USD"),
        ] {
            let found = client.contract_details(&contract).await.expect("resolves");
            let names: Vec<_> = found.iter().map(|one| &one.contract.local_symbol).collect();
            assert_eq!(names, [local_symbol], "{version}");
        }
        let spy = Contract::stock("SPY").build();
        let hours = TradingHours::Regular;
        let traded = client.histogram_data(&spy, hours, BarSize::Day).await.expect("has prices");
        assert!(!traded.is_empty());
        assert_eq!(client.market_rule(67).await.expect("is known").market_rule_id, 67);
        client.switch_market_data_type(MarketDataType::Delayed).await.expect("is sent");
        let mut line = client.market_data(&spy).subscribe().await.expect("subscribes");
        loop {
            let item =
                tokio::time::timeout(WAIT, line.next()).await.expect("ticks").expect("goes on");
            let told = item.expect("is data");
            if let SubscriptionItem::Data(TickTypes::MarketDataType(kind)) = told {
                assert_eq!(kind, MarketDataType::Delayed);
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_bracket_works_and_survives_a_reconnect_at_each_version() {
    for version in VERSIONS {
        let server = server_at(*version);
        let client = connect(&server, *version).await;
        let spy = Contract::stock("SPY").build();
        let mut updates = client.order_update_stream().await.expect("subscribes");
        let parent = client.next_order_id();
        let prices = BracketPrices { entry: 500.0, take_profit: 900.0, stop_loss: 400.0 };
        let family: Vec<Order> =
            order_builder::bracket_order(parent, Action::Buy, 10.0, prices).expect("is a bracket");
        for order in &family {
            client.submit_order(order.order_id, &spy, order).await.expect("is sent");
        }
        let id = family[0].order_id;
        await_status(&mut updates, id, |status| status.status == OrderStatusKind::Submitted).await;
        await_status(&mut updates, id + 2, |status| {
            status.parent_id == id && status.why_held == "child,trigger"
        })
        .await;
        drop(updates);
        client.disconnect().await;
        drop(client);

        let client = connect(&server, *version).await;
        let mut updates = client.order_update_stream().await.expect("subscribes");
        drop(client.cancel_order(id, "").await.expect("is sent"));
        for id in [id, id + 1, id + 2] {
            await_status(&mut updates, id, |status| status.status == OrderStatusKind::Cancelled)
                .await;
        }
    }
}
