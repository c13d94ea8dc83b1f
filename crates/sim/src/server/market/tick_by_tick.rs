//! Streams that leave no tick out: each trade or each change of a quote, past ones first.
//!
//! It must never know where ticks come from. Called by the hub's requests and its beat.

use std::collections::BTreeSet;

use gatehouse_tws::answer::{
    BidAsk, HistoricalTicks, HistoricalTicksBidAsk, HistoricalTicksLast, PastMid, PastQuote,
    PastTrade, QuoteAttributes, Tick as WireTick, TickByTick, Trade as WireTrade, TradeAttributes,
};
use gatehouse_tws::layout::ReqId;
use gatehouse_tws::request::TickByTickRequest;
use gatehouse_types::{ConId, Decimal};

use super::lines::permission;
use crate::server::client::Client;
use crate::server::hub::{Hub, SessionId};
use crate::world::catalog::Listing;
use crate::world::drill::Served;
use crate::world::market::ticks::{Tick, TickKind, Trade};
use crate::world::market::{Level, Moment, price};
use crate::world::time::{STEPS_PER_SECOND, Step};

/// Most past ticks that one request may bring, as the API's page says.
const PAST_MAX: usize = 1_000;
/// The same stream may not be asked for again within so many seconds.
const AGAIN_SECS: i64 = 15;
/// A fast market skips ticks rather than flood its clients.
const STEPS_A_BEAT: i64 = 30 * STEPS_PER_SECOND;

/// One stream.
#[derive(Debug, Clone)]
pub(in crate::server) struct Stream {
    listing: &'static Listing,
    kind: TickKind,
    ignores_size: bool,
    /// The step up to which everything was told.
    until: Step,
    quote: Moment,
}

/// What makes two streams the same.
pub(in crate::server) type StreamKey = (ConId, TickKind, bool);
type Refusal = (i32, String);

impl Stream {
    fn key(&self) -> StreamKey {
        (self.listing.con_id(), self.kind, self.ignores_size)
    }
}

impl Hub {
    pub(in crate::server) fn tick_by_tick(
        &mut self,
        session: SessionId,
        asked: &TickByTickRequest,
    ) {
        let req_id = asked.req_id;
        let stream = match self.new_stream(session, asked) {
            Ok(stream) => stream,
            Err((code, text)) => {
                self.with(session, |client| client.complain(req_id.get(), code, text));
                return;
            }
        };
        let n_past = usize::try_from(asked.n_ticks).unwrap_or(0).min(PAST_MAX);
        if n_past > 0 {
            let wanted = (stream.kind, stream.ignores_size);
            let before = stream.until.plus(1);
            let ticks = self.world.market.ticks_before(stream.listing, wanted, before, n_past);
            if let Some(client) = self.clients.get(&session) {
                Teller { client, listing: stream.listing, req_id }.say_past(stream.kind, &ticks);
            }
        }
        let now = self.world.now().secs();
        self.with(session, |client| {
            client.wants.asked_streams.insert(stream.key(), now);
            client.wants.streams.insert(req_id, stream);
        });
        self.push_ticks();
    }

    fn new_stream(
        &mut self,
        session: SessionId,
        asked: &TickByTickRequest,
    ) -> Result<Stream, Refusal> {
        let req_id = asked.req_id;
        let kind = match asked.tick_type.as_str() {
            "Last" => TickKind::Last,
            "AllLast" => TickKind::AllLast,
            "BidAsk" => TickKind::BidAsk,
            "MidPoint" => TickKind::MidPoint,
            other => {
                let text = format!(
                    "Error validating request.-'bX' : cause - Incorrect tick-by-tick type {other}"
                );
                return Err((321, text));
            }
        };
        let listing = self
            .world
            .listing(req_id.get(), &asked.contract)
            .map_err(|report| (report.code, report.text))?;
        if !is_supported(listing, kind) {
            let name = match listing.sec_type() {
                "CASH" => listing.local_symbol(),
                _ => listing.symbol.to_owned(),
            };
            let kind = &asked.tick_type;
            let text = format!("{kind} tick-by-tick requests are not supported for {name}.");
            return Err(refused(&text));
        }
        self.check_permission(session, listing)?;
        let until = self.world.now().plus(-1);
        // The quote of now is the first tick.
        let quote = Moment::default();
        let ignores_size = asked.ignore_size && kind == TickKind::BidAsk;
        let stream = Stream { listing, kind, ignores_size, until, quote };
        self.check_streams(session, req_id, stream.key(), &asked.tick_type)?;
        Ok(stream)
    }

