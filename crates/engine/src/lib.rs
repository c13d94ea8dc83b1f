//! The functional core: `Engine::step(now, input) -> effects`.
//!
//! It holds the order book, positions, bots, limits and halts, and decides everything; it must
//! never know a socket, a file, a clock, a thread or the window. The proxy's driver thread calls
//! it with one input at a time and carries the effects out in order.

mod alarms;
mod answer;
mod approved;
mod book;
mod books;
mod bots;
mod breakers;
mod cancel;
mod command;
mod commands;
mod config;
mod effect;
mod engine;
mod exits;
mod family;
mod flatten;
mod headroom;
mod ids;
mod input;
mod inputs;
mod judge;
mod kill;
mod limits;
mod market;
mod moves;
mod observe;
mod outgoing;
mod positions;
mod preview;
mod reconcile;
mod replay;
mod restore;
mod standing;
mod states;
mod status;
mod step;
mod transition;
mod world;

#[cfg(test)]
mod tests;

pub use alarms::OpenAlarm;
pub use answer::{rejection, unchanged};
pub use approved::{Approved, Epochs, OrderFrame};
pub use bots::Counters;
pub use command::{Command, CommandError, Done, Ticket};
pub use config::EngineConfig;
pub use effect::Effect;
pub use engine::Engine;
pub use flatten::{Close, FlattenPlan};
pub use gatehouse_risk::Figure;
pub use gatehouse_risk::{Gauge, Reading};
pub use input::{BrokerOrder, BrokerSnapshot, DeskNews, Input, LookupFailure};
pub use judge::cause;
pub use preview::Preview;
pub use replay::Replayer;
pub use standing::DayResult;
pub use status::{
    BookLine, BotStatus, ConnectionStatus, Headroom, KillOrderStatus, KillStatus, LedgerStatus,
    PositionStatus, ScheduledLimit, Status, WorkingStatus,
};
