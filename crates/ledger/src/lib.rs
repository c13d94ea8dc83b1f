//! Orders and audit entries in SQLite, hash-chained; the only writer.
//!
//! A restart reads it all, the window and the command line read pages of it, anyone can verify it
//! with a program of their own: `hash = sha256(previous hash ‖ seq as 8 bytes, big-endian ‖ stored
//! body bytes)`, the previous hash of entry 1 being 32 zero bytes. It must never know a socket, the
//! judgement or the window.
//!
//! [`open`] gives [`Opened::ReadWrite`] or a damaged ledger; [`Writer`] takes entries and gives
//! [`Recorded`] approvals; [`Reader`] reads.

mod body;
mod chain;
mod connection;
mod filter;
mod hash;
mod lock;
mod opened;
mod reader;
mod recorded;
mod writer;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod samples;

pub use body::{DecodeError, decode, encode};
pub use chain::{Broken, Head};
pub use filter::{Calendar, Filter, Order, Page, Span, kind_name, outcome_name};
pub use hash::EntryHash;
pub use lock::{LOCK_NAME, LockError};
pub use opened::{Damaged, FILE_NAME, FORMAT, Ledger, OpenError, Opened, open};
pub use reader::{ReadError, Reader, Replay, StoredEntry, Verification};
pub use recorded::Recorded;
pub use writer::{AppendError, Callbacks, CloseError, Committed, Failure, Writer};
