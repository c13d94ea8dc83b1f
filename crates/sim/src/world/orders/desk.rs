//! The order desk of the broker: takes, changes and cancels orders.
//!
//! It must never know sessions or frames. Called by the server through [`World`].

use std::collections::BTreeMap;

use gatehouse_tws::answer::{BrokerStatus, ErrorReport};
use gatehouse_tws::request::{AttachedOrders, PlaceOrder};
use gatehouse_types::{ClientId, Decimal, Intent, OrderId};

use super::auctions;
use super::book::{Event, Said};
use super::checks::{self, message};
use super::combos;
use super::hours::{closed_text, is_tradable, outside_is_ignored};
use super::lifetime::Lifetime;
use super::manner::Manner;
use super::order::{BookedOrder, Ended};
use super::progress::Progress;
use super::rejection::uncancellable;
use crate::world::World;
use crate::world::catalog::{Listing, hours};

impl World {
    /// Takes a new order, a change of a live one, or a what-if question.
    pub fn place(&mut self, client_id: ClientId, asked: PlaceOrder) -> Vec<Event> {
        let said = |report| vec![Event { client_id, said: Said::Message(report) }];
        let intent = match asked.intent() {
            Ok(intent) => intent,
            Err(error) => {
                let text = format!("Error validating request.-'bN' : cause - {error}");
                return said(message(asked.order_id, 321, text));
            }
        };
        let account = self.account.id().to_owned();
        let checked = checks::venue(&asked)
            .and_then(|()| self.listing(intent.order_id.get(), &asked.contract))
            .and_then(|listing| checks::order(&asked, &intent, &account).map(|()| listing));
        let listing = match checked {
            Ok(listing) => listing,
            Err(report) => return said(report),
        };
        if let Some(text) = listing.unorderable() {
            return said(message(asked.order_id, 201, text));
        }
        let (asked, intent) = match self.sized(asked, intent, listing) {
            Ok(sized) => sized,
            Err(report) => return said(report),
        };
        if let Err(report) = self.check_precautions(&asked, &intent, listing) {
            return said(report);
        }
        let now = self.now().secs();
        let manner = match Manner::read(&asked, intent.side, listing, now) {
            Ok(manner) => manner,
            Err(report) => return said(report),
        };
        if intent.what_if {
            return self.answer_what_if(client_id, asked, &intent, manner, listing);
        }
        let attached = asked.attached.clone().filter(|all| *all != AttachedOrders::default());
        let taken = match (self.book.find(client_id, intent.order_id), attached) {
            (Some(place), _) => self.change(place, &asked, &intent, manner, listing),
            (None, Some(all)) => self.take_with_exits(client_id, asked, &all, listing),
            (None, None) => self.take(client_id, asked, &intent, manner, listing),
        };
        let mut events = taken.unwrap_or_else(said);
        self.reduce_late(&mut events);
        events
    }

    pub(super) fn take(
        &mut self,
        client_id: ClientId,
        asked: PlaceOrder,
        intent: &Intent,
        manner: Manner,
        listing: &'static Listing,
    ) -> Result<Vec<Event>, ErrorReport> {
        let order_id = intent.order_id;
        if order_id < self.book.next_id(client_id) {
            return Err(message(order_id, 103, "Duplicate order id"));
        }
        let parent = asked.order.parent_id.filter(|parent| *parent != 0);
        let parent = parent.map(|id| self.book.find(client_id, OrderId::new(id)));
        let is_orphan = match parent {
            None => false,
            Some(found) => {
                found.and_then(|place| self.book.get(place)).is_none_or(|parent| !parent.is_live())
            }
        };
        if is_orphan {
            return Err(message(order_id, 10006, "Missing parent order"));
        }
        let judged = self.judge(&asked, intent, &manner, listing);
        let transmits = asked.order.transmit;
        let place = self.book.add(self.booked(client_id, asked, intent, manner, listing));
        let mut events = Vec::new();
        if let Err(report) = judged {
            self.reject(place, report, &mut events);
            return Ok(events);
        }
        if !transmits {
            return Ok(events);
        }
        self.book.efficiency.n_submitted += 1;
        let warnings = self.hold_or_cap(place, intent, listing);
        self.release(place, &mut events);
        events.extend(warnings);
        Ok(events)
    }

