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
use crate::world::catalog::{Kind, Listing, hours};
use crate::world::history::parse_instant;
use crate::world::market::price;
use crate::world::market::ticks::{Tick, TickKind};
use crate::world::time::Step;

/// Ticks of one answer.
const TICKS_MAX: i32 = 1_000;

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
    // Of combinations there are none. Source: the page that `found` names.
    let has_quotes = listing.is_quoted() && !matches!(listing.kind, Kind::Combo(_));
    if !(fewest..=TICKS_MAX).contains(&asked.n_ticks) {
        invalid("Historical ticks: the number of ticks must be between 1 and 1000");
    } else {
        match asked.what_to_show.to_ascii_uppercase().as_str() {
            "TRADES" if listing.is_traded() => return Some(TickKind::AllLast),
            "BID_ASK" if has_quotes => return Some(TickKind::BidAsk),
            "MIDPOINT" if has_quotes => return Some(TickKind::MidPoint),
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

/// The ticks of one trading session, from an instant on or up to one. Only to complete a second are
/// there more than asked for: the last one going forward, the first one going back. Source: the
/// broker's page "Historical Time and Sales Data", which says both, and that one request never
/// brings ticks of two sessions.
///
/// The documents want one of the two times. Clients give both, or neither for the latest ones, and
/// their authors saw answers: from the start on, no further than the end (an assumption: no page
/// says it). A start while the market is closed means the next session, an end the one before.
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
    let mut ticks = Vec::new();
    if let Some(start) = start {
        let (opens, closes) = hours::next(listing, start, asked.use_rth);
        for secs in start.max(opens)..end.min(closes) {
            ticks.extend(world.market.ticks_of(listing, kind, secs));
            if ticks.len() >= wanted {
                break;
            }
        }
    } else if let Some((_, (opens, closes))) = hours::last_before(listing, end, asked.use_rth) {
        let mut seconds = Vec::new();
        let mut n_found = 0;
        for secs in (opens..end.min(closes)).rev() {
            let of_second = world.market.ticks_of(listing, kind, secs);
            n_found += of_second.len();
            seconds.push(of_second);
            if n_found >= wanted {
                break;
            }
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
