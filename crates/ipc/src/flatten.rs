//! Closing positions by hand: reviewed first, done after a confirmation outside the web view.

use serde::{Deserialize, Serialize};
use specta::Type;

/// One position and what closes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FlattenRow {
    pub symbol: String,
    /// Signed; of the scope that is asked about.
    pub held: String,
    /// Signed; of the whole account.
    pub held_by_account: String,
    /// `BUY` or `SELL`.
    pub side: String,
    pub quantity: String,
    /// Such as `LMT 661.08, IOC`: through the market, held by a collar.
    pub terms: String,
    pub limit: Option<String>,
    /// The price it is reckoned from, such as `662.14 bid`.
    pub reference: Option<String>,
    pub value: Option<String>,
    /// False when it cannot be closed now; the sentence says why.
    pub can_close: bool,
    pub sentence: String,
}

/// A working order that is cancelled first, so that nothing is closed twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FlattenCancel {
    pub bot: String,
    pub order_id: i32,
    pub symbol: String,
    /// Such as `SELL 10 SPY STP 656.40`.
    pub what: String,
}

/// What a flatten would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FlattenReview {
    /// Names exactly these positions and cancels; the act repeats it. Prices may move.
    pub token: String,
    pub scope: String,
    /// `Closes 3 positions worth about 43,938 USD, cancels 2 orders first`.
    pub sentence: String,
    pub rows: Vec<FlattenRow>,
    pub cancels: Vec<FlattenCancel>,
    pub currency: Option<String>,
    pub total_value: Option<String>,
    /// What the reader must know, such as that the kill switch stays on.
    pub notes: Vec<String>,
}

/// What a flatten did with one position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct FlattenDone {
    pub symbol: String,
    pub order_id: Option<i32>,
    pub is_sent: bool,
    pub sentence: String,
}
