//! Orders that a person places at the simulated Gateway itself: without a client's order id until
//! client 0 binds them.
//!
//! Sources: the broker's pages on modifying orders and on retrieving open orders. An order of a
//! person has order id 0; reqAllOpenOrders shows it to everybody; reqOpenOrders of client 0 binds
//! those that are open, reqAutoOpenOrders(true) those that come; a bound order has a negative id.
//! That the ids count down from −1, that nobody is told of an order before it is bound, and that new
//! ones are bound only while client 0 is connected, are assumptions. It must never know sessions or frames. Called by the server.

use gatehouse_tws::answer::{ErrorReport, OrderBound};
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{ClientId, Decimal, OrderId};

use super::book::{Event, Said};
use super::checks::{self, message};
use super::manner::Manner;
use crate::world::World;

/// The client that orders of a person belong to.
const MASTER: ClientId = ClientId::new(0);
/// The id of an order that no client has bound.
pub(in crate::world) const UNBOUND: OrderId = OrderId::new(0);

impl World {
    /// Takes an order that a person places at the Gateway. Its order id is not looked at.
    ///
    /// # Errors
    /// What the Gateway would show to the person.
    pub fn manual_order(&mut self, asked: PlaceOrder) -> Result<Vec<Event>, ErrorReport> {
        let mut asked = PlaceOrder { order_id: UNBOUND, attached: None, ..asked };
        asked.order.order_id = Some(UNBOUND.get());
        asked.order.parent_id = None;
        let intent = asked.intent().map_err(|error| message(UNBOUND, 321, error.to_string()))?;
        let listing = self.listing(UNBOUND.get(), &asked.contract)?;
        checks::order(&asked, &intent, self.account.id())?;
        let (asked, intent) = self.sized(asked, intent, listing)?;
        let manner = Manner::read(&asked, intent.side, listing, self.now().secs())?;
        self.check_shares(&intent, listing)?;
        self.check_margin(UNBOUND, &(&intent).into(), listing, Decimal::ZERO)?;
        let order = self.booked(MASTER, asked, &intent, manner, listing);
        let place = self.book.add_unbound(order);
        let mut events = Vec::new();
        if self.book.binds_new {
            self.bind(place, &mut events);
        }
        let warnings = self.hold_or_cap(place, &intent, listing);
        self.release(place, &mut events);
        events.extend(warnings);
        Ok(events)
    }

    /// Binds what a person places from now on, or stops doing so.
    pub fn bind_new_orders(&mut self, binds: bool) {
        self.book.binds_new = binds;
    }

    /// Binds every open order of a person to client 0.
    pub fn bind_open_orders(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        for place in self.book.live_places() {
            if self.book.get(place).is_some_and(|order| order.order_id == UNBOUND) {
                self.bind(place, &mut events);
            }
        }
        events
    }

    fn bind(&mut self, place: usize, events: &mut Vec<Event>) {
        let Some((order_id, perm_id)) = self.book.bind(place) else { return };
        let bound = OrderBound { perm_id, client_id: MASTER, order_id };
        events.push(Event { client_id: MASTER, said: Said::Bound(bound) });
    }
}
