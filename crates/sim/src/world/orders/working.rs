//! One step of the market for a live order: what holds it, what wakes it, at what it stands.
//!
//! It must never know sessions or frames. Called by the world as time passes, and by the order
//! desk when an order arrives.

use gatehouse_tws::answer::BrokerStatus;
use gatehouse_types::{Decimal, Price, Side};

use super::algos::Pace;
use super::book::Event;
use super::hours::is_tradable;
use super::kind::{PegTo, Then, Trail, TrailBy, WorkKind};
use super::lifetime::Lifetime;
use super::offers::{self, Working, worse};
use super::order::BookedOrder;
use super::triggers::{Toward, middle};
use crate::world::World;
use crate::world::account::Shorting;
use crate::world::calendar::new_york;
use crate::world::catalog::{self, Listing, hours};
use crate::world::market::{Moment, price};

/// Price steps between the quote and the limit of an order with market protection.
const PROTECTION_TICKS: i64 = 20;

impl World {
    /// Works the live orders for one step, oldest first: those that a look at it can change.
    pub(in crate::world) fn work(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        self.book.in_pass = true;
        self.wake_reached();
        let (mut from, end) = (0, self.book.next_place());
        while let Some(place) = self.book.resting.next_awake(from, end) {
            from = place + 1;
            self.work_order(place, &mut events);
            self.let_rest(place);
        }
        self.book.in_pass = false;
        self.reduce_late(&mut events);
        events
    }

    /// Works one order at the present step.
    pub(in crate::world) fn work_order(&mut self, place: usize, events: &mut Vec<Event>) {
        let now = self.now();
        let Some(order) = self.book.get(place).filter(|order| order.is_live()) else { return };
        if order.transmitted && !order.progress.is_announced {
            if now < order.progress.answers_at {
                return;
            }
            self.announce(place, events);
        }
        if self.auction(place, events) || self.expire(place, events) {
            return;
        }
        if self.is_held(place) || self.is_called_off(place, events) {
            return;
        }
        self.trigger(place, events);
        if self.begin(place, events) {
            self.trade(place, events);
        }
    }

    /// Ends an order whose time is over. Returns whether it was.
    fn expire(&mut self, place: usize, events: &mut Vec<Event>) -> bool {
        let secs = self.now().secs();
        let Some(order) = self.book.get_mut(place) else { return true };
        if order.expires.is_some_and(|ends| secs >= ends) {
            if order.manner.lifetime == Lifetime::DayThenIdle {
                order.expires = None;
                order.progress.is_idle = true;
                order.status = BrokerStatus::Inactive;
                self.say_state(place, events);
            } else {
                self.cancel_place(place, "Cancelled at the end of the session", events);
            }
            return true;
        }
        let Some(algo) = &order.manner.algo else { return false };
        let name = algo.name;
        let reason = if algo.starts.is_some_and(|starts| is_after_close(order.listing, starts)) {
            "start time is after close time"
        } else if algo.ends.is_some_and(|ends| secs >= ends) && !algo.past_end {
            "end time has passed"
        } else {
            return false;
        };
        if order.transmitted && order.progress.is_announced && hours::is_open(order.listing, secs) {
            self.end_place(place, &format!("{name}: {reason}"), events);
            return true;
        }
        false
    }

    /// Returns whether an order may not work at this step, whatever the market does.
    pub(in crate::world) fn is_held(&mut self, place: usize) -> bool {
        let secs = self.now().secs();
        let Some(order) = self.book.get(place) else { return true };
        let manner = &order.manner;
        let is_early = |begins: Option<i64>| begins.is_some_and(|begins| secs < begins);
        if !order.transmitted
            || order.waits_for_parent
            || order.progress.is_idle
            || order.progress.is_instruction
            || (order.progress.is_locating && self.agreed.shorting == Shorting::Locating)
            || is_early(manner.not_before)
            || is_early(manner.algo.as_ref().and_then(|algo| algo.starts))
        {
            return true;
        }
        let waits = !manner.conditions.is_empty()
            && !manner.conditions.cancel
            && !order.progress.conditions_met;
        if waits {
            let (conditions, listing) = (manner.conditions.clone(), order.listing);
            let since = order.progress.accepted;
            if !self.hold(&conditions, listing, since) {
                return true;
            }
            if let Some(order) = self.book.get_mut(place) {
                order.progress.conditions_met = true;
            }
        }
        let Some(order) = self.book.get(place) else { return true };
        let limited = order.manner.kind.is_limited();
        !hours::is_open(order.listing, secs)
            || !is_tradable(order.listing, limited, order.order.outside_rth, secs)
    }

