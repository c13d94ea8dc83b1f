//! What a person does in the Gateway's own window, as a drill.
//!
//! It must never judge an order; the order desk does. Part of the hub.

use gatehouse_types::{ClientId, OrderId};

use super::DrillFailed;
use crate::server::hub::Hub;
use crate::world::drill::{ManualCancel, ManualOrder};

impl Hub {
    /// Places an order without any client, as from a row of the window.
    pub(super) fn place_by_hand(&mut self, order: &ManualOrder) -> Result<(), DrillFailed> {
        let Some(asked) = order.as_placed() else {
            return Err(DrillFailed::new("An order is of one symbol.", "Name it."));
        };
        let events = self.world.manual_order(asked).map_err(|report| {
            let why = format!("The window says {}: {}", report.code, report.text);
            DrillFailed::new(why, "Change the order as it says.")
        })?;
        // An order that nobody has bound says nothing, and is there.
        self.has_changed = true;
        self.route(events);
        Ok(())
    }

    /// Cancels an order of a bot.
    pub(super) fn cancel_by_hand(&mut self, which: ManualCancel) -> Result<(), DrillFailed> {
        let named = which.client.zip(which.id);
        let named = named.map(|(client, id)| (ClientId::new(client), OrderId::new(id)));
        let Some((client_id, order_id)) = named.or_else(|| self.trouble.faults.last_placed())
        else {
            return Err(DrillFailed::new("No order was placed yet.", "Wait for one."));
        };
        let is_it = |(client, id)| client == client_id && id == order_id;
        if !self.world.open_orders().any(|order| is_it((order.client_id, order.order_id))) {
            let why = format!("Order {order_id} of client {client_id} is not open.");
            return Err(DrillFailed::new(why, "Name `client` and `id` of an order that is."));
        }
        let events = self.world.cancel(client_id, order_id);
        self.route(events);
        Ok(())
    }
}
