//! The bot that behaves: buys ten shares at the ask, and sells them again.

use std::time::Duration;

use anyhow::Context as _;
use clap::Parser as _;
use gatehouse_sample_bots::{ANSWER_WITHIN, Args, best_ask, connect, report};
use ibapi::prelude::*;

/// How far from the ask a limit is set, so that it fills at once and stays inside any collar.
const REACH: f64 = 0.05;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let client = connect(&args).await?;
    let contract = Contract::stock(args.symbol.as_str()).build();
    println!("connected, server version {}", client.server_version());
    let mut rounds = tokio::time::interval(Duration::from_secs(args.every.max(1)));
    for round in 0.. {
        if args.rounds.is_some_and(|rounds| round >= rounds) {
            return Ok(());
        }
        rounds.tick().await;
        let ask = best_ask(&client, &contract).await?;
        // Another quantity each time, also after a restart, which an order id outlives: the same
        // order twice in ten seconds is a runaway's.
        let shares = f64::from(8 + client.next_order_id() / 2 % 5);
        let is_buy = round % 2 == 0;
        let order = client.order(&contract);
        // It sells less than it bought: short sales are refused.
        let order = if is_buy { order.buy(shares) } else { order.sell(shares - 2.0) };
        let limit = if is_buy { ask + REACH } else { ask - REACH };
        let order_id = order
            .limit((limit * 100.0).round() / 100.0)
            .submit()
            .await
            .context("sending an order")?;
        let outcome =
            client.wait_for_fill(order_id, ANSWER_WITHIN).await.context("waiting for the fill")?;
        report(if is_buy { "buy" } else { "sell" }, &outcome);
    }
    Ok(())
}