    /// Cancels an order whose conditions were to cancel it. Returns whether they did.
    fn is_called_off(&mut self, place: usize, events: &mut Vec<Event>) -> bool {
        let Some(order) = self.book.get(place).filter(|one| one.manner.conditions.cancel) else {
            return false;
        };
        let (conditions, listing) = (order.manner.conditions.clone(), order.listing);
        let since = order.progress.accepted;
        let holds = self.hold(&conditions, listing, since);
        if holds {
            self.cancel_place(place, "Cancelled by its conditions", events);
        }
        holds
    }

    /// Returns whether an order stands in the market as soon as nothing holds it.
    pub(in crate::world) fn is_at_work(&mut self, place: usize) -> bool {
        let waits = self.book.get(place).is_none_or(BookedOrder::waits_for_trigger);
        !waits && !self.is_held(place)
    }

    /// Lets a stop follow the market, and looks whether a trigger was reached.
    fn trigger(&mut self, place: usize, events: &mut Vec<Event>) {
        let Some(order) = self.book.get(place).filter(|one| one.waits_for_trigger()) else {
            return;
        };
        let listing = order.listing;
        let moment = self.moment(listing);
        self.adjust(place, &moment, events);
        self.follow(place, &moment);
        let Some(order) = self.book.get_mut(place) else { return };
        let (toward, at, then) = match &order.manner.kind {
            WorkKind::Stop { trigger, then } => (against(order.side), Some(*trigger), *then),
            WorkKind::Touched { trigger, then } => {
                (against(order.side.opposite()), Some(*trigger), *then)
            }
            WorkKind::Trail(trail) => {
                let stop = order.progress.stop;
                (against(order.side), stop, trail.then(order.side, stop))
            }
            WorkKind::Market
            | WorkKind::Limit { .. }
            | WorkKind::OnClose { .. }
            | WorkKind::Protected
            | WorkKind::MarketToLimit
            | WorkKind::Pegged(_)
            | WorkKind::Snap(_) => return,
        };
        let method = order.manner.method;
        let seen = at.is_some_and(|at| method.sees(toward, at, &moment));
        let reached = seen && (!method.is_double() || order.progress.seen_once);
        order.progress.seen_once = seen;
        if !reached {
            return;
        }
        order.triggered = true;
        order.rested = false;
        order.progress.limit = match then {
            Then::Market => None,
            Then::Limit(limit) => Some(limit),
            Then::Protected => protected(order.side, order.listing, &moment),
        };
    }

    /// Turns a stop into what it was to become, once the market was at its trigger price.
    fn adjust(&mut self, place: usize, moment: &Moment, events: &mut Vec<Event>) {
        let Some(order) = self.book.get_mut(place) else { return };
        let toward = against(order.side.opposite());
        let method = order.manner.method;
        let due = order.manner.adjusted.as_ref().filter(|_| !order.progress.is_adjusted);
        let Some(adjusted) = due.filter(|one| method.sees(toward, one.trigger, moment)).cloned()
        else {
            return;
        };
        order.progress.is_adjusted = true;
        order.progress.stop = None;
        order.order.order_type = adjusted.name;
        order.manner.kind = adjusted.into;
        if let WorkKind::Stop { trigger, then } = &order.manner.kind {
            order.order.aux_price = Some(trigger.value());
            if let Then::Limit(limit) = then {
                order.order.lmt_price = Some(limit.value());
            }
        }
        self.follow(place, moment);
        self.say_state(place, events);
    }

    /// Moves the stop of a trailing order behind the market, never back.
    pub(in crate::world) fn follow(&mut self, place: usize, moment: &Moment) {
        let Some(order) = self.book.get_mut(place) else { return };
        let WorkKind::Trail(trail) = &order.manner.kind else { return };
        let (side, listing) = (order.side, order.listing);
        let behind = order.manner.method.followed(against(side), moment);
        let behind = behind.map(|followed| trail.behind(side, followed.value(), listing));
        let known = order.progress.stop.or(trail.start).map(Price::value);
        let stop = match (known, behind) {
            (Some(known), Some(behind)) => Some(match side {
                Side::Buy => known.min(behind),
                Side::Sell => known.max(behind),
            }),
            (one, None) | (None, one) => one,
        };
        order.progress.stop = stop.map(Price::new);
        if let Some(stop) = stop {
            order.order.trail_stop_price = Some(stop);
            if let Some(offset) = trail.limit_offset {
                order.order.lmt_price = Some(worse(side, stop, offset).normalize());
            }
        }
    }

