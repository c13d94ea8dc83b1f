//! Live market data as messages.
//!
//! It must never know where prices come from. Called by the hub's requests and its beat.

mod depth;
mod entitlement;
mod generic;
mod generic_list;
mod lines;
mod second_bars;
mod speaker;
mod tick_by_tick;

pub(in crate::server) use depth::DepthLine;
pub(in crate::server) use lines::Line;
pub(in crate::server) use second_bars::SecondBars;
pub(in crate::server) use tick_by_tick::{Stream, StreamKey};
