//! The temper of the Gateway: how many messages it takes, which farms it names, which zone it
//! lives in, and when it restarts.
//!
//! Pure: every time is told. It must never know a socket. The hub asks it.

mod absence;
mod farms;
mod pacing;
mod schedule;
mod zone;

use std::time::Duration;

pub(super) use absence::{Absence, Departure};
pub(super) use farms::{FarmWord, notice as farm_notice};
pub use farms::{Farms, FarmsError};
pub use pacing::PacingMode;
pub(super) use pacing::{Pacing, Verdict};
pub use schedule::{Closing, ClosingError};
pub use zone::{Zone, ZoneError};

/// What a Gateway is set to.
#[derive(Debug, Clone)]
pub struct Temper {
    pub pacing: PacingMode,
    /// Messages in a second of the clients' time: half the market-data lines.
    pub rate: u32,
    pub farms: Farms,
    pub zone: Zone,
    /// The nightly restart.
    pub restart_at: Option<Closing>,
    /// The weekly log-out.
    pub logout_at: Option<Closing>,
    /// How long nothing listens after either, of the market's time.
    pub away: Duration,
}

impl Default for Temper {
    /// A Gateway that lets everything pass and never sleeps.
    fn default() -> Self {
        Self {
            pacing: PacingMode::Off,
            rate: 50,
            farms: Farms::default(),
            zone: Zone::default(),
            restart_at: None,
            logout_at: None,
            away: Duration::from_secs(120),
        }
    }
}
