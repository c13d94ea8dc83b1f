//! Orders as the broker treats them: taken, checked, held, matched, filled, ended.
//!
//! It must never know sessions or frames. Called by the server through [`World`](super::World).

mod book;
pub mod checks;
mod desk;
mod family;
mod fills;
mod hours;
mod margin;
mod matching;
pub mod order;

pub use book::{Event, Executed, Said};
pub use order::BookedOrder;

pub(in crate::world) use book::Book;
pub(in crate::world) use fills::Taken;
