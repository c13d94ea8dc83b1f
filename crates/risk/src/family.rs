//! What orders of one side can do together: children wait for their parent, and of a group that
//! cancels itself only one fills.
//!
//! | orders | count as |
//! |---|---|
//! | of one parent, with the same group | the largest of them |
//! | of one group with overfill protection (type 1 or 2) | the largest of them |
//! | all children of one parent | what goes beyond that which the parent may still fill |
//! | any other | their sum |
//!
//! A child fills only what its parent filled before, so that much of it closes what the parent
//! opens. Orders are tied only within one bot, one instrument and one side; a name that is used
//! twice ties nothing else. It must never know limits. Called by the exits and by the controls
//! that add orders up.

use std::collections::BTreeMap;

use gatehouse_types::{BotName, ConId, Decimal, Family, OrderId, Qty, Side};

use crate::View;
use crate::change::may_still_fill;
use gatehouse_types::Intent;

/// One order, as it counts among those of its side.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// `None` for an order that no bot of ours sent: nothing is known of its ties.
    pub bot: Option<&'a BotName>,
    pub family: &'a Family,
    /// What may still fill.
    pub quantity: Qty,
}

/// Group types by which the broker sends one member at a time, so that no two can fill.
const PROTECTED: [i32; 2] = [1, 2];

/// Names orders of which one at most fills in full.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Tie<'a> {
    Children { bot: &'a BotName, parent: OrderId, group: &'a str, oca_type: Option<i32> },
    Group { bot: &'a BotName, group: &'a str, oca_type: i32 },
}

/// Returns whether an order may hang together with others; one that does not counts as itself.
pub(crate) fn is_tied(family: &Family) -> bool {
    family.parent_id.is_some() || family.oca_type.is_some()
}

fn tie<'a>(part: &Part<'a>) -> Option<Tie<'a>> {
    let (bot, family) = (part.bot?, part.family);
    let group = family.oca_group.as_str();
    match (family.parent_id, family.oca_type) {
        (Some(parent), oca_type) => Some(Tie::Children { bot, parent, group, oca_type }),
        (None, Some(oca_type)) if !group.is_empty() && PROTECTED.contains(&oca_type) => {
            Some(Tie::Group { bot, group, oca_type })
        }
        (None, Some(_) | None) => None,
    }
}

/// Returns how much orders of one side in one instrument can fill at worst beyond what parents of
/// the other side open for them; `None` when the sum does not fit. `parent` says how much an order
/// of a bot on the other side may still fill at least, zero when it is not at work.
pub fn side_total<'a>(
    parts: impl Iterator<Item = Part<'a>>,
    parent: impl Fn(&BotName, OrderId) -> Qty,
) -> Option<Decimal> {
    let mut total = Decimal::ZERO;
    let mut ties: BTreeMap<Tie<'a>, Decimal> = BTreeMap::new();
    for part in parts {
        let quantity = part.quantity.value();
        match tie(&part) {
            Some(tie) => {
                let largest = ties.entry(tie).or_default();
                *largest = quantity.max(*largest);
            }
            None => total = total.checked_add(quantity)?,
        }
    }
    let mut children: BTreeMap<(&BotName, OrderId), Decimal> = BTreeMap::new();
    for (tie, largest) in ties {
        match tie {
            Tie::Children { bot, parent, .. } => {
                let sum = children.entry((bot, parent)).or_default();
                *sum = sum.checked_add(largest)?;
            }
            Tie::Group { .. } => total = total.checked_add(largest)?,
        }
    }
    for ((bot, id), sum) in children {
        let beyond = sum.checked_sub(parent(bot, id).value())?.max(Decimal::ZERO);
        total = total.checked_add(beyond)?;
    }
    Some(total)
}

/// Returns what can fill on one side of an instrument, of one bot or of the whole account, with
/// `added` among it; `None` when the sum does not fit. The order that a modify replaces is not
/// among it.
#[must_use]
pub fn side_quantity(
    view: &View<'_>,
    con_id: ConId,
    side: Side,
    owner: Option<&BotName>,
    added: Option<Part<'_>>,
) -> Option<Decimal> {
    let here = |wanted: Side| {
        view.working
            .iter()
            .filter(move |it| it.con_id == con_id && it.side == wanted && !it.status.is_finished())
    };
    let working = here(side)
        .map(|it| Part {
            bot: it.order.as_ref().map(|order| &order.bot),
            family: &it.family,
            quantity: it.remaining,
        })
        .filter(|part| owner.is_none_or(|bot| part.bot == Some(bot)));
    let parent = |bot: &BotName, id: OrderId| {
        here(side.opposite())
            .find(|it| it.order.as_ref().is_some_and(|it| &it.bot == bot && it.order_id == id))
            .map_or(Qty::ZERO, |it| it.remaining_least)
    };
    side_total(working.chain(added), parent)
}

/// Returns the intent as it counts among the orders of its side once it is sent.
pub(crate) fn part<'a>(view: &'a View<'_>, intent: &'a Intent) -> Part<'a> {
    let family = view.replaces.map_or(&intent.family, |(working, _)| &working.family);
    Part { bot: Some(view.bot), family, quantity: may_still_fill(view, intent) }
}
