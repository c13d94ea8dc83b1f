//! Real client libraries, straight at the simulator and through Gatehouse onto it, each with a day
//! of sixteen actions.
//!
//! The drivers (`python/`, `node/`, `drivers/`) say what a client saw in its own idiom. The judge
//! is outside: straight, what the simulator answered; through Gatehouse, the simulator's record
//! against the ledger, and the bytes on both sides.

mod client;
mod day;
mod driver;
mod equality;
mod frames;
mod matrix;
mod tap;

pub use client::{ACTIONS, CLIENTS, Client};
pub use day::{Day, Proof, Route, Setting, live};
pub use driver::{Cell, Task, drive};
pub use equality::{Compared, compare};
pub use matrix::{json, larger_part, live_all, straight, table, whole};
pub use tap::{Streams, Tap};
