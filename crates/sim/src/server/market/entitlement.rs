//! What a line is told when the account has no subscription to what it asks for.
//!
//! It must never decide what is subscribed; the world's drills do. Called by the market's requests.

use gatehouse_tws::layout::ReqId;

use super::lines::params;
use crate::server::client::Client;
use crate::world::World;
use crate::world::catalog::Listing;
use crate::world::drill::{Missing, Served};

/// Whether a line may begin, and with what.
pub(super) enum Entitled {
    Whole,
    /// Without bid and ask.
    Part,
}

/// Tells a new line what it may have, or returns its refusal.
///
/// # Errors
/// Code and text for the client. Before 10089 a Gateway still says the line's parameters.
pub(super) fn entitle(
    world: &World,
    client: &Client,
    req_id: ReqId,
    listing: &Listing,
    wants_delayed: bool,
) -> Result<Entitled, (i32, String)> {
    let missing = world.missing(listing);
    if let Some(missing) = missing.filter(|missing| missing.is_part()) {
        let (code, text) = words(Some(missing), listing);
        client.complain(req_id.get(), code, text);
        return Ok(Entitled::Part);
    }
    if world.served(listing) != Served::Unsubscribed {
        return Ok(Entitled::Whole);
    }
    if !wants_delayed || missing == Some(Missing::Everything) {
        if missing == Some(Missing::Api) {
            client.say(params(req_id, listing).encode(client.version));
        }
        return Err(words(missing, listing));
    }
    if missing != Some(Missing::Api) {
        let text = "Requested market data is not subscribed. Displaying delayed market data.";
        client.complain(req_id.get(), 10167, text);
    }
    Ok(Entitled::Whole)
}

/// Returns code and text about what is missing; nothing in particular is 354 with delayed data.
fn words(missing: Option<Missing>, listing: &Listing) -> (i32, String) {
    let place = place(listing);
    let api = "additional subscription for API. See link in 'Market Data Connections' dialog for more details.";
    let delayed = "Delayed market data is available.";
    match missing {
        None => (354, unsubscribed(listing)),
        Some(Missing::Api) => {
            (10089, format!("Requested market data requires {api}{delayed}{place}"))
        }
        Some(Missing::Live) => {
            let text =
                "Requested market data is not subscribed. Delayed market data is not enabled.";
            (10168, text.to_owned())
        }
        Some(Missing::Everything) => (
            354,
            format!(
                "Requested market data is not subscribed.Delayed market data is not available.{place}"
            ),
        ),
        Some(Missing::Part) => (
            10090,
            format!(
                "Part of requested market data is not subscribed. Subscription-independent ticks are still active.{delayed}{place}"
            ),
        ),
        Some(Missing::ApiPart) => {
            (10091, format!("Part of requested market data requires {api}{delayed}{place}"))
        }
    }
}

/// What is missing, by its name: `SPY ARCA/TOP/ALL`, `AAPL NASDAQ.NMS/TOP/ALL`.
fn place(listing: &Listing) -> String {
    let market = match listing.primary_exchange {
        "NASDAQ" => "NASDAQ.NMS",
        other => other,
    };
    format!("{} {market}/TOP/ALL", listing.symbol)
}

/// The refusal of live data where delayed data is there.
pub(super) fn unsubscribed(listing: &Listing) -> String {
    format!(
        "Requested market data is not subscribed.Delayed market data is available.{}",
        place(listing)
    )
}
