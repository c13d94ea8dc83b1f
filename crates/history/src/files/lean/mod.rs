//! LEAN's data folders, in and out.
//!
//! Files of a day lie in `MARKET/{minute,second}/symbol/yyyymmdd_{trade,quote}.zip`, those of hours
//! and days in `MARKET/{hour,daily}/symbol{,_trade,_quote}.zip`, and markets are `equity/usa`,
//! `forex/NAME` and `crypto/NAME`. Quotes are two series, `BID` and `ASK`, whose volumes are the
//! sizes; a side that is empty or zero has nobody in it. Source: the readmes of LEAN's folders.

mod export;
mod import;
mod layout;
mod rows;

pub use export::export_lean;
pub use import::{LeanReading, import_lean};
