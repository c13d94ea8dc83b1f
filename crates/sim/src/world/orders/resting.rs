//! Which live orders need a look at a step of the market, and which cannot do anything before a
//! price or an instant comes.
//!
//! An order is left alone only where a look would change nothing: what holds it, or the price at
//! which it stands, must be plain to see. Everything else is looked at, at every step. So the cost
//! of a step is that of the orders that the market reaches, however many rest beside them. Whoever
//! touches an order wakes it. It must never know the market. Called by the book and the working of
//! orders.

use std::collections::{BTreeMap, BTreeSet};

use gatehouse_types::{ConId, Decimal, Side};

use super::kind::WorkKind;
use super::offers::{opposite, worse};
use super::order::BookedOrder;
use super::triggers::Toward;
use crate::world::World;
use crate::world::calendar::MINUTE;
use crate::world::catalog::{Kind, Listing};
use crate::world::market::{Level, Moment, price};

/// Which prices of a moment an order waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Watched {
    /// The ask comes down to the limit of a buy.
    Ask,
    /// The bid comes up to the limit of a sale.
    Bid,
    /// Any price comes up to a trigger.
    Highest,
    /// Any price comes down to a trigger.
    Lowest,
}

impl Watched {
    /// Returns the price that counts; `None` where nothing can be reached.
    fn of(self, moment: &Moment) -> Option<Decimal> {
        let level = |level: Level| price(level.px).value();
        let all = [moment.bid, moment.ask, moment.last].into_iter().flatten().map(level);
        match self {
            Self::Ask => opposite(Side::Buy, moment).map(level),
            Self::Bid => opposite(Side::Sell, moment).map(level),
            Self::Highest => all.max(),
            Self::Lowest => all.min(),
        }
    }

    fn comes_from_above(self) -> bool {
        match self {
            Self::Ask | Self::Lowest => true,
            Self::Bid | Self::Highest => false,
        }
    }
}

/// What an order waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Awaited {
    price: Option<(ConId, Watched, Decimal)>,
    /// In seconds.
    at: Option<i64>,
}

/// The prices of one instrument that orders wait for.
#[derive(Debug)]
struct Ladder {
    listing: &'static Listing,
    rungs: BTreeMap<Watched, BTreeSet<(Decimal, usize)>>,
}

/// Live orders by what they wait for.
#[derive(Debug, Default)]
pub(in crate::world) struct Resting {
    awake: BTreeSet<usize>,
    awaited: BTreeMap<usize, Awaited>,
    ladders: BTreeMap<ConId, Ladder>,
    timed: BTreeSet<(i64, usize)>,
}

impl Resting {
    /// Has an order looked at from the next step on.
    pub(super) fn wake(&mut self, place: usize) {
        self.forget(place);
        self.awake.insert(place);
    }

    /// Forgets an order that is over.
    pub(super) fn forget(&mut self, place: usize) {
        self.awake.remove(&place);
        let Some(awaited) = self.awaited.remove(&place) else { return };
        if let Some(at) = awaited.at {
            self.timed.remove(&(at, place));
        }
        if let Some((con_id, watched, at)) = awaited.price
            && let Some(ladder) = self.ladders.get_mut(&con_id)
            && let Some(rungs) = ladder.rungs.get_mut(&watched)
        {
            rungs.remove(&(at, place));
            if rungs.is_empty() {
                ladder.rungs.remove(&watched);
            }
            if ladder.rungs.is_empty() {
                self.ladders.remove(&con_id);
            }
        }
    }

    /// Leaves an order alone until what it waits for comes.
    fn leave(&mut self, place: usize, listing: &'static Listing, awaited: Awaited) {
        self.forget(place);
        if let Some(at) = awaited.at {
            self.timed.insert((at, place));
        }
        if let Some((con_id, watched, at)) = awaited.price {
            let empty = || Ladder { listing, rungs: BTreeMap::new() };
            let ladder = self.ladders.entry(con_id).or_insert_with(empty);
            ladder.rungs.entry(watched).or_default().insert((at, place));
        }
        self.awaited.insert(place, awaited);
    }

    /// Returns the first order from a place on, and before another, that needs a look.
    pub(in crate::world) fn next_awake(&self, from: usize, end: usize) -> Option<usize> {
        self.awake.range(from..end).next().copied()
    }

    fn wake_by(&mut self, secs: i64) {
        while let Some((at, place)) = self.timed.first().copied()
            && at <= secs
        {
            self.wake(place);
        }
    }

    fn wake_at(&mut self, con_id: ConId, moment: &Moment) {
        let Some(ladder) = self.ladders.get(&con_id) else { return };
        let mut reached = Vec::new();
        for (watched, rungs) in &ladder.rungs {
            let Some(shown) = watched.of(moment) else { continue };
            if watched.comes_from_above() {
                reached.extend(rungs.range((shown, 0)..).map(|(_, place)| *place));
            } else {
                reached.extend(rungs.range(..=(shown, usize::MAX)).map(|(_, place)| *place));
            }
        }
        for place in reached {
            self.wake(place);
        }
    }
}

