//! How the connection was: round trips of the last minutes, and a timeline of the last month.
//!
//! Pure: instants are arguments. The timeline is read back from what the ledger holds, so it
//! survives a restart.

mod round_trips;
mod timeline;

pub use round_trips::{RoundTrips, Spread};
pub use timeline::{Condition, Fact, LANES, Lane, Span, Timeline};
