//! What the two sample bots share. They know nothing of Gatehouse: each is an ordinary `ibapi`
//! program that was given another port number.

use std::time::Duration;

use anyhow::Context as _;
use clap::Parser;
use ibapi::prelude::*;

/// Where and what to trade.
#[derive(Debug, Parser)]
pub struct Args {
    /// Loopback port of the Gateway, or of Gatehouse in front of it.
    #[arg(long)]
    pub port: u16,
    #[arg(long)]
    pub client_id: i32,
    #[arg(long, default_value = "SPY")]
    pub symbol: String,
    /// Seconds between rounds.
    #[arg(long, default_value_t = 5)]
    pub every: u64,
    /// Ends after so many rounds; without it, never.
    #[arg(long)]
    pub rounds: Option<u64>,
}

/// How long to wait for an answer that a healthy Gateway gives at once.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// Connects. The library waits for ever for a silent server, so a limit is set around it.
///
/// # Errors
/// When nothing listens, the client id is in use, or there is no answer.
pub async fn connect(args: &Args) -> anyhow::Result<Client> {
    let address = format!("127.0.0.1:{}", args.port);
    tokio::time::timeout(ANSWER_WITHIN, Client::connect(&address, args.client_id))
        .await
        .with_context(|| format!("{address} accepted and stayed silent"))?
        .with_context(|| format!("connecting to {address} as client {}", args.client_id))
}

/// Returns the best ask.
///
/// # Errors
/// When there is no quote.
pub async fn best_ask(client: &Client, contract: &Contract) -> anyhow::Result<f64> {
    let ticks = client
        .market_data(contract)
        .snapshot_once(ANSWER_WITHIN)
        .await
        .context("asking for a quote")?;
    Quote::from_ticks(&ticks).ask.context("there is no ask price")
}

/// Says how an order ended, one line for each.
pub fn report(what: &str, outcome: &OrderOutcome) {
    match outcome {
        OrderOutcome::Filled(status) => {
            println!("{what}: filled at {:?}", status.average_fill_price)
        }
        OrderOutcome::Ended(status) => println!("{what}: ended as {}", status.status),
        OrderOutcome::TimedOut(_) => println!("{what}: still working"),
        OrderOutcome::Rejected(notice) => println!("{what}: rejected, {}", notice.message),
    }
}
