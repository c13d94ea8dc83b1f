//! What the Rust `ibapi` client needs, from connecting to a rejected order.

use std::time::Duration;

use ibapi::accounts::types::{AccountGroup, AccountId};
use ibapi::contracts::tick_types::TickType;
use ibapi::orders::{Executions, OrderStatusKind, order_builder};
use ibapi::prelude::*;

use crate::server;

const WAIT: Duration = Duration::from_secs(20);

async fn connect(address: &str, id: i32) -> Client {
    let connecting = Client::connect(address, id);
    tokio::time::timeout(WAIT, connecting).await.expect("answers").expect("connects")
}

#[tokio::test]
async fn resolves_quotes_and_bars() {
    let server = server(None);
    let client = connect(&server.address().to_string(), 41).await;
    assert_eq!(client.server_version(), 226);
    let market_now = client.server_time().await.expect("says the time");
    assert_eq!(market_now.year(), 2026);

    let asked = Contract::stock("SPY").build();
    let details = client.contract_details(&asked).await.expect("resolves");
    let spy = details.first().expect("finds one").contract.clone();
    assert_eq!(spy.contract_id, 756_733);
    let unknown = client.contract_details(&Contract::stock("NOSUCHTHING").build()).await;
    assert!(unknown.is_err(), "{unknown:?}");

    let mut quotes = client.market_data(&spy).subscribe().await.expect("subscribes");
    let (mut bid, mut ask) = (0.0, 0.0);
    while bid == 0.0 || ask == 0.0 {
        let item =
            tokio::time::timeout(WAIT, quotes.next()).await.expect("ticks").expect("goes on");
        if let SubscriptionItem::Data(TickTypes::PriceSize(tick)) = item.expect("is data") {
            if tick.price_tick_type == TickType::Bid {
                bid = tick.price;
            } else if tick.price_tick_type == TickType::Ask {
                ask = tick.price;
            }
        }
    }
    assert!(ask > bid && bid > 100.0, "{bid} {ask}");

    for (size, at_least) in [(HistoricalBarSize::Min, 59), (HistoricalBarSize::Day, 1)] {
        let history = client
            .historical_data(&spy, size)
            .what_to_show(HistoricalWhatToShow::Trades)
            .duration(1.days())
            .fetch()
            .await
            .expect("has bars");
        assert!(history.bars.len() >= at_least, "{}", history.bars.len());
    }
}

#[tokio::test]
async fn fills_changes_cancels_and_rejects() {
    let server = server(None);
    let client = connect(&server.address().to_string(), 42).await;
    let spy = Contract::stock("SPY").build();

    let bought = client.order(&spy).buy(100).market().submit().await.expect("is sent");
    let outcome = client.wait_for_fill(bought, WAIT).await.expect("has an outcome");
    assert!(
        matches!(&outcome, OrderOutcome::Filled(status) if status.filled == 100.0),
        "{outcome:?}"
    );

    let id = client.next_order_id();
    let order = order_builder::limit_order(Action::Buy, 10.0, 600.0);
    let mut resting = client.place_order(id, &spy, &order).await.expect("is sent");
    wait_for_status(&mut resting, |status| status.remaining == 10.0).await;
    let changed = order_builder::limit_order(Action::Buy, 20.0, 601.0);
    client.submit_order(id, &spy, &changed).await.expect("is sent");
    wait_for_status(&mut resting, |status| status.remaining == 20.0).await;
    let cancelled = client.cancel_order(id, "").await.expect("is sent");
    let outcome = client.wait_for_fill(id, WAIT).await.expect("has an outcome");
    assert!(matches!(&outcome, OrderOutcome::Ended(_)), "{outcome:?}");
    drop(cancelled);

    let huge = client.order(&spy).buy(10_000_000).market().submit().await.expect("is sent");
    let outcome = client.wait_for_fill(huge, WAIT).await.expect("has an outcome");
    // The servers' rejection begins with the status, so this client reports that.
    assert!(
        matches!(&outcome, OrderOutcome::Ended(status) if status.status == OrderStatusKind::Inactive),
        "{outcome:?}"
    );
}

