//! Hedges: children without a size of their own, which the broker sizes by what their parent
//! filled.
//!
//! Source: the broker's page on hedging orders. A hedge names its parent, its type and, for a pair
//! or a beta, a ratio; its quantity is 0 in the message. A currency hedge (F) trades the value of
//! the parent's fill, a pair (P) its shares times the ratio, a beta hedge (B) its value times beta at
//! the child's price, a delta hedge (D) the shares that the filled options stand for by their delta in
//! the model that their quotes come from; anything but an option counts whole (an assumption).
//! hedgeMaxSize bounds all of them. A hedge is sized once, when its parent has filled: the real one
//! is sized again with every partial fill.
//! It must never know sessions or frames. Called by the family when a parent has filled.

use gatehouse_tws::answer::ErrorReport;
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{Decimal, Intent};

use super::book::Event;
use super::checks::message;
use crate::world::World;
use crate::world::catalog::Listing;

/// How a hedge is sized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hedge {
    Delta,
    Beta(Decimal),
    Currency,
    Pair(Decimal),
}

impl Hedge {
    fn read(kind: &str, param: &str) -> Option<Self> {
        let ratio = || Decimal::from_str_exact(param.trim()).ok();
        match kind {
            "D" => Some(Self::Delta),
            "B" => ratio().map(Self::Beta),
            "F" => Some(Self::Currency),
            "P" => ratio().map(Self::Pair),
            _ => None,
        }
    }
}

/// Returns whether an order is a hedge, which needs no size.
pub(super) fn is_hedge(asked: &PlaceOrder) -> bool {
    !asked.order.hedge_type.is_empty()
}

/// Checks what a hedge needs to be one.
///
/// # Errors
/// The message for the client.
pub(super) fn check(asked: &PlaceOrder, intent: &Intent) -> Result<(), ErrorReport> {
    if !is_hedge(asked) {
        return Ok(());
    }
    let cause = |text: &str| {
        let text = format!("Error validating request.-'bN' : cause - {text}");
        Err(message(intent.order_id, 321, text))
    };
    if intent.family.parent_id.is_none() {
        return cause("A hedge order must have a parent");
    }
    match Hedge::read(&asked.order.hedge_type, &asked.order.hedge_param) {
        Some(_) => Ok(()),
        None => cause("The hedge type or its parameter is invalid"),
    }
}

impl World {
    /// Returns by how much an instrument moves with its underlying, without the sign.
    fn delta(&mut self, listing: &'static Listing) -> Decimal {
        let picture = self.option_picture(listing, false);
        picture.map_or(Decimal::ONE, |picture| picture.model.delta.abs())
    }

    /// Gives a hedge its size, as its parent's fills ask for. A hedge of nothing is cancelled.
    /// Returns whether the order may go on.
    pub(super) fn size_hedge(&mut self, place: usize, events: &mut Vec<Event>) -> bool {
        let Some(order) = self.book.get(place) else { return false };
        let Some(hedge) = Hedge::read(&order.order.hedge_type, &order.order.hedge_param) else {
            return true;
        };
        let parent = order.parent().and_then(|id| self.book.find(order.client_id, id));
        let Some(parent) = parent.and_then(|place| self.book.get(place)) else { return true };
        let (filled, value) = (parent.filled, parent.value * parent.listing.multiplier());
        let stands_for = filled * parent.listing.multiplier();
        let (listing, most) = (order.listing, order.order.hedge_max_size);
        let hedged = parent.listing;
        let price = self.mark(listing).price.unwrap_or_default();
        let wanted = match hedge {
            Hedge::Delta => stands_for * self.delta(hedged),
            Hedge::Beta(beta) => (value * beta).checked_div(price).unwrap_or_default(),
            Hedge::Currency => value,
            Hedge::Pair(ratio) => filled * ratio,
        };
        let most = most.filter(|most| *most > 0).map_or(wanted, Decimal::from);
        let step = listing.size_step().max(Decimal::ONE);
        let size = ((wanted.abs().min(most) / step).floor() * step).normalize();
        if size.is_zero() {
            self.cancel_place(place, "Nothing to hedge", events);
            return false;
        }
        if let Some(order) = self.book.get_mut(place) {
            order.quantity = size;
            order.order.total_quantity = size;
        }
        true
    }
}
