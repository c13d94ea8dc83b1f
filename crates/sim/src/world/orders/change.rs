//! Changes of orders that the broker has: which fields may move, and what a change resets.
//!
//! It must never know sessions or frames. Called by the order desk.

use gatehouse_tws::answer::{BrokerStatus, ErrorReport};
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{Intent, OrderId};

use super::auctions;
use super::book::Event;
use super::checks::message;
use super::manner::Manner;
use super::order::BookedOrder;
use crate::world::World;
use crate::world::catalog::Listing;

impl World {
    pub(super) fn change(
        &mut self,
        place: usize,
        asked: &PlaceOrder,
        intent: &Intent,
        manner: Manner,
        listing: &'static Listing,
    ) -> Result<Vec<Event>, ErrorReport> {
        self.check_change(place, asked, intent, &manner, listing)?;
        let now = self.now().secs();
        let Some(order) = self.book.get_mut(place) else { return Ok(Vec::new()) };
        order.take_fields(asked, intent);
        manner.echo(&mut order.order, now);
        order.expires = manner.lifetime.ends(listing, intent.outside_rth, now);
        order.rested = false;
        order.progress.auction_at = auctions::auction_at(&manner, listing, now);
        order.take_manner(manner);
        let mut events = Vec::new();
        if order.transmitted {
            self.book.efficiency.n_revised += 1;
            let Some(order) = self.book.get_mut(place) else { return Ok(Vec::new()) };
            order.order.transmit = true;
            let moment = self.moment(listing);
            self.follow(place, &moment);
            self.say_state(place, &mut events);
            self.work_order(place, &mut events);
        } else if asked.order.transmit {
            self.release(place, &mut events);
        }
        Ok(events)
    }

    fn check_change(
        &mut self,
        place: usize,
        asked: &PlaceOrder,
        intent: &Intent,
        manner: &Manner,
        listing: &'static Listing,
    ) -> Result<(), ErrorReport> {
        let order_id = intent.order_id;
        let Some(order) = self.book.get(place) else { return Ok(()) };
        order
            .refuses(asked, intent, manner, listing, self.now().secs())
            .map_or(Ok(()), |(code, text)| Err(message(order_id, code, text)))?;
        let (already, is_child) = (order.remaining(), order.parent().is_some());
        if is_child || !order.transmitted {
            return Ok(());
        }
        self.check_margin(order_id, &intent.into(), listing, already).map_err(|report| {
            message(order_id, 329, format!("Order modify failed. {}", report.text))
        })
    }
}

impl BookedOrder {
    /// Returns why a change cannot be, as the broker says it.
    fn refuses(
        &self,
        asked: &PlaceOrder,
        intent: &Intent,
        manner: &Manner,
        listing: &Listing,
        now: i64,
    ) -> Option<(i32, &'static str)> {
        let parent = asked.order.parent_id.filter(|parent| *parent != 0).map(OrderId::new);
        let group = &asked.order.oca_group;
        let same_type = asked.order.order_type == self.order.order_type
            || (manner.kind.may_change() && self.manner.kind.may_change());
        let checks = [
            (self.status == BrokerStatus::Filled, 104, "Cannot modify a filled order."),
            (!self.is_live(), 103, "Duplicate order id"),
            (
                self.side != intent.side || self.listing.con_id() != listing.con_id(),
                105,
                "Order being modified does not match original order",
            ),
            (
                parent.is_some() && parent != self.parent(),
                10341,
                "Parent order Id cannot be changed.",
            ),
            (
                self.transmitted && !group.is_empty() && *group != self.order.oca_group,
                10326,
                "OCA group revision is not allowed.",
            ),
            (
                self.order.algo_strategy != asked.order.algo_strategy,
                440,
                "Order modify failed. Algorithm cannot be modified.",
            ),
            (!same_type, 329, "Order modify failed. Cannot change to the new order type."),
            (
                auctions::is_locked(self, now),
                329,
                "Order modify failed. The cut-off time of the auction has passed.",
            ),
            (
                intent.quantity.value() <= self.filled,
                329,
                "Order modify failed. Cannot change below the filled size.",
            ),
        ];
        checks.into_iter().find_map(|(is_wrong, code, text)| is_wrong.then_some((code, text)))
    }

    /// Takes over what the client asks, and keeps what is the broker's.
    fn take_fields(&mut self, asked: &PlaceOrder, intent: &Intent) {
        let kept = std::mem::replace(&mut self.order, asked.order.clone());
        self.order.client_id = kept.client_id;
        self.order.order_id = kept.order_id;
        self.order.perm_id = kept.perm_id;
        self.order.parent_id = kept.parent_id;
        self.order.account = kept.account;
        if self.order.oca_group.is_empty() {
            self.order.oca_group = kept.oca_group;
            self.order.oca_type = kept.oca_type;
        }
        self.kind = intent.kind.clone();
        intent.tif.as_wire().clone_into(&mut self.order.tif);
        self.quantity = intent.quantity.value();
    }

    /// A change of the way it works begins that way anew; a stop that was reached stays reached.
    fn take_manner(&mut self, manner: Manner) {
        let progress = &mut self.progress;
        let was_idle = std::mem::replace(&mut progress.is_idle, manner.is_idle);
        let new_kind = self.manner.kind != manner.kind;
        let new_conditions = self.manner.conditions != manner.conditions;
        if new_kind {
            progress.stop = None;
            progress.limit = None;
            progress.reference = None;
            progress.is_adjusted = false;
            self.triggered &= manner.kind.waits_for_trigger();
        }
        progress.conditions_met &= !new_conditions;
        progress.ahead = None;
        self.manner = manner;
        if self.progress.is_idle {
            self.status = BrokerStatus::Inactive;
        } else if new_kind || new_conditions || was_idle {
            let held = self.waits_for_trigger() || !self.manner.conditions.is_empty();
            let begins_anew = held || was_idle;
            self.progress.began = self.progress.began.filter(|_| !begins_anew && !new_kind);
            if begins_anew && self.transmitted {
                self.status = BrokerStatus::PreSubmitted;
            }
        }
    }
}
