//! The past as messages.
//!
//! It must never know where prices come from. Called by the hub's requests and its beat.

mod bars;

pub(in crate::server) use bars::{GrowingBar, SecondBars};
