//! What the Chart screen asks for: windows of bars, the ledger's marks among them, quotes and its own
//! book.

mod book;
mod columns;
mod marks;
mod orders;
mod picture;
mod quotes;
#[cfg(test)]
mod sample;
mod study;
mod trading;

use std::time::Duration;

pub(crate) use marks::{Wanted as WantedMarks, marks};
pub(crate) use orders::order_spans;
pub(crate) use quotes::{known, quotes, wanted};

/// How long the Gateway may take to name an instrument.
pub(crate) const NAMED_WITHIN: Duration = Duration::from_secs(5);