async fn wait_for_status(
    updates: &mut Subscription<PlaceOrder>,
    is_it: impl Fn(&ibapi::orders::OrderStatus) -> bool,
) {
    loop {
        let item =
            tokio::time::timeout(WAIT, updates.next()).await.expect("says").expect("goes on");
        if let SubscriptionItem::Data(PlaceOrder::OrderStatus(status)) = item.expect("is data")
            && is_it(&status)
        {
            return;
        }
    }
}

#[tokio::test]
async fn reads_account_positions_orders_and_executions() {
    let server = server(None);
    let client = connect(&server.address().to_string(), 43).await;
    let spy = Contract::stock("SPY").build();
    let bought = client.order(&spy).buy(50).market().submit().await.expect("is sent");
    client.wait_for_fill(bought, WAIT).await.expect("has an outcome");
    let resting = client.order(&spy).buy(5).limit(600.0).submit().await.expect("is sent");

    let account = client.managed_accounts().await.expect("has accounts").remove(0);
    let group = AccountGroup("All".to_owned());
    let summary = client.account_summary(&group, &["NetLiquidation", "BuyingPower"]).await;
    let mut summary = summary.expect("subscribes").filter_data();
    let mut n_values = 0;
    loop {
        let update =
            tokio::time::timeout(WAIT, summary.next()).await.expect("says").expect("goes on");
        match update.expect("is data") {
            AccountSummaryResult::Summary(_) => n_values += 1,
            AccountSummaryResult::End => break,
        }
    }
    assert_eq!(n_values, 2);

    let mut positions = client.positions().await.expect("subscribes").filter_data();
    let first = tokio::time::timeout(WAIT, positions.next()).await.expect("says").expect("goes on");
    assert!(
        matches!(&first, Ok(PositionUpdate::Position(held)) if held.position == 50.0),
        "{first:?}"
    );
    let mut pnl = client.pnl(&AccountId(account), None).await.expect("subscribes").filter_data();
    let profit = tokio::time::timeout(WAIT, pnl.next()).await.expect("says").expect("goes on");
    assert!(profit.expect("is data").daily_pnl.is_finite());

    let mut open = client.all_open_orders().await.expect("lists").filter_data();
    let mut n_open = 0;
    while let Some(order) = tokio::time::timeout(WAIT, open.next()).await.expect("ends") {
        n_open += usize::from(matches!(order.expect("is data"), Orders::OrderData(_)));
    }
    assert_eq!(n_open, 1);
    let filter = ExecutionFilter::default();
    let mut executions = client.executions(filter).await.expect("lists").filter_data();
    let mut shares = 0.0;
    while let Some(one) = tokio::time::timeout(WAIT, executions.next()).await.expect("ends") {
        if let Executions::ExecutionData(data) = one.expect("is data") {
            shares += data.execution.shares;
        }
    }
    assert_eq!(shares, 50.0);
    let mut completed = client.completed_orders(false).await.expect("lists").filter_data();
    let mut n_completed = 0;
    while let Some(order) = tokio::time::timeout(WAIT, completed.next()).await.expect("ends") {
        n_completed += usize::from(matches!(order.expect("is data"), Orders::OrderData(_)));
    }
    assert_eq!(n_completed, 1);
    client.global_cancel().await.expect("is sent");
    let outcome = client.wait_for_fill(resting, WAIT).await.expect("has an outcome");
    assert!(matches!(&outcome, OrderOutcome::Ended(_)), "{outcome:?}");
}

#[tokio::test]
async fn a_client_id_in_use_is_refused() {
    let server = server(None);
    let address = server.address().to_string();
    let _first = connect(&address, 44).await;
    let second = tokio::time::timeout(WAIT, Client::connect(&address, 44)).await.expect("answers");
    assert!(matches!(second, Err(ibapi::Error::ClientIdInUse { .. })), "was let in");
}
