//! What the judgement may know, gathered by the engine at one instant.

use gatehouse_types::{
    AccountId, BotName, ConId, Decimal, Instrument, Intent, Known, Mode, Money, Mono, OrderKind,
    Quote, Scope, Side, SignedQty, TradingState, WorkingOrder,
};

use crate::Standing;

/// What contract details say about the contract of an intent.
#[derive(Debug, Clone, Copy)]
pub enum Lookup<'a> {
    Found(&'a Instrument),
    /// The broker does not know it, or its details did not come in time.
    Unknown,
    /// The spelling fits several, or contradicts the conId it gives.
    Ambiguous,
}

/// How the Gateway is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    Ready,
    /// Why new risk cannot be judged, in words that follow "the Gateway is".
    NotReady(&'static str),
}

/// An order of this bot that was allowed, for the duplicate rule and the rates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    pub at: Mono,
    pub con_id: Option<ConId>,
    pub side: Side,
    pub kind: OrderKind,
    pub quantity: gatehouse_types::Qty,
    /// False for a modify: it counts in the rates and not as a duplicate.
    pub is_new: bool,
}

/// Changes and cancels of this bot, for the ceilings on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Churn {
    /// Changes allowed and cancels asked for in the second before now.
    pub last_second: u32,
    /// Changes allowed of the order that this intent changes; 0 for a new order.
    pub of_order: u32,
}

/// Everything at the instant of judgement. References only: building one copies no book.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    pub bot: &'a BotName,
    /// False when no such bot is registered.
    pub is_registered: bool,
    pub mode: Mode,
    /// The one account of this data directory; `None` until the Gateway named it.
    pub account: Option<&'a AccountId>,
    /// The strictest state of bot and account, and the scope that set it.
    pub state: (TradingState, &'a Scope),
    pub connection: Connection,
    pub ledger_writable: bool,
    pub instrument: Lookup<'a>,
    pub quote: Option<&'a Quote>,
    /// In the base currency.
    pub net_liquidation: Option<Known<Money>>,
    /// The account's position in the instrument; `None` until the broker said it.
    pub account_position: Option<SignedQty>,
    /// The bot's own position, from its fills.
    pub bot_position: SignedQty,
    /// Every order of the account that may still fill, approved and unsent ones included, in every
    /// instrument; without the one that this intent replaces.
    pub working: &'a [WorkingOrder],
    /// The order that a modify changes.
    pub replaces: Option<(&'a WorkingOrder, &'a Intent)>,
    /// Allowed orders of this bot in the last minutes, oldest first.
    pub recent: &'a [Recent],
    pub churn: Churn,
    /// Sums of the bot and of the account.
    pub standing: &'a Standing,
    /// New orders of this bot that were allowed on this trading day; `None` while the day is not
    /// known.
    pub orders_today: Option<u32>,
    /// Largest move of the price in the second before now, in percent; zero when it was quoted
    /// once only. `None` when it cannot be told.
    pub price_move: Option<Decimal>,
}
