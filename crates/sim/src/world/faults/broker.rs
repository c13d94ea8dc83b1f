//! What drills change in the broker itself, as the server and the desk ask for it.
//!
//! It must never know sockets. Part of the world.

use gatehouse_tws::layout::WireContract;
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{ClientId, Decimal, OrderId};

use crate::world::World;
use crate::world::catalog::Listing;
use crate::world::drill::{Drill, HistoryFault, Missing, RefusedOrder, Served, Turn};

impl World {
    /// Takes up a drill or its end; what concerns the clients' connections is the server's.
    pub fn drill(&mut self, drill: &Drill, turn: Turn) {
        self.drills.apply(drill, turn);
    }

    /// Returns which data of an instrument clients may see.
    #[must_use]
    pub fn served(&self, listing: &Listing) -> Served {
        self.drills.served(listing)
    }

    /// Returns which subscription to an instrument the account does not have.
    #[must_use]
    pub fn missing(&self, listing: &Listing) -> Option<Missing> {
        self.drills.missing(listing)
    }

    /// Returns whether somebody else has the market data.
    #[must_use]
    pub fn is_competing(&self) -> bool {
        self.drills.is_competing()
    }

    /// Returns whether the broker cannot be reached.
    #[must_use]
    pub fn is_link_lost(&self) -> bool {
        self.drills.is_link_lost()
    }

    /// Returns what happens to the answer about past bars of an instrument.
    #[must_use]
    pub fn history_fault(&self, listing: &Listing) -> Option<HistoryFault> {
        self.drills.history(listing)
    }

    /// Gives a contract and its price step what a drill changed about them.
    pub fn bend_contract(
        &self,
        listing: &Listing,
        contract: &mut WireContract,
        min_tick: &mut Decimal,
    ) {
        let bent = self.drills.contract(listing);
        if bent.multiplier.is_some() {
            contract.multiplier = bent.multiplier;
        }
        *min_tick = bent.min_tick.unwrap_or(*min_tick);
    }

    /// Returns the answer to a new order, when a drill refuses it. A change of an order that the
    /// broker has is never refused.
    pub fn refuse(&mut self, client_id: ClientId, asked: &PlaceOrder) -> Option<RefusedOrder> {
        if asked.order.what_if || self.book.find(client_id, asked.order_id).is_some() {
            return None;
        }
        let listing = self.listing(asked.order_id.get(), &asked.contract).ok()?;
        self.drills.refuse(client_id, asked, listing)
    }

    /// Gives the account another name; positions and orders stay.
    pub fn rename_account(&mut self, id: &str) {
        self.account.rename(id);
    }

    /// Sets the order id that a client is told next. A lower one than it used makes the broker
    /// take those again that it has no order for.
    pub fn set_next_order_id(&mut self, client_id: ClientId, to: OrderId) {
        self.book.set_next_id(client_id, to);
    }
}
