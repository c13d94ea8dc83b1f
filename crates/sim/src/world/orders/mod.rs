//! Orders as the broker treats them: taken, checked, held, matched, filled, ended.
//!
//! It must never know sessions or frames. Called by the server through [`World`](super::World).

mod adjusted;
pub mod algos;
mod attached;
mod auctions;
mod book;
mod change;
pub mod checks;
mod combos;
pub mod conditions;
mod desk;
mod efficiency;
mod exercise;
mod family;
mod fills;
mod hedge;
mod hours;
pub mod kind;
pub mod lifetime;
pub mod manner;
mod manual;
mod margin;
mod offers;
pub mod order;
mod precautions;
pub mod progress;
mod rejection;
mod resting;
mod scale;
mod settings;
mod sizes;
mod stamps;
mod tally;
pub mod triggers;
mod working;

pub use book::{Event, Executed, Said};
pub use efficiency::Efficiency;
pub use order::BookedOrder;
pub use settings::Fills;

pub(in crate::world) use book::{Book, Given, Venue};
pub(in crate::world) use exercise::Instruction;
pub(in crate::world) use fills::Taken;
