//! When an order may trade, when it ends, and what its client hears while its market is closed.
//!
//! It must never know accounts or clients. Called by the order desk.

use super::order::BookedOrder;
use crate::world::calendar::new_york;
use crate::world::catalog::{Kind, Listing, hours};

/// Returns whether an order may fill at an instant. Outside regular hours stocks want a limit and
/// the client's word; futures want the word only; pairs have no such hours.
#[must_use]
pub(in crate::world) fn is_tradable(
    listing: &Listing,
    is_limited: bool,
    outside_rth: bool,
    secs: i64,
) -> bool {
    if hours::is_liquid(listing, secs) {
        return true;
    }
    let is_taken = match listing.kind {
        Kind::Stock => is_limited,
        Kind::Future { .. } => true,
        Kind::Option(_)
        | Kind::Continuous { .. }
        | Kind::Cash
        | Kind::Index
        | Kind::Crypto
        | Kind::Bond(_)
        | Kind::Cfd
        | Kind::MutualFund
        | Kind::Combo(_) => false,
    };
    outside_rth && is_taken && hours::is_open(listing, secs)
}

/// Returns whether the client's wish to trade outside regular hours means nothing for its order,
/// of which the broker warns (2109).
#[must_use]
pub(in crate::world) fn outside_is_ignored(order: &BookedOrder) -> bool {
    let is_taken = match order.listing.kind {
        Kind::Stock => order.manner.kind.is_limited(),
        Kind::Future { .. } => true,
        Kind::Option(_)
        | Kind::Continuous { .. }
        | Kind::Cash
        | Kind::Index
        | Kind::Crypto
        | Kind::Bond(_)
        | Kind::Cfd
        | Kind::MutualFund
        | Kind::Combo(_) => false,
    };
    order.order.outside_rth && !is_taken
}

/// Returns the warning that an order waits for its market (399). Source: what a paper Gateway sends
/// at server version 225.
#[must_use]
pub(in crate::world) fn closed_text(order: &BookedOrder, now: i64) -> String {
    let (opens, _) = hours::next(order.listing, now, !order.order.outside_rth);
    let listing = order.listing;
    let venue = if listing.kind == Kind::Stock {
        format!("{}.{}", listing.primary_exchange, listing.trading_class())
    } else {
        listing.primary_exchange.to_owned()
    };
    format!(
        "Order Message:\n{} {} {} {venue}\nWarning: Your order will not be placed at the exchange until {} US/Eastern.",
        order.side,
        order.quantity.normalize(),
        listing.local_symbol(),
        new_york(opens).strftime("%Y-%m-%d %H:%M:%S")
    )
}
