//! What a bot is told when Gatehouse answers itself. ASCII, at most 300 bytes: clients print it,
//! and some cut it.

use gatehouse_types::{BotName, OrderId, Qty, Refusal};

use crate::{Effect, Engine};

const TEXT_MAX: usize = 300;

/// The broker's own code for an order that is refused.
const REJECTED: i32 = 201;
/// The broker's own code for a request that is refused.
const NOT_VALID: i32 = 321;
/// The broker's own code for a remark on an order that lives on.
const CHANGE_FAILED: i32 = 399;
/// The id of a message that is about no order.
const NO_ORDER: OrderId = OrderId::new(-1);

/// Returns printable ASCII of bounded length.
fn plain(text: &str) -> String {
    let ascii = text.chars().map(|c| if c == ' ' || c.is_ascii_graphic() { c } else { '?' });
    ascii.take(TEXT_MAX).collect()
}

/// Returns what a bot hears for an order that is refused: the broker's own code for that, and the
/// sentence.
#[must_use]
pub fn rejection(bot: &BotName, refusal: &Refusal) -> (i32, String) {
    let rule = refusal.control();
    let text = format!("Order rejected - Gatehouse {rule}: {refusal} (bot {bot})");
    (REJECTED, plain(&text))
}

/// Returns what a bot hears for a change that is refused. The sentence begins with `Warning:`, for
/// clients keep an order alive then.
#[must_use]
pub fn unchanged(refusal: &Refusal) -> (i32, String) {
    let rule = refusal.control();
    let begin = "Warning: Gatehouse did not send this change; the order is unchanged.";
    (CHANGE_FAILED, plain(&format!("{begin} {rule}: {refusal}")))
}

impl Engine {
    pub(crate) fn answer_rejected(&mut self, bot: &BotName, order_id: OrderId, why: &Refusal) {
        let (code, text) = rejection(bot, why);
        self.answer(bot, order_id, code, text);
    }

    pub(crate) fn answer_unchanged(&mut self, bot: &BotName, order_id: OrderId, why: &Refusal) {
        let (_, text) = unchanged(why);
        self.push(Effect::AnswerChange { bot: bot.clone(), order_id, text });
    }

    pub(crate) fn answer_cancelled(&mut self, bot: &BotName, order_id: OrderId, unfilled: Qty) {
        let text = "Order Canceled - Gatehouse: it was taken back before it was sent".to_owned();
        self.push(Effect::AnswerCancelled { bot: bot.clone(), order_id, unfilled, text });
    }

    /// Refuses a message that is no order, or an order whose id could not be read.
    pub(crate) fn answer_message(&mut self, bot: &BotName, refusal: &Refusal) {
        let rule = refusal.control();
        let text = plain(&format!("Message refused - Gatehouse {rule}: {refusal} (bot {bot})"));
        self.answer(bot, NO_ORDER, NOT_VALID, text);
    }

    fn answer(&mut self, bot: &BotName, order_id: OrderId, code: i32, text: String) {
        self.push(Effect::Answer { bot: bot.clone(), order_id, code, text });
    }
}
