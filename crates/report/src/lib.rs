//! The day report: what the ledger knows of one day or several, as one page to print or mail.
//!
//! [`read`] walks a ledger; [`Folding`], [`Report`] and [`page`] are pure and know neither a file
//! nor a clock. It must never judge, and never invent: what no entry holds is said to be missing.

mod calendar;
mod chart;
mod day;
mod page;
mod read;
mod report;
mod text;

pub use calendar::trading_day;
pub use chart::DrawError;
pub use day::{BotDay, Counts, Day, Event, Events, Refused, Said, Say};
pub use page::page;
pub use read::read;
pub use report::{Chain, Folding, Report, Wanted};
