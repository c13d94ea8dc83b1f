//! What clients ask of the broker while the Gateway has no link to it.
//!
//! The Gateway keeps it and says nothing; it goes out in its order when the link is back, and is
//! answered then (an assumption: the broker's pages say only that orders that are at an exchange
//! go on working). It must never judge an order. Part of the hub.

use gatehouse_tws::request::{ExerciseOptions, PlaceOrder};
use gatehouse_types::{ClientId, OrderId};

use super::hub::Hub;

/// Something that waits for the link.
#[derive(Debug)]
pub(super) enum Held {
    Place(Box<PlaceOrder>),
    Cancel(OrderId),
    CancelAll,
    Exercise(Box<ExerciseOptions>),
}

impl Hub {
    /// Hands it to the broker, or keeps it while there is no link.
    pub(super) fn transmit(&mut self, client_id: ClientId, asked: Held) {
        if self.world.is_link_lost() {
            self.trouble.untransmitted.push((client_id, asked));
            return;
        }
        let events = match asked {
            Held::Place(asked) => self.world.place(client_id, *asked),
            Held::Cancel(order_id) => self.world.cancel(client_id, order_id),
            Held::CancelAll => self.world.cancel_all(),
            Held::Exercise(asked) => self.world.exercise(client_id, *asked),
        };
        // An order that waits to be transmitted says nothing, and is there.
        self.has_changed = true;
        self.route(events);
    }

    /// Hands over what waited for the link.
    pub(super) fn transmit_held(&mut self) {
        for (client_id, asked) in std::mem::take(&mut self.trouble.untransmitted) {
            self.transmit(client_id, asked);
        }
    }
}