impl World {
    /// Wakes what the market or the clock has reached.
    pub(super) fn wake_reached(&mut self) {
        let secs = self.now().secs();
        self.book.resting.wake_by(secs);
        let watched: Vec<&'static Listing> =
            self.book.resting.ladders.values().map(|ladder| ladder.listing).collect();
        for listing in watched {
            let moment = self.moment(listing);
            self.book.resting.wake_at(listing.con_id(), &moment);
        }
    }

    /// Leaves an order alone from the next step on, where a look would change nothing.
    pub(super) fn let_rest(&mut self, place: usize) {
        let secs = self.now().secs();
        let Some(order) = self.book.get(place).filter(|order| order.is_live()) else { return };
        let listing = order.listing;
        if let Some(awaited) = order.awaits(secs) {
            self.book.resting.leave(place, listing, awaited);
        }
    }
}

impl BookedOrder {
    /// Returns what it waits for, after a look at it; `None` where every step may matter.
    fn awaits(&self, secs: i64) -> Option<Awaited> {
        let (manner, progress) = (&self.manner, &self.progress);
        let is_followed = progress.auction_at.is_some()
            || manner.algo.is_some()
            || (self.transmitted && !progress.is_announced)
            || matches!(self.listing.kind, Kind::Combo(_));
        if is_followed {
            return None;
        }
        let until = |at: Option<i64>| match (self.expires, at) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, None) | (None, one) => one,
        };
        let is_held = !self.transmitted
            || self.waits_for_parent
            || progress.is_idle
            || progress.is_instruction;
        if is_held {
            return Some(Awaited { price: None, at: until(None) });
        }
        if let Some(begins) = manner.not_before.filter(|begins| secs < *begins) {
            return Some(Awaited { price: None, at: until(Some(begins)) });
        }
        let has_conditions =
            !manner.conditions.is_empty() && (manner.conditions.cancel || !progress.conditions_met);
        let may_become_another = manner.adjusted.is_some() && !progress.is_adjusted;
        if has_conditions || may_become_another || progress.is_locating {
            return None;
        }
        let con_id = self.listing.con_id();
        if self.waits_for_trigger() {
            let (watched, at) = self.trigger_watched().filter(|_| !progress.seen_once)?;
            return Some(Awaited { price: Some((con_id, watched, at)), at: until(None) });
        }
        let limit = self.standing_limit()?;
        if progress.began.is_none() {
            // Its market is closed; every market opens with a minute.
            let minute = (secs.div_euclid(MINUTE) + 1) * MINUTE;
            return Some(Awaited { price: None, at: until(Some(minute)) });
        }
        let watched = match self.side {
            Side::Buy => Watched::Ask,
            Side::Sell => Watched::Bid,
        };
        let reaches = worse(self.side, limit, manner.discretion);
        let awaited = Awaited { price: Some((con_id, watched, reaches)), at: until(None) };
        self.rested.then_some(awaited)
    }

    /// The trigger that does not move, and which prices come to it.
    fn trigger_watched(&self) -> Option<(Watched, Decimal)> {
        let (at, toward) = match (&self.manner.kind, self.side) {
            (WorkKind::Stop { trigger, .. }, Side::Buy)
            | (WorkKind::Touched { trigger, .. }, Side::Sell) => (trigger, Toward::Up),
            (WorkKind::Stop { trigger, .. }, Side::Sell)
            | (WorkKind::Touched { trigger, .. }, Side::Buy) => (trigger, Toward::Down),
            (
                WorkKind::Trail(_)
                | WorkKind::Market
                | WorkKind::Limit { .. }
                | WorkKind::OnClose { .. }
                | WorkKind::Protected
                | WorkKind::MarketToLimit
                | WorkKind::Pegged(_)
                | WorkKind::Snap(_),
                _,
            ) => return None,
        };
        let watched = match toward {
            Toward::Up => Watched::Highest,
            Toward::Down => Watched::Lowest,
        };
        Some((watched, at.value()))
    }

    /// The limit at which it stands and which does not move.
    fn standing_limit(&self) -> Option<Decimal> {
        match &self.manner.kind {
            WorkKind::Limit { limit } => {
                Some(self.component().map_or(*limit, |one| one.limit(self.side, *limit)).value())
            }
            WorkKind::Stop { .. } | WorkKind::Touched { .. } | WorkKind::MarketToLimit => {
                self.progress.limit.map(|limit| limit.value())
            }
            WorkKind::Trail(_)
            | WorkKind::Market
            | WorkKind::OnClose { .. }
            | WorkKind::Protected
            | WorkKind::Pegged(_)
            | WorkKind::Snap(_) => None,
        }
    }
}
