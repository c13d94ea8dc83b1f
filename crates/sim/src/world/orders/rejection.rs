//! Orders that the broker's servers reject, and orders that cannot be cancelled any more.
//!
//! What the Gateway finds wrong by itself (321, 110, 200, 434, …, and precautions) is said alone, and
//! the order never was. What the servers reject is an order that ends Inactive: openOrder and
//! orderStatus, then 201, then both once more. Sources: a capture of a Gateway at server version 225
//! (FOK where the exchange takes none) and issue 554 of ib_insync (margin), whose last messages are
//! the same. That the servers reject in this way for every reason of theirs, and that the id is used
//! up, are assumptions. It must never know sessions or frames. Called by the order desk.

use gatehouse_tws::answer::{BrokerStatus, ErrorReport};
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{ClientId, Decimal, Intent};

use super::book::{Event, Said};
use super::checks::message;
use super::manner::Manner;
use super::order::{BookedOrder, Ended};
use crate::world::World;
use crate::world::calendar::new_york;
use crate::world::catalog::Listing;

/// The code of what the servers reject.
pub(super) const REJECTED: i32 = 201;
/// For how long a Gateway remembers an order that was cancelled. In captures a global cancel gets
/// 161 for the order that was cancelled a moment before and for those that filled on the day, and
/// nothing for the many others; the length is an assumption.
const REMEMBERED_SECS: i64 = 5;

impl World {
    /// What the servers look at before they take a new order.
    ///
    /// # Errors
    /// Their rejection.
    pub(super) fn judge(
        &mut self,
        asked: &PlaceOrder,
        intent: &Intent,
        manner: &Manner,
        listing: &'static Listing,
    ) -> Result<(), ErrorReport> {
        self.check_shares(intent, listing)?;
        self.check_session(intent, manner, listing)?;
        let is_child = asked.order.parent_id.is_some_and(|parent| parent != 0);
        if is_child || !asked.order.transmit {
            return Ok(());
        }
        self.check_margin(intent.order_id, &intent.into(), listing, Decimal::ZERO)
    }

    /// Ends an order of the book that the servers reject, and says so.
    pub(super) fn reject(&mut self, place: usize, report: ErrorReport, events: &mut Vec<Event>) {
        let ended = Ended { at: self.now(), sentence: report.text.clone() };
        self.book.end(place, BrokerStatus::Inactive, ended);
        let Some(order) = self.book.get_mut(place) else { return };
        order.transmitted = true;
        let client_id = order.client_id;
        self.say_state(place, events);
        events.push(Event { client_id, said: Said::Message(report) });
        self.say_state(place, events);
    }

    /// Rejects a new order as the servers do; one that they could not even read is told alone.
    pub fn reject_new(
        &mut self,
        client_id: ClientId,
        asked: PlaceOrder,
        report: ErrorReport,
    ) -> Vec<Event> {
        let now = self.now().secs();
        let read = asked.intent().ok().and_then(|intent| {
            let listing = self.listing(asked.order_id.get(), &asked.contract).ok()?;
            let manner = Manner::read(&asked, intent.side, listing, now).ok()?;
            Some((intent, listing, manner))
        });
        let is_new = asked.order_id >= self.book.next_id(client_id);
        let Some((intent, listing, manner)) = read.filter(|_| is_new && report.code == REJECTED)
        else {
            return vec![Event { client_id, said: Said::Message(report) }];
        };
        let mut events = Vec::new();
        let place = self.book.add(self.booked(client_id, asked, &intent, manner, listing));
        self.reject(place, report, &mut events);
        events
    }

    /// Returns the answers of a global cancel to orders that are over: 161, each to its client.
    pub(super) fn say_uncancellable(&self) -> Vec<Event> {
        let now = self.now();
        let today = new_york(now.secs()).date();
        let is_remembered = |order: &&BookedOrder| {
            order.ended.as_ref().is_some_and(|ended| {
                let filled = order.status == BrokerStatus::Filled
                    && new_york(ended.at.secs()).date() == today;
                filled || now.secs() - ended.at.secs() <= REMEMBERED_SECS
            })
        };
        let told = |order: &BookedOrder| Event {
            client_id: order.client_id,
            said: Said::Message(uncancellable(order)),
        };
        self.book.orders().filter(is_remembered).map(told).collect()
    }
}

/// Returns the answer to a cancel that comes too late for the exchange.
pub(super) fn uncancellable(order: &BookedOrder) -> ErrorReport {
    let text = format!(
        "Cancel attempted when order is not in a cancellable state.  Order permId ={}",
        order.perm_id
    );
    message(order.order_id, 161, text)
}