    /// The first refusal comes from the servers of the ticks, and names the market; the Gateway
    /// remembers it and gives those after it in its own words. Source: what a Gateway sent at 207.
    /// That it remembers for one client and one instrument is an assumption: no page says it.
    fn check_permission(&mut self, session: SessionId, listing: &Listing) -> Result<(), Refusal> {
        let is_refused = self.world.served(listing) == Served::Unsubscribed;
        let Some(client) = self.clients.get_mut(&session) else { return Ok(()) };
        let known = &mut client.wants.refused_streams;
        if !is_refused {
            known.remove(&listing.con_id());
            return Ok(());
        }
        if known.insert(listing.con_id()) {
            return Err(refused(&permission(listing)));
        }
        let text = "Requested market data requires additional subscription for API. See link in 'Market Data Connections' dialog for more details.";
        Err((10089, text.to_owned()))
    }

    /// Holds a new stream against those that there are.
    fn check_streams(
        &self,
        session: SessionId,
        req_id: ReqId,
        key: StreamKey,
        name: &str,
    ) -> Result<(), Refusal> {
        let Some(client) = self.clients.get(&session) else { return Ok(()) };
        if client.wants.streams.contains_key(&req_id) {
            let text = "Error processing request.-'bX' : cause - Duplicate ticker id";
            return Err((322, text.to_owned()));
        }
        let all = self.clients.values().flat_map(|client| client.wants.streams.values());
        let running: BTreeSet<StreamKey> = all.map(Stream::key).collect();
        if !running.contains(&key) && running.len() >= self.world.allowance.streams() {
            return Err((
                10190,
                "Max number of tick-by-tick requests has been reached.".to_owned(),
            ));
        }
        // The API's page forbids a second request for an instrument within 15 seconds and does not
        // say what it is answered with. An assumption: it means the same kind of ticks, since
        // clients ask for trades and quotes together.
        let asked = client.wants.asked_streams.get(&key);
        if asked.is_some_and(|at| self.world.now().secs() - at < AGAIN_SECS) {
            let text = format!(
                "{name} tick-by-tick request was made for the same instrument within {AGAIN_SECS} seconds."
            );
            return Err(refused(&text));
        }
        Ok(())
    }

    pub(in crate::server) fn cancel_tick_by_tick(&mut self, session: SessionId, req_id: ReqId) {
        let Some(client) = self.clients.get_mut(&session) else { return };
        if client.wants.streams.remove(&req_id).is_none() {
            client.complain(req_id.get(), 300, format!("Can't find EId with tickerId:{req_id}"));
        }
    }

    /// Tells every stream what happened since the last beat.
    pub(in crate::server) fn push_ticks(&mut self) {
        let now = self.world.now();
        for client in self.clients.values_mut() {
            let mut streams = std::mem::take(&mut client.wants.streams);
            for (req_id, stream) in &mut streams {
                let after = stream.until.max(now.plus(-STEPS_A_BEAT));
                stream.until = now;
                match self.world.served(stream.listing) {
                    Served::Live => {}
                    Served::Silent | Served::Frozen | Served::Delayed | Served::Unsubscribed => {
                        continue;
                    }
                }
                let wanted = (stream.kind, stream.ignores_size);
                let ticks =
                    self.world.ticks(stream.listing, wanted, (after, now), &mut stream.quote);
                let teller = Teller { client, listing: stream.listing, req_id: *req_id };
                for tick in &ticks {
                    client.say(teller.told(stream.kind, tick).encode(client.version));
                }
            }
            client.wants.streams = streams;
        }
    }
}

