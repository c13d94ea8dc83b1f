//! Cancels: they need no approval, wait for nothing, and pass in every state.

use gatehouse_types::{Actor, BotName, EntryKind, Intent, OrderId, OrderRef, Refusal};

use crate::outgoing::{Stage, Tell};
use crate::{Effect, Engine};

impl Engine {
    /// Takes a bot's cancel: an order that was not handed to the writer is taken back, anything
    /// else is forwarded as it came, known or not.
    pub(crate) fn cancel_by_bot(&mut self, bot: &BotName, order_id: OrderId, body: Vec<u8>) {
        self.note_churn(bot);
        let order = Self::order_ref(bot, order_id);
        let was_waiting = self.drop_waiting(bot, |intent| intent.order_id == order_id);
        let is_known = self.book.find(&order).is_some();
        if self.take_back(&order) || (was_waiting && !is_known) {
            return;
        }
        self.push(Effect::ForwardCancel { bot: bot.clone(), order_id, body: body.clone() });
        self.note_cancel_sent(&order);
        self.record(Actor::Bot(bot.clone()), EntryKind::CancelSent { order, frame: body });
    }

    /// Counts a change or a cancel of the bot.
    pub(crate) fn note_churn(&mut self, bot: &BotName) {
        let now = self.now.mono;
        if let Some(of_bot) = self.bots.get_mut(bot) {
            of_bot.churn.note(now);
        }
    }

    /// Takes a bot's global cancel: its own orders only, one by one.
    pub(crate) fn cancel_all_by_bot(&mut self, bot: &BotName) {
        self.drop_waiting(bot, |_| true);
        for _ in 0..self.book.live(Some(bot)).count() {
            self.note_churn(bot);
        }
        self.cancel_live(Some(bot), &Actor::Bot(bot.clone()));
    }

    /// Cancels every live order of one bot or of all. Returns how many.
    pub(crate) fn cancel_live(&mut self, bot: Option<&BotName>, actor: &Actor) -> usize {
        let live: Vec<OrderRef> = self.book.live(bot).map(|order| order.order.clone()).collect();
        for order in &live {
            self.cancel_order(order, actor);
        }
        live.len()
    }

    /// Cancels one order on behalf of somebody else than its bot.
    pub(crate) fn cancel_order(&mut self, order: &OrderRef, actor: &Actor) {
        if self.take_back(order) {
            return;
        }
        if self.send_cancel(order) {
            let kind = EntryKind::CancelSent { order: order.clone(), frame: Vec::new() };
            self.record(actor.clone(), kind);
        } else if let Some(entry) = self.book.find(order).map(|order| order.entry) {
            let is_first = self.book.get(entry).is_some_and(|it| it.cancel_wanted.is_none());
            if is_first {
                self.record(actor.clone(), EntryKind::CancelAsked { order: order.clone() });
            }
        }
    }

    /// Sends a cancel when there is a link, else asks for one. Writes no entry.
    pub(crate) fn send_cancel(&mut self, order: &OrderRef) -> bool {
        let OrderRef { bot, order_id } = order.clone();
        if self.bots.get(&bot).is_some_and(|it| it.is_link_up) {
            self.push(Effect::Cancel { bot, order_id });
            self.note_cancel_sent(order);
            return true;
        }
        self.push(Effect::Dial(bot));
        false
    }

    fn note_cancel_sent(&mut self, order: &OrderRef) {
        if let Some(entry) = self.book.find(order).map(|order| order.entry) {
            self.book.update(entry, |order| {
                order.is_cancel_sent = true;
                order.cancel_wanted = None;
            });
        }
    }

    /// Sends the cancels that waited for a bot's link.
    pub(crate) fn cancel_wanted(&mut self, bot: &BotName) {
        let wanted: Vec<_> = self
            .book
            .live(Some(bot))
            .filter_map(|order| Some((order.order.clone(), order.cancel_wanted.clone()?)))
            .collect();
        for (order, actor) in wanted {
            self.cancel_order(&order, &actor);
        }
    }

    /// Takes back what of an order awaits its record: the order with its changes, or the changes.
    /// Returns whether the order itself was taken back, so that nothing is left to cancel.
    fn take_back(&mut self, order: &OrderRef) -> bool {
        let waiting: Vec<_> = self
            .outgoing
            .iter()
            .filter(|(_, it)| &it.order == order && it.stage == Stage::AwaitsCommit)
            .map(|(entry, it)| (*entry, it.of == Some(*entry) || it.of.is_none()))
            .collect();
        let is_order = waiting.iter().any(|(_, is_order)| *is_order);
        for (entry, is_original) in waiting {
            let tell = if is_original { Tell::Cancelled } else { Tell::Nothing };
            self.withdraw(entry, Refusal::TakenBack, tell);
        }
        is_order
    }

    /// Drops those of a bot's orders that wait for data and are meant. Returns whether there was
    /// one.
    pub(crate) fn drop_waiting(
        &mut self,
        bot: &BotName,
        is_meant: impl Fn(&Intent) -> bool,
    ) -> bool {
        let Some(of_bot) = self.bots.get_mut(bot) else { return false };
        let (dropped, kept): (Vec<_>, Vec<_>) =
            std::mem::take(&mut of_bot.waiting).into_iter().partition(|it| is_meant(&it.intent));
        of_bot.waiting = kept.into();
        let was_waiting = !dropped.is_empty();
        for waiting in dropped {
            let id = waiting.intent.order_id;
            if !self.is_live_id(bot, id) {
                self.answer_cancelled(bot, id, waiting.intent.quantity);
            }
            let refusal = Refusal::TakenBack;
            let last = refusal.clone();
            let kind = EntryKind::NotJudged {
                bot: bot.clone(),
                order_id: Some(id),
                refusal,
                frame: waiting.body,
            };
            self.record_refusal(bot, last, kind);
        }
        was_waiting
    }
}
