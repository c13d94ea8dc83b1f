//! The functional core: `Engine::step(now, input) -> effects`.
//!
//! It holds the order book, positions, bots, limits and halts, and decides everything; it must
//! never know a socket, a file, a clock, a thread or the window. The proxy's driver thread calls
//! it with one input at a time and carries the effects out in order.

mod approved;
mod command;
mod effect;
mod input;

pub use approved::{Approved, Epochs, OrderFrame};
pub use command::{Command, CommandError, Done, Ticket};
pub use effect::Effect;
pub use input::{BrokerOrder, BrokerSnapshot, DeskNews, Input, LookupFailure};
