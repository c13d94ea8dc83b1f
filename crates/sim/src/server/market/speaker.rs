//! What a market-data line says: the first picture in full, then what changed.
//!
//! It must never know where prices come from. Called by the market-data lines.

use std::collections::BTreeMap;

use gatehouse_tws::answer::{
    OptionComputation, TickGeneric, TickPrice, TickSize, TickString, TickType,
};
use gatehouse_tws::layout::ReqId;
use gatehouse_types::Decimal;

use super::generic::Figure;
use crate::server::client::Client;
use crate::world::Letters;
use crate::world::catalog::Listing;
use crate::world::market::option_model::Valuation;
use crate::world::market::{Level, OptionPicture, Snapshot, price};
use crate::world::px::PX_ONE;

/// The attribute bit by which a price may be traded against automatically.
const AUTO_EXECUTE: i32 = 1;

/// Live ticks and their delayed counterparts.
const DELAYED: &[(TickType, TickType)] = &[
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
    (TickType::HALTED, TickType::new(90)),
    (TickType::new(10), TickType::new(80)),
    (TickType::new(11), TickType::new(81)),
    (TickType::new(12), TickType::new(82)),
    (TickType::new(13), TickType::new(83)),
];

/// Everything that a line said, or shows now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Picture {
    pub(super) quote: Snapshot,
    pub(super) letters: Letters,
    pub(super) options: Option<OptionPicture>,
    /// Generic ticks by the number of their type.
    pub(super) figures: BTreeMap<i32, Figure>,
}

/// Says the ticks of one line.
pub(super) struct Speaker<'a> {
    pub(super) client: &'a Client,
    pub(super) req_id: ReqId,
    pub(super) listing: &'static Listing,
    pub(super) is_delayed: bool,
    /// It says each figure once.
    pub(super) is_snapshot: bool,
}