fn refused(why: &str) -> Refusal {
    (10189, format!("Failed to request tick-by-tick data.{why}"))
}

/// Trades are not reported of currency pairs, and ticks of options are only to be had of the past.
fn is_supported(listing: &Listing, kind: TickKind) -> bool {
    match listing.sec_type() {
        "OPT" | "FOP" | "BAG" | "IND" | "BOND" => false,
        _ => listing.is_traded() || matches!(kind, TickKind::BidAsk | TickKind::MidPoint),
    }
}

/// Who hears of what: ticks as one client takes them.
#[derive(Clone, Copy)]
struct Teller<'a> {
    client: &'a Client,
    listing: &'a Listing,
    req_id: ReqId,
}

impl Teller<'_> {
    fn size(self, size: i64) -> Decimal {
        self.client.size(self.req_id, self.listing.amount(size))
    }

    fn level(self, level: Level) -> (Decimal, Decimal) {
        (price(level.px).value(), self.size(level.size))
    }

    fn told(self, kind: TickKind, tick: &Tick) -> TickByTick {
        let told = match tick {
            Tick::Trade(trade) if kind == TickKind::AllLast => WireTick::AllLast(self.trade(trade)),
            Tick::Trade(trade) => WireTick::Last(self.trade(trade)),
            Tick::Quote { bid, ask, .. } => {
                let ((bid, bid_size), (ask, ask_size)) = (self.level(*bid), self.level(*ask));
                let quote = BidAsk { bid, ask, bid_size, ask_size, ..BidAsk::default() };
                WireTick::BidAsk(quote)
            }
            Tick::Mid { price, .. } => WireTick::MidPoint(*price),
        };
        TickByTick { req_id: self.req_id, time: tick.at().secs(), tick: told }
    }

    fn trade(self, trade: &Trade) -> WireTrade {
        WireTrade {
            price: price(trade.px).value(),
            size: self.size(trade.size),
            past_limit: false,
            unreported: trade.is_unreported,
            exchange: trade.exchange.to_owned(),
            conditions: trade.conditions.to_owned(),
        }
    }

    /// Says the past in the message of its kind, as the API's page says.
    fn say_past(self, kind: TickKind, ticks: &[Tick]) {
        let (client, req_id, is_done) = (self.client, self.req_id, true);
        let version = client.version;
        match kind {
            TickKind::Last | TickKind::AllLast => {
                let ticks = ticks.iter().filter_map(|tick| self.past_trade(tick)).collect();
                client.say(HistoricalTicksLast { req_id, ticks, is_done }.encode(version));
            }
            TickKind::BidAsk => {
                let ticks = ticks.iter().filter_map(|tick| self.past_quote(tick)).collect();
                client.say(HistoricalTicksBidAsk { req_id, ticks, is_done }.encode(version));
            }
            TickKind::MidPoint => {
                let ticks = ticks.iter().filter_map(past_mid).collect();
                client.say(HistoricalTicks { req_id, ticks, is_done }.encode(version));
            }
        }
    }

    fn past_trade(self, tick: &Tick) -> Option<PastTrade> {
        let Tick::Trade(trade) = tick else { return None };
        let WireTrade { price, size, unreported, exchange, conditions, past_limit } =
            self.trade(trade);
        let attributes = TradeAttributes { past_limit, unreported };
        Some(PastTrade { time: trade.at.secs(), price, size, attributes, exchange, conditions })
    }

    fn past_quote(self, tick: &Tick) -> Option<PastQuote> {
        let Tick::Quote { at, bid, ask } = tick else { return None };
        let ((bid, bid_size), (ask, ask_size)) = (self.level(*bid), self.level(*ask));
        let attributes = QuoteAttributes::default();
        Some(PastQuote { time: at.secs(), bid, ask, bid_size, ask_size, attributes })
    }
}

fn past_mid(tick: &Tick) -> Option<PastMid> {
    let Tick::Mid { at, price } = tick else { return None };
    Some(PastMid { time: at.secs(), price: *price, size: Decimal::ZERO })
}
