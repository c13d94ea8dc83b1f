//! What instruments are, as messages.
//!
//! It must never know prices of the day. Called by the hub's requests.

mod calculations;
mod chains;
mod contracts;
mod details;