    /// An order that may not wait cannot be taken while its market is closed, one with a deadline
    /// not when that comes first, and one for an auction not after its cut-off.
    pub(super) fn check_session(
        &self,
        intent: &Intent,
        manner: &Manner,
        listing: &Listing,
    ) -> Result<(), ErrorReport> {
        let now = self.now().secs();
        let outside = intent.outside_rth;
        let open = is_tradable(listing, manner.kind.is_limited(), outside, now);
        if manner.lifetime.is_immediate() && !open {
            let text = "Order rejected - reason:Exchange is closed.";
            return Err(message(intent.order_id, 201, text));
        }
        if let Lifetime::Until(at) = manner.lifetime
            && (at <= now || (!open && at <= hours::next(listing, now, !outside).0))
        {
            let text = "Order rejected - reason:Order will be expired before market opens.";
            return Err(message(intent.order_id, 201, text));
        }
        auctions::check_cut_off(intent.order_id, manner, listing, now)
    }

    pub(in crate::world) fn booked(
        &self,
        client_id: ClientId,
        asked: PlaceOrder,
        intent: &Intent,
        manner: Manner,
        listing: &'static Listing,
    ) -> BookedOrder {
        let mut order = asked.order;
        let now = self.now().secs();
        manner.echo(&mut order, now);
        let perm_id = self.book.next_perm_id();
        order.client_id = Some(client_id.get());
        order.order_id = Some(intent.order_id.get());
        order.perm_id = Some(perm_id.get());
        self.account.id().clone_into(&mut order.account);
        intent.tif.as_wire().clone_into(&mut order.tif);
        let exchange = match asked.contract.exchange.as_str() {
            "" => listing.usual_venue(),
            given => given,
        };
        BookedOrder {
            client_id,
            order_id: intent.order_id,
            perm_id,
            listing,
            contract: combos::echoed(listing, exchange, &asked.contract),
            side: intent.side,
            kind: intent.kind.clone(),
            expires: manner.lifetime.ends(listing, intent.outside_rth, manner.session_from(now)),
            progress: Progress {
                is_idle: manner.is_idle,
                auction_at: auctions::auction_at(&manner, listing, now),
                ..Progress::new(self.now())
            },
            manner,
            quantity: intent.quantity.value(),
            filled: Decimal::ZERO,
            value: Decimal::ZERO,
            commission: Decimal::ZERO,
            last_fill: None,
            legs: BTreeMap::new(),
            status: BrokerStatus::PreSubmitted,
            transmitted: false,
            waits_for_parent: order.parent_id.is_some_and(|parent| parent != 0),
            triggered: false,
            rested: false,
            ended: None,
            order,
        }
    }

    /// Says that an order was accepted, at once or after the time that its acknowledgement takes.
    pub(in crate::world) fn acknowledge(&mut self, place: usize, events: &mut Vec<Event>) {
        let (now, wait) = (self.now(), self.fills.ack_steps);
        if let Some(order) = self.book.get_mut(place) {
            order.progress.answers_at = now.plus(wait);
        }
        if wait == 0 {
            self.announce(place, events);
        }
    }

    /// Says that an order was accepted, and that it is held while the market is closed.
    pub(in crate::world) fn announce(&mut self, place: usize, events: &mut Vec<Event>) {
        let Some(order) = self.book.get_mut(place) else { return };
        order.progress.is_announced = true;
        let listing = order.listing;
        if order.progress.is_idle {
            order.status = BrokerStatus::Inactive;
            self.say_state(place, events);
            return;
        }
        let moment = self.moment(listing);
        self.follow(place, &moment);
        self.say_state(place, events);
        if self.is_warned(place, events) {
            return;
        }
        let is_at_work = self.is_at_work(place);
        let Some(order) = self.book.get_mut(place) else { return };
        if is_at_work && order.manner.lifetime != Lifetime::AtOpen {
            order.status = BrokerStatus::Submitted;
            self.say_state(place, events);
        }
    }

