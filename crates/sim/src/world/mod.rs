//! The world behind the wire: calendar, instruments, market, orders, account.
//!
//! Pure and deterministic: it must never know a socket or the wall clock, and a tape folder is the
//! only file it reads. The same seed, times and requests give the same answers.

pub mod calendar;
pub mod catalog;
pub mod market;
pub mod tape;
