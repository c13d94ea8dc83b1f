//! The order desk of the broker: takes, changes and cancels orders.
//!
//! It must never know sessions or frames. Called by the server through [`World`].

use gatehouse_tws::answer::{BrokerStatus, ErrorReport};
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{ClientId, Decimal, Intent, OrderId, OrderKind, Tif};

use super::book::{Event, Said};
use super::checks::{self, message};
use super::hours::{closed_text, expiry, is_tradable, outside_is_ignored};
use super::order::{BookedOrder, Ended, wire_contract};
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
        let checked = self.listing(intent.order_id.get(), &asked.contract).and_then(|listing| {
            checks::order(&asked, &intent, listing, &account).map(|()| listing)
        });
        let listing = match checked {
            Ok(listing) => listing,
            Err(report) => return said(report),
        };
        if intent.what_if {
            return self.answer_what_if(client_id, asked, &intent, listing);
        }
        let taken = match self.book.find(client_id, intent.order_id) {
            Some(place) => self.change(place, &asked, &intent, listing),
            None => self.take(client_id, asked, &intent, listing),
        };
        taken.unwrap_or_else(said)
    }

    fn take(
        &mut self,
        client_id: ClientId,
        asked: PlaceOrder,
        intent: &Intent,
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
        if let Some(refused) = self.drills.refuse_next() {
            return Err(message(order_id, refused.code, refused.text));
        }
        self.check_session(intent, listing)?;
        if parent.is_none() && asked.order.transmit {
            self.check_margin(intent.order_id, &intent.into(), listing, Decimal::ZERO)?;
        }
        let transmits = asked.order.transmit;
        let place = self.book.add(self.booked(client_id, asked, intent, listing));
        if !transmits {
            return Ok(Vec::new());
        }
        let mut events = Vec::new();
        self.release(place, &mut events);
        Ok(events)
    }

    /// An order that may not wait cannot be taken while its market is closed.
    fn check_session(&self, intent: &Intent, listing: &Listing) -> Result<(), ErrorReport> {
        let at_once = matches!(intent.tif, Tif::ImmediateOrCancel | Tif::FillOrKill);
        let open = is_tradable(listing, &intent.kind, intent.outside_rth, self.now().secs());
        if at_once && !open {
            let text = "Order rejected - reason:Exchange is closed.";
            return Err(message(intent.order_id, 201, text));
        }
        Ok(())
    }

    pub(in crate::world) fn booked(
        &self,
        client_id: ClientId,
        asked: PlaceOrder,
        intent: &Intent,
        listing: &'static Listing,
    ) -> BookedOrder {
        let mut order = asked.order;
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
            contract: wire_contract(listing, exchange),
            side: intent.side,
            kind: intent.kind.clone(),
            tif: intent.tif.clone(),
            quantity: intent.quantity.value(),
            filled: Decimal::ZERO,
            value: Decimal::ZERO,
            commission: Decimal::ZERO,
            last_fill: None,
            status: BrokerStatus::PreSubmitted,
            transmitted: false,
            waits_for_parent: order.parent_id.is_some_and(|parent| parent != 0),
            triggered: false,
            rested: false,
            expires: expiry(listing, intent, self.now().secs()),
            ended: None,
            order,
        }
    }

    /// Says that an order was accepted, and that it is held while the market is closed.
    pub(in crate::world) fn announce(&mut self, place: usize, events: &mut Vec<Event>) {
        self.say_state(place, events);
        let now = self.now().secs();
        let Some(order) = self.book.get_mut(place) else { return };
        let (client_id, order_id) = (order.client_id, order.order_id);
        let mut warn = |code, text| {
            let report = message(order_id, code, text);
            events.push(Event { client_id, said: Said::Message(report) });
        };
        if outside_is_ignored(order) {
            let text = "Order Event Warning:Attribute 'Outside Regular Trading Hours' is ignored based on the order type and destination. PlaceOrder is now being processed.";
            warn(2109, text.to_owned());
        }
        if !is_tradable(order.listing, &order.kind, order.order.outside_rth, now) {
            warn(399, closed_text(order, now));
            return;
        }
        let works = matches!(order.kind, OrderKind::Market | OrderKind::Limit { .. });
        if works && !order.waits_for_parent {
            order.status = BrokerStatus::Submitted;
            self.say_state(place, events);
        }
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

    fn change(
        &mut self,
        place: usize,
        asked: &PlaceOrder,
        intent: &Intent,
        listing: &'static Listing,
    ) -> Result<Vec<Event>, ErrorReport> {
        self.check_change(place, asked, intent, listing)?;
        let expires = expiry(listing, intent, self.now().secs());
        let Some(order) = self.book.get_mut(place) else { return Ok(Vec::new()) };
        let kept = order.order.clone();
        order.order = asked.order.clone();
        order.order.client_id = kept.client_id;
        order.order.order_id = kept.order_id;
        order.order.perm_id = kept.perm_id;
        order.order.parent_id = kept.parent_id;
        order.order.account = kept.account;
        if order.order.oca_group.is_empty() {
            order.order.oca_group = kept.oca_group;
            order.order.oca_type = kept.oca_type;
        }
        order.kind = intent.kind.clone();
        order.tif = intent.tif.clone();
        intent.tif.as_wire().clone_into(&mut order.order.tif);
        order.quantity = intent.quantity.value();
        order.expires = expires;
        order.rested = false;
        let mut events = Vec::new();
        if order.transmitted {
            order.order.transmit = true;
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
        listing: &'static Listing,
    ) -> Result<(), ErrorReport> {
        let order_id = intent.order_id;
        let refuse = |code, text: &str| Err(message(order_id, code, text));
        let Some(order) = self.book.get(place) else { return Ok(()) };
        if order.status == BrokerStatus::Filled {
            return refuse(104, "Cannot modify a filled order.");
        }
        if !order.is_live() {
            return refuse(103, "Duplicate order id");
        }
        if order.side != intent.side || order.listing.con_id() != listing.con_id() {
            return refuse(105, "Order being modified does not match original order");
        }
        let parent = asked.order.parent_id.filter(|parent| *parent != 0).map(OrderId::new);
        if parent.is_some() && parent != order.parent() {
            return refuse(10341, "Parent order Id cannot be changed.");
        }
        if intent.quantity.value() <= order.filled {
            return refuse(329, "Order modify failed. Cannot change below the filled size.");
        }
        let (already, is_child) = (order.remaining(), order.parent().is_some());
        if is_child || !order.transmitted {
            return Ok(());
        }
        self.check_margin(order_id, &intent.into(), listing, already).map_err(|report| {
            message(order_id, 329, format!("Order modify failed. {}", report.text))
        })
    }

    /// Cancels one order of a client.
    pub fn cancel(&mut self, client_id: ClientId, order_id: OrderId) -> Vec<Event> {
        let said = |report| vec![Event { client_id, said: Said::Message(report) }];
        let Some(place) = self.book.find(client_id, order_id) else {
            let text = format!("OrderId {order_id} that needs to be cancelled is not found.");
            return said(message(order_id, 10147, text));
        };
        match self.book.get(place) {
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
        let mut events = Vec::new();
        self.cancel_place(place, "Cancelled by Trader", &mut events);
        events
    }

    /// Cancels every live order of every client, as the real broker does.
    pub fn cancel_all(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        for place in self.book.live_places() {
            self.cancel_place(place, "Cancelled by Trader", &mut events);
        }
        events
    }

    /// Ends a live order, and those that depend on it.
    pub(in crate::world) fn cancel_place(
        &mut self,
        place: usize,
        why: &str,
        events: &mut Vec<Event>,
    ) {
        let at = self.now();
        let Some(order) = self.book.get_mut(place).filter(|order| order.is_live()) else { return };
        let (client_id, order_id, transmitted) =
            (order.client_id, order.order_id, order.transmitted);
        let mut say = |said| events.push(Event { client_id, said });
        if transmitted {
            order.status = BrokerStatus::PendingCancel;
            say(Said::Status(Box::new(order.report())));
        }
        let ended = Ended { at, sentence: why.to_owned() };
        self.book.end(place, BrokerStatus::Cancelled, ended);
        if let Some(order) = self.book.get(place) {
            say(Said::Status(Box::new(order.report())));
            say(Said::Message(message(order_id, 202, "Order Canceled - reason:")));
        }
        self.end_of_parent(place, events);
    }

    /// Returns whether an order of a listing could fill at this moment.
    pub(in crate::world) fn may_fill(&self, place: usize) -> bool {
        let now = self.now().secs();
        self.book.get(place).is_some_and(|order| {
            order.transmitted
                && !order.waits_for_parent
                && hours::is_open(order.listing, now)
                && is_tradable(order.listing, &order.kind, order.order.outside_rth, now)
        })
    }
}