impl Speaker<'_> {
    /// The first picture. A stream says the day first and a snapshot the last trade. Source: what
    /// Gateways sent at 206 and 225.
    pub(super) fn say_first(&self, now: &Picture, is_quoted: bool) {
        let nothing = Picture::default();
        if self.is_snapshot {
            self.say_last(&nothing.quote, &now.quote);
            self.say_day(&nothing.quote, &now.quote);
            self.say_open(&nothing.quote, &now.quote);
        } else {
            self.say_day(&nothing.quote, &now.quote);
            self.say_last(&nothing.quote, &now.quote);
            self.say_open(&nothing.quote, &now.quote);
        }
        for (price_type, level) in
            [(TickType::BID, now.quote.moment.bid), (TickType::ASK, now.quote.moment.ask)]
        {
            match level {
                Some(level) => self.say_price(price_type, level.px, level.size, AUTO_EXECUTE),
                None if is_quoted => self.say_price(price_type, NO_PRICE, 0, 0),
                None => {}
            }
        }
        self.say_rest(&nothing, now);
    }

    /// What differs from the picture before.
    pub(super) fn say_changes(&self, before: &Picture, now: &Picture) {
        let (old, new) = (&before.quote, &now.quote);
        for (types, before, after) in [
            ((TickType::BID, TickType::BID_SIZE), old.moment.bid, new.moment.bid),
            ((TickType::ASK, TickType::ASK_SIZE), old.moment.ask, new.moment.ask),
        ] {
            self.say_level(types, before, after);
        }
        self.say_last(old, new);
        self.say_day(old, new);
        self.say_open(old, new);
        self.say_rest(before, now);
    }

    /// Says whether the instrument is halted: −1 where nobody knows.
    pub(super) fn say_halted(&self, is_known: bool) {
        let value = if is_known { Decimal::ZERO } else { Decimal::NEGATIVE_ONE };
        let tick_type = self.typed(TickType::HALTED);
        let tick = TickGeneric { req_id: self.req_id, tick_type, value };
        self.client.say(tick.encode(self.client.version));
    }

    fn say_last(&self, before: &Snapshot, after: &Snapshot) {
        self.say_level((TickType::LAST, TickType::LAST_SIZE), before.last, after.last);
        if after.last_secs != before.last_secs && after.last.is_some() {
            self.say_text(self.typed(TickType::LAST_TIMESTAMP), after.last_secs.to_string());
        }
    }

    fn say_day(&self, before: &Snapshot, after: &Snapshot) {
        let (old, new) = (before.today, after.today);
        self.say_figure(TickType::HIGH, old.map(|bar| bar.high), new.map(|bar| bar.high));
        self.say_figure(TickType::LOW, old.map(|bar| bar.low), new.map(|bar| bar.low));
        if before.volume != after.volume {
            self.say_size(TickType::VOLUME, after.volume);
        }
        self.say_figure(TickType::CLOSE, before.previous_close, after.previous_close);
    }

    fn say_open(&self, before: &Snapshot, after: &Snapshot) {
        let open = |shown: &Snapshot| shown.today.map(|bar| bar.open);
        self.say_figure(TickType::OPEN, open(before), open(after));
    }

    fn say_rest(&self, before: &Picture, now: &Picture) {
        for (tick_type, old, new) in [
            (TickType::BID_EXCHANGE, &before.letters.bid, &now.letters.bid),
            (TickType::ASK_EXCHANGE, &before.letters.ask, &now.letters.ask),
            (TickType::LAST_EXCHANGE, &before.letters.last, &now.letters.last),
        ] {
            if old != new {
                self.say_text(tick_type, new.clone());
            }
        }
        self.say_options(before.options.as_ref(), now.options.as_ref());
        for (number, figure) in &now.figures {
            if before.figures.get(number) != Some(figure) {
                self.say_generic(TickType::new(*number), figure);
            }
        }
    }

    fn say_options(&self, before: Option<&OptionPicture>, now: Option<&OptionPicture>) {
        let Some(now) = now else { return };
        let of =
            |picture: &OptionPicture| [picture.bid, picture.ask, picture.last, Some(picture.model)];
        let old = before.map_or([None; 4], of);
        let moved = before.is_none_or(|before| before.under != now.under);
        for ((tick_type, old), new) in (10..).zip(old).zip(of(now)) {
            let is_silent = before.is_some() && old == new && !(moved && new.is_some());
            if is_silent || (before.is_none() && new.is_none()) {
                continue;
            }
            let tick_type = self.typed(TickType::new(tick_type));
            let computed = computation(self.req_id, tick_type, new, now.under);
            self.client.say(computed.encode(self.client.version));
        }
    }

    fn say_generic(&self, tick_type: TickType, figure: &Figure) {
        let (req_id, version) = (self.req_id, self.client.version);
        match figure {
            Figure::Price(px) => self.say_price(tick_type, *px, 0, 0),
            Figure::Size(size) => self.say_size(tick_type, *size),
            Figure::Text(text) => self.say_text(tick_type, text.clone()),
            Figure::Number(value) => {
                let tick = TickGeneric { req_id, tick_type, value: *value };
                self.client.say(tick.encode(version));
            }
        }
    }

    fn say_figure(&self, tick_type: TickType, before: Option<i64>, after: Option<i64>) {
        if let Some(px) = after.filter(|_| before != after) {
            self.say_price(tick_type, px, 0, 0);
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
                let attributes = if price_type == TickType::LAST { 0 } else { AUTO_EXECUTE };
                self.say_price(price_type, level.px, level.size, attributes);
            }
            (Some(before), Some(level)) if before.size != level.size => {
                self.say_size(size_type, level.size);
            }
            (Some(_), None) => self.say_price(price_type, NO_PRICE, 0, 0),
            (Some(_) | None, Some(_)) | (None, None) => {}
        }
    }

    /// Delayed prices and those of snapshots cannot be traded against.
    fn say_price(&self, tick_type: TickType, px: i64, size: i64, attributes: i32) {
        let is_tradable = !self.is_delayed && !self.is_snapshot;
        let tick = TickPrice {
            req_id: self.req_id,
            tick_type: self.typed(tick_type),
            price: price(px).value(),
            size: self.amount(size),
            attributes: if is_tradable { attributes } else { 0 },
        };
        self.client.say(tick.encode(self.client.version));
    }

    fn say_size(&self, tick_type: TickType, size: i64) {
        let size = self.amount(size);
        let tick = TickSize { req_id: self.req_id, tick_type: self.typed(tick_type), size };
        self.client.say(tick.encode(self.client.version));
    }

    fn say_text(&self, tick_type: TickType, value: String) {
        let tick = TickString { req_id: self.req_id, tick_type, value };
        self.client.say(tick.encode(self.client.version));
    }

    fn amount(&self, size: i64) -> Decimal {
        self.client.size(self.req_id, self.listing.amount(size))
    }

    /// Delayed ticks have types of their own.
    fn typed(&self, live: TickType) -> TickType {
        if !self.is_delayed {
            return live;
        }
        DELAYED.iter().find(|(one, _)| *one == live).map_or(live, |(_, delayed)| *delayed)
    }
}

/// Stands for a price that nobody makes: −1.
const NO_PRICE: i64 = -PX_ONE;

fn computation(
    req_id: ReqId,
    tick_type: TickType,
    found: Option<Valuation>,
    under: Decimal,
) -> OptionComputation {
    let base = OptionComputation {
        req_id,
        tick_type,
        tick_attribute: 1,
        under_price: Some(under),
        ..OptionComputation::default()
    };
    found.map_or(base, |found| OptionComputation {
        implied_volatility: Some(found.volatility),
        delta: Some(found.delta),
        option_price: Some(found.price),
        pv_dividend: Some(Decimal::ZERO),
        gamma: Some(found.gamma),
        vega: Some(found.vega),
        theta: Some(found.theta),
        ..base
    })
}