    /// Warns of a wish that means nothing and of a closed market. Returns whether it is closed.
    fn is_warned(&self, place: usize, events: &mut Vec<Event>) -> bool {
        let now = self.now().secs();
        let Some(order) = self.book.get(place) else { return true };
        let (client_id, order_id) = (order.client_id, order.order_id);
        let mut warn = |code, text| {
            let report = message(order_id, code, text);
            events.push(Event { client_id, said: Said::Message(report) });
        };
        if outside_is_ignored(order) {
            let text = "Order Event Warning:Attribute 'Outside Regular Trading Hours' is ignored based on the order type and destination. PlaceOrder is now being processed.";
            warn(2109, text.to_owned());
        }
        if order.manner.algo.as_ref().is_some_and(|algo| algo.is_moved) {
            warn(2111, "Algo start/end time moved to next session.".to_owned());
        }
        let limited = order.manner.kind.is_limited();
        let is_closed = !is_tradable(order.listing, limited, order.order.outside_rth, now);
        if is_closed {
            warn(399, closed_text(order, now));
        }
        is_closed
    }

    /// Pushes openOrder and orderStatus of this moment.
    pub(in crate::world) fn say_state(&self, place: usize, events: &mut Vec<Event>) {
        if let Some(order) = self.book.get(place) {
            let client_id = order.client_id;
            let open = Said::Open(Box::new(order.open_order()));
            events.push(Event { client_id, said: open });
            let status = Said::Status(Box::new(order.report()));
            events.push(Event { client_id, said: status });
        }
    }

    /// Cancels one order of a client.
    pub fn cancel(&mut self, client_id: ClientId, order_id: OrderId) -> Vec<Event> {
        let said = |report| vec![Event { client_id, said: Said::Message(report) }];
        let Some(place) = self.book.find(client_id, order_id) else {
            let text = format!("OrderId {order_id} that needs to be cancelled is not found.");
            return said(message(order_id, 10147, text));
        };
        match self.book.get(place) {
            Some(order) if order.is_live() && auctions::is_locked(order, self.now().secs()) => {
                return said(uncancellable(order));
            }
            Some(order) if order.is_live() => {}
            Some(order) => {
                let text = format!(
                    "OrderId {order_id} that needs to be cancelled cannot be cancelled, state: {}.",
                    order.status
                );
                return said(message(order_id, 10148, text));
            }
            None => return Vec::new(),
        }
        self.book.efficiency.n_cancelled += 1;
        let mut events = Vec::new();
        self.cancel_place(place, "Cancelled by Trader", &mut events);
        events
    }

    /// Cancels every live order of every client, as the real broker does; those that were over
    /// before get 161.
    pub fn cancel_all(&mut self) -> Vec<Event> {
        let mut events = self.say_uncancellable();
        for place in self.book.live_places() {
            self.cancel_place(place, "Cancelled by Trader", &mut events);
        }
        events
    }

    /// Ends a live order, and those that depend on it. `why` is the sentence of the order that is
    /// over.
    pub(in crate::world) fn cancel_place(
        &mut self,
        place: usize,
        why: &str,
        events: &mut Vec<Event>,
    ) {
        self.cancel_saying(place, (why, ""), events);
    }

    /// Ends a live order for a reason that its client hears in the cancellation.
    pub(in crate::world) fn end_place(
        &mut self,
        place: usize,
        reason: &str,
        events: &mut Vec<Event>,
    ) {
        self.cancel_saying(place, (&format!("Cancelled by System: {reason}"), reason), events);
    }

    fn cancel_saying(
        &mut self,
        place: usize,
        (why, reason): (&str, &str),
        events: &mut Vec<Event>,
    ) {
        let at = self.now();
        let Some(order) = self.book.get_mut(place).filter(|order| order.is_live()) else { return };
        let (client_id, order_id, transmitted) =
            (order.client_id, order.order_id, order.transmitted);
        if transmitted {
            order.status = BrokerStatus::PendingCancel;
            self.say_state(place, events);
        }
        let mut say = |said| events.push(Event { client_id, said });
        let ended = Ended { at, sentence: why.to_owned() };
        self.book.end(place, BrokerStatus::Cancelled, ended);
        if let Some(order) = self.book.get(place) {
            say(Said::Status(Box::new(order.report())));
            let text = format!("Order Canceled - reason:{reason}");
            say(Said::Message(message(order_id, 202, text)));
        }
        self.end_of_parent(place, events);
    }
}
