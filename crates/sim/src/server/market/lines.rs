//! Market-data lines: the first picture, then what changed, conflated to one message per beat.
//!
//! It must never know where prices come from. Called by the hub.

use gatehouse_tws::answer::{
    MarketDataType, TickPrice, TickReqParams, TickSize, TickSnapshotEnd, TickString, TickType,
};
use gatehouse_tws::layout::ReqId;
use gatehouse_tws::request::MarketDataRequest;
use gatehouse_types::Decimal;

use crate::server::client::Client;
use crate::server::hub::{Hub, SessionId};
use crate::world::catalog::{Listing, hours};
use crate::world::drill::Served;
use crate::world::market::{Level, Snapshot, price};

/// Lines of one client, as with a plain data subscription.
const LINES_MAX: usize = 100;
/// Step of last prices and sizes, as a Gateway said it of US stocks.
const PRECISION: &str = "0.000001";
/// The attribute bit by which a price may be traded against automatically.
const AUTO_EXECUTE: i32 = 1;

/// Live, frozen, delayed, and delayed that stands still, as marketDataType says them.
const LIVE: i32 = 1;
const FROZEN: i32 = 2;
const DELAYED: i32 = 3;
const DELAYED_FROZEN: i32 = 4;

/// One subscription and what was last said on it.
#[derive(Debug, Clone, Copy)]
pub(in crate::server) struct Line {
    listing: &'static Listing,
    /// The kind of data that the client wanted when it subscribed.
    wanted: i32,
    /// The kind that it was last told.
    kind: i32,
    said: Snapshot,
}

impl Line {
    /// Returns the kind of data that this line gets now, or `None` for none at all. Who asks for
    /// delayed data gets it: the real Gateway would serve live data to a subscriber, but then
    /// nobody could rehearse without.
    fn kind_now(&self, served: Served, is_open: bool) -> Option<i32> {
        match (served, self.wanted) {
            (Served::Silent, _) => None,
            (Served::Unsubscribed | Served::Delayed | Served::Live, DELAYED_FROZEN) => {
                Some(DELAYED_FROZEN)
            }
            (Served::Unsubscribed | Served::Live, DELAYED) | (Served::Delayed, _) => Some(DELAYED),
            (Served::Unsubscribed, _) => None,
            (Served::Frozen, _) => Some(FROZEN),
            (Served::Live, FROZEN) if !is_open => Some(FROZEN),
            (Served::Live, _) => Some(LIVE),
        }
    }
}

impl Hub {
    pub(in crate::server) fn market_data(&mut self, session: SessionId, asked: &MarketDataRequest) {
        let Some(client) = self.clients.get(&session) else { return };
        let req_id = asked.req_id;
        let listing = match self.world.listing(req_id.get(), &asked.contract) {
            Ok(listing) => listing,
            Err(report) => return client.say_error(report),
        };
        if client.wants.lines.contains_key(&req_id) {
            return client.complain(
                req_id.get(),
                322,
                "Error processing request.-'bQ' : cause - Duplicate ticker id",
            );
        }
        if client.wants.lines.len() >= LINES_MAX {
            return client.complain(req_id.get(), 101, "Max number of tickers has been reached");
        }
        let wanted = client.wants.data_type;
        if self.world.served(listing) == Served::Unsubscribed {
            let (code, text) = if wanted < DELAYED {
                (354, "Requested market data is not subscribed. Delayed market data is available.")
            } else {
                (10167, "Requested market data is not subscribed. Displaying delayed market data.")
            };
            client.complain(req_id.get(), code, text);
            if wanted < DELAYED {
                return;
            }
        }
        let params = TickReqParams {
            req_id,
            min_tick: listing.min_tick(),
            bbo_exchange: "9c0001".to_owned(),
            snapshot_permissions: 3,
            price_precision: PRECISION.to_owned(),
            size_precision: PRECISION.to_owned(),
        };
        client.say(params.encode(client.version));
        let mut line = Line { listing, wanted, kind: 0, said: Snapshot::default() };
        self.push_line(session, req_id, &mut line);
        let Some(client) = self.clients.get_mut(&session) else { return };
        if asked.snapshot || asked.regulatory_snapshot {
            client.say(TickSnapshotEnd { req_id }.encode(client.version));
        } else {
            client.wants.lines.insert(req_id, line);
        }
    }

    /// Later subscriptions get this kind of data.
    pub(in crate::server) fn market_data_type(&mut self, session: SessionId, kind: i32) {
        if !(LIVE..=DELAYED_FROZEN).contains(&kind) {
            if let Some(client) = self.clients.get(&session) {
                let text = "Error validating request.-'bQ' : cause - Invalid market data type";
                client.complain(-1, 321, text);
            }
            return;
        }
        self.with(session, |client| client.wants.data_type = kind);
    }

    /// Tells every line what changed since the last beat.
    pub(in crate::server) fn push_lines(&mut self) {
        let sessions: Vec<SessionId> = self.clients.keys().copied().collect();
        for session in sessions {
            let taken = self.with(session, |client| std::mem::take(&mut client.wants.lines));
            let Some(mut lines) = taken else { continue };
            for (req_id, line) in &mut lines {
                self.push_line(session, *req_id, line);
            }
            self.with(session, |client| client.wants.lines = lines);
        }
    }

