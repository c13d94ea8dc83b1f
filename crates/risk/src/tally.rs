//! What works beside an order, counted once for all controls.
//!
//! It must never know limits. Made with the case; read by the exits and the controls.

use gatehouse_types::{BotName, ConId, Decimal, Intent};

use crate::family::{is_tied, part, side_quantity};
use crate::{Lookup, View};

/// What works, by side and owner. A quantity is `None` when the sum does not fit.
pub(crate) struct Tally {
    /// Orders of the bot that work, in any instrument.
    pub(crate) n_of_bot: usize,
    /// Orders of anybody on the side of the order, in its instrument.
    pub(crate) n_on_side: usize,
    pub(crate) account: Sides,
    pub(crate) bot: Sides,
}

/// What can fill of the ordered instrument.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sides {
    /// On the side of the order, without it.
    pub(crate) same: Option<Decimal>,
    /// On the side of the order, this one among it.
    pub(crate) with_order: Option<Decimal>,
    pub(crate) opposite: Option<Decimal>,
}

impl Tally {
    /// Counts what works beside an order; of an instrument that is not known nothing does.
    pub(crate) fn of(view: &View<'_>, intent: &Intent) -> Self {
        let con_id = match view.instrument {
            Lookup::Found(instrument) => Some(instrument.con_id),
            Lookup::Unknown | Lookup::Ambiguous => None,
        };
        let added = part(view, intent);
        let nothing =
            Sides { same: Some(Decimal::ZERO), with_order: None, opposite: Some(Decimal::ZERO) };
        let mut tally = Self { n_of_bot: 0, n_on_side: 0, account: nothing, bot: nothing };
        let mut is_any_tied = is_tied(added.family);
        for order in view.working.iter().filter(|it| !it.status.is_finished()) {
            let is_own = order.order.as_ref().is_some_and(|it| &it.bot == view.bot);
            tally.n_of_bot += usize::from(is_own);
            if Some(order.con_id) != con_id {
                continue;
            }
            let is_same = order.side == intent.side;
            tally.n_on_side += usize::from(is_same);
            is_any_tied |= is_tied(&order.family);
            tally.account.count(is_same, order.remaining.value());
            if is_own {
                tally.bot.count(is_same, order.remaining.value());
            }
        }
        let order = added.quantity.value();
        for sides in [&mut tally.account, &mut tally.bot] {
            sides.with_order = sides.same.and_then(|same| same.checked_add(order));
        }
        if let Some(con_id) = con_id.filter(|_| is_any_tied) {
            tally.account = Sides::of_families(view, intent, con_id, None);
            tally.bot = Sides::of_families(view, intent, con_id, Some(view.bot));
        }
        tally
    }
}

impl Sides {
    fn count(&mut self, is_same: bool, quantity: Decimal) {
        let sum = if is_same { &mut self.same } else { &mut self.opposite };
        *sum = sum.and_then(|sum| sum.checked_add(quantity));
    }

    fn of_families(
        view: &View<'_>,
        intent: &Intent,
        con_id: ConId,
        owner: Option<&BotName>,
    ) -> Self {
        let (side, added) = (intent.side, part(view, intent));
        Self {
            same: side_quantity(view, con_id, side, owner, None),
            with_order: side_quantity(view, con_id, side, owner, Some(added)),
            opposite: side_quantity(view, con_id, side.opposite(), owner, None),
        }
    }
}
