//! When an order may trade, when it ends, and what its client hears while its market is closed.
//!
//! It must never know accounts or clients. Called by the order desk.

use gatehouse_types::{Intent, OrderKind, Tif};

use super::order::BookedOrder;
use crate::world::catalog::{Kind, Listing, hours};
use crate::world::time::wire_time;

/// Returns whether an order of this kind may fill at an instant. Outside regular hours stocks want
/// a limit and the client's word; futures want the word only; pairs have no such hours.
#[must_use]
pub(in crate::world) fn is_tradable(
    listing: &Listing,
    kind: &OrderKind,
    outside_rth: bool,
    secs: i64,
) -> bool {
    if hours::is_liquid(listing, secs) {
        return true;
    }
    let is_taken = match listing.kind {
        Kind::Stock => kind.limit().is_some(),
        Kind::Future { .. } => true,
        Kind::Option(_) | Kind::Cash => false,
    };
    outside_rth && is_taken && hours::is_open(listing, secs)
}

/// Returns whether the client's wish to trade outside regular hours means nothing for its order,
/// of which the broker warns (2109).
#[must_use]
pub(in crate::world) fn outside_is_ignored(order: &BookedOrder) -> bool {
    let is_taken = match order.listing.kind {
        Kind::Stock => order.kind.limit().is_some(),
        Kind::Future { .. } => true,
        Kind::Option(_) | Kind::Cash => false,
    };
    order.order.outside_rth && !is_taken
}

/// Returns when a DAY order ends: with the hours in which it can trade.
#[must_use]
pub(in crate::world) fn expiry(listing: &Listing, intent: &Intent, now: i64) -> Option<i64> {
    if intent.tif == Tif::GoodTillCancelled {
        return None;
    }
    Some(hours::next(listing, now, !intent.outside_rth).1)
}

/// Returns the warning that an order waits for its market (399).
#[must_use]
pub(in crate::world) fn closed_text(order: &BookedOrder, now: i64) -> String {
    let (opens, _) = hours::next(order.listing, now, !order.order.outside_rth);
    format!(
        "Order Message:\n{} {} {} {}\nWarning: Your order will not be placed at the exchange until {}.",
        order.side,
        order.quantity,
        order.listing.local_symbol(),
        order.listing.primary_exchange,
        wire_time(opens)
    )
}
