//! What the scenarios share: the programs as processes, and the two records that are compared.
//!
//! Nothing here knows the program from inside: a scenario sees what a stranger sees.

pub mod clients;
mod evidence;
mod gatehouse;
mod process;
mod puppet;
mod simulator;

pub use evidence::{Evidence, Received};
pub use gatehouse::{Gatehouse, cli};
pub use process::{Lines, bin, free_port, python};
pub use puppet::Puppet;
pub use simulator::Simulator;
