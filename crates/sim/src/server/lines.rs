//! Market-data lines: the first picture, then what changed, conflated to one message per beat.
//!
//! It must never know where prices come from. Called by the hub.

use gatehouse_tws::answer::{
    MarketDataType, TickPrice, TickReqParams, TickSize, TickSnapshotEnd, TickString, TickType,
};
use gatehouse_tws::layout::ReqId;
use gatehouse_tws::request::MarketDataRequest;
use gatehouse_types::Decimal;

use super::client::Client;
use super::hub::{Hub, SessionId};
use crate::world::catalog::Listing;
use crate::world::checks;
use crate::world::market::{Level, Snapshot, price};

/// Lines of one client, as with a plain data subscription.
const LINES_MAX: usize = 100;
/// The attribute bit by which a price may be traded against automatically.
const AUTO_EXECUTE: i32 = 1;

/// One subscription and what was last said on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    listing: &'static Listing,
    said: Snapshot,
}

impl Hub {
    pub(super) fn market_data(&mut self, session: SessionId, asked: &MarketDataRequest) {
        let Some(client) = self.clients.get(&session) else { return };
        let req_id = asked.req_id;
        let listing = match checks::listing(req_id.get(), &asked.contract.to_contract()) {
            Ok(listing) => listing,
            Err(report) => return client.say(report.encode(client.version)),
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
        let shown = self.world.snapshot(listing);
        let Some(client) = self.clients.get_mut(&session) else { return };
        let params = TickReqParams {
            req_id,
            min_tick: Decimal::new(1, 2),
            bbo_exchange: "9c0001".to_owned(),
            snapshot_permissions: 3,
        };
        client.say(params.encode(client.version));
        let kind = MarketDataType { req_id, market_data_type: 1 };
        client.say(kind.encode(client.version));
        say_changes(client, req_id, &Snapshot::default(), &shown);
        if asked.snapshot || asked.regulatory_snapshot {
            client.say(TickSnapshotEnd { req_id }.encode(client.version));
        } else {
            client.wants.lines.insert(req_id, Line { listing, said: shown });
        }
    }

    /// Tells every line what changed since the last beat.
    pub(super) fn push_lines(&mut self) {
        for client in self.clients.values_mut() {
            let mut lines = std::mem::take(&mut client.wants.lines);
            for (req_id, line) in &mut lines {
                let shown = self.world.snapshot(line.listing);
                say_changes(client, *req_id, &line.said, &shown);
                line.said = shown;
            }
            client.wants.lines = lines;
        }
    }
}

/// The prices of a picture with their types for price and size.
fn say_changes(client: &Client, req_id: ReqId, before: &Snapshot, after: &Snapshot) {
    let sides = [
        (TickType::BID, TickType::BID_SIZE, before.moment.bid, after.moment.bid),
        (TickType::ASK, TickType::ASK_SIZE, before.moment.ask, after.moment.ask),
        (TickType::LAST, TickType::LAST_SIZE, before.last, after.last),
    ];
    for (price_type, size_type, before, after) in sides {
        say_level(client, req_id, (price_type, size_type), before, after);
    }
    if after.last_secs != before.last_secs && after.last.is_some() {
        let value = after.last_secs.to_string();
        let tick = TickString { req_id, tick_type: TickType::LAST_TIMESTAMP, value };
        client.say(tick.encode(client.version));
    }
    if before.volume != after.volume {
        let size = Decimal::from(after.volume);
        let tick = TickSize { req_id, tick_type: TickType::VOLUME, size };
        client.say(tick.encode(client.version));
    }
    let day = [
        (TickType::OPEN, before.today.map(|bar| bar.open), after.today.map(|bar| bar.open)),
        (TickType::HIGH, before.today.map(|bar| bar.high), after.today.map(|bar| bar.high)),
        (TickType::LOW, before.today.map(|bar| bar.low), after.today.map(|bar| bar.low)),
        (TickType::CLOSE, before.previous_close, after.previous_close),
    ];
    for (tick_type, before, after) in day {
        if let (true, Some(px)) = (before != after, after) {
            say_price(client, req_id, tick_type, px, 0, 0);
        }
    }
}

/// A side that nobody is on any more is price −1 and size 0.
fn say_level(
    client: &Client,
    req_id: ReqId,
    (price_type, size_type): (TickType, TickType),
    before: Option<Level>,
    after: Option<Level>,
) {
    match (before, after) {
        (before, Some(level)) if before.map(|before| before.px) != Some(level.px) => {
            say_price(client, req_id, price_type, level.px, level.size, AUTO_EXECUTE);
        }
        (Some(before), Some(level)) if before.size != level.size => {
            let size = Decimal::from(level.size);
            let tick = TickSize { req_id, tick_type: size_type, size };
            client.say(tick.encode(client.version));
        }
        (Some(_), None) => say_price(client, req_id, price_type, -10_000, 0, 0),
        (Some(_) | None, Some(_)) | (None, None) => {}
    }
}

fn say_price(
    client: &Client,
    req_id: ReqId,
    tick_type: TickType,
    px: i64,
    size: i64,
    attributes: i32,
) {
    let tick = TickPrice {
        req_id,
        tick_type,
        price: price(px).value(),
        size: Decimal::from(size),
        attributes,
    };
    client.say(tick.encode(client.version));
}
