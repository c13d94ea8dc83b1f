//! Past ticks as messages.
//!
//! It must never know how ticks are made. Called by the hub.

use gatehouse_tws::answer::{
    HistoricalTicks, HistoricalTicksBidAsk, HistoricalTicksLast, PastMid, PastQuote, PastTrade,
    TradeAttributes,
};
use gatehouse_tws::request::HistoricalTicksRequest;
use gatehouse_types::Decimal;

use super::asked::{SERVICE, paced, say_error, warn_of_zone};
use crate::server::client::Client;
use crate::server::hub::{Hub, SessionId};
use crate::world::World;
use crate::world::catalog::{Listing, hours};
use crate::world::history::parse_instant;
use crate::world::market::price;
use crate::world::market::ticks::{Tick, TickKind};
use crate::world::time::Step;

/// Ticks of one answer.
const TICKS_MAX: i32 = 1_000;
/// Seconds that a request looks ahead for ticks: two days of trading with a weekend between.
const AHEAD_SECS: i64 = 4 * 86_400;

impl Hub {
    pub(in crate::server) fn historical_ticks(
        &mut self,
        session: SessionId,
        asked: &HistoricalTicksRequest,
    ) {
        let id = asked.req_id.get();
        let Some(client) = self.clients.get(&session) else { return };
        let listing = match self.world.listing(id, &asked.contract) {
            Ok(listing) => listing,
            Err(report) => return client.say_error(report),
        };
        let Some(kind) = kind(listing, asked, client) else { return };
        let read = |given: &str| match parse_instant(given) {
            _ if given.is_empty() => Ok(None),
            Ok(at) => Ok(Some(at.secs)),
            Err(error) => Err(error),
        };
        let span = match read(&asked.start).and_then(|start| Ok((start, read(&asked.end)?))) {
            Ok(span) => span,
            Err(error) => return say_error(client, id, &error),
        };
        let given = if asked.start.is_empty() { &asked.end } else { &asked.start };
        warn_of_zone(client, id, given);
        let rest = format!("{} {} {}", asked.start, asked.end, asked.n_ticks);
        let words = (asked.what_to_show.as_str(), format!("ticks {rest}"));
        if paced(&mut self.world, listing, &asked.contract, words) {
            let text = format!("{SERVICE}Historical data request pacing violation");
            return client.complain(id, 162, text);
        }
        let ticks = found(&mut self.world, listing, kind, asked, span);
        say(client, asked, (listing, kind), &ticks);
    }
}

/// Checks a request and returns the kind of ticks that it is for; says why when there is none.
fn kind(listing: &Listing, asked: &HistoricalTicksRequest, client: &Client) -> Option<TickKind> {
    let invalid = |why: &str| {
        let text = format!("Error validating request.-'bJ' : cause - {why}");
        client.complain(asked.req_id.get(), 321, text);
    };
    // A number of 0 is for everything between two times, as a client's examples ask.
    let is_span = !asked.start.is_empty() && !asked.end.is_empty();
    let fewest = if is_span { 0 } else { 1 };
    if !(fewest..=TICKS_MAX).contains(&asked.n_ticks) {
        invalid("Historical ticks: the number of ticks must be between 1 and 1000");
    } else {
        match asked.what_to_show.to_ascii_uppercase().as_str() {
            "TRADES" if listing.is_traded() => return Some(TickKind::AllLast),
            "BID_ASK" if listing.is_quoted() => return Some(TickKind::BidAsk),
            "MIDPOINT" if listing.is_quoted() => return Some(TickKind::MidPoint),
            "TRADES" | "BID_ASK" | "MIDPOINT" => {
                let text = format!(
                    "{SERVICE}No historical market data for {}/{}@{} {}",
                    listing.symbol,
                    listing.sec_type(),
                    listing.usual_venue(),
                    asked.what_to_show
                );
                client.complain(asked.req_id.get(), 162, text);
            }
            _ => invalid("Invalid what to show; TRADES, BID_ASK or MIDPOINT"),
        }
    }
    None
}

