//! Everything that the engine can cause. The driver carries effects out in their order.

use gatehouse_types::{BotConfig, BotName, ConId, Contract, Entry, EntrySeq, OrderId, Qty, Scope};

use crate::{Approved, CommandError, Done, OrderFrame, Ticket};

/// One thing to do.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "approvals are the common case and are moved once")]
pub enum Effect {
    /// Record; nothing waits for it.
    Append(Entry),
    /// Record, and keep the approval until `Release` or `Void`.
    RecordApproved {
        entry: Entry,
        approved: Approved<OrderFrame>,
    },
    /// The record is durable and the order still wanted: transmit it.
    Release(EntrySeq),
    /// Never transmit it; a released one that is not written yet comes back as `NotSent`.
    Void(EntrySeq),

    /// Forward a bot's cancel at once, as it came.
    ForwardCancel {
        bot: BotName,
        order_id: OrderId,
        body: Vec<u8>,
    },
    /// Encode and send a cancel of the bot's order at once.
    Cancel {
        bot: BotName,
        order_id: OrderId,
    },
    /// From here on, approvals of the scope with a lower count are not written.
    RaiseEpoch {
        scope: Scope,
        epoch: u64,
    },

    /// Answer the bot: error `code` for the order, nothing else.
    Answer {
        bot: BotName,
        order_id: OrderId,
        code: i32,
        text: String,
    },
    /// Tell the bot that an order ended before it was sent: orderStatus Cancelled, then error 202.
    AnswerCancelled {
        bot: BotName,
        order_id: OrderId,
        unfilled: Qty,
        text: String,
    },
    /// Answer a refused change: error 399, then the order's last openOrder and orderStatus again.
    AnswerChange {
        bot: BotName,
        order_id: OrderId,
        text: String,
    },
    /// Raise nextValidId on this bot's link to at least this.
    HighWater {
        bot: BotName,
        next: OrderId,
    },

    /// Listen for this bot, or move its port or client id.
    OpenDoor(BotConfig),
    CloseDoor(BotName),
    /// Open the bot's upstream link without the bot, so that its orders can be cancelled.
    Dial(BotName),

    /// Ask the desk for contract details.
    WantInstrument(Contract),
    /// Ask the desk for a live line.
    WantQuote(ConId),
    /// Ask the desk for a snapshot now.
    WantSnapshot,

    /// Answer a person.
    Reply {
        ticket: Ticket,
        result: Result<Done, CommandError>,
    },
}
