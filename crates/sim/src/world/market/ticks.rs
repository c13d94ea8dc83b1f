//! Every trade and every change of a quote, one by one, as far back as somebody asks.
//!
//! It must never know clients. Called by the world for ticks as they happen and by whoever answers
//! with past ones.

use gatehouse_types::Decimal;

use super::noise::{hash, pick};
use super::trades::Flow;
use super::{Level, Market, Moment};
use crate::world::calendar::{MINUTE, Session};
use crate::world::catalog::{Listing, hours};
use crate::world::px::PX_SCALE;
use crate::world::time::{STEPS_PER_SECOND, Step};

/// Seconds that a search for past ticks goes back: a day of trading and the night before it.
const SEARCH_SECS: i64 = 86_400;
/// One second in so many has a trade that does not count for last prices.
const UNREPORTED_EVERY: u32 = 12;

/// Which ticks are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TickKind {
    /// Trades that count for the last price.
    Last,
    /// Every trade.
    AllLast,
    BidAsk,
    MidPoint,
}

/// A trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trade {
    pub at: Step,
    pub px: i64,
    pub size: i64,
    /// Where it happened.
    pub exchange: &'static str,
    /// It counts for no bar and no last price.
    pub is_unreported: bool,
    /// Letters of the tape.
    pub conditions: &'static str,
}

/// One tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    Trade(Trade),
    Quote { at: Step, bid: Level, ask: Level },
    Mid { at: Step, price: Decimal },
}

impl Tick {
    /// Returns when it happened.
    #[must_use]
    pub fn at(&self) -> Step {
        match self {
            Self::Trade(trade) => trade.at,
            Self::Quote { at, .. } | Self::Mid { at, .. } => *at,
        }
    }
}

/// Returns the tick by which a quote differs from the one before, if it is one of `kind`. A quote
/// with one side only has price and size 0 on the other.
#[must_use]
pub fn quote_tick(
    kind: TickKind,
    ignores_size: bool,
    before: &Moment,
    now: &Moment,
    at: Step,
) -> Option<Tick> {
    let nobody = Level { px: 0, size: 0 };
    let (bid, ask) = (now.bid.unwrap_or(nobody), now.ask.unwrap_or(nobody));
    let (old_bid, old_ask) = (before.bid.unwrap_or(nobody), before.ask.unwrap_or(nobody));
    let same_px = (bid.px, ask.px) == (old_bid.px, old_ask.px);
    match kind {
        TickKind::Last | TickKind::AllLast => None,
        TickKind::BidAsk => {
            let same_size = ignores_size || (bid.size, ask.size) == (old_bid.size, old_ask.size);
            (!same_px || !same_size).then_some(Tick::Quote { at, bid, ask })
        }
        TickKind::MidPoint => {
            let is_whole = now.bid.is_some() && now.ask.is_some();
            let moved = bid.px + ask.px != old_bid.px + old_ask.px;
            // Half of the last digit is five of the next.
            let price = Decimal::new((bid.px + ask.px) * 5, PX_SCALE + 1).normalize();
            (is_whole && moved).then_some(Tick::Mid { at, price })
        }
    }
}

impl Market {
    /// Returns what trades in the minute of an instant; `None` when nothing does.
    pub(super) fn flow(&mut self, listing: &'static Listing, secs: i64) -> Option<Flow> {
        let session = Session::at_or_before(secs);
        if !self.is_taped(listing) {
            return self.model(listing).flow(&session, secs);
        }
        let start = secs.div_euclid(MINUTE) * MINUTE;
        let bar = self.minute(listing, start);
        bar.trade?;
        Some(Flow {
            key: hash(self.seed, i64::from(listing.con_id().get())),
            start,
            volume: bar.volume,
            n_trades: bar.n_trades,
        })
    }

    /// Returns the trades of one second, oldest first. Those that are reported add up to the volume
    /// that bars and lines show, at their prices.
    pub fn trades(&mut self, listing: &'static Listing, secs: i64) -> Vec<Trade> {
        let Some(last) = self.moment(listing, secs, 0).last else { return Vec::new() };
        let Some(flow) = self.flow(listing, secs) else { return Vec::new() };
        let key = flow.key ^ 53;
        let venues: Vec<&'static str> = trade_venues(listing);
        let exchange = |n: i64| {
            let at = pick(hash(key, secs), n, u32::try_from(venues.len()).unwrap_or(1));
            usize::try_from(at).ok().and_then(|at| venues.get(at)).copied().unwrap_or("SMART")
        };
        let lot = if listing.is_us_stock() { 100 } else { 1 };
        let trade = |n: i64, quarter: i64, size: i64, is_unreported: bool| Trade {
            at: Step::of_secs(secs).plus(quarter),
            px: last.px,
            size,
            exchange: exchange(n),
            is_unreported,
            conditions: match (is_unreported, size < lot) {
                (true, _) => "W",
                (false, true) => "I",
                (false, false) => "",
            },
        };
        let prints = (0..).zip(flow.prints(secs));
        let mut trades: Vec<Trade> =
            prints.map(|(n, print)| trade(n, print.quarter, print.size, false)).collect();
        if listing.is_us_stock() && !trades.is_empty() && pick(key, secs, UNREPORTED_EVERY) == 0 {
            trades.push(trade(-1, STEPS_PER_SECOND - 1, listing.lot, true));
        }
        trades
    }

    /// Returns the last `n_ticks` ticks before a step, oldest first.
    pub fn ticks_before(
        &mut self,
        listing: &'static Listing,
        (kind, ignores_size): (TickKind, bool),
        before: Step,
        n_ticks: usize,
    ) -> Vec<Tick> {
        let mut found = Vec::new();
        let mut secs = before.secs();
        let earliest = secs - SEARCH_SECS;
        while found.len() < n_ticks && secs >= earliest {
            if hours::is_open(listing, secs) {
                let ticks = self.ticks_of(listing, (kind, ignores_size), secs);
                let past = ticks.into_iter().rev().filter(|tick| tick.at() < before);
                found.extend(past.take(n_ticks - found.len()));
            }
            secs -= 1;
        }
        found.reverse();
        found
    }

    /// Returns the ticks of one second, oldest first.
    pub fn ticks_of(
        &mut self,
        listing: &'static Listing,
        (kind, ignores_size): (TickKind, bool),
        secs: i64,
    ) -> Vec<Tick> {
        match kind {
            TickKind::Last | TickKind::AllLast => {
                let trades = self.trades(listing, secs).into_iter();
                let wanted = trades.filter(|one| kind == TickKind::AllLast || !one.is_unreported);
                wanted.map(Tick::Trade).collect()
            }
            TickKind::BidAsk | TickKind::MidPoint => {
                let mut shown = self.moment(listing, secs - 1, STEPS_PER_SECOND - 1);
                let mut found = Vec::new();
                for quarter in 0..STEPS_PER_SECOND {
                    let next = self.moment(listing, secs, quarter);
                    let at = Step::of_secs(secs).plus(quarter);
                    found.extend(quote_tick(kind, ignores_size, &shown, &next, at));
                    shown = next;
                }
                found
            }
        }
    }
}

/// Exchanges that trade a US stock; anything else trades where it is listed.
fn trade_venues(listing: &Listing) -> Vec<&'static str> {
    if listing.is_us_stock() {
        super::book::LETTERS.iter().map(|(name, _)| *name).collect()
    } else {
        vec![listing.primary_exchange]
    }
}

#[cfg(test)]
mod tests;