    /// Lets an order stand in the market from this step on. Returns whether it does.
    fn begin(&mut self, place: usize, events: &mut Vec<Event>) -> bool {
        let now = self.now();
        let Some(order) = self.book.get(place).filter(|one| !one.waits_for_trigger()) else {
            return false;
        };
        if order.progress.began.is_some() {
            return true;
        }
        let (listing, follows_volume) = (order.listing, order.follows_volume());
        let moment = self.moment(listing);
        let volume = if follows_volume { self.snapshot(listing).volume } else { 0 };
        let moved = self.benchmark_moved(place);
        let Some(order) = self.book.get_mut(place) else { return false };
        order.progress.began = Some(now);
        order.progress.is_locating = false;
        order.progress.volume_before = volume;
        if let WorkKind::Snap(peg) = &order.manner.kind {
            order.progress.limit = offers::pegged(peg, order.side, &moment, moved);
        } else if order.manner.kind == WorkKind::Protected {
            order.progress.limit = protected(order.side, listing, &moment);
        }
        if order.status == BrokerStatus::PreSubmitted || order.status == BrokerStatus::Inactive {
            order.status = BrokerStatus::Submitted;
            self.say_state(place, events);
        }
        true
    }

    /// Returns as what an order stands in the market at this step; `None` where it cannot.
    pub(super) fn working(&mut self, place: usize, moment: &Moment) -> Option<Working> {
        let now = self.now();
        let moved = self.benchmark_moved(place);
        let order = self.book.get(place)?;
        let patience = order.manner.algo.as_ref().and_then(|algo| match algo.pace {
            Pace::Patient { secs } => Some(secs),
            Pace::Even | Pace::Share { .. } | Pace::Clips { .. } => None,
        });
        let waited = order.progress.began.map_or(0, |began| now.secs() - began.secs());
        let at_middle = patience.filter(|secs| waited < *secs).and_then(|_| middle(moment));
        let limited = |limit: Price| match at_middle {
            Some(middle) if offers::is_within(order.side, middle.value(), limit.value()) => {
                Working::Floating(middle)
            }
            Some(_) | None => Working::Limit(limit),
        };
        match &order.manner.kind {
            WorkKind::Market => Some(at_middle.map_or(Working::Market, Working::Floating)),
            WorkKind::Limit { limit } => Some(limited(match order.component() {
                Some(component) => component.limit(order.side, *limit),
                None => *limit,
            })),
            WorkKind::Stop { .. } | WorkKind::Touched { .. } | WorkKind::Trail(_) => {
                Some(order.progress.limit.map_or(Working::Market, Working::Limit))
            }
            WorkKind::MarketToLimit => {
                Some(order.progress.limit.map_or(Working::Market, Working::Limit))
            }
            WorkKind::Protected | WorkKind::Snap(_) => order.progress.limit.map(Working::Limit),
            WorkKind::Pegged(peg) => {
                offers::pegged(peg, order.side, moment, moved).map(Working::Floating)
            }
            WorkKind::OnClose { .. } => None,
        }
    }

    /// By how much the benchmark of an order moved since its price was made from it.
    fn benchmark_moved(&mut self, place: usize) -> Option<Decimal> {
        let order = self.book.get(place)?;
        let (WorkKind::Pegged(peg) | WorkKind::Snap(peg)) = &order.manner.kind else { return None };
        let PegTo::Benchmark(benchmark) = &peg.to else { return None };
        let known = benchmark.reference.map(Price::value).or(order.progress.reference);
        let other = catalog::by_con_id(benchmark.con_id)?;
        let at = price(self.snapshot(other).mark_px()?).value();
        let reference = known.unwrap_or(at);
        self.book.get_mut(place)?.progress.reference = Some(reference);
        Some(at - reference)
    }
}

/// Returns whether an instant lies behind the regular hours of its day.
fn is_after_close(listing: &Listing, at: i64) -> bool {
    hours::of_day(listing, new_york(at).date(), true).is_none_or(|(_, close)| at >= close)
}

/// From where the market comes to the stop of an order: from below for a buy.
fn against(side: Side) -> Toward {
    match side {
        Side::Buy => Toward::Up,
        Side::Sell => Toward::Down,
    }
}

fn protected(side: Side, listing: &Listing, moment: &Moment) -> Option<Price> {
    let shown = price(offers::opposite(side, moment)?.px).value();
    Some(Price::new(worse(side, shown, listing.min_tick() * Decimal::from(PROTECTION_TICKS))))
}

impl Trail {
    /// Returns the stop that lies behind a price, on the instrument's steps.
    fn behind(&self, side: Side, followed: Decimal, listing: &Listing) -> Decimal {
        let away = match self.by {
            TrailBy::Amount(amount) => amount,
            TrailBy::Percent(percent) => followed * percent / Decimal::ONE_HUNDRED,
        };
        let tick = listing.min_tick();
        (worse(side, followed, away) / tick).round() * tick
    }

    fn then(&self, side: Side, stop: Option<Price>) -> Then {
        match (self.limit_offset, stop) {
            (Some(offset), Some(stop)) => {
                Then::Limit(Price::new(worse(side, stop.value(), offset)))
            }
            (Some(_), None) | (None, _) => Then::Market,
        }
    }
}
