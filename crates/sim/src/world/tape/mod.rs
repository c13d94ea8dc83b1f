//! Tapes: prices that were, instead of the model's.
//!
//! US stocks, currency pairs and coins can be played, from LEAN's folders, from the history
//! database, and from tables with a description; whatever a row stands for, it ends up in minutes.
//! A stock's day is 04:00 to 20:00 in New York; all else goes around the clock, midnight to midnight
//! UTC, and only what lies in the instrument's own hours is seen. Called by the market.
//!
//! Real tapes have traps, all kept visible: minutes without a quote (the last one still stands),
//! minutes without a trade, a side that is zero (nobody there), quotes that touch or cross, and
//! rows outside of the day (dropped).

mod folder;
mod form;
mod lean;
mod minutes;
mod opening;
mod rows;
mod shelf;
mod span;
mod stored;
mod stretch;
mod table;
mod tick_rows;

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::calendar::Session;
use super::market::{Bar, Day};

pub use folder::{TapeFolder, TapeFolderError};
pub(in crate::world) use form::day_on;
pub use form::{Form, listing_of, name_of};
pub(in crate::world) use minutes::stand;
pub use opening::{OpenTapeError, open};
pub use rows::{TapeError, parse_day, parse_long};
pub use shelf::Shelf;
pub use span::{ends, starts};
pub use stored::{StoredTape, StoredTapeError};
pub use stretch::moment_within;
pub use table::{TableError, TableTape};
pub use tick_rows::parse_ticks;

/// Where a day of rows comes from.
///
/// The market asks for a day when somebody looks at it and keeps a bounded number of days, so a
/// source need not keep any. Names are those of [`name_of`]. Minutes in which nothing traded have no
/// trade, and a quote stands until the next.
pub trait TapeSource: Send {
    /// Returns the name of every instrument of which there is a tape.
    fn symbols(&self) -> Vec<String>;
    /// Returns the dates of an instrument that have minutes; empty when there are none.
    fn dates(&self, name: &str) -> BTreeSet<Date>;
    /// Returns whether any tape of an instrument exists.
    fn holds(&self, name: &str) -> bool;
    /// Returns a day, or `None` when there is no tape of it.
    fn day(&self, name: &str, session: &Session) -> Option<Day>;
    /// Returns the daily bars, oldest first; empty when there are none.
    fn daily(&self, name: &str) -> Vec<(Date, Bar)>;
}

#[cfg(test)]
mod tests;
