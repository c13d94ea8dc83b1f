//! Starting a Gateway with a login helper, hearing what it says, and ending it.
//!
//! [`Places`] finds what is installed, [`LaunchSettings::plan`] makes a command of it, and
//! [`RunningGateway::start`] runs it and tells what happens. Java is run directly, without the
//! helper's start script: so secrets need no file that outlives their reading, and whether a
//! Gateway is started again is decided in one place, by the session. Whoever starts it again after
//! [`HelperEvent::Restarting`](crate::session::HelperEvent) gets a plan that uses the token it
//! left.
//!
//! The helper is a program of its own, installed by the person; nothing of it is part of this
//! crate. This room must never know the ledger, the engine or a bot.

mod command;
mod config;
mod ending;
mod error;
mod group;
mod handover;
mod identity;
mod install;
mod output;
mod plan;
mod properties;
mod running;
mod secret;
mod settings;
mod starter;
mod token;
mod words;

pub use command::free_port;
pub use ending::{Ending, HelperExit};
pub use error::LaunchError;
pub use handover::Means;
pub use identity::{LeftOver, ProcessIdentity, Usage};
pub use install::{Installation, Places};
pub use plan::{LaunchPlan, Occasion};
pub use running::{EndedBy, Patience, RunningGateway, Told};
pub use secret::{Credentials, Secret};
pub use settings::{ClockTime, Driver, HelperCommand, IbcSettings, LaunchSettings, Mode};
