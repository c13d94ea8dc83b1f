//! How far an order has come at the simulated exchange.

use gatehouse_types::{Decimal, Price};

use crate::world::time::Step;

/// What the exchange and the broker's own engines remember of a live order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// When the broker took it.
    pub accepted: Step,
    /// When its client hears of it for the first time.
    pub answers_at: Step,
    pub is_announced: bool,
    /// When it began to work: in the market, with its trigger reached.
    pub began: Option<Step>,
    /// What the market had traded by then, for algorithms that follow the volume.
    pub volume_before: i64,
    pub conditions_met: bool,
    /// Put aside by its client, or as DTC at the end of its day.
    pub is_idle: bool,
    /// Its trigger was reached once, where twice is asked.
    pub seen_once: bool,
    /// The present stop of a trailing order.
    pub stop: Option<Price>,
    /// The limit that it took on by a trigger, a snap, a protection or a first fill.
    pub limit: Option<Price>,
    /// The benchmark's price against which a pegged price is made.
    pub reference: Option<Decimal>,
    pub is_adjusted: bool,
    /// Shares that stand in front of it.
    pub ahead: Option<Decimal>,
    /// Sold short, while the broker looks for shares to borrow.
    pub is_locating: bool,
    /// It stands for an instruction to the clearing house and never trades.
    pub is_instruction: bool,
    /// Where the broker caps a limit far through the market.
    pub cap: Option<Price>,
    /// When its auction is, in seconds.
    pub auction_at: Option<i64>,
}

impl Progress {
    /// Returns the state of an order that is only just there.
    #[must_use]
    pub fn new(accepted: Step) -> Self {
        Self {
            accepted,
            answers_at: accepted,
            is_announced: false,
            began: None,
            volume_before: 0,
            conditions_met: false,
            is_idle: false,
            seen_once: false,
            stop: None,
            limit: None,
            reference: None,
            is_adjusted: false,
            ahead: None,
            is_locating: false,
            is_instruction: false,
            cap: None,
            auction_at: None,
        }
    }
}
