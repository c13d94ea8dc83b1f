//! Bars in a SQLite file of their own: days, months or years in packed columns, and which spans are
//! known.
//!
//! A cache: everything in it can be fetched again, so bars that do not hold count as missing and a
//! damaged file is put aside. It must never know the ledger or an order. Everything here blocks the
//! calling thread. Called by the composition root and by the tapes of the simulator.

mod bar_size;
mod bars;
mod basis;
mod body;
mod connection;
mod coverage;
pub mod files;
mod merge;
pub mod pace;
mod packed;
pub mod plan;
mod script;
mod series;
mod shelf;
mod store;
mod window;

pub use bar_size::{BAR_SIZES, BarSize};
pub use bars::{Bar, Bars, NotHeld};
pub use basis::{Basis, basis, unchanged};
pub use body::Damage;
pub use coverage::Span;
pub use merge::Dated;
pub use series::{Described, Instrument, SeriesId, SeriesKey};
pub use shelf::NoTime;
pub use store::{
    Checked, ChunkSummary, Damaged, FILE_NAME, Fetched, GATEWAY, ImportKey, Imported, Kept,
    KnownSessions, NotedDamage, Pruned, Put, Read, Store, StoreError, StoredJob,
};
pub use window::{Columns, Start, Window};
