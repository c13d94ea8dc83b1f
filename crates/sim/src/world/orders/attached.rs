//! Orders that bring their exits with them: one message makes up to three orders.
//!
//! The message names ids only; the prices are those of the account's order presets. Sources: the
//! documentation of the Rust client, which knows from a live Gateway that `PRESET` is the only type
//! and that an order whose preset is missing is discarded with 10355. It must never know sessions
//! or frames. Called by the order desk.

use gatehouse_tws::answer::ErrorReport;
use gatehouse_tws::request::{AttachedOrders, PlaceOrder};
use gatehouse_types::{ClientId, Decimal, OrderId, Side};

use super::book::Event;
use super::checks::message;
use super::manner::Manner;
use super::offers::worse;
use super::order::BookedOrder;
use crate::world::World;
use crate::world::catalog::Listing;
use crate::world::market::price;

/// How far the exits of the preset lie from the order's price, in percent: the same for both (an
/// assumption: a real account has what its holder set).
const PRESET_PERCENT: i64 = 1;

const PRESET: &str = "PRESET";

impl World {
    /// Takes an order and the exits that it asks for, as a family that is transmitted as a whole.
    pub(super) fn take_with_exits(
        &mut self,
        client_id: ClientId,
        mut asked: PlaceOrder,
        all: &AttachedOrders,
        listing: &'static Listing,
    ) -> Result<Vec<Event>, ErrorReport> {
        let exits = self.exits(&asked, all, listing)?;
        let transmits = std::mem::take(&mut asked.order.transmit);
        asked.attached = None;
        let order_id = asked.order_id;
        let mut events = self.take_one(client_id, asked, listing)?;
        let entry = self.book.find(client_id, order_id).and_then(|place| self.book.get(place));
        if !entry.is_some_and(BookedOrder::is_live) {
            return Ok(events);
        }
        let last = exits.len().saturating_sub(1);
        for (index, mut exit) in exits.into_iter().enumerate() {
            exit.order.transmit = transmits && index == last;
            exit.order.parent_id = Some(order_id.get());
            events.extend(self.take_one(client_id, exit, listing)?);
        }
        Ok(events)
    }

    fn take_one(
        &mut self,
        client_id: ClientId,
        asked: PlaceOrder,
        listing: &'static Listing,
    ) -> Result<Vec<Event>, ErrorReport> {
        let order_id = asked.order_id;
        let intent = asked.intent().map_err(|error| message(order_id, 321, error.to_string()))?;
        let manner = Manner::read(&asked, intent.side, listing, self.now().secs())?;
        self.take(client_id, asked, &intent, manner, listing)
    }

    /// Returns the exits: stop-loss first, then profit-taker.
    fn exits(
        &mut self,
        asked: &PlaceOrder,
        all: &AttachedOrders,
        listing: &'static Listing,
    ) -> Result<Vec<PlaceOrder>, ErrorReport> {
        let refuse = |code, text: &str| Err(message(asked.order_id, code, text));
        let wanted = [
            (all.stop_loss_id, &all.stop_loss_type, "STP"),
            (all.profit_taker_id, &all.profit_taker_type, "LMT"),
        ];
        let mut exits = Vec::new();
        let mut after = asked.order_id;
        for (id, preset, kind) in wanted {
            let Some(id) = id.map(OrderId::new) else { continue };
            if preset != PRESET {
                let text =
                    "Error validating request.-'bN' : cause - Attached order type is not PRESET";
                return refuse(321, text);
            }
            if id <= after {
                return refuse(103, "Duplicate order id");
            }
            after = id;
            let Some(at) = self.exit_price(asked, kind, listing) else {
                return refuse(10355, "Attached order preset is not defined.");
            };
            exits.push(exit(asked, id, kind, at));
        }
        Ok(exits)
    }

    fn exit_price(
        &mut self,
        asked: &PlaceOrder,
        kind: &str,
        listing: &'static Listing,
    ) -> Option<Decimal> {
        let side = asked.order.side()?;
        let named = asked.order.lmt_price.filter(|limit| *limit > Decimal::ZERO);
        let mark = || self.snapshot(listing).mark_px().map(|px| price(px).value());
        let entry = named.or_else(mark)?;
        let away = entry * Decimal::from(PRESET_PERCENT) / Decimal::ONE_HUNDRED;
        // The profit lies where the entry would be worse, the loss on the other side.
        let toward = if kind == "LMT" { side } else { side.opposite() };
        let tick = listing.min_tick();
        Some(((worse(toward, entry, away) / tick).round() * tick).normalize())
    }
}

fn exit(asked: &PlaceOrder, id: OrderId, kind: &str, at: Decimal) -> PlaceOrder {
    let mut exit =
        PlaceOrder { order_id: id, contract: asked.contract.clone(), ..PlaceOrder::default() };
    let order = &mut exit.order;
    let action = match asked.order.side() {
        Some(Side::Buy) => "SELL",
        Some(Side::Sell) | None => "BUY",
    };
    action.clone_into(&mut order.action);
    kind.clone_into(&mut order.order_type);
    order.total_quantity = asked.order.total_quantity;
    order.tif.clone_from(&asked.order.tif);
    order.account.clone_from(&asked.order.account);
    order.order_ref.clone_from(&asked.order.order_ref);
    order.outside_rth = asked.order.outside_rth;
    if kind == "LMT" {
        order.lmt_price = Some(at);
    } else {
        order.aux_price = Some(at);
    }
    exit
}
