//! Order ids: whether an intent is a new order, a change, or an id that may not be used; and the
//! mark below which ids are spent.

use gatehouse_types::{BotName, EntrySeq, OrderId, OrderStatus, Refusal};

use crate::{Effect, Engine};

/// The lowest id of an order. Lower ones are of manual orders and of messages about no order.
const FIRST: OrderId = OrderId::new(1);

/// What an order id of a bot stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Identity {
    New,
    /// A change of the live order of this entry.
    Change(EntrySeq),
    /// It may not be used. `is_live`: an order of that id may be at work.
    Refused {
        refusal: Refusal,
        is_live: bool,
    },
}

impl Engine {
    pub(crate) fn identify(&self, bot: &BotName, order_id: OrderId) -> Identity {
        let order = Self::order_ref(bot, order_id);
        if order_id < FIRST {
            let value = order_id.to_string();
            let refusal = Refusal::Senseless { field: "order id", value };
            return Identity::Refused { refusal, is_live: false };
        }
        let used = Refusal::OrderIdUsed { order_id: order_id.get() };
        if self.session.foreign_refs.contains(&order) {
            return Identity::Refused { refusal: used, is_live: true };
        }
        match self.book.find(&order) {
            None => Identity::New,
            Some(order) if order.status == OrderStatus::Unknown => {
                Identity::Refused { refusal: Refusal::FateUnknown, is_live: true }
            }
            Some(order) if order.is_live() => Identity::Change(order.entry),
            Some(_) => Identity::Refused { refusal: used, is_live: false },
        }
    }

    /// Returns whether an answer about this id must keep an order alive.
    pub(crate) fn is_live_id(&self, bot: &BotName, order_id: OrderId) -> bool {
        match self.identify(bot, order_id) {
            Identity::New => false,
            Identity::Change(_) => true,
            Identity::Refused { is_live, .. } => is_live,
        }
    }

    /// Tells the bot's link the mark, when there is one.
    pub(crate) fn tell_mark(&mut self, bot: &BotName) {
        let Some(next) = self.bots.get(bot).map(|bot| bot.mark) else { return };
        if next > OrderId::new(0) {
            self.push(Effect::HighWater { bot: bot.clone(), next });
        }
    }
}
