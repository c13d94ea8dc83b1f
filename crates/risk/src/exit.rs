//! Whether an order provably only takes risk away.
//!
//! Unknown is no: no position, no contract, a number that does not fit. It must never know limits.
//! Called for every judgement, and by whoever must tell protective orders from others.

use gatehouse_types::{Decimal, Intent, Side, SignedQty, exact};

use crate::change::may_still_fill;
use crate::tally::{Sides, Tally};
use crate::{Lookup, View};

/// Returns whether the intent is an exit: with every working order on its side filled, it shrinks
/// and never crosses both the account's position and the bot's own.
///
/// The account's position is held against the working orders of the whole account, the bot's own
/// against the bot's. A modify counts with the larger of old and new. A child counts with what
/// goes beyond its parent, and of a group that cancels itself the largest counts (see `family`).
#[must_use]
pub fn is_exit(view: &View<'_>, intent: &Intent) -> bool {
    is_exit_beside(&Tally::of(view, intent), view, intent)
}

/// As `is_exit`, for whoever has counted what works.
pub(crate) fn is_exit_beside(tally: &Tally, view: &View<'_>, intent: &Intent) -> bool {
    let (Lookup::Found(instrument), Some(account_position)) =
        (view.instrument, view.account_position)
    else {
        return false;
    };
    let order = may_still_fill(view, intent);
    if order.is_zero() || intent.quantity.is_zero() {
        return false;
    }
    let is_turned = view.replaces.is_some_and(|(working, old)| {
        working.con_id != instrument.con_id
            || working.side != intent.side
            || old.side != intent.side
    });
    if is_turned {
        return false;
    }
    let shrinks = |position: SignedQty, sides: &Sides| {
        let room = held_against(position, intent.side);
        sides.with_order.is_some_and(|leaving| !exact::is_above(leaving, room))
    };
    shrinks(account_position, &tally.account) && shrinks(view.bot_position, &tally.bot)
}

/// Returns how much of a position an order of this side can close: its size when the order goes
/// against it, else zero or less.
pub(crate) fn held_against(position: SignedQty, side: Side) -> Decimal {
    match side {
        Side::Buy => -position.value(),
        Side::Sell => position.value(),
    }
}
