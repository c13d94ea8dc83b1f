//! The account side of orders through the Rust `ibapi` client, which speaks protobuf only: a
//! question about margin, a quantity in cash, an exercise that has nothing to exercise.

use std::time::Duration;

use ibapi::prelude::*;

use crate::server;

const WAIT: Duration = Duration::from_secs(20);

#[tokio::test]
async fn asks_for_margin_orders_for_cash_and_hears_of_a_fill() {
    let server = server(None);
    let address = server.address().to_string();
    let connecting = Client::connect(&address, 44);
    let client = tokio::time::timeout(WAIT, connecting).await.expect("answers").expect("connects");
    let spy = Contract::stock("SPY").build();
    let asked = client.order(&spy).buy(100).limit(600.0).analyze();
    let state = tokio::time::timeout(WAIT, asked).await.expect("answers").expect("is a state");
    assert_eq!(state.initial_margin_before, Some(0.0));
    assert_eq!(state.initial_margin_change, Some(15_000.0));
    assert_eq!(state.initial_margin_after, Some(15_000.0));
    assert_eq!(state.initial_margin_after_outside_rth, Some(30_000.0));
    assert_eq!(state.commission, Some(1.0003));
    assert_eq!(
        (state.commission_currency.as_str(), state.margin_currency.as_str()),
        ("USD", "USD")
    );

    let id = client.order(&spy).buy(0).market().cash_qty(10_000.0).submit().await.expect("is sent");
    let outcome = client.wait_for_fill(id, WAIT).await.expect("has an outcome");
    assert!(
        matches!(&outcome, OrderOutcome::Filled(status) if status.filled > 10.0 && status.filled < 20.0),
        "{outcome:?}"
    );
}
