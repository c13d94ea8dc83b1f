//! Pure judgement of an order intent: `evaluate(policy, view, intent, now) -> Verdict`.
//!
//! One file per control; every control is evaluated and every reason reported. It must never know
//! a clock, IO, randomness or a float, never act on what it finds, and has no way to be bypassed.
//! Called by the engine for new orders and modifies.

mod view;

pub use view::{Connection, Lookup, Recent, View};