    /// Tells one line what changed. A line that is given another kind of data begins anew.
    fn push_line(&mut self, session: SessionId, req_id: ReqId, line: &mut Line) {
        let now = self.world.now().secs();
        let is_open = hours::is_open(line.listing, now);
        let served = self.world.served(line.listing);
        let Some(kind) = line.kind_now(served, is_open) else { return };
        let is_new = kind != line.kind;
        if kind == FROZEN && !is_new {
            return;
        }
        let shown = if kind >= DELAYED {
            self.world.delayed_snapshot(line.listing)
        } else {
            self.world.snapshot(line.listing)
        };
        let Some(client) = self.clients.get(&session) else { return };
        if is_new {
            let told = MarketDataType { req_id, market_data_type: kind };
            client.say(told.encode(client.version));
            line.said = Snapshot::default();
            line.kind = kind;
        }
        let speaker = Speaker { client, req_id, is_delayed: kind >= DELAYED };
        speaker.say_changes(&line.said, &shown);
        line.said = shown;
    }
}

/// Says the ticks of one line.
struct Speaker<'a> {
    client: &'a Client,
    req_id: ReqId,
    is_delayed: bool,
}

impl Speaker<'_> {
    /// The prices of a picture with their types for price and size.
    fn say_changes(&self, before: &Snapshot, after: &Snapshot) {
        let sides = [
            (TickType::BID, TickType::BID_SIZE, before.moment.bid, after.moment.bid),
            (TickType::ASK, TickType::ASK_SIZE, before.moment.ask, after.moment.ask),
            (TickType::LAST, TickType::LAST_SIZE, before.last, after.last),
        ];
        for (price_type, size_type, before, after) in sides {
            self.say_level((price_type, size_type), before, after);
        }
        if after.last_secs != before.last_secs && after.last.is_some() {
            let tick = TickString {
                req_id: self.req_id,
                tick_type: self.typed(TickType::LAST_TIMESTAMP),
                value: after.last_secs.to_string(),
            };
            self.client.say(tick.encode(self.client.version));
        }
        if before.volume != after.volume {
            self.say_size(TickType::VOLUME, after.volume);
        }
        let day = [
            (TickType::OPEN, before.today.map(|bar| bar.open), after.today.map(|bar| bar.open)),
            (TickType::HIGH, before.today.map(|bar| bar.high), after.today.map(|bar| bar.high)),
            (TickType::LOW, before.today.map(|bar| bar.low), after.today.map(|bar| bar.low)),
            (TickType::CLOSE, before.previous_close, after.previous_close),
        ];
        for (tick_type, before, after) in day {
            if let (true, Some(px)) = (before != after, after) {
                self.say_price(tick_type, px, 0, 0);
            }
        }
    }

    /// A side that nobody is on any more is price −1 and size 0.
    fn say_level(
        &self,
        (price_type, size_type): (TickType, TickType),
        before: Option<Level>,
        after: Option<Level>,
    ) {
        match (before, after) {
            (before, Some(level)) if before.map(|before| before.px) != Some(level.px) => {
                self.say_price(price_type, level.px, level.size, AUTO_EXECUTE);
            }
            (Some(before), Some(level)) if before.size != level.size => {
                self.say_size(size_type, level.size);
            }
            (Some(_), None) => self.say_price(price_type, -10_000, 0, 0),
            (Some(_) | None, Some(_)) | (None, None) => {}
        }
    }

    fn say_price(&self, tick_type: TickType, px: i64, size: i64, attributes: i32) {
        let tick = TickPrice {
            req_id: self.req_id,
            tick_type: self.typed(tick_type),
            price: price(px).value(),
            size: Decimal::from(size),
            attributes,
        };
        self.client.say(tick.encode(self.client.version));
    }

    fn say_size(&self, tick_type: TickType, size: i64) {
        let tick = TickSize {
            req_id: self.req_id,
            tick_type: self.typed(tick_type),
            size: Decimal::from(size),
        };
        self.client.say(tick.encode(self.client.version));
    }

    /// Delayed ticks have types of their own.
    fn typed(&self, live: TickType) -> TickType {
        if !self.is_delayed {
            return live;
        }
        let pairs = [
            (TickType::BID, TickType::DELAYED_BID),
            (TickType::ASK, TickType::DELAYED_ASK),
            (TickType::LAST, TickType::DELAYED_LAST),
            (TickType::BID_SIZE, TickType::DELAYED_BID_SIZE),
            (TickType::ASK_SIZE, TickType::DELAYED_ASK_SIZE),
            (TickType::LAST_SIZE, TickType::DELAYED_LAST_SIZE),
            (TickType::HIGH, TickType::DELAYED_HIGH),
            (TickType::LOW, TickType::DELAYED_LOW),
            (TickType::VOLUME, TickType::DELAYED_VOLUME),
            (TickType::CLOSE, TickType::DELAYED_CLOSE),
            (TickType::OPEN, TickType::DELAYED_OPEN),
            (TickType::LAST_TIMESTAMP, TickType::new(88)),
        ];
        pairs.into_iter().find(|(one, _)| *one == live).map_or(live, |(_, delayed)| delayed)
    }
}