/// The ticks from an instant on, or up to one; whole seconds at the far end, so there may be a few
/// more than asked for, as the broker's answers are cut at whole seconds too.
///
/// The documents want one of the two times. Clients give both, or neither for the latest ones, and
/// their authors saw answers: from the start on, no further than the end (an assumption: no page
/// says it).
fn found(
    world: &mut World,
    listing: &'static Listing,
    kind: TickKind,
    asked: &HistoricalTicksRequest,
    (start, end): (Option<i64>, Option<i64>),
) -> Vec<Tick> {
    let now = world.now();
    let end = end.unwrap_or(now.secs()).min(now.secs());
    let n_ticks = if asked.n_ticks == 0 { TICKS_MAX } else { asked.n_ticks };
    let wanted = usize::try_from(n_ticks).unwrap_or(0);
    let kind = (kind, asked.ignore_size);
    let shown = |secs: i64| {
        if asked.use_rth { hours::is_liquid(listing, secs) } else { hours::is_open(listing, secs) }
    };
    let mut ticks = Vec::new();
    if let Some(start) = start {
        let latest = (start + AHEAD_SECS).min(end);
        let mut secs = start;
        while ticks.len() < wanted && secs < latest {
            if shown(secs) {
                ticks.extend(world.market.ticks_of(listing, kind, secs));
            }
            secs += 1;
        }
    } else {
        let mut secs = end - 1;
        let earliest = secs - AHEAD_SECS;
        let mut seconds = Vec::new();
        let mut n_found = 0;
        while n_found < wanted && secs > earliest {
            if shown(secs) {
                let of_second = world.market.ticks_of(listing, kind, secs);
                n_found += of_second.len();
                seconds.push(of_second);
            }
            secs -= 1;
        }
        ticks.extend(seconds.into_iter().rev().flatten());
    }
    ticks.retain(|tick| tick.at() < Step::of_secs(now.secs()));
    ticks
}

fn say(
    client: &Client,
    asked: &HistoricalTicksRequest,
    (listing, kind): (&Listing, TickKind),
    ticks: &[Tick],
) {
    let (req_id, is_done, version) = (asked.req_id, true, client.version);
    let px = |px: i64| price(px).value();
    let amount = |size: i64| client.size(req_id, listing.amount(size));
    match kind {
        TickKind::Last | TickKind::AllLast => {
            let ticks = ticks.iter().filter_map(|tick| match tick {
                Tick::Trade(trade) => Some(PastTrade {
                    time: trade.at.secs(),
                    price: px(trade.px),
                    size: amount(trade.size),
                    attributes: TradeAttributes {
                        past_limit: false,
                        unreported: trade.is_unreported,
                    },
                    exchange: trade.exchange.to_owned(),
                    conditions: trade.conditions.to_owned(),
                }),
                Tick::Quote { .. } | Tick::Mid { .. } => None,
            });
            let answer = HistoricalTicksLast { req_id, ticks: ticks.collect(), is_done };
            client.say(answer.encode(version));
        }
        TickKind::BidAsk => {
            let ticks = ticks.iter().filter_map(|tick| match tick {
                Tick::Quote { at, bid, ask } => Some(PastQuote {
                    time: at.secs(),
                    bid: px(bid.px),
                    ask: px(ask.px),
                    bid_size: amount(bid.size),
                    ask_size: amount(ask.size),
                    ..PastQuote::default()
                }),
                Tick::Trade(_) | Tick::Mid { .. } => None,
            });
            let answer = HistoricalTicksBidAsk { req_id, ticks: ticks.collect(), is_done };
            client.say(answer.encode(version));
        }
        TickKind::MidPoint => {
            let ticks = ticks.iter().filter_map(|tick| match tick {
                Tick::Mid { at, price } => {
                    Some(PastMid { time: at.secs(), price: *price, size: Decimal::ZERO })
                }
                Tick::Trade(_) | Tick::Quote { .. } => None,
            });
            let answer = HistoricalTicks { req_id, ticks: ticks.collect(), is_done };
            client.say(answer.encode(version));
        }
    }
}
