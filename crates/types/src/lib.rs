//! The vocabulary of Gatehouse: prices, quantities, money, ids, instruments, order intents,
//! verdicts, refusals, limits, trading states and ledger entries.
//!
//! It must never know a clock, a socket, a file, a database, a random number, serde or async:
//! every crate depends on it, and what it cannot do nobody does by accident. All amounts are
//! exact decimals; a binary float never enters.

mod alarm;
mod amount;
mod bot;
mod entry;
pub mod exact;
mod hours;
mod ids;
mod inputs;
mod instrument;
mod intent;
mod limits;
mod order;
mod refusal;
mod session;
mod state;
mod time;
mod verdict;

pub use alarm::Severity;
pub use amount::{AmountError, Currency, Money, Price, Qty, SignedQty};
pub use bot::{BotConfig, GatewayKind, Mode};
pub use entry::{Actor, Entry, EntryKind, KillOrder, LimitChange, Stamp};
pub use hours::{Hours, Span, TradingHours};
pub use ids::{
    AccountId, BotName, ClientId, ConId, EntrySeq, ExecId, IdError, OrderId, OrderRef, PermId,
};
pub use inputs::{Inputs, Seen, SeenInstrument, SeenMoney, SeenQuote};
pub use instrument::{Contract, DataType, Instrument, Quote, SecType};
pub use intent::{Family, Feature, Intent, OrderKind, Side, Tif};
pub use limits::{
    Layers, Limit, LimitId, LimitUnit, LimitValue, Limits, Names, ParseLimitError, Policy, Profile,
    ScopeRef, Stricter,
};
pub use order::{Execution, OrderStatus, WorkingOrder};
pub use refusal::{ControlId, Measure, Refusal};
pub use rust_decimal::Decimal;
pub use session::SessionPhase;
pub use state::{Scope, TradingState};
pub use time::{Known, Mono, Now, Utc};
pub use verdict::{Finding, Outcome, Verdict, Weight};
