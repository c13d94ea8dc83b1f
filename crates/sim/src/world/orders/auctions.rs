//! The opening and the closing auction: which orders take part, until when, and at what price.
//!
//! The price is that of the first trade of the session, or of the last one before its end; where
//! nothing traded, the middle of the quote. An auction fills an order as a whole (an assumption:
//! its volume is large against any order of a bot). Cut-offs are those of the exchanges' pages: two
//! minutes before the open; before the close five minutes on NASDAQ, ten elsewhere. It must never
//! know sessions or frames. Called by the order desk and the working of orders.

use gatehouse_tws::answer::{BrokerStatus, ErrorReport};
use gatehouse_types::{OrderId, Price};

use super::book::Event;
use super::checks::message;
use super::fills::Fill;
use super::kind::WorkKind;
use super::lifetime::Lifetime;
use super::manner::Manner;
use super::offers::is_within;
use super::order::BookedOrder;
use super::triggers::middle;
use crate::world::World;
use crate::world::catalog::{Listing, hours};
use crate::world::market::price;

const OPEN_CUT_OFF_SECS: i64 = 120;
const NASDAQ_CUT_OFF_SECS: i64 = 300;
const CUT_OFF_SECS: i64 = 600;

/// Returns when the auction of an order is, in seconds; `None` for what trades continuously.
#[must_use]
pub(super) fn auction_at(manner: &Manner, listing: &Listing, now: i64) -> Option<i64> {
    let (opens, closes) = hours::next(listing, now, true);
    if matches!(manner.kind, WorkKind::OnClose { .. }) {
        return Some(closes);
    }
    (manner.lifetime == Lifetime::AtOpen)
        .then(|| if opens > now { opens } else { hours::next(listing, closes, true).0 })
}

/// Refuses what comes after the cut-off of its auction.
///
/// # Errors
/// 201, in words of our own: no page says the broker's.
pub(super) fn check_cut_off(
    order_id: OrderId,
    manner: &Manner,
    listing: &Listing,
    now: i64,
) -> Result<(), ErrorReport> {
    let Some(at) = auction_at(manner, listing, now) else { return Ok(()) };
    if now < at - cut_off(manner, listing) {
        return Ok(());
    }
    let text = "Order rejected - reason:The cut-off time of the auction has passed.";
    Err(message(order_id, 201, text))
}

/// Returns whether the exchange no longer lets go of an order for its closing auction.
#[must_use]
pub(super) fn is_locked(order: &BookedOrder, now: i64) -> bool {
    let at = order.progress.auction_at.filter(|_| order.progress.began.is_some());
    at.is_some_and(|at| now >= at - cut_off(&order.manner, order.listing))
}

fn cut_off(manner: &Manner, listing: &Listing) -> i64 {
    if manner.lifetime == Lifetime::AtOpen {
        OPEN_CUT_OFF_SECS
    } else if listing.primary_exchange == "NASDAQ" {
        NASDAQ_CUT_OFF_SECS
    } else {
        CUT_OFF_SECS
    }
}

impl World {
    /// Lets an order take part in its auction when the time has come. Returns whether nothing else
    /// is to be done with it at this step.
    pub(super) fn auction(&mut self, place: usize, events: &mut Vec<Event>) -> bool {
        let Some(order) = self.book.get(place) else { return true };
        let Some(at) = order.progress.auction_at else { return false };
        if self.now().secs() < at {
            return order.manner.lifetime == Lifetime::AtOpen;
        }
        let takes_part = order.transmitted
            && !order.waits_for_parent
            && !order.progress.is_idle
            && (order.manner.conditions.is_empty() || order.progress.conditions_met);
        let (listing, side, remaining) = (order.listing, order.side, order.remaining());
        let (limit, at_open) = match &order.manner.kind {
            WorkKind::OnClose { limit } => (*limit, false),
            WorkKind::Limit { limit } => (Some(*limit), true),
            WorkKind::Market
            | WorkKind::Stop { .. }
            | WorkKind::Touched { .. }
            | WorkKind::Trail(_)
            | WorkKind::Protected
            | WorkKind::MarketToLimit
            | WorkKind::Pegged(_)
            | WorkKind::Snap(_) => (None, true),
        };
        let print = self.print(listing, if at_open { at } else { at - 1 });
        let fills = |at: &Price| {
            takes_part && limit.is_none_or(|limit| is_within(side, at.value(), limit.value()))
        };
        if let Some(print) = print.filter(fills) {
            if let Some(order) = self.book.get_mut(place)
                && order.status == BrokerStatus::PreSubmitted
            {
                order.status = BrokerStatus::Submitted;
                self.say_state(place, events);
            }
            let fill = Fill { shares: remaining, price: print, added_liquidity: false };
            self.fill(place, fill, events);
        } else {
            self.cancel_place(place, "Cancelled: not filled in the auction", events);
        }
        true
    }

    /// The price at which an auction trades.
    fn print(&mut self, listing: &'static Listing, secs: i64) -> Option<Price> {
        let moment = self.moment_at(listing, secs);
        moment.last.map(|last| price(last.px)).or_else(|| middle(&moment))
    }
}
