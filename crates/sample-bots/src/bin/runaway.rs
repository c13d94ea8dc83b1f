//! The bot that runs away: too large, too often, and the same order again.

use std::time::Duration;

use anyhow::Context as _;
use clap::Parser as _;
use gatehouse_sample_bots::{ANSWER_WITHIN, Args, best_ask, connect, report};
use ibapi::prelude::*;

/// An extra zero or two.
const TOO_MANY: f64 = 50_000.0;

/// More orders in one breath than any sane strategy sends.
const BURST: i32 = 8;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let client = connect(&args).await?;
    let contract = Contract::stock(args.symbol.as_str()).build();
    println!("connected, server version {}", client.server_version());
    let mut rounds = tokio::time::interval(Duration::from_secs(args.every.max(1)));
    for round in 0_u64.. {
        if args.rounds.is_some_and(|rounds| round >= rounds) {
            return Ok(());
        }
        rounds.tick().await;
        let ask = best_ask(&client, &contract).await?;
        match round % 3 {
            0 => buy(&client, &contract, "too large", TOO_MANY, ask).await?,
            1 => {
                for nth in 1..=BURST {
                    let order = client.order(&contract).buy(f64::from(nth)).limit(ask);
                    order.submit().await.context("sending one of many")?;
                }
                println!("too often: {BURST} orders in one breath");
            }
            _ => {
                buy(&client, &contract, "once", 3.0, ask).await?;
                buy(&client, &contract, "the same again", 3.0, ask).await?;
            }
        }
    }
    Ok(())
}

async fn buy(
    client: &Client,
    contract: &Contract,
    what: &str,
    shares: f64,
    limit: f64,
) -> anyhow::Result<()> {
    let order_id = client
        .order(contract)
        .buy(shares)
        .limit(limit)
        .submit()
        .await
        .context("sending an order")?;
    let outcome =
        client.wait_for_fill(order_id, ANSWER_WITHIN).await.context("waiting for the end")?;
    report(what, &outcome);
    Ok(())
}
