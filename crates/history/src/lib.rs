//! Bars in a SQLite file of their own: sealed days in columns, the open day in rows, and which spans
//! are known.
//!
//! A cache: everything in it can be fetched again, so a damaged day counts as missing and a damaged
//! file is put aside. It must never know the ledger or an order. Everything here blocks the calling
//! thread. Called by the composition root and by the tapes of the simulator.

mod bars;
mod chunk;
mod connection;
mod coverage;
mod series;
mod store;

pub use bars::{Bar, Bars, NotHeld};
pub use chunk::Damage;
pub use coverage::Span;
pub use series::{Described, Instrument, SeriesId, SeriesKey};
pub use store::{Damaged, DaySummary, FILE_NAME, Read, Sealed, Store, StoreError};
