//! Live market data as messages.
//!
//! It must never know where prices come from. Called by the hub's requests and its beat.

mod generic;
mod generic_list;
mod lines;
mod speaker;

pub(in crate::server) use lines::Line;
