//! Who is told of an alarm, when and how.
//!
//! [`telling`] decides and is pure: alarms and the time go in, what is told on which channels comes
//! out. [`desktop`] and [`webhook`] are the ways to a person outside the window; both block, so
//! each is driven by a thread of its own. The sound is the window's. It must never know the engine,
//! the proxy or the app, which calls it with every alarm that is durable in the ledger.

pub mod desktop;
pub mod telling;
pub mod webhook;
