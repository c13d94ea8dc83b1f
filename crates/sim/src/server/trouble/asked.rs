//! Requests as drills see them: what waits for one happens before it is answered, and some are
//! answered by the drill.
//!
//! It must never know how a request is answered as usual. Part of the hub.

use gatehouse_tws::layout::WireContract;
use gatehouse_tws::request::{PlaceOrder, Request, RequestId};
use gatehouse_types::{ClientId, OrderId};

use super::notices::COMPETING;
use crate::server::hub::{Hub, SessionId};
use crate::world::drill::{HistoryFault, Occurrence};
use crate::world::faults::history_refusal;
use crate::world::orders::checks::message;

/// Says of a request what a drill has to know of it.
struct Asked<'a> {
    id: i32,
    contract: &'a WireContract,
    what: &'a str,
}

impl Hub {
    /// Notes what a client asks. Returns whether it is still to be answered: what waited for it may
    /// have been the client's end, and a drill may answer it.
    pub(in crate::server) fn note_request(
        &mut self,
        client_id: ClientId,
        session: SessionId,
        request: &Request,
    ) -> bool {
        let id = RequestId::from_wire(request.id());
        self.note(&Occurrence::Message(id.map_or("unknown", RequestId::name)));
        if let Request::PlaceOrder(asked) = request {
            self.note_order(client_id, asked.order_id);
            let is_there = self.clients.contains_key(&session);
            return is_there && !self.is_refused(client_id, asked);
        }
        if !self.clients.contains_key(&session) {
            return false;
        }
        if let Request::MarketData(asked) = request {
            self.wake_farms(false);
            self.tell_of_competition(session, asked.req_id.get());
        } else if let Request::RealTimeBars(asked) = request {
            self.wake_farms(false);
            self.tell_of_competition(session, asked.req_id.get());
        } else if let Request::HistoricalData(asked) = request {
            self.wake_farms(true);
            let (id, contract) = (asked.req_id.get(), &asked.contract);
            let asked = Asked { id, contract, what: &asked.what_to_show };
            return !self.is_history_spoilt(session, &asked);
        }
        true
    }

    /// Notes an order before the broker looks at it.
    fn note_order(&mut self, client_id: ClientId, order_id: OrderId) {
        self.trouble.faults.placed(client_id, order_id);
        self.note(&Occurrence::Order(client_id));
    }

    fn is_refused(&mut self, client_id: ClientId, asked: &PlaceOrder) -> bool {
        let Some(refused) = self.world.refuse(client_id, asked) else { return false };
        let report = message(asked.order_id, refused.code, refused.text);
        let events = self.world.reject_new(client_id, asked.clone(), report);
        self.route(events);
        true
    }

    /// The request is taken all the same: its line lives when the other session is over.
    fn tell_of_competition(&self, session: SessionId, req_id: i32) {
        if self.world.is_competing()
            && let Some(client) = self.clients.get(&session)
        {
            let (code, text) = COMPETING;
            client.complain(req_id, code, text);
        }
    }

    fn is_history_spoilt(&self, session: SessionId, asked: &Asked<'_>) -> bool {
        let Ok(listing) = self.world.listing(asked.id, asked.contract) else { return false };
        let Some(fault) = self.world.history_fault(listing) else { return false };
        let subject = format!("{}@{} {}", listing.symbol, asked.contract.exchange, asked.what);
        let refused = history_refusal(fault, &subject);
        if let Some((code, text)) = &refused
            && let Some(client) = self.clients.get(&session)
        {
            client.complain(asked.id, *code, text.as_str());
        }
        refused.is_some() || fault == HistoryFault::Silent
    }
}
