//! Live market data as messages.
//!
//! It must never know where prices come from. Called by the hub's requests and its beat.

mod lines;

pub(in crate::server) use lines::Line;
