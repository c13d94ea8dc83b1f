//! Real client libraries through Gatehouse onto the simulator, each with a day of twelve actions.
//!
//! The drivers (`python/`, `node/`, `drivers/`) say what a client saw in its own idiom. The judge
//! is outside: the simulator's record against the ledger, and the bytes on both sides of Gatehouse.

mod client;
mod day;
mod driver;
mod equality;
mod frames;
mod matrix;
mod tap;

pub use client::{ACTIONS, CLIENTS, Client};
pub use day::{Day, Proof, Setting, live};
pub use driver::{Cell, Task, drive};
pub use equality::{Compared, compare};
pub use matrix::{json, larger_part, live_all, table, whole};
pub use tap::{Streams, Tap};
