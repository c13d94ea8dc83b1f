//! The past as messages.
//!
//! It must never know where prices come from. Called by the hub's requests and its beat.

mod asked;
mod bars;
mod head;
mod ticks;

pub(in crate::server) use bars::{GrowingBar, wire_bar};
