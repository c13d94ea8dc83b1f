//! What a modify changes: how much may still fill, and whether it only takes risk away.
//!
//! It must never know limits. Called while a case is made, and by the controls that add orders up.

use gatehouse_types::{Intent, OrderKind, Price, Qty, Side};

use crate::{Lookup, View};

/// Returns what may still fill of the order once the intent is sent: all of a new order, the
/// larger of old and new for a modify, which the broker has not acknowledged.
///
/// A modify names the total quantity, so what has filled is taken off. While an earlier modify is
/// unacknowledged that is at most what has filled, never more.
pub(crate) fn may_still_fill(view: &View<'_>, intent: &Intent) -> Qty {
    match view.replaces {
        None => intent.quantity,
        Some((working, old)) => {
            let filled = old.quantity.saturating_sub(working.remaining);
            intent.quantity.saturating_sub(filled).max(working.remaining)
        }
    }
}

/// Returns whether the intent is a modify that asks for no more than the order it replaces: the
/// same order with no larger quantity and no more generous limit.
///
/// Refusing it would leave the riskier order at the broker, so the limits of entries do not reach
/// it.
pub(crate) fn only_softens(view: &View<'_>, intent: &Intent) -> bool {
    let (Some((working, old)), Lookup::Found(instrument)) = (view.replaces, view.instrument) else {
        return false;
    };
    let is_same_order = working.con_id == instrument.con_id
        && working.side == intent.side
        && old.side == intent.side
        && old.tif == intent.tif
        && old.outside_rth == intent.outside_rth;
    is_same_order && intent.quantity <= old.quantity && is_no_keener(intent.side, old, intent)
}

fn is_no_keener(side: Side, old: &Intent, new: &Intent) -> bool {
    match (&old.kind, &new.kind) {
        (OrderKind::Market, OrderKind::Market) => true,
        (OrderKind::Limit { limit: old }, OrderKind::Limit { limit: new }) => {
            gives_no_more(side, *old, *new)
        }
        (OrderKind::Stop { trigger: old }, OrderKind::Stop { trigger: new }) => {
            old.is_some() && old == new
        }
        (
            OrderKind::StopLimit { trigger: old_trigger, limit: old },
            OrderKind::StopLimit { trigger: new_trigger, limit: new },
        ) => old_trigger.is_some() && old_trigger == new_trigger && gives_no_more(side, *old, *new),
        (
            OrderKind::Market
            | OrderKind::Limit { .. }
            | OrderKind::Stop { .. }
            | OrderKind::StopLimit { .. }
            | OrderKind::Other { .. },
            _,
        ) => false,
    }
}

fn gives_no_more(side: Side, old: Option<Price>, new: Option<Price>) -> bool {
    match (old, new, side) {
        (Some(old), Some(new), Side::Buy) => new <= old,
        (Some(old), Some(new), Side::Sell) => new >= old,
        (None, _, _) | (_, None, _) => false,
    }
}
